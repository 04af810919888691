//! The summary of an ingest.

use std::io::{self, Write};
use std::time::Duration;

use super::phrase::{count, thousands};
use crate::ingest::Summary;

/// Writes what was done, or on a dry run what would be done.
pub fn text(out: &mut impl Write, summary: &Summary, dry_run: bool) -> io::Result<()> {
    let took = summary.took.as_secs_f64();
    let holds = count(summary.articles, "article");
    if summary.files == summary.files_unchanged && summary.files_gone == 0 {
        let skipped =
            if summary.skipped > 0 { format!(", {} skipped", thousands(summary.skipped)) } else { String::new() };
        let files = count(summary.files, "file");
        return writeln!(out, "everything is unchanged: {files}, {holds}{skipped} ({took:.2} s)");
    }
    let files = match summary.files_unchanged {
        0 => count(summary.files, "file"),
        n => format!("{}, {} of them unchanged", count(summary.files, "file"), thousands(n)),
    };
    writeln!(out, "{:<9} {files}, {took:.2} s", if dry_run { "looked at" } else { "read" })?;
    writeln!(out, "articles  {}", articles(summary))?;
    if !dry_run {
        let found = [(summary.passages, "passage"), (summary.quotes, "quotation"), (summary.mentions, "name")];
        writeln!(out, "found     {}", found.map(|(n, what)| count(n, what)).join(", "))?;
    }
    if summary.files_gone > 0 {
        writeln!(out, "gone      {}", count(summary.files_gone, "file"))?;
    }
    if summary.skipped > 0 {
        writeln!(out, "skipped   {}, see above", thousands(summary.skipped))?;
    }
    writeln!(out, "the index {} {holds}", if dry_run { "would hold" } else { "holds" })?;
    if summary.kept {
        writeln!(out, "stopped before the end; the index is as it was, and the same command makes it anew")?;
    } else if summary.stopped {
        writeln!(out, "stopped before the end; the same command goes on from here")?;
    }
    Ok(())
}

/// What was done in one line: `the index is up to date: 61 articles (2 new, 59 unchanged)`.
pub fn line(summary: &Summary) -> String {
    format!("the index is up to date: {} ({})", count(summary.articles, "article"), articles(summary))
}

/// Progress in one line: `1,204 articles, 3,402 quotations, 12.3 MB/s`.
pub fn progress(summary: &Summary, elapsed: Duration) -> String {
    let articles = summary.added + summary.replaced + summary.unchanged;
    let speed = summary.bytes as f64 / 1e6 / elapsed.as_secs_f64().max(0.001);
    let (articles, quotes) = (count(articles, "article"), count(summary.quotes, "quotation"));
    format!("{}, {articles}, {quotes}, {speed:.1} MB/s", count(summary.files, "file"))
}

/// Articles by outcome, without outcomes of no article.
fn articles(summary: &Summary) -> String {
    let fates = [
        (summary.added, "new"),
        (summary.replaced, "changed"),
        (summary.reanalysed, "analysed again"),
        (summary.unchanged, "unchanged"),
        (summary.removed, "dropped"),
        (summary.repeated, "repeated"),
        (summary.withheld, "left out as removed"),
    ];
    let fates: Vec<String> =
        fates.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", thousands(*n))).collect();
    if fates.is_empty() { "none".to_owned() } else { fates.join(", ") }
}
