//! A profile of a person, organisation or place: names, how often it is quoted, by whom, whom it talks about, who talks about it.

use std::io::{self, Write};

use serde::Serialize;

use super::phrase::{count, thousands, word};
use super::style::{Look, Mark};
use super::wrap::Marked;
use crate::entity::Group;
use crate::search::FacetCount;

/// What an index knows of a person, organisation or place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Profile {
    /// The name it is shown under.
    pub name: String,
    /// Person, organisation or place.
    pub kind: crate::entity::EntityKind,
    /// Its names, and why each was merged.
    pub names: Vec<Name>,
    /// What articles call it by title or description, the most frequent first.
    pub roles: Vec<String>,
    /// Passages that name it.
    pub passages: u64,
    /// Quotations of it.
    pub quotes: u64,
    /// Outlets that name it, by passages.
    pub named_by: Vec<FacetCount>,
    /// Outlets that quote it, by quotations.
    pub quoted_by: Vec<FacetCount>,
    /// Whom its quotations name.
    pub talks_about: Vec<FacetCount>,
    /// Whose quotations name it.
    pub talked_about_by: Vec<FacetCount>,
}

/// A name of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Name {
    /// As articles give it.
    pub name: String,
    /// Passages that give it.
    pub count: u64,
    /// Why it was merged.
    pub why: String,
}

impl Name {
    /// The names of a group.
    pub fn all(group: &Group) -> Vec<Name> {
        let names = group.members.iter();
        names
            .map(|member| Name { name: member.name.clone(), count: member.count, why: member.why.to_string() })
            .collect()
    }
}

/// Writes the names of an entity, how often each is used, and why they were taken for one.
pub fn names(out: &mut impl Write, look: Look, group: &Group) -> io::Result<()> {
    look.paint(out, Mark::Name(group.kind), &group.name)?;
    look.paint(out, Mark::Aside, &format!(" · {}", word(&group.kind)))?;
    writeln!(out)?;
    list_names(out, look, &Name::all(group))
}

/// Writes a profile for people.
pub fn profile(out: &mut impl Write, look: Look, profile: &Profile) -> io::Result<()> {
    look.paint(out, Mark::Name(profile.kind), &profile.name)?;
    look.paint(out, Mark::Aside, &format!(" · {}", word(&profile.kind)))?;
    writeln!(out)?;
    list_names(out, look, &profile.names)?;
    writeln!(out)?;
    if !profile.roles.is_empty() {
        Marked::default()
            .with(Mark::Heading, "roles")
            .with(Mark::Plain, &format!(" {}", profile.roles.join("; ")))
            .write(out, look, "", "  ")?;
    }
    let passages = format!("in {}", count(profile.passages, "passage"));
    let quotes = count(profile.quotes, "time");
    let lists = [
        ("named", passages, &profile.named_by),
        ("quoted", quotes, &profile.quoted_by),
        ("talks about", count(profile.talks_about.len() as u64, "name"), &profile.talks_about),
        (
            "talked about",
            format!("by {}", count(profile.talked_about_by.len() as u64, "name")),
            &profile.talked_about_by,
        ),
    ];
    for (what, sum, counts) in lists {
        let values: Vec<String> = counts.iter().map(|c| format!("{} ×{}", c.value, thousands(c.count))).collect();
        let list = if values.is_empty() { String::new() } else { format!(": {}", values.join(", ")) };
        Marked::default()
            .with(Mark::Heading, what)
            .with(Mark::Plain, &format!(" {sum}{list}"))
            .write(out, look, "", "  ")?;
    }
    Ok(())
}

fn list_names(out: &mut impl Write, look: Look, names: &[Name]) -> io::Result<()> {
    let counts: Vec<String> = names.iter().map(|name| thousands(name.count)).collect();
    let width = counts.iter().map(String::len).max().unwrap_or(0);
    for (name, count) in names.iter().zip(&counts) {
        write!(out, "  {count:>width$}  {}", super::harmless::one_line(&name.name))?;
        look.paint(out, Mark::Aside, &format!("  ({})", name.why))?;
        writeln!(out)?;
    }
    Ok(())
}
