//! What the cues of a host report: stretches in marks, clauses, the rest of the sentence.

use std::ops::Range;

use super::cue::{Cue, CueKind};
use super::{Found, Reader};
use crate::language::Roles;
use crate::quote::marks::Quoted;

/// How sure an attribution is: the cue is beside the quotation, in its sentence, in the sentence before, nowhere.
const BESIDE: f32 = 0.93;
const IN_SENTENCE: f32 = 0.75;
const CLAUSE: f32 = 0.8;
const CARRIED_ON: f32 = 0.6;
const MARKS: f32 = 0.5;

/// Words of a stretch that is taken for speech though nothing tells of it.
const LONG: usize = 8;

/// Words of a stretch that is part of a sentence and taken for speech though nothing tells of it.
const PART: usize = 6;

/// Words of a stretch that goes on with what somebody said in the sentence before.
const GOES_ON: usize = 4;

/// Words of what is reported without marks.
const CLAUSE_WORDS: usize = 3;

/// What was said last.
#[derive(Debug, Clone)]
struct Last {
    source: Range<usize>,
    paragraph: u32,
    host: usize,
}

/// Adds the quotations of all hosts to `found`; hosts inside `taken` are left out.
pub(super) fn find(reader: &Reader, taken: &[Range<usize>], found: &mut Vec<Found>) {
    let mut last: Option<Last> = None;
    let mut dialogues = taken.iter().peekable();
    for (number, host) in reader.hosts.iter().enumerate() {
        while dialogues.next_if(|run| run.end <= host.start).is_some() {}
        if dialogues.peek().is_some_and(|run| run.start < host.end) {
            continue;
        }
        let before = found.len();
        let said = Host { reader, range: host, number, cues: reader.cues(host) }.read(last.as_ref(), found);
        let paragraph = reader.text.tokens.get(host.start).map_or(0, |token| token.paragraph);
        let source = found.get(before..).unwrap_or(&[]).iter().rev().find_map(|f| f.source.clone()).or(said);
        // What is told in the mood of speech goes on with it.
        let goes_on =
            source.is_none() && Host { reader, range: host, number, cues: Vec::new() }.is_subjunctive(host.clone());
        if let Some(last) = last.as_mut().filter(|last| goes_on && last.paragraph == paragraph) {
            last.host = number;
        }
        if let Some(source) = source {
            last = Some(Last { source, paragraph, host: number });
        }
    }
}

struct Host<'r, 't> {
    reader: &'r Reader<'t>,
    range: &'r Range<usize>,
    number: usize,
    cues: Vec<Cue>,
}

impl Host<'_, '_> {
    /// Adds what is said in the host; gives the source of its last cue, which may go on in the next one.
    fn read(&self, last: Option<&Last>, found: &mut Vec<Found>) -> Option<Range<usize>> {
        let stretches: Vec<Quoted> = self.reader.stretches(self.range).collect();
        let sources: Vec<Option<Range<usize>>> =
            self.cues.iter().map(|cue| self.reader.source(self.range, cue)).collect();
        let mut clauses = self.clauses(&sources);
        if clauses.is_empty() && self.cues.iter().all(|cue| cue.kind != CueKind::Verb) {
            clauses.extend(self.free(last));
        }
        let mut direct: Vec<Found> = Vec::new();
        let mut joined: Option<(usize, usize)> = None;
        for n in 0..stretches.len() {
            let Some((mut f, cue)) = self.stretch(n, &stretches, &sources, &clauses, last) else { continue };
            // What the attribution parts is one quotation: `“…”, sagte X, “…”`.
            let same = joined.zip(cue).filter(|((_, known), cue)| known == cue).map(|((at, _), _)| at);
            let parted = same.filter(|_| f.confidence >= BESIDE && reader_parts(self.reader, &stretches, n));
            if let Some(earlier) = parted.and_then(|at| direct.get_mut(at)) {
                earlier.content.append(&mut f.content);
                continue;
            }
            if let Some(cue) = cue {
                joined = Some((direct.len(), cue));
            }
            direct.push(f);
        }
        // A clause that is little more than a stretch is that stretch.
        clauses.retain(|clause| {
            let words: usize = clause.content.iter().map(|run| self.reader.words_in(run.clone())).sum();
            let quoted: usize = clause
                .content
                .iter()
                .cloned()
                .flatten()
                .filter(|&i| self.reader.is_word(i) && !self.reader.outside(i))
                .count();
            words >= CLAUSE_WORDS && 10 * quoted < 9 * words
        });
        found.append(&mut clauses);
        found.append(&mut direct);
        sources.into_iter().flatten().next_back()
    }

    /// Whether and by whom a stretch is said, and by which cue.
    fn stretch(
        &self,
        n: usize,
        stretches: &[Quoted],
        sources: &[Option<Range<usize>>],
        clauses: &[Found],
        last: Option<&Last>,
    ) -> Option<(Found, Option<usize>)> {
        let reader = self.reader;
        let quoted = stretches[n];
        let tokens = quoted.tokens();
        let words = reader.words_in(quoted.inside());
        if words == 0 {
            return None;
        }
        let made = |source: Option<Range<usize>>, cue: Option<usize>, confidence: f32, inferred: bool| {
            let range = cue.and_then(|cue| self.cues.get(cue)).map(|cue| cue.at.clone());
            Found {
                content: vec![tokens.clone()],
                cue: range,
                source,
                inferred,
                confidence,
                marks_alone: false,
                verbatim: false,
            }
        };
        if let Some(cue) = self.beside(n, stretches, sources, clauses) {
            let named = self.is_name(&quoted, true);
            if !named {
                let source = sources[cue]
                    .clone()
                    .or_else(|| last.filter(|_| reader.pack.speech.drops_subject).map(|l| l.source.clone()));
                let inferred = sources[cue].is_none();
                return Some((made(source, Some(cue), BESIDE, inferred), Some(cue)));
            }
        }
        if let Some(parted) = self.parted(&quoted) {
            return Some((parted, None));
        }
        if self.is_name(&quoted, false) {
            return None;
        }
        let colon = tokens.start > self.range.start && reader.colon(tokens.start - 1);
        if colon && self.follows_naming(tokens.start.saturating_sub(2)) {
            return None;
        }
        if colon && words >= 2 {
            // `Todt stellt sich vor seinen Fahrer: „…“`: the subject of the sentence speaks.
            let before = || self.cues.iter().zip(sources).rev().filter(|(cue, _)| cue.at.end <= tokens.start);
            let verb = before()
                .find(|(cue, source)| cue.kind == CueKind::Verb && source.is_some())
                .or_else(|| before().next());
            let source = verb.and_then(|(_, source)| source.clone());
            let source = source.or_else(|| self.first_named(tokens.start)).or_else(|| last.map(|l| l.source.clone()));
            return Some((made(source, None, IN_SENTENCE, false), None));
        }
        if let Some(clause) = clauses.iter().find(|clause| clause.content.iter().any(|run| run.contains(&tokens.start)))
        {
            return Some((Found { content: vec![tokens], verbatim: false, ..clause.clone() }, None));
        }
        // A cue elsewhere in the sentence, the nearest.
        let near = (0..self.cues.len()).filter(|&c| {
            sources[c].is_some()
                && matches!(self.cues[c].kind, CueKind::Verb | CueKind::According | CueKind::After | CueKind::Bare)
        });
        let distance =
            |c: &usize| self.cues[*c].at.start.abs_diff(tokens.start).min(self.cues[*c].at.start.abs_diff(tokens.end));
        let outer = sources.iter().flatten().all(|source| !source.contains(&tokens.start));
        if let Some(cue) = near.min_by_key(distance).filter(|_| outer) {
            return Some((made(sources[cue].clone(), Some(cue), IN_SENTENCE, false), Some(cue)));
        }
        if !outer {
            return None;
        }
        if self.is_subjunctive(self.range.clone()) {
            let source = last.filter(|last| self.number <= last.host + 2).map(|last| last.source.clone());
            return Some((made(source, None, CARRIED_ON, true), None));
        }
        let whole = self.is_whole(&quoted);
        let paragraph = reader.text.tokens.get(tokens.start).map_or(0, |token| token.paragraph);
        if let Some(last) = last.filter(|last| last.paragraph + 1 >= paragraph && self.number <= last.host + 2)
            && words >= GOES_ON
            && (whole || tokens.start == self.range.start)
        {
            return Some((made(Some(last.source.clone()), None, CARRIED_ON, true), None));
        }
        if let Some(source) =
            self.subject_before(paragraph).filter(|_| whole && words >= GOES_ON && tokens.start == self.range.start)
        {
            return Some((made(Some(source), None, CARRIED_ON, true), None));
        }
        // A title starts with a capital.
        let part = words >= PART && !reader.capitalised(quoted.inside().start) && !reader.pack.text.ideographs;
        (part || words >= LONG && (whole || tokens.start == self.range.start)).then(|| {
            let source = self.first_named(tokens.start).filter(|_| tokens.start > self.range.start);
            let marks_alone = source.is_none();
            (Found { marks_alone, ..made(source, None, MARKS, false) }, None)
        })
    }

    /// `« Le port, a dit X, est prêt »`: an attribution inside the marks.
    fn parted(&self, quoted: &Quoted) -> Option<Found> {
        /// Tokens of such an attribution.
        const REACH: usize = 12;
        let reader = self.reader;
        let inside = quoted.inside();
        let ends = |i: usize| reader.comma(i) || reader.dash(i);
        let verb = inside.clone().skip(1).find(|&i| {
            let verb =
                reader.is(i, Roles::VERB) || reader.is(i, Roles::AUXILIARY) && reader.is(i + 1, Roles::PARTICIPLE);
            verb && ends(i - 1) && reader.mention_at(i).is_none()
        })?;
        let close = (verb + 1..inside.end.min(verb + REACH)).find(|&i| ends(i))?;
        let name = (verb + 1..close).find_map(|i| {
            reader.mention_at(i).filter(|m| m.kind == crate::entity::EntityKind::Person && m.end as usize <= close)
        })?;
        let head = (quoted.open as usize..verb - 1).rev().find(|&i| !ends(i)).map_or(verb - 1, |i| i + 1);
        Some(Found {
            content: vec![quoted.open as usize..head, close + 1..quoted.tokens().end],
            cue: Some(verb..name.first as usize),
            source: Some(name.first as usize..name.end as usize),
            inferred: false,
            confidence: BESIDE,
            marks_alone: false,
            verbatim: false,
        })
    }

    /// The person or body that the sentence before in this paragraph starts with.
    fn subject_before(&self, paragraph: u32) -> Option<Range<usize>> {
        let before = self.number.checked_sub(1).and_then(|number| self.reader.hosts.get(number))?;
        let same = self.reader.text.tokens.get(before.start)?.paragraph == paragraph;
        let subject = self.reader.first_phrase(before, before.end).filter(|_| same)?;
        subject.clone().any(|i| self.reader.mention_at(i).is_some()).then_some(subject)
    }

    /// The cue right beside a stretch: behind it, or before it with a colon, a comma or nothing between.
    fn beside(
        &self,
        n: usize,
        stretches: &[Quoted],
        sources: &[Option<Range<usize>>],
        clauses: &[Found],
    ) -> Option<usize> {
        /// Tokens between the cue and the stretch, its source among them.
        const REACH: usize = 28;
        let reader = self.reader;
        let tokens = stretches[n].tokens();
        let next = stretches.get(n + 1).map_or(self.range.end, |q| q.open as usize);
        let before = n.checked_sub(1).map_or(self.range.start, |n| stretches[n].tokens().end);
        // A cue inside what another reports says nothing of the stretches in it.
        let within = |i: usize| {
            clauses
                .iter()
                .any(|clause| clause.content.iter().any(|run| run.contains(&i) && run.contains(&tokens.start)))
        };
        let behind = self.cues.iter().position(|cue| {
            !within(cue.at.start)
                && cue.at.start >= tokens.end
                && cue.at.start < next
                && cue.kind != CueKind::According
                && {
                    let between = tokens.end..cue.at.start;
                    let clear = !between.clone().skip(1).any(|i| matches!(reader.word(i), "." | ";" | ":"));
                    let sov = reader.pack.speech.order == "sov" || reader.pack.text.ideographs;
                    let comma = reader.comma(tokens.end)
                        || reader.dash(tokens.end)
                        || between.is_empty()
                        || sov
                        || self.ends_clause(&stretches[n]);
                    clear
                        && comma
                        && between.len() <= if comma { REACH } else { 4 }
                        && (between.len() <= 6 || sov || reader.comma(tokens.end) || reader.dash(tokens.end))
                }
        });
        let ahead = |sourced: bool| {
            self.cues.iter().zip(sources).rposition(|(cue, source)| {
                if sourced && source.is_none() {
                    return false;
                }
                let between = cue.at.end..tokens.start;
                let colon = tokens.start > self.range.start && reader.colon(tokens.start - 1);
                let comma = tokens.start > self.range.start && reader.comma(tokens.start - 1);
                cue.at.end <= tokens.start
                    && cue.at.start >= before
                    && cue.kind == CueKind::Verb
                    && (colon && between.len() <= 60
                        || comma && self.ends_clause(&stretches[n]) && between.len() <= REACH
                        || between.is_empty())
            })
        };
        behind.or_else(|| ahead(true)).or_else(|| ahead(false))
    }

    /// True if a stretch ends as a sentence does.
    fn is_whole(&self, quoted: &Quoted) -> bool {
        let end = quoted.inside().end;
        let stop = |i: usize| matches!(self.reader.word(i), "." | "!" | "?" | "…" | "..." | "。" | "！" | "？" | "؟");
        quoted.inside().start < end
            && (stop(end - 1) || stop(end + 1) && self.reader.capitalised(quoted.inside().start))
    }

    /// True if a stretch ends as a clause does, a comma within its marks counted.
    fn ends_clause(&self, quoted: &Quoted) -> bool {
        let end = quoted.inside().end;
        self.is_whole(quoted)
            || end > quoted.inside().start && self.reader.comma(end - 1)
            || self.reader.words_in(quoted.inside()) >= LONG
    }

    /// True if a stretch is the name of something, a title or a term. `beside`: a cue is right beside it.
    fn is_name(&self, quoted: &Quoted, beside: bool) -> bool {
        let reader = self.reader;
        let words = reader.words_in(quoted.inside());
        let open = quoted.open as usize;
        let before = open.checked_sub(1).filter(|&i| i >= self.range.start && reader.outside(i));
        // An address on the web.
        if words == 1 && quoted.inside().any(|i| reader.word(i).trim_end_matches('.').contains('.')) {
            return true;
        }
        let naming = before.is_some_and(|before| reader.is(before, Roles::NAMING) && !reader.colon(before));
        if naming {
            return true;
        }
        if words > 7 || reader.pack.text.ideographs && words > 12 {
            return false;
        }
        let capitals = quoted.inside().filter(|&i| reader.is_word(i) && reader.capitalised(i)).count();
        let first = reader.capitalised(quoted.inside().start);
        let short = words <= 2;
        let stops =
            quoted.inside().any(|i| matches!(reader.word(i), "!" | "?" | "." | "，" | "," | "。" | "！" | "？"));
        let Some(before) = before else { return !beside && short && !stops };
        if self.follows_naming(before) {
            return true;
        }
        let german = reader.pack.speech.capital_nouns;
        let noun = german
            && reader.capitalised(before)
            && before > self.range.start
            && !reader.is(before, Roles::VERB.and(Roles::CALLING));
        let definite = reader.is(before, Roles::DEFINITE);
        if stops && beside {
            return false;
        }
        if noun && first && (!beside || words <= 4 && !stops && 2 * capitals >= words) {
            return true;
        }
        // A name by itself, of whatever kind.
        let mention = reader.mention_at(quoted.inside().start);
        if !stops
            && !reader.is(before, Roles::CALLING)
            && mention.is_some_and(|m| m.end as usize >= quoted.inside().end)
        {
            return true;
        }
        if !beside && first && definite && (capitals == words || german && words <= 2 && capitals * 2 >= words) {
            return true;
        }
        if german && words == 1 && first && !beside {
            // A noun alone is a term, unless it is what somebody calls something.
            return !reader.is(before, Roles::CALLING) && !self.calls(before);
        }
        if german {
            return !beside && first && capitals == words && words >= 2;
        }
        // Elsewhere a term or a title: short, in capitals, or without a verb's company.
        !beside && (short && !stops || first && capitals * 2 > words && !stops)
    }

    /// `spricht von „…“`: a verb of saying with the preposition of what is said.
    fn calls(&self, before: usize) -> bool {
        let reader = self.reader;
        reader.is(before, Roles::PREPOSITION)
            && self.cues.iter().any(|cue| cue.kind == CueKind::Verb && cue.at.end <= before)
    }

    /// A word that names what stands in marks, shortly before.
    fn follows_naming(&self, i: usize) -> bool {
        let from = i.saturating_sub(2).max(self.range.start);
        (from..=i).any(|j| self.reader.is(j, Roles::NAMING) && self.reader.outside(j)) && !self.reader.colon(i)
    }

    /// The first person or body of the host before `end`, with the phrase it is in.
    fn first_named(&self, end: usize) -> Option<Range<usize>> {
        let reader = self.reader;
        let named = |people: bool| {
            (self.range.start..end).find_map(|i| {
                let mention = reader.mention_at(i).filter(|_| reader.outside(i))?;
                let person = mention.kind == crate::entity::EntityKind::Person;
                (person || !people).then_some(mention.first as usize..mention.end as usize)
            })
        };
        let pronoun =
            (self.range.start..end).find(|&i| reader.outside(i) && reader.is(i, Roles::PRONOUN)).map(|i| i..i + 1);
        let phrase = || {
            let start = self.range.start;
            let stop = (start..end).find(|&i| {
                i > start
                    && (reader.parts(i)
                        || reader.is(i, Roles::PREPOSITION)
                        || !reader.capitalised(i) && !reader.is(i, Roles::DETERMINER))
            })?;
            reader.is(start, Roles::DETERMINER).then_some(start..stop)
        };
        let label = || {
            let run = self.range.start..end.saturating_sub(1);
            let short = (1..=6).contains(&reader.words_in(run.clone())) && run.clone().all(|i| reader.outside(i));
            (short && reader.colon(end.saturating_sub(1)) && run.clone().any(|i| reader.capitalised(i))).then_some(run)
        };
        named(true).or(pronoun).or_else(label).or_else(|| named(false)).or_else(phrase)
    }

    /// What is reported without marks around all of it.
    fn clauses(&self, sources: &[Option<Range<usize>>]) -> Vec<Found> {
        let reader = self.reader;
        let mut found: Vec<Found> = Vec::new();
        for (cue, source) in self.cues.iter().zip(sources) {
            let taken = |i: usize| found.iter().any(|f| f.content.iter().any(|run| run.contains(&i)));
            if taken(cue.at.start) {
                continue;
            }
            let content = match cue.kind {
                CueKind::According | CueKind::After | CueKind::Thus => self.rest(cue, source.as_ref()),
                CueKind::Bare => self.clause_before(cue.at.start),
                CueKind::Verb => self.clause_of(cue, source.as_ref()),
            };
            let content: Vec<Range<usize>> =
                content.into_iter().map(|run| self.trim(run)).filter(|run| run.start < run.end).collect();
            let words: usize = content.iter().map(|run| reader.words_in(run.clone())).sum();
            let sourced = source.is_some() || reader.pack.speech.drops_subject;
            if words >= CLAUSE_WORDS && sourced {
                found.push(Found {
                    content,
                    cue: Some(cue.at.clone()),
                    source: source.clone(),
                    inferred: false,
                    confidence: CLAUSE,
                    marks_alone: false,
                    verbatim: false,
                });
            }
        }
        found
    }

    /// The clause that a verb of saying reports: behind it with `that`, a comma and the mood of speech, or before it.
    fn clause_of(&self, cue: &Cue, source: Option<&Range<usize>>) -> Vec<Range<usize>> {
        let reader = self.reader;
        let end = self.range.end;
        let as_clause = (self.range.start..cue.at.start)
            .find(|&i| reader.outside(i) && reader.is_word(i))
            .filter(|&i| reader.is(i, Roles::AS));
        if let Some(start) = as_clause {
            let comma = (cue.at.end..end)
                .find(|&i| reader.comma(i) && source.is_none_or(|source| !source.contains(&i)) && reader.outside(i));
            let short = comma.filter(|comma| comma - start < 30);
            if let Some(comma) = short {
                let part = comma + 1..end;
                return vec![part];
            }
        }
        // `…, wie X mitteilte`.
        let wie = (self.range.start + 1..cue.at.start)
            .rev()
            .take(20)
            .find(|&i| reader.is(i, Roles::AS) && reader.comma(i - 1) && reader.outside(i));
        if let Some(wie) = wie {
            let part = self.range.start..wie - 1;
            return vec![part];
        }
        let after = source.filter(|source| source.start >= cue.at.end).map_or(cue.at.end, |source| source.end);
        let that = (after..end)
            .take(25)
            .take_while(|&i| !reader.colon(i))
            .find(|&i| reader.outside(i) && reader.is(i, Roles::THAT) && (reader.comma(i - 1) || i <= after + 8));
        if let Some(that) = that {
            let part = that..end;
            return vec![part];
        }
        if reader.pack.speech.subjunctive.iter().next().is_some() {
            let comma = (after..end).take(30).find(|&i| reader.comma(i) && reader.outside(i));
            // `X sagte, die Stadt zahle`, and without the mood where the comma follows the verb.
            let follows = |comma: usize| (cue.at.end..comma).all(|i| reader.is(i, Roles::ADVERB) || !reader.outside(i));
            let plain = |comma: usize| {
                follows(comma)
                    && source.is_some_and(|source| source.end <= cue.at.start)
                    && !reader.is(comma + 1, Roles::AS)
                    && reader.outside(comma + 1)
            };
            if let Some(comma) = comma.filter(|&comma| self.is_subjunctive(comma + 1..end) || plain(comma)) {
                let part = comma + 1..end;
                return vec![part];
            }
        }
        let colon = (after..end).take(12).find(|&i| reader.colon(i) && reader.outside(i));
        if let Some(colon) =
            colon.filter(|&colon| reader.outside(colon + 1) && colon + 1 < end && reader.words_in(colon + 1..end) >= 5)
        {
            let part = colon + 1..end;
            return vec![part];
        }
        // `Es sei gut, sagte X.`
        let inverted = cue.at.start > self.range.start
            && (reader.comma(cue.at.start - 1)
                || reader.dash(cue.at.start - 1) && cue.at.start > 1 && reader.comma(cue.at.start - 2))
            && reader.outside(cue.at.start - 1);
        let behind = source.is_none_or(|source| source.start >= cue.at.end)
            && !(source.is_none() && reader.pack.speech.capital_nouns);
        if inverted && behind {
            return self.clause_before(cue.at.start);
        }
        Vec::new()
    }

    /// What stands before a comma and the cue at `end`; nothing where that is in marks.
    fn clause_before(&self, end: usize) -> Vec<Range<usize>> {
        let reader = self.reader;
        let mut close = end;
        while close > self.range.start && (reader.comma(close - 1) || reader.dash(close - 1)) {
            close -= 1;
        }
        let run = self.range.start..close;
        let quoted = run.clone().filter(|&i| reader.is_word(i) && !reader.outside(i)).count();
        if 10 * quoted >= 9 * reader.words_in(run.clone()) { Vec::new() } else { vec![run] }
    }

    /// The host without the cue and its source.
    fn rest(&self, cue: &Cue, source: Option<&Range<usize>>) -> Vec<Range<usize>> {
        let (start, end) = match source {
            Some(source) => (cue.at.start.min(source.start), cue.at.end.max(source.end)),
            None if cue.kind == CueKind::Thus => (cue.at.start, cue.at.end),
            None => return Vec::new(),
        };
        vec![self.range.start..start, end..self.range.end]
    }

    /// A sentence in the mood of reported speech goes on with what was said before.
    fn free(&self, last: Option<&Last>) -> Option<Found> {
        let reader = self.reader;
        let last = last.filter(|last| self.number <= last.host + 1)?;
        let paragraph = reader.text.tokens.get(self.range.start).map_or(0, |token| token.paragraph);
        if last.paragraph != paragraph || !self.is_subjunctive(self.range.clone()) {
            return None;
        }
        Some(Found {
            content: vec![self.range.clone()],
            cue: None,
            source: Some(last.source.clone()),
            inferred: true,
            confidence: CARRIED_ON,
            marks_alone: false,
            verbatim: false,
        })
    }

    fn is_subjunctive(&self, tokens: Range<usize>) -> bool {
        tokens.into_iter().any(|i| {
            self.reader.outside(i)
                && self.reader.is(i, Roles::SUBJUNCTIVE)
                && !self.reader.capitalised(i)
                && !self.reader.is(i.wrapping_sub(1), Roles::FIRST_PERSON)
        })
    }

    fn trim(&self, run: Range<usize>) -> Range<usize> {
        let reader = self.reader;
        let stray =
            |i: &usize| reader.outside(*i) && (reader.parts(*i) || matches!(reader.word(*i), "»" | "«" | "“" | "”"));
        let start = run.start + run.clone().take_while(stray).count();
        let end = run.end.max(start) - (start..run.end.max(start)).rev().take_while(stray).count();
        start..end.max(start)
    }
}

/// True if only the attribution is between a stretch and the one before.
fn reader_parts(reader: &Reader, stretches: &[Quoted], n: usize) -> bool {
    let Some(before) = n.checked_sub(1).and_then(|n| stretches.get(n)) else { return false };
    let between = before.tokens().end..stretches[n].open as usize;
    between.len() <= 30 && !between.clone().any(|i| matches!(reader.word(i), ";" | "." | ":"))
}
