//! Which segments are merged: few make queries fast and hold every word once, large ones take memory while they are made.

use std::ops::Range;

use rustc_hash::FxHashSet;
use tantivy::SegmentMeta;
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

/// Documents of the largest segment that is merged from others: 280 MB of news. Merging them takes some 150 MB of memory
/// and looks into as many pages as they have, whatever the index holds beside them.
const MOST: u32 = 4_000_000;

/// Segments of similar size that are merged while a run goes on.
const ALIKE: usize = 8;

/// What tantivy asks while a run goes on: segments of similar size are merged once there are eight, and one of which an
/// eighth is deleted is written anew.
#[derive(Debug)]
pub(super) struct Merges;

impl MergePolicy for Merges {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(ALIKE);
        policy.set_max_docs_before_merge(MOST as usize / ALIKE);
        let mut merges = policy.compute_merge_candidates(segments);
        let merged: FxHashSet<_> = merges.iter().flat_map(|MergeCandidate(ids)| ids).copied().collect();
        let worn = segments.iter().filter(|segment| segment.num_deleted_docs() > segment.max_doc() / 8);
        let alone = worn.map(SegmentMeta::id).filter(|id| !merged.contains(id));
        merges.extend(alone.map(|id| MergeCandidate(vec![id])));
        merges
    }
}

/// What is merged at the end of a run, given how many documents each segment has, in ascending order: the segments of the
/// run, with those before that are no larger than all smaller ones together. So each article is merged about as often as
/// the index doubles, a few new articles never cost a large index more than themselves, and what is half full stays.
pub(super) fn at_the_end(sizes: &[u32]) -> Vec<Range<usize>> {
    let (mut below, mut together) = (0, 0);
    for (place, &size) in sizes.iter().enumerate().take_while(|(_, size)| **size < MOST / 2) {
        if size <= below {
            together = place + 1;
        }
        below += size;
    }
    let mut groups = Vec::new();
    let (mut start, mut sum) = (0, 0);
    for (place, &size) in sizes.iter().enumerate().take(together) {
        if sum + size > MOST {
            groups.push(start..place);
            (start, sum) = (place, 0);
        }
        sum += size;
    }
    groups.push(start..together);
    groups.retain(|group| group.len() > 1);
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sizes: &[u32], expect: &[(usize, usize)]) {
        let groups: Vec<_> = at_the_end(sizes).into_iter().map(|group| (group.start, group.end)).collect();
        assert_eq!(groups, expect);
    }

    #[test]
    fn a_run_is_gathered_and_what_is_large_stays() {
        check(&[], &[]);
        check(&[7], &[]);
        check(&[40, 40], &[(0, 2)]);
        check(&[2, 50_000], &[]);
        check(&[30_000, 30_000, 50_000], &[(0, 3)]);
        check(&[43_000, 1_370_000], &[]);
    }

    #[test]
    fn no_merge_is_larger_than_memory_allows() {
        check(&[1_370_000; 7], &[(0, 2), (2, 4), (4, 6)]);
        check(&[10, 3_900_000, 3_900_000], &[]);
        check(&[900_000, 900_000, 900_000, 900_000, 900_000, 3_600_000], &[(0, 4)]);
    }
}
