//! Articles as references, for reference managers: RIS and CSL JSON. Quotations are notes of their article.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::HitWriter;
use super::harmless::one_line;
use super::html::original;
use super::phrase::{file, speakers, title, word};
use crate::article::{Meta, Published};
use crate::search::{By, Hit, Response};

/// How references are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// One tag a line.
    Ris,
    /// One JSON array.
    CslJson,
}

/// An article, what is noted on it and how it is tagged.
struct Reference {
    article: Meta,
    notes: Vec<String>,
    tags: Vec<String>,
}

/// Gathers hits by article, in the order of the first hit of each.
pub struct References<W: Write> {
    out: W,
    style: Style,
    articles: Vec<Reference>,
    /// Places in `articles` by id.
    places: HashMap<String, usize>,
}

impl<W: Write> References<W> {
    /// A writer to `out`.
    pub fn new(out: W, style: Style) -> Self {
        References { out, style, articles: Vec::new(), places: HashMap::new() }
    }
}

impl<W: Write> HitWriter for References<W> {
    fn open(&mut self, _: &Response) -> io::Result<()> {
        Ok(())
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let place = *self.places.entry(hit.article.id.clone()).or_insert(self.articles.len());
        if place == self.articles.len() {
            let article = hit.article.clone();
            let notes = article.custody.iter().map(|custody| format!("{}. {custody}", file(&article))).collect();
            self.articles.push(Reference { article, notes, tags: Vec::new() });
        }
        let Some(Reference { notes, tags, .. }) = self.articles.get_mut(place) else { return Ok(()) };
        notes.extend(note(hit));
        // A mark of the article is on each of its hits.
        let new = |all: &[String], own: &String| !all.contains(own);
        for tag in &hit.tags {
            tags.extend(Some(tag).filter(|tag| new(tags, tag)).cloned());
        }
        for note in hit.notes.iter().map(|note| format!("note: {note}")) {
            notes.extend(Some(note).filter(|note| new(notes, note)));
        }
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        match self.style {
            Style::Ris => self.articles.iter().try_for_each(|reference| ris(&mut self.out, reference))?,
            Style::CslJson => {
                let items: Vec<Value> = self.articles.iter().map(csl).collect();
                super::json::document(&mut self.out, &items)?;
            }
        }
        self.out.flush()
    }
}

/// `“text” (Marco Rubio, direct)`; of a passage its text alone, of an article nothing.
fn note(hit: &Hit) -> Option<String> {
    let text = one_line(&hit.text);
    match (hit.by, hit.quotes.first()) {
        (By::Quote, Some(quote)) => Some(format!("“{text}” ({}, {})", speakers(quote), word(&quote.kind))),
        (By::Quote | By::Passage, _) => Some(format!("“{text}”")),
        (By::Article, _) => None,
    }
}

fn ris(out: &mut impl Write, Reference { article, notes, tags }: &Reference) -> io::Result<()> {
    let day = article.published.as_ref().map(Published::day);
    let mut lines = vec![("TY", "NEWS".to_owned()), ("ID", article.id.clone()), ("TI", title(article).to_owned())];
    lines.extend(article.byline.iter().map(|name| ("AU", name.clone())));
    lines.extend(article.outlet.iter().map(|outlet| ("T2", outlet.clone())));
    lines.extend(day.map(|day| ("DA", format!("{}/", day.replace('-', "/")))));
    lines.extend(day.and_then(|day| day.get(..4)).map(|year| ("PY", year.to_owned())));
    lines.extend(article.section.iter().map(|section| ("SE", section.clone())));
    lines.extend(article.language.iter().map(|language| ("LA", language.clone())));
    lines.extend(original(article).map(|url| ("UR", url.to_owned())));
    lines.extend(tags.iter().map(|tag| ("KW", tag.clone())));
    lines.extend(notes.iter().map(|note| ("N1", note.clone())));
    for (tag, value) in lines {
        write!(out, "{tag}  - {}\r\n", one_line(&value))?;
    }
    out.write_all(b"ER  - \r\n\r\n")
}

fn csl(Reference { article, notes, tags }: &Reference) -> Value {
    let mut item = Map::new();
    let day = article.published.as_ref().map(Published::day);
    let date: Vec<u16> = day.into_iter().flat_map(|day| day.split('-')).map_while(|part| part.parse().ok()).collect();
    let authors: Vec<Value> = article.byline.iter().map(|name| json!({"literal": name})).collect();
    let fields = [
        ("id", Some(article.id.clone().into())),
        ("type", Some("article-newspaper".into())),
        ("title", Some(title(article).into())),
        ("author", (!authors.is_empty()).then(|| authors.into())),
        ("container-title", article.outlet.clone().map(Value::from)),
        ("issued", (!date.is_empty()).then(|| json!({"date-parts": [date]}))),
        ("section", article.section.clone().map(Value::from)),
        ("language", article.language.clone().map(Value::from)),
        ("URL", original(article).map(Value::from)),
        ("keyword", (!tags.is_empty()).then(|| tags.join(", ").into())),
        ("note", (!notes.is_empty()).then(|| notes.join("\n").into())),
    ];
    item.extend(fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    item.into()
}
