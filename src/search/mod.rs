//! Requests and answers: the vocabulary shared by every backend, output format and server.
//!
//! The types that implement `Serialize` are the JSON contract: field names and meanings are fixed. Offsets are code points.
//! Nothing here reads a clock or a file: [`Request`] says what day it is and when to give up.

mod backend;
mod cursor;
mod deadline;
mod error;
mod hit;
mod request;
mod response;

pub use self::backend::{Backend, Results, starts_word};
pub use self::cursor::{Cursor, CursorError};
pub use self::deadline::Deadline;
pub use self::error::Error;
pub use self::hit::{AlsoIn, Annotated, Difference, Earliest, Hit, Match, MatchClass, Mention, Names, Quote, Wording};
pub use self::request::{By, Duplicates, Request, Sort, Variants};
pub use self::response::{Expansion, ExplainedPart, FacetCount, IndexInfo, NONE, Response, Suggestion, Verdict, asked};
pub use crate::query::Matching;
