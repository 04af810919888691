//! Which articles are near-duplicates: those whose sketches agree in enough places, found by the bands that they have in
//! common.
//!
//! Banding (Leskovec, Rajaraman & Ullman, *Mining of Massive Datasets*, ch. 3): 24 bands of two places each. Texts that agree
//! in half of the places have a band in common with a probability of 0.999, those that agree in a third of 0.94.

use std::thread;

use crate::index::Key;
use crate::index::sketch::{ARTICLE, Sketch, agreement};

/// Places in which two articles must agree to be near-duplicates. On seeded copies with up to a fifth of the words
/// changed, fewer than one in a hundred falls below; articles on one subject stay below eight.
const ALIKE: usize = 18;
const BANDS: usize = ARTICLE / 2;
/// Values of a band.
const VALUES: usize = 1 << 16;
/// Articles of one band that each is compared with, those next in the order of their sketches: bounds the time.
const COMPARED: usize = 64;

/// An article that has a sketch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sketched {
    /// Its sketch.
    pub sketch: Sketch<ARTICLE>,
    /// Its key.
    pub key: Key,
    /// Its number.
    pub number: u64,
}

/// Sorts the articles and links near-duplicates: the links within a group form a tree. They depend on the sketches and keys
/// alone. Takes 25 bytes an article for each thread besides.
pub(super) fn forest(articles: &mut [Sketched], threads: usize) -> Vec<(u32, u32)> {
    articles.sort_unstable();
    let mut links = Vec::new();
    // Articles of the same sketch are linked to the first of them, which is compared for all.
    let mut distinct: Vec<u32> = Vec::new();
    for (at, article) in (0..).zip(articles.iter()) {
        match distinct.last() {
            Some(&first) if sketch(articles, first) == Some(&article.sketch) => links.push((first, at)),
            Some(_) | None => distinct.push(at),
        }
    }
    let mut of_bands: Vec<Vec<(u32, u32)>> = vec![Vec::new(); BANDS];
    thread::scope(|scope| {
        let share = BANDS.div_ceil(threads.clamp(1, BANDS));
        for (first, bands) in (0..).step_by(share).zip(of_bands.chunks_mut(share)) {
            let (articles, distinct) = (&*articles, &distinct);
            scope.spawn(move || {
                for (band, links) in (first..).zip(bands) {
                    *links = links_of_band(articles, distinct, band);
                }
            });
        }
    });
    let mut sets = DisjointSets::new(articles.len());
    links.extend(of_bands.into_iter().flatten().filter(|&(a, b)| sets.unite(a, b)));
    links
}

/// Links articles that have the band in common and agree well enough.
fn links_of_band(articles: &[Sketched], distinct: &[u32], band: usize) -> Vec<(u32, u32)> {
    let value = |at: u32| {
        let places = sketch(articles, at).and_then(|sketch| sketch.get(2 * band..2 * band + 2)).unwrap_or_default();
        places.iter().fold(0, |value, place| value << 8 | usize::from(*place))
    };
    // A counting sort by the value of the band.
    let mut ends = vec![0_u32; VALUES];
    for &at in distinct {
        if let Some(count) = ends.get_mut(value(at)) {
            *count += 1;
        }
    }
    let mut end = 0;
    for count in &mut ends {
        end += std::mem::replace(count, end);
    }
    let mut sorted = vec![0; distinct.len()];
    for &at in distinct {
        if let Some(place) = ends.get_mut(value(at)) {
            if let Some(slot) = sorted.get_mut(*place as usize) {
                *slot = at;
            }
            *place += 1;
        }
    }
    let mut sets = DisjointSets::new(articles.len());
    let (mut links, mut start) = (Vec::new(), 0);
    for end in ends {
        let members = sorted.get(start..end as usize).unwrap_or_default();
        start = end as usize;
        if members.len() < 2 {
            continue;
        }
        // Gathered, as they lie anywhere in memory. Those that agree in the places after the band come next to each other.
        let gathered = members.iter().filter_map(|&at| {
            let mut turned = *sketch(articles, at)?;
            turned.rotate_left(2 * band);
            Some((turned, at))
        });
        let mut gathered: Vec<(Sketch<ARTICLE>, u32)> = gathered.collect();
        gathered.sort_unstable();
        for apart in 1..=COMPARED.min(gathered.len() - 1) {
            for ((a, first), (b, second)) in gathered.iter().zip(gathered.iter().skip(apart)) {
                if agreement(a, b) >= ALIKE && sets.unite(*first, *second) {
                    links.push((*first.min(second), *first.max(second)));
                }
            }
        }
    }
    links
}

fn sketch(articles: &[Sketched], at: u32) -> Option<&Sketch<ARTICLE>> {
    articles.get(at as usize).map(|article| &article.sketch)
}

/// Which of some numbers belong together (union–find with path halving).
pub(super) struct DisjointSets(Vec<u32>);

impl DisjointSets {
    pub(super) fn new(count: usize) -> Self {
        DisjointSets((0..count as u32).collect())
    }

    /// The least number of the set.
    pub(super) fn root(&mut self, mut of: u32) -> u32 {
        loop {
            let above = self.0.get(of as usize).copied().unwrap_or(of);
            let next = self.0.get(above as usize).copied().unwrap_or(above);
            if next == above {
                return above;
            }
            if let Some(slot) = self.0.get_mut(of as usize) {
                *slot = next;
            }
            of = next;
        }
    }

    /// Puts two sets together; true if they were apart.
    pub(super) fn unite(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(slot) = self.0.get_mut(a.max(b) as usize) {
            *slot = a.min(b);
        }
        a != b
    }
}
