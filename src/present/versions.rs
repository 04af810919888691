//! What was changed of an article, and when that was noticed.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::style::{Look, Mark};
use super::terminal::differences;
use super::wrap::Marked;
use crate::article::Meta;
use crate::search::Difference;
use crate::text::wording::Change;

/// An article and its changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct History {
    /// The article as it is.
    pub article: Meta,
    /// Its changes, the oldest first.
    pub changes: Vec<Changed>,
}

/// One change. Fields that stayed the same are empty.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// When it was noticed, in UTC.
    pub noticed: Timestamp,
    /// True if it was changed again before the next text that is known: versions were not kept then, so what is told are
    /// all of these changes together, and `noticed` is the time of the first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub gap: bool,
    /// The headline.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub title: Vec<Difference>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub byline: Vec<Difference>,
    /// When it was published.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<Difference>,
    /// The places of the text that differ.
    pub text: Vec<Vec<Difference>>,
    /// The whole text before the change.
    pub before: String,
}

impl Changed {
    /// When it was noticed, for people.
    pub fn when(&self) -> String {
        let again = if self.gap { ", and again later, when versions were not kept" } else { "" };
        format!("{}{again}", self.noticed.strftime("%Y-%m-%d %H:%M UTC"))
    }
}

/// Writes a history for people.
pub fn history(out: &mut impl Write, look: Look, history: &History) -> io::Result<()> {
    if let Some(title) = &history.article.title {
        Marked::default().with(Mark::Heading, title).write(out, look, "", "  ")?;
    }
    Marked::default().with(Mark::Aside, &history.article.id).write(out, look, "", "  ")?;
    for change in &history.changes {
        writeln!(out)?;
        Marked::default()
            .with(Mark::Heading, &format!("changed, noticed {}", change.when()))
            .write(out, look, "", "  ")?;
        let fields = [("title", &change.title), ("byline", &change.byline), ("published", &change.published)];
        for (name, field) in fields.into_iter().filter(|(_, field)| !field.is_empty()) {
            differences(look, field).write(out, look, &format!("  {name}: "), "    ")?;
        }
        for place in &change.text {
            differences(look, &shortened(place)).write(out, look, "  ", "  ")?;
        }
        if change.text.is_empty() && fields.iter().all(|(_, field)| field.is_empty()) {
            writeln!(out, "  only spacing differs")?;
        }
    }
    Ok(())
}

/// Words before and after a change that are shown.
const AROUND: usize = 8;

/// A place with no more than a few words around each change.
pub(crate) fn shortened(place: &[Difference]) -> Vec<Difference> {
    let last = place.len().saturating_sub(1);
    let short = place.iter().enumerate().map(|(at, difference)| {
        let words: Vec<&str> = difference.text.split(' ').collect();
        let (before, after) = (if at == 0 { 0 } else { AROUND }, if at == last { 0 } else { AROUND });
        if difference.change != Change::Same || words.len() <= before + after {
            return difference.clone();
        }
        let first = words.iter().take(before).copied();
        let rest = words.iter().skip(words.len() - after).copied();
        let text = first.chain(["…"]).chain(rest).collect::<Vec<_>>().join(" ");
        Difference { change: Change::Same, text }
    });
    short.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_with_the_words_around_them() {
        let difference = |change, text: &str| Difference { change, text: text.to_owned() };
        let change = |title: Vec<Difference>, text| Changed {
            noticed: "2031-04-02T10:15:00Z".parse().unwrap(),
            gap: false,
            title,
            byline: Vec::new(),
            published: Vec::new(),
            text,
            before: String::new(),
        };
        let title = vec![difference(Change::Same, "Nine"), difference(Change::Gone, "schools")];
        let place = vec![
            difference(Change::Same, "a b c d e f g h i j k"),
            difference(Change::Gone, "nine"),
            difference(Change::New, "eight"),
            difference(Change::Same, "l m n o p q r s t u v w x y z l m n o"),
            difference(Change::New, "schools"),
            difference(Change::Same, "1 2 3 4 5 6 7 8 9"),
        ];
        let article = Meta { id: "a".to_owned(), ..Meta::default() };
        let history = History { article, changes: vec![change(title, vec![place]), change(Vec::new(), Vec::new())] };
        let mut out = Vec::new();
        super::history(&mut out, Look::PLAIN, &history).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        a

        changed, noticed 2031-04-02 10:15 UTC
          title: Nine [-schools-]
          … d e f g h i j k [-nine-] {+eight+} l m n o p q r s … w x y z l m n o
          {+schools+} 1 2 3 4 5 6 7 8 …

        changed, noticed 2031-04-02 10:15 UTC
          only spacing differs
        ");
    }
}
