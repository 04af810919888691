//! Formats, and how they are recognised: by content first, then by name.

use std::fmt;
use std::str::FromStr;

use super::bibtex::is_bibtex;
use super::charset;
use super::library::is_ris;
use super::transcript::is_transcript;
use super::{FieldMap, Problem, html, mail};

/// How articles are written down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text.
    #[default]
    Text,
    /// A transcript with times: captions, or the text of an interview service.
    Transcript,
    /// Markdown, with or without front matter.
    Markdown,
    /// A web page.
    Html,
    /// A web page saved whole, as a mail with parts.
    Mhtml,
    /// One JSON document: a record, a list of records, or records somewhere within.
    Json,
    /// A JSON record a line.
    JsonLines,
    /// A table as text, separated by commas, semicolons, tabs or bars; the first row names the fields.
    Csv,
    /// An `SQLite` database.
    Sqlite,
    /// A web archive.
    Warc,
    /// One mail.
    Mail,
    /// Many mails in a file.
    Mbox,
    /// A zip archive.
    Zip,
    /// A tar archive.
    Tar,
    /// News Industry Text Format.
    Nitf,
    /// `NewsML-G2`.
    NewsMl,
    /// RSS (any version) and Atom.
    Feed,
    /// A sitemap with Google's news extension.
    Sitemap,
    /// A PDF document with text.
    Pdf,
    /// A Word document (OOXML).
    Docx,
    /// An `OpenDocument` text.
    Odt,
    /// Rich Text.
    Rtf,
    /// A book.
    Epub,
    /// BibTeX, which libraries and reference managers export.
    Bibtex,
    /// RIS, which libraries and reference managers export.
    Ris,
}

impl Format {
    /// All formats, each with the name that `--format` knows it by.
    pub const NAMES: [(&'static str, Format); 25] = [
        ("text", Format::Text),
        ("transcript", Format::Transcript),
        ("markdown", Format::Markdown),
        ("html", Format::Html),
        ("mhtml", Format::Mhtml),
        ("json", Format::Json),
        ("jsonl", Format::JsonLines),
        ("csv", Format::Csv),
        ("sqlite", Format::Sqlite),
        ("warc", Format::Warc),
        ("mail", Format::Mail),
        ("mbox", Format::Mbox),
        ("zip", Format::Zip),
        ("tar", Format::Tar),
        ("nitf", Format::Nitf),
        ("newsml", Format::NewsMl),
        ("feed", Format::Feed),
        ("sitemap", Format::Sitemap),
        ("pdf", Format::Pdf),
        ("docx", Format::Docx),
        ("odt", Format::Odt),
        ("rtf", Format::Rtf),
        ("epub", Format::Epub),
        ("bibtex", Format::Bibtex),
        ("ris", Format::Ris),
    ];

    /// The name that `--format` knows it by.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, format)| *format == self).map_or("text", |(name, _)| name)
    }

    /// Recognises a format from the first bytes of a stream (its layers peeled), then from its name.
    pub(super) fn recognise(head: &[u8], name: &str) -> Result<Format, Problem> {
        if let Some(found) = by_magic(head) {
            return found;
        }
        let by_name = by_name(name);
        let text = charset::peek(head);
        if charset::is_binary(head) {
            return Err(Problem::Binary);
        }
        let start = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        let by_markup = by_markup(start);
        if by_markup.is_none()
            && matches!(by_name, None | Some(Format::Text | Format::Csv | Format::Markdown))
            && is_transcript(start)
        {
            return Ok(Format::Transcript);
        }
        if is_ris(start) {
            return Ok(Format::Ris);
        }
        if is_bibtex(start) {
            return Ok(Format::Bibtex);
        }
        // Read as plain text, thousands of stories in one file would become one article full of marks.
        let declares = start.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype"))
            || start.starts_with("<?xml ")
            || is_element(start);
        if declares && by_markup.or(by_name.filter(|format| *format == Format::Html)).is_none() {
            return Err(other_markup(start));
        }
        // The archive that a network hands out: JSON after the name of a variable.
        if start.starts_with("window.YTD.") {
            return Ok(Format::Json);
        }
        // What spreadsheets save as text is a table.
        let is_table = by_name == Some(Format::Text) && is_header(start.lines().next().unwrap_or(""), &['\t']);
        let by_name = by_name.filter(|_| !is_table);
        Ok(by_markup.or(by_name).or_else(|| by_shape(start)).unwrap_or_default())
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An unknown name of a format.
#[derive(Debug, thiserror::Error)]
#[error("unknown format `{0}` (known: {names})", names = Format::NAMES.map(|(name, _)| name).join(", "))]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        let found = Self::NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, format)| *format).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// Formats that start with bytes of their own, those that are not read among them.
fn by_magic(head: &[u8]) -> Option<Result<Format, Problem>> {
    let unsupported = |what, how| Some(Err(Problem::Unsupported { what, how }));
    match head {
        [b'P', b'K', 3, 4, ..] if let Some(office) = office_document(head) => Some(office),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Ok(Format::Zip)),
        _ if head.starts_with(b"filedesc://") => unsupported("an ARC web archive", "to WARC with `warcio recompress`"),
        _ if head.starts_with(b"SQLite format 3\0") => Some(Ok(Format::Sqlite)),
        _ if head.starts_with(b"WARC/") => Some(Ok(Format::Warc)),
        _ if head.get(257..262) == Some(b"ustar") => Some(Ok(Format::Tar)),
        _ if head.starts_with(b"%PDF-") => Some(Ok(Format::Pdf)),
        _ if head.starts_with(b"PAR1") => unsupported("a Parquet file", "to CSV or JSON lines"),
        _ if head.starts_with(b"\xd0\xcf\x11\xe0") => unsupported("an old Office document", "to text or HTML"),
        _ if head.starts_with(b"{\\rtf") => Some(Ok(Format::Rtf)),
        _ if head.starts_with(b"7z\xbc\xaf\x27\x1c") => unsupported("a 7-Zip archive", "with `7z x`"),
        _ if head.starts_with(b"Rar!\x1a\x07") => unsupported("a RAR archive", "with `unrar x`"),
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => {
            unsupported("an image", "with text recognition (OCR)")
        }
        _ => None,
    }
}

/// What a zip archive is that holds the parts of one document, by the name of its first member.
fn office_document(head: &[u8]) -> Option<Result<Format, Problem>> {
    let length = usize::from(u16::from_le_bytes([*head.get(26)?, *head.get(27)?]));
    let extra = usize::from(u16::from_le_bytes([*head.get(28)?, *head.get(29)?]));
    let name = head.get(30..30 + length)?;
    let starts = |start: &str| name.starts_with(start.as_bytes());
    let content = || head.get(30 + length + extra..).unwrap_or_default();
    let holds = |part: &[u8]| memchr::memmem::find(head, part).is_some();
    if starts("mimetype") && content().starts_with(b"application/epub") {
        return Some(Ok(Format::Epub));
    }
    if starts("mimetype") && content().starts_with(b"application/vnd.oasis.opendocument") {
        let is_text = content().starts_with(b"application/vnd.oasis.opendocument.text");
        return Some(if is_text { Ok(Format::Odt) } else { Err(not_read("an OpenDocument sheet or picture")) });
    }
    if starts("[Content_Types].xml") || starts("_rels/.rels") || starts("docProps/") {
        return Some(match () {
            () if holds(b"xl/") => Err(not_read("an Excel sheet")),
            () if holds(b"ppt/") => Err(not_read("a PowerPoint file")),
            // Which of its parts is the text is only known from all of it.
            () => Ok(Format::Docx),
        });
    }
    match () {
        () if starts("word/") => Some(Ok(Format::Docx)),
        () if starts("xl/") => Some(Err(not_read("an Excel sheet"))),
        () if starts("ppt/") => Some(Err(not_read("a PowerPoint file"))),
        () => None,
    }
}

/// True for an element that is closed further on, and is none of HTML: `<Story><Text>`.
fn is_element(start: &str) -> bool {
    let Some(rest) = start.strip_prefix('<').filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) else {
        return false;
    };
    let name = rest.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or(rest);
    !html::is_element(name) && rest.contains(&format!("</{name}>"))
}

fn not_read(what: &'static str) -> Problem {
    Problem::Unsupported { what, how: "to CSV, text or HTML" }
}

/// Formats that say what they are in their first lines.
fn by_markup(start: &str) -> Option<Format> {
    let lower = start.get(..start.floor_char_boundary(4096)).unwrap_or(start).to_ascii_lowercase();
    if lower.starts_with('<') {
        return by_root(&lower);
    }
    if start.starts_with("From ") && mail_headers(start.split_once('\n').map_or("", |(_, rest)| rest)) >= 2 {
        return Some(Format::Mbox);
    }
    let start = mail::framed(start.as_bytes()).and_then(|(begin, _)| start.get(begin..)).unwrap_or(start);
    if mail_headers(start) >= 2 {
        // Browsers name the page's address; a letter with pictures in it has a sender and a subject, and its parts may have
        // addresses.
        let (head, _) = lower.split_once("\n\n").or_else(|| lower.split_once("\n\r\n")).unwrap_or((&lower, ""));
        let is_page = head.contains("content-location:") || head.contains("saved by");
        let is_letter = !is_page && ["\nsubject:", "\nfrom:"].iter().all(|name| format!("\n{lower}").contains(name));
        let saved_page = lower.contains("multipart/related") && lower.contains("text/html") && !is_letter;
        return Some(if saved_page { Format::Mhtml } else { Format::Mail });
    }
    let first = start.lines().next().unwrap_or("").trim_end();
    (matches!(first, "---" | "+++") && start.lines().skip(1).any(|line| line.trim_end() == first))
        .then_some(Format::Markdown)
}

/// The name of the first element, without its prefix.
fn root(markup: &str) -> &str {
    let elements = markup.split('<').skip(1).filter(|tag| !tag.starts_with(['?', '!']) && !tag.starts_with("xml"));
    let root = elements.into_iter().next().unwrap_or("");
    let name = root.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, ':' | '-' | '_')).next().unwrap_or("");
    name.rsplit(':').next().unwrap_or(name)
}

/// What to do about markup that is not read.
fn other_markup(start: &str) -> Problem {
    let (what, how) = match root(start).to_ascii_lowercase().as_str() {
        "en-export" => ("an export of Evernote", "to HTML, as Evernote exports it, too"),
        "tei" | "teicorpus" => ("a TEI document", "to text or HTML, as with TEI's stylesheets"),
        _ => ("XML or SGML of an unknown kind", "to HTML, or to JSON lines with a record an article"),
    };
    Problem::Unsupported { what, how }
}

/// XML and HTML by their first elements.
fn by_root(lower: &str) -> Option<Format> {
    match root(lower) {
        "nitf" => Some(Format::Nitf),
        "newsmessage" | "newsitem" | "packageitem" | "newsml" => Some(Format::NewsMl),
        "rss" | "rdf" | "feed" => Some(Format::Feed),
        "urlset" | "sitemapindex" => Some(Format::Sitemap),
        "tt" if lower.contains("/ns/ttml") || lower.contains("/ttaf1") => Some(Format::Transcript),
        _ if lower.starts_with("<!doctype html") => Some(Format::Html),
        "html" | "head" | "body" | "meta" | "title" | "div" | "p" | "article" | "main" | "section" | "script"
        | "link" | "h1" | "table" | "span" | "style" => Some(Format::Html),
        _ => None,
    }
}

/// How many of the first lines are mail headers that no other text starts with.
fn mail_headers(start: &str) -> usize {
    const HEADERS: [&str; 12] = [
        "from",
        "to",
        "date",
        "subject",
        "received",
        "return-path",
        "message-id",
        "mime-version",
        "content-type",
        "delivered-to",
        "reply-to",
        "dkim-signature",
    ];
    let lines = start.lines().take_while(|line| !line.trim().is_empty());
    let headers = lines.filter(|line| !line.starts_with([' ', '\t'])).map_while(|line| line.split_once(':'));
    headers.take(20).filter(|(name, _)| HEADERS.contains(&name.to_ascii_lowercase().as_str())).count()
}

fn by_name(name: &str) -> Option<Format> {
    let mut name = name.to_ascii_lowercase();
    while let Some((stem, "gz" | "gzip" | "zst" | "zstd" | "bz2" | "xz")) = name.rsplit_once('.') {
        name = stem.to_owned();
    }
    match name.rsplit_once('.')?.1 {
        "vtt" | "srt" | "sbv" | "ttml" | "dfxp" => Some(Format::Transcript),
        "txt" | "text" => Some(Format::Text),
        "md" | "markdown" | "mdown" => Some(Format::Markdown),
        "htm" | "html" | "xhtml" | "shtml" => Some(Format::Html),
        "mht" | "mhtml" => Some(Format::Mhtml),
        "json" | "geojson" | "otr" => Some(Format::Json),
        "jsonl" | "ndjson" | "jl" => Some(Format::JsonLines),
        "csv" | "tsv" | "tab" | "psv" => Some(Format::Csv),
        "eml" | "emlx" => Some(Format::Mail),
        "ris" => Some(Format::Ris),
        "bib" => Some(Format::Bibtex),
        "mbox" | "mbx" => Some(Format::Mbox),
        "rss" | "atom" => Some(Format::Feed),
        "warc" => Some(Format::Warc),
        _ => None,
    }
}

/// Text without a telling name: JSON by its brackets, the rest is plain.
fn by_shape(start: &str) -> Option<Format> {
    let mut lines = start.lines().filter(|line| !line.trim().is_empty());
    let (first, second) = (lines.next().unwrap_or("").trim(), lines.next().unwrap_or("").trim());
    if first.starts_with('{') && first.ends_with('}') && (second.is_empty() || second.starts_with('{')) {
        return Some(Format::JsonLines);
    }
    // A JSON object or list, or one long first line of JSON lines that the head does not hold whole.
    let opening = start.get(1..).unwrap_or("").trim_start();
    if start.starts_with('{') && opening.starts_with('"') {
        return Some(if first.len() > 1 { Format::JsonLines } else { Format::Json });
    }
    if start.starts_with('[') && opening.starts_with(['{', ']']) {
        return Some(Format::Json);
    }
    is_header(first, &[',', '\t', ';', '|']).then_some(Format::Csv)
}

/// True for the first line of a table: names, one of them that of a body and one of a title, a date or an address.
fn is_header(line: &str, separators: &[char]) -> bool {
    let named =
        |separator: char| line.split(separator).map(|name| (name.trim_matches([' ', '"']).to_owned(), "x".into()));
    line.len() < 1000 && separators.iter().any(|separator| FieldMap::default().is_article(&named(*separator).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, head: &str, expect: Format) {
        assert_eq!(Format::recognise(head.as_bytes(), name).unwrap(), expect, "{name} {head:?}");
    }

    #[track_caller]
    fn check_refused(head: &[u8], expect: &str) {
        assert_eq!(Format::recognise(head, "a.txt").unwrap_err().to_string(), expect);
    }

    #[test]
    fn content_goes_before_name() {
        check("page.txt", "<!DOCTYPE html>\n<html>", Format::Html);
        check("page", "\u{feff}  <html lang=\"de\">", Format::Html);
        check("story.html", "---\ntitle: A\n---\nText", Format::Markdown);
        check("feed.html", "<?xml version=\"1.0\"?>\n<rss version=\"2.0\">", Format::Feed);
        check("a.xml", "<?xml version=\"1.0\"?><!DOCTYPE nitf SYSTEM \"x\"><nitf>", Format::Nitf);
        check("a.xml", "<newsItem xmlns=\"x\">", Format::NewsMl);
        check("a.dat", "WARC/1.0\r\n", Format::Warc);
        check("a.txt", "From: Ann <a@example.org>\nSubject: Talks\n\nText", Format::Mail);
        check("a.txt", "From a@example.org Fri May 16\nFrom: Ann\nSubject: Talks\n\nText", Format::Mbox);
    }

    #[test]
    fn markup_of_its_own_kind_is_not_text() {
        let expect = "is XML or SGML of an unknown kind, which is not read; convert it to HTML, or to JSON lines with a record an article";
        check_refused(
            b"<?xml version=\"1.0\"?><!DOCTYPE en-export SYSTEM \"x\"><en-export><note>",
            "is an export of Evernote, which is not read; convert it to HTML, as Evernote exports it, too",
        );
        check_refused(
            b"<?xml version=\"1.0\"?><TEI xmlns=\"x\"><text>",
            "is a TEI document, which is not read; convert it to text or HTML, as with TEI's stylesheets",
        );
        check_refused(b"<!DOCTYPE wires SYSTEM \"wires.dtd\">\n<STORY>\n<BODY>Talks went on.", expect);
        check_refused(b"<?xml version=\"1.0\"?>\n<Story>\n<Text>Talks went on.", expect);
        check_refused(b"<Story>\n<Text>Talks went on.</Text>\n</Story>", expect);
        check("a.txt", "<Ann> hello\n<Bo> hi\n", Format::Text);
        check("a.txt", "<b>Talks</b> went on.", Format::Text);
        check("a.html", "<!DOCTYPE wires>\n<story>", Format::Html);
    }

    #[test]
    fn names_tell_what_content_does_not() {
        check("a.csv.gz", "title,text\n", Format::Csv);
        check("a.md", "# Talks\n", Format::Markdown);
        check("a.json", "{\"title\": 1}\n", Format::Json);
        check("a.tsv", "x\ty\n", Format::Csv);
        check("a.txt", "Headline\tDate\tFull text\nTalks\t2025-05-16\tThey went on.\n", Format::Csv);
        check("a.txt", "Headline, date, full text\n", Format::Text);
        check("a.emlx", "120\nFrom: Ann <a@example.org>\nSubject: Talks\n\nText", Format::Mail);
    }

    #[test]
    fn shapes_tell_what_nameless_streams_are() {
        check("-", "{\"a\": 1}\n{\"a\": 2}\n", Format::JsonLines);
        check("-", "{\n  \"a\": 1\n}", Format::Json);
        check("-", "[{\"a\": 1}]", Format::Json);
        check("-", "[Update] Talks went on.", Format::Text);
        check("-", "Talks went on.", Format::Text);
        check("-", "date;\"title\";text\n1;2;3\n", Format::Csv);
        check("-", "Title, text and date are what a table needs.\n", Format::Text);
        check("-", "From: the very start, he said, it was hard.\nHe left.", Format::Text);
    }

    #[test]
    fn what_is_not_read_says_what_to_do() {
        check_refused(b"\xd0\xcf\x11\xe0", "is an old Office document, which is not read; convert it to text or HTML");
        check_refused(b"ab\0\x01\x02\0\0\x03", "is binary data of an unknown format; convert it to text, HTML or JSON");
    }

    #[test]
    fn names_are_read_back() {
        for (name, format) in Format::NAMES {
            assert_eq!(name.parse::<Format>().unwrap(), format);
            assert_eq!(format.to_string(), name);
        }
    }
}
