//! Marked text laid out in lines: as wide as the output, measured as terminals measure it. Harmful characters are replaced
//! ([`super::harmless`]).

use std::io::{self, Write};

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::harmless::in_line;
use super::style::{Look, Mark};
use crate::text::Span;

/// Text with marks laid over it, built piece by piece.
#[derive(Debug, Default)]
pub struct Marked {
    graphemes: Vec<Grapheme>,
}

/// A user-perceived character.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Grapheme {
    text: String,
    /// Columns it takes.
    width: usize,
    /// Its innermost mark.
    mark: Mark,
}

impl Marked {
    /// Adds `text` under one mark.
    #[must_use]
    pub fn with(mut self, mark: Mark, text: &str) -> Self {
        self.push(mark, text);
        self
    }

    /// Adds `text` with `marks` laid over it, as bytes into it. Marks may nest: the inner one shows.
    ///
    /// Where the output has no colours, their brackets are written out.
    #[must_use]
    pub fn with_marks(mut self, look: Look, text: &str, marks: &[(Span, Mark)]) -> Self {
        let mut marks: Vec<(Span, Mark)> = marks.iter().copied().filter(|(span, _)| !span.is_empty()).collect();
        marks.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
        let mut open: Vec<(Span, Mark)> = Vec::new();
        let mut at = 0;
        for (span, mark) in marks {
            at = self.close_until(look, text, at, span.start, &mut open);
            self.push_from(text, &mut at, span.start, innermost(&open));
            if !look.colour {
                self.push(innermost(&open), &mark.brackets().0);
            }
            // An inner mark ends with the outer one, so that brackets nest.
            let end = open.last().map_or(span.end, |(outer, _)| span.end.min(outer.end));
            open.push((Span { start: span.start, end }, mark));
        }
        at = self.close_until(look, text, at, u32::MAX, &mut open);
        self.push_from(text, &mut at, text.len() as u32, Mark::Plain);
        self
    }

    /// Writes it in lines of at most `look.width` columns: the first after `first`, the others after `rest`.
    ///
    /// A word longer than a line is left whole, so that paths and addresses can be copied.
    pub fn write(&self, out: &mut impl Write, look: Look, first: &str, rest: &str) -> io::Result<()> {
        let mut indent = first;
        for line in self.lines(look.width.saturating_sub(first.width().max(rest.width()))) {
            out.write_all(indent.as_bytes())?;
            for run in line.chunk_by(|a, b| a.mark == b.mark) {
                let text: String = run.iter().map(|g| g.text.as_str()).collect();
                look.paint(out, run.first().map_or(Mark::Plain, |g| g.mark), &text)?;
            }
            out.write_all(b"\n")?;
            indent = rest;
        }
        Ok(())
    }

    fn push(&mut self, mark: Mark, text: &str) {
        for grapheme in text.graphemes(true) {
            let text: String = grapheme.chars().map(in_line).collect();
            let blank = text == " ";
            if blank && self.graphemes.last().is_some_and(|last| last.text == " ") {
                continue;
            }
            self.graphemes.push(Grapheme { width: text.width(), text, mark });
        }
    }

    fn push_from(&mut self, text: &str, at: &mut u32, until: u32, mark: Mark) {
        if until > *at {
            self.push(mark, Span { start: *at, end: until }.of(text));
            *at = until;
        }
    }

    fn close_until(&mut self, look: Look, text: &str, mut at: u32, until: u32, open: &mut Vec<(Span, Mark)>) -> u32 {
        while let Some(&(span, mark)) = open.last().filter(|(span, _)| span.end <= until) {
            self.push_from(text, &mut at, span.end, mark);
            open.pop();
            if !look.colour {
                self.push(innermost(open), &mark.brackets().1);
            }
        }
        at
    }

    fn lines(&self, width: usize) -> Vec<&[Grapheme]> {
        let mut lines = Vec::new();
        let (mut rest, mut length, mut used) = (self.graphemes.as_slice(), 0, 0);
        // Stretches without a line break, each with the white space after it.
        for word in self.graphemes.chunk_by(|a, b| !may_break(a, b)) {
            let ink: usize = word.iter().rev().skip_while(|g| g.text == " ").map(|g| g.width).sum();
            if used > 0 && used + ink > width {
                let (line, after) = rest.split_at(length);
                lines.push(trimmed(line));
                (rest, length, used) = (after, 0, 0);
            }
            length += word.len();
            used += word.iter().map(|g| g.width).sum::<usize>();
        }
        if !rest.is_empty() {
            lines.push(trimmed(rest));
        }
        lines
    }
}

fn innermost(open: &[(Span, Mark)]) -> Mark {
    open.last().map_or(Mark::Plain, |&(_, mark)| mark)
}

/// Lines break after a blank, and between ideographs unless the next one is a closing mark.
fn may_break(before: &Grapheme, after: &Grapheme) -> bool {
    const CLOSING: &str = "、。，．：；？！）」』】〉》〕’”…ー";
    if after.text == " " {
        return false;
    }
    before.text == " " || (before.width == 2 && after.width == 2 && !CLOSING.contains(after.text.as_str()))
}

fn trimmed(mut line: &[Grapheme]) -> &[Grapheme] {
    while let [rest @ .., last] = line
        && last.text == " "
    {
        line = rest;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity;

    fn laid_out(marked: &Marked, look: Look) -> String {
        let mut out = Vec::new();
        marked.write(&mut out, look, "", "").unwrap();
        String::from_utf8(out).unwrap()
    }

    #[track_caller]
    fn check(text: &str, width: usize, expect: &[&str]) {
        let found = laid_out(&Marked::default().with(Mark::Plain, text), Look { width, colour: false });
        assert_eq!(found.lines().collect::<Vec<_>>(), expect);
    }

    #[test]
    fn lines_are_as_wide_as_they_look() {
        check("the quick brown fox", 10, &["the quick", "brown fox"]);
        check("hard\nwrapped  and\tspaced", 30, &["hard wrapped and spaced"]);
        check("停火谈判在伊斯坦布尔举行。", 10, &["停火谈判在", "伊斯坦布尔", "举行。"]);
        check("👩‍👩‍👧 family", 3, &["👩‍👩‍👧", "family"]);
    }

    #[test]
    fn what_cannot_be_broken_is_left_whole() {
        check(
            "see https://example.org/a/very/long/path now",
            12,
            &["see", "https://example.org/a/very/long/path", "now"],
        );
    }

    #[test]
    fn control_characters_are_defused() {
        check("red \u{1b}[31malert\u{7}", 40, &["red \u{fffd}[31malert\u{fffd}"]);
    }

    #[test]
    fn marks_nest_and_show_as_brackets_without_colour() {
        let text = "Ms Ray said no deal with Oslo.";
        let marks = [
            (Span::new(3, 6), Mark::Name(entity::EntityKind::Person)),
            (Span::new(12, 29), Mark::Content(1)),
            (Span::new(25, 29), Mark::Name(entity::EntityKind::Place)),
        ];
        let marked = Marked::default().with_marks(Look::PLAIN, text, &marks);
        assert_eq!(laid_out(&marked, Look::PLAIN), "Ms [person: Ray] said {1: no deal with [place: Oslo]}.\n");
    }

    #[test]
    fn marks_show_as_colours() {
        let look = Look { width: 80, colour: true };
        let marked = Marked::default().with_marks(look, "a deal now", &[(Span::new(2, 6), Mark::Highlight)]);
        assert_eq!(laid_out(&marked, look), "a \u{1b}[1m\u{1b}[33mdeal\u{1b}[0m now\n");
    }
}
