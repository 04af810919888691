//! The names of an index: which entity has which names, with the user's aliases applied when the names are first needed.

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::engine::embedded::facets::Totals;
use crate::engine::embedded::suggest::of_pronoun;
use crate::engine::plan::resolved::facet_of_articles;
use crate::engine::{Engine, Error};
use crate::entity::{Aliases, Directory, EntityKind, Group};
use crate::index::document_builder;
use crate::index::schema::FacetKind;
use crate::query::{Atom, Field, Node, distance};
use crate::search::Suggestion;

/// Hidden names that a field's words find, and the names of entities that have such a name openly.
type HiddenNames<'n> = (Vec<&'n str>, Vec<&'n str>);

/// The user's aliases and, once it was asked for, the directory.
#[derive(Default)]
pub(crate) struct Names {
    aliases: Aliases,
    directory: OnceLock<Directory>,
}

impl Names {
    /// The same aliases, for other names.
    pub(super) fn unread(&self) -> Self {
        Names { aliases: self.aliases.clone(), directory: OnceLock::new() }
    }
}

impl Engine {
    /// Follows a user's `aliases.toml`, given as text. Nothing in the index changes.
    pub fn with_aliases(mut self, toml: &str) -> Result<Self, Error> {
        self.names = Arc::new(Names { aliases: Aliases::parse(toml)?, directory: OnceLock::new() });
        // What was counted under other names does not count.
        self.totals = Totals::default();
        Ok(self)
    }

    /// Which entity has which names in this index. Read at the first call.
    pub(crate) fn names(&self) -> Result<&Directory, Error> {
        if let Some(directory) = self.names.directory.get() {
            return Ok(directory);
        }
        let directory = Directory::new(self.index().names()?, &self.names.aliases);
        Ok(self.names.directory.get_or_init(|| directory))
    }

    /// What the articles call somebody, by titles and descriptions, and in how many passages that name them; the most
    /// frequent first.
    pub(crate) fn roles_of(&self, group: &Group) -> Result<Vec<(String, u64)>, Error> {
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
    pub(crate) fn shown<'a>(&'a self, kind: FacetKind, value: &'a str) -> Result<Option<&'a str>, Error> {
        let kinds = kinds(kind);
        if kinds.is_empty() {
            return Ok(Some(value));
        }
        let directory = self.names()?;
        let group = kinds.iter().find_map(|&kind| directory.group(kind, value));
        Ok(match (group, kinds.first()) {
            (Some(group), _) => Some(&group.name),
            (None, Some(&first)) => directory.canonical(first, value),
            (None, None) => Some(value),
        })
    }

    /// The name that a value held under `held` is counted under among those of `kind`; none if it is not one of them.
    pub(crate) fn counted_as<'a>(
        &'a self,
        kind: FacetKind,
        held: FacetKind,
        value: &'a str,
    ) -> Result<Option<&'a str>, Error> {
        if !kind.is_named() {
            return self.shown(kind, value);
        }
        let directory = self.names()?;
        let surely = kinds(held).iter().find_map(|&kind| directory.group(kind, value));
        let group = surely.or_else(|| directory.of_doubtful(value));
        Ok(group.filter(|group| kinds(kind).contains(&group.kind)).map(|group| group.name.as_str()))
    }

    /// The doubtful names by which articles mean those who go by the name in a field that holds one kind of them.
    pub(crate) fn doubtful_names(&self, field: Field, node: &Node) -> Result<Vec<&str>, Error> {
        let named = facet(field).filter(|kind| kind.is_named());
        let Some(typed) = name_in(field, node).filter(|_| named.is_some()) else { return Ok(Vec::new()) };
        let directory = self.names()?;
        let groups = bearers(field).iter().flat_map(|&kind| directory.going_by(kind, typed));
        Ok(groups.flat_map(|group| directory.doubtful(group)).collect())
    }

    /// The facets under which a doubtful name may be held, besides that of the kind that it is of.
    pub(crate) fn facets_of_doubtful(&self, name: &str) -> Result<Vec<String>, Error> {
        let directory = self.names()?;
        let seeming = FacetKind::NAMES.into_iter().filter(|kind| kind.is_named());
        let surely = |held: FacetKind| kinds(held).iter().any(|&kind| directory.group(kind, name).is_some());
        let held = seeming.clone().filter(|&held| !surely(held)).map(|held| document_builder::facet(held, name));
        Ok(held.chain(seeming.map(|held| document_builder::doubtful_facet(held, name))).collect())
    }

    /// Tells the parser which names the index holds.
    pub(super) fn known_names(&self) -> KnownNames<'_> {
        KnownNames { engine: self, left: Cell::new(MOST_LOOKUPS) }
    }

    /// For a part of a query that is a name: the other names of whoever goes by it, unless the field's own words find them
    /// anyway.
    pub(crate) fn other_names(&self, field: Field, node: &Node) -> Result<Vec<&str>, Error> {
        let Some(typed) = name_in(field, node) else { return Ok(Vec::new()) };
        let mut names = self.going_by(field, typed)?;
        names.retain(|name| !holds(name, typed));
        Ok(names)
    }

    /// For a part of a query that is a name: the hidden names that the field's own words find, and the names of whoever goes
    /// by it. None where nothing is hidden.
    pub(crate) fn hidden(&self, field: Field, node: &Node) -> Result<Option<HiddenNames<'_>>, Error> {
        let Some(typed) = name_in(field, node) else { return Ok(None) };
        let (kinds, directory) = (bearers(field), self.names()?);
        let bears = |name: &str| kinds.iter().any(|&kind| directory.group(kind, name).is_some());
        let hidden = kinds.iter().flat_map(|&kind| directory.hidden(kind));
        let hidden: Vec<&str> = hidden.filter(|name| holds(name, typed) && !bears(name)).collect();
        if hidden.is_empty() { Ok(None) } else { Ok(Some((hidden, self.going_by(field, typed)?))) }
    }

    /// Every name of whoever goes by a name, in order.
    fn going_by(&self, field: Field, typed: &str) -> Result<Vec<&str>, Error> {
        let directory = self.names()?;
        let groups = bearers(field).iter().flat_map(|&kind| directory.going_by(kind, typed));
        let mut names: Vec<&str> = groups.flat_map(|group| &group.members).map(|member| member.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// For the names of a query that the index does not hold: the names that are closest to them.
    pub(crate) fn misspelt(&self, tree: &Node) -> Result<Vec<Suggestion>, Error> {
        let mut suggestions = Vec::new();
        for (field, typed) in names_in(tree).into_iter().chain(names_cut_short(tree)) {
            if let Some(suggestion) = of_pronoun(field, &typed) {
                suggestions.push(suggestion);
            } else if let Some(name) = self.closest_name(field, &typed)? {
                let field = field.name();
                suggestions.push(Suggestion {
                    message: format!("no {field} matches \"{typed}\"; did you mean {field}:\"{name}\"?"),
                    query: Some(format!("{field}:\"{name}\"")),
                    total: None,
                });
            }
        }
        Ok(suggestions)
    }

    /// The name that is spelled most like what was typed; none if an entity has exactly this name, or none has anything
    /// like it.
    fn closest_name(&self, field: Field, typed: &str) -> Result<Option<&str>, Error> {
        let folded = crate::text::normal::folded(typed);
        let most = (folded.chars().count() / 4).clamp(1, 3);
        let words = folded.split_whitespace().count().max(1);
        let directory = self.names()?;
        let mut best: Option<((usize, Reverse<u64>), &str)> = None;
        for group in directory.groups().iter().filter(|g| bearers(field).contains(&g.kind)) {
            for member in &group.members {
                let name = crate::text::normal::folded(&member.name);
                let parts: Vec<&str> = name.split_whitespace().collect();
                for part in parts.windows(words.min(parts.len()).max(1)) {
                    let distance = distance(&folded, &part.join(" "), most);
                    if distance == 0 {
                        return Ok(None);
                    }
                    let rank = (distance, Reverse(group.count));
                    if distance <= most && best.is_none_or(|(least, _)| rank < least) {
                        best = Some((rank, &group.name));
                    }
                }
            }
        }
        Ok(best.map(|(_, name)| name))
    }
}

/// Names that are looked up for one query: each may go through all names of the index.
const MOST_LOOKUPS: u32 = 200;

/// The names that the index holds.
pub(super) struct KnownNames<'e> {
    engine: &'e Engine,
    left: Cell<u32>,
}

impl KnownNames<'_> {
    /// True if the index holds the name, whole or in part, in this field. An index that cannot be read holds none: the
    /// search itself reports the error.
    pub(super) fn holds(&self, field: Field, name: &str) -> bool {
        let left = self.left.get();
        if left == 0 {
            return false;
        }
        self.left.set(left - 1);
        let kinds = bearers(field);
        if !kinds.is_empty() {
            let Ok(directory) = self.engine.names() else { return false };
            return kinds.iter().any(|kind| !directory.going_by(*kind, name).is_empty());
        }
        let Some(values) = facet_of_articles(field) else { return false };
        let mut found = false;
        let read = self.engine.index().values(values, |value, _| found |= holds(value, name));
        read.is_ok() && found
    }
}

/// What was typed where a field asks for a name.
fn name_in(field: Field, node: &Node) -> Option<&str> {
    match node {
        Node::Atom(Atom::Word(typed) | Atom::Phrase(typed)) if !bearers(field).is_empty() => Some(typed),
        _ => None,
    }
}

/// Names of two words that were typed without quotes, so that the second is searched for as a word: `speaker:Ada Ray`.
fn names_cut_short(tree: &Node) -> Vec<(Field, String)> {
    let Node::And(parts) = tree else { return Vec::new() };
    let name = |pair: &[Node]| match pair {
        [Node::Field(field, of), Node::Atom(Atom::Word(word))] if word.starts_with(char::is_uppercase) => {
            name_in(*field, of).map(|typed| (*field, format!("{typed} {word}")))
        }
        _ => None,
    };
    parts.windows(2).filter_map(name).collect()
}

/// The words and phrases of a query that are names, and the fields they are in.
fn names_in(tree: &Node) -> Vec<(Field, String)> {
    let mut found = Vec::new();
    let mut open = vec![tree];
    while let Some(node) = open.pop() {
        match node {
            Node::Field(field, of) => found.extend(name_in(*field, of).map(|typed| (*field, typed.to_owned()))),
            Node::And(parts) | Node::Or(parts) => open.extend(parts),
            Node::All | Node::Nothing | Node::Atom(_) | Node::Filter(_) | Node::Span(_) | Node::Not(_) => {}
        }
    }
    found.reverse();
    found
}

/// The kinds of entity that a facet's values are, the likeliest first; none for values that are no such names.
fn kinds(facet: FacetKind) -> &'static [EntityKind] {
    match facet {
        FacetKind::Person => &[EntityKind::Person],
        FacetKind::Organization => &[EntityKind::Organization],
        FacetKind::Place => &[EntityKind::Place],
        FacetKind::Speaker => &EntityKind::ALL,
        FacetKind::Outlet
        | FacetKind::Byline
        | FacetKind::Section
        | FacetKind::Collection
        | FacetKind::Language
        | FacetKind::Month
        | FacetKind::Day
        | FacetKind::Role
        | FacetKind::Kind
        | FacetKind::Attribution
        | FacetKind::Doubtful => &[],
    }
}

/// The facet that holds the whole names of what a field searches.
pub(crate) fn facet(field: Field) -> Option<FacetKind> {
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
        | Field::Collection
        | Field::Language
        | Field::Tag => None,
    }
}

/// The kinds of entity that bear the names in a field; none for fields that hold no such names.
fn bearers(field: Field) -> &'static [EntityKind] {
    match (field, facet(field)) {
        (_, Some(facet)) => kinds(facet),
        (Field::About | Field::Entity, None) => &EntityKind::ALL,
        (_, None) => &[],
    }
}

/// True if the name has the words typed, which the field itself finds.
fn holds(name: &str, typed: &str) -> bool {
    let fold = |text: &str| format!(" {} ", crate::text::normal::folded(text));
    fold(name).contains(&fold(typed))
}
