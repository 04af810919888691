//! Quotations, names and hits by the W3C Web Annotation Data Model, as JSON-LD.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::HitWriter;
use super::harmless::Escaped;
use super::html::original;
use crate::article::{Custody, Meta};
use crate::index::Key;
use crate::search::{Annotated, By, Hit, Quote, Response};
use crate::text::{CharSpan, CodePoints};

/// The media type of annotations.
pub const MEDIA_TYPE: &str = "application/ld+json; profile=\"http://www.w3.org/ns/anno.jsonld\"";

/// The JSON-LD context of annotations.
const LD_CONTEXT: &str = "http://www.w3.org/ns/anno.jsonld";

/// Code points of context by which a quotation is found again.
const CONTEXT: u32 = 32;

/// A page of all quotations and names of an article.
pub fn page(whole: &Annotated) -> Value {
    let text = Excerpt::of(&whole.article, &whole.text, 0);
    let quotes = whole.quotes.iter().map(|quote| text.quote(quote, Marks::of(&quote.tags, &quote.notes)));
    let marks = Marks::of(&whole.tags, &whole.notes).bodies();
    let of_article = (!marks.is_empty()).then(|| {
        json!({
            "id": format!("{}:article", text.article),
            "type": "Annotation",
            "motivation": if whole.notes.is_empty() { "tagging" } else { "commenting" },
            "body": marks,
            "target": text.source,
        })
    });
    let names = whole.mentions.iter().map(|mention| {
        let span = CharSpan { start: mention.start, end: mention.end };
        let body =
            json!({"type": "TextualBody", "purpose": "tagging", "value": mention.entity, "format": "text/plain"});
        text.annotation("mention", span, "identifying", (body, Marks::default()), &text.target(span))
    });
    let items: Vec<Value> = quotes.chain(names).chain(of_article).collect();
    json!({
        "@context": LD_CONTEXT,
        "id": format!("{}:annotations", text.article),
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": items,
    })
}

/// Writes a page of annotations, one for each hit.
pub struct AnnotationWriter<W: Write> {
    out: Escaped<W>,
    query: String,
    hits: u64,
}

impl<W: Write> AnnotationWriter<W> {
    /// A writer to `out`.
    pub fn new(out: W) -> Self {
        AnnotationWriter { out: Escaped(out), query: String::new(), hits: 0 }
    }
}

impl<W: Write> HitWriter for AnnotationWriter<W> {
    fn open(&mut self, answer: &Response) -> io::Result<()> {
        self.query.clone_from(&answer.query);
        let own = blake3::hash(format!("{}\n{}", answer.index.digest, answer.read_as).as_bytes()).to_hex();
        write!(
            self.out,
            "{{\"@context\":\"{LD_CONTEXT}\",\n\"id\":\"urn:onrecord:search:{own}\",\n\"type\":\"AnnotationPage\",\n\
             \"startIndex\":0,\n\"items\":["
        )
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.out.write_all(if self.hits == 0 { b"\n" } else { b",\n" })?;
        self.hits += 1;
        let text = Excerpt::of(&hit.article, &hit.text, hit.start);
        let marks = Marks::of(&hit.tags, &hit.notes);
        let annotation = match (hit.by, hit.quotes.first()) {
            (By::Quote, Some(quote)) => text.quote(quote, marks),
            (By::Quote | By::Passage | By::Article, _) => {
                let span = CharSpan { start: hit.start, end: hit.end };
                let lit = |at: &CharSpan| CharSpan { start: hit.start + at.start, end: hit.start + at.end };
                let lit: Vec<Value> = hit.highlights.iter().map(|span| text.target(lit(span))).collect();
                let target = if lit.is_empty() { text.target(span) } else { lit.into() };
                let body = json!({"type": "TextualBody", "purpose": "tagging", "value": self.query});
                text.annotation("passage", span, "highlighting", (body, marks), &target)
            }
        };
        Ok(serde_json::to_writer(&mut self.out, &annotation)?)
    }

    fn close(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }
}

/// Tags and notes of what is annotated.
#[derive(Clone, Copy, Default)]
struct Marks<'a> {
    tags: &'a [String],
    notes: &'a [String],
}

impl<'a> Marks<'a> {
    fn of(tags: &'a [String], notes: &'a [String]) -> Self {
        Marks { tags, notes }
    }

    fn bodies(self) -> Vec<Value> {
        let body = |purpose: &str, text: &String| json!({"type": "TextualBody", "purpose": purpose, "value": text});
        let tags = self.tags.iter().map(|tag| body("tagging", tag));
        tags.chain(self.notes.iter().map(|note| body("commenting", note))).collect()
    }
}

/// Text of an article that annotations point into.
struct Excerpt<'a> {
    /// The article, as a URN.
    article: String,
    /// Where the article is.
    source: String,
    /// Which file it was read from, and when.
    custody: Option<&'a Custody>,
    text: &'a str,
    points: CodePoints<'a>,
    /// Its first code point in the article.
    start: u32,
}

impl<'a> Excerpt<'a> {
    fn of(article: &'a Meta, text: &'a str, start: u32) -> Self {
        let urn = format!("urn:onrecord:{}", Key::of(&article.id).hex());
        let source = original(article).map_or_else(|| urn.clone(), str::to_owned);
        let custody = article.custody.as_ref();
        Excerpt { article: urn, source, custody, text, points: CodePoints::new(text), start }
    }

    fn quote(&self, quote: &Quote, marks: Marks) -> Value {
        let mut said = json!(quote);
        if let Some(said) = said.as_object_mut() {
            for elsewhere in ["content", "cue", "source", "tags", "notes"] {
                said.remove(elsewhere);
            }
            let confidence = (f64::from(quote.confidence) * 1000.0).round() / 1000.0;
            said.insert("confidence".to_owned(), confidence.into());
        }
        let body = json!({"type": "Dataset", "purpose": "describing", "value": said});
        let target: Vec<Value> = quote.content.iter().map(|&span| self.target(span)).collect();
        let span = CharSpan {
            start: quote.content.first().map_or(self.start, |first| first.start),
            end: quote.content.last().map_or(self.start, |last| last.end),
        };
        self.annotation("quote", span, "identifying", (body, marks), &target.into())
    }

    /// What was found, with what people attached to it as further bodies.
    fn annotation(
        &self,
        what: &str,
        at: CharSpan,
        motivation: &str,
        (body, marks): (Value, Marks),
        target: &Value,
    ) -> Value {
        let mut marks = marks.bodies();
        let body = if marks.is_empty() {
            body
        } else {
            marks.insert(0, body);
            marks.into()
        };
        json!({
            "id": format!("{}:{what}:{}-{}", self.article, at.start, at.end),
            "type": "Annotation",
            "motivation": motivation,
            "body": body,
            "target": target,
        })
    }

    /// A span of the article, by its place and by its words, with the chain of custody of its file.
    fn target(&self, span: CharSpan) -> Value {
        let within = |at: u32| at.saturating_sub(self.start);
        let words = |start: u32, end: u32| self.points.bytes(CharSpan { start, end }).of(self.text);
        let (start, end) = (within(span.start), within(span.end));
        let mut target = json!({
            "source": self.source,
            "selector": [
                {"type": "TextPositionSelector", "start": span.start, "end": span.end},
                {
                    "type": "TextQuoteSelector",
                    "exact": words(start, end),
                    "prefix": words(start.saturating_sub(CONTEXT), start),
                    "suffix": words(end, end.saturating_add(CONTEXT)),
                },
            ],
        });
        if let (Some(custody), Some(target)) = (self.custody, target.as_object_mut()) {
            target.insert("state".to_owned(), json!({"type": "TimeState", "sourceDate": custody.read_at}));
            target.insert("schema:sha256".to_owned(), json!(custody.sha256));
            target.insert("schema:contentSize".to_owned(), json!(custody.bytes.to_string()));
        }
        target
    }
}
