//! Answers that take several requests: who somebody is, how often something was printed over time, whether somebody said
//! something, what two outlets made of the same. Shared by the command line and the server.

mod check;
mod compare;
mod cross;
mod network;
mod profile;
mod timeline;
mod versions;

pub use check::{Claim, check};
pub use compare::compare;
pub use cross::{FIELDS, Random, cross};
pub use network::{SplitBy, network};
pub use profile::{field, profile};
pub use timeline::{Counted, Period, Split, timeline};
pub use versions::history;
