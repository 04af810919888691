//! The text of a part of a mail, from its bytes as sent: encodings and charsets are often wrong.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::{Message, MessagePart, MimeHeaders};

use super::super::charset;

/// The characters of a part, and what the user should know of them.
///
/// What can be decoded is read: an equals sign that starts no code stays, base64 ends at the first line that is none (list
/// servers add footers), and text that is valid in UTF-8 is UTF-8 whatever its header says.
pub(super) fn text(message: &Message<'_>, part: &MessagePart<'_>) -> (String, Vec<String>) {
    let raw = message.raw_message.get(part.offset_body as usize..part.offset_end as usize).unwrap_or_default();
    let encoding = part.content_transfer_encoding().unwrap_or_default().to_ascii_lowercase();
    let mut warnings = Vec::new();
    let bytes = match encoding.trim() {
        "quoted-printable" => Cow::Owned(quoted_printable(raw)),
        "base64" => {
            let (bytes, is_broken) = base64(raw);
            if is_broken {
                warnings.push("its base64 text is broken; what comes after was left out".to_owned());
            }
            Cow::Owned(bytes)
        }
        _ => Cow::Borrowed(raw),
    };
    let declared = part.content_type().and_then(|kind| kind.attribute("charset"));
    match charset::decode(bytes.to_vec(), declared) {
        Ok(decoded) => {
            warnings.extend(decoded.warnings);
            (decoded.text, warnings)
        }
        // A mail's text is kept even if it has control characters.
        Err(_) => (String::from_utf8_lossy(&bytes).into_owned(), warnings),
    }
}

/// Decodes quoted-printable; invalid codes are kept as they are.
fn quoted_printable(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'=', rest) {
        bytes.extend_from_slice(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        let digit = |at: usize| rest.get(at).and_then(|byte| (*byte as char).to_digit(16));
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).take(100).count();
        if let (Some(high), Some(low)) = (digit(0), digit(1)) {
            bytes.push((high * 16 + low) as u8);
            rest = rest.get(2..).unwrap_or_default();
        } else if rest.get(blanks) == Some(&b'\n') || (blanks == rest.len()) {
            // The line goes on.
            rest = rest.get(blanks + 1..).unwrap_or_default();
        } else {
            bytes.push(b'=');
        }
    }
    bytes.extend_from_slice(rest);
    bytes
}

/// Decodes the lines of base64 that the text begins with; true if it breaks off within one of them.
fn base64(raw: &[u8]) -> (Vec<u8>, bool) {
    let is_code = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut code = Vec::with_capacity(raw.len());
    let mut is_broken = false;
    for line in raw.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii) {
        let length = line.iter().position(|byte| !is_code(*byte)).unwrap_or(line.len());
        let rest = line.get(length..).unwrap_or_default();
        let ends = rest.iter().all(|byte| *byte == b'=');
        // A line that only begins like code is a footer.
        if !ends && (length < 8 || line.contains(&b' ')) {
            break;
        }
        code.extend_from_slice(line.get(..length).unwrap_or_default());
        if !rest.is_empty() {
            is_broken = !ends;
            break;
        }
    }
    // Whole groups of four; what is left of the last one is filled up.
    match code.len() % 4 {
        1 => {
            code.pop();
        }
        2 | 3 => code.resize(code.len().next_multiple_of(4), b'='),
        _ => {}
    }
    (base64_decode(&code).unwrap_or_default(), is_broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equals_sign_that_starts_no_code_stays() {
        let read = |raw: &str| String::from_utf8(quoted_printable(raw.as_bytes())).unwrap();
        assert_eq!(read("Dues = 41 crowns"), "Dues = 41 crowns");
        assert_eq!(read("a=3D1 caf=C3=A9"), "a=1 café");
        assert_eq!(read("one=\r\ntwo= \nthree=\n"), "onetwothree");
        assert_eq!(read("1 =="), "1 =");
    }

    #[test]
    fn base64_ends_where_a_footer_begins() {
        let read = |raw: &str| {
            let (bytes, is_broken) = base64(raw.as_bytes());
            (String::from_utf8(bytes).unwrap(), is_broken)
        };
        assert_eq!(
            read("VGhlIHRydXN0Lg==\n\n-- \nCanal list, https://list.example\n"),
            ("The trust.".to_owned(), false)
        );
        assert_eq!(read("VGhlIHRy\r\ndXN0Lg==\r\n"), ("The trust.".to_owned(), false));
        assert_eq!(read("VGhlIHRydXN0!!!gdXA=\n"), ("The trust".to_owned(), true));
        assert_eq!(read("VGhlIHRydXN0Lg\n"), ("The trust.".to_owned(), false));
    }
}
