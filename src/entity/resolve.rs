//! Who the words that name a source are: a name, a part of one, a description, or *he* and *she*.

use rustc_hash::FxHashMap;

use super::gazetteer::{Lists, gazetteer};
use super::pronoun::{self, Salience};
use super::tokens::{Tokens, is_capitalised};
use super::{Entities, EntityId, Gender, Kind};
use crate::text::{Span, Text};

/// Who a source is, and how one knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// Who speaks, in the order of the text; several where they speak jointly.
    pub entities: Vec<EntityId>,
    /// How one knows.
    pub how: How,
}

/// How a source is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By the fullest name that the article gives.
    Name,
    /// By part of a name, a title or a description.
    Alias,
    /// By a pronoun.
    Pronoun,
}

/// Answers who a source is, for one article.
#[derive(Debug)]
pub struct Resolver<'t> {
    tokens: Tokens<'t>,
    entities: &'t Entities,
    salience: Salience,
    /// People by the words of their roles, in order of first mention.
    roles: FxHashMap<u64, Vec<Described>>,
}

/// A person and the token from which on the article calls them by a role.
#[derive(Debug, Clone, Copy)]
struct Described {
    entity: EntityId,
    mention: usize,
}

/// People described by one word that are looked at; more cannot be told apart.
const NAMESAKES: usize = 24;

/// Small words after which a name inside a source is not the source: `a spokesman for Ann Ray`.
const DEPENDENT: &[&str] =
    &["of", "for", "to", "with", "from", "by", "about", "against", "near", "at", "on", "like", "in", "(", "under"];

/// Small words that may follow the name of a source.
const LOOSE: &[&str] =
    &["and", "or", "who", "of", "in", "himself", "herself", "as", "on", "at", "from", "for", "with", "also"];

/// What somebody utters: `Ann Ray's comments` are as good a source as Ann Ray.
const UTTERANCES: &[&str] = &[
    "account",
    "address",
    "announcement",
    "assessment",
    "comment",
    "comments",
    "interview",
    "letter",
    "post",
    "posts",
    "remark",
    "remarks",
    "report",
    "speech",
    "statement",
    "statements",
    "testimony",
    "tweet",
    "tweets",
    "words",
];

/// Words that a description starts with.
const DEFINITE: &[&str] = &["the", "this", "that", "his", "her", "our", "their", "its"];

impl<'t> Resolver<'t> {
    /// Makes ready for one article. `quoted` are the stretches inside quotation marks, in order:
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
                let people = roles.entry(super::fold::word_key(word)).or_default();
                if people.len() < NAMESAKES && people.last().is_none_or(|p| p.entity != mention.entity) {
                    people.push(Described { entity: mention.entity, mention: mention.first as usize });
                }
            }
        }
        Resolver { tokens, entities, salience, roles }
    }

    /// Who the words in `source` are, if anyone can tell. `previous` is who was found to speak last before.
    pub fn resolve(&self, source: Span, previous: Option<EntityId>) -> Option<Resolution> {
        let range = self.tokens.within(source);
        let named = self.named(range.clone());
        if !named.is_empty() {
            let how = if named.iter().all(|(_, full)| *full) { How::Name } else { How::Alias };
            let mut entities: Vec<EntityId> = Vec::new();
            for (entity, _) in named {
                if !entities.contains(&entity) {
                    entities.push(entity);
                }
            }
            return Some(Resolution { entities, how });
        }
        let utterance = range.len() > 3 && UTTERANCES.contains(&self.tokens.word(range.start + 1));
        if (range.len() <= 3 || utterance)
            && let Some((at, gender)) = range.clone().find_map(|i| Some((i, pronoun::gender(self.tokens.word(i))?)))
        {
            let entity = self.salience.antecedent(&self.tokens, self.entities, at, gender, previous)?;
            return Some(Resolution { entities: vec![entity], how: How::Pronoun });
        }
        self.described(range).map(|entity| Resolution { entities: vec![entity], how: How::Alias })
    }

    /// The people whom the tokens name as themselves, else the organisations and places, each with whether the name is
    /// given in full.
    fn named(&self, range: std::ops::Range<usize>) -> Vec<(EntityId, bool)> {
        let from = self.entities.mentions.partition_point(|m| (m.first as usize) < range.start);
        let mentions = || {
            self.entities.mentions.iter().skip(from).take_while(|m| (m.first as usize) < range.end).filter(|m| {
                let (first, end) = (m.first as usize, (m.end as usize).min(range.end));
                !self.depends(range.start, first) && !self.modifies(first, end, range.end)
            })
        };
        let people = mentions().any(|m| m.kind == Kind::Person);
        mentions()
            .filter(|m| !people || m.kind == Kind::Person)
            .filter_map(|m| {
                let name = &self.entities.get(m.entity)?.name;
                Some((m.entity, m.span.of(self.tokens.text.raw) == name))
            })
            .collect()
    }

    /// True if the name hangs on a small word before it in the source: `a spokesman for the late Ann Ray`.
    fn depends(&self, start: usize, first: usize) -> bool {
        let mut before = first;
        while before > start && is_capitalised(self.tokens.word(before - 1)) {
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
        let article = before > start && matches!(word(before - 1).as_str(), "the" | "a" | "an" | "late" | "former");
        let before = before - usize::from(article);
        before > start && DEPENDENT.contains(&word(before - 1).as_str())
    }

    /// True if the name only belongs to what follows it in the source: `Ray's campaign`, `Acme spokeswoman`.
    fn modifies(&self, first: usize, end: usize, source_end: usize) -> bool {
        if end >= source_end {
            return false;
        }
        let next = self.tokens.word(end);
        if matches!(next, "'s" | "’s" | "'" | "’") {
            return end + 1 < source_end && !UTTERANCES.contains(&self.tokens.word(end + 1));
        }
        let role = self.tokens.lists(end).any(Lists::OFFICE.and(Lists::TITLE)) && end > first;
        let noun = next.starts_with(char::is_lowercase) && !LOOSE.contains(&next);
        noun || role && is_capitalised(next)
    }

    /// The person last named before a description that fits one of their roles: `the minister`.
    fn described(&self, range: std::ops::Range<usize>) -> Option<EntityId> {
        let first = self.tokens.word(range.start).to_ascii_lowercase();
        if !DEFINITE.contains(&first.as_str()) && !is_capitalised(self.tokens.word(range.start)) {
            return None;
        }
        let start = range.start + usize::from(DEFINITE.contains(&first.as_str()));
        let stop = (start..range.end).find(|&i| !self.tokens.word(i).chars().all(|c| c.is_alphanumeric() || c == '-'));
        let stop = stop.unwrap_or(range.end);
        let head_end = (start..stop).find(|&i| LOOSE.contains(&self.tokens.word(i))).unwrap_or(stop);
        let head = head_end.checked_sub(1).filter(|&h| h >= start)?;
        if !self.tokens.lists(head).any(Lists::OFFICE.and(Lists::ANY_TITLE)) {
            return None;
        }
        let gender = gazetteer().gender_of_title(self.tokens.word(head));
        let fits = |d: &Described| {
            let Some(entity) = self.entities.get(d.entity) else { return false };
            let agrees = gender == Gender::Unknown || entity.gender == Gender::Unknown || gender == entity.gender;
            agrees && d.mention < range.start && entity.roles.iter().any(|role| self.covers(role, start..head_end))
        };
        let candidates = self.roles.get(&self.tokens.key(head))?.iter().filter(|d| fits(d));
        candidates.max_by_key(|d| self.salience.last_named(d.entity, range.start)).map(|d| d.entity)
    }

    /// True if the role has every word of the description.
    fn covers(&self, role: &str, words: std::ops::Range<usize>) -> bool {
        words.into_iter().all(|i| {
            let key = self.tokens.key(i);
            matches!(self.tokens.word(i), "former" | "late")
                || role.split([' ', '-']).any(|word| super::fold::word_key(word) == key)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::find;
    use crate::text::paragraphs;

    /// Resolves the source marked by brackets in an article that the compiled-in recogniser reads.
    #[track_caller]
    fn check(marked: &str, expect: &[&str], how: Option<How>) {
        let open = marked.find('[').unwrap();
        let close = marked.find(']').unwrap() - 1;
        let raw = marked.replace(['[', ']'], "");
        let text = Text::new(&raw, &paragraphs(&raw));
        let entities = find(&text);
        let resolver = Resolver::new(&text, &entities, &[]);
        let found = resolver.resolve(Span::new(open, close), None);
        let names: Vec<&str> =
            found.iter().flat_map(|r| &r.entities).map(|&e| entities.get(e).map_or("", |e| e.name.as_str())).collect();
        assert_eq!((names.as_slice(), found.as_ref().map(|r| r.how)), (expect, how), "{entities:#?}");
    }

    #[test]
    fn names_are_themselves() {
        check("Then [Senator Laura Brown] said no.", &["Laura Brown"], Some(How::Name));
        check("Laura Brown won. [Brown] said no.", &["Laura Brown"], Some(How::Alias));
        check("Then [Secretary of State Laura Brown] said no.", &["Laura Brown"], Some(How::Name));
        check("No, according to [President Laura Brown’s comments on Monday].", &["Laura Brown"], Some(How::Name));
        check("[Laura Brown and David Miller] said in a statement.", &["Laura Brown", "David Miller"], Some(How::Name));
    }

    #[test]
    fn whoever_speaks_for_someone_is_someone_else() {
        check("[A spokesman for Laura Brown] said no.", &[], None);
        check("[Laura Brown's campaign] said no.", &[], None);
        check("[Laura Brown supporters] said no.", &[], None);
    }

    #[test]
    fn pronouns_mean_who_was_talked_of() {
        check("Laura Brown met David Miller. [She] said no.", &["Laura Brown"], Some(How::Pronoun));
        check("Laura Brown met David Miller. [He] said no.", &["David Miller"], Some(How::Pronoun));
        check("Laura Brown met David Miller. [They] said no.", &[], None);
        check("Laura Brown lost. No, according to [her comments on Monday].", &["Laura Brown"], Some(How::Pronoun));
    }

    #[test]
    fn descriptions_mean_who_has_the_role() {
        check(
            "Foreign Minister Laura Brown met David Miller, the head of the union. [The minister] said no.",
            &["Laura Brown"],
            Some(How::Alias),
        );
        check("Senator Laura Brown met David Miller. [The judge] said no.", &[], None);
    }
}
