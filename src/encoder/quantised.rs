//! Rows of numbers, quantised to 8 bits as they come.

use fearless_simd::Level;

use super::vectorised::vectorised;

/// Rows of a tile.
pub(super) const ROWS: usize = 8;

/// Consecutive numbers of a row that are kept together.
pub(super) const GROUP: usize = 16;

/// Some consecutive numbers of each row of a tile.
pub(super) type RowGroup = [[u8; GROUP]; ROWS];

/// Added to a number between -2²² and 2²², leaves the nearest whole number in its lowest bits.
pub(super) const ROUNDING: f32 = 12_582_912.0;

/// How the numbers of a row are to be read: `(number - zero) · scale`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RowScale {
    pub(super) scale: f32,
    /// The number for 0.0, 0..=255.
    pub(super) zero: i32,
}

/// Quantised rows, in tiles of [`ROWS`], the last filled up with rows of 0.
#[derive(Debug, Clone, Default)]
pub(super) struct QuantisedRows {
    len: usize,
    /// Groups of a row.
    groups: usize,
    /// Tile after tile, each with all its groups.
    tiles: Vec<RowGroup>,
    scales: Vec<[RowScale; ROWS]>,
    /// A row before it is dealt out to the groups of its tile.
    row: Vec<u8>,
}

impl QuantisedRows {
    /// Takes up rows of `width` numbers.
    pub(super) fn set(&mut self, level: Level, rows: &[f32], width: usize) {
        let width = width.max(1);
        self.len = rows.len() / width;
        self.groups = width.div_ceil(GROUP);
        let tiles = self.len.div_ceil(ROWS);
        self.tiles.resize(tiles * self.groups, [[0; GROUP]; ROWS]);
        self.row.clear();
        self.row.resize(self.groups * GROUP, 0);
        self.scales.clear();
        self.scales.resize(tiles, [RowScale::default(); ROWS]);
        let places = self.tiles.chunks_exact_mut(self.groups).zip(&mut self.scales);
        for ((tile, scales), rows) in places.zip(rows.chunks(ROWS * width)) {
            for (i, (row, scale)) in rows.chunks_exact(width).zip(scales).enumerate() {
                *scale = quantise(level, row, &mut self.row);
                for (group, numbers) in tile.iter_mut().zip(self.row.as_chunks().0) {
                    if let Some(place) = group.get_mut(i) {
                        *place = *numbers;
                    }
                }
            }
        }
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Groups of a row.
    pub(super) fn groups(&self) -> usize {
        self.groups
    }

    /// The groups and the scales of each tile.
    pub(super) fn tiles(&self) -> impl Iterator<Item = (&[RowGroup], &[RowScale; ROWS])> {
        self.tiles.chunks_exact(self.groups.max(1)).zip(&self.scales)
    }
}

vectorised! {
    /// Quantises a row to `place`. The range of the row, 0.0 included, becomes 0..=255.
    fn quantise(row: &[f32], place: &mut [u8]) -> RowScale {
        let (least, most) = (-largest(row, |number| -number), largest(row, |number| number));
        let scale = ((most - least) / 255.0).clamp(f32::MIN_POSITIVE, f32::MAX);
        let factor = 1.0 / scale;
        let zero = (-least * factor).round().clamp(0.0, 255.0);
        let shift = zero + ROUNDING;
        for (place, number) in place.iter_mut().zip(row) {
            *place = (number * factor + shift).to_bits() as u8;
        }
        RowScale { scale, zero: zero as i32 }
    }
}

/// The largest of what `f` makes of the numbers, 0.0 at least.
#[inline(always)]
fn largest(row: &[f32], f: impl Fn(f32) -> f32) -> f32 {
    let (groups, rest) = row.as_chunks::<GROUP>();
    let mut most = [0.0_f32; GROUP];
    for group in groups {
        for i in 0..GROUP {
            let number = f(group[i]);
            most[i] = if number > most[i] { number } else { most[i] };
        }
    }
    most.into_iter().chain(rest.iter().map(|number| f(*number))).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_within_half_a_step() {
        let rows: Vec<f32> = (0..9 * 21).map(|i| ((i * 37 % 101) as f32 - 40.0) / 7.0).collect();
        let mut quantised = QuantisedRows::default();
        quantised.set(Level::new(), &rows, 21);
        assert_eq!((quantised.len(), quantised.groups()), (9, 2));
        for (i, row) in rows.chunks(21).enumerate() {
            let (groups, scales) = quantised.tiles().nth(i / ROWS).unwrap();
            let scale = scales[i % ROWS];
            let read = groups.iter().flat_map(|group| group[i % ROWS]);
            for (number, byte) in row.iter().zip(read) {
                let back = (i32::from(byte) - scale.zero) as f32 * scale.scale;
                assert!((number - back).abs() <= scale.scale * 1.01, "{number} became {back}");
            }
        }
    }

    #[test]
    fn numbers_that_are_none_do_no_harm() {
        let mut quantised = QuantisedRows::default();
        quantised.set(Level::new(), &[f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1.0], 4);
        quantised.set(Level::new(), &[], 0);
        assert_eq!(quantised.len(), 0);
    }
}
