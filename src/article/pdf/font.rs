//! Fonts: the characters of a string, and how wide they are.

use std::borrow::Cow;

use encoding_rs::Encoding;
use lopdf::{Dictionary, Document, Object};
use rustc_hash::FxHashMap;

use super::cmap::CodeMap;

/// The most that a font's map may unpack to.
const MAP: usize = 4 << 20;

/// A font as text needs it.
#[derive(Default)]
pub(super) struct Font {
    codes: Codes,
    map: CodeMap,
    /// Widths in thousandths of the font's size.
    widths: FxHashMap<u32, f32>,
    usual_width: Option<f32>,
    standard: Standard,
}

/// How the bytes of a string are codes.
enum Codes {
    /// One byte a character.
    Bytes(Vec<Option<String>>),
    /// Two bytes a character.
    Pairs,
    /// A legacy encoding of East Asia, or UTF-16.
    Legacy(&'static Encoding),
}

impl Default for Codes {
    fn default() -> Self {
        Codes::Bytes(Vec::new())
    }
}

/// A character, or several written by one glyph.
pub(super) struct Glyph<'f> {
    pub(super) text: Cow<'f, str>,
    /// In thousandths of the font's size.
    pub(super) width: f32,
    /// True for the code that word spacing applies to.
    pub(super) is_space: bool,
}

impl Font {
    pub(super) fn read(document: &Document, font: &Dictionary) -> Self {
        let map = font.get_deref(b"ToUnicode", document).and_then(Object::as_stream);
        let map = map.and_then(|stream| stream.get_plain_content_with_limit(MAP));
        let map = map.map(|bytes| CodeMap::parse(&bytes)).unwrap_or_default();
        let inner = font.get_deref(b"DescendantFonts", document).and_then(Object::as_array).ok();
        let inner = inner.and_then(|fonts| document.dereference(fonts.first()?).ok()?.1.as_dict().ok());
        let mut read = Font { map, standard: Standard::of(font), ..Font::default() };
        if let Some(inner) = inner {
            let name = font.get(b"Encoding").and_then(Object::as_name).unwrap_or_default();
            read.codes = legacy(name).map_or(Codes::Pairs, Codes::Legacy);
            read.usual_width = Some(inner.get_deref(b"DW", document).and_then(Object::as_float).unwrap_or(1000.0));
            if let Ok(widths) = inner.get_deref(b"W", document).and_then(Object::as_array) {
                read.wide(document, widths);
            }
        } else {
            let own = (0u32..).zip(characters(document, font));
            read.codes = Codes::Bytes(own.map(|(code, own)| read.map.get(code).or(own)).collect());
            let first = font.get_deref(b"FirstChar", document).and_then(Object::as_i64).unwrap_or(0);
            if let Ok(widths) = font.get_deref(b"Widths", document).and_then(Object::as_array) {
                let first = u32::try_from(first).unwrap_or(0);
                // Type 3 fonts have a scale of their own.
                let scale = font.get_deref(b"FontMatrix", document).and_then(Object::as_array).ok();
                let scale =
                    scale.and_then(|matrix| matrix.first()?.as_float().ok()).map_or(1.0, |scale| scale * 1000.0);
                let width = |object| Some(document.dereference(object).ok()?.1.as_float().ok()? * scale);
                read.widths =
                    (first..).zip(widths.iter().take(256)).filter_map(|(code, w)| Some((code, width(w)?))).collect();
            }
        }
        read
    }

    /// Widths of a font of two bytes: `[1 [500 600] 10 20 700]`.
    fn wide(&mut self, document: &Document, widths: &[Object]) {
        const MOST: usize = 65_536;
        let number = |object: &Object| document.dereference(object).ok()?.1.as_float().ok();
        let mut rest = widths;
        while let [first, second, after @ ..] = rest {
            let Some(code) = number(first).map(|code| code as u32) else { return };
            if let Ok(list) = document.dereference(second).and_then(|(_, list)| list.as_array()) {
                let own = (code..).zip(list.iter().take(MOST)).filter_map(|(code, width)| Some((code, number(width)?)));
                self.widths.extend(own);
                rest = after;
            } else {
                let (Some(last), [width, after @ ..]) = (number(second).map(|code| code as u32), after) else { return };
                let Some(width) = number(width) else { return };
                self.widths.extend((code..=last).take(MOST).map(|code| (code, width)));
                rest = after;
            }
            if self.widths.len() > MOST {
                return;
            }
        }
    }

    /// The characters of a string.
    pub(super) fn glyphs<'f>(&'f self, string: &[u8], each: &mut dyn FnMut(Glyph<'f>)) {
        match &self.codes {
            Codes::Bytes(characters) => {
                for &byte in string {
                    let text = characters.get(usize::from(byte)).and_then(Option::as_deref).unwrap_or_default();
                    let width = self.widths.get(&byte.into()).copied().or(self.usual_width);
                    let width =
                        width.unwrap_or_else(|| text.chars().map(|character| self.standard.width(character)).sum());
                    each(Glyph { text: Cow::Borrowed(text), width, is_space: byte == b' ' });
                }
            }
            // Some maps have codes of one byte all the same.
            Codes::Pairs => {
                for pair in string.chunks(if self.map.has_bytes { 1 } else { 2 }) {
                    let code = pair.iter().fold(0, |code, byte| code << 8 | u32::from(*byte));
                    let width = self.widths.get(&code).copied().or(self.usual_width).unwrap_or(1000.0);
                    let text = self.map.get(code).unwrap_or_default();
                    each(Glyph { text: Cow::Owned(text), width, is_space: false });
                }
            }
            Codes::Legacy(encoding) => {
                for character in encoding.decode_without_bom_handling(string).0.chars() {
                    let width = if character.is_ascii() { 500.0 } else { 1000.0 };
                    each(Glyph { text: Cow::Owned(character.into()), width, is_space: false });
                }
            }
        }
    }
}

/// The encoding that the name of a predefined map stands for.
fn legacy(map: &[u8]) -> Option<&'static Encoding> {
    let has = |part: &[u8]| memchr::memmem::find(map, part).is_some();
    let known: [(&[u8], &'static Encoding); 9] = [
        (b"UCS2", encoding_rs::UTF_16BE),
        (b"UTF16", encoding_rs::UTF_16BE),
        (b"RKSJ", encoding_rs::SHIFT_JIS),
        (b"GBK", encoding_rs::GBK),
        (b"GB-", encoding_rs::GBK),
        (b"B5", encoding_rs::BIG5),
        (b"ETen", encoding_rs::BIG5),
        (b"KSC", encoding_rs::EUC_KR),
        (b"EUC-", encoding_rs::EUC_JP),
    ];
    known.into_iter().find(|(part, _)| has(part)).map(|(_, encoding)| encoding)
}

/// The characters of the 256 codes of a simple font.
fn characters(document: &Document, font: &Dictionary) -> Vec<Option<String>> {
    let encoding = font.get_deref(b"Encoding", document).ok();
    let described = encoding.and_then(|encoding| encoding.as_dict().ok());
    let named = |object: &Object| object.as_name().ok().map(<[u8]>::to_vec);
    let base = encoding.and_then(named).or_else(|| described?.get(b"BaseEncoding").ok().and_then(named));
    let is_truetype = font.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"TrueType");
    let usual: &[u8] = if is_truetype { b"WinAnsiEncoding" } else { b"StandardEncoding" };
    let base = Object::Name(base.unwrap_or_else(|| usual.to_vec()));
    let mut table: Vec<Option<String>> = (0..=255).map(|_| None).collect();
    decode(document, base, &mut |encoding| {
        for (code, character) in (0u8..=255).zip(&mut table) {
            *character = encoding.bytes_to_string(&[code]).ok().filter(|text| !text.is_empty());
        }
    });
    let differences =
        described.and_then(|described| described.get_deref(b"Differences", document).ok()?.as_array().ok());
    let mut code = 0;
    for difference in differences.into_iter().flatten().take(1024) {
        match difference {
            Object::Integer(number) => code = usize::try_from(*number).unwrap_or(usize::MAX),
            Object::Name(name) => {
                if let Some(character) = table.get_mut(code) {
                    *character = of_glyph(document, name);
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    table
}

/// Hands over the encoding that a font has which is described so.
fn decode(document: &Document, encoding: Object, with: &mut dyn FnMut(&lopdf::Encoding<'_>)) {
    let font = Dictionary::from_iter([("Type", Object::Name(b"Font".to_vec())), ("Encoding", encoding)]);
    if let Ok(encoding) = font.get_font_encoding(document) {
        with(&encoding);
    }
}

/// The characters of a glyph by its name: `eacute`, `uni00E9`, `u1F600`, `f_i`, `a.sc`.
fn of_glyph(document: &Document, name: &[u8]) -> Option<String> {
    let name = name.split(|byte| *byte == b'.').next().filter(|name| !name.is_empty())?;
    if memchr::memchr(b'_', name).is_some() {
        return name.split(|byte| *byte == b'_').map(|part| of_glyph(document, part)).collect();
    }
    let list = Object::Array(vec![Object::Integer(1), Object::Name(name.to_vec())]);
    let mut text = None;
    decode(document, Object::Dictionary(Dictionary::from_iter([("Differences", list)])), &mut |encoding| {
        if matches!(encoding, lopdf::Encoding::Differences(_)) {
            text = encoding.bytes_to_string(&[1]).ok().filter(|text| !text.is_empty());
        }
    });
    let hex = || {
        let name = std::str::from_utf8(name).ok()?;
        let digits = name.strip_prefix("uni").or_else(|| name.strip_prefix('u')).filter(|digits| digits.len() >= 4)?;
        char::from_u32(u32::from_str_radix(digits, 16).ok()?).map(String::from)
    };
    text.or_else(hex)
}

/// Widths of the characters from space to `~` in the fonts that every viewer has, which files need not say.
#[rustfmt::skip]
const HELVETICA: [u16; 95] = [278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584];
#[rustfmt::skip]
const TIMES: [u16; 95] = [250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541];

/// Which of the standard fonts a font without widths is, or is like.
#[derive(Clone, Copy, Default)]
enum Standard {
    #[default]
    Helvetica,
    Times,
    Courier,
}

impl Standard {
    fn of(font: &Dictionary) -> Self {
        let name = font.get(b"BaseFont").and_then(Object::as_name).unwrap_or_default();
        let has = |part: &str| memchr::memmem::find(name, part.as_bytes()).is_some();
        match () {
            () if has("Times") => Standard::Times,
            () if has("Courier") => Standard::Courier,
            () => Standard::Helvetica,
        }
    }

    fn width(self, character: char) -> f32 {
        let table = match self {
            Standard::Helvetica => &HELVETICA,
            Standard::Times => &TIMES,
            Standard::Courier => return 600.0,
        };
        let letter = match character {
            '‘' | '’' => '\'',
            '“' | '”' => '"',
            '–' => '0',
            other => other,
        };
        let at = (letter as usize).checked_sub(' ' as usize);
        at.and_then(|at| table.get(at)).map_or(520.0, |width| f32::from(*width))
    }
}
