//! People, organisations and places: where they are mentioned and who they are within an article. Does no I/O.

mod alias;
mod chain;
mod cluster;
mod directory;
mod fold;
mod gazetteer;
mod pronoun;
mod recognise;
mod resolve;
mod role;
mod same_place;
mod tokens;
mod train;

pub use alias::{AliasError, Aliases};
pub use directory::{Directory, Group, Member, Why};
pub use recognise::Recogniser;
pub use resolve::{How, Resolution, Resolver};
pub use train::{Annotated, Options as TrainOptions, Score, evaluate, from_conll, from_silver, train_recogniser};

use crate::text::{Span, Text};
use recognise::Vocabulary;

/// What sort of thing an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A person.
    Person,
    /// An organisation: a company, party, agency, team, newspaper.
    Organization,
    /// A place: a country, city, region, building.
    Place,
}

/// Index into [`Entities::list`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

/// A name of an entity in the text. Pronouns are no mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Where the name stands, without title or possessive.
    pub span: Span,
    /// First token of the name.
    pub first: u32,
    /// The token after its last.
    pub end: u32,
    /// What it names here.
    pub kind: Kind,
    /// Whom it names.
    pub entity: EntityId,
}

/// Whether an entity is spoken of as he or she.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gender {
    /// Not known.
    #[default]
    Unknown,
    /// She.
    Female,
    /// He.
    Male,
}

/// One person, organisation or place of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// What it is.
    pub kind: Kind,
    /// The fullest name the article gives.
    pub name: String,
    /// Every other name the article uses for it.
    pub aliases: Vec<String>,
    /// He or she, for people.
    pub gender: Gender,
    /// Offices and descriptions from titles and appositions: `US Secretary of State`.
    pub roles: Vec<String>,
}

/// Everything named in an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entities {
    /// Mentions in order of their place; none overlap.
    pub mentions: Vec<Mention>,
    /// The entities they name.
    pub list: Vec<Entity>,
}

impl Entities {
    /// The entity with this id.
    pub fn get(&self, id: EntityId) -> Option<&Entity> {
        self.list.get(id.0 as usize)
    }
}

/// Finds mentions in one article after the other and says whom they name; keeps what it learnt of words. One a thread.
#[derive(Debug)]
pub struct Finder<'r> {
    recogniser: Option<&'r Recogniser>,
    vocabulary: Vocabulary,
}

impl Default for Finder<'static> {
    fn default() -> Self {
        Finder { recogniser: Recogniser::compiled_in(), vocabulary: Vocabulary::default() }
    }
}

impl<'r> Finder<'r> {
    /// A finder with a recogniser of one's own.
    pub fn new(recogniser: &'r Recogniser) -> Self {
        Finder { recogniser: Some(recogniser), vocabulary: Vocabulary::default() }
    }

    /// Finds and resolves every mention in `text`. Linear in the length of the text.
    pub fn find(&mut self, text: &Text) -> Entities {
        let Some(recogniser) = self.recogniser else { return Entities::default() };
        let (tokens, names) = recogniser.names(text, &mut self.vocabulary);
        chain::chain(&tokens, &names)
    }
}

/// Finds and resolves every mention in a single text; for many, keep a [`Finder`].
pub fn find(text: &Text) -> Entities {
    Finder::default().find(text)
}
