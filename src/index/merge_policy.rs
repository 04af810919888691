//! Which segments are merged: few segments make queries fast and the index small, but merging large ones takes memory.

use std::ops::Range;

use rustc_hash::FxHashSet;
use tantivy::SegmentMeta;
use tantivy::indexer::{LogMergePolicy, MergeCandidate, MergePolicy};

/// Most documents of a merged segment: 280 MB of news. Merging that much takes some 150 MB of memory.
const MOST: u32 = 4_000_000;

/// Number of segments of similar size that triggers a merge during a run.
const ALIKE: usize = 8;

/// The policy during a run: merges eight segments of similar size, and rewrites a segment once an eighth of it is deleted.
#[derive(Debug)]
pub(super) struct RunMergePolicy;

impl MergePolicy for RunMergePolicy {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(ALIKE);
        policy.set_max_docs_before_merge(MOST as usize / ALIKE);
        let mut merges = policy.compute_merge_candidates(segments);
        let merged: FxHashSet<_> = merges.iter().flat_map(|MergeCandidate(ids)| ids).copied().collect();
        let worn = segments.iter().filter(|segment| is_worn(segment));
        let alone = worn.map(SegmentMeta::id).filter(|id| !merged.contains(id));
        merges.extend(alone.map(|id| MergeCandidate(vec![id])));
        merges
    }
}

/// True if so much of a segment is deleted that it is better rewritten.
pub(super) fn is_worn(segment: &SegmentMeta) -> bool {
    segment.num_deleted_docs() > segment.max_doc() / 8
}

/// The merges at the end of a run, given the number of documents of each segment in ascending order: the segments of the
/// run, and older ones no larger than all smaller ones together. So each article is merged about as often as the index
/// doubles, and a few new articles do not rewrite a large segment.
pub(super) fn final_merges(sizes: &[u32]) -> Vec<Range<usize>> {
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
        let groups: Vec<_> = final_merges(sizes).into_iter().map(|group| (group.start, group.end)).collect();
        assert_eq!(groups, expect);
    }

    #[test]
    fn small_segments_are_merged_and_large_ones_stay() {
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
