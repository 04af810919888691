//! What is reported without marks around all of it: clauses, and the rest of a sentence with `according to`.

use std::ops::Range;

use super::cue::{Cue, CueKind};
use super::report::{CARRIED_ON, Host, Last};
use super::{Found, Reader};
use crate::language::Roles;

/// How sure such an attribution is.
const CLAUSE: f32 = 0.8;

/// Words of what is reported.
pub(super) const CLAUSE_WORDS: usize = 3;

impl Host<'_, '_> {
    /// What is reported without marks around all of it.
    pub(super) fn clauses(&self) -> Vec<Found> {
        let reader = self.reader;
        let mut found: Vec<Found> = Vec::new();
        for cue in &self.cues {
            let source = cue.source.as_ref();
            let taken = |i: usize| found.iter().any(|f| f.content.iter().any(|run| run.contains(&i)));
            if taken(cue.at.start) {
                continue;
            }
            let content = match cue.kind {
                CueKind::According | CueKind::After | CueKind::Thus => self.rest(cue, source),
                CueKind::Bare => self.clause_before(cue.at.start),
                CueKind::Verb => self.clause_of(cue, source),
            };
            let content: Vec<Range<usize>> =
                content.into_iter().map(|run| self.trim(run)).filter(|run| run.start < run.end).collect();
            let words: usize = content.iter().map(|run| reader.words_in(run.clone())).sum();
            let sourced = source.is_some() || reader.pack.speech.drops_subject;
            if words >= CLAUSE_WORDS && sourced {
                found.push(Found {
                    content,
                    cue: Some(cue.at.clone()),
                    source: source.cloned(),
                    inferred: false,
                    confidence: CLAUSE,
                    marks_alone: false,
                    verbatim: false,
                });
            }
        }
        found
    }

    /// The clause that a verb of saying reports: behind it with `that`, a comma and the mood of speech, or before it.
    fn clause_of(&self, cue: &Cue, source: Option<&Range<usize>>) -> Vec<Range<usize>> {
        let reader = self.reader;
        let end = self.range.end;
        let as_clause = (self.range.start..cue.at.start)
            .find(|&i| reader.outside(i) && reader.is_word(i))
            .filter(|&i| reader.is(i, Roles::AS));
        if let Some(start) = as_clause {
            let comma = (cue.at.end..end)
                .find(|&i| reader.comma(i) && source.is_none_or(|source| !source.contains(&i)) && reader.outside(i));
            let short = comma.filter(|comma| comma - start < 30);
            if let Some(comma) = short {
                let part = comma + 1..end;
                return vec![part];
            }
        }
        // `…, wie X mitteilte`.
        let wie = (self.range.start + 1..cue.at.start)
            .rev()
            .take(20)
            .find(|&i| reader.is(i, Roles::AS) && reader.comma(i - 1) && reader.outside(i));
        if let Some(wie) = wie {
            let part = self.range.start..wie - 1;
            return vec![part];
        }
        let after = source.filter(|source| source.start >= cue.at.end).map_or(cue.at.end, |source| source.end);
        let that = (after..end)
            .take(25)
            .take_while(|&i| !reader.colon(i))
            .find(|&i| reader.outside(i) && reader.is(i, Roles::THAT) && (reader.comma(i - 1) || i <= after + 8));
        if let Some(that) = that {
            let part = that..end;
            return vec![part];
        }
        if reader.pack.speech.subjunctive.iter().next().is_some() {
            let comma = (after..end).take(30).find(|&i| reader.comma(i) && reader.outside(i));
            // `X sagte, die Stadt zahle`, and without the mood where the comma follows the verb.
            let follows = |comma: usize| (cue.at.end..comma).all(|i| reader.is(i, Roles::ADVERB) || !reader.outside(i));
            let plain = |comma: usize| {
                follows(comma)
                    && source.is_some_and(|source| source.end <= cue.at.start)
                    && !reader.is(comma + 1, Roles::AS)
                    && reader.outside(comma + 1)
            };
            if let Some(comma) = comma.filter(|&comma| reader.is_subjunctive(comma + 1..end) || plain(comma)) {
                let part = comma + 1..end;
                return vec![part];
            }
        }
        let colon = (after..end).take(12).find(|&i| reader.colon(i) && reader.outside(i));
        if let Some(colon) =
            colon.filter(|&colon| reader.outside(colon + 1) && colon + 1 < end && reader.words_in(colon + 1..end) >= 5)
        {
            let part = colon + 1..end;
            return vec![part];
        }
        // `Es sei gut, sagte X.`
        let inverted = cue.at.start > self.range.start
            && (reader.comma(cue.at.start - 1)
                || reader.dash(cue.at.start - 1) && cue.at.start > 1 && reader.comma(cue.at.start - 2))
            && reader.outside(cue.at.start - 1);
        let behind = source.is_none_or(|source| source.start >= cue.at.end)
            && !(source.is_none() && reader.pack.speech.capital_nouns);
        if inverted && behind {
            return self.clause_before(cue.at.start);
        }
        Vec::new()
    }

    /// What stands before a comma and the cue at `end`; nothing where that is in marks.
    fn clause_before(&self, end: usize) -> Vec<Range<usize>> {
        let reader = self.reader;
        let mut close = end;
        while close > self.range.start && (reader.comma(close - 1) || reader.dash(close - 1)) {
            close -= 1;
        }
        let run = self.range.start..close;
        let quoted = run.clone().filter(|&i| reader.is_word(i) && !reader.outside(i)).count();
        if 10 * quoted >= 9 * reader.words_in(run.clone()) { Vec::new() } else { vec![run] }
    }

    /// The host without the cue and its source.
    fn rest(&self, cue: &Cue, source: Option<&Range<usize>>) -> Vec<Range<usize>> {
        let (start, end) = match source {
            Some(source) => (cue.at.start.min(source.start), cue.at.end.max(source.end)),
            None if cue.kind == CueKind::Thus => (cue.at.start, cue.at.end),
            None => return Vec::new(),
        };
        vec![self.range.start..start, end..self.range.end]
    }

    /// A sentence in the mood of reported speech goes on with what was said before.
    pub(super) fn free(&self, last: Option<&Last>) -> Option<Found> {
        let reader = self.reader;
        let last = last.filter(|last| self.number <= last.host + 1)?;
        if last.paragraph != reader.paragraph(self.range.start) || !reader.is_subjunctive(self.range.clone()) {
            return None;
        }
        Some(Found {
            content: vec![self.range.clone()],
            cue: None,
            source: Some(last.source.clone()),
            inferred: true,
            confidence: CARRIED_ON,
            marks_alone: false,
            verbatim: false,
        })
    }

    fn trim(&self, run: Range<usize>) -> Range<usize> {
        let reader = self.reader;
        let stray =
            |i: &usize| reader.outside(*i) && (reader.parts(*i) || matches!(reader.word(*i), "»" | "«" | "“" | "”"));
        let start = run.start + run.clone().take_while(stray).count();
        let end = run.end.max(start) - (start..run.end.max(start)).rev().take_while(stray).count();
        start..end.max(start)
    }
}

impl Reader<'_> {
    /// True if a verb of these tokens is in the mood of reported speech.
    pub(super) fn is_subjunctive(&self, tokens: Range<usize>) -> bool {
        tokens.into_iter().any(|i| {
            self.outside(i)
                && self.is(i, Roles::SUBJUNCTIVE)
                && !self.capitalised(i)
                && !self.is(i.wrapping_sub(1), Roles::FIRST_PERSON)
        })
    }
}
