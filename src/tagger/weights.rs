//! The table of weights: features found by hash, weights of 8 bits, in one run of bytes that needs no parsing.
//!
//! The table is an array of buckets, a power of two of them. A bucket has room for eight features: eight fingerprints
//! (`u16`, little-endian, 0 for a free place), then eight rows of `W` weights (`i8`). A feature's bucket is given by the high
//! bits of its hash, its fingerprint by the 16 bits below. What finds its bucket full is left out: builders put in the
//! strongest features first, so the weakest hundredth is lost.
//!
//! Look-ups are the innermost loop of an analysis, some fifty a token. Where a feature stands in its bucket is as good as
//! random: a branch on it would be guessed wrongly most of the time, and each wrong guess would keep the next look-ups from
//! starting their wait for memory. So all eight fingerprints are compared at once and the place is computed. Whether the
//! feature is there at all is easier to guess, two in three are; forcing the compiler to do without that branch as well
//! was no faster.

use std::borrow::Cow;

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
    bytes: Cow<'static, [u8]>,
}

impl<const W: usize> Weights<W> {
    /// Bytes of a bucket.
    const BUCKET: usize = PLACES * (2 + W);

    /// Takes up a table as [`Weights::bytes`] gave it; none if its length is not that of a table.
    pub(super) fn from_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let buckets = bytes.len() / Self::BUCKET;
        let whole = buckets * Self::BUCKET == bytes.len() && buckets.is_power_of_two() && buckets > 1;
        whole.then(|| Weights { shift: 64 - buckets.trailing_zeros(), bytes })
    }

    /// Builds a table of features, the strongest first. Of two that cannot be told apart the first is kept.
    pub(super) fn build(features: impl ExactSizeIterator<Item = (u64, [i8; W])>) -> Self {
        let wanted = (features.len() as f64 / (PLACES as f64 * LOAD)).ceil() as usize;
        let buckets = wanted.next_power_of_two().max(2);
        let bytes = Cow::Owned(vec![0; buckets * Self::BUCKET]);
        let mut table = Weights { shift: 64 - buckets.trailing_zeros(), bytes };
        for (feature, row) in features {
            table.insert(feature, row);
        }
        table
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds the weights of some features to `sums`.
    #[inline]
    pub(super) fn add_all(&self, mut features: impl Iterator<Item = u64>, sums: &mut [i16; W]) {
        let mut batch = [0; BATCH];
        loop {
            let mut count = 0;
            for (slot, feature) in batch.iter_mut().zip(&mut features) {
                *slot = feature;
                count += 1;
            }
            // All hashes first, so that the look-ups, which wait for memory, do so together.
            for feature in &batch[..count] {
                self.add(*feature, sums);
            }
            if count < BATCH {
                return;
            }
        }
    }

    /// Adds the weights of a feature to `sums`; nothing if the table does not hold it.
    #[inline]
    pub(super) fn add(&self, feature: u64, sums: &mut [i16; W]) {
        let at = self.bucket(feature);
        let Some(bucket) = self.bytes.get(at..at + Self::BUCKET) else { return };
        let (prints, rows) = bucket.split_at(PRINTS);
        let place = find(prints, self.fingerprint(feature));
        if place == PLACES {
            return;
        }
        let Some(row) = rows.get(place * W..).and_then(<[u8]>::first_chunk::<W>) else { return };
        for (sum, weight) in sums.iter_mut().zip(row) {
            *sum = sum.saturating_add(i16::from(weight.cast_signed()));
        }
    }

    /// Where the bucket of a feature starts.
    #[inline]
    fn bucket(&self, feature: u64) -> usize {
        (feature >> self.shift) as usize * Self::BUCKET
    }

    /// The 16 bits below those that name the bucket, never 0.
    #[inline]
    fn fingerprint(&self, feature: u64) -> u16 {
        ((feature >> (self.shift - 16)) as u16).max(1)
    }

    fn insert(&mut self, feature: u64, row: [i8; W]) {
        let (at, print) = (self.bucket(feature), self.fingerprint(feature));
        let bucket = &mut self.bytes.to_mut()[at..at + Self::BUCKET];
        let (prints, rows) = bucket.split_at_mut(PRINTS);
        for (place, known) in prints.chunks_exact_mut(2).enumerate() {
            if *known == print.to_le_bytes() {
                return;
            }
            if *known == [0, 0] {
                known.copy_from_slice(&print.to_le_bytes());
                rows[place * W..][..W].copy_from_slice(&row.map(i8::cast_unsigned));
                return;
            }
        }
    }
}

/// A one in each lane of 16 bits.
const ONES: u64 = 0x0001_0001_0001_0001;

/// The place of `print` among the fingerprints of a bucket; [`PLACES`] if it is not there.
#[inline]
fn find(prints: &[u8], print: u16) -> usize {
    let half = |at: usize| prints.get(at..at + 8).and_then(|half| half.try_into().ok()).map_or(0, u64::from_le_bytes);
    let hits = |lanes: u64| {
        // The highest bit of each lane that is zero; lanes above the first such one may be marked wrongly.
        let differ = lanes ^ (u64::from(print) * ONES);
        differ.wrapping_sub(ONES) & !differ & (ONES << 15)
    };
    (u128::from(hits(half(0))) | u128::from(hits(half(8))) << 64).trailing_zeros() as usize / 16
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
        let table = Weights::<3>::from_bytes(Cow::Owned(table.bytes().to_vec())).unwrap();
        let found = features.iter().filter(|(feature, row)| sums(&table, *feature) == row.map(i16::from)).count();
        assert!(found > 4900, "{found} of 5,000 features were found again");
        assert!(features[..100].iter().all(|(feature, row)| sums(&table, *feature) == row.map(i16::from)));
        let strangers = (5000..105_000).filter(|&i| sums(&table, hash(i)) != [0; 3]).count();
        assert!(strangers < 100, "{strangers} of 100,000 strangers were taken for features");
    }

    #[test]
    fn a_table_of_another_length_is_refused() {
        assert!(Weights::<3>::from_bytes(Cow::Borrowed(&[0; 41])).is_none());
        assert!(Weights::<3>::from_bytes(Cow::Borrowed(&[])).is_none());
    }
}
