//! The table of weights: features found by hash, weights of 8 bits.
//!
//! The table is an array of buckets, a power of two of them. A bucket has room for eight features: eight fingerprints
//! (0 for a free place), then eight rows of `W` weights. A feature's bucket is given by the high bits of its hash, its
//! fingerprint by the 16 bits below. What finds its bucket full is left out: builders put in the strongest features first,
//! so the weakest hundredth is lost. In a file, fingerprints are `u16`, little-endian, weights `i8`, and nothing is
//! between two buckets.
//!
//! Look-ups are the innermost loop of an analysis, some fifty a token, and half of their time is waiting for the bucket,
//! which the second-level cache often does not hold. So a bucket in memory lies in one line of the cache; as they are in a
//! file, most lie across two.
//!
//! Where a feature is in its bucket is as good as random: a branch on it would be guessed wrongly most of the time, and
//! each wrong guess would keep the next look-ups from starting their wait for memory. So all eight fingerprints are compared
//! at once and the place is computed. Whether the feature is there at all is easier to guess, two in three are; forcing the
//! compiler to do without that branch as well was no faster.

use prefetch_index::prefetch_index;

/// Features a bucket.
const PLACES: usize = 8;

/// Bytes of the fingerprints of a bucket.
const PRINTS: usize = PLACES * 2;

/// Features looked up together.
const BATCH: usize = 32;

/// How full a table is built: at this load one feature in a hundred finds its bucket full.
const LOAD: f64 = 0.62;

/// A table of quantised weights, `W` a feature.
#[derive(Debug, Clone)]
pub(super) struct Weights<const W: usize> {
    /// 64 less the number of bits that name a bucket.
    shift: u32,
    buckets: Vec<Bucket<W>>,
}

/// Some features and their weights. With up to six weights a feature it fills half a line of the cache or a whole one.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Bucket<const W: usize> {
    /// Fingerprints, four in each number, the first in its lowest bits.
    prints: [u64; 2],
    rows: [[i8; W]; PLACES],
}

impl<const W: usize> Weights<W> {
    /// Takes up a table as [`Weights::bytes`] gave it; none if its length is not that of a table.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let buckets: Option<Vec<Bucket<W>>> = bytes.chunks(Bucket::<W>::BYTES).map(Bucket::read).collect();
        buckets.filter(|buckets| buckets.len() > 1 && buckets.len().is_power_of_two()).map(Weights::of)
    }

    /// Builds a table of features, the strongest first. Of two that cannot be told apart the first is kept.
    pub(super) fn build(features: impl ExactSizeIterator<Item = (u64, [i8; W])>) -> Self {
        let wanted = (features.len() as f64 / (PLACES as f64 * LOAD)).ceil() as usize;
        let free = Bucket { prints: [0; 2], rows: [[0; W]; PLACES] };
        let mut table = Weights::of(vec![free; wanted.next_power_of_two().max(2)]);
        for (feature, row) in features {
            let (at, print) = (table.bucket(feature), table.fingerprint(feature));
            if let Some(bucket) = table.buckets.get_mut(at) {
                bucket.insert(print, row);
            }
        }
        table
    }

    fn of(buckets: Vec<Bucket<W>>) -> Self {
        Weights { shift: 64 - buckets.len().trailing_zeros(), buckets }
    }

    /// As a file holds it.
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.buckets.iter().flat_map(Bucket::bytes).collect()
    }

    /// Adds the weights of some features to `sums`.
    #[inline]
    pub(super) fn add_all(&self, mut features: impl Iterator<Item = u64>, sums: &mut [i16; W]) {
        let mut batch = [0; BATCH];
        loop {
            let mut count = 0;
            // All are fetched before the first is read, so that memory is waited for once.
            for (slot, feature) in batch.iter_mut().zip(&mut features) {
                *slot = feature;
                self.fetch(feature);
                count += 1;
            }
            for feature in &batch[..count] {
                self.add(*feature, sums);
            }
            if count < BATCH {
                return;
            }
        }
    }

    /// Has memory bring what a feature needs to the cache, without waiting for it.
    #[inline]
    pub(super) fn fetch(&self, feature: u64) {
        prefetch_index(&self.buckets, self.bucket(feature));
    }

    /// Adds the weights of a feature to `sums`; nothing if the table does not hold it.
    #[inline]
    pub(super) fn add(&self, feature: u64, sums: &mut [i16; W]) {
        let row = self.buckets.get(self.bucket(feature)).and_then(|bucket| bucket.get(self.fingerprint(feature)));
        if let Some(row) = row {
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum = sum.saturating_add(i16::from(*weight));
            }
        }
    }

    /// The place of a feature's bucket.
    #[inline]
    fn bucket(&self, feature: u64) -> usize {
        (feature >> self.shift) as usize
    }

    /// The 16 bits below those that name the bucket, never 0.
    #[inline]
    fn fingerprint(&self, feature: u64) -> u16 {
        ((feature >> (self.shift - 16)) as u16).max(1)
    }
}

/// A one in each lane of 16 bits.
const ONES: u64 = 0x0001_0001_0001_0001;

impl<const W: usize> Bucket<W> {
    /// Bytes that it takes in a file.
    const BYTES: usize = PRINTS + PLACES * W;

    fn read(bytes: &[u8]) -> Option<Self> {
        let (prints, rows) = bytes.split_at_checked(PRINTS).filter(|(_, rows)| rows.len() == PLACES * W)?;
        let mut bucket = Bucket { prints: [0; 2], rows: [[0; W]; PLACES] };
        for (four, bytes) in bucket.prints.iter_mut().zip(prints.chunks_exact(8)) {
            *four = u64::from_le_bytes(bytes.try_into().ok()?);
        }
        for (weight, byte) in bucket.rows.iter_mut().flatten().zip(rows) {
            *weight = byte.cast_signed();
        }
        Some(bucket)
    }

    fn bytes(&self) -> impl Iterator<Item = u8> {
        let rows = self.rows.iter().flatten().map(|weight| weight.cast_unsigned());
        self.prints.iter().flat_map(|four| four.to_le_bytes()).chain(rows)
    }

    /// The weights of the feature with this fingerprint.
    #[inline]
    fn get(&self, print: u16) -> Option<&[i8; W]> {
        let hits = |lanes: u64| {
            // The highest bit of each lane that is zero; lanes above the first such one may be marked wrongly.
            let differ = lanes ^ (u64::from(print) * ONES);
            differ.wrapping_sub(ONES) & !differ & (ONES << 15)
        };
        let [low, high] = self.prints.map(hits);
        self.rows.get((u128::from(low) | u128::from(high) << 64).trailing_zeros() as usize / 16)
    }

    /// Puts a feature in at the first free place, unless it is there or all are taken.
    fn insert(&mut self, print: u16, row: [i8; W]) {
        for place in 0..PLACES {
            let (four, lane) = (&mut self.prints[place / 4], place % 4 * 16);
            match (*four >> lane) as u16 {
                0 => {
                    *four |= u64::from(print) << lane;
                    self.rows[place] = row;
                    return;
                }
                known if known == print => return,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(i: u64) -> u64 {
        (i + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn sums(table: &Weights<3>, feature: u64) -> [i16; 3] {
        let mut sums = [0; 3];
        table.add(feature, &mut sums);
        sums
    }

    #[test]
    fn nearly_every_feature_is_found_again_and_hardly_any_other() {
        let features: Vec<(u64, [i8; 3])> = (0..5000).map(|i| (hash(i), [i as i8, 1, -1])).collect();
        let table = Weights::build(features.iter().copied());
        let table = Weights::<3>::from_bytes(&table.bytes()).unwrap();
        let found = features.iter().filter(|(feature, row)| sums(&table, *feature) == row.map(i16::from)).count();
        assert!(found > 4900, "{found} of 5,000 features were found again");
        assert!(features[..100].iter().all(|(feature, row)| sums(&table, *feature) == row.map(i16::from)));
        let strangers = (5000..105_000).filter(|&i| sums(&table, hash(i)) != [0; 3]).count();
        assert!(strangers < 100, "{strangers} of 100,000 strangers were taken for features");
    }

    #[test]
    fn a_table_of_another_length_is_refused() {
        assert!(Weights::<3>::from_bytes(&[0; 41]).is_none());
        assert!(Weights::<3>::from_bytes(&[]).is_none());
    }
}
