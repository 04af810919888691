//! Where a page of hits ends, so that the next one begins after it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A hit's place in the order of a request: whatever is after it is on later pages. As text it is opaque and can be in
/// a URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Digest of the index that answered; a cursor means nothing in another state of the index.
    #[serde(rename = "i")]
    pub digest: String,
    /// The hit's group where hits are grouped by how closely they match.
    #[serde(rename = "c")]
    pub class: u8,
    /// The bits of its score.
    #[serde(rename = "s")]
    pub score: u32,
    /// Its day, where hits are sorted by day: days since 1970-01-01.
    #[serde(rename = "d")]
    pub day: Option<i64>,
    /// The id of its article.
    #[serde(rename = "a")]
    pub article: String,
    /// Which document of its article it is.
    #[serde(rename = "n")]
    pub ordinal: u32,
}

/// A text that is not a cursor.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a cursor")]
pub struct CursorError(String);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_| fmt::Error)?;
        json.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let failed = || CursorError(text.to_owned());
        let digits = text.as_bytes();
        if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(failed());
        }
        let value = |digit: &u8| char::from(*digit).to_digit(16).unwrap_or(0) as u8;
        let bytes: Vec<u8> =
            digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |sum, digit| sum << 4 | value(digit))).collect();
        serde_json::from_slice(&bytes).map_err(|_| failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let cursor = Cursor {
            digest: "ab12".to_owned(),
            class: 1,
            score: 2.5_f32.to_bits(),
            day: Some(-3),
            article: "paper.example/ö?a=1".to_owned(),
            ordinal: 7,
        };
        let text = cursor.to_string();
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_eq!(text.parse::<Cursor>().unwrap(), cursor);
        for wrong in ["", "x", "ab", "7b7d"] {
            assert!(wrong.parse::<Cursor>().is_err(), "{wrong}");
        }
    }
}
