//! Frames: a cue with its content and source, or content without a cue that the form of the text tells of.

use std::sync::Arc;

/// Where a frame came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A learned cue.
    Learned,
    /// The form of the text: a sign-off, a post.
    Structure,
    /// The label of a turn in a transcript.
    Turn,
    /// The question of an interview, without a name.
    Question,
    /// The answer in an interview: its guest speaks.
    Answer,
    /// Nothing but quotation marks, after somebody has spoken.
    Continuation,
    /// A cue in the paragraph before.
    Introduced,
    /// Nothing but quotation marks.
    Marks,
}

/// An attribution: a cue with its content and source.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The cue's head; none without a cue.
    pub cue: Option<usize>,
    /// How likely it is that this is an attribution.
    pub p: f32,
    /// How likely the head is one of a cue.
    pub cue_p: f32,
    /// The first token of `claims`.
    pub from: usize,
    /// Of each token: how surely it is content. All frames of a cue have the same, until one takes in more.
    pub claims: Arc<Vec<f32>>,
    /// Of each token: whether it is content.
    pub content: Vec<bool>,
    /// The tokens that name the source.
    pub source: Option<(usize, usize)>,
    /// How sure the source is.
    pub source_p: f32,
    /// How much less likely it is than the most likely frame of its cue, in log odds; 0 for that one.
    pub behind: f32,
    /// Where it came from.
    pub origin: Origin,
}

impl Frame {
    /// A frame made by a rule: all of `content` is surely content.
    pub(super) fn from_rule(
        content: std::ops::Range<usize>,
        cue: Option<usize>,
        source: Option<(usize, usize)>,
        p: f32,
        origin: Origin,
    ) -> Self {
        Frame {
            cue,
            p,
            cue_p: p,
            from: content.start,
            claims: Arc::new(vec![1.0; content.len()]),
            content: vec![true; content.len()],
            source,
            source_p: 1.0,
            behind: 0.0,
            origin,
        }
    }

    /// True if the token is part of the content.
    pub(super) fn holds(&self, token: usize) -> bool {
        token.checked_sub(self.from).and_then(|i| self.content.get(i)).copied().unwrap_or(false)
    }

    /// How surely a token is content.
    pub(super) fn claim(&self, token: usize) -> f32 {
        token.checked_sub(self.from).and_then(|i| self.claims.get(i)).copied().unwrap_or(0.0)
    }

    /// The tokens of the content, in order.
    pub(super) fn tokens(&self) -> impl Iterator<Item = usize> {
        self.content.iter().enumerate().filter(|(_, held)| **held).map(|(i, _)| self.from + i)
    }

    /// The last token of the content.
    pub(super) fn last(&self) -> Option<usize> {
        self.content.iter().rposition(|held| *held).map(|i| self.from + i)
    }

    /// How many of these tokens are part of the content.
    pub(super) fn count_in(&self, tokens: std::ops::Range<usize>) -> usize {
        let (start, end) = (tokens.start.saturating_sub(self.from), tokens.end.saturating_sub(self.from));
        let held = self.content.get(start.min(self.content.len())..end.min(self.content.len()));
        held.map_or(0, |held| held.iter().filter(|h| **h).count())
    }

    /// The content as runs of tokens.
    pub(super) fn runs(&self) -> Vec<std::ops::Range<usize>> {
        let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
        for token in self.tokens() {
            match runs.last_mut() {
                Some(run) if run.end == token => run.end += 1,
                _ => runs.push(token..token + 1),
            }
        }
        runs
    }

    /// True if the form of the text shows that the content is verbatim, with or without quotation marks.
    pub(super) fn is_verbatim(&self) -> bool {
        matches!(self.origin, Origin::Structure | Origin::Turn | Origin::Question | Origin::Answer)
    }

    /// True if no other frame of its cue is more likely.
    pub(super) fn is_most_likely(&self) -> bool {
        self.behind <= 0.0
    }

    /// True if the content is empty.
    pub(super) fn is_empty(&self) -> bool {
        !self.content.contains(&true)
    }

    /// Takes a token out of the content.
    pub(super) fn drop(&mut self, token: usize) {
        if let Some(held) = token.checked_sub(self.from).and_then(|i| self.content.get_mut(i)) {
            *held = false;
        }
    }

    /// Puts tokens into the content, beyond the window too.
    pub(super) fn take(&mut self, tokens: std::ops::Range<usize>) {
        if tokens.start < self.from {
            let missing = self.from - tokens.start;
            self.content.splice(0..0, std::iter::repeat_n(false, missing));
            Arc::make_mut(&mut self.claims).splice(0..0, std::iter::repeat_n(0.0, missing));
            self.from = tokens.start;
        }
        if self.content.len() < tokens.end - self.from {
            self.content.resize(tokens.end - self.from, false);
            Arc::make_mut(&mut self.claims).resize(tokens.end - self.from, 0.0);
        }
        self.content[tokens.start - self.from..tokens.end - self.from].fill(true);
    }
}

/// The frames that `find` finds in `raw`, each as [`shown`] does; of names it knows titles and offices alone.
#[cfg(test)]
pub(super) fn frames_in(raw: &str, find: fn(&super::features::Features) -> Vec<Frame>) -> Vec<String> {
    let text = crate::text::Text::new(raw, &crate::text::paragraphs(raw));
    let (mut words, mut ids) = (crate::tagger::Words::default(), Vec::new());
    words.read(&text, &mut ids);
    shown(&find(&super::features::Features::new(&text, &words, &ids, &[])), &text)
}

/// Frames, each as `source: content`.
#[cfg(test)]
pub(super) fn shown(frames: &[Frame], text: &crate::text::Text) -> Vec<String> {
    let cover = |tokens: std::ops::Range<usize>| {
        let (first, last) = (text.tokens[tokens.start].span, text.tokens[tokens.end - 1].span);
        first.cover(last).of(text.raw)
    };
    let show = |frame: &Frame| {
        let source = frame.source.map_or("", |(start, end)| cover(start..end));
        format!("{source}: {}", frame.runs().into_iter().map(cover).collect::<Vec<_>>().join(" … "))
    };
    frames.iter().map(show).collect()
}
