//! Tables as text.

use std::ops::ControlFlow;

use serde_json::Value;

use super::record::Fields;
use super::stream::Stream;
use super::unpack::{Options, Sink};
use super::{Content, Format, Hints, Problem, Raw, Skip};

/// Cuts a table into its rows; the first row names the fields.
pub(super) fn split(stream: Stream<'_>, _: &Options, give: &mut Sink) -> ControlFlow<()> {
    let Stream { place, body, head, .. } = stream;
    let separator = separator(&head);
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(body);
    let names: Vec<String> = match reader.byte_headers() {
        Ok(names) => names.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect(),
        Err(error) => return give(Err(Skip::new(place, malformed(&error)).of(Format::Csv))),
    };
    for (number, row) in reader.into_byte_records().enumerate() {
        // The header is row 1.
        let place = place.part(number + 2);
        give(match row {
            Ok(row) => {
                let values = row.iter().map(|value| Value::String(String::from_utf8_lossy(value).into_owned()));
                let fields: Fields = names.iter().cloned().zip(values).collect();
                Ok(Raw { place, format: Format::Csv, content: Content::Fields(fields), hints: Hints::default() })
            }
            Err(error) => Err(Skip::new(place, malformed(&error)).of(Format::Csv)),
        })?;
    }
    ControlFlow::Continue(())
}

fn malformed(error: &csv::Error) -> Problem {
    Problem::Malformed { format: Format::Csv, detail: error.to_string() }
}

/// The separator that stands most often in the first line.
fn separator(head: &[u8]) -> u8 {
    let first = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |separator: &u8| first.iter().filter(|b| *b == separator).count();
    [b'|', b';', b'\t', b','].into_iter().max_by_key(count).unwrap_or(b',')
}
