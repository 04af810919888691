//! The reading of the fast models and that of the encoder, made one: cues and labels get a score of both.
//!
//! Scores are added with weights, in log odds: a logarithmic opinion pool (Genest & Zidek, "Combining Probability
//! Distributions", 1986). Everything behind them is the same for both ways of reading.

use super::features::Features;
use super::frame_tagger::LABELS;
use super::marks::MarkPosition;
use crate::encoder::{Reading, Roles};

/// How much either reading counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Combination {
    /// Of cues: the weight of the fast models, that of the encoder, and what is added.
    pub(super) cue: [f32; 3],
    /// Of the labels of a frame: the weight of the fast models and that of the encoder.
    pub(super) frame: [f32; 2],
}

/// Log odds of a word that the fast models know as no cue.
const NO_CUE: f32 = -6.0;

/// A paragraph is read by the encoder from this chance of a cue on.
const WORTH_READING: f32 = 0.2;

impl Combination {
    /// From the bytes of a file: five `f32`, little-endian.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (numbers, []) = bytes.as_chunks() else { return None };
        let mut numbers = numbers.iter().map(|number| f32::from_le_bytes(*number));
        let mut next = || numbers.next();
        let (cue, frame) = ([next()?, next()?, next()?], [next()?, next()?]);
        next().is_none().then_some(Combination { cue, frame })
    }

    /// As the bytes of a file.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        self.cue.iter().chain(&self.frame).flat_map(|number| number.to_le_bytes()).collect()
    }

    /// How likely a token heads a cue: `chance` by the fast models, `score` by the encoder, in log odds.
    pub(super) fn chance(&self, chance: f32, score: f32) -> f32 {
        let [fast, encoder, added] = self.cue;
        let score = fast * log_odds(chance) + encoder * score + added;
        1.0 / (1.0 + (-score).exp())
    }
}

/// The log odds of a chance of the fast models.
pub(super) fn log_odds(chance: f32) -> f32 {
    let chance = chance.min(0.9999);
    (chance / (1.0 - chance)).ln().max(NO_CUE)
}

/// What the encoder made of an article, and how much that counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Encoded<'r> {
    pub(super) reading: &'r Reading,
    pub(super) combination: Combination,
}

impl<'r> Encoded<'r> {
    /// Makes `chances` to head a cue those of both readings.
    pub(super) fn join(self, chances: &mut [f32]) {
        for (token, chance) in chances.iter_mut().enumerate() {
            if let Some(score) = self.reading.cue(token) {
                *chance = self.combination.chance(*chance, score);
            }
        }
    }

    /// What the encoder makes of the words around a cue; none if it did not read that paragraph.
    pub(super) fn roles(self, cue: usize) -> Option<JoinedRoles<'r>> {
        let [fast, encoder] = self.combination.frame;
        Some(JoinedRoles { roles: self.reading.roles(cue)?, fast, encoder })
    }
}

/// The roles of words for a cue, by both.
#[derive(Debug)]
pub(super) struct JoinedRoles<'r> {
    roles: &'r Roles,
    fast: f32,
    encoder: f32,
}

impl JoinedRoles<'_> {
    /// The `scores` of a token's labels with those of the encoder; none if it did not read the token.
    pub(super) fn join(&self, scores: [f32; LABELS], token: usize) -> Option<[f32; LABELS]> {
        let read = self.roles.at(token)?;
        let outside = read[0];
        Some(std::array::from_fn(|label| self.fast * scores[label] + self.encoder * (read[label] - outside)))
    }
}

/// Of each paragraph: whether anybody may say something there. There the encoder reads.
pub(super) fn worth_reading(features: &Features, chances: &[f32]) -> Vec<bool> {
    let is_worth = |paragraph: &crate::text::Unit| {
        paragraph.tokens().any(|token| {
            chances[token] >= WORTH_READING
                || features.marks.positions.get(token).is_some_and(|place| *place == MarkPosition::Opens)
        })
    };
    features.text.paragraphs.iter().map(is_worth).collect()
}
