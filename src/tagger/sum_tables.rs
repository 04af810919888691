//! How to sum weights with fewer look-ups: templates over small numbers share tables of their sums.
//!
//! Looking a feature up by its hash takes about a hundred instructions, and a token has dozens of features. Of templates
//! that look at a few small numbers only, the sums for each combination of values are worked out when a model is taken up,
//! those of several templates in one table. The tables are kept small, so that what is used of them stays in cache: larger
//! ones, or sums remembered for each word, cost as much time waiting for memory as they save.
//!
//! Sums are whole numbers, so that it makes no difference how they are put together.

use prefetch_index::prefetch_index;

use super::columns::TokenView;
use super::template::{Atom, Neighbourhood, Templates};
use super::weights::Weights;

/// Combinations that a table of one template may have: pairs of parts of speech, of which few are frequent.
const LARGEST: u32 = 16_384;

/// Combinations that a table of several templates may have, so that filling it takes no time to speak of.
const SHARED: u32 = 512;

/// Values that one table can go by.
const AXES: usize = 5;

/// Different values that the tables of a plan can go by together.
const NUMBERS: usize = 32;

/// Templates ready to be summed, for the weights of one model.
#[derive(Debug, Clone)]
pub struct SumTables<const W: usize> {
    /// The values that tables go by, each once.
    numbers: Vec<Atom>,
    tables: Vec<Table<W>>,
    /// All other templates.
    hashed: Templates,
}

/// The sums of some templates.
#[derive(Debug, Clone)]
struct Table<const W: usize> {
    templates: Templates,
    /// For each value that it goes by its place in [`SumTables::numbers`], and how far apart the sums for neighbouring values
    /// are. What is not used counts nothing.
    axes: [(u8, u32); AXES],
    /// The sums for each combination, the last value counting fastest.
    sums: Vec<[i16; W]>,
}

/// Tokens whose sums are fetched together.
const AHEAD: usize = 8;

/// What is looked up at a few tokens: places in tables, and features.
#[derive(Debug, Default)]
pub struct Lookups {
    places: Vec<u32>,
    features: Vec<u64>,
    /// How many of either there are up to the end of each token.
    ends: Vec<(usize, usize)>,
    /// Tokens that were read.
    read: usize,
}

impl Lookups {
    fn clear(&mut self) {
        self.places.clear();
        self.features.clear();
        self.ends.clear();
        self.read = 0;
    }

    fn is_used_up(&self) -> bool {
        self.read == self.ends.len()
    }

    /// The places and features of the next token.
    #[inline]
    fn next(&mut self) -> (&[u32], &[u64]) {
        let end = |token: Option<usize>| token.and_then(|token| self.ends.get(token)).copied().unwrap_or_default();
        let (from, to) = (end(self.read.checked_sub(1)), end(Some(self.read)));
        self.read += 1;
        (self.places.get(from.0..to.0).unwrap_or(&[]), self.features.get(from.1..to.1).unwrap_or(&[]))
    }
}

/// The slot of a value that its column should not have: with it, no combination is found.
const NO_SLOT: u32 = 1 << 20;

impl<const W: usize> SumTables<W> {
    /// A plan for some templates over these weights.
    pub(super) fn new(weights: &Weights<W>, templates: &Templates) -> Self {
        let mut groups: Vec<(Vec<Atom>, Templates)> = Vec::new();
        let mut hashed = templates.none();
        for (atoms, template) in templates.each() {
            let shared = groups.iter_mut().find_map(|(known, list)| Some((union(known, atoms, SHARED)?, known, list)));
            match (shared, union(&[], atoms, LARGEST)) {
                (Some((all, known, list)), _) => {
                    *known = all;
                    list.append(template);
                }
                (None, Some(atoms)) => groups.push((atoms, template)),
                (None, None) => hashed.append(template),
            }
        }
        let mut plan = SumTables { numbers: Vec::new(), tables: Vec::new(), hashed };
        for (atoms, templates) in groups {
            match plan.axes(&atoms) {
                Some(axes) => plan.tables.push(Table::new(weights, templates, axes, &atoms)),
                None => plan.hashed.append(templates),
            }
        }
        plan
    }

    /// Adds the weights of all features at a token to `sums`.
    #[inline]
    pub(super) fn add(&self, weights: &Weights<W>, view: TokenView, sums: &mut [i16; W]) {
        let near = Neighbourhood::of(view);
        weights.add_all(self.hashed.features(near), sums);
        let slots = self.slots(&near);
        for table in &self.tables {
            table.add(weights, near, table.place(&slots), sums);
        }
    }

    /// Gives the sums at each of some tokens, in order. Where the sums of the next few tokens are is found before any of
    /// them is read, so that memory is waited for once for all of them. `lookups` is working space.
    #[inline]
    pub(super) fn each<'v>(
        &self,
        weights: &Weights<W>,
        views: impl Iterator<Item = TokenView<'v>> + Clone,
        lookups: &mut Lookups,
        mut give: impl FnMut([i16; W]),
    ) {
        let mut ahead = views.clone();
        for view in views {
            if lookups.is_used_up() {
                lookups.clear();
                for view in ahead.by_ref().take(AHEAD) {
                    self.look_up(weights, view, lookups);
                }
            }
            let mut sums = [0; W];
            let (places, features) = lookups.next();
            for (table, place) in self.tables.iter().zip(places) {
                table.add(weights, Neighbourhood::of(view), *place, &mut sums);
            }
            for feature in features {
                weights.add(*feature, &mut sums);
            }
            give(sums);
        }
        lookups.clear();
    }

    /// Notes what is looked up at a token, and has it fetched.
    #[inline]
    fn look_up(&self, weights: &Weights<W>, view: TokenView, lookups: &mut Lookups) {
        let near = Neighbourhood::of(view);
        let slots = self.slots(&near);
        lookups.places.extend(self.tables.iter().map(|table| {
            let place = table.place(&slots);
            prefetch_index(&table.sums, place as usize);
            place
        }));
        lookups.features.extend(self.hashed.features(near).inspect(|feature| weights.fetch(*feature)));
        lookups.ends.push((lookups.places.len(), lookups.features.len()));
    }

    /// The slots of the values that tables go by.
    #[inline]
    fn slots(&self, near: &Neighbourhood) -> [u32; NUMBERS] {
        let mut slots = [0; NUMBERS];
        for (slot, number) in slots.iter_mut().zip(&self.numbers) {
            *slot = number.slot(near).unwrap_or(NO_SLOT);
        }
        slots
    }

    /// How a table over these values finds its place; none if there is no room for them.
    fn axes(&mut self, atoms: &[Atom]) -> Option<[(u8, u32); AXES]> {
        let mut axes = [(0, 0); AXES];
        let mut step = 1;
        for (axis, atom) in axes.iter_mut().zip(atoms.iter().rev()) {
            let known = self.numbers.iter().position(|number| number == atom);
            let place = known.unwrap_or(self.numbers.len());
            if place >= NUMBERS {
                return None;
            }
            if known.is_none() {
                self.numbers.push(*atom);
            }
            *axis = (place as u8, step);
            step *= atom.slots();
        }
        Some(axes)
    }
}

impl<const W: usize> Table<W> {
    fn new(weights: &Weights<W>, templates: Templates, axes: [(u8, u32); AXES], atoms: &[Atom]) -> Self {
        let mut sums = Vec::new();
        templates.combinations(atoms, |features| {
            let mut sum = [0; W];
            weights.add_all(features, &mut sum);
            sums.push(sum);
        });
        Table { templates, axes, sums }
    }

    /// The place of the sums for some slots of values.
    #[inline]
    fn place(&self, slots: &[u32; NUMBERS]) -> u32 {
        self.axes.iter().map(|(number, step)| slots[usize::from(*number) % NUMBERS] * step).sum()
    }

    /// Adds the sums at a place; those of a place that is not there are looked up feature by feature.
    #[inline]
    fn add(&self, weights: &Weights<W>, near: Neighbourhood, place: u32, sums: &mut [i16; W]) {
        match self.sums.get(place as usize) {
            Some(known) => sums.iter_mut().zip(known).for_each(|(sum, known)| *sum = sum.saturating_add(*known)),
            None => weights.add_all(self.templates.features(near), sums),
        }
    }
}

/// Both lists of values as one; none if one of the values is not small, or they have more combinations than `most`.
fn union(known: &[Atom], more: &[Atom], most: u32) -> Option<Vec<Atom>> {
    let mut all = known.to_vec();
    all.extend(more.iter().filter(|atom| !known.contains(atom)));
    let small = all.len() <= AXES && all.iter().all(Atom::is_small);
    (small && all.iter().map(Atom::slots).product::<u32>() <= most).then_some(all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tagger::{BORDER_ROWS, Column, Columns};

    const COLUMNS: [Column; 4] =
        [Column::many("word"), Column::few("tag", 5), Column::few("place", 3), Column::few("way", 4)];
    const TEMPLATES: &str = "word tag word·tag tag-1·tag tag·place place+1·way tag·place·way way-2·way tag·tag+1·word";

    /// Weights for every feature of the text.
    fn weights(templates: &Templates, text: &Columns, rows: usize) -> Weights<2> {
        let near = |row| Neighbourhood::of(TokenView::absolute(text, BORDER_ROWS + row));
        let features: Vec<u64> = (0..rows).flat_map(|row| templates.features(near(row)).collect::<Vec<_>>()).collect();
        let weighed: Vec<(u64, [i8; 2])> = features.iter().map(|&f| (f, [f as i8 | 1, (f >> 8) as i8])).collect();
        Weights::build(weighed.into_iter())
    }

    proptest! {
        #[test]
        fn a_plan_gives_what_the_features_give(
            // Some values are absent, some are beyond what their column should have.
            rows in prop::collection::vec((0u32..9, 0u32..7, 0u32..4, 0u32..5), 1..12),
        ) {
            let mut text = Columns::new(COLUMNS.len());
            for &(word, tag, place, way) in &rows {
                text.push(&[word, tag, place, way]);
            }
            text.border();
            let templates = Templates::parse(&COLUMNS, &[], TEMPLATES).unwrap();
            let weights = weights(&templates, &text, rows.len());
            let plan = SumTables::new(&weights, &templates);
            prop_assert!(plan.tables.len() > 1 && plan.hashed.len() == 3);
            let mut all = Vec::new();
            for row in 0..rows.len() {
                let view = TokenView::absolute(&text, BORDER_ROWS + row);
                let (mut planned, mut looked_up) = ([0; 2], [0; 2]);
                plan.add(&weights, view, &mut planned);
                weights.add_all(templates.features(Neighbourhood::of(view)), &mut looked_up);
                prop_assert_eq!(planned, looked_up);
                all.push(looked_up);
            }
            let views = (0..rows.len()).map(|row| TokenView::absolute(&text, BORDER_ROWS + row));
            let mut each = Vec::new();
            plan.each(&weights, views, &mut Lookups::default(), |sums| each.push(sums));
            prop_assert_eq!(each, all);
        }
    }
}
