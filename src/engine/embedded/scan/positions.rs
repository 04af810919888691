//! The positions of term sets, document after document.

use tantivy::postings::{Postings as _, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet as _, SegmentReader, TERMINATED};

use crate::engine::embedded::scan::context::{LISTS, ScanContext};
use crate::engine::spans::query::TermSet;

/// The positions of one term set, document after document.
pub(super) struct Positions {
    source: Postings,
    /// Those of one document, and which one that is: several parts of a plan may ask for them.
    read: Vec<u32>,
    of: Option<DocId>,
    /// The one of its terms that is a term set by itself, too.
    shared: Option<Shared>,
}

/// One term of several, whose positions are kept apart as well: whether a hit is as written is then known without reading
/// them twice.
struct Shared {
    /// Its number among the lists.
    list: usize,
    read: Vec<u32>,
}

enum Postings {
    /// Some terms side by side, and the documents they are at: most have nothing in most documents, and are not touched.
    Few(Vec<SegmentPostings>, Vec<DocId>),
    /// All of them, by document; how far we are.
    Many(Vec<(DocId, u32)>, usize),
}

/// The positions of more terms than this are read at once and put in order.
const SIDE_BY_SIDE: usize = 64;

impl Positions {
    /// Those of a term of a field.
    pub(super) fn open(field: Field, term: &str, reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Positions::of(postings(field, [term], reader)?.into_iter().map(|(_, list)| list).collect()))
    }

    fn of(mut postings: Vec<SegmentPostings>) -> Self {
        let reading = |source| Positions { source, read: Vec::new(), of: None, shared: None };
        if postings.len() <= SIDE_BY_SIDE {
            let at = postings.iter().map(SegmentPostings::doc).collect();
            return reading(Postings::Few(postings, at));
        }
        let mut all = Vec::new();
        let mut positions = Vec::new();
        for list in &mut postings {
            while list.doc() != TERMINATED {
                list.positions(&mut positions);
                all.extend(positions.iter().map(|&at| (list.doc(), at)));
                list.advance();
            }
        }
        all.sort_unstable();
        all.dedup();
        reading(Postings::Many(all, 0))
    }

    /// The positions that were read last.
    pub(super) fn known(&self) -> &[u32] {
        &self.read
    }

    /// The positions in a document, never in one before that of the last call.
    pub(super) fn read(&mut self, doc: DocId) -> &[u32] {
        if self.of != Some(doc) {
            self.of = Some(doc);
            self.read_anew(doc);
        }
        &self.read
    }

    fn read_anew(&mut self, doc: DocId) {
        self.read.clear();
        if let Some(shared) = &mut self.shared {
            shared.read.clear();
        }
        match &mut self.source {
            Postings::Few(postings, at) => {
                let mut lists = 0;
                for (number, (list, at)) in postings.iter_mut().zip(at).enumerate() {
                    if *at < doc {
                        *at = list.seek(doc);
                    }
                    if *at == doc {
                        let before = self.read.len();
                        list.append_positions_with_offset(0, &mut self.read);
                        lists += 1;
                        if let Some(shared) = self.shared.as_mut().filter(|shared| shared.list == number) {
                            shared.read.extend_from_slice(self.read.get(before..).unwrap_or(&[]));
                        }
                    }
                }
                if lists > 1 {
                    self.read.sort_unstable();
                    self.read.dedup();
                }
            }
            Postings::Many(all, at) => {
                *at += all.get(*at..).unwrap_or(&[]).partition_point(|&(d, _)| d < doc);
                let here = all.get(*at..).unwrap_or(&[]).iter().take_while(|&&(d, _)| d == doc);
                self.read.extend(here.map(|&(_, at)| at));
            }
        }
    }
}

/// The lists of those of some terms that a segment has.
fn postings<'t>(
    field: Field,
    terms: impl IntoIterator<Item = &'t str>,
    reader: &SegmentReader,
) -> tantivy::Result<Vec<(&'t str, SegmentPostings)>> {
    let index = reader.inverted_index(field)?;
    let mut lists = Vec::new();
    for text in terms {
        let term = Term::from_field_text(field, text);
        let list = index.read_postings(&term, IndexRecordOption::WithFreqsAndPositions)?;
        lists.extend(list.map(|list| (text, list)));
    }
    Ok(lists)
}

/// The positions of the term sets of a plan. One of whose terms a segment has but one is read with the first that has this
/// one beside others.
pub(super) struct TermPositions {
    sets: Vec<OfSet>,
    /// How many documents each term of a set is in, in all.
    postings: Vec<u64>,
}

enum OfSet {
    Own(Positions),
    /// Those of the one term that this set shares with another one.
    Within(TermSet),
}

impl TermPositions {
    pub(super) fn open(
        term_sets: &[Vec<String>],
        field: Field,
        reader: &SegmentReader,
        context: &ScanContext,
    ) -> tantivy::Result<Self> {
        let mut opened = Vec::with_capacity(term_sets.len());
        for set in term_sets {
            let mut lists = Vec::new();
            for terms in set.chunks(LISTS) {
                if context.is_over() {
                    break;
                }
                lists.extend(postings(field, terms.iter().map(String::as_str), reader)?);
            }
            opened.push(lists);
        }
        let size =
            |lists: &Vec<(&str, SegmentPostings)>| lists.iter().map(|(_, list)| u64::from(list.doc_freq())).sum();
        let postings = opened.iter().map(size).collect();
        let mut larger: Vec<Option<TermSet>> = vec![None; opened.len()];
        for (number, lists) in opened.iter().enumerate() {
            if let [(term, _)] = lists.as_slice() {
                let holds = |other: &Vec<(&str, SegmentPostings)>| {
                    (2..=SIDE_BY_SIDE).contains(&other.len()) && other.iter().any(|(known, _)| known == term)
                };
                let found = opened.iter().position(holds).filter(|found| !larger.contains(&Some(*found)));
                if let Some(place) = larger.get_mut(number) {
                    *place = found;
                }
            }
        }
        let single = |of: TermSet| {
            let number = larger.iter().position(|larger| *larger == Some(of))?;
            opened.get(number)?.first().map(|(term, _)| *term)
        };
        let shared: Vec<Option<Shared>> = opened
            .iter()
            .enumerate()
            .map(|(number, lists)| {
                let term = single(number)?;
                let list = lists.iter().position(|(known, _)| *known == term)?;
                Some(Shared { list, read: Vec::new() })
            })
            .collect();
        let sets = opened.into_iter().zip(shared).zip(larger).map(|((lists, shared), larger)| {
            if let Some(larger) = larger {
                return OfSet::Within(larger);
            }
            let lists = lists.into_iter().map(|(_, list)| list).collect();
            OfSet::Own(Positions { shared, ..Positions::of(lists) })
        });
        Ok(TermPositions { sets: sets.collect(), postings })
    }

    /// The positions of a term set in a document, never in one before that of the last call.
    pub(super) fn read(&mut self, set: TermSet, doc: DocId) -> &[u32] {
        let own = if let Some(&OfSet::Within(larger)) = self.sets.get(set) { larger } else { set };
        if let Some(OfSet::Own(positions)) = self.sets.get_mut(own) {
            positions.read(doc);
        }
        self.known(set)
    }

    /// Those that were read last.
    pub(super) fn known(&self, set: TermSet) -> &[u32] {
        match self.sets.get(set) {
            Some(OfSet::Own(positions)) => &positions.read,
            Some(&OfSet::Within(larger)) => self.shared(larger).map_or(&[], |shared| &shared.read),
            None => &[],
        }
    }

    /// How many documents each of its terms is in, in all.
    pub(super) fn postings(&self, set: TermSet) -> u64 {
        self.postings.get(set).copied().unwrap_or(0)
    }

    fn shared(&self, larger: TermSet) -> Option<&Shared> {
        let Some(OfSet::Own(positions)) = self.sets.get(larger) else { return None };
        positions.shared.as_ref()
    }
}
