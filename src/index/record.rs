//! The stored record of an article: [`Annotated`] as bytes, everything a hit is built from.
//!
//! Numbers are LEB128, offsets are differences to the one before, every entity's name is written once: about an
//! eighth of the size of the same as JSON, body aside, and no text to parse for each hit.

use rustc_hash::FxHashMap;

use crate::article::{DateOrigin, Meta, Published};
use crate::entity;
use crate::quote::{Attribution, Kind};
use crate::search::{Annotated, Mention, Quote};
use crate::text::CharSpan;

/// A record that can't be read: the index is damaged, or of another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored record of an article is damaged at byte {at}")]
pub struct Damaged {
    /// How far it could be read.
    pub at: usize,
}

/// The article as bytes. Confidences keep their hundredths; `Quote::text` is left out, it follows from the body.
pub fn encode(article: &Annotated) -> Vec<u8> {
    let mut out = Encoder { bytes: Vec::with_capacity(article.text.len() + article.text.len() / 8 + 256), last: 0 };
    out.meta(&article.article);
    out.text(&article.text);
    out.spans(&article.paragraphs);
    let names = Names::of(article);
    out.list(&names.list, |out, name| out.text(name));
    out.last = 0;
    out.list(&article.mentions, |out, mention| {
        out.span(CharSpan { start: mention.start, end: mention.end });
        out.number(entity_code(mention.kind));
        out.number(names.number(&mention.entity));
    });
    out.last = 0;
    out.list(&article.quotes, |out, quote| {
        out.number(kind_code(quote.kind));
        out.number(attribution_code(quote.attribution));
        out.number((quote.confidence * 100.0).round() as u64);
        out.spans(&quote.content);
        for part in [quote.cue, quote.source] {
            out.number(u64::from(part.is_some()));
            if let Some(span) = part {
                out.span(span);
            }
        }
        let speakers: Vec<&str> = speakers(quote).collect();
        out.list(&speakers, |out, name| out.number(names.number(name)));
    });
    out.bytes
}

/// The article that [`encode`] wrote.
pub fn decode(bytes: &[u8]) -> Result<Annotated, Damaged> {
    Decoder { bytes, at: 0, last: 0 }.annotated()
}

/// What is known about the article alone: the body is not read.
pub fn decode_meta(bytes: &[u8]) -> Result<Meta, Damaged> {
    Decoder { bytes, at: 0, last: 0 }.meta()
}

/// All speakers of a quotation.
fn speakers(quote: &Quote) -> impl Iterator<Item = &str> {
    let first = quote.speaker.iter().filter(|_| quote.speakers.is_empty());
    first.chain(&quote.speakers).map(String::as_str)
}

/// Every name of an article's entities and speakers, once.
#[derive(Default)]
struct Names<'a> {
    list: Vec<&'a str>,
    numbers: FxHashMap<&'a str, u64>,
}

impl<'a> Names<'a> {
    fn of(article: &'a Annotated) -> Self {
        let mut names = Names::default();
        let mentioned = article.mentions.iter().map(|mention| mention.entity.as_str());
        for name in mentioned.chain(article.quotes.iter().flat_map(speakers)) {
            names.numbers.entry(name).or_insert_with(|| {
                names.list.push(name);
                names.list.len() as u64 - 1
            });
        }
        names
    }

    fn number(&self, name: &str) -> u64 {
        self.numbers.get(name).copied().unwrap_or_default()
    }
}

struct Encoder {
    bytes: Vec<u8>,
    /// Where the last span started: the next is written as the difference.
    last: u32,
}

impl Encoder {
    fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.bytes.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.bytes.push(n as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn option(&mut self, text: Option<&String>) {
        self.number(u64::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    fn list<T>(&mut self, list: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.number(list.len() as u64);
        for item in list {
            each(self, item);
        }
    }

    /// The start as a signed difference to the last one, zigzag; then the length.
    fn span(&mut self, span: CharSpan) {
        let ahead = i64::from(span.start) - i64::from(self.last);
        self.number(((ahead << 1) ^ (ahead >> 63)).cast_unsigned());
        self.number(u64::from(span.end.saturating_sub(span.start)));
        self.last = span.start;
    }

    fn spans(&mut self, spans: &[CharSpan]) {
        self.list(spans, |out, &span| out.span(span));
    }

    fn meta(&mut self, meta: &Meta) {
        self.text(&meta.id);
        self.text(&meta.path);
        for field in [&meta.record, &meta.title, &meta.outlet, &meta.url, &meta.section, &meta.language] {
            self.option(field.as_ref());
        }
        self.list(&meta.byline, |out, name| out.text(name));
        self.number(meta.published.as_ref().map_or(0, |p| origin_code(p.origin)));
        if let Some(published) = &meta.published {
            self.text(&published.at);
        }
    }
}

/// Reads what [`Encoder`] wrote; every step fails where the bytes end early or make no sense.
struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
    last: u32,
}

impl Decoder<'_> {
    /// The value, if the bytes gave one.
    fn sound<T>(&self, value: Option<T>) -> Result<T, Damaged> {
        value.ok_or(Damaged { at: self.at })
    }

    fn number(&mut self) -> Result<u64, Damaged> {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.sound(self.bytes.get(self.at).copied())?;
            self.at += 1;
            n |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(n);
            }
        }
        Err(Damaged { at: self.at })
    }

    /// A number that counts or points into something in memory.
    fn size(&mut self) -> Result<usize, Damaged> {
        let number = self.number()?;
        self.sound(usize::try_from(number).ok())
    }

    fn text(&mut self) -> Result<String, Damaged> {
        let len = self.size()?;
        let bytes = self.at.checked_add(len).and_then(|end| self.bytes.get(self.at..end));
        let text = self.sound(bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()))?.to_owned();
        self.at += len;
        Ok(text)
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Damaged>) -> Result<Option<T>, Damaged> {
        match self.number()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            2.. => Err(Damaged { at: self.at }),
        }
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T, Damaged>) -> Result<Vec<T>, Damaged> {
        let len = self.size()?;
        // Every item takes a byte at least, so damaged bytes can't ask for more memory than they hold.
        let mut list = Vec::with_capacity(len.min(self.bytes.len() - self.at));
        for _ in 0..len {
            list.push(read(self)?);
        }
        Ok(list)
    }

    fn span(&mut self) -> Result<CharSpan, Damaged> {
        let zigzag = self.number()?;
        let ahead = (zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed();
        let start = i64::from(self.last).checked_add(ahead).and_then(|start| u32::try_from(start).ok());
        let start = self.sound(start)?;
        let len = self.number()?;
        let end = self.sound(u32::try_from(len).ok().and_then(|len| start.checked_add(len)))?;
        self.last = start;
        Ok(CharSpan { start, end })
    }

    fn meta(&mut self) -> Result<Meta, Damaged> {
        Ok(Meta {
            id: self.text()?,
            path: self.text()?,
            record: self.option(Self::text)?,
            title: self.option(Self::text)?,
            outlet: self.option(Self::text)?,
            url: self.option(Self::text)?,
            section: self.option(Self::text)?,
            language: self.option(Self::text)?,
            byline: self.list(Self::text)?,
            published: self.published()?,
        })
    }

    fn published(&mut self) -> Result<Option<Published>, Damaged> {
        match self.number()? {
            0 => Ok(None),
            code => Ok(Some(Published { origin: self.sound(origin(code))?, at: self.text()? })),
        }
    }

    fn annotated(&mut self) -> Result<Annotated, Damaged> {
        let article = self.meta()?;
        let text = self.text()?;
        let paragraphs = self.list(Self::span)?;
        let names = self.list(Self::text)?;
        self.last = 0;
        let mentions = self.list(|from| from.mention(&names))?;
        self.last = 0;
        let quotes = self.list(|from| from.quote(&names))?;
        self.sound((self.at == self.bytes.len()).then_some(Annotated { article, text, paragraphs, mentions, quotes }))
    }

    fn mention(&mut self, names: &[String]) -> Result<Mention, Damaged> {
        let CharSpan { start, end } = self.span()?;
        let code = self.number()?;
        Ok(Mention { start, end, kind: self.sound(entity_kind(code))?, entity: self.name(names)? })
    }

    fn quote(&mut self, names: &[String]) -> Result<Quote, Damaged> {
        let (kind_code, attribution_code) = (self.number()?, self.number()?);
        let confidence = self.number()?.min(100) as f32 / 100.0;
        let content = self.list(Self::span)?;
        let cue = self.option(Self::span)?;
        let source = self.option(Self::span)?;
        let mut speakers = self.list(|from| from.name(names))?;
        let speaker = speakers.first().cloned();
        if speakers.len() < 2 {
            speakers.clear();
        }
        Ok(Quote {
            kind: self.sound(kind(kind_code))?,
            content,
            cue,
            source,
            speaker,
            speakers,
            attribution: self.sound(attribution(attribution_code))?,
            confidence,
            text: None,
        })
    }

    fn name(&mut self, names: &[String]) -> Result<String, Damaged> {
        let number = self.size()?;
        self.sound(names.get(number).cloned())
    }
}

fn entity_code(kind: entity::Kind) -> u64 {
    match kind {
        entity::Kind::Person => 0,
        entity::Kind::Organization => 1,
        entity::Kind::Place => 2,
    }
}

fn entity_kind(code: u64) -> Option<entity::Kind> {
    [entity::Kind::Person, entity::Kind::Organization, entity::Kind::Place].get(code as usize).copied()
}

fn kind_code(kind: Kind) -> u64 {
    match kind {
        Kind::Direct => 0,
        Kind::Indirect => 1,
        Kind::Mixed => 2,
    }
}

fn kind(code: u64) -> Option<Kind> {
    [Kind::Direct, Kind::Indirect, Kind::Mixed].get(code as usize).copied()
}

fn attribution_code(attribution: Attribution) -> u64 {
    match attribution {
        Attribution::Named => 0,
        Attribution::Alias => 1,
        Attribution::Pronoun => 2,
        Attribution::Inferred => 3,
        Attribution::Unknown => 4,
    }
}

fn attribution(code: u64) -> Option<Attribution> {
    use Attribution::{Alias, Inferred, Named, Pronoun, Unknown};
    [Named, Alias, Pronoun, Inferred, Unknown].get(code as usize).copied()
}

/// From 1: 0 stands for no date.
fn origin_code(origin: DateOrigin) -> u64 {
    match origin {
        DateOrigin::Record => 1,
        DateOrigin::Metadata => 2,
        DateOrigin::Page => 3,
        DateOrigin::Url => 4,
        DateOrigin::Crawl => 5,
        DateOrigin::File => 6,
    }
}

fn origin(code: u64) -> Option<DateOrigin> {
    use DateOrigin::{Crawl, File, Metadata, Page, Record, Url};
    [Record, Metadata, Page, Url, Crawl, File].get(code.checked_sub(1)? as usize).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span() -> impl Strategy<Value = CharSpan> {
        (0u32..5000, 0u32..300).prop_map(|(start, len)| CharSpan { start, end: start + len })
    }

    fn mention() -> impl Strategy<Value = Mention> {
        (span(), 0u64..3, "[A-C]{1,2}").prop_map(|(at, kind, entity)| Mention {
            start: at.start,
            end: at.end,
            kind: entity_kind(kind).unwrap(),
            entity,
        })
    }

    fn any_quote() -> impl Strategy<Value = Quote> {
        let parts = (prop::collection::vec(span(), 1..4), prop::option::of(span()), prop::option::of(span()));
        (parts, prop::collection::vec("[A-E]{1,2}", 0..4), 0u64..3, 0u64..5, 0u8..=100).prop_map(
            |((content, cue, source), speakers, k, a, hundredths)| Quote {
                kind: kind(k).unwrap(),
                content,
                cue,
                source,
                speaker: speakers.first().cloned(),
                speakers: if speakers.len() > 1 { speakers } else { Vec::new() },
                attribution: attribution(a).unwrap(),
                confidence: f32::from(hundredths) / 100.0,
                text: None,
            },
        )
    }

    fn meta() -> impl Strategy<Value = Meta> {
        let names = prop::option::of("\\PC{0,12}");
        (
            ("\\PC{1,20}", "\\PC{1,20}", names.clone(), names.clone()),
            (names.clone(), names, prop::collection::vec("\\PC{0,9}", 0..3)),
            prop::option::of((1u64..7, "[0-9-]{10}")),
        )
            .prop_map(|((id, path, record, title), (outlet, section, byline), date)| Meta {
                id,
                path,
                url: outlet.clone(),
                language: section.clone(),
                record,
                title,
                byline,
                outlet,
                section,
                published: date.map(|(code, at)| Published { at, origin: origin(code).unwrap() }),
            })
    }

    proptest! {
        #[test]
        fn there_and_back(
            article in meta(),
            text in "\\PC{0,80}",
            paragraphs in prop::collection::vec(span(), 0..5),
            mentions in prop::collection::vec(mention(), 0..6),
            quotes in prop::collection::vec(any_quote(), 0..4),
        ) {
            let whole = Annotated { article, text, paragraphs, mentions, quotes };
            let bytes = encode(&whole);
            prop_assert_eq!(decode_meta(&bytes), Ok(whole.article.clone()));
            prop_assert_eq!(decode(&bytes), Ok(whole));
        }

        #[test]
        fn damage_is_told(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            // Whatever the bytes, reading them ends and does not panic.
            let _ = decode(&bytes);
        }
    }
}
