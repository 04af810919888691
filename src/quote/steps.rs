//! The steps after the frames, each of which can be left out to see what it adds.

/// Which of the steps after the frames are taken.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, and any set of them makes sense")]
pub(super) struct Steps {
    /// The acceptor judges each frame; else the cue alone.
    pub(super) accept: bool,
    /// Transcripts, interviews, sign-offs and posts go by their form.
    pub(super) structure: bool,
    /// Cues within what somebody says are dropped.
    pub(super) nested: bool,
    /// Quoted stretches go whole to one frame.
    pub(super) whole: bool,
    /// Every token goes to the frame that claims it most.
    pub(super) surest: bool,
    /// Quotations without attribution go on with the last speaker.
    pub(super) attribute_unclaimed: bool,
}

impl Steps {
    pub(super) const ALL: Steps =
        Steps { accept: true, structure: true, nested: true, whole: true, surest: true, attribute_unclaimed: true };
}
