//! When a page was published.

use super::boilerplate::words;
use super::dom::{Dom, NodeId, NodeKind};
use super::json_ld::JsonLd;
use super::meta::Tags;
use super::tag::Tag;
use crate::article::byline::lower_in_place;
use crate::article::{DateOrigin, Hints, Published, date};
use crate::language::world;

/// Meta tags that hold a date of publication, best first.
const DATE_TAGS: &[&str] = &[
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "parsely-pub-date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_date",
    "date.published",
    "publication_date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "article.published",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "citation_publication_date",
    "citation_date",
    "date",
    "last-published",
    "originalpublicationdate",
    "article_date_original",
    "rnews:datepublished",
    "bt:pubdate",
    "buildtime",
    "datecreated",
    "created",
];

/// The date of publication and where it is, the surest place first.
pub(super) fn published(
    dom: &Dom<'_>,
    tags: &Tags,
    json_ld: &JsonLd,
    headline: Option<NodeId>,
    url: Option<&str>,
    hints: &Hints,
    warnings: &mut Vec<String>,
) -> Option<Published> {
    let seen = hints.seen.as_deref();
    let declared = json_ld.published.iter().map(String::as_str).chain(DATE_TAGS.iter().flat_map(|name| tags.all(name)));
    let in_data = declared.map(|written| (written.to_owned(), DateOrigin::Metadata));
    let on_page = shown_dates(dom, headline).into_iter().map(|written| (written, DateOrigin::Page));
    let found = in_data.chain(on_page).find_map(|(written, origin)| {
        date::read(&written, seen, origin).map(|(published, ambiguous)| (written, published, ambiguous))
    });
    if let Some((written, published, ambiguous)) = found {
        let day_first = published.day_first().filter(|_| ambiguous && has_day_first(dom));
        if ambiguous {
            let order = if day_first.is_some() { "day/month/year" } else { "month/day/year" };
            warnings.push(format!("date `{written}` was read as {order}"));
        }
        return Some(day_first.unwrap_or(published));
    }
    if let Some(published) = url.or(hints.url.as_deref()).and_then(date::of_url) {
        return Some(published);
    }
    let (crawled, _) = date::read(seen?, None, DateOrigin::Crawl)?;
    warnings.push("the page has no date; it has that of the crawl".to_owned());
    Some(crawled)
}

/// True for a page in a language, or in English of a country, that writes the day first: all but the United States and
/// the Philippines. English alone may be either.
fn has_day_first(dom: &Dom<'_>) -> bool {
    let html = dom.all().find(|node| dom.is(*node, Tag::Html));
    let tag = html.and_then(|html| dom.attribute(html, "lang")).unwrap_or_default().to_ascii_lowercase();
    let (language, region) = tag.split_once(['-', '_']).unwrap_or((&tag, ""));
    !language.is_empty() && !matches!(region, "us" | "ph") && (language != "en" || !region.is_empty())
}

/// Texts on the page that may be its date: marked ones first, then `<time>`, then what is named so near the headline.
fn shown_dates(dom: &Dom<'_>, headline: Option<NodeId>) -> Vec<String> {
    const MOST: usize = 12;
    let mut marked = Vec::new();
    let mut times = Vec::new();
    let mut named = Vec::new();
    // What is before the headline may be the paper's date of today.
    let from = headline.unwrap_or(NodeId::ROOT);
    for node in dom.all() {
        let Some(tag) = dom.tag(node) else { continue };
        let mut is_marked = false;
        let mut is_named = false;
        let mut is_update = false;
        for (name, value) in dom.attributes(node) {
            match *name {
                "itemprop" => {
                    is_marked |= value.contains("datePublished");
                    is_update |= value.contains("dateModified");
                }
                "pubdate" => is_marked = true,
                "class" | "id" | "data-testid" => {
                    for word in value.split_ascii_whitespace().flat_map(words) {
                        is_named |= matches!(
                            word.as_str(),
                            "date"
                                | "datum"
                                | "fecha"
                                | "data"
                                | "published"
                                | "publish"
                                | "pubdate"
                                | "timestamp"
                                | "time"
                                | "dateline"
                                | "datetime"
                                | "datepublished"
                                | "publication"
                                | "posted"
                                | "byline"
                        );
                        is_update |= matches!(word.as_str(), "updated" | "modified" | "update");
                    }
                }
                _ => {}
            }
        }
        let written = || {
            let exact =
                ["datetime", "content", "data-timestamp", "data-datetime"].iter().find_map(|a| dom.attribute(node, a));
            exact.map_or_else(|| dom.text(node), std::borrow::Cow::into_owned)
        };
        if is_update || !dom.is_small(node) {
            continue;
        }
        if is_marked {
            marked.push(written());
        } else if tag == Tag::Time && times.len() < MOST && node >= from {
            times.push(written());
        } else if is_named && named.len() < MOST && node >= from && dom.is_small(node) {
            named.push(dom.text(node));
        }
    }
    // Some put the date above the headline and mark it as a time all the same.
    if times.is_empty() {
        times.extend(
            dom.all().find(|node| dom.is(*node, Tag::Time)).map(|node| {
                dom.attribute(node, "datetime").map_or_else(|| dom.text(node), std::borrow::Cow::into_owned)
            }),
        );
    }
    named.retain(|text| text.chars().any(|c| c.is_ascii_digit()) && text.len() < 120);
    let named = named.iter().filter_map(|text| of_publication(text));
    let opening = headline.and_then(|headline| opening_date(dom, headline));
    marked.into_iter().chain(times).chain(named).chain(opening).collect()
}

/// The date in a line of its own between the headline and the text, whatever it is named.
fn opening_date(dom: &Dom<'_>, headline: NodeId) -> Option<String> {
    const LINES: usize = 30;
    const LONG: usize = 20;
    const WORDS_OF_A_DATE: usize = 7;
    let line = |node| match dom.kind(node) {
        NodeKind::Text(text) => Some(super::meta::line(text)).filter(|line| !line.is_empty()),
        NodeKind::Element(_) => None,
    };
    let lines = Dom::between(dom.end(headline), dom.end(NodeId::ROOT)).filter_map(line).take(LINES);
    let count = |line: &str| line.split_whitespace().count();
    let mut lines = lines.take_while(|line| count(line) < LONG);
    lines.find_map(|line| {
        let is_told = publication_at(&lower_in_place(&line)).is_some();
        of_publication(&line).filter(|line| {
            // `Thursday, February 20, 2025`: few words are before the first number, and none of them is a label.
            let opening = line.split(|c: char| c.is_ascii_digit()).next().unwrap_or("");
            let is_alone = count(line) <= WORDS_OF_A_DATE && count(opening) <= 2 && !opening.contains(':');
            (is_told || is_alone) && date::read(line, None, DateOrigin::Page).is_some()
        })
    })
}

/// Where a line in small letters tells that the article was published.
fn publication_at(lower: &str) -> Option<usize> {
    world().pages.published.iter().filter_map(|word| lower.find(word)).min()
}

/// The part of a line that tells when an article was published: not when it was changed, nor when something takes place.
fn of_publication(line: &str) -> Option<String> {
    let lower = lower_in_place(line);
    let published = publication_at(&lower);
    let other = world().pages.changed.iter().filter_map(|word| lower.find(word)).min();
    match (published, other) {
        // `Updated 6 July | Published 4 July`, `Stand: 6.7. | Erstellt: 4.7.`
        (Some(published), other) if other.is_none_or(|other| other < published) => {
            let rest = line.get(published..).filter(|rest| rest.contains(|c: char| c.is_ascii_digit()));
            rest.or(Some(line).filter(|_| other.is_none())).map(str::to_owned)
        }
        // `4 July, updated 6 July`
        (_, Some(other)) => {
            line.get(..other).filter(|before| before.contains(|c: char| c.is_ascii_digit())).map(str::to_owned)
        }
        (Some(_) | None, None) => Some(line.to_owned()),
    }
}
