//! Feature templates: which attributes, at which offsets, make a feature together.

use super::columns::{BORDER_ROWS, View};

/// Feature templates, written as text: templates parted by white space, each a conjunction of attributes joined by `·`,
/// each attribute the name of a column and an offset where it is not the token's own: `low-1·low  suf3·side  tag+2`.
#[derive(Debug, Clone)]
pub struct Templates {
    text: String,
    list: Vec<Template>,
}

#[derive(Debug, Clone)]
struct Template {
    seed: u64,
    atoms: Vec<Atom>,
}

#[derive(Debug, Clone, Copy)]
struct Atom {
    layer: Layer,
    column: usize,
    /// In rows.
    offset: i32,
    /// Where the value stands in the neighbourhood of the token, see [`Neighbourhood`].
    at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    Fixed,
    Moving,
}

/// A template text that cannot be used with the columns at hand.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TemplateError {
    /// The name is not among the columns.
    #[error("template `{template}`: there is no column `{column}`; take one of {known}")]
    Column {
        /// The template as written.
        template: String,
        /// The part that names no column.
        column: String,
        /// Every column there is.
        known: String,
    },
    /// It looks past the border rows.
    #[error("template `{template}`: offset {offset} is out of reach, at most {BORDER_ROWS} either way")]
    Offset {
        /// The template as written.
        template: String,
        /// The offset asked for.
        offset: i32,
    },
}

impl Templates {
    /// Reads templates over the named columns of the fixed and of the moving layer.
    pub fn parse(fixed: &[&str], moving: &[&str], text: &str) -> Result<Self, TemplateError> {
        let list = text.split_whitespace().map(|t| parse_template(fixed, moving, t)).collect::<Result<_, _>>()?;
        Ok(Templates { text: text.split_whitespace().collect::<Vec<_>>().join(" "), list })
    }

    /// As text, one space between two templates.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Splits them by whether they use a moving column other than those for which `steady` holds:
    /// first the indices of those that do not, then of those that do.
    pub fn split(&self, steady: impl Fn(usize) -> bool) -> (Vec<u16>, Vec<u16>) {
        (0..self.list.len() as u16)
            .partition(|&i| self.list[usize::from(i)].atoms.iter().all(|a| a.layer == Layer::Fixed || steady(a.column)))
    }

    /// The offset of the one row that a template looks at, if it looks at one only and at its first `columns` fixed
    /// columns: what it gives depends on that row's word alone.
    pub fn single_offset(&self, index: usize, columns: usize) -> Option<i32> {
        let template = self.list.get(index)?;
        let first = template.atoms.first()?.offset;
        let fits = |a: &Atom| a.layer == Layer::Fixed && a.column < columns && a.offset == first;
        template.atoms.iter().all(fits).then_some(first)
    }

    /// The feature of template `index` at a token, unless an attribute is not there.
    #[inline]
    pub(super) fn feature(&self, index: usize, near: &Neighbourhood) -> Option<u64> {
        let template = self.list.get(index)?;
        let mut hash = template.seed;
        for atom in &template.atoms {
            let values = match atom.layer {
                Layer::Fixed => near.fixed,
                Layer::Moving => near.moving,
            };
            let value = values.get(atom.at).copied().unwrap_or(0);
            if value == 0 {
                return None;
            }
            hash = mix(hash, u64::from(value));
        }
        Some(finish(hash))
    }
}

/// The rows around a token, from [`BORDER_ROWS`] before it on, of either layer.
pub(super) struct Neighbourhood<'a> {
    fixed: &'a [u32],
    moving: &'a [u32],
}

impl<'a> Neighbourhood<'a> {
    #[inline]
    pub(super) fn of(view: View<'a>) -> Self {
        Neighbourhood { fixed: view.fixed.around(view.fixed_row), moving: view.moving.around(view.moving_row) }
    }
}

fn parse_template(fixed: &[&str], moving: &[&str], text: &str) -> Result<Template, TemplateError> {
    let atoms = text.split('·').map(|atom| parse_atom(fixed, moving, text, atom)).collect::<Result<Vec<_>, _>>()?;
    // The seed comes from the text, so that a template's features stay the same wherever it stands in the list.
    let seed = text.bytes().fold(0x9E37_79B9_7F4A_7C15, |hash, byte| mix(hash, u64::from(byte)));
    Ok(Template { seed, atoms })
}

fn parse_atom(fixed: &[&str], moving: &[&str], template: &str, atom: &str) -> Result<Atom, TemplateError> {
    let cut = atom.find(['+', '-']).unwrap_or(atom.len());
    let (name, offset) = atom.split_at(cut);
    let unknown = || TemplateError::Column {
        template: template.to_owned(),
        column: atom.to_owned(),
        known: fixed.iter().chain(moving).copied().collect::<Vec<_>>().join(", "),
    };
    let offset: i32 = if offset.is_empty() { 0 } else { offset.parse().map_err(|_| unknown())? };
    if offset.unsigned_abs() as usize > BORDER_ROWS {
        return Err(TemplateError::Offset { template: template.to_owned(), offset });
    }
    let find = |names: &[&str]| names.iter().position(|n| *n == name);
    let (layer, column, width) = find(fixed)
        .map(|c| (Layer::Fixed, c, fixed.len()))
        .or_else(|| find(moving).map(|c| (Layer::Moving, c, moving.len())))
        .ok_or_else(unknown)?;
    let row = BORDER_ROWS.saturating_add_signed(offset as isize);
    Ok(Atom { layer, column, offset, at: row * width + column })
}

/// One step of the Fx hash: cheap, and good enough once [`finish`] has spread the bits.
#[inline]
fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x517C_C1B7_2722_0A95)
}

/// Makes the high bits depend on all others.
#[inline]
fn finish(hash: u64) -> u64 {
    (hash ^ (hash >> 32)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagger::Columns;

    fn rows(rows: &[[u32; 2]]) -> Columns {
        let mut columns = Columns::new(2);
        for row in rows {
            columns.push(row);
        }
        columns.border();
        columns
    }

    #[test]
    fn a_template_sees_its_neighbours_and_the_border() {
        let columns = rows(&[[7, 1], [7, 2]]);
        let templates = Templates::parse(&["low", "tag"], &[], "low low-1 tag+1 low·tag").unwrap();
        let at =
            |template, row| templates.feature(template, &Neighbourhood::of(View::fixed(&columns, BORDER_ROWS + row)));
        assert_eq!(at(0, 0), at(0, 1));
        assert_ne!(at(1, 0), at(1, 1));
        assert_ne!(at(2, 0), at(2, 1));
        assert_ne!(at(0, 0), at(3, 0));
    }

    #[test]
    fn an_absent_attribute_silences_its_template() {
        let columns = rows(&[[7, 0]]);
        let templates = Templates::parse(&["low", "tag"], &[], "low low·tag").unwrap();
        let near = Neighbourhood::of(View::fixed(&columns, BORDER_ROWS));
        assert!(templates.feature(0, &near).is_some());
        assert!(templates.feature(1, &near).is_none());
    }

    #[test]
    fn errors_name_the_template_and_the_remedy() {
        let error = Templates::parse(&["low"], &["side"], "low low·lov").unwrap_err();
        assert_eq!(error.to_string(), "template `low·lov`: there is no column `lov`; take one of low, side");
        let error = Templates::parse(&["low"], &[], "low-9").unwrap_err();
        assert_eq!(error.to_string(), "template `low-9`: offset -9 is out of reach, at most 3 either way");
    }
}
