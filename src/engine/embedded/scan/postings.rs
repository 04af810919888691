//! Reads the positions, and where it must the text, of one document after the other.

use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader};

use crate::engine::embedded::scan::context::Steps;
use crate::engine::embedded::scan::positions::{Positions, TermPositions};
use crate::engine::embedded::scan::stored_texts::Texts;
use crate::engine::plan::span_plan::SpanPlan;
use crate::engine::spans::counts::{Countable, is_near, keep_starts, pairs, starts_of_both};
use crate::engine::spans::find::MOST;
use crate::engine::spans::literal;
use crate::engine::spans::memory::Memory;
use crate::engine::spans::query::{PositionSource, PositionSpan, TermSet};
use crate::index::block::{Hierarchies, Hierarchy};
use crate::text::normal::{BORDER, PlacedRole};

/// Positions whose reading takes about as long as one step of a scan.
const POSITIONS_A_STEP: u32 = 64;

/// Positions from one word of a literal to the next, at most.
const WIDEST_STEP: u32 = 3;

/// Reads the positions of the document at hand.
pub(crate) struct PostingsSource {
    doc: DocId,
    term_sets: TermPositions,
    borders: Positions,
    /// The roles of words; none where the plan asks for none.
    roles: Option<Positions>,
    texts: Texts,
    pub(crate) blocks: Hierarchy,
    segment: u32,
    /// Where a row of words may start; kept for the memory.
    starts: Vec<u32>,
    steps: Steps,
    /// Positions read since the last step.
    read: u32,
}

impl PostingsSource {
    /// For the terms of a plan in one field of a segment, with what `roles` holds beside it.
    pub(crate) fn open(
        plan: &SpanPlan,
        field: Field,
        roles: Field,
        reader: &SegmentReader,
        texts: Texts,
        hierarchies: &Hierarchies,
    ) -> tantivy::Result<Self> {
        Ok(PostingsSource {
            doc: 0,
            term_sets: TermPositions::open(&plan.term_sets, field, reader, texts.context())?,
            borders: Positions::open(field, BORDER, reader)?,
            roles: plan.query.needs_roles().then(|| Positions::open(roles, PlacedRole::TERM, reader)).transpose()?,
            steps: texts.steps(),
            texts,
            blocks: hierarchies.of(reader)?,
            segment: hierarchies.number(reader),
            starts: Vec::new(),
            read: 0,
        })
    }

    /// Turns to another document, never to one before.
    pub(crate) fn set_doc(&mut self, doc: DocId) {
        self.doc = doc;
    }

    /// The positions of a term set in the document at hand.
    pub(crate) fn positions(&mut self, set: TermSet) -> &[u32] {
        self.term_sets.read(set, self.doc)
    }

    /// The roles of all words of the document at hand, in order, each the number of a [`PlacedRole`].
    pub(crate) fn placed_roles(&mut self) -> &[u32] {
        self.roles.as_mut().map_or(&[], |roles| roles.read(self.doc))
    }

    /// How many documents each of the terms of a term set is in, in all.
    pub(crate) fn size(&self, set: TermSet) -> u64 {
        self.term_sets.postings(set)
    }

    /// Reads the positions of a term set in the document at hand, and says whether there are any.
    fn has(&mut self, set: TermSet) -> bool {
        !self.positions(set).is_empty()
    }

    /// The positions of a term set that were read last.
    fn known(&self, set: TermSet) -> &[u32] {
        self.term_sets.known(set)
    }

    /// True if the words of a literal may be in a row: reading a text costs far more than its positions. The pieces of
    /// a quantity share a place; the end of a sentence and of a possessive may take one each.
    pub(crate) fn follow(&mut self, words: &[TermSet]) -> bool {
        let mut before: Option<Vec<u32>> = None;
        for &word in words {
            let mut here = self.positions(word).to_vec();
            if let Some(before) = &before {
                here.retain(|&at| {
                    let next = before.partition_point(|&b| b + WIDEST_STEP < at);
                    before.get(next).is_some_and(|&b| b <= at)
                });
            }
            if here.is_empty() {
                return false;
            }
            before = Some(here);
        }
        true
    }

    /// At how many places words are in a row, each given with its place in it; none where more may be than lists hold. A
    /// word that is everywhere comes last: it is read only where the others leave something open.
    fn row(&mut self, words: &[(u32, TermSet)]) -> Option<usize> {
        let PostingsSource { term_sets, starts, doc, .. } = self;
        let &[(first_on, first), (second_on, second), ref rest @ ..] = words else { return None };
        if term_sets.read(first, *doc).is_empty() {
            return Some(0);
        }
        term_sets.read(second, *doc);
        starts_of_both(term_sets.known(first), first_on, term_sets.known(second), second_on, starts);
        for &(on, word) in rest {
            if starts.is_empty() {
                break;
            }
            keep_starts(starts, on, term_sets.read(word, *doc));
        }
        (starts.len() <= MOST).then_some(starts.len())
    }

    /// Finds exactly these characters in the text of any document.
    pub(crate) fn literal_in(&mut self, doc: DocId, text: &str, out: &mut Vec<PositionSpan>) {
        let parts = self.texts.of(self.segment, doc, &self.blocks);
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        Memory::new(&parts).literal(text, &[], out);
    }

    /// At how many spans exactly these characters are in the text of any document. Where it is one, no place is needed.
    pub(crate) fn literals_in(&mut self, doc: DocId, text: &str) -> usize {
        let parts = self.texts.of(self.segment, doc, &self.blocks);
        let found: usize = parts.iter().map(|part| literal::find(part, text).len()).sum();
        if found < 2 {
            return found;
        }
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let mut spans = Vec::new();
        Memory::new(&parts).literal(text, &[], &mut spans);
        spans.len()
    }
}

impl PositionSource for PostingsSource {
    fn go_on(&mut self) -> bool {
        self.steps.go_on(1 + std::mem::take(&mut self.read) / POSITIONS_A_STEP)
    }

    fn set(&mut self, set: TermSet, out: &mut Vec<PositionSpan>) {
        out.extend(self.positions(set).iter().map(|&at| PositionSpan::at(at)));
        self.read = self.read.saturating_add(out.len() as u32);
    }

    fn borders(&mut self) -> &[u32] {
        self.borders.read(self.doc)
    }

    fn roles(&mut self, within: PositionSpan, each: &mut dyn FnMut(PlacedRole)) {
        let all = self.placed_roles();
        let from = all.partition_point(|&role| PlacedRole(role).position() < within.start);
        let roles = all.iter().skip(from).map(|&role| PlacedRole(role));
        roles.take_while(|role| role.position() < within.end).for_each(each);
    }

    fn literal(&mut self, text: &str, words: &[TermSet], out: &mut Vec<PositionSpan>) {
        if self.follow(words) {
            self.literal_in(self.doc, text, out);
        }
    }

    fn literals(&mut self, text: &str, words: &[TermSet]) -> usize {
        if self.follow(words) { self.literals_in(self.doc, text) } else { 0 }
    }

    /// Of more spans than lists may hold, only these tell how many count.
    fn count(&mut self, simple: &Countable) -> Option<usize> {
        match *simple {
            Countable::Row(ref words) => self.row(words),
            Countable::Pair(left, link, right) => {
                if !self.has(left) || !self.has(right) {
                    return Some(0);
                }
                if link.needs_borders() {
                    self.borders.read(self.doc);
                }
                let (left, right) = (self.known(left), self.known(right));
                let few = left.len() * right.len() <= MOST;
                few.then(|| pairs(left, link, right, self.borders.known()))
            }
        }
    }
    fn may_be_near(&mut self, one: TermSet, other: TermSet, farthest: u32) -> bool {
        if !self.has(one) || !self.has(other) {
            return false;
        }
        let (one, other) = (self.known(one), self.known(other));
        let (near, read) = (is_near(one, other, farthest), one.len() + other.len());
        self.read = self.read.saturating_add(read as u32);
        near
    }
}
