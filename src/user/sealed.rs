//! Files of JSON lines whose last line holds a checksum of the others.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

/// The last line of a file of JSON lines.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum End {
    /// Number of lines before this one, and the checksum of their bytes.
    Sealed { lines: usize, sum: String },
    /// The file was edited by hand.
    Edited { edited: bool },
}

/// Records as JSON lines with the closing line.
pub(super) fn seal<T: Serialize>(records: &[T]) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    for record in records {
        text.push_str(&serde_json::to_string(record)?);
        text.push('\n');
    }
    let end = End::Sealed { lines: records.len(), sum: sum(&text) };
    text.push_str(&serde_json::to_string(&end)?);
    text.push('\n');
    Ok(text)
}

/// The lines before the closing line, if they fit it.
pub(super) fn unseal(text: &str) -> Result<&str, String> {
    let whole = text.strip_suffix('\n').ok_or("cut short")?;
    let start = whole.rfind('\n').map_or(0, |end| end + 1);
    let (lines, last) = whole.split_at_checked(start).ok_or("cut short")?;
    match serde_json::from_str(last) {
        Ok(End::Sealed { lines: count, sum: expected }) => {
            let fits = sum(lines) == expected && lines.lines().count() == count;
            if fits { Ok(lines) } else { Err("its checksum is wrong".to_owned()) }
        }
        Ok(End::Edited { .. }) => Ok(lines),
        Err(_) => Err("its last line is not the closing line".to_owned()),
    }
}

/// The records of these lines.
pub(super) fn parse<T: DeserializeOwned>(lines: &str) -> Result<Vec<T>, String> {
    let parsed = (1..)
        .zip(lines.lines())
        .map(|(number, line)| serde_json::from_str(line).map_err(|error| format!("line {number}: {error}")));
    parsed.collect()
}

fn sum(text: &str) -> String {
    format!("{:016x}", xxh3_64(text.as_bytes()))
}
