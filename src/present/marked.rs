//! One article with its names and quotations marked, then the list of its quotations and names.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::phrase::{self, count, word};
use super::style::{Look, Mark};
use super::wrap::Marked;
use crate::entity;
use crate::search::Annotated;
use crate::text::{CharSpan, CodePoints, Span};

/// Where paragraphs start, right of their numbers.
const MARGIN: &str = "      ";

/// Writes the article and a blank line after it.
pub fn article(out: &mut impl Write, look: Look, annotated: &Annotated) -> io::Result<()> {
    let points = CodePoints::new(&annotated.text);
    line(Mark::Heading, phrase::title(&annotated.article)).write(out, look, "", "")?;
    line(Mark::Aside, &provenance(annotated)).write(out, look, "", "")?;
    for mark in phrase::marks(&annotated.tags, &annotated.notes) {
        line(Mark::Aside, &mark).write(out, look, "", "")?;
    }
    writeln!(out)?;
    body(out, look, annotated, &points)?;
    quotations(out, look, annotated, &points)?;
    names(out, look, annotated)?;
    writeln!(out)
}

fn line(mark: Mark, text: &str) -> Marked {
    Marked::default().with(mark, text)
}

fn provenance(annotated: &Annotated) -> String {
    let article = &annotated.article;
    let parts = [
        article.outlet.clone(),
        Some(phrase::date(article)),
        phrase::byline(article),
        article.section.clone(),
        article.language.clone(),
        Some(phrase::file(article)),
        article.url.clone(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn body(out: &mut impl Write, look: Look, annotated: &Annotated, points: &CodePoints) -> io::Result<()> {
    let marks = marks(annotated, points);
    let mut next = 0;
    for (number, &paragraph) in annotated.paragraphs.iter().enumerate() {
        let paragraph = points.bytes(paragraph);
        while marks.get(next).is_some_and(|(span, _)| span.end <= paragraph.start) {
            next += 1;
        }
        let inside: Vec<(Span, Mark)> = marks
            .iter()
            .skip(next)
            .take_while(|(span, _)| span.start < paragraph.end)
            .filter(|(span, _)| span.overlaps(paragraph))
            .map(|&(span, mark)| (within(paragraph, span), mark))
            .collect();
        let first = format!("{:>4}  ", number + 1);
        let text = paragraph.of(&annotated.text);
        let at = |number: usize| annotated.locators.get(number).copied().flatten();
        if let Some(locator) = at(number).filter(|own| number == 0 || at(number - 1) != Some(*own)) {
            line(Mark::Aside, &locator.to_string()).write(out, look, MARGIN, MARGIN)?;
        }
        Marked::default().with_marks(look, text, &inside).write(out, look, &first, MARGIN)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Everything found, by its place.
fn marks(annotated: &Annotated, points: &CodePoints) -> Vec<(Span, Mark)> {
    let mut marks = Vec::with_capacity(annotated.mentions.len() + 2 * annotated.quotes.len());
    for (number, quote) in annotated.quotes.iter().enumerate() {
        marks.extend(quote.content.iter().map(|&part| (points.bytes(part), Mark::Content(number + 1))));
        marks.extend(quote.cue.map(|cue| (points.bytes(cue), Mark::Cue)));
    }
    for mention in &annotated.mentions {
        let span = CharSpan { start: mention.start, end: mention.end };
        marks.push((points.bytes(span), Mark::Name(mention.kind)));
    }
    marks.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    marks
}

/// The part of `span` that lies in `paragraph`, counted from its start.
fn within(paragraph: Span, span: Span) -> Span {
    let start = span.start.max(paragraph.start) - paragraph.start;
    Span { start, end: span.end.min(paragraph.end) - paragraph.start }
}

fn quotations(out: &mut impl Write, look: Look, annotated: &Annotated, points: &CodePoints) -> io::Result<()> {
    line(Mark::Heading, &count(annotated.quotes.len() as u64, "quotation")).write(out, look, "", "")?;
    for (number, quote) in annotated.quotes.iter().enumerate() {
        let of = |span: CharSpan| points.bytes(span).of(&annotated.text);
        let words: Vec<&str> = [quote.source, quote.cue].into_iter().flatten().map(of).collect();
        let said = quote.content.iter().map(|&part| of(part)).collect::<Vec<_>>().join(" … ");
        let evidence = if words.is_empty() { String::new() } else { format!(", from “{}”", words.join(" … ")) };
        let first = format!("{:>4}  ", number + 1);
        line(Mark::Name(entity::EntityKind::Person), &phrase::speakers(quote))
            .with(Mark::Aside, &format!(" · {}{evidence}", phrase::certainty(quote)))
            .write(out, look, &first, MARGIN)?;
        line(Mark::Content(number + 1), &said).write(out, look, MARGIN, MARGIN)?;
        for mark in phrase::marks(&quote.tags, &quote.notes) {
            line(Mark::Aside, &mark).write(out, look, MARGIN, MARGIN)?;
        }
    }
    Ok(())
}

fn names(out: &mut impl Write, look: Look, annotated: &Annotated) -> io::Result<()> {
    for kind in [entity::EntityKind::Person, entity::EntityKind::Organization, entity::EntityKind::Place] {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for mention in annotated.mentions.iter().filter(|mention| mention.kind == kind) {
            *times.entry(&mention.entity).or_default() += 1;
        }
        if times.is_empty() {
            continue;
        }
        let mut names: Vec<(&str, usize)> = times.into_iter().collect();
        names.sort_by_key(|&(_, n)| std::cmp::Reverse(n));
        let list: Vec<String> = names.iter().map(|(name, n)| format!("{name} ×{n}")).collect();
        writeln!(out)?;
        line(Mark::Heading, &word(&kind)).write(out, look, "", "")?;
        line(Mark::Plain, &list.join(", ")).write(out, look, MARGIN, MARGIN)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Analysis;
    use crate::article::{Article, Meta};
    use crate::entity::{Entities, Entity, EntityId, Gender, Mention};
    use crate::passage;
    use crate::quote::{self, Quotation};

    #[test]
    fn an_article_shows_what_was_found_in_it() {
        let meta = Meta { id: "a".into(), path: "a.txt".into(), title: Some("Ferry talks".into()), ..Meta::default() };
        let text = "Mayor Lena Ode said no.\n\n“We tried,\n\n“twice,” she said.";
        let article = Article::from_plain(meta, text.to_owned());
        let at = |part: &str| {
            let start = text.find(part).unwrap();
            Span::new(start, start + part.len())
        };
        let analysis = Analysis {
            entities: Entities {
                mentions: vec![Mention {
                    span: at("Lena Ode"),
                    first: 1,
                    end: 3,
                    kind: entity::EntityKind::Person,
                    entity: EntityId(0),
                }],
                list: vec![Entity {
                    kind: entity::EntityKind::Person,
                    name: "Lena Ode".into(),
                    aliases: vec![],
                    gender: Gender::Female,
                    roles: vec![],
                    certainty: crate::entity::Certainty::Sure,
                }],
            },
            quotations: vec![Quotation {
                kind: quote::QuoteKind::Direct,
                content: vec![at("“We tried,\n\n“twice,”")],
                cue: Some(Span { start: at("she said").end - 4, ..at("she said") }),
                source: Some(at("she")),
                speakers: vec!["Lena Ode".into()],
                attribution: quote::Attribution::Pronoun,
                confidence: 0.9,
                speech: true,
                described: false,
                method: quote::Method::Model,
                corrected: false,
            }],
            ..Analysis::default()
        };
        let mut out = Vec::new();
        super::article(&mut out, Look { width: 60, colour: false }, &passage::annotated(article, &analysis)).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        Ferry talks
        undated · a.txt

           1  Mayor [person: Lena Ode] said no.

           2  {1: “We tried,}

           3  {1: “twice,”} she said.

        1 quotation
           1  Lena Ode · direct, pronoun, 90% sure, from “she …
              said”
              “We tried, “twice,”

        person
              Lena Ode ×1
        ");
    }
}
