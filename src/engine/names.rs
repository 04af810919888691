//! The names of an index: who goes by which, sorted by the index, with the user's aliases laid over it when somebody asks.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use tantivy::query::{Query, TermSetQuery};
use tantivy::schema::Term;

use super::{Engine, Error};
use crate::entity::{Aliases, Directory, Group, Kind};
use crate::index::filing;
use crate::index::schema::FacetKind;
use crate::query::{Atom, Field, Node};
use crate::search::Expansion;

/// The user's aliases and, once it was asked for, the directory.
#[derive(Default)]
pub(super) struct Names {
    aliases: Aliases,
    directory: OnceLock<Directory>,
}

/// A query for names, and what they are.
type OtherNames = (Box<dyn Query>, Vec<Expansion>);

impl Engine {
    /// Follows a user's `aliases.toml`, given as text. Nothing in the index changes.
    pub fn with_aliases(mut self, toml: &str) -> Result<Self, Error> {
        self.names = Names { aliases: Aliases::parse(toml)?, directory: OnceLock::new() };
        Ok(self)
    }

    /// Who goes by which names in this index. Read at the first call.
    pub fn directory(&self) -> Result<&Directory, Error> {
        if let Some(directory) = self.names.directory.get() {
            return Ok(directory);
        }
        let directory = Directory::new(self.index().names()?, &self.names.aliases);
        Ok(self.names.directory.get_or_init(|| directory))
    }

    /// What the articles call somebody, by titles and descriptions, and in how many passages that name them; the most
    /// frequent first.
    pub fn roles(&self, group: &Group) -> Result<Vec<(String, u64)>, Error> {
        let mut roles: BTreeMap<String, u64> = BTreeMap::new();
        self.index().values(FacetKind::Role, |value, count| {
            let Some((role, name)) = value.split_once('\0') else { return };
            if group.members.iter().any(|member| member.name == name) {
                *roles.entry(role.to_owned()).or_default() += count;
            }
        })?;
        let mut roles: Vec<(String, u64)> = roles.into_iter().collect();
        roles.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        Ok(roles)
    }

    /// The name that a facet's value is counted under; none if the alias file says that it names nothing of the kind.
    pub(super) fn shown<'a>(&'a self, kind: FacetKind, value: &'a str) -> Result<Option<&'a str>, Error> {
        let kinds = kinds(kind);
        if kinds.is_empty() {
            return Ok(Some(value));
        }
        let directory = self.directory()?;
        let group = kinds.iter().find_map(|&kind| directory.group(kind, value));
        Ok(match (group, kinds.first()) {
            (Some(group), _) => Some(&group.name),
            (None, Some(&first)) => directory.canonical(first, value),
            (None, None) => Some(value),
        })
    }

    /// For a part of a query that is a name: a query for the other names of whoever goes by it, and what they are.
    pub(super) fn other_names(&self, field: Field, node: &Node) -> Result<Option<OtherNames>, Error> {
        let (Some(facet), Node::Atom(Atom::Word(typed) | Atom::Phrase(typed))) = (facet(field), node) else {
            return Ok(None);
        };
        let directory = self.directory()?;
        let mut names: Vec<&str> = Vec::new();
        for kind in kinds(facet) {
            for group in directory.going_by(*kind, typed) {
                names.extend(group.members.iter().map(|m| m.name.as_str()).filter(|n| !holds(n, typed)));
            }
        }
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            return Ok(None);
        }
        let term = |name: &&str| Term::from_facet(self.fields().facet, &filing::facet(facet, name));
        let query = TermSetQuery::new(names.iter().map(term).collect::<Vec<_>>());
        let expansion = |name: &str| Expansion {
            part: typed.clone(),
            class: "names".to_owned(),
            variant: name.to_owned(),
            count: None,
        };
        Ok(Some((Box::new(query), names.into_iter().map(expansion).collect())))
    }
}

/// The kinds of entity that a facet's values are, the likeliest first; none for values that are no such names.
fn kinds(facet: FacetKind) -> &'static [Kind] {
    match facet {
        FacetKind::Person => &[Kind::Person],
        FacetKind::Organization => &[Kind::Organization],
        FacetKind::Place => &[Kind::Place],
        FacetKind::Speaker => &[Kind::Person, Kind::Organization, Kind::Place],
        FacetKind::Outlet
        | FacetKind::Byline
        | FacetKind::Section
        | FacetKind::Language
        | FacetKind::Month
        | FacetKind::Day
        | FacetKind::Role
        | FacetKind::Kind
        | FacetKind::Attribution => &[],
    }
}

/// The facet that holds the whole names of what a field searches.
fn facet(field: Field) -> Option<FacetKind> {
    match field {
        Field::Speaker => Some(FacetKind::Speaker),
        Field::Person => Some(FacetKind::Person),
        Field::Org => Some(FacetKind::Organization),
        Field::Place => Some(FacetKind::Place),
        Field::Said
        | Field::About
        | Field::Entity
        | Field::Title
        | Field::Byline
        | Field::Outlet
        | Field::Section
        | Field::Language => None,
    }
}

/// True if the name has the words typed, which the field itself finds.
fn holds(name: &str, typed: &str) -> bool {
    let fold = |text: &str| format!(" {} ", crate::text::normal::folded(text));
    fold(name).contains(&fold(typed))
}
