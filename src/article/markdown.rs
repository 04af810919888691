//! Markdown, and the front matter that says what it is about.

use serde_json::Value;

use super::record::{self, Fields};
use super::{Article, FieldMap, Format, Hints, Place, Problem};
use super::{charset, date};
use crate::text::{self, Span};

/// Reads a Markdown file; fields come from YAML or TOML front matter, the title else from the first heading.
///
/// The body stays as written but for the marks of block quotes, which are spaces, so that offsets fit what is below the front
/// matter; paragraphs leave out heading marks, rules and images.
pub(super) fn read(bytes: &[u8], place: &Place, hints: &Hints, map: &FieldMap) -> Result<Article, Problem> {
    let decoded = charset::decode(bytes.to_vec(), hints.charset.as_deref())?;
    let mut warnings = decoded.warnings;
    let (front, body) = split_front_matter(&decoded.text);
    let fields = match front {
        Some(FrontMatter::Yaml(lines)) => yaml(lines, &mut warnings),
        Some(FrontMatter::Toml(lines)) => match lines.parse::<toml::Table>() {
            Ok(table) => toml_fields(table),
            Err(error) => {
                warnings.push(format!("front matter is not valid TOML ({}); it was passed over", error.message()));
                Fields::new()
            }
        },
        Some(FrontMatter::Reader(fields)) => fields,
        None => Fields::new(),
    };
    if body.trim().is_empty() {
        return Err(Problem::Empty);
    }
    let body = &without_quote_marks(body);
    let mut article = record::with_body(&fields, body.clone(), place, hints, map);
    article.format = Format::Markdown;
    let title = heading(body);
    article.paragraphs = paragraphs(body);
    if article.meta.title.is_none() {
        article.meta.title = title.map(|span| span.of(body).to_owned());
    }
    if let (Some(title), Some(heading)) = (&article.meta.title, title)
        && heading.of(body).trim() == title.trim()
    {
        // The headline is not part of the body.
        article.paragraphs.retain(|paragraph| !paragraph.overlaps(heading));
    }
    if article.meta.published.is_none() {
        article.meta.published = date::from_name(place);
    }
    article.warnings.splice(0..0, warnings);
    Ok(article)
}

enum FrontMatter<'a> {
    Yaml(&'a str),
    Toml(&'a str),
    Reader(Fields),
}

/// Cuts off what is between two lines `---` or `+++` at the very start.
fn split_front_matter(text: &str) -> (Option<FrontMatter<'_>>, &str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let fence = first.trim_end();
    if !matches!(fence, "---" | "+++") {
        return reader(text).map_or((None, text), |(fields, body)| (Some(FrontMatter::Reader(fields)), body));
    }
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        let closes = line.trim_end() == fence || (fence == "---" && line.trim_end() == "...");
        if closes {
            let lines = rest.get(..at).unwrap_or("");
            let body = rest.get(at + line.len()..).unwrap_or("").trim_start_matches(['\r', '\n']);
            return (Some(if fence == "---" { FrontMatter::Yaml(lines) } else { FrontMatter::Toml(lines) }), body);
        }
        at += line.len();
    }
    (None, text)
}

/// The head that a reader of pages puts above what it read (Jina): `Title: …`, `URL Source: …`, `Markdown Content:`.
fn reader(text: &str) -> Option<(Fields, &str)> {
    const LABELS: [(&str, &str); 4] =
        [("Title: ", "title"), ("URL Source: ", "url"), ("Published Time: ", "date"), ("Number of Pages: ", "")];
    let mut fields = Fields::new();
    let mut rest = text;
    loop {
        let (line, after) = rest.split_once('\n')?;
        rest = after;
        let line = line.trim();
        if line == "Markdown Content:" {
            return fields.contains_key("url").then_some((fields, rest));
        }
        match LABELS.iter().find_map(|(label, name)| Some((line.strip_prefix(label)?, *name))) {
            Some((value, name)) => fields.insert(name.to_owned(), Value::String(value.to_owned())),
            None if line.is_empty() => continue,
            None => return None,
        };
    }
}

/// The fields of YAML; where it is not valid, those of its lines `key: value`.
fn yaml(lines: &str, warnings: &mut Vec<String>) -> Fields {
    if lines.trim().is_empty() {
        return Fields::new();
    }
    match serde_saphyr::from_str(lines) {
        Ok(fields) => fields,
        Err(error) => {
            let error = error.to_string();
            let reason = super::problem::shown(error.lines().next().unwrap_or_default());
            warnings.push(format!("front matter is not valid YAML ({reason}); its simple lines were read"));
            let simple = lines.lines().filter(|line| line.starts_with(char::is_alphabetic));
            let pairs = simple.filter_map(|line| line.split_once(':')).filter(|(_, value)| !value.trim().is_empty());
            let value = |value: &str| Value::String(value.trim().trim_matches(['"', '\'']).to_owned());
            pairs.map(|(key, written)| (key.trim().to_owned(), value(written))).collect()
        }
    }
}

fn toml_fields(table: toml::Table) -> Fields {
    table.into_iter().map(|(key, value)| (key, toml_value(value))).collect()
}

fn toml_value(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(moment) => Value::String(moment.to_string()),
        toml::Value::Array(items) => items.into_iter().map(toml_value).collect(),
        toml::Value::Table(table) => Value::Object(toml_fields(table)),
    }
}

/// The text of the first heading of the first level, if the body starts with one.
fn heading(body: &str) -> Option<Span> {
    let first = text::paragraphs(body).into_iter().next()?;
    let line = first.of(body).lines().next()?;
    let text = line.strip_prefix("# ")?.trim().trim_end_matches('#').trim_end();
    if text.is_empty() {
        return None;
    }
    let start = first.start as usize + line.find(text)?;
    Some(Span::new(start, start + text.len()))
}

/// Paragraphs of Markdown: blocks between blank lines, a heading and each item of a list for itself, without the marks
/// before them; rules, images and fences are none.
fn paragraphs(body: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut open = false;
    let mut after_image = false;
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        let content = line.trim();
        let inner = unmarked(content);
        let at = start + (line.len() - line.trim_start().len()) + (content.len() - inner.len());
        start += line.len();
        let is_captioned = std::mem::replace(&mut after_image, content.starts_with("![") && content.ends_with(')'));
        if is_no_prose(content) || inner.is_empty() || is_captioned && is_set_apart(content) {
            open = false;
            continue;
        }
        let line =
            Span::new(at, at + inner.trim_end_matches(|c| c == '#' && content.starts_with('#')).trim_end().len());
        if line.is_empty() {
            open = false;
            continue;
        }
        let is_heading = content.starts_with('#') && content.len() > inner.len();
        let is_item = content.len() > inner.len();
        match found.last_mut() {
            Some(last) if open && !is_heading && !is_item => *last = last.cover(line),
            Some(_) | None => found.push(line),
        }
        open = !is_heading;
    }
    found
}

/// The same with spaces in place of the `>` before each line of a block quote, which may be within a sentence.
fn without_quote_marks(body: &str) -> String {
    let mut plain = String::with_capacity(body.len());
    for line in body.split_inclusive('\n') {
        let marks = line.len() - line.trim_start_matches(['>', ' ']).len();
        let (marks, rest) = line.split_at(marks);
        plain.extend(marks.chars().map(|_| ' '));
        plain.push_str(rest);
    }
    plain
}

/// A line without the marks of headings and lists.
fn unmarked(line: &str) -> &str {
    let hashes = line.len() - line.trim_start_matches('#').len();
    if (1..=6).contains(&hashes) && line.get(hashes..).is_some_and(|rest| rest.starts_with(' ')) {
        return line.trim_start_matches('#').trim_start();
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let item = line.get(digits..).unwrap_or("");
    if (1..=3).contains(&digits) && item.starts_with(". ") {
        return item.trim_start_matches(['.', ' ']);
    }
    ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark)).map_or(line, str::trim_start)
}

/// True for a line that is all in italics, as the caption below an image.
fn is_set_apart(line: &str) -> bool {
    ['*', '_'].iter().any(|mark| line.len() > 2 && line.starts_with(*mark) && line.ends_with(*mark))
}

/// Rules, fences, shortcodes, images alone on their line and HTML comments.
fn is_no_prose(line: &str) -> bool {
    let rule = line.len() >= 3 && line.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | ' '));
    let image = line.starts_with("![") && line.ends_with(')');
    // What a site's generator puts there: `{% include newsletter.html %}`, `{{< figure src="a.jpg" >}}`.
    let shortcode =
        [("{%", "%}"), ("{{", "}}")].iter().any(|(open, close)| line.starts_with(open) && line.ends_with(close));
    rule || image || shortcode || line.starts_with("```") || (line.starts_with("<!--") && line.ends_with("-->"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(text: &str) -> Article {
        read(text.as_bytes(), &Place::file("talks.md"), &Hints::default(), &FieldMap::default()).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let article = article(text);
        let found: Vec<&str> = article.paragraphs.iter().map(|p| p.of(&article.text)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn shortcodes_and_captions_are_no_prose() {
        check(
            "![The quay](a.jpg)\n*The quay. Photo: Bo*\n\nIt was *late*.\n\n{% include news.html %}\n\n{{< figure src=\"a.jpg\" >}}\n",
            &["It was *late*."],
        );
        check("*It was late.*\n\nHe left.\n", &["*It was late.*", "He left."]);
    }

    #[test]
    fn a_reader_of_pages_has_a_head_of_its_own() {
        let article = article(
            "Title: Talks\n\nURL Source: https://example.org/talks\n\nPublished Time: 2025-05-16T10:00:00Z\n\nMarkdown Content:\nText.\n",
        );
        assert_eq!((article.meta.title.as_deref(), article.text.as_str()), (Some("Talks"), "Text.\n"));
        assert_eq!(article.meta.published.map(|published| published.at).as_deref(), Some("2025-05-16T10:00:00Z"));
        assert_eq!(super::split_front_matter("Title: Talks\n\nText.\n").1, "Title: Talks\n\nText.\n");
    }

    #[test]
    fn front_matter_gives_the_fields() {
        let article = article(
            "---\ntitle: \"Talks: the end\"\nauthors:\n  - Ann Ray\n  - Bo Li # the second\ndate: 2025-05-16\n\
             source: 'The Gazette'\nurl: https://example.org/talks\ntags: [a, b]\n---\n\nText.\n",
        );
        assert_eq!(article.meta.title.as_deref(), Some("Talks: the end"));
        assert_eq!(article.meta.byline, ["Ann Ray", "Bo Li"]);
        assert_eq!(article.meta.outlet.as_deref(), Some("The Gazette"));
        assert_eq!(article.meta.id, "https://example.org/talks");
        assert_eq!(article.meta.published.as_ref().map(|p| p.at.as_str()), Some("2025-05-16"));
        assert_eq!(article.text, "Text.\n");
    }

    #[test]
    fn toml_front_matter_is_read_too() {
        let article =
            article("+++\ntitle = \"Talks\"\ndate = 2025-05-16T14:05:00Z\nauthors = [\"Ann Ray\"]\n+++\nText.\n");
        assert_eq!(article.meta.title.as_deref(), Some("Talks"));
        assert_eq!(article.meta.byline, ["Ann Ray"]);
        assert_eq!(article.meta.published.as_ref().map(|p| p.at.as_str()), Some("2025-05-16T14:05:00Z"));
    }

    #[test]
    fn broken_front_matter_is_said_and_passed_over() {
        let article = article("+++\ntitle = \n+++\nText.\n");
        assert_eq!(article.text, "Text.\n");
        assert!(article.warnings[0].starts_with("front matter is not valid TOML"), "{:?}", article.warnings);
        check("---\ntitle: unclosed\n\nText.", &["title: unclosed", "Text."]);
    }

    #[test]
    fn marks_are_no_part_of_paragraphs() {
        check(
            "# Talks\n\nOne\nline.\n## Then\nTwo.\n\n---\n![map](map.png)\n> Quoted\n> twice.\n\n- a\n- b\n\n1. c\n",
            &["One\nline.", "Then", "Two.", "Quoted\n  twice.", "a", "b", "c"],
        );
    }

    #[test]
    fn block_quotes_have_no_marks_within() {
        check(
            "He wrote:\n\n> It is my living,\n>and nobody\n> > asked.\n>\n> Never.\n> - One.\n",
            &["He wrote:", "It is my living,\n and nobody\n    asked.", "Never.", "One."],
        );
        check("5 > 3, and\na > b.\n", &["5 > 3, and\na > b."]);
    }

    #[test]
    fn the_first_heading_is_the_title() {
        assert_eq!(article("# Talks #\n\nText.\n").meta.title.as_deref(), Some("Talks"));
        assert_eq!(article("Text.\n").meta.title, None);
    }
}
