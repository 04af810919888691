//! Speakers: who the words of a source stand for.

use super::Attribution;
use super::scene::Scene;
use crate::entity::Entities;

/// The names of those whom the tokens of a source stand for, and how that is known.
pub(super) fn speakers(
    scene: &Scene,
    entities: &Entities,
    source: Option<(usize, usize)>,
) -> (Vec<String>, Attribution) {
    let Some((start, end)) = source else { return (Vec::new(), Attribution::Unknown) };
    let mention = entities.mentions.iter().find(|m| m.first as usize >= start && (m.end as usize) <= end);
    match mention.and_then(|m| entities.get(m.entity).map(|e| (m, e))) {
        Some((mention, entity)) if mention.span.of(scene.text.raw) == entity.name => {
            (vec![entity.name.clone()], Attribution::Named)
        }
        Some((_, entity)) => (vec![entity.name.clone()], Attribution::Alias),
        None => (Vec::new(), Attribution::Unknown),
    }
}
