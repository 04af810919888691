//! The encoder: from piece ids to a state of each piece.

use fearless_simd::Level;

use super::attention::{AttentionScratch, HEAD, attend};
use super::layers::{Norm, gelu};
use super::product::Linear;
use super::quantised::QuantisedRows;
use super::weights::{Tensors, WeightsError};

/// Some consecutive pieces of a text that attend to each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'w> {
    /// Piece ids, `[CLS]` first and `[SEP]` last. Ids beyond the vocabulary are read as id 0.
    pub(super) pieces: &'w [u32],
    /// How each piece was capitalised; those missing, or beyond the table, are read as 0.
    pub(super) cases: &'w [u8],
}

/// The weights of an encoder. Shared by threads.
#[derive(Debug, Clone)]
pub(super) struct Encoder {
    level: Level,
    /// Numbers of a state.
    width: usize,
    embeddings: Embeddings,
    layers: Vec<Layer>,
}

/// The tables that the states are made of at first, row after row.
#[derive(Debug, Clone)]
struct Embeddings {
    words: Vec<i8>,
    /// A scale for each row of `words`.
    word_scales: Vec<f32>,
    /// Positions, with that of the first token type added: there is no other type.
    positions: Vec<f32>,
    cases: Vec<f32>,
    norm: Norm,
}

/// A layer of the encoder.
#[derive(Debug, Clone)]
struct Layer {
    /// Query, key and value, one after the other.
    projection: Linear,
    attention: Linear,
    attention_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
}

/// Buffers of [`Encoder::encode`], kept from call to call. One a thread.
#[derive(Debug, Clone, Default)]
pub(super) struct Scratch {
    states: Vec<f32>,
    quantised: QuantisedRows,
    quantised_inner: QuantisedRows,
    /// What the linear layers give, by their number of outputs: memory that keeps its size need not be cleared anew.
    projected: Vec<f32>,
    inner: Vec<f32>,
    output: Vec<f32>,
    context: Vec<f32>,
    attention: AttentionScratch,
}

impl Encoder {
    /// Reads an encoder from a file.
    pub(super) fn from_tensors(tensors: &Tensors) -> Result<Self, WeightsError> {
        let table = |name: &str| match tensors.shape(name)? {
            [rows, width] if *rows > 0 && *width > 0 && width % HEAD == 0 => Ok((*rows, *width)),
            _ => Err(WeightsError::Shape(name.to_owned())),
        };
        let (words, width) = table("word")?;
        let mut positions = tensors.floats("position", &[table("position")?.0, width])?;
        let kind = tensors.floats("type", &[tensors.shape("type")?.first().copied().unwrap_or(0), width])?;
        for position in positions.chunks_exact_mut(width) {
            position.iter_mut().zip(&kind).for_each(|(number, kind)| *number += kind);
        }
        let embeddings = Embeddings {
            words: tensors.small("word", &[words, width])?,
            word_scales: tensors.floats("word.scale", &[words])?,
            positions,
            cases: tensors.floats("case", &[table("case")?.0, width])?,
            norm: tensors.norm("embedding.norm", width)?,
        };
        let mut layers = Vec::new();
        while tensors.shape(&format!("layer.{}.query.weight", layers.len())).is_ok() {
            layers.push(Layer::from_tensors(tensors, layers.len(), width)?);
        }
        Ok(Encoder { level: Level::new(), width, embeddings, layers })
    }

    /// Numbers of a state.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The states of the pieces of a window, [`Encoder::width`] numbers each. Pieces beyond the last position are read as if
    /// they stood there.
    pub(super) fn encode<'s>(&self, window: Window, scratch: &'s mut Scratch) -> &'s [f32] {
        let Scratch { states, quantised, quantised_inner, projected, inner, output, context, attention } = scratch;
        self.embeddings.read(self.level, window, states);
        let width = self.width;
        context.resize(states.len(), 0.0);
        for layer in &self.layers {
            quantised.set(self.level, states, width);
            layer.projection.apply(self.level, quantised, projected);
            attend(self.level, projected, width, attention, context);
            quantised.set(self.level, context, width);
            layer.attention.apply(self.level, quantised, output);
            layer.attention_norm.add_and_norm(self.level, states, output);
            quantised.set(self.level, states, width);
            layer.inner.apply(self.level, quantised, inner);
            gelu(self.level, inner);
            quantised_inner.set(self.level, inner, layer.inner.outputs());
            layer.outer.apply(self.level, quantised_inner, output);
            layer.outer_norm.add_and_norm(self.level, states, output);
        }
        states
    }
}

impl Embeddings {
    /// Writes the first states of a window.
    fn read(&self, level: Level, window: Window, states: &mut Vec<f32>) {
        let width = self.norm.weight.len();
        let last = (self.positions.len() / width).saturating_sub(1);
        states.clear();
        let cases = window.cases.iter().copied().chain(std::iter::repeat(0));
        for (position, (piece, case)) in window.pieces.iter().zip(cases).enumerate() {
            let piece = usize::try_from(*piece).unwrap_or(0);
            let piece = if piece < self.word_scales.len() { piece } else { 0 };
            let scale = self.word_scales.get(piece).copied().unwrap_or(0.0);
            let word = row(&self.words, width, piece);
            let position = row(&self.positions, width, position.min(last));
            let case = usize::from(case);
            let case = row(&self.cases, width, if case < self.cases.len() / width { case } else { 0 });
            let start = states.len();
            let numbers = word.iter().zip(position).zip(case);
            states.extend(numbers.map(|((word, position), case)| f32::from(*word) * scale + position + case));
            self.norm.norm(level, states.get_mut(start..).unwrap_or_default());
        }
    }
}

/// A row of a table, empty beyond its end.
fn row<T>(table: &[T], width: usize, index: usize) -> &[T] {
    table.get(index * width..).and_then(|rest| rest.get(..width)).unwrap_or_default()
}

impl Layer {
    fn from_tensors(tensors: &Tensors, index: usize, width: usize) -> Result<Self, WeightsError> {
        let name = |part: &str| format!("layer.{index}.{part}");
        let linear = |part: &str, inputs: usize, outputs: usize| {
            let linear = tensors.linear(&[name(part)], inputs)?;
            if linear.outputs() == outputs { Ok(linear) } else { Err(WeightsError::Shape(name(part))) }
        };
        let projection = tensors.linear(&["query", "key", "value"].map(name), width)?;
        if projection.outputs() != 3 * width {
            return Err(WeightsError::Shape(name("query")));
        }
        let inner = tensors.linear(&[name("inner")], width)?;
        Ok(Layer {
            projection,
            attention: linear("attention", width, width)?,
            attention_norm: tensors.norm(&name("attention.norm"), width)?,
            outer: linear("outer", inner.outputs(), width)?,
            inner,
            outer_norm: tensors.norm(&name("outer.norm"), width)?,
        })
    }
}
