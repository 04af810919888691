//! A hit as a card: the words first, then who said them, where, and how sure that is.

use super::pieces::{Layer, Pieces, What};
use super::{Links, day_note, day_of, day_text, original, original_at};
use crate::entity::EntityKind;
use crate::present::phrase;
use crate::query::filter;
use crate::quote::{Attribution, Method};
use crate::search::{Annotated, By, Difference, Hit, Match, MatchClass, Quote};
use crate::text::wording::Change;
use crate::text::{CharSpan, CodePoints, Span, Text};

/// Code points of the text around a quotation that are shown with it, on either side.
const AROUND: u32 = 160;

/// A hit.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    pub(crate) is_quote: bool,
    /// Whether the hit is the whole article.
    pub(crate) is_article: bool,
    pub(crate) speakers: Vec<Speaker>,
    pub(crate) certainty: Option<Certainty>,
    /// Text before and after the quotation, and the words themselves.
    pub(crate) before: String,
    pub(crate) words: Pieces,
    pub(crate) after: String,
    /// Of a passage: who is quoted in it.
    pub(crate) quotes: Vec<Quoted>,
    pub(crate) outlet: Option<String>,
    pub(crate) day: String,
    pub(crate) day_note: Option<&'static str>,
    pub(crate) title: String,
    /// The screen of its article; none where it stands alone.
    pub(crate) href: Option<String>,
    pub(crate) paragraph: u32,
    /// The page or the time of that, where it is known.
    pub(crate) locator: Option<String>,
    /// How closely it matches.
    pub(crate) matches: Option<String>,
    pub(crate) original: Option<String>,
    pub(crate) citation: String,
    pub(crate) also: Option<String>,
    pub(crate) wordings: Vec<Worded>,
    /// An address to pass on.
    pub(crate) permalink: Option<String>,
    /// Tags, each with the search for it.
    pub(crate) tags: Vec<(String, Option<String>)>,
    pub(crate) notes: Vec<String>,
}

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Speaker {
    pub(crate) name: String,
    /// The screen of who that is, if there is one.
    pub(crate) href: Option<String>,
    pub(crate) is_known: bool,
}

/// What kind of quotation it is and how sure.
#[derive(Debug, Clone)]
pub(crate) struct Certainty {
    pub(crate) kind: &'static str,
    /// How the speaker is known; empty where that is nowhere said.
    pub(crate) known: String,
    pub(crate) percent: u32,
    /// What else there is to say of it, each with a comma before it.
    pub(crate) notes: String,
}

/// A quotation within a passage.
#[derive(Debug, Clone)]
pub(crate) struct Quoted {
    pub(crate) speakers: Vec<Speaker>,
    pub(crate) certainty: Certainty,
}

/// Another wording of the same quotation.
#[derive(Debug, Clone)]
pub(crate) struct Worded {
    pub(crate) by: String,
    pub(crate) href: Option<String>,
    pub(crate) differences: Vec<Difference>,
}

/// The name of the element that marks a stretch of words.
pub(crate) fn element(difference: &Difference) -> Option<&'static str> {
    match difference.change {
        Change::Same => None,
        Change::Gone => Some("del"),
        Change::New => Some("ins"),
    }
}

/// Who speaks in a quotation, by name, else by the words of the text, `source`; people's screens show organisations and
/// places as well.
pub(crate) fn speakers(quote: &Quote, source: Option<&str>, links: &dyn Links) -> Vec<Speaker> {
    let names = if quote.speakers.is_empty() { quote.speaker.as_slice() } else { &quote.speakers };
    match source.filter(|_| names.is_empty()) {
        Some(source) => vec![Speaker { name: format!("“{source}”"), href: None, is_known: false }],
        None => named(names, links),
    }
}

/// Speakers by their names.
pub(crate) fn named(names: &[String], links: &dyn Links) -> Vec<Speaker> {
    if names.is_empty() {
        return vec![Speaker { name: "Unknown speaker".to_owned(), href: None, is_known: false }];
    }
    let speaker = |name: &String| {
        let href = links.entity(EntityKind::Person, name);
        Speaker { name: name.clone(), href, is_known: true }
    };
    names.iter().map(speaker).collect()
}

/// What kind of quotation it is and how sure; `source` are the words that name who speaks.
pub(crate) fn certainty(quote: &Quote, source: Option<&str>) -> Certainty {
    let known = match (quote.attribution, source) {
        (Attribution::Alias | Attribution::Pronoun, Some(source)) => format!("as “{source}”"),
        (Attribution::Inferred, _) => "inferred from context".to_owned(),
        (Attribution::Unknown, Some(_)) => "not named".to_owned(),
        (Attribution::Unknown, None) => String::new(),
        (known, _) => known.name().to_owned(),
    };
    let by_marks = match quote.method {
        Method::Marks => true,
        Method::Model => false,
    };
    let notes = [
        (quote.described && quote.attribution != Attribution::Unknown, "source not named"),
        (!quote.speech, "attitude rather than speech"),
        (by_marks, "found by its marks alone"),
        (quote.corrected, "corrected by hand"),
    ];
    let notes: Vec<_> = notes.into_iter().filter(|(holds, _)| *holds).flat_map(|(_, note)| [", ", note]).collect();
    Certainty {
        kind: quote.kind.name(),
        known,
        percent: (100.0 * quote.confidence).round() as u32,
        notes: notes.concat(),
    }
}

impl Card {
    /// The card of a hit of the article `whole`.
    pub(crate) fn of(hit: &Hit, whole: Option<&Annotated>, links: &dyn Links) -> Self {
        let is_quote = hit.by == By::Quote;
        let text = whole.map_or("", |whole| whole.text.as_str());
        let points = CodePoints::new(text);
        let source = |quote: &Quote| source(quote, text, &points);
        let (mut before, mut after) = (String::new(), String::new());
        if let Some(whole) = whole.filter(|_| is_quote) {
            let holds = |p: &&CharSpan| p.start <= hit.start && hit.start < p.end;
            if let Some(paragraph) = whole.paragraphs.iter().find(holds) {
                let from = paragraph.start.max(hit.start.saturating_sub(AROUND));
                let to = paragraph.end.max(hit.end).min(hit.end + AROUND);
                let start = points.bytes(CharSpan { start: from, end: hit.start }).of(text);
                let end = points.bytes(CharSpan { start: hit.end, end: to }).of(text);
                before = with_words(end_of(start, from > paragraph.start));
                after = with_words(start_of(end, to < paragraph.end));
            }
        }
        let mut layers: Vec<Layer> =
            hit.highlights.iter().map(|&span| Layer { span, what: What::Match(None) }).collect();
        if is_quote {
            let parts = hit.quotes.first().map(|quote| quote.content.as_slice()).unwrap_or_default();
            layers.extend(parts.windows(2).filter_map(|parts| {
                let [before, after] = parts else { return None };
                let span = CharSpan {
                    start: before.end.saturating_sub(hit.start),
                    end: after.start.saturating_sub(hit.start),
                };
                Some(Layer { span, what: What::Between })
            }));
        } else {
            for quote in &hit.quotes {
                for part in &quote.content {
                    let span = CharSpan {
                        start: part.start.saturating_sub(hit.start),
                        end: part.end.min(hit.end).saturating_sub(hit.start),
                    };
                    layers.push(Layer { span, what: What::Said(quote.kind, String::new()) });
                }
            }
        }
        let hit_points = CodePoints::new(&hit.text);
        let range = CharSpan { start: 0, end: hit_points.before(hit.text.len() as u32) };
        let quote = hit.quotes.first().filter(|_| is_quote);
        Card {
            href: links.hit(hit),
            is_quote,
            is_article: hit.by == By::Article,
            speakers: quote.map(|quote| speakers(quote, source(quote), links)).unwrap_or_default(),
            certainty: quote.map(|quote| certainty(quote, source(quote))),
            before,
            words: Pieces::of(&hit.text, &hit_points, range, &layers),
            after,
            quotes: if is_quote {
                Vec::new()
            } else {
                let quoted =
                    |q: &Quote| Quoted { speakers: speakers(q, source(q), links), certainty: certainty(q, source(q)) };
                hit.quotes.iter().map(quoted).collect()
            },
            outlet: hit.article.outlet.clone(),
            day: day_of(&hit.article),
            day_note: day_note(&hit.article),
            title: phrase::title(&hit.article).to_owned(),
            paragraph: hit.paragraph + 1,
            locator: hit.locator.map(|locator| locator.to_string()),
            matches: hit.matched.as_ref().map(matches),
            original: original_at(&hit.article, &hit.text),
            citation: citation(hit),
            also: also(hit),
            wordings: hit.wordings.iter().map(|wording| worded(wording, links)).collect(),
            permalink: links.permalink(hit),
            tags: hit.tags.iter().map(|tag| (tag.clone(), links.search(&filter("tag", tag)))).collect(),
            notes: hit.notes.clone(),
        }
    }
}

/// The words that name who speaks, if they are few.
pub(crate) fn source<'t>(quote: &Quote, text: &'t str, points: &CodePoints) -> Option<&'t str> {
    let words =
        points.bytes(quote.source?).of(text).trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':'));
    Some(words).filter(|words| (1..60).contains(&words.len()))
}

/// `in another form: thirty days`.
fn matches(matched: &Match) -> String {
    /// Variants that are named.
    const NAMED: usize = 3;
    let class = match matched.class {
        MatchClass::Written => return "as written".to_owned(),
        MatchClass::Form => "in another form",
        MatchClass::Near => "near",
        MatchClass::Synonym => "in other words",
    };
    let variants: Vec<&str> = matched.variants.iter().take(NAMED).map(String::as_str).collect();
    if variants.is_empty() { class.to_owned() } else { format!("{class}: {}", variants.join(", ")) }
}

/// `“We tried.” – Ada Ray, “Talks fail”, Harbour Post, 20 May 2025, https://…`.
fn citation(hit: &Hit) -> String {
    let article = &hit.article;
    let words = hit.text.trim_matches(['“', '”', '"', '‘', '’', ',', ' ']);
    let speaker = hit.quotes.first().filter(|_| hit.by == By::Quote).map(phrase::speakers);
    let parts = [
        Some(format!("“{words}”")),
        speaker,
        Some(format!("in “{}”", phrase::title(article))),
        article.outlet.clone(),
        Some(day_of(article)),
        hit.locator.map(|locator| locator.to_string()),
        original(article).map(str::to_owned),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Who else printed it.
pub(crate) fn also(hit: &Hit) -> Option<String> {
    let also = hit.also_in.as_ref()?;
    let outlets = match also.outlets.as_slice() {
        [] => format!("Printed {} by the same outlet", phrase::count(u64::from(hit.duplicates), "more time")),
        [one] => format!("Also in {one}"),
        [one, two] => format!("Also in {one} and {two}"),
        [one, two, others @ ..] => format!("Also in {one}, {two} and {}", phrase::count(others.len() as u64, "other")),
    };
    Some(match &also.earliest {
        None => format!("{outlets}."),
        Some(earliest) if earliest.article == hit.article.id => format!("{outlets}; this is the earliest here."),
        Some(earliest) => {
            let outlet = earliest.outlet.as_deref().unwrap_or("an article");
            format!("{outlets}; the earliest here is {outlet} of {}.", day_text(&earliest.day))
        }
    })
}

fn worded(wording: &crate::search::Wording, links: &dyn Links) -> Worded {
    let outlet = wording.outlet.as_deref().unwrap_or("Another article");
    let by = match &wording.day {
        Some(day) => format!("{outlet}, {}", day_text(day)),
        None => outlet.to_owned(),
    };
    Worded { by, href: links.article(&wording.article), differences: wording.differences.clone() }
}

/// A text, unless it has no word: a full stop alone is not worth showing.
fn with_words(text: String) -> String {
    if text.contains(char::is_alphanumeric) { text } else { String::new() }
}

/// The last words of what comes before a quotation: a sentence that ended before says nothing about it.
fn end_of(text: &str, is_cut: bool) -> String {
    let text = if is_cut { text.split_once(char::is_whitespace).map_or(text, |(_, rest)| rest) } else { text };
    match sentences(text).as_slice() {
        [_, .., last] => text.get(last.start as usize..).unwrap_or_default().to_owned(),
        _ if is_cut => format!("… {}", text.trim_start()),
        _ => text.to_owned(),
    }
}

/// The first words of what comes after a quotation, up to the end of its sentence.
fn start_of(text: &str, is_cut: bool) -> String {
    let text = if is_cut { text.rsplit_once(char::is_whitespace).map_or(text, |(rest, _)| rest) } else { text };
    let text = text.trim_start_matches([',', ';', ' ']);
    match sentences(text).as_slice() {
        [first, _, ..] => text.get(..first.end as usize).unwrap_or_default().to_owned(),
        _ if is_cut => format!("{} …", text.trim_end()),
        _ => text.trim_end().to_owned(),
    }
}

/// Where the sentences of a text are.
fn sentences(text: &str) -> Vec<Span> {
    let whole = Span { start: 0, end: text.len() as u32 };
    Text::new(text, &[whole]).sentences.iter().map(|sentence| sentence.span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_keeps_its_own_sentence() {
        assert_eq!(end_of("The dam broke. Ode said ", false), "Ode said ");
        assert_eq!(end_of("nds of it. Mr Ode of the U.S. said ", true), "Mr Ode of the U.S. said ");
        assert_eq!(end_of("ong words without an end ", true), "… words without an end ");
        assert_eq!(start_of(" said Ode of the dam. It had rained.", false), "said Ode of the dam.");
        assert_eq!(
            start_of(" said Mr. Ode, who has been mayor since 201", true),
            "said Mr. Ode, who has been mayor since …"
        );
    }
}
