//! The source of a verb where words are in another order: the verb last, or no spaces and no capitals.

use std::ops::Range;

use super::Reader;
use super::cue::Cue;
use crate::entity::EntityKind;
use crate::language::Roles;

/// Tokens of a verb before the `のは` that puts its subject behind.
const CLEFT: usize = 10;

impl Reader<'_> {
    /// In languages whose verb comes last: the first phrase of the host, or the one with the mark of a subject.
    pub(super) fn subject_first(&self, host: &Range<usize>, cue: &Cue) -> Option<Range<usize>> {
        let outside = || (host.start..cue.at.start).filter(|&i| self.outside(i));
        if self.pack.speech.subject_marks.iter().next().is_some() {
            // `「…」と語るのは、X。`
            let rest = cue.at.end..host.end.min(cue.at.end + CLEFT);
            let mut verb = rest.take_while(|&i| self.outside(i) && !self.parts(i));
            if let Some(of) = verb.find(|&i| self.is(i, Roles::GENITIVE) && self.is(i + 1, Roles::TOPIC_MARK)) {
                let start = of + 2 + usize::from(self.comma(of + 2));
                let stop = (start..host.end).find(|&i| self.parts(i)).unwrap_or(host.end);
                return (start < stop).then_some(start..stop);
            }
            // The mark of the subject is behind its name or noun, titles between.
            let mark = outside().filter(|&i| self.is(i, Roles::SUBJECT_MARK) && i > host.start).find(|&i| {
                let near = i.saturating_sub(10).max(host.start)..i;
                near.clone()
                    .rev()
                    .take_while(|&j| self.outside(j) && !self.comma(j) && !self.is(j, Roles::GENITIVE))
                    .any(|j| self.mention_at(j).is_some_and(|m| m.kind == EntityKind::Person))
            });
            let mark = mark.or_else(|| outside().find(|&i| self.is(i, Roles::TOPIC_MARK) && i > host.start));
            let mark = mark?;
            let clause = (host.start..mark).rev().take_while(|&j| self.outside(j) && !self.parts(j)).last()?;
            // `「…」と X は`: the word before what is said is behind it here.
            let start = (clause..mark).find(|&j| !self.is(j, Roles::THAT))?;
            let person = (start..mark).rev().find_map(|j| self.mention_at(j).filter(|m| m.kind == EntityKind::Person));
            return Some(person.map_or(start, |m| m.first as usize)..mark);
        }
        let mut start =
            outside().find(|&i| self.is_word(i) && (!self.is(i, Roles::ADVERB) || self.is(i, Roles::PRONOUN)));
        if let Some(person) = outside().find(|&i| self.mention_at(i).is_some_and(|m| m.kind == EntityKind::Person)) {
            start = start.map(|start| if self.words_in(start..person) <= 8 { start } else { person }).or(Some(person));
            let end = self.mention_at(person).map_or(person + 1, |m| m.end as usize);
            return Some(start?..end);
        }
        let phrase = |start: usize| {
            let end = (start..cue.at.start).take_while(|&i| self.outside(i) && !self.parts(i)).last();
            let end = end.map_or(start + 1, |i| i + 1);
            (end - start <= 10).then_some(start..end)
        };
        // `„…“ diye sordu X`: the subject may be put behind.
        start.and_then(phrase).or_else(|| self.behind(host, cue.at.end).filter(|run| self.names(run)))
    }

    /// In languages without spaces: the last person before the verb in its host, else the last body, else the clause.
    pub(super) fn nearest_before(&self, host: &Range<usize>, cue: &Cue) -> Option<Range<usize>> {
        let from = (host.start..cue.at.start).rev().take_while(|&i| self.outside(i)).last()?;
        let last = |kind: EntityKind| {
            (from..cue.at.start).rev().find_map(|i| {
                let mention = self.mention_at(i).filter(|m| m.kind == kind)?;
                let object = self.is((mention.first as usize).wrapping_sub(1), Roles::OBJECT);
                (!object).then_some(mention.first as usize..mention.end as usize)
            })
        };
        let pronoun = || (from..cue.at.start).rev().find(|&i| self.is(i, Roles::PRONOUN)).map(|i| i..i + 1);
        let clause = || {
            let start = (from..cue.at.start).rev().take_while(|&i| !self.parts(i)).last()?;
            Some(start..cue.at.start)
        };
        last(EntityKind::Person).or_else(|| last(EntityKind::Organization)).or_else(pronoun).or_else(clause)
    }
}
