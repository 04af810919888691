//! Quotation marks: which tokens open and close a quotation, and which only look like it.
//!
//! Double marks of every sort pair by shape (`“ ”`, `« »`, `„ “`), straight ones (`"`, `''`) by the space around them.
//! A mark left open is shut at the end of its paragraph, if it can be believed at all. Single marks count only outside
//! double ones: `‘British’ 'quotations'`, as against apostrophes, feet and minutes.

use crate::language::english;
use crate::text::{Text, TokenKind, Unit, is_invisible};

/// Where a token is relative to quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub(super) enum MarkPosition {
    /// Outside.
    #[default]
    Outside = 1,
    /// Between the marks.
    Inside,
    /// The opening mark.
    Opens,
    /// The closing mark.
    Closes,
}

/// A stretch of text in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quoted {
    /// The opening mark.
    pub open: u32,
    /// The token after the last inside: the closing mark, or the one after the paragraph's last.
    pub close: u32,
    /// There is a closing mark.
    pub closed: bool,
}

impl Quoted {
    /// Its tokens, the marks with them.
    pub(super) fn tokens(self) -> std::ops::Range<usize> {
        self.open as usize..self.close as usize + usize::from(self.closed)
    }

    /// Its tokens without the marks.
    pub(super) fn inside(self) -> std::ops::Range<usize> {
        self.open as usize + 1..self.close as usize
    }
}

/// The quotation marks of a text.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Each token's place.
    pub positions: Vec<MarkPosition>,
    /// For each token, 1 + the index of the stretch it belongs to, marks included; 0 outside.
    pub stretch: Vec<u32>,
    /// All stretches in order; none overlap.
    pub quoted: Vec<Quoted>,
}

/// What a mark can do by its shape and surroundings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Opens,
    Closes,
    /// It closes what is open, else it opens.
    Toggles,
    /// `“` closes after `„`, else it opens.
    OpensOrClosesLow,
}

impl Marks {
    /// Finds the marks of `text` anew, reusing the room.
    pub(super) fn read(&mut self, text: &Text) {
        self.quoted.clear();
        for (number, paragraph) in text.paragraphs.iter().enumerate() {
            let from = self.quoted.len();
            pair_doubles(text, *paragraph, number, &mut self.quoted);
            pair_singles(text, *paragraph, number, from, &mut self.quoted);
            self.quoted[from..].sort_unstable_by_key(|q| q.open);
        }
        self.positions.clear();
        self.positions.resize(text.tokens.len(), MarkPosition::Outside);
        self.stretch.clear();
        self.stretch.resize(text.tokens.len(), 0);
        for (number, quoted) in self.quoted.iter().enumerate() {
            self.positions[quoted.inside()].fill(MarkPosition::Inside);
            self.positions[quoted.open as usize] = MarkPosition::Opens;
            if quoted.closed {
                self.positions[quoted.close as usize] = MarkPosition::Closes;
            }
            self.stretch[quoted.tokens()].fill(number as u32 + 1);
        }
    }
}

fn pair_doubles(text: &Text, paragraph: Unit, number: usize, out: &mut Vec<Quoted>) {
    let mut open: Option<usize> = None;
    for i in paragraph.tokens() {
        let Some(role) = double_role(text, i, open.is_some()) else { continue };
        let opens = match role {
            // `»so«` and `”so“`: what opened turned round is closed turned round.
            Role::Opens => open.is_none_or(|o| !is_turned(text.word(o))),
            Role::Closes => {
                let first = i == paragraph.first as usize;
                open.is_none() && is_turned(text.word(i)) && (first || stands_before_word(text, i))
            }
            Role::Toggles => open.is_none(),
            Role::OpensOrClosesLow => open.is_none_or(|o| text.word(o) != "„" && !is_turned(text.word(o))),
        };
        match (opens, open) {
            // An opening mark within an open quotation: the closing one was forgotten, unless it is a quotation in it.
            (true, Some(from)) if !nests(text, from, i) => {
                out.push(Quoted { open: from as u32, close: i as u32, closed: false });
                open = Some(i);
            }
            (true, Some(_)) | (false, None) => {}
            (true, None) => open = Some(i),
            (false, Some(from)) => {
                out.push(Quoted { open: from as u32, close: i as u32, closed: true });
                open = None;
            }
        }
    }
    let Some(from) = open else { return };
    let runs_on = text.paragraphs.get(number + 1).is_some_and(|next| opens_paragraph(text, *next));
    if from == paragraph.first as usize || runs_on || introduced(text, paragraph, from) {
        out.push(Quoted { open: from as u32, close: paragraph.end, closed: false });
    }
}

/// True for marks that close by their shape; where one opens, its like closes.
fn is_turned(mark: &str) -> bool {
    matches!(mark, "”" | "»")
}

/// True if the mark is at the start of a word, after a space or nothing.
fn stands_before_word(text: &Text, i: usize) -> bool {
    let (before, after) = around(text, i);
    before.is_none_or(char::is_whitespace) && after.is_some_and(char::is_alphanumeric)
}

/// A guillemet or low mark inside curly ones and the like is a quotation within the quotation.
fn nests(text: &Text, outer: usize, inner: usize) -> bool {
    text.word(outer) != text.word(inner)
}

/// True if the paragraph starts with an opening mark, as each paragraph of a running quotation does.
fn opens_paragraph(text: &Text, paragraph: Unit) -> bool {
    let first = paragraph.first as usize;
    paragraph.tokens().contains(&first) && double_role(text, first, false).is_some_and(|role| role != Role::Closes)
}

/// A comma, colon or dash before an opening mark vouches for it.
fn introduced(text: &Text, paragraph: Unit, i: usize) -> bool {
    i > paragraph.first as usize && matches!(text.word(i - 1), "," | ":" | "—" | "–")
}

fn double_role(text: &Text, i: usize, open: bool) -> Option<Role> {
    let token = text.tokens.get(i)?;
    if token.kind != TokenKind::Mark {
        return None;
    }
    match text.word(i) {
        "“" => Some(Role::OpensOrClosesLow),
        "‟" | "«" | "``" | "„" | "「" | "『" => Some(Role::Opens),
        "”" | "»" | "」" | "』" => Some(Role::Closes),
        "\"" | "''" | "″" | "＂" => straight_role(text, i, open),
        _ => None,
    }
}

fn straight_role(text: &Text, i: usize, open: bool) -> Option<Role> {
    let (before, after) = around(text, i);
    let opening = before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '—' | '–' | '-' | '\'' | '‘'));
    let closing = after.is_none_or(|c| {
        c.is_whitespace() || matches!(c, ')' | ']' | '.' | ',' | ';' | ':' | '?' | '!' | '—' | '–' | '-' | '\'' | '’')
    });
    match (opening, closing) {
        (true, false) => Some(Role::Opens),
        // Six feet two inches: a mark after a number closes a quotation, but is ignored if none is open.
        (false, _) if !open && before.is_some_and(|c| c.is_ascii_digit()) => None,
        (false, true) => Some(Role::Closes),
        _ => Some(Role::Toggles),
    }
}

/// The characters before and after token `i`.
fn around(text: &Text, i: usize) -> (Option<char>, Option<char>) {
    let span = text.tokens[i].span;
    let before = text.raw.get(..span.start as usize).and_then(|t| t.chars().rev().find(|&c| !is_invisible(c)));
    let after = text.raw.get(span.end as usize..).and_then(|t| t.chars().find(|&c| !is_invisible(c)));
    (before, after)
}

/// A single mark that may open or close a quotation.
#[derive(Debug, Clone, Copy)]
struct Single {
    token: usize,
    opens: bool,
    /// Stretches in double marks before it in its paragraph.
    doubles: usize,
}

/// Pairs single marks outside the stretches of double marks from number `from` on; a pair that closes after such
/// stretches takes them in: `‘They call it “progress”’`.
fn pair_singles(text: &Text, paragraph: Unit, number: usize, from: usize, out: &mut Vec<Quoted>) {
    let marks = single_marks(text, paragraph, &out[from..]);
    let mut open: Option<Single> = None;
    let mut taken: Vec<Quoted> = Vec::new();
    for (n, &mark) in marks.iter().enumerate() {
        match (mark.opens, open) {
            (true, _) => open = Some(mark),
            (false, Some(opening)) => {
                let another_close = marks.get(n + 1).is_some_and(|next| !next.opens);
                if another_close && is_plural_possessive(text, mark.token) {
                    continue;
                }
                let across = mark.doubles > opening.doubles;
                if across && !(text.word(opening.token) == "‘" && closes_surely(text, mark.token)) {
                    continue;
                }
                taken.push(Quoted { open: opening.token as u32, close: mark.token as u32, closed: true });
                open = None;
            }
            (false, None) => {}
        }
    }
    if let Some(opening) = open.filter(|opening| runs_on(text, paragraph, number, opening.token)) {
        taken.push(Quoted { open: opening.token as u32, close: paragraph.end, closed: false });
    }
    // A stretch inside a pair of single marks is not one of its own; both lists are in order.
    let mut singles = taken.iter().peekable();
    let mut kept = from;
    for n in from..out.len() {
        while singles.next_if(|s| s.close < out[n].open).is_some() {}
        if singles.peek().is_none_or(|s| s.open > out[n].open) {
            out[kept] = out[n];
            kept += 1;
        }
    }
    out.truncate(kept);
    out.extend(taken);
}

/// True if the paragraph after number `number` starts with the mark that was left open in `paragraph`. A straight one
/// must be vouched for, being an apostrophe as often as not.
fn runs_on(text: &Text, paragraph: Unit, number: usize, open: usize) -> bool {
    let Some(next) = text.paragraphs.get(number + 1) else { return false };
    let mark = text.word(open);
    let vouched = open == paragraph.first as usize || introduced(text, paragraph, open);
    text.word(next.first as usize) == mark && (mark == "‘" || mark == "'" && vouched)
}

/// True if a mark in this place cannot be an apostrophe: punctuation or a double mark before the mark or after it.
fn closes_surely(text: &Text, i: usize) -> bool {
    let (before, after) = around(text, i);
    let parts = |c: char| matches!(c, ',' | '.' | ';' | ':' | '?' | '!' | '”' | '"' | '…');
    before.is_some_and(parts) || after.is_none_or(parts)
}

/// The single marks outside double ones that may open or close a quotation.
fn single_marks(text: &Text, paragraph: Unit, doubles: &[Quoted]) -> Vec<Single> {
    let mut marks = Vec::new();
    let mut passed = 0;
    for i in paragraph.tokens() {
        while doubles.get(passed).is_some_and(|d| d.tokens().end <= i) {
            passed += 1;
        }
        if doubles.get(passed).is_some_and(|d| d.tokens().contains(&i)) || text.tokens[i].kind != TokenKind::Mark {
            continue;
        }
        let word = text.word(i);
        if !matches!(word, "'" | "‘" | "’" | "‚" | "‹" | "›" | "`") {
            continue;
        }
        let (before, after) = around(text, i);
        let after_word = before.is_some_and(char::is_alphanumeric);
        let before_word =
            after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '…' | '$' | '£' | '€' | '#' | '@' | '“' | '"'));
        let closes = !after.is_some_and(char::is_alphanumeric) && !before.is_none_or(char::is_whitespace);
        let single = |opens| Single { token: i, opens, doubles: passed };
        match word {
            "‘" | "'" | "‚" | "‹" | "`" if !after_word && before_word && !is_elision(text, i) => {
                marks.push(single(true));
            }
            "'" | "’" | "›" if closes && !before.is_some_and(|c| c.is_ascii_digit()) => marks.push(single(false)),
            "’" | "›" if closes => marks.push(single(false)),
            _ => {}
        }
    }
    marks
}

/// `the workers’ rights`: the mark may be an apostrophe, since a small letter goes on after an s and a space.
fn is_plural_possessive(text: &Text, i: usize) -> bool {
    let span = text.tokens[i].span;
    let before = text.raw.get(..span.start as usize).is_some_and(|t| t.ends_with(['s', 'S']));
    let after = text.raw.get(span.end as usize..).unwrap_or("");
    before && after.starts_with(' ') && after.trim_start().starts_with(char::is_lowercase)
}

/// `'em`, `'til`, `'90s`: an apostrophe for letters left out.
fn is_elision(text: &Text, i: usize) -> bool {
    let next = text.word(i + 1);
    english().quotes.elisions.contains(&next.to_lowercase())
        || (next.starts_with(|c: char| c.is_ascii_digit()) && next.ends_with('s') && next.len() <= 5)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::paragraphs;

    fn stretches(raw: &str) -> Vec<String> {
        let text = Text::new(raw, &paragraphs(raw));
        let mut marks = Marks::default();
        marks.read(&text);
        let inner = |q: &Quoted| {
            let tokens = &text.tokens[q.inside()];
            tokens.first().zip(tokens.last()).map_or("", |(a, b)| a.span.cover(b.span).of(raw)).to_owned()
        };
        marks.quoted.iter().map(inner).collect()
    }

    #[track_caller]
    fn check(raw: &str, expect: &[&str]) {
        assert_eq!(stretches(raw), expect);
    }

    #[test]
    fn marks_of_all_sorts() {
        check("“No,” he said. \"Yes.\" ''Maybe,'' and ``so''.", &["No,", "Yes.", "Maybe,", "so"]);
        check("«Non», a-t-il dit. „Nein“, sagte er. He said “yes”.", &["Non", "Nein", "yes"]);
    }

    #[test]
    fn straight_marks_go_by_the_space_around_them() {
        check("He (\"Bob\") said--\"no\"-- and \"yes\".", &["Bob", "no", "yes"]);
    }

    #[test]
    fn single_marks_are_told_from_apostrophes() {
        check("She said: ‘It’s the workers’ right to go.’ Then left.", &["It’s the workers’ right to go."]);
        check("His team 'has the power to make decisions' there.", &["has the power to make decisions"]);
        check("The '90s rock 'n' roll of the players' union wasn't 'em.", &[]);
        check("“It was ‘fine’ then,” he said.", &["It was ‘fine’ then,"]);
    }

    #[test]
    fn double_marks_within_single_ones() {
        check("‘They call it “progress”’, said Ann. ‘I call it mud.’", &["They call it “progress”", "I call it mud."]);
        check("‘He said, “You’ll never sell it,”’ she said.", &["He said, “You’ll never sell it,”"]);
        check("In the ‘60s they said “no” to the players’ union.", &["no"]);
    }

    #[test]
    fn marks_turned_round() {
        check("»So«, he said. Then: ”We open,“ she said.", &["So", "We open,"]);
    }

    #[test]
    fn feet_and_inches_are_no_quotations() {
        check("He is 6'2\" tall, she 5' 9\" or so, in a 24\" frame.", &[]);
    }

    #[test]
    fn a_running_quotation_is_shut_at_each_paragraph_end() {
        check("“One thing.\n\n“Another thing,” he said.", &["One thing.", "Another thing,"]);
        check("‘One thing.\n\n‘Another thing,’ he said.", &["One thing.", "Another thing,"]);
        check("He said: 'One thing.\n\n'Another thing,' and left.", &["One thing.", "Another thing,"]);
        check("They sang 'til dawn.\n\n'Twas May.", &[]);
        check("He said: “We go.\n\nAnd so on.", &["We go."]);
        check("A stray \"mark in a line.\n\nAnd so on.", &[]);
    }

    proptest! {
        #[test]
        fn stretches_are_in_order_and_apart(raw in "[ab'\"“”‘’«»„.,\n ]{0,80}") {
            let text = Text::new(&raw, &paragraphs(&raw));
            let mut marks = Marks::default();
            marks.read(&text);
            for pair in marks.quoted.windows(2) {
                prop_assert!(pair[0].tokens().end <= pair[1].tokens().start);
            }
            prop_assert_eq!(marks.positions.len(), text.tokens.len());
        }
    }
}
