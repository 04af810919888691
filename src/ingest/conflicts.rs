//! Conflict resolution: which record is indexed when several have the same article id.
//!
//! The longest text wins, within a source and between sources: a headline in a sitemap or a summary in a feed must not
//! replace the page. Between equally long texts the source whose path sorts last wins, within a source the last record.
//! The outcome therefore depends on the sources alone, not on the order in which they are read. A source that loses an
//! article is read again in every run, because it may win once the winner has changed.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::index::{Key, Manifest, SourceId};

/// A record that gives an article.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// The source.
    pub(super) source: SourceId,
    /// The record's position in it.
    pub(super) record: u32,
    /// Bytes of its text.
    pub(super) bytes: u32,
}

/// How a conflict ends for a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resolution {
    /// No other record has the id.
    Unclaimed,
    /// It replaces a record of the same source.
    ReplacesOwn,
    /// Another record of the same source is kept.
    LosesToOwn,
    /// It replaces a record of that source.
    Replaces(SourceId),
    /// A record of that source is kept.
    LosesTo(SourceId),
}

/// The candidates of one run.
#[derive(Debug, Default)]
pub(super) struct Conflicts {
    /// The winner of each article so far. There are as many as articles: a tree has little room to spare, where a hash table
    /// of millions has half.
    winners: BTreeMap<Key, Candidate>,
    /// The sources that lost each article.
    losers: FxHashMap<Key, Vec<SourceId>>,
}

impl Conflicts {
    /// Decides whether a candidate wins the article of this key. A winner must be in the manifest before the next
    /// candidate for the same key is decided.
    pub(super) fn resolve(&mut self, key: Key, candidate: Candidate, manifest: &Manifest) -> Resolution {
        let entry = manifest.article(key);
        let (rival, bytes) = match (self.winners.get(&key), entry) {
            (Some(winner), _) if winner.source == candidate.source => {
                let rank = |candidate: &Candidate| (candidate.bytes, candidate.record);
                let resolution = match winner.record.cmp(&candidate.record) {
                    // The same record, read once more.
                    Ordering::Equal => Resolution::Unclaimed,
                    Ordering::Less | Ordering::Greater if rank(winner) > rank(&candidate) => {
                        return Resolution::LosesToOwn;
                    }
                    Ordering::Less | Ordering::Greater => Resolution::ReplacesOwn,
                };
                self.winners.insert(key, candidate);
                return resolution;
            }
            (Some(winner), _) => (winner.source, winner.bytes),
            (None, Some(entry)) if entry.source != candidate.source => (entry.source, entry.bytes),
            (None, _) => {
                self.winners.insert(key, candidate);
                return Resolution::Unclaimed;
            }
        };
        let path = |id| manifest.source(id).map_or("", |source| source.path.as_str());
        let longer = candidate.bytes.cmp(&bytes);
        let wins = longer.then_with(|| path(candidate.source).cmp(path(rival))) == Ordering::Greater;
        let loser = if wins { rival } else { candidate.source };
        self.losers.entry(key).or_default().push(loser);
        if wins {
            self.winners.insert(key, candidate);
            Resolution::Replaces(rival)
        } else {
            Resolution::LosesTo(rival)
        }
    }

    /// True if a source gave the article in this run.
    pub(super) fn has(&self, key: Key) -> bool {
        self.winners.contains_key(&key)
    }

    /// The sources that lost the article in this run so far; clears the list.
    pub(super) fn take_losers(&mut self, key: Key) -> Vec<SourceId> {
        self.losers.remove(&key).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key(7);

    /// Resolves candidates (source, record, bytes) in order; the last winner and every resolution.
    fn resolve(candidates: &[(u32, u32, u32)]) -> ((u32, u32), Vec<Resolution>) {
        let mut manifest = Manifest::default();
        let mut conflicts = Conflicts::default();
        for path in ["a.jsonl", "b.jsonl"] {
            manifest.add_source(path);
        }
        let resolve = |&(source, record, bytes)| {
            let candidate = Candidate { source: SourceId(source), record, bytes };
            conflicts.resolve(KEY, candidate, &manifest)
        };
        let resolutions = candidates.iter().map(resolve).collect();
        let winner = conflicts.winners[&KEY];
        ((winner.source.0, winner.record), resolutions)
    }

    #[test]
    fn the_longest_text_wins_in_any_order() {
        let candidates = [(0, 0, 90), (0, 1, 20), (1, 0, 40), (1, 3, 90), (1, 2, 90)];
        for first in 0..candidates.len() {
            for step in [1, 2, 3, 4] {
                let order: Vec<_> = (0..candidates.len()).map(|i| candidates[(first + i * step) % 5]).collect();
                assert_eq!(resolve(&order).0, (1, 3), "{order:?}");
            }
        }
    }

    #[test]
    fn losing_to_the_same_source_differs_from_losing_to_another() {
        let (_, resolutions) = resolve(&[(0, 0, 90), (0, 1, 20), (1, 0, 40), (1, 1, 91)]);
        let other = SourceId(0);
        assert_eq!(
            resolutions,
            [Resolution::Unclaimed, Resolution::LosesToOwn, Resolution::LosesTo(other), Resolution::Replaces(other)]
        );
    }
}
