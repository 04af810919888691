//! The content of a page: operators that move and show text.

use std::rc::Rc;

use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization as _;

use super::font::Font;

/// Text that was shown in one go, left to right.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// The baseline, growing upwards.
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) text: String,
    /// Quarter turns of its direction, 0 for text that runs to the right.
    turn: u8,
}

/// The most text that is read of a document, and of one string.
const TEXT: usize = 16 << 20;
const STRING: usize = 64 << 10;

/// Forms within forms.
const DEEPEST: u8 = 8;

/// A gap within a string that parts words, in thousandths of the size; one that parts columns or cells.
const WORD_GAP: f32 = 180.0;
const CELL_GAP: f32 = 1500.0;

/// Reads the pages of a document, one after the other.
pub(super) struct Pages<'d> {
    document: &'d Document,
    fonts: FxHashMap<*const Dictionary, Rc<Font>>,
    /// Bytes of content that may still be unpacked.
    left: usize,
    /// Bytes of text that may still be read: a code may stand for several characters.
    text_left: usize,
}

/// Affine transformations, as PDF writes them.
type Matrix = [f32; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    /// Between characters, between words, and their scale.
    spacing: (f32, f32, f32),
    leading: f32,
    rise: f32,
}

struct Page {
    text_left: usize,
    pieces: Vec<Piece>,
    text: Matrix,
    line: Matrix,
    state: State,
    /// For each open part of marked content, whether it is no text of the page: headers and footers of tagged files.
    marked: Vec<bool>,
}

impl<'d> Pages<'d> {
    pub(super) fn new(document: &'d Document, limit: usize) -> Self {
        Pages { document, fonts: FxHashMap::default(), left: limit, text_left: TEXT }
    }

    /// True if no more may be unpacked.
    pub(super) fn is_spent(&self) -> bool {
        self.left == 0 || self.text_left == 0
    }

    /// The text of a page that most of it is turned to: notes along the margin are left out.
    pub(super) fn read(&mut self, page: ObjectId) -> Vec<Piece> {
        let content = self.document.get_page_content_with_limit(page, self.left);
        self.left = self.left.saturating_sub(content.as_ref().map_or(self.left, Vec::len));
        let state =
            State { matrix: IDENTITY, font: None, size: 1.0, spacing: (0.0, 0.0, 1.0), leading: 0.0, rise: 0.0 };
        let mut read = Page {
            text_left: self.text_left,
            pieces: Vec::new(),
            text: IDENTITY,
            line: IDENTITY,
            state,
            marked: Vec::new(),
        };
        let (own, inherited) = self.document.get_page_resources(page).unwrap_or_default();
        let resources: Vec<&Dictionary> =
            own.into_iter().chain(inherited.iter().filter_map(|id| self.document.get_dictionary(*id).ok())).collect();
        self.run(&content.unwrap_or_default(), &resources, &mut read, 0);
        self.text_left = read.text_left;
        upright(read.pieces)
    }

    fn run(&mut self, content: &[u8], resources: &[&'d Dictionary], page: &mut Page, depth: u8) {
        let mut saved: Vec<State> = Vec::new();
        for operation in Content::decode_iter(content) {
            let Ok(operation) = operation else { return };
            let operands = operation.operands.as_slice();
            let number = |at: usize| operands.get(at).and_then(|operand| operand.as_float().ok()).unwrap_or(0.0);
            let state = &mut page.state;
            match operation.operator.as_str() {
                "q" if saved.len() < 256 => saved.push(state.clone()),
                "Q" => *state = saved.pop().unwrap_or_else(|| state.clone()),
                "cm" => state.matrix = product(matrix(operands), state.matrix),
                "BT" => (page.text, page.line) = (IDENTITY, IDENTITY),
                "Tf" => {
                    state.size = number(1);
                    let name = operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
                    state.font = self.font(name, resources);
                }
                "Tc" => state.spacing.0 = number(0),
                "Tw" => state.spacing.1 = number(0),
                "Tz" => state.spacing.2 = number(0) / 100.0,
                "TL" => state.leading = number(0),
                "Ts" => state.rise = number(0),
                "Td" => page.step(number(0), number(1)),
                "TD" => {
                    state.leading = -number(1);
                    page.step(number(0), number(1));
                }
                "Tm" => (page.text, page.line) = (matrix(operands), matrix(operands)),
                "T*" => page.next_line(),
                "Tj" => page.show(operands),
                "'" => {
                    page.next_line();
                    page.show(operands);
                }
                "\"" => {
                    (state.spacing.1, state.spacing.0) = (number(0), number(1));
                    page.next_line();
                    page.show(operands.get(2..).unwrap_or_default());
                }
                "TJ" => page.show(operands.first().and_then(|list| list.as_array().ok()).map_or(&[], Vec::as_slice)),
                "BMC" | "BDC" if page.marked.len() < 256 => {
                    let kind = operands.first().and_then(|kind| kind.as_name().ok());
                    page.marked.push(kind == Some(b"Artifact"));
                }
                "EMC" => {
                    page.marked.pop();
                }
                "Do" if depth < DEEPEST => {
                    let name = operands.first().and_then(|name| name.as_name().ok()).unwrap_or_default();
                    self.form(name, resources, page, depth);
                }
                _ => {}
            }
        }
    }

    /// A form is content that is used by its name.
    fn form(&mut self, name: &[u8], resources: &[&'d Dictionary], page: &mut Page, depth: u8) {
        let document = self.document;
        let form = resources.iter().find_map(|own| {
            let forms = own.get_deref(b"XObject", document).ok()?.as_dict().ok()?;
            forms.get_deref(name, document).ok()?.as_stream().ok()
        });
        let Some(form) =
            form.filter(|form| form.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|k| k == b"Form"))
        else {
            return;
        };
        let content = form.get_plain_content_with_limit(self.left).unwrap_or_default();
        // Each use costs something, so that small ones cannot be used without end.
        self.left = self.left.saturating_sub(content.len() + 1024);
        let outer = page.state.clone();
        let inner = form.dict.get_deref(b"Matrix", document).and_then(Object::as_array);
        page.state.matrix = product(inner.map_or(IDENTITY, |inner| matrix(inner)), outer.matrix);
        let own = form.dict.get_deref(b"Resources", document).and_then(Object::as_dict).ok();
        let own: Vec<&Dictionary> = own.into_iter().chain(resources.iter().copied().take(4)).collect();
        self.run(&content, &own, page, depth + 1);
        page.state = outer;
    }

    fn font(&mut self, name: &[u8], resources: &[&'d Dictionary]) -> Option<Rc<Font>> {
        let document = self.document;
        let font = resources.iter().find_map(|own| {
            let fonts = own.get_deref(b"Font", document).ok()?.as_dict().ok()?;
            fonts.get_deref(name, document).ok()?.as_dict().ok()
        })?;
        let read = self.fonts.entry(std::ptr::from_ref(font)).or_insert_with(|| Rc::new(Font::read(document, font)));
        Some(Rc::clone(read))
    }
}

impl Page {
    fn step(&mut self, x: f32, y: f32) {
        self.line = product([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.text = self.line;
    }

    fn next_line(&mut self) {
        self.step(0.0, -self.state.leading);
    }

    /// Shows strings, with numbers between them that move what follows to the left.
    fn show(&mut self, strings: &[Object]) {
        let Some(font) = self.state.font.clone() else { return };
        let (size, (between, words, scale)) = (self.state.size, self.state.spacing);
        let mut piece: Option<Piece> = None;
        for string in strings {
            match string {
                Object::String(bytes, _) => font.glyphs(bytes, &mut |glyph| {
                    let text = glyph.text.chars().filter(|c| !c.is_control() && *c != '\u{fffd}').flat_map(letters);
                    let piece = piece.get_or_insert_with(|| self.begin());
                    if piece.text.len() < STRING {
                        piece.text.extend(text);
                    }
                    let space = if glyph.is_space { words } else { 0.0 };
                    self.text = product(
                        [1.0, 0.0, 0.0, 1.0, (glyph.width / 1000.0 * size + between + space) * scale, 0.0],
                        self.text,
                    );
                }),
                moved => {
                    let Ok(moved) = moved.as_float() else { continue };
                    if moved < -CELL_GAP {
                        self.end(piece.take());
                    } else if moved < -WORD_GAP
                        && let Some(piece) = &mut piece
                        && !piece.text.ends_with(' ')
                    {
                        piece.text.push(' ');
                    }
                    self.text = product([1.0, 0.0, 0.0, 1.0, -moved / 1000.0 * size * scale, 0.0], self.text);
                }
            }
        }
        self.end(piece);
    }

    /// Where text that is shown now begins.
    #[expect(clippy::many_single_char_names, reason = "as the format names them")]
    fn begin(&self) -> Piece {
        let [a, b, c, d, x, y] =
            product(product([1.0, 0.0, 0.0, 1.0, 0.0, self.state.rise], self.text), self.state.matrix);
        let size = self.state.size.abs() * c.hypot(d);
        let turn = match (a.abs() >= b.abs() * 4.0, b.abs() >= a.abs() * 4.0) {
            (true, _) => {
                if a > 0.0 {
                    0
                } else {
                    2
                }
            }
            (_, true) => {
                if b > 0.0 {
                    1
                } else {
                    3
                }
            }
            (false, false) => 4,
        };
        let (x0, y) = turned(x, y, turn);
        Piece { x0, x1: x0, y, size, text: String::new(), turn }
    }

    fn end(&mut self, piece: Option<Piece>) {
        let Some(mut piece) = piece else { return };
        let Piece { x0, .. } = self.begin();
        piece.x1 = x0.max(piece.x0);
        let is_sound = piece.x0.is_finite() && piece.x1.is_finite() && piece.y.is_finite() && piece.size.is_finite();
        if is_sound && !piece.text.is_empty() && piece.turn < 4 && !self.marked.contains(&true) {
            self.text_left = self.text_left.saturating_sub(piece.text.len());
            if self.text_left > 0 {
                self.pieces.push(piece);
            }
        }
    }
}

/// The letters that a ligature stands for, `fi` and the like: a word must be the same however it is set.
fn letters(c: char) -> impl Iterator<Item = char> {
    let is_ligature = matches!(c, '\u{fb00}'..='\u{fb06}' | '\u{fb13}'..='\u{fb17}');
    let letters = is_ligature.then(|| std::iter::once(c).nfkc());
    let other = (!is_ligature).then_some(c);
    letters.into_iter().flatten().chain(other)
}

/// Coordinates as they are for a reader who turns the page so that the text runs to the right.
fn turned(x: f32, y: f32, turn: u8) -> (f32, f32) {
    match turn {
        1 => (y, -x),
        2 => (-x, -y),
        3 => (-y, x),
        _ => (x, y),
    }
}

/// The pieces of the direction that has most of the text.
fn upright(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let length =
        |turn: u8| pieces.iter().filter(|piece| piece.turn == turn).map(|piece| piece.text.len()).sum::<usize>();
    let most = (0..4).rev().max_by_key(|turn| length(*turn)).unwrap_or(0);
    pieces.retain(|piece| piece.turn == most);
    pieces
}

fn matrix(operands: &[Object]) -> Matrix {
    let mut matrix = IDENTITY;
    for (own, operand) in matrix.iter_mut().zip(operands) {
        *own = operand.as_float().unwrap_or(*own);
    }
    matrix
}

/// What applies `first` and then `second`.
#[expect(clippy::many_single_char_names, reason = "as the format names them")]
fn product(first: Matrix, second: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [p, q, r, s, t, u] = second;
    [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u]
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Piece, letters};

    #[test]
    fn ligatures_are_their_letters() {
        let folded: String = "\u{fb01}ve o\u{fb00}ers, a \u{fb03}ve: ½ ﷺ".chars().flat_map(letters).collect();
        assert_eq!(folded, "five offers, a ffive: ½ ﷺ");
    }

    /// A piece of text of ten points.
    pub(in super::super) fn piece(x: f32, y: f32, text: &str) -> Piece {
        Piece { x0: x, x1: x + 5.0 * text.len() as f32, y, size: 10.0, text: text.to_owned(), turn: 0 }
    }
}
