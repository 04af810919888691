//! Annotated articles, to train on and to measure by: one JSON object a line.
//!
//! ```json
//! {"text": "…", "attributions": [{"source": [[0, 7]], "cue": [[8, 12]], "content": [[13, 40]]}],
//!  "tokens": {"start": [0], "end": [7], "pos": ["NNP"], "ner": ["PERSON"]}}
//! ```
//! Spans are code points into `text`, end exclusive; `source` and `cue` may be null. `tokens` may be left out: it says
//! what part of speech (Penn Treebank) and kind of name each word is, and is used to make the lexicon.

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
    AnnotatedArticle { paragraphs, attributions, silver, text: record.text }
}
