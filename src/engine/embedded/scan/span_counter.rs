//! Counts how often a plan is found in one document after the other; how it is counted is decided once, before the first.

use crate::engine::embedded::rank::bm25::SpanFrequency;
use crate::engine::spans::counts::Countable;
use crate::engine::spans::find::BufferPool;
use crate::engine::spans::query::{PositionSource, SpanQuery, TermSet, Variant};
use crate::search::MatchClass;

/// How to count what is searched for.
pub(crate) enum SpanCounter {
    /// The closest first: what it finds the looser ones find again. Each with its share of the score.
    Variants(Vec<(MatchClass, f32, SpanCounter)>),
    Any(Vec<SpanCounter>),
    /// What is simple, and the same as what makes a list, for where only that tells.
    Simple(Countable, SpanQuery),
    Literal(String, Vec<TermSet>),
    Spans(SpanQuery),
}

impl SpanCounter {
    /// For texts whose term sets have so many postings.
    pub(crate) fn new(query: &SpanQuery, postings: &dyn Fn(TermSet) -> u64) -> Self {
        match query {
            SpanQuery::Variants(variants) => {
                let variant = |Variant { class, fidelity, query }: &Variant| {
                    (*class, *fidelity, SpanCounter::new(query, postings))
                };
                SpanCounter::Variants(variants.iter().map(variant).collect())
            }
            SpanQuery::Any(ways) => SpanCounter::Any(ways.iter().map(|way| SpanCounter::new(way, postings)).collect()),
            SpanQuery::Literal(text, words) => SpanCounter::Literal(text.clone(), words.clone()),
            _ => match Countable::of(query, postings) {
                Some(simple) => SpanCounter::Simple(simple, query.clone()),
                None => SpanCounter::Spans(query.clone()),
            },
        }
    }

    /// What finding it in the document at hand is worth; none where it is not there.
    pub(crate) fn count(&self, source: &mut dyn PositionSource, pool: &mut BufferPool) -> Option<SpanFrequency> {
        let found = match self {
            SpanCounter::Variants(variants) => {
                return variants.iter().find_map(|(class, fidelity, counter)| {
                    let found = counter.count(source, pool)?;
                    Some(SpanFrequency { share: *fidelity, class: *class, ..found })
                });
            }
            SpanCounter::Any(ways) => return ways.iter().find_map(|way| way.count(source, pool)),
            SpanCounter::Literal(text, words) => source.literals(text, words),
            SpanCounter::Simple(simple, query) => source.count(simple).unwrap_or_else(|| listed(query, source, pool)),
            SpanCounter::Spans(query) => listed(query, source, pool),
        };
        (found > 0).then_some(SpanFrequency::times(found as f32))
    }
}

/// How many spans there are, by a list of them.
fn listed(query: &SpanQuery, source: &mut dyn PositionSource, pool: &mut BufferPool) -> usize {
    let spans = query.spans(source, pool);
    let found = spans.len();
    pool.clear(spans);
    found
}
