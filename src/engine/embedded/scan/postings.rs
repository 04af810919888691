//! Reads the positions, and where it must the text, of one document after the other.

use tantivy::schema::Field;
use tantivy::{DocId, SegmentReader};

use crate::engine::embedded::scan::context::Steps;
use crate::engine::embedded::scan::positions::{Positions, TermPositions};
use crate::engine::embedded::scan::stored_texts::Texts;
use crate::engine::plan::span_plan::SpanPlan;
use crate::engine::spans::counts::{Countable, keep_starts, pairs, word};
use crate::engine::spans::find::MOST;
use crate::engine::spans::literal;
use crate::engine::spans::memory::Memory;
use crate::engine::spans::query::{PositionSource, PositionSpan, SpanQuery, TermSet};
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
    /// Where a row of words may start, and by how many postings, place and term set its words are read; kept for the memory.
    starts: Vec<u32>,
    order: Vec<(u64, u32, TermSet)>,
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
            order: Vec::new(),
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

    /// At how many places the words are in a row; none where more may be than lists hold. The rarest is looked for first
    /// and the most frequent last: a word that is everywhere is read only where the others leave something open.
    fn row(&mut self, words: &[SpanQuery]) -> Option<usize> {
        let PostingsSource { term_sets, starts, order, doc, .. } = self;
        order.clear();
        for (on, part) in (0..).zip(words) {
            let set = word(part)?;
            let postings = term_sets.postings(set);
            // Rows are short.
            let before = order.iter().position(|(others, ..)| *others > postings).unwrap_or(order.len());
            order.insert(before, (postings, on, set));
        }
        for (number, &(_, on, set)) in order.iter().enumerate() {
            let here = term_sets.read(set, *doc);
            if number == 0 {
                starts.clear();
                starts.extend(here.iter().filter_map(|at| at.checked_sub(on)));
            } else {
                keep_starts(starts, on, here);
            }
            if starts.is_empty() {
                break;
            }
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
    fn count(&mut self, simple: Countable) -> Option<usize> {
        match simple {
            Countable::Row(words) => self.row(words),
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
}
