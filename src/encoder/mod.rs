//! The encoder of careful reading: a small BERT on the processor, with weights of 8 bits, and what is read off it for each
//! word of an article. Knows words, nothing of quotations.
//!
//! ```text
//! words ── WordPieces ── pieces, cases ── Encoder (Linear, attention, layers) ── states ── Heads ── Reading
//! file ── Tensors ── Vocabulary, Encoder, Heads
//! ```
//!
//! The architecture is that of `MiniLM` (Wang et al. 2020), a BERT (Devlin et al. 2019) of six layers, with one more embedding,
//! which says how a word is written. Windows are read one at a time and not padded. Nothing here starts a thread.

mod attention;
#[allow(clippy::module_inception, reason = "it is the encoder proper")]
mod encoder;
mod heads;
mod layers;
mod product;
mod quantised;
mod reading;
mod vectorised;
mod weights;
mod word_piece;

#[cfg(test)]
mod tests;

pub use reading::{Reader, Reading, ReadingModel, Roles};
pub use weights::WeightsError;
