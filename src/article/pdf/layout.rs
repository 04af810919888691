//! The layout of a page: pieces of text become lines, and lines columns in reading order.

use super::content::Piece;

/// A line of a column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) x0: f32,
    pub(super) x1: f32,
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) text: String,
}

/// The lines of a page, column by column.
pub(super) fn columns(pieces: Vec<Piece>) -> Vec<Vec<Line>> {
    let mut columns = Vec::new();
    order(rows(pieces), &mut columns, 0);
    columns
}

/// Segments on one baseline, from left to right: words that no wide gap parts.
type Row = Vec<Line>;

fn rows(mut pieces: Vec<Piece>) -> Vec<Row> {
    pieces.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut rows: Vec<Vec<Piece>> = Vec::new();
    for piece in pieces {
        // Raised and lowered signs belong to the line that they are in.
        let fits =
            |row: &Vec<Piece>| row.first().is_some_and(|first| first.y - piece.y < 0.35 * first.size.max(piece.size));
        match rows.last_mut().filter(|row| fits(row)) {
            Some(row) => row.push(piece),
            None => rows.push(vec![piece]),
        }
    }
    rows.into_iter().map(segments).filter(|row| !row.is_empty()).collect()
}

fn segments(mut pieces: Vec<Piece>) -> Row {
    /// In sizes of the text.
    const COLUMN_GAP: f32 = 0.9;
    pieces.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut row: Row = Vec::new();
    for piece in pieces {
        let last = row.last_mut().filter(|last| piece.x0 - last.x1 < COLUMN_GAP * last.size.max(piece.size));
        match last {
            // Some programs print letters twice to make them bold.
            Some(last) if (piece.x0 - last.x0).abs() < 0.3 * piece.size && last.text.starts_with(&piece.text) => {}
            Some(last) => append(last, piece.x0, piece.x1, piece.size, &piece.text),
            None => row.push(Line { x0: piece.x0, x1: piece.x1, y: piece.y, size: piece.size, text: piece.text }),
        }
    }
    row.retain(|line| !line.text.trim().is_empty());
    row
}

/// Adds what stands to the right of a line; a gap of a seventh of its size parts words.
fn append(line: &mut Line, x0: f32, x1: f32, size: f32, text: &str) {
    let is_apart = x0 - line.x1 > 0.15 * line.size.min(size);
    if is_apart && !line.text.ends_with(' ') && !text.starts_with(' ') {
        line.text.push(' ');
    }
    // The size of a line is that of most of it.
    if text.chars().count() > line.text.chars().count() {
        line.size = size;
    }
    line.text.push_str(text);
    line.x1 = line.x1.max(x1);
}

/// Puts rows into reading order: what is above columns, the columns from left to right, what is below.
fn order(mut rows: Vec<Row>, columns: &mut Vec<Vec<Line>>, depth: u8) {
    const DEEPEST: u8 = 16;
    let gutter = if depth < DEEPEST { gutter(&rows) } else { None };
    let Some(Gutter { x, from, to }) = gutter else {
        let lines: Vec<Line> = rows.into_iter().filter_map(joined).collect();
        if !lines.is_empty() {
            columns.push(lines);
        }
        return;
    };
    let below = rows.split_off(to.min(rows.len()));
    let within = rows.split_off(from.min(rows.len()));
    let side = |is_left: bool| -> Vec<Row> {
        let segments = |row: &Row| row.iter().filter(|line| (line.x0 < x) == is_left).cloned().collect::<Row>();
        within.iter().map(segments).filter(|row| !row.is_empty()).collect()
    };
    let (left, right) = (side(true), side(false));
    order(rows, columns, depth + 1);
    order(left, columns, depth + 1);
    order(right, columns, depth + 1);
    order(below, columns, depth + 1);
}

fn joined(row: Row) -> Option<Line> {
    let mut segments = row.into_iter();
    let mut line = segments.next()?;
    for segment in segments {
        append(&mut line, segment.x0, segment.x1, segment.size, &segment.text);
    }
    Some(line)
}

/// A vertical gap that parts the rows `from..to`, left of `x`.
struct Gutter {
    x: f32,
    from: usize,
    to: usize,
}

/// The gap that parts most lines: one that many segments begin behind and none crosses.
fn gutter(rows: &[Row]) -> Option<Gutter> {
    /// Lines on either side; fewer are a table or a list, or the end of a text in its last column.
    const LEAST: usize = 3;
    /// Characters of a segment, on average; cells of tables have fewer.
    const LEAST_CHARACTERS: usize = 14;
    const CANDIDATES: usize = 48;
    let mut starts: Vec<i32> = rows.iter().flatten().map(|line| line.x0.round() as i32).collect();
    starts.sort_unstable();
    let mut counted: Vec<(usize, i32)> =
        starts.chunk_by(|a, b| a == b).filter_map(|same| Some((same.len(), *same.first()?))).collect();
    counted.sort_unstable_by(|a, b| b.cmp(a));
    let mut best: Option<(usize, Gutter)> = None;
    for (_, start) in counted.into_iter().take(CANDIDATES) {
        let x = start as f32 - 1.0;
        let crosses = |row: &Row| row.iter().any(|line| line.x0 < x && line.x1 > x - 0.4 * line.size);
        let mut from = 0;
        while from < rows.len() {
            let run = rows.get(from..).unwrap_or_default().iter().take_while(|row| !crosses(row)).count();
            let run_rows = rows.get(from..from + run).unwrap_or_default();
            let sides = run_rows.iter().flatten();
            let (mut counts, mut characters) = ([0usize; 2], [0usize; 2]);
            for line in sides {
                let [left, right] = &mut counts;
                let [left_characters, right_characters] = &mut characters;
                let (count, sum) = if line.x0 < x { (left, left_characters) } else { (right, right_characters) };
                *count += 1;
                *sum += line.text.chars().count();
            }
            let [left, right] = counts;
            let is_text = counts.iter().zip(characters).all(|(count, sum)| sum >= count * LEAST_CHARACTERS);
            let worth = left.min(right);
            let is_column = worth >= LEAST && is_text
                || left >= LEAST && (1..LEAST).contains(&right) && is_last_column(run_rows, x);
            if is_column && best.as_ref().is_none_or(|(most, _)| worth > *most) {
                best = Some((worth, Gutter { x, from, to: from + run }));
            }
            from += run + 1;
        }
    }
    best.map(|(_, gutter)| gutter)
}

/// True if the few lines right of `x` are the last column of a text: they begin at its edge and at the top, beside lines that
/// fill theirs.
fn is_last_column(rows: &[Row], x: f32) -> bool {
    const FILLED: f32 = 0.6;
    let left = || rows.iter().flatten().filter(|line| line.x0 < x);
    let mut right = rows.iter().flatten().filter(|line| line.x0 >= x);
    let edge = left().map(|line| line.x0).fold(f32::MAX, f32::min);
    let filled = left().map(|line| line.x1 - edge).sum::<f32>() / (left().count() as f32 * (x - edge));
    let last = rows.iter().rposition(|row| row.iter().any(|line| line.x0 >= x));
    filled >= FILLED
        && last.is_some_and(|last| 2 * (last + 1) <= rows.len())
        && right.all(|line| line.x0 - x < 2.0 * line.size && line.text.contains(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::super::content::tests::piece;
    use super::*;

    #[track_caller]
    fn check(pieces: &[(f32, f32, &str)], expect: &[&[&str]]) {
        let pieces = pieces.iter().map(|(x, y, text)| piece(*x, *y, text)).collect();
        let found = columns(pieces);
        let found: Vec<Vec<&str>> =
            found.iter().map(|lines| lines.iter().map(|line| line.text.as_str()).collect()).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        check(
            &[
                (50.0, 700.0, "A headline that runs over both of the columns of a page"),
                (50.0, 680.0, "The first line left"),
                (300.0, 681.0, "The first line right"),
                (50.0, 668.0, "The second line left"),
                (300.0, 668.0, "The second line right"),
                (50.0, 656.0, "The third line left"),
                (300.0, 655.0, "The third line right"),
            ],
            &[
                &["A headline that runs over both of the columns of a page"],
                &["The first line left", "The second line left", "The third line left"],
                &["The first line right", "The second line right", "The third line right"],
            ],
        );
    }

    #[test]
    fn the_last_column_may_be_short() {
        let left = [
            (50.0, 680.0, "The trust that owns the canal has put up"),
            (50.0, 668.0, "its dues by a fifth, and those who moor a"),
            (50.0, 656.0, "boat there have to pay before the end of"),
            (50.0, 644.0, "May, said its treasurer, who was on the"),
            (50.0, 632.0, "quay, and that is what they will do or"),
        ];
        let texts = left.map(|(_, _, text)| text);
        check(&[&left[..], &[(330.0, 680.0, "leave.")]].concat(), &[&texts, &["leave."]]);
        check(
            &[&left[..], &[(340.0, 680.0, "leave, she said on"), (330.0, 668.0, "Monday.")]].concat(),
            &[&texts, &["leave, she said on", "Monday."]],
        );
        check(
            &[
                &left[..4],
                &[
                    (330.0, 680.0, "quay, and that is what"),
                    (330.0, 668.0, "they will do or"),
                    (330.0, 656.0, "leave by noon"),
                    (330.0, 644.0, "do or leave when the"),
                    (460.0, 680.0, "sun sets."),
                ],
            ]
            .concat(),
            &[
                &texts[..4],
                &["quay, and that is what", "they will do or", "leave by noon", "do or leave when the"],
                &["sun sets."],
            ],
        );
        // What is beside a line further down, or beside short ones, is a part of it.
        let row = "boat there have to pay before the end of 41 crowns";
        let mut rows = texts;
        rows[2] = row;
        check(&[&left[..], &[(330.0, 656.0, "41 crowns")]].concat(), &[&rows]);
        check(
            &[
                (50.0, 680.0, "Name of the boat"),
                (330.0, 680.0, "Marsh Light"),
                (50.0, 668.0, "Name of its owner"),
                (50.0, 656.0, "Place where it is"),
            ],
            &[&["Name of the boat Marsh Light", "Name of its owner", "Place where it is"]],
        );
    }

    #[test]
    fn tables_and_words_set_apart_stay_in_their_line() {
        check(
            &[
                (50.0, 700.0, "Dues"),
                (200.0, 700.0, "41"),
                (50.0, 688.0, "Locks"),
                (200.0, 688.0, "9"),
                (50.0, 676.0, "Boats"),
                (200.0, 676.0, "12"),
            ],
            &[&["Dues 41", "Locks 9", "Boats 12"]],
        );
        check(&[(50.0, 700.0, "The"), (68.0, 700.0, "trust"), (90.2, 700.5, "ees")], &[&["The trustees"]]);
    }
}
