//! What is read off the states of the words: names, cues, and the frame of each cue.
//!
//! The frame of a cue is found by a product of each word with the cue, biaffine attention as in dependency parsing (Dozat
//! and Manning 2017): cue and word are each projected by a small network of their own, and a label's logit is the inner
//! product of the two projections, with a bias for the distance between them.

use fearless_simd::Level;

use super::layers::{gelu, inner_product};
use super::product::Linear;
use super::quantised::QuantisedRows;
use super::weights::{Tensors, WeightsError};

/// The weights of the heads. Shared by threads.
#[derive(Debug, Clone)]
pub(super) struct Heads {
    level: Level,
    cue: Linear,
    names: Linear,
    /// Network that projects a cue: `labels · projection` numbers.
    frame_cue: [Linear; 2],
    /// Network that projects a word.
    frame_word: [Linear; 2],
    /// Row of each distance, from the farthest before the cue to the farthest after it, one number a label.
    distance: Vec<f32>,
    /// One number a label.
    bias: Vec<f32>,
}

/// What is read off each word of a window, and buffers. One a thread.
#[derive(Debug, Clone, Default)]
pub(super) struct WordScores {
    /// Logit of each word's being a cue.
    pub(super) cues: Vec<f32>,
    /// Logits of its labels of names: word after word, one number a label.
    pub(super) names: Vec<f32>,
    /// Projection of each word, for the frames.
    words: Vec<f32>,
    quantised: QuantisedRows,
}

/// What is read off each pair of a cue and a word, and buffers. One a thread.
#[derive(Debug, Clone, Default)]
pub(super) struct Frames {
    /// Logits of the frame labels: cue after cue, for each cue word after word, one number a label.
    pub(super) logits: Vec<f32>,
    cue_states: Vec<f32>,
    cues: Vec<f32>,
    quantised: QuantisedRows,
}

impl Heads {
    /// Reads the heads from a file; `width` is the number of numbers of a state.
    pub(super) fn from_tensors(tensors: &Tensors, width: usize) -> Result<Self, WeightsError> {
        let network = |name: &str| {
            let first = tensors.linear(&[format!("{name}.0")], width)?;
            let second = tensors.linear(&[format!("{name}.1")], first.outputs())?;
            Ok([first, second])
        };
        let labels = tensors.shape("frame.bias")?.iter().product();
        let distances = tensors.shape("frame.distance")?.first().copied().unwrap_or(0);
        let heads = Heads {
            level: Level::new(),
            cue: tensors.linear(&["cue".to_owned()], width)?,
            names: tensors.linear(&["names".to_owned()], width)?,
            frame_cue: network("frame.cue")?,
            frame_word: network("frame.word")?,
            distance: tensors.floats("frame.distance", &[distances, labels])?,
            bias: tensors.floats("frame.bias", &[labels])?,
        };
        let [[_, cue], [_, word]] = [&heads.frame_cue, &heads.frame_word];
        let checks = [
            (heads.cue.outputs() == 1, "cue.weight"),
            (labels > 0 && labels.checked_mul(word.outputs()) == Some(cue.outputs()), "frame.cue.1.weight"),
            (distances % 2 == 1, "frame.distance"),
        ];
        match checks.iter().find(|(holds, _)| !holds) {
            None => Ok(heads),
            Some((_, name)) => Err(WeightsError::Shape((*name).to_owned())),
        }
    }

    /// Labels of [`Frames::logits`].
    pub(super) fn frame_labels(&self) -> usize {
        self.bias.len()
    }

    /// Labels of [`WordScores::names`].
    pub(super) fn name_labels(&self) -> usize {
        self.names.outputs()
    }

    /// Reads each word by itself. `states` are those of the first piece of each word, row after row.
    pub(super) fn score_words(&self, states: &[f32], scores: &mut WordScores) {
        let WordScores { cues, names, words, quantised } = scores;
        quantised.set(self.level, states, self.cue.inputs());
        self.cue.apply(self.level, quantised, cues);
        self.names.apply(self.level, quantised, names);
        self.project(&self.frame_word, quantised, words);
    }

    /// Reads each pair of a cue and a word. `cues` are indices of words, `states` and `scores` as for
    /// [`Heads::score_words`]. A cue that is no word is read as a row of zeros.
    pub(super) fn score_frames(&self, states: &[f32], scores: &WordScores, cues: &[usize], frames: &mut Frames) {
        let Frames { logits, cue_states, cues: projections, quantised } = frames;
        let width = self.cue.inputs();
        cue_states.clear();
        cue_states.resize(cues.len() * width, 0.0);
        for (place, cue) in cue_states.chunks_exact_mut(width).zip(cues) {
            if let Some(state) = states.chunks_exact(width).nth(*cue) {
                place.copy_from_slice(state);
            }
        }
        quantised.set(self.level, cue_states, width);
        self.project(&self.frame_cue, quantised, projections);
        let [_, word_layer] = &self.frame_word;
        let (labels, length) = (self.bias.len(), word_layer.outputs());
        let farthest = self.distance.len() / labels / 2;
        let factor = 1.0 / (length as f32).sqrt();
        logits.clear();
        for (cue, projection) in cues.iter().zip(projections.chunks_exact(labels * length)) {
            for (word, numbers) in scores.words.chunks_exact(length).enumerate() {
                let row = (word + farthest).saturating_sub(*cue).min(2 * farthest);
                let distance = self.distance.chunks_exact(labels).nth(row).unwrap_or_default();
                let labels = projection.chunks_exact(length).zip(distance).zip(&self.bias);
                logits.extend(labels.map(|((projection, distance), bias)| {
                    inner_product(self.level, projection, numbers) * factor + distance + bias
                }));
            }
        }
    }

    /// Two linear layers with a GELU between them; `quantised` holds the rows and is used up.
    fn project(&self, [first, second]: &[Linear; 2], quantised: &mut QuantisedRows, output: &mut Vec<f32>) {
        first.apply(self.level, quantised, output);
        gelu(self.level, output);
        quantised.set(self.level, output, first.outputs());
        second.apply(self.level, quantised, output);
    }
}
