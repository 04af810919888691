//! Tokens and sentences of languages other than English, by the lists of their pack.

use super::sentence::push;
use super::token::{is_invisible, is_joiner, mark_len};
use super::{Span, Text, Token, TokenKind, Unit};
use crate::language::{Pack, Roles};

impl<'a> Text<'a> {
    /// Cuts `raw` into tokens and sentences within the given paragraphs, as the language of `pack` is written.
    pub fn in_language(raw: &'a str, paragraphs: &[Span], pack: &Pack) -> Self {
        let tokens = Vec::with_capacity(raw.len() / 6 + 16);
        let mut text = Text { raw, paragraphs: Vec::with_capacity(paragraphs.len()), sentences: Vec::new(), tokens };
        for (number, &span) in paragraphs.iter().enumerate() {
            let first = text.tokens.len();
            tokenize(raw, span, number as u32, pack, &mut text.tokens);
            split(raw, first, pack, &mut text.tokens, &mut text.sentences);
            text.paragraphs.push(Unit { span, first: first as u32, end: text.tokens.len() as u32 });
        }
        text
    }
}

/// Characters of scripts that are written without spaces.
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
        && c != '・'
}

fn tokenize(raw: &str, paragraph: Span, number: u32, pack: &Pack, out: &mut Vec<Token>) {
    let text = paragraph.of(raw);
    let base = paragraph.start as usize;
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        if c.is_whitespace() || is_invisible(c) {
            at += c.len_utf8();
            continue;
        }
        let (end, kind) = if pack.text.ideographs && is_ideograph(c) {
            (at + c.len_utf8(), TokenKind::Word)
        } else if c.is_alphanumeric() {
            let kind = if c.is_numeric() { TokenKind::Number } else { TokenKind::Word };
            let end = word_end(text, at, kind, pack);
            (text.get(at..end).and_then(|word| pack.particle(word)).map_or(end, |length| at + length), kind)
        } else {
            (at + mark_len(text.get(at..).unwrap_or(""), c), TokenKind::Mark)
        };
        out.push(Token { span: Span::new(base + at, base + end), kind, sentence: 0, paragraph: number });
        at = end;
    }
}

/// Where the word or number that starts at `at` ends, with the full stop of an abbreviation or ordinal.
fn word_end(text: &str, at: usize, kind: TokenKind, pack: &Pack) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let mut chars = rest.char_indices().peekable();
    let (mut end, mut before) = (at, ' ');
    while let Some((i, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |&(_, next)| next);
        let inner = before.is_alphanumeric() && next.is_alphanumeric();
        let holds = match c {
            _ if pack.text.ideographs && is_ideograph(c) => false,
            _ if c.is_alphanumeric() || is_joiner(c) => true,
            '\'' | '’' if inner && elided(rest.get(..i).unwrap_or(""), pack) => return at + i + c.len_utf8(),
            '\'' | '’' if inner && pack.text.apostrophe_endings && rest.starts_with(char::is_uppercase) => false,
            '\'' | '’' | 'ʼ' | '-' | '\u{2010}' | '\u{2011}' | '_' => inner,
            '.' => inner && !(next.is_uppercase() && before.is_lowercase() && i > 3),
            ',' | ':' => before.is_ascii_digit() && next.is_ascii_digit(),
            '&' => before.is_uppercase() && next.is_uppercase(),
            _ => false,
        };
        if !holds {
            break;
        }
        before = c;
        end = at + i + c.len_utf8();
    }
    let word = text.get(at..end).unwrap_or("");
    let stops = text.get(end..).is_some_and(|after| after.starts_with('.') && !after.starts_with(".."));
    if stops && keeps_stop(word, kind, pack) {
        end + 1
    } else {
        end.max(at + rest.chars().next().map_or(1, char::len_utf8))
    }
}

fn elided(word: &str, pack: &Pack) -> bool {
    /// In bytes. A word may have any number of apostrophes, and what is before each is looked up.
    const LONGEST: usize = 24;
    (1..=LONGEST).contains(&word.len()) && pack.text.elisions.contains(&word.to_lowercase())
}

fn keeps_stop(word: &str, kind: TokenKind, pack: &Pack) -> bool {
    if kind == TokenKind::Number {
        return pack.text.ordinals && word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit());
    }
    let letters = word.split('.').all(|part| part.chars().count() == 1 && part.starts_with(char::is_alphabetic));
    letters && !pack.text.ideographs || word.len() <= 20 && pack.text.abbreviations.contains(&word.to_lowercase())
}

/// Cuts the tokens from `first` on, all of one paragraph, into sentences and numbers them.
fn split(raw: &str, first: usize, pack: &Pack, tokens: &mut [Token], sentences: &mut Vec<Unit>) {
    let mut start = first;
    let mut i = first;
    while i < tokens.len() {
        let mut end = i + 1;
        if ends(raw, tokens, i, pack) {
            while closes(raw, tokens, end, pack) {
                end += 1;
            }
            // 「……。」と述べた: what follows a closing mark without a space is still the sentence.
            let goes_on = |next: Token| {
                pack.text.ideographs && end > i + 1 && !matches!(next.span.of(raw), "「" | "『" | "“" | "《")
            };
            if tokens.get(end).is_none_or(|&next| can_start(raw, next) && !goes_on(next)) {
                push(start, end, tokens, sentences);
                start = end;
            }
        }
        i = end;
    }
    if start < tokens.len() {
        push(start, tokens.len(), tokens, sentences);
    }
}

fn ends(raw: &str, tokens: &[Token], i: usize, pack: &Pack) -> bool {
    let Some(token) = tokens.get(i) else { return false };
    let word = token.span.of(raw);
    match token.kind {
        TokenKind::Mark => matches!(word, "." | "!" | "?" | "…" | "..." | "...." | "。" | "！" | "？" | "؟" | "۔"),
        TokenKind::Word | TokenKind::Number => {
            const STARTS: Roles = Roles::SMALL.and(Roles::DETERMINER).and(Roles::PRONOUN);
            word.ends_with('.')
                && tokens.get(i + 1).is_some_and(|next| {
                    let next = next.span.of(raw);
                    next.starts_with(char::is_uppercase) && pack.roles(&next.to_lowercase()).any(STARTS)
                })
        }
    }
}

/// A closing mark: glued to what is before it and not to what follows.
fn closes(raw: &str, tokens: &[Token], i: usize, pack: &Pack) -> bool {
    let span = |i: usize| tokens.get(i).map(|token| token.span);
    let (Some(before), Some(token)) = (i.checked_sub(1).and_then(span), span(i)) else { return false };
    let mark = matches!(
        token.of(raw),
        "”" | "’"
            | "“"
            | "‘"
            | ")"
            | "]"
            | "»"
            | "«"
            | "."
            | "!"
            | "?"
            | "！"
            | "？"
            | "\""
            | "''"
            | "'"
            | "」"
            | "』"
            | "）"
            | "›"
            | "‹"
    );
    let shape = pack.text.ideographs && matches!(token.of(raw), "”" | "’" | "」" | "』" | "）");
    let glued = raw.get(token.end as usize..).is_some_and(|after| after.starts_with(char::is_alphanumeric));
    // French sets a space before the mark.
    let spaced = token.of(raw) == "»";
    mark && (shape || (spaced || before.end == token.start) && !glued)
}

fn can_start(raw: &str, token: Token) -> bool {
    let word = token.span.of(raw);
    match token.kind {
        TokenKind::Word => word.starts_with(|c: char| !c.is_lowercase()),
        TokenKind::Number => true,
        TokenKind::Mark => !matches!(word, "," | ";" | ":" | "，" | "、" | "；" | "：" | "،" | "–" | "—"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::paragraphs;

    #[track_caller]
    fn check(language: &str, raw: &str, expect: &[&str]) {
        let text = Text::in_language(raw, &paragraphs(raw), Pack::of(Some(language)).unwrap());
        assert_eq!(text.sentences.iter().map(|s| s.span.of(raw)).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn ordinals_and_abbreviations_end_no_sentence() {
        check(
            "de",
            "Am 5. Mai kam z. B. Dr. Lind. Er blieb bis zum 9. Das war alles.",
            &["Am 5. Mai kam z. B. Dr. Lind.", "Er blieb bis zum 9.", "Das war alles."],
        );
        check("ru", "В 2005 г. Иванов уехал. Он вернулся.", &["В 2005 г. Иванов уехал.", "Он вернулся."]);
    }

    #[test]
    fn endings_of_names_are_words_of_their_own() {
        let text = "Bakan Elif Markoğlu'ya göre Ankara’da su var.";
        let cut = Text::in_language(text, &paragraphs(text), Pack::of(Some("tr")).unwrap());
        let words: Vec<&str> = (0..cut.tokens.len()).map(|i| cut.word(i)).collect();
        assert_eq!(words, ["Bakan", "Elif", "Markoğlu", "'", "ya", "göre", "Ankara", "’", "da", "su", "var", "."]);
    }

    #[test]
    fn marks_close_with_their_sentence() {
        check("de", "„Nein.“ Er ging. »Ja.« Sie kam.", &["„Nein.“", "Er ging.", "»Ja.«", "Sie kam."]);
        check("fr", "« Non ! » a dit Anne. Elle part.", &["« Non ! » a dit Anne.", "Elle part."]);
        check("ja", "「行く。」と田中氏は述べた。雨だ。", &["「行く。」と田中氏は述べた。", "雨だ。"]);
        check("zh", "他说：“不。”下雨了。", &["他说：“不。”下雨了。"]);
    }

    #[test]
    fn elided_words_stand_apart() {
        let raw = "L'incendie d’Aujac qu'il voit aujourd'hui";
        let text = Text::in_language(raw, &paragraphs(raw), Pack::of(Some("fr")).unwrap());
        let words: Vec<&str> = (0..text.tokens.len()).map(|i| text.word(i)).collect();
        assert_eq!(words, ["L'", "incendie", "d’", "Aujac", "qu'", "il", "voit", "aujourd'", "hui"]);
    }

    #[test]
    fn particles_before_known_words_stand_apart() {
        let raw = "وقال الوزير للصحافة وفي بيروت وبباريس كتاب";
        let text = Text::in_language(raw, &paragraphs(raw), Pack::of(Some("ar")).unwrap());
        let words: Vec<&str> = (0..text.tokens.len()).map(|i| text.word(i)).collect();
        assert_eq!(words, ["و", "قال", "الوزير", "للصحافة", "وفي", "بيروت", "وب", "باريس", "كتاب"]);
    }

    proptest! {
        #[test]
        fn tokens_are_in_order_and_in_a_sentence(raw in "(\\PC|[a-zäß'.!?„“«»「」。0-9 \n]){0,60}") {
            for pack in crate::language::all() {
                let text = Text::in_language(&raw, &paragraphs(&raw), pack);
                for pair in text.tokens.windows(2) {
                    prop_assert!(pair[0].span.end <= pair[1].span.start && !pair[0].span.is_empty());
                }
                prop_assert_eq!(text.sentences.iter().map(|s| s.tokens().len()).sum::<usize>(), text.tokens.len());
            }
        }
    }
}
