//! Indented first lines, where they are what parts the paragraphs of a text: articles, hearings and court papers as they
//! are printed in columns, without a blank line between two paragraphs.

/// The least and most columns that an indent has; a tab is as wide as four spaces, an ideographic space as two.
const INDENT: std::ops::RangeInclusive<usize> = 2..=8;
/// Lines of a text that is broken by hand are no longer; those of others are paragraphs already.
const LONGEST_LINE: usize = 100;

/// A text whose paragraphs begin with an indented line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Indents {
    /// The columns that all of its lines are set in by.
    margin: usize,
}

impl Indents {
    /// The layout of this text, if its indents mark paragraphs. They do not in verse, code, lists and tables, where what is
    /// before an indent ends no sentence, or where lines break before they are full.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let lines = || text.lines().map(str::trim_end);
        let filled = || lines().filter(|line| !line.is_empty());
        let margin = filled().map(indent).min()?;
        let lengths = || filled().map(|line| line.chars().count());
        let width = lengths().filter(|length| *length <= LONGEST_LINE).max()?;
        let indents = Indents { margin };
        let mut before = "";
        let (mut first, mut next, mut odd, mut wrapped, mut broken) = (0usize, 0usize, 0usize, 0usize, 0usize);
        for line in lines() {
            match (before.is_empty() || line.is_empty(), indents.is_set_in(before), indents.is_set_in(line)) {
                (true, ..) | (false, true, true) => {}
                (false, false, true) => {
                    let is_mark = ends_sentence(before) && may_open(line);
                    next += usize::from(is_mark);
                    odd += usize::from(!is_mark);
                }
                (false, was_set_in, false) => {
                    let is_full = 3 * before.chars().count() >= 2 * width;
                    let goes_on = !ends_sentence(before) && !line.trim_start().starts_with(char::is_uppercase);
                    wrapped += usize::from(is_full && goes_on);
                    broken += usize::from(!is_full);
                    first += usize::from(was_set_in && is_full && may_open(before));
                }
            }
            before = line;
        }
        let long = lengths().filter(|length| *length > LONGEST_LINE).count();
        let is_wrapped = wrapped > 2 * broken && wrapped > 10 * long;
        (is_wrapped && next >= 1 && first + next >= 2 && next > 4 * odd).then_some(indents)
    }

    /// True if `line` begins a paragraph, `before` being the line above it.
    pub(crate) fn opens(self, before: &str, line: &str) -> bool {
        self.is_set_in(line) && may_open(line) && (!self.is_set_in(before) || ends_sentence(before))
    }

    fn is_set_in(self, line: &str) -> bool {
        INDENT.contains(&indent(line).saturating_sub(self.margin))
    }
}

/// The columns of white space that a line begins with.
fn indent(line: &str) -> usize {
    let blanks = line.chars().take_while(|c| c.is_whitespace());
    blanks
        .map(|blank| match blank {
            '\t' => 4,
            '\u{3000}' => 2,
            _ => 1,
        })
        .sum()
}

/// True for a line that a paragraph may begin with: one that goes on with a sentence or is an item of a list does not.
fn may_open(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase() || "\"'“„«‘»([¿¡&".contains(c))
}

fn ends_sentence(line: &str) -> bool {
    let words = line.trim_end().trim_end_matches(['"', '\'', '”', '“', '’', '»', '«', ')', ']']);
    words.len() < line.trim_end().len()
        || words.ends_with(['.', '?', '!', '…', ':', '-', '–', '—', '。', '？', '！', '؟', '।'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indents_mark_the_paragraphs_of_wrapped_prose() {
        for text in [
            "    Ms. Wendell. The Subcommittee will come to order. Today we\nshall hear from the engineer.\n    Mr. Ortega. When was that?\n",
            "The pool will close for a year, the council said, after cracks\nwere found in the roof.\n    \"We had no choice,\" said Harriet Oyelaran, who leads the\ncouncil's work on leisure.\n",
            "\tThe pool will close for a year, after cracks were\nfound in the roof.\n\tThe work will cost 2.3 million, of which a half\nis there.\n",
            "    The pool will close for a year, the council\n  said, after cracks were found.\n    Nobody had been told of it before, the board\n  said.\n",
            "　水門は来月閉鎖される。市議会は月曜日に修理の費用を全\n会一致で承認した。\n　住民は何も知らされていなかったと話している。工事は来\n年まで続く。\n",
        ] {
            assert!(Indents::of(text).is_some(), "{text}");
        }
    }

    #[test]
    fn verse_code_lists_and_tables_have_other_indents() {
        for text in [
            "The sea was calm,\n    The moon was bright,\nAnd all the world\n    Lay still that night.\n",
            "The lock was closed.\n    Nobody came.\nThe rain went on.\n    The boats lay tame.\n",
            "def close(lock):\n    Lock.shut()\n    return None\n\nclass Lock:\n    \"\"\"A lock.\"\"\"\n    State = 1\n",
            "The board decided on what is to be done before the spring:\n  - close the pool for a year and have its roof mended\n  - open the old one\nNobody voted against it.\n",
            "The board decided on what is to be done before the spring.\n  1. Close the pool.\n  2. Open the old one.\nNobody voted against it.\n",
            "Name        Score\n    Ann         3\n    Bo          4\nAll         7\n",
            "The council wrote:\n\n    We have closed the pool for a year and\n    shall open it when its roof is mended.\n\nNobody answered the council, as it\nsaid.\n",
            "  One.\n  Two.\n",
            "Torvane Council\n    Quay Street 4.\nTorvane\n    Open daily.\n",
            "",
        ] {
            assert_eq!(Indents::of(text), None, "{text}");
        }
    }
}
