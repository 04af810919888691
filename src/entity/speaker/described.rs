//! Whom a description means: `the minister`, `the ministry`, `the company`.

use std::ops::Range;

use super::{Described, MENTIONS, SpeakerResolver};
use crate::entity::fold::word_key;
use crate::entity::gazetteer::{Lists, gazetteer};
use crate::entity::tokens::is_capitalised;
use crate::entity::{DiscourseState, EntityId, EntityKind, Gender, Mention};
use crate::language::english;

/// Sentences before a description of somebody's age or children in which the name is.
const QUALITY_REACHES: u32 = 4;

/// Tokens after a name in which such a verb is.
const REACTS_WITHIN: usize = 5;

/// Words of an office after such a verb.
const LONGEST_OFFICE: usize = 5;

impl SpeakerResolver<'_> {
    /// The person last named before a description that fits one of their roles: `the minister`.
    pub(super) fn described(&self, range: Range<usize>) -> Option<EntityId> {
        let first = self.tokens.word(range.start).to_ascii_lowercase();
        if !english().names.definite.contains(&first) && !is_capitalised(self.tokens.word(range.start)) {
            return None;
        }
        let start = range.start + usize::from(english().names.definite.contains(&first));
        let stop = (start..range.end).find(|&i| !self.tokens.word(i).chars().all(|c| c.is_alphanumeric() || c == '-'));
        let stop = stop.unwrap_or(range.end);
        let head_end = (start..stop).find(|&i| english().names.loose.contains(self.tokens.word(i))).unwrap_or(stop);
        let head = head_end.checked_sub(1).filter(|&h| h >= start)?;
        // `his lawyer` does not say which lawyer; a wife is named once.
        let theirs = matches!(first.as_str(), "his" | "her") && !english().names.kin.contains(self.tokens.word(head));
        if theirs && range.len() <= 3 {
            return None;
        }
        if !self.tokens.lists(head).any(Lists::OFFICE.and(Lists::ANY_TITLE)) {
            return None;
        }
        let word = self.tokens.word(head);
        let by_name = self.holder(std::iter::once(word), start..head, range.start);
        by_name.or_else(|| {
            let names = &english().names;
            names.leads.contains(word).then(|| self.holder(names.led.iter(), start..head, range.start))?
        })
    }

    /// Who was named last before token `at` among those who hold one of the `offices`, with every one of the `other`
    /// words in it.
    fn holder<'w>(&self, offices: impl Iterator<Item = &'w str>, other: Range<usize>, at: usize) -> Option<EntityId> {
        let people = offices.filter_map(|office| Some((office, self.roles.get(&word_key(office))?)));
        let held = people.flat_map(|(office, people)| people.iter().map(move |described| (office, described)));
        let fits = |office: &str, described: &Described| {
            let Some(entity) = self.entities.get(described.entity) else { return false };
            let gender = gazetteer().gender_of_title(office);
            let agrees = gender == Gender::Unknown || entity.gender == Gender::Unknown || gender == entity.gender;
            let covers = |role: &&String| has_word(role, word_key(office)) && self.covers(role, other.clone());
            agrees && described.mention < at && entity.roles.iter().any(|role| covers(&role))
        };
        let fitting = held.filter(|(office, described)| fits(office, described)).map(|(_, described)| described.entity);
        fitting.max_by_key(|&entity| self.salience.last_named(entity, at))
    }

    /// The organisation last named before a description that is part of its name: `the ministry`.
    pub(super) fn described_body(&self, range: Range<usize>) -> Option<EntityId> {
        if !self.tokens.word(range.start).eq_ignore_ascii_case("the") {
            return None;
        }
        let start = range.start + 1;
        let end =
            (start..range.end).find(|&i| english().names.loose.contains(self.tokens.word(i))).unwrap_or(range.end);
        if end == start || end - start > 2 {
            return None;
        }
        let mut candidates = self.bodies.get(&self.tokens.key(start))?.clone();
        for i in start + 1..end {
            let others = self.bodies.get(&self.tokens.key(i))?;
            candidates.retain(|id| others.contains(id));
        }
        let before = self.entities.mentions.partition_point(|m| (m.first as usize) < range.start);
        let mut latest = self.entities.mentions[..before].iter().rev().take(MENTIONS).map(|m| m.entity);
        latest.find(|id| candidates.contains(id))
    }

    /// The organisation that `the company` means: the one that the sentences before are about, else the whole article.
    pub(super) fn some_body(&self, range: Range<usize>) -> Option<EntityId> {
        if range.len() != 2 || !self.is_some_body(range.start) {
            return None;
        }
        let governs = |id: &EntityId| {
            let words = self.entities.get(*id).map(|e| e.name.to_lowercase()).unwrap_or_default();
            words.split(' ').any(|word| english().names.governing.contains(word))
        };
        self.named_before_it(range.start).or(self.main_body).filter(|id| !governs(id))
    }

    /// True if `the company` or the like is at token `at`.
    pub(super) fn is_some_body(&self, at: usize) -> bool {
        self.tokens.word(at).eq_ignore_ascii_case("the")
            && english().names.body_nouns.contains(self.tokens.word(at + 1))
    }

    /// Whom a description means that takes the place of a name: `the 52-year-old`, `the nurse`.
    pub(super) fn varied(&self, range: Range<usize>, discourse: DiscourseState) -> Option<EntityId> {
        let words = || (range.start + 1..range.end).map(|i| self.tokens.word(i));
        // `the father of four`, which is `the father-of-four` as well
        let count = self.tokens.word(range.start + 3);
        let of_some = range.len() == 4
            && self.tokens.word(range.start + 2) == "of"
            && english().numbers.counts.contains_key(count);
        let quality =
            words().find(|word| word.ends_with("year-old") || word.contains("-of-")).or(of_some.then_some(count));
        let human = quality.is_some() || (range.start + 1..range.end).any(|i| self.tokens.lists(i).any(Lists::OFFICE));
        let anybody = words().any(|word| matches!(word, "man" | "woman" | "boy" | "girl"));
        let plain = words().all(|word| word.starts_with(|c: char| c.is_lowercase() || c.is_numeric()));
        if !self.tokens.word(range.start).eq_ignore_ascii_case("the") || !human || anybody || !plain {
            return None;
        }
        let named = |sentences: u32| self.just_named(range.start, sentences);
        // `The 52-year-old`, and no word more, was named just now, and what age another has is said.
        let bare =
            quality.filter(|_| range.len() == 2 || of_some).and_then(|_| named(1)).filter(|named| !self.is_aged(named));
        let varied = match quality {
            Some(quality) => named(QUALITY_REACHES)
                .filter(|named| discourse.previous == Some(named.entity) || self.has_age(named, quality))
                .or(bare),
            None => {
                named(1).filter(|named| self.reacts(named) || self.is_called(named, self.tokens.key(range.end - 1)))
            }
        };
        discourse.goes_on.or(varied.map(|named| named.entity))
    }

    /// The only person named in so many sentences before that of token `at`.
    fn just_named(&self, at: usize, sentences: u32) -> Option<&Mention> {
        let near = |first: usize| self.tokens.sentence(at).saturating_sub(self.tokens.sentence(first)) <= sentences;
        let before = self.entities.mentions.partition_point(|m| (m.first as usize) < at);
        let latest = self.entities.mentions[..before].iter().rev().take(MENTIONS);
        let mut people = latest.take_while(|m| near(m.first as usize)).filter(|m| m.kind == EntityKind::Person);
        let named = people.next()?;
        people.all(|m| m.entity == named.entity).then_some(named)
    }

    /// `Ann Ray, 52,`: true if the age after a name is that of `the 52-year-old`.
    fn has_age(&self, named: &Mention, quality: &str) -> bool {
        let age = self.tokens.word(named.end as usize + 1);
        !age.is_empty() && quality.strip_suffix("-year-old") == Some(age)
    }

    /// `Ann Ray, 52,`: true if an age is after a name.
    fn is_aged(&self, named: &Mention) -> bool {
        self.tokens.word(named.end as usize + 1).starts_with(|c: char| c.is_ascii_digit())
    }

    /// `Ann Ray, 52, disagreed`: true if the sentence says how somebody took something, before it is said who they are.
    fn reacts(&self, named: &Mention) -> bool {
        let sentence = self.tokens.sentence(named.first as usize);
        let after = (named.end as usize..).take_while(|&i| self.tokens.sentence(i) == sentence).take(REACTS_WITHIN);
        after.into_iter().any(|i| english().names.reacts.contains(self.tokens.word(i)))
    }

    /// `Ann Ray became prime minister`: true if the words after the name give them this office.
    fn is_called(&self, named: &Mention, office: u64) -> bool {
        let verb = named.end as usize;
        let small = |i: &usize| {
            let word = self.tokens.word(*i);
            word.starts_with(char::is_lowercase) && !english().names.dependent.contains(word)
        };
        english().names.becomes.contains(self.tokens.word(verb))
            && (verb + 1..=verb + LONGEST_OFFICE).take_while(small).any(|i| self.tokens.key(i) == office)
    }

    /// True if the role has every word of the description.
    fn covers(&self, role: &str, mut words: Range<usize>) -> bool {
        // A party or nation need not be in the role: there are few of one office in an article.
        let loose = |i: usize| english().names.any_role.contains(&self.tokens.word(i).to_lowercase());
        words.all(|i| loose(i) || has_word(role, self.tokens.key(i)))
    }
}

/// True if a word of the role has this key.
fn has_word(role: &str, key: u64) -> bool {
    role.split([' ', '-']).any(|word| word_key(word) == key)
}
