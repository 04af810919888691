//! `onrecord show`: one article with everything found in it.

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args, ValueEnum};

use super::asking::{filter, follow_aliases};
use super::{Global, Outcome, output};
use crate::engine::Engine;
use crate::entity::Kind;
use crate::present;
use crate::present::entity::{Name, Profile};
use crate::search::{By, FacetCount, Request, Response};

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The article: its id, address or file, or a part of these or of its title that no other has
    #[arg(required_unless_present = "entity")]
    article: Option<String>,
    /// Instead of an article, show who this person, organization or place is in the index
    #[arg(long, value_name = "NAME", conflicts_with = "article")]
    entity: Option<String>,
    /// A file of names: who goes by which, who is not who [default: aliases.toml in the index folder]
    #[arg(long, value_name = "FILE", env = "ONRECORD_ALIASES")]
    aliases: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How an article is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with quotations and names marked
    Text,
    /// One JSON object, as from `annotate`
    Json,
}

/// Prints the article, or who somebody is.
pub fn run(args: &Show, global: &Global) -> anyhow::Result<Outcome> {
    let engine = follow_aliases(Engine::open(&global.index)?, args.aliases.as_deref(), global)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if let Some(name) = &args.entity {
        let profile = profile(&engine, name)?;
        match args.format {
            Format::Text => present::entity::profile(&mut out, output::look(), &profile)?,
            Format::Json => present::json::document(&mut out, &profile)?,
        }
    } else if let Some(name) = &args.article {
        let article = engine.article(name)?;
        match args.format {
            Format::Text => present::marked::article(&mut out, output::look(), &article)?,
            Format::Json => present::json::document(&mut out, &article)?,
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// Values that each list of a profile holds at most.
const LISTED: u64 = 12;

/// Names that are looked for in somebody's quotations: the most frequent ones around them.
const CANDIDATES: u64 = 40;

fn profile(engine: &Engine, name: &str) -> anyhow::Result<Profile> {
    let directory = engine.directory()?;
    let kinds = [Kind::Person, Kind::Organization, Kind::Place];
    let found = kinds.iter().filter_map(|&kind| directory.find(kind, name).into_iter().next());
    let Some(group) = found.max_by_key(|group| group.count) else {
        bail!("no person, organization or place goes by `{name}` in this index");
    };
    let field = match group.kind {
        Kind::Person => "person",
        Kind::Organization => "org",
        Kind::Place => "place",
    };
    let ask = |query: String, by: By, facets: &[&str], limit: u64| {
        engine.search(&Request {
            query,
            by: Some(by),
            facets: facets.iter().map(|&facet| facet.to_owned()).collect(),
            facet_limit: Some(limit),
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
    Ok(Profile {
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
    })
}
