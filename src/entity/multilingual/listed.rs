//! Names of a language without a model: those of its lists, and what titles, verbs of saying and nouns tell of names.
//! Written for Arabic, which has no capitals and writes its article together with the noun.

use super::gazetteer::{self, Names};
use crate::entity::EntityKind;
use crate::entity::fold::word_key;
use crate::entity::name_span::NameSpan;
use crate::language::{Pack, Roles};
use crate::text::Text;

/// Words of a name of a person, without particles.
const WORDS: usize = 3;

/// Words of a name of a body behind its noun.
const BODY_WORDS: usize = 3;

/// Words between a title and the name, as in `المتحدث باسم الدفاع المدني X`.
const OFFICE: usize = 5;

/// Finds the names of `text`, in order.
pub(super) fn find(text: &Text, pack: &'static Pack) -> Vec<NameSpan> {
    let keys = (0..text.tokens.len()).map(|i| word_key(text.word(i))).collect();
    let finder = Finder { text, pack, names: Names::of(pack), keys };
    let mut found = Vec::new();
    let mut i = 0;
    while i < finder.keys.len() {
        let name = finder.person(i).or_else(|| finder.place(i)).or_else(|| finder.body(i));
        i = name.map_or(i + 1, |name| name.end);
        found.extend(name);
    }
    found
}

struct Finder<'t> {
    text: &'t Text<'t>,
    pack: &'static Pack,
    names: &'static Names,
    keys: Vec<u64>,
}

impl Finder<'_> {
    /// True if a word has its article, in the form that names have.
    fn article(&self, i: usize) -> bool {
        let mut articles = self.pack.names.articles.iter().take(1);
        i < self.keys.len() && articles.any(|article| self.text.word(i).starts_with(article))
    }

    /// True for a word of an office: with any form of the article, as `للنقابة`.
    fn is_office(&self, i: usize) -> bool {
        self.pack.names.articles.iter().any(|article| self.text.word(i).starts_with(article))
            || self.is(i, Roles::BODY.and(Roles::DETERMINER))
    }

    fn is(&self, i: usize, roles: Roles) -> bool {
        i < self.keys.len() && self.pack.roles(self.text.word(i)).any(roles)
    }

    fn listed(&self, i: usize) -> (usize, u32) {
        self.names.longest(self.keys.get(i..).unwrap_or(&[]).iter().copied())
    }

    fn is_place(&self, i: usize) -> bool {
        self.listed(i).1 & (gazetteer::COUNTRY | gazetteer::CITY) != 0
    }

    /// A word that may be part of a name.
    fn plain(&self, i: usize) -> bool {
        let others = Roles::SMALL.and(Roles::VERB).and(Roles::TITLE).and(Roles::PREPOSITION).and(Roles::ADVERB);
        let others = others.and(Roles::THAT).and(Roles::BODY).and(Roles::PLACE).and(Roles::AND).and(Roles::DETERMINER);
        i < self.keys.len() && self.text.word(i).starts_with(char::is_alphabetic) && !self.is(i, others)
    }

    /// True if a title is right before a token, or before the office that is before it.
    fn follows_title(&self, i: usize) -> bool {
        let titled = |j: usize| self.is(j, Roles::TITLE);
        let Some(before) = i.checked_sub(1) else { return false };
        if titled(before) {
            // `وزير الصحة` is what he is minister of, `الوزير الحمداوي` his name, `الخبير الاقتصادي X` what sort of expert he is.
            return !self.article(i) || self.article(before) && (!self.plain(i + 1) || self.article(i + 1));
        }
        let words = (0..i).rev().take(OFFICE).take_while(|&j| self.is_office(j) && !titled(j)).count();
        words > 0 && i > words && titled(i - words - 1) && !self.article(i)
    }

    /// A person: behind a title or a verb of saying, or by the first name.
    fn person(&self, i: usize) -> Option<NameSpan> {
        let particle = |j: usize| self.is(j, Roles::PARTICLE);
        let (_, lists) = self.listed(i);
        let given = lists & gazetteer::GIVEN != 0;
        let said = i > 0 && self.is(i - 1, Roles::VERB) && !self.article(i);
        // `أمينة` is a first name and an office.
        if !(self.plain(i) || particle(i) || given && said) {
            return None;
        }
        let title = self.follows_title(i);
        if !(title || given || said) || lists & gazetteer::COUNTRY != 0 {
            return None;
        }
        let (mut end, mut words) = (i, 0);
        while words < WORDS {
            let bound = end > i && particle(end - 1);
            let known = self.listed(end).1 & (gazetteer::GIVEN | gazetteer::SURNAME) != 0;
            // A family name has an article or is listed; behind a title, or a verb of saying and a first name, it may be any word.
            let told = words == 1 && (title || given && said);
            let fits = words == 0 || bound || self.article(end) || known || told;
            if !(particle(end) || fits && (words == 0 || self.plain(end))) {
                break;
            }
            words += usize::from(!particle(end));
            end += 1;
            if words > 1 && self.article(end - 1) && !bound {
                break;
            }
        }
        while end > i && particle(end - 1) {
            end -= 1;
        }
        let enough = words > 1 || title && words == 1 && (given || self.is(i - 1, Roles::TITLE) && self.article(i - 1));
        enough.then_some(NameSpan::new(i, end, EntityKind::Person))
    }

    /// A country, a city behind what comes before places, or what follows the noun of a place: `قرية عين الزيتون`.
    fn place(&self, i: usize) -> Option<NameSpan> {
        let (length, lists) = self.listed(i);
        let before = Roles::PREPOSITION.and(Roles::PLACE).and(Roles::AND);
        let behind = i > 0 && self.is(i - 1, before);
        let city = lists & gazetteer::CITY != 0 && (behind || length > 1 || self.article(i));
        let known = lists & gazetteer::COUNTRY != 0 || city;
        let end = if known && !self.is(i, Roles::SMALL.and(Roles::VERB)) {
            i + length
        } else if i > 0 && self.is(i - 1, Roles::PLACE) && self.plain(i) && !self.article(i) && self.article(i + 1) {
            i + 2
        } else {
            return None;
        };
        Some(NameSpan::new(i, end, EntityKind::Place))
    }

    /// The noun of a body with the words behind it that have an article, or the place it is of: `وزارة النقل`.
    fn body(&self, i: usize) -> Option<NameSpan> {
        if !self.is(i, Roles::BODY) || self.is(i, Roles::SMALL.and(Roles::VERB)) {
            return None;
        }
        let names = |j: &usize| self.article(*j) && !self.is(*j, Roles::TITLE.and(Roles::ADVERB).and(Roles::PLACE));
        let words = (i + 1..=i + BODY_WORDS).take_while(names).count();
        let of_place = || if self.article(i) || !self.is_place(i + 1) { 0 } else { self.listed(i + 1).0 };
        let words = if words > 0 { words } else { of_place() };
        (words > 0).then_some(NameSpan::new(i, i + 1 + words, EntityKind::Organization))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::EntityFinder;
    use crate::entity::markup::unmarked;
    use crate::text::paragraphs;

    /// F1 in percent of names with the right borders and kind, at least.
    const FLOOR: usize = 93;

    #[test]
    fn names_are_found_where_no_model_is() {
        let pack = Pack::of(Some("ar")).unwrap();
        let mut finder = EntityFinder::default();
        let (mut right, mut found, mut marked) = (0, 0, 0);
        let cases = include_str!("../../../tests/cases/names/arabic.txt");
        for sentence in cases.lines().filter_map(|line| line.split_once('\t')).map(|(_, sentence)| sentence) {
            let (raw, names) = unmarked(sentence);
            let entities = finder.find(&Text::in_language(&raw, &paragraphs(&raw), pack), Some(pack));
            let mentions = entities.mentions.iter().map(|m| (m.span.start as usize, m.span.end as usize, m.kind));
            let mentions: Vec<_> = mentions.collect();
            (found, marked) = (found + mentions.len(), marked + names.len());
            right += names.iter().filter(|name| mentions.contains(name)).count();
        }
        assert!(200 * right >= FLOOR * (found + marked), "{right} right, {found} found, {marked} marked");
    }
}
