//! The names of an index grouped into entities by the rules alone.

use rustc_hash::FxHashMap;

use super::Why;
use super::{body, contradicted, doubtful, person};
use crate::entity::EntityKind;

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
    pub const RULES: u64 = 5;

    /// Works out which names belong together. Each comes with how often it is used; a name given twice counts twice. Names
    /// that are of another kind by their words or by most of their uses are left out.
    pub fn of<'n>(names: impl IntoIterator<Item = (EntityKind, &'n str, u64)>) -> Self {
        let mut counts: FxHashMap<(EntityKind, &str), u64> = FxHashMap::default();
        for (kind, name, count) in names {
            *counts.entry((kind, name)).or_default() += count;
        }
        counts.retain(|&(kind, name), _| !contradicted::is_contradicted(kind, name));
        let uses = doubtful::AllUses::of(&counts);
        counts.retain(|&(kind, name), count| !uses.is_another(kind, name, *count));
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

    /// The entities alone.
    pub(super) fn into_groups(self) -> Vec<Group> {
        self.0
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
    pub(super) fn new(kind: EntityKind, shown: Option<&str>, mut members: Vec<Member>) -> Option<Self> {
        let whole = |m: &Member| !matches!(m.why, Why::Title | Why::FamilyName | Why::Piece);
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
