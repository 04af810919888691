//! Word clusters: words that are beside the same words share a number, so that what is learnt of one holds for all.
//!
//! Clusters come from unannotated news by the exchange algorithm (Kneser and Ney 1993; Martin, Liermann and Ney 1998)
//! with the one-sided criterion of Uszkoreit and Brants (2008), here over left and right neighbours both: each word
//! moves to the class that tells its neighbours best, until few words move. Made once, when a model is trained.

use rustc_hash::FxHashMap;

/// How to cluster.
#[derive(Debug, Clone, Copy)]
pub struct Clustering {
    /// Number of classes.
    pub classes: usize,
    /// Words seen less often are left out.
    pub least: u32,
    /// Only the most frequent words count as neighbours; the others say little and cost much.
    pub neighbours: usize,
    /// Rounds over the vocabulary.
    pub rounds: usize,
}

/// Counts of neighbouring words; fed sentence by sentence.
#[derive(Debug, Default)]
pub struct Corpus {
    ids: FxHashMap<String, u32>,
    counts: Vec<u32>,
    /// Bigrams in the order of the text.
    pairs: FxHashMap<(u32, u32), u32>,
}

impl Corpus {
    /// Counts the words of a sentence and their neighbours.
    pub fn sentence<'w>(&mut self, words: impl Iterator<Item = &'w str>) {
        let mut before = None;
        for word in words {
            let next = self.ids.len() as u32;
            let id = if let Some(&id) = self.ids.get(word) {
                id
            } else {
                self.ids.insert(word.to_owned(), next);
                self.counts.push(0);
                next
            };
            self.counts[id as usize] += 1;
            if let Some(before) = before {
                *self.pairs.entry((before, id)).or_default() += 1;
            }
            before = Some(id);
        }
    }

    /// The class of every word that is frequent enough.
    pub fn cluster(&self, settings: Clustering) -> Vec<(&str, u16)> {
        let mut words: Vec<(&str, u32)> = self
            .ids
            .iter()
            .filter(|&(_, &id)| self.counts[id as usize] >= settings.least)
            .map(|(word, &id)| (word.as_str(), id))
            .collect();
        words.sort_by_key(|&(word, id)| (std::cmp::Reverse(self.counts[id as usize]), word));
        let mut rank = vec![None; self.counts.len()];
        for (place, &(_, id)) in words.iter().enumerate() {
            rank[id as usize] = Some(place);
        }
        let neighbours = settings.neighbours.min(words.len());
        let mut contexts: Vec<Vec<(usize, u32)>> = vec![Vec::new(); words.len()];
        let mut pairs: Vec<_> = self.pairs.iter().collect();
        pairs.sort_unstable();
        for (&(left, right), &count) in pairs {
            let (Some(left), Some(right)) = (rank[left as usize], rank[right as usize]) else { continue };
            if left < neighbours {
                contexts[right].push((left, count));
            }
            if right < neighbours {
                contexts[left].push((neighbours + right, count));
            }
        }
        let classes = Exchange::new(&contexts, neighbours * 2, settings.classes).run(settings.rounds);
        words.into_iter().map(|(word, _)| word).zip(classes).collect()
    }
}

/// The state of the exchange: counts of each class beside each neighbour.
struct Exchange<'c> {
    contexts: &'c [Vec<(usize, u32)>],
    classes: usize,
    class_of: Vec<usize>,
    /// Row a neighbour, column a class.
    beside: Vec<u32>,
    totals: Vec<u64>,
    log: Log,
}

impl<'c> Exchange<'c> {
    fn new(contexts: &'c [Vec<(usize, u32)>], neighbours: usize, classes: usize) -> Self {
        // The words arrive by frequency: dealt out in turn, every class starts with a frequent word.
        let class_of: Vec<usize> = (0..contexts.len()).map(|word| word % classes).collect();
        let mut state = Exchange {
            contexts,
            classes,
            class_of,
            beside: vec![0; neighbours * classes],
            totals: vec![0; classes],
            log: Log::new(),
        };
        for word in 0..contexts.len() {
            state.shift(word, state.class_of[word], true);
        }
        state
    }

    fn run(mut self, rounds: usize) -> impl Iterator<Item = u16> {
        let mut gains = vec![0.0; self.classes];
        for _ in 0..rounds {
            let mut moved = 0;
            for word in 0..self.contexts.len() {
                let old = self.class_of[word];
                self.shift(word, old, false);
                let new = self.best_class(word, &mut gains);
                self.shift(word, new, true);
                self.class_of[word] = new;
                moved += usize::from(new != old);
            }
            if moved * 500 < self.contexts.len() {
                break;
            }
        }
        self.class_of.into_iter().map(|class| class as u16)
    }

    /// Adds a word's counts to a class, or takes them away.
    fn shift(&mut self, word: usize, class: usize, add: bool) {
        for &(neighbour, count) in &self.contexts[word] {
            let cell = &mut self.beside[neighbour * self.classes + class];
            let total = &mut self.totals[class];
            if add {
                *cell += count;
                *total += u64::from(count);
            } else {
                *cell -= count;
                *total -= u64::from(count);
            }
        }
    }

    /// The class whose likelihood grows most by taking the word in.
    fn best_class(&self, word: usize, gains: &mut [f32]) -> usize {
        gains.fill(0.0);
        let mut count_of_word = 0;
        for &(neighbour, count) in &self.contexts[word] {
            count_of_word += u64::from(count);
            let row = &self.beside[neighbour * self.classes..(neighbour + 1) * self.classes];
            for (gain, &beside) in gains.iter_mut().zip(row) {
                *gain += self.log.step(u64::from(beside), u64::from(count));
            }
        }
        let mut best = (0, f32::MIN);
        for (class, (gain, &total)) in gains.iter().zip(&self.totals).enumerate() {
            let gain = gain - self.log.step(total, count_of_word);
            if gain > best.1 {
                best = (class, gain);
            }
        }
        best.0
    }
}

/// n·ln n, looked up where n is small.
struct Log {
    table: Vec<f64>,
}

impl Log {
    fn new() -> Self {
        Log { table: (0..1 << 16).map(|n: u32| f64::from(n) * f64::from(n.max(1)).ln()).collect() }
    }

    /// How much n·ln n grows from `n` to `n + by`.
    #[inline]
    fn step(&self, n: u64, by: u64) -> f32 {
        (self.at(n + by) - self.at(n)) as f32
    }

    #[inline]
    fn at(&self, n: u64) -> f64 {
        self.table.get(n as usize).copied().unwrap_or_else(|| n as f64 * (n as f64).ln())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_kind_share_a_class() {
        let mut corpus = Corpus::default();
        for town in ["Ayton", "Beeham", "Ceeford"] {
            for name in ["ann", "bob", "cid"] {
                for _ in 0..4 {
                    corpus.sentence(["in", town, "yesterday", name, "said"].into_iter());
                }
            }
        }
        let classes = corpus.cluster(Clustering { classes: 5, least: 1, neighbours: 50, rounds: 20 });
        let class = |word: &str| classes.iter().find(|c| c.0 == word).unwrap().1;
        assert_eq!(class("Ayton"), class("Beeham"));
        assert_eq!(class("ann"), class("cid"));
        assert_ne!(class("Ayton"), class("ann"));
    }
}
