//! Tables of turns or segments: a row has a time, words and maybe who says them.

use super::super::{Locator, table};
use super::Cue;
use super::segments::part_sentences;
use crate::language::world;

/// Where the columns of such a table are.
#[derive(Debug, Default)]
struct Columns {
    start: Option<usize>,
    end: Option<usize>,
    text: Option<usize>,
    speaker: Option<usize>,
}

impl Columns {
    /// The columns that this header names; none if it names others as well, or too few.
    fn of(header: &str, separator: char) -> Option<Self> {
        let known = &world().recordings;
        let mut columns = Columns::default();
        for (number, name) in header.split(separator).enumerate() {
            let name: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            let column = match () {
                () if known.starts.contains(&name) => &mut columns.start,
                () if known.ends.contains(&name) => &mut columns.end,
                () if known.words.contains(&name) => &mut columns.text,
                () if known.speakers.contains(&name) => &mut columns.speaker,
                () if name.is_empty() || known.numbers.contains(&name) => continue,
                () => return None,
            };
            if column.replace(number).is_some() {
                return None;
            }
        }
        let Columns { start, end, text, speaker } = columns;
        (start.is_some() && text.is_some() && end.or(speaker).is_some()).then_some(columns)
    }
}

/// The segments of a table whose columns are known; none for another table.
pub(super) fn read(text: &str) -> Option<Vec<Cue>> {
    // Times are milliseconds where most segments would be longer than this; without an end, they begin sooner than this.
    const LONGEST: f64 = 100.0;
    const SOON: f64 = 600.0;
    let header = text.lines().next()?;
    let (separator, columns) =
        ['\t', ',', ';', '|'].iter().find_map(|mark| Some((*mark, Columns::of(header, *mark)?)))?;
    let cell = |row: &[String], column: Option<usize>| Some(row.get(column?)?.trim().to_owned());
    let time = |row: &[String], column| seconds(&cell(row, column)?);
    let rows: Vec<Vec<String>> = table::rows_of(text, separator).skip(1).collect();
    let lengths = || rows.iter().filter_map(|row| Some(time(row, columns.end)? - time(row, columns.start)?));
    let long = lengths().filter(|length| *length > LONGEST).count();
    let is_number =
        |row: &Vec<String>| cell(row, columns.start).is_some_and(|cell| cell.bytes().all(|b| b.is_ascii_digit()));
    let second = if 2 * long > lengths().count() && rows.iter().all(is_number) { 1000.0 } else { 1.0 };
    if columns.end.is_none() && rows.first().and_then(|row| time(row, columns.start)).is_none_or(|first| first > SOON) {
        return None;
    }
    let cue = |row: &Vec<String>| {
        let at = time(row, columns.start).map(|at| Locator::Time((at / second) as u32));
        let voice = cell(row, columns.speaker).filter(|name| !name.is_empty());
        Some(Cue { at, begins_turn: voice.is_some(), voice, text: cell(row, columns.text)?, ..Cue::default() })
    };
    let mut cues: Vec<Cue> = rows.iter().filter_map(cue).collect();
    // A table of something else has no times there.
    if cues.iter().filter(|cue| cue.at.is_some()).count() < cues.len().div_ceil(2).max(1) {
        return None;
    }
    part_sentences(&mut cues);
    Some(cues)
}

/// A time in seconds: `12.5`, `00:12`, `00:00:12,500`, and with the number of a picture `00;00;12;04`.
fn seconds(written: &str) -> Option<f64> {
    let mut parts: Vec<&str> = written.split([':', ';']).collect();
    if parts.len() > 3 {
        parts.truncate(3);
    }
    let part = |part: &&str| part.replace(',', ".").parse::<f64>().ok().filter(|part| *part >= 0.0);
    parts.iter().map(part).try_fold(0.0, |sum, part| Some(sum * 60.0 + part?))
}

#[cfg(test)]
mod tests {
    use super::super::is_transcript;
    use super::super::tests::check;

    #[test]
    fn a_table_may_name_who_speaks() {
        check("start\tend\ttext\n0\t4000\tWe are glad.\n4000\t6000\tWho pays?\n", &["We are glad.", "Who pays?"]);
        let turns = ["Tove: We are glad, all.", "Bram: Who pays?"];
        for table in [
            "start\tend\tspeaker\ttext\n0\t4000\tTove\tWe are glad, all.\n4000\t6000\tBram\tWho pays?\n",
            "Speaker,Start,End,Text\nTove,00:00:03,00:00:06,\"We are glad, all.\"\nBram,00:00:11,00:00:13,Who pays?\n",
            "Speaker Name,Start Time,End Time,Transcript\nTove,00;00;03;12,00;00;06;01,\"We are glad, all.\"\nBram,00;00;11;00,00;00;13;00,Who pays?\n",
            "#;Timecode;Speaker;Text\n1;0:03;Tove;We are glad, all.\n2;0:11;Bram;Who pays?\n",
            "start,end,speaker,text\n3.5,6.0,Tove,\"We are glad, all.\"\n11.0,13.2,Bram,Who pays?\n",
        ] {
            check(table, &turns);
        }
    }

    #[test]
    fn other_tables_are_no_transcripts() {
        for table in [
            "start,end,title,text\n1,2,Quay,We are glad.\n",
            "start,text\n1,We are glad.\n",
            "time,name,text\n2025-03-04T10:00:00Z,Tove,We are glad.\n",
            "timestamp,name,text\n1741082400,Tove,We are glad.\n",
            "start,end,text\n2025-03-04,2025-03-05,The fair opens.\n",
            "start,end,text\n",
        ] {
            assert!(!is_transcript(table), "{table}");
        }
    }
}
