//! The antecedents of *it* and *who*, and when *he* or *she* refers to no named person.

use std::ops::Range;

use super::{MENTIONS, SpeakerResolver};
use crate::entity::gazetteer::Lists;
use crate::entity::tokens::is_capitalised;
use crate::entity::{EntityId, EntityKind};
use crate::language::english;
use crate::text::Span;

/// Sentences before *it* in which what it means is looked for.
const IT_REACHES: u32 = 2;

/// A subject is among so many tokens at the start of its sentence.
const SUBJECT: usize = 6;

/// Words between a person and the *who* that means them, as in `Ann Ray, the head of the union, who said`.
const WHO_REACHES: usize = 12;

/// Words of such a subject.
const SUBJECT_WORDS: usize = 5;

impl SpeakerResolver<'_> {
    /// The person whom *who* at token `at` goes on about: the last one named in its sentence.
    pub(super) fn before_who(&self, at: usize) -> Option<EntityId> {
        let before = self.entities.mentions.partition_point(|m| (m.end as usize) <= at);
        let mention = self.entities.mentions[..before].iter().rev().take(4).find(|m| m.kind == EntityKind::Person)?;
        let end = mention.end as usize;
        let near = self.tokens.same_sentence(end.saturating_sub(1), at) && at - end <= WHO_REACHES;
        (near && (end == at || self.tokens.word(at - 1) == ",")).then_some(mention.entity)
    }

    /// The organisation or place that *it* at token `at` means: the subject of a sentence shortly before, else who
    /// spoke last.
    pub(super) fn before_it(&self, at: usize, previous: Option<EntityId>) -> Option<EntityId> {
        let is_body = |id: EntityId| self.entities.get(id).is_some_and(|e| e.kind != EntityKind::Person);
        let start = self.tokens.sentence_start(at);
        let described =
            start.checked_sub(1).map(|end| self.tokens.sentence_start(end)).filter(|&i| self.is_some_body(i));
        described
            .and_then(|i| self.some_body(i..i + 2))
            .or_else(|| self.named_before_it(at))
            .or_else(|| previous.filter(|&id| is_body(id)))
    }

    /// The organisation that is the subject of a sentence shortly before token `at`.
    pub(super) fn named_before_it(&self, at: usize) -> Option<EntityId> {
        let before = self.entities.mentions.partition_point(|m| (m.first as usize) < at);
        let near = |first: usize| self.tokens.sentence(at).saturating_sub(self.tokens.sentence(first)) <= IT_REACHES;
        let clause = at > 0 && english().names.clause_starts.contains(self.tokens.word(at - 1));
        let subject = |first: usize| {
            self.starts_sentence(first) || clause && self.tokens.sentence(first) == self.tokens.sentence(at)
        };
        let mentions =
            self.entities.mentions[..before].iter().rev().take(MENTIONS).take_while(|m| near(m.first as usize));
        mentions.filter(|m| m.kind == EntityKind::Organization).find(|m| subject(m.first as usize)).map(|m| m.entity)
    }

    /// True if a name starts its sentence, or all that is before it there is parted off by a comma: `In May, Acme`.
    fn starts_sentence(&self, first: usize) -> bool {
        let start = self.tokens.sentence_start(first);
        let article = first > start && self.tokens.word(first - 1).eq_ignore_ascii_case("the");
        let first = first - usize::from(article);
        let opens = first == start || matches!(self.tokens.word(first - 1), "," | "But" | "And" | "Meanwhile");
        opens && first - start < SUBJECT
    }

    /// True if the sentence before that of token `at`, in its paragraph, is about somebody who is not named.
    pub(super) fn unnamed_before(&self, at: usize) -> bool {
        let own = self.tokens.sentence_start(at);
        if own == 0 || self.tokens.paragraph(own - 1) != self.tokens.paragraph(at) {
            return false;
        }
        let start = self.tokens.sentence_start(own - 1);
        let Some(noun) = self.somebody(start..own) else { return false };
        let from = self.entities.mentions.partition_point(|m| (m.first as usize) < start);
        let mut people = self.entities.mentions[from..].iter().take(MENTIONS).take_while(|m| (m.first as usize) < own);
        (start + 1..=noun).all(|i| !is_capitalised(self.tokens.word(i)))
            && people.all(|m| m.kind != EntityKind::Person || self.depends(start, m.first as usize))
    }

    /// The noun of a description that starts a stretch and does not say who is meant: `a senior nurse`, `one of the victims`.
    /// Relatives are described by whose they are.
    fn somebody(&self, stretch: Range<usize>) -> Option<usize> {
        let starts = english().names.somebody.contains(&self.tokens.word(stretch.start).to_ascii_lowercase());
        let human = |i: &usize| {
            let word = self.tokens.word(*i);
            let one = word.strip_suffix('s').filter(|_| self.tokens.word(*i - 1) == "the").unwrap_or(word);
            self.tokens.lists(*i).any(Lists::OFFICE.and(Lists::ANY_TITLE)) || english().names.people.contains(one)
        };
        let noun = (stretch.start + 1..stretch.end).take(SUBJECT_WORDS).find(human).filter(|_| starts)?;
        (!english().names.kin.contains(self.tokens.word(noun))).then_some(noun)
    }

    /// True if the words of a source, which names nobody, describe one person: `a nurse`, `the head of the housing office`.
    pub fn is_somebody(&self, source: Span) -> bool {
        let source = self.tokens.within(source);
        let office = |i: usize| {
            self.tokens.lists(i).any(Lists::OFFICE) && english().names.dependent.contains(self.tokens.word(i + 1))
        };
        let definite = self.tokens.word(source.start).eq_ignore_ascii_case("the");
        self.somebody(source.clone()).is_some()
            || definite && (source.start + 1..source.end).take(SUBJECT_WORDS).any(office)
    }

    /// True if a person is named from byte `from` on before token `at`.
    pub(super) fn names_person(&self, from: u32, at: usize) -> bool {
        let first = self.entities.mentions.partition_point(|m| m.span.start < from);
        let mut between = self.entities.mentions[first..].iter().take_while(|m| (m.first as usize) < at);
        between.any(|m| m.kind == EntityKind::Person)
    }
}
