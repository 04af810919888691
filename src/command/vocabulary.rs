//! What a user tells the engine: synonyms, names, groups of people, tags and notes.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::Global;
use super::remote::Remote;
use crate::engine::{Engine, OpenIndex};
use crate::groups::{GROUPS, Groups};
use crate::marks::{Mark, Marks};
use crate::user::{ALIASES, SYNONYMS, UserFiles};

/// A user's own synonyms and names, as their files say it: with them, a search can be repeated anywhere.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Vocabulary {
    /// The text of `synonyms.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    synonyms: Option<String>,
    /// The text of `aliases.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    aliases: Option<String>,
    /// The file that the synonyms were read from; none where a manifest holds them.
    #[serde(skip)]
    synonyms_from: Option<PathBuf>,
    /// The file that the names were read from.
    #[serde(skip)]
    aliases_from: Option<PathBuf>,
    /// Tags and notes.
    #[serde(skip)]
    marks: Vec<Mark>,
    /// Groups of people.
    #[serde(skip)]
    groups: Groups,
}

impl Vocabulary {
    /// Reads the files; where none is given, the one of the index in `dir`, if there is one.
    pub(super) fn read(synonyms: Option<&Path>, aliases: Option<&Path>, dir: &Path) -> anyhow::Result<Self> {
        let kept = UserFiles::of(dir);
        let [own_aliases, own_synonyms] = [ALIASES, SYNONYMS].map(|name| kept.path(name));
        let aliases = aliases.or_else(|| own_aliases.is_file().then_some(&own_aliases));
        let synonyms = synonyms.or_else(|| own_synonyms.is_file().then_some(&own_synonyms));
        let text = |path: Option<&Path>| -> anyhow::Result<Option<String>> {
            let Some(path) = path else { return Ok(None) };
            fs::read_to_string(path).map(Some).with_context(|| format!("cannot read `{}`", path.display()))
        };
        let groups = match kept.text(GROUPS)? {
            None => Groups::default(),
            Some(text) => Groups::parse(&text).with_context(|| {
                format!("cannot use the groups in `{}`; write `cabinet = [\"Ada Ray\"]`", kept.path(GROUPS).display())
            })?,
        };
        Ok(Vocabulary {
            groups,
            synonyms: text(synonyms)?,
            aliases: text(aliases)?,
            synonyms_from: synonyms.map(Path::to_owned),
            aliases_from: aliases.map(Path::to_owned),
            marks: Marks::of(kept).all()?,
        })
    }

    /// A hash of all of it.
    pub(super) fn digest(&self) -> String {
        let all = (&self.synonyms, &self.aliases, format!("{:?}", self.groups), &self.marks);
        blake3::hash(&serde_json::to_vec(&all).unwrap_or_default()).to_hex().to_string()
    }

    /// The groups of people.
    pub(super) fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Opens the index in a folder, or that of a cluster, to answer with them.
    pub(super) fn open(&self, index: &Path, remote: Option<&Remote>) -> anyhow::Result<Box<dyn OpenIndex>> {
        Ok(match remote {
            Some(remote) => Box::new(remote.read_taught(|engine| self.teach(engine))?),
            None => Box::new(self.teach(Engine::open(index)?)?),
        })
    }

    /// Has the engine follow them.
    fn teach(&self, mut engine: Engine) -> anyhow::Result<Engine> {
        let refused = |what: &str, from: Option<&Path>| match from {
            Some(path) => format!("cannot use the {what} in `{}`", path.display()),
            None => format!("cannot use the {what} that the manifest holds"),
        };
        if let Some(aliases) = &self.aliases {
            engine = engine.with_aliases(aliases).with_context(|| refused("names", self.aliases_from.as_deref()))?;
        }
        if let Some(synonyms) = &self.synonyms {
            let from = self.synonyms_from.as_deref();
            engine = engine.with_synonyms(synonyms).with_context(|| refused("synonyms", from))?;
        }
        Ok(engine.with_marks(self.marks.clone()).with_groups(self.groups.clone()))
    }
}

/// Opens what answers, the index on this machine or that of a cluster, and has it follow the user's synonyms and names:
/// those given, else those beside the index.
pub(super) fn open(
    global: &Global,
    synonyms: Option<&Path>,
    aliases: Option<&Path>,
) -> anyhow::Result<(Box<dyn OpenIndex>, Vocabulary)> {
    let remote = global.remote()?;
    let folder = remote.as_ref().map_or(global.index.as_path(), |remote| remote.mirror.path());
    let vocabulary = Vocabulary::read(synonyms, aliases, folder)?;
    Ok((vocabulary.open(&global.index, remote.as_ref())?, vocabulary))
}
