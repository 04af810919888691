//! The antecedents of *it* and *who*, and when *he* or *she* refers to no named person.

use super::{MENTIONS, SpeakerResolver};
use crate::entity::gazetteer::Lists;
use crate::entity::tokens::is_capitalised;
use crate::entity::{EntityId, EntityKind};
use crate::language::english;

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
        if !english().names.somebody.contains(&self.tokens.word(start).to_ascii_lowercase()) {
            return false;
        }
        let noun = (start + 1..own)
            .take(SUBJECT_WORDS)
            .find(|&i| self.tokens.lists(i).any(Lists::OFFICE) || english().names.people.contains(self.tokens.word(i)));
        let Some(noun) = noun.filter(|&i| !english().names.kin.contains(self.tokens.word(i))) else { return false };
        let from = self.entities.mentions.partition_point(|m| (m.first as usize) < start);
        let mut people = self.entities.mentions[from..].iter().take(MENTIONS).take_while(|m| (m.first as usize) < own);
        (start + 1..=noun).all(|i| !is_capitalised(self.tokens.word(i)))
            && people.all(|m| m.kind != EntityKind::Person || self.depends(start, m.first as usize))
    }
}
