//! Which articles may be like a new one: those whose sketches have bands in common with its own.
//!
//! Banding (Leskovec, Rajaraman & Ullman, *Mining of Massive Datasets*, ch. 3): 24 bands of two places each. Texts that
//! agree in half of the places have two bands in common with a probability of 0.99, texts that share a subject in one case of
//! fifty. Where there are many articles, looking at a candidate costs a wait for memory, so only those are candidates that have
//! two.

use crate::index::sketch::{ARTICLE, Sketch};

const BANDS: usize = ARTICLE / 2;
/// Values of a band.
const VALUES: usize = 1 << 16;
/// Bands that a candidate has in common with the sketch.
const COMMON: usize = 2;
/// Chunks that are read of a value, the latest first: bounds the time an article takes.
const CHUNKS_READ: usize = 9;
/// No article, and no chunk.
const NONE: u32 = u32::MAX;

/// Articles by the bands of their sketches.
#[derive(Debug)]
pub(super) struct LshIndex {
    /// For each band and value, the latest chunk.
    heads: Vec<u32>,
    chunks: Vec<Chunk>,
    /// Those found of all bands, kept to be filled again.
    found: Vec<u32>,
}

/// Some articles of one band and value, in the order in which they came; half a cache line.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Chunk {
    articles: [u32; 7],
    /// The one with those that came before.
    before: u32,
}

impl Chunk {
    const EMPTY: Chunk = Chunk { articles: [NONE; 7], before: NONE };

    fn known(&self) -> impl Iterator<Item = u32> {
        self.articles.into_iter().take_while(|article| *article != NONE)
    }
}

impl Default for LshIndex {
    fn default() -> Self {
        LshIndex { heads: vec![NONE; BANDS * VALUES], chunks: Vec::new(), found: Vec::new() }
    }
}

impl LshIndex {
    /// Remembers that article `at` has this sketch.
    pub(super) fn remember(&mut self, sketch: &Sketch<ARTICLE>, at: u32) {
        for place in places(sketch) {
            let Some(head) = self.heads.get_mut(place) else { continue };
            let chunk = self.chunks.get_mut(*head as usize);
            if let Some(room) = chunk.and_then(|chunk| chunk.articles.iter_mut().find(|article| **article == NONE)) {
                *room = at;
                continue;
            }
            let mut articles = [NONE; 7];
            articles[0] = at;
            self.chunks.push(Chunk { articles, before: std::mem::replace(head, self.chunks.len() as u32) });
        }
    }

    /// The articles that have enough in common with the sketch to be worth a look, in the order in which they came.
    pub(super) fn candidates(&mut self, sketch: &Sketch<ARTICLE>) -> &[u32] {
        self.found.clear();
        // All heads and then all first chunks: they lie anywhere in memory, and so are waited for together.
        let mut heads = [NONE; BANDS];
        for (head, place) in heads.iter_mut().zip(places(sketch)) {
            *head = self.heads.get(place).copied().unwrap_or(NONE);
        }
        let mut first = [Chunk::EMPTY; BANDS];
        for (first, head) in first.iter_mut().zip(heads) {
            *first = self.chunks.get(head as usize).copied().unwrap_or(Chunk::EMPTY);
        }
        for first in &first {
            let mut chunk = Some(first);
            for _ in 0..CHUNKS_READ {
                let Some(read) = chunk else { break };
                self.found.extend(read.known());
                chunk = self.chunks.get(read.before as usize);
            }
        }
        self.found.sort_unstable();
        let (mut last, mut common) = (NONE, 0);
        self.found.retain(|&article| {
            common = if article == last { common + 1 } else { 1 };
            last = article;
            common == COMMON
        });
        &self.found
    }
}

/// Where the bands of a sketch are looked up.
fn places(sketch: &Sketch<ARTICLE>) -> impl Iterator<Item = usize> {
    sketch
        .chunks_exact(2)
        .zip(0..)
        .map(|(band, number)| number * VALUES + band.iter().fold(0, |value, place| value << 8 | usize::from(*place)))
}
