//! Annotated articles, to train on and to measure by: one JSON object a line.
//!
//! ```json
//! {"text": "…", "attributions": [{"source": [[0, 7]], "cue": [[8, 12]], "content": [[13, 40]]}],
//!  "tokens": {"start": [0], "end": [7], "pos": ["NNP"], "ner": ["PERSON"]}}
//! ```
//! Spans are code points into `text`, end exclusive; `source` and `cue` may be null. `tokens` may be left out: it says
//! what part of speech (Penn Treebank) and kind of name each word is, and is used to make the lexicon.
//!
//! Or as people write them, many articles a file:
//!
//! ```text
//! === name of the article
//! [S1:Tilda Marsh, the clerk,] [C1:said] [Q1:that it rained].
//! ```
//! `S`, `C` and `Q` mark source, cue and content; one number ties them together, and a source of several contents has
//! several (`[S1+2:…]`). Marks are not nested.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::text::{CharSpan, CodePoints, Span, Text, paragraphs};

/// An article whose attributions somebody has marked.
#[derive(Debug, Clone)]
pub struct AnnotatedArticle {
    /// Its body.
    pub text: String,
    /// Its paragraphs.
    pub paragraphs: Vec<Span>,
    pub(super) attributions: Vec<GoldAttribution<Span>>,
    pub(super) silver: Vec<TaggedToken>,
    /// Only words that somebody says are marked, not what somebody thinks or wishes.
    pub(super) is_words_only: bool,
}

/// An attribution as annotated: spans of the text, or tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct GoldAttribution<T> {
    pub source: Vec<T>,
    pub cue: Vec<T>,
    pub content: Vec<T>,
}

/// What a word is: part of speech and kind of name, told by a parser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TaggedToken {
    pub span: Span,
    pub pos: String,
    pub name: String,
}

/// Why a line cannot be read as an annotated article.
#[derive(Debug, thiserror::Error)]
pub enum AnnotatedError {
    /// It is not the JSON that is asked for.
    #[error("line {line} is not an annotated article ({source}); see docs/quotations.md for the format")]
    Json {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A mark is not written as marks are.
    #[error(
        "`[{mark}` in the article `{article}` is no mark: those are written as `[S1:source]`, `[C1:cue]`, `[Q1:content]`"
    )]
    Mark {
        /// The name of the article.
        article: String,
        /// How the mark begins.
        mark: String,
    },
}

impl AnnotatedArticle {
    /// The same article with every comma that is before a closing quotation mark set after it. All spans stay
    /// where they are: what held the two signs holds them still.
    pub(super) fn commas_behind_marks(&self) -> Self {
        let mut text = self.text.clone();
        for (before, after) in [(",”", "”,"), (",''", "'',"), (",\" ", "\", "), (",\"\n", "\",\n")] {
            text = text.replace(before, after);
        }
        AnnotatedArticle { text, ..self.clone() }
    }

    /// Reads annotated articles, one a line; empty lines are passed over.
    pub fn read_lines(lines: &str) -> Result<Vec<Self>, AnnotatedError> {
        let filled = lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        filled
            .map(|(number, line)| {
                let record = serde_json::from_str(line);
                record.map(from_record).map_err(|source| AnnotatedError::Json { line: number + 1, source })
            })
            .collect()
    }

    /// Reads articles marked as people write them. Attitudes and plans are marked as words are, unless the file begins with the
    /// line `Only words are marked.`
    pub fn read_marked(file: &str) -> Result<Vec<Self>, AnnotatedError> {
        let is_words_only = file.lines().next() == Some(WORDS_ONLY);
        let articles = format!("\n{file}");
        articles.split("\n=== ").skip(1).map(|article| from_marked(article, is_words_only)).collect()
    }

    /// Its attributions as tokens of `text`, which was made from this article; those without content are left out.
    pub(super) fn tokens(&self, text: &Text) -> Vec<GoldAttribution<usize>> {
        let tokens = |spans: &[Span]| -> Vec<usize> {
            let mut found: Vec<usize> = spans.iter().flat_map(|s| covered(text, *s)).collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let convert = |a: &GoldAttribution<Span>| GoldAttribution {
            source: tokens(&a.source),
            cue: tokens(&a.cue),
            content: tokens(&a.content),
        };
        self.attributions.iter().map(convert).filter(|a| !a.content.is_empty()).collect()
    }
}

/// Tokens that overlap a span.
fn covered(text: &Text, span: Span) -> std::ops::Range<usize> {
    let start = text.tokens.partition_point(|t| t.span.end <= span.start);
    let end = text.tokens.partition_point(|t| t.span.start < span.end);
    start..end.max(start)
}

#[derive(Deserialize)]
struct Record {
    text: String,
    #[serde(default)]
    attributions: Option<Vec<RecordAttribution>>,
    #[serde(default)]
    tokens: Option<RecordTokens>,
}

#[derive(Deserialize)]
struct RecordAttribution {
    #[serde(default)]
    source: Option<Vec<(u32, u32)>>,
    #[serde(default)]
    cue: Option<Vec<(u32, u32)>>,
    #[serde(default)]
    content: Option<Vec<(u32, u32)>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RecordTokens {
    start: Vec<u32>,
    end: Vec<u32>,
    pos: Vec<String>,
    ner: Vec<String>,
}

/// The first line of a file in which what may be an attitude or a plan is not marked.
const WORDS_ONLY: &str = "Only words are marked.";

/// The article of a name and a marked text.
fn from_marked(article: &str, is_words_only: bool) -> Result<AnnotatedArticle, AnnotatedError> {
    let (name, marked) = article.split_once('\n').unwrap_or((article, ""));
    let (text, marks) =
        unmark(marked.trim()).map_err(|mark| AnnotatedError::Mark { article: name.to_owned(), mark })?;
    let mut attributions: BTreeMap<usize, GoldAttribution<Span>> = BTreeMap::new();
    for ((number, role), spans) in marks {
        let attribution = attributions.entry(number).or_default();
        match role {
            'S' => attribution.source = spans,
            'C' => attribution.cue = spans,
            _ => attribution.content = spans,
        }
    }
    let paragraphs = paragraphs(&text);
    let attributions = attributions.into_values().collect();
    Ok(AnnotatedArticle { text, paragraphs, attributions, silver: Vec::new(), is_words_only })
}

/// Where the pieces of a role stand, by the number of the attribution and the letter of the role.
pub type Marks = BTreeMap<(usize, char), Vec<Span>>;

/// Takes `[S1:…]`, `[C1:…]` and `[Q1:…]` out of a text; what is no mark is an error that holds how it begins.
pub fn unmark(marked: &str) -> Result<(String, Marks), String> {
    let mut parts = marked.split('[');
    let mut text = parts.next().unwrap_or_default().to_owned();
    let mut marks = Marks::new();
    for part in parts {
        let (role, numbers, words, after) = mark(part).ok_or_else(|| part.chars().take(20).collect::<String>())?;
        let span = Span::new(text.len(), text.len() + words.len());
        for number in numbers {
            marks.entry((number, role)).or_default().push(span);
        }
        text.extend([words, after]);
    }
    Ok((text, marks))
}

/// The letter, the numbers and the words of a mark, and what follows it.
fn mark(part: &str) -> Option<(char, Vec<usize>, &str, &str)> {
    let role = part.chars().next().filter(|role| "SCQ".contains(*role))?;
    let (numbers, rest) = part.get(1..)?.split_once(':')?;
    let (words, after) = rest.split_once(']')?;
    Some((role, numbers.split('+').map(|number| number.parse().ok()).collect::<Option<_>>()?, words, after))
}

fn from_record(record: Record) -> AnnotatedArticle {
    let points = CodePoints::new(&record.text);
    let span = |start: u32, end: u32| points.bytes(CharSpan { start, end });
    let spans = |list: Option<Vec<(u32, u32)>>| list.unwrap_or_default().into_iter().map(|(s, e)| span(s, e)).collect();
    let attributions = record.attributions.unwrap_or_default().into_iter().map(|a| GoldAttribution {
        source: spans(a.source),
        cue: spans(a.cue),
        content: spans(a.content),
    });
    let tokens = record.tokens.unwrap_or_default();
    let words = tokens.start.into_iter().zip(tokens.end).zip(tokens.pos).zip(tokens.ner);
    let silver = words.map(|(((start, end), pos), name)| TaggedToken { span: span(start, end), pos, name });
    let (attributions, silver) = (attributions.collect(), silver.collect());
    let paragraphs = paragraphs(&record.text);
    AnnotatedArticle { paragraphs, attributions, silver, is_words_only: false, text: record.text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off() {
        let file = "=== one\n[S1+2:Mina Okoro] [C1:said] [Q1:no], [C2:adding] [Q2:“never”].\n\n[Q2:“Ever.”]\n\n=== two\nRain.\n";
        let articles = AnnotatedArticle::read_marked(file).unwrap();
        let [one, two] = articles.as_slice() else { panic!("{articles:?}") };
        assert_eq!(one.text, "Mina Okoro said no, adding “never”.\n\n“Ever.”");
        assert_eq!((one.paragraphs.len(), two.text.as_str(), two.attributions.len()), (2, "Rain.", 0));
        let words = |spans: &[Span]| spans.iter().map(|span| span.of(&one.text)).collect::<Vec<_>>().join("|");
        let all: Vec<[String; 3]> =
            one.attributions.iter().map(|a| [&a.source, &a.cue, &a.content].map(|spans| words(spans))).collect();
        assert_eq!(all, [["Mina Okoro", "said", "no"], ["Mina Okoro", "adding", "“never”|“Ever.”"]]);
    }

    #[test]
    fn a_file_may_say_that_only_words_are_marked() {
        let is_words_only = |file| AnnotatedArticle::read_marked(file).unwrap().iter().all(|one| one.is_words_only);
        assert!(is_words_only("Only words are marked.\n\n=== one\nRain.\n"));
        assert!(!is_words_only("=== one\nRain.\n"));
    }

    #[test]
    fn a_broken_mark_is_named() {
        let wrong = AnnotatedArticle::read_marked("=== one\n[S1 Mina Okoro] said no.\n").unwrap_err();
        assert!(wrong.to_string().starts_with("`[S1 Mina Okoro] said ` in the article `one` is no mark"), "{wrong}");
    }
}
