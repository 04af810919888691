//! What libraries and reference managers export: RIS, in which each line names its field and `ER` ends a record, and `EndNote`'s form
//! of it, in which `%0` begins one.

use std::ops::ControlFlow;

use serde_json::Value;

use super::bounds::{Line, read_line};
use super::stream::Stream;
use super::unpack::{Options, Sink};
use super::{Content, End, Fields, Format, Hints, Place, Problem, Raw, Skip, charset};

/// The names of our fields, each with the tags that hold it, the surest first.
const TAGS: [(&str, &[&str]); 8] = [
    ("title", &["TI", "T1", "%T"]),
    ("byline", &["AU", "A1", "%A"]),
    ("outlet", &["T2", "JF", "JO", "JA", "PB", "%B", "%J", "%I"]),
    ("date", &["DA", "PY", "Y1", "%8", "%D"]),
    ("url", &["UR", "L2", "%U"]),
    ("language", &["LA", "%G"]),
    ("section", &["SE", "%&"]),
    ("text", &["AB", "N2", "%X"]),
];

/// Gives every record of an export, numbered from 1.
pub(super) fn split(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let Stream { place, mut body, what, .. } = stream.into_utf8();
    let limit = options.bounds.article;
    let mut record = Record::default();
    loop {
        let line = match read_line(&mut body, limit) {
            Ok(Line::Whole(line) | Line::Open(line)) => line,
            Ok(Line::TooLong) => {
                record.too_large = true;
                continue;
            }
            Ok(Line::End) => return record.finish(&place, End::Cut, limit, give),
            Err(source) => {
                record.finish(&place, End::Cut, limit, give)?;
                return give(Err(Skip::new(place, Problem::CutShort { what, source }).of(Format::Ris)));
            }
        };
        if line.starts_with(b"ER  -") {
            record.finish(&place, End::Whole, limit, give)?;
        } else {
            if line.starts_with(b"%0 ") {
                record.finish(&place, End::Whole, limit, give)?;
            }
            record.push(&line, limit);
        }
    }
}

/// True for the beginning of an export.
pub(super) fn is_ris(start: &str) -> bool {
    tagged(start.lines().next().unwrap_or("")).is_some_and(|(tag, _)| matches!(tag, "TY" | "%0"))
}

/// The record that is being gathered.
#[derive(Default)]
struct Record {
    number: u64,
    bytes: Vec<u8>,
    too_large: bool,
}

impl Record {
    fn push(&mut self, line: &[u8], limit: u64) {
        self.too_large |= (self.bytes.len() + line.len()) as u64 >= limit;
        if self.too_large {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(line);
            self.bytes.push(b'\n');
        }
    }

    fn finish(&mut self, place: &Place, end: End, limit: u64, give: &mut Sink) -> ControlFlow<()> {
        let bytes = std::mem::take(&mut self.bytes);
        let too_large = std::mem::take(&mut self.too_large);
        if bytes.trim_ascii().is_empty() && !too_large {
            return ControlFlow::Continue(());
        }
        self.number += 1;
        let place = place.part(self.number);
        let decoded = if too_large {
            Err(Problem::TooLarge { what: "record", limit: limit >> 20 })
        } else {
            charset::decode(bytes, None)
        };
        give(match decoded {
            Ok(decoded) => {
                let hints = Hints { end, warnings: decoded.warnings, ..Hints::default() };
                Ok(Raw { place, format: Format::Ris, content: Content::Fields(fields(&decoded.text)), hints })
            }
            Err(problem) => Err(Skip::new(place, problem).of(Format::Ris)),
        })
    }
}

/// The fields of a record; a line without a tag goes on with the one before.
fn fields(record: &str) -> Fields {
    let mut written: Vec<(&str, String)> = Vec::new();
    for line in record.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match (tagged(line), written.last_mut()) {
            (Some((tag, value)), _) => written.push((tag, value.to_owned())),
            (None, Some((_, value))) => {
                // Lines of one paragraph are wrapped at some width.
                value.push(if value.ends_with(['.', '!', '?', '”', '"']) { '\n' } else { ' ' });
                value.push_str(line);
            }
            (None, None) => {}
        }
    }
    let mut fields = Fields::new();
    for (name, tags) in TAGS {
        let values_of = |tag: &str| -> Vec<&str> {
            written
                .iter()
                .filter(|(own, value)| *own == tag && !value.is_empty())
                .map(|(_, value)| value.as_str())
                .collect()
        };
        let Some(values) = tags.iter().map(|tag| values_of(tag)).find(|values| !values.is_empty()) else { continue };
        let value = match name {
            "byline" => Value::Array(values.into_iter().map(|name| Value::String(given_first(name))).collect()),
            // `2025/03/04/` has room for a season after the day, and `2025/05//` none for the day.
            "date" => {
                let date = values.first().copied().unwrap_or_default();
                let date = date.split("//").next().unwrap_or_default().trim_end_matches('/');
                // The year may be apart from `July 12`.
                let has_year = date.split(|c: char| !c.is_ascii_digit()).any(|number| number.len() == 4);
                let year = values_of("%D").into_iter().next().filter(|_| !has_year).unwrap_or_default();
                Value::String(format!("{date} {year}").trim().to_owned())
            }
            "text" => Value::String(values.join("\n\n")),
            _ => Value::String(values.first().copied().unwrap_or_default().to_owned()),
        };
        fields.insert(name.to_owned(), value);
    }
    fields
}

/// Tag and value of a line such as `TI  - Ferry strike ends` or `%T Ferry strike ends`.
fn tagged(line: &str) -> Option<(&str, &str)> {
    if let Some((tag, value)) = line.split_once(' ').filter(|(tag, _)| tag.len() == 2 && tag.starts_with('%')) {
        return Some((tag, value.trim()));
    }
    let (tag, value) = line.split_once("  -")?;
    let is_tag = tag.len() == 2 && tag.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    is_tag.then_some((tag, value.trim()))
}

/// A name written `Quill, Ines` or `Quill, Ines, Jr.` with the given name first.
pub(super) fn given_first(name: &str) -> String {
    let mut parts = name.splitn(3, ',').map(str::trim);
    let (family, given, suffix) = (parts.next().unwrap_or(name), parts.next(), parts.next());
    [given, Some(family), suffix].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &str, expect: &[(&str, &[&str], &str, &str)]) {
        let mut found = Vec::new();
        let flow = super::super::read_from("a", file.as_bytes(), &Options::default(), &mut |article| {
            let article = article.unwrap();
            assert_eq!(article.format, Format::Ris);
            let day = article.meta.published.as_ref().map(|published| published.day().to_string());
            found.push((article.meta.title.unwrap(), article.meta.byline, day.unwrap(), article.text));
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        let found: Vec<_> = found
            .iter()
            .map(|(title, byline, day, text)| {
                (title.as_str(), byline.iter().map(String::as_str).collect::<Vec<_>>(), day.as_str(), text.as_str())
            })
            .collect();
        let expect: Vec<_> =
            expect.iter().map(|(title, names, day, text)| (*title, names.to_vec(), *day, *text)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn each_record_is_an_article() {
        check(
            "TY  - NEWS\r\nTI  - Ferry strike ends\r\nAU  - Quill, Ines\r\nAU  - Ostey, Bram\r\nT2  - Harbour Gazette\r\n\
             PY  - 2025/03/04\r\nUR  - https://gazette.example/ferry\r\nAB  - The ferry strike\r\nended on Monday.\r\nER  - \r\n\r\n\
             TY  - NEWS\r\nT1  - Pier opens\r\nA1  - Tove Lindqvar\r\nY1  - 2024\r\nDA  - 2024/11/02/\r\nN2  - It opened.\r\nER  - \r\n",
            &[
                ("Ferry strike ends", &["Ines Quill", "Bram Ostey"], "2025-03-04", "The ferry strike ended on Monday."),
                ("Pier opens", &["Tove Lindqvar"], "2024-11-02", "It opened."),
            ],
        );
        // Without its last line.
        check(
            "TY  - NEWS\nTI  - Pier opens\nAU  - Lindqvar, Tove\nDA  - 2024/11/02\nAB  - It opened.\n",
            &[("Pier opens", &["Tove Lindqvar"], "2024-11-02", "It opened.")],
        );
    }

    #[test]
    fn signs_may_name_the_fields() {
        check(
            "%0 Newspaper Article\n%T Ferry strike ends\n%A Quill, Ines\n%A Ostey, Bram\n%B Harbour Gazette\n%D 2025\n%8 March 4\n\
             %X The ferry strike\nended on Monday.\n\n%0 Newspaper Article\n%T Pier opens\n%A Lindqvar, Tove\n%D 2024\n\
             %8 November 2, 2024\n%X It opened.\n",
            &[
                ("Ferry strike ends", &["Ines Quill", "Bram Ostey"], "2025-03-04", "The ferry strike ended on Monday."),
                ("Pier opens", &["Tove Lindqvar"], "2024-11-02", "It opened."),
            ],
        );
    }

    #[test]
    fn prose_is_no_export() {
        assert!(!is_ris("TY  he wrote - and left"));
        assert!(!is_ris("The ferries  - all nine - run again."));
    }
}
