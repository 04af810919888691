//! Annotated sequences, their features already hashed and numbered, ready for training.

use rustc_hash::FxHashMap;

use super::columns::TokenView;
use super::template::{Neighbourhood, Templates};

/// The label of a token that training passes over, in models without transitions.
pub const IGNORED: u8 = u8::MAX;

/// Sequences of tokens with their features and labels. The columns they came from can be forgotten.
#[derive(Debug)]
pub struct Examples {
    pub(super) templates: Templates,
    ids: FxHashMap<u64, u32>,
    /// The hash of each feature.
    pub(super) hashes: Vec<u64>,
    /// In how many tokens each feature occurs.
    pub(super) counts: Vec<u32>,
    /// The features of all tokens, one after the other.
    features: Vec<u32>,
    /// Where each token's features end in `features`.
    ends: Vec<usize>,
    gold: Vec<u8>,
    /// Where each sequence ends, in tokens.
    sequences: Vec<usize>,
}

impl Examples {
    /// No sequences yet.
    pub fn new(templates: Templates) -> Self {
        Examples {
            templates,
            ids: FxHashMap::default(),
            hashes: Vec::new(),
            counts: Vec::new(),
            features: Vec::new(),
            ends: Vec::new(),
            gold: Vec::new(),
            sequences: Vec::new(),
        }
    }

    /// Adds a sequence: each token as the model sees it, and its label.
    pub fn push<'a>(&mut self, tokens: impl Iterator<Item = (TokenView<'a>, u8)>) {
        for (view, label) in tokens {
            // Features of tokens that are passed over would only take up room.
            if label != IGNORED {
                for hash in self.templates.features(Neighbourhood::of(view)) {
                    let next = self.hashes.len() as u32;
                    let id = *self.ids.entry(hash).or_insert(next);
                    if id == next {
                        self.hashes.push(hash);
                        self.counts.push(0);
                    }
                    self.counts[id as usize] += 1;
                    self.features.push(id);
                }
            }
            self.ends.push(self.features.len());
            self.gold.push(label);
        }
        self.sequences.push(self.ends.len());
    }

    /// Sequences so far.
    pub fn len(&self) -> usize {
        self.sequences.len()
    }

    /// True before the first.
    pub fn is_empty(&self) -> bool {
        self.sequences.is_empty()
    }

    /// Tokens so far.
    pub fn tokens(&self) -> usize {
        self.gold.len()
    }

    /// The tokens of a sequence, as numbers for [`Examples::token`].
    pub(super) fn sequence(&self, number: usize) -> std::ops::Range<usize> {
        let start = if number == 0 { 0 } else { self.sequences[number - 1] };
        start..self.sequences[number]
    }

    /// A token's features and its label.
    pub(super) fn token(&self, token: usize) -> (&[u32], u8) {
        let start = if token == 0 { 0 } else { self.ends[token - 1] };
        (&self.features[start..self.ends[token]], self.gold[token])
    }
}
