//! Rows of attributes, a row a token.

/// Rows at either end, and between paragraphs, that stand for "no token here". No template may look further.
pub const BORDER_ROWS: usize = 3;

/// Rows that are kept room for from text to text, at most: those of all articles but whole books.
const KEPT_ROWS: usize = 1 << 14;

/// The value of every attribute of a border row.
pub(super) const BORDER: u32 = u32::MAX;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// What templates call it.
    pub name: &'static str,
    /// Its values are below this if they are few, so that a [`SumTables`](super::Plan) can make a table of them; 0 for many.
    pub values: u32,
}

impl Column {
    /// A column of any values.
    pub const fn many(name: &'static str) -> Self {
        Column { name, values: 0 }
    }

    /// A column whose values are below `values`. Higher ones are allowed, but take longer.
    pub const fn few(name: &'static str, values: u32) -> Self {
        Column { name, values }
    }
}

/// A matrix of attributes, filled row by row and reused from text to text. Value 0 means that the attribute is not there,
/// and keeps every template that uses it from firing.
#[derive(Debug, Clone)]
pub struct Columns {
    width: usize,
    values: Vec<u32>,
}

impl Columns {
    /// An empty matrix of `width` columns that starts with a border.
    pub fn new(width: usize) -> Self {
        let mut columns = Columns { width, values: Vec::new() };
        columns.border();
        columns
    }

    /// Makes room for so many more rows, borders counted.
    pub fn reserve(&mut self, rows: usize) {
        self.values.reserve_exact(rows * self.width);
    }

    /// The same room for the next text, forgetting all rows but the border at the start. A hundred kilobytes need not be
    /// asked of the system again for each article; what a whole book took is given back.
    #[must_use]
    pub fn renewed(mut self) -> Self {
        if self.values.capacity() > KEPT_ROWS * self.width {
            return Columns::new(self.width);
        }
        self.clear();
        self
    }

    /// Forgets all rows but the border at the start.
    pub fn clear(&mut self) {
        self.values.truncate(BORDER_ROWS * self.width);
    }

    /// Rows so far, borders included: the index that the next row gets.
    pub fn len(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    /// True if it holds borders only.
    pub fn is_empty(&self) -> bool {
        self.len() <= BORDER_ROWS
    }

    /// Attributes a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Appends a row; one of another width is cut or filled up with zeros.
    pub fn push(&mut self, row: &[u32]) {
        if row.len() == self.width {
            self.values.extend_from_slice(row);
            return;
        }
        let end = self.values.len() + self.width;
        self.values.extend(row.iter().take(self.width));
        self.values.resize(end, 0);
    }

    /// Appends rows as wide as the matrix.
    pub fn push_all<const N: usize>(&mut self, rows: &[[u32; N]]) {
        if N == self.width {
            self.values.extend_from_slice(rows.as_flattened());
        } else {
            for row in rows {
                self.push(row);
            }
        }
    }

    /// Appends a border: due after the last row, and between rows that should not see each other.
    pub fn border(&mut self) {
        self.values.resize(self.values.len() + BORDER_ROWS * self.width, BORDER);
    }

    /// Row `row`; empty if there is none.
    pub fn row(&self, row: usize) -> &[u32] {
        self.values.get(row * self.width..(row + 1) * self.width).unwrap_or(&[])
    }

    /// The values of a row and of the [`BORDER_ROWS`] to either side of it; empty if they are not all there.
    #[inline]
    pub(super) fn around(&self, row: usize) -> &[u32] {
        let start = row.wrapping_sub(BORDER_ROWS).wrapping_mul(self.width);
        let end = start.wrapping_add((2 * BORDER_ROWS + 1) * self.width);
        self.values.get(start..end).unwrap_or(&[])
    }
}

/// A token as a model sees it: its row in the fixed and in the moving layer.
#[derive(Debug, Clone, Copy)]
pub struct TokenView<'a> {
    /// Attributes that do not depend on the point of view.
    pub absolute: &'a Columns,
    /// The token's row there.
    pub absolute_row: usize,
    /// Attributes that depend on it; an empty matrix where there is only one.
    pub relative: &'a Columns,
    /// The token's row there.
    pub relative_row: usize,
}

impl<'a> TokenView<'a> {
    /// A token of a text seen from nowhere in particular.
    pub fn absolute(absolute: &'a Columns, row: usize) -> Self {
        TokenView { absolute, absolute_row: row, relative: absolute, relative_row: row }
    }
}
