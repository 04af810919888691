//! Two outlets, or any two filters, side by side.

use askama::Template;
use axum::response::Response;

use super::super::request::IndexRequest;
use super::super::search_params::{SearchParams, address};
use super::super::state::{Server, Snapshot};
use super::{Failure, Frame, Link, cards, kind_of_hit, screen as answer};
use crate::answers;
use crate::present::compare::{Comparison, Pair, Side, share};
use crate::present::html::card::Card;
use crate::present::phrase::{count, thousands};
use crate::query::{Warning, filter};
use crate::search::{Deadline, Difference, Hit, Request};

/// Where the screen is.
const PATH: &str = "/compare";

/// Entries of each list.
const LISTED: usize = 20;

/// Outlets that are offered for each side.
const OFFERED: u64 = 200;

#[derive(Template)]
#[template(path = "compare.html")]
struct Screen {
    frame: Frame,
    query: String,
    kept: Vec<(&'static str, String)>,
    a: String,
    b: String,
    /// Filters on outlets, to choose from.
    offered: Vec<String>,
    result: Option<ResultView>,
}

/// The answer.
struct ResultView {
    sides: Vec<Column>,
    both: String,
    more_in_both: bool,
    pairs: Vec<Both>,
    swapped: String,
    warnings: Vec<Warning>,
}

/// What only one side has.
struct Column {
    /// What it is called: the value of its filter.
    name: String,
    total: Link,
    share: String,
    /// Percent, for the bar.
    percent: f64,
    only: String,
    cards: Vec<Card>,
    /// Where not all hits were compared: how many were.
    compared: Option<String>,
}

/// The same in two wordings.
struct Both {
    cards: Vec<Card>,
    differences: Vec<Difference>,
}

/// The address of the screen for a search and two filters.
pub(super) fn address_of(params: &SearchParams, a: &str, b: &str) -> String {
    let mut pairs = params.with(|params| (params.more, params.limit, params.facets) = (None, None, Vec::new())).pairs();
    pairs.extend([("a", a.to_owned()), ("b", b.to_owned())]);
    address(PATH, pairs)
}

/// The two filters that an address names; empty where it names none.
pub(in super::super) fn sides(params: &SearchParams) -> Result<[String; 2], Failure> {
    params.only(&["a", "b"])?;
    Ok(["a", "b"].map(|name| params.other(name).unwrap_or_default().trim().to_owned()))
}

/// What is compared with what.
pub(in super::super) fn compared(
    snapshot: &Snapshot,
    params: &SearchParams,
    [a, b]: &[String; 2],
    limit: usize,
    deadline: &Deadline,
) -> Result<Comparison, Failure> {
    Ok(answers::compare(snapshot.engine(), &params.everything(deadline), [a, b], limit)?)
}

/// The screen at `/compare`.
pub(in super::super) async fn screen(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    let sides = sides(&params)?;
    request.answer(move |server, snapshot, deadline| answer(&page(server, snapshot, &params, sides, deadline)?)).await
}

fn page(
    server: &Server,
    snapshot: &Snapshot,
    params: &SearchParams,
    sides: [String; 2],
    deadline: &Deadline,
) -> Result<Screen, Failure> {
    let mut frame = Frame::of(server, snapshot, "Compare", "compare");
    let facets = vec!["outlet".to_owned()];
    let outlets =
        snapshot.search(&Request { facets, facet_limit: Some(OFFERED), limit: 0, ..params.everything(deadline) })?;
    let offered = outlets.facets.get("outlet").into_iter().flatten().map(|counted| filter("outlet", &counted.value));
    let result = if sides.iter().all(|side| !side.is_empty()) {
        let [a, b] = &sides;
        let mut pairs = params.first_page().pairs();
        pairs.extend([("a", a.clone()), ("b", b.clone())]);
        frame = frame.also("application/json", "JSON", address("/api/v1/compare", pairs));
        Some(result(snapshot, params, &sides, &compared(snapshot, params, &sides, LISTED, deadline)?))
    } else {
        None
    };
    let [a, b] = sides;
    let kept = params.first_page().pairs().into_iter().filter(|(name, _)| *name != "q").collect();
    Ok(Screen { frame, query: params.query.clone(), kept, a, b, offered: offered.collect(), result })
}

fn result(snapshot: &Snapshot, params: &SearchParams, [a, b]: &[String; 2], comparison: &Comparison) -> ResultView {
    let of_side = |side: &Side| with_filter(params, &side.filter);
    let of = |hits: &[&Hit], side: &Side| cards(hits.iter().copied(), &of_side(side), snapshot);
    let column = |side: &Side| Column {
        name: name_of(&side.filter),
        total: Link { text: count(side.total, kind_of_hit(params)), href: of_side(side).address("/") },
        share: share(side),
        percent: (100.0 * side.share.unwrap_or(0.0)).round(),
        only: thousands(side.only_total),
        cards: of(&side.only.iter().collect::<Vec<_>>(), side),
        compared: (side.compared < side.total).then(|| thousands(side.compared)),
    };
    let both = |pair: &Pair| Both {
        cards: [(&pair.a, &comparison.a), (&pair.b, &comparison.b)]
            .into_iter()
            .flat_map(|(hit, side)| of(&[hit], side))
            .collect(),
        differences: if pair.differs() { pair.differences.clone() } else { Vec::new() },
    };
    ResultView {
        sides: vec![column(&comparison.a), column(&comparison.b)],
        both: thousands(comparison.both_total),
        more_in_both: comparison.both_total > comparison.both.len() as u64,
        pairs: comparison.both.iter().map(both).collect(),
        swapped: address_of(params, b, a),
        warnings: comparison.warnings.clone(),
    }
}

/// The search with one more filter.
fn with_filter(params: &SearchParams, filter: &str) -> SearchParams {
    let filter = filter.to_owned();
    let mut params = params.with(|params| params.filters.push(filter));
    params.others.clear();
    params
}

/// `Harbour Post` for `outlet:"Harbour Post"`.
fn name_of(filter: &str) -> String {
    let value = filter.strip_prefix("outlet:").map(|value| value.trim_matches('"'));
    value.filter(|value| !value.contains('"')).unwrap_or(filter).to_owned()
}
