//! Answers that take several requests: who somebody is, how often something was printed over time. Shared by the
//! command line and the server.

mod profile;
mod timeline;

pub use profile::{field, profile};
pub use timeline::{Counted, Period, Split, timeline};
