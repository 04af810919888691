//! Hits for people: who, how we know, where and when, and the passage with what matched in it.

use std::io::{self, Write};

use super::phrase::{self, count};
use super::style::{Look, Mark};
use super::wrap::Marked;
use crate::search::{By, Hit};
use crate::text::{CharSpan, CodePoints, Span};

/// Writes one hit and a blank line after it.
pub fn hit(out: &mut impl Write, look: Look, hit: &Hit) -> io::Result<()> {
    let rank = format!("{}. ", hit.rank);
    let indent = " ".repeat(rank.len());
    heading(hit).write(out, look, &rank, &indent)?;
    aside(&[provenance(hit)]).write(out, look, &indent, &indent)?;
    let marks = highlights(&hit.text, &hit.highlights);
    let margin = format!("{indent}  ");
    writeln!(out)?;
    Marked::default().with_marks(look, &hit.text, &marks).write(out, look, &margin, &margin)?;
    writeln!(out)?;
    if hit.by != By::Quote {
        for quote in &hit.quotes {
            aside(&[format!("quotes {} ({})", phrase::speakers(quote), phrase::certainty(quote))])
                .write(out, look, &indent, &margin)?;
        }
    }
    aside(&[place(hit), duplicates(hit)]).write(out, look, &indent, &indent)?;
    writeln!(out)
}

/// What was matched, as bytes into `text`.
pub fn highlights(text: &str, spans: &[CharSpan]) -> Vec<(Span, Mark)> {
    let points = CodePoints::new(text);
    spans.iter().map(|&span| (points.bytes(span), Mark::Highlight)).collect()
}

fn heading(hit: &Hit) -> Marked {
    let title = phrase::title(&hit.article);
    match (hit.by, hit.quotes.first()) {
        (By::Quote, Some(quote)) => Marked::default()
            .with(Mark::Heading, &phrase::speakers(quote))
            .with(Mark::Aside, &format!(" · {}", phrase::certainty(quote)))
            .with(Mark::Plain, &format!(" · {title}")),
        (By::Quote | By::Passage | By::Article, _) => Marked::default().with(Mark::Heading, title),
    }
}

fn provenance(hit: &Hit) -> String {
    let article = &hit.article;
    let parts = [article.outlet.clone(), Some(phrase::date(article)), phrase::byline(article)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Paragraphs are counted from 1 for people; the offsets are those of the JSON.
fn place(hit: &Hit) -> String {
    let file = phrase::file(&hit.article);
    format!("{file}, paragraph {}, characters {}–{}", hit.paragraph + 1, hit.start, hit.end)
}

fn duplicates(hit: &Hit) -> String {
    match hit.duplicates {
        0 => String::new(),
        n => format!("also printed in {}", count(n.into(), "more place")),
    }
}

fn aside(parts: &[String]) -> Marked {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    Marked::default().with(Mark::Aside, &parts.join(" · "))
}
