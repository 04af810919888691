//! Speaker resolution: the entity that a source names, by a name, a part of one, a description or a pronoun.

mod described;
mod named;
mod referred;

use rustc_hash::FxHashMap;

use super::discourse::DiscourseState;
use super::fold::word_key;
use super::pronoun::{self, Salience};
use super::tokens::Tokens;
use super::{Entities, EntityId, EntityKind, Gender};
use crate::language::english;
use crate::text::{Span, Text};

/// The entities that a source names, and how they are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// The speakers in the order of the text; several where they speak jointly.
    pub entities: Vec<EntityId>,
    /// How they are known.
    pub how: ResolvedBy,
    /// How sure that is where somebody else may be meant, from 0 to 1.
    pub certainty: f32,
}

/// How a source is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolvedBy {
    /// By the fullest name that the article gives.
    Name,
    /// By part of a name, a title or a description.
    Alias,
    /// By a pronoun.
    Pronoun,
}

/// Resolves the sources of one article.
#[derive(Debug)]
pub struct SpeakerResolver<'t> {
    tokens: Tokens<'t>,
    entities: &'t Entities,
    salience: Salience,
    /// People by the words of their roles, in order of first mention.
    roles: FxHashMap<u64, Vec<Described>>,
    /// The first person named of each family name.
    families: FxHashMap<u64, EntityId>,
    /// Organisations by the words of their names.
    bodies: FxHashMap<u64, Vec<EntityId>>,
    /// The organisation that the article is about: named before all others, more than once, and more than twice as often as any of
    /// them.
    main_body: Option<EntityId>,
}

/// A person and the token from which on the article calls them by a role.
#[derive(Debug, Clone, Copy)]
struct Described {
    entity: EntityId,
    mention: usize,
}

/// How sure it is whom *it*, *who* or a description means.
const REFERRED: f32 = 0.9;

/// Mentions before a description or a pronoun that are looked at.
const MENTIONS: usize = 60;

/// People described by one word that are looked at; more cannot be told apart.
const NAMESAKES: usize = 24;

impl<'t> SpeakerResolver<'t> {
    /// A resolver for one article. `quoted` are the stretches inside quotation marks, in order:
    /// whom a quotation talks about is seldom who speaks next.
    pub fn new(text: &'t Text<'t>, entities: &'t Entities, quoted: &[Span]) -> Self {
        let tokens = Tokens::new(text);
        let salience = Salience::new(&tokens, entities, quoted);
        let mut roles: FxHashMap<u64, Vec<Described>> = FxHashMap::default();
        let mut seen = vec![false; entities.list.len()];
        for mention in &entities.mentions {
            let Some(entity) = entities.get(mention.entity) else { continue };
            if std::mem::replace(&mut seen[mention.entity.0 as usize], true) {
                continue;
            }
            for word in entity.roles.iter().flat_map(|role| role.split([' ', '-'])) {
                let people = roles.entry(word_key(word)).or_default();
                if people.len() < NAMESAKES && people.last().is_none_or(|p| p.entity != mention.entity) {
                    people.push(Described { entity: mention.entity, mention: mention.first as usize });
                }
            }
        }
        let mut families: FxHashMap<u64, EntityId> = FxHashMap::default();
        let mut bodies: FxHashMap<u64, Vec<EntityId>> = FxHashMap::default();
        for (entity, number) in entities.list.iter().zip(0..) {
            match (entity.kind, entity.name.rsplit_once(' ')) {
                (EntityKind::Person, Some((_, family))) => {
                    families.entry(word_key(family)).or_insert(EntityId(number));
                }
                (EntityKind::Organization, Some(_)) => {
                    for word in entity.name.split(' ').filter(|word| word.len() > 3) {
                        let named = bodies.entry(word_key(word)).or_default();
                        if named.len() < NAMESAKES {
                            named.push(EntityId(number));
                        }
                    }
                }
                (EntityKind::Person | EntityKind::Organization, None) | (EntityKind::Place, _) => {}
            }
        }
        SpeakerResolver { tokens, entities, salience, roles, families, bodies, main_body: main_body(entities) }
    }

    /// Who the words in `source` are, if anyone can tell, after what was `heard` before.
    pub fn resolve(&self, source: Span, discourse: DiscourseState) -> Option<Resolution> {
        let range = self.tokens.within(source);
        let named = self.named(range.clone());
        if !named.is_empty() {
            let how = if named.iter().all(|(_, full)| *full) { ResolvedBy::Name } else { ResolvedBy::Alias };
            let mut entities: Vec<EntityId> = Vec::new();
            for (entity, _) in named {
                if !entities.contains(&entity) {
                    entities.push(entity);
                }
            }
            return Some(Resolution { entities, how, certainty: 1.0 });
        }
        if let Some((at, gender)) = self.pronoun(range.clone()) {
            if self.unnamed_before(at) || discourse.unnamed.is_some_and(|end| !self.names_person(end, at)) {
                return None;
            }
            let agrees = |id: &EntityId| {
                let fits = |other| other == gender || other == Gender::Unknown;
                self.entities.get(*id).is_some_and(|e| e.kind == EntityKind::Person && fits(e.gender))
            };
            if let Some(entity) = discourse.said_before.filter(agrees) {
                return Some(Resolution { entities: vec![entity], how: ResolvedBy::Pronoun, certainty: 1.0 });
            }
            let (entity, certainty) = self.salience.antecedent(&self.tokens, at, gender, discourse)?;
            return Some(Resolution { entities: vec![entity], how: ResolvedBy::Pronoun, certainty });
        }
        if range.len() == 1 {
            let meant = match self.tokens.word(range.start) {
                "who" => Some(self.before_who(range.start)),
                "it" | "It" => Some(self.before_it(range.start, discourse.previous)),
                _ => None,
            };
            if let Some(meant) = meant {
                let how = ResolvedBy::Pronoun;
                return meant.map(|entity| Resolution { entities: vec![entity], how, certainty: REFERRED });
            }
        }
        let described = self
            .described(range.clone())
            .or_else(|| self.described_body(range.clone()))
            .or_else(|| self.some_body(range.clone()))
            .or_else(|| self.varied(range, discourse));
        described.map(|entity| Resolution { entities: vec![entity], how: ResolvedBy::Alias, certainty: REFERRED })
    }

    /// The pronoun that a source consists of, or whose utterance it is, and its gender. `Her publisher` is somebody else.
    fn pronoun(&self, range: std::ops::Range<usize>) -> Option<(usize, Gender)> {
        let utterance = english().names.utterances.contains(self.tokens.word(range.start + 1));
        let (at, gender) = range.clone().find_map(|i| Some((i, pronoun::gender(self.tokens.word(i))?)))?;
        let possessive = matches!(self.tokens.word(at), "his" | "her" | "His" | "Her") && at + 1 < range.end;
        let whole = range.len() <= 3 && !possessive;
        (whole || utterance).then_some((at, gender))
    }
}

/// The organisation named first, if it is named again, and more than twice as often as any other.
fn main_body(entities: &Entities) -> Option<EntityId> {
    let mut times = vec![0; entities.list.len()];
    let bodies = || entities.mentions.iter().filter(|m| m.kind == EntityKind::Organization).map(|m| m.entity);
    for EntityId(number) in bodies() {
        times[number as usize] += 1;
    }
    let first = bodies().next()?;
    let own = std::mem::take(&mut times[first.0 as usize]);
    (own > 1 && times.iter().all(|&others| own > 2 * others)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::find;
    use crate::text::paragraphs;

    /// Resolves the source marked by brackets in an article that the compiled-in recogniser reads.
    #[track_caller]
    fn check(marked: &str, expect: &[&str], how: Option<ResolvedBy>) {
        let open = marked.find('[').unwrap();
        let close = marked.find(']').unwrap() - 1;
        let raw = marked.replace(['[', ']'], "");
        let text = Text::new(&raw, &paragraphs(&raw));
        let entities = find(&text);
        let resolver = SpeakerResolver::new(&text, &entities, &[]);
        let found = resolver.resolve(Span::new(open, close), DiscourseState::default());
        let names: Vec<&str> =
            found.iter().flat_map(|r| &r.entities).map(|&e| entities.get(e).map_or("", |e| e.name.as_str())).collect();
        assert_eq!((names.as_slice(), found.as_ref().map(|r| r.how)), (expect, how), "{entities:#?}");
    }

    #[test]
    fn a_place_before_a_body_says_whose_it_is() {
        check(
            "The Corn Credit Corporation, CCC, moved two mln dlrs in credit from sales of U.S. wheat to sales of oil to El \
             Salvador, [the U.S. Agriculture Department] said.",
            &["Agriculture Department"],
            Some(ResolvedBy::Name),
        );
    }

    #[test]
    fn names_are_themselves() {
        check("Then [Senator Laura Brown] said no.", &["Laura Brown"], Some(ResolvedBy::Name));
        check("Laura Brown won. [Brown] said no.", &["Laura Brown"], Some(ResolvedBy::Alias));
        check("Then [Secretary of State Laura Brown] said no.", &["Laura Brown"], Some(ResolvedBy::Name));
        check(
            "No, according to [President Laura Brown’s comments on Monday].",
            &["Laura Brown"],
            Some(ResolvedBy::Name),
        );
        check(
            "[Laura Brown and David Miller] said in a statement.",
            &["Laura Brown", "David Miller"],
            Some(ResolvedBy::Name),
        );
    }

    #[test]
    fn whoever_speaks_for_someone_is_someone_else() {
        check("[A spokesman for Laura Brown] said no.", &[], None);
        check("[Laura Brown's campaign] said no.", &[], None);
        check("[Laura Brown supporters] said no.", &[], None);
        check("[Laura Brown today] said no.", &["Laura Brown"], Some(ResolvedBy::Name));
        check("Laura Brown won. [Her publisher] said no.", &[], None);
    }

    #[test]
    fn pronouns_mean_who_was_talked_of() {
        check("Laura Brown met David Miller. [She] said no.", &["Laura Brown"], Some(ResolvedBy::Pronoun));
        check("Laura Brown met David Miller. [He] said no.", &["David Miller"], Some(ResolvedBy::Pronoun));
        check("Laura Brown met David Miller. [They] said no.", &[], None);
        check(
            "Laura Brown lost. No, according to [her comments on Monday].",
            &["Laura Brown"],
            Some(ResolvedBy::Pronoun),
        );
    }

    #[test]
    fn bodies_speak_beside_people_and_by_part_of_their_name() {
        check(
            "[Microsoft and its president, Laura Brown,] said so.",
            &["Microsoft", "Laura Brown"],
            Some(ResolvedBy::Name),
        );
        check("[Laura Brown, head of Microsoft and Google maps,] said so.", &["Laura Brown"], Some(ResolvedBy::Name));
        check(
            "The Ministry of Defence met. [The ministry] said no.",
            &["Ministry of Defence"],
            Some(ResolvedBy::Alias),
        );
        check("Microsoft lost on Monday. [It] said no.", &["Microsoft"], Some(ResolvedBy::Pronoun));
        check("The verdict surprised Laura Brown, [who] said so.", &["Laura Brown"], Some(ResolvedBy::Pronoun));
        check("The verdict surprised the voters [who] said so.", &[], None);
    }

    #[test]
    fn descriptions_mean_who_has_the_role() {
        check(
            "Foreign Minister Laura Brown met David Miller, the head of the union. [The minister] said no.",
            &["Laura Brown"],
            Some(ResolvedBy::Alias),
        );
        check("Senator Laura Brown met David Miller. [The judge] said no.", &[], None);
        check("Manager Laura Brown met David Miller. [The boss] said no.", &["Laura Brown"], Some(ResolvedBy::Alias));
    }

    #[test]
    fn a_description_may_vary_the_name_before_it() {
        let how = Some(ResolvedBy::Alias);
        check("Laura Brown, 52, fell. No bones broke. “No,” [the 52-year-old pianist] said.", &["Laura Brown"], how);
        check("Laura Brown fell. No bones broke. “No,” [the 52-year-old driver] said.", &[], None);
        check("Laura Brown fell. “No,” [the 52-year-old] said.", &["Laura Brown"], how);
        check("Laura Brown, 47, fell. “No,” [the 52-year-old] said.", &[], None);
        check("Laura Brown, 34, disagreed. “No,” [the dental nurse] said.", &["Laura Brown"], how);
        check("Laura Brown became prime minister in May. [The prime minister] said no.", &["Laura Brown"], how);
        check("Laura Brown was arrested on Friday. [The sheriff] said so.", &[], None);
        check("Laura Brown was arrested by a deputy sheriff. [The sheriff] said so.", &[], None);
    }

    #[test]
    fn the_company_is_the_one_that_is_talked_of() {
        check("Microsoft lost on Monday. [The company] said no.", &["Microsoft"], Some(ResolvedBy::Alias));
        check("The judge sided with Microsoft against Google. [The company] said no.", &[], None);
        let (how, about) = (
            Some(ResolvedBy::Alias),
            "Microsoft met Google. Then Microsoft lost. Shares of Microsoft fell. A bank wept.",
        );
        check(&format!("{about} Nobody bought. [The company] said no."), &["Microsoft"], how);
        check(&format!("{about} Nobody bought. [The university] said no."), &[], None);
        let how = Some(ResolvedBy::Pronoun);
        check(&format!("{about} Nobody bought. The company is old. [It] said no."), &["Microsoft"], how);
    }

    #[test]
    fn it_is_no_body_that_is_only_dealt_with() {
        check("The report faults Microsoft. [It] said so.", &[], None);
        check("In May, Microsoft lost. [It] said no.", &["Microsoft"], Some(ResolvedBy::Pronoun));
    }

    #[test]
    fn nobody_is_taken_for_whom_the_sentence_before_leaves_unnamed() {
        check("Laura Brown was tired. Her neighbour agreed. [She] said no.", &[], None);
        check("Laura Brown won. A spokesman for David Miller was angry. [He] said no.", &[], None);
        check(
            "Laura Brown won. A neighbour, David Miller, was angry. [He] said no.",
            &["David Miller"],
            Some(ResolvedBy::Pronoun),
        );
    }
}
