//! Where output goes: results to standard output, messages to standard error.

use std::io;

use anstream::ColorChoice;
use anyhow::bail;
use clap::Args;

use super::Global;
use crate::present::Look;
use crate::present::harmless::message;
use crate::present::phrase::{count, thousands};
use crate::query::{Severity, Warning};
use crate::search::Suggestion;

/// Columns of the longest line of text, however wide the window: longer lines are hard to read.
const WIDEST: usize = 100;

/// What standard output can show: its width (or `COLUMNS`), and colour unless it is a pipe or `NO_COLOR` is set.
pub(super) fn look() -> Look {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let window = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0));
    let width = columns.or_else(window).unwrap_or(Look::PLAIN.width).clamp(20, WIDEST);
    let colour = match anstream::AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => false,
        ColorChoice::Auto | ColorChoice::AlwaysAnsi | ColorChoice::Always => true,
    };
    Look { width, colour }
}

/// Prints a message to standard error, unless only results were asked for. Names in it cannot drive a terminal.
pub(super) fn say(text: &str, global: &Global) {
    if !global.quiet {
        anstream::eprintln!("{}", message(text));
    }
}

/// Prints what there is to say about how a query was read.
pub(super) fn warn(warnings: &[Warning], global: &Global) {
    for warning in warnings {
        let severity = match warning.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
        };
        say(&format!("{severity}: {warning}"), global);
    }
}

/// The flag of commands that write CSV.
#[derive(Debug, Args)]
pub(super) struct Bom {
    /// Begin CSV with a byte order mark, for Excel
    #[arg(long)]
    bom: bool,
}

impl Bom {
    /// What CSV begins with; an error where the flag is given for another format.
    pub(super) fn mark(&self, is_csv: bool) -> anyhow::Result<&'static str> {
        if self.bom && !is_csv {
            bail!("`--bom` needs `--format csv`");
        }
        Ok(if self.bom { "\u{feff}" } else { "" })
    }
}

/// `Showing 3 of 9 hits (--all for all)`, if only a part is shown.
pub(super) fn part(shown: u64, all: u64, thing: &str, how: &str) -> Option<String> {
    (shown < all).then(|| format!("Showing {} of {} ({how} for all)", thousands(shown), count(all, thing)))
}

/// Prints what to try instead, where nothing was found.
pub(super) fn suggest(suggestions: &[Suggestion], global: &Global) {
    for Suggestion { message, total, .. } in suggestions {
        let hits = total.map_or(String::new(), |total| format!(" ({})", count(total, "hit")));
        say(&format!("hint: {message}{hits}"), global);
    }
}
