//! Facet counts: a table, or CSV rows.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::csv;
use super::harmless::one_line;
use super::phrase::thousands;
use super::style::{Look, Mark};
use crate::search::FacetCount;

/// A value in one outlet or month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// The value; `(none)` for hits that have none.
    pub value: String,
    /// The outlet or month.
    pub part: String,
    /// Hits.
    pub hits: u64,
    /// Hits, near-identical ones counted as one.
    pub distinct: u64,
    /// Articles with such hits.
    pub articles: u64,
    /// Of the hits of this outlet or month, 0 to 1.
    pub share: f64,
    /// Its 95% interval, by bootstrap over the articles with hits.
    pub share_low: f64,
    /// The upper end.
    pub share_high: f64,
    /// Hits a thousand passages that the outlet published, or that were published in the month.
    pub per_thousand: f64,
}

/// Writes the counts of `field` as a table: hits, articles, value.
pub fn table(out: &mut impl Write, look: Look, field: &str, counts: &[FacetCount]) -> io::Result<()> {
    if counts.is_empty() {
        look.paint(out, Mark::Aside, &format!("{field}: none"))?;
        return writeln!(out);
    }
    let mut columns = vec![("hits", numbers(counts, |c| c.count)), ("articles", numbers(counts, |c| c.articles))];
    if counts.iter().any(|count| count.with_duplicates.is_some()) {
        columns.insert(1, ("with copies", numbers(counts, |c| c.with_duplicates.unwrap_or(c.count))));
    }
    let widest = |(head, cells): &(&str, Vec<String>)| {
        cells.iter().map(|cell| cell.width()).chain([head.width()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = columns.iter().map(widest).collect();
    let head = columns.iter().zip(&widths).map(|((head, _), width)| format!("{head:>width$}  "));
    look.paint(out, Mark::Aside, &format!("{}{field}", head.collect::<String>()))?;
    writeln!(out)?;
    for (i, count) in counts.iter().enumerate() {
        for ((_, cells), width) in columns.iter().zip(&widths) {
            write!(out, "{:>width$}  ", cells.get(i).map_or("", String::as_str))?;
        }
        look.paint(out, Mark::Heading, &one_line(&count.value))?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes the counts as comma-separated values.
pub fn rows(out: &mut impl Write, counts: &[FacetCount]) -> io::Result<()> {
    let cells = counts.iter().map(|c| -> Vec<Cow<str>> {
        vec![c.value.as_str().into(), c.count.to_string().into(), c.articles.to_string().into()]
    });
    csv::table(out, &["value", "hits", "articles"], cells)
}

/// Writes a cross table, one block per outlet or month.
pub fn cross(out: &mut impl Write, look: Look, cells: &[Cell]) -> io::Result<()> {
    for block in cells.chunk_by(|a, b| a.part == b.part) {
        let Some(first) = block.first() else { continue };
        look.paint(out, Mark::Heading, &one_line(&first.part))?;
        writeln!(out)?;
        look.paint(out, Mark::Aside, "    hits  distinct   share  95% interval  per 1,000 passages")?;
        writeln!(out)?;
        for cell in block {
            let interval = format!("{:.1}–{:.1}%", 100.0 * cell.share_low, 100.0 * cell.share_high);
            let (hits, distinct) = (thousands(cell.hits), thousands(cell.distinct));
            let share = 100.0 * cell.share;
            write!(out, "{hits:>8}  {distinct:>8}  {share:>5.1}%  {interval:>12}  {:>18.2}  ", cell.per_thousand)?;
            writeln!(out, "{}", one_line(&cell.value))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Writes a cross table as comma-separated values; `part` is `outlet` or `month`.
pub fn cross_rows(out: &mut impl Write, part: &str, cells: &[Cell]) -> io::Result<()> {
    let header =
        ["value", part, "hits", "distinct", "articles", "share", "share_low", "share_high", "per_thousand_passages"];
    let rows = cells.iter().map(|cell| -> Vec<Cow<str>> {
        let number = |number: f64| Cow::from(format!("{number:.4}"));
        let counts: [Cow<str>; 3] = [cell.hits, cell.distinct, cell.articles].map(|count| count.to_string().into());
        let shares = [cell.share, cell.share_low, cell.share_high, cell.per_thousand].map(number);
        [cell.value.as_str().into(), cell.part.as_str().into()].into_iter().chain(counts).chain(shares).collect()
    });
    csv::table(out, &header, rows)
}

fn numbers(counts: &[FacetCount], of: impl Fn(&FacetCount) -> u64) -> Vec<String> {
    counts.iter().map(|count| thousands(of(count))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_right() {
        let counts = [
            FacetCount { value: "Lena Ode".into(), count: 1204, articles: 300, ..FacetCount::default() },
            FacetCount { value: "Oslo".into(), count: 2, articles: 1, ..FacetCount::default() },
        ];
        let mut out = Vec::new();
        table(&mut out, Look::PLAIN, "speaker", &counts).unwrap();
        let expect = " hits  articles  speaker\n1,204       300  Lena Ode\n    2         1  Oslo\n";
        assert_eq!(String::from_utf8(out).unwrap(), expect);
    }
}
