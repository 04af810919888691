//! Which source holds an article whose id several give.
//!
//! The longest text is kept: a headline in a sitemap or a summary in a feed must not take the place of the page. Of two
//! as long, the one from the path that sorts last; within one file, the last one. So what is kept follows from the sources
//! alone, in whatever order they are read. Who loses is read again in every run, for it may win once the winner has
//! changed.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use crate::index::{Key, Manifest, SourceId};

/// A piece of a source that gives an article.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bid {
    /// The source.
    pub(super) source: SourceId,
    /// The piece's place in it.
    pub(super) piece: u32,
    /// Bytes of its text.
    pub(super) bytes: u32,
}

/// How a bid for an article ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// Nobody else holds it.
    Free,
    /// It is kept in place of an earlier one of the same source.
    Again,
    /// A later one of the same source is kept.
    Earlier,
    /// It is kept in place of that source's.
    Over(SourceId),
    /// That source's is kept.
    Under(SourceId),
}

/// The bids of one run.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Who holds an article, and with which piece.
    held: FxHashMap<Key, (SourceId, u32)>,
    /// Who lost it.
    lost: FxHashMap<Key, Vec<SourceId>>,
}

impl Claims {
    /// Settles a bid for the article of this key. What won must be in the manifest before the next bid for it.
    pub(super) fn settle(&mut self, key: Key, bid: Bid, manifest: &Manifest) -> Claim {
        let entry = manifest.article(key);
        let rival = match (self.held.get(&key), entry) {
            (Some(&(holder, piece)), _) if holder == bid.source => {
                if piece > bid.piece {
                    return Claim::Earlier;
                }
                self.held.insert(key, (bid.source, bid.piece));
                return if piece < bid.piece { Claim::Again } else { Claim::Free };
            }
            (Some(&(holder, _)), _) => holder,
            (None, Some(entry)) if entry.source != bid.source => entry.source,
            (None, _) => {
                self.held.insert(key, (bid.source, bid.piece));
                return Claim::Free;
            }
        };
        let path = |id| manifest.source(id).map_or("", |source| source.path.as_str());
        let length = bid.bytes.cmp(&entry.map_or(0, |entry| entry.bytes));
        let wins = length.then_with(|| path(bid.source).cmp(path(rival))) == Ordering::Greater;
        let loser = if wins { rival } else { bid.source };
        self.lost.entry(key).or_default().push(loser);
        if wins {
            self.held.insert(key, (bid.source, bid.piece));
            Claim::Over(rival)
        } else {
            Claim::Under(rival)
        }
    }

    /// True if some source gave the article in this run.
    pub(super) fn has(&self, key: Key) -> bool {
        self.held.contains_key(&key)
    }

    /// Who lost the article in this run so far; from now on, nobody.
    pub(super) fn take_losers(&mut self, key: Key) -> Vec<SourceId> {
        self.lost.remove(&key).unwrap_or_default()
    }
}
