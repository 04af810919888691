//! Lines that were broken where they were full, in a text without blank lines: press releases and wires as they are printed
//! in a column.

/// The columns of lines that are wrapped: of narrower ones too few are full, and wider ones are paragraphs already.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=100;
/// Full lines within a sentence, at least, for a text to be wrapped.
const FEWEST: usize = 3;
/// Letters of a label, at most: `Nina Vale, chair: `.
const LONGEST_LABEL: usize = 40;

/// A text whose lines were broken where the next word has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wrap {
    /// The columns of its longest line.
    width: usize,
}

impl Wrap {
    /// The layout of this text, if its lines are wrapped. Those of verse, lists, captions and tables end within a sentence
    /// although the next word has room.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let lines = || text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        let width = lines().map(columns).filter(|columns| WIDTHS.contains(columns)).max()?;
        let wrap = Wrap { width };
        let (mut full, mut odd) = (0usize, lines().filter(|line| columns(line) > width).count());
        for (line, next) in lines().zip(lines().skip(1)).filter(|(line, _)| !ends_sentence(line)) {
            if wrap.has_room(line, next) {
                odd += 1;
            } else {
                full += usize::from(next.trim_start().starts_with(char::is_lowercase));
            }
        }
        (full >= FEWEST && full > odd).then_some(wrap)
    }

    /// True if `line` belongs to the paragraph of `before`, the line above it. Lines that were justified, or lost marks of their
    /// layout, have room within a sentence, too.
    pub(crate) fn goes_on(self, before: &str, line: &str) -> bool {
        let (columns, has_room) = (columns(before), self.has_room(before, line));
        let is_begun = if ends_sentence(before) {
            // The last line of a paragraph is seldom as full as this.
            !has_room && 20 * columns >= 19 * self.width && !is_labelled(line)
        } else {
            !has_room || (3 * columns >= 2 * self.width && line.trim_start().starts_with(char::is_lowercase))
        };
        is_begun && !is_item(line)
    }

    /// True if the first word of `next` would have fitted behind `line`.
    fn has_room(self, line: &str, next: &str) -> bool {
        let word = next.split_whitespace().next().unwrap_or_default();
        columns(line) + 1 + word.chars().count() <= self.width
    }
}

fn columns(line: &str) -> usize {
    line.chars().count()
}

/// True for an item of a list.
fn is_item(line: &str) -> bool {
    ["- ", "* ", "• ", "· "].iter().any(|mark| line.trim_start().starts_with(mark))
}

/// True for a line that opens with a name and a colon, as a turn does.
fn is_labelled(line: &str) -> bool {
    line.split_once(": ").is_some_and(|(label, _)| {
        columns(label) <= LONGEST_LABEL && label.split_whitespace().all(|word| !word.starts_with(char::is_lowercase))
    })
}

fn ends_sentence(line: &str) -> bool {
    line.trim_end_matches(['"', '\'', '”', '“', '’', '»', '«', ')', ']']).ends_with(['.', '?', '!', '…', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::paragraphs;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let found: Vec<String> = paragraphs(text).into_iter().map(|p| p.of(text).replace('\n', " ")).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn full_lines_go_on() {
        check(
            "Torvane to close its old pool for a year\n\
             The pool of Torvane will close for a year, the council said on\n\
             Monday, after cracks were found in its roof and in two of its\n\
             walls.\n\
             Harriet Oyelaran, who leads its work on leisure, said: \"We had no\n\
             choice, and I will not be the one who waits for the roof to fall\n\
             on those who swim.\"\n\
             The work will cost 2.3 million.\n",
            &[
                "Torvane to close its old pool for a year",
                "The pool of Torvane will close for a year, the council said on Monday, after cracks were found in its roof and in two of its walls.",
                "Harriet Oyelaran, who leads its work on leisure, said: \"We had no choice, and I will not be the one who waits for the roof to fall on those who swim.\"",
                "The work will cost 2.3 million.",
            ],
        );
        // Turns and items open although the line above them is full.
        check(
            "Ann Ray: The pool of Torvane will close for a year\n\
             after cracks were found in its roof, and nobody had\n\
             been told of it before Monday, when the council saw it.\n\
             Bo Lind: When will it open again, and who pays for the\n\
             work that is to be done?\n",
            &[
                "Ann Ray: The pool of Torvane will close for a year after cracks were found in its roof, and nobody had been told of it before Monday, when the council saw it.",
                "Bo Lind: When will it open again, and who pays for the work that is to be done?",
            ],
        );
    }

    #[test]
    fn other_lines_are_paragraphs() {
        for text in [
            // Verse.
            "The sea was calm as it had been the night before,\nand all the boats lay still along the shore,\nthe moon was out, and nobody was there to see\nthe water rise from under you and me.\n",
            // A list.
            "What the board decided on Monday evening at the hall\nclose the pool for a year\nopen the old one\nask the county for money\n",
            // Captions.
            "so the first thing that we did was to\nclose the pool and then\nwe went to see the council about the roof\nand they said that\nnobody had been told\n",
            // A paragraph a line.
            "The pool will close for a year, the council said on Monday.\nNobody had been told of it before.\nThe work will cost 2.3 million, and the county pays a half of it.\n",
            "One line that is much longer than a line of a printed column ever is, since it holds a whole paragraph by itself.\nA second one that is shorter\nand ends.\n",
            "",
        ] {
            assert_eq!(Wrap::of(text), None, "{text}");
        }
    }
}
