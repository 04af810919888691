//! The columns of a hit in tables: CSV and spreadsheets. `docs/exports.md` documents them.

use super::phrase::word;
use crate::article::{Custody, Meta};
use crate::search::{Hit, Quote};

/// Their names.
pub const COLUMNS: [&str; 35] = [
    "rank",
    "score",
    "by",
    "match",
    "speaker",
    "kind",
    "attribution",
    "confidence",
    "text",
    "title",
    "outlet",
    "byline",
    "published",
    "published_from",
    "section",
    "language",
    "url",
    "id",
    "path",
    "record",
    "paragraph",
    "start",
    "end",
    "highlights",
    "person",
    "organization",
    "place",
    "duplicates",
    "locator",
    "collection",
    "tags",
    "notes",
    "source_sha256",
    "source_bytes",
    "source_read_at",
];

/// Columns that hold a number, unless a passage has several quotations.
pub const NUMBERS: [&str; 8] =
    ["rank", "score", "confidence", "paragraph", "start", "end", "duplicates", "source_bytes"];

/// The cells of a hit.
pub fn cells(hit: &Hit) -> [String; COLUMNS.len()] {
    let article = &hit.article;
    let (published, origin) = published(article);
    [
        hit.rank.to_string(),
        hit.score.to_string(),
        word(&hit.by),
        hit.matched.as_ref().map(|matched| matched.class.name().to_owned()).unwrap_or_default(),
        of_quotes(&hit.quotes, |q| q.speaker.clone().unwrap_or_default()),
        of_quotes(&hit.quotes, |q| word(&q.kind)),
        of_quotes(&hit.quotes, |q| word(&q.attribution)),
        of_quotes(&hit.quotes, |q| q.confidence.to_string()),
        hit.text.clone(),
        article.title.clone().unwrap_or_default(),
        article.outlet.clone().unwrap_or_default(),
        article.byline.join("; "),
        published,
        origin,
        article.section.clone().unwrap_or_default(),
        article.language.clone().unwrap_or_default(),
        article.url.clone().unwrap_or_default(),
        article.id.clone(),
        article.path.clone(),
        article.record.clone().unwrap_or_default(),
        hit.paragraph.to_string(),
        hit.start.to_string(),
        hit.end.to_string(),
        hit.highlights.iter().map(|h| format!("{}-{}", h.start, h.end)).collect::<Vec<_>>().join("; "),
        hit.entities.person.join("; "),
        hit.entities.organization.join("; "),
        hit.entities.place.join("; "),
        hit.duplicates.to_string(),
        hit.locator.map(|locator| locator.to_string()).unwrap_or_default(),
        article.collection.clone().unwrap_or_default(),
        hit.tags.join("; "),
        hit.notes.join("; "),
        of_source(article, |source| source.sha256.clone()),
        of_source(article, |source| source.bytes.to_string()),
        of_source(article, |source| source.read_at.clone()),
    ]
}

fn of_source(article: &Meta, tell: impl Fn(&Custody) -> String) -> String {
    article.custody.as_ref().map(tell).unwrap_or_default()
}

fn published(article: &Meta) -> (String, String) {
    article.published.as_ref().map_or_else(Default::default, |p| (p.at.clone(), word(&p.origin)))
}

fn of_quotes(quotes: &[Quote], tell: impl Fn(&Quote) -> String) -> String {
    quotes.iter().map(tell).collect::<Vec<_>>().join("; ")
}
