//! Names in running text: a linear-chain CRF over the stretches of a text that can hold one.
//!
//! Four tokens in five are small words far from any capital. They are never part of a name, so only the
//! [`segments`] around capitals are tagged; what is around them still counts, as attributes of neighbours. In careful
//! reading, the scores of an encoder are added to those of the CRF.

mod borders;
mod certainty;
mod clusters;
mod columns;
mod consistency;
mod dateline;
mod evidence;
mod firms;
mod headline;
mod kinds;
mod label;
mod no_name;
mod segment;
mod style;
mod things;
mod vocabulary;

use std::borrow::Cow;
use std::sync::LazyLock;

pub(super) use clusters::Clusters;
pub(super) use columns::{COLUMNS, fill, row};
pub(super) use label::{Label, class, encode, kind, names};
pub(super) use segment::segments;
pub(super) use vocabulary::Vocabulary;
use vocabulary::{REACH, TemplateGroups};

use super::Certainty;
use super::name_span::NameSpan;
use super::tokens::Tokens;
use crate::encoder::Reading;
use crate::tagger::{Bundle, Lattice, Model, TokenView};
use crate::text::Text;

/// The model over the labels of names.
pub(super) type Crf = Model<{ Label::COUNT }, { Label::COUNT - 1 }>;

/// The sums of a token's weights.
type Sums = [i16; Label::COUNT - 1];

/// How much the scores of the CRF count, and those of the encoder, where it has read. Both are log odds and learned from the
/// same articles, so that neither may count in full. Ten pairs were tried on CoNLL-2003, dev; those near this one do as well.
const WEIGHTS: [f32; 2] = [0.8, 0.4];

/// Names of the parts of `models/entities.bin`.
pub(super) const TAGGER: &str = "tagger";
pub(super) const CLUSTERS: &str = "clusters";

include_flate::flate!(
    /// The weights that are compiled in.
    static COMPILED_IN: [u8] from "models/entities.bin" with zstd
);

/// Finds names. Knows nothing of who bears them.
#[derive(Debug)]
pub struct Recogniser {
    model: Crf,
    plan: TemplateGroups,
    clusters: Clusters,
}

/// The scores of a token's labels by the CRF and by the encoder, as one.
fn pooled(crf: [f32; Label::COUNT], encoder: [f32; Label::COUNT]) -> [f32; Label::COUNT] {
    std::array::from_fn(|label| WEIGHTS[0] * crf[label] + WEIGHTS[1] * encoder[label])
}

impl Recogniser {
    /// The recogniser of this build; none if its weights were made for another version of the columns.
    pub fn compiled_in() -> Option<&'static Self> {
        static RECOGNISER: LazyLock<Option<Recogniser>> =
            LazyLock::new(|| Recogniser::from_bytes(Cow::Borrowed(COMPILED_IN.as_slice())));
        RECOGNISER.as_ref()
    }

    /// Takes up what training wrote; none if it is not of this version.
    pub fn from_bytes(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let bundle = Bundle::from_bytes(bytes)?;
        let model = Crf::from_bytes(COLUMNS, &[], &bundle.part(TAGGER)?).ok()?;
        let clusters = Clusters::from_bytes(&bundle.part(CLUSTERS)?);
        let plan = TemplateGroups::new(&model);
        Some(Recogniser { model, plan, clusters })
    }

    /// The tokens of a text and the names in it, in order, titles left out; where an encoder has read, by both.
    pub(super) fn names<'t>(
        &self,
        text: &'t Text<'t>,
        vocabulary: &mut Vocabulary,
        reading: Option<&Reading>,
    ) -> (Tokens<'t>, Vec<NameSpan>) {
        let (ids, tokens) = vocabulary.read(text, &self.clusters);
        let segments = segments(&tokens);
        let mut columns = vocabulary.lend_columns();
        fill(&mut columns, &tokens, &ids, &segments, vocabulary);
        let mut lattice = Lattice::default();
        let mut labels = Vec::new();
        let mut found = Vec::new();
        for segment in segments {
            lattice.start();
            for i in segment.clone() {
                let sums = self.sums(&tokens, &ids, i, TokenView::absolute(&columns, row(&tokens, i)), vocabulary);
                let scores = self.model.scores(sums);
                let read = reading.and_then(|reading| reading.name_scores(i));
                lattice.push(read.map_or(scores, |read| pooled(scores, read)));
            }
            self.model.best(&mut lattice, &mut labels);
            let first = found.len();
            found.extend(names(segment.start, &labels));
            let named = found.get_mut(first..).unwrap_or_default();
            for name in named.iter_mut() {
                let evident = certainty::is_evident(&tokens, name);
                name.certainty = if evident { Certainty::Sure } else { Certainty::Doubtful };
            }
            // Most names are evident, so that the probabilities of most segments are not needed.
            if named.iter().any(|name| name.certainty < Certainty::Sure) {
                certainty::weigh(&tokens, self.model.marginals(&mut lattice), &labels, segment.start, named);
            }
        }
        vocabulary.take_back(columns);
        headline::correct(&tokens, &self.clusters, &mut found);
        borders::correct(&tokens, &mut found);
        kinds::agree(&tokens, &mut found);
        consistency::correct(&tokens, &mut found);
        firms::add_short_names(&tokens, &mut found);
        for name in &mut found {
            if certainty::is_evident(&tokens, name) {
                name.certainty = Certainty::Sure;
            }
        }
        things::contradict(&tokens, &mut found);
        (tokens, found)
    }

    /// The sums of the weights at a token, one a label. What a word gives by itself is summed once for each word.
    fn sums(&self, tokens: &Tokens, ids: &[u32], i: usize, view: TokenView, vocabulary: &mut Vocabulary) -> Sums {
        let mut sums = Sums::default();
        self.model.add(&self.plan.others, view, &mut sums);
        for (offset, templates) in (-REACH..=REACH).zip(&self.plan.alone) {
            let neighbour = i.checked_add_signed(offset as isize).filter(|&j| tokens.same_sentence(i, j));
            match neighbour.and_then(|j| ids.get(j)) {
                Some(&id) => vocabulary.add(id, offset, &self.model, templates, view, &mut sums),
                None => self.model.add(templates, view, &mut sums),
            }
        }
        sums
    }
}
