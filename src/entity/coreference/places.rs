//! Places: one entity a name; well-known second names (`US`, `United States`) are one place.

use rustc_hash::FxHashMap;

use super::{EntityBuilder, NameSpan};
use crate::entity::same_place::same_place;
use crate::entity::tokens::Tokens;
use crate::entity::{EntityKind, Gender};

/// Chains every place among `found`.
pub(super) fn chain(words: &Tokens, found: &[NameSpan], chains: &mut EntityBuilder, owner: &mut [Option<usize>]) {
    let mut known: FxHashMap<u64, usize> = FxHashMap::default();
    for (i, name) in found.iter().enumerate().filter(|(_, f)| f.kind == EntityKind::Place) {
        let key = words.key_of(name.first..name.end);
        let key = same_place(key).map_or(key, |(id, _)| u64::from(id));
        owner[i] = Some(*known.entry(key).or_insert_with(|| chains.start(EntityKind::Place, Gender::Unknown)));
    }
}
