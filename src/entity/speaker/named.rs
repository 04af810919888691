//! Whom the names in a source mean: those that speak, not those that only say whose, where or of whom.

use super::SpeakerResolver;
use crate::entity::gazetteer::Lists;
use crate::entity::tokens::is_capitalised;
use crate::entity::{EntityId, EntityKind, Mention};
use crate::language::english;

impl SpeakerResolver<'_> {
    /// The people whom the tokens name as themselves, else the organisations and places, each with whether the name is
    /// given in full.
    pub(super) fn named(&self, range: std::ops::Range<usize>) -> Vec<(EntityId, bool)> {
        let from = self.entities.mentions.partition_point(|m| (m.first as usize) < range.start);
        let mut before: Option<(&Mention, bool)> = None;
        let mut person = false;
        let mentions = self.entities.mentions.get(from..).unwrap_or_default();
        let mut named: Vec<(usize, EntityId, EntityKind, bool)> = self
            .entities
            .mentions
            .iter()
            .skip(from)
            .take_while(|m| (m.first as usize) < range.end)
            .filter(|m| {
                let (first, end) = (m.first as usize, (m.end as usize).min(range.end));
                // A name that continues a name other than the source is not a source either: `from Essen, Germany`.
                let goes_on = before
                    .is_some_and(|(b, hangs)| hangs && b.kind == m.kind && self.goes_on(b.end as usize, first, m.kind));
                let hangs = goes_on
                    || (m.kind != EntityKind::Person || person) && self.follows_place(range.start, first)
                    || self.joins_owner(end, mentions)
                    || m.kind == EntityKind::Place
                        && (self.goes_on_in_capitals(end, mentions, range.end) || is_right_before_body(end, mentions))
                    || self.is_example(range.start, first)
                    || self.depends(range.start, first) && !before.is_some_and(|(b, _)| self.is_office_of(b, m))
                    || self.in_relative_clause(range.start, first);
                before = Some((m, hangs));
                person |= m.kind == EntityKind::Person && !hangs;
                !hangs && !self.modifies(first, end, range.end) && !self.opens_title(m, mentions, range.end)
            })
            .filter_map(|m| {
                let name = &self.entities.get(m.entity)?.name;
                let full = m.span.of(self.tokens.text.raw).to_lowercase() == name.to_lowercase();
                Some((m.first as usize, m.entity, m.kind, full))
            })
            .collect();
        named.extend(self.families_alone(range.clone(), from));
        named.sort_by_key(|name| name.0);
        if let Some(bracket) = range.clone().find(|&i| self.tokens.word(i) == "(") {
            let close = (bracket..range.end).find(|&i| self.tokens.word(i) == ")").unwrap_or(range.end);
            let outside = |name: &(usize, EntityId, EntityKind, bool)| !(bracket..close).contains(&name.0);
            // `Ann Ray (Alder, The Gate)`: what is in brackets describes her.
            if named.iter().any(outside) {
                named.retain(outside);
            }
        }
        let person = named.iter().find(|name| name.2 == EntityKind::Person).map(|name| name.0);
        named.retain(|&(first, _, kind, _)| {
            kind == EntityKind::Person || person.is_none_or(|person| self.is_joined(first, person, &range, from))
        });
        named.into_iter().map(|(_, entity, _, full)| (entity, full)).collect()
    }

    /// `Lind and Ray's mother`: true if the name shares the possessive of the next.
    fn joins_owner(&self, end: usize, mentions: &[Mention]) -> bool {
        let near = mentions.iter().take_while(|m| m.first as usize <= end + 1);
        self.tokens.word(end) == "and"
            && near
                .last()
                .filter(|m| m.first as usize == end + 1)
                .is_some_and(|next| matches!(self.tokens.word(next.end as usize), "'s" | "’s" | "'" | "’"))
    }

    /// `USA Today`: true if a place is followed by a capitalised word that belongs to no name.
    fn goes_on_in_capitals(&self, end: usize, mentions: &[Mention], source_end: usize) -> bool {
        end < source_end
            && is_capitalised(self.tokens.word(end))
            && !mentions.iter().take_while(|m| m.first as usize <= end).any(|m| m.end as usize > end)
    }

    /// `Alder County Sheriff Ann Ray`: true if nothing but capitalised words is between the name and the next person's.
    fn opens_title(&self, name: &Mention, mentions: &[Mention], source_end: usize) -> bool {
        let next = mentions.get(mentions.partition_point(|m| m.first < name.end));
        let next = next.filter(|m| m.kind == EntityKind::Person && (m.first as usize) < source_end);
        let between = next.map_or(0..0, |m| name.end as usize..m.first as usize);
        !between.is_empty() && between.into_iter().all(|i| is_capitalised(self.tokens.word(i)))
    }

    /// `the ambassador to the United Nations Ann Ray`: true if the body right before a person's name belongs to an office.
    fn is_office_of(&self, body: &Mention, person: &Mention) -> bool {
        body.kind == EntityKind::Organization
            && person.kind == EntityKind::Person
            && body.end == person.first
            && (body.end > body.first + 1 || body.first > 0 && self.tokens.word(body.first as usize - 1) == "the")
    }

    /// Family names in a source that were not recognised, of people whom the article names in full.
    fn families_alone(
        &self,
        range: std::ops::Range<usize>,
        from: usize,
    ) -> impl Iterator<Item = (usize, EntityId, EntityKind, bool)> {
        let mut mentions = self.entities.mentions.iter().skip(from.saturating_sub(1)).peekable();
        range.clone().filter_map(move |i| {
            while mentions.next_if(|m| m.end as usize <= i).is_some() {}
            let named = mentions.peek().is_some_and(|m| m.first as usize <= i);
            if named || !is_capitalised(self.tokens.word(i)) {
                return None;
            }
            let entity = *self.families.get(&self.tokens.key(i))?;
            let alone = !self.depends(range.start, i) && !self.modifies(i, i + 1, range.end);
            alone.then_some((i, entity, EntityKind::Person, false))
        })
    }

    /// True if an organisation or place in the source speaks jointly with a person there: `the guild and its president, Ann Ray`,
    /// `Ann Ray and the guild`, but not `Ann Ray, head of Guild and Co`.
    fn is_joined(&self, first: usize, person: usize, range: &std::ops::Range<usize>, from: usize) -> bool {
        let mentions = self.entities.mentions.iter().skip(from);
        let end = mentions.take_while(|m| m.first as usize <= first).last().map_or(first + 1, |m| m.end as usize);
        let and = |i: usize| range.contains(&i) && matches!(self.tokens.word(i), "and" | "&");
        let article = first > range.start && matches!(self.tokens.word(first - 1), "the" | "its" | "their");
        if person < first { and(first.wrapping_sub(1 + usize::from(article))) } else { and(end) }
    }

    /// True if the name hangs on a small word before it in the source: `a spokesman for the late Ann Ray`.
    pub(super) fn depends(&self, start: usize, first: usize) -> bool {
        let mut before = first;
        let of_name =
            |i: usize| is_capitalised(self.tokens.word(i)) || matches!(self.tokens.word(i), "'s" | "’s" | "’" | "'");
        while before > start && of_name(before - 1) {
            before -= 1;
        }
        let word = |i: usize| self.tokens.word(i).to_ascii_lowercase();
        // In `Secretary of State Ann Ray` the small word belongs to the title.
        let title = before < first
            && before >= start + 2
            && word(before - 1) == "of"
            && self.tokens.lists(before - 2).any(Lists::OFFICE.and(Lists::ANY_TITLE));
        if title {
            return false;
        }
        let article = before > start
            && matches!(
                word(before - 1).as_str(),
                "the" | "a" | "an" | "late" | "former" | "both" | "either" | "nearby"
            );
        let before = before - usize::from(article);
        // `Backers supporting Ann Ray`, but not `the acting chair Ann Ray`.
        let participle = before > start + 1
            && word(before - 1).ends_with("ing")
            && self.tokens.word(before - 2).chars().all(char::is_alphabetic)
            && !matches!(word(before - 2).as_str(), "the" | "a" | "an" | "and" | "its" | "their");
        before > start && (participle || english().names.dependent.contains(&word(before - 1)))
    }

    /// `Several firms, among them Acme and Lind`: true if the name is one of those that stand for a group.
    fn is_example(&self, start: usize, first: usize) -> bool {
        let opens = |i: usize| {
            let (word, next) = (self.tokens.word(i), self.tokens.word(i + 1));
            english().names.examples.contains(word) || matches!((word, next), ("such", "as") | ("among", "them"))
        };
        (start + 1..first).any(opens)
    }

    /// True if only *and*, or between places a comma, is between two names.
    fn goes_on(&self, end: usize, first: usize, kind: EntityKind) -> bool {
        let comma = kind == EntityKind::Place;
        let joins =
            |i: usize| matches!(self.tokens.word(i), "and" | "&" | "or" | "the") || comma && self.tokens.word(i) == ",";
        (end..first).all(joins)
    }

    /// `from Seaham, North Dene`: true if an unrecognised place before it follows a preposition.
    fn follows_place(&self, start: usize, first: usize) -> bool {
        let comma = first.checked_sub(1).filter(|&i| i > start && self.tokens.word(i) == ",");
        let Some(comma) = comma else { return false };
        let place = (start..comma).rev().take_while(|&i| is_capitalised(self.tokens.word(i))).last();
        place.is_some_and(|p| p > start && matches!(self.tokens.word(p - 1), "from" | "in" | "near"))
    }

    /// `Ann Ray, who replaced Bo Lind as chair`: true if the name is in a clause that only describes the source.
    fn in_relative_clause(&self, start: usize, first: usize) -> bool {
        let relative = |i: &usize| matches!(self.tokens.word(*i), "who" | "which" | "whose" | "whom" | "where");
        let Some(clause) = (start + 1..first).rev().find(relative) else { return false };
        // A comma and *and* end the clause: `Ann Ray, who runs it, and Bo Lind`.
        !(clause..first).any(|i| self.tokens.word(i) == "," && matches!(self.tokens.word(i + 1), "and" | "&"))
    }

    /// True if the name only belongs to what follows it in the source: `Ray's campaign`, `Acme spokeswoman`.
    fn modifies(&self, first: usize, end: usize, source_end: usize) -> bool {
        if end >= source_end {
            return false;
        }
        let next = self.tokens.word(end);
        if matches!(next, "'s" | "’s" | "'" | "’") {
            return end + 1 < source_end && !english().names.utterances.contains(self.tokens.word(end + 1));
        }
        let role = self.tokens.lists(end).any(Lists::OFFICE.and(Lists::TITLE)) && end > first;
        let noun = next.starts_with(char::is_lowercase) && !english().names.loose.contains(next);
        noun || role && is_capitalised(next)
    }
}

/// `the U.S. Agriculture Department`: true if the place that ends here says whose the body right behind it is.
fn is_right_before_body(end: usize, mentions: &[Mention]) -> bool {
    let next = mentions.get(mentions.partition_point(|m| (m.first as usize) < end));
    next.is_some_and(|next| next.first as usize == end && next.kind == EntityKind::Organization)
}
