//! Which stretches in marks of a host are speech, and whose.

use std::ops::Range;

use super::clause::CLAUSE_WORDS;
use super::cue::{Cue, CueKind};
use super::{Found, Reader};
use crate::language::Roles;
use crate::quote::marks::Quoted;

/// How sure an attribution is: the cue is beside the quotation, in its sentence, in the sentence before, nowhere.
const BESIDE: f32 = 0.93;
const IN_SENTENCE: f32 = 0.75;
pub(super) const CARRIED_ON: f32 = 0.6;
const MARKS: f32 = 0.5;

/// Words of a stretch that is taken for speech though nothing tells of it.
pub(super) const LONG: usize = 8;

/// Words of a stretch that is part of a sentence and taken for speech though nothing tells of it.
const PART: usize = 3;

/// Words of a stretch that goes on with what somebody said in the sentence before.
const GOES_ON: usize = 4;

/// Who was the last source.
#[derive(Debug, Clone)]
pub(super) struct Last {
    pub(super) source: Range<usize>,
    pub(super) paragraph: u32,
    pub(super) host: usize,
}

/// Adds the quotations of all hosts to `found`; hosts inside `taken` are left out.
pub(super) fn find(reader: &Reader, taken: &[Range<usize>], found: &mut Vec<Found>) {
    let mut last: Option<Last> = None;
    let mut dialogues = taken.iter().peekable();
    for (number, range) in reader.hosts.iter().enumerate() {
        while dialogues.next_if(|run| run.end <= range.start).is_some() {}
        if dialogues.peek().is_some_and(|run| run.start < range.end) {
            continue;
        }
        let before = found.len();
        let host = Host { reader, range, number, cues: reader.cues(range) };
        host.read(last.as_ref(), found);
        let paragraph = reader.paragraph(range.start);
        // The source of the last cue may go on in the next host.
        let source = found.get(before..).unwrap_or(&[]).iter().rev().find_map(|f| f.source.clone());
        let source = source.or_else(|| host.cues.iter().rev().find_map(|cue| cue.source.clone()));
        // What is told in the mood of speech goes on with it.
        let goes_on = source.is_none() && reader.is_subjunctive(range.clone());
        if let Some(last) = last.as_mut().filter(|last| goes_on && last.paragraph == paragraph) {
            last.host = number;
        }
        if let Some(source) = source {
            last = Some(Last { source, paragraph, host: number });
        }
    }
}

/// A host with its cues.
pub(super) struct Host<'r, 't> {
    pub(super) reader: &'r Reader<'t>,
    pub(super) range: &'r Range<usize>,
    pub(super) number: usize,
    pub(super) cues: Vec<Cue>,
}

impl Host<'_, '_> {
    /// Adds what is said in the host.
    fn read(&self, last: Option<&Last>, found: &mut Vec<Found>) {
        let stretches: Vec<Quoted> = self.reader.stretches(self.range).collect();
        let mut clauses = self.clauses();
        if clauses.is_empty() && self.cues.iter().all(|cue| cue.kind != CueKind::Verb) {
            clauses.extend(self.free(last));
        }
        let mut direct: Vec<Found> = Vec::new();
        let mut end = self.range.start;
        for (n, &quoted) in stretches.iter().enumerate() {
            let next = stretches.get(n + 1).map_or(self.range.end, |next| next.open as usize);
            let between = end..quoted.open as usize;
            end = quoted.tokens().end;
            let Some(mut f) = self.stretch(quoted, between.start, next, &clauses, last) else { continue };
            // What the attribution parts is one quotation: `“…”, sagte X, “…”`.
            let parted = f.confidence >= BESIDE && self.is_attribution(&between, f.cue.as_ref());
            if let Some(earlier) = direct.last_mut().filter(|earlier| parted && earlier.cue == f.cue) {
                earlier.content.append(&mut f.content);
                continue;
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
    }

    /// True if only the attribution is between a stretch and the one before.
    fn is_attribution(&self, between: &Range<usize>, cue: Option<&Range<usize>>) -> bool {
        between.len() <= 30
            && cue.is_some_and(|cue| between.contains(&cue.start))
            && !between.clone().any(|i| matches!(self.reader.word(i), ";" | "." | ":"))
    }

    /// Whether and by whom a stretch is said, between the stretch that ends at `before` and the one that starts at `next`.
    fn stretch(
        &self,
        quoted: Quoted,
        before: usize,
        next: usize,
        clauses: &[Found],
        last: Option<&Last>,
    ) -> Option<Found> {
        let reader = self.reader;
        let tokens = quoted.tokens();
        let words = reader.words_in(quoted.inside());
        if words == 0 {
            return None;
        }
        if let Some(cue) = self.beside(&quoted, before, next, clauses)
            && !self.is_name(&quoted, true)
        {
            let goes_on = reader.pack.speech.drops_subject || reader.is_impersonal(cue.at.start);
            let other = || self.cues.iter().find(|cue| matches!(cue.kind, CueKind::According | CueKind::After));
            let before = || {
                let last = last.map(|last| last.source.clone());
                last.or_else(|| self.subject_before(reader.paragraph(tokens.start))).filter(|_| goes_on)
            };
            let source = cue.source.clone().or_else(|| other()?.source.clone()).or_else(before);
            return Some(Found { inferred: cue.source.is_none(), ..made(&tokens, source, Some(cue), BESIDE) });
        }
        if let Some(parted) = self.parted(&quoted) {
            return Some(parted);
        }
        let comma = !reader.pack.text.ideographs;
        if let Some(said) = self.unlisted_verb(&quoted).filter(|_| !self.is_name(&quoted, comma)) {
            return Some(said);
        }
        if self.is_name(&quoted, false) { None } else { self.apart(quoted, clauses, last) }
    }

    /// The same of a stretch that has no cue beside it.
    fn apart(&self, quoted: Quoted, clauses: &[Found], last: Option<&Last>) -> Option<Found> {
        let reader = self.reader;
        let tokens = quoted.tokens();
        let words = reader.words_in(quoted.inside());
        let whole = self.is_whole(&quoted);
        let colon = self.behind_colon(tokens.start);
        if colon
            && words < LONG
            && !self.stops(quoted.inside().end - 1)
            && self.follows_naming(tokens.start.saturating_sub(2))
        {
            return None;
        }
        if colon && words >= 2 {
            // `Todt stellt sich vor seinen Fahrer: „…“`: the subject of the sentence speaks.
            let before = || self.cues.iter().rev().filter(|cue| cue.at.end <= tokens.start);
            let verb = before().find(|cue| cue.kind == CueKind::Verb && cue.source.is_some());
            let source = self
                .label(tokens.start - 1)
                .or_else(|| verb.or_else(|| before().next()).and_then(|cue| cue.source.clone()))
                .or_else(|| self.first_named(tokens.start))
                .or_else(|| last.map(|last| last.source.clone()));
            return Some(made(&tokens, source, None, IN_SENTENCE));
        }
        if let Some(clause) = clauses.iter().find(|clause| clause.content.iter().any(|run| run.contains(&tokens.start)))
        {
            return Some(Found { content: vec![tokens], ..clause.clone() });
        }
        // A cue elsewhere in the sentence, the nearest.
        let near = self.cues.iter().filter(|cue| cue.source.is_some() && cue.kind != CueKind::Thus);
        let distance = |cue: &&Cue| cue.at.start.abs_diff(tokens.start).min(cue.at.start.abs_diff(tokens.end));
        let outer = self.cues.iter().filter_map(|cue| cue.source.as_ref()).all(|run| !run.contains(&tokens.start));
        if !outer {
            return None;
        }
        if let Some(cue) = near.min_by_key(distance) {
            return Some(made(&tokens, cue.source.clone(), Some(cue), IN_SENTENCE));
        }
        if reader.is_subjunctive(self.range.clone()) {
            let source = last.filter(|last| self.number <= last.host + 2).map(|last| last.source.clone());
            return Some(made(&tokens, source, None, CARRIED_ON));
        }
        let starts = tokens.start == self.range.start;
        if let Some(cue) = self.said_behind().filter(|_| whole && starts) {
            return Some(made(&tokens, cue.source.clone(), Some(&cue), IN_SENTENCE));
        }
        let paragraph = reader.paragraph(tokens.start);
        let last = last.filter(|last| last.paragraph + 1 >= paragraph && self.number <= last.host + 2);
        if let Some(last) = last.filter(|_| words >= GOES_ON && (whole || starts)) {
            return Some(made(&tokens, Some(last.source.clone()), None, CARRIED_ON));
        }
        if let Some(source) = self.subject_before(paragraph).filter(|_| whole && words >= GOES_ON && starts) {
            return Some(made(&tokens, Some(source), None, CARRIED_ON));
        }
        // A title starts with a capital; what somebody is called needs no more than a verb of saying.
        let part = words >= PART && reader.is_small(quoted.inside().start);
        let called = !starts
            && reader.is(tokens.start - 1, Roles::CALLING)
            && self.cues.iter().any(|cue| cue.kind == CueKind::Verb);
        (part || called || words >= LONG && (whole || starts)).then(|| {
            let source = self.first_named(tokens.start).filter(|_| !starts);
            Found { marks_alone: source.is_none(), inferred: false, ..made(&tokens, source, None, MARKS) }
        })
    }

    /// True if a colon of the host is before this token.
    pub(super) fn behind_colon(&self, token: usize) -> bool {
        token > self.range.start && self.reader.colon(token - 1)
    }

    /// `„…“ Das sagte X`: the cue of the next sentence, which refers to what is said in this one.
    fn said_behind(&self) -> Option<Cue> {
        let reader = self.reader;
        let next = reader.hosts.get(self.number + 1)?;
        let same = reader.paragraph(next.start) == reader.paragraph(self.range.start);
        if !same || !reader.outside(next.start) || reader.stretches(next).next().is_some() {
            return None;
        }
        if reader.pack.text.ideographs {
            // `X市長はそう語った。`: whatever the verb is.
            let at = next.clone().find(|&i| reader.ends_phrase(i, Roles::REFERS))?;
            let cue = Cue { at: at..at + 1, kind: CueKind::Verb, auxiliary: None, source: None };
            let source = reader.subject_first(next, &cue)?;
            return Some(Cue { source: Some(source), ..cue });
        }
        let cue = reader.cues(next).into_iter().find(|cue| cue.kind == CueKind::Verb)?;
        let refers = reader.is(next.start, Roles::REFERS) && cue.at.start <= next.start + 2;
        (refers && cue.source.as_ref().is_some_and(|source| source.start > cue.at.start)).then_some(cue)
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

    /// What a verb says that no list has, where the order of words tells: `“…”, bezwoer X`, `X氏は「…」と嘆いた`.
    fn unlisted_verb(&self, quoted: &Quoted) -> Option<Found> {
        let reader = self.reader;
        let tokens = quoted.tokens();
        let verb = tokens.end + usize::from(reader.comma(tokens.end));
        let source = if reader.pack.text.ideographs {
            self.quotative(tokens.end)?
        } else {
            let others = Roles::SMALL.and(Roles::DETERMINER).and(Roles::PREPOSITION).and(Roles::ADVERB).and(Roles::AND);
            let others = others.and(Roles::AS).and(Roles::THAT).and(Roles::TITLE).and(Roles::AUXILIARY);
            let parted = verb > tokens.end || self.ends_clause(quoted);
            if !parted || reader.pack.speech.order == "sov" || !reader.is_small(verb) || reader.is(verb, others) {
                return None;
            }
            reader.person_behind(verb + 1).filter(|person| person.end <= self.range.end)?
        };
        let cue = Some(verb..verb + 1);
        Some(Found { cue, ..made(&tokens, Some(source), None, IN_SENTENCE) })
    }

    /// Whose words the particle at token `that` quotes: the topic of the sentence, or who ends it: `「…」とX選手。`
    fn quotative(&self, that: usize) -> Option<Range<usize>> {
        let reader = self.reader;
        let said = reader.is(that, Roles::THAT) && that + 1 < self.range.end && !reader.is_impersonal(that);
        let joins = reader.parts(that + 1) || !reader.outside(that + 1) || reader.is(that + 1, Roles::SUBJECT_MARK);
        if !said || joins {
            return None;
        }
        let cue = Cue { at: that..that + 1, kind: CueKind::Verb, auxiliary: None, source: None };
        let titled = |run: &Range<usize>| run.clone().any(|i| reader.title_at(i, run.end).is_some());
        let topic = reader.subject_first(self.range, &cue).filter(|run| reader.names(run) || titled(run));
        topic.or_else(|| {
            let end = (that + 1..self.range.end).find(|&i| reader.parts(i)).unwrap_or(self.range.end);
            (that + 1..end).find(|&i| reader.title_at(i, end) == Some(end)).map(|_| that + 1..end)
        })
    }

    /// The person or body that the sentence before in this paragraph starts with.
    fn subject_before(&self, paragraph: u32) -> Option<Range<usize>> {
        let before = self.number.checked_sub(1).and_then(|number| self.reader.hosts.get(number))?;
        let same = self.reader.paragraph(before.start) == paragraph;
        let subject = self.reader.first_phrase(before, before.end).filter(|_| same)?;
        subject.clone().any(|i| self.reader.mention_at(i).is_some()).then_some(subject)
    }

    /// The cue right beside a stretch: behind it, or before it with a colon, a comma or nothing between.
    fn beside(&self, quoted: &Quoted, before: usize, next: usize, clauses: &[Found]) -> Option<&Cue> {
        /// Tokens between the cue and the stretch, its source among them.
        const REACH: usize = 28;
        let reader = self.reader;
        let tokens = quoted.tokens();
        let comma = |i: usize| reader.comma(i) || reader.dash(i);
        // A verb inside what another reports says nothing of the stretches in it.
        let within = |i: usize| {
            let verb = |clause: &Found| {
                let cue = self.cues.iter().find(|cue| clause.cue.as_ref() == Some(&cue.at));
                cue.is_some_and(|cue| cue.kind != CueKind::According)
            };
            let holds =
                |clause: &Found| clause.content.iter().any(|run| run.contains(&i) && run.contains(&tokens.start));
            clauses.iter().any(|clause| holds(clause) && verb(clause))
        };
        let behind = || {
            self.cues.iter().find(|cue| {
                let starts = cue.auxiliary.filter(|&i| i >= tokens.end).unwrap_or(cue.at.start).min(cue.at.start);
                // `“…”, selon X`: right behind the comma.
                let apart = cue.kind == CueKind::According && (!comma(tokens.end) || starts > tokens.end + 1);
                if within(starts) || starts < tokens.end || starts >= next || apart {
                    return false;
                }
                let between = tokens.end..starts;
                let clear = !between.clone().skip(1).any(|i| matches!(reader.word(i), "." | ";" | ":"));
                let sov = reader.pack.speech.order == "sov" || reader.pack.text.ideographs;
                let parted = comma(tokens.end) || sov;
                let most = if parted {
                    REACH
                } else if self.ends_clause(quoted) {
                    6
                } else {
                    4
                };
                clear && between.len() <= most
            })
        };
        let comma_before = tokens.start.checked_sub(1).is_some_and(|i| reader.comma(i));
        let ahead = |sourced: bool| {
            self.cues.iter().rfind(|cue| {
                let between = cue.at.end..tokens.start;
                // `توقع X “…”`: the subject is between its verb and what it says.
                let near = between.is_empty()
                    || cue.source.as_ref() == Some(&between)
                    || self.behind_colon(tokens.start) && between.len() <= 60
                    || comma_before && self.ends_clause(quoted) && between.len() <= REACH;
                (cue.source.is_some() || !sourced)
                    && cue.kind == CueKind::Verb
                    && cue.at.end <= tokens.start
                    && cue.at.start >= before
                    && near
            })
        };
        let colon = if self.behind_colon(tokens.start) { ahead(true) } else { None };
        colon.or_else(behind).or_else(|| ahead(true)).or_else(|| ahead(false))
    }

    /// True if a stretch ends as a sentence does.
    pub(super) fn is_whole(&self, quoted: &Quoted) -> bool {
        let end = quoted.inside().end;
        let capital = self.reader.capitalised(quoted.inside().start) || self.reader.pack.text.ideographs;
        quoted.inside().start < end && (self.stops(end - 1) || self.stops(end + 1) && capital)
    }

    fn stops(&self, i: usize) -> bool {
        matches!(self.reader.word(i), "." | "!" | "?" | "…" | "..." | "。" | "！" | "？" | "؟")
    }

    /// True if a stretch ends as a clause does, a comma within its marks counted.
    fn ends_clause(&self, quoted: &Quoted) -> bool {
        let end = quoted.inside().end;
        self.is_whole(quoted)
            || end > quoted.inside().start && self.reader.comma(end - 1)
            || self.reader.words_in(quoted.inside()) >= LONG
    }
}

/// A stretch that is said.
fn made(tokens: &Range<usize>, source: Option<Range<usize>>, cue: Option<&Cue>, confidence: f32) -> Found {
    Found {
        content: vec![tokens.clone()],
        cue: cue.map(|cue| cue.at.clone()),
        source,
        inferred: confidence <= CARRIED_ON,
        confidence,
        marks_alone: false,
        verbatim: false,
    }
}
