//! The cues of a host: verbs of saying, `according to`, `zufolge`, `so X`.

use std::ops::Range;

use super::Reader;
use crate::entity::EntityKind;
use crate::language::Roles;

/// A cue and what sort it is.
#[derive(Debug, Clone)]
pub(super) struct Cue {
    /// Its tokens; of a verb in two parts, the first.
    pub(super) at: Range<usize>,
    pub(super) kind: CueKind,
    /// The auxiliary of a participle.
    pub(super) auxiliary: Option<usize>,
    /// Who says it.
    pub(super) source: Option<Range<usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CueKind {
    /// A verb of saying.
    Verb,
    /// It stands before its source and reports the rest of the sentence.
    According,
    /// It stands behind its source.
    After,
    /// It stands before its source, without a verb.
    Bare,
    /// It reports the source of the sentence before.
    Thus,
}

/// An auxiliary is so many tokens away from its participle, at most.
const AUXILIARY: usize = 24;

impl Reader<'_> {
    /// The cues of a host outside quotation marks, in order, with their sources.
    pub(super) fn cues(&self, host: &Range<usize>) -> Vec<Cue> {
        let mut cues = Vec::new();
        let mut i = host.start;
        while i < host.end {
            if !self.outside(i) {
                i += 1;
                continue;
            }
            match self.cue_at(host, i) {
                Some(cue) => {
                    i = cue.at.end;
                    cues.push(cue);
                }
                None => i += 1,
            }
        }
        for cue in &mut cues {
            cue.source = self.source(host, cue);
        }
        cues
    }

    fn cue_at(&self, host: &Range<usize>, i: usize) -> Option<Cue> {
        let cue = |length: usize, kind: CueKind| Cue { at: i..i + length, kind, auxiliary: None, source: None };
        let roles = self.roles.get(i).copied().unwrap_or_default();
        let mut split = false;
        for (words, role) in self.pack.phrases(self.word(i)) {
            let whole =
                words.iter().enumerate().all(|(n, word)| self.word(i + n) == word) && i + words.len() <= host.end;
            if whole && role.any(Roles::ACCORDING) {
                return Some(cue(words.len(), CueKind::According));
            }
            if whole && role.any(Roles::AFTER) && i > host.start {
                return Some(cue(words.len(), CueKind::After));
            }
            if whole && role.any(Roles::VERB) {
                return Some(cue(words.len(), CueKind::Verb));
            }
            let parts = role.any(Roles::VERB) && !self.pack.text.ideographs;
            split |= parts && self.particle_follows(host, i, words.get(1..).unwrap_or(&[]));
        }
        if split {
            return Some(cue(1, CueKind::Verb));
        }
        if roles.any(Roles::ACCORDING) && self.starts_source(i + 1) {
            return Some(cue(1, CueKind::According));
        }
        let viewed = roles.any(Roles::VIEW)
            && i == host.start
            && self.mention_at(i + 1).is_some_and(|m| m.kind != EntityKind::Place);
        if viewed && self.stretches(host).next().is_some() {
            return Some(cue(1, CueKind::Bare));
        }
        if roles.any(Roles::AFTER) && i > host.start {
            return Some(cue(1, CueKind::After));
        }
        if roles.any(Roles::BARE) && self.is_bare(host, i) {
            return Some(cue(1, CueKind::Bare));
        }
        if roles.any(Roles::THUS) && i == host.start {
            return Some(cue(1, CueKind::Thus));
        }
        // Behind a comma a verb is no participle, though it be written like one: `Wie er hofft, erklärt sie`.
        let finite = roles.any(Roles::VERB) && i > host.start && self.comma(i - 1);
        if roles.any(Roles::PARTICIPLE) && !finite {
            let near = i.saturating_sub(AUXILIARY).max(host.start)..i;
            let before = near
                .rev()
                .take_while(|&j| self.word(j) != ";")
                .find(|&j| self.outside(j) && self.is(j, Roles::AUXILIARY));
            let auxiliary = before.or_else(|| Some(i + 1).filter(|&j| self.is(j, Roles::AUXILIARY)));
            if auxiliary.is_some() || self.pack.speech.auxiliaries.iter().next().is_none() {
                return Some(Cue { auxiliary, ..cue(1, CueKind::Verb) });
            }
        }
        // Behind an article or a preposition it is a noun: `en su cuenta`. In German these are pronouns too.
        let noun = !self.pack.speech.capital_nouns
            && i > host.start
            && self.is(i - 1, Roles::DETERMINER.and(Roles::PREPOSITION))
            && !self.is(i - 1, Roles::ADVERB.and(Roles::PRONOUN));
        if noun {
            return None;
        }
        // With a capital inside a sentence it is a noun or a name.
        (roles.any(Roles::VERB)
            && (!self.capitalised(i) || i == host.start || !self.outside(i - 1) || self.parts(i - 1)))
        .then(|| cue(1, CueKind::Verb))
    }

    /// True if the other words of a verb in several parts end its clause.
    fn particle_follows(&self, host: &Range<usize>, verb: usize, rest: &[String]) -> bool {
        let whole = |j: usize| rest.iter().enumerate().all(|(n, word)| self.outside(j + n) && self.word(j + n) == word);
        let end = (verb + 1..host.end).take(30).find(|&j| whole(j)).filter(|_| !rest.is_empty());
        end.map(|start| start + rest.len() - 1).is_some_and(|j| {
            j + 1 >= host.end
                || self.parts(j + 1)
                || !self.outside(j + 1)
                || self.is(j + 1, Roles::THAT.and(Roles::PREPOSITION))
        })
    }

    fn starts_source(&self, i: usize) -> bool {
        self.is_word(i) && !self.is(i, Roles::THAT) || !self.outside(i)
    }

    /// `“…”, so X` and `…, so X.`: behind a comma or a stretch, before a name or a noun phrase that ends the clause.
    fn is_bare(&self, host: &Range<usize>, i: usize) -> bool {
        let before = i > host.start && (self.comma(i - 1) || !self.outside(i - 1) || self.dash(i - 1));
        let after = self.capitalised(i + 1)
            || self.is(i + 1, Roles::DETERMINER.and(Roles::TITLE))
            || self.mention_at(i + 1).is_some();
        before && after && i + 1 < host.end && self.outside(i + 1)
    }
}
