//! The fields of an article of an export, by its lines.

use super::super::{DateOrigin, Fields, date, put};
use super::line::{code, ends_text, is_edition, is_rights, is_time, label, word_count};
use crate::language::{Table, world};

/// The paragraphs of a body. A line goes on with a long one right before it in the export that ends no sentence: it was
/// wrapped there. Where many do, one that ends a sentence was too if the next word had no room in it.
fn joined(export: &str, lines: &[&str]) -> String {
    const LONG: usize = 50;
    const WIDEST: usize = 120;
    let at = |line: &str| (line.as_ptr() as usize).saturating_sub(export.as_ptr() as usize);
    let is_next = |before: &str, line: &str| {
        let gap = export.get(at(before) + before.len()..at(line)).unwrap_or_default();
        before.len() >= LONG && gap.matches('\n').count() == 1
    };
    let is_open = |line: &str| !line.ends_with(['.', '!', '?', '”', '"']);
    let pairs = lines.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
    let nexts: Vec<bool> =
        pairs.filter(|(before, line)| is_next(before, line)).map(|(before, _)| is_open(before)).collect();
    let are_wrapped = 3 * nexts.iter().filter(|is_open| **is_open).count() >= nexts.len();
    let length = |line: &str| line.chars().count();
    let width = lines.iter().map(|line| length(line)).max().filter(|width| are_wrapped && *width <= WIDEST);
    let has_room = |before: &str, line: &str| {
        let word = line.split(' ').next().unwrap_or_default();
        width.is_none_or(|width| length(before) + 1 + length(word) <= width)
    };
    let mut body = String::new();
    let mut before = "";
    for line in lines {
        let is_wrapped = is_next(before, line) && (is_open(before) || !has_room(before, line));
        if !body.is_empty() {
            body.push_str(if is_wrapped { " " } else { "\n\n" });
        }
        body.push_str(line);
        before = line;
    }
    body
}

/// Fields behind codes of two letters; lines without a code go on with the field before.
pub(super) fn coded(export: &str, lines: &[&str]) -> Option<Fields> {
    lines.iter().find(|line| code(line).is_some_and(|(code, _)| code == "HD"))?;
    let mut fields = Fields::new();
    let mut body: Vec<&str> = Vec::new();
    let mut field = "";
    for line in lines {
        let (name, value) = match code(line) {
            Some((code, value)) => {
                field = world().clippings.codes.get(code).map_or("", String::as_str);
                (field, value)
            }
            None => (field, *line),
        };
        match name {
            "text" => body.extend(Some(value).filter(|value| !value.is_empty())),
            "" => {}
            name => put(&mut fields, name, value),
        }
    }
    put(&mut fields, "text", &joined(export, &body));
    fields.contains_key("text").then_some(fields)
}

/// Fields by their order around the count of words: headline and byline before it; day, outlet and the rest behind it, up to
/// the line of the copyright.
pub(super) fn counted(export: &str, lines: &[&str]) -> Option<Fields> {
    let at = lines.iter().take(8).position(|line| word_count(line))?;
    let (before, after) = (lines.get(..at)?, lines.get(at + 1..)?);
    let rights = after
        .iter()
        .take(10)
        .position(|line| line.starts_with("(c)") || line.starts_with('©') || line.starts_with("Copyright"))?;
    let mut fields = Fields::new();
    let is_capital = |word: &str| word.len() <= 3 || word.starts_with(char::is_uppercase);
    let is_byline =
        |line: &&&str| line.starts_with("By ") || (line.split(' ').count() <= 4 && line.split(' ').all(is_capital));
    let byline = before.last().filter(|line| before.len() > 1 && is_byline(line));
    let title = before.get(..before.len() - usize::from(byline.is_some()))?;
    put(&mut fields, "title", title.last()?);
    if let Some((section, _)) = title.split_last().and_then(|(_, rest)| rest.split_last()) {
        put(&mut fields, "section", section);
    }
    if let Some(byline) = byline {
        put(&mut fields, "byline", byline);
    }
    let mut described = after.get(..rights)?.iter().filter(|line| !is_time(line));
    put(&mut fields, "date", described.next()?);
    put(&mut fields, "outlet", described.next()?);
    put(&mut fields, "text", &joined(export, after.get(rights + 1..)?));
    fields.contains_key("text").then_some(fields)
}

/// Fields behind labels, among which `Full text:` opens the text and others follow it; the headline is before them.
pub(super) fn full_text(export: &str, lines: &[&str]) -> Option<Fields> {
    let is_label = |line: &&str, name: &str| label(line).is_some_and(|(label, _)| label == name);
    let at = lines.iter().position(|line| is_label(line, "full text"))?;
    let (before, rest) = lines.split_at(at);
    let behind = ["subject", "title", "publication title", "location"];
    let end = rest.iter().position(|line| behind.iter().any(|name| is_label(line, name))).unwrap_or(rest.len());
    let (body, behind) = rest.split_at(end);
    let mut fields = Fields::new();
    for line in before.iter().chain(behind) {
        if let Some((label, value)) = label(line)
            && let Some(name) = world().clippings.labels_of_full_text.get(&label)
        {
            put(&mut fields, name, value);
        }
    }
    put(&mut fields, "title", before.iter().find(|line| line.contains(char::is_alphabetic)).unwrap_or(&""));
    let (opening, lines) = body.split_first()?;
    let opening = opening.split_once(':').map_or("", |(_, text)| text.trim());
    let body: Vec<&str> =
        std::iter::once(opening).filter(|line| !line.is_empty()).chain(lines.iter().copied()).collect();
    put(&mut fields, "text", &joined(export, &body));
    fields.contains_key("text").then_some(fields)
}

/// Fields of a record, behind labels of which there may be several in a line: `Author: Ana Pell | Section: News`. So may be the
/// day and the outlet.
pub(super) fn recorded(export: &str, lines: &[&str]) -> Fields {
    let labels = &world().clippings.labels_of_records;
    let mut parts: Vec<&str> = Vec::with_capacity(lines.len());
    for line in lines {
        match line.split_once(" | ") {
            Some(_) if line.split(" | ").all(|part| field(part, labels).is_some()) => parts.extend(line.split(" | ")),
            // `Canal Post (Brimwater)` before `March 4, 2025 | Brimwater, Canal Land`
            Some((day, _)) if is_day(day) && parts.last().is_some_and(|before| before.ends_with(')')) => {
                parts.push(day);
            }
            Some((day, outlet)) if is_day(day) => parts.extend([outlet, day]),
            Some(_) | None => parts.push(line),
        }
    }
    labelled(export, &parts, labels)
}

/// The field that a label names, and its value.
fn field<'l>(line: &'l str, labels: &'static Table<String>) -> Option<(&'static str, &'l str)> {
    let (label, value) = label(line)?;
    labels.get(&label).map(|field| (field.as_str(), value))
}

/// True for a line with a day.
fn is_day(line: &str) -> bool {
    line.contains(|c: char| c.is_ascii_digit()) && date::read(line, None, DateOrigin::Record).is_some()
}

/// Fields behind labels such as `BYLINE:`, with the outlet and the day before them and the headline first or last of these.
pub(super) fn labelled(export: &str, lines: &[&str], labels: &'static Table<String>) -> Fields {
    let is_heading = |line: &str, names: &[&str]| {
        let name = line.trim_end_matches(':');
        names.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let mut fields = Fields::new();
    let first = lines.iter().position(|line| field(line, labels).is_some()).unwrap_or(lines.len().min(4));
    let (head, rest) = lines.split_at(first);
    let is_named = |line: &&&str| !line.starts_with("Copyright") && !is_rights(line) && !is_heading(line, &["body"]);
    let head: Vec<&&str> = head.iter().filter(is_named).collect();
    // The day follows the outlet; the headline is before the outlet or behind the day, maybe behind the edition. A cover
    // page, which has a day as well, is before them.
    if let Some(day) = head.iter().rposition(|line| is_day(line)) {
        let before = |lines: usize| head.get(day.checked_sub(lines)?);
        let behind = head.get(day + 1..).unwrap_or_default();
        let title = behind.iter().find(|line| !is_edition(line)).or_else(|| behind.first());
        for (name, line) in [("date", head.get(day)), ("outlet", before(1)), ("title", title.or_else(|| before(2)))] {
            put(&mut fields, name, line.map_or("", |line| line));
        }
    }
    // Labels behind the heading of the body are words of the text, up to what ends it.
    let body_at = rest.iter().position(|line| is_heading(line, &["body"]));
    let ends = |line: &str| {
        let is_last = |(label, _): (String, &str)| matches!(label.as_str(), "load-date" | "publication-type");
        ends_text(line) || label(line).is_some_and(is_last)
    };
    // The copyright is before the text or behind it: the text is where most is.
    let mut parts: Vec<Vec<&str>> = vec![Vec::new()];
    let mut ended = false;
    for (number, line) in rest.iter().enumerate() {
        ended |= ends(line) && parts.iter().any(|part| !part.is_empty());
        match field(line, labels).filter(|_| ended || body_at.is_none_or(|body| number < body)) {
            Some((name, value)) if !name.is_empty() => put(&mut fields, name, value),
            Some(_) => {}
            None if ended => {}
            // The count of words is before the text.
            None if word_count(line) && parts.iter().all(Vec::is_empty) => {}
            None if is_heading(line, &["body"]) => parts = vec![Vec::new()],
            None if is_rights(line) => parts.push(Vec::new()),
            None => parts.last_mut().into_iter().for_each(|part| part.push(line)),
        }
    }
    let bodies = parts.iter().map(|part| joined(export, part));
    put(&mut fields, "text", &bodies.max_by_key(String::len).unwrap_or_default());
    fields
}
