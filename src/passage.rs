//! From an article and its analysis to what is indexed and shown: passages, quotations, code points.
//! Pure: no I/O, and it cannot fail.

use crate::analysis::Analysis;
use crate::article::Article;
use crate::entity::{Entity, Mention};
use crate::quote::Quotation;
use crate::search::{self, Annotated, Quote};
use crate::text::{CodePoints, Span};

/// A paragraph, ready to index. Borrows from the article and its analysis.
#[derive(Debug, PartialEq)]
pub struct Passage<'a> {
    /// Number of its paragraph, from 0.
    pub paragraph: u32,
    /// The paragraph.
    pub text: &'a str,
    /// Who and what is named in it, each once, in order of appearance.
    pub named: Vec<&'a Entity>,
    /// Quotations that start in it, in order.
    pub quotes: Vec<Quoted<'a>>,
}

/// A quotation, ready to index. One that runs over several paragraphs belongs to its first.
#[derive(Debug, PartialEq)]
pub struct Quoted<'a> {
    /// Its place in [`Analysis::quotations`] and [`Annotated::quotes`].
    pub number: u32,
    /// The quotation itself.
    pub quotation: &'a Quotation,
    /// The parts of its content.
    pub said: Vec<&'a str>,
    /// Its speakers.
    pub speakers: Vec<Speaker<'a>>,
    /// Who and what is named inside its content, each once.
    pub about: Vec<&'a Entity>,
    /// The words of its source, where that has no name.
    pub described: Option<&'a str>,
}

/// Who said it.
#[derive(Debug, PartialEq)]
pub struct Speaker<'a> {
    /// The fullest name.
    pub name: &'a str,
    /// The entity of that name, where the article names one: it knows the aliases.
    pub entity: Option<&'a Entity>,
}

/// The article's paragraphs with what is named and said in each. Linear in what was found.
pub fn passages<'a>(article: &'a Article, analysis: &'a Analysis) -> Vec<Passage<'a>> {
    let mut passages: Vec<Passage> = (0..)
        .zip(&article.paragraphs)
        .map(|(paragraph, &span)| Passage {
            paragraph,
            text: span.of(&article.text),
            named: named_in(span, analysis),
            quotes: Vec::new(),
        })
        .collect();
    for (number, quotation) in (0..).zip(&analysis.quotations) {
        let Some(first) = quotation.content.first() else { continue };
        let home = article.paragraphs.partition_point(|paragraph| paragraph.end <= first.start);
        if let Some(passage) = passages.get_mut(home) {
            passage.quotes.push(quoted(number, quotation, article, analysis));
        }
    }
    passages
}

/// The article with everything found in it, every offset in code points: a line of `annotate`.
pub fn annotated(article: Article, analysis: &Analysis) -> Annotated {
    let points = CodePoints::new(&article.text);
    let entities = &analysis.entities;
    let mentions = entities.mentions.iter().filter_map(|mention| {
        let entity = entities.get(mention.entity)?;
        let span = points.chars(mention.span);
        Some(search::Mention { start: span.start, end: span.end, kind: mention.kind, entity: entity.name.clone() })
    });
    let mentions = mentions.collect();
    let paragraphs = article.paragraphs.iter().map(|&paragraph| points.chars(paragraph)).collect();
    let quotes = analysis.quotations.iter().map(|quotation| quote(quotation, &points)).collect();
    let (article, text, locators) = (article.meta, article.text, article.locators);
    Annotated { article, text, paragraphs, locators, mentions, quotes, ..Annotated::default() }
}

/// A quotation with its offsets in code points and its confidence in hundredths.
/// `text` is left out: who prints the body needs no copy of it.
pub fn quote(quotation: &Quotation, points: &CodePoints) -> Quote {
    let chars = |span: Span| points.chars(span);
    Quote {
        kind: quotation.kind,
        content: quotation.content.iter().map(|&part| chars(part)).collect(),
        cue: quotation.cue.map(chars),
        source: quotation.source.map(chars),
        speaker: quotation.speakers.first().cloned(),
        speakers: if quotation.speakers.len() > 1 { quotation.speakers.clone() } else { Vec::new() },
        attribution: quotation.attribution,
        confidence: f32::from(hundredths(quotation.confidence)) / 100.0,
        speech: quotation.speech,
        described: quotation.described,
        method: quotation.method,
        corrected: quotation.corrected,
        text: None,
        tags: Vec::new(),
        notes: Vec::new(),
    }
}

/// A confidence from 0 to 1 as a whole number from 0 to 100: no calibration is finer than that.
pub fn hundredths(confidence: f32) -> u8 {
    (confidence.clamp(0.0, 1.0) * 100.0).round() as u8
}

fn quoted<'a>(number: u32, quotation: &'a Quotation, article: &'a Article, analysis: &'a Analysis) -> Quoted<'a> {
    let mut about = Vec::new();
    for &part in &quotation.content {
        for entity in named_in(part, analysis) {
            push_once(&mut about, entity);
        }
    }
    let speakers = quotation
        .speakers
        .iter()
        .map(|name| Speaker { name, entity: analysis.entities.list.iter().find(|entity| entity.name == *name) });
    Quoted {
        number,
        quotation,
        said: quotation.content.iter().map(|part| part.of(&article.text)).collect(),
        speakers: speakers.collect(),
        about,
        described: quotation.source.filter(|_| quotation.described).map(|source| source.of(&article.text)),
    }
}

/// The entities mentioned within `span`, each once, in order of appearance.
fn named_in(span: Span, analysis: &Analysis) -> Vec<&Entity> {
    let mentions = &analysis.entities.mentions;
    let first = mentions.partition_point(|mention| mention.span.start < span.start);
    let within = |mention: &&Mention| mention.span.end <= span.end;
    let mut named = Vec::new();
    for mention in mentions.iter().skip(first).take_while(within) {
        if let Some(entity) = analysis.entities.get(mention.entity) {
            push_once(&mut named, entity);
        }
    }
    named
}

/// Entities are compared by identity: two of one name and kind are still two.
fn push_once<'a>(list: &mut Vec<&'a Entity>, entity: &'a Entity) {
    if !list.iter().any(|known| std::ptr::eq(*known, entity)) {
        list.push(entity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Meta;
    use crate::entity::{Entities, EntityId, EntityKind};
    use crate::quote::Attribution;

    fn span(text: &str, part: &str) -> Span {
        let start = text.find(part).unwrap();
        Span::new(start, start + part.len())
    }

    /// Two paragraphs; Ada Ray speaks over both of them, of Lisbon.
    fn example() -> (Article, Analysis) {
        let text = "“Dé,” Ada Ray said. “We leave.\n\n“Lisbon waits for us,” she added.";
        let article = Article::from_plain(Meta::default(), text.to_owned());
        let entity = |name: &str, kind| Entity {
            kind,
            name: name.to_owned(),
            aliases: Vec::new(),
            gender: crate::entity::Gender::Unknown,
            roles: Vec::new(),
            certainty: crate::entity::Certainty::Sure,
        };
        let mention = |part: &str, kind, entity| Mention { span: span(text, part), first: 0, end: 0, kind, entity };
        let entities = Entities {
            mentions: vec![
                mention("Ada Ray", EntityKind::Person, EntityId(0)),
                mention("Lisbon", EntityKind::Place, EntityId(1)),
            ],
            list: vec![entity("Ada Ray", EntityKind::Person), entity("Lisbon", EntityKind::Place)],
        };
        let quotation = Quotation {
            kind: crate::quote::QuoteKind::Direct,
            content: vec![span(text, "“We leave."), span(text, "“Lisbon waits for us,”")],
            cue: Some(span(text, "said")),
            source: Some(span(text, "Ada Ray")),
            speakers: vec!["Ada Ray".to_owned()],
            attribution: Attribution::Named,
            confidence: 0.934,
            speech: true,
            described: false,
            method: crate::quote::Method::Model,
            corrected: false,
        };
        (article, Analysis { entities, quotations: vec![quotation], ..Analysis::default() })
    }

    #[test]
    fn a_quotation_over_paragraphs_belongs_to_its_first() {
        let (article, analysis) = example();
        let passages = passages(&article, &analysis);
        assert_eq!(passages.iter().map(|p| p.quotes.len()).collect::<Vec<_>>(), [1, 0]);
        let quote = &passages[0].quotes[0];
        assert_eq!(quote.said, ["“We leave.", "“Lisbon waits for us,”"]);
        assert_eq!(quote.about.iter().map(|e| e.name.as_str()).collect::<Vec<_>>(), ["Lisbon"]);
        assert_eq!(quote.speakers[0].entity.unwrap().name, "Ada Ray");
    }

    #[test]
    fn a_passage_names_what_stands_in_it() {
        let (article, analysis) = example();
        let named: Vec<Vec<&str>> =
            passages(&article, &analysis).iter().map(|p| p.named.iter().map(|e| e.name.as_str()).collect()).collect();
        assert_eq!(named, [vec!["Ada Ray"], vec!["Lisbon"]]);
    }

    #[test]
    fn offsets_are_code_points() {
        let (article, analysis) = example();
        let found = annotated(article, &analysis);
        let chars: Vec<char> = found.text.chars().collect();
        let text = |start: u32, end: u32| chars[start as usize..end as usize].iter().collect::<String>();
        assert_eq!(text(found.mentions[0].start, found.mentions[0].end), "Ada Ray");
        assert_eq!(text(found.quotes[0].content[1].start, found.quotes[0].content[1].end), "“Lisbon waits for us,”");
        assert!((found.quotes[0].confidence - 0.93).abs() < f32::EPSILON);
    }
}
