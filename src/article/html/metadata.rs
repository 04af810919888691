//! What a page says about its article: in JSON-LD, in `<meta>`, and to the eye.

use super::authors::bylines;
use super::dom::{Dom, NodeId};
use super::headline;
use super::json_ld::JsonLd;
use super::meta::Tags;
use super::published::published;
use super::saved::{is_archive, unarchived};
use super::tag::Tag;
use super::title::{outlet_of, title};
use crate::article::{Hints, Published, language};

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
        let headline = headline::headline(dom, tags.get(&["og:title", "title"]).as_deref());
        let shown = headline.map(|node| dom.text(node));
        let json_ld = JsonLd::read(dom, shown.as_deref());
        let url = address(&tags, &json_ld, hints);
        let outlet = outlet(&tags, &json_ld, url.as_deref());
        let title = title(dom, &tags, &json_ld, shown.as_deref(), outlet.as_deref());
        let outlet = outlet.or_else(|| outlet_of(&tags.get(&["title"])?, shown.as_deref()?));
        let mut warnings = Vec::new();
        let published = published(dom, &tags, &json_ld, headline, url.as_deref(), hints, &mut warnings);
        let byline = bylines(dom, &tags, &json_ld, headline, outlet.as_deref());
        let html = dom.all().find(|node| dom.is(*node, Tag::Html));
        let declared = html.and_then(|node| dom.attribute(node, "lang").or_else(|| dom.attribute(node, "xml:lang")));
        let language = declared
            .map(std::borrow::Cow::into_owned)
            .or_else(|| json_ld.language.clone())
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
                .or(json_ld.section),
            published,
            language,
            description: tags.get(&["og:description", "description", "twitter:description"]).or(json_ld.description),
            article_body: json_ld.body,
            warnings,
        }
    }
}

/// The address that the page wants to be known by.
fn address(tags: &Tags, json_ld: &JsonLd, hints: &Hints) -> Option<String> {
    let base = hints.url.clone().or_else(|| tags.get(&["og:url"])).or_else(|| json_ld.url.clone());
    let candidates = [tags.get(&["link:canonical"]), tags.get(&["og:url"]), json_ld.url.clone(), hints.url.clone()];
    let candidates: Vec<String> =
        candidates.into_iter().flatten().filter_map(|url| absolute(&url, base.as_deref())).collect();
    let candidates: Vec<&str> = candidates.iter().map(|url| unarchived(url)).collect();
    // A canonical address that is the front page is a mistake.
    let own = candidates.iter().find(|url| !is_front_page(url) && !is_archive(url));
    own.or(candidates.first()).map(|url| (*url).to_owned())
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
fn outlet(tags: &Tags, json_ld: &JsonLd, url: Option<&str>) -> Option<String> {
    let named = tags
        .get(&["og:site_name"])
        .or_else(|| json_ld.outlet.clone())
        .or_else(|| tags.get(&["application-name", "publisher", "dc.publisher", "cre", "apple-mobile-web-app-title"]))
        .filter(|name| !name.contains("://") && !name.starts_with('@') && name.len() < 80);
    named.or_else(|| {
        let host = url?.split_once("://")?.1.split(['/', ':', '?']).next()?;
        Some(host.trim_start_matches("www.").to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::DateOrigin;

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
    fn a_line_may_tell_of_changes_too() {
        let page = |line: &str| format!("<h1>Vote is put off</h1><p class=date>{line}</p>");
        for line in [
            "Updated 6 July 2025, 09:00 | Published 4 July 2025, 10:15",
            "Published 4 July 2025, 10:15 – updated 6 July 2025, 09:00",
            "4 July 2025, 10:15, last updated 6 July 2025",
            "Stand: 06.07.2025, 09:00 Uhr | Erstellt: 04.07.2025, 10:15 Uhr",
            "4 luglio 2025, 10:15 (modifica il 6 luglio 2025 | 09:00)",
            "Publié le 4 juillet 2025 à 10h15, modifié le 6 juillet 2025 à 09h00",
            "Обновлено 6 июля 2025, 09:00 | Опубликовано 4 июля 2025, 10:15",
        ] {
            check_date(&page(line), "2025-07-04T10:15:00", DateOrigin::Page);
            let below = format!("<h1>Vote is put off</h1><div>By Mina Okoro</div><p>{line}</p><p>Text.");
            check_date(&below, "2025-07-04T10:15:00", DateOrigin::Page);
        }
        let none = |line: &str| Metadata::read(&Dom::parse(&page(line)), &Hints::default()).published;
        assert_eq!(none("Modified 6 July 2025"), None);
        assert_eq!(none("Event date: 12 August 2025"), None);
        let text =
            |line: &str| Metadata::read(&Dom::parse(&format!("<h1>Vote is put off</h1><p>{line}")), &Hints::default());
        assert_eq!(text("The board met on 12 August 2025 and put off the vote.").published, None);
        check_date("<h1>Vote is put off</h1><p>2025.02.20. 오후 9:14</p>", "2025-02-20T21:14:00", DateOrigin::Page);
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
        check_title(
            "<title>Vote is put off: quay</title><meta property=og:title content='Vote is put off: quay'>\
             <meta name=twitter:title content='Vote is put off: quay'><h1>Vote is put off</h1>\
             <script type=application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":\"Vote is put off\"}</script>",
            "Vote is put off",
        );
    }

    #[test]
    fn the_language_tells_which_comes_first_in_a_date() {
        let page = |lang: &str| format!("<html lang={lang}><h1>Vote is put off</h1><p class=date>03/04/2025</p>");
        for lang in ["en-GB", "en-au", "de", "fr-CA"] {
            check_date(&page(lang), "2025-04-03", DateOrigin::Page);
        }
        for lang in ["en", "en-US", "es-US", "en_PH", "''"] {
            check_date(&page(lang), "2025-03-04", DateOrigin::Page);
        }
    }

    #[test]
    fn what_is_behind_the_shown_headline_is_the_outlet() {
        let tags = |title: &str| format!("<title>{title}</title><meta property=og:title content='{title}'>");
        for title in ["Vote put off - The New Harbour Daily", "Vote put off – Harbour", "Vote put off | News | Harbour"]
        {
            check_title(&format!("{}<h1>Vote put off</h1>", tags(title)), "Vote put off");
        }
        for title in ["Harbour » Blog Archive » Vote on quay put off", "Harbour Notes: Vote on quay put off"] {
            for (heading, end) in [("<h2><a href=/a>", "</a></h2>"), ("<h3 class=entry-title>", "</h3>")] {
                let page =
                    format!("<title>{title}</title><h1><a href=/>Harbour</a></h1>{heading}Vote on quay put off{end}");
                check_title(&page, "Vote on quay put off");
            }
        }
        check_title(
            "<title>Harbour News: Vote on quay put off</title><meta property=og:site_name content='Harbour News'>",
            "Vote on quay put off",
        );
        check_title(
            &format!(
                "{}<h1 class=sr-only>The Harbour News</h1><p>Vote on quay put off</p>",
                tags("Vote on quay put off - The Harbour News")
            ),
            "Vote on quay put off - The Harbour News",
        );
        check_title(
            &format!("{}<h1>Vote put off</h1>", tags("Vote put off as crews walk out")),
            "Vote put off as crews walk out",
        );
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
    fn people_go_before_the_house_that_data_name() {
        let data = r#"<meta property=og:site_name content="Harbour News"><script type="application/ld+json">{"@type":"NewsArticle","author":{"name":"Harbour News"}}</script>"#;
        let text = "<p>The canal trust has put up mooring dues by a fifth, its treasurer told members on Tuesday, and boat owners walked out before the vote.</p>";
        check_byline(&format!("{data}<meta name=author content='Mina Okoro'>"), &["Mina Okoro"]);
        check_byline(
            &format!("{data}<h1>Vote is put off</h1><p><strong>Mina Okoro/Jo Li</strong></p>{text}"),
            &["Mina Okoro", "Jo Li"],
        );
        check_byline(
            &format!("{data}<h1>Vote is put off</h1><div>Fri 16.05.25 | 14:07 | By <b>Mina Okoro</b></div>{text}"),
            &["Mina Okoro"],
        );
        check_byline(
            &format!(
                "{data}<h1>Vote is put off</h1><div><span>Mina Okoro |</span> <span>05.04.2025</span></div>{text}"
            ),
            &["Mina Okoro"],
        );
        check_byline(&format!("<h1>Vote is put off</h1><p class=x>By TPN, in <a href=/n>News</a></p>{text}"), &["TPN"]);
        check_byline(&format!("{data}<h1>Vote is put off</h1><div class=author>Follow</div>{text}"), &["Harbour News"]);
        check_byline(
            &format!("{data}<h1>Vote is put off</h1><p>By Monday afternoon, nobody knew</p>{text}"),
            &["Harbour News"],
        );
        check_byline(&format!("{data}<h1>Vote is put off</h1>{text}<p><b>Mina Okoro</b></p>"), &["Harbour News"]);
    }

    #[test]
    fn authors_of_other_articles_are_not_its_own() {
        let card =
            "<div class=card><h3><a href=/0>Ferry strike is off</a></h3><a rel=author href=/a>Bram Tolliver</a></div>";
        let aside = "<aside class=latest><p class=byline>Minutes ago <a rel=author>Jon Rusk</a></p></aside>";
        let article = "<article><h2>Ferry late</h2><a rel=author>Stefan Hare</a></article>";
        for other in [card, aside, article] {
            let page = format!(
                "<article><h1>Vote is put off</h1><div class=byline><a rel=author>Mina Okoro</a></div><p>Text.</article>{other}"
            );
            check_byline(&page, &["Mina Okoro"]);
        }
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
