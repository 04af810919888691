//! Who talks about whom: speakers, and the people and organizations named in their words.

use std::collections::{BTreeMap, HashSet};

use crate::entity::{Directory, EntityKind};
use crate::present::network::Edge;
use crate::search::{Backend, By, Error, Hit, NONE, Request};

/// What edges are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SplitBy {
    /// The outlet.
    Outlet,
    /// The month of publication.
    Month,
}

/// A speaker, a name in their words and its kind, and the outlet or month.
type Pair = (String, String, EntityKind, Option<String>);

/// The edges of a request's quotations, the most frequent first. What people say about themselves is left out.
pub fn network(engine: &dyn Backend, request: &Request, part: Option<SplitBy>) -> Result<Vec<Edge>, Error> {
    let directory = engine.directory()?;
    let mut filters = request.filters.clone();
    filters.extend(["speaker:*".to_owned(), "about:*".to_owned()]);
    let request = Request { by: Some(By::Quote), filters, ..request.clone() };
    let mut counts: BTreeMap<Pair, (u64, HashSet<String>)> = BTreeMap::new();
    for hit in engine.all_results(&request)? {
        let hit = hit?;
        request.deadline.check()?;
        let part = part.map(|part| part.of(&hit));
        for speaker in speakers(&hit, directory) {
            for (kind, about) in named(&hit, directory).into_iter().filter(|(_, name)| *name != speaker) {
                let (quotes, articles) = counts.entry((speaker.clone(), about, kind, part.clone())).or_default();
                *quotes += 1;
                articles.insert(hit.article.id.clone());
            }
        }
    }
    let mut edges: Vec<Edge> = counts
        .into_iter()
        .map(|((speaker, about, kind, part), (quotes, articles))| {
            let articles = articles.len() as u64;
            Edge { speaker, about, kind, part, quotes, articles }
        })
        .collect();
    edges.sort_by_key(|edge| std::cmp::Reverse(edge.quotes));
    Ok(edges)
}

impl SplitBy {
    /// The facet of it.
    pub(super) fn field(self) -> &'static str {
        match self {
            SplitBy::Outlet => "outlet",
            SplitBy::Month => "month",
        }
    }

    /// That of a hit; `(none)` if it has none.
    pub(super) fn of(self, hit: &Hit) -> String {
        let article = &hit.article;
        match self {
            SplitBy::Outlet => article.outlet.clone(),
            SplitBy::Month => article.published.as_ref().and_then(|published| published.at.get(..7)).map(str::to_owned),
        }
        .unwrap_or_else(|| NONE.to_owned())
    }
}

/// The speakers of a quotation, by the names that the index gives them.
pub(super) fn speakers(hit: &Hit, directory: &Directory) -> HashSet<String> {
    let Some(quote) = hit.quotes.first() else { return HashSet::new() };
    let names = if quote.speakers.is_empty() { quote.speaker.as_slice() } else { &quote.speakers };
    names.iter().map(|name| canonical(name, directory)).collect()
}

/// The name of the entity that has this name.
pub(super) fn canonical(name: &str, directory: &Directory) -> String {
    let group = EntityKind::ALL.into_iter().find_map(|kind| directory.group(kind, name));
    group.map_or_else(|| name.to_owned(), |group| group.name.clone())
}

/// The people and organizations named in a quotation, each once.
fn named(hit: &Hit, directory: &Directory) -> HashSet<(EntityKind, String)> {
    let of = |kind, names: &[String]| -> Vec<(EntityKind, String)> {
        names.iter().filter_map(|name| Some((kind, directory.listed(kind, name)?.to_owned()))).collect()
    };
    let (people, firms) = (&hit.entities.person, &hit.entities.organization);
    of(EntityKind::Person, people).into_iter().chain(of(EntityKind::Organization, firms)).collect()
}
