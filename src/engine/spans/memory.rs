//! Texts in memory that are searched like those of an index.

use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use crate::engine::spans::literal;
use crate::engine::spans::query::{PositionSource, PositionSpan, TermSet};
use crate::text::Span;
use crate::text::normal::{PlacedRole, TermKind, Terms};

/// A text in memory, asked for the term sets of a plan.
pub(crate) struct Memory<'t> {
    parts: Vec<Part<'t>>,
    /// The hash of each term and where it is, in order.
    terms: Vec<(u64, u32)>,
    term_sets: Vec<Vec<u32>>,
    borders: Vec<u32>,
    roles: Vec<PlacedRole>,
}

struct Part<'t> {
    text: &'t str,
    /// Its first position.
    base: u32,
    /// What is at each of its positions; between sentences that is nothing.
    at: Vec<Span>,
}

/// Positions that a term covers at most: no quantity is written in more words.
const LONGEST: usize = 32;

/// What reads texts, kept from one answer to the next: of the words of a hit, most were met in hits before.
#[derive(Default)]
pub(crate) struct AnalyzerPool(Mutex<Vec<Terms>>);

/// A reader that somebody has for the time of an answer.
pub(crate) struct PooledAnalyzer<'r> {
    home: &'r AnalyzerPool,
    terms: Terms,
}

impl AnalyzerPool {
    pub(crate) fn lend(&self) -> PooledAnalyzer<'_> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        PooledAnalyzer { home: self, terms: kept.unwrap_or_else(Terms::for_many) }
    }
}

impl Drop for PooledAnalyzer<'_> {
    fn drop(&mut self) {
        let terms = std::mem::take(&mut self.terms);
        self.home.0.lock().unwrap_or_else(PoisonError::into_inner).push(terms);
    }
}

impl<'t> Memory<'t> {
    /// Analyses the parts of one text; between two of them one position is left, as in the index.
    pub(crate) fn new(texts: &[&'t str]) -> Self {
        Self::read(texts, &mut Terms::default())
    }

    /// The same, by a reader that has met other texts.
    pub(crate) fn by(reader: &mut PooledAnalyzer, texts: &[&'t str]) -> Self {
        Self::read(texts, &mut reader.terms)
    }

    fn read(texts: &[&'t str], reader: &mut Terms) -> Self {
        let mut memory = Memory {
            parts: Vec::new(),
            terms: Vec::new(),
            term_sets: Vec::new(),
            borders: Vec::new(),
            roles: Vec::new(),
        };
        let mut base = 0;
        for &text in texts {
            reader.read(text);
            let terms = reader.take();
            let borders = terms.iter().filter(|term| term.kind == TermKind::Border);
            memory.borders.extend(borders.map(|term| base + term.position));
            memory.roles.extend(terms.iter().filter_map(|term| match term.kind {
                TermKind::Role(role) => Some(PlacedRole::new(base + term.position, role)),
                _ => None,
            }));
            memory.terms.extend(terms.iter().map(|term| (xxh3_64(term.text.as_bytes()), base + term.position)));
            memory.parts.push(Part { text, base, at: spans(&terms) });
            base += terms.positions() + 1;
        }
        memory.terms.sort_unstable();
        memory
    }

    /// The same text, asked for the term sets of a plan. It costs what the plan holds, however long the text is: a query of
    /// a thousand words asks a thousand times.
    pub(crate) fn for_term_sets(&mut self, term_sets: &[Vec<String>]) -> &mut Self {
        let at = |term: &String| {
            let term = xxh3_64(term.as_bytes());
            let first = self.terms.partition_point(|(other, _)| *other < term);
            self.terms.iter().skip(first).take_while(move |(other, _)| *other == term).map(|(_, at)| *at)
        };
        let positions = |terms: &Vec<String>| {
            let mut positions: Vec<u32> = terms.iter().flat_map(at).collect();
            positions.sort_unstable();
            positions.dedup();
            positions
        };
        self.term_sets = term_sets.iter().map(positions).collect();
        self
    }

    /// The bytes of a place: number of the part it starts in, and where; a place never runs over several.
    pub(crate) fn bytes(&self, found: PositionSpan) -> Option<(usize, Span)> {
        let number = self.parts.partition_point(|part| part.base <= found.start).checked_sub(1)?;
        let part = self.parts.get(number)?;
        let end = part.at.len().min((found.end - part.base) as usize);
        let within = part.at.get((found.start - part.base) as usize..end)?;
        // Many marks may each run over all of a long text, so only their ends are looked at.
        let edge = within.len().min(LONGEST);
        let ends = within.iter().take(edge).chain(within.iter().rev().take(edge));
        ends.copied().filter(|span| span.start < span.end).reduce(Span::cover).map(|span| (number, span))
    }
}

/// What is at each position of a text.
fn spans(terms: &Terms) -> Vec<Span> {
    let mut at: Vec<Span> = Vec::with_capacity(terms.positions() as usize);
    for term in terms.iter() {
        let (position, span) = (term.position as usize, term.span);
        if at.len() <= position {
            at.resize(position + 1, Span::new(span.start as usize, span.start as usize));
        }
        if let Some(held) = at.get_mut(position) {
            *held = if held.start < held.end { held.cover(span) } else { span };
        }
    }
    at
}

impl PositionSource for Memory<'_> {
    fn set(&mut self, set: TermSet, out: &mut Vec<PositionSpan>) {
        out.extend(self.term_sets.get(set).into_iter().flatten().map(|&at| PositionSpan::at(at)));
    }

    fn borders(&mut self) -> &[u32] {
        &self.borders
    }

    fn roles(&mut self, _within: PositionSpan, each: &mut dyn FnMut(PlacedRole)) {
        self.roles.iter().copied().for_each(each);
    }

    fn literal(&mut self, text: &str, _words: &[TermSet], out: &mut Vec<PositionSpan>) {
        for part in &self.parts {
            for range in literal::find(part.text, text) {
                let span = Span::new(range.start, range.end);
                let near = part.at.partition_point(|at| at.start < span.start).saturating_sub(LONGEST);
                let (mut touched, mut before) = (None, None);
                let around = part.at.get(near..).unwrap_or_default();
                for (place, at) in (part.base + near as u32..).zip(around).take_while(|(_, at)| at.start < span.end) {
                    if at.overlaps(span) {
                        touched = Some((touched.map_or(place, |(first, _)| first), place));
                    } else if at.end <= span.start {
                        before = Some(place);
                    }
                }
                // Marks alone are at no position of their own; they go with the word before them.
                let word = before.unwrap_or(part.base);
                let (first, last) = touched.unwrap_or((word, word));
                out.push(PositionSpan { start: first, end: last + 1 });
            }
        }
        out.sort_unstable();
        out.dedup();
    }
}
