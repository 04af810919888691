//! The words around the names in a byline, in lower case.

use serde::Deserialize;

use super::Words;

/// The words around the names in a byline, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bylines {
    /// Words that open a byline.
    pub openers: Words,
    /// Words between two names.
    pub joiners: Words,
    /// Words before a place or an occasion after a name.
    pub tails: Words,
    /// Words before the names of those who edited, illustrated or translated.
    pub other_hands: Words,
    /// Words of class names and ids that mark a byline.
    pub marks: Words,
    /// Words of class names and ids that mark where an author is, or where something takes place.
    pub places: Words,
    /// Degrees and letters of honour after a name, without full stops.
    pub degrees: Words,
    /// Words that are never part of a name: jobs, and other things that pages print beside it.
    pub roles: Words,
    /// Words of a role before the one that says what it is.
    pub role_modifiers: Words,
    /// Folders of an address in which a paper keeps its authors.
    pub folders: Words,
    /// Words of newsrooms, agencies and staffs.
    pub houses: Words,
}
