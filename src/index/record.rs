//! The stored record of an article: [`Annotated`] as bytes, everything a hit is built from.
//!
//! Numbers are LEB128, offsets are differences to the one before, every entity's name is written once: about an
//! eighth of the size of the same as JSON, body aside, and no text to parse for each hit.

use rustc_hash::FxHashMap;

use super::codec::{Damaged, Decoder, Encoder};
use crate::article::{DateOrigin, Meta, Published};
use crate::entity;
use crate::quote::{Attribution, Kind};
use crate::search::{Annotated, Mention, Quote};
use crate::text::CharSpan;

/// The article as bytes. Confidences keep their hundredths; `Quote::text` is left out, it follows from the body.
pub fn encode(article: &Annotated) -> Vec<u8> {
    let mut out = Encoder::with_capacity(article.text.len() + article.text.len() / 8 + 256);
    out.meta(&article.article);
    out.text(&article.text);
    out.spans(&article.paragraphs);
    let names = Names::of(article);
    out.list(&names.list, |out, name| out.text(name));
    out.restart_spans();
    out.list(&article.mentions, |out, mention| {
        out.span(CharSpan { start: mention.start, end: mention.end });
        out.number(entity_code(mention.kind));
        out.number(names.number(&mention.entity));
    });
    out.restart_spans();
    out.list(&article.quotes, |out, quote| {
        out.number(kind_code(quote.kind));
        out.number(attribution_code(quote.attribution) * 2 + u64::from(quote.by_marks));
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
    Decoder::new(bytes).annotated()
}

/// What is known about the article alone: the body is not read.
pub fn decode_meta(bytes: &[u8]) -> Result<Meta, Damaged> {
    Decoder::new(bytes).meta()
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

impl Encoder {
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

impl Decoder<'_> {
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
        self.restart_spans();
        let mentions = self.list(|from| from.mention(&names))?;
        self.restart_spans();
        let quotes = self.list(|from| from.quote(&names))?;
        self.sound(self.is_done().then_some(Annotated { article, text, paragraphs, mentions, quotes }))
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
            attribution: self.sound(attribution(attribution_code / 2))?,
            confidence,
            by_marks: attribution_code % 2 == 1,
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
        let codes = (0u64..3, 0u64..5, 0u8..=100, any::<bool>());
        (parts, prop::collection::vec("[A-E]{1,2}", 0..4), codes).prop_map(
            |((content, cue, source), speakers, (k, a, hundredths, by_marks))| Quote {
                kind: kind(k).unwrap(),
                content,
                cue,
                source,
                speaker: speakers.first().cloned(),
                speakers: if speakers.len() > 1 { speakers } else { Vec::new() },
                attribution: attribution(a).unwrap(),
                confidence: f32::from(hundredths) / 100.0,
                by_marks,
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
