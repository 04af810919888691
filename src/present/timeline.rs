//! Hits over time: bars, or CSV rows.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr as _;

use super::csv;
use super::harmless::one_line;
use super::phrase::thousands;
use super::style::{Look, Mark};
use crate::search::asked;

/// Counts over time, without gaps: a period without hits counts zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Timeline {
    /// What was counted, as understood.
    pub read_as: String,
    /// What had to hold besides; left out where there is nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub filters: Vec<String>,
    /// The flags it was asked with besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Whose days these are.
    pub time_zone: String,
    /// The periods in order: `2025-05`, or `2025-05-16`.
    pub periods: Vec<String>,
    /// Counts, one series per outlet or speaker; one series where nothing was split.
    pub series: Vec<Series>,
    /// Hits without a date, which are in no period.
    pub undated: u64,
}

impl Timeline {
    /// All that was asked, so that it can be repeated.
    pub fn asked(&self) -> String {
        asked(&self.read_as, &self.filters, &self.options)
    }
}

/// Counts of one outlet, one speaker, or all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Series {
    /// The outlet or speaker; `all` where nothing was split.
    pub name: String,
    /// Hits, one number per period.
    pub counts: Vec<u64>,
    /// Hits without a date.
    pub undated: u64,
}

/// Eighths of a column, to draw bars finer than columns.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Writes one bar per period, every series under its name, all on one scale.
pub fn bars(out: &mut impl Write, look: Look, timeline: &Timeline) -> io::Result<()> {
    let most = timeline.series.iter().flat_map(|series| &series.counts).max().copied().unwrap_or(0);
    let period = timeline.periods.iter().map(|period| period.width()).max().unwrap_or(0);
    let number = thousands(most).len();
    let room = look.width.saturating_sub(period + number + 4);
    for series in &timeline.series {
        if timeline.series.len() > 1 {
            look.paint(out, Mark::Heading, &one_line(&series.name))?;
            writeln!(out)?;
        }
        for (name, &count) in timeline.periods.iter().zip(&series.counts) {
            look.paint(out, Mark::Aside, &format!("{name:<period$}  {:>number$}", thousands(count)))?;
            look.paint(out, Mark::Highlight, &bar(count, most, room))?;
            writeln!(out)?;
        }
    }
    if timeline.undated > 0 {
        look.paint(out, Mark::Aside, &format!("{:<period$}  {:>number$}", "undated", thousands(timeline.undated)))?;
        writeln!(out)?;
    }
    Ok(())
}

/// Writes one row per period and series.
pub fn rows<'a>(out: &mut impl Write, timeline: &'a Timeline) -> io::Result<()> {
    let rows = timeline.series.iter().flat_map(|series| {
        let undated = (series.undated > 0).then_some(("undated", &series.undated));
        let dated = timeline.periods.iter().map(String::as_str).zip(&series.counts);
        let row = |(period, count): (&'a str, &u64)| -> Vec<Cow<'a, str>> {
            vec![period.into(), series.name.as_str().into(), count.to_string().into()]
        };
        dated.chain(undated).map(row)
    });
    csv::table(out, &["period", "series", "hits"], rows)
}

/// A bar of `count` where `most` fills `room` columns; every count above zero shows.
fn bar(count: u64, most: u64, room: usize) -> String {
    if count == 0 || most == 0 {
        return String::new();
    }
    let eighths = ((count as f64 / most as f64) * (8 * room) as f64).round().max(1.0) as usize;
    let rest = EIGHTHS.get(eighths % 8).copied().unwrap_or("");
    format!("  {}{rest}", "█".repeat(eighths / 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_shown_as_zeros() {
        let timeline = Timeline {
            read_as: "ferry".into(),
            filters: vec![],
            options: vec![],
            time_zone: "as printed".into(),
            periods: vec!["2031-01".into(), "2031-02".into(), "2031-03".into()],
            series: vec![Series { name: "all".into(), counts: vec![8, 0, 1], undated: 2 }],
            undated: 2,
        };
        let mut out = Vec::new();
        bars(&mut out, Look { width: 20, colour: false }, &timeline).unwrap();
        let expect = "2031-01  8  ████████\n2031-02  0\n2031-03  1  █\nundated  2\n";
        assert_eq!(String::from_utf8(out).unwrap(), expect);
        let mut out = Vec::new();
        rows(&mut out, &timeline).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "period,series,hits\n2031-01,all,8\n2031-02,all,0\n2031-03,all,1\nundated,all,2\n"
        );
    }
}
