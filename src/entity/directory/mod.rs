//! One entity under several names across articles: which names of an index belong together, and why.
//!
//! Merging is conservative. Two names are one only if everything that both give agrees: family name, first name, middle
//! name, generation; spelling may differ by case, marks and transliteration. A bare surname stands for itself. What the
//! user's alias file says wins over all of it. A directory is worked out from the names alone, so a new alias file takes
//! effect without reading an article again, and is undone by taking it away.

mod body;
mod given;
mod known;
mod person;
mod spelling;
mod union;

use std::collections::BTreeMap;
use std::fmt;

use rustc_hash::FxHashMap;

use super::Kind;
use super::alias::{self, Aliases};
use super::fold::fold;

/// Why a name is taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It is the name the others are shown under.
    Shown,
    /// Case, diacritics, hyphens, full stops.
    Spelling,
    /// Another way to write the same sounds in Latin letters.
    Transliteration,
    /// A short form or another language's form of the first name.
    GivenName,
    /// A middle name or initial more or less.
    MiddleName,
    /// A title, office or letters after the name.
    Title,
    /// Family and given name in the other order.
    Order,
    /// A legal form, article or abbreviation more or less.
    Form,
    /// An acronym.
    Acronym,
    /// A well-known second name.
    Known,
    /// The user's alias file says so.
    AliasFile,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::Shown => "shown name",
            Why::Spelling => "case, marks or hyphens",
            Why::Transliteration => "transliteration",
            Why::GivenName => "form of the first name",
            Why::MiddleName => "middle name",
            Why::Title => "title",
            Why::Order => "order of the names",
            Why::Form => "legal form, article or abbreviation",
            Why::Acronym => "acronym",
            Why::Known => "well-known second name",
            Why::AliasFile => "alias file",
        })
    }
}

/// A name of an entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The name as articles give it.
    pub name: String,
    /// How often, in whatever unit the directory was built with.
    pub count: u64,
    /// Why it belongs to the entity.
    pub why: Why,
}

/// An entity across articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What it is.
    pub kind: Kind,
    /// The name it is shown under: the alias file's, else the one most used.
    pub name: String,
    /// Sum over its names.
    pub count: u64,
    /// Its names, the shown one first, then the most used.
    pub members: Vec<Member>,
}

/// Every name of an index and whose it is.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    groups: Vec<Group>,
    by_name: FxHashMap<(Kind, String), usize>,
    struck: Vec<(Kind, String)>,
}

impl Directory {
    /// Works out which names belong together. Each comes with how often it is used; a name given twice counts twice.
    pub fn build<'n>(names: impl IntoIterator<Item = (Kind, &'n str, u64)>, aliases: &Aliases) -> Self {
        let mut counts: BTreeMap<(Kind, &str), u64> = BTreeMap::new();
        for (kind, name, count) in names {
            *counts.entry((kind, name)).or_default() += count;
        }
        let mut directory = Directory::default();
        for kind in [Kind::Person, Kind::Organization, Kind::Place] {
            let of_kind = || counts.iter().filter(|((k, _), _)| *k == kind).map(|((_, name), count)| (*name, *count));
            directory
                .struck
                .extend(of_kind().filter(|(n, _)| aliases.strikes(kind, n)).map(|(n, _)| (kind, n.to_owned())));
            let names: Vec<(&str, u64)> = of_kind().filter(|(n, _)| !aliases.strikes(kind, n)).collect();
            directory.add(kind, &names, aliases);
        }
        directory
    }

    /// The name an entity is shown under; a name that is not in the directory is its own; none if the alias file says
    /// that it names nothing of this kind.
    pub fn canonical<'a>(&'a self, kind: Kind, name: &'a str) -> Option<&'a str> {
        if self.struck.iter().any(|(k, n)| *k == kind && n == name) {
            return None;
        }
        Some(self.group(kind, name).map_or(name, |g| g.name.as_str()))
    }

    /// The entity that goes by this name.
    pub fn group(&self, kind: Kind, name: &str) -> Option<&Group> {
        self.by_name.get(&(kind, name.to_owned())).and_then(|&i| self.groups.get(i))
    }

    /// Every name of the entity that goes by this one, itself included.
    pub fn variants<'a>(&'a self, kind: Kind, name: &'a str) -> Vec<&'a str> {
        match self.group(kind, name) {
            Some(group) => group.members.iter().map(|m| m.name.as_str()).collect(),
            None => vec![name],
        }
    }

    /// Entities with a name that holds `part`, whatever its case and diacritics; the most used first.
    pub fn find(&self, kind: Kind, part: &str) -> Vec<&Group> {
        let part = fold(part).into_owned();
        let mut found: Vec<&Group> = self
            .groups
            .iter()
            .filter(|g| g.kind == kind && g.members.iter().any(|m| fold(&m.name).contains(&part)))
            .collect();
        found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        found
    }

    /// Entities with a name that has the words `typed` next to each other, whatever their case and diacritics.
    pub fn going_by(&self, kind: Kind, typed: &str) -> Vec<&Group> {
        let typed = format!(" {} ", fold(typed));
        let has = |name: &str| format!(" {} ", fold(name)).contains(&typed);
        self.groups.iter().filter(|g| g.kind == kind && g.members.iter().any(|m| has(&m.name))).collect()
    }

    /// Every entity, in no order that means anything.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    fn add(&mut self, kind: Kind, names: &[(&str, u64)], aliases: &Aliases) {
        let ruled = aliases.entities(kind);
        let mut owner: Vec<Option<usize>> = names.iter().map(|(name, _)| aliases.entity_of(kind, name)).collect();
        let merged = match kind {
            Kind::Person => person::merge(names),
            Kind::Organization => body::merge_organizations(names),
            Kind::Place => body::merge_places(names),
        };
        // A group that the rules make follows the alias file's entity that one of its names belongs to, unless the
        // file keeps them apart or its names belong to several.
        for group in &merged {
            let mut owners: Vec<usize> = group.iter().filter_map(|(i, _)| owner[*i]).collect();
            owners.sort_unstable();
            owners.dedup();
            if let [only] = owners[..] {
                for (i, _) in group {
                    if !aliases.apart(kind, ruled[only].name(), names[*i].0) {
                        owner[*i] = Some(only);
                    }
                }
            }
        }
        let mut by_entity: BTreeMap<usize, Vec<(usize, Why)>> = BTreeMap::new();
        for group in merged {
            let (in_file, left): (Vec<_>, Vec<_>) = group.into_iter().partition(|(i, _)| owner[*i].is_some());
            for (i, _) in in_file {
                by_entity.entry(owner[i].unwrap_or(0)).or_default().push((i, Why::AliasFile));
            }
            for part in keep_apart(kind, left, names, aliases) {
                self.push(kind, None, &part, names);
            }
        }
        for (entity, members) in by_entity {
            self.push(kind, Some(ruled[entity].name()), &members, names);
            self.add_unused(ruled[entity]);
        }
    }

    /// Adds the names of the alias file that no article uses to the group just made, so that it is found by them.
    fn add_unused(&mut self, entity: &alias::Entity) {
        let place = self.groups.len().saturating_sub(1);
        let Some(group) = self.groups.last_mut() else { return };
        for name in entity.names() {
            if !group.members.iter().any(|m| m.name == name) {
                group.members.push(Member { name: name.to_owned(), count: 0, why: Why::AliasFile });
                self.by_name.entry((group.kind, name.to_owned())).or_insert(place);
            }
        }
    }

    fn push(&mut self, kind: Kind, shown: Option<&str>, members: &[(usize, Why)], names: &[(&str, u64)]) {
        let mut members: Vec<Member> =
            members.iter().map(|&(i, why)| Member { name: names[i].0.to_owned(), count: names[i].1, why }).collect();
        let rank = |m: &Member| (std::cmp::Reverse((m.why != Why::Title, m.count)), std::cmp::Reverse(m.name.len()));
        members.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name)));
        let Some(first) = members.first() else { return };
        let name = shown.unwrap_or(&first.name).to_owned();
        if let Some(place) = members.iter().position(|m| m.name == name) {
            let member = members.remove(place);
            members.insert(0, Member { why: Why::Shown, ..member });
        }
        for member in &members {
            self.by_name.insert((kind, member.name.clone()), self.groups.len());
        }
        self.by_name.entry((kind, name.clone())).or_insert(self.groups.len());
        self.groups.push(Group { kind, name, count: members.iter().map(|m| m.count).sum(), members });
    }
}

/// Takes a group asunder where the alias file says that two of its names are not one.
fn keep_apart(
    kind: Kind,
    group: Vec<(usize, Why)>,
    names: &[(&str, u64)],
    aliases: &Aliases,
) -> Vec<Vec<(usize, Why)>> {
    let mut parts: Vec<Vec<(usize, Why)>> = Vec::new();
    for (i, why) in group {
        let fits = parts.iter_mut().find(|p| p.iter().all(|(j, _)| !aliases.apart(kind, names[i].0, names[*j].0)));
        match fits {
            Some(part) => part.push((i, why)),
            None => parts.push(vec![(i, why)]),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(names: &[&str], aliases: &str) -> Directory {
        let aliases = Aliases::parse(aliases).unwrap();
        Directory::build(names.iter().map(|n| (Kind::Person, *n, 1)), &aliases)
    }

    #[track_caller]
    fn check(names: &[&str], aliases: &str, expect: &[&str]) {
        let directory = build(names, aliases);
        let shown: Vec<&str> = names.iter().map(|n| directory.canonical(Kind::Person, n).unwrap_or("–")).collect();
        assert_eq!(shown, expect);
    }

    #[test]
    fn spellings_of_a_name_are_one() {
        check(&["Andrei Sibiga", "Andrii Sybiha", "Andrii Ray"], "", &["Andrei Sibiga", "Andrei Sibiga", "Andrii Ray"]);
    }

    #[test]
    fn the_name_most_used_is_shown() {
        let names = [(Kind::Person, "Bob Ray", 1), (Kind::Person, "Robert Ray", 7)];
        let directory = Directory::build(names, &Aliases::default());
        let group = directory.group(Kind::Person, "Bob Ray").unwrap();
        assert_eq!((group.name.as_str(), group.count), ("Robert Ray", 8));
        assert_eq!(group.members[1], Member { name: "Bob Ray".into(), count: 1, why: Why::GivenName });
    }

    #[test]
    fn a_full_name_between_two_that_differ_stays_alone() {
        check(&["John Ray", "John A. Ray", "John B. Ray"], "", &["John Ray", "John A. Ray", "John B. Ray"]);
    }

    #[test]
    fn the_alias_file_wins() {
        let merge = "[[entity]]\nkind = \"person\"\nname = \"Ann Ray\"\nalso = [\"A. Ray\", \"Nan\"]\n";
        check(&["Ann Ray", "A. Ray", "Nan", "Bob Ray"], merge, &["Ann Ray", "Ann Ray", "Ann Ray", "Bob Ray"]);
        let split = "[[entity]]\nkind = \"person\"\nname = \"Bob Ray\"\napart = [\"Robert Ray\"]\n";
        check(&["Bob Ray", "Robert Ray"], split, &["Bob Ray", "Robert Ray"]);
        let strike = "[[nobody]]\nkind = \"person\"\nnames = [\"Squawk Box\"]\n";
        check(&["Squawk Box", "Ann Ray"], strike, &["–", "Ann Ray"]);
    }
}
