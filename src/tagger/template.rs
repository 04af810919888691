//! Feature templates: which attributes, at which offsets, make a feature together.

use super::columns::{BORDER_ROWS, Column, TokenView};

/// Feature templates, written as text: templates parted by white space, each a conjunction of attributes joined by `·`,
/// each attribute the name of a column and an offset where it is not the token's own: `low-1·low  suf3·side  tag+2`.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    list: Vec<Template>,
    /// Columns of the fixed and of the moving layer.
    widths: [usize; 2],
}

/// What a template looks at, for [`Templates::split`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute {
    /// It is of the moving layer.
    pub is_relative: bool,
    /// Its column there.
    pub column: usize,
    /// How many rows away it is.
    pub offset: i32,
}

/// Attributes that a template can join.
const MOST: usize = 5;

#[derive(Debug, Clone)]
struct Template {
    text: String,
    seed: u64,
    /// The first `count` are used. They are here rather than in a list of their own, so that reading the templates is
    /// reading one run of memory.
    atoms: [Atom; MOST],
    count: usize,
}

/// One value that a template looks at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Atom {
    layer: Layer,
    /// In rows.
    offset: i8,
    column: u16,
    /// Where the value is in the neighbourhood of the token, see [`Neighbourhood`].
    at: u16,
    /// How many values its column has; 0 for many.
    values: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Layer {
    #[default]
    Absolute,
    Relative,
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
    /// It joins too many attributes.
    #[error("template `{template}` joins more than {MOST} attributes")]
    Long {
        /// The template as written.
        template: String,
    },
}

impl Templates {
    /// Reads templates over the named columns of the fixed and of the moving layer.
    pub fn parse(absolute: &[Column], relative: &[Column], text: &str) -> Result<Self, TemplateError> {
        let list = text.split_whitespace().map(|t| parse_template(absolute, relative, t)).collect::<Result<_, _>>()?;
        Ok(Templates { list, widths: [absolute.len(), relative.len()] })
    }

    /// As text, one space between two templates.
    pub fn text(&self) -> String {
        self.list.iter().map(|template| template.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Parts them into those all of whose attributes are fit, and all others.
    pub fn split(self, is_fit: impl Fn(Attribute) -> bool) -> (Self, Self) {
        let is_fit = |atom: &Atom| {
            is_fit(Attribute {
                is_relative: atom.layer == Layer::Relative,
                column: usize::from(atom.column),
                offset: i32::from(atom.offset),
            })
        };
        let (fit, others) = self.list.into_iter().partition(|template| template.atoms().iter().all(is_fit));
        (Templates { list: fit, widths: self.widths }, Templates { list: others, widths: self.widths })
    }

    /// Parts them into those whose text is chosen, and all others.
    pub fn part(self, is_chosen: impl Fn(&str) -> bool) -> (Self, Self) {
        let (chosen, others) = self.list.into_iter().partition(|template| is_chosen(&template.text));
        (Templates { list: chosen, widths: self.widths }, Templates { list: others, widths: self.widths })
    }

    /// No templates over the same columns.
    pub(super) fn none(&self) -> Self {
        Templates { list: Vec::new(), widths: self.widths }
    }

    /// The values that each template looks at, and that template by itself.
    pub(super) fn each(&self) -> impl Iterator<Item = (&[Atom], Self)> {
        self.list.iter().map(|t| (t.atoms(), Templates { list: vec![t.clone()], ..self.none() }))
    }

    /// Takes up the templates of `other`, which are over the same columns.
    pub(super) fn append(&mut self, other: Self) {
        self.list.extend(other.list);
    }

    /// The features of all templates at a token, one after the other; none for those an attribute of which is not there.
    #[inline]
    pub(super) fn features<'t>(&'t self, near: Neighbourhood<'t>) -> impl Iterator<Item = u64> {
        self.list.iter().filter_map(move |template| template.feature(&near))
    }

    /// Calls `give` with the features of every combination of values that `atoms` can have, the last of them counting
    /// fastest. `atoms` are all that the templates look at.
    pub(super) fn combinations(&self, atoms: &[Atom], mut give: impl FnMut(&mut dyn Iterator<Item = u64>)) {
        let mut rows = self.widths.map(|width| vec![0; (2 * BORDER_ROWS + 1) * width]);
        let all: usize = atoms.iter().map(|atom| atom.slots() as usize).product();
        for number in 0..all as u32 {
            let mut rest = number;
            for atom in atoms.iter().rev() {
                if let Some(value) = rows[atom.layer as usize].get_mut(usize::from(atom.at)) {
                    *value = (rest % atom.slots()).wrapping_sub(atom.borders());
                }
                rest /= atom.slots();
            }
            let [absolute, relative] = &rows;
            give(&mut self.features(Neighbourhood { absolute, relative }));
        }
    }
}

impl Atom {
    /// True if its column has few values.
    pub(super) fn is_small(&self) -> bool {
        self.values > 0
    }

    /// Different values that it can have: those of its column, and a border's where it looks at a neighbour.
    #[inline]
    pub(super) fn slots(&self) -> u32 {
        self.values + self.borders()
    }

    /// The place of its value at a token among its [`Atom::slots`]; none for a value that the column should not have.
    #[inline]
    pub(super) fn slot(&self, near: &Neighbourhood) -> Option<u32> {
        // The value of a border is the highest number there is, and comes before all others.
        let slot = near.value(*self).wrapping_add(self.borders());
        (slot < self.slots()).then_some(slot)
    }

    #[inline]
    fn borders(&self) -> u32 {
        u32::from(self.offset != 0)
    }
}

impl Template {
    #[inline]
    fn atoms(&self) -> &[Atom] {
        self.atoms.get(..self.count).unwrap_or(&[])
    }

    #[inline]
    fn feature(&self, near: &Neighbourhood) -> Option<u64> {
        let mut hash = self.seed;
        for atom in self.atoms() {
            let value = near.value(*atom);
            if value == 0 {
                return None;
            }
            hash = mix(hash, u64::from(value));
        }
        Some(finish(hash))
    }
}

/// The rows around a token, from [`BORDER_ROWS`] before it on, of either layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Neighbourhood<'a> {
    absolute: &'a [u32],
    relative: &'a [u32],
}

impl<'a> Neighbourhood<'a> {
    #[inline]
    pub(super) fn of(view: TokenView<'a>) -> Self {
        Neighbourhood {
            absolute: view.absolute.around(view.absolute_row),
            relative: view.relative.around(view.relative_row),
        }
    }

    #[inline]
    fn value(&self, atom: Atom) -> u32 {
        let values = match atom.layer {
            Layer::Absolute => self.absolute,
            Layer::Relative => self.relative,
        };
        values.get(usize::from(atom.at)).copied().unwrap_or(0)
    }
}

fn parse_template(absolute: &[Column], relative: &[Column], text: &str) -> Result<Template, TemplateError> {
    // The seed comes from the text, so that a template's features stay the same wherever it is in the list.
    let seed = text.bytes().fold(0x9E37_79B9_7F4A_7C15, |hash, byte| mix(hash, u64::from(byte)));
    let mut template = Template { text: text.to_owned(), seed, atoms: [Atom::default(); MOST], count: 0 };
    for atom in text.split('·') {
        let long = || TemplateError::Long { template: text.to_owned() };
        *template.atoms.get_mut(template.count).ok_or_else(long)? = parse_atom(absolute, relative, text, atom)?;
        template.count += 1;
    }
    Ok(template)
}

fn parse_atom(absolute: &[Column], relative: &[Column], template: &str, atom: &str) -> Result<Atom, TemplateError> {
    let cut = atom.find(['+', '-']).unwrap_or(atom.len());
    let (name, offset) = atom.split_at(cut);
    let unknown = || TemplateError::Column {
        template: template.to_owned(),
        column: atom.to_owned(),
        known: absolute.iter().chain(relative).map(|column| column.name).collect::<Vec<_>>().join(", "),
    };
    let offset: i32 = if offset.is_empty() { 0 } else { offset.parse().map_err(|_| unknown())? };
    if offset.unsigned_abs() as usize > BORDER_ROWS {
        return Err(TemplateError::Offset { template: template.to_owned(), offset });
    }
    let find = |columns: &[Column]| columns.iter().position(|column| column.name == name);
    let (layer, number, columns) = find(absolute)
        .map(|c| (Layer::Absolute, c, absolute))
        .or_else(|| find(relative).map(|c| (Layer::Relative, c, relative)))
        .ok_or_else(unknown)?;
    let row = BORDER_ROWS.saturating_add_signed(offset as isize);
    let at = (row * columns.len() + number) as u16;
    Ok(Atom { layer, offset: offset as i8, column: number as u16, at, values: columns[number].values })
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

    fn features(columns: &Columns, templates: &str, row: usize) -> Vec<u64> {
        let templates = Templates::parse(&["low", "tag"].map(Column::many), &[], templates).unwrap();
        templates.features(Neighbourhood::of(TokenView::absolute(columns, BORDER_ROWS + row))).collect()
    }

    #[test]
    fn a_template_sees_its_neighbours_and_the_border() {
        let columns = rows(&[[7, 1], [7, 2]]);
        let at = |row| features(&columns, "low low-1 tag+1 low·tag", row);
        let (first, second) = (at(0), at(1));
        assert_eq!(first[0], second[0]);
        assert_ne!(first[1], second[1]);
        assert_ne!(first[2], second[2]);
        assert_ne!(first[0], first[3]);
    }

    #[test]
    fn an_absent_attribute_silences_its_template() {
        let columns = rows(&[[7, 0]]);
        assert_eq!(features(&columns, "low low·tag", 0), features(&columns, "low", 0));
    }

    #[test]
    fn errors_name_the_template_and_the_remedy() {
        let (low, side) = ([Column::many("low")], [Column::many("side")]);
        let error = Templates::parse(&low, &side, "low low·lov").unwrap_err();
        assert_eq!(error.to_string(), "template `low·lov`: there is no column `lov`; take one of low, side");
        let error = Templates::parse(&low, &[], "low-9").unwrap_err();
        assert_eq!(error.to_string(), "template `low-9`: offset -9 is out of reach, at most 3 either way");
        let error = Templates::parse(&low, &[], "low·low·low·low·low·low").unwrap_err();
        assert_eq!(error.to_string(), "template `low·low·low·low·low·low` joins more than 5 attributes");
    }
}
