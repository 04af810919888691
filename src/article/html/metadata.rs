//! What a page says about its article: in JSON-LD, in `<meta>`, and to the eye.

use super::body;
use super::dom::{Dom, NodeId};
use super::entity;
use super::furniture::words;
use super::linked::Linked;
use super::tag::Tag;
use crate::article::{DateOrigin, Hints, Published, byline, date, language};

/// What is known of a page's article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) title: Option<String>,
    /// Where the page shows its headline.
    pub(super) headline: Option<NodeId>,
    pub(super) byline: Vec<String>,
    pub(super) outlet: Option<String>,
    pub(super) url: Option<String>,
    pub(super) section: Option<String>,
    pub(super) published: Option<Published>,
    /// As the page declares it; ISO 639-1.
    pub(super) language: Option<String>,
    /// The article in a sentence.
    pub(super) description: Option<String>,
    /// The text as the page's data repeats it.
    pub(super) article_body: Option<String>,
    /// What the user should know.
    pub(super) warnings: Vec<String>,
}

impl Metadata {
    /// Collects what `dom` says; `hints` help where it is silent.
    pub(super) fn read(dom: &Dom<'_>, hints: &Hints) -> Self {
        let tags = Tags::of(dom);
        let headline = body::headline(dom, tags.get(&["og:title", "title"]).as_deref());
        let shown = headline.map(|node| dom.text(node));
        let linked = Linked::read(dom, shown.as_deref());
        let url = address(&tags, &linked, hints);
        let outlet = outlet(&tags, &linked, url.as_deref());
        let title = title(dom, &tags, &linked, shown, outlet.as_deref());
        let mut warnings = Vec::new();
        let published = published(dom, &tags, &linked, headline, url.as_deref(), hints, &mut warnings);
        let mut byline = bylines(dom, &tags, &linked, headline);
        if byline.len() > 1 {
            // Some list the paper among its authors.
            byline.retain(|name| outlet.as_ref().is_none_or(|outlet| letters(outlet) != letters(name)));
        }
        let html = dom.all().find(|node| dom.is(*node, Tag::Html));
        let declared = html.and_then(|node| dom.attribute(node, "lang").or_else(|| dom.attribute(node, "xml:lang")));
        let language = declared
            .map(std::borrow::Cow::into_owned)
            .or_else(|| linked.language.clone())
            .or_else(|| tags.get(&["content-language", "language", "og:locale", "dc.language"]))
            .and_then(|tag| language::primary(&tag));
        Metadata {
            title,
            headline,
            byline,
            outlet,
            url,
            section: tags
                .get(&["article:section", "parsely-section", "og:article:section", "section", "cxenseparse:section"])
                .or(linked.section),
            published,
            language,
            description: tags.get(&["og:description", "description", "twitter:description"]).or(linked.description),
            article_body: linked.body,
            warnings,
        }
    }
}

/// The `<meta>` and `<link>` tags of a page and its `<title>`: names in lower case with their values, in order.
#[derive(Default)]
struct Tags {
    values: Vec<(String, String)>,
}

impl Tags {
    fn of(dom: &Dom<'_>) -> Self {
        let mut values = Vec::new();
        for node in dom.all() {
            match dom.tag(node) {
                Some(Tag::Meta) => {
                    let name = ["property", "name", "itemprop", "http-equiv"]
                        .iter()
                        .find_map(|attribute| dom.attribute(node, attribute).filter(|name| !name.is_empty()));
                    if let (Some(name), Some(value)) = (name, dom.attribute(node, "content")) {
                        values.push((name.to_ascii_lowercase(), line(&value)));
                    }
                }
                Some(Tag::Link) => {
                    if let (Some(rel), Some(href)) = (dom.attribute(node, "rel"), dom.attribute(node, "href")) {
                        values.push((format!("link:{}", rel.to_ascii_lowercase()), line(&href)));
                    }
                }
                // Drawings have titles too.
                Some(Tag::Title) if !dom.ancestors(node).any(|around| dom.is(around, Tag::Svg)) => {
                    values.push(("title".to_owned(), dom.text(node)));
                }
                Some(_) | None => {}
            }
        }
        Tags { values }
    }

    /// The first value of the first of `names` that has one.
    fn get(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.all(name).next()).map(str::to_owned)
    }

    fn all<'t>(&'t self, name: &'t str) -> impl Iterator<Item = &'t str> {
        self.values.iter().filter(move |(own, value)| own == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }
}

fn line(value: &str) -> String {
    let mut line = entity::Line::default();
    line.push(value);
    line.finish()
}

/// The address that the page wants to be known by.
fn address(tags: &Tags, linked: &Linked, hints: &Hints) -> Option<String> {
    let base = hints.url.clone().or_else(|| tags.get(&["og:url"])).or_else(|| linked.url.clone());
    let candidates = [tags.get(&["link:canonical"]), tags.get(&["og:url"]), linked.url.clone(), hints.url.clone()];
    let candidates: Vec<String> =
        candidates.into_iter().flatten().filter_map(|url| absolute(&url, base.as_deref())).collect();
    // A canonical address that is the front page is a mistake.
    candidates.iter().find(|url| !is_front_page(url)).or(candidates.first()).cloned()
}

fn absolute(url: &str, base: Option<&str>) -> Option<String> {
    if url.starts_with("https://") || url.starts_with("http://") {
        return Some(url.to_owned());
    }
    if url.starts_with("//") {
        return Some(format!("https:{url}"));
    }
    let (scheme, rest) = base?.split_once("://")?;
    let host = rest.split('/').next()?;
    url.starts_with('/').then(|| format!("{scheme}://{host}{url}"))
}

fn is_front_page(url: &str) -> bool {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest).split_once('/').map_or("", |(_, path)| path);
    path.trim_matches('/').is_empty()
}

/// The outlet's own name for itself, else its domain.
fn outlet(tags: &Tags, linked: &Linked, url: Option<&str>) -> Option<String> {
    let named = tags
        .get(&["og:site_name"])
        .or_else(|| linked.outlet.clone())
        .or_else(|| tags.get(&["application-name", "publisher", "dc.publisher", "cre", "apple-mobile-web-app-title"]))
        .filter(|name| !name.contains("://") && !name.starts_with('@') && name.len() < 80);
    named.or_else(|| {
        let host = url?.split_once("://")?.1.split(['/', ':', '?']).next()?;
        Some(host.trim_start_matches("www.").to_owned())
    })
}

/// The headline: what most of the places that have it agree on; among equals what the page shows.
fn title(dom: &Dom<'_>, tags: &Tags, linked: &Linked, shown: Option<String>, outlet: Option<&str>) -> Option<String> {
    let without_outlet = |title: String| cut_outlet(&title, outlet);
    let page = tags.get(&["title"]).map(without_outlet);
    let open_graph = tags.get(&["og:title"]).map(without_outlet);
    let twitter = tags.get(&["twitter:title"]).map(without_outlet);
    let marked = dom
        .all()
        .find(|node| dom.attributes(*node).iter().any(|(name, value)| *name == "itemprop" && *value == "headline"))
        .map(|node| dom.attribute(node, "content").map_or_else(|| dom.text(node), |content| line(&content)));
    let candidates: Vec<String> = [shown, linked.title.clone(), marked, open_graph, twitter, page]
        .into_iter()
        .flatten()
        .filter(|title| !title.is_empty())
        .collect();
    let votes = |title: &str| candidates.iter().filter(|other| letters(other) == letters(title)).count();
    candidates.iter().rev().max_by_key(|title| votes(title)).cloned()
}

/// Cuts off the outlet's name, or few words behind a bar, which are never part of a headline.
fn cut_outlet(title: &str, outlet: Option<&str>) -> String {
    let is_outlet = |tail: &str| {
        outlet.is_some_and(|outlet| {
            let (outlet, tail) = (letters(outlet), letters(tail));
            tail.len() >= 2 && (outlet.starts_with(&tail) || tail.starts_with(&outlet) || outlet.ends_with(&tail))
        })
    };
    for mark in [" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " -- ", "-", "_", "|"] {
        if let Some((head, tail)) = title.rsplit_once(mark)
            && letters(head).chars().count() >= 6
            && (is_outlet(tail) || (mark == " | " && head.contains(' ') && tail.split(' ').count() <= 4))
        {
            return cut_outlet(head.trim_end(), outlet);
        }
    }
    title.to_owned()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

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

/// The date of publication and where it stands, the surest place first.
fn published(
    dom: &Dom<'_>,
    tags: &Tags,
    linked: &Linked,
    headline: Option<NodeId>,
    url: Option<&str>,
    hints: &Hints,
    warnings: &mut Vec<String>,
) -> Option<Published> {
    let seen = hints.seen.as_deref();
    let declared = linked.published.iter().map(String::as_str).chain(DATE_TAGS.iter().flat_map(|name| tags.all(name)));
    let in_data = declared.map(|written| (written.to_owned(), DateOrigin::Metadata));
    let on_page = shown_dates(dom, headline).into_iter().map(|written| (written, DateOrigin::Page));
    let found = in_data.chain(on_page).find_map(|(written, origin)| {
        date::read(&written, seen, origin).map(|(published, ambiguous)| (written, published, ambiguous))
    });
    if let Some((written, published, ambiguous)) = found {
        if ambiguous {
            warnings.push(format!("date `{written}` was read as month/day/year"));
        }
        return Some(published);
    }
    if let Some(published) = url.or(hints.url.as_deref()).and_then(date::of_url) {
        return Some(published);
    }
    let (crawled, _) = date::read(seen?, None, DateOrigin::Crawl)?;
    warnings.push("the page has no date; it has that of the crawl".to_owned());
    Some(crawled)
}

/// Texts on the page that may be its date: marked ones first, then `<time>`, then what is named so near the headline.
fn shown_dates(dom: &Dom<'_>, headline: Option<NodeId>) -> Vec<String> {
    const MOST: usize = 12;
    let mut marked = Vec::new();
    let mut times = Vec::new();
    let mut named = Vec::new();
    // What stands before the headline may be the paper's date of today.
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
    marked.into_iter().chain(times).chain(named).collect()
}

/// Who wrote it: by the page's data, by meta tags, by what is marked or named a byline.
fn bylines(dom: &Dom<'_>, tags: &Tags, linked: &Linked, headline: Option<NodeId>) -> Vec<String> {
    const TAGS: &[&str] = &[
        "author",
        "article:author",
        "article:author_name",
        "og:article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "citation_author",
        "cxenseparse:author",
        "author_name",
        "article.author",
        "creator",
        "rbauthors",
    ];
    let in_data = byline::names(&linked.authors);
    if !in_data.is_empty() {
        return in_data;
    }
    let tagged = TAGS.iter().map(|name| {
        let values: Vec<String> = tags.all(name).map(str::to_owned).collect();
        byline::names(&values)
    });
    let first = tagged.into_iter().find(|names| !names.is_empty());
    first.unwrap_or_else(|| shown_authors(dom, headline))
}

/// Authors as the page shows them: marked ones, links to authors, else what is named a byline.
fn shown_authors(dom: &Dom<'_>, headline: Option<NodeId>) -> Vec<String> {
    // Further down stand the authors of other articles.
    const MOST: usize = 3;
    let has = |node: NodeId, name: &str, wanted: &str| {
        dom.attributes(node)
            .iter()
            .any(|(own, value)| *own == name && value.split_ascii_whitespace().any(|v| v == wanted))
    };
    let short =
        |node: NodeId| dom.is_small(node).then(|| dom.text(node)).filter(|text| !text.is_empty() && text.len() < 150);
    let marked: Vec<String> = dom
        .all()
        .filter(|node| has(*node, "itemprop", "author") || has(*node, "rel", "author"))
        .filter_map(|node| {
            let name = dom.within(node).find(|inner| has(*inner, "itemprop", "name"));
            let name = name.unwrap_or(node);
            dom.attribute(name, "content").map(|content| line(&content)).or_else(|| short(name))
        })
        .collect();
    let marked = byline::names(&marked);
    if !marked.is_empty() {
        return marked;
    }
    let from = headline.unwrap_or(NodeId::ROOT);
    let named = dom.all().filter(|node| {
        *node >= from
            && dom.attributes(*node).iter().any(|(name, value)| {
                matches!(*name, "class" | "id" | "data-testid")
                    && value.split_ascii_whitespace().flat_map(words).any(|word| {
                        matches!(
                            word.as_str(),
                            "byline"
                                | "bylines"
                                | "author"
                                | "authors"
                                | "autor"
                                | "autoren"
                                | "auteur"
                                | "auteurs"
                                | "autore"
                                | "autori"
                                | "autores"
                                | "firma"
                                | "signature"
                                | "verfasser"
                                | "skribent"
                        )
                    })
            })
            && short(*node).is_some()
    });
    // A byline may be empty, or hold an icon: the next one has the name.
    let names_of = |node: NodeId| {
        let links: Vec<String> = dom.within(node).filter(|inner| dom.is(*inner, Tag::A)).filter_map(short).collect();
        let linked = byline::names(&links);
        let line = || byline::names(&short(node).into_iter().collect::<Vec<_>>());
        if linked.is_empty() { line() } else { linked }
    };
    named.take(MOST).map(names_of).find(|names| !names.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn metadata(page: &str) -> Metadata {
        let hints = Hints { seen: Some("2025-05-17T09:30:00Z".to_owned()), ..Hints::default() };
        Metadata::read(&Dom::parse(page), &hints)
    }

    #[track_caller]
    fn check_date(page: &str, at: &str, origin: DateOrigin) {
        let published = metadata(page).published;
        assert_eq!(published, Some(Published { at: at.to_owned(), origin }), "{page}");
    }

    #[track_caller]
    fn check_title(page: &str, expect: &str) {
        assert_eq!(metadata(page).title.as_deref(), Some(expect), "{page}");
    }

    #[track_caller]
    fn check_byline(page: &str, expect: &[&str]) {
        assert_eq!(metadata(page).byline, expect, "{page}");
    }

    #[test]
    fn the_date_comes_from_the_surest_place() {
        use DateOrigin::{Crawl, Metadata, Page, Url};
        let linked = r#"<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2025-05-16T10:00:00+02:00"}</script>"#;
        let tag = "<meta property=article:published_time content=2025-05-15>";
        check_date(&format!("{tag}{linked}"), "2025-05-16T10:00:00+02:00", Metadata);
        check_date(&format!("{tag}<time datetime=2025-05-14>14 May</time>"), "2025-05-15", Metadata);
        check_date("<h1>Vote is put off</h1><time datetime=2025-05-14>14 May</time>", "2025-05-14", Page);
        check_date(
            "<h1>Vote is put off</h1><span class=pub-date>Fri 16 May 2025 14:05 BST</span>",
            "2025-05-16T14:05:00+01:00",
            Page,
        );
        check_date("<h1>Vote is put off</h1><p class=timestamp>3 hours ago</p>", "2025-05-17T06:30:00Z", Page);
        check_date("<link rel=canonical href=https://example.org/2025/05/13/vote>", "2025-05-13", Url);
        check_date("<p>Nothing", "2025-05-17T09:30:00Z", Crawl);
    }

    #[test]
    fn updates_and_dates_before_the_headline_are_passed_over() {
        check_date(
            "<time datetime=2025-05-17>today</time><h1>Vote is put off</h1><time class=updated datetime=2025-05-16>u</time>\
             <time datetime=2025-05-15>p</time>",
            "2025-05-15",
            DateOrigin::Page,
        );
    }

    #[test]
    fn the_title_is_what_most_places_agree_on() {
        check_title(
            "<title>Vote is put off | Harbour News</title><h1>Harbour News online today</h1><meta property=og:title content='Vote is put off'>",
            "Vote is put off",
        );
        check_title(
            "<title>Vote is put off - Harbour News</title><meta property=og:site_name content='Harbour News'>",
            "Vote is put off",
        );
        check_title("<title>Quay: the vote</title><h1>Vote on quay is put off</h1>", "Vote on quay is put off");
        check_title("<title>Vote is put off &#8211; again</title>", "Vote is put off – again");
    }

    #[test]
    fn bylines_come_from_data_tags_or_the_page() {
        check_byline(
            r#"<script type="application/ld+json">{"@type":"NewsArticle","author":[{"name":"Mina Okoro"},{"name":"Jo Li"}]}</script>"#,
            &["Mina Okoro", "Jo Li"],
        );
        check_byline("<meta name=author content='By Mina Okoro and Jo Li'>", &["Mina Okoro", "Jo Li"]);
        check_byline(
            "<meta property=article:author content=https://example.org/mina><h1>Vote is put off</h1><p class=byline>By <a href=/m>Mina Okoro</a>, harbour reporter</p>",
            &["Mina Okoro"],
        );
        check_byline("<h1>Vote is put off</h1><div class=article-author>Von Mina Okoro</div>", &["Mina Okoro"]);
    }

    #[test]
    fn addresses_are_made_whole_and_front_pages_are_none() {
        let page = "<link rel=canonical href=/vote><meta property=og:url content=https://example.org/x>";
        assert_eq!(metadata(page).url.as_deref(), Some("https://example.org/vote"));
        let page =
            "<link rel=canonical href=https://example.org/><meta property=og:url content=https://example.org/vote>";
        assert_eq!(metadata(page).url.as_deref(), Some("https://example.org/vote"));
        assert_eq!(metadata(page).outlet.as_deref(), Some("example.org"));
    }

    #[test]
    fn language_and_section_are_declared() {
        let page = "<html lang=de-AT><meta property=article:section content=Hafen>";
        assert_eq!(metadata(page).language.as_deref(), Some("de"));
        assert_eq!(metadata(page).section.as_deref(), Some("Hafen"));
    }
}
