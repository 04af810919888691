//! The first screen: what the index holds, and searches to try.

use askama::Template;

use super::super::search_params::SearchParams;
use super::super::state::{Server, Snapshot};
use super::search::PATH;
use super::{Failure, Frame, Link, status};
use crate::present::html::day_text;
use crate::present::phrase::{count, thousands};
use crate::query::filter;
use crate::search::{By, Deadline, FacetCount};

#[derive(Template)]
#[template(path = "home.html")]
pub(super) struct Home {
    frame: Frame,
    articles: String,
    quotes: String,
    days: Option<(String, String)>,
    outlets: Vec<Link>,
    tries: Vec<Try>,
}

/// A search to try.
struct Try {
    says: String,
    query: String,
    href: String,
}

pub(super) fn home(server: &Server, snapshot: &Snapshot, deadline: &Deadline) -> Result<Home, Failure> {
    /// Values of a facet that are looked at for something to try.
    const FREQUENT: u64 = 8;
    let stats = *snapshot.stats()?;
    let frequent = |field: &str, by: By| snapshot.engine().frequent(field, by, FREQUENT, deadline);
    let nth = |counts: &[FacetCount], n: usize| counts.get(n).map(|counted| counted.value.clone());
    let speakers = frequent("speaker", By::Quote)?;
    let (speaker, other) = (nth(&speakers, 0), nth(&speakers, 1));
    let place = nth(&frequent("place", By::Quote)?, 0);
    let organization = nth(&frequent("organization", By::Quote)?, 0);
    let outlets = frequent("outlet", By::Article)?;
    let outlet = nth(&outlets, 0);
    let month = frequent("month", By::Article)?.into_iter().map(|counted| counted.value).max();
    let said = |says: String, query: String| Try {
        href: SearchParams { query: query.clone(), ..SearchParams::default() }.address(PATH),
        says,
        query,
    };
    let tries = [
        speaker.map(|name| said(format!("Everything {name} said"), filter("speaker", &name))),
        place.map(|name| said(format!("What was said about {name}"), filter("about", &name))),
        other.map(|name| said(format!("{name}, word for word"), format!("{} kind:direct", filter("speaker", &name)))),
        organization.map(|name| said(format!("Passages that name {name}"), filter("org", &name))),
        month.map(|month| {
            let when = day_text(&format!("{month}-01"));
            let when = when.strip_prefix("1 ").unwrap_or(&when).to_owned();
            match outlet {
                Some(outlet) => {
                    said(format!("{outlet} in {when}"), format!("{} date:{month}", filter("outlet", &outlet)))
                }
                None => said(format!("Printed in {when}"), format!("date:{month}")),
            }
        }),
    ];
    let outlets = outlets.iter().map(|counted| Link {
        text: format!("{} ({})", counted.value, thousands(counted.articles)),
        href: SearchParams { query: filter("outlet", &counted.value), ..SearchParams::default() }.address(PATH),
    });
    Ok(Home {
        frame: Frame::of(server, snapshot, "", "search"),
        articles: count(stats.articles, "article"),
        quotes: count(stats.quotes, "quotation"),
        days: status::days(&stats),
        outlets: outlets.collect(),
        tries: tries.into_iter().flatten().collect(),
    })
}
