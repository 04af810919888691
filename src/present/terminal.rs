//! Hits as readable text: speaker, article, and the passage with its matches.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::phrase::{self, count};
use super::style::{Look, Mark};
use super::wrap::Marked;
use super::{HitWriter, explain, facets};
use crate::search::{By, Difference, FacetCount, Hit, Match, MatchClass, NONE, Quote, Response};
use crate::text::wording::Change;
use crate::text::{CharSpan, CodePoints, Span};

/// Hits below each other, then the facets.
pub struct TextWriter<W: Write> {
    out: W,
    look: Look,
    facets: BTreeMap<String, Vec<FacetCount>>,
}

impl<W: Write> TextWriter<W> {
    /// A writer to `out`.
    pub fn new(out: W, look: Look) -> Self {
        TextWriter { out, look, facets: BTreeMap::new() }
    }
}

impl<W: Write> HitWriter for TextWriter<W> {
    fn open(&mut self, answer: &Response) -> io::Result<()> {
        self.facets.clone_from(&answer.facets);
        for (field, none) in &answer.without {
            let none = FacetCount { value: NONE.to_owned(), ..none.clone() };
            self.facets.entry(field.clone()).or_default().push(none);
        }
        explain::reading(&mut self.out, self.look, answer)
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        write_hit(&mut self.out, self.look, hit)
    }

    fn close(&mut self) -> io::Result<()> {
        for (field, counts) in &self.facets {
            facets::table(&mut self.out, self.look, field, counts)?;
            writeln!(self.out)?;
        }
        self.out.flush()
    }
}

/// Writes one hit and a blank line after it.
fn write_hit(out: &mut impl Write, look: Look, hit: &Hit) -> io::Result<()> {
    let rank = format!("{}. ", hit.rank);
    let indent = " ".repeat(rank.len());
    heading(hit).write(out, look, &rank, &indent)?;
    if quotation(hit).is_some() {
        Marked::default().with(Mark::Plain, phrase::title(&hit.article)).write(out, look, &indent, &indent)?;
    }
    aside(&[provenance(hit)]).write(out, look, &indent, &indent)?;
    let marks = highlights(&hit.text, &hit.highlights);
    let margin = format!("{indent}  ");
    writeln!(out)?;
    Marked::default().with_marks(look, &hit.text, &marks).write(out, look, &margin, &margin)?;
    writeln!(out)?;
    if quotation(hit).is_none() {
        for quote in &hit.quotes {
            aside(&[format!("quotes {} ({})", phrase::speakers(quote), phrase::certainty(quote))])
                .write(out, look, &indent, &margin)?;
        }
    }
    aside(&[place(hit), matched(hit), duplicates(hit)]).write(out, look, &indent, &indent)?;
    for mark in phrase::marks(&hit.tags, &hit.notes) {
        writeln!(out)?;
        aside(&[mark]).write(out, look, &indent, &margin)?;
    }
    for wording in &hit.wordings {
        let from = [wording.outlet.as_deref(), wording.day.as_deref(), Some(wording.article.as_str())];
        let from: Vec<&str> = from.into_iter().flatten().collect();
        writeln!(out)?;
        aside(&[format!("worded otherwise: {}", from.join(" · "))]).write(out, look, &indent, &margin)?;
        differences(look, &wording.differences).write(out, look, &margin, &margin)?;
    }
    writeln!(out)
}

/// Both wordings as a word diff; without colours in the notation of `git diff --word-diff`.
pub(super) fn differences(look: Look, differences: &[Difference]) -> Marked {
    let mut marked = Marked::default();
    for (number, difference) in differences.iter().enumerate() {
        let mark = match difference.change {
            Change::Same => Mark::Plain,
            Change::Gone => Mark::Gone,
            Change::New => Mark::New,
        };
        let (open, close) = if look.colour { (String::new(), String::new()) } else { mark.brackets() };
        let space = if number > 0 { " " } else { "" };
        marked = marked.with(Mark::Plain, space).with(mark, &format!("{open}{}{close}", difference.text));
    }
    marked
}

/// Spans to highlight, as bytes into `text`.
fn highlights(text: &str, spans: &[CharSpan]) -> Vec<(Span, Mark)> {
    let points = CodePoints::new(text);
    spans.iter().map(|&span| (points.bytes(span), Mark::Highlight)).collect()
}

/// The speaker and how they are known; for hits other than quotations the headline.
fn heading(hit: &Hit) -> Marked {
    match quotation(hit) {
        Some(quote) => Marked::default()
            .with(Mark::Heading, &phrase::speakers(quote))
            .with(Mark::Aside, &format!(" · {}", phrase::certainty(quote))),
        None => Marked::default().with(Mark::Heading, phrase::title(&hit.article)),
    }
}

fn quotation(hit: &Hit) -> Option<&Quote> {
    match hit.by {
        By::Quote => hit.quotes.first(),
        By::Passage | By::Article => None,
    }
}

fn provenance(hit: &Hit) -> String {
    let article = &hit.article;
    let parts = [article.outlet.clone(), Some(phrase::date(article)), phrase::byline(article)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Paragraphs are numbered from 1; offsets are as in JSON.
fn place(hit: &Hit) -> String {
    let file = phrase::file(&hit.article);
    let locator = hit.locator.map(|locator| format!(", {locator}")).unwrap_or_default();
    format!("{file}{locator}, paragraph {}, characters {}–{}", hit.paragraph + 1, hit.start, hit.end)
}

/// How it matches, where it does not as written.
fn matched(hit: &Hit) -> String {
    let Some(Match { class, variants }) = &hit.matched else { return String::new() };
    let label = match class {
        MatchClass::Written => return String::new(),
        MatchClass::Form => "other form",
        MatchClass::Near => "near",
        MatchClass::Synonym => "synonym",
    };
    if variants.is_empty() { label.to_owned() } else { format!("{label}: {}", variants.join(", ")) }
}

fn duplicates(hit: &Hit) -> String {
    let Some(also) = &hit.also_in else { return String::new() };
    let where_else = match also.outlets.len() as u64 {
        0 => "also elsewhere in this outlet".to_owned(),
        outlets => format!("also in {}", count(outlets, "outlet")),
    };
    let Some(earliest) = &also.earliest else { return where_else };
    if earliest.article == hit.article.id {
        return format!("{where_else}, this is the earliest in this index");
    }
    let outlet = earliest.outlet.as_deref().map(|outlet| format!("{outlet} of ")).unwrap_or_default();
    format!("{where_else}, the earliest in this index is {outlet}{}", earliest.day)
}

fn aside(parts: &[String]) -> Marked {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    Marked::default().with(Mark::Aside, &parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{DateOrigin, Meta, Published};
    use crate::quote::{Attribution, QuoteKind};
    use crate::search::{AlsoIn, Earliest, Names, Wording};

    fn sample() -> Hit {
        let text = "“We will repair the harbour wall before winter,”".to_owned();
        let quote = Quote {
            kind: QuoteKind::Direct,
            content: vec![CharSpan { start: 102, end: 150 }],
            cue: None,
            source: None,
            speaker: Some("Lena Ode".into()),
            speakers: vec![],
            attribution: Attribution::Alias,
            confidence: 0.934,
            speech: true,
            described: false,
            method: crate::quote::Method::Model,
            corrected: false,
            text: Some(text.clone()),
            tags: vec![],
            notes: vec![],
        };
        Hit {
            rank: 1,
            score: 7.5,
            by: By::Quote,
            article: Meta {
                id: "https://example.org/wall".into(),
                path: "corpus/courier/wall.txt".into(),
                title: Some("Council votes on the wall".into()),
                byline: vec!["Ana Lind".into(), "Ole Berg".into()],
                outlet: Some("Harbour Courier".into()),
                published: Some(Published { at: "2031-04-02".into(), origin: DateOrigin::Url }),
                ..Meta::default()
            },
            paragraph: 2,
            locator: None,
            start: 102,
            end: 150,
            text,
            highlights: vec![CharSpan { start: 20, end: 32 }],
            quotes: vec![quote],
            entities: Names::default(),
            duplicates: 2,
            also_in: Some(AlsoIn {
                outlets: vec!["Bay Record".into(), "The Wexcombe Chronicle".into()],
                earliest: Some(Earliest {
                    article: "https://example.org/first".into(),
                    outlet: Some("Bay Record".into()),
                    day: "2031-04-01".into(),
                }),
            }),
            wordings: vec![],
            tags: vec![],
            notes: vec![],
            matched: None,
        }
    }

    fn shown(hit: &Hit, width: usize) -> String {
        let mut out = Vec::new();
        write_hit(&mut out, Look { width, colour: false }, hit).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_quotation_says_who_where_and_when() {
        insta::assert_snapshot!(shown(&sample(), 60), @r"
        1. Lena Ode · direct, alias, 93% sure
           Council votes on the wall
           Harbour Courier · 2031-04-02 (from the address) · by Ana
           Lind and Ole Berg

             “We will repair the *harbour wall* before winter,”

           corpus/courier/wall.txt, paragraph 3, characters 102–150
           · also in 2 outlets, the earliest in this index is Bay
           Record of 2031-04-01
        ");
    }

    #[test]
    fn a_quotation_told_once_says_how_others_word_it() {
        let difference = |change, text: &str| Difference { change, text: text.into() };
        let wording = Wording {
            article: "https://example.org/first".into(),
            outlet: Some("Bay Record".into()),
            day: Some("2031-04-01".into()),
            differences: vec![
                difference(Change::Same, "“We will"),
                difference(Change::Gone, "repair"),
                difference(Change::New, "mend"),
                difference(Change::Same, "the harbour wall before winter,”"),
            ],
        };
        let hit = Hit { wordings: vec![wording], ..sample() };
        let shown = shown(&hit, 60);
        insta::assert_snapshot!(shown.split_once("2031-04-01\n").unwrap().1, @r"

        worded otherwise: Bay Record · 2031-04-01 ·
          https://example.org/first
          “We will [-repair-] {+mend+} the harbour wall before
          winter,”
        ");
    }

    #[test]
    fn a_passage_says_whom_it_quotes() {
        let hit = Hit { by: By::Passage, duplicates: 0, ..sample() };
        insta::assert_snapshot!(shown(&hit, 34), @r"
        1. Council votes on the wall
           Harbour Courier · 2031-04-02
           (from the address) · by Ana
           Lind and Ole Berg

             “We will repair the *harbour
             wall* before winter,”

           quotes Lena Ode (direct,
             alias, 93% sure)
           corpus/courier/wall.txt,
           paragraph 3, characters 102–150
           · also in 2 outlets, the
           earliest in this index is Bay
           Record of 2031-04-01
        ");
    }
}
