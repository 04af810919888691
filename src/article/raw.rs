//! One article as stored, not yet understood.

use super::bounds::parts;
use super::record::{self, Fields};
use super::{Article, Format, Options, Place, Problem, Skip};
use super::{document, html, mail, markdown, pdf, plain, transcript};

/// One article as stored: what a reader thread hands to those that understand it.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    /// Where it is.
    pub place: Place,
    /// The format of the source it came from.
    pub format: Format,
    /// The thing itself.
    pub content: Content,
    /// What its container says about it.
    pub hints: Hints,
}

/// What a piece holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Bytes in the piece's own format; of a web archive or saved page: HTML.
    Bytes(Vec<u8>),
    /// Named fields: a row, a JSON record, an item of a feed.
    Fields(Fields),
}

/// What a container knows of a piece that the piece may not say itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hints {
    /// The address it was fetched from.
    pub url: Option<String>,
    /// The moment it was fetched or sent, ISO 8601: what "3 hours ago" is reckoned from.
    pub seen: Option<String>,
    /// The charset a header declares.
    pub charset: Option<String>,
    /// Fields (`title`, `byline`, `date`, ...) that hold where the piece itself is silent.
    pub known: Fields,
    /// True if dates such as `4/3/2025` begin with the day, as others in the same column show.
    pub day_first: bool,
    /// What its container wants the user to know: a part was left out, names were guessed.
    pub warnings: Vec<String>,
    /// Another article of its source has the same address: its own id distinguishes it.
    pub shares_address: bool,
    /// Whether it is all there.
    pub end: End,
}

/// How a record ends, which shows whether it is complete.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum End {
    /// As its format asks for.
    #[default]
    Whole,
    /// With its source, and without a line end or a closing tag: it may be the beginning of what was meant.
    Open,
    /// The same, where its paragraphs are not the lines of its source: it may break off behind one of them.
    Unmarked,
    /// Where its source breaks off.
    Cut,
}

impl Raw {
    /// Understands the piece. At most a few seconds of one core for the largest piece that [`super::Bounds`] lets through.
    pub fn read(self, options: &Options) -> Result<Article, Skip> {
        let (place, format, warnings) = (self.place.clone(), self.format, self.hints.warnings.clone());
        let limit = options.bounds.parts;
        match self.understand(options) {
            Ok(article) if parts(article.text.as_bytes()) + article.paragraphs.len() as u64 > limit => {
                Err(Skip::new(place, Problem::TooDense { what: "words, marks and paragraphs", limit }).of(format))
            }
            Ok(mut article) => {
                article.warnings.extend(warnings);
                options.given.apply(&mut article);
                Ok(article)
            }
            Err(problem) => Err(Skip::new(place, problem).of(format)),
        }
    }

    fn understand(self, options: &Options) -> Result<Article, Problem> {
        let Raw { place, format, content, hints } = self;
        let bytes = match content {
            Content::Fields(fields) => return record::read(&fields, &place, format, &hints, &options.map),
            Content::Bytes(bytes) => bytes,
        };
        match format {
            Format::Pdf => pdf::read(&bytes, &place, &hints),
            Format::Docx | Format::Odt | Format::Rtf => document::read(&bytes, &place, format, &hints),
            Format::Text => plain::read(&bytes, &place, &hints),
            Format::Transcript => transcript::read(&bytes, &place, &hints),
            Format::Markdown => markdown::read(&bytes, &place, &hints, &options.map),
            Format::Mail | Format::Mbox => mail::read(&bytes, &place, format, hints, options),
            Format::Mhtml => mail::read_page(&bytes, &place, hints),
            // Containers hand over pages or fields.
            Format::Html
            | Format::Warc
            | Format::Zip
            | Format::Tar
            | Format::Json
            | Format::JsonLines
            | Format::Csv
            | Format::Sqlite
            | Format::Nitf
            | Format::NewsMl
            | Format::Feed
            | Format::Sitemap
            | Format::Epub
            | Format::Bibtex
            | Format::Ris => html::read(&bytes, &place, format, &hints),
        }
    }
}
