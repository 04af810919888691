//! Normal forms: what a text is searched by. The same mention gets the same terms, whatever way it was written.
//!
//! A text is cut into *pieces* at everything that is neither letter nor digit, and the pieces are laid on *positions*:
//!
//! - A word takes one position. A hyphen, a dash and a space part words alike: `30-day` and `30 day` are two positions.
//! - A quantity takes one position, however many words it is written with: `1.5 billion dollars`, `$1.5bn` and
//!   `1,500,000,000 dollars` hold the normal forms `1500000000` and `dollar` at one place. So does a dotted acronym.
//!   That is why `20 days` is never found in `120 days`, nor in `one hundred and twenty days`.
//! - Between two sentences one position is left for the *border*, so that no phrase crosses it.
//!
//! A position holds up to three sorts of term:
//!
//! | term | for | example: `ceasefires` | example: `$1.5 billion` |
//! |---|---|---|---|
//! | as it is | the word as written, folded | `ceasefires` | |
//! | `~…` | its normal form, where it is another; left out of the index where [`implied`] | `~ceasefir` | `~1500000000` `~dollar` |
//! | `=…` | pieces that went up in something larger | | `=1` `=5` `=billion` |
//!
//! So a word is found as written by `word` and `=word`, and in every form by what [`class`] gives and by the words of the
//! index whose normal form is [`implied`]: exactly, each way.
//!
//! What is cut into pieces depends only on the characters around a cut, never on the words: a literal string has the
//! same pieces wherever it stands. Exact searches rest on that law.

mod fold;
mod inflect;
mod number;
mod piece;
mod quantity;

use self::fold::fold;
use self::inflect::inflect;
use self::number::{Number, Numeral, numeral};
pub use self::piece::is_word;
use self::piece::{Piece, PieceKind, cut, gap, has_separator, inner};
use self::quantity::{Quantities, Quantity, digits, unit};
use super::{Span, Text};

/// The term of a border between two sentences.
pub const BORDER: &str = "¶";

/// What the term of a normal form starts with, where it is not the word as written.
pub const NORMAL: char = '~';

/// What the term of a part starts with.
pub const PART: char = '=';

/// What a term stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// A word as written, folded, that is its own normal form.
    Plain,
    /// A word as written, folded, whose normal form is another.
    Surface,
    /// A normal form, after [`NORMAL`]. Several at one position all hold.
    Normal,
    /// The normal form of the word before it, after [`NORMAL`], where the word implies it: no index needs to hold it.
    Implied,
    /// A piece that went up in a quantity, an acronym or a contraction, folded, after [`PART`].
    Part,
    /// The gap between two sentences.
    Border,
}

/// A term and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term<'a> {
    /// What it stands for.
    pub kind: TermKind,
    /// Its characters, as they are looked up.
    pub text: &'a str,
    /// Its position, from 0.
    pub position: u32,
    /// The bytes it was read from; the whole quantity for each of its normal forms. Without a possessive ending.
    pub span: Span,
}

impl<'a> Term<'a> {
    /// The normal form it gives its position, if it gives one.
    pub fn normal(&self) -> Option<&'a str> {
        match self.kind {
            TermKind::Plain => Some(self.text),
            TermKind::Normal | TermKind::Implied => self.text.strip_prefix(NORMAL),
            TermKind::Surface | TermKind::Part | TermKind::Border => None,
        }
    }
}

/// The terms of one text. Kept between texts, it allocates little.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    pieces: Vec<Piece>,
    letters: String,
    list: Vec<Entry>,
    positions: u32,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: TermKind,
    text: Span,
    position: u32,
    span: Span,
}

impl Terms {
    /// Reads `text` as running text.
    pub fn read(&mut self, text: &str) {
        let pieces = self.start(text);
        let borders = borders(text);
        let mut border = borders.iter().copied().peekable();
        let mut i = 0;
        while let Some(&piece) = pieces.get(i) {
            let mut crossed = None;
            while let Some(at) = border.next_if(|&at| at <= piece.span.start) {
                crossed = Some(at);
            }
            if let Some(at) = crossed.filter(|_| self.positions > 0) {
                self.push(TermKind::Border, Span { start: at, end: at }, |out| out.push_str(BORDER));
                self.positions += 1;
            }
            i += self.lay(text, pieces.get(i..).unwrap_or(&[]));
            self.positions += 1;
        }
        self.pieces = pieces;
    }

    /// Reads `text` as a name: words folded, neither numbers nor inflection touched (`Wood` is not `Woods`).
    pub fn read_name(&mut self, text: &str) {
        let pieces = self.start(text);
        let mut rest = pieces.as_slice();
        while let [first, ..] = rest {
            let letters = acronym(text, rest).max(1);
            let (name, after) = rest.split_at(letters);
            let span = name.last().map_or(first.span, |last| first.span.cover(last.span));
            self.push(TermKind::Plain, span, |out| name.iter().for_each(|&piece| word(piece, text, out)));
            self.positions += 1;
            rest = after;
        }
        self.pieces = pieces;
    }

    /// The terms in order of position.
    pub fn iter(&self) -> impl Iterator<Item = Term<'_>> {
        self.list.iter().map(|&e| self.term(e))
    }

    /// The term at `index` in order, if there are so many.
    pub fn get(&self, index: usize) -> Option<Term<'_>> {
        self.list.get(index).map(|&e| self.term(e))
    }

    /// Positions used, borders included.
    pub fn positions(&self) -> u32 {
        self.positions
    }

    fn term(&self, entry: Entry) -> Term<'_> {
        Term { kind: entry.kind, text: entry.text.of(&self.letters), position: entry.position, span: entry.span }
    }

    /// Empties everything and cuts `text` into pieces, which are given back at the end to be used again.
    fn start(&mut self, text: &str) -> Vec<Piece> {
        self.letters.clear();
        self.list.clear();
        self.positions = 0;
        let mut pieces = std::mem::take(&mut self.pieces);
        pieces.clear();
        cut(text, &mut pieces);
        pieces
    }

    /// Lays the word, quantity or acronym that `pieces` start with on the open position. Returns its number of pieces.
    fn lay(&mut self, text: &str, pieces: &[Piece]) -> usize {
        let letters = acronym(text, pieces);
        if letters > 1 {
            self.lay_acronym(text, pieces.get(..letters).unwrap_or(&[]));
            return letters;
        }
        if let Some(quantity) = (Quantities { text, pieces }).at(0) {
            self.lay_quantity(text, pieces.get(..quantity.pieces).unwrap_or(&[]), &quantity);
            return quantity.pieces;
        }
        if let Some(&piece) = pieces.first() {
            self.lay_word(text, piece);
        }
        1
    }

    fn lay_word(&mut self, text: &str, piece: Piece) {
        let surface = self.list.len();
        self.push(TermKind::Plain, piece.span, |out| word(piece, text, out));
        let written = self.letters.len();
        self.letters.push(NORMAL);
        normal(piece, text, &mut self.letters);
        let normal = Span::new(written, self.letters.len());
        if let Some(entry) = self.list.get_mut(surface) {
            let same = self.letters.get(written + NORMAL.len_utf8()..) == Some(entry.text.of(&self.letters));
            if same {
                self.letters.truncate(written);
            } else {
                entry.kind = TermKind::Surface;
                let form = self.letters.get(written + NORMAL.len_utf8()..).unwrap_or("");
                let implied = implied(entry.text.of(&self.letters), form);
                let kind = if implied { TermKind::Implied } else { TermKind::Normal };
                self.list.push(Entry { kind, text: normal, position: self.positions, span: piece.span });
            }
        }
        self.lay_parts(text, piece);
    }

    fn lay_acronym(&mut self, text: &str, letters: &[Piece]) {
        if let [first, .., last] = letters {
            self.push(TermKind::Normal, first.span.cover(last.span), |out| {
                out.push(NORMAL);
                for piece in letters {
                    fold(piece.span.of(text), out);
                }
            });
        }
        for piece in letters {
            self.part(text, piece.span);
        }
    }

    fn lay_quantity(&mut self, text: &str, pieces: &[Piece], quantity: &Quantity) {
        if let [number] = pieces {
            self.lay_word(text, *number);
        } else {
            self.push(TermKind::Normal, quantity.span, |out| {
                out.push(NORMAL);
                quantity.value.write(out);
            });
            for &piece in pieces {
                if !has_separator(piece, text) {
                    self.part(text, piece.span);
                }
                self.lay_parts(text, piece);
            }
        }
        if let Some(unit) = &quantity.unit {
            self.push(TermKind::Normal, quantity.span, |out| {
                out.push(NORMAL);
                out.push_str(unit);
            });
        }
    }

    /// Lays the parts of `1,000` and `don't`.
    fn lay_parts(&mut self, text: &str, piece: Piece) {
        if has_separator(piece, text) {
            for span in inner(piece, text) {
                self.part(text, span);
            }
        }
    }

    fn part(&mut self, text: &str, span: Span) {
        self.push(TermKind::Part, span, |out| {
            out.push(PART);
            fold(span.of(text), out);
        });
    }

    /// Appends the term that `write` writes, unless it is empty.
    fn push(&mut self, kind: TermKind, span: Span, write: impl FnOnce(&mut String)) {
        let from = self.letters.len();
        write(&mut self.letters);
        let text = Span::new(from, self.letters.len());
        if !text.is_empty() {
            self.list.push(Entry { kind, text, position: self.positions, span });
        }
    }
}

/// True if `word` can be found by its normal form without that being posted beside it: if it is among the few words that
/// start as [`head`] says.
fn implied(word: &str, normal: &str) -> bool {
    /// Regular endings are no longer: `stopping` of `stop`.
    const ENDING: usize = 5;
    let letters = word.bytes().all(|b| b.is_ascii_lowercase());
    letters && word.starts_with(head(normal)) && word.len() <= normal.len() + ENDING
}

/// How every word starts that implies the normal form `normal`: enough letters that few others start so, few enough
/// that what inflection does to the last ones does not matter.
pub fn head(normal: &str) -> &str {
    let end = normal.len().saturating_sub(1).clamp(3, 5);
    normal.get(..normal.floor_char_boundary(end)).unwrap_or(normal)
}

/// Calls `each` for every one of `words` that implies the normal form `normal`.
pub fn implying<'w>(normal: &str, words: impl Iterator<Item = &'w str>, mut each: impl FnMut(&'w str)) {
    let mut terms = Terms::default();
    for word in words.filter(|word| implied(word, normal)) {
        terms.read(word);
        let implies = |term: Term| term.kind == TermKind::Implied && term.normal() == Some(normal);
        // A word as it stands in the index is one position.
        if terms.positions() == 1 && terms.iter().any(implies) {
            each(word);
        }
    }
}

/// The terms by which every text that holds the normal form `normal` is found, but for the words that imply it, each of
/// them enough.
pub fn class(normal: &str) -> Vec<String> {
    let mut found = vec![format!("{NORMAL}{normal}")];
    let mut terms = Terms::default();
    terms.read(normal);
    // A word that is its own normal form was written without a mark.
    if terms.iter().next().is_some_and(|t| t.kind == TermKind::Plain && t.text == normal) {
        found.push(normal.to_owned());
    }
    found
}

/// The terms by which every text that holds `word` as written, but for case and diacritics, is found.
pub fn written(word: &str) -> [String; 2] {
    let mut folded = String::new();
    fold(word, &mut folded);
    let part = format!("{PART}{folded}");
    [folded, part]
}

/// What every text holding `literal` between word borders holds as well: of each pair, one term or the other.
/// Empty where there is nothing to go by: then every text must be looked at.
pub fn needed(literal: &str) -> Vec<[String; 2]> {
    let mut pieces = Vec::new();
    cut(literal, &mut pieces);
    let spans = pieces.iter().flat_map(|&piece| {
        if has_separator(piece, literal) { inner(piece, literal).collect() } else { vec![piece.span] }
    });
    // A lone `s` may be the end of a possessive, which leaves no term.
    spans.map(|span| span.of(literal)).filter(|word| !matches!(*word, "s" | "S")).map(written).collect()
}

/// True for a folded word that scales a number: `hundred`, `million`, `bn`. It stands for itself in `2 million people`.
pub fn is_scale(word: &str) -> bool {
    matches!(numeral(word), Some(Numeral::Scale(_)))
}

/// `word` in lower case, without diacritics.
pub fn folded(word: &str) -> String {
    let mut out = String::new();
    fold(word, &mut out);
    out
}

/// Where sentences but the first start, in bytes.
fn borders(text: &str) -> Vec<u32> {
    let whole = [Span::new(0, text.len())];
    Text::new(text, &whole).sentences.iter().skip(1).map(|s| s.span.start).collect()
}

/// How many pieces from the first on are single letters with a full stop between them.
fn acronym(text: &str, pieces: &[Piece]) -> usize {
    let single = |p: &Piece| p.kind == PieceKind::Word && p.span.len() == 1 && p.end == p.span.end;
    let mut count = 0;
    let mut before: Option<Piece> = None;
    for &piece in pieces.iter().take_while(|p| single(p)) {
        if before.is_some_and(|before| gap(text, before, piece) != ".") {
            break;
        }
        before = Some(piece);
        count += 1;
    }
    count
}

/// Appends the folded word, apostrophes left out.
fn word(piece: Piece, text: &str, out: &mut String) {
    if piece.kind == PieceKind::Contracted {
        inner(piece, text).for_each(|span| fold(span.of(text), out));
    } else {
        fold(piece.span.of(text), out);
    }
}

/// Appends the normal form of a piece that stands alone.
fn normal(piece: Piece, text: &str, out: &mut String) {
    if piece.kind == PieceKind::Digits
        && let Some(number) = digits(piece.span.of(text))
    {
        return number.write(out);
    }
    let from = out.len();
    word(piece, text, out);
    let folded = out.get(from..).unwrap_or("");
    let value = if piece.kind == PieceKind::Word { numeral(folded) } else { None };
    let replacement = match value {
        Some(Numeral::Count(n)) => Some(Number::whole(u128::from(n))),
        Some(Numeral::Rank(n)) => Some(Number::ordinal(u128::from(n))),
        Some(Numeral::Scale(power)) => Number::whole(1).times(power),
        None => None,
    };
    if let Some(number) = replacement {
        out.truncate(from);
        number.write(out);
    } else if let Some(unit) = unit(folded) {
        out.truncate(from);
        out.push_str(unit);
    } else {
        inflect(out, from);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Positions parted by spaces, terms of one position by `+`, parts left out.
    fn show(text: &str) -> String {
        let mut terms = Terms::default();
        terms.read(text);
        let mut out = String::new();
        let mut at = 0;
        for term in terms.iter() {
            let Some(normal) = term.normal().or((term.kind == TermKind::Border).then_some(BORDER)) else { continue };
            if !out.is_empty() {
                out.push(if term.position == at { '+' } else { ' ' });
            }
            at = term.position;
            out.push_str(normal);
        }
        out
    }

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(show(text), expect);
    }

    #[track_caller]
    fn same(texts: &[&str]) {
        for text in texts {
            assert_eq!(show(text), show(texts[0]), "{text} and {}", texts[0]);
        }
    }

    #[test]
    fn hyphens_part_words_as_spaces_do() {
        same(&[
            "30-day ceasefire",
            "30‑day ceasefire",
            "30 day ceasefires",
            "thirty-day ceasefire",
            "30 days’ Ceasefire",
        ]);
        check("cease-fire", "ceas fire");
    }

    #[test]
    fn regular_forms_are_implied() {
        let words = ["deal", "deals", "dealing", "dealers", "dealt", "dear"];
        let mut found = Vec::new();
        implying("deal", words.into_iter(), |word| found.push(word));
        assert_eq!(found, ["deals", "dealing", "dealt"]);
        assert_eq!((head("deal"), head("oil"), head("negoti"), head("é")), ("dea", "oil", "negot", "é"));
    }

    #[test]
    fn numbers_are_values() {
        check("one hundred and twenty days", "120 day");
        check("130-day", "130 day");
        check("twenty twenty", "20 20");
        check("the 21st, twenty-first and 1st", "the 21th 21th and 1th");
        same(&["1.5 billion", "1.5bn", "1,500,000,000", "1500 million"]);
        check("two or three", "2 or 3");
        check("16.05.2025", "16 05.2025");
        check("a million people", "1000000 peopl");
        same(&["half a million people", "half-million people", "500,000 people", "500 000 people", "0.5m people"]);
        check("half a day, 12 345 and 1 000 000", "half a day 12 345 and 1000000");
        check("the million", "the 1000000");
        check("30-second", "30 2th");
    }

    #[test]
    fn money_and_percent_take_one_position() {
        same(&[
            "$1.5bn",
            "1.5 billion dollars",
            "US$1.5 billion",
            "1.5 billion US dollars",
            "USD 1.5bn",
            "1.5 bln dlrs",
        ]);
        same(&["5 percent", "5%", "5 per cent", "five percent", "5 pct"]);
        same(&["€30", "30 euros", "30€", "30 €", "EUR 30"]);
        check("a $30 deal", "a 30+dollar deal");
        check("A$30 and 5 $30", "30+a$ and 5 30+dollar");
    }

    #[test]
    fn acronyms_and_apostrophes() {
        same(&["U.S. troops", "US troops"]);
        same(&["Rubio's plan", "Rubio’s plan", "Rubio plan"]);
        same(&["don't", "don’t"]);
        check("O'Brien's", "obrien");
        check("the 1990's", "the 1990");
        check("J. Ray", "j ray");
    }

    #[test]
    fn sentences_leave_a_gap() {
        check("It lasted 30 days. Ceasefire held.", "it last 30 day ¶ ceasefir hold");
        check("Mr. Ray left.", "mr ray left");
    }

    #[test]
    fn ideographs_stand_for_themselves() {
        check("停火协议 signed", "停 火 协 议 sign");
    }

    #[test]
    fn names_keep_their_form() {
        let mut terms = Terms::default();
        terms.read_name("J.D. Woods's O’Brien U.N. Five");
        let found: Vec<&str> = terms.iter().map(|t| t.text).collect();
        assert_eq!(found, ["jd", "woods", "obrien", "un", "five"]);
    }

    /// Texts rich in what the rules turn on.
    fn news() -> impl Strategy<Value = String> {
        let bit = prop_oneof![
            Just("one"),
            Just("hundred"),
            Just("thirty"),
            Just("five"),
            Just("million"),
            Just("and"),
            Just("a"),
            Just("1,234"),
            Just("567"),
            Just("1.5bn"),
            Just("0.5"),
            Just("$"),
            Just("US"),
            Just("%"),
            Just("per"),
            Just("cent"),
            Just("dollars"),
            Just("don't"),
            Just("Rubio’s"),
            Just("U"),
            Just("S"),
            Just("."),
            Just(","),
            Just("-"),
            Just(" "),
            Just(" "),
            Just(" "),
            Just(". "),
            Just("é"),
            Just("ceasefires"),
            Just("'"),
            Just("火")
        ];
        proptest::collection::vec(bit, 0..24).prop_map(|bits| bits.concat())
    }

    proptest! {
        #[test]
        fn spans_slice_the_text_and_positions_rise(text in prop_oneof![news(), "\\PC{0,80}"]) {
            let mut terms = Terms::default();
            terms.read(&text);
            let mut last = 0;
            for term in terms.iter() {
                prop_assert!(text.get(term.span.range()).is_some());
                prop_assert!(term.position >= last && term.position < terms.positions());
                last = term.position;
            }
        }

        #[test]
        fn words_imply_their_normal_forms(text in prop_oneof![news(), "[a-z’' -]{0,60}", "\\PC{0,80}"]) {
            let mut terms = Terms::default();
            terms.read(&text);
            let list: Vec<_> = terms.iter().collect();
            for pair in list.windows(2).filter(|pair| pair[1].kind == TermKind::Implied) {
                let (word, normal) = (pair[0].text, pair[1].normal().unwrap());
                let mut found = Vec::new();
                implying(normal, [word, "zeal"].into_iter(), |word| found.push(word));
                prop_assert_eq!(found, [word]);
            }
        }

        #[test]
        fn literals_leave_their_terms(text in news(), from in 0_usize..60, len in 1_usize..30) {
            let chars: Vec<char> = text.chars().collect();
            let Some(slice) = chars.get(from..(from + len).min(chars.len())) else { return Ok(()) };
            let outside = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_none_or(|c| !is_word(*c));
            let starts = !slice.first().is_some_and(|c| is_word(*c)) || outside(from.checked_sub(1));
            let ends = !slice.last().is_some_and(|c| is_word(*c)) || outside(Some(from + slice.len()));
            prop_assume!(starts && ends && !slice.contains(&'火'));
            let literal: String = slice.iter().collect();
            let mut terms = Terms::default();
            terms.read(&text);
            for pair in needed(&literal) {
                prop_assert!(
                    terms.iter().any(|t| pair.iter().any(|p| p == t.text)),
                    "{:?} in {:?} needs {:?}, has {:?}", literal, text, pair, terms.iter().map(|t| t.text).collect::<Vec<_>>()
                );
            }
        }
    }
}
