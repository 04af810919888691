//! What an index holds.

use std::io::{self, Write};

use serde::Serialize;

use super::phrase::{count, thousands};
use super::style::{Look, Mark};

/// What is known about an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Its folder.
    pub index: String,
    /// Hash of what it holds.
    pub digest: String,
    /// Version of its format.
    pub format: u32,
    /// Bytes on disk.
    pub bytes: u64,
    /// Files it was made from.
    pub files: u64,
    /// Articles in it.
    pub articles: u64,
    /// Passages in it.
    pub passages: u64,
    /// Quotations in it.
    pub quotes: u64,
    /// First and last day of publication, `YYYY-MM-DD`.
    pub days: Option<(String, String)>,
    /// Articles without a date.
    pub undated: u64,
    /// Files that the next ingest reads again, with the reason, a line each.
    pub waiting: Vec<String>,
    /// Articles that another version of the analysis read.
    pub stale: u64,
    /// Articles of files that were read with `--analysis careful`.
    pub careful: u64,
    /// What could not be read, a line each.
    pub problems: Vec<String>,
    /// Tags and notes whose article or quotation is not in the index, a line each.
    pub orphans: Vec<String>,
}

/// Writes it for people.
pub fn text(out: &mut impl Write, look: Look, status: &Status) -> io::Result<()> {
    let days = match &status.days {
        Some((first, last)) => format!("{first} to {last}, {} undated", thousands(status.undated)),
        None => "none".to_owned(),
    };
    let mut lines = vec![
        ("index", format!("{}, {:.1} MB, format {}", status.index, status.bytes as f64 / 1e6, status.format)),
        ("digest", status.digest.clone()),
        ("read from", count(status.files, "file")),
        ("articles", thousands(status.articles)),
        ("passages", thousands(status.passages)),
        ("quotations", thousands(status.quotes)),
        ("days", days),
        ("not read", count(status.problems.len() as u64, "input")),
    ];
    if !status.waiting.is_empty() {
        lines.push(("to retry", format!("{}, by the next ingest", count(status.waiting.len() as u64, "file"))));
    }
    if status.stale > 0 {
        let again = format!("{} again, by the next ingest of their files", count(status.stale, "article"));
        lines.push(("to analyse", again));
    }
    if status.careful > 0 {
        lines.push(("careful", format!("{} read so", count(status.careful, "article"))));
    }
    if !status.orphans.is_empty() {
        lines.push((
            "orphaned",
            format!("{} without their article or quotation", count(status.orphans.len() as u64, "mark")),
        ));
    }
    for (name, value) in lines {
        look.paint(out, Mark::Aside, &format!("{name:<11}"))?;
        writeln!(out, "{value}")?;
    }
    for problem in status.problems.iter().chain(&status.waiting).chain(&status.orphans) {
        writeln!(out, "  {}", super::harmless::one_line(problem))?;
    }
    Ok(())
}
