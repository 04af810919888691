//! The product of rows of numbers with a matrix of 8-bit weights.
//!
//! Rows are quantised as they come, each with a scale and a zero point of its own: 0..=255. Weights are quantised in the
//! file, -127..=127, with a scale for each output. Products are summed in whole numbers, so that the sum is the same on
//! every machine and in every order.
//!
//! On AVX2 one instruction multiplies 32 pairs of 8-bit numbers and adds neighbours, but into 16 bits, which two such
//! products can fill. Widening to 32 bits after each costs as much as the product. We sum [`QUADS`] of them in 16 bits
//! and widen then, half again as fast as what general crates do (rten-gemm 0.27), and it cannot overflow: the file keeps
//! the weights that share a sum so small ([`MAX_SUM`]) that rows of 255 throughout fit. [`Linear::new`] checks it.
//! AVX-512 with VNNI adds four products to a sum of 32 bits at once, and sums the same in half the time.

use fearless_simd::Level;

use super::quantised::{GROUP, QuantisedRows, ROWS, RowGroup};

/// Quadruples of products that are summed in 16 bits.
const QUADS: usize = GROUP / 4;

/// Outputs of a panel.
const OUTPUTS: usize = 32;

/// Outputs whose weights lie together: what a vector of 32-bit sums holds at most.
const LANES: usize = 16;

/// Largest sum of the positive, and of the negative, weights that share a sum of 16 bits: 255 times this is less than 2¹⁵.
pub(super) const MAX_SUM: i32 = 128;

/// Bytes of panels that stay in the first-level cache while all rows go by; a single panel may have more.
const CACHED: usize = 24 << 10;

/// Weights of [`GROUP`] inputs and [`OUTPUTS`] outputs: by [`LANES`] outputs, then by four consecutive inputs. Aligned, so
/// that no vector of them lies in two lines of the cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct WeightGroup([[[i8; 4 * LANES]; QUADS]; OUTPUTS / LANES]);

/// The sums of a tile: [`ROWS`] rows by [`OUTPUTS`] outputs.
type Sums = [[i32; OUTPUTS]; ROWS];

/// A linear layer: `output = row · weights + bias`.
#[derive(Debug, Clone)]
pub(super) struct Linear {
    inputs: usize,
    outputs: usize,
    /// Panel after panel, each with all its inputs.
    panels: Vec<WeightGroup>,
    /// What belongs to the outputs of each panel.
    columns: Vec<PanelColumns>,
}

/// What a panel knows of its outputs besides their weights. 0 for outputs that only fill the panel up.
#[derive(Debug, Clone, Copy, Default)]
struct PanelColumns {
    /// Sum of the weights: what a zero point of 1 adds to the sum.
    weight_sum: [i32; OUTPUTS],
    scale: [f32; OUTPUTS],
    bias: [f32; OUTPUTS],
}

impl Linear {
    /// Packs weights, `[outputs, inputs]` row by row, with the scale and the bias of each output. None if the lengths do
    /// not match or weights that share a sum exceed [`MAX_SUM`].
    pub(super) fn new(weights: &[i8], scale: &[f32], bias: &[f32]) -> Option<Self> {
        let (outputs, inputs) = (scale.len(), weights.len().checked_div(scale.len())?);
        if inputs == 0 || weights.len() != inputs * outputs || bias.len() != outputs {
            return None;
        }
        let groups = inputs.div_ceil(GROUP);
        let mut panels = Vec::with_capacity(outputs.div_ceil(OUTPUTS) * groups);
        let mut columns = Vec::with_capacity(outputs.div_ceil(OUTPUTS));
        let numbers = scale.chunks(OUTPUTS).zip(bias.chunks(OUTPUTS));
        for (weights, (scale, bias)) in weights.chunks(OUTPUTS * inputs).zip(numbers) {
            let start = panels.len();
            panels.resize(start + groups, WeightGroup([[[0; 4 * LANES]; QUADS]; OUTPUTS / LANES]));
            let mut column = PanelColumns::default();
            for (output, row) in weights.chunks(inputs).enumerate() {
                for (group, row) in panels.get_mut(start..)?.iter_mut().zip(row.chunks(GROUP)) {
                    if !fits(row) {
                        return None;
                    }
                    let quads = group.0.get_mut(output / LANES)?;
                    for (quad, four) in quads.iter_mut().zip(row.chunks(4)) {
                        quad.get_mut(4 * (output % LANES)..)?
                            .iter_mut()
                            .zip(four)
                            .for_each(|(place, weight)| *place = *weight);
                    }
                }
                *column.weight_sum.get_mut(output)? = row.iter().map(|weight| i32::from(*weight)).sum();
            }
            column.scale.iter_mut().zip(scale).for_each(|(place, number)| *place = *number);
            column.bias.iter_mut().zip(bias).for_each(|(place, number)| *place = *number);
            columns.push(column);
        }
        Some(Linear { inputs, outputs, panels, columns })
    }

    /// Numbers of an input row.
    pub(super) fn inputs(&self) -> usize {
        self.inputs
    }

    /// Numbers of an output row.
    pub(super) fn outputs(&self) -> usize {
        self.outputs
    }

    /// Writes the output of each row to `output`, row after row.
    pub(super) fn apply(&self, level: Level, rows: &QuantisedRows, output: &mut Vec<f32>) {
        output.resize(rows.len() * self.outputs, 0.0);
        #[cfg(target_arch = "x86_64")]
        if let Some(avx512) = level.as_avx512() {
            return x86::apply_by_avx512(avx512, self, rows, output);
        } else if let Some(avx2) = level.as_avx2() {
            return x86::apply_by_avx2(avx2, self, rows, output);
        }
        self.apply_with(rows, output, portable_tile);
    }

    /// [`Linear::apply`] with a function that sums a tile.
    #[inline(always)]
    fn apply_with(
        &self,
        rows: &QuantisedRows,
        output: &mut [f32],
        tile: impl Fn(&[RowGroup], &[WeightGroup], &mut Sums),
    ) {
        let groups = self.inputs.div_ceil(GROUP);
        if rows.groups() != groups {
            return;
        }
        let mut sums = Sums::default();
        let together = (CACHED / (groups * size_of::<WeightGroup>())).max(1);
        let blocks = self.panels.chunks(together * groups).zip(self.columns.chunks(together));
        for (block, (panels, columns)) in blocks.enumerate() {
            for (output, (row_groups, scales)) in output.chunks_mut(ROWS * self.outputs).zip(rows.tiles()) {
                for (i, (panel, column)) in panels.chunks_exact(groups).zip(columns).enumerate() {
                    tile(row_groups, panel, &mut sums);
                    let first = (block * together + i) * OUTPUTS;
                    for ((output, sums), row) in output.chunks_mut(self.outputs).zip(&sums).zip(scales) {
                        let output = output.get_mut(first..).unwrap_or_default();
                        let mut numbers = [0.0; OUTPUTS];
                        for i in 0..OUTPUTS {
                            let sum = sums[i] - row.zero * column.weight_sum[i];
                            numbers[i] = sum as f32 * (row.scale * column.scale[i]) + column.bias[i];
                        }
                        match output.first_chunk_mut() {
                            Some(output) => *output = numbers,
                            None => output.iter_mut().zip(numbers).for_each(|(place, number)| *place = number),
                        }
                    }
                }
            }
        }
    }
}

/// Whether the weights of a group can be summed in 16 bits.
fn fits(row: &[i8]) -> bool {
    // Of each four, the first two share a sum, and so do the last two.
    [0, 2].into_iter().all(|first| {
        let sharing = || row.chunks(4).flat_map(move |four| four.iter().skip(first).take(2)).map(|w| i32::from(*w));
        let positive: i32 = sharing().filter(|weight| *weight > 0).sum();
        let negative: i32 = sharing().filter(|weight| *weight < 0).sum();
        positive <= MAX_SUM && -negative <= MAX_SUM
    })
}

/// Sums a tile, on any machine.
#[inline(always)]
fn portable_tile(rows: &[RowGroup], panel: &[WeightGroup], sums: &mut Sums) {
    *sums = Sums::default();
    for (rows, weights) in rows.iter().zip(panel) {
        for (sums, row) in sums.iter_mut().zip(rows) {
            for (sums, quads) in sums.as_chunks_mut::<LANES>().0.iter_mut().zip(&weights.0) {
                for (row, weights) in row.as_chunks::<4>().0.iter().zip(quads) {
                    for (sum, weights) in sums.iter_mut().zip(weights.as_chunks::<4>().0) {
                        let products = row.iter().zip(weights).map(|(x, weight)| i32::from(*x) * i32::from(*weight));
                        *sum += products.sum::<i32>();
                    }
                }
            }
        }
    }
}

/// The same with AVX-512 (Ice Lake and later) or AVX2.
#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m256i, __m512i, _mm256_add_epi16, _mm256_add_epi32, _mm256_madd_epi16, _mm256_maddubs_epi16,
        _mm256_set1_epi16, _mm256_set1_epi32, _mm256_setzero_si256, _mm512_dpbusd_epi32, _mm512_set1_epi32,
        _mm512_setzero_si512,
    };

    use fearless_simd::{i8x32, i8x64, i32x8, i32x16, kernel, prelude::*};

    use super::{GROUP, Linear, OUTPUTS, QUADS, QuantisedRows, ROWS, RowGroup, Sums, WeightGroup};

    kernel!(
        pub(super) fn apply_by_avx512(avx512: Avx512, linear: &Linear, rows: &QuantisedRows, output: &mut [f32]) {
            linear.apply_with(rows, output, |rows, panel, sums| tile_by_avx512(avx512, rows, panel, sums));
        }
    );

    kernel!(
        pub(super) fn apply_by_avx2(avx2: Avx2, linear: &Linear, rows: &QuantisedRows, output: &mut [f32]) {
            linear.apply_with(rows, output, |rows, panel, sums| tile_by_avx2(avx2, rows, panel, sums));
        }
    );

    kernel!(
        #[inline]
        fn tile_by_avx512(avx512: Avx512, rows: &[RowGroup], panel: &[WeightGroup], result: &mut Sums) {
            let mut sums = [[_mm512_setzero_si512(); 2]; ROWS];
            for (rows, weights) in rows.iter().zip(panel) {
                for quad in 0..QUADS {
                    let [w0, w1] = [0, 1].map(|half| __m512i::from(i8x64::simd_from(avx512, weights.0[half][quad])));
                    for (sums, row) in sums.iter_mut().zip(rows) {
                        let row = _mm512_set1_epi32(four(row, quad));
                        sums[0] = _mm512_dpbusd_epi32(sums[0], row, w0);
                        sums[1] = _mm512_dpbusd_epi32(sums[1], row, w1);
                    }
                }
            }
            for (result, sums) in result.iter_mut().zip(sums) {
                for (half, sum) in result.as_chunks_mut().0.iter_mut().zip(sums) {
                    *half = i32x16::simd_from(avx512, sum).into();
                }
            }
        }
    );

    kernel!(
        #[inline]
        fn tile_by_avx2(avx2: Avx2, rows: &[RowGroup], panel: &[WeightGroup], result: &mut Sums) {
            let ones = _mm256_set1_epi16(1);
            // Sums of more outputs at once do not fit into the registers.
            for part in 0..OUTPUTS / 8 {
                let mut sums = [_mm256_setzero_si256(); ROWS];
                for (rows, weights) in rows.iter().zip(panel) {
                    let [w0, w1, w2, w3] = [0, 1, 2, 3].map(|quad| {
                        let (halves, _) = weights.0[part / 2][quad].as_chunks();
                        __m256i::from(i8x32::simd_from(avx2, halves[part % 2]))
                    });
                    for (sum, row) in sums.iter_mut().zip(rows) {
                        let [r0, r1, r2, r3] = [0, 1, 2, 3].map(|quad| _mm256_set1_epi32(four(row, quad)));
                        let low = _mm256_add_epi16(_mm256_maddubs_epi16(r0, w0), _mm256_maddubs_epi16(r1, w1));
                        let high = _mm256_add_epi16(_mm256_maddubs_epi16(r2, w2), _mm256_maddubs_epi16(r3, w3));
                        *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(_mm256_add_epi16(low, high), ones));
                    }
                }
                for (result, sum) in result.iter_mut().zip(sums) {
                    let (parts, _) = result.as_chunks_mut();
                    parts[part] = i32x8::simd_from(avx2, sum).into();
                }
            }
        }
    );

    /// Four numbers of a group of a row as one.
    #[inline(always)]
    fn four(row: &[u8; GROUP], quad: usize) -> i32 {
        i32::from_le_bytes(row.as_chunks().0[quad])
    }
}

#[cfg(test)]
mod tests {
    use super::super::vectorised::levels;
    use super::*;

    #[track_caller]
    fn check_sums(inputs: usize, outputs: usize, rows: usize) {
        let weights: Vec<i8> = (0..inputs * outputs).map(|i| (i * 29 % 31) as i8 - 15).collect();
        let bias: Vec<f32> = (0..outputs).map(|i| i as f32).collect();
        let linear = Linear::new(&weights, &vec![1.0; outputs], &bias).unwrap();
        // Whole numbers from 0 to 255 are quantised as they are.
        let numbers: Vec<f32> =
            (0..rows * inputs).map(|i| if i % inputs == 0 { 255.0 } else { (i * 7 % 256) as f32 }).collect();
        let mut quantised = QuantisedRows::default();
        quantised.set(levels()[0], &numbers, inputs);
        let expected: Vec<f32> = numbers
            .chunks(inputs)
            .flat_map(|row| {
                let sum = |output: &[i8]| {
                    output.iter().zip(row).map(|(weight, number)| f32::from(*weight) * number).sum::<f32>()
                };
                weights.chunks(inputs).zip(&bias).map(move |(output, bias)| sum(output) + bias).collect::<Vec<_>>()
            })
            .collect();
        for level in levels() {
            let mut output = Vec::new();
            linear.apply(level, &quantised, &mut output);
            assert_eq!(output, expected, "{inputs} inputs, {outputs} outputs, {rows} rows, {level:?}");
        }
    }

    #[test]
    fn the_sum_is_that_of_whole_numbers_on_any_machine() {
        check_sums(37, 19, 11);
        // Several panels in one block, then several blocks.
        check_sums(37, 75, 11);
        check_sums(400, 100, 3);
    }

    #[test]
    fn weights_that_could_overflow_are_refused() {
        assert!(Linear::new(&[64, 64], &[1.0], &[0.0]).is_some());
        assert!(Linear::new(&[64, 65], &[1.0], &[0.0]).is_none());
        assert!(Linear::new(&[-64, -65], &[1.0], &[0.0]).is_none());
        assert!(Linear::new(&[1, 1, 1], &[1.0, 1.0], &[0.0, 0.0]).is_none());
        assert!(Linear::new(&[], &[], &[]).is_none());
    }
}
