//! Near-duplicates: counted for each hit, and told once where that is asked for. Nothing is deleted, only passed over.

use rustc_hash::FxHashMap;
use tantivy::{DocId, Searcher, SegmentReader};

use super::collect::Found;
use crate::index::block::Blocks;
use crate::index::schema::Level;

/// Documents whose groups are read at once.
const BLOCK: usize = 1024;

/// The group of a document: documents of one level and one group are near-duplicates of each other.
pub(super) fn group(segment: &SegmentReader, doc: DocId) -> tantivy::Result<u64> {
    Ok(segment.fast_fields().column_first_or_default::<u64>("group")?.get_val(doc))
}

/// How many documents of `level` there are in each of these groups.
pub(super) fn counts(searcher: &Searcher, level: Level, groups: &[u64]) -> tantivy::Result<FxHashMap<u64, u32>> {
    let mut counts: FxHashMap<u64, u32> = groups.iter().map(|&group| (group, 0)).collect();
    let mut values = [0; BLOCK];
    for segment in searcher.segment_readers() {
        let column = segment.fast_fields().column_first_or_default::<u64>("group")?;
        let blocks = Blocks::open(segment)?;
        for start in (0..segment.max_doc()).step_by(BLOCK) {
            let length = BLOCK.min((segment.max_doc() - start) as usize);
            let here = values.get_mut(..length).unwrap_or(&mut []);
            column.get_range(u64::from(start), here);
            for (doc, group) in (start..).zip(here.iter()) {
                if let Some(count) = counts.get_mut(group)
                    && blocks.level(doc) == level
                    && segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
                {
                    *count += 1;
                }
            }
        }
    }
    Ok(counts)
}

/// Groups of hits, each told by its earliest, with the score of its best.
#[derive(Default)]
pub(super) struct Collapsed {
    groups: FxHashMap<u64, Found>,
}

impl Collapsed {
    /// Takes in a hit.
    pub(super) fn push(&mut self, group: u64, found: Found) {
        let told = self.groups.entry(group).or_insert(found);
        let score = told.score.max(found.score);
        // Undated articles may be of any day, so they are the earliest only among themselves.
        let when = |found: &Found| (found.day.is_none(), found.day, found.at);
        if when(&found) < when(told) {
            *told = found;
        }
        told.score = score;
    }

    /// One hit for each group, in order of document.
    pub(super) fn into_hits(self) -> Vec<Found> {
        let mut hits: Vec<Found> = self.groups.into_values().collect();
        hits.sort_unstable_by_key(|found| found.at);
        hits
    }
}
