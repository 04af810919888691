//! From bytes to characters.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Problem;

/// Text, and what had to be guessed or mended to get it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Decoded {
    /// The characters, without a byte order mark.
    pub(super) text: String,
    /// What the user should know.
    pub(super) warnings: Vec<String>,
}

/// Decodes `bytes`: by byte order mark, as UTF-8 where it is valid, by the `declared` charset, then by detection.
///
/// Valid UTF-8 goes before the declaration: pages that declare Latin-1 and hold UTF-8 are common, while text in a
/// legacy encoding is hardly ever valid UTF-8 by chance.
pub(super) fn decode(bytes: Vec<u8>, declared: Option<&str>) -> Result<Decoded, Problem> {
    if let Some(text) = utf32(&bytes) {
        return Ok(Decoded { text, warnings: Vec::new() });
    }
    if let Some(encoding) = utf16(&bytes) {
        return Ok(with(encoding, &bytes));
    }
    if is_binary(&bytes) {
        return Err(Problem::Binary);
    }
    let declared = declared.and_then(|name| Encoding::for_label(name.trim().as_bytes()));
    // All of its bytes are ASCII: as UTF-8 it would be valid and mean nothing.
    if is_iso_2022_jp(&bytes) && declared.is_none_or(|declared| declared == ISO_2022_JP) {
        return Ok(with(ISO_2022_JP, &bytes));
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            return Ok(mended(with_line_ends(text)));
        }
        Err(invalid) => invalid.into_bytes(),
    };
    // A declaration of UTF-8 is kept for text with a few broken bytes, not for text in another encoding.
    let encoding = match declared {
        // Text in a legacy encoding holds hardly any sequence that is valid in UTF-8, whatever is declared.
        Some(_) | None if is_mostly_utf8(&bytes) => UTF_8,
        Some(encoding) if encoding != UTF_8 => encoding,
        Some(_) | None => detect(&bytes),
    };
    let decoded = with(encoding, &bytes);
    Ok(Decoded { text: with_line_ends(decoded.text), ..decoded })
}

/// The same text with line feeds where old programs of the Mac wrote carriage returns instead. Offsets hold.
fn with_line_ends(text: String) -> String {
    if text.contains('\r') && !text.contains('\n') { text.replace('\r', "\n") } else { text }
}

/// The first bytes of a stream as characters, good enough to recognise a format by.
pub(super) fn peek(head: &[u8]) -> String {
    let encoding = utf16(head).or_else(|| Encoding::for_bom(head).map(|(found, _)| found)).unwrap_or(WINDOWS_1252);
    with_line_ends(match std::str::from_utf8(head) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding.decode(head).0.into_owned(),
    })
}

/// True for bytes that are not text: full of control characters, NUL bytes that are not those of UTF-16 among them.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(16 << 10)).unwrap_or(bytes);
    if utf16(head).is_some() || utf32(head).is_some() {
        return false;
    }
    let control = head.iter().filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31)).count();
    // Many an old export holds a stray control character, but not one in fifty bytes.
    control * 50 > head.len()
}

/// Text in UTF-32, known by its byte order mark or by where its NUL bytes are in text of mostly Latin letters.
fn utf32(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    let fits = |zeros: [usize; 2]| {
        let is_latin = |unit: &[u8]| zeros.iter().all(|at| unit.get(*at) == Some(&0)) && unit != [0; 4];
        head.len() >= 16 && head.chunks_exact(4).all(is_latin)
    };
    let read: fn([u8; 4]) -> u32 = match bytes {
        [0xff, 0xfe, 0, 0, ..] => u32::from_le_bytes,
        [0, 0, 0xfe, 0xff, ..] => u32::from_be_bytes,
        _ if fits([2, 3]) => u32::from_le_bytes,
        _ if fits([0, 1]) => u32::from_be_bytes,
        _ => return None,
    };
    let units = bytes.chunks(4).map(|unit| unit.try_into().map_or(u32::MAX, read));
    let text: String = units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Some(text.strip_prefix('\u{feff}').map_or_else(|| text.clone(), str::to_owned))
}

/// True for text that switches to Japanese and back by escape sequences, as ISO-2022-JP does.
fn is_iso_2022_jp(bytes: &[u8]) -> bool {
    bytes.is_ascii()
        && [b"\x1b$B".as_slice(), b"\x1b$@"].iter().any(|start| memchr::memmem::find(bytes, start).is_some())
}

/// The same text with the quotation marks and dashes of Windows-1252 in place of control characters that came of reading
/// them as Latin-1. Controls that would become letters stay: they come of text that was garbled twice.
/// Each stays one character, so that offsets hold.
pub(super) fn without_c1(text: String) -> String {
    let is_c1 = |c: char| matches!(c, '\u{82}' | '\u{84}' | '\u{8b}' | '\u{91}'..='\u{97}' | '\u{9b}');
    if !text.contains(is_c1) {
        return text;
    }
    let read = |c: char| match u8::try_from(u32::from(c)) {
        Ok(byte) if is_c1(c) => WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or(c),
        Ok(_) | Err(_) => c,
    };
    text.chars().map(read).collect()
}

/// UTF-16 by its byte order mark, or without one by where its NUL bytes are in text of mostly Latin letters.
pub(super) fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] => return Some(UTF_16BE),
        _ => {}
    }
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or(bytes);
    let pairs = head.len() / 2;
    let nuls = |at: usize| head.chunks_exact(2).filter(|pair| pair.get(at) == Some(&0)).count();
    match (nuls(0), nuls(1)) {
        (even, odd) if pairs >= 4 && even * 10 > pairs * 7 && odd * 20 < pairs => Some(UTF_16BE),
        (even, odd) if pairs >= 4 && odd * 10 > pairs * 7 && even * 20 < pairs => Some(UTF_16LE),
        _ => None,
    }
}

/// True if at least two multi-byte characters are whole for each broken one, besides the last of a text that was cut
/// within it. In a legacy encoding, hardly any sequence of bytes is valid in UTF-8 by chance.
pub(super) fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken, mut cut) = (0usize, 0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
        cut = std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none()).into();
    }
    whole > 0 && (broken - cut) * 2 <= whole
}

/// The likeliest encoding of text that is not UTF-8.
pub(super) fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == WINDOWS_1252 && is_mac_roman(bytes) { MACINTOSH } else { guess }
}

/// True for text whose dashes and quotation marks are those of Mac Roman: read in another way, they are capitals where none is
/// written. Each has to fit.
fn is_mac_roman(bytes: &[u8]) -> bool {
    let read = |encoding: &'static Encoding| encoding.decode_without_bom_handling(bytes).0;
    let is_capital = |letter: char| matches!(letter, 'Ð'..='Õ');
    misfits(&read(WINDOWS_1252)).any(is_capital) && misfits(&read(MACINTOSH)).next().is_none()
}

/// Letters and signs where none is written: a capital behind a small letter or alone, a sign within a word, the outer side of a
/// quotation mark at a word.
fn misfits(text: &str) -> impl Iterator<Item = char> {
    let mut last = [' ', ' '];
    text.chars().chain([' ']).filter_map(move |after| {
        let [before, letter] = last;
        last = [letter, after];
        let is_within = before.is_alphabetic() && after.is_alphabetic();
        let is_misfit = match letter {
            '“' | '‘' => after.is_whitespace(),
            '”' => before.is_whitespace() || is_within,
            '’' => before.is_whitespace() && after.is_whitespace(),
            '–' | '—' | '…' | '•' => false,
            _ if letter.is_uppercase() => before.is_lowercase() || !before.is_alphabetic() && !after.is_alphabetic(),
            _ => !letter.is_alphabetic() && is_within,
        };
        (is_misfit && !letter.is_ascii()).then_some(letter)
    })
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, used, broken) = encoding.decode(bytes);
    let mut decoded = Decoded { text: text.into_owned(), warnings: Vec::new() };
    if broken {
        decoded.warnings.extend(self::broken(used, decoded.text.matches('\u{fffd}').count()));
    }
    decoded
}

/// What to say of so many characters that are not valid in an encoding.
pub(super) fn broken(encoding: &'static Encoding, count: usize) -> Option<String> {
    (count > 0).then(|| format!("broken characters in its {} text: {count}", encoding.name()))
}

/// Undoes UTF-8 that was once read as Windows-1252 and stored again ("â€™" for "’"), where that is certain.
///
/// It is certain if the whole text turns back: every character has a Windows-1252 byte, these bytes are valid UTF-8,
/// and at least two of the characters that come out are ones that were garbled.
fn mended(text: String) -> Decoded {
    // What UTF-8's lead bytes of Latin letters and of punctuation look like in Windows-1252.
    let suspicious = text.matches(['Ã', 'Â', 'â']).count();
    if suspicious >= 2
        && let Some(mended) = unmangle(&text)
    {
        let count = mended.chars().filter(|c| !c.is_ascii()).count();
        if count >= 2 {
            let warning = format!("mended {count} characters that were UTF-8 read as Windows-1252");
            return Decoded { text: mended, warnings: vec![warning] };
        }
    }
    Decoded { text: without_c1(text), warnings: Vec::new() }
}

/// UTF-8 that was read as Windows-1252 or Latin-1, if all of the text turns back.
pub(super) fn unmangle(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0'..='\u{7f}' => bytes.push(c as u8),
            // Latin-1's upper half, controls of text that was read as Latin-1 among them.
            '\u{80}'..='\u{ff}' => bytes.push(c as u32 as u8),
            _ => {
                let mut one = [0; 4];
                let (encoded, _, unmappable) = WINDOWS_1252.encode(c.encode_utf8(&mut one));
                match (unmappable, encoded.first()) {
                    (false, Some(&byte)) => bytes.push(byte),
                    (true, _) | (_, None) => return None,
                }
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], declared: Option<&str>, expect: &str) -> Vec<String> {
        let decoded = decode(bytes.to_vec(), declared).unwrap();
        assert_eq!(decoded.text, expect);
        decoded.warnings
    }

    #[test]
    fn marks_and_declarations_are_followed() {
        check(b"\xef\xbb\xbfCaf\xc3\xa9", None, "Café");
        check(b"\xff\xfeT\0a\0l\0k\0s\0", None, "Talks");
        check(b"\0T\0a\0l\0k\0s", None, "Talks");
        check(b"\xcf\xf0\xe5\xec\xfc\xe5\xf0", Some("windows-1251"), "Премьер");
        check("Müller’s".as_bytes(), Some("iso-8859-1"), "Müller’s");
    }

    #[test]
    fn undeclared_western_text_is_windows_1252() {
        let warnings = check(
            b"\x93We won\x92t go,\x94 said Mr. M\xfcller. It was late in Z\xfcrich.",
            None,
            "“We won’t go,” said Mr. Müller. It was late in Zürich.",
        );
        assert!(warnings.is_empty());
    }

    #[test]
    fn a_character_cut_at_the_end_makes_no_other_encoding() {
        let warnings = check(b"Caf\xc3\xa9 M\xc3", None, "Café M\u{fffd}");
        assert_eq!(warnings, ["broken characters in its UTF-8 text: 1"]);
        check(b"Caf\xe9", None, "Café");
    }

    #[test]
    fn mojibake_is_mended_and_said_only_when_certain() {
        let warnings = check("â€œWe wonâ€™t goâ€\u{9d}, said MÃ¼ller".as_bytes(), None, "“We won’t go”, said Müller");
        assert_eq!(warnings, ["mended 4 characters that were UTF-8 read as Windows-1252"]);
        check("Lâche château, Âge d’or: 你好".as_bytes(), None, "Lâche château, Âge d’or: 你好");
        check("âne, château".as_bytes(), None, "âne, château");
    }

    #[test]
    fn one_bad_byte_costs_one_character() {
        let text = "“It leaks,” said Ilse. It’s déjà vu. Caf";
        let bytes = [text.as_bytes(), b"\xe9 closed."].concat();
        for declared in [None, Some("utf-8"), Some("iso-8859-1")] {
            let warnings = check(&bytes, declared, &format!("{text}\u{fffd} closed."));
            assert_eq!(warnings, ["broken characters in its UTF-8 text: 1"]);
        }
    }

    #[test]
    fn rare_encodings_are_read() {
        let wide = |order: fn(u32) -> [u8; 4]| "Talks’ end".chars().flat_map(|c| order(c as u32)).collect::<Vec<u8>>();
        check(&[b"\xff\xfe\0\0".to_vec(), wide(u32::to_le_bytes)].concat(), None, "Talks’ end");
        check(&[b"\0\0\xfe\xff".to_vec(), wide(u32::to_be_bytes)].concat(), None, "Talks’ end");
        check(
            &"Talks go on.".chars().flat_map(|c| (c as u32).to_le_bytes()).collect::<Vec<u8>>(),
            None,
            "Talks go on.",
        );
        check(b"\x1b$BNA6b\x1b(B", Some("iso-2022-jp"), "料金");
        check(b"\x1b$BNA6b\x1b(B", None, "料金");
    }

    #[test]
    fn controls_that_stand_for_marks_are_mended() {
        check(
            "\u{93}Our lock leaks,\u{94} said Ilse. It\u{92}s law.".as_bytes(),
            None,
            "“Our lock leaks,” said Ilse. It’s law.",
        );
        check("â\u{80}\u{9c}It leaks,â\u{80}\u{9d} said Ilse.".as_bytes(), None, "“It leaks,” said Ilse.");
        check("one\u{85}two".as_bytes(), None, "one\u{85}two");
    }

    #[test]
    fn texts_of_old_macs_are_read() {
        check(
            b"\xd2We won\xd5t pay,\xd3 said Ilse.\r\rThe caf\x8e \xd1 hers \xd0 closed.",
            None,
            "“We won’t pay,” said Ilse.\n\nThe café — hers – closed.",
        );
        check(b"Brian \xd3 Riordan paid. \xd3ttar did.", None, "Brian Ó Riordan paid. Óttar did.");
        check(b"It leaks,\xd3 she said.", None, "It leaks,” she said.");
        check(b"The trust \xd1 so far \xd1 waits.", None, "The trust — so far — waits.");
        check(b"El se\xf1or de \xd1u\xf1oa y la SE\xd1ORA.", None, "El señor de Ñuñoa y la SEÑORA.");
        check(b"\x93It\x92s law,\x94 she said \x97 \xc9mile did.", None, "“It’s law,” she said — Émile did.");
        check(b"One.\rTwo.\r\nThree.", None, "One.\rTwo.\r\nThree.");
    }

    #[test]
    fn binary_data_is_refused() {
        assert!(matches!(decode(b"ab\0cd\0\x01\x02".to_vec(), None), Err(Problem::Binary)));
        assert!(!is_binary(b""));
    }

    #[test]
    fn a_few_broken_bytes_do_not_change_the_encoding() {
        let mut bytes = "é".repeat(50).into_bytes();
        bytes.push(0xff);
        let warnings = check(&bytes, None, &format!("{}\u{fffd}", "é".repeat(50)));
        assert_eq!(warnings, ["broken characters in its UTF-8 text: 1"]);
    }
}
