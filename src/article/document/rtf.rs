//! Rich Text: words among commands, `{\b bold}`.

use encoding_rs::Encoding;
use rustc_hash::FxHashMap;

use super::Document;

/// What a group of commands sets, until it ends.
#[derive(Clone, Copy, PartialEq)]
struct Group {
    goes_to: Target,
    encoding: &'static Encoding,
    /// Characters that follow one in Unicode for programs that do not know it.
    fallback: usize,
    is_hidden: bool,
}

/// Where the words of a group go.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Text,
    Note,
    Title,
    Author,
    Made,
    Fonts,
    Nowhere,
}

/// Groups within groups; what lies deeper belongs to the last of them.
const DEEPEST: usize = 1000;

/// True if the brace that closes the document is missing at its end.
pub(super) fn lacks_end(bytes: &[u8]) -> bool {
    bytes.iter().rev().find(|byte| !matches!(byte, 0 | b' ' | b'\r' | b'\n')) != Some(&b'}')
}

/// Reads a document up to its end or where it breaks off.
pub(super) fn read(bytes: &[u8]) -> Document {
    let mut reader = Reader {
        group: Group { goes_to: Target::Text, encoding: encoding_rs::WINDOWS_1252, fallback: 1, is_hidden: false },
        open: Vec::new(),
        deeper: 0,
        fonts: FxHashMap::default(),
        font: 0,
        pending: Vec::new(),
        high: None,
        skip: 0,
        buffers: [const { String::new() }; 4],
        made: [0; 3],
        document: Document::default(),
    };
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'{' => reader.begin(),
            b'}' => reader.end(),
            b'\\' => rest = reader.command(rest),
            b'\r' | b'\n' | 0 => {}
            byte => reader.byte(*byte),
        }
    }
    reader.finish()
}

struct Reader {
    group: Group,
    open: Vec<Group>,
    deeper: usize,
    fonts: FxHashMap<i64, &'static Encoding>,
    /// The font that is being described.
    font: i64,
    /// Bytes of characters in the encoding of the group.
    pending: Vec<u8>,
    /// The first half of a character beyond the basic plane.
    high: Option<u16>,
    /// Characters to pass over.
    skip: usize,
    /// Text, notes, title, author.
    buffers: [String; 4],
    made: [i64; 3],
    document: Document,
}

impl Reader {
    fn begin(&mut self) {
        self.flush();
        if self.open.len() < DEEPEST { self.open.push(self.group) } else { self.deeper += 1 }
    }

    fn end(&mut self) {
        self.flush();
        if self.group.goes_to == Target::Note && self.open.last().is_none_or(|outer| outer.goes_to != Target::Note) {
            self.push("\n\n");
        }
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if let Some(outer) = self.open.pop() {
            self.group = outer;
        }
        self.skip = 0;
    }

    /// Obeys a command, behind its backslash; gives what follows it.
    fn command<'b>(&mut self, text: &'b [u8]) -> &'b [u8] {
        let Some((first, after)) = text.split_first() else { return text };
        if !first.is_ascii_alphabetic() {
            match first {
                b'\'' => {
                    let digit = |at: usize| after.get(at).and_then(|digit| (*digit as char).to_digit(16));
                    if let (Some(high), Some(low)) = (digit(0), digit(1)) {
                        self.byte((high << 4 | low) as u8);
                        return after.get(2..).unwrap_or_default();
                    }
                }
                b'*' => self.group.goes_to = Target::Nowhere,
                b'~' => self.text("\u{a0}"),
                b'_' => self.text("-"),
                b'\r' | b'\n' => self.text("\n\n"),
                b'\\' | b'{' | b'}' => self.byte(*first),
                _ => {}
            }
            return after;
        }
        let length = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).take(32).count();
        let (word, after) = text.split_at_checked(length).unwrap_or((text, &[]));
        let is_number = |(at, byte): &(usize, &u8)| byte.is_ascii_digit() || *at == 0 && **byte == b'-';
        let length = after.iter().enumerate().take_while(is_number).take(11).count();
        let (digits, after) = after.split_at_checked(length).unwrap_or((after, &[]));
        let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse::<i64>().ok());
        let after = after.strip_prefix(b" ").unwrap_or(after);
        self.obey(word, number);
        if word == b"bin" {
            return after.get(usize::try_from(number.unwrap_or(0)).unwrap_or(0)..).unwrap_or_default();
        }
        after
    }

    fn obey(&mut self, word: &[u8], number: Option<i64>) {
        let value = number.unwrap_or(0);
        match word {
            b"par" | b"sect" | b"page" | b"row" | b"cell" | b"nestcell" | b"nestrow" => self.text("\n\n"),
            b"line" | b"softline" => self.text("\n"),
            b"tab" | b"emspace" | b"enspace" | b"qmspace" => self.text(" "),
            b"emdash" => self.text("—"),
            b"endash" => self.text("–"),
            b"bullet" => self.text("•"),
            b"lquote" => self.text("‘"),
            b"rquote" => self.text("’"),
            b"ldblquote" => self.text("“"),
            b"rdblquote" => self.text("”"),
            b"u" => self.unicode(value as u16),
            b"uc" => self.group.fallback = usize::try_from(value).unwrap_or(1).min(8),
            b"v" | b"deleted" => self.group.is_hidden = number != Some(0),
            b"plain" => self.group.is_hidden = false,
            b"ansicpg" => self.encode(of_code_page(value)),
            b"mac" => self.encode(Some(encoding_rs::MACINTOSH)),
            b"f" if self.group.goes_to == Target::Fonts => self.font = value,
            b"f" => self.encode(self.fonts.get(&value).copied()),
            b"fcharset" => {
                if let Some(encoding) = of_charset(value) {
                    self.fonts.insert(self.font, encoding);
                }
            }
            b"fonttbl" => self.send(Target::Fonts),
            b"footnote" => self.send(Target::Note),
            b"title" if self.group.goes_to == Target::Nowhere => self.send(Target::Title),
            b"author" if self.group.goes_to == Target::Nowhere => self.send(Target::Author),
            b"creatim" => self.send(Target::Made),
            b"yr" | b"mo" | b"dy" if self.group.goes_to == Target::Made => {
                let part = ["yr", "mo", "dy"].iter().position(|name| name.as_bytes() == word).unwrap_or(0);
                if let Some(own) = self.made.get_mut(part) {
                    *own = value;
                }
            }
            b"colortbl" | b"stylesheet" | b"info" | b"pict" | b"object" | b"header" | b"headerl" | b"headerr"
            | b"headerf" | b"footer" | b"footerl" | b"footerr" | b"footerf" | b"fldinst" | b"annotation"
            | b"listtable" | b"themedata" | b"revtbl" | b"xe" | b"tc" | b"nonshppict" => self.send(Target::Nowhere),
            // The text of a shape is in a group that older programs pass over.
            b"shptxt" | b"shppict" => self.send(Target::Text),
            _ => {}
        }
    }

    fn send(&mut self, target: Target) {
        self.flush();
        self.group.goes_to = target;
    }

    fn encode(&mut self, encoding: Option<&'static Encoding>) {
        self.flush();
        self.group.encoding = encoding.unwrap_or(self.group.encoding);
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else {
            self.pending.push(byte);
        }
    }

    fn unicode(&mut self, unit: u16) {
        self.flush();
        let units: Vec<u16> = self.high.take().into_iter().chain([unit]).collect();
        if (0xd800..0xdc00).contains(&unit) {
            self.high = Some(unit);
        } else {
            self.push(&String::from_utf16_lossy(&units));
        }
        self.skip = self.group.fallback;
    }

    fn text(&mut self, text: &str) {
        self.flush();
        self.push(text);
    }

    fn flush(&mut self) {
        let bytes = std::mem::take(&mut self.pending);
        if !bytes.is_empty() {
            let text = self.group.encoding.decode_without_bom_handling(&bytes).0;
            self.push(&text);
        }
    }

    fn push(&mut self, text: &str) {
        let at = match self.group.goes_to {
            Target::Text => 0,
            Target::Note => 1,
            Target::Title => 2,
            Target::Author => 3,
            Target::Made | Target::Fonts | Target::Nowhere => return,
        };
        if let Some(buffer) = self.buffers.get_mut(at).filter(|_| !self.group.is_hidden) {
            buffer.push_str(text);
        }
    }

    fn finish(mut self) -> Document {
        self.flush();
        let [text, notes, title, author] = self.buffers;
        let lines = |paragraph: &str| {
            let lines = paragraph.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
            lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
        };
        let mut paragraphs: Vec<String> = Vec::new();
        for body in [text, notes] {
            paragraphs.extend(body.split("\n\n").map(lines).filter(|paragraph| !paragraph.is_empty()));
        }
        let title = title.trim().to_owned();
        let is_shown = title.contains(' ') && paragraphs.iter().take(20).any(|paragraph| paragraph.contains(&title));
        let [year, month, day] = self.made;
        self.document.title = Some(title).filter(|_| is_shown);
        self.document.author = Some(author.trim().to_owned()).filter(|author| author.contains(' '));
        self.document.made = (year > 0).then(|| format!("{year:04}-{month:02}-{day:02}"));
        self.document.paragraphs = paragraphs;
        self.document
    }
}

fn of_code_page(page: i64) -> Option<&'static Encoding> {
    let label = match page {
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        10000 => "macintosh".to_owned(),
        65001 => "utf-8".to_owned(),
        page => format!("windows-{page}"),
    };
    Encoding::for_label(label.as_bytes())
}

/// The encoding of a font, by the number of its character set.
fn of_charset(charset: i64) -> Option<&'static Encoding> {
    let page = match charset {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    };
    of_code_page(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        assert_eq!(read(text.as_bytes()).paragraphs, expect, "{text}");
    }

    #[test]
    fn words_among_commands() {
        check(
            r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}{\info{\author Ines Quill}}
{\header Page 3}\pard The trust has {\b put up} its dues.\par \ldblquote We wait,\rdblquote  she said.\line At the quay.\par}",
            &["The trust has put up its dues.", "“We wait,” she said.\nAt the quay."],
        );
        check(
            r"{\rtf1 \f1 caf\'e9 \u8364 ?50\~a day\par {\*\generator X;}{\v hidden}shown}",
            &["café €50 a day", "shown"],
        );
        check(r"{\rtf1{\fonttbl{\f1\fcharset204 A;}}\f1 \'cf\'f0\'e8\'e2\'e5\'f2}", &["Привет"]);
        check(r"{\rtf1 One{\footnote The note.} two.\par Three.}", &["One two.", "Three.", "The note."]);
        check(r"{\rtf1 \uc0\u-10179\u-8704 {\pict 0102ff}\bin3 }}}x}", &["😀x"]);
    }

    #[test]
    fn properties_that_the_text_bears_out() {
        let document = read(
            br"{\rtf1{\info{\title Dues rise}{\author Ines Quill}{\creatim\yr2025\mo3\dy4}}Dues rise\par By a fifth.}",
        );
        assert_eq!(document.title.as_deref(), Some("Dues rise"));
        assert_eq!(document.author.as_deref(), Some("Ines Quill"));
        assert_eq!(document.made.as_deref(), Some("2025-03-04"));
    }

    #[test]
    fn groups_without_end_take_no_room() {
        assert_eq!(read(&b"{".repeat(100_000)).paragraphs, Vec::<String>::new());
    }
}
