//! Tokens in the manner of the Penn Treebank, which the annotated corpora use: clitics are tokens of their own
//! (`Rubio|'s`, `do|n't`), abbreviations keep their full stop (`Mr.`, `U.S.`), hyphenated words stay whole.

use super::Span;
use crate::language::english;

/// A word, number or mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its place in the body.
    pub span: Span,
    /// What it is made of.
    pub kind: TokenKind,
    /// Index of its sentence.
    pub sentence: u32,
    /// Index of its paragraph.
    pub paragraph: u32,
}

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Holds a letter.
    Word,
    /// Starts with a digit.
    Number,
    /// Punctuation and symbols.
    Mark,
}

/// Appends the tokens of `paragraph` to `out`, their sentence still 0.
pub(super) fn tokenize(raw: &str, paragraph: Span, number: u32, out: &mut Vec<Token>) {
    let text = paragraph.of(raw);
    let base = paragraph.start as usize;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let (len, kind) = if c.is_whitespace() || is_invisible(c) {
            at += c.len_utf8();
            continue;
        } else if starts_word(text, at, c) {
            let end = word_end(text, at);
            let kind = if c.is_numeric() { TokenKind::Number } else { TokenKind::Word };
            out.push(Token { span: Span::new(base + at, base + end), kind, sentence: 0, paragraph: number });
            at = end;
            continue;
        } else {
            (mark_len(&text[at..], c), TokenKind::Mark)
        };
        out.push(Token { span: Span::new(base + at, base + at + len), kind, sentence: 0, paragraph: number });
        at += len;
    }
}

fn starts_word(text: &str, at: usize, c: char) -> bool {
    c.is_alphanumeric()
        || (matches!(c, '@' | '#') && text[at + 1..].starts_with(|n: char| n.is_alphanumeric()))
        || (matches!(c, '\'' | '’') && clitic(&text[at..]).is_some())
}

/// Length of the clitic that `text` starts with (`'s`, `’re`), if it is one and the word ends there.
fn clitic(text: &str) -> Option<usize> {
    let mark = text.chars().next()?.len_utf8();
    let rest = &text[mark..];
    english().text.clitics.iter().find_map(|c| {
        let head = rest.get(..c.len())?;
        let ends = !rest[c.len()..].starts_with(char::is_alphanumeric);
        (head.eq_ignore_ascii_case(c) && ends).then_some(mark + c.len())
    })
}

/// Where the word that starts at `at` ends: letters and digits, and marks between two of them that hold a word together.
fn word_end(text: &str, at: usize) -> usize {
    if let Some(end) = plain_word_end(text, at) {
        return end;
    }
    if let Some(len) = negation(&text[at..]) {
        return at + len;
    }
    let mut chars = text[at..].char_indices().peekable();
    let mut end = at;
    let mut before = ' ';
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |&(_, n)| n);
        let holds = match c {
            _ if i > 0 && negation(&text[at + i..]).is_some() => false,
            _ if i == 0 || c.is_alphanumeric() || is_joiner(c) => true,
            '.' if ends_sentence_unspaced(&text[at..at + i], next) => false,
            '-' | '\u{2010}' | '\u{2011}' | '_' | '.' => before.is_alphanumeric() && next.is_alphanumeric(),
            ',' | ':' => before.is_ascii_digit() && next.is_ascii_digit(),
            '\'' | '’' => before.is_alphanumeric() && next.is_alphabetic() && clitic(&text[at + i..]).is_none(),
            '&' => before.is_uppercase() && next.is_uppercase(),
            _ => false,
        };
        if !holds {
            break;
        }
        before = c;
        end = at + i + c.len_utf8();
    }
    if text[end..].starts_with('.') && keeps_stop(&text[at..end]) { end + 1 } else { end }
}

/// `Monday.Then`: true if the space after a full stop was forgotten. `Ph.D` and names of sites are single words.
fn ends_sentence_unspaced(word: &str, next: char) -> bool {
    next.is_uppercase() && word.len() > 2 && word.chars().skip(1).all(char::is_lowercase)
}

/// The end of a word of ASCII letters that is followed by white space or punctuation, which is the usual case.
fn plain_word_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.as_bytes().get(at..)?;
    let length = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let ends = match rest.get(length) {
        None => true,
        Some(next) => matches!(next, b' ' | b'\n' | b',' | b';' | b':' | b'!' | b'?' | b')' | b'"'),
    };
    (length > 0 && ends).then_some(at + length)
}

/// Marks of writing direction and spaces without width: they part no words and mean nothing by themselves.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Combining marks and soft hyphens belong to the letter before them.
pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}')
}

/// Length of the `n't` that `text` starts with, if it does and the word ends there.
fn negation(text: &str) -> Option<usize> {
    let mark = text.strip_prefix(['n', 'N'])?;
    let t = mark.strip_prefix(['\'', '’'])?;
    let rest = t.strip_prefix(['t', 'T'])?;
    (!rest.starts_with(char::is_alphanumeric)).then(|| text.len() - rest.len())
}

fn keeps_stop(word: &str) -> bool {
    let mut chars = word.chars();
    let single = chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none();
    single && word.starts_with(char::is_uppercase)
        || word.contains('.')
            && word.split('.').all(|part| part.chars().count() == 1 && part.starts_with(char::is_alphabetic))
        || matches!(word, "vs" | "v")
        || word.len() <= 6
            && english().text.abbreviations.contains(&word.to_ascii_lowercase())
            && word.starts_with(char::is_uppercase)
}

/// Length of the mark that `text` starts with: doubled quotation marks, dashes and dots are one mark.
pub(super) fn mark_len(text: &str, c: char) -> usize {
    let run = || text.bytes().take_while(|b| *b == c as u8).count();
    match c {
        '\'' | '`' if text[1..].starts_with(c) => 2,
        '-' | '.' => run(),
        _ => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let mut out = Vec::new();
        tokenize(text, Span::new(0, text.len()), 0, &mut out);
        assert_eq!(out.iter().map(|t| t.span.of(text)).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn clitics_stand_apart() {
        check(
            "Rubio's don’t can't I'm o'clock O'Brien",
            &["Rubio", "'s", "do", "n’t", "ca", "n't", "I", "'m", "o'clock", "O'Brien"],
        );
    }

    #[test]
    fn abbreviations_keep_their_stop() {
        check("Mr. J. Ray left the U.S. today.", &["Mr.", "J.", "Ray", "left", "the", "U.S.", "today", "."]);
    }

    #[test]
    fn numbers_and_hyphens_stay_whole() {
        check("a 30-day, $1,000.50 (3.5%) deal", &["a", "30-day", ",", "$", "1,000.50", "(", "3.5", "%", ")", "deal"]);
    }

    #[test]
    fn marks_of_direction_are_skipped() {
        check(
            "\u{200f}“No,”\u{200f} said \u{202a}Ann\u{200b} Ray\u{202c}.",
            &["“", "No", ",", "”", "said", "Ann", "Ray", "."],
        );
    }

    #[test]
    fn a_forgotten_space_parts_sentences() {
        check(
            "on Monday.Then a Ph.D left example.com vs. Ray",
            &["on", "Monday", ".", "Then", "a", "Ph.D", "left", "example.com", "vs.", "Ray"],
        );
    }

    #[test]
    fn marks_are_their_own() {
        check("''No,'' she said--“yes” ...", &["''", "No", ",", "''", "she", "said", "--", "“", "yes", "”", "..."]);
    }
}
