//! Sketches: what tells how much two texts have in common without comparing them word by word.
//!
//! `MinHash` (Broder 1997) over the longer words of a text and all pairs of neighbouring words, a byte a place (b-bit
//! minwise hashing, Li & König 2010): two sketches agree in about as many places, of all, as their texts' features are
//! common to both, of all. With a fifth of the words changed, texts still agree in half of the places; texts that share
//! no more than a subject do so in one of ten.
//!
//! A hash function serves a dozen places: it deals the features out among them, and each keeps the least of its own
//! (one permutation hashing, Li, Owen & Zhang 2012). A place that got none takes what the next one got (densification by
//! rotation, Shrivastava & Li 2014).

/// Places of an article's sketch.
pub const ARTICLE: usize = 48;
/// Places of the sketch of a passage or a quotation.
pub const PART: usize = 16;

/// Features below which a text is too short to be told from others by a sketch.
const FEWEST: usize = 24;
/// The same of a passage or a quotation.
const FEWEST_OF_PART: usize = 8;
/// Letters from which on a word counts by itself; shorter ones are common to all texts, and count in pairs.
const LONG: usize = 5;

/// A sketch of `N` places.
pub type Sketch<const N: usize> = [u8; N];

/// Places that one hash function deals out among at most.
const MOST_DEALT: usize = 12;

/// The words of a text, hashed in lower case. Kept between texts, it allocates little.
#[derive(Debug, Default)]
pub struct Words {
    /// Hash of each, and whether it is long.
    list: Vec<(u32, bool)>,
}

impl Words {
    /// Reads the words of texts in a row. They are the same for texts that differ in case, marks and space only.
    pub fn read<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> &Self {
        self.list.clear();
        for text in texts {
            words(text, |word, letters| self.list.push((word, letters >= LONG)));
        }
        self
    }

    /// Forgets all words.
    pub fn clear(&mut self) {
        self.list.clear();
    }

    /// Appends the words of another text: those of paragraphs in a row are those of the whole text.
    pub fn append(&mut self, others: &Words) {
        self.list.extend_from_slice(&others.list);
    }

    /// Hash of all of them in order.
    pub fn hash(&self) -> u64 {
        let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
        for &(word, _) in &self.list {
            hash = (hash.rotate_left(23) ^ u64::from(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
        hash ^ hash >> 29
    }

    /// Their sketch, if there are enough of them for one.
    pub fn sketch<const N: usize>(&self) -> Option<Sketch<N>> {
        let mut least = [u32::MAX; N];
        let functions = const { N.div_ceil(MOST_DEALT) };
        let dealt = const { N / N.div_ceil(MOST_DEALT) };
        let mut features = 0;
        let mut take = |feature: u32| {
            features += 1;
            for (places, odd) in least.chunks_exact_mut(dealt).zip(MULTIPLIERS).take(functions) {
                // The high half says which place it is dealt to; the low half is as good as another hash.
                let dealt = u64::from(feature.wrapping_mul(odd)) * dealt as u64;
                if let Some(least) = places.get_mut((dealt >> 32) as usize) {
                    *least = (*least).min(dealt as u32);
                }
            }
        };
        let mut before: u32 = 0;
        for &(word, long) in &self.list {
            if long {
                take(word);
            }
            take(mix(before.rotate_left(5) ^ word));
            before = word;
        }
        least.chunks_exact_mut(dealt).for_each(fill_empty);
        let enough = features >= if N == ARTICLE { FEWEST } else { FEWEST_OF_PART };
        enough.then(|| least.map(|least| (mix(least) >> 24) as u8))
    }
}

/// In how many places two sketches agree.
pub fn agreement<const N: usize>(a: &Sketch<N>, b: &Sketch<N>) -> usize {
    // Summed up in bytes, which a sketch cannot fill, sixteen places are compared at once.
    usize::from(a.iter().zip(b).map(|(a, b)| u8::from(a == b)).sum::<u8>())
}

/// Gives places without a feature that of the next one, marked by how far away it is.
fn fill_empty(places: &mut [u32]) {
    let given: [u32; MOST_DEALT] = std::array::from_fn(|at| places.get(at).copied().unwrap_or(u32::MAX));
    let count = places.len();
    for (at, place) in places.iter_mut().enumerate().filter(|(_, place)| **place == u32::MAX) {
        let next = (1..count).find_map(|far| {
            let next = given.get((at + far) % count).copied().filter(|&next| next != u32::MAX)?;
            Some(next.wrapping_add((far as u32).wrapping_mul(0x9E37_79B9)))
        });
        *place = next.unwrap_or(u32::MAX);
    }
}

/// Calls `each` with the hash and the number of letters of every word, in lower case.
fn words(text: &str, mut each: impl FnMut(u32, usize)) {
    let (mut hash, mut letters) = (0, 0);
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            hash = step(hash, u32::from(c.to_ascii_lowercase()));
            letters += 1;
        } else if !c.is_ascii() && c.is_alphanumeric() {
            hash = c.to_lowercase().fold(hash, |hash, c| step(hash, u32::from(c)));
            letters += 1;
        } else if letters > 0 {
            each(mix(hash), letters);
            (hash, letters) = (0, 0);
        }
    }
    if letters > 0 {
        each(mix(hash), letters);
    }
}

fn step(hash: u32, c: u32) -> u32 {
    (hash.rotate_left(5) ^ c).wrapping_mul(0x9E37_79B9)
}

/// The finaliser of `MurmurHash3`: every bit of the result depends on every bit of the argument.
const fn mix(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x85EB_CA6B);
    h ^= h >> 13;
    h = h.wrapping_mul(0xC2B2_AE35);
    h ^ h >> 16
}

/// Constants of the hash functions: any will do, as long as they stay the same.
#[allow(clippy::indexing_slicing, reason = "in a constant, an index out of range does not compile")]
const MULTIPLIERS: [u32; ARTICLE / MOST_DEALT] = {
    let mut odd = [0; ARTICLE / MOST_DEALT];
    let mut i = 0;
    while i < odd.len() {
        odd[i] = mix(2 * i as u32 + 1) | 1;
        i += 1;
    }
    odd
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_marks_and_space_do_not_count() {
        let [mut a, mut b, mut c] = [Words::default(), Words::default(), Words::default()];
        a.read(["“No deal,” she said - again."]);
        b.read(["No deal. SHE said:", " 'again'"]);
        c.read(["No deal, she said."]);
        assert_eq!((a.hash(), a.sketch::<PART>()), (b.hash(), b.sketch::<PART>()));
        assert_ne!(a.hash(), c.hash());
    }

    #[test]
    fn words_of_paragraphs_are_those_of_the_text() {
        let [mut whole, mut rows, mut row] = [Words::default(), Words::default(), Words::default()];
        let text = "“No deal,” she said.\n\nÉmile left —\n\nagain.";
        for paragraph in text.split("\n\n") {
            rows.append(row.read([paragraph]));
        }
        assert_eq!(rows.list, whole.read([text]).list);
        rows.clear();
        assert_eq!(rows.hash(), Words::default().hash());
    }

    #[test]
    fn short_articles_have_no_sketch() {
        assert_eq!(Words::default().read(["Rain fell on the quay."]).sketch::<ARTICLE>(), None);
        assert_eq!(Words::default().read(["…"]).sketch::<PART>(), None);
    }

    #[test]
    fn no_place_stays_empty() {
        let mut places = [u32::MAX, 7, u32::MAX, u32::MAX];
        fill_empty(&mut places);
        assert_eq!(places[1], 7);
        assert!(places.iter().all(|&place| place != u32::MAX));
        assert_ne!(places[2], places[3]);
    }
}
