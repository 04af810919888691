//! Two filters side by side: totals, shares, what both printed, what only one did.

use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::harmless::one_line;
use super::phrase::{self, count, thousands};
use super::style::{Look, Mark};
use super::terminal::differences;
use super::wrap::Marked;
use crate::query::Warning;
use crate::search::{By, Difference, Hit, IndexInfo};
use crate::text::wording::Change;

/// Two filters side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// As typed.
    pub query: String,
    /// What passes the first filter.
    pub a: Side,
    /// What passes the second filter.
    pub b: Side,
    /// How many nearly identical texts both have, each counted once.
    pub both_total: u64,
    /// Those texts, the newest first.
    pub both: Vec<Pair>,
    /// What could not be read as meant.
    pub warnings: Vec<Warning>,
    /// Which index answered.
    pub index: IndexInfo,
}

/// What passes one of the filters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side {
    /// As typed.
    pub filter: String,
    /// The query with all filters, as understood.
    pub read_as: String,
    /// All hits.
    pub total: u64,
    /// Articles with a hit.
    pub articles: u64,
    /// Articles that pass the filter, on the days of the query.
    pub published: u64,
    /// Articles with a hit, of those published: 0 to 1; none where nothing was published.
    pub share: Option<f64>,
    /// Hits that were compared with those of the other side: all, or the newest where there are too many.
    pub compared: u64,
    /// How many of these the other side has in nearly the same words.
    pub in_both: u64,
    /// How many it has not.
    pub only_total: u64,
    /// The hits that only this side has, the newest first.
    pub only: Vec<Hit>,
    #[serde(skip)]
    pub(crate) warnings: Vec<Warning>,
}

/// The same in two wordings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// As the first side has it.
    pub a: Hit,
    /// As the second side has it.
    pub b: Hit,
    /// The share of words that are the same in the same order.
    pub likeness: f32,
    /// From the first wording to the second, word by word.
    pub differences: Vec<Difference>,
}

impl Pair {
    /// Whether the wordings differ.
    pub fn differs(&self) -> bool {
        self.differences.iter().any(|difference| difference.change != Change::Same)
    }
}

/// `3 of 40 articles (7.5%)`.
pub fn share(side: &Side) -> String {
    let of = format!("{} of {}", thousands(side.articles), count(side.published, "article"));
    side.share.map_or(of.clone(), |share| format!("{of} ({:.1}%)", 100.0 * share))
}

/// Who says it, who printed it, and when: `Ada Ray · Harbour Post · 2031-04-02 · Dam breaks`.
pub fn origin(hit: &Hit) -> Vec<String> {
    let speaker = hit.quotes.first().filter(|_| hit.by == By::Quote).map(phrase::speakers);
    let parts = [
        speaker,
        hit.article.outlet.clone(),
        Some(phrase::date(&hit.article)),
        Some(phrase::title(&hit.article).to_owned()),
    ];
    parts.into_iter().flatten().collect()
}

/// Writes a comparison for people.
pub fn answer(out: &mut impl Write, look: Look, comparison: &Comparison) -> io::Result<()> {
    let sides = [&comparison.a, &comparison.b];
    let rows: [(&str, [String; 2]); 3] = [
        ("hits", sides.map(|side| thousands(side.total))),
        ("share", sides.map(share)),
        ("only here", sides.map(|side| thousands(side.only_total))),
    ];
    let heads = sides.map(|side| one_line(&side.filter));
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|(_, cells)| cells.get(column)).chain(heads.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let (first, second) = (width(0), width(1));
    let cell = |text: &str, width: usize| format!("{}{text}", " ".repeat(width.saturating_sub(text.width())));
    let [a, b] = &heads;
    look.paint(out, Mark::Heading, &format!("{:9}  {}  {}", "", cell(a, first), cell(b, second)))?;
    writeln!(out)?;
    for (name, [a, b]) in &rows {
        look.paint(out, Mark::Aside, &format!("{name:9}  "))?;
        writeln!(out, "{}  {}", cell(a, first), cell(b, second))?;
    }
    heading(out, look, &format!("In both: {}", thousands(comparison.both_total)))?;
    for pair in &comparison.both {
        for hit in [&pair.a, &pair.b] {
            Marked::default().with(Mark::Aside, &origin(hit).join(" · ")).write(out, look, "", "  ")?;
        }
        differences(look, &pair.differences).write(out, look, "  ", "  ")?;
        writeln!(out)?;
    }
    for side in sides {
        heading(out, look, &format!("Only {}: {}", side.filter, thousands(side.only_total)))?;
        for hit in &side.only {
            Marked::default().with(Mark::Aside, &origin(hit).join(" · ")).write(out, look, "", "  ")?;
            Marked::default().with(Mark::Plain, &hit.text).write(out, look, "  ", "  ")?;
            writeln!(out)?;
        }
    }
    Ok(())
}

fn heading(out: &mut impl Write, look: Look, text: &str) -> io::Result<()> {
    writeln!(out)?;
    Marked::default().with(Mark::Heading, text).write(out, look, "", "  ")
}
