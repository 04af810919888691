//! The parts of a layer that are not products: layer norm and the activation.

use super::vectorised::vectorised;

/// Numbers that are worked on together.
const LANES: usize = 8;

/// Added to the variance, as in BERT.
const EPSILON: f32 = 1e-12;

/// Weight and bias of a layer norm (Ba et al. 2016).
#[derive(Debug, Clone, Default)]
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Norm {
    /// Adds `added` to `rows`, number by number, and norms each row.
    pub(super) fn add_and_norm(&self, level: fearless_simd::Level, rows: &mut [f32], added: &[f32]) {
        let width = self.weight.len().max(1);
        for (row, added) in rows.chunks_exact_mut(width).zip(added.chunks_exact(width)) {
            add_and_norm(level, row, added, &self.weight, &self.bias);
        }
    }

    /// Norms a row.
    pub(super) fn norm(&self, level: fearless_simd::Level, row: &mut [f32]) {
        norm(level, row, &self.weight, &self.bias);
    }
}

vectorised! {
    /// Adds `added` to a row and norms it.
    fn add_and_norm(row: &mut [f32], added: &[f32], weight: &[f32], bias: &[f32]) {
        row.iter_mut().zip(added).for_each(|(number, added)| *number += added);
        norm_row(row, weight, bias);
    }
}

vectorised! {
    /// Norms a row.
    fn norm(row: &mut [f32], weight: &[f32], bias: &[f32]) {
        norm_row(row, weight, bias);
    }
}

#[inline(always)]
fn norm_row(row: &mut [f32], weight: &[f32], bias: &[f32]) {
    let count = row.len() as f32;
    let mean = sum(row, |number| number) / count;
    let variance = sum(row, |number| (number - mean) * (number - mean)) / count;
    let factor = 1.0 / (variance + EPSILON).sqrt();
    for ((number, weight), bias) in row.iter_mut().zip(weight).zip(bias) {
        *number = (*number - mean) * factor * weight + bias;
    }
}

/// Sums what `f` makes of the numbers.
#[inline(always)]
fn sum(row: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for i in 0..LANES {
            sums[i] += f(chunk[i]);
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|number| f(*number)).sum::<f32>()
}

/// Beyond this the normal distribution function is taken for 0 or 1.
const EDGE: f32 = 4.0;

/// The normal distribution function less a half is about `x` times this polynomial of `x²`, lowest power first. Fitted to
/// the least maximum error of [`gelu`], which is 0.0002.
const NORMAL: [f32; 7] =
    [0.397_883_3, -0.064_573_06, 0.008_772_363, -0.000_814_010_5, 4.795_502_5e-5, -1.598_578_5e-6, 2.278_099_3e-8];

vectorised! {
    /// GELU of each number (Hendrycks and Gimpel 2016): the number times the normal distribution function of it.
    pub(super) fn gelu(numbers: &mut [f32]) {
        for number in numbers {
            let x = number.clamp(-EDGE, EDGE);
            let square = x * x;
            let [rest @ .., last] = NORMAL;
            let polynomial = rest.iter().rev().fold(last, |sum, coefficient| sum * square + coefficient);
            *number *= 0.5 + x * polynomial;
        }
    }
}

vectorised! {
    /// The inner product of two rows.
    pub(super) fn inner_product(a: &[f32], b: &[f32]) -> f32 {
        let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
        let mut sums = [0.0; LANES];
        for (a, b) in a.iter().zip(b) {
            for i in 0..LANES {
                sums[i] += a[i] * b[i];
            }
        }
        sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
    }
}

#[cfg(test)]
mod tests {
    use fearless_simd::Level;

    use super::*;

    #[test]
    fn gelu_is_close_to_that_of_torch() {
        // torch.nn.functional.gelu of the same numbers.
        let known =
            [(-6.0, 0.0), (-3.0, -0.004_049_7), (-1.0, -0.158_655_3), (0.0, 0.0), (0.5, 0.345_731_2), (9.0, 9.0)];
        for (x, expected) in known {
            let mut numbers = [x];
            gelu(Level::new(), &mut numbers);
            assert!((numbers[0] - expected).abs() < 1e-3, "gelu({x}) is {}", numbers[0]);
        }
    }

    #[test]
    fn a_normed_row_has_mean_0_and_variance_1() {
        let norm = Norm { weight: vec![1.0; 19], bias: vec![0.0; 19] };
        let mut row: Vec<f32> = (0..19_u16).map(|i| f32::from(i * i)).collect();
        norm.norm(Level::new(), &mut row);
        let (mean, square) = row.iter().fold((0.0, 0.0), |(mean, square), x| (mean + x / 19.0, square + x * x / 19.0));
        assert!(mean.abs() < 1e-5 && (square - 1.0).abs() < 1e-5, "{mean} {square}");
    }
}
