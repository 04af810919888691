//! Words of mail programs.

use serde::Deserialize;

use super::Words;

/// Words of mail programs, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letters {
    /// What opens the subject of a letter that is sent on, before its colon.
    pub forwards: Words,
    /// The line above the head of a letter that is sent on, without the strokes around it.
    pub banners: Words,
    /// Labels of the head of a letter: who sent it.
    pub from: Words,
    /// When.
    pub dates: Words,
    /// What about.
    pub subjects: Words,
    /// To whom, and the rest.
    pub others: Words,
    /// How a line opens that newsletters put above their text.
    pub heads: Words,
    /// What lines are about that newsletters put below their text.
    pub feet: Words,
}
