//! One entity under several names across articles: which names of an index belong together, and why.
//!
//! Merging is conservative. Two names are one only if everything that both give agrees: family name, first name, middle
//! name, generation; spelling may differ by case, marks and transliteration. A bare surname means its usual bearer where an
//! index has one by far, else it stays alone. What the
//! user's alias file says wins over all of it. A directory is worked out from the names alone, so a new alias file takes
//! effect without reading an article again, and is undone by taking it away.

mod body;
mod contradicted;
mod cut;
mod doubtful;
mod merged;
mod person;
mod spelling;
mod union;
mod well_known;
mod why;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::EntityKind;
use super::alias::Aliases;
use super::fold::fold;
use doubtful::Starts;
pub use merged::{Group, Member, Merged};
pub use why::Why;

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
            directory.groups = merged.into_groups();
            return directory;
        }
        let mut ruled: BTreeMap<(EntityKind, usize), Vec<Member>> = BTreeMap::new();
        for mut group in merged.into_groups() {
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
    fn a_family_name_of_several_is_on_no_list() {
        use EntityKind::Person;
        let listed = |names: &[(EntityKind, &str, u64)]| {
            let directory = Directory::build(names.iter().copied(), &Aliases::default());
            directory.listed(Person, "Ray").map(str::to_owned)
        };
        assert_eq!(listed(&[(Person, "Ann Ray", 9), (Person, "Bob Ray", 9), (Person, "Ray", 40)]), None);
        assert_eq!(listed(&[(Person, "Ann Ray", 9), (Person, "Ray", 40)]).as_deref(), Some("Ray"));
    }

    #[test]
    fn what_is_mostly_a_firm_is_nobody_and_nowhere() {
        use EntityKind::{Organization, Person, Place};
        let names = [
            (Organization, "Ann-Merrow Inc", 3),
            (Person, "Ann Merrow", 2),
            (Person, "Bo Lind", 3),
            (Organization, "Bo Lind Inc", 2),
            (Place, "Averne Rail", 2),
            (Organization, "Averne Rail and Co Ltd", 3),
            (Place, "Averne West", 2),
            (Organization, "Averne West Power Ltd", 9),
        ];
        let directory = Directory::build(names, &Aliases::default());
        let listed = |kind, name: &str| directory.group(kind, name).is_some();
        assert_eq!((listed(Person, "Ann Merrow"), listed(Person, "Bo Lind")), (false, true));
        assert_eq!((listed(Place, "Averne Rail"), listed(Place, "Averne West")), (false, true));
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
            (Place, "Lisbon", 2),
            (Organization, "Lisbon", 9),
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
        assert_eq!((directory.listed(Place, "Merrow"), directory.listed(Place, "Lisbon")), (None, Some("Lisbon")));
        let firm = directory.group(Organization, "Corvane and Ray").unwrap();
        assert_eq!(directory.doubtful(firm), ["Corvane", "Corvane and Ray"]);
    }

    #[test]
    fn what_is_often_doubtful_is_what_it_seems() {
        use EntityKind::{Person, Place};
        let names = [(Place, "Ann", 5), (Person, "Ann", 1), (Place, "Bo", 4), (Place, "Cy", 5), (Person, "Cy", 2)];
        assert_eq!(Merged::often(names).collect::<Vec<_>>(), [(Place, "Ann", 5)]);
        assert_eq!(Merged::often([(Person, "Ann", 9)]).count(), 0);
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
