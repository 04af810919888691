//! Tags and notes: what people attach to articles and quotations, kept in the user's half of the index folder.
//!
//! A quotation is known by its article and its words with what is around them, so that a mark finds it again after an
//! article was read or analysed anew.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::index::{self, Index};
use crate::search::{Annotated, Hit, Quote};
use crate::text::normal::folded;
use crate::text::{CharSpan, TextQuote};
use crate::user::{self, UserFiles};

/// The file of all marks.
const MARKS: &str = "marks.jsonl";

/// A tag or note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Id of the article.
    pub article: String,
    /// The quotation; the whole article if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<TextQuote>,
    /// Tag or note.
    pub kind: MarkKind,
    /// The tag, or the text of the note.
    pub text: String,
    /// When it was made.
    pub made: Timestamp,
}

/// What a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkKind {
    /// A word that `tag:` finds.
    Tag,
    /// A text.
    Note,
}

/// Where a mark is in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkPlace {
    /// A whole article.
    Article,
    /// A quotation.
    Quote {
        /// Its place in `Annotated::quotes`.
        number: u32,
        /// From its first to its last code point.
        span: CharSpan,
    },
}

/// The marks of one index.
#[derive(Debug, Clone)]
pub struct Marks(UserFiles);

impl Marks {
    /// Those of an index folder.
    pub fn of(files: UserFiles) -> Self {
        Marks(files)
    }

    /// All of them, the oldest first.
    pub fn all(&self) -> Result<Vec<Mark>, user::Error> {
        self.0.records(MARKS)
    }

    /// Adds a mark, unless there is one of the same kind and text.
    pub fn add(&self, mark: Mark) -> Result<(), user::Error> {
        self.0.update(MARKS, |marks: &mut Vec<Mark>| {
            if !marks.iter().any(|other| other.is_same(&mark)) {
                marks.push(mark);
            }
        })
    }

    /// Gives the marks of articles the ids that `new` maps theirs to.
    pub fn rename(&self, new: impl Fn(&str) -> Option<String>) -> Result<(), user::Error> {
        if self.all()?.iter().all(|mark| new(&mark.article).is_none()) {
            return Ok(());
        }
        self.0.update(MARKS, |marks: &mut Vec<Mark>| {
            for mark in marks {
                mark.article = new(&mark.article).unwrap_or_else(|| mark.article.clone());
            }
        })
    }

    /// Removes marks; says how many.
    pub fn remove(&self, which: impl Fn(&Mark) -> bool) -> Result<usize, user::Error> {
        // Without marks, no file is made.
        if self.all()?.is_empty() {
            return Ok(0);
        }
        self.0.update(MARKS, |marks: &mut Vec<Mark>| {
            let before = marks.len();
            marks.retain(|mark| !which(mark));
            before - marks.len()
        })
    }
}

impl Mark {
    /// Whether both say the same of the same.
    pub fn is_same(&self, other: &Mark) -> bool {
        let of = |mark: &Mark| (mark.article.clone(), mark.quote.clone(), mark.kind, plain(&mark.text));
        of(self) == of(other)
    }

    /// Where it is in an index; none if the index holds no such article or quotation.
    pub fn place(&self, index: &Index) -> Result<Option<MarkPlace>, index::Error> {
        let Some(document) = index.find(&self.article)? else { return Ok(None) };
        if self.quote.is_none() { Ok(Some(MarkPlace::Article)) } else { Ok(self.place_in(&index.article(document)?)) }
    }

    /// Where it is in its article.
    pub fn place_in(&self, article: &Annotated) -> Option<MarkPlace> {
        self.quote.as_ref().map_or(Some(MarkPlace::Article), |words| quotation(words, article))
    }
}

impl MarkPlace {
    /// Whether a hit of the same article holds it, or is a part of it.
    pub fn meets(self, hit: &Hit) -> bool {
        match self {
            MarkPlace::Article => true,
            MarkPlace::Quote { span, .. } => span.start < hit.end && hit.start < span.end,
        }
    }
}

/// The quotation that overlaps the words most.
fn quotation(words: &TextQuote, article: &Annotated) -> Option<MarkPlace> {
    let at = words.find(&article.text)?;
    let quotes = (0..).zip(&article.quotes).map(|(number, quote)| (number, span(quote)));
    let (number, span) = quotes.max_by_key(|(_, span)| at.overlap(*span)).filter(|(_, span)| at.overlap(*span) > 0)?;
    Some(MarkPlace::Quote { number, span })
}

/// The quotations of an article that hold these words, whatever their case and spacing.
pub fn holding(article: &Annotated, words: &str) -> Vec<TextQuote> {
    let quotes = article.quotes.iter().map(|quote| TextQuote::of(&article.text, span(quote)));
    quotes.filter(|quote| plain(&quote.exact).contains(&plain(words))).collect()
}

/// Words without differences of case, diacritics and spacing.
pub fn plain(text: &str) -> String {
    text.split_whitespace().map(folded).collect::<Vec<_>>().join(" ")
}

fn span(quote: &Quote) -> CharSpan {
    CharSpan {
        start: quote.content.first().map_or(0, |first| first.start),
        end: quote.content.last().map_or(0, |last| last.end),
    }
}
