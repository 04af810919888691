//! A concordance (key word in context): one line per match, the matches aligned.

use std::io::{self, Write};

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::harmless::one_line;
use super::style::{Look, Mark};
use super::{HitWriter, explain};
use crate::search::{Hit, Response};
use crate::text::{CharSpan, CodePoints};

/// Order of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As the hits come.
    AsFound,
    /// By the words before the match, the nearest first.
    Left,
    /// By the words after it.
    Right,
}

/// Bytes of a character that takes one column, at most; marks upon it aside.
const LONGEST_CHARACTER: usize = 4;

/// A match with its context.
struct Line {
    reference: String,
    before: String,
    matched: String,
    after: String,
}

/// One line per match, after the number and day of its hit.
///
/// The context is cut to the line; `…` shows where.
pub struct Concordance<W: Write> {
    out: W,
    look: Look,
    order: Order,
    lines: Vec<Line>,
}

impl<W: Write> Concordance<W> {
    /// A concordance written to `out`.
    pub fn new(out: W, look: Look, order: Order) -> Self {
        Concordance { out, look, order, lines: Vec::new() }
    }

    fn write(&mut self) -> io::Result<()> {
        let Concordance { out, look, lines, .. } = self;
        let reference = lines.iter().map(|line| line.reference.width()).max().unwrap_or(0);
        let room = look.width.saturating_sub(reference + 2);
        let widest = lines.iter().map(|line| line.matched.width()).max().unwrap_or(0).min(room / 2);
        let left = (room - widest) / 2;
        for line in lines {
            let before = end_of(&line.before, left);
            let matched = start_of(&line.matched, room - left);
            let after = start_of(&line.after, room - left - matched.width());
            let gap = " ".repeat(left - before.width());
            look.paint(out, Mark::Aside, &format!("{:<reference$}  ", line.reference))?;
            look.paint(out, Mark::Plain, &format!("{gap}{before}"))?;
            look.paint(out, Mark::Highlight, &matched)?;
            look.paint(out, Mark::Plain, after.trim_end())?;
            writeln!(out)?;
        }
        out.flush()
    }
}

impl<W: Write> HitWriter for Concordance<W> {
    fn open(&mut self, answer: &Response) -> io::Result<()> {
        explain::reading(&mut self.out, self.look, answer)
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.lines.extend(lines_of(hit, self.look.width * LONGEST_CHARACTER));
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        match self.order {
            Order::AsFound => {}
            Order::Left => self.lines.sort_by_cached_key(|line| key(line.before.unicode_words().rev())),
            Order::Right => self.lines.sort_by_cached_key(|line| key(line.after.unicode_words())),
        }
        self.write()
    }
}

/// A text that is in the order of these words, each in lower case.
fn key<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.flat_map(|word| [word, "\0"]).collect::<String>().to_lowercase()
}

/// A line for each of its matches; for a hit without any, one that starts with its text. On either side, context of up to
/// `reach` bytes is kept: a paragraph of a thousand matches would be kept a thousand times.
fn lines_of(hit: &Hit, reach: usize) -> Vec<Line> {
    let points = CodePoints::new(&hit.text);
    let day = hit.article.published.as_ref().map_or("undated", |published| published.day());
    let line = |matched: CharSpan| {
        let std::ops::Range { start, end } = points.bytes(matched).range();
        let part = |range: std::ops::Range<usize>| one_line(hit.text.get(range).unwrap_or(""));
        Line {
            reference: format!("{} {day}", hit.rank),
            before: part(hit.text.ceil_char_boundary(start.saturating_sub(reach))..start),
            matched: part(start..end),
            after: part(end..hit.text.floor_char_boundary(end + reach)),
        }
    };
    match hit.highlights.as_slice() {
        [] => vec![line(CharSpan::default())],
        matches => matches.iter().map(|&matched| line(matched)).collect(),
    }
}

/// The start of `text`, at most `width` columns of it.
fn start_of(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let kept = fitting(text.graphemes(true), width.saturating_sub(1));
    format!("{}…", kept.concat())
}

/// The end of `text`, at most `width` columns of it.
fn end_of(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = fitting(text.graphemes(true).rev(), width.saturating_sub(1));
    kept.reverse();
    format!("…{}", kept.concat())
}

fn fitting<'a>(graphemes: impl Iterator<Item = &'a str>, width: usize) -> Vec<&'a str> {
    let mut left = width;
    graphemes
        .map_while(|grapheme| {
            left = left.checked_sub(grapheme.width())?;
            Some(grapheme)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{DateOrigin, Meta, Published};
    use crate::search::{By, Names};

    fn hit(rank: u64, text: &str, matched: &str) -> Hit {
        let start = text.find(matched).map_or(0, |at| text[..at].chars().count() as u32);
        Hit {
            rank,
            score: 1.0,
            by: By::Passage,
            article: Meta {
                published: Some(Published { at: "2031-04-02".into(), origin: DateOrigin::Record }),
                ..Meta::default()
            },
            paragraph: 0,
            locator: None,
            start: 0,
            end: text.chars().count() as u32,
            text: text.into(),
            highlights: vec![CharSpan { start, end: start + matched.chars().count() as u32 }],
            quotes: vec![],
            entities: Names::default(),
            duplicates: 0,
            also_in: None,
            wordings: vec![],
            tags: vec![],
            notes: vec![],
            matched: None,
        }
    }

    #[track_caller]
    fn check(order: Order, expect: &[&str]) {
        let hits = [
            hit(
                1,
                "The unions rejected the pay deal on Monday after nine hours of talks in the old town hall.",
                "pay deal",
            ),
            hit(2, "A pay deal is near.", "pay deal"),
            hit(3, "工会拒绝了 pay deal 。", "pay deal"),
        ];
        let mut out = Vec::new();
        let mut writer = Concordance::new(&mut out, Look { width: 60, colour: false }, order);
        hits.iter().try_for_each(|hit| writer.hit(hit)).unwrap();
        writer.close().unwrap();
        assert_eq!(String::from_utf8(out).unwrap().lines().collect::<Vec<_>>(), expect);
    }

    #[test]
    fn matches_stand_below_each_other() {
        check(
            Order::AsFound,
            &[
                "1 2031-04-02  …ions rejected the pay deal on Monday after n…",
                "2 2031-04-02                   A pay deal is near.",
                "3 2031-04-02          工会拒绝了 pay deal 。",
            ],
        );
    }

    #[test]
    fn no_line_holds_more_than_its_context() {
        let mut long = hit(1, &"the — ".repeat(5_000), "the");
        long.highlights = (0..5_000).map(|n| CharSpan { start: n * 6, end: n * 6 + 3 }).collect();
        let lines = lines_of(&long, 100);
        assert_eq!(lines.len(), 5_000);
        assert!(lines.iter().all(|line| line.before.len() <= 100 && line.matched == "the" && line.after.len() <= 100));
    }

    #[test]
    fn lines_are_sorted_by_their_context() {
        check(
            Order::Left,
            &[
                "2 2031-04-02                   A pay deal is near.",
                "1 2031-04-02  …ions rejected the pay deal on Monday after n…",
                "3 2031-04-02          工会拒绝了 pay deal 。",
            ],
        );
        check(
            Order::Right,
            &[
                "3 2031-04-02          工会拒绝了 pay deal 。",
                "2 2031-04-02                   A pay deal is near.",
                "1 2031-04-02  …ions rejected the pay deal on Monday after n…",
            ],
        );
    }
}
