//! What the recogniser knows of a token: its spelling, the lists it is in, and what else the article says of its word.

use rustc_hash::FxHashMap;

use super::gazetteer::{GIVEN, Names};
use crate::entity::fold::word_key;
use crate::entity::gazetteer::place;
use crate::language::{Pack, Roles};
use crate::tagger::{BORDER_ROWS, Case, Column, Columns, attribute, class, shape};
use crate::text::{Text, is_ideograph};

/// The columns, in order. In languages without spaces a token is a character, and the spelling is that of the run of its
/// script or of its word.
pub(super) const COLUMNS: &[Column] = &[
    Column::many("low"),
    Column::many("suf2"),
    Column::many("suf3"),
    Column::many("suf4"),
    Column::many("pre3"),
    Column::many("pre4"),
    Column::many("shape"),
    Column::many("case"),
    Column::many("role"),
    Column::many("gaz"),
    Column::many("phrase"),
    Column::many("place"),
    Column::many("seen"),
    Column::many("article"),
    Column::many("lang"),
];

/// The row of token `i` of a text.
pub(super) fn row(text: &Text, i: usize) -> usize {
    i + BORDER_ROWS * (text.tokens.get(i).map_or(0, |t| t.sentence) as usize + 1)
}

/// Roles that tell something of names.
const TELLING: Roles = Roles::TITLE
    .and(Roles::PARTICLE)
    .and(Roles::BODY)
    .and(Roles::PLACE)
    .and(Roles::BEFORE_PLACE)
    .and(Roles::SMALL)
    .and(Roles::DETERMINER)
    .and(Roles::VERB)
    .and(Roles::NAMING)
    .and(Roles::SURNAME)
    .and(Roles::PREPOSITION);

/// Fills in the columns of a text: a row a token, a border after every sentence.
pub(super) fn fill(out: &mut Columns, text: &Text, pack: &'static Pack) {
    let names = Names::of(pack);
    let language = attribute(&pack.code);
    let low: Vec<String> = (0..text.tokens.len()).map(|i| text.word(i).to_lowercase()).collect();
    let roles = roles(&low, pack);
    let phrases = phrases(text, names);
    let lists: Vec<u32> = if pack.text.ideographs {
        vec![0; low.len()]
    } else {
        (0..low.len()).map(|i| names.word(text.word(i))).collect()
    };
    let spelling = if pack.text.ideographs { characters(text, pack) } else { words(&low) };
    let evidence = evidence(text, &roles, &lists);
    out.clear();
    for sentence in &text.sentences {
        for i in sentence.tokens() {
            let word = text.word(i);
            let place = 1 + u32::from(i == sentence.first as usize) + 2 * u32::from(i + 1 == sentence.end as usize);
            let case = Case::of(word) as u32 + 8 * u32::from(word.ends_with('.')) + 16 * u32::from(word.contains('-'));
            let found = evidence.get(&word_key(word)).copied().unwrap_or_default();
            let [suf2, suf3, suf4, pre3, pre4] = spelling.get(i).copied().unwrap_or_default();
            out.push(&[
                low.get(i).map_or(0, |low| attribute(&digits_alike(low))),
                suf2,
                suf3,
                suf4,
                pre3,
                pre4,
                attribute(&shape(word.chars().take(64), |c| if is_ideograph(c) { 'c' } else { class(c) })),
                case,
                roles.get(i).map_or(1, |roles| (roles.bits() & TELLING.bits()) as u32 + 1),
                lists.get(i).map_or(1, |lists| lists + 1),
                phrases.get(i).copied().unwrap_or(1),
                place,
                found.seen() + 1,
                found.bits + 1,
                language,
            ]);
        }
        out.border();
    }
}

fn digits_alike(word: &str) -> String {
    word.chars().take(64).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// What each token is by the lists of the pack; a phrase gives its roles to all its tokens.
fn roles(low: &[String], pack: &Pack) -> Vec<Roles> {
    let mut roles: Vec<Roles> =
        low.iter().map(|word| pack.roles(word.trim_end_matches('.')).and(pack.roles(word))).collect();
    for i in 0..low.len() {
        let words = low.get(i..).unwrap_or(&[]).iter().map(String::as_str);
        if let Some((length, role)) = pack.phrase(&words) {
            roles.iter_mut().skip(i).take(length).for_each(|known| *known = known.and(role));
        }
    }
    roles
}

/// For every token of a listed phrase: the lists it is in and where in it the token is; 1 for other tokens.
fn phrases(text: &Text, names: &Names) -> Vec<u32> {
    let keys: Vec<u64> = (0..text.tokens.len()).map(|i| word_key(text.word(i))).collect();
    let mut found = vec![1; keys.len()];
    let mut i = 0;
    while i < keys.len() {
        let (length, lists) = names.longest(keys.get(i..).unwrap_or(&[]).iter().copied());
        for (offset, value) in found.iter_mut().skip(i).take(length).enumerate() {
            *value = 2 + (lists & 0x3fff_ffff).wrapping_mul(4) + place(offset, length);
        }
        i += length.max(1);
    }
    found
}

/// Suffixes of two to four letters and prefixes of three and four.
fn words(low: &[String]) -> Vec<[u32; 5]> {
    low.iter()
        .map(|word| {
            let word = digits_alike(word);
            let starts: Vec<usize> = word.char_indices().map(|(i, _)| i).collect();
            let suffix =
                |n: usize| starts.len().checked_sub(n).and_then(|i| word.get(*starts.get(i)?..)).map_or(0, attribute);
            let prefix = |n: usize| starts.get(n).and_then(|&i| word.get(..i)).map_or(0, attribute);
            [suffix(2), suffix(3), suffix(4), prefix(3), prefix(4)]
        })
        .collect()
}

/// Of each character: its place in its word and the word's part of speech, the word, the run of its script, and where
/// in that run it is.
fn characters(text: &Text, pack: &Pack) -> Vec<[u32; 5]> {
    let mut found = vec![[0; 5]; text.tokens.len()];
    for paragraph in &text.paragraphs {
        runs(text, paragraph.tokens(), &mut found);
        if pack.search.stemmer == "jieba" {
            segments(text, *paragraph, &mut found);
        }
    }
    found
}

/// The script of a character, as far as words of a language without spaces are told apart by it.
fn script(word: &str) -> char {
    match word.chars().next().unwrap_or(' ') {
        '\u{3041}'..='\u{309f}' => 'h',
        '\u{30a0}'..='\u{30ff}' => 'k',
        c if is_ideograph(c) => 'c',
        c if c.is_numeric() => 'd',
        c if c.is_alphabetic() => 'a',
        _ => 'm',
    }
}

fn runs(text: &Text, tokens: std::ops::Range<usize>, found: &mut [[u32; 5]]) {
    let mut start = tokens.start;
    while start < tokens.end {
        let class = script(text.word(start));
        let same = |i: &usize| script(text.word(*i)) == class && class != 'm';
        let end = (start + 1..tokens.end).take_while(same).last().map_or(start + 1, |last| last + 1);
        let run: String = (start..end.min(start + 16)).map(|i| text.word(i)).collect();
        for i in start..end {
            let place = u32::from(i == start) + 2 * u32::from(i + 1 == end);
            if let Some(row) = found.get_mut(i) {
                row[1] = attribute(&run);
                row[3] = attribute(&format!("{class}{place}{}", (end - start).min(6)));
                row[4] = attribute(&(end.saturating_sub(2).max(start)..end).map(|i| text.word(i)).collect::<String>());
            }
        }
        start = end;
    }
}

fn segments(text: &Text, paragraph: crate::text::Unit, found: &mut [[u32; 5]]) {
    let base = paragraph.span.start as usize;
    let mut at = base;
    let mut token = paragraph.first as usize;
    for tagged in super::jieba().tag(paragraph.span.of(text.raw), true) {
        let end = at + tagged.word.len();
        let first = token;
        while text.tokens.get(token).is_some_and(|t| (t.span.start as usize) < end) && token < paragraph.end as usize {
            token += 1;
        }
        for i in first..token {
            let place = u32::from(i == first) + 2 * u32::from(i + 1 == token);
            if let Some(row) = found.get_mut(i) {
                row[0] = attribute(&format!("{}{place}", tagged.tag));
                row[2] = attribute(tagged.word);
            }
        }
        at = end;
    }
}

/// What an article says of a word wherever it is in it.
#[derive(Debug, Clone, Copy, Default)]
struct Evidence {
    capitalised: u32,
    small: u32,
    bits: u32,
}

impl Evidence {
    fn seen(self) -> u32 {
        self.capitalised.min(2) + 3 * self.small.min(1)
    }
}

/// The evidence of every word: whether it also has a small letter, follows a title or first name, or a place's preposition.
fn evidence(text: &Text, roles: &[Roles], lists: &[u32]) -> FxHashMap<u64, Evidence> {
    let mut words: FxHashMap<u64, Evidence> = FxHashMap::default();
    let capital = |i: usize| text.word(i).starts_with(char::is_uppercase);
    for sentence in &text.sentences {
        for i in sentence.tokens() {
            let known = words.entry(word_key(text.word(i))).or_default();
            if !capital(i) {
                known.small += 1;
                continue;
            }
            let Some(before) = i.checked_sub(1).filter(|_| i > sentence.first as usize) else { continue };
            known.capitalised += 1;
            let (role, list) =
                (roles.get(before).copied().unwrap_or_default(), lists.get(before).copied().unwrap_or(0));
            known.bits |= u32::from(role.any(Roles::TITLE));
            known.bits |= u32::from(capital(before) && list & (GIVEN | 0x700) != 0) << 1;
            known.bits |= u32::from(role.any(Roles::BEFORE_PLACE) && !capital(before)) << 2;
            known.bits |= u32::from(role.any(Roles::BODY)) << 3;
        }
    }
    words
}
