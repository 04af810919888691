//! Subjects that are in another place than beside their verb.

use std::ops::Range;

use super::Reader;
use super::cue::Cue;
use super::report::Host;
use super::source::LONGEST;
use crate::entity::EntityKind;
use crate::language::Roles;

impl Reader<'_> {
    /// The first phrase of a host that can be a subject: a pronoun, a name with what is before it, or a noun phrase.
    pub(super) fn first_phrase(&self, host: &Range<usize>, end: usize) -> Option<Range<usize>> {
        let start = (host.start..end).find(|&i| self.outside(i) && self.is_word(i) && !self.is(i, Roles::ADVERB))?;
        if self.is(start, Roles::PRONOUN) {
            return Some(start..start + 1);
        }
        let named = (start..end)
            .find_map(|i| self.mention_at(i).filter(|m| m.kind != EntityKind::Place && self.outside(m.first as usize)));
        if let Some(mention) = named.filter(|_| !self.is(start, Roles::PREPOSITION)) {
            let near = self.words_in(start..mention.first as usize) <= 8
                && !(start..mention.first as usize).any(|i| self.is(i, Roles::VERB));
            let first = if near { start } else { mention.first as usize };
            return Some(first..mention.end as usize);
        }
        self.behind(&(start..end), start)
    }

    /// `Nach dem Spiel trat der Trainer vor die Presse`: the phrase behind the verb of a clause that starts with something
    /// else. A word with a small letter behind a noun or a comma is taken for a verb.
    pub(super) fn inverted_subject(&self, clause: &Range<usize>) -> Option<Range<usize>> {
        let other = Roles::DETERMINER.and(Roles::PREPOSITION).and(Roles::ADVERB).and(Roles::AND).and(Roles::PRONOUN);
        let verb = |i: &usize| {
            *i > clause.start
                && self.outside(*i)
                && self.is_word(*i)
                && !self.capitalised(*i)
                && !self.is(*i, other.and(Roles::AS).and(Roles::THAT))
                && (self.capitalised(*i - 1) || self.comma(*i - 1))
        };
        let mut verbs = clause.clone().filter(verb).filter(|_| self.pack.speech.capital_nouns);
        verbs.find_map(|verb| self.behind(clause, verb + 1))
    }

    /// The subject of a verb at the end of its clause: `Der Minister, der den Plan „…“ nannte`, `weil X es „…“ nennt`.
    pub(super) fn subject_of_last_verb(&self, host: &Range<usize>, cue: &Cue) -> Option<Range<usize>> {
        let end = cue.at.end.max(cue.auxiliary.map_or(0, |auxiliary| auxiliary + 1));
        let last = end >= host.end || self.parts(end) || self.is(end, Roles::AUXILIARY.and(Roles::AND));
        if !self.pack.speech.capital_nouns || !last {
            return None;
        }
        let first = cue.at.start.min(cue.auxiliary.unwrap_or(cue.at.start));
        let clause = (host.start..first).rev().find(|&i| self.outside(i) && self.parts(i) && self.word(i) != "-");
        let start = clause.map_or(host.start, |comma| comma + 1);
        let relative = start > host.start && self.comma(start - 1) && self.is(start, Roles::DEFINITE);
        if relative && !self.is(start, Roles::OBJECT) {
            let noun = self.before(host, start - 1).map_or(start, |noun| noun.start);
            return Some(noun..start + 1);
        }
        let joins = Roles::THAT.and(Roles::AS).and(Roles::AND).and(Roles::PREPOSITION);
        let start = start + usize::from(self.is(start, joins));
        self.first_phrase(&(start..first), first).filter(|run| !self.is(run.start, Roles::OBJECT))
    }

    /// Whom a verb of citing cites: an object, else the person named last behind it, else a phrase beside it.
    pub(super) fn cited(&self, host: &Range<usize>, cue: &Cue) -> Option<Range<usize>> {
        let reach = host.end.min(cue.at.end + LONGEST);
        let clause = (cue.at.end..reach).take_while(|&i| !self.parts(i) && (self.outside(i) || !self.closes_speech(i)));
        let clause = cue.at.end..clause.last().map_or(cue.at.end, |last| last + 1);
        let object = clause
            .clone()
            .find(|&i| self.outside(i) && self.is(i, Roles::OBJECT) && !self.is(i.wrapping_sub(1), Roles::PREPOSITION));
        let person = clause.rev().find_map(|i| self.mention_at(i).filter(|m| m.kind == EntityKind::Person));
        object
            .and_then(|object| self.behind(host, object))
            .or_else(|| person.map(|person| person.first as usize..person.end as usize))
            .or_else(|| self.behind(host, cue.at.end))
            .or_else(|| self.before(host, cue.at.start))
    }

    /// True if the verb that starts here has no person as subject: `heißt es`.
    pub(super) fn is_impersonal(&self, verb: usize) -> bool {
        self.pack.speech.impersonal.iter().any(|phrase| {
            if self.pack.text.ideographs {
                phrase.chars().enumerate().all(|(n, c)| self.word(verb + n).chars().eq([c]))
            } else {
                phrase.split(' ').enumerate().all(|(n, word)| self.word(verb + n) == word)
            }
        })
    }

    /// Where something is said without a person: `In dem Antrag heißt es`, `heißt es in dem Antrag`.
    pub(super) fn place(&self, host: &Range<usize>, cue: &Cue) -> Option<Range<usize>> {
        if self.is(host.start, Roles::PREPOSITION) && self.outside(host.start) && host.start + 1 < cue.at.start {
            let end = (host.start + 1..cue.at.start).find(|&i| self.parts(i)).unwrap_or(cue.at.start);
            return Some(host.start + 1..end.min(host.start + LONGEST)).filter(|run| run.start < run.end);
        }
        let mut behind = (cue.at.end..host.end).take(4);
        let preposition = behind.find(|&i| self.is(i, Roles::PREPOSITION) && self.outside(i));
        preposition.and_then(|at| self.behind(host, at + 1))
    }

    /// By whom something is said in the passive, between its auxiliary and its participle: `wird von Kennern „…“ genannt`.
    pub(super) fn agent(&self, host: &Range<usize>, start: usize, end: usize) -> Option<Range<usize>> {
        let by = (start..end).find(|&i| self.outside(i) && self.is(i, Roles::AGENT))?;
        self.behind(&(host.start..end), by + 1)
    }
}

impl Host<'_, '_> {
    /// The first person or body of the host before `end`, with the phrase it is in.
    pub(super) fn first_named(&self, end: usize) -> Option<Range<usize>> {
        let reader = self.reader;
        let named = |people: bool| {
            (self.range.start..end).find_map(|i| {
                let mention = reader.mention_at(i).filter(|_| reader.outside(i))?;
                let person = mention.kind == EntityKind::Person;
                (person || !people).then_some(mention.first as usize..mention.end as usize)
            })
        };
        let pronoun =
            (self.range.start..end).find(|&i| reader.outside(i) && reader.is(i, Roles::PRONOUN)).map(|i| i..i + 1);
        let phrase = || {
            let start = self.range.start;
            let stop = (start..end).find(|&i| {
                i > start
                    && (reader.parts(i)
                        || reader.is(i, Roles::PREPOSITION)
                        || !reader.capitalised(i) && !reader.is(i, Roles::DETERMINER))
            })?;
            reader.is(start, Roles::DETERMINER).then_some(start..stop)
        };
        let label = || {
            let run = self.range.start..end.saturating_sub(1);
            let short = (1..=6).contains(&reader.words_in(run.clone())) && run.clone().all(|i| reader.outside(i));
            let says = run.clone().any(|i| reader.capitalised(i) && !reader.is(i, Roles::AND.and(Roles::ADVERB)));
            (short && reader.colon(end.saturating_sub(1)) && says).then_some(run)
        };
        named(true).or(pronoun).or_else(label).or_else(|| named(false)).or_else(phrase)
    }

    /// `…, und Minister X: „…“`: the name before a colon, with its titles, where its clause has nothing else.
    pub(super) fn label(&self, colon: usize) -> Option<Range<usize>> {
        let reader = self.reader;
        let mention = reader.mention_at(colon.checked_sub(1)?).filter(|m| m.kind == EntityKind::Person)?;
        let name = mention.first as usize;
        let title = |i: &usize| {
            reader.outside(*i)
                && reader.is_word(*i)
                && reader.mention_at(*i).is_none()
                && !reader.is(*i, Roles::AND.and(Roles::PREPOSITION).and(Roles::VERB))
        };
        let start = (self.range.start..name).rev().take_while(title).last().unwrap_or(name);
        let opens = start > self.range.start && (reader.parts(start - 1) || reader.is(start - 1, Roles::AND));
        opens.then_some(start..mention.end as usize)
    }
}
