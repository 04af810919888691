//! The outcome of every input of an ingest, as JSON lines or readable text.

use std::io::{self, Write};

use serde::Serialize;

use super::harmless::one_line;
use super::jsonl;
use super::phrase::count;
use super::style::{Look, Mark};
use super::wrap::Marked;
use crate::ingest::{Input, Outcome};

/// A line of the report.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    record: Option<&'a str>,
    format: Option<&'static str>,
    outcome: &'static str,
    reason: Option<&'a str>,
    title: Option<&'a str>,
    published: Option<&'a str>,
    words: u64,
    quotes: u64,
    warnings: &'a [String],
}

/// Writes an input as one line of JSON.
pub fn json(out: &mut impl Write, input: &Input) -> io::Result<()> {
    let line = Line {
        path: &input.place.path,
        record: input.place.record.as_deref(),
        format: input.format.map(crate::article::Format::name),
        outcome: outcome(&input.outcome),
        reason: reason(&input.outcome),
        title: input.title.as_deref(),
        published: input.published.as_deref(),
        words: input.words,
        quotes: input.quotes,
        warnings: &input.warnings,
    };
    jsonl::line(out, &line)
}

/// Writes an input for people: what becomes of it, where it is, and what was read of it.
pub fn text(out: &mut impl Write, look: Look, input: &Input) -> io::Result<()> {
    look.paint(out, Mark::Heading, &format!("{:<10}", outcome(&input.outcome)))?;
    writeln!(out, "{}", one_line(&input.place.to_string()))?;
    let details = [
        input.format.map(|format| format.name().to_owned()),
        input.published.clone(),
        Some(count(input.words, "word")).filter(|_| input.words > 0),
        input.title.clone(),
        reason(&input.outcome).map(str::to_owned),
    ];
    let details: Vec<String> = details.into_iter().flatten().chain(input.warnings.iter().cloned()).collect();
    Marked::default().with(Mark::Aside, &details.join(" · ")).write(out, look, "          ", "          ")
}

fn outcome(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Added => "new",
        Outcome::Replaced => "changed",
        Outcome::Unchanged => "unchanged",
        Outcome::Repeated(_) => "repeated",
        Outcome::Removed => "removed",
        Outcome::Reanalysed => "analysed again",
        Outcome::Skipped(_) => "skipped",
    }
}

fn reason(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Repeated(why) | Outcome::Skipped(why) => Some(why),
        Outcome::Added | Outcome::Replaced | Outcome::Unchanged | Outcome::Removed | Outcome::Reanalysed => None,
    }
}
