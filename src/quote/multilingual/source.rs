//! The source of a cue: the noun phrase before or behind it.

use std::ops::Range;

use super::Reader;
use super::cue::{Cue, CueKind};
use crate::entity::EntityKind;
use crate::language::Roles;

/// A source has at most so many tokens.
pub(super) const LONGEST: usize = 40;

impl Reader<'_> {
    /// The tokens that name the source of a cue.
    pub(super) fn source(&self, host: &Range<usize>, cue: &Cue) -> Option<Range<usize>> {
        match cue.kind {
            CueKind::Thus => Some(cue.at.clone()),
            CueKind::According => self.according(host, cue),
            CueKind::Bare => self.behind(host, cue.at.end),
            CueKind::After => self.before(host, cue.at.start),
            CueKind::Verb if self.pack.speech.order == "sov" && self.is_impersonal(cue.at.start) => None,
            CueKind::Verb if self.pack.speech.order == "sov" => self.subject_first(host, cue),
            CueKind::Verb if self.pack.text.ideographs => {
                self.nearest_before(host, cue).or_else(|| self.behind(host, cue.at.end))
            }
            CueKind::Verb => self.subject(host, cue),
        }
        .filter(|run| run.start < run.end)
    }

    /// The subject of a verb: before it, unless the clause starts with something else or with the verb.
    fn subject(&self, host: &Range<usize>, cue: &Cue) -> Option<Range<usize>> {
        let cites = self.pack.speech.cites.contains(self.word(cue.at.start));
        if cites && cue.auxiliary.is_none() {
            return self.cited(host, cue);
        }
        if self.is_impersonal(cue.at.start) {
            return self.place(host, cue);
        }
        if let Some(auxiliary) = cue.auxiliary.filter(|&i| !cites && self.is(i, Roles::PASSIVE)) {
            return self.agent(host, auxiliary.min(cue.at.start), auxiliary.max(cue.at.start));
        }
        // `Der Zeitung sagte Ann Ray`: a person right behind the verb, none before it.
        if let Some(person) = self.person_behind(cue.at.end).filter(|_| cue.auxiliary.is_none()) {
            let before = self.before(host, cue.at.start);
            if before.is_none_or(|run| {
                let clause = self.is(run.start.wrapping_sub(1), Roles::THAT) && self.comma(cue.at.start - 1);
                clause || !run.clone().any(|i| self.mention_at(i).is_some()) && !self.is(run.start, Roles::PRONOUN)
            }) {
                return self.behind(host, cue.at.end).or(Some(person));
            }
        }
        // `a-t-elle dit`: a pronoun is part of the verb.
        if let Some(own) =
            [cue.auxiliary, Some(cue.at.start)].into_iter().flatten().find(|&i| self.is(i, Roles::PRONOUN))
        {
            return Some(own..own + 1);
        }
        // `Den Plan nannte er falsch`: a pronoun behind the verb is its subject.
        let pronoun = cue.auxiliary.map_or(cue.at.end, |auxiliary| auxiliary + 1);
        if self.is(pronoun, Roles::HE) && self.outside(pronoun) && pronoun < host.end {
            return Some(pronoun..pronoun + 1);
        }
        let first = cue.auxiliary.map_or(cue.at.start, |auxiliary| auxiliary.min(cue.at.start));
        let before = self.before(host, first);
        if before.as_ref().is_some_and(|run| !self.is_aside(run)) {
            return before;
        }
        if let Some(subject) = self.subject_of_last_verb(host, cue) {
            return Some(subject);
        }
        // `X wies das zurück und nannte …`: the subject is that of the clause before.
        if first > host.start + 1 && self.is(first - 1, Roles::AND) && self.outside(first - 1) {
            let clause = host.start..first - 1;
            return self.first_phrase(&clause, clause.end).or_else(|| self.inverted_subject(&clause));
        }
        let middle = cue.auxiliary.filter(|&auxiliary| auxiliary + 1 < cue.at.start);
        let middle = middle.and_then(|auxiliary| self.behind(&(host.start..cue.at.start), auxiliary + 1));
        middle.or_else(|| self.behind(host, cue.at.end)).or_else(|| before.filter(|run| self.names(run)))
    }

    /// The person who is named at token `start` or behind the titles there.
    pub(super) fn person_behind(&self, start: usize) -> Option<Range<usize>> {
        /// Words before the name.
        const TITLES: usize = 3;
        let titles = (start..start + TITLES)
            .take_while(|&i| self.is(i, Roles::TITLE.and(Roles::DETERMINER)) && self.mention_at(i).is_none())
            .count();
        let first = start + titles;
        let mention = self.mention_at(first).filter(|m| m.kind == EntityKind::Person && m.first as usize == first)?;
        self.outside(first).then_some(start..mention.end as usize)
    }

    /// True if a phrase before the verb is no subject: it starts with a preposition or adverb, is an object, or has no noun.
    fn is_aside(&self, run: &Range<usize>) -> bool {
        let noun = |i: usize| self.capitalised(i) || self.mention_at(i).is_some() || self.is(i, Roles::PRONOUN);
        if self.pack.speech.capital_nouns && !run.clone().any(noun) {
            return true;
        }
        let particle = self.is(run.start, Roles::PARTICLE)
            && self.words_in(run.clone()) <= 3
            && self.capitalised(run.end - 1)
            && self.capitalised(run.start)
            && self.names(run);
        let aside = Roles::PREPOSITION.and(Roles::ADVERB).and(Roles::OBJECT);
        self.is(run.start, aside) && self.mention_at(run.start).is_none() && !particle
    }

    /// True if a person or body is named in it.
    pub(super) fn names(&self, run: &Range<usize>) -> bool {
        run.clone().any(|i| self.mention_at(i).is_some_and(|m| m.kind != EntityKind::Place))
    }

    /// The phrase that ends before token `end`, back to where its clause starts.
    pub(super) fn before(&self, host: &Range<usize>, end: usize) -> Option<Range<usize>> {
        let mut end = end;
        while end > host.start
            && self.is(end - 1, Roles::ADVERB.and(Roles::REFLEXIVE).and(Roles::AUXILIARY))
            && self.mention_at(end - 1).is_none()
            && !self.is(end - 1, Roles::PRONOUN)
        {
            end -= 1;
        }
        let apposition = end > host.start && self.comma(end - 1);
        if apposition {
            end -= 1;
        }
        let mut start = end;
        let mut commas = 0;
        while start > host.start && end - start < LONGEST {
            let i = start - 1;
            if self.outside(i) {
                // `X, que dirige el puerto, dice`: between commas it starts a relative clause.
                let relative = apposition && i > host.start && self.comma(i - 1);
                let clause = self.is(i, Roles::THAT) && !relative
                    || self.is(i, Roles::AS) && !self.is(i, Roles::BARE)
                    || self.is(i, Roles::VERB) && !self.capitalised(i);
                // `X, ein Sprecher der Y, sagte`: a comma before the verb closes what the one before opened.
                let parts = self.parts(i)
                    && !(apposition && self.comma(i) && commas == 0 || matches!(self.word(i), "(" | ")" | "-"));
                commas += usize::from(self.comma(i));
                if clause || parts || self.is(i, Roles::AND) && (self.is(i + 1, Roles::PRONOUN) || i + 1 == end) {
                    break;
                }
            } else if !self.names_source(i) {
                break;
            }
            start = i;
        }
        while start < end
            && (self.is(start, Roles::ADVERB.and(Roles::AND))
                && self.mention_at(start).is_none()
                && !self.capitalised_inside(host, start)
                || !self.is_word(start) && self.outside(start))
            && !self.is(start, Roles::PRONOUN)
        {
            start += 1;
        }
        (start < end).then_some(start..end)
    }

    fn capitalised_inside(&self, host: &Range<usize>, i: usize) -> bool {
        i > host.start && self.capitalised(i) && !self.pack.speech.capital_nouns
    }

    /// A stretch of several words, not the name of a newspaper inside the source.
    pub(super) fn closes_speech(&self, i: usize) -> bool {
        self.stretch(i)
            .and_then(|number| self.marks.quoted.get(number))
            .is_some_and(|quoted| self.words_in(quoted.inside()) > 3)
    }

    /// The name of a newspaper or the like in marks, behind its noun.
    pub(super) fn names_source(&self, i: usize) -> bool {
        let Some(quoted) = self.stretch(i).and_then(|number| self.marks.quoted.get(number)) else { return false };
        let before = (quoted.open as usize).wrapping_sub(1);
        !self.closes_speech(i)
            && self.capitalised(quoted.inside().start)
            && (self.capitalised(before) || self.is(before, Roles::NAMING))
    }

    /// The phrase that starts at token `start`, past adverbs.
    pub(super) fn behind(&self, host: &Range<usize>, start: usize) -> Option<Range<usize>> {
        let mut start = start;
        let mut steps = 0;
        while start < host.end && self.outside(start) && self.mention_at(start).is_none() && steps < LONGEST {
            // `el martes`: an article before an adverb.
            if self.is(start, Roles::DETERMINER)
                && self.is(start + 1, Roles::ADVERB)
                && !self.is(start + 1, Roles::DETERMINER)
                && start + 2 < host.end
            {
                start += 2;
                continue;
            }
            let skipped = self.is(start, Roles::ADVERB.and(Roles::REFLEXIVE).and(Roles::AUXILIARY))
                && !self.is(start, Roles::PRONOUN);
            if !skipped {
                break;
            }
            start += 1;
            steps += 1;
        }
        if self.is(start, Roles::PRONOUN) && self.outside(start) && start < host.end {
            return Some(start..start + 1);
        }
        // `disse a prefeita`: an article, though it may be a preposition.
        let article = self.is(start, Roles::DETERMINER) && self.is(start + 1, Roles::TITLE);
        if self.is(start, Roles::PREPOSITION) && !article && self.mention_at(start).is_none() {
            // `sagte am Montag in Berlin Ann Ray`: a person is named further on.
            let clause = (start..host.end).take(LONGEST).take_while(|&i| self.outside(i) && !self.parts(i));
            let person = clause.clone().find(|&i| {
                self.mention_at(i).is_some_and(|m| m.kind == EntityKind::Person && m.first as usize == i)
                    && !self.is(i.wrapping_sub(1), Roles::PREPOSITION)
            })?;
            let titles = (start..person).rev().take_while(|&i| self.is(i, Roles::TITLE)).count();
            let end = self.mention_at(person).map_or(person + 1, |m| m.end as usize);
            return Some(person - titles..end);
        }
        let mut end = start;
        let mut named = false;
        let capital_nouns = self.pack.speech.capital_nouns;
        while end < host.end && end - start < LONGEST && (self.outside(end) || self.names_source(end)) {
            // `der Chef alle Vorwürfe`: the next noun phrase; `der Chef der Bank` goes on.
            let next_phrase =
                capital_nouns && named && self.is(end, Roles::DETERMINER) && !self.is(end, Roles::GENITIVE);
            let stop = next_phrase
                || self.parts(end) && self.word(end) != "-"
                || self.is(end, Roles::THAT)
                || self.is(end, Roles::VERB) && !self.capitalised(end)
                || self.is(end, Roles::PREPOSITION) && named && !self.is(end, Roles::PARTICLE)
                || self.is(end, Roles::ADVERB) && end > start && self.mention_at(end).is_none()
                || self.is(end, Roles::AS) && end > start && !self.is(end, Roles::DETERMINER)
                || self.is(end, Roles::AUXILIARY) && end > start;
            if stop && self.mention_at(end).is_none_or(|m| m.first as usize == end && self.parts(end)) {
                break;
            }
            named |= self.mention_at(end).is_some() || capital_nouns && self.capitalised(end);
            end += 1;
        }
        // A name in apposition: `sagte der Sprecher, Ann Ray`.
        let person = |i: usize| self.mention_at(i).filter(|m| m.kind == EntityKind::Person && m.first as usize == i);
        if self.comma(end)
            && start < end
            && !(start..end).any(|i| self.mention_at(i).is_some_and(|m| m.kind == EntityKind::Person))
            && let Some(mention) = person(end + 1).filter(|_| end + 1 < host.end)
        {
            return Some(start..mention.end as usize);
        }
        let starts = self.mention_at(start).is_some()
            || self.capitalised(start)
            || self.is(start, Roles::DETERMINER.and(Roles::TITLE))
            || named
            || self.pack.speech.drops_subject && self.pack.speech.definite.iter().next().is_none()
            || !self.outside(start);
        (starts && start < end && end - start <= LONGEST).then_some(start..end)
    }

    /// The source of `according to`: what it holds itself, else the phrase behind it.
    fn according(&self, host: &Range<usize>, cue: &Cue) -> Option<Range<usize>> {
        let own = cue.at.clone().any(|i| self.is(i, Roles::OWN))
            || self.pack.speech.own.iter().any(|own| {
                let mut words = own.split(' ');
                let first = words.next().unwrap_or("");
                cue.at.clone().any(|i| self.word(i) == first)
            });
        if own {
            return Some(cue.at.clone());
        }
        let start = cue.at.end;
        if self.is(start, Roles::OWN) {
            return Some(start..start + 1);
        }
        let mut end = start;
        let mut nouns = 0;
        // Languages without capitals on nouns mark the end by a comma.
        let comma = (start..host.end).take(12).find(|&i| self.comma(i) || !self.outside(i));
        while end < host.end && end - start < LONGEST && (self.outside(end) || self.names_source(end)) {
            let mention = self.mention_at(end);
            if self.parts(end) && self.word(end) != "-" || self.is(end, Roles::THAT) {
                break;
            }
            let noun = mention.is_some()
                || self.capitalised(end)
                || !self.outside(end)
                || self.word(end).ends_with(|c: char| c.is_ascii_digit());
            let joins =
                self.is(end, Roles::DETERMINER.and(Roles::PARTICLE).and(Roles::TITLE)) || self.is(end, Roles::AND);
            let next_noun = self.capitalised(end + 1) || self.mention_at(end + 1).is_some();
            if nouns > 0
                && !noun
                && !(joins && end + 1 < host.end)
                && (!next_noun
                    || !self.pack.speech.capital_nouns
                    || self.is(end, Roles::SUBJUNCTIVE.and(Roles::AUXILIARY).and(Roles::VERB))
                    || self.is(end, Roles::PREPOSITION))
                && comma.is_none_or(|comma| comma > end + 6)
            {
                break;
            }
            nouns += usize::from(noun);
            end += 1;
        }
        (start < end).then_some(start..end)
    }
}
