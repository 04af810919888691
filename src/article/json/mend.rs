//! JSON that is no valid JSON, made valid.

use serde_json::Value;

/// The message about a record that was mended.
pub(super) const MENDED: &str = "mended half characters or numbers that JSON does not have";

/// The value of JSON that holds what JSON does not have: halves of surrogate pairs become U+FFFD, `NaN`, `Infinity` and
/// numbers out of range become `null`. Only what is where a value may be is touched, never a string's words.
pub(super) fn mended(json: &str) -> Option<Value> {
    let mut text = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => {
                let length = string_length(rest);
                mend_string(rest.get(..length)?, &mut text);
                length
            }
            'N' | 'I' | '-' | '0'..='9' => {
                let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'));
                let length = length.unwrap_or(rest.len());
                let value = rest.get(..length)?;
                let is_number = serde_json::from_str::<serde_json::Number>(value).is_ok();
                let is_known = is_number || value.parse::<f64>().is_ok();
                text.push_str(if is_number || !is_known { value } else { "null" });
                length
            }
            _ => {
                text.push(first);
                first.len_utf8()
            }
        };
        rest = rest.get(length..)?;
    }
    serde_json::from_str(&text).ok()
}

/// The length of the string that `json` starts with, its marks included.
fn string_length(json: &str) -> usize {
    let mut escaped = false;
    for (at, c) in json.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    json.len()
}

/// Writes a string with U+FFFD in place of escapes that are half a surrogate pair.
fn mend_string(string: &str, into: &mut String) {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u").and_then(|digits| digits.get(..4))?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut rest = string;
    while let Some(at) = rest.find('\\') {
        into.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at..).unwrap_or("");
        let (length, is_half) = match unit(rest) {
            Some(0xd800..=0xdbff) if matches!(rest.get(6..).and_then(unit), Some(0xdc00..=0xdfff)) => (12, false),
            Some(0xd800..=0xdfff) => (6, true),
            Some(_) => (6, false),
            None => (1 + rest.chars().nth(1).map_or(0, char::len_utf8), false),
        };
        into.push_str(if is_half { "\\ufffd" } else { rest.get(..length).unwrap_or(rest) });
        rest = rest.get(length..).unwrap_or("");
    }
    into.push_str(rest);
}
