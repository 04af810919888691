//! A page's headline.

use super::dom::Dom;
use super::json_ld::JsonLd;
use super::meta::{Tags, line};
use crate::article::byline;

/// The headline: what most of the places that have it agree on; among equals what the page shows.
pub(super) fn title(
    dom: &Dom<'_>,
    tags: &Tags,
    json_ld: &JsonLd,
    shown: Option<&str>,
    outlet: Option<&str>,
) -> Option<String> {
    // What the page shows, or gives in its data, beside a bar or dash is the headline, the rest is the outlet.
    const MARKS: [char; 7] = ['|', '-', '–', '—', '·', '»', ':'];
    let tagged = tags.get(&["og:title"]);
    let named = tagged.as_deref().map(|title| cut_outlet(title, outlet));
    let is_known = |title: &str| {
        let known = [shown, json_ld.title.as_deref(), named.as_deref()].into_iter().flatten();
        known.filter(|known| letters(known).chars().count() >= 6).find_map(|known| {
            // A colon is behind the name of an outlet, but before the second half of a headline.
            let behind = || title.strip_prefix(known).is_some_and(|rest| rest.trim_start().starts_with(&MARKS[..6]));
            let before = || title.strip_suffix(known).is_some_and(|rest| rest.trim_end().ends_with(MARKS));
            (behind() || before()).then(|| known.to_owned())
        })
    };
    let without_outlet = |title: String| is_known(&title).unwrap_or_else(|| cut_outlet(&title, outlet));
    let page = tags.get(&["title"]).map(without_outlet);
    let open_graph = tagged.clone().map(without_outlet);
    let twitter = tags.get(&["twitter:title"]).map(without_outlet);
    let marked = dom
        .all()
        .find(|node| dom.attributes(*node).iter().any(|(name, value)| *name == "itemprop" && *value == "headline"))
        .map(|node| dom.attribute(node, "content").map_or_else(|| dom.text(node), |content| line(&content)));
    let body = [shown.map(str::to_owned), json_ld.title.clone(), marked];
    let head = [open_graph, twitter, page];
    let count = |places: &[Option<String>], title: &str| {
        places.iter().flatten().filter(|other| letters(other) == letters(title)).count()
    };
    // One template writes all tags of the head: three copies there do not outvote two other places.
    let votes = |title: &str| count(&body, title) + count(&head, title).min(2);
    let candidates = body.iter().chain(&head).flatten().filter(|title| !title.is_empty());
    candidates.rev().max_by_key(|title| votes(title)).cloned()
}

/// The outlet that the title of a page names behind its headline, at the very end: `Vote put off | News | Harbour Post`.
pub(super) fn outlet_of(title: &str, headline: &str) -> Option<String> {
    const LONGEST: usize = 60;
    let rest = title.strip_prefix(headline)?;
    let parts = || rest.split(" - ").flat_map(|part| part.split(['|', '–', '—', '·', '»'])).map(str::trim);
    let outlet = parts().skip(1).last().filter(|_| parts().next() == Some(""))?;
    let is_byline = byline::line(outlet, false).is_some();
    (outlet.len() < LONGEST && outlet.contains(char::is_alphabetic) && !is_byline).then(|| outlet.to_owned())
}

/// Cuts off the outlet's name, or few words after a bar, which are never part of a headline.
fn cut_outlet(title: &str, outlet: Option<&str>) -> String {
    let is_outlet = |tail: &str| {
        outlet.is_some_and(|outlet| {
            let (outlet, tail) = (letters(outlet), letters(tail));
            tail.len() >= 2 && (outlet.starts_with(&tail) || tail.starts_with(&outlet) || outlet.ends_with(&tail))
        })
    };
    for mark in [" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " -- ", "-", "_", "|"] {
        if let Some((head, tail)) = title.rsplit_once(mark)
            && letters(head).chars().count() >= 6
            && (is_outlet(tail) || (mark == " | " && head.contains(' ') && tail.split(' ').count() <= 4))
        {
            return cut_outlet(head.trim_end(), outlet);
        }
    }
    let site = outlet.filter(|site| !site.is_empty()).and_then(|site| title.strip_prefix(site));
    match site.and_then(|rest| rest.strip_prefix(": ").or_else(|| rest.strip_prefix(" » "))) {
        Some(rest) if letters(rest).chars().count() >= 6 => rest.to_owned(),
        Some(_) | None => title.to_owned(),
    }
}

/// Letters and digits in lower case: what two ways of writing a name have in common.
pub(in super::super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
