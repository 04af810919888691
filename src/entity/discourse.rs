//! What the talk so far tells of who speaks next.

use super::EntityId;

/// What was said before a source, as far as it tells who the source is.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiscourseState {
    /// Who was found to speak last, perhaps some attributions ago.
    pub previous: Option<EntityId>,
    /// Who asked what the source replies to: somebody else.
    pub asker: Option<EntityId>,
    /// Who said what stands in the sentence before, where the source is a pronoun beside a quotation: `“…,” she said`.
    pub said_before: Option<EntityId>,
    /// Whose words right before the source goes on with: `the nurse added`.
    pub goes_on: Option<EntityId>,
}
