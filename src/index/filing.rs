//! From an analysed article to the documents of its block.

use tantivy::TantivyDocument;
use tantivy::schema::{Facet, Field};

use super::duplicates::Part;
use super::schema::{self, FacetKind, Fields, Level};
use super::sketch::{self, ARTICLE, Sketch};
use super::stretch::{Positions, Stretch};
use super::{Key, analyser, record};
use crate::analysis::Analysis;
use crate::article::{Article, Meta};
use crate::entity::{Entity, Kind};
use crate::passage::{self, Passage, Quoted};
use crate::quote;
use crate::search::Annotated;
use crate::text::normal::Terms;
use crate::text::{CharSpan, CodePoints, Span};

/// The longest value of a facet, in bytes: names are shorter, and tantivy's terms end at 64 KiB.
const LONGEST_FACET: usize = 256;

/// An article, ready to be put in.
#[derive(Debug)]
pub struct Filed {
    /// Its key.
    pub key: Key,
    /// Hash of all that was read.
    pub content: u64,
    /// Bytes of its text.
    pub bytes: u64,
    /// Its sketch, if it is long enough for one.
    pub sketch: Option<Sketch<ARTICLE>>,
    /// The documents of its block, in order, still without its number and groups: the article's own first.
    pub block: Vec<TantivyDocument>,
    /// Passages and quotations, in the order of their documents.
    pub parts: Vec<Part>,
}

impl Filed {
    /// An article that is reckoned with, but not put in.
    pub fn empty(key: Key, content: u64, bytes: u64) -> Self {
        Filed { key, content, bytes, sketch: None, block: Vec::new(), parts: Vec::new() }
    }
}

/// Files articles one after the other, keeping its buffers between them. One a thread.
#[derive(Debug)]
pub struct Filer {
    fields: Fields,
    terms: Terms,
    positions: Positions,
    /// Terms as they are handed to tantivy.
    written: String,
}

impl Default for Filer {
    fn default() -> Self {
        let (_, fields) = schema::schema();
        Filer { fields, terms: Terms::default(), positions: Positions::default(), written: String::new() }
    }
}

impl Filer {
    /// Files an article under its key.
    pub fn file(&mut self, article: Article, analysis: &Analysis, key: Key, content: u64) -> Filed {
        let (mut below, mut parts, mut length) = (Vec::new(), Vec::new(), 0);
        for (passage, &paragraph) in passage::passages(&article, analysis).iter().zip(&article.paragraphs) {
            let to_article = below.len() as u64 + 1;
            below.push(self.passage(passage, to_article));
            parts.push(Part::passage(passage.text));
            length += analyser::length(&self.terms);
            if !passage.quotes.is_empty() {
                self.positions.read(&self.terms);
            }
            for (to_passage, quoted) in (1..).zip(&passage.quotes) {
                let inside = |part: &Span| paragraph.contains(*part).then(|| part.relative_to(paragraph.start));
                let stretches = self.positions.stretches(quoted.quotation.content.iter().map(inside));
                below.push(self.quotation(quoted, stretches, to_article + to_passage, to_passage));
                parts.push(Part::quote(&quoted.said, quoted.speakers.iter().map(|speaker| speaker.name)));
            }
        }
        let (bytes, sketch) = (article.text.len() as u64, sketch::sketch(&article.text));
        let mut block = Vec::with_capacity(below.len() + 1);
        block.push(self.article(article, analysis, length));
        block.append(&mut below);
        Filed { key, content, bytes, sketch, block, parts }
    }

    fn article(&mut self, article: Article, analysis: &Analysis, length: u64) -> TantivyDocument {
        let fields = self.fields;
        let mut document = Document::new(Level::Article, 0, 0, 0, &fields);
        let meta = &article.meta;
        document.text(fields.id, &meta.id);
        if let Some(title) = &meta.title {
            document.text(fields.title, self.written(title));
        }
        for (field, value) in [(fields.outlet, &meta.outlet), (fields.section, &meta.section)] {
            if let Some(value) = value {
                document.text(field, value);
            }
        }
        for name in &meta.byline {
            document.text(fields.byline, name);
            document.facet(FacetKind::Byline, name);
        }
        for (kind, value) in [(FacetKind::Outlet, &meta.outlet), (FacetKind::Section, &meta.section)] {
            if let Some(value) = value {
                document.facet(kind, value);
            }
        }
        if let Some(language) = &meta.language {
            let language = language.to_lowercase();
            document.text(fields.language, &language);
            document.facet(FacetKind::Language, &language);
        }
        document.day(meta);
        document.inner.add_u64(fields.length, length);
        let record = record::encode(&passage::annotated(article, analysis));
        document.inner.add_bytes(fields.record, &record);
        document.inner
    }

    /// Leaves the passage's terms in `self.terms`.
    fn passage(&mut self, passage: &Passage, to_article: u64) -> TantivyDocument {
        let fields = self.fields;
        let mut document = Document::new(Level::Passage, passage.paragraph, to_article, 0, &fields);
        document.text(fields.text, self.written(passage.text));
        for entity in &passage.named {
            let (field, facet) = match entity.kind {
                Kind::Person => (fields.person, FacetKind::Person),
                Kind::Organization => (fields.org, FacetKind::Organization),
                Kind::Place => (fields.place, FacetKind::Place),
            };
            document.names(field, entity);
            document.facet(facet, &entity.name);
            for role in &entity.roles {
                document.role(role, &entity.name);
            }
        }
        document.inner
    }

    /// `stretches` is where its words stand among its passage's, if that can be said.
    fn quotation(
        &mut self,
        quoted: &Quoted,
        stretches: Option<Vec<Stretch>>,
        to_article: u64,
        to_passage: u64,
    ) -> TantivyDocument {
        let fields = self.fields;
        let mut document = Document::new(Level::Quote, quoted.number, to_article, to_passage, &fields);
        if let Some(stretches) = stretches {
            for stretch in stretches {
                document.inner.add_u64(fields.stretch, stretch.value());
            }
        } else {
            let mut terms = Terms::default();
            for part in &quoted.said {
                terms.read(part);
                analyser::written(&terms, &mut self.written);
                document.text(fields.said, &self.written);
            }
        }
        for speaker in &quoted.speakers {
            match speaker.entity {
                Some(entity) => document.names(fields.speaker, entity),
                None => document.text(fields.speaker, speaker.name),
            }
            document.facet(FacetKind::Speaker, speaker.name);
        }
        for entity in &quoted.about {
            document.names(fields.about, entity);
        }
        let kind = match quoted.quotation.kind {
            quote::Kind::Direct => "direct",
            quote::Kind::Indirect => "indirect",
            quote::Kind::Mixed => "mixed",
        };
        let attribution = match quoted.quotation.attribution {
            quote::Attribution::Named => "named",
            quote::Attribution::Alias => "alias",
            quote::Attribution::Pronoun => "pronoun",
            quote::Attribution::Inferred => "inferred",
            quote::Attribution::Unknown => "unknown",
        };
        document.text(fields.kind, kind);
        document.facet(FacetKind::Kind, kind);
        document.text(fields.attribution, attribution);
        document.facet(FacetKind::Attribution, attribution);
        let confidence = passage::hundredths(quoted.quotation.confidence);
        document.inner.add_u64(fields.confidence, u64::from(confidence));
        document.inner
    }

    /// The terms of a text as tantivy takes them; they stay in `self.terms`.
    fn written(&mut self, text: &str) -> &str {
        self.terms.read(text);
        analyser::written(&self.terms, &mut self.written);
        &self.written
    }
}

/// The parts of a stored article, in the order in which [`file`] gives them.
pub fn parts(article: &Annotated) -> Vec<Part> {
    let points = CodePoints::new(&article.text);
    let text = |span: CharSpan| points.bytes(span).of(&article.text);
    let mut quotes: Vec<Vec<Part>> = vec![Vec::new(); article.paragraphs.len()];
    for quote in &article.quotes {
        let Some(first) = quote.content.first() else { continue };
        let home = article.paragraphs.partition_point(|paragraph| paragraph.end <= first.start);
        let said: Vec<&str> = quote.content.iter().map(|&part| text(part)).collect();
        let speakers = quote.speaker.iter().filter(|_| quote.speakers.is_empty()).chain(&quote.speakers);
        if let Some(passage) = quotes.get_mut(home) {
            passage.push(Part::quote(&said, speakers.map(String::as_str)));
        }
    }
    let passages = article.paragraphs.iter().map(|&paragraph| Part::passage(text(paragraph)));
    passages.zip(quotes).flat_map(|(passage, quotes)| std::iter::once(passage).chain(quotes)).collect()
}

/// A document in the making.
struct Document<'a> {
    inner: TantivyDocument,
    fields: &'a Fields,
}

impl<'a> Document<'a> {
    fn new(level: Level, ordinal: u32, to_article: u64, to_passage: u64, fields: &'a Fields) -> Self {
        let mut inner = TantivyDocument::new();
        inner.add_u64(fields.level, level.code());
        inner.add_u64(fields.ordinal, u64::from(ordinal));
        inner.add_u64(fields.to_article, to_article);
        inner.add_u64(fields.to_passage, to_passage);
        Document { inner, fields }
    }

    fn text(&mut self, field: Field, text: &str) {
        self.inner.add_text(field, text);
    }

    /// The name and every alias, each a value of its own, so that no phrase runs from one into the next. An alias whose
    /// words stand together in the name, as a surname does, is found by the name.
    fn names(&mut self, field: Field, entity: &Entity) {
        self.text(field, &entity.name);
        for alias in entity.aliases.iter().filter(|alias| !has_words(&entity.name, alias)) {
            self.text(field, alias);
        }
    }

    fn facet(&mut self, kind: FacetKind, value: &str) {
        if !value.is_empty() {
            self.inner.add_facet(self.fields.facet, facet(kind, value));
        }
    }

    /// A role and, as a second step, who bears it; what is too long to be either is left out.
    fn role(&mut self, role: &str, name: &str) {
        let long = role.len().max(name.len()) > LONGEST_FACET;
        if !long && !role.contains('\0') && !name.contains('\0') {
            self.inner.add_facet(self.fields.facet, Facet::from_path([FacetKind::Role.name(), role, name]));
        }
    }

    fn day(&mut self, meta: &Meta) {
        let Some(published) = &meta.published else { return };
        let Ok(day) = published.day().parse::<jiff::civil::Date>() else { return };
        self.inner.add_i64(self.fields.day, day_number(day));
        self.facet(FacetKind::Day, &format!("{day}"));
        self.facet(FacetKind::Month, &format!("{:04}-{:02}", day.year(), day.month()));
    }
}

/// True if the words of `part` stand together in `name`, between spaces.
fn has_words(name: &str, part: &str) -> bool {
    name.match_indices(part).any(|(at, _)| {
        let (before, after) = (name.get(..at).unwrap_or(""), name.get(at + part.len()..).unwrap_or(""));
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

/// The value of the field `day`: days since 1970-01-01.
pub fn day_number(day: jiff::civil::Date) -> i64 {
    jiff::civil::date(1970, 1, 1).duration_until(day).as_hours() / 24
}

/// The facet of a value, as it is indexed: long values are cut, `\0` (tantivy's own separator) becomes a space.
pub fn facet(kind: FacetKind, value: &str) -> Facet {
    let end = value.floor_char_boundary(LONGEST_FACET);
    let value = value.get(..end).unwrap_or(value).replace('\0', " ");
    Facet::from_path([kind.name(), &value])
}
