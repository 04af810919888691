//! An article as it was read: quotations ruled, names underlined, speakers in the margin, the matches of a search one
//! after the other.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;

use super::super::ask::{Ask, address};
use super::super::failure::Failure;
use super::super::pieces::{Layer, Pieces, What};
use super::super::state::{Server, Snapshot};
use super::super::tagged;
use super::card::{self, Certainty, Speaker};
use super::{Frame, Link, article_address, day_note, day_of, entity_address, original, screen as answer, search};
use crate::present::phrase::{self, count};
use crate::query::filter;
use crate::search::{Annotated, Backend as _, By, Deadline, Hit, Request};
use crate::text::{CharSpan, CodePoints};

/// Matches that are listed by number.
const NUMBERED: usize = 30;

#[derive(Template)]
#[template(path = "article.html")]
struct Article {
    frame: Frame,
    title: String,
    meta: Vec<String>,
    day_note: Option<&'static str>,
    original: Option<String>,
    /// Back to the hits that led here.
    back: Option<Link>,
    previous: Option<String>,
    next: Option<String>,
    rows: Vec<Row>,
    matches: u32,
    numbered: Vec<u32>,
    quotes: String,
    speakers: String,
    also: Option<String>,
}

/// A paragraph, and who speaks in it.
struct Row {
    number: usize,
    notes: Vec<Note>,
    pieces: Pieces,
}

/// A quotation, beside the paragraph in which it begins.
struct Note {
    anchor: String,
    speakers: Vec<Speaker>,
    certainty: Certainty,
}

/// The screen at `/article/KEY`.
pub(in super::super) async fn screen(
    State(server): State<Arc<Server>>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let ask = Ask::parse(query.as_deref())?;
    let snapshot = server.snapshot();
    let tag = match tagged(&snapshot, &format!("/article/{key}?{}", query.unwrap_or_default()), &headers) {
        Ok(tag) => tag,
        Err(not_modified) => return Ok(*not_modified),
    };
    let signed_in = server.access.tokens.is_some();
    server
        .pool
        .run(move |deadline| {
            let whole = snapshot.article(&key)?;
            let mut page = article(&snapshot, &whole, &ask, &key, &deadline)?;
            page.frame.signed_in = signed_in;
            answer(&page, Some(tag))
        })
        .await
}

fn article(
    snapshot: &Snapshot,
    whole: &Annotated,
    ask: &Ask,
    key: &str,
    deadline: &Deadline,
) -> Result<Article, Failure> {
    let points = CodePoints::new(&whole.text);
    let searched = (!ask.is_empty()).then(|| Request { by: Some(search::unit(ask)), ..ask.request(deadline) });
    let hits = match &searched {
        Some(request) => within(snapshot, request, whole)?,
        None => Vec::new(),
    };
    let mut matches: Vec<CharSpan> = hits.iter().flat_map(matches_of).collect();
    matches.sort_unstable();
    matches.dedup_by(|next, last| {
        let overlaps = next.start < last.end;
        if overlaps {
            last.end = last.end.max(next.end);
        }
        overlaps
    });
    let layers = layers(whole, &matches);
    let of = |span: CharSpan| points.bytes(span).of(&whole.text);
    let note = |quote: &crate::search::Quote, start: u32| Note {
        anchor: format!("q{start}"),
        speakers: card::speakers(quote),
        certainty: card::certainty(quote, quote.source.map(of).filter(|words| words.len() < 60)),
    };
    let mut first = 0;
    let rows = whole.paragraphs.iter().enumerate().map(|(number, &paragraph)| {
        // Layers are sorted by their start; what ends before this paragraph is not looked at again for those to come.
        while layers.get(first).is_some_and(|layer| layer.span.end <= paragraph.start) {
            first += 1;
        }
        let ahead = layers.get(first..).unwrap_or_default();
        let ahead = ahead.get(..ahead.partition_point(|layer| layer.span.start < paragraph.end)).unwrap_or_default();
        let inside = |start: &u32| (paragraph.start..paragraph.end).contains(start);
        let notes = whole.quotes.iter().filter_map(|quote| {
            let start = quote.content.first()?.start;
            inside(&start).then(|| note(quote, start))
        });
        Row { number: number + 1, notes: notes.collect(), pieces: Pieces::of(&whole.text, &points, paragraph, ahead) }
    });
    let rows = rows.collect();
    let mut names: Vec<&str> = whole.quotes.iter().filter_map(|quote| quote.speaker.as_deref()).collect();
    names.sort_unstable();
    names.dedup();
    let meta = &whole.article;
    let neighbours = neighbours(snapshot, searched.as_ref(), ask)?;
    let title = phrase::title(meta).to_owned();
    let mut frame = Frame::new(title.clone(), "article")
        .asking(&ask.with(|ask| ask.more = None))
        .also("application/json", "JSON", format!("/api/v1/articles/{key}"))
        .also("application/ld+json", "Annotations", format!("/api/v1/articles/{key}/annotations"));
    snapshot.digest().clone_into(&mut frame.digest);
    Ok(Article {
        title,
        meta: [meta.outlet.clone(), Some(day_of(meta)), phrase::byline(meta), meta.section.clone()]
            .into_iter()
            .flatten()
            .collect(),
        day_note: day_note(meta),
        original: original(meta).map(str::to_owned),
        back: searched
            .is_some()
            .then(|| Link { text: "All hits".to_owned(), href: ask.with(|ask| ask.more = None).address("/") }),
        previous: neighbours.0,
        next: neighbours.1,
        matches: matches.len() as u32,
        numbered: (1..=matches.len().min(NUMBERED) as u32).collect(),
        quotes: count(whole.quotes.len() as u64, "quotation"),
        speakers: count(names.len() as u64, "speaker"),
        also: hits.iter().find_map(card::also),
        rows,
        frame,
    })
}

/// What lies over the text, by where it begins.
fn layers(whole: &Annotated, matches: &[CharSpan]) -> Vec<Layer> {
    let mut layers = Vec::new();
    for quote in &whole.quotes {
        let id = quote.content.first().map_or(String::new(), |first| format!("q{}", first.start));
        for (at, &span) in quote.content.iter().enumerate() {
            let id = if at == 0 { id.clone() } else { String::new() };
            // A quotation that runs over paragraphs is ruled in each.
            layers.extend(by_paragraph(span, &whole.paragraphs, at == 0).map(|(span, is_first)| Layer {
                span,
                what: What::Said(quote.kind, if is_first { id.clone() } else { String::new() }),
            }));
        }
    }
    for mention in &whole.mentions {
        let span = CharSpan { start: mention.start, end: mention.end };
        layers.push(Layer { span, what: What::Name(entity_address(mention.kind, &mention.entity)) });
    }
    for (number, &span) in (1..).zip(matches) {
        layers.push(Layer { span, what: What::Match(Some(number)) });
    }
    layers.sort_by_key(|layer| layer.span.start);
    layers
}

/// The parts of a span in each paragraph that it reaches into.
fn by_paragraph(
    span: CharSpan,
    paragraphs: &[CharSpan],
    begins: bool,
) -> impl Iterator<Item = (CharSpan, bool)> + use<'_> {
    let from = paragraphs.partition_point(|paragraph| paragraph.end <= span.start);
    let reached = paragraphs.get(from..).unwrap_or_default().iter().take_while(move |p| p.start < span.end);
    reached.enumerate().map(move |(at, paragraph)| {
        let part = CharSpan { start: span.start.max(paragraph.start), end: span.end.min(paragraph.end) };
        (part, begins && at == 0)
    })
}

/// Where the query matches, in the article; of a hit without matching words, the whole of it.
fn matches_of(hit: &Hit) -> Vec<CharSpan> {
    let place = |mark: &CharSpan| CharSpan { start: hit.start + mark.start, end: hit.start + mark.end };
    if hit.highlights.is_empty() && hit.by == By::Quote {
        return vec![CharSpan { start: hit.start, end: hit.end }];
    }
    hit.highlights.iter().map(place).collect()
}

/// The hits of a request in one article.
fn within(snapshot: &Snapshot, request: &Request, whole: &Annotated) -> Result<Vec<Hit>, Failure> {
    let article = &whole.article;
    let mut filters = request.filters.clone();
    filters.extend(article.published.as_ref().map(|published| format!("date:{}", published.day())));
    filters.extend(article.outlet.as_ref().map(|outlet| filter("outlet", outlet)));
    let by = match request.by {
        Some(By::Article) | None => Some(By::Passage),
        by => by,
    };
    let narrowed = Request { filters, by, facets: Vec::new(), explain: false, ..request.clone() };
    let mut hits = Vec::new();
    for hit in snapshot.engine.all_results(&narrowed)? {
        let hit = hit?;
        if hit.article.id == article.id {
            hits.push(hit);
        }
    }
    Ok(hits)
}

/// The screens of the hits before and after this one.
fn neighbours(
    snapshot: &Snapshot,
    request: Option<&Request>,
    ask: &Ask,
) -> Result<(Option<String>, Option<String>), Failure> {
    /// Beyond this, finding the neighbours takes longer than it is worth.
    const DEEPEST: u64 = 1_000;
    let rank = ask.other("n").and_then(|n| n.parse::<u64>().ok()).filter(|n| (1..DEEPEST).contains(n));
    let (Some(request), Some(rank)) = (request, rank) else { return Ok((None, None)) };
    let request = Request { limit: rank + 1, facets: Vec::new(), explain: false, ..request.clone() };
    let (mut previous, mut next) = (None, None);
    for hit in snapshot.engine.results(&request)?.skip(rank.saturating_sub(2) as usize) {
        let hit = hit?;
        let mut pairs = ask.first_page().pairs();
        pairs.push(("n", hit.rank.to_string()));
        let anchor = if hit.by == By::Quote { format!("q{}", hit.start) } else { format!("p{}", hit.paragraph) };
        let href = format!("{}#{anchor}", address(&article_address(&hit.article.id), pairs));
        match hit.rank {
            n if n + 1 == rank => previous = Some(href),
            n if n == rank + 1 => next = Some(href),
            _ => {}
        }
    }
    Ok((previous, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_over_paragraphs_is_ruled_in_each() {
        let span = |start, end| CharSpan { start, end };
        let parts: Vec<_> =
            by_paragraph(span(5, 25), &[span(0, 4), span(4, 10), span(12, 20), span(22, 30)], true).collect();
        assert_eq!(parts, [(span(5, 10), true), (span(12, 20), false), (span(22, 25), false)]);
    }
}
