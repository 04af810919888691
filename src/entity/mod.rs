//! People, organisations and places: where they are mentioned and who they are within an article. Does no I/O.

mod alias;
mod coreference;
mod directory;
mod firm;
mod fold;
mod name_span;
mod gazetteer;
mod given;
mod discourse;
#[cfg(test)]
mod markup;
mod multilingual;
mod pronoun;
mod recognise;
mod speaker;
mod role;
mod same_place;
mod name_start;
mod nation;
mod tokens;
mod train;

pub use alias::{AliasError, Aliases};
pub use directory::{Directory, Group, Member, Merged, Why};
pub use discourse::DiscourseState;
pub use multilingual::{LabelledArticle, ScriptRecognisers, jieba, train_names};
pub use recognise::Recogniser;
pub use speaker::{Resolution, ResolvedBy, SpeakerResolver};
pub use train::{Score, TaggedArticle, TrainOptions, evaluate, from_conll, from_silver, train_recogniser};

use crate::encoder::Reading;
use crate::language::Pack;
use crate::text::{Span, Text};
use gazetteer::Lists;
use recognise::Vocabulary;

/// What sort of thing an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// A person.
    Person,
    /// An organisation: a company, party, agency, team, newspaper.
    Organization,
    /// A place: a country, city, region, building.
    Place,
}

impl EntityKind {
    /// All of them.
    pub const ALL: [EntityKind; 3] = [EntityKind::Person, EntityKind::Organization, EntityKind::Place];
}

/// Index into [`Entities::list`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub u32);

/// A name of an entity in the text. Pronouns are not mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Where the name is, without title or possessive.
    pub span: Span,
    /// First token of the name.
    pub first: u32,
    /// The token after its last.
    pub end: u32,
    /// What it names here.
    pub kind: EntityKind,
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

/// How well an article says what a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It is something else, such as a storm or a ship.
    Contradicted,
    /// It may as well be no name, or one of another kind.
    Doubtful,
    /// It is what it seems.
    Sure,
}

/// One person, organisation or place of an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// The fullest name the article gives.
    pub name: String,
    /// Every other name the article uses for it.
    pub aliases: Vec<String>,
    /// He or she, for people.
    pub gender: Gender,
    /// Offices and descriptions from titles and appositions: `US Secretary of State`.
    pub roles: Vec<String>,
    /// That of its surest mention.
    pub certainty: Certainty,
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
pub struct EntityFinder<'r> {
    recogniser: Option<&'r Recogniser>,
    vocabulary: Vocabulary,
}

impl Default for EntityFinder<'static> {
    fn default() -> Self {
        EntityFinder { recogniser: Recogniser::compiled_in(), vocabulary: Vocabulary::default() }
    }
}

impl<'r> EntityFinder<'r> {
    /// A finder with a recogniser of one's own.
    pub fn new(recogniser: &'r Recogniser) -> Self {
        EntityFinder { recogniser: Some(recogniser), vocabulary: Vocabulary::default() }
    }

    /// Finds and resolves every mention in `text`, which was cut as the language of `pack`, or as English without one.
    /// Linear in the length of the text.
    pub fn find(&mut self, text: &Text, pack: Option<&'static Pack>) -> Entities {
        match pack {
            Some(pack) => ScriptRecognisers::compiled_in().find(text, pack),
            None => self.find_with(text, None),
        }
    }

    /// Like [`EntityFinder::find`] in an English text that an encoder has read: by its scores as well.
    pub fn find_carefully(&mut self, text: &Text, reading: &Reading) -> Entities {
        self.find_with(text, Some(reading))
    }

    fn find_with(&mut self, text: &Text, reading: Option<&Reading>) -> Entities {
        let Some(recogniser) = self.recogniser else { return Entities::default() };
        let (tokens, names) = recogniser.names(text, &mut self.vocabulary, reading);
        coreference::chain(&tokens, &names)
    }
}

/// True for a form of address or office that is before a name: `Mr.`, `Senator`.
pub fn is_title(word: &str) -> bool {
    let listed = |word: &str| gazetteer::gazetteer().look_up(word).any(Lists::ANY_TITLE);
    listed(word) || listed(word.trim_end_matches('.'))
}

/// True for the noun of an office or trade: `minister`, `economist`.
pub fn is_office(word: &str) -> bool {
    gazetteer::gazetteer().look_up(word).any(Lists::OFFICE)
}

/// True for a first name.
pub fn is_given_name(word: &str) -> bool {
    gazetteer::gazetteer().look_up(word).any(Lists::GIVEN)
}

/// True for a first name or a family name.
pub fn is_name_part(word: &str) -> bool {
    gazetteer::gazetteer().look_up(word).any(Lists::GIVEN.and(Lists::SURNAME))
}

/// Finds and resolves every mention in a single text; for many, keep a [`EntityFinder`].
pub fn find(text: &Text) -> Entities {
    EntityFinder::default().find(text, None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::paragraphs;

    fn names(raw: &str) -> Vec<(String, EntityKind, String)> {
        let text = Text::new(raw, &paragraphs(raw));
        let found = find(&text);
        let name = |m: &Mention| found.get(m.entity).map_or_else(String::new, |e| e.name.clone());
        found.mentions.iter().map(|m| (m.span.of(raw).to_owned(), m.kind, name(m))).collect()
    }

    #[track_caller]
    fn check(raw: &str, expect: &[(&str, EntityKind, &str)]) {
        let found = names(raw);
        let found: Vec<_> = found.iter().map(|(span, kind, name)| (span.as_str(), *kind, name.as_str())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn datelines_titles_particles_and_bare_surnames() {
        check(
            "ISTANBUL (Reuters) – Foreign Minister Laura van der Heuvel met John Miller on Friday. Miller said Mrs. van \
             der Heuvel had been open.",
            &[
                ("ISTANBUL", EntityKind::Place, "Istanbul"),
                ("Reuters", EntityKind::Organization, "Reuters"),
                ("Laura van der Heuvel", EntityKind::Person, "Laura van der Heuvel"),
                ("John Miller", EntityKind::Person, "John Miller"),
                ("Miller", EntityKind::Person, "John Miller"),
                ("van der Heuvel", EntityKind::Person, "Laura van der Heuvel"),
            ],
        );
    }

    #[test]
    fn a_first_name_in_brackets_belongs_to_the_name() {
        check("They met President (David) Miller.", &[("(David) Miller", EntityKind::Person, "David Miller")]);
    }

    #[test]
    fn headlines_in_capitals() {
        check(
            "DAVID MILLER VISITS FRANCE\n\nDavid Miller visited France on Monday.",
            &[
                ("DAVID MILLER", EntityKind::Person, "David Miller"),
                ("FRANCE", EntityKind::Place, "France"),
                ("David Miller", EntityKind::Person, "David Miller"),
                ("France", EntityKind::Place, "France"),
            ],
        );
    }

    #[test]
    fn names_of_any_length_cost_linear_time() {
        names(&"Ab".repeat(5_000));
        names(&"Ann Ray ".repeat(20_000));
        names(&"Mr. ".repeat(20_000));
        names(&"ANN RAY, ".repeat(20_000));
    }

    proptest! {
        #[test]
        fn mentions_are_in_order_and_name_somebody(raw in "([A-Z][a-z]{0,4}|[a-z]{1,4}|Mr\\.|[,.()“”'’é]|\\s){0,60}") {
            let text = Text::new(&raw, &paragraphs(&raw));
            let found = find(&text);
            for pair in found.mentions.windows(2) {
                prop_assert!(pair[0].span.end <= pair[1].span.start);
            }
            for mention in &found.mentions {
                prop_assert!(!found.get(mention.entity).unwrap().name.is_empty());
                prop_assert!(!mention.span.of(&raw).is_empty());
            }
            let resolver = SpeakerResolver::new(&text, &found, &[]);
            for sentence in &text.sentences {
                resolver.resolve(sentence.span, DiscourseState::default());
            }
        }
    }
}
