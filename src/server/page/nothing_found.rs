//! What the search screen offers where nothing is found: what may have been meant, and the query without the parts that fail.

use super::super::search_params::SearchParams;
use super::search::PATH;
use super::sentence;
use crate::present::phrase::thousands;
use crate::search::{ExplainedPart, Response as Found};

/// A part of a query that finds nothing.
pub(super) struct Part {
    pub(super) text: String,
    pub(super) count: String,
    pub(super) without: Option<String>,
}

/// What may have been meant. A suggestion that is about a part of the query only takes its place there; the hits of each
/// part are listed anyway where there are several.
pub(super) fn meant(found: &Found, params: &SearchParams, parts: &[Part]) -> Vec<(String, Option<String>)> {
    let is_one = parts.is_empty();
    let in_place = |query: &String| {
        let field = query.split_once(':')?.0;
        let of_field = |part: &&Part| part.text.split_once(':').is_some_and(|(known, _)| known == field);
        let mut failing = parts.iter().filter(|part| part.count == "0").filter(of_field);
        let part = failing.next().filter(|part| failing.next().is_none() && params.query.contains(&part.text))?;
        Some(params.query.replacen(&part.text, query, 1))
    };
    let worth = found.suggestions.iter().filter(|suggestion| is_one || suggestion.query.is_some());
    worth
        .map(|suggestion| {
            let message = sentence(&suggestion.message.replace('`', ""));
            let is_whole = suggestion.total.is_some() || (is_one && params.filters.is_empty());
            let query = suggestion.query.as_ref();
            let instead = query.and_then(|query| if is_whole { Some(query.clone()) } else { in_place(query) });
            (message, instead.map(|query| params.with(|params| params.query = query).address(PATH)))
        })
        .collect()
}

/// What each part of a query finds alone, and the search without it.
pub(super) fn parts(explained: &Found, params: &SearchParams) -> Vec<Part> {
    let top: Vec<&ExplainedPart> = match explained.explained.first() {
        Some(root) if root.text == "AND" => explained.explained.iter().filter(|part| part.depth == 1).collect(),
        _ => Vec::new(),
    };
    // A group is listed by its operator alone, so it cannot be written out again.
    // Where some parts find nothing, those are what is in the way.
    let some_fail = top.iter().any(|part| part.count == 0) && top.iter().any(|part| part.count > 0);
    let writable = top.iter().all(|part| !matches!(part.text.as_str(), "AND" | "OR" | "NOT"));
    top.iter()
        .enumerate()
        .map(|(at, part)| {
            let stays = |(i, other): &(usize, &&ExplainedPart)| *i != at && (!some_fail || other.count > 0);
            let others: Vec<&str> = top.iter().enumerate().filter(stays).map(|(_, part)| part.text.as_str()).collect();
            let without = (writable && (!some_fail || part.count == 0)).then(|| {
                let rest = params.with(|params| {
                    params.query = others.join(" ");
                    params.filters.clear();
                });
                rest.address(PATH)
            });
            Part { text: part.text.clone(), count: thousands(part.count), without }
        })
        .collect()
}
