//! Names, and words that refer to somebody named before.

use serde::Deserialize;

use super::{Table, Words};

/// Names, and words that refer to somebody named before.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Last words of the full name of a body, beside legal forms: `Acme Company`.
    pub body_endings: Words,
    /// Particles of surnames.
    pub particles: Words,
    /// Legal forms of firms, short, in lower case and without full stops.
    pub legal_forms: Words,
    /// What is dropped from the end of a name as legal forms are.
    pub legal_endings: Words,
    /// Degrees and letters of honour after a name, without full stops.
    pub honours: Words,
    /// Forms of address that say nothing of an office.
    pub forms_of_address: Words,
    /// Forms of address in other languages.
    pub foreign_addresses: Words,
    /// Particles that are part of the surname when names are compared.
    pub joined_particles: Words,
    /// Endings of surnames that are spelled in several ways in Latin letters.
    pub slavic_endings: Words,
    /// Words that many names of bodies start with: too common to name one alone.
    pub generic: Words,
    /// Words before a pronoun that is an object.
    pub before_object: Words,
    /// Lower-case words after a pronoun that are not its verb.
    pub not_verbs: Words,
    /// Pronouns of a man.
    pub he: Words,
    /// Pronouns of a woman.
    pub she: Words,
    /// Particles between two parts of a name that were found apart.
    pub inner_particles: Words,
    /// Words after a name that make it the name of a body.
    pub body_words: Words,
    /// Words before the name of a firm.
    pub before_firm: Words,
    /// Words after the name of a firm, or what a firm has.
    pub after_firm: Words,
    /// What is held of a firm: `shares in Acme`.
    pub held: Words,
    /// Words after a name that make it the name of a place on a map.
    pub map_words: Words,
    /// Landmarks, which no body is named after.
    pub landmarks: Words,
    /// What ends the names of documents, plans, prizes and events.
    pub deeds: Words,
    /// What ends the names of buildings and areas.
    pub sites: Words,
    /// What ends the names of texts and things.
    pub things: Words,
    /// Last words of names that no person has.
    pub people_not: Words,
    /// What is before the names of ships.
    pub before_ship: Words,
    /// Words for bodies that places are named for too.
    pub places_named_so: Words,
    /// What begins the names of storms.
    pub storms: Words,
    /// What is named with `of` and a place: `the city of`.
    pub place_of: Words,
    /// What a place has: `France's capital`.
    pub place_has: Words,
    /// Prepositions before a place.
    pub place_prepositions: Words,
    /// Verbs that end the name at the start of a headline.
    pub headline_verbs: Words,
    /// Last words of the names of firms, beside legal forms.
    pub firm_endings: Words,
    /// Words before `in` and the name of a place: `born in`.
    pub lived: Words,
    /// Tokens that may be inside a name that is not capitalised throughout.
    pub inside: Words,
    /// Words that a definite description starts with.
    pub definite: Words,
    /// Nouns for a body named before: `the company`.
    pub body_nouns: Words,
    /// Words of bodies that are not firms.
    pub governing: Words,
    /// Words of bodies' names that are spelled in several ways, with the one they are compared by.
    pub body_spellings: Table,
    /// What every state has one of, beside ministries: `Central Bank`.
    pub state_bodies: Words,
    /// Those that mean the American one unless an article says otherwise.
    pub mostly_american: Words,
    /// Words of bodies whose names go on with what they are for: `Council on Old Bridges`.
    pub bodies_for: Words,
    /// Verbs of somebody who reacts to what was just said.
    pub reacts: Words,
    /// Verbs between a name and the office it holds.
    pub becomes: Words,
    /// Words for the head of a body.
    pub leads: Words,
    /// Offices of those who are the head of a body.
    pub led: Words,
    /// Words before a name that depends on another word.
    pub dependent: Words,
    /// Words before the names of some of a group: `including`.
    pub examples: Words,
    /// Lower-case words after a possessive that are not what is possessed.
    pub loose: Words,
    /// What somebody says or writes: `his statement` speaks for him.
    pub utterances: Words,
    /// Words that start a clause before its main clause.
    pub clause_starts: Words,
    /// Words that a description of somebody not named starts with.
    pub somebody: Words,
    /// Nouns for people without an office.
    pub people: Words,
    /// Relatives and friends, who are somebody else than the one named.
    pub kin: Words,
    /// Words between the parts of a role.
    pub role_connectors: Words,
    /// Connectors after the head of a role.
    pub role_reaching: Words,
    /// Words before the head of a role.
    pub role_modifiers: Words,
    /// Words of broadcasters' names that numbers follow: `Channel 7`.
    pub numbered: Words,
    /// Words of a description that need not be in the role it means: parties, `former`.
    pub any_role: Words,
    /// Words after the head of a role.
    pub after_role_head: Words,
    /// Words that a role starts with and that are not part of it.
    pub role_starts: Words,
    /// Verbs that are not inside a role.
    pub role_verbs: Words,
    /// Capitalised words that start sentences and seldom names.
    pub small: Words,
    /// What follows a name and is not part of it: `Jr.`, `III`.
    pub generations: Words,
    /// Last words of sums of money and shares that are written with capitals.
    pub sums: Words,
}
