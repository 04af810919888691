//! The terms of a text: words, quantities and acronyms laid on positions.

use super::fold::{fold, spelled_out};
use super::form::{implied, normal, word};
use super::irregular::other_reading;
use super::memo::{Key, Memo};
use super::piece::{Piece, PieceKind, cut, gap, has_separator, inner};
use super::quantity::{Quantities, Quantity, may_start_quantity};
use super::reading::{acronym as acronym_reading, may_have_reading, reading};
use super::role::{Role, role, stops};
use super::term::{BORDER, NORMAL, PART, Term, TermKind};
use crate::text::{Span, Text};

/// The terms of one text. Kept between texts, it allocates little.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    pieces: Vec<Piece>,
    letters: String,
    list: Vec<Entry>,
    positions: u32,
    memo: Option<Memo>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: TermKind,
    text: Span,
    position: u32,
    span: Span,
}

impl Terms {
    /// For many texts: words are remembered from one to the next. Gives the same terms, sooner.
    pub fn for_many() -> Self {
        Terms { memo: Some(Memo::default()), ..Terms::default() }
    }

    /// Reads `text` as running text.
    pub fn read(&mut self, text: &str) {
        self.read_sentences(text, borders(text));
    }

    /// Reads `text` as running text of which all sentences but the first start at these bytes.
    pub fn read_sentences(&mut self, text: &str, borders: impl IntoIterator<Item = u32>) {
        let pieces = self.start(text);
        let mut border = borders.into_iter().peekable();
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
            i += self.lay(text, &pieces, i);
            self.lay_stop(text, &pieces, i, border.peek().copied());
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
            if let Some(spelled) = spelled_out(span.of(text)) {
                self.push(TermKind::Plain, span, |out| out.push_str(&spelled));
            }
            self.positions += 1;
            rest = after;
        }
        self.pieces = pieces;
    }

    /// The terms that were read last, as a value of their own; what is remembered of words stays here.
    #[must_use]
    pub fn take(&mut self) -> Terms {
        Terms {
            letters: std::mem::take(&mut self.letters),
            list: std::mem::take(&mut self.list),
            positions: self.positions,
            ..Terms::default()
        }
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

    /// Lays the word, quantity or acronym that starts at piece `i` on the open position. Returns its number of pieces.
    fn lay(&mut self, text: &str, pieces: &[Piece], i: usize) -> usize {
        let rest = pieces.get(i..).unwrap_or(&[]);
        if let Some(&piece) = rest.first()
            && self.lay_known(text, piece)
        {
            return 1;
        }
        let letters = acronym(text, rest);
        if letters > 1 {
            self.lay_acronym(text, rest.get(..letters).unwrap_or(&[]));
            return letters;
        }
        if let Some(quantity) = (Quantities { text, pieces: rest }).at(0) {
            self.lay_quantity(text, rest.get(..quantity.pieces).unwrap_or(&[]), &quantity);
            return quantity.pieces;
        }
        if let Some(&piece) = rest.first() {
            self.lay_word(text, piece, reading(text, pieces, i).as_deref());
        }
        1
    }

    /// Lays a word as it was laid before, where that does not depend on its company, and says whether it did. A word that
    /// is met for the first time is remembered.
    fn lay_known(&mut self, text: &str, piece: Piece) -> bool {
        if piece.kind != PieceKind::Word {
            return false;
        }
        let Some(mut memo) = self.memo.take() else { return false };
        let word = piece.span.of(text);
        let laid = Key::of(word).is_some_and(|key| {
            let (list, letters) = (self.list.len(), self.letters.len());
            if let Some(known) = memo.find(key) {
                self.letters.push_str(known.letters());
                let mut start = letters;
                for (kind, end) in known.terms() {
                    let text = Span::new(start, letters + end);
                    self.list.push(Entry { kind, text, position: self.positions, span: piece.span });
                    start = letters + end;
                }
            } else if may_start_quantity(Piece { end: piece.span.end, ..piece }, text) || may_have_reading(word) {
                memo.depends(key);
            } else {
                self.lay_word(text, piece, None);
                let terms = self.list.get(list..).unwrap_or(&[]).iter();
                let terms = terms.map(|entry| (entry.kind, entry.text.end as usize - letters));
                memo.remember(key, self.letters.get(letters..).unwrap_or(""), terms);
            }
            self.list.len() > list
        });
        self.memo = Some(memo);
        laid
    }

    /// Lays a word as written and what it is read as: by its `reading` in this place, if it has one, else by itself.
    fn lay_word(&mut self, text: &str, piece: Piece, reading: Option<&str>) {
        let surface = self.list.len();
        self.push(TermKind::Surface, piece.span, |out| word(piece, text, out));
        let Some(written) = self.list.get(surface).map(|entry| entry.text) else { return };
        if reading.is_none()
            && let Some(other) = other_reading(written.of(&self.letters))
        {
            self.lay_normal(surface, piece.span, |out| out.push_str(other));
        }
        if let Some(spelled) = spelled_out(piece.span.of(text)) {
            self.push(TermKind::Normal, piece.span, |out| {
                out.push(NORMAL);
                out.push_str(&spelled);
            });
        }
        self.lay_normal(surface, piece.span, |out| match reading {
            Some(reading) => out.push_str(reading),
            None => normal(piece, text, out),
        });
        self.lay_parts(text, piece);
        // A word with a reading of its own is another word: `US`, `May`.
        if reading.is_none()
            && let Some(role) = role(written.of(&self.letters))
        {
            self.lay_role(role, piece.span);
        }
    }

    /// Marks the open position where punctuation or the end of a sentence comes between it and the piece at `next`.
    fn lay_stop(&mut self, text: &str, pieces: &[Piece], next: usize, border: Option<u32>) {
        let Some(&last) = next.checked_sub(1).and_then(|last| pieces.get(last)) else { return };
        let parted = pieces
            .get(next)
            .is_none_or(|&after| border.is_some_and(|at| at <= after.span.start) || stops(gap(text, last, after)));
        if parted {
            self.lay_role(Role::Stop, last.span);
        }
    }

    fn lay_role(&mut self, role: Role, span: Span) {
        let none = Span::new(self.letters.len(), self.letters.len());
        self.list.push(Entry { kind: TermKind::Role(role), text: none, position: self.positions, span });
    }

    /// Adds a normal form of the word at `surface` in the list.
    fn lay_normal(&mut self, surface: usize, span: Span, write: impl FnOnce(&mut String)) {
        let from = self.letters.len();
        self.letters.push(NORMAL);
        write(&mut self.letters);
        let Some(entry) = self.list.get_mut(surface) else { return };
        let written = entry.text.of(&self.letters);
        let form = self.letters.get(from + NORMAL.len_utf8()..).unwrap_or("");
        if form == written {
            entry.kind = TermKind::Plain;
            self.letters.truncate(from);
            return;
        }
        let kind = if implied(written, form) { TermKind::Implied } else { TermKind::Normal };
        let text = Span::new(from, self.letters.len());
        self.list.push(Entry { kind, text, position: self.positions, span });
    }

    fn lay_acronym(&mut self, text: &str, letters: &[Piece]) {
        if let [first, .., last] = letters {
            self.push(TermKind::Normal, first.span.cover(last.span), |out| {
                out.push(NORMAL);
                for piece in letters {
                    fold(piece.span.of(text), out);
                }
            });
            let own = self.list.last().map_or("", |entry| entry.text.of(&self.letters));
            if let Some(capital) = acronym_reading(own.trim_start_matches(NORMAL)) {
                self.push(TermKind::Normal, first.span.cover(last.span), |out| {
                    out.push(NORMAL);
                    out.push_str(capital);
                });
            }
        }
        for piece in letters {
            self.part(text, piece.span);
        }
    }

    fn lay_quantity(&mut self, text: &str, pieces: &[Piece], quantity: &Quantity) {
        let digits = pieces.first().filter(|piece| piece.kind == PieceKind::Digits && pieces.len() == 1);
        if let Some(&number) = digits {
            self.lay_word(text, number, None);
        } else {
            if let Some(value) = quantity.value {
                self.push(TermKind::Normal, quantity.span, |out| {
                    out.push(NORMAL);
                    value.write(out);
                });
            }
            for &piece in pieces {
                if !has_separator(piece, text) {
                    self.part(text, piece.span);
                }
                self.lay_parts(text, piece);
            }
        }
        for unit in quantity.unit.iter().flat_map(|units| units.split(' ')) {
            self.push(TermKind::Normal, quantity.span, |out| {
                out.push(NORMAL);
                out.push_str(unit);
            });
        }
        self.lay_role(Role::Modifier, quantity.span);
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

#[cfg(test)]
mod tests {
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
    fn numbers_are_values() {
        check("one hundred and twenty days", "120 day");
        check("130-day", "130 day");
        check("twenty twenty", "20 20");
        check("the 21st, twenty-first and 1st", "the 21th 21th and 1th");
        same(&["1.5 billion", "1.5bn", "1,500,000,000", "1500 million"]);
        check("two or three", "2 or 3");
        check("16.05.2025", "16 05.2025");
        check("a million people", "1000000 peopl+person");
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
        same(&["EUR1.5bn", "EUR 1.5bn", "€1.5bn", "1.5 billion euros"]);
        same(&["USD30", "$30"]);
        same(&["4.5pc growth", "4.5 percent growth"]);
        check("EURO96, the XEUR1", "euro96 the xeur1");
    }

    #[test]
    fn times_of_day_take_one_position() {
        same(&["at 10.30am", "at 10:30 a.m.", "at 10:30am", "at 10.30 am"]);
        check("at 10:30, 10:30 on", "at 10 30 10 30 on");
    }

    #[test]
    fn acronyms_and_apostrophes() {
        same(&["U.N. troops", "U.N. troop’s"]);
        check("U.S. troops, US troops, told us", "us+US troop US troop tell us");
        same(&["Rubio's plan", "Rubio’s plan", "Rubio plan"]);
        same(&["don't", "don’t"]);
        check("O'Brien's", "obrien");
        check("the 1990's and 1991's", "the 1990s and 1991");
        check("J. Ray", "j ray");
    }

    #[test]
    fn heat_and_cold_keep_their_scale_and_sign() {
        same(&["30 degrees Celsius", "30°C", "30 °C", "30C", "thirty degrees centigrade"]);
        same(&["minus 20 degrees", "-20 degrees", "−20°", "20 degrees below zero", "20 below zero"]);
        check("90 F and 20 degrees", "90 f and 20+degre");
        check("10 -15 degrees", "10 15+degre");
    }

    #[test]
    fn several_of_a_number_are_of_that_number() {
        same(&["F-16s", "F-16"]);
        same(&["under-21s", "under 21"]);
    }

    #[test]
    fn sentences_leave_a_gap() {
        check("It lasted 30 days. Ceasefire held.", "it last 30 day ¶ ceasefir hold");
        check("Mr. Ray left.", "mr ray left+leav");
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
}
