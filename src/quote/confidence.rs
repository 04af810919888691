//! Confidence: turns what the pipeline thinks of a quotation into how often such quotations are right.

/// A rising, piecewise linear map from a frame's probability to the share of such frames that are right, fitted by
/// isotonic regression (Ayer et al. 1955) on articles that the models had not seen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Calibration {
    /// Corners `(p, confidence)` in rising order of both.
    corners: Vec<(f32, f32)>,
}

/// Frames a corner stands for, at least: fewer would follow chance.
const LEAST: usize = 150;

impl Calibration {
    /// Takes p at its word.
    pub(super) fn identity() -> Self {
        Calibration { corners: vec![(0.0, 0.0), (1.0, 1.0)] }
    }

    /// Fits the map to pairs of a probability and whether that frame was right.
    pub(super) fn fit(mut seen: Vec<(f32, bool)>) -> Self {
        if seen.len() < LEAST {
            return Self::identity();
        }
        seen.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut pools: Vec<Pool> = Vec::new();
        for chunk in seen.chunks(LEAST) {
            pools.push(Pool::of(chunk));
            while let [.., a, b] = pools[..] {
                if a.share() <= b.share() {
                    break;
                }
                pools.truncate(pools.len() - 2);
                pools.push(a.and(b));
            }
        }
        Calibration { corners: pools.iter().map(|pool| (pool.p / pool.count, pool.share())).collect() }
    }

    /// The confidence of a frame whose probability is `p`.
    pub(super) fn confidence(&self, p: f32) -> f32 {
        let next = self.corners.partition_point(|corner| corner.0 < p);
        let (Some(first), Some(last)) = (self.corners.first(), self.corners.last()) else { return p };
        match (next.checked_sub(1).and_then(|i| self.corners.get(i)), self.corners.get(next)) {
            (Some(a), Some(b)) => a.1 + (b.1 - a.1) * (p - a.0) / (b.0 - a.0).max(f32::EPSILON),
            (None, _) => first.1,
            (_, None) => last.1,
        }
    }

    /// As bytes of a file: pairs of `f32`, little-endian.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.corners.iter().flat_map(|(p, c)| [p.to_le_bytes(), c.to_le_bytes()]).flatten().collect()
    }

    /// From the bytes of a file; none if the map does not rise.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let number = |b: &[u8]| b.try_into().ok().map(f32::from_le_bytes);
        let corners: Vec<(f32, f32)> =
            bytes.chunks(8).map(|c| Some((number(c.get(..4)?)?, number(c.get(4..)?)?))).collect::<Option<_>>()?;
        corners.is_sorted_by(|a, b| a.0 <= b.0 && a.1 <= b.1).then_some(Calibration { corners })
    }
}

/// Neighbouring frames that share a confidence.
#[derive(Debug, Clone, Copy)]
struct Pool {
    count: f32,
    p: f32,
    right: f32,
}

impl Pool {
    fn of(seen: &[(f32, bool)]) -> Self {
        Pool {
            count: seen.len() as f32,
            p: seen.iter().map(|s| s.0).sum(),
            right: seen.iter().filter(|s| s.1).count() as f32,
        }
    }

    fn share(self) -> f32 {
        self.right / self.count
    }

    fn and(self, other: Pool) -> Self {
        Pool { count: self.count + other.count, p: self.p + other.p, right: self.right + other.right }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_learns_how_often_a_probability_is_right() {
        // Of what is claimed with p, only p² is right.
        let seen = (0..20_000).map(|i| (i % 100, i / 100)).map(|(p, n)| {
            let p = p as f32 / 100.0;
            (p, (n % 200) as f32 / 200.0 < p * p)
        });
        let calibration = Calibration::fit(seen.collect());
        for p in [0.3, 0.5, 0.9] {
            assert!((calibration.confidence(p) - p * p).abs() < 0.03, "{p}: {}", calibration.confidence(p));
        }
        assert_eq!(Calibration::from_bytes(&calibration.to_bytes()), Some(calibration));
    }
}
