//! The stored record of an article: everything a hit is built from.
//!
//! Written to be small once it is compressed: numbers are LEB128, offsets are differences, what follows from the body is
//! left out (paragraphs at blank lines, names that the text gives), and the encoding is columnar: all starts of mentions,
//! then all lengths. That takes a third less space than a row a mention and, without the body, an eleventh of JSON.

mod codes;

use rustc_hash::FxHashMap;

use self::codes::{
    attribution, attribution_code, entity_code, entity_kind, kind, kind_code, locator, locator_code, origin,
    origin_code,
};
use super::codec::{DecodeError, Decoder, Encoder};
use super::stored::{StoredArticle, StoredMention, StoredQuote};
use crate::article::{Meta, Published};
use crate::entity::EntityKind;
use crate::quote::{Attribution, Method, QuoteKind};
use crate::text::{CharSpan, CodePoints};

/// The article as bytes.
pub(super) fn encode(article: &StoredArticle) -> Vec<u8> {
    let mut out = Encoder::with_capacity(article.text.len() + article.text.len() / 8 + 256);
    out.meta(&article.meta);
    out.text(&article.text);
    out.paragraphs(article);
    let points = CodePoints::new(&article.text);
    let entities = Entities::of(article);
    out.mentions(article, &entities, &points);
    out.quotes(article, &entities);
    out.list(&article.locators, |out, locator| out.number(locator_code(*locator)));
    out.bytes
}

/// The article that [`encode`] wrote.
pub(super) fn decode(bytes: &[u8]) -> Result<StoredArticle, DecodeError> {
    Decoder::new(bytes).article()
}

/// The article without names and quotations: cheaper if only the text is needed.
pub(super) fn decode_texts(bytes: &[u8]) -> Result<StoredArticle, DecodeError> {
    Decoder::new(bytes).texts()
}

/// The metadata alone; the body is not read.
pub(super) fn decode_meta(bytes: &[u8]) -> Result<Meta, DecodeError> {
    Decoder::new(bytes).meta()
}

/// The paragraphs of a text whose paragraphs are separated by blank lines only.
fn by_blank_lines(text: &str) -> Vec<CharSpan> {
    let mut start = 0;
    text.split("\n\n")
        .map(|paragraph| {
            let end = start + paragraph.chars().count() as u32;
            let span = CharSpan { start, end };
            start = end + 2;
            span
        })
        .collect()
}

/// Every entity that is mentioned, in order of its first mention, and every other name of a speaker.
#[derive(Default)]
struct Entities<'a> {
    numbers: FxHashMap<(u64, &'a str), u64>,
    /// By name alone, as speakers have no kind.
    names: FxHashMap<&'a str, u64>,
    /// Speakers who are not among the mentions.
    others: Vec<&'a str>,
}

impl<'a> Entities<'a> {
    fn of(article: &'a StoredArticle) -> Self {
        let mut entities = Entities::default();
        for mention in &article.mentions {
            let next = entities.numbers.len() as u64;
            entities.numbers.entry((entity_code(mention.kind), &mention.entity)).or_insert(next);
            entities.names.entry(&mention.entity).or_insert(next);
        }
        for name in article.quotes.iter().flat_map(|quote| &quote.speakers) {
            let next = (entities.numbers.len() + entities.others.len()) as u64;
            if *entities.names.entry(name).or_insert(next) == next {
                entities.others.push(name);
            }
        }
        entities
    }

    fn number(&self, mention: &StoredMention) -> u64 {
        self.numbers.get(&(entity_code(mention.kind), mention.entity.as_str())).copied().unwrap_or_default()
    }

    fn speaker(&self, name: &str) -> u64 {
        self.names.get(name).copied().unwrap_or_default()
    }
}

/// Number of entity kinds. A code below this marks the first mention of a new entity of that kind.
const KINDS: u64 = 3;

impl Encoder {
    fn meta(&mut self, meta: &Meta) {
        self.text(&meta.id);
        self.text(&meta.path);
        for field in [&meta.record, &meta.title, &meta.outlet, &meta.section, &meta.collection, &meta.language] {
            self.option(field.as_ref());
        }
        // Usually the id is the URL.
        let is_id = meta.url.as_ref() == Some(&meta.id);
        self.number(u64::from(is_id));
        self.option(meta.url.as_ref().filter(|_| !is_id));
        self.list(&meta.byline, |out, name| out.text(name));
        self.number(meta.published.as_ref().map_or(0, |p| origin_code(p.origin)));
        if let Some(published) = &meta.published {
            self.text(&published.at);
        }
    }

    /// Number of paragraphs plus one, then their spans; 0 if they follow from blank lines.
    fn paragraphs(&mut self, article: &StoredArticle) {
        if article.paragraphs == by_blank_lines(&article.text) {
            self.number(0);
        } else {
            self.number(article.paragraphs.len() as u64 + 1);
            article.paragraphs.iter().for_each(|&paragraph| self.span(paragraph));
        }
    }

    fn mentions(&mut self, article: &StoredArticle, entities: &Entities, points: &CodePoints) {
        self.number(article.mentions.len() as u64);
        let mut last = 0;
        for mention in &article.mentions {
            self.ahead(last, mention.span.start);
            last = mention.span.end;
        }
        article
            .mentions
            .iter()
            .for_each(|mention| self.number(u64::from(mention.span.end.saturating_sub(mention.span.start))));
        let mut known = 0;
        let mut new = Vec::new();
        for mention in &article.mentions {
            let number = entities.number(mention);
            if number == known {
                known += 1;
                new.push(mention);
                self.number(entity_code(mention.kind));
            } else {
                self.number(number + KINDS);
            }
        }
        for mention in new {
            let named = points.bytes(mention.span).of(&article.text) == mention.entity;
            self.option(Some(&mention.entity).filter(|_| !named));
        }
    }

    fn quotes(&mut self, article: &StoredArticle, entities: &Entities) {
        self.list(&entities.others, |out, name| out.text(name));
        self.list(&article.quotes, |out, quote| out.number(Head::of(quote).code()));
        article.quotes.iter().for_each(|quote| self.number(u64::from(quote.hundredths)));
        self.restart_spans();
        for quote in &article.quotes {
            if Head::of(quote).parts == MANY {
                self.number(quote.content.len() as u64);
            }
            quote.content.iter().chain(&quote.cue).chain(&quote.source).for_each(|&part| self.span(part));
        }
        for quote in &article.quotes {
            if Head::of(quote).speakers == MANY {
                self.number(quote.speakers.len() as u64);
            }
            quote.speakers.iter().for_each(|name| self.number(entities.speaker(name)));
        }
    }
}

/// The properties of a quotation that are packed into its first number.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own, in any combination")]
struct Head {
    kind: QuoteKind,
    attribution: Attribution,
    method: Method,
    speech: bool,
    described: bool,
    corrected: bool,
    cue: bool,
    source: bool,
    /// Number of its parts, or [`MANY`].
    parts: u64,
    /// Number of its speakers, or [`MANY`].
    speakers: u64,
}

/// Counts from this on are stored separately.
const MANY: u64 = 3;

impl Head {
    fn of(quote: &StoredQuote) -> Self {
        Head {
            kind: quote.kind,
            attribution: quote.attribution,
            method: quote.method,
            speech: quote.speech,
            described: quote.described,
            corrected: quote.corrected,
            cue: quote.cue.is_some(),
            source: quote.source.is_some(),
            parts: MANY.min(quote.content.len() as u64),
            speakers: MANY.min(quote.speakers.len() as u64),
        }
    }

    /// Common cases give small numbers.
    fn code(&self) -> u64 {
        let flags = u64::from(self.cue) + 2 * u64::from(self.source) + 4 * self.speakers;
        let marks = match self.method {
            Method::Model => 0,
            Method::Marks => 1,
        };
        let rare = marks
            + 2 * u64::from(!self.speech)
            + 4 * u64::from(self.described)
            + 8 * (self.parts ^ 1)
            + 32 * u64::from(self.corrected);
        kind_code(self.kind) + 3 * (attribution_code(self.attribution) + 5 * (flags + 16 * rare))
    }

    fn from_code(code: u64) -> Option<Self> {
        let (kind_code, attribution_code, flags) = (code % 3, code / 3 % 5, code / 15 % 16);
        let rare = code / 240;
        Some(Head {
            kind: kind(kind_code)?,
            attribution: attribution(attribution_code)?,
            cue: flags & 1 == 1,
            source: flags & 2 == 2,
            speakers: flags >> 2,
            method: if rare & 1 == 1 { Method::Marks } else { Method::Model },
            speech: rare & 2 == 0,
            described: rare & 4 == 4,
            parts: (rare >> 3 & 3) ^ 1,
            corrected: match rare >> 5 {
                0 => false,
                1 => true,
                _ => return None,
            },
        })
    }
}

impl Decoder<'_> {
    fn meta(&mut self) -> Result<Meta, DecodeError> {
        let (id, path) = (self.text()?, self.text()?);
        let (record, title, outlet) = (self.option(Self::text)?, self.option(Self::text)?, self.option(Self::text)?);
        let (section, collection) = (self.option(Self::text)?, self.option(Self::text)?);
        let language = self.option(Self::text)?;
        let is_id = self.number()? == 1;
        let url = self.option(Self::text)?.or_else(|| is_id.then(|| id.clone()));
        Ok(Meta {
            id,
            path,
            record,
            title,
            outlet,
            url,
            section,
            collection,
            language,
            byline: self.list(Self::text)?,
            published: self.published()?,
            custody: None,
        })
    }

    fn published(&mut self) -> Result<Option<Published>, DecodeError> {
        match self.number()? {
            0 => Ok(None),
            code => Ok(Some(Published { origin: self.sound(origin(code))?, at: self.text()? })),
        }
    }

    fn texts(&mut self) -> Result<StoredArticle, DecodeError> {
        let meta = self.meta()?;
        let text = self.text()?;
        let paragraphs = match self.size()? {
            0 => by_blank_lines(&text),
            more => self.many(more - 1, Self::span)?,
        };
        Ok(StoredArticle { meta, text, paragraphs, ..StoredArticle::default() })
    }

    fn article(&mut self) -> Result<StoredArticle, DecodeError> {
        let StoredArticle { meta, text, paragraphs, .. } = self.texts()?;
        let (mentions, mut names) = self.mentions(&text)?;
        names.extend(self.list(Self::text)?);
        let quotes = self.quotes(&names)?;
        let locators = self.list(|from| Ok(locator(from.number()?)))?;
        self.sound(self.is_done().then_some(StoredArticle { meta, text, paragraphs, locators, mentions, quotes }))
    }

    /// The mentions, and the names of their entities by number.
    fn mentions(&mut self, text: &str) -> Result<(Vec<StoredMention>, Vec<String>), DecodeError> {
        let points = CodePoints::new(text);
        let count = self.size()?;
        let ahead = self.many(count, Self::signed)?;
        let lengths = self.many(count, Self::number)?;
        let codes = self.many(count, Self::number)?;
        let mut spans = Vec::with_capacity(count);
        let mut last = 0;
        for (ahead, length) in ahead.into_iter().zip(lengths) {
            let span = self.after(last, ahead, length)?;
            last = span.end;
            spans.push(span);
        }
        let mut entities: Vec<(EntityKind, String)> = Vec::new();
        let mut numbers = Vec::with_capacity(count);
        for (&code, &span) in codes.iter().zip(&spans) {
            numbers.push(if code < KINDS { entities.len() as u64 } else { code - KINDS });
            if code < KINDS {
                let named = || points.bytes(span).of(text).to_owned();
                // Names follow after all codes; a name that is missing there is the text of the mention.
                entities.push((self.sound(entity_kind(code))?, named()));
            }
        }
        for (_, name) in &mut entities {
            if let Some(other) = self.option(Self::text)? {
                *name = other;
            }
        }
        let mut mentions = Vec::with_capacity(count);
        for (number, span) in numbers.into_iter().zip(spans) {
            let entity = usize::try_from(number).ok().and_then(|number| entities.get(number));
            let (kind, name) = self.sound(entity)?;
            mentions.push(StoredMention { span, kind: *kind, entity: name.clone() });
        }
        Ok((mentions, entities.into_iter().map(|(_, name)| name).collect()))
    }

    fn quotes(&mut self, names: &[String]) -> Result<Vec<StoredQuote>, DecodeError> {
        let heads = self.list(|from| {
            let code = from.number()?;
            from.sound(Head::from_code(code))
        })?;
        let confidences = self.many(heads.len(), Self::number)?;
        self.restart_spans();
        let mut quotes = Vec::with_capacity(heads.len());
        for (head, confidence) in heads.iter().zip(confidences) {
            let parts = if head.parts == MANY { self.size()? } else { head.parts as usize };
            quotes.push(StoredQuote {
                kind: head.kind,
                content: self.many(parts, Self::span)?,
                cue: if head.cue { Some(self.span()?) } else { None },
                source: if head.source { Some(self.span()?) } else { None },
                speakers: Vec::new(),
                attribution: head.attribution,
                hundredths: confidence.min(100) as u8,
                speech: head.speech,
                described: head.described,
                method: head.method,
                corrected: head.corrected,
            });
        }
        for (head, quote) in heads.iter().zip(&mut quotes) {
            let count = if head.speakers == MANY { self.size()? } else { head.speakers as usize };
            quote.speakers = self.many(count, |from| from.name(names))?;
        }
        Ok(quotes)
    }

    fn name(&mut self, names: &[String]) -> Result<String, DecodeError> {
        let number = self.size()?;
        self.sound(names.get(number).cloned())
    }
}

#[cfg(test)]
mod tests;
