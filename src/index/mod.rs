//! The index on disk: what it holds, how it is written and opened, and how it stays whole.

pub mod analyser;
pub mod block;
pub mod filing;
pub mod record;
pub mod schema;
