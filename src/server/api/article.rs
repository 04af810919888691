//! Articles with everything found in them, also as Web Annotations, and who somebody is.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::{Value, json as value};

use super::super::Asked;
use super::super::ask::Ask;
use super::super::failure::Failure;
use super::super::page::entity::kind_of;
use super::json as answer;
use crate::answers;
use crate::present::html::original;
use crate::search::{Annotated, Quote};
use crate::text::{CharSpan, CodePoints};

/// Code points of context that a quotation is found again by.
const CONTEXT: u32 = 32;

/// `GET /api/v1/articles/KEY`: as a line of `annotate`.
pub(in super::super) async fn json(Path(key): Path<String>, asked: Asked) -> Result<Response, Failure> {
    asked
        .answer(move |server, snapshot, _| {
            let mut whole = snapshot.article(&key)?;
            server.mask(&mut whole.article);
            answer(&whole)
        })
        .await
}

/// `GET /api/v1/articles/KEY/annotations`: quotations and names by the W3C Web Annotation Data Model, as JSON-LD.
pub(in super::super) async fn annotations(Path(key): Path<String>, asked: Asked) -> Result<Response, Failure> {
    asked
        .answer(move |_, snapshot, _| {
            let mut response = answer(&page(&snapshot.article(&key)?, &key))?;
            let kind = "application/ld+json; profile=\"http://www.w3.org/ns/anno.jsonld\"";
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            Ok(response)
        })
        .await
}

fn page(whole: &Annotated, key: &str) -> Value {
    let points = CodePoints::new(&whole.text);
    let text = |span: CharSpan| points.bytes(span).of(&whole.text);
    let id = |what: &str, number: usize| format!("urn:onrecord:{key}:{what}{number}");
    let source = original(&whole.article).map_or_else(|| format!("urn:onrecord:{key}"), str::to_owned);
    let target = |span: CharSpan| {
        let before = CharSpan { start: span.start.saturating_sub(CONTEXT), end: span.start };
        let after = CharSpan { start: span.end, end: span.end + CONTEXT };
        value!({
            "source": source,
            "selector": [
                {"type": "TextPositionSelector", "start": span.start, "end": span.end},
                {"type": "TextQuoteSelector", "exact": text(span), "prefix": text(before), "suffix": text(after)},
            ],
        })
    };
    let quote = |(number, quote): (usize, &Quote)| {
        let targets: Vec<Value> = quote.content.iter().map(|&span| target(span)).collect();
        let mut said = value!(quote);
        if let Some(said) = said.as_object_mut() {
            for offsets in ["content", "cue", "source"] {
                said.remove(offsets);
            }
        }
        value!({
            "id": id("quote", number),
            "type": "Annotation",
            "motivation": "identifying",
            "body": {"type": "Dataset", "purpose": "describing", "value": said},
            "target": targets,
        })
    };
    let quotes = whole.quotes.iter().enumerate().map(quote);
    let mentions = whole.mentions.iter().enumerate().map(|(number, mention)| {
        value!({
            "id": id("mention", number),
            "type": "Annotation",
            "motivation": "identifying",
            "body": {"type": "TextualBody", "purpose": "tagging", "value": mention.entity, "format": "text/plain"},
            "target": target(CharSpan { start: mention.start, end: mention.end }),
        })
    });
    let items: Vec<Value> = quotes.chain(mentions).collect();
    value!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": format!("urn:onrecord:{key}:annotations"),
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": items,
    })
}

/// `GET /api/v1/entities`: the entities that have the name `name`, of a `kind` or any.
pub(in super::super) async fn entity(asked: Asked) -> Result<Response, Failure> {
    let ask = Ask::parse(asked.query())?;
    ask.only(&["name", "kind"])?;
    let name = ask.other("name").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| Failure::request("`name` is missing"))?.to_owned();
    let kind = ask.other("kind").map(kind_of).transpose()?;
    asked
        .answer(move |_, snapshot, deadline| match answers::profile(&snapshot.engine, kind, &name, deadline)? {
            Some(profile) => answer(&profile),
            None => Err(Failure::not_found(format!("nobody and nothing called `{name}` is in this index"))),
        })
        .await
}
