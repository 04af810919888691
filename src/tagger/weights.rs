//! The table of weights: features found by hash, weights of 8 bits, in one run of bytes that needs no parsing.
//!
//! The table is an array of buckets, a power of two of them. A bucket has room for eight features: eight fingerprints
//! (`u16`, little-endian, 0 for a free place), then eight rows of one `i8` a label. A feature's bucket is given by the
//! high bits of its hash, its fingerprint by the 16 bits below; a full bucket flows over into the next. With up to six
//! labels a bucket is a cache line of 64 bytes or less, so that a look-up costs one access to memory.

use std::borrow::Cow;

/// Features a bucket.
const PLACES: usize = 8;

/// Bytes of the fingerprints of a bucket.
const PRINTS: usize = PLACES * 2;

/// How full a table is built: at this load less than one bucket in fifty flows over.
const LOAD: f64 = 0.62;

/// Where to look for a feature.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Probe {
    /// Where its bucket starts.
    at: usize,
    /// Its fingerprint.
    print: u16,
    /// The fingerprints in the bucket.
    lanes: [u64; 2],
}

/// A table of quantised weights.
#[derive(Debug, Clone)]
pub(super) struct Weights {
    labels: usize,
    buckets: usize,
    /// 64 less the number of bits that name a bucket.
    shift: u32,
    bytes: Cow<'static, [u8]>,
}

impl Weights {
    /// Takes up a table as [`Weights::bytes`] gave it; none if its length is not that of a table.
    pub(super) fn from_bytes(labels: usize, bytes: Cow<'static, [u8]>) -> Option<Self> {
        let buckets = bytes.len() / bucket_len(labels);
        let whole = buckets * bucket_len(labels) == bytes.len() && buckets.is_power_of_two() && buckets > 1;
        whole.then(|| Weights { labels, buckets, shift: 64 - buckets.trailing_zeros(), bytes })
    }

    /// Builds a table. Of two features that cannot be told apart the first is kept.
    pub(super) fn build<'a>(labels: usize, features: impl ExactSizeIterator<Item = (u64, &'a [i8])>) -> Self {
        let wanted = (features.len() as f64 / (PLACES as f64 * LOAD)).ceil() as usize;
        let buckets = wanted.next_power_of_two().max(2);
        let mut table = Weights {
            labels,
            buckets,
            shift: 64 - buckets.trailing_zeros(),
            bytes: Cow::Owned(vec![0; buckets * bucket_len(labels)]),
        };
        for (feature, row) in features {
            table.insert(feature, row);
        }
        table
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Fetches the fingerprints of the bucket where `feature` would stand. Several fetched one after the other, before any
    /// is looked at, wait for memory together.
    #[inline]
    pub(super) fn probe(&self, feature: u64) -> Probe {
        let at = (feature >> self.shift) as usize * bucket_len(self.labels);
        let prints = self.bytes.get(at..at + PRINTS).unwrap_or(&[]);
        Probe { at, print: fingerprint(feature, self.shift), lanes: lanes(prints) }
    }

    /// Adds the weights of a feature to `sums`, if the table holds it.
    #[inline]
    pub(super) fn add(&self, probe: &Probe, sums: &mut [i32]) {
        if let Some(row) = self.row(probe) {
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += i32::from(weight.cast_signed());
            }
        }
    }

    #[inline]
    fn row(&self, probe: &Probe) -> Option<&[u8]> {
        let (mut at, mut here) = (probe.at, probe.lanes);
        // The bound only matters for bytes that no builder made: a table without a free place.
        for _ in 0..self.buckets {
            match look(here, probe.print) {
                (Some(place), _) => {
                    let row = at + PRINTS + place * self.labels;
                    return self.bytes.get(row..row + self.labels);
                }
                (None, true) => return None,
                (None, false) => {}
            }
            at += bucket_len(self.labels);
            at = if at < self.bytes.len() { at } else { 0 };
            here = lanes(self.bytes.get(at..at + PRINTS).unwrap_or(&[]));
        }
        None
    }

    fn insert(&mut self, feature: u64, row: &[i8]) {
        if self.row(&self.probe(feature)).is_some() {
            return;
        }
        let (size, labels) = (bucket_len(self.labels), self.labels);
        let print = fingerprint(feature, self.shift);
        let first = (feature >> self.shift) as usize;
        let (bytes, buckets) = (self.bytes.to_mut(), self.buckets);
        for bucket in (first..buckets).chain(0..first) {
            let bucket = &mut bytes[bucket * size..(bucket + 1) * size];
            if let Some(place) = free_place(&bucket[..PRINTS]) {
                bucket[place * 2..place * 2 + 2].copy_from_slice(&print.to_le_bytes());
                for (byte, weight) in bucket[PRINTS + place * labels..].iter_mut().zip(row) {
                    *byte = *weight as u8;
                }
                return;
            }
        }
    }
}

fn bucket_len(labels: usize) -> usize {
    PLACES * (2 + labels)
}

/// The 16 bits below those that name the bucket, never 0.
#[inline]
fn fingerprint(feature: u64, shift: u32) -> u16 {
    ((feature >> (shift - 16)) as u16).max(1)
}

/// A one in each lane of 16 bits.
const ONES: u64 = 0x0001_0001_0001_0001;

/// A bucket's fingerprints, four in each number.
#[inline]
fn lanes(prints: &[u8]) -> [u64; 2] {
    let half =
        |from: usize| prints.get(from..from + 8).and_then(|half| half.try_into().ok()).map_or(0, u64::from_le_bytes);
    [half(0), half(8)]
}

/// The first place that holds `print`, and whether a place before it is free.
#[inline]
fn look(lanes: [u64; 2], print: u16) -> (Option<usize>, bool) {
    let wanted = u64::from(print) * ONES;
    let mut free = false;
    for (half, lanes) in lanes.into_iter().enumerate() {
        let hits = zero_lanes(lanes ^ wanted);
        if hits != 0 {
            return (Some(half * 4 + hits.trailing_zeros() as usize / 16), free);
        }
        free |= zero_lanes(lanes) != 0;
    }
    (None, free)
}

/// The highest bit of each lane of 16 bits that is zero; lanes above the first such one may be marked wrongly.
#[inline]
fn zero_lanes(lanes: u64) -> u64 {
    lanes.wrapping_sub(ONES) & !lanes & (ONES << 15)
}

/// The first free place of a bucket.
fn free_place(prints: &[u8]) -> Option<usize> {
    prints.chunks_exact(2).position(|print| print == [0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(i: u64) -> u64 {
        (i + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    #[test]
    fn every_feature_is_found_again_and_hardly_any_other() {
        let rows: Vec<[i8; 3]> = (0..5000).map(|i| [i as i8, 1, -1]).collect();
        let table =
            Weights::build(3, (0..5000).map(hash).zip(rows.iter().map(|r| &r[..])).collect::<Vec<_>>().into_iter());
        let table = Weights::from_bytes(3, Cow::Owned(table.bytes().to_vec())).unwrap();
        for i in 0..5000 {
            let mut sums = [0; 3];
            table.add(&table.probe(hash(i)), &mut sums);
            assert_eq!(sums, [i32::from(i as i8), 1, -1]);
        }
        let strangers = (5000..105_000).filter(|&i| table.row(&table.probe(hash(i))).is_some()).count();
        assert!(strangers < 100, "{strangers} of 100,000 strangers were taken for features");
    }

    #[test]
    fn a_table_of_another_length_is_refused() {
        assert!(Weights::from_bytes(3, Cow::Borrowed(&[0; 41])).is_none());
        assert!(Weights::from_bytes(3, Cow::Borrowed(&[])).is_none());
    }
}
