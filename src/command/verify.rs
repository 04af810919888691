//! `onrecord verify`: re-checks the index against its files and the sources it was made from.

use std::io::{self, BufWriter, Write as _};

use clap::Args;

use super::{Global, Outcome, ingest, output};
use crate::article::Place;
use crate::index::Paths;
use crate::index::verify::{Checked, Finding, Issue, verify};
use crate::ingest::Options;
use crate::present::harmless::one_line;
use crate::present::phrase::count;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// Read again what is broken, from sources that are still there
    #[arg(long)]
    repair: bool,
}

/// Checks, prints what is not as it should be, and mends it if asked to.
pub fn run(args: &Verify, global: &Global) -> anyhow::Result<Outcome> {
    let mut findings = Vec::new();
    let checked = verify(&global.index, &mut |finding| findings.push(finding))?;
    let mut out = BufWriter::new(io::stdout().lock());
    let paths = Paths::new(&global.index);
    for Finding { place, what } in &findings {
        match place {
            Some(place) => {
                let place = Place { path: paths.shown(&place.path), record: place.record.clone() };
                writeln!(out, "{}", one_line(&format!("{place}: {what}")))?;
            }
            None => writeln!(out, "{}", one_line(&what.to_string()))?,
        }
    }
    out.flush()?;
    if !global.quiet {
        anstream::eprintln!("{}", summary(&checked, findings.len()));
    }
    if findings.is_empty() {
        return Ok(Outcome::Done);
    }
    if args.repair {
        let repaired = ingest::repair(&findings, &Options::default(), global)?;
        if !findings.iter().any(|finding| matches!(finding.what, Issue::User(_))) {
            return Ok(repaired);
        }
        output::say("what is damaged in `user/` stays so: restore it from a backup, or mend it by hand", global);
    }
    Ok(Outcome::SomeSkipped)
}

/// `checked 12 files of the index, 61 articles, 437 quotations and 52 sources: nothing wrong`.
fn summary(checked: &Checked, findings: usize) -> String {
    let wrong = if findings == 0 { "nothing wrong".to_owned() } else { count(findings as u64, "finding") };
    let [files, articles, quotes, sources] = [
        (checked.files, "file"),
        (checked.articles, "article"),
        (checked.quotes, "quotation"),
        (checked.sources, "source"),
    ]
    .map(|(n, what)| count(n, what));
    format!("checked {files} of the index, {articles}, {quotes} and {sources}: {wrong}")
}
