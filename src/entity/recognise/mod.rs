//! Names in running text: a linear-chain CRF over the stretches of a text that can hold one.
//!
//! Four tokens in five are small words far from any capital. They are never part of a name, so only the
//! [`segments`] around capitals are tagged; what stands around them still counts, as attributes of neighbours.

mod columns;
mod consistency;
mod label;
mod segment;

use std::borrow::Cow;
use std::sync::LazyLock;

pub(super) use columns::{COLUMNS, Clusters, columns, row};
pub(super) use label::{Label, class, encode, names};
pub(super) use segment::segments;

use super::chain::Found;
use super::tokens::Tokens;
use crate::tagger::{Bundle, Lattice, Model, View};

/// Names of the parts of `models/entities.bin`.
pub(super) const TAGGER: &str = "tagger";
pub(super) const CLUSTERS: &str = "clusters";

/// The weights that are compiled in.
static COMPILED_IN: &[u8] = include_bytes!("../../../models/entities.bin");

/// Finds names. Knows nothing of who bears them.
#[derive(Debug)]
pub struct Recogniser {
    model: Model,
    clusters: Clusters,
}

impl Recogniser {
    /// The recogniser of this build; none if its weights were made for another version of the columns.
    pub fn compiled_in() -> Option<&'static Self> {
        static RECOGNISER: LazyLock<Option<Recogniser>> =
            LazyLock::new(|| Recogniser::from_bytes(Cow::Borrowed(COMPILED_IN)));
        RECOGNISER.as_ref()
    }

    /// Takes up what training wrote; none if it is not of this version.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let bundle = Bundle::from_bytes(bytes)?;
        let model = Model::from_bytes(COLUMNS, &[], bundle.part(TAGGER)?).ok()?;
        let clusters = Clusters::from_bytes(&bundle.part(CLUSTERS)?);
        (model.labels() == Label::COUNT).then_some(Recogniser { model, clusters })
    }

    /// The names of a text in order, titles left out.
    pub(super) fn names(&self, tokens: &Tokens) -> Vec<Found> {
        let segments = segments(tokens);
        let columns = columns(tokens, &segments, &self.clusters);
        let mut lattice = Lattice::default();
        let mut labels = Vec::new();
        let mut found = Vec::new();
        for segment in segments {
            let views = segment.clone().map(|i| View::fixed(&columns, row(tokens, i)));
            self.model.read(views, &mut lattice);
            self.model.best(&mut lattice, &mut labels);
            found.extend(names(segment.start, &labels));
        }
        consistency::mend(tokens, &mut found);
        found
    }
}
