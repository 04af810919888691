//! Paragraphs of plain text, in the ways they are written.

use super::{Indents, Span, Wrap};

/// Paragraphs of a plain text: cut at blank lines, hard-wrapped lines belonging together;
/// where the text has no blank line, every line is a paragraph, or where it is wrapped every line that has room for more ends one.
/// Indented first lines begin one where the text is set that way. Each turn of an interview (`Q: …`) is one by itself. White
/// space around them is left out.
pub fn paragraphs(text: &str) -> Vec<Span> {
    let indents = Indents::of(text);
    let turns = Turns::of(text);
    let written: Vec<&str> = text.split_inclusive('\n').map(str::trim_end).collect();
    let lines: Vec<Span> = lines(text).map(|line| trim(text, line)).collect();
    let mut found: Vec<Span> = Vec::new();
    let last = lines.iter().rposition(|l| !l.is_empty()).unwrap_or(0);
    let first = lines.iter().position(|l| !l.is_empty()).unwrap_or(0);
    let blank_between = lines.get(first..=last).is_some_and(|inner| inner.iter().any(|l| l.is_empty()));
    let is_joined = blank_between || indents.is_some();
    let wrap = if is_joined { None } else { Wrap::of(text) };
    let mut open = false;
    let mut before = "";
    for (line, written) in lines.into_iter().zip(written) {
        let opens = turns.open(line.of(text)) || indents.is_some_and(|indents| indents.opens(before, written));
        let goes_on = is_joined || wrap.is_some_and(|wrap| wrap.goes_on(before, written));
        before = written;
        if line.is_empty() {
            open = false;
        } else if open && goes_on && !opens {
            if let Some(paragraph) = found.last_mut() {
                *paragraph = paragraph.cover(line);
            }
        } else {
            found.push(line);
            open = true;
        }
    }
    found
}

/// How a text marks questions and answers at the start of a line.
struct Turns {
    /// True for `Q.` and `A.`, where both are there: an initial begins a line of prose, too.
    has_stops: bool,
}

impl Turns {
    fn of(text: &str) -> Self {
        let opens = |letter: &str| text.lines().any(|line| after(line.trim_start(), letter).is_some_and(is_stop));
        Turns { has_stops: opens("Q") && opens("A") }
    }

    fn open(&self, line: &str) -> bool {
        let rest = after(line, "Q").or_else(|| after(line, "A"));
        rest.is_some_and(|rest| rest.starts_with(": ") || self.has_stops && is_stop(rest))
    }
}

fn after<'l>(line: &'l str, letter: &str) -> Option<&'l str> {
    line.strip_prefix(letter)
}

/// True for what is behind the letter of a turn: `.` and a space, or several spaces as on typed pages.
fn is_stop(rest: &str) -> bool {
    rest.starts_with(". ") || rest.starts_with(".\t") || rest.starts_with("  ") || rest.starts_with('\t')
}

fn lines(text: &str) -> impl Iterator<Item = Span> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let span = Span::new(start, start + line.len());
        start += line.len();
        span
    })
}

fn trim(text: &str, span: Span) -> Span {
    let inner = span.of(text);
    let start = span.start as usize + (inner.len() - inner.trim_start().len());
    Span::new(start, start + inner.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let found: Vec<&str> = paragraphs(text).into_iter().map(|p| p.of(text)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn blank_lines_cut() {
        check("One a\none b.\n\n  Two.\n \n\nThree.\n", &["One a\none b.", "Two.", "Three."]);
    }

    #[test]
    fn turns_of_an_interview_cut() {
        check("Q: One\nor two?\nA: Two.\n\nOn.", &["Q: One\nor two?", "A: Two.", "On."]);
    }

    #[test]
    fn indents_cut_where_they_mark_paragraphs() {
        check(
            "    Mr. Voll. The Council will come to order. Today we\nhear from the engineer.\n    Ms. Ray. When was the engineer asked about it by the\ncounty?\n\
             \n    STATEMENT\n\n    Mr. Voll. In August.\n    Ms. Ray. Who was told of it?\n",
            &[
                "Mr. Voll. The Council will come to order. Today we\nhear from the engineer.",
                "Ms. Ray. When was the engineer asked about it by the\ncounty?",
                "STATEMENT",
                "Mr. Voll. In August.",
                "Ms. Ray. Who was told of it?",
            ],
        );
    }

    #[test]
    fn letters_with_a_full_stop_are_turns_where_both_are_there() {
        check("Q. One\nor two?\nA. Two.\n\nOn.", &["Q. One\nor two?", "A. Two.", "On."]);
        check("   Q    One?\n   A    Two,\nor three.\n\nOn.", &["Q    One?", "A    Two,\nor three.", "On."]);
        check("The head of it was Ms\nA. Ray.\n\nOn.", &["The head of it was Ms\nA. Ray.", "On."]);
    }

    #[test]
    fn without_blank_lines_every_line_is_one() {
        check("\nOne.\nTwo.\r\nThree.", &["One.", "Two.", "Three."]);
    }

    #[test]
    fn nothing_gives_nothing() {
        check("", &[]);
        check(" \n\n ", &[]);
    }
}
