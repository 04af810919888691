//! Paragraphs of lines: what is printed on every page goes, lines are joined, words that were hyphenated are whole again.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::transcript::{is_name_of_label, label};
use super::layout::Line;

/// A paragraph.
#[derive(Debug, PartialEq)]
pub(super) struct Paragraph {
    /// The page that it begins on, from 1.
    pub(super) page: u32,
    pub(super) size: f32,
    pub(super) text: String,
}

/// Takes away headers, footers and page numbers: lines at the edge of a page that return on others, numbers aside.
pub(super) fn without_running_lines(pages: &mut [Vec<Vec<Line>>]) {
    /// Lines at the upper and at the lower edge that may be such.
    const EDGE: usize = 2;
    let mut seen: FxHashMap<String, usize> = FxHashMap::default();
    let edges: Vec<(f32, f32)> = pages
        .iter()
        .map(|page| {
            let mut heights: Vec<f32> = page.iter().flatten().map(|line| line.y).collect();
            heights.sort_by(f32::total_cmp);
            heights.dedup_by(|a, b| (*a - *b).abs() < 2.0);
            let upper = heights.len().checked_sub(EDGE).and_then(|at| heights.get(at));
            (upper.copied().unwrap_or(f32::MIN), heights.get(EDGE - 1).copied().unwrap_or(f32::MAX))
        })
        .collect();
    let is_edge = |line: &Line, (upper, lower): (f32, f32)| line.y >= upper - 2.0 || line.y <= lower + 2.0;
    for (page, edge) in pages.iter().zip(&edges) {
        let keys: FxHashSet<String> = page.iter().flatten().filter(|line| is_edge(line, *edge)).map(key).collect();
        for key in keys {
            *seen.entry(key).or_default() += 1;
        }
    }
    let count = pages.len();
    for (page, edge) in pages.iter_mut().zip(edges) {
        for column in page.iter_mut() {
            column.retain(|line| {
                let times = seen.get(&key(line)).copied().unwrap_or(0);
                let returns = times >= 3 || times == 2 && count <= 4;
                !is_edge(line, edge) || !(returns || is_page_number(&line.text))
            });
        }
        page.retain(|column| !column.is_empty());
    }
}

/// Takes away the numbers of lines, as courts print them before each line of a page.
pub(super) fn without_line_numbers(pages: &mut [Vec<Vec<Line>>]) {
    const FEWEST: usize = 5;
    const MOST_OF: f32 = 0.8;
    fn number(line: &Line) -> Option<(u32, &str)> {
        let text = line.text.trim();
        let (number, rest) = text.split_once(' ').unwrap_or((text, ""));
        Some((number.parse().ok()?, rest))
    }
    let is_numbered = |column: &Vec<Line>| {
        let numbers: Vec<u32> = column.iter().filter_map(number).map(|(number, _)| number).collect();
        let follow = numbers.windows(2).filter(|pair| pair.first().zip(pair.last()).is_some_and(|(a, b)| a + 1 == *b));
        column.len() >= FEWEST && follow.count() as f32 >= MOST_OF * (column.len() - 1) as f32
    };
    if pages.iter().filter(|page| page.iter().any(is_numbered)).count() * 2 <= pages.len() {
        return;
    }
    for column in pages.iter_mut().flatten().filter(|column| is_numbered(column)) {
        for line in column.iter_mut() {
            if let Some((_, rest)) = number(line) {
                line.text = rest.trim_start().to_owned();
            }
        }
        column.retain(|line| !line.text.is_empty());
    }
    for page in pages.iter_mut() {
        page.retain(|column| !column.is_empty());
    }
}

/// A line with its numbers alike, and how high it stands.
fn key(line: &Line) -> String {
    let mut key = format!("{}@", (line.y / 2.0).round());
    for character in line.text.chars() {
        match character {
            '0'..='9' if key.ends_with('#') => {}
            '0'..='9' => key.push('#'),
            other if other.is_whitespace() => {}
            other => key.push(other),
        }
    }
    key
}

/// True for `3`, `– 3 –`, `Page 3 of 9`, `xii`.
fn is_page_number(line: &str) -> bool {
    let line = line.trim().trim_matches(['-', '–', '—', '|', '[', ']', ' ']).to_lowercase();
    let numbers = line.strip_prefix("page ").unwrap_or(&line).replace(" of ", "/");
    let is_roman = line.len() <= 6 && line.chars().all(|c| "ivxl".contains(c));
    is_roman
        || numbers.len() <= 9
            && numbers.chars().any(|c| c.is_ascii_digit())
            && numbers.chars().all(|c| c.is_ascii_digit() || c == '/')
}

/// The paragraphs of a document.
pub(super) fn paragraphs(pages: &[Vec<Vec<Line>>]) -> Vec<Paragraph> {
    let words = words(pages);
    let labels = Labels::of(pages);
    let mut sizes: Vec<f32> = pages.iter().flatten().flatten().map(|line| line.size).collect();
    sizes.sort_by(f32::total_cmp);
    let usual = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let mut last: Option<(u32, &Line)> = None;
    for (page, columns) in (1..).zip(pages) {
        for column in columns {
            for (number, lines) in grouped(column, usual, &labels).into_iter().enumerate() {
                let (Some(first), Some(end)) = (lines.first(), lines.last()) else { continue };
                let size = first.size;
                // The first line of a headline may run over several columns, and its last one not.
                let above = last.replace((page, *end)).filter(|(of, _)| *of == page).map(|(_, line)| line);
                let is_headline = number == 0
                    && size > 1.15 * usual
                    && above.is_some_and(|above| {
                        let gap = above.y - first.y;
                        (above.size - size).abs() < 0.05 * size
                            && (0.0..2.0 * size).contains(&gap)
                            && !above.text.trim_end().ends_with(['.', '!', '?', ':', '”', '"'])
                    });
                let mut text = String::new();
                for line in lines {
                    join(&mut text, line.text.trim(), &words);
                }
                // A paragraph may go on in the next column or on the next page, with a note at the foot between.
                let open = (number == 0).then(|| {
                    let mut before = paragraphs.iter_mut().rev().take(6);
                    before.find(|before| (before.size - size).abs() < 0.08 * size)
                });
                match open.flatten() {
                    Some(open) if is_headline || goes_on(&open.text, &text) => join(&mut open.text, &text, &words),
                    _ => paragraphs.push(Paragraph { page, size, text }),
                }
            }
        }
    }
    paragraphs
}

/// The labels at the starts of lines that name who speaks: those in capitals, those that return, and the letters of questions
/// and answers.
#[derive(Default)]
struct Labels {
    names: FxHashSet<String>,
    has_letters: bool,
}

impl Labels {
    fn of(pages: &[Vec<Vec<Line>>]) -> Self {
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        let (mut questions, mut answers) = (0, 0);
        for line in pages.iter().flatten().flatten() {
            let text = line.text.trim();
            if let Some(name) = name_of(text) {
                *counts.entry(name).or_default() += 1;
            }
            questions += usize::from(is_letter(text, 'Q'));
            answers += usize::from(is_letter(text, 'A'));
        }
        let is_capital = |name: &str| name.contains(char::is_uppercase) && !name.contains(char::is_lowercase);
        let returns = |count: usize| count > 1;
        // One label alone is that of a line in capitals.
        let several = counts.len() > 1;
        let names =
            counts.into_iter().filter(|(name, count)| several && (returns(*count) || is_capital(without_title(name))));
        let names = names.map(|(name, _)| name.to_owned()).collect();
        Labels { names, has_letters: questions > 0 && answers > 0 && questions + answers > 2 }
    }

    /// True if `line` begins a turn: the one before has ended.
    fn begin(&self, before: &str, line: &str) -> bool {
        let before = before.trim_end();
        let is_over = before.ends_with(['.', '!', '?', ':', '”', '"', '…', ')', ']', '-', '–', '—', '»']);
        let line = line.trim();
        // `ANN RAY,` goes on with how she was sworn.
        let is_apart = |line: &str| (self.has_letters || !self.names.is_empty()) && is_heading(line);
        is_apart(before) && !before.ends_with(',')
            || is_over
                && (is_apart(line)
                    || name_of(line).is_some_and(|name| self.names.contains(name))
                    || self.has_letters && (is_letter(line, 'Q') || is_letter(line, 'A')))
    }
}

/// True for a line of several words in capitals, as stand between turns: `DIRECT EXAMINATION`.
fn is_heading(line: &str) -> bool {
    let words = || line.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 2);
    words().count() > 1 && !line.contains(char::is_lowercase) && !line.ends_with(['.', '!', '?'])
}

/// True for a line that begins as turns do.
pub(super) fn opens_turn(line: &str) -> bool {
    is_letter(line, 'Q') || is_letter(line, 'A') || name_of(line).is_some()
}

/// The name before the colon at the start of a line: `MS. BIRK: At six.`
fn name_of(line: &str) -> Option<&str> {
    label(line).map(|(name, _)| name).filter(|name| is_name_of_label(name))
}

/// `MR. HOLT` may be written `Mr. HOLT`.
fn without_title(name: &str) -> &str {
    name.split_once(". ").map_or(name, |(title, rest)| if title.len() <= 4 { rest } else { name })
}

/// `Q. Who pays?`, `Q: Who pays?`, `Q Who pays?`, and the same with another letter; `A man` is none.
fn is_letter(line: &str, letter: char) -> bool {
    let Some(rest) = line.strip_prefix(letter) else { return false };
    let said = rest.strip_prefix(['.', ':']).unwrap_or(rest).trim_start();
    said.len() < rest.len() && said.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()) && !said.is_empty()
}

/// True if `text` begins within a sentence that `before` has begun.
fn goes_on(before: &str, text: &str) -> bool {
    let ends = before.ends_with(['.', '!', '?', ':', '”', '"', '…', ')', '»']);
    !ends && (before.len() > 40 && text.starts_with(char::is_lowercase) || before.len() > 100)
}

/// The lines of each paragraph of a column. Lines larger than `usual` are those of headings.
fn grouped<'l>(column: &'l [Line], usual: f32, labels: &Labels) -> Vec<Vec<&'l Line>> {
    let left = column.iter().map(|line| line.x0).fold(f32::MAX, f32::min);
    let right = column.iter().map(|line| line.x1).fold(f32::MIN, f32::max);
    let width = right - left;
    let mut gaps: Vec<f32> = column.windows(2).filter_map(|pair| Some(pair.first()?.y - pair.last()?.y)).collect();
    gaps.sort_by(f32::total_cmp);
    let leading = gaps.get(gaps.len() / 3).copied().unwrap_or(0.0);
    let is_indented = |line: &Line| line.x0 - left > 0.8 * line.size;
    let indented = column.iter().filter(|line| is_indented(line)).count();
    let indents_begin = indented * 2 < column.len();
    let mut groups: Vec<Vec<&Line>> = Vec::new();
    for line in column {
        let before = groups.last().and_then(|group| group.last());
        let begins = before.is_none_or(|before| {
            let gap = before.y - line.y;
            let ends = before.text.trim_end().ends_with(['.', '!', '?', ':', '”', '"']);
            let is_cut = before.text.trim_end().ends_with('-');
            if before.size.min(line.size) > 1.15 * usual && (before.size - line.size).abs() < 0.05 * line.size {
                return ends || gap > 2.0 * line.size;
            }
            let missing = if is_cut { 0.0 } else { (right - before.x1) / width.max(1.0) };
            gap > 1.3 * leading.max(line.size)
                || (before.size - line.size).abs() > 0.12 * before.size.max(line.size)
                || indents_begin && is_indented(line) && !is_indented(before)
                || missing > if ends { 0.2 } else { 0.5 }
                || labels.begin(&before.text, &line.text)
                || line.text.trim_start().starts_with(['•', '▪', '●', '■', '◦', '\u{f0b7}'])
        });
        match groups.last_mut() {
            Some(group) if !begins => group.push(line),
            Some(_) | None => groups.push(vec![line]),
        }
    }
    groups
}

/// The words of a document that no line end breaks, in lower case.
fn words(pages: &[Vec<Vec<Line>>]) -> FxHashSet<String> {
    let lines = pages.iter().flatten().flatten();
    let words = lines.flat_map(|line| line.text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '’'));
    words.filter(|word| word.len() > 2 && !word.ends_with('-')).map(str::to_lowercase).collect()
}

/// Adds a line to a paragraph. A hyphen at its end goes, unless the word has one elsewhere in the document.
fn join(text: &mut String, line: &str, words: &FxHashSet<String>) {
    if text.is_empty() || line.is_empty() {
        text.push_str(line);
        return;
    }
    if text.ends_with('\u{ad}') {
        text.pop();
        text.push_str(line);
        return;
    }
    let Some(stem) = text.strip_suffix(['-', '‐']) else {
        let is_wide = |c: char| matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
        if !(text.ends_with(is_wide) && line.starts_with(is_wide)) {
            text.push(' ');
        }
        text.push_str(line);
        return;
    };
    let first = stem.rsplit(|c: char| !c.is_alphanumeric() && c != '-').next().unwrap_or("").to_lowercase();
    let last = line.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("").to_lowercase();
    let is_broken = stem.ends_with(char::is_lowercase) && line.starts_with(char::is_lowercase);
    let is_compound = words.contains(&format!("{first}-{last}")) && !words.contains(&format!("{first}{last}"));
    if is_broken && !is_compound {
        text.truncate(stem.len());
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(y: f32, text: &str) -> Line {
        Line { x0: 50.0, x1: 50.0 + 5.0 * text.len() as f32, y, size: 10.0, text: text.to_owned() }
    }

    #[track_caller]
    fn check(pages: &[&[(f32, &str)]], expect: &[(u32, &str)]) {
        let mut pages: Vec<_> =
            pages.iter().map(|lines| vec![lines.iter().map(|(y, text)| line(*y, text)).collect::<Vec<_>>()]).collect();
        without_running_lines(&mut pages);
        without_line_numbers(&mut pages);
        let found = paragraphs(&pages);
        let found: Vec<(u32, &str)> = found.iter().map(|paragraph| (paragraph.page, paragraph.text.as_str())).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn turns_of_a_transcript_are_paragraphs() {
        check(
            &[&[
                (700.0, "THE COURT: Good morning. Be seated."),
                (688.0, "MR. HOLT: When did you leave?"),
                (676.0, "MS. BIRK: At six. I locked the doors"),
                (664.0, "and went home."),
                (652.0, "MR. HOLT: Thank you. And did you--"),
                (640.0, "MS. BIRK: Yes."),
            ]],
            &[
                (1, "THE COURT: Good morning. Be seated."),
                (1, "MR. HOLT: When did you leave?"),
                (1, "MS. BIRK: At six. I locked the doors and went home."),
                (1, "MR. HOLT: Thank you. And did you--"),
                (1, "MS. BIRK: Yes."),
            ],
        );
        check(
            &[&[
                (700.0, "Gazette: Was it safe at all then?"),
                (688.0, "Carl Moe: It was not, I said so."),
                (676.0, "Gazette: To whom did you say so?"),
                (664.0, "Carl Moe: To the board, in May."),
            ]],
            &[
                (1, "Gazette: Was it safe at all then?"),
                (1, "Carl Moe: It was not, I said so."),
                (1, "Gazette: To whom did you say so?"),
                (1, "Carl Moe: To the board, in May."),
            ],
        );
        check(
            &[&[
                (700.0, "Q. When did you leave the mill?"),
                (688.0, "A. At six, and I locked doors."),
                (676.0, "Q. Did anyone see you on the way?"),
                (664.0, "A. A man from the ferry did so."),
            ]],
            &[
                (1, "Q. When did you leave the mill?"),
                (1, "A. At six, and I locked doors."),
                (1, "Q. Did anyone see you on the way?"),
                (1, "A. A man from the ferry did so."),
            ],
        );
        // Lines of prose that happen to have a colon are joined.
        check(
            &[&[(700.0, "The board has one rule, which is old."), (688.0, "Its words: nobody pays twice a year.")]],
            &[(1, "The board has one rule, which is old. Its words: nobody pays twice a year.")],
        );
    }

    #[test]
    fn lines_are_joined_and_hyphens_go_where_a_line_ends() {
        check(
            &[&[
                (700.0, "The canal trust has put up its dues for the long-term moor-"),
                (688.0, "ings of the quay, and a long-"),
                (676.0, "term plan follows in the spring of the coming year, it says."),
                (652.0, "Boats pay 41 crowns."),
                (640.0, "Nobody else does."),
            ]],
            &[
                (
                    1,
                    "The canal trust has put up its dues for the long-term moorings of the quay, and a long-term plan follows in the spring of the coming year, it says.",
                ),
                (1, "Boats pay 41 crowns."),
                (1, "Nobody else does."),
            ],
        );
    }

    #[test]
    fn a_heading_may_have_several_lines() {
        let large = |y: f32, text: &str| Line { size: 18.0, ..line(y, text) };
        let page = vec![vec![
            large(720.0, "Northern basin to close for eleven weeks after"),
            large(690.0, "divers find"),
            large(660.0, "cracks"),
            line(620.0, "One side of the quay is closed, and the boats that were moored there have left."),
            line(608.0, "Nobody knows where they are now, and nobody has been asked so far, said the crew."),
            line(596.0, "That is all there is to say, said the harbour master, who had come to look for it."),
            line(584.0, "He left."),
        ]];
        let found = paragraphs(&[page]);
        assert_eq!(found[0].text, "Northern basin to close for eleven weeks after divers find cracks");
        assert!(found[1].text.starts_with("One side"), "{found:?}");
        // Its first line is over two columns, its last one in the first of them.
        let found = paragraphs(&[vec![
            vec![large(720.0, "Northern basin to close for a")],
            vec![
                large(690.0, "year"),
                line(620.0, "One side of the quay is closed, and the boats"),
                line(608.0, "that were moored there have left."),
            ],
            vec![
                line(620.0, "Nobody knows where they are now, and nobody"),
                line(608.0, "has been asked so far, said the crew."),
            ],
        ]]);
        assert_eq!(found[0].text, "Northern basin to close for a year");
        assert!(found[1].text.starts_with("One side"), "{found:?}");
    }

    #[test]
    fn numbers_of_lines_go() {
        let mut pages = vec![vec![
            (1..)
                .zip([
                    "MS. COIL: Good morning.",
                    "Q. Did you see the gates in the",
                    "spring?",
                    "A. I did, and",
                    "twice.",
                ])
                .map(|(number, text): (u8, &str)| line(700.0 - 12.0 * f32::from(number), &format!("{number} {text}")))
                .collect::<Vec<_>>(),
        ]];
        without_line_numbers(&mut pages);
        let found = paragraphs(&pages);
        assert!(found.iter().all(|paragraph| !paragraph.text.contains(|c: char| c.is_ascii_digit())), "{found:?}");
        let list = ["1. Close it.", "2. Wait.", "3. Ask.", "4. Pay.", "5. Go."];
        let mut pages = vec![vec![list.iter().map(|text| line(700.0, text)).collect::<Vec<_>>()]];
        without_line_numbers(&mut pages);
        assert!(pages[0][0].iter().map(|line| line.text.as_str()).eq(list));
    }

    #[test]
    fn headers_footers_and_page_numbers_go_and_paragraphs_cross_pages() {
        check(
            &[
                &[
                    (780.0, "Harbour Report 2025"),
                    (700.0, "One side of the quay is closed, and the boats that were"),
                    (40.0, "– 1 –"),
                ],
                &[
                    (780.0, "Harbour Report 2025"),
                    (700.0, "moored there have left."),
                    (600.0, "Nobody knows where they are now."),
                    (40.0, "2"),
                ],
            ],
            &[
                (1, "One side of the quay is closed, and the boats that were moored there have left."),
                (2, "Nobody knows where they are now."),
            ],
        );
        check(&[&[(700.0, "Only one page."), (40.0, "Page 1 of 1")]], &[(1, "Only one page.")]);
    }
}
