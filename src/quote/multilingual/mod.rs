//! Quotations in languages other than English: by marks, verbs of saying and the order of words, all from the pack.
//!
//! A *host* is a sentence with every stretch in quotation marks as one piece, however many sentences are in it. The cues of
//! a host are found first, then the source of each, then what each reports: stretches in marks, clauses, or the host itself.

#![cfg_attr(not(test), warn(clippy::indexing_slicing))]

mod clause;
mod cue;
mod dialogue;
mod order;
mod report;
mod source;
mod subject;
mod term;
mod turns;

use super::marks::{Marks, Quoted};
use super::quotation::{Attribution, Method, Quotation, QuoteKind};
use crate::entity::{Entities, EntityId, EntityKind, Gender};
use crate::language::{Pack, Roles};
use crate::text::{Span, Text, TokenKind};

/// Pieces of the longest host: stretches in marks, and the words and marks outside of them.
const LONGEST_HOST: usize = 256;

/// Finds the quotations of a text that was cut as the language of `pack`, in order of content.
pub(super) fn find(text: &Text, entities: &Entities, pack: &'static Pack) -> Vec<Quotation> {
    let reader = Reader::new(text, entities, pack);
    let mut found = dialogue::find(&reader);
    let spoken: Vec<std::ops::Range<usize>> = found.iter().map(Found::cover).collect();
    report::find(&reader, &spoken, &mut found);
    let turns = turns::find(&reader);
    found.retain(|found| !in_turns(&turns, &found.cover()));
    let mut speakers = Speakers::default();
    found.sort_by_key(|f| (f.content.first().map_or(0, |run| run.start), f.content.last().map_or(0, |run| run.end)));
    let quotations = found.iter().filter_map(|f| reader.quotation(f, &mut speakers));
    let mut quotations: Vec<Quotation> = quotations.collect();
    quotations.dedup_by(|a, b| a.content == b.content);
    let start = |quotation: &Quotation| quotation.content.first().map_or(0, |span| span.start);
    quotations.extend(turns.into_iter().map(|turn| turn.quotation));
    quotations.sort_by_key(start);
    quotations
}

/// True if tokens are part of a turn.
fn in_turns(turns: &[turns::Turn], tokens: &std::ops::Range<usize>) -> bool {
    let next = turns.partition_point(|turn| turn.tokens.end <= tokens.start);
    turns.get(next).is_some_and(|turn| turn.tokens.start < tokens.end)
}

/// A quotation in tokens.
#[derive(Debug, Clone)]
struct Found {
    content: Vec<std::ops::Range<usize>>,
    cue: Option<std::ops::Range<usize>>,
    source: Option<std::ops::Range<usize>>,
    /// The source is that of the quotation before, or its subject.
    inferred: bool,
    confidence: f32,
    /// Nothing but marks told of it.
    marks_alone: bool,
    /// Verbatim without marks: dialogue behind a dash.
    verbatim: bool,
}

impl Found {
    fn cover(&self) -> std::ops::Range<usize> {
        let start = self.content.first().map_or(0, |run| run.start);
        start..self.content.last().map_or(start, |run| run.end)
    }
}

/// Who spoke last, by name.
#[derive(Debug, Default)]
struct Speakers {
    last: Option<String>,
}

/// A text with what is known of each of its tokens.
struct Reader<'t> {
    text: &'t Text<'t>,
    entities: &'t Entities,
    pack: &'static Pack,
    low: Vec<String>,
    roles: Vec<Roles>,
    marks: Marks,
    /// For each token, 1 + the number of the mention it is part of.
    mention: Vec<u32>,
    /// Sentences with their stretches whole.
    hosts: Vec<std::ops::Range<usize>>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t Text<'t>, entities: &'t Entities, pack: &'static Pack) -> Self {
        let low: Vec<String> = (0..text.tokens.len()).map(|i| text.word(i).to_lowercase().replace('’', "'")).collect();
        let roles = low.iter().map(|word| roles(pack, word)).collect();
        let mut marks = Marks::default();
        marks.read(text);
        let mut mention = vec![0; low.len()];
        for (number, m) in (1..).zip(&entities.mentions) {
            mention.iter_mut().take(m.end as usize).skip(m.first as usize).for_each(|slot| *slot = number);
        }
        let mut reader = Reader { text, entities, pack, low, roles, marks, mention, hosts: Vec::new() };
        reader.hosts = reader.cut_hosts();
        reader
    }

    /// Each cue asks the rest of its host for its source and for what it reports, so no host is longer than sentences are:
    /// what goes on without a full stop is cut outside of marks.
    fn cut_hosts(&self) -> Vec<std::ops::Range<usize>> {
        let mut hosts = Vec::new();
        let (mut start, mut pieces) = (0, 0);
        for (n, sentence) in self.text.sentences.iter().enumerate() {
            let end = sentence.end as usize;
            for i in sentence.tokens() {
                let opens = i == start || self.outside(i) || self.stretch(i) != self.stretch(i - 1);
                pieces += usize::from(opens);
                if opens && pieces > LONGEST_HOST {
                    hosts.push(start..i);
                    (start, pieces) = (i, 1);
                }
            }
            let next = self.text.sentences.get(n + 1);
            let inside = next.is_some_and(|next| {
                let (before, after) = (self.stretch(end.wrapping_sub(1)), self.stretch(next.first as usize));
                before.is_some() && before == after
            });
            if !inside {
                hosts.push(start..end);
                (start, pieces) = (end, 0);
            }
        }
        hosts
    }

    fn word(&self, i: usize) -> &str {
        self.low.get(i).map_or("", String::as_str)
    }

    fn is(&self, i: usize, roles: Roles) -> bool {
        self.roles.get(i).is_some_and(|known| known.any(roles))
    }

    /// The number of the stretch in quotation marks that a token is part of.
    fn stretch(&self, i: usize) -> Option<usize> {
        self.marks.stretch.get(i).and_then(|&number| (number as usize).checked_sub(1))
    }

    fn outside(&self, i: usize) -> bool {
        self.stretch(i).is_none()
    }

    fn is_word(&self, i: usize) -> bool {
        self.text.tokens.get(i).is_some_and(|token| token.kind != TokenKind::Mark)
    }

    fn words_in(&self, tokens: std::ops::Range<usize>) -> usize {
        tokens.filter(|&i| self.is_word(i)).count()
    }

    fn paragraph(&self, i: usize) -> u32 {
        self.text.tokens.get(i).map_or(0, |token| token.paragraph)
    }

    fn is_small(&self, i: usize) -> bool {
        self.text.word(i).starts_with(char::is_lowercase)
    }

    fn capitalised(&self, i: usize) -> bool {
        self.text.word(i).starts_with(char::is_uppercase)
    }

    /// A mark between clauses.
    fn parts(&self, i: usize) -> bool {
        matches!(
            self.word(i),
            "," | ";"
                | ":"
                | "–"
                | "—"
                | "-"
                | "("
                | ")"
                | "."
                | "!"
                | "?"
                | "…"
                | "，"
                | "。"
                | "："
                | "；"
                | "、"
                | "،"
                | "؛"
        )
    }

    fn comma(&self, i: usize) -> bool {
        matches!(self.word(i), "," | "，" | "、" | "،")
    }

    fn colon(&self, i: usize) -> bool {
        matches!(self.word(i), ":" | "：")
    }

    fn dash(&self, i: usize) -> bool {
        matches!(self.word(i), "–" | "—" | "-" | "―" | "--")
    }

    /// The mention of a person or body that starts at or covers a token.
    fn mention_at(&self, i: usize) -> Option<&'t crate::entity::Mention> {
        let number = (*self.mention.get(i)? as usize).checked_sub(1)?;
        self.entities.mentions.get(number)
    }

    /// The stretches of a host.
    fn stretches(&self, host: &std::ops::Range<usize>) -> impl Iterator<Item = Quoted> + '_ {
        let first = self.marks.quoted.partition_point(|quoted| (quoted.open as usize) < host.start);
        let end = host.end;
        self.marks.quoted.iter().skip(first).copied().take_while(move |quoted| (quoted.open as usize) < end)
    }

    fn span(&self, run: &std::ops::Range<usize>) -> Option<Span> {
        let first = self.text.tokens.get(run.start)?;
        let last = self.text.tokens.get(run.end.checked_sub(1)?)?;
        Some(first.span.cover(last.span)).filter(|_| run.start < run.end)
    }

    fn quotation(&self, found: &Found, speakers: &mut Speakers) -> Option<Quotation> {
        let content: Vec<Span> = found.content.iter().filter_map(|run| self.span(run)).collect();
        if content.is_empty() {
            return None;
        }
        let words = || found.content.iter().cloned().flatten().filter(|&i| self.is_word(i));
        let all = words().count();
        let quoted = words().filter(|&i| !self.outside(i)).count();
        let kind = match quoted {
            _ if found.verbatim => QuoteKind::Direct,
            0 => QuoteKind::Indirect,
            q if 10 * q >= 9 * all => QuoteKind::Direct,
            _ => QuoteKind::Mixed,
        };
        let source = found.source.as_ref().and_then(|run| self.span(run));
        let (names, attribution) = match &found.source {
            Some(run) => self.speakers(run, found, speakers),
            None => (Vec::new(), Attribution::Unknown),
        };
        let pronoun =
            |run: &std::ops::Range<usize>| run.clone().all(|i| self.is(i, Roles::PRONOUN) || !self.is_word(i));
        let described = names.is_empty() && found.source.as_ref().is_some_and(|run| !pronoun(run));
        Some(Quotation {
            kind,
            content,
            cue: found.cue.as_ref().and_then(|run| self.span(run)),
            source,
            attribution,
            confidence: found.confidence,
            speech: true,
            described,
            method: if found.marks_alone { Method::Marks } else { Method::Model },
            corrected: false,
            speakers: names,
        })
    }

    /// Whom the words of a source name.
    fn speakers(
        &self,
        run: &std::ops::Range<usize>,
        found: &Found,
        speakers: &mut Speakers,
    ) -> (Vec<String>, Attribution) {
        let mut ids: Vec<(EntityId, EntityKind, Span)> = Vec::new();
        for i in run.clone() {
            let Some(mention) = self.mention_at(i) else { continue };
            if ids.iter().all(|known| known.0 != mention.entity) {
                ids.push((mention.entity, mention.kind, mention.span));
            }
        }
        let people = ids.iter().any(|id| id.1 == EntityKind::Person);
        ids.retain(|id| if people { id.1 == EntityKind::Person } else { id.1 == EntityKind::Organization });
        // `X von der Y`: the first is the speaker; `X und Y` speak together.
        ids.truncate(if people { 3 } else { 1 });
        let described = !people
            && run.clone().next().is_some_and(|i| self.mention_at(i).is_none() && !self.is(i, Roles::DETERMINER));
        if ids.is_empty() || described && !self.pack.text.ideographs && self.words_in(run.clone()) > 4 {
            if let Some(name) = self.unlisted(run) {
                speakers.last = Some(name.clone());
                return (vec![name], Attribution::Named);
            }
            let he = run.clone().any(|i| self.is(i, Roles::HE));
            let she = run.clone().any(|i| self.is(i, Roles::SHE));
            let before = || {
                let known = self.person_before(run.start, he, she).and_then(|id| self.entities.get(id));
                known.map(|entity| entity.name.clone()).or_else(|| self.unlisted_before(run.start))
            };
            let meant = if he || she { speakers.last.clone().or_else(before) } else { None };
            return match meant {
                Some(name) => (vec![name], Attribution::Pronoun),
                None => (Vec::new(), Attribution::Unknown),
            };
        }
        let names: Vec<String> = ids.iter().filter_map(|id| Some(self.entities.get(id.0)?.name.clone())).collect();
        if people {
            speakers.last = names.first().cloned();
        }
        let full = ids.iter().zip(&names).all(|(id, name)| id.2.of(self.text.raw) == name);
        let attribution = match (found.inferred, full) {
            (true, _) => Attribution::Inferred,
            (false, true) => Attribution::Named,
            (false, false) => Attribution::Alias,
        };
        (names, attribution)
    }

    /// The name in a source that the recogniser does not know: what is before or behind a title, or words with capitals.
    fn unlisted(&self, run: &std::ops::Range<usize>) -> Option<String> {
        let title = |i: usize| self.is(i, Roles::TITLE);
        if self.pack.text.ideographs {
            // `農家の鷲尾保さん`: the name is behind what describes it.
            let of = run.clone().rev().find(|&i| self.is(i, Roles::GENITIVE));
            let start = of.map_or(run.start, |of| of + 1);
            let end = (start + 1..run.end).find(|&i| self.is(i, Roles::PREPOSITION)).unwrap_or(run.end);
            let run = &(start..end);
            let titles = (run.start..run.end).find_map(|i| self.title_at(i, run.end).map(|end| i..end));
            let kanji = |i: usize| {
                self.text.word(i).starts_with(|c: char| matches!(c, '々' | '\u{30a0}'..='\u{30ff}' | '\u{4e00}'..))
            };
            let name = match titles {
                // `施設を営む須藤文乃さん`: the characters of a name right before its title.
                Some(title) if title.start > run.start => {
                    (run.start..title.start).rev().take_while(|&i| kanji(i)).last().unwrap_or(title.start)..title.start
                }
                Some(title) => title.end..run.end,
                None => run.clone(),
            };
            let known = self.pack.names.surnames.iter().next().is_none();
            let starts = known && title_or_honorific(run, &name) || self.is(name.start, Roles::SURNAME);
            let fits = (2..=6).contains(&name.len()) && name.clone().all(kanji) && starts;
            return self.span(&name).filter(|_| fits).map(|span| span.of(self.text.raw).to_owned());
        }
        if self.pack.speech.capital_nouns {
            return None;
        }
        let capital = |i: &usize| {
            self.capitalised(*i) && !title(*i) && !self.is(*i, Roles::BODY.and(Roles::PLACE).and(Roles::DETERMINER))
        };
        let first = run.clone().find(|i| !title(*i)).unwrap_or(run.end);
        let head = first..first + (first..run.end).take_while(capital).count();
        let tail = run.clone().rev().take_while(capital).last().unwrap_or(run.end)..run.end;
        let name = [tail, head].into_iter().find(|name| name.len() >= 2)?;
        self.span(&name).map(|span| span.of(self.text.raw).to_owned())
    }

    /// Where the title that starts at a token ends, at `end` at the latest.
    fn title_at(&self, i: usize, end: usize) -> Option<usize> {
        let words = self.low.get(i..end)?.iter().map(String::as_str);
        let phrase = self.pack.phrase(&words).filter(|(_, roles)| roles.any(Roles::TITLE)).map(|found| found.0);
        phrase.or_else(|| Some(1).filter(|_| self.is(i, Roles::TITLE))).map(|length| i + length)
    }

    /// True if a phrase of these roles ends before token `end`.
    fn ends_phrase(&self, end: usize, roles: Roles) -> bool {
        /// Words of the longest such phrase.
        const LONGEST: usize = 5;
        (end.saturating_sub(LONGEST)..end).any(|start| {
            let phrases = self.pack.phrases(self.word(start)).iter().filter(|(words, _)| words.len() == end - start);
            let fits = |words: &[String]| words.iter().enumerate().all(|(n, word)| self.word(start + n) == word);
            phrases.filter(|(_, known)| known.any(roles)).any(|(words, _)| fits(words))
        })
    }

    /// The name that the sentence before a token starts with, in the same paragraph, where the recogniser knows none.
    fn unlisted_before(&self, token: usize) -> Option<String> {
        let number = self.hosts.partition_point(|host| host.end <= token).checked_sub(1)?;
        let before = self.hosts.get(number).filter(|host| self.paragraph(host.start) == self.paragraph(token))?;
        let name = before.start..(before.start..before.end).find(|&i| !self.capitalised(i))?;
        self.unlisted(&name)
    }

    /// The last person named before a token whom a pronoun fits.
    fn person_before(&self, token: usize, he: bool, she: bool) -> Option<EntityId> {
        /// Mentions that are looked at.
        const REACH: usize = 12;
        let end = self.entities.mentions.partition_point(|mention| (mention.first as usize) < token);
        let before = self.entities.mentions.get(..end)?.iter().rev().take(REACH);
        let fits = |id: EntityId| match self.entities.get(id).map(|entity| entity.gender) {
            Some(Gender::Male) => he,
            Some(Gender::Female) => she,
            Some(Gender::Unknown) | None => true,
        };
        before.filter(|m| m.kind == EntityKind::Person && fits(m.entity)).map(|m| m.entity).next()
    }
}

/// What a word is; a pronoun may be part of a verb: `dit-elle`, `a-t-il`.
fn roles(pack: &Pack, word: &str) -> Roles {
    let whole = pack.roles(word);
    let parts = word.split_once('-').zip(word.rsplit_once('-'));
    let parts = parts.map(|((verb, _), (_, pronoun))| (pack.roles(verb), pack.roles(pronoun)));
    match parts.filter(|(_, pronoun)| pronoun.any(Roles::PRONOUN)) {
        Some((verb, pronoun)) => whole.and(verb).and(pronoun),
        None => whole,
    }
}

/// True if a title is beside the name in its source.
fn title_or_honorific(run: &std::ops::Range<usize>, name: &std::ops::Range<usize>) -> bool {
    name.len() < run.len()
}
