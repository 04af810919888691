//! A linear sequence tagger: hashed features, pointwise softmax or a linear-chain CRF, FTRL training, 8-bit weights.
//! Knows columns of numbers and labels, nothing of quotations or names.
//!
//! ```text
//! words ── Words (attributes of each distinct word, computed once) ─┐
//! the room's own attributes ────────────────────────────────────────┴─ Columns ── Templates ── Plan ── Model ── labels
//!                                                                          └── Examples ── train ───────┘
//! ```
//!
//! A token is a row of attributes (`u32`, 0 for "not there"). A template names columns at relative offsets, `low-1·low`;
//! its feature is the hash of their values. Rows come in two layers: *fixed* ones, the same however one looks at the
//! text, and *moving* ones that depend on a point of view, such as the distance to a cue. What depends on fixed rows
//! alone can be summed once a token and used for every point of view. What depends on a few small numbers alone is summed
//! beforehand: that is what a plan is for, and why a column says how many values it has.

mod bundle;
mod lattice;
mod classifier;
mod cluster;
mod columns;
mod examples;
mod lexicon;
mod model;
mod sum_tables;
mod spelling;
mod template;
mod train;
mod trees;
mod weights;
mod words;

pub use bundle::{Bundle, BundleWriter};
pub use classifier::Classifier;
pub use cluster::{Clustering, Corpus};
pub use columns::{BORDER_ROWS, Column, Columns, TokenView};
pub use examples::{Examples, IGNORED};
pub use lattice::{Lattice, Transitions};
pub use lexicon::{Entry, Lexicon, LexiconBuilder};
pub use model::{Model, ModelError};
pub use spelling::{Case, attribute, class, identity, shape};
pub use sum_tables::{Lookups, SumTables};
pub use template::{Attribute, TemplateError, Templates};
pub use train::{Progress, TrainSettings, Trained, train};
pub use trees::{TreeSettings, Trees};
pub use words::{Attributes, WordId, Words};
