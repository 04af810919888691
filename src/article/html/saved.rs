//! Where a saved page is from, by what those who save pages put around them.

use super::dom::Dom;
use super::tag::Tag;

/// The address in the remark that browsers and their extensions put at the head of a page they save.
pub(super) fn from_remark(page: &str) -> Option<String> {
    const HEAD: usize = 2000;
    let head = page.get(..page.floor_char_boundary(HEAD))?;
    let by_browser = || head.split_once("saved from url=(")?.1.split_once(')');
    let by_extension = || head.split_once("Page saved with ")?.1.split_once("url:");
    let (_, rest) = by_browser().or_else(by_extension)?;
    let url = rest.split_whitespace().next()?;
    url.starts_with("http").then(|| url.to_owned())
}

/// The address in the frame that web archives and the reading mode of browsers put around a page.
pub(super) fn from_frame(dom: &Dom<'_>) -> Option<String> {
    let is = |node, name: &str, value: &str| {
        dom.attribute(node, name).is_some_and(|written| written.split_ascii_whitespace().any(|word| word == value))
    };
    let is_toolbar =
        |node| is(node, "id", "wm-ipp-base") || is(node, "id", "HEADER") && dom.text(node).contains("archive.today");
    let mut elements = dom.all().filter(|node| dom.tag(*node).is_some());
    let url = elements.find_map(|node| {
        if dom.is(node, Tag::A) && is(node, "class", "reader-domain") {
            return dom.attribute(node, "href");
        }
        let inputs = Some(node).filter(|node| is_toolbar(*node)).map(|node| dom.within(node));
        let mut values =
            inputs?.filter(|inner| dom.is(*inner, Tag::Input)).filter_map(|input| dom.attribute(input, "value"));
        values.find(|value| value.starts_with("http"))
    });
    url.filter(|url| url.starts_with("http")).map(std::borrow::Cow::into_owned)
}

/// The address of a page without that of the web archive that keeps it: `https://web.archive.org/web/2012/https://…`.
pub(super) fn unarchived(url: &str) -> &str {
    url.rfind("/http").filter(|_| is_archive(url)).and_then(|at| url.get(at + 1..)).unwrap_or(url)
}

/// True for an address of an archive of web pages.
pub(super) fn is_archive(url: &str) -> bool {
    const HOSTS: [&str; 8] = [
        "web.archive.org",
        "archive.today",
        "archive.ph",
        "archive.is",
        "archive.li",
        "archive.vn",
        "archive.fo",
        "archive.md",
    ];
    let host = url.split_once("://").and_then(|(_, rest)| rest.split('/').next());
    host.is_some_and(|host| HOSTS.contains(&host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(page: &str, expect: Option<&str>) {
        assert_eq!(from_frame(&Dom::parse(page)).as_deref(), expect, "{page}");
    }

    #[test]
    fn frames_have_the_address() {
        let form = "<form><input name=n value=3><input name=q value=https://post.example/vote></form>";
        check(&format!("<div id=HEADER>archive.today {form}</div><h1>Vote"), Some("https://post.example/vote"));
        check(&format!("<div id=wm-ipp-base>{form}</div><h1>Vote"), Some("https://post.example/vote"));
        check(
            "<a class='domain reader-domain' href=https://post.example/vote>post.example</a>",
            Some("https://post.example/vote"),
        );
        check(&format!("<div id=HEADER>Harbour Post {form}</div>"), None);
        check(&format!("<div>{form}</div><a href=https://post.example/>Home</a>"), None);
    }

    #[test]
    fn the_archive_is_not_the_page() {
        let vote = "https://post.example/vote";
        assert_eq!(unarchived(&format!("https://web.archive.org/web/20120918031200/{vote}")), vote);
        assert_eq!(unarchived(&format!("https://archive.ph/2024.09.18-031244/{vote}")), vote);
        assert_eq!(unarchived(&format!("{vote}?from=/https://x.example")), format!("{vote}?from=/https://x.example"));
        assert_eq!(unarchived("https://archive.ph/AbC12"), "https://archive.ph/AbC12");
    }
}
