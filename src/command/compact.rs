//! `onrecord compact`: rewrites what still holds something of articles that were dropped.

use super::{Global, Outcome};
use crate::index::{Index, Writer, WriterSettings};

/// Compacts the index.
pub fn run(global: &Global) -> anyhow::Result<Outcome> {
    let before = Index::open(&global.index)?.stats()?.bytes;
    let settings = WriterSettings { threads: 1, memory: 0, wait: true };
    Writer::open(&global.index, settings)?.compact()?;
    let after = Index::open(&global.index)?.stats()?.bytes;
    if !global.quiet {
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        anstream::eprintln!("{:.1} MB, {:.1} MB before", megabytes(after), megabytes(before));
    }
    Ok(Outcome::Done)
}
