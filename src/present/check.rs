//! Whether somebody said it: the nearest quotations on record, word by word.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::style::{Look, Mark};
use super::terminal::differences;
use super::wrap::Marked;
use crate::article::Meta;
use crate::search::Difference;

/// What is on record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// The words that were said.
    pub words: String,
    /// Who is meant to have said them.
    pub speaker: Option<String>,
    /// True if a quotation on record holds the same words in the same order, by that speaker if one was named.
    pub as_pasted: bool,
    /// The nearest quotations, the nearest first; none where nothing like it is on record.
    pub nearest: Vec<Nearest>,
}

/// A quotation on record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Nearest {
    /// The share of words that are the same in the same order: 1 where all are.
    pub nearness: f32,
    /// True where it holds all words in the same order and nothing between them.
    pub as_pasted: bool,
    /// Who is given as speaker.
    pub speakers: Vec<String>,
    /// True if the claim names that speaker, or no speaker.
    pub by_speaker: bool,
    /// The quotation.
    pub text: String,
    /// From the words that were said to those on record.
    pub differences: Vec<Difference>,
    /// The earliest article that prints it.
    pub article: Meta,
    /// First code point of the quotation in that article.
    pub start: u32,
    /// The code point after its last.
    pub end: u32,
    /// Who printed it.
    pub outlets: Vec<String>,
    /// The earliest day on which it was printed, in this index.
    pub since: Option<String>,
}

/// Writes an answer for people.
pub fn answer(out: &mut impl Write, look: Look, check: &Check) -> io::Result<()> {
    let Some(first) = check.nearest.first() else {
        return writeln!(out, "not on record here");
    };
    let verdict = match (&check.speaker, check.as_pasted, first.as_pasted) {
        (_, true, _) => "on record as pasted".to_owned(),
        (Some(speaker), false, true) => format!("on record as pasted, but not by {speaker}"),
        (_, false, _) => "not on record as pasted; nearest:".to_owned(),
    };
    Marked::default().with(Mark::Heading, &verdict).write(out, look, "", "  ")?;
    for nearest in &check.nearest {
        writeln!(out)?;
        quotation(out, look, nearest)?;
    }
    Ok(())
}

fn quotation(out: &mut impl Write, look: Look, nearest: &Nearest) -> io::Result<()> {
    let speaker = if nearest.speakers.is_empty() { "speaker unknown".to_owned() } else { nearest.speakers.join(", ") };
    let near = if nearest.as_pasted {
        "as pasted".to_owned()
    } else {
        // Rounded down: only what is as pasted is 100%.
        format!("{}%", (nearest.nearness * 100.0).floor().min(99.0))
    };
    let mut aside = vec![near];
    aside.extend((!nearest.outlets.is_empty()).then(|| nearest.outlets.join(", ")));
    aside.extend(nearest.since.as_ref().map(|day| format!("since {day}")));
    Marked::default()
        .with(Mark::Heading, &speaker)
        .with(Mark::Aside, &format!(" · {}", aside.join(" · ")))
        .write(out, look, "", "  ")?;
    differences(look, &nearest.differences).write(out, look, "  ", "  ")?;
    let source = nearest.article.url.clone().unwrap_or_else(|| nearest.article.id.clone());
    Marked::default().with(Mark::Aside, &source).write(out, look, "  ", "  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::wording::Change;

    #[test]
    fn what_differs_is_told_word_by_word() {
        let difference = |change, text: &str| Difference { change, text: text.to_owned() };
        let nearest = Nearest {
            nearness: 0.75,
            as_pasted: false,
            speakers: vec!["Ada Ray".to_owned()],
            by_speaker: true,
            text: "No deal was possible".to_owned(),
            differences: vec![
                difference(Change::Same, "No deal"),
                difference(Change::Gone, "is"),
                difference(Change::New, "was"),
                difference(Change::Same, "possible"),
            ],
            article: Meta { id: "a".to_owned(), ..Meta::default() },
            start: 0,
            end: 20,
            outlets: vec!["Sull Post".to_owned()],
            since: Some("2031-04-02".to_owned()),
        };
        let check = Check { words: String::new(), speaker: None, as_pasted: false, nearest: vec![nearest] };
        let mut out = Vec::new();
        answer(&mut out, Look::PLAIN, &check).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        not on record as pasted; nearest:

        Ada Ray · 75% · Sull Post · since 2031-04-02
          No deal [-is-] {+was+} possible
          a
        ");
    }
}
