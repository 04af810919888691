//! One entity under several names across articles: which names of an index belong together, and why.
//!
//! Merging is conservative. Two names are one only if everything that both give agrees: family name, first name, middle
//! name, generation; spelling may differ by case, marks and transliteration. A bare surname means its usual bearer where an
//! index has one by far, else it stays alone. What the
//! user's alias file says wins over all of it. A directory is worked out from the names alone, so a new alias file takes
//! effect without reading an article again, and is undone by taking it away.

mod body;
mod doubtful;
mod well_known;
mod person;
mod spelling;
mod union;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::EntityKind;
use super::alias::Aliases;
use super::fold::fold;
use doubtful::Starts;

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
    WellKnown,
    /// The user's alias file says so.
    AliasFile,
    /// The family name of its usual bearer.
    FamilyName,
    /// A body's short name: without its nation, or the start of a firm's.
    ShortName,
}

impl Why {
    const ALL: [Why; 13] = [
        Why::Shown,
        Why::Spelling,
        Why::Transliteration,
        Why::GivenName,
        Why::MiddleName,
        Why::Title,
        Why::Order,
        Why::Form,
        Why::Acronym,
        Why::WellKnown,
        Why::AliasFile,
        Why::FamilyName,
        Why::ShortName,
    ];

    /// A number that stands for it on disk.
    pub fn code(self) -> u64 {
        self as u64
    }

    /// The reason that a number stands for.
    pub fn from_code(code: u64) -> Option<Self> {
        Self::ALL.get(usize::try_from(code).ok()?).copied()
    }
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
            Why::WellKnown => "well-known second name",
            Why::AliasFile => "alias file",
            Why::FamilyName => "family name of its usual bearer",
            Why::ShortName => "short name of its usual bearer",
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
    pub kind: EntityKind,
    /// The name it is shown under: the alias file's, else the one most used.
    pub name: String,
    /// Sum over its names.
    pub count: u64,
    /// Its names, the shown one first, then the most used.
    pub members: Vec<Member>,
}

/// The names of an index as the rules alone sort them: entities before anybody's alias file.
///
/// They depend on nothing but the names, so an index may keep them, and an alias file is laid over them when it is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged(Vec<Group>);

impl Merged {
    /// Version of the rules: raised whenever they sort the same names otherwise.
    pub const RULES: u64 = 4;

    /// Works out which names belong together. Each comes with how often it is used; a name given twice counts twice. Names
    /// that are nearly always of another kind are left out.
    pub fn of<'n>(names: impl IntoIterator<Item = (EntityKind, &'n str, u64)>) -> Self {
        let mut counts: FxHashMap<(EntityKind, &str), u64> = FxHashMap::default();
        for (kind, name, count) in names {
            *counts.entry((kind, name)).or_default() += count;
        }
        let uses = doubtful::uses(&counts);
        counts.retain(|&(kind, name), count| !doubtful::is_another(kind, *count, uses.get(name)));
        let mut counts: Vec<((EntityKind, &str), u64)> = counts.into_iter().collect();
        counts.sort_unstable();
        let mut groups = Vec::new();
        for kind in EntityKind::ALL {
            let names: Vec<(&str, u64)> =
                counts.iter().filter(|((k, _), _)| *k == kind).map(|((_, name), count)| (*name, *count)).collect();
            let merged = match kind {
                EntityKind::Person => person::merge(&names),
                EntityKind::Organization => body::merge_organizations(&names),
                EntityKind::Place => body::merge_places(&names),
            };
            groups.extend(merged.into_iter().filter_map(|members| {
                let member = |(i, why): (usize, Why)| {
                    let (name, count) = *names.get(i)?;
                    Some(Member { name: name.to_owned(), count, why })
                };
                Group::new(kind, None, members.into_iter().filter_map(member).collect())
            }));
        }
        Merged(groups)
    }

    /// The doubtful names that are used so often, and nearly always as of one kind, that they are what they seem.
    pub fn often<'n>(
        doubtful: impl IntoIterator<Item = (EntityKind, &'n str, u64)>,
    ) -> impl Iterator<Item = (EntityKind, &'n str, u64)> {
        doubtful::often(doubtful).into_iter()
    }

    /// What [`Merged::groups`] gave, kept meanwhile.
    pub fn from_groups(groups: Vec<Group>) -> Self {
        Merged(groups)
    }

    /// Every entity.
    pub fn groups(&self) -> &[Group] {
        &self.0
    }
}

impl Group {
    /// An entity of a [`Merged`], its names in the order in which it gave them; none without any.
    pub fn of(kind: EntityKind, members: Vec<Member>) -> Option<Self> {
        let name = members.first()?.name.clone();
        Some(Group { kind, name, count: members.iter().map(|m| m.count).sum(), members })
    }

    /// An entity with these names; none without any. It is shown as `shown`, else as the name most used.
    fn new(kind: EntityKind, shown: Option<&str>, mut members: Vec<Member>) -> Option<Self> {
        let whole = |m: &Member| !matches!(m.why, Why::Title | Why::FamilyName);
        let rank = |m: &Member| (std::cmp::Reverse((whole(m), m.count)), std::cmp::Reverse(m.name.len()));
        members.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name)));
        let name = shown.unwrap_or(&members.first()?.name).to_owned();
        if let Some(place) = members.iter().position(|m| m.name == name) {
            let member = members.remove(place);
            members.insert(0, Member { why: Why::Shown, ..member });
        }
        Some(Group { kind, name, count: members.iter().map(|m| m.count).sum(), members })
    }
}

/// Every name of an index and whose it is.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    groups: Vec<Group>,
    /// By kind and name the place among the groups; made when a name is first looked up.
    by_name: OnceLock<FxHashMap<(EntityKind, String), usize>>,
    /// By the starts of firms' full names the places of these firms among the groups; made when a doubtful name is first
    /// looked up.
    starts: OnceLock<Starts>,
    struck: FxHashSet<(EntityKind, String)>,
}

impl Directory {
    /// Lays an alias file over what the rules say.
    pub fn new(merged: Merged, aliases: &Aliases) -> Self {
        let mut directory = Directory::default();
        if aliases.is_empty() {
            directory.groups = merged.0;
            return directory;
        }
        let mut ruled: BTreeMap<(EntityKind, usize), Vec<Member>> = BTreeMap::new();
        for mut group in merged.0 {
            let kind = group.kind;
            group.members.retain(|member| {
                let struck = aliases.strikes(kind, &member.name);
                if struck {
                    directory.struck.insert((kind, member.name.clone()));
                }
                !struck
            });
            directory.follow(group, aliases, &mut ruled);
        }
        // What the file calls somebody is somebody, though the rules doubt it.
        for kind in EntityKind::ALL {
            for entity in 0..aliases.entities(kind).len() {
                ruled.entry((kind, entity)).or_default();
            }
        }
        for ((kind, entity), mut members) in ruled {
            let Some(&entity) = aliases.entities(kind).get(entity) else { continue };
            // Names of the file that no article uses are looked up by all the same.
            for name in entity.names() {
                if !members.iter().any(|m| m.name == name) {
                    members.push(Member { name: name.to_owned(), count: 0, why: Why::AliasFile });
                }
            }
            directory.groups.extend(Group::new(kind, Some(entity.name()), members));
        }
        directory
    }

    /// Works out which names belong together, and lays an alias file over it.
    pub fn build<'n>(names: impl IntoIterator<Item = (EntityKind, &'n str, u64)>, aliases: &Aliases) -> Self {
        Directory::new(Merged::of(names), aliases)
    }

    /// The name an entity is shown under; a name that is not in the directory is its own; none if the alias file says
    /// that it names nothing of this kind.
    pub fn canonical<'a>(&'a self, kind: EntityKind, name: &'a str) -> Option<&'a str> {
        if !self.struck.is_empty() && self.struck.contains(&(kind, name.to_owned())) {
            return None;
        }
        Some(self.group(kind, name).map_or(name, |g| g.name.as_str()))
    }

    /// The name that an entity of this kind is shown under on lists, by a name that an article gives something of the kind;
    /// none if the index has it only where it is doubtful, or as a name of another kind.
    pub fn listed<'a>(&'a self, kind: EntityKind, name: &'a str) -> Option<&'a str> {
        let group = self.group(kind, name).or_else(|| self.of_doubtful(name).filter(|group| group.kind == kind));
        group.map(|group| group.name.as_str())
    }

    /// The names that the alias file says are none of this kind.
    pub fn hidden(&self, kind: EntityKind) -> impl Iterator<Item = &str> {
        self.struck.iter().filter(move |(of, _)| *of == kind).map(|(_, name)| name.as_str())
    }

    /// The entity that has this name.
    pub fn group(&self, kind: EntityKind, name: &str) -> Option<&Group> {
        let by_name = self.by_name.get_or_init(|| self.by_name());
        by_name.get(&(kind, name.to_owned())).and_then(|&i| self.groups.get(i))
    }

    /// The entity that articles mean by a name of which one could not tell what it is: what others surely call so, the most
    /// used of several, else the firm that nearly all full names mean which begin with it.
    pub fn of_doubtful(&self, name: &str) -> Option<&Group> {
        let named =
            EntityKind::ALL.into_iter().filter_map(|kind| self.group(kind, name)).max_by_key(|group| group.count);
        let begun = || self.groups.get(self.starts.get_or_init(|| Starts::of(&self.groups)).firm(name)?);
        named.or_else(begun)
    }

    /// The doubtful names by which articles may mean an entity.
    pub fn doubtful<'a>(&'a self, group: &'a Group) -> Vec<&'a str> {
        let is_this = |name: &&str| self.of_doubtful(name).is_some_and(|found| std::ptr::eq(found, group));
        let mut names: Vec<&str> = group.members.iter().map(|member| member.name.as_str()).collect();
        names.extend(group.members.iter().flat_map(|member| doubtful::starts(group.kind, &member.name)));
        names.sort_unstable();
        names.dedup();
        names.retain(is_this);
        names
    }

    /// Every name of the entity that has this name, itself included.
    pub fn variants<'a>(&'a self, kind: EntityKind, name: &'a str) -> Vec<&'a str> {
        match self.group(kind, name) {
            Some(group) => group.members.iter().map(|m| m.name.as_str()).collect(),
            None => vec![name],
        }
    }

    /// Entities with a name that holds `part`, whatever its case and diacritics; the most used first, those that are
    /// called just that before all others.
    pub fn find(&self, kind: EntityKind, part: &str) -> Vec<&Group> {
        let part = fold(part);
        let mut found: Vec<(bool, &Group)> = Vec::new();
        for group in self.groups.iter().filter(|g| g.kind == kind) {
            let names = || group.members.iter().map(|m| fold(&m.name));
            if names().any(|name| name.contains(&*part)) {
                found.push((names().any(|name| name == part), group));
            }
        }
        found.sort_by(|(one, a), (other, b)| (other, b.count).cmp(&(one, a.count)).then_with(|| a.name.cmp(&b.name)));
        found.into_iter().map(|(_, group)| group).collect()
    }

    /// Entities with a name that has the words `typed` next to each other, whatever their case and diacritics.
    pub fn going_by(&self, kind: EntityKind, typed: &str) -> Vec<&Group> {
        let typed = fold(typed);
        let has = |name: &str| may_have(name, &typed) && has_words(&fold(name), &typed);
        self.groups.iter().filter(|g| g.kind == kind && g.members.iter().any(|m| has(&m.name))).collect()
    }

    /// Every entity, in no order that means anything.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    fn by_name(&self) -> FxHashMap<(EntityKind, String), usize> {
        let mut by_name = FxHashMap::default();
        for (place, group) in self.groups.iter().enumerate() {
            for member in &group.members {
                by_name.insert((group.kind, member.name.clone()), place);
            }
        }
        // A name that is only shown may be another's own.
        for (place, group) in self.groups.iter().enumerate() {
            by_name.entry((group.kind, group.name.clone())).or_insert(place);
        }
        by_name
    }

    /// Adds the names of a group that the alias file does not rule; the file's own names go to `ruled`. The whole group
    /// follows the file's entity that one of its names belongs to, unless the file keeps them apart or its names belong
    /// to several.
    fn follow(&mut self, group: Group, aliases: &Aliases, ruled: &mut BTreeMap<(EntityKind, usize), Vec<Member>>) {
        let kind = group.kind;
        let owners: Vec<Option<usize>> = group.members.iter().map(|m| aliases.entity_of(kind, &m.name)).collect();
        let mut owning: Vec<usize> = owners.iter().copied().flatten().collect();
        owning.sort_unstable();
        owning.dedup();
        let only = match owning[..] {
            [only] => aliases.entities(kind).get(only).map(|entity| (only, entity.name())),
            _ => None,
        };
        let mut left = Vec::new();
        for (member, owner) in group.members.into_iter().zip(owners) {
            let follows = only.filter(|(_, name)| !aliases.apart(kind, name, &member.name)).map(|(only, _)| only);
            match owner.or(follows) {
                Some(entity) => {
                    ruled.entry((kind, entity)).or_default().push(Member { why: Why::AliasFile, ..member });
                }
                None => left.push(member),
            }
        }
        self.groups.extend(keep_apart(kind, left, aliases).into_iter().filter_map(|part| Group::new(kind, None, part)));
    }
}

/// False if the name surely has not what was typed, which is folded. Nearly all names are ASCII, and told from it without
/// asking for memory.
fn may_have(name: &str, typed: &str) -> bool {
    let Some(first) = typed.bytes().next().filter(|_| name.is_ascii()) else { return true };
    let starts = name.bytes().enumerate().filter(|(_, byte)| byte.to_ascii_lowercase() == first);
    let mut rests = starts.filter_map(|(at, _)| name.as_bytes().get(at..at + typed.len()));
    rests.any(|rest| rest.eq_ignore_ascii_case(typed.as_bytes()))
}

/// True if the words typed are next to each other in the name; both are folded.
fn has_words(name: &str, typed: &str) -> bool {
    name.match_indices(typed).any(|(at, _)| {
        let before = name.get(..at).is_none_or(|b| b.is_empty() || b.ends_with(' '));
        before && name.get(at + typed.len()..).is_none_or(|after| after.is_empty() || after.starts_with(' '))
    })
}

/// Takes a group asunder where the alias file says that two of its names are not one.
fn keep_apart(kind: EntityKind, group: Vec<Member>, aliases: &Aliases) -> Vec<Vec<Member>> {
    let mut parts: Vec<Vec<Member>> = Vec::new();
    for member in group {
        let fits = |part: &&mut Vec<Member>| part.iter().all(|m| !aliases.apart(kind, &member.name, &m.name));
        match parts.iter_mut().find(fits) {
            Some(part) => part.push(member),
            None => parts.push(vec![member]),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(names: &[&str], aliases: &str) -> Directory {
        let aliases = Aliases::parse(aliases).unwrap();
        Directory::build(names.iter().map(|n| (EntityKind::Person, *n, 1)), &aliases)
    }

    #[track_caller]
    fn check(names: &[&str], aliases: &str, expect: &[&str]) {
        let directory = build(names, aliases);
        let shown: Vec<&str> =
            names.iter().map(|n| directory.canonical(EntityKind::Person, n).unwrap_or("–")).collect();
        assert_eq!(shown, expect);
    }

    #[test]
    fn spellings_of_a_name_are_one() {
        check(&["Andrei Sibiga", "Andrii Sybiha", "Andrii Ray"], "", &["Andrei Sibiga", "Andrei Sibiga", "Andrii Ray"]);
    }

    #[test]
    fn the_name_most_used_is_shown() {
        let names = [(EntityKind::Person, "Bob Ray", 1), (EntityKind::Person, "Robert Ray", 7)];
        let directory = Directory::build(names, &Aliases::default());
        let group = directory.group(EntityKind::Person, "Bob Ray").unwrap();
        assert_eq!((group.name.as_str(), group.count), ("Robert Ray", 8));
        assert_eq!(group.members[1], Member { name: "Bob Ray".into(), count: 1, why: Why::GivenName });
    }

    #[test]
    fn a_full_name_between_two_that_differ_stays_alone() {
        check(&["John Ray", "John A. Ray", "John B. Ray"], "", &["John Ray", "John A. Ray", "John B. Ray"]);
    }

    #[test]
    fn a_family_name_means_its_usual_bearer_alone() {
        let shown = |other: u64| {
            let names = [("Ann Ray", 19), ("Bob Ray", other), ("Ray", 40)];
            let names = names.map(|(name, count)| (EntityKind::Person, name, count));
            let directory = Directory::build(names, &Aliases::default());
            directory.canonical(EntityKind::Person, "Ray").unwrap().to_owned()
        };
        assert_eq!((shown(2).as_str(), shown(3).as_str()), ("Ann Ray", "Ray"));
    }

    #[test]
    fn a_doubtful_name_is_what_the_index_surely_has() {
        use EntityKind::{Organization, Person, Place};
        let names = [
            (Organization, "Merrow Tools Inc", 9),
            (Organization, "Corvane and Ray", 5),
            (Organization, "Orrin Rail Inc", 5),
            (Organization, "Orrin Steel Inc", 5),
            (Organization, "Ann Bell", 1),
            (Person, "Ann Bell", 5),
            (Person, "Corvane", 1),
            (Place, "Merrow", 1),
            (Place, "Sarn", 2),
            (Organization, "Sarn", 9),
        ];
        let directory = Directory::build(names, &Aliases::default());
        let kind = |name: &str| directory.of_doubtful(name).map(|group| (group.kind, group.name.as_str()));
        assert_eq!(kind("Merrow"), Some((Organization, "Merrow Tools Inc")));
        assert_eq!(kind("Corvane"), Some((Organization, "Corvane and Ray")));
        // Several firms begin so, and nothing is called Quell.
        assert_eq!((kind("Orrin"), kind("Quell")), (None, None));
        // What is used far more often as another kind's is doubtful too, unless it is used often enough.
        assert_eq!(directory.listed(Organization, "Ann Bell"), None);
        assert_eq!(directory.listed(Organization, "Merrow"), Some("Merrow Tools Inc"));
        assert_eq!((directory.listed(Place, "Merrow"), directory.listed(Place, "Sarn")), (None, Some("Sarn")));
        let firm = directory.group(Organization, "Corvane and Ray").unwrap();
        assert_eq!(directory.doubtful(firm), ["Corvane", "Corvane and Ray"]);
    }

    #[test]
    fn what_is_often_doubtful_is_what_it_seems() {
        use EntityKind::{Person, Place};
        let names = [(Person, "Ann", 5), (Place, "Ann", 1), (Person, "Bo", 4), (Place, "Cy", 5), (Person, "Cy", 2)];
        assert_eq!(Merged::often(names).collect::<Vec<_>>(), [(Person, "Ann", 5)]);
    }

    #[test]
    fn the_alias_file_knows_a_doubtful_name() {
        let aliases = "[[entity]]\nkind = \"person\"\nname = \"Ann Ray\"\nalso = [\"Quell\"]\n";
        let directory = build(&["Bob Ray"], aliases);
        assert_eq!(directory.listed(EntityKind::Person, "Quell"), Some("Ann Ray"));
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
