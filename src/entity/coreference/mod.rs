//! Coreference within an article: mentions of one entity, under its fullest name.
//!
//! Full names come first, in [`people`], [`bodies`] and [`places`] each by its own rules; what is shorter is then
//! hung on what is fuller. Every look-up is bounded, so an article of names only costs linear time.

mod bodies;
mod people;
mod places;

use super::name_span::NameSpan;
use super::nation;
use super::role;
use super::tokens::{Tokens, is_all_capitals};
use super::{Certainty, Entities, Entity, EntityId, EntityKind, Gender, Mention};

/// Entities under one key that a shorter name is compared with; more make no difference in real articles.
const CANDIDATES: usize = 12;

/// An entity takes this many different roles, the first that the article gives.
const ROLES: usize = 6;

/// Chains the names of an article, which are in order and do not overlap.
pub(super) fn chain(words: &Tokens, found: &[NameSpan]) -> Entities {
    let titles = titles(words, found);
    let mut chains = EntityBuilder::default();
    let mut owner: Vec<Option<usize>> = vec![None; found.len()];
    people::chain(words, found, &titles, &mut chains, &mut owner);
    bodies::chain(words, found, &mut chains, &mut owner);
    places::chain(words, found, &mut chains, &mut owner);
    chains.finish(words, found, &titles, &owner)
}

/// For every name the token where its title starts, `first` where it has none; only people have titles.
fn titles(words: &Tokens, found: &[NameSpan]) -> Vec<usize> {
    let mut before: usize = 0;
    found
        .iter()
        .map(|name| {
            let floor = before;
            match name.kind {
                EntityKind::Person => {
                    before = name.end;
                    role::title_start(words, name.first, |i| i < floor)
                }
                EntityKind::Organization | EntityKind::Place => name.first,
            }
        })
        .collect()
}

/// Entities under construction.
#[derive(Debug, Default)]
struct EntityBuilder {
    list: Vec<EntityDraft>,
}

/// One entity under construction.
#[derive(Debug)]
struct EntityDraft {
    kind: EntityKind,
    gender: Gender,
    /// Whose it is, of a body that every state has one of.
    nation: Option<&'static str>,
}

impl EntityBuilder {
    fn start(&mut self, kind: EntityKind, gender: Gender) -> usize {
        self.list.push(EntityDraft { kind, gender, nation: None });
        self.list.len() - 1
    }

    fn gender(&self, chain: usize) -> Gender {
        self.list.get(chain).map_or(Gender::Unknown, |c| c.gender)
    }

    fn set_gender(&mut self, chain: usize, gender: Gender) {
        if let Some(chain) = self.list.get_mut(chain) {
            chain.gender = gender;
        }
    }

    fn set_nation(&mut self, chain: usize, nation: Option<&'static str>) {
        if let Some(chain) = self.list.get_mut(chain) {
            chain.nation = nation;
        }
    }

    /// Gives every chain its names and roles, and numbers the entities in order of first mention.
    fn finish(self, words: &Tokens, found: &[NameSpan], titles: &[usize], owner: &[Option<usize>]) -> Entities {
        let mut number: Vec<Option<u32>> = vec![None; self.list.len()];
        let mut out = Entities::default();
        let mut forms: Vec<WrittenForms> = Vec::new();
        for ((name, &title), chain) in found.iter().zip(titles).zip(owner) {
            let Some((chain, slot)) = chain.and_then(|c| Some((self.list.get(c)?, number.get_mut(c)?))) else {
                continue;
            };
            let id = *slot.get_or_insert_with(|| {
                out.list.push(Entity {
                    kind: chain.kind,
                    name: String::new(),
                    aliases: Vec::new(),
                    gender: chain.gender,
                    roles: Vec::new(),
                    certainty: Certainty::Contradicted,
                });
                forms.push(WrittenForms { nation: chain.nation, ..WrittenForms::default() });
                out.list.len() as u32 - 1
            });
            if let Some(forms) = forms.get_mut(id as usize) {
                forms.add(words, name);
            }
            if let Some(entity) = out.list.get_mut(id as usize) {
                entity.certainty = entity.certainty.max(name.certainty);
                let person = name.kind == EntityKind::Person;
                for role in person.then(|| roles(words, title, name)).into_iter().flatten() {
                    if entity.roles.len() < ROLES && !entity.roles.contains(&role) {
                        entity.roles.push(role);
                    }
                }
            }
            let span = words.span(name.first, name.end);
            let (first, end) = (name.first as u32, name.end as u32);
            out.mentions.push(Mention { span, first, end, kind: name.kind, entity: EntityId(id) });
        }
        for (entity, forms) in out.list.iter_mut().zip(forms) {
            (entity.name, entity.aliases) = forms.fullest_and_others(entity.kind);
        }
        out
    }
}

/// The roles that the words around a mention of a person give.
fn roles(words: &Tokens, title: usize, name: &NameSpan) -> impl Iterator<Item = String> {
    let title = role::from_title(words, title, name.first);
    let after = role::after(words, name.end);
    let before = if after.is_none() { role::before(words, name.first, name.end) } else { None };
    title.into_iter().chain(after).chain(before)
}

/// The ways an article writes one name.
#[derive(Debug, Default)]
struct WrittenForms {
    seen: Vec<WrittenForm>,
    /// Added to the name of a body of a state that is not named with its nation.
    nation: Option<&'static str>,
}

#[derive(Debug)]
struct WrittenForm {
    written: String,
    words: usize,
    capitals: bool,
}

/// Bytes of the longest acronym of a place; longer names in capitals are those of headlines and datelines.
const ACRONYM: usize = 4;

/// Different forms kept a name; further ones are left out of the aliases.
const FORMS: usize = 16;

impl WrittenForms {
    fn add(&mut self, words: &Tokens, name: &NameSpan) {
        let nickname = people::nickname(words, name);
        if name.kind == EntityKind::Person && !nickname.is_empty() {
            // The name is shown without the nickname, and found with it.
            let whole =
                format!("{} {}", words.phrase(name.first, nickname.start), words.phrase(nickname.end, name.end));
            self.push(words, name, whole, name.end - name.first - nickname.len());
            self.push(words, name, words.phrase(name.first, name.end), 0);
            return;
        }
        let written = words.phrase(name.first, name.end);
        let written = if name.kind == EntityKind::Person { written.replace(['(', ')'], "") } else { written };
        self.push(words, name, written, name.end - name.first);
    }

    fn push(&mut self, words: &Tokens, name: &NameSpan, written: String, count: usize) {
        if self.seen.len() >= FORMS || self.seen.iter().any(|f| f.written == written) {
            return;
        }
        let capitals = (name.first..name.end).all(|i| is_all_capitals(words.word(i)) || words.word(i).len() <= 2);
        self.seen.push(WrittenForm { written, words: count, capitals });
    }

    /// The form with the most words, of those the one that is not in capitals, of those the longest, of those the first.
    /// A person or place named in capitals only is written as names are.
    fn fullest_and_others(self, kind: EntityKind) -> (String, Vec<String>) {
        let rank = |f: &WrittenForm| (f.words, !f.capitals, f.written.len());
        let mut best = 0;
        for (i, form) in self.seen.iter().enumerate() {
            if self.seen.get(best).is_some_and(|b| rank(form) > rank(b)) {
                best = i;
            }
        }
        let mut name = String::new();
        let mut others = Vec::new();
        for (i, form) in self.seen.into_iter().enumerate() {
            if i != best {
                others.push(form.written);
            } else if form.capitals
                && (kind == EntityKind::Person || kind == EntityKind::Place && form.written.len() > ACRONYM)
            {
                name = as_names_are_written(&form.written);
                others.push(form.written);
            } else if let Some(nation) = self.nation.filter(|_| nation::before(&split(&form.written)).is_none()) {
                name = format!("{} ({nation})", form.written);
                others.push(form.written);
            } else {
                name = form.written;
            }
        }
        (name, others)
    }
}

fn split(name: &str) -> Vec<&str> {
    name.split(' ').collect()
}

/// `ANN O'BRIEN-RAY` → `Ann O'Brien-Ray`.
fn as_names_are_written(capitals: &str) -> String {
    let mut out = String::with_capacity(capitals.len());
    let mut start = true;
    for c in capitals.chars() {
        if start {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
        start = !c.is_alphabetic();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::markup::unmarked;
    use crate::text::{Text, paragraphs};

    /// Names marked `[P:Ann Ray]`, `[O:…]`, `[L:…]`; expects the entity of each mention, in order.
    #[track_caller]
    fn check(marked: &str, expect: &[&str]) {
        let (raw, entities) = chained(marked);
        let names: Vec<&str> =
            entities.mentions.iter().map(|m| entities.get(m.entity).map_or("", |e| e.name.as_str())).collect();
        assert_eq!(names, expect, "{raw}");
    }

    fn chained(marked: &str) -> (String, Entities) {
        let (raw, spans) = unmarked(marked);
        let text = Text::new(&raw, &paragraphs(&raw));
        let words = Tokens::new(&text);
        let token = |at: usize| text.tokens.partition_point(|t| (t.span.start as usize) < at);
        let found: Vec<NameSpan> =
            spans.into_iter().map(|(a, b, kind)| NameSpan::new(token(a), token(b), kind)).collect();
        let entities = chain(&words, &found);
        (raw, entities)
    }

    #[test]
    fn surnames_first_names_and_titles_hang_on_the_full_name() {
        check("[P:Rubio] met. [P:Marco Rubio] said. Mr. [P:Rubio] left with [P:Marco].", &["Marco Rubio"; 4]);
    }

    #[test]
    fn one_surname_two_people() {
        check(
            "[P:Ann Ray] met [P:Bob Ray]. Mrs. [P:Ray] spoke. Mr. [P:Ray] left.",
            &["Ann Ray", "Bob Ray", "Ann Ray", "Bob Ray"],
        );
    }

    #[test]
    fn a_bare_surname_is_the_one_the_article_is_about() {
        check(
            "[P:Ann Ray] won. [P:Ray] spoke. [P:Ray] left.\n\n[P:Bob Ray] lost and her rivals cheered.\n\nNothing more \
             happened that day in the city, where it rained from the morning on and every street was wet.\n\n[P:Ray] was glad.",
            &["Ann Ray", "Ann Ray", "Ann Ray", "Bob Ray", "Ann Ray"],
        );
    }

    #[test]
    fn initials_particles_and_generations() {
        check("[P:John Ray] and [P:J. Ray]", &["John Ray", "John Ray"]);
        check("[P:Bill de Roo] said. [P:de Roo] left.", &["Bill de Roo", "Bill de Roo"]);
        check("[P:Don Ray] and [P:Don Ray Jr.]", &["Don Ray", "Don Ray Jr."]);
        check("[P:Irina Lvovna Ray] met [P:Irina Lvovna]", &["Irina Lvovna Ray", "Irina Lvovna Ray"]);
        check("[P:William “Bill” Ray] met [P:Bill Ray] and [P:Bill]", &["William Ray", "William Ray", "William Ray"]);
        check("[P:George W. Ray] and [P:George H. Ray]", &["George W. Ray", "George H. Ray"]);
    }

    #[test]
    fn capitals_are_written_as_names_are() {
        check("[P:ANN RAY] WINS", &["Ann Ray"]);
        check("[P:RAY] WINS\n\n[P:Ann Ray] won.", &["Ann Ray", "Ann Ray"]);
    }

    #[test]
    fn acronyms_and_short_forms_of_bodies() {
        check(
            "The [O:Freedonian Trade Union] ([O:FTU]) met. [O:FTU] left.",
            &["Freedonian Trade Union", "Freedonian Trade Union", "Freedonian Trade Union"],
        );
        check("[O:Acme Holdings Inc.] fell. [O:Acme] rose.", &["Acme Holdings Inc.", "Acme Holdings Inc."]);
        check("[O:National Gas] and [O:National Rail]", &["National Gas", "National Rail"]);
        check("The [O:Bank of Sarn] met. The [O:Bank] left.", &["Bank of Sarn", "Bank of Sarn"]);
        check("[O:Bank of Sarn], [O:Ruritania Bank]. The [O:Bank] left.", &["Bank of Sarn", "Ruritania Bank", "Bank"]);
    }

    #[test]
    fn bodies_of_states_are_named_with_their_nation() {
        check(
            "The Japanese [O:Finance Ministry] met. [L:France]'s [O:Finance Ministry] did not. The [O:Finance Ministry] left.",
            &["Finance Ministry (Japan)", "France", "Finance Ministry (France)", "Finance Ministry (France)"],
        );
        check("[L:TOKYO], March 3 - The [O:Central Bank] met.", &["Tokyo", "Central Bank (Japan)"]);
        check("The [O:Finance Ministry] met.", &["Finance Ministry"]);
        check("[O:Finance Ministry] met. The Indian [O:Finance Ministry] left.", &["Finance Ministry (India)"; 2]);
        check("[L:LONDON], March 3 - The [O:Senate] met.", &["London", "Senate"]);
        check(
            "[L:Japan] and [L:India] met. [L:India]'s rice is cheap. The [O:Trade Ministry] said so.",
            &["Japan", "India", "India", "Trade Ministry"],
        );
        check(
            "[L:Japan] met [L:India]. Japanese rice is cheap. The [O:Trade Ministry] said so.",
            &["Japan", "India", "Trade Ministry (Japan)"],
        );
        check("The [O:Indian Finance Ministry] met.", &["Indian Finance Ministry"]);
    }

    #[test]
    fn places_have_short_names() {
        check("The [L:US] and the [L:United States] and [L:Iran].", &["United States", "United States", "Iran"]);
    }

    #[test]
    fn roles_gather_on_the_person() {
        let (_, entities) = chained("Foreign Minister [P:Ann Ray] met. [P:Ray], the head of the party, left.");
        assert_eq!(entities.list[0].roles, ["Foreign Minister", "head of the party"]);
    }

    #[test]
    fn ten_thousand_namesakes_take_linear_time() {
        let names: Vec<String> = (0..20_000).map(|i| format!("[P:Ann{i} Ray]. [P:Ray].")).collect();
        let (_, entities) = chained(&names.join(" "));
        assert_eq!(entities.mentions.len(), 40_000);
    }
}
