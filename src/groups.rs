//! Groups of people that a user names in `user/groups.toml`, for `speaker:@cabinet` and counts by group:
//!
//! ```toml
//! cabinet = ["Ada Ray", "Lena Ode"]
//! opposition = ["Ole Berg"]
//! ```

use std::collections::BTreeMap;

use crate::marks::plain;

/// The file.
pub const GROUPS: &str = "groups.toml";

/// Groups by name, each with its members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Groups(BTreeMap<String, Vec<String>>);

impl Groups {
    /// Reads the text of the file.
    pub fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        Ok(Groups(toml::from_str(toml)?))
    }

    /// True if there is no group.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The members of a group, whatever the case of its name.
    pub fn members(&self, name: &str) -> Option<&[String]> {
        let members = self.0.iter().find(|(own, _)| plain(own) == plain(name)).map(|(_, members)| members);
        members.map(Vec::as_slice)
    }

    /// The same groups with other names for their members.
    #[must_use]
    pub fn map(&self, name: impl Fn(&str) -> String) -> Self {
        let groups = self.0.iter();
        Groups(groups.map(|(group, members)| (group.clone(), members.iter().map(|m| name(m)).collect())).collect())
    }

    /// The groups that somebody is in.
    pub fn of(&self, name: &str) -> impl Iterator<Item = &str> {
        let name = plain(name);
        let has = move |members: &[String]| members.iter().any(|member| plain(member) == name);
        self.0.iter().filter(move |(_, members)| has(members)).map(|(group, _)| group.as_str())
    }
}
