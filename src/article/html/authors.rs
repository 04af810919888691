//! Who wrote a page.

use super::block::ends_sentence;
use super::body::is_date;
use super::boilerplate::words;
use super::dom::{Dom, NodeId, NodeKind};
use super::elsewhere::{is_of_another_article, leads_to_author, texts_above};
use super::entity::Line;
use super::json_ld::JsonLd;
use super::meta::{Tags, line};
use super::tag::Tag;
use super::title::letters;
use crate::article::byline;
use crate::language::{Words, world};

/// Who wrote it: by the page's data, by meta tags, by what is marked or named a byline, else by the address of who wrote it.
///
/// Where one of these names only the outlet, an agency or an account, people whom a later one names come first. An
/// organisation that the page's data have for want of an author gives way to any other name.
pub(super) fn bylines(
    dom: &Dom<'_>,
    tags: &Tags,
    json_ld: &JsonLd,
    headline: Option<NodeId>,
    outlet: Option<&str>,
) -> Vec<String> {
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
        "articleauthor",
        "creator",
        "rbauthors",
    ];
    let is_outlet = |name: &String| outlet.is_some_and(|outlet| letters(outlet) == letters(name));
    let is_publisher = |name: &String| json_ld.author_is_publisher && json_ld.authors.contains(name);
    let is_house =
        |name: &String| byline::is_house(name) || byline::is_account(name) || is_outlet(name) || is_publisher(name);
    // A line of houses alone is one signature: `The Gazette and AFP`.
    let names_of = |values: &[String]| match values {
        [line] if byline::joined(line).is_some_and(|names| names.iter().all(is_house)) => vec![byline::tidy(line)],
        _ => byline::names(values),
    };
    let in_data = names_of(&json_ld.authors);
    // Beside people the outlet is in a tag of its own, or at the end of the line.
    let without_outlet = |mut names: Vec<String>| {
        if names.iter().any(|name| !is_outlet(name)) {
            names.retain(|name| !is_outlet(name));
        }
        names
    };
    let tagged = TAGS.iter().map(|name| {
        let values: Vec<String> = tags.all(name).map(str::to_owned).collect();
        without_outlet(names_of(&values))
    });
    let mut declared: Vec<Vec<String>> = std::iter::once(in_data).chain(tagged).collect();
    if json_ld.author_is_publisher {
        declared.rotate_left(1);
    }
    let marked = std::iter::once_with(|| marked_authors(dom, headline));
    let named = std::iter::once_with(|| named_authors(dom, headline));
    let opening = std::iter::once_with(|| opening_lines(dom, headline));
    let above = std::iter::once_with(|| lines_above(dom, headline));
    let shown = marked.chain(named).chain(opening).chain(above).map(without_outlet);
    let mut house = Vec::new();
    for names in declared.into_iter().chain(shown) {
        // After a house, only what is a name beyond doubt.
        let is_sure = house.is_empty() || names.iter().all(|name| byline::is_full_name(name));
        if is_sure && names.iter().any(|name| !is_house(name)) {
            return names;
        }
        if house.is_empty() {
            house = names;
        }
    }
    if !house.is_empty() {
        return house;
    }
    let addresses = json_ld.author_urls.iter().map(String::as_str).chain(tags.all("article:author"));
    let mut found: Vec<String> = addresses.filter_map(byline::of_address).collect();
    found.dedup();
    found
}

/// Authors in a line of their own between the headline and the text: `By Ann Ray`, or the name alone in bold.
fn opening_lines(dom: &Dom<'_>, headline: Option<NodeId>) -> Vec<String> {
    /// Words of a paragraph that is the text.
    const LONG: usize = 20;
    const MOST: usize = 60;
    let Some(headline) = headline else { return Vec::new() };
    let after = dom.all().filter(|node| *node > headline && dom.is_small(*node) && dom.tag(*node).is_some());
    let mut paragraphs = 0;
    // A line in bold below sentences heads what follows: `About Harbour Group`.
    let mut sentences = 0;
    for node in after.take(MOST * 4) {
        let text = dom.text(node);
        if text.split_whitespace().count() >= LONG {
            // The first may be the standfirst.
            paragraphs += u32::from(dom.is(node, Tag::P));
            if paragraphs > 1 {
                break;
            }
            continue;
        }
        if is_of_another_article(dom, node, Some(headline)) || is_of_teaser(dom, node, Some(headline)) {
            continue;
        }
        let stands_out = dom.is(node, Tag::Address);
        let authors = std::iter::once(node).chain(dom.within(node)).filter(|inner| leads_to_author(dom, *inner));
        let authors = byline::names(&authors.filter_map(|link| short(dom, link)).collect::<Vec<_>>());
        if authors.iter().any(|name| byline::is_full_name(name)) {
            return authors;
        }
        sentences += u32::from(dom.is(node, Tag::P) && ends_sentence(&text));
        let is_bold = paragraphs == 0 && sentences < 2 && dom.is(node, Tag::P) && {
            let bold = dom.within(node).filter(|inner| matches!(dom.tag(*inner), Some(Tag::B | Tag::Strong)));
            bold.map(|inner| dom.text(inner)).any(|bold| bold == text)
        };
        // `By Ann Ray<br>Harbour News Staff`, `By Ann Ray<br>Tuesday, March 4, 2024`
        let has = |is_one: fn(Tag) -> bool| dom.within(node).any(|inner| dom.tag(inner).is_some_and(is_one));
        let parted = || byline::line(&parted(dom, node), false).filter(|_| !has(Tag::is_block));
        let broken = Some(parted).filter(|_| has(|tag| tag == Tag::Br)).and_then(|parted| parted());
        let line = || byline::line(&text, stands_out || is_bold);
        let beside_date = || is_beside_date(dom, node, &text).then(|| byline::names(std::slice::from_ref(&text)));
        if let Some(names) = broken.or_else(line).or_else(parted).or_else(beside_date) {
            return names;
        }
    }
    // In Chinese and Japanese, reporters and editors may be named at the end.
    let opens = |node: &NodeId| matches!(dom.kind(*node), NodeKind::Text(text) if text.contains('：') || text.contains(':') && !text.is_ascii());
    let signed = dom.all().filter(|node| *node > headline).filter(opens).map(|node| dom.parent(node));
    let mut texts = signed.filter(|node| dom.is_small(*node)).map(|node| dom.text(node)).filter(|text| text.len() < 90);
    texts.find_map(|text| byline::signature(&text)).unwrap_or_default()
}

/// True for a name alone in an element, with a date or an occupation in the line right behind it. A link leads to a section
/// unless to an author.
fn is_beside_date(dom: &Dom<'_>, node: NodeId, text: &str) -> bool {
    const NEAR: usize = 12;
    let is_block = dom.tag(node).is_some_and(|tag| tag.is_block() && tag.heading().is_none());
    if !is_block || !byline::is_full_name(text) || byline::is_date_label(text) {
        return false;
    }
    let mut around = std::iter::once(node).chain(dom.within(node)).chain(dom.ancestors(node).take(3));
    if around.any(|inner| dom.is(inner, Tag::A) && !leads_to_author(dom, inner)) {
        return false;
    }
    let behind = Dom::between(dom.end(node), dom.end(NodeId::ROOT)).take(NEAR);
    let lines = behind.filter_map(|inner| match dom.kind(inner) {
        NodeKind::Text(text) => Some(line(text)).filter(|line| line.contains(char::is_alphanumeric)),
        NodeKind::Element(_) => None,
    });
    lines
        .take(1)
        .any(|line| byline::is_occupation(&line) || line.split(['|', '·', '•']).any(|part| is_date(part.trim())))
}

/// Authors that the page marks as such (`itemprop=author`, `rel=author`): those who stand together, the first below the
/// headline, else the first of the page. Further on are the authors of comments and of other articles.
fn marked_authors(dom: &Dom<'_>, headline: Option<NodeId>) -> Vec<String> {
    let is_marked = |node: NodeId| has(dom, node, "itemprop", "author") || has(dom, node, "rel", "author");
    let is_own = |node: &NodeId| !is_of_another_article(dom, *node, headline) && !is_of_teaser(dom, *node, headline);
    let marked: Vec<NodeId> = dom.all().filter(|node| is_marked(*node)).filter(is_own).collect();
    let name = |node: NodeId| {
        let name = dom.within(node).find(|inner| has(dom, *inner, "itemprop", "name")).unwrap_or(node);
        dom.attribute(name, "content").map(|content| line(&content)).or_else(|| short(dom, name))
    };
    let from = headline.unwrap_or(NodeId::ROOT);
    let below = marked.iter().filter(|node| **node >= from);
    let named = below.chain(marked.iter()).filter_map(|node| Some((*node, name(*node)?)));
    let mut last = None;
    let mut bylines = Vec::new();
    for (node, name) in named {
        if last.is_some_and(|last| node < last || has_prose_between(dom, last, node)) {
            break;
        }
        last = Some(node);
        bylines.push(name);
    }
    let names = byline::names(&bylines);
    let is_block = |around: &NodeId| dom.tag(*around).is_some_and(Tag::is_block);
    let around = last.and_then(|last| dom.ancestors(last).find(is_block));
    let line =
        around.filter(|line| short(dom, *line).is_some() && headline.is_none_or(|own| !dom.contains(*line, own)));
    match line {
        Some(line) if !names.is_empty() => with_joined(&parted(dom, line), names),
        Some(_) | None => names,
    }
}

/// Those who are linked in a line, and those whom it joins to them: of several authors, some may have no page of their own.
fn with_joined(line: &str, linked: Vec<String>) -> Vec<String> {
    let mut names = byline::names(&[line.to_owned()]);
    let is_last = linked.iter().any(|name| byline::is_joined(line, name));
    names.retain(|name| {
        linked.contains(name) || byline::is_full_name(name) && (is_last || byline::is_joined(line, name))
    });
    if linked.iter().all(|name| names.contains(name)) { names } else { linked }
}

/// True if a paragraph begins between two places of a page.
fn has_prose_between(dom: &Dom<'_>, from: NodeId, to: NodeId) -> bool {
    const LONG: usize = 20;
    let mut paragraphs = Dom::between(from, to).filter(|node| dom.is(*node, Tag::P) && !dom.contains(*node, to));
    paragraphs.any(|node| dom.is_small(node) && dom.text(node).split_whitespace().count() >= LONG)
}

/// Authors in what is named a byline below the headline.
fn named_authors(dom: &Dom<'_>, headline: Option<NodeId>) -> Vec<String> {
    // Further down are the authors of other articles.
    const MOST: usize = 3;
    let from = headline.unwrap_or(NodeId::ROOT);
    let named = dom.all().filter(|node| {
        *node >= from
            && is_named(dom, *node, &world().bylines.marks)
            && !is_named(dom, *node, &world().bylines.places)
            && short(dom, *node).is_some()
            && !is_of_another_article(dom, *node, headline)
            && !is_of_teaser(dom, *node, headline)
    });
    // A byline may be empty, or hold an icon: the next one has the name.
    named.take(MOST).map(|node| names_in(dom, node)).find(|names| !names.is_empty()).unwrap_or_default()
}

/// The names in a byline.
fn names_in(dom: &Dom<'_>, node: NodeId) -> Vec<String> {
    let linked = linked_names(dom, node);
    let line = parted(dom, node);
    if linked.is_empty() { byline::names(&[line]) } else { with_joined(&line, linked) }
}

/// Authors right above the headline, in what is named a byline or opens as one does. A name beside a date may be a section's.
fn lines_above(dom: &Dom<'_>, headline: Option<NodeId>) -> Vec<String> {
    let Some(headline) = headline else { return Vec::new() };
    let names = |text: NodeId| {
        let around = || dom.ancestors(text).take_while(|around| !dom.contains(*around, headline));
        let named =
            around().find(|around| is_named(dom, *around, &world().bylines.marks) && short(dom, *around).is_some());
        let line = || around().find(|around| dom.tag(*around).is_some_and(Tag::is_block));
        let opened = || short(dom, line()?)?.split(['|', '·', '•']).find_map(|part| byline::line(part, false));
        named.map(|named| names_in(dom, named)).or_else(opened).filter(|names| !names.is_empty())
    };
    texts_above(dom, headline).into_iter().find_map(names).unwrap_or_default()
}

/// True for a part whose class or id has one of these words.
fn is_named(dom: &Dom<'_>, node: NodeId, names: &Words) -> bool {
    dom.attributes(node).iter().any(|(name, value)| {
        matches!(*name, "class" | "id" | "data-testid")
            && value
                .split_ascii_whitespace()
                .any(|name| names.contains(name) || words(name).any(|word| names.contains(&word)))
    })
}

/// The text of a byline without its places, with a bar where nothing but the borders of elements parts two names, or a
/// name and what is in the next line.
fn parted(dom: &Dom<'_>, node: NodeId) -> String {
    let mut line = Line::default();
    let mut ends_small = false;
    let mut own_line = String::new();
    let mut end_of_place = node;
    for inner in std::iter::once(node).chain(dom.within(node)) {
        if inner < end_of_place {
            continue;
        }
        if is_named(dom, inner, &world().bylines.places) {
            end_of_place = dom.end(inner);
            continue;
        }
        match dom.kind(inner) {
            NodeKind::Text(part) => {
                // `<span>Ann Ray</span> <span>The Harbour News</span>`
                let is_house_behind = || byline::is_full_name(own_line.trim()) && byline::is_house(part);
                if ends_small && part.starts_with(char::is_uppercase) || is_house_behind() {
                    line.push(" | ");
                }
                line.push(part);
                own_line.push_str(part);
                ends_small = part.ends_with(char::is_lowercase);
            }
            NodeKind::Element(tag) if tag.is_block() || tag == Tag::Br => {
                let is_date = own_line.contains(|c: char| c.is_ascii_digit());
                if is_date || byline::is_full_name(&byline::tidy(&own_line)) {
                    line.push(" | ");
                }
                own_line.clear();
                line.space();
                ends_small = false;
            }
            NodeKind::Element(_) => {}
        }
    }
    line.finish()
}

/// The names that are links within a byline.
fn linked_names(dom: &Dom<'_>, node: NodeId) -> Vec<String> {
    let links = dom.within(node).filter(|inner| dom.is(*inner, Tag::A));
    byline::names(&links.filter_map(|link| short(dom, link)).collect::<Vec<_>>())
}

/// The text of a part that is no longer than a byline.
fn short(dom: &Dom<'_>, node: NodeId) -> Option<String> {
    dom.is_small(node).then(|| dom.text(node)).filter(|text| !text.is_empty() && text.len() < 150)
}

fn has(dom: &Dom<'_>, node: NodeId, name: &str, wanted: &str) -> bool {
    dom.attributes(node).iter().any(|(own, value)| *own == name && value.split_ascii_whitespace().any(|v| v == wanted))
}

/// True for the author of a teaser behind the article: a heading is over it that neither has the name nor speaks of authors.
fn is_of_teaser(dom: &Dom<'_>, node: NodeId, headline: Option<NodeId>) -> bool {
    const PROSE: usize = 20;
    let Some(headline) = headline else { return false };
    let paragraphs = Dom::between(headline, node).filter(|inner| dom.is(*inner, Tag::P) && dom.is_small(*inner));
    let mut words = 0;
    let is_behind = paragraphs.filter(|inner| !dom.contains(*inner, node)).any(|inner| {
        words += dom.text(inner).split_whitespace().count();
        words >= PROSE
    });
    if !is_behind {
        return false;
    }
    let name = letters(&dom.text(node));
    let is_own = |heading: NodeId| {
        let text = dom.text(heading);
        let says = |word: &str| world().bylines.marks.contains(&word.to_lowercase());
        let own = letters(&text);
        own.contains(&name) || name.contains(&own) || text.split(|c: char| !c.is_alphanumeric()).any(says)
    };
    let around = dom.ancestors(node).take_while(|around| dom.is_small(*around) && !dom.contains(*around, headline));
    let headings =
        |around: NodeId| dom.within(around).filter(|inner| dom.tag(*inner).is_some_and(|tag| tag.heading().is_some()));
    around.into_iter().find_map(|around| headings(around).next()).is_some_and(|heading| !is_own(heading))
}

#[cfg(test)]
mod tests {
    use super::super::metadata::Metadata;
    use super::*;
    use crate::article::Hints;

    const TEXT: &str = "<p>The canal trust has put up mooring dues by a fifth, its treasurer told members on Tuesday, and boat \
                        owners walked out before the vote.</p>";

    #[track_caller]
    fn check(head: &str, below: &str, expect: &[&str]) {
        let page = format!(
            "<meta property=og:site_name content='Harbour News'>{head}<h1>Vote is put off</h1>{below}{TEXT}{TEXT}"
        );
        assert_eq!(Metadata::read(&Dom::parse(&page), &Hints::default()).byline, expect, "{page}");
    }

    fn data(author: &str) -> String {
        format!(
            r#"<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Vote is put off","publisher":{{"name":"Harbour News"}},"author":{author}}}</script>"#
        )
    }

    #[test]
    fn houses_in_a_list_of_authors_stay() {
        let list = r#"[{"@type":"Person","name":"Mina Okoro"},{"@type":"Organization","name":"Harbour News"}]"#;
        check(&data(list), "", &["Mina Okoro", "Harbour News"]);
        check(&data(r#"[{"name":"Mina Okoro"},{"name":"AFP"}]"#), "", &["Mina Okoro", "AFP"]);
        check(
            "",
            "<p><a href=/author/m>Mina Okoro</a>, <a href=/author/j>Jo Li</a>, <a href=/author/a>AFP</a></p>",
            &["Mina Okoro", "Jo Li", "AFP"],
        );
        check("<meta name=author content='Harbour News'><meta name=author content='Mina Okoro'>", "", &["Mina Okoro"]);
    }

    #[test]
    fn houses_in_one_line_are_one_signature() {
        check(&data(r#"{"@type":"Person","name":"Harbour News et AFP"}"#), "", &["Harbour News et AFP"]);
        check(&data(r#"{"name":"Mina Okoro et AFP"}"#), "", &["Mina Okoro"]);
    }

    #[test]
    fn a_publisher_in_place_of_an_author_gives_way() {
        let publisher = data(r#"{"@type":"Organization","name":"Harbour News"}"#);
        check(&format!("{publisher}<meta name=articleAuthor content='Quay Agency'>"), "", &["Quay Agency"]);
        check(&publisher, "<p class=byline>Mina Okoro</p>", &["Mina Okoro"]);
        check(&publisher, "", &["Harbour News"]);
        let person = data(r#"{"@type":"Person","name":"Harbour News"}"#);
        check(&format!("{person}<meta name=articleAuthor content='Quay Agency'>"), "", &["Harbour News"]);
    }

    #[test]
    fn names_that_only_elements_part_are_several() {
        let parted = "<div class=byline><span>Mina Okoro</span><span>Jo Li</span></div>";
        check("", parted, &["Mina Okoro", "Jo Li"]);
        let jobs = "<div class=byline><b>Mina Okoro</b><i>Journalist</i><b>Jo Li</b><i>Reporter</i></div>";
        check("", jobs, &["Mina Okoro", "Jo Li"]);
    }

    #[test]
    fn accounts_give_way_to_names() {
        check(&data(r#"{"name":"mokoro"}"#), "<p class=byline>By Mina Okoro</p>", &["Mina Okoro"]);
        check(&data(r#"{"name":"mokoro"}"#), "", &["mokoro"]);
    }

    #[test]
    fn marked_authors_are_those_that_are_together() {
        let marked = "<span itemprop=author>Mina Okoro</span> and <a rel=author href=/j>Jo Li</a>";
        let comments = format!("{TEXT}<div><b itemprop=author>Reader Seven</b></div>");
        check("", &format!("{marked}{comments}"), &["Mina Okoro", "Jo Li"]);
        check("<a rel=author href=/m>Mina Okoro</a>", "", &["Mina Okoro"]);
        check("<a rel=author href=/t>Bram Tolliver</a>", "<a rel=author href=/m>Mina Okoro</a>", &["Mina Okoro"]);
    }

    #[test]
    fn addresses_are_the_last_resort() {
        let address = "<meta property=article:author content='https://harbour.example/people/mina-okoro'>";
        check(address, "", &["Mina Okoro"]);
        check(address, "<p class=byline>Jo Li</p>", &["Jo Li"]);
        check(&data(r#""https://harbour.example/author/mina-okoro/""#), "", &["Mina Okoro"]);
    }

    #[test]
    fn another_description_of_the_article_may_name_its_author() {
        let other = r#"<script type="application/ld+json">{"@type":"WebPage","headline":"Vote is put off","author":"Mina Okoro"}</script>"#;
        let own = r#"<script type="application/ld+json">{"@type":"NewsArticle","headline":"Vote is put off","datePublished":"2025-05-16"}</script>"#;
        check(&format!("{own}{other}"), "", &["Mina Okoro"]);
    }
}
