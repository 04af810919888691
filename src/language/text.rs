//! How text is cut into tokens and sentences and brought to its normal form.

use serde::Deserialize;

use super::{Table, Words};

/// How text is cut into tokens and sentences and brought to its normal form.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The names of each month, January first: the full one, then short ones.
    pub months: Vec<Words>,
    /// Abbreviations that keep their full stop and do not end a sentence, in lower case.
    pub abbreviations: Words,
    /// Verbs that end in a doubled letter themselves: `boycotted` is from `boycott`.
    pub end_doubled: Words,
    /// Verbs, other than those in `-el`, whose `l` is doubled in `-lled`.
    pub double_l: Words,
    /// Words in `-men` that are not plurals.
    pub singular_men: Words,
    /// What may follow a British `-our` that is `-or` in America: `labour`, `favourite`.
    pub after_our: Words,
    /// Whose: `in his eighties` is an age.
    pub possessives: Words,
    /// Capitalised words that start sentences and are not part of a name.
    pub sentence_starts: Words,
    /// Endings that are tokens of their own after an apostrophe: `Rubio|'s`.
    pub clitics: Words,
    /// How words start that are spelled differently in Britain and America.
    pub spelling_starts: Vec<(String, String)>,
    /// How words end that are spelled differently: in Britain and America, or from other alphabets.
    pub spelling_ends: Vec<(String, String)>,
    /// Small words that English prose is full of and that no other language in Latin letters has.
    pub small_and_only_english: Words,
    /// Other small words that English prose is full of.
    pub small: Words,
    /// Frequent words of news that no other language has.
    pub only_english: Words,
    /// Abbreviations and what they mean before a name.
    pub abbreviated_titles: Table,
    /// Words that mean something else with a capital, and the normal form of that.
    pub capitalised: Table,
    /// Words that mean something else all in capitals, and the normal form of that.
    pub in_capitals: Table,
}
