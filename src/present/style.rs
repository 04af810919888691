//! Styles of output: width, colours, marks.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::phrase::word;
use crate::entity;

/// What the output can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns to fill.
    pub width: usize,
    /// Whether to use colours, or else brackets and stars.
    pub colour: bool,
}

impl Look {
    /// A pipe or a file: 80 columns, no colour.
    pub const PLAIN: Look = Look { width: 80, colour: false };

    /// Writes `text` as `mark` looks here; without colours, as it is.
    pub fn paint(self, out: &mut impl Write, mark: Mark, text: &str) -> io::Result<()> {
        let style = mark.style();
        if self.colour && style != Style::new() && !text.is_empty() {
            write!(out, "{style}{text}{style:#}")
        } else {
            out.write_all(text.as_bytes())
        }
    }
}

/// What a stretch of text is, which decides its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing in particular.
    Plain,
    /// The headline of a hit: its number and speaker.
    Heading,
    /// Details: outlet, date, path.
    Aside,
    /// What a query matched.
    Highlight,
    /// What somebody said; the number of the quotation, from 1.
    Content(usize),
    /// The words that attribute it.
    Cue,
    /// A name.
    Name(entity::EntityKind),
    /// Words that the other wording lacks.
    Gone,
    /// Words that only the other wording has.
    New,
}

impl Mark {
    /// As colours.
    pub fn style(self) -> Style {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match self {
            Mark::Plain => Style::new(),
            Mark::Heading => Style::new().bold(),
            Mark::Aside => Style::new().dimmed(),
            Mark::Highlight => colour(AnsiColor::Yellow).bold(),
            Mark::Content(_) => colour(AnsiColor::Yellow),
            Mark::Cue => Style::new().underline(),
            Mark::Gone => colour(AnsiColor::Red).strikethrough(),
            Mark::New => colour(AnsiColor::Green),
            Mark::Name(entity::EntityKind::Person) => colour(AnsiColor::Cyan).bold(),
            Mark::Name(entity::EntityKind::Organization) => colour(AnsiColor::Magenta).bold(),
            Mark::Name(entity::EntityKind::Place) => colour(AnsiColor::Green).bold(),
        }
    }

    /// What is written before and after it without colours.
    pub fn brackets(self) -> (String, String) {
        let fixed = |open: &str, close: &str| (open.to_owned(), close.to_owned());
        match self {
            Mark::Plain | Mark::Heading | Mark::Aside | Mark::Cue => fixed("", ""),
            Mark::Highlight => fixed("*", "*"),
            Mark::Content(number) => (format!("{{{number}: "), "}".to_owned()),
            Mark::Gone => fixed("[-", "-]"),
            Mark::New => fixed("{+", "+}"),
            Mark::Name(kind) => (format!("[{}: ", word(&kind)), "]".to_owned()),
        }
    }
}
