//! `ToUnicode` maps: which characters the codes of a font stand for.

/// A map from codes to characters, as ranges.
#[derive(Debug, Default, PartialEq)]
pub(super) struct CodeMap {
    /// First code, last code, and the characters of the first; sorted by the first code.
    ranges: Vec<(u32, u32, Vec<u16>)>,
    /// True if some codes have one byte.
    pub(super) has_bytes: bool,
}

/// More ranges than any font has glyphs.
const MOST: usize = 65_536;

impl CodeMap {
    /// Reads a map. Ranges stay ranges: a file of a few bytes may name four billion codes.
    pub(super) fn parse(map: &[u8]) -> Self {
        let mut found = CodeMap::default();
        let mut section = Section::Other;
        let mut row: Vec<Token> = Vec::new();
        let mut rest = map;
        while let Some((token, after)) = token(rest) {
            rest = after;
            if let Token::Word(word) = &token {
                section = match word.as_slice() {
                    b"beginbfchar" => Section::Chars,
                    b"beginbfrange" => Section::Ranges,
                    b"begincodespacerange" => Section::Codes,
                    b"endbfchar" | b"endbfrange" | b"endcodespacerange" => Section::Other,
                    _ => continue,
                };
                row.clear();
                continue;
            }
            if section == Section::Other || found.ranges.len() >= MOST {
                continue;
            }
            row.push(token);
            let is_full = match section {
                Section::Chars | Section::Codes => row.len() == 2,
                Section::Ranges => {
                    row.len() == 3 && !matches!(row.last(), Some(Token::Open)) || row.last() == Some(&Token::Close)
                }
                Section::Other => false,
            };
            if is_full {
                found.add(&section, &row);
                row.clear();
            }
        }
        found.ranges.sort_by_key(|(first, ..)| *first);
        found
    }

    fn add(&mut self, section: &Section, row: &[Token]) {
        match (section, row) {
            (Section::Codes, [Token::Hex(low), ..]) => self.has_bytes |= low.len() == 1,
            (Section::Chars, [Token::Hex(code), Token::Hex(chars)]) => {
                self.ranges.push((number(code), number(code), units(chars)));
            }
            (Section::Ranges, [Token::Hex(first), Token::Hex(last), Token::Hex(chars)]) => {
                self.ranges.push((number(first), number(last), units(chars)));
            }
            (Section::Ranges, [Token::Hex(first), Token::Hex(_), list @ ..]) => {
                let chars =
                    list.iter().filter_map(|token| if let Token::Hex(chars) = token { Some(chars) } else { None });
                self.ranges.extend((number(first)..).zip(chars).map(|(code, chars)| (code, code, units(chars))));
            }
            _ => {}
        }
    }

    /// The characters of a code.
    pub(super) fn get(&self, code: u32) -> Option<String> {
        let before = self.ranges.partition_point(|(first, ..)| *first <= code);
        let (first, _, units) = self.ranges.get(before.checked_sub(1)?).filter(|(_, last, _)| code <= *last)?;
        let mut units = units.clone();
        if let Some(last) = units.last_mut() {
            *last = last.wrapping_add((code - first) as u16);
        }
        Some(String::from_utf16_lossy(&units))
    }
}

#[derive(PartialEq)]
enum Section {
    Chars,
    Ranges,
    Codes,
    Other,
}

#[derive(PartialEq)]
enum Token {
    Hex(Vec<u8>),
    Word(Vec<u8>),
    Open,
    Close,
}

/// The next token, and what follows it.
fn token(text: &[u8]) -> Option<(Token, &[u8])> {
    let text = text.trim_ascii_start();
    let (first, rest) = text.split_first()?;
    match first {
        b'[' => Some((Token::Open, rest)),
        b']' => Some((Token::Close, rest)),
        b'<' if rest.first() != Some(&b'<') => {
            let end = memchr::memchr(b'>', rest)?;
            let digits: Vec<u8> =
                rest.get(..end)?.iter().filter_map(|digit| (*digit as char).to_digit(16)).map(|d| d as u8).collect();
            let bytes = digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
            Some((Token::Hex(bytes), rest.get(end + 1..)?))
        }
        _ => {
            let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"[]<".contains(byte);
            let end = rest.iter().position(is_end).map_or(text.len(), |at| at + 1);
            Some((Token::Word(text.get(..end)?.to_vec()), text.get(end..)?))
        }
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks(2).take(8).map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_map_by_character_range_and_list() {
        let map = CodeMap::parse(
            b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <ffff> endcodespacerange\n\
              2 beginbfchar <0003> <0020> <0005> <00660069> endbfchar\n\
              2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<0061> <D83DDE00>] endbfrange end",
        );
        let read = |code| map.get(code).unwrap_or_default();
        assert_eq!([read(3), read(5), read(0x11), read(0x20), read(0x21)], [" ", "fi", "B", "a", "😀"]);
        assert_eq!(map.get(0x13), None);
        assert!(!map.has_bytes);
    }

    #[test]
    fn a_range_of_all_codes_takes_no_room() {
        let map = CodeMap::parse(b"1 beginbfrange <00000000> <ffffffff> <0041> endbfrange");
        assert_eq!(map.get(2).as_deref(), Some("C"));
        assert_eq!(map.ranges.len(), 1);
    }
}
