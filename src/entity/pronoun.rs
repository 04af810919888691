//! Antecedents of *he* and *she*.
//!
//! The article is walked once from start to end. Every name of a person and every resolved pronoun is an event; whom a
//! pronoun means is scored from the latest events before it: how far away they are, whether as a subject, how often
//! a person is named, whether they spoke last. This is salience in the manner of Lappin and Leass (1994), with weights
//! that were fitted to coreference chains (see `docs/entities.md`).

use super::discourse::DiscourseState;
use super::gazetteer::gazetteer;
use super::tokens::Tokens;
use super::{Entities, EntityId, EntityKind, Gender};
use crate::language::{Words, english};
use crate::text::Span;

/// Events before a pronoun that are looked at.
const LOOK_BACK: usize = 32;

/// Number of [`features`].
const FEATURES: usize = 20;

/// What each of the [`features`] is worth, in log odds.
const WEIGHTS: [f32; FEATURES] = [
    1.57, 0.72, -0.21, -0.63, -0.59, -1.02, 0.39, 0.61, 0.35, 0.38, -1.22, 0.18, 0.30, 0.03, 0.01, 0.78, -0.65, -1.36,
    -0.36, -0.40,
];

/// What is for somebody whose name was not found, in the same log odds.
const SOMEBODY_ELSE: f32 = -1.0;

/// The gender of a pronoun that means one person, none for any other word.
pub(super) fn gender(word: &str) -> Option<Gender> {
    let is_one = |pronouns: &Words| pronouns.iter().any(|pronoun| word.eq_ignore_ascii_case(pronoun));
    // All of them start alike, and few other words do.
    match word.as_bytes().first()? {
        b'h' | b'H' | b's' | b'S' if is_one(&english().names.he) => Some(Gender::Male),
        b'h' | b'H' | b's' | b'S' if is_one(&english().names.she) => Some(Gender::Female),
        _ => None,
    }
}

/// A mention of a person by name or pronoun.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a feature of its own, in any combination")]
struct Event {
    token: usize,
    sentence: u32,
    paragraph: u32,
    entity: EntityId,
    named: bool,
    subject: bool,
    first_in_sentence: bool,
    object: bool,
    possessive: bool,
    quoted: bool,
    agent: bool,
    addressee: bool,
}

/// Mentions of people by name and pronoun, in order.
#[derive(Debug, Default)]
pub(super) struct Salience {
    /// In order of their place.
    events: Vec<Event>,
    /// Mentions by name of every entity, in order.
    named: Vec<Vec<usize>>,
    /// The gender of every entity, by its name, its title or a pronoun in a sentence of which it is the subject.
    genders: Vec<Gender>,
}

impl Salience {
    /// Reads an article.
    pub(super) fn new(tokens: &Tokens, entities: &Entities, quoted: &[Span]) -> Self {
        let mut salience = Salience {
            events: Vec::new(),
            named: vec![Vec::new(); entities.list.len()],
            genders: entities.list.iter().map(|e| e.gender).collect(),
        };
        let mut mentions = entities.mentions.iter().peekable();
        let mut quoted = quoted.iter().peekable();
        let mut i = 0;
        while i < tokens.len() {
            let span = tokens.span(i, i + 1);
            while quoted.next_if(|q| q.end <= span.start).is_some() {}
            let in_quotes = quoted.peek().is_some_and(|q| q.start <= span.start);
            if let Some(mention) = mentions.next_if(|m| m.first as usize <= i) {
                let end = mention.end as usize;
                if mention.kind == EntityKind::Person {
                    salience.events.push(event(tokens, i, end, mention.entity, true, in_quotes));
                    if let Some(named) = salience.named.get_mut(mention.entity.0 as usize) {
                        named.push(i);
                    }
                }
                i = end.max(i + 1);
                continue;
            }
            if !in_quotes
                && let Some(gender) = gender(tokens.word(i))
                && let Some((entity, _)) = salience.antecedent(tokens, i, gender, DiscourseState::default())
            {
                salience.learn_gender(tokens, entity, gender, i);
                salience.events.push(event(tokens, i, i + 1, entity, false, false));
            }
            i += 1;
        }
        salience
    }

    /// Takes the gender of a pronoun for that of the subject of its sentence.
    fn learn_gender(&mut self, tokens: &Tokens, entity: EntityId, gender: Gender, at: usize) {
        let latest = self.events.iter().rev().take(LOOK_BACK).find(|e| e.entity == entity);
        let own = latest.is_some_and(|e| e.subject && e.named && e.sentence == tokens.sentence(at));
        let known = self.genders.get_mut(entity.0 as usize);
        if let Some(known) = known.filter(|known| own && **known == Gender::Unknown) {
            *known = gender;
        }
    }

    /// Whom the pronoun at token `at` means, after what was `heard` before, and how sure that is, from 0 to 1.
    pub(super) fn antecedent(
        &self,
        tokens: &Tokens,
        at: usize,
        gender: Gender,
        discourse: DiscourseState,
    ) -> Option<(EntityId, f32)> {
        let mut best: Option<(f32, EntityId)> = None;
        let mut all = SOMEBODY_ELSE.exp();
        for (entity, features) in self.candidates(tokens, at, gender, discourse.previous) {
            if discourse.asker == Some(entity) {
                continue;
            }
            let score: f32 = features.iter().zip(WEIGHTS).map(|(f, w)| f * w).sum();
            all += score.exp();
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, entity));
            }
        }
        best.map(|(score, entity)| (entity, score.exp() / all))
    }

    /// The people whom a pronoun can mean and what speaks for each.
    fn candidates(
        &self,
        tokens: &Tokens,
        at: usize,
        gender: Gender,
        previous: Option<EntityId>,
    ) -> Vec<(EntityId, [f32; FEATURES])> {
        let before = self.events.partition_point(|e| e.token < at);
        let window = &self.events[before.saturating_sub(LOOK_BACK)..before];
        let into = at - tokens.sentence_start(at);
        let here = Here { sentence: tokens.sentence(at), paragraph: tokens.paragraph(at), into };
        let times = |entity: EntityId| self.named.get(entity.0 as usize).map_or(0, |n| n.partition_point(|&t| t < at));
        let mut found: Vec<(EntityId, [f32; FEATURES])> = Vec::new();
        for event in window.iter().rev() {
            if found.iter().any(|(entity, _)| *entity == event.entity) {
                continue;
            }
            let Some(&known) = self.genders.get(event.entity.0 as usize) else { continue };
            if known != Gender::Unknown && known != gender {
                continue;
            }
            let of = || window.iter().rev().filter(|e| e.entity == event.entity);
            let latest = of().find(|e| !e.quoted).unwrap_or(event);
            // The agent of a passive is hardly ever who is talked of next.
            if latest.agent && latest.sentence != here.sentence {
                continue;
            }
            // `Speaking to Ann Ray, he said`: he is not whom he speaks to.
            if latest.addressee && latest.sentence == here.sentence {
                continue;
            }
            let named = times(event.entity);
            let seen = Seen { latest, in_window: of().count(), named, known, previous: previous == Some(event.entity) };
            found.push((event.entity, features(&seen, &here)));
        }
        found
    }

    /// The last token before `at` at which an entity is named.
    pub(super) fn last_named(&self, entity: EntityId, at: usize) -> Option<usize> {
        let named = self.named.get(entity.0 as usize)?;
        named.get(named.partition_point(|&t| t < at).checked_sub(1)?).copied()
    }
}

/// Where a pronoun is.
struct Here {
    sentence: u32,
    paragraph: u32,
    /// Tokens before it in its sentence.
    into: usize,
}

/// What is known of a candidate.
struct Seen<'e> {
    /// The latest event outside quotation marks, else the latest.
    latest: &'e Event,
    in_window: usize,
    named: usize,
    known: Gender,
    previous: bool,
}

/// What speaks for a candidate.
fn features(seen: &Seen, here: &Here) -> [f32; FEATURES] {
    let Seen { latest, in_window, named, known, previous } = seen;
    let distance = here.sentence.saturating_sub(latest.sentence);
    let apart = here.paragraph.saturating_sub(latest.paragraph);
    let flag = |is: bool| f32::from(is);
    [
        flag(distance == 0),
        flag(distance == 1),
        flag(distance == 2),
        flag(distance == 3),
        flag(distance == 4),
        flag(distance >= 5),
        flag(latest.subject),
        flag(latest.first_in_sentence),
        flag(latest.object),
        flag(latest.possessive),
        flag(latest.quoted),
        flag(!latest.named),
        flag(*known != Gender::Unknown),
        (*named).min(12) as f32,
        (*in_window).min(8) as f32 / 2.0,
        flag(*previous),
        flag(apart == 1),
        flag(apart > 1),
        flag(distance == 0 && here.into < 4),
        flag(distance == 0 && latest.first_in_sentence),
    ]
}

fn event(tokens: &Tokens, first: usize, end: usize, entity: EntityId, named: bool, quoted: bool) -> Event {
    let start = tokens.sentence_start(first);
    let next = tokens.word(end);
    let possessive =
        if named { matches!(next, "'s" | "’s" | "'" | "’") } else { is_possessive(tokens.word(first)) };
    let mut before = first;
    while before > start && gazetteer().look_up(tokens.word(before - 1)).any(super::gazetteer::Lists::ANY_TITLE) {
        before -= 1;
    }
    let previous = if before > start { tokens.word(before - 1) } else { "" };
    let verb_follows = next == "," || next.starts_with(char::is_lowercase) && !english().names.not_verbs.contains(next);
    let object = english().names.before_object.contains(&previous.to_ascii_lowercase());
    Event {
        token: first,
        sentence: tokens.sentence(first),
        paragraph: tokens.paragraph(first),
        entity,
        named,
        subject: verb_follows && !object && !possessive && tokens.same_sentence(first, end),
        first_in_sentence: first - start <= 3,
        object,
        possessive,
        quoted,
        agent: previous == "by" && before >= start + 2 && is_participle(tokens.word(before - 2)),
        addressee: matches!(previous, "to" | "with")
            && before >= start + 2
            && (tokens.word(before - 2) == "interview"
                || english().quotes.talks.contains(&tokens.word(before - 2).to_lowercase())),
    }
}

/// True for a word that may be the participle of a passive.
fn is_participle(word: &str) -> bool {
    word.len() > 4 && (word.ends_with("ed") || word.ends_with("en"))
}

fn is_possessive(word: &str) -> bool {
    matches!(word, "his" | "her" | "His" | "Her")
}
