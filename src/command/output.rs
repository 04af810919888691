//! Where answers and messages go: what was asked for to standard output, words to people to standard error.

use std::io;

use anstream::ColorChoice;

use super::Global;
use crate::present::Look;

/// Lines of text longer than this tire the eye, however wide the window.
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

/// Tells what could not be read as it may have been meant.
pub(super) fn warn(warnings: &[String], global: &Global) {
    if !global.quiet {
        for warning in warnings {
            anstream::eprintln!("warning: {warning}");
        }
    }
}
