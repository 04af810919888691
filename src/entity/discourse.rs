//! The state of the discourse before a source.

use super::EntityId;

/// What was said before a source.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiscourseState {
    /// The last resolved speaker, perhaps some attributions ago.
    pub previous: Option<EntityId>,
    /// Who asked the question that the source replies to; not the source.
    pub asker: Option<EntityId>,
    /// The speaker of the sentence before, where a quotation follows it: `“…,” she said`.
    pub said_before: Option<EntityId>,
    /// The speaker whose words the source continues: `the nurse added`.
    pub goes_on: Option<EntityId>,
    /// The byte at which the source of the last attribution ends, if it was somebody without a name: `a nurse`.
    pub unnamed: Option<u32>,
}
