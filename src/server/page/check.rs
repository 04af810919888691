//! Did anybody say that? The quotations on record that are nearest to pasted words, word by word.

use askama::Template;
use axum::response::Response;

use super::super::claim;
use super::super::request::IndexRequest;
use super::super::search_params::SearchParams;
use super::super::state::{Server, Snapshot};
use super::{Failure, Frame, Screens, article_address, screen as answer};
use crate::answers::Claim;
use crate::present::check::{Check, Nearest};
use crate::present::html::card::{Speaker, named};
use crate::present::html::{day_text, original_at};
use crate::present::phrase::{self, count};
use crate::search::{Deadline, Difference};
use crate::text::wording::Change;

/// Where the screen is.
const PATH: &str = "/check";

#[derive(Template)]
#[template(path = "check.html")]
struct Screen {
    frame: Frame,
    words: String,
    speaker: String,
    /// What is asked for cannot be checked, and why.
    problem: Option<&'static str>,
    result: Option<ResultView>,
    /// What the words are compared with.
    holds: String,
}

/// The answer to a claim.
struct ResultView {
    verdict: String,
    cards: Vec<Card>,
    /// True if a card marks words.
    differs: bool,
    more: Option<String>,
}

/// A quotation on record.
struct Card {
    speakers: Vec<Speaker>,
    near: String,
    /// Somebody else is asked for.
    is_another: bool,
    /// From the pasted words to those on record; empty where they are the same.
    differences: Vec<Difference>,
    /// The whole quotation, where more of it is on record than was pasted.
    text: Option<String>,
    outlets: String,
    since: Option<String>,
    title: String,
    href: String,
    original: Option<String>,
}

/// The screen at `/check`.
pub(in super::super) async fn screen(request: IndexRequest) -> Result<Response, Failure> {
    let claim = claim::parse(request.query())?;
    request.answer(move |server, snapshot, deadline| answer(&page(server, snapshot, &claim, deadline)?)).await
}

fn page(server: &Server, snapshot: &Snapshot, claim: &Claim, deadline: &Deadline) -> Result<Screen, Failure> {
    let mut frame = Frame::of(server, snapshot, "Check a quotation", "check");
    let stats = snapshot.stats()?;
    let (articles, quotes) = (count(stats.articles, "article"), count(stats.quotes, "quotation"));
    let days = super::status::days(stats).map_or(String::new(), |(first, last)| format!(", {first} to {last}"));
    let has_words = claim::has_words(claim);
    let result = if has_words {
        frame = frame.also("application/json", "JSON", claim::written(claim, "/api/v1/check"));
        Some(result(&claim::check(snapshot, claim, deadline)?, claim))
    } else {
        None
    };
    Ok(Screen {
        frame,
        words: claim.words.clone(),
        speaker: claim.speaker.clone().unwrap_or_default(),
        problem: (!has_words && !claim.words.is_empty()).then_some("There is no word in this to check."),
        result,
        holds: format!("{quotes} in {articles}{days}"),
    })
}

fn result(check: &Check, claim: &Claim) -> ResultView {
    let verdict = match (check.nearest.first(), &check.speaker) {
        (None, _) => "Not on record here".to_owned(),
        _ if check.as_pasted => "On record as pasted".to_owned(),
        (Some(first), Some(speaker)) if first.as_pasted => format!("On record as pasted, but not by {speaker}"),
        _ => "Not on record here as pasted".to_owned(),
    };
    let cards: Vec<Card> = check.nearest.iter().map(card).collect();
    let more = if cards.len() == claim.limit { claim::in_full(claim) } else { None };
    ResultView {
        verdict,
        differs: cards.iter().any(|card| !card.differences.is_empty()),
        more: more.map(|claim| claim::written(&claim, PATH)),
        cards,
    }
}

fn card(nearest: &Nearest) -> Card {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
    let on_record = nearest.differences.iter().filter(|difference| difference.change != Change::Gone);
    let compared: usize = on_record.map(|difference| letters(&difference.text)).sum();
    let is_part = letters(&nearest.text) > compared;
    let outlets = match nearest.outlets.as_slice() {
        [] => "outlet unknown".to_owned(),
        outlets => outlets.join(", "),
    };
    Card {
        speakers: named(&nearest.speakers, &Screens(&SearchParams::default())),
        near: if nearest.as_pasted {
            "as pasted".to_owned()
        } else {
            // Rounded down: only what is as pasted is 100%.
            format!("{}% the same", (nearest.nearness * 100.0).floor().min(99.0))
        },
        is_another: !nearest.by_speaker,
        differences: if nearest.as_pasted { Vec::new() } else { nearest.differences.clone() },
        text: (nearest.as_pasted || is_part).then(|| nearest.text.clone()),
        outlets,
        since: nearest.since.as_deref().map(day_text),
        title: phrase::title(&nearest.article).to_owned(),
        href: format!("{}#q{}", article_address(&nearest.article.id), nearest.start),
        original: original_at(&nearest.article, &nearest.text),
    }
}
