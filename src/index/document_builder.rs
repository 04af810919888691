//! Builds the documents of an analysed article.

use tantivy::schema::Field;

use super::document::Block;
use super::duplicates::DedupUnit;
use super::position_range::{PositionRange, Positions};
use super::schema::{self, FacetKind, Fields, Level};
use super::sketch::{ARTICLE, Sketch, Words};
use super::{ArticleEntry, Key, SourceId, analyser, record};
use crate::analysis::Analysis;
use crate::article::{Article, Meta};
use crate::entity::{Certainty, Entity, EntityKind};
use crate::passage::{self, Passage, Quoted};
use crate::search::Annotated;
use crate::text::normal::Terms;
use crate::text::{CharSpan, CodePoints, Span};

/// The longest step of a facet, in bytes: names are shorter, and tantivy's terms end at 64 KiB.
const LONGEST_FACET: usize = 256;

/// The documents of an article, ready to index.
#[derive(Debug)]
pub struct ArticleBlock {
    /// Its key.
    pub key: Key,
    /// Hash of everything that was read.
    pub content: u64,
    /// Bytes of its text.
    pub bytes: u32,
    /// Its sketch, if it is long enough for one.
    pub sketch: Option<Sketch<ARTICLE>>,
    /// The documents; the article's number and the groups are set by the writer.
    pub(super) block: Block,
    /// The groups of passages and quotations by their words, in the order of their documents.
    pub groups: Vec<u64>,
}

impl ArticleBlock {
    /// An article without documents, for a dry run.
    pub fn empty(key: Key, content: u64, bytes: u32) -> Self {
        ArticleBlock { key, content, bytes, sketch: None, block: Block::default(), groups: Vec::new() }
    }

    /// Gives it its number, which is its group too, and its parts their groups.
    pub(super) fn number(&mut self, number: u64, fields: &Fields) {
        self.block.set(0, fields.number, number);
        for (document, &group) in std::iter::once(&number).chain(&self.groups).enumerate() {
            self.block.set(document, fields.group, group);
        }
    }

    /// Its manifest entry.
    pub fn entry(&self, number: u64, source: SourceId) -> ArticleEntry {
        ArticleEntry { number, content: self.content, source, bytes: self.bytes }
    }
}

/// Builds articles one after the other and reuses its buffers. Each thread has its own.
#[derive(Debug)]
pub struct DocumentBuilder {
    fields: Fields,
    terms: Terms,
    positions: Positions,
    /// Words of one passage or quotation.
    words: Words,
    /// Words of the whole article.
    all_words: Words,
}

impl Default for DocumentBuilder {
    fn default() -> Self {
        let (_, fields) = schema::schema();
        DocumentBuilder {
            fields,
            terms: Terms::for_many(),
            positions: Positions::default(),
            words: Words::default(),
            all_words: Words::default(),
        }
    }
}

impl DocumentBuilder {
    /// Builds the documents of an article.
    pub fn build(&mut self, article: Article, analysis: &Analysis, key: Key, content: u64) -> ArticleBlock {
        let mut block = Block::for_article(article.text.len());
        let mut groups = Vec::new();
        self.all_words.clear();
        self.article(&article.meta, &mut block);
        let mut length = 0;
        let mut sentences = analysis.sentences.iter().copied().peekable();
        for (passage, &paragraph) in passage::passages(&article, analysis).iter().zip(&article.paragraphs) {
            while sentences.next_if(|&start| start <= paragraph.start).is_some() {}
            let borders = std::iter::from_fn(|| sentences.next_if(|&start| start < paragraph.end));
            self.terms.read_sentences(passage.text, borders.map(|start| start - paragraph.start));
            self.passage(passage, &mut block);
            groups.push(DedupUnit::passage(passage.text, &mut self.words).group);
            // The buffer still holds the passage's words, so no text is read twice.
            self.all_words.append(&self.words);
            length += analyser::length(&self.terms);
            if !passage.quotes.is_empty() {
                self.positions.read(&self.terms);
            }
            for quoted in &passage.quotes {
                let inside = |part: &Span| paragraph.contains(*part).then(|| part.relative_to(paragraph.start));
                let ranges = self.positions.ranges(quoted.quotation.content.iter().map(inside));
                self.quotation(quoted, ranges, &mut block);
                let speakers = quoted.speakers.iter().map(|speaker| speaker.name);
                groups.push(DedupUnit::quote(&quoted.said, speakers, &mut self.words).group);
            }
        }
        block.set(0, self.fields.length, length);
        let (bytes, sketch) = (article.text.len() as u32, self.all_words.sketch());
        block.set_record(record::encode(&passage::annotated(article, analysis).into()));
        ArticleBlock { key, content, bytes, sketch, block, groups }
    }

    /// Adds the article's own document; its number, length and record are set later.
    fn article(&mut self, meta: &Meta, block: &mut Block) {
        let fields = self.fields;
        block.start(Level::Article, 0, &fields);
        block.number(fields.number, 0);
        block.number(fields.length, 0);
        block.record(fields.record);
        block.text(fields.id, &meta.id);
        if let Some(title) = &meta.title {
            self.terms.read(title);
            put_terms(block, fields.title, &fields, &self.terms);
        }
        let names = [
            (fields.outlet, FacetKind::Outlet, &meta.outlet),
            (fields.section, FacetKind::Section, &meta.section),
            (fields.collection, FacetKind::Collection, &meta.collection),
        ];
        for (field, kind, value) in names {
            if let Some(value) = value {
                block.text(field, value);
                put_facet(block, &fields, kind, value);
            }
        }
        for name in &meta.byline {
            block.text(fields.byline, name);
            put_facet(block, &fields, FacetKind::Byline, name);
        }
        if let Some(language) = &meta.language {
            let language = language.to_lowercase();
            block.text(fields.language, &language);
            put_facet(block, &fields, FacetKind::Language, &language);
        }
        let day = meta.published.as_ref().and_then(|published| published.day().parse::<jiff::civil::Date>().ok());
        if let Some(day) = day {
            block.day(fields.day, day_number(day));
            put_facet(block, &fields, FacetKind::Day, &format!("{day}"));
            put_facet(block, &fields, FacetKind::Month, &format!("{:04}-{:02}", day.year(), day.month()));
        }
    }

    /// Adds a passage; `self.terms` holds its terms.
    fn passage(&mut self, passage: &Passage, block: &mut Block) {
        let fields = self.fields;
        block.start(Level::Passage, passage.paragraph, &fields);
        put_terms(block, fields.text, &fields, &self.terms);
        for entity in &passage.named {
            let (field, kind) = match entity.kind {
                EntityKind::Person => (fields.person, FacetKind::Person),
                EntityKind::Organization => (fields.org, FacetKind::Organization),
                EntityKind::Place => (fields.place, FacetKind::Place),
            };
            put_names(block, field, entity);
            match entity.certainty {
                Certainty::Sure => put_facet(block, &fields, kind, &entity.name),
                Certainty::Doubtful => {
                    block
                        .write(fields.facet, |out| write_facet(out, FacetKind::Doubtful, &[kind.name(), &entity.name]));
                }
                // On no list, but found by its words.
                Certainty::Contradicted => {}
            }
            for role in &entity.roles {
                put_role(block, &fields, role, &entity.name);
            }
        }
    }

    /// Adds a quotation. `ranges` are the positions of its words within its passage, where they fit.
    fn quotation(&mut self, quoted: &Quoted, ranges: Option<Vec<PositionRange>>, block: &mut Block) {
        let fields = self.fields;
        block.start(Level::Quote, quoted.number, &fields);
        if let Some(ranges) = ranges {
            for range in ranges {
                block.number(fields.stretch, range.value());
            }
        } else {
            let mut terms = Terms::default();
            for part in &quoted.said {
                terms.read(part);
                put_terms(block, fields.said, &fields, &terms);
            }
        }
        for speaker in &quoted.speakers {
            match speaker.entity {
                Some(entity) => put_names(block, fields.speaker, entity),
                None => block.text(fields.speaker, speaker.name),
            }
            put_facet(block, &fields, FacetKind::Speaker, speaker.name);
        }
        if let Some(source) = quoted.described {
            block.text(fields.speaker, source);
        }
        for entity in &quoted.about {
            put_names(block, fields.about, entity);
        }
        put_facet(block, &fields, FacetKind::Kind, quoted.quotation.kind.name());
        put_facet(block, &fields, FacetKind::Attribution, quoted.quotation.attribution.name());
        let confidence = passage::hundredths(quoted.quotation.confidence);
        block.number(fields.confidence, u64::from(confidence));
    }
}

/// The dedup units of a stored article, in the order in which [`DocumentBuilder::build`] gives them.
pub fn dedup_units(article: &Annotated) -> Vec<DedupUnit> {
    let points = CodePoints::new(&article.text);
    let text = |span: CharSpan| points.bytes(span).of(&article.text);
    let mut words = Words::default();
    let mut quotes: Vec<Vec<DedupUnit>> = vec![Vec::new(); article.paragraphs.len()];
    for quote in &article.quotes {
        let Some(first) = quote.content.first() else { continue };
        let home = article.paragraphs.partition_point(|paragraph| paragraph.end <= first.start);
        let said: Vec<&str> = quote.content.iter().map(|&part| text(part)).collect();
        let speakers = quote.speaker.iter().filter(|_| quote.speakers.is_empty()).chain(&quote.speakers);
        if let Some(passage) = quotes.get_mut(home) {
            let unit = DedupUnit::quote(&said, speakers.map(String::as_str), &mut words);
            passage.push(unit.sketched(&words));
        }
    }
    let passages =
        article.paragraphs.iter().map(|&paragraph| DedupUnit::passage(text(paragraph), &mut words).sketched(&words));
    passages.zip(quotes).flat_map(|(passage, quotes)| std::iter::once(passage).chain(quotes)).collect()
}

/// The indexed form of a facet: kind, `\0`, value. Long values are cut; a `\0` within the value becomes a space.
pub fn facet(kind: FacetKind, value: &str) -> String {
    let mut out = String::new();
    write_facet(&mut out, kind, &[value]);
    out
}

/// The indexed form of a name that is doubtful where it is, and seems to be of this kind.
pub fn doubtful_facet(kind: FacetKind, name: &str) -> String {
    let mut out = String::new();
    write_facet(&mut out, FacetKind::Doubtful, &[kind.name(), name]);
    out
}

/// The value of the field `day`: days since 1970-01-01.
pub fn day_number(day: jiff::civil::Date) -> i64 {
    jiff::civil::date(1970, 1, 1).duration_until(day).as_hours() / 24
}

/// Adds a text and the roles of its words.
fn put_terms(block: &mut Block, field: Field, fields: &Fields, terms: &Terms) {
    block.write(field, |out| analyser::written(terms, out));
    block.write(fields.word_roles, |out| analyser::written_roles(terms, out));
}

/// Adds the name and every alias as separate values, so that no phrase runs from one into the next. An alias that is part
/// of the name, such as a surname, is left out: the name matches it.
fn put_names(block: &mut Block, field: Field, entity: &Entity) {
    block.text(field, &entity.name);
    for alias in entity.aliases.iter().filter(|alias| !has_words(&entity.name, alias)) {
        block.text(field, alias);
    }
}

fn put_facet(block: &mut Block, fields: &Fields, kind: FacetKind, value: &str) {
    if !value.is_empty() {
        block.write(fields.facet, |out| write_facet(out, kind, &[value]));
    }
}

/// Adds a role and, as a second step, the name of its bearer; values that are too long are left out.
fn put_role(block: &mut Block, fields: &Fields, role: &str, name: &str) {
    if role.len().max(name.len()) <= LONGEST_FACET {
        block.write(fields.facet, |out| write_facet(out, FacetKind::Role, &[role, name]));
    }
}

fn write_facet(out: &mut String, kind: FacetKind, steps: &[&str]) {
    out.push_str(kind.name());
    for step in steps {
        out.push('\0');
        let step = step.get(..step.floor_char_boundary(LONGEST_FACET)).unwrap_or(step);
        if step.contains('\0') { out.push_str(&step.replace('\0', " ")) } else { out.push_str(step) }
    }
}

/// True if `part` occurs in `name` as whole words.
fn has_words(name: &str, part: &str) -> bool {
    name.match_indices(part).any(|(at, _)| {
        let (before, after) = (name.get(..at).unwrap_or(""), name.get(at + part.len()..).unwrap_or(""));
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}
