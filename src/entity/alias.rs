//! The user's alias file: names to merge or keep apart, and names to hide.
//!
//! ```toml
//! [[entity]]
//! kind = "person"                       # person, organization or place
//! name = "Volodymyr Zelensky"           # the name to show
//! also = ["Zelenskiy", "Ze"]            # other names of the same person
//! apart = ["Oleksandr Zelensky"]        # never merged with them
//!
//! [[nobody]]
//! kind = "person"
//! names = ["Squawk Box"]                # not a person at all
//! ```

use std::ops::Range;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use toml::Spanned;

use super::EntityKind;

/// What a user says about names. Wins over every rule of a [`Directory`](super::Directory).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aliases {
    entities: Vec<Entity>,
    struck: Vec<(EntityKind, String)>,
}

/// An entity of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entity {
    kind: EntityKind,
    name: String,
    also: Vec<String>,
    apart: Vec<String>,
}

impl Entity {
    /// The name to show.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Every name of it, the one to show first.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.also.iter().map(String::as_str))
    }
}

/// Why an alias file cannot be used, where, and what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum AliasError {
    /// It is not the TOML that is asked for.
    #[error("line {line}: {problem}")]
    Toml {
        /// Line, from 1.
        line: usize,
        /// What the parser says.
        problem: String,
    },
    /// A kind that does not exist.
    #[error("line {line}: unknown kind `{kind}` (known: person, organization, place)")]
    EntityKind {
        /// Line, from 1.
        line: usize,
        /// The kind as written.
        kind: String,
    },
    /// A name that two entities claim.
    #[error("line {line}: `{name}` is already a name of `{owner}` (line {owner_line}); take it out of one of them")]
    Shared {
        /// Line, from 1.
        line: usize,
        /// The name.
        name: String,
        /// The entity that has it.
        owner: String,
        /// Where that is.
        owner_line: usize,
    },
    /// Two entities that are each a name of the other, or of one another in a ring.
    #[error(
        "line {line}: `{name}` and `{other}` go round in a circle, each a name of the other; keep one `[[entity]]` and list the other under `also`"
    )]
    Cycle {
        /// Line, from 1.
        line: usize,
        /// An entity.
        name: String,
        /// The other.
        other: String,
    },
    /// A name that is both an entity's and kept apart from it, or struck out.
    #[error("line {line}: `{name}` is a name of `{owner}` and also ruled out; take out one of the two")]
    Contradiction {
        /// Line, from 1.
        line: usize,
        /// The name.
        name: String,
        /// The entity.
        owner: String,
    },
    /// A name without letters.
    #[error("line {line}: a name is empty; write it out or take the line away")]
    Empty {
        /// Line, from 1.
        line: usize,
    },
}

impl Aliases {
    /// Reads a file's text.
    pub fn parse(text: &str) -> Result<Self, AliasError> {
        let lines = Lines(text);
        let file: File = toml::from_str(text).map_err(|error| AliasError::Toml {
            line: lines.of(&error.span().unwrap_or_default()),
            problem: error.message().to_owned(),
        })?;
        let entities = file.entity.iter().map(|raw| raw.check(&lines)).collect::<Result<Vec<_>, _>>()?;
        check_cycles(&file, &entities, &lines)?;
        let owners = check_shared(&file, &entities, &lines)?;
        check_apart(&file, &entities, &lines)?;
        let mut struck = Vec::new();
        for raw in &file.nobody {
            let kind = kind(&raw.kind, &lines)?;
            for name in &raw.names {
                let line = lines.of(&name.span());
                let trimmed = trimmed(name, line)?;
                if let Some(&(owner, _)) = owners.get(&(kind, trimmed.clone())) {
                    let owner = entities.get(owner).map_or("", |e| e.name.as_str()).to_owned();
                    return Err(AliasError::Contradiction { line, name: trimmed, owner });
                }
                struck.push((kind, trimmed));
            }
        }
        Ok(Aliases { entities, struck })
    }

    /// True if the file says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.entities.is_empty() && self.struck.is_empty()
    }

    /// Entities of a kind, in the order of the file; indices of [`Aliases::entity_of`] point into this.
    pub(super) fn entities(&self, kind: EntityKind) -> Vec<&Entity> {
        self.entities.iter().filter(|e| e.kind == kind).collect()
    }

    /// The entity that the file gives a name to.
    pub(super) fn entity_of(&self, kind: EntityKind, name: &str) -> Option<usize> {
        self.entities
            .iter()
            .filter(|e| e.kind == kind)
            .position(|e| e.name == name || e.also.iter().any(|also| also == name))
    }

    /// True if the file keeps two names apart.
    pub(super) fn apart(&self, kind: EntityKind, one: &str, other: &str) -> bool {
        self.entities.iter().filter(|e| e.kind == kind).any(|e| {
            let own = |name: &str| e.name == name || e.also.iter().any(|also| also == name);
            let out = |name: &str| e.apart.iter().any(|apart| apart == name);
            own(one) && out(other) || own(other) && out(one)
        })
    }

    /// True if the file says that a name is none of this kind.
    pub(super) fn strikes(&self, kind: EntityKind, name: &str) -> bool {
        self.struck.iter().any(|(k, n)| *k == kind && n == name)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    entity: Vec<RawEntity>,
    #[serde(default)]
    nobody: Vec<RawNobody>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntity {
    kind: Spanned<String>,
    name: Spanned<String>,
    #[serde(default)]
    also: Vec<Spanned<String>>,
    #[serde(default)]
    apart: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNobody {
    kind: Spanned<String>,
    names: Vec<Spanned<String>>,
}

impl RawEntity {
    fn check(&self, lines: &Lines) -> Result<Entity, AliasError> {
        let clean = |name: &Spanned<String>| trimmed(name, lines.of(&name.span()));
        Ok(Entity {
            kind: kind(&self.kind, lines)?,
            name: clean(&self.name)?,
            also: self.also.iter().map(clean).collect::<Result<_, _>>()?,
            apart: self.apart.iter().map(clean).collect::<Result<_, _>>()?,
        })
    }
}

fn kind(kind: &Spanned<String>, lines: &Lines) -> Result<EntityKind, AliasError> {
    match kind.get_ref().as_str() {
        "person" => Ok(EntityKind::Person),
        "organization" => Ok(EntityKind::Organization),
        "place" => Ok(EntityKind::Place),
        other => Err(AliasError::EntityKind { line: lines.of(&kind.span()), kind: other.to_owned() }),
    }
}

fn trimmed(name: &Spanned<String>, line: usize) -> Result<String, AliasError> {
    let name = name.get_ref().trim();
    if name.chars().any(char::is_alphanumeric) { Ok(name.to_owned()) } else { Err(AliasError::Empty { line }) }
}

/// Follows every entity whose name is another's second name; coming back to the start is a circle.
fn check_cycles(file: &File, entities: &[Entity], lines: &Lines) -> Result<(), AliasError> {
    let mut holder: FxHashMap<(EntityKind, &str), usize> = FxHashMap::default();
    for (i, entity) in entities.iter().enumerate() {
        holder.extend(entity.also.iter().map(|also| ((entity.kind, also.as_str()), i)));
    }
    for (i, (raw, entity)) in file.entity.iter().zip(entities).enumerate() {
        let mut at = i;
        for _ in 0..entities.len() {
            let Some(current) = entities.get(at) else { break };
            let Some(&next) = holder.get(&(current.kind, current.name.as_str())) else { break };
            if next == i {
                let (name, other) = (entity.name.clone(), current.name.clone());
                return Err(AliasError::Cycle { line: lines.of(&raw.name.span()), name, other });
            }
            at = next;
        }
    }
    Ok(())
}

/// The owner of every name: the index of the entity, and the line where the name is.
type Owners = FxHashMap<(EntityKind, String), (usize, usize)>;

/// Gives every name to its entity; a name that two claim is a mistake.
fn check_shared(file: &File, entities: &[Entity], lines: &Lines) -> Result<Owners, AliasError> {
    let mut owners = Owners::default();
    for (i, (raw, entity)) in file.entity.iter().zip(entities).enumerate() {
        for (name, written) in std::iter::once((&entity.name, &raw.name)).chain(entity.also.iter().zip(&raw.also)) {
            let line = lines.of(&written.span());
            match owners.insert((entity.kind, name.clone()), (i, line)) {
                Some((owner, owner_line)) if owner != i => {
                    let owner = entities.get(owner).map_or("", |e| e.name.as_str()).to_owned();
                    return Err(AliasError::Shared { line, name: name.clone(), owner, owner_line });
                }
                _ => {}
            }
        }
    }
    Ok(owners)
}

fn check_apart(file: &File, entities: &[Entity], lines: &Lines) -> Result<(), AliasError> {
    for (raw, entity) in file.entity.iter().zip(entities) {
        for (name, written) in entity.apart.iter().zip(&raw.apart) {
            if *name == entity.name || entity.also.contains(name) {
                let line = lines.of(&written.span());
                return Err(AliasError::Contradiction { line, name: name.clone(), owner: entity.name.clone() });
            }
        }
    }
    Ok(())
}

/// Finds the line of a byte.
struct Lines<'t>(&'t str);

impl Lines<'_> {
    fn of(&self, span: &Range<usize>) -> usize {
        self.0.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fails(text: &str, message: &str) {
        assert_eq!(Aliases::parse(text).unwrap_err().to_string(), message);
    }

    #[test]
    fn a_whole_file_is_read() {
        let aliases = Aliases::parse(
            "[[entity]]\nkind = \"person\"\nname = \"Ann Ray\"\nalso = [\"Nan\"]\napart = [\"Anna Ray\"]\n\
             [[nobody]]\nkind = \"person\"\nnames = [\"Squawk Box\"]\n",
        )
        .unwrap();
        assert_eq!(aliases.entity_of(EntityKind::Person, "Nan"), Some(0));
        assert_eq!(aliases.entity_of(EntityKind::Place, "Nan"), None);
        assert!(aliases.apart(EntityKind::Person, "Anna Ray", "Nan"));
        assert!(aliases.strikes(EntityKind::Person, "Squawk Box"));
        assert_eq!(Aliases::parse(""), Ok(Aliases::default()));
    }

    #[test]
    fn mistakes_name_their_line_and_the_remedy() {
        fails(
            "[[entity]]\nkind = \"persn\"\nname = \"A\"\n",
            "line 2: unknown kind `persn` (known: person, organization, place)",
        );
        fails(
            "[[entity]]\nkind = \"person\"\nname = \"A\"\nalso = [\"C\"]\n[[entity]]\nkind = \"person\"\nname = \"B\"\n\
             also = [\"C\"]\n",
            "line 8: `C` is already a name of `A` (line 4); take it out of one of them",
        );
        fails(
            "[[entity]]\nkind = \"person\"\nname = \"A\"\nalso = [\"B\"]\n[[entity]]\nkind = \"person\"\nname = \"B\"\n\
             also = [\"A\"]\n",
            "line 3: `A` and `B` go round in a circle, each a name of the other; keep one `[[entity]]` and list the \
             other under `also`",
        );
        fails(
            "[[nobody]]\nkind = \"person\"\nnames = [\"A\"]\n[[entity]]\nkind = \"person\"\nname = \"A\"\n",
            "line 3: `A` is a name of `A` and also ruled out; take out one of the two",
        );
        fails(
            "[[entity]]\nkind = \"person\"\nname = \" \"\n",
            "line 3: a name is empty; write it out or take the line away",
        );
    }

    #[test]
    fn broken_toml_names_its_line() {
        let error = Aliases::parse("[[entity]]\nkind = \"person\nname = 3\n").unwrap_err();
        assert!(error.to_string().starts_with("line 2: "), "{error}");
        let error = Aliases::parse("[[entity]]\nkind = \"person\"\nnmae = \"A\"\n").unwrap_err();
        assert!(error.to_string().starts_with("line 3: "), "{error}");
    }
}
