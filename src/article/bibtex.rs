//! BibTeX: `@article{key, title = {Ferry strike ends}, author = {Quill, Ines and Ostey, Bram}}`.

use std::io;
use std::ops::ControlFlow;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::bounds::read_whole;
use super::library::given_first;
use super::stream::Stream;
use super::unpack::{Options, Sink};
use super::{Content, End, Fields, Format, Hints, Problem, Raw, Skip, charset};

/// The names of our fields, each with those that hold it, the surest first.
const FIELDS: [(&str, &[&str]); 6] = [
    ("title", &["title"]),
    ("outlet", &["journal", "journaltitle", "newspaper", "publisher", "howpublished"]),
    ("url", &["url"]),
    ("language", &["language", "langid"]),
    ("text", &["abstract"]),
    ("date", &["date"]),
];

/// Gives every entry of an export, numbered from 1.
pub(super) fn split(mut stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let text = read_whole(&mut stream.body, options.bounds.document, "export");
    let decoded = match text.and_then(|bytes| charset::decode(bytes, None)) {
        Ok(decoded) => decoded,
        Err(problem) => return give(Err(Skip::new(stream.place, problem).of(Format::Bibtex))),
    };
    let entries = entries(&decoded.text);
    if entries.is_empty() {
        return give(Err(Skip::new(stream.place, Problem::NoText).of(Format::Bibtex)));
    }
    let is_whole = decoded.text.trim_end().ends_with('}');
    let count = entries.len();
    for (number, fields) in (1..).zip(entries) {
        let end = if number < count as u64 || is_whole { End::Whole } else { End::Cut };
        let hints = Hints { end, warnings: decoded.warnings.clone(), ..Hints::default() };
        let place = stream.place.part(number);
        give(Ok(Raw { place, format: Format::Bibtex, content: Content::Fields(fields), hints }))?;
    }
    if is_whole {
        return ControlFlow::Continue(());
    }
    let source = io::Error::new(io::ErrorKind::UnexpectedEof, "it ends too early");
    give(Err(Skip::new(stream.place, Problem::CutShort { what: "export", source }).of(Format::Bibtex)))
}

/// True for the beginning of an export.
pub(super) fn is_bibtex(start: &str) -> bool {
    let line = start.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('%'));
    line.and_then(|line| line.strip_prefix('@')?.split_once('{')).is_some_and(|(kind, key)| {
        let key = key.trim_end();
        !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphabetic()) && key.ends_with(',') && !key.contains(' ')
    })
}

fn entries(text: &str) -> Vec<Fields> {
    let mut entries = Vec::new();
    // Short names for what is written often: `@string{hg = "Harbour Gazette"}`.
    let mut strings: Vec<(String, String)> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('@') {
        rest = after;
        let Some((kind, body)) = after.split_once('{') else { break };
        let kind = kind.trim().to_ascii_lowercase();
        if matches!(kind.as_str(), "comment" | "preamble") {
            continue;
        }
        let is_string = kind == "string";
        let (mut written, end) = values(body, if is_string { 0 } else { body.find([',', '}']).unwrap_or(body.len()) });
        rest = body.get(end..).unwrap_or("");
        if is_string {
            strings.append(&mut written);
        } else if !written.is_empty() {
            for (_, value) in &mut written {
                if let Some((_, long)) =
                    strings.iter().rev().take(MOST_STRINGS).find(|(short, _)| short.eq_ignore_ascii_case(value))
                {
                    value.clone_from(long);
                }
            }
            entries.push(fields(&written));
        }
    }
    entries
}

/// Short names that are looked up for each value.
const MOST_STRINGS: usize = 500;

/// The values of an entry from `at` on, where its key ends, and where it ends itself. A short name has no key.
fn values(body: &str, mut at: usize) -> (Vec<(String, String)>, usize) {
    let mut values = Vec::new();
    while at == 0 || body.get(at..).is_some_and(|rest| rest.starts_with(',')) {
        at += usize::from(at > 0 || body.starts_with(','));
        let rest = body.get(at..).unwrap_or("");
        let Some(equals) =
            rest.find(['=', '}']).filter(|equals| rest.get(*equals..).is_some_and(|r| r.starts_with('=')))
        else {
            at += rest.find('}').unwrap_or(rest.len());
            break;
        };
        let name = rest.get(..equals).unwrap_or("").trim().to_ascii_lowercase();
        let value = rest.get(equals + 1..).unwrap_or("");
        let length = value_length(value);
        values.push((name, value.get(..length).unwrap_or(value).trim().to_owned()));
        at += equals + 1 + length;
    }
    (values, at)
}

/// The length of a value: up to the comma or brace that is within no braces and no marks.
fn value_length(value: &str) -> usize {
    let (mut depth, mut in_marks, mut escaped) = (0u32, false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '"' if depth == 0 => in_marks = !in_marks,
            ',' | '}' if depth == 0 && !in_marks => return at,
            _ => {}
        }
    }
    value.len()
}

fn fields(written: &[(String, String)]) -> Fields {
    let value = |name: &str| {
        written.iter().find(|(own, _)| own == name).map(|(_, value)| plain(value)).filter(|v| !v.is_empty())
    };
    let mut fields = Fields::new();
    for (name, names) in FIELDS {
        if let Some(found) = names.iter().find_map(|name| value(name)) {
            fields.insert(name.to_owned(), Value::String(found));
        }
    }
    if let (false, Some(year)) = (fields.contains_key("date"), value("year")) {
        let (day, month) = (value("day").unwrap_or_default(), value("month").unwrap_or_default());
        fields.insert("date".to_owned(), Value::String(format!("{day} {month} {year}").trim().to_owned()));
    }
    if let Some(authors) = value("author") {
        let names = authors.split(" and ").map(|name| Value::String(given_first(name.trim())));
        fields.insert("byline".to_owned(), names.collect());
    }
    fields
}

/// A value without braces, marks and commands: `{\"o}` is `ö`, `\&` is `&`.
fn plain(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.trim_matches('"').chars().filter(|c| !matches!(c, '{' | '}')).peekable();
    while let Some(character) = characters.next() {
        let command = if character == '\\' { characters.next() } else { None };
        let mark = match command {
            Some('"') => '\u{308}',
            Some('\'') => '\u{301}',
            Some('`') => '\u{300}',
            Some('^') => '\u{302}',
            Some('~') => '\u{303}',
            Some('c') => '\u{327}',
            Some('v') => '\u{30c}',
            Some(sign) => {
                text.push(sign);
                continue;
            }
            None => {
                text.push(character);
                continue;
            }
        };
        while characters.next_if(|c| *c == ' ').is_some() {}
        text.extend(characters.next());
        text.push(mark);
    }
    let text: String = text.replace("--", "–").nfc().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_articles() {
        let export = "% made by hand\n@article{quill2025,\n  title = {{Ferry} strike ends},\n  author = {Quill, Ines and M{\\\"u}ller, Bram},\n  \
                      journal = \"Harbour \\& Quay\",\n  year = 2025, month = mar, day = 4,\n  url = {https://gazette.example/ferry},\n  \
                      abstract = {The strike, which lasted {nine} days, ended.}\n}\n\n@comment{x}\n@misc{b, title={Pier opens}, date={2024-11-02}, abstract={It opened.}}\n";
        assert!(is_bibtex(export));
        let found = entries(export);
        let text = |at: usize, name: &str| {
            found.get(at).and_then(|fields| fields.get(name)).and_then(Value::as_str).unwrap_or("")
        };
        assert_eq!(found.len(), 2);
        assert_eq!(text(0, "title"), "Ferry strike ends");
        assert_eq!(found[0]["byline"], serde_json::json!(["Ines Quill", "Bram Müller"]));
        assert_eq!(text(0, "outlet"), "Harbour & Quay");
        assert_eq!(text(0, "date"), "4 mar 2025");
        assert_eq!(text(0, "text"), "The strike, which lasted nine days, ended.");
        assert_eq!(text(1, "date"), "2024-11-02");
        let short = entries("@string{hg = \"Harbour Gazette\"}\n@article{a, journal = hg, title = {Dues}}");
        assert_eq!(short[0]["outlet"], "Harbour Gazette");
    }

    #[test]
    fn what_breaks_off_is_read_as_far_as_it_goes() {
        assert_eq!(entries("@article{a, title = {Ferry").len(), 1);
        assert!(entries("@").is_empty() && entries("@article{").is_empty() && entries("@article{}").is_empty());
        assert!(!is_bibtex("@ines wrote {a, b}"));
    }
}
