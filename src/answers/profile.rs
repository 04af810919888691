//! Who somebody is in an index.

use crate::entity::EntityKind;
use crate::present::entity::{Name, Profile};
use crate::query::filter;
use crate::search::{Backend, By, Deadline, Error, FacetCount, Request, Response};

/// Values that each list of a profile holds at most.
const LISTED: u64 = 12;

/// Names that are looked for in somebody's quotations: the most frequent ones around them.
const CANDIDATES: u64 = 20;

/// The entity that has the name `name`: the most mentioned one, of one kind or any. None if no entity has it.
pub fn profile(
    engine: &dyn Backend,
    kind: Option<EntityKind>,
    name: &str,
    deadline: &Deadline,
) -> Result<Option<Profile>, Error> {
    let directory = engine.directory()?;
    let kinds = || EntityKind::ALL.into_iter().filter(|&one| kind.is_none_or(|kind| kind == one));
    // A name as the index has it need not be compared with all others.
    let known = kinds().filter_map(|kind| directory.group(kind, name)).max_by_key(|group| group.count);
    let found = || kinds().filter_map(|kind| directory.find(kind, name).into_iter().next());
    let Some(group) = known.or_else(|| found().max_by_key(|group| group.count)) else { return Ok(None) };
    let field = field(group.kind);
    let ask = |query: String, by: By, facets: &[&str], limit: u64| {
        engine.search(&Request {
            query,
            by: Some(by),
            facets: facets.iter().map(|&facet| facet.to_owned()).collect(),
            facet_limit: Some(limit),
            deadline: deadline.clone(),
            ..Request::default()
        })
    };
    let (speaker, about) = (filter("speaker", &group.name), filter("about", &group.name));
    let named = ask(filter(field, &group.name), By::Passage, &["outlet"], LISTED)?;
    let quoted = ask(speaker.clone(), By::Quote, &["outlet"], LISTED)?;
    let near = ask(speaker.clone(), By::Quote, &["person", "organization", "place"], CANDIDATES)?;
    let mut talks_about = Vec::new();
    for candidate in near.facets.into_values().flatten().filter(|candidate| candidate.value != group.name) {
        let both = ask(format!("{speaker} {}", filter("about", &candidate.value)), By::Quote, &[], 0)?;
        if both.total > 0 {
            talks_about.push(FacetCount { count: both.total, ..candidate });
        }
    }
    talks_about.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    talks_about.truncate(LISTED as usize);
    let talked_about = ask(about, By::Quote, &["speaker"], LISTED)?;
    let outlets = |mut answer: Response, facet: &str| answer.facets.remove(facet).unwrap_or_default();
    Ok(Some(Profile {
        name: group.name.clone(),
        kind: group.kind,
        names: Name::all(group),
        roles: engine.roles(group)?.into_iter().map(|(role, _)| role).take(LISTED as usize).collect(),
        passages: named.total,
        quotes: quoted.total,
        named_by: outlets(named, "outlet"),
        quoted_by: outlets(quoted, "outlet"),
        talks_about,
        talked_about_by: outlets(talked_about, "speaker"),
    }))
}

/// The field of the query language that finds passages which name an entity of this kind.
pub fn field(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "person",
        EntityKind::Organization => "org",
        EntityKind::Place => "place",
    }
}
