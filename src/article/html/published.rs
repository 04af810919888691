//! When a page was published.

use super::boilerplate::words;
use super::dom::{Dom, NodeId, NodeKind};
use super::elsewhere::{is_elsewhere, texts_above};
use super::features::is_post;
use super::json_ld::JsonLd;
use super::meta::Tags;
use super::tag::Tag;
use crate::article::byline::lower_in_place;
use crate::article::{DateOrigin, Hints, Published, byline, date};
use crate::language::{Words, world};

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

/// Texts on the page that may be its date: marked ones first, then `<time>`, then what is named so or says so near the headline.
fn shown_dates(dom: &Dom<'_>, headline: Option<NodeId>) -> Vec<String> {
    const MOST: usize = 12;
    // Readers' comments may have thousands of times.
    const MOST_LOOKED: usize = 200;
    let mut marked = Vec::new();
    let mut times = Vec::new();
    let mut named = Vec::new();
    let mut live = Vec::new();
    let mut above = None;
    let mut looked = 0;
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
            continue;
        }
        let is_time = tag == Tag::Time && times.len() < MOST;
        let is_named = is_named && tag != Tag::Time && named.len() < MOST && node >= from;
        if !is_time && !is_named || looked == MOST_LOOKED {
            continue;
        }
        looked += 1;
        if is_elsewhere(dom, node, headline) {
            continue;
        }
        match live_blog(dom, node) {
            _ if is_named => {
                // `<abbr class=published title="2024-03-04T09:12:00Z">9:12 AM</abbr>`
                named.extend(dom.attribute(node, "title").map(std::borrow::Cow::into_owned));
                named.push(dom.text(node));
            }
            _ if tells_of_change(dom, node) => {}
            Some(blog) if node >= from => live.push((blog, written())),
            _ if node >= from => times.push(written()),
            // Some put the date above the headline and mark it as a time all the same.
            _ => {
                above.get_or_insert_with(written);
            }
        }
    }
    times.extend(above.filter(|_| times.is_empty() && live.is_empty()));
    times.extend(first_of(live));
    named.retain(|text| text.chars().any(|c| c.is_ascii_digit()) && text.len() < 120);
    let named = named.iter().filter_map(|text| of_publication(text));
    let opening = headline.and_then(|headline| opening_date(dom, headline));
    // `Erstellt: 4.7.` is surer than `Stand: 6.7.`, whichever of them is named a date.
    let (told, opening) = opening.into_iter().partition::<Vec<_>, _>(|line| line.is_told);
    let above = headline.and_then(|headline| {
        let texts = texts_above(dom, headline).into_iter();
        texts.filter_map(|node| text_line(dom, node)).find_map(|line| date_line(&line))
    });
    let of = |line: DateLine| line.date;
    let lines = told.into_iter().map(of).chain(named).chain(opening.into_iter().chain(above).map(of));
    marked.into_iter().chain(times).chain(lines).collect()
}

/// The live blog that an entry's time is in.
fn live_blog(dom: &Dom<'_>, node: NodeId) -> Option<NodeId> {
    let is_live = |(name, value): &(&str, &str)| {
        let mut words = value.split_ascii_whitespace().flat_map(words).peekable();
        let mut joined = false;
        while let Some(word) = words.next() {
            joined |= word == "liveblog" || word == "live" && words.peek().is_some_and(|next| next == "blog");
        }
        matches!(*name, "class" | "id" | "itemtype") && joined
    };
    dom.ancestors(node).find(|around| dom.attributes(*around).iter().any(is_live))
}

/// The earliest of the times of a live blog, whose latest entry may be its first.
fn first_of(times: Vec<(NodeId, String)>) -> Option<String> {
    let blog = times.first()?.0;
    let own = times.into_iter().filter(|(other, _)| *other == blog).map(|(_, written)| written);
    let read = own.filter_map(|written| {
        let (published, _) = date::read(&written, None, DateOrigin::Page)?;
        Some((published.at, written))
    });
    read.min().map(|(_, written)| written)
}

/// True for a time that is said to be one of a change: by itself (`Updated 8 July`) or right before it in the same line.
fn tells_of_change(dom: &Dom<'_>, node: NodeId) -> bool {
    let mut label = String::new();
    let parent = dom.parent(node);
    if dom.is_small(parent) {
        let mut before: Vec<&str> = Vec::new();
        let mut end_of_time = parent;
        for inner in Dom::between(parent, node) {
            match dom.kind(inner) {
                NodeKind::Text(text) if inner >= end_of_time => before.push(text),
                NodeKind::Text(_) => {}
                NodeKind::Element(tag) => {
                    if tag == Tag::Time {
                        end_of_time = dom.end(inner);
                    }
                    if tag == Tag::Time || tag == Tag::Br || tag.is_block() {
                        before.clear();
                    }
                }
            }
        }
        label.extend(before);
    }
    let own = dom.text(node);
    label.push_str(own.split(|c: char| c.is_ascii_digit()).next().unwrap_or(""));
    let lower = lower_in_place(&label);
    let last = |words: &Words| words.iter().filter_map(|word| lower.rfind(word)).max();
    last(&world().pages.changed) > last(&world().pages.published)
}

/// A line of the page that is a date, or has one beside the byline.
struct DateLine {
    date: String,
    /// True if the line says that it is of publication.
    is_told: bool,
}

/// The date in a line of its own between the headline and the text, whatever it is named.
fn opening_date(dom: &Dom<'_>, headline: NodeId) -> Option<DateLine> {
    const LINES: usize = 30;
    const LONG: usize = 20;
    let is_other = |around: NodeId| is_post(dom, around) || dom.is(around, Tag::Time) && tells_of_change(dom, around);
    let is_own = |node: NodeId| !dom.ancestors(node).any(is_other);
    let nodes = Dom::between(dom.end(headline), dom.end(NodeId::ROOT));
    let lines = nodes.filter_map(|node| text_line(dom, node).filter(|_| is_own(node))).take(LINES);
    let mut as_of = None;
    for line in lines.take_while(|line| line.split_whitespace().count() < LONG) {
        let label = line.split(':').next().unwrap_or_default().to_lowercase();
        match date_line(&line) {
            Some(found) if world().pages.as_of.contains(&label) && !found.is_told => {
                as_of.get_or_insert(found);
            }
            Some(found) => return Some(found),
            None => {}
        }
    }
    as_of
}

/// The text of a node of text, as one line; none for an element or where there is none.
fn text_line(dom: &Dom<'_>, node: NodeId) -> Option<String> {
    match dom.kind(node) {
        NodeKind::Text(text) => Some(super::meta::line(text)).filter(|line| !line.is_empty()),
        NodeKind::Element(_) => None,
    }
}

/// The date that a text is, or has beside a byline: `By Ann Ray · 4 March 2024`.
fn date_line(line: &str) -> Option<DateLine> {
    const LONGEST: usize = 200;
    const WORDS_OF_A_DATE: usize = 7;
    if line.len() >= LONGEST || !line.contains(char::is_numeric) {
        return None;
    }
    let is_told = publication_at(&lower_in_place(line)).is_some();
    let is_byline = byline::line(line, false).is_some();
    let date = of_publication(line).filter(|line| {
        // `Thursday, February 20, 2025`: few words are before the first number, and none of them is a label.
        let opening = line.split(|c: char| c.is_ascii_digit()).next().unwrap_or("");
        let count = |line: &str| line.split_whitespace().count();
        // `Stand: 04.03.2025 10:12 Uhr`
        let is_as_of = |label: &str| world().pages.as_of.contains(&label.trim().to_lowercase());
        let is_labelled = opening.split_once(':').is_some_and(|(label, _)| !is_as_of(label));
        let is_alone = count(line) <= WORDS_OF_A_DATE && count(opening) <= 2 && !is_labelled;
        (is_told || is_alone || is_byline) && date::read(line, None, DateOrigin::Page).is_some()
    })?;
    Some(DateLine { date, is_told })
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
        // `4 July, updated 6 July`, `Ann Ray · updated 2 hours ago · 4 July`
        (_, Some(other)) => {
            let digit = |part: &str| part.find(|c: char| c.is_ascii_digit());
            let (before, rest) = line.split_at_checked(other)?;
            let behind_update = || rest.get(digit(rest)?..)?.split_once(['|', '·', '•']).map(|(_, behind)| behind);
            if digit(before).is_some() { Some(before.to_owned()) } else { of_publication(behind_update()?) }
        }
        (Some(_) | None, None) => Some(line.to_owned()),
    }
}
