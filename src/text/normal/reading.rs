//! Words whose meaning depends on their neighbours or capitals: `Gov. Ode`, `Sept. 3`, `16th of May`, `No. 10`, `the '90s`, `US` and `us`.

use super::inflect::inflect;
use super::number::{Numeral, numeral};
use super::piece::{Piece, PieceKind, gap};
use crate::language::english;

/// What the piece at `i` is read as, where its neighbours or its capitals say so.
pub(super) fn reading(text: &str, pieces: &[Piece], i: usize) -> Option<String> {
    let context = Context { text, pieces, i };
    let piece = *pieces.get(i)?;
    let word = piece.span.of(text);
    match piece.kind {
        PieceKind::Digits => context.decade(piece, word).or_else(|| context.day(word)),
        PieceKind::Word if word.len() <= 11 && word.starts_with(|c: char| c.is_ascii_uppercase()) => {
            let folded = word.to_ascii_lowercase();
            let capital = || capital(word, &folded).map(str::to_owned);
            context.abbreviated(&folded, true).or_else(capital).or_else(|| context.spelled_decade(&folded))
        }
        PieceKind::Word if word.ends_with("ties") => context.spelled_decade(word),
        PieceKind::Word if word == "no" => context.abbreviated(word, false),
        PieceKind::Word if context.word(1) == Some("of") || context.month_in_capitals(-1) => context.spelled_day(word),
        PieceKind::Word | PieceKind::Contracted => None,
    }
}

/// True if a word may have a reading in some context; false only if it has none in any.
pub(super) fn may_have_reading(word: &str) -> bool {
    let folded = word.to_ascii_lowercase();
    folded.ends_with("ies")
        || matches!(folded.as_str(), "no" | "nos")
        || month(&folded).is_some()
        || numeral(&folded).is_some()
        || english().text.abbreviated_titles.contains_key(&folded)
        || acronym(&folded).is_some()
}

/// The other normal form of a dotted acronym of these folded letters: `U.S.` must not match `us`.
pub(super) fn acronym(folded: &str) -> Option<&'static str> {
    let text = &english().text;
    text.in_capitals.get(folded).or_else(|| text.capitalised.get(folded)).map(String::as_str)
}

fn capital(word: &str, folded: &str) -> Option<&'static str> {
    let text = &english().text;
    let all = || word.bytes().all(|b| b.is_ascii_uppercase());
    let in_capitals = || text.in_capitals.get(folded).filter(|_| all());
    text.capitalised.get(folded).or_else(in_capitals).map(String::as_str)
}

/// A piece and those around it.
#[derive(Clone, Copy)]
struct Context<'a> {
    text: &'a str,
    pieces: &'a [Piece],
    i: usize,
}

impl<'a> Context<'a> {
    /// The piece so many further on.
    fn piece(self, by: isize) -> Option<Piece> {
        self.pieces.get(self.i.checked_add_signed(by)?).copied()
    }

    fn word(self, by: isize) -> Option<&'a str> {
        Some(self.piece(by)?.span.of(self.text))
    }

    /// What parts the piece from the next one.
    fn gap_after(self) -> &'a str {
        self.piece(0).zip(self.piece(1)).map_or("", |(piece, next)| gap(self.text, piece, next))
    }

    fn month(self, by: isize) -> bool {
        self.word(by).is_some_and(|word| month(word).is_some())
    }

    /// True for the name of a month, but not for `march` or `may`.
    fn month_in_capitals(self, by: isize) -> bool {
        self.word(by).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_uppercase()) && month(word).is_some())
    }

    /// `Gov. Ode`, `Sept. 3`, `No. 10`.
    fn abbreviated(self, folded: &str, capital: bool) -> Option<String> {
        let gap = self.gap_after();
        let close = matches!(gap.trim_end(), "" | ".") && gap.len() < 4;
        let number = |by| self.piece(by).filter(|p| p.kind == PieceKind::Digits).map(|p| p.span.of(self.text));
        let day = |by| number(by).is_some_and(|n| n.len() < 3 || n.ends_with(|c: char| c.is_ascii_alphabetic()));
        let dated = |close| close && (day(1) || number(1).is_some_and(|n| n.len() == 4)) || day(-1);
        let full = match folded {
            "no" | "nos" if (capital || gap.starts_with('.')) && number(1).is_some() => "number",
            // A month of three letters is none shortened.
            _ if folded.len() < 5 && month(folded).is_some_and(|full| full != folded) && dated(close) => month(folded)?,
            _ => {
                let name = |next: &str| next.len() > 1 && next.starts_with(char::is_uppercase);
                let named = close && capital && self.word(1).is_some_and(name);
                english().text.abbreviated_titles.get(folded).filter(|_| named)?
            }
        };
        let mut normal = full.to_owned();
        inflect(&mut normal, 0);
        Some(normal)
    }

    /// `16th` beside a month, as `16`.
    fn day(self, word: &str) -> Option<String> {
        let digits = word.strip_suffix("th").or_else(|| word.strip_suffix("st"));
        let digits = digits.or_else(|| word.strip_suffix("nd")).or_else(|| word.strip_suffix("rd"))?;
        let small = digits.len() < 3 && digits.parse::<u8>().is_ok_and(|day| (1..=31).contains(&day));
        let of = || self.word(1) == Some("of") && self.month(2);
        let after = || self.month(-1) || self.word(-1) == Some("the") && self.month(-2);
        (small && (self.month(1) || of() || after())).then(|| digits.trim_start_matches('0').to_owned())
    }

    /// `sixteenth of May` and `May sixteenth`, as `16`.
    fn spelled_day(self, word: &str) -> Option<String> {
        match numeral(word) {
            Some(Numeral::Rank(day)) if self.month(2) || self.month_in_capitals(-1) => Some(day.to_string()),
            Some(Numeral::Rank(_) | Numeral::Count(_) | Numeral::Scale(_)) | None => None,
        }
    }

    /// `1990s` and `1990's`, `90s` and `90's`.
    fn decade(self, piece: Piece, word: &str) -> Option<String> {
        let digits = if piece.end > piece.span.end { word } else { word.strip_suffix(['s', 'S'])? };
        if !digits.ends_with('0') || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        match digits.len() {
            2 => Some(self.of_century(digits)),
            4 => Some(format!("{digits}s")),
            _ => None,
        }
    }

    /// `nineties`, as `90s`.
    fn spelled_decade(self, folded: &str) -> Option<String> {
        if folded == "noughties" {
            return Some("2000s".to_owned());
        }
        let tens = folded.strip_suffix("ies")?;
        match numeral(&format!("{tens}y")) {
            Some(Numeral::Count(n @ (20 | 30 | 40 | 50 | 60 | 70 | 80 | 90))) => Some(self.of_century(&n.to_string())),
            Some(_) | None => None,
        }
    }

    /// Two digits of a decade: of the last century, unless they are an age or may be of this century.
    fn of_century(self, digits: &str) -> String {
        let before = |by| self.word(by).map(str::to_ascii_lowercase);
        let by = if before(-1).is_some_and(|word| matches!(word.as_str(), "early" | "mid" | "late")) { -2 } else { -1 };
        let age = before(by).is_some_and(|word| english().text.possessives.contains(&word));
        match (age, digits < "30") {
            (true, _) => format!("aged-{digits}s"),
            (false, true) => format!("{digits}s"),
            (false, false) => format!("19{digits}s"),
        }
    }
}

/// True for the name of a month or its abbreviation.
pub fn is_month(word: &str) -> bool {
    month(word).is_some()
}

/// The full name of the month with this name or abbreviation, in any case of letters.
fn month(word: &str) -> Option<&'static str> {
    if !(3..=9).contains(&word.len()) {
        return None;
    }
    let folded = word.to_ascii_lowercase();
    english().text.months.iter().find(|names| names.contains(&folded))?.iter().next()
}

#[cfg(test)]
mod tests {
    use super::super::piece::cut;
    use super::*;

    /// The pieces of a text as they are read, those without a reading of their own as `_`.
    #[track_caller]
    fn check(text: &str, expect: &str) {
        let mut pieces = Vec::new();
        cut(text, &mut pieces);
        let found = (0..pieces.len()).map(|i| reading(text, &pieces, i).unwrap_or_else(|| "_".to_owned()));
        assert_eq!(found.collect::<Vec<_>>().join(" "), expect);
    }

    #[test]
    fn abbreviations_are_read_before_names_and_numbers() {
        check("Gov. Ode and Sen Lind", "governor _ _ senator _");
        check("Gen. Moor of St Alda", "general _ _ saint _");
        check("the rep said a col", "_ _ _ _ _");
        check("Gen Z", "_ _");
        check("Sept. 3 and 5 Jan 2025", "september _ _ _ januari _");
        check("No. 10, no. 3, no 3 and No one", "number _ number _ _ _ _ _ _");
    }

    #[test]
    fn days_of_the_month_do_not_rank() {
        check("May 16th", "MAY 16");
        check("16th of January", "16 _ _");
        check("January the 2nd", "_ _ 2");
        check("the first of May", "_ 1 _ MAY");
        check("by March third, we march third", "_ _ 3 _ _ _");
        check("16th floor in May", "_ _ _ MAY");
    }

    #[test]
    fn decades_are_told_from_ages() {
        check("the 1990s, 1990's and ’90s", "_ 1990s 1990s _ 1990s");
        check("the late nineties", "_ _ 1990s");
        check("in her late 70s", "_ _ _ aged-70s");
        check("a man in his eighties", "_ _ _ _ aged-80s");
        check("the twenties and 1999's", "_ 20s _ _");
        check("parties of the nineteen", "_ _ _ _");
    }

    #[test]
    fn capitals_tell_names_from_words() {
        check("US told us", "US _ _");
        check("Polish polish", "POLISH _");
        check("Who is WHO", "_ _ WHO");
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_read_was_known_to_be_possible(
            words in proptest::collection::vec(
                "(Gov|sen|St|US|us|May|may|Sept|Jan|the|of|No|no|late|his|nineties|Fifties|first|tenth|Second|Ode|3|16th|90s|[a-z]{2,6})[. ]",
                0..12,
            ),
        ) {
            let text = words.concat();
            let mut pieces = Vec::new();
            cut(&text, &mut pieces);
            for (i, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.kind == PieceKind::Word) {
                let word = piece.span.of(&text);
                proptest::prop_assert!(reading(&text, &pieces, i).is_none() || may_have_reading(word), "{word}");
            }
        }
    }
}
