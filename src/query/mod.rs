//! The query language: from what was typed to a tree and back, and what else a mention may be called.
//!
//! Knows of no engine. The grammar is in `docs/query-language.md`.

mod dates;
mod parse;
mod print;
mod suggest;
mod thesaurus;
mod token;
mod tree;
mod value;
mod warning;

pub use parse::{Context, DEPTH, FARTHEST, Matching, Parsed, WORDS, parse, parse_with};
pub use print::{DATES, date_filter, facet_field, facet_filter, filter};
pub use suggest::{closest, distance};
pub use thesaurus::{LONGEST_MEMBER, Thesaurus, ThesaurusError};
pub use tree::{Atom, Days, Field, Filter, Link, Node, SpanOperator};
pub use warning::{Severity, Warning};
