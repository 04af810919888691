//! Reading a file of weights: named tensors in the format of safetensors.
//!
//! Layout: the length of the header (`u64`, little-endian), the header, JSON that gives the type, the shape and the place of
//! each tensor, then the numbers, little-endian. A file that is not so gives an error; memory is taken only for what is
//! there.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::layers::Norm;
use super::product::Linear;

/// Why weights could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// The header is cut off or is not what it should be.
    #[error("not a safetensors file")]
    Format,
    /// A tensor is not there.
    #[error("tensor `{0}` is missing")]
    Missing(String),
    /// A tensor lies beyond the end of the file, or has another type or shape than expected.
    #[error("tensor `{0}` has the wrong type or shape, or is cut off")]
    Shape(String),
    /// Weights of a product could overflow; see [`MAX_SUM`](super::MAX_SUM).
    #[error("the weights of `{0}` are too large: export them anew")]
    Overflow(String),
}

/// The tensors of a file, borrowed where they are.
#[derive(Debug, Clone)]
pub(super) struct Tensors<'f> {
    tensors: BTreeMap<String, Tensor>,
    data: &'f [u8],
}

/// A tensor as the header describes it.
#[derive(Debug, Clone, Deserialize)]
struct Tensor {
    #[serde(rename = "dtype")]
    kind: String,
    shape: Vec<usize>,
    #[serde(rename = "data_offsets")]
    range: [usize; 2],
}

impl<'f> Tensors<'f> {
    /// Takes a file apart.
    pub(super) fn from_bytes(file: &'f [u8]) -> Result<Self, WeightsError> {
        Self::read(file).ok_or(WeightsError::Format)
    }

    fn read(file: &'f [u8]) -> Option<Self> {
        let (length, rest) = file.split_first_chunk::<8>()?;
        let (header, data) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        let mut header: BTreeMap<String, serde_json::Value> = serde_json::from_slice(header).ok()?;
        header.remove("__metadata__");
        let tensors = header.into_iter().map(|(name, value)| Some((name, serde_json::from_value(value).ok()?)));
        Some(Tensors { tensors: tensors.collect::<Option<_>>()?, data })
    }

    /// The shape of a tensor.
    pub(super) fn shape(&self, name: &str) -> Result<&[usize], WeightsError> {
        self.tensors.get(name).map(|tensor| &*tensor.shape).ok_or_else(|| WeightsError::Missing(name.to_owned()))
    }

    /// The numbers of a tensor of the type and shape given.
    fn bytes(&self, name: &str, kind: &str, shape: &[usize]) -> Result<&'f [u8], WeightsError> {
        let tensor = self.tensors.get(name).ok_or_else(|| WeightsError::Missing(name.to_owned()))?;
        let [start, end] = tensor.range;
        let size = if kind == "F32" { 4 } else { 1 };
        let length = shape.iter().try_fold(size, |length: usize, side| length.checked_mul(*side));
        let bytes = self.data.get(start..end).filter(|bytes| Some(bytes.len()) == length);
        let bytes = bytes.filter(|_| tensor.kind == kind && tensor.shape == shape);
        bytes.ok_or_else(|| WeightsError::Shape(name.to_owned()))
    }

    /// A tensor of type `F32`.
    pub(super) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let (numbers, _) = self.bytes(name, "F32", shape)?.as_chunks::<4>();
        Ok(numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    /// A tensor of type `I8`.
    pub(super) fn small(&self, name: &str, shape: &[usize]) -> Result<Vec<i8>, WeightsError> {
        Ok(self.bytes(name, "I8", shape)?.iter().map(|byte| byte.cast_signed()).collect())
    }

    /// A tensor of type `U8` that holds text.
    pub(super) fn text(&self, name: &str) -> Result<&'f str, WeightsError> {
        let bytes = self.bytes(name, "U8", self.shape(name)?)?;
        std::str::from_utf8(bytes).map_err(|_| WeightsError::Shape(name.to_owned()))
    }

    /// Linear layers with the same inputs, their outputs one after the other: `NAME.weight`, `NAME.scale`, `NAME.bias`.
    pub(super) fn linear(&self, names: &[String], inputs: usize) -> Result<Linear, WeightsError> {
        let (mut weights, mut scale, mut bias) = (Vec::new(), Vec::new(), Vec::new());
        for name in names {
            let outputs = self.shape(&format!("{name}.weight"))?.first().copied().unwrap_or(0);
            weights.extend(self.small(&format!("{name}.weight"), &[outputs, inputs])?);
            scale.extend(self.floats(&format!("{name}.scale"), &[outputs])?);
            bias.extend(self.floats(&format!("{name}.bias"), &[outputs])?);
        }
        Linear::new(&weights, &scale, &bias).ok_or_else(|| WeightsError::Overflow(names.join("`, `")))
    }

    /// A layer norm: `NAME.weight`, `NAME.bias`.
    pub(super) fn norm(&self, name: &str, width: usize) -> Result<Norm, WeightsError> {
        let weight = self.floats(&format!("{name}.weight"), &[width])?;
        Ok(Norm { weight, bias: self.floats(&format!("{name}.bias"), &[width])? })
    }
}
