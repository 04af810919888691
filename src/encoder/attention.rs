//! Self-attention within a window (Vaswani et al. 2017).
//!
//! Numbers are rounded to 12 bits and a sign, scaled by head, and multiplied as `i16`: one instruction of AVX2 multiplies 16
//! pairs and adds neighbours into 32 bits, faster than `f32`, and the rounding is far below that of the 8-bit products.
//! AVX-512 with VNNI does twice as many and adds them to a sum.

use fearless_simd::Level;

use super::quantised::ROUNDING;

/// Numbers of a head, as in all BERT models of this family.
pub(super) const HEAD: usize = 32;

/// Largest rounded number.
const MOST: f32 = 4095.0;

/// Rows of a tile.
const ROWS: usize = 8;

/// Columns of a tile.
const COLUMNS: usize = 16;

/// Two rounded numbers that are each multiplied with their like in another pair, in the low and the high 16 bits.
type Pair = i32;

/// A pair of each column of a panel.
type PairColumns = [Pair; COLUMNS];

/// The sums of a tile.
type Sums = [[i32; COLUMNS]; ROWS];

/// Buffers of [`attend`], kept from window to window.
#[derive(Debug, Clone, Default)]
pub(super) struct AttentionScratch {
    /// Queries of the head, row after row.
    queries: Vec<[Pair; HEAD / 2]>,
    /// Keys of the head: panels of [`COLUMNS`] keys, each with all its pairs.
    keys: Vec<[PairColumns; HEAD / 2]>,
    /// Values of the head: panels of [`COLUMNS`] of its numbers. Pairs are those of pieces 0 and 8 of each 16, 1 and 9 ...
    values: [Vec<PairColumns>; HEAD / COLUMNS],
    /// Of each row of a tile: the scores of all keys.
    scores: [Vec<f32>; ROWS],
    /// Of each row of a tile: 2 to the power of each score, relative to the highest; paired like the values.
    shares: [Vec<Pair>; ROWS],
}

/// Lets each piece of a window attend to all of them. `projected` has a query, a key and a value of `width` numbers for
/// each piece, one after the other; `context` gets `width` numbers for each.
pub(super) fn attend(
    level: Level,
    projected: &[f32],
    width: usize,
    scratch: &mut AttentionScratch,
    context: &mut [f32],
) {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx512) = level.as_avx512() {
        return x86::attend_by_avx512(avx512, projected, width, scratch, context);
    } else if let Some(avx2) = level.as_avx2() {
        return x86::attend_by_avx2(avx2, projected, width, scratch, context);
    }
    let _ = level;
    attend_with(projected, width, scratch, context, portable_tile);
}

/// [`attend`] with a function that sums a tile.
#[inline(always)]
fn attend_with(
    projected: &[f32],
    width: usize,
    scratch: &mut AttentionScratch,
    context: &mut [f32],
    tile: impl Fn([&[Pair]; ROWS], &[PairColumns]) -> Sums,
) {
    if width == 0 {
        return;
    }
    let pieces = projected.len() / (3 * width);
    for head in 0..width / HEAD {
        let part = |which: usize| {
            let start = which * width + head * HEAD;
            projected.chunks_exact(3 * width).filter_map(move |row| row.get(start..)?.first_chunk::<HEAD>())
        };
        let score_scale = scratch.set_queries(part(0)) * scratch.set_keys(part(1), pieces);
        let value_scale = scratch.set_values(part(2), pieces);
        let AttentionScratch { queries, keys, values, scores, shares } = &mut *scratch;
        // Softmax is computed with powers of 2.
        let score_scale = score_scale * std::f32::consts::LOG2_E / (HEAD as f32).sqrt();
        for (queries, context) in queries.chunks(ROWS).zip(context.chunks_mut(ROWS * width)) {
            let rows: [&[Pair]; ROWS] =
                std::array::from_fn(|i| queries.get(i).map_or(&[] as _, <[Pair; HEAD / 2]>::as_slice));
            let rows = rows.map(|row| if row.is_empty() { rows[0] } else { row });
            for (panel, keys) in keys.iter().enumerate() {
                for (scores, sums) in scores.iter_mut().zip(tile(rows, keys)) {
                    if let Some(scores) = scores.get_mut(panel * COLUMNS..).and_then(<[f32]>::first_chunk_mut) {
                        *scores = sums.map(|sum| sum as f32);
                    }
                }
            }
            let mut totals = [0; ROWS];
            for ((scores, shares), total) in scores.iter_mut().zip(&mut *shares).zip(&mut totals) {
                *total = share(scores, score_scale, pieces, shares);
            }
            let rows: [&[Pair]; ROWS] = std::array::from_fn(|i| shares[i].as_slice());
            for (panel, values) in values.iter().enumerate() {
                let sums = tile(rows, values);
                for ((context, sums), total) in context.chunks_mut(width).zip(&sums).zip(&totals) {
                    let start = head * HEAD + panel * COLUMNS;
                    if let Some(context) = context.get_mut(start..).and_then(<[f32]>::first_chunk_mut) {
                        let factor = value_scale / *total as f32;
                        *context = sums.map(|sum| sum as f32 * factor);
                    }
                }
            }
        }
    }
}

impl AttentionScratch {
    /// Takes up the queries; gives their scale.
    #[inline(always)]
    fn set_queries<'r>(&mut self, rows: impl Iterator<Item = &'r [f32; HEAD]> + Clone) -> f32 {
        let scale = scale(rows.clone(), MOST);
        self.queries.clear();
        self.queries.extend(rows.map(|row| round(row, scale)));
        scale
    }

    /// Takes up the keys; gives their scale.
    #[inline(always)]
    fn set_keys<'r>(&mut self, rows: impl Iterator<Item = &'r [f32; HEAD]> + Clone, pieces: usize) -> f32 {
        let scale = scale(rows.clone(), MOST);
        self.keys.resize(pieces.div_ceil(COLUMNS), [[0; COLUMNS]; HEAD / 2]);
        for (key, row) in rows.enumerate() {
            let row = round(row, scale);
            if let Some(panel) = self.keys.get_mut(key / COLUMNS) {
                for (pairs, pair) in panel.iter_mut().zip(row) {
                    pairs[key % COLUMNS] = pair;
                }
            }
        }
        let padded = self.keys.len() * COLUMNS;
        for (scores, shares) in self.scores.iter_mut().zip(&mut self.shares) {
            scores.resize(padded, 0.0);
            shares.resize(padded / 2, 0);
        }
        scale
    }

    /// Takes up the values; gives their scale.
    #[inline(always)]
    fn set_values<'r>(&mut self, rows: impl Iterator<Item = &'r [f32; HEAD]> + Clone, pieces: usize) -> f32 {
        // The sum over all pieces must fit in 32 bits.
        let most = (f64::from(i32::MAX) / (f64::from(MOST) + 1.0) / pieces.max(1) as f64).min(f64::from(MOST));
        let scale = scale(rows.clone(), most.floor().max(1.0) as f32);
        self.values.iter_mut().for_each(Vec::clear);
        for values in &mut self.values {
            values.resize(self.keys.len() * COLUMNS / 2, [0; COLUMNS]);
        }
        let factor = 1.0 / scale;
        for (piece, row) in rows.enumerate() {
            let pair = piece / COLUMNS * (COLUMNS / 2) + piece % (COLUMNS / 2);
            let shift = if piece % COLUMNS < COLUMNS / 2 { 0 } else { 16 };
            for (values, row) in self.values.iter_mut().zip(row.as_chunks::<COLUMNS>().0) {
                let Some(pairs) = values.get_mut(pair) else { continue };
                for i in 0..COLUMNS {
                    pairs[i] |= (whole(row[i] * factor) & 0xffff) << shift;
                }
            }
        }
        scale
    }
}

/// What 1 means when the largest of the numbers becomes `most`.
#[inline(always)]
fn scale<'r>(rows: impl Iterator<Item = &'r [f32; HEAD]>, most: f32) -> f32 {
    let mut largest = [0.0_f32; HEAD];
    for row in rows {
        for i in 0..HEAD {
            let size = row[i].abs();
            largest[i] = if size > largest[i] { size } else { largest[i] };
        }
    }
    (largest.into_iter().fold(0.0, f32::max) / most).clamp(f32::MIN_POSITIVE, f32::MAX)
}

/// The nearest whole number.
#[inline(always)]
fn whole(number: f32) -> i32 {
    (number + ROUNDING).to_bits().cast_signed() - ROUNDING.to_bits().cast_signed()
}

/// Rounds numbers to multiples of `scale`. Pairs are those of the first and the second half.
#[inline(always)]
fn round(row: &[f32; HEAD], scale: f32) -> [Pair; HEAD / 2] {
    let factor = 1.0 / scale;
    let mut pairs = [0; HEAD / 2];
    for i in 0..HEAD / 2 {
        pairs[i] = whole(row[i] * factor) & 0xffff | whole(row[i + HEAD / 2] * factor) << 16;
    }
    pairs
}

/// 2 to the power of a number between -½ and ½ is about this polynomial, lowest power first; within 3 millionths.
const POWER: [f32; 5] = [0.999_999_3, 0.693_121_85, 0.240_247_47, 0.055_917_61, 0.009_569_878];

/// Writes 2 to the power of each score times `scale`, relative to the highest, to `shares`, the highest being [`MOST`].
/// Gives the sum. Scores of keys beyond `pieces` get 0.
#[inline(always)]
fn share(scores: &mut [f32], scale: f32, pieces: usize, shares: &mut [Pair]) -> i32 {
    scores.iter_mut().skip(pieces).for_each(|score| *score = f32::MIN);
    let (scores, _) = scores.as_chunks::<COLUMNS>();
    let (shares, _) = shares.as_chunks_mut::<{ COLUMNS / 2 }>();
    let mut highest = [f32::MIN; COLUMNS];
    for scores in scores {
        for i in 0..COLUMNS {
            highest[i] = if scores[i] > highest[i] { scores[i] } else { highest[i] };
        }
    }
    let highest = highest.into_iter().fold(f32::MIN, f32::max);
    let mut totals = [0_i32; COLUMNS];
    for (scores, shares) in scores.iter().zip(shares) {
        let mut powers = [0; COLUMNS];
        for i in 0..COLUMNS {
            let exponent = (scores[i] - highest) * scale;
            let exponent = if exponent > -24.0 { exponent } else { -24.0 };
            let rounded = exponent + ROUNDING;
            let rest = exponent - (rounded - ROUNDING);
            let [c0, c1, c2, c3, c4] = POWER;
            let power = (((c4 * rest + c3) * rest + c2) * rest + c1) * rest + c0;
            let power = f32::from_bits(power.to_bits().wrapping_add(rounded.to_bits() << 23));
            powers[i] = whole(power * MOST);
            totals[i] += powers[i];
        }
        for i in 0..COLUMNS / 2 {
            shares[i] = powers[i] | powers[i + COLUMNS / 2] << 16;
        }
    }
    totals.iter().sum::<i32>().max(1)
}

/// Sums a tile, on any machine.
#[inline(always)]
fn portable_tile(rows: [&[Pair]; ROWS], panel: &[PairColumns]) -> Sums {
    rows.map(|row| {
        let mut sums = [0_i32; COLUMNS];
        for (pair, columns) in row.iter().zip(panel) {
            for (sum, column) in sums.iter_mut().zip(columns) {
                // The low 16 bits with their sign, then the high ones. Only numbers that are none can overflow.
                let product = (pair << 16 >> 16) * (column << 16 >> 16);
                *sum = sum.wrapping_add(product).wrapping_add((pair >> 16) * (column >> 16));
            }
        }
        sums
    })
}

/// The same with AVX-512 (Ice Lake and later) or AVX2.
#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm256_add_epi32, _mm256_madd_epi16, _mm256_set1_epi32, _mm256_setzero_si256,
        _mm512_dpwssd_epi32, _mm512_set1_epi32, _mm512_setzero_si512,
    };

    use fearless_simd::{i32x8, i32x16, kernel, prelude::*};

    use super::{AttentionScratch, Pair, PairColumns, ROWS, Sums, attend_with};

    kernel!(
        pub(super) fn attend_by_avx512(
            avx512: Avx512,
            projected: &[f32],
            width: usize,
            scratch: &mut AttentionScratch,
            context: &mut [f32],
        ) {
            attend_with(projected, width, scratch, context, |rows, panel| tile_by_avx512(avx512, rows, panel));
        }
    );

    kernel!(
        pub(super) fn attend_by_avx2(
            avx2: Avx2,
            projected: &[f32],
            width: usize,
            scratch: &mut AttentionScratch,
            context: &mut [f32],
        ) {
            attend_with(projected, width, scratch, context, |rows, panel| tile_by_avx2(avx2, rows, panel));
        }
    );

    kernel!(
        #[inline]
        fn tile_by_avx512(avx512: Avx512, rows: [&[Pair]; ROWS], panel: &[PairColumns]) -> Sums {
            let mut sums = [_mm512_setzero_si512(); ROWS];
            let rows = cut_to_shortest(rows, panel);
            for (i, columns) in panel.iter().enumerate().take(rows[0].len()) {
                let columns = __m512i::from(i32x16::simd_from(avx512, *columns));
                for (sum, row) in sums.iter_mut().zip(rows) {
                    *sum = _mm512_dpwssd_epi32(*sum, _mm512_set1_epi32(row[i]), columns);
                }
            }
            sums.map(|sum| i32x16::simd_from(avx512, sum).into())
        }
    );

    kernel!(
        #[inline]
        fn tile_by_avx2(avx2: Avx2, rows: [&[Pair]; ROWS], panel: &[PairColumns]) -> Sums {
            let rows = cut_to_shortest(rows, panel);
            let mut result = Sums::default();
            // Sums of all rows at once do not fit into the registers.
            for (rows, result) in rows.as_chunks::<4>().0.iter().zip(result.as_chunks_mut::<4>().0) {
                let mut sums = [[_mm256_setzero_si256(); 2]; 4];
                for (i, columns) in panel.iter().enumerate().take(rows[0].len()) {
                    let (halves, _) = columns.as_chunks();
                    let [low, high] = [0, 1].map(|half| __m256i::from(i32x8::simd_from(avx2, halves[half])));
                    for (sums, row) in sums.iter_mut().zip(rows) {
                        let pair = _mm256_set1_epi32(row[i]);
                        sums[0] = _mm256_add_epi32(sums[0], _mm256_madd_epi16(pair, low));
                        sums[1] = _mm256_add_epi32(sums[1], _mm256_madd_epi16(pair, high));
                    }
                }
                for (result, sums) in result.iter_mut().zip(sums) {
                    for (half, sum) in result.as_chunks_mut().0.iter_mut().zip(sums) {
                        *half = i32x8::simd_from(avx2, sum).into();
                    }
                }
            }
            result
        }
    );

    /// The rows, cut to the shortest of them and the panel, so that no bounds are checked in the loop.
    #[inline(always)]
    fn cut_to_shortest<'r>(rows: [&'r [Pair]; ROWS], panel: &[PairColumns]) -> [&'r [Pair]; ROWS] {
        let length = rows.iter().fold(panel.len(), |length, row| length.min(row.len()));
        rows.map(|row| row.get(..length).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::super::vectorised::levels;
    use super::*;

    #[test]
    fn attention_is_that_of_floats() {
        let (width, pieces) = (64, 21);
        let projected: Vec<f32> = (0..pieces * 3 * width).map(|i| ((i * 193 % 211) as f32 - 105.0) / 60.0).collect();
        let row = |piece: usize, which: usize, head: usize| {
            let start = (piece * 3 + which) * width + head * HEAD;
            &projected[start..start + HEAD]
        };
        let [context, others @ ..] = &*levels()
            .into_iter()
            .map(|level| {
                let mut context = vec![0.0; pieces * width];
                attend(level, &projected, width, &mut AttentionScratch::default(), &mut context);
                context
            })
            .collect::<Vec<_>>()
        else {
            panic!("there is one level at least")
        };
        assert!(others.iter().all(|other| other == context));
        for piece in 0..pieces {
            for head in 0..2 {
                let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
                let score = |key| (dot(row(piece, 0, head), row(key, 1, head)) / (HEAD as f32).sqrt()).exp();
                let scores: Vec<f32> = (0..pieces).map(score).collect();
                let total: f32 = scores.iter().sum();
                for i in 0..HEAD {
                    let sum = scores.iter().enumerate().map(|(key, score)| score * row(key, 2, head)[i]).sum::<f32>();
                    let found = context[piece * width + head * HEAD + i];
                    assert!((sum / total - found).abs() < 2e-3, "{} is not {found}", sum / total);
                }
            }
        }
    }
}
