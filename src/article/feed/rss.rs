//! RSS 0.9 to 2.0, with the modules that carry whole articles: content, Dublin Core.

use rustc_hash::FxHashSet;

use super::super::items::{Item, plain};
use super::super::problem::shown;
use super::super::xml::Element;
use super::super::{DateOrigin, date};
use super::{Channel, LONGEST};

/// Reads what is before the items.
pub(super) fn channel(feed: &Element) -> Channel {
    // RSS 1.0 has its items beside the channel, the others within it.
    let channel = feed.at(&["channel"]).unwrap_or(feed);
    let name = |author: &Element| Some((author.text_at(&["author_login"])?, author.text_at(&["author_display_name"])?));
    Channel {
        title: own(channel, "title").map(|title| plain(&title)).filter(|title| title.len() <= LONGEST),
        language: channel.text_at(&["language"]).filter(|language| language.len() <= LONGEST),
        authors: Vec::new(),
        display_names: channel.all("author").filter_map(name).filter(|(_, name)| name.len() <= LONGEST).collect(),
    }
}

/// Understands an item.
pub(super) fn item(element: &Element, channel: &Channel) -> Item {
    let mut item = Item::default();
    item.set("title", own(element, "title").map(|title| plain(&title)));
    let authors = element.all("creator").chain(element.all("author")).map(|author| name(&author.text()));
    item.set_all("byline", authors.map(|name| channel.display_names.get(&name).cloned().unwrap_or(name)));
    // Exports of publishing systems hold what was not published, too.
    let status = element.text_at(&["status"]).filter(|status| !matches!(status.as_str(), "publish" | "inherit"));
    if let Some(status) = status {
        item.warn(&format!("its publishing system has it as `{}`", shown(&status)));
    }
    // An aggregator's items name the outlet that each came from.
    item.set("outlet", own(element, "source").map(|title| plain(&title)));
    item.set("outlet", channel.title.clone());
    item.set("url", own(element, "link").or_else(|| permalink(element)));
    item.set("id", own(element, "guid"));
    item.set("date", date_of(element));
    item.set("section", own(element, "category").map(|category| plain(&category)));
    item.set("language", element.text_at(&["language"]).or_else(|| channel.language.clone()));
    if let Some(content) = element.at(&["encoded"]) {
        item.set_body(&without_shortcodes(&without_captions(&content.verbatim())));
    }
    if !item.has_body()
        && let Some(description) = element.all("description").find(|found| found.prefix.is_empty())
    {
        item.set_body(&description.verbatim());
        if item.has_body() {
            item.warn(super::ONLY_SUMMARY);
        }
    }
    item
}

/// When an item was published. Drafts and pages in an export may have it in the system's own fields only, and noughts for a day
/// in others.
fn date_of(element: &Element) -> Option<String> {
    let gmt = || element.text_at(&["post_date_gmt"]).map(|date| format!("{}Z", date.replace(' ', "T")));
    let own = own(element, "pubDate").or_else(|| element.text_at(&["date"]));
    let known = [own.clone(), gmt(), element.text_at(&["post_date"])];
    let mut known = known.into_iter().flatten();
    known.find(|date| date::read(date, None, DateOrigin::Record).is_some()).or(own)
}

/// True for an item of an export that is an attachment, not an article.
pub(super) fn is_attachment(item: &Element) -> bool {
    item.text_at(&["post_type"])
        .is_some_and(|kind| matches!(kind.as_str(), "attachment" | "nav_menu_item" | "revision"))
}

/// Without the words below pictures: `[caption width="300"]<img src="a.jpg"> The gates[/caption]`.
fn without_captions(content: &str) -> String {
    let (captioned, last) = content.rsplit_once("[/caption]").unwrap_or(("", content));
    let before_each =
        captioned.split("[/caption]").map(|piece| piece.rsplit_once("[caption ").unwrap_or((piece, "")).0);
    before_each.filter(|before| !before.is_empty()).flat_map(|before| [before, "\n\n"]).chain([last]).collect()
}

/// Without the codes that a publishing system puts pictures and players in the place of: `[gallery ids="1,2"]`. The words
/// between a code and its end stay.
fn without_shortcodes(content: &str) -> String {
    let ended: FxHashSet<&str> = content.split("[/").skip(1).filter_map(|code| Some(code.split_once(']')?.0)).collect();
    let mut out = String::with_capacity(content.len());
    let mut pieces = content.split('[');
    out.push_str(pieces.next().unwrap_or(""));
    for piece in pieces {
        let code = piece.split_once(']').filter(|(code, _)| {
            let name = code.trim_start_matches('/').split([' ', '/']).next().unwrap_or("");
            let is_name = name.len() > 2
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'));
            // `[sic]` has neither values nor an end.
            is_name && (code.starts_with('/') || code.contains('=') || ended.contains(name))
        });
        match code {
            Some((_, behind)) => out.push_str(behind),
            None => out.extend(["[", piece]),
        }
    }
    out
}

/// The text of an element of RSS's own, not of a module that has one of the same name (`media:title`, `atom:link`).
fn own(element: &Element, name: &str) -> Option<String> {
    let found = element.all(name).find(|found| found.prefix.is_empty() || found.prefix == "rss")?;
    Some(found.text()).filter(|text| !text.is_empty())
}

/// The item's id, which is an address unless it says otherwise.
fn permalink(element: &Element) -> Option<String> {
    let guid = element.at(&["guid"])?;
    let is_address = guid.attribute("isPermaLink").is_none_or(|value| value.eq_ignore_ascii_case("true"));
    Some(guid.text()).filter(|text| is_address && text.starts_with("http"))
}

/// The name in `ann@example.org (Ann Ray)`, which is how the specification wants authors.
fn name(author: &str) -> String {
    match author.split_once('(') {
        Some((address, name)) if address.contains('@') => name.trim_end_matches(')').trim().to_owned(),
        _ => plain(author),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content: &str, expect: &str) {
        assert_eq!(without_shortcodes(content), expect);
    }

    #[test]
    fn codes_go_and_what_people_put_in_brackets_stays() {
        check("One [gallery ids=\"1,2\"] two", "One  two");
        check("[caption id=\"a\"]The pier[/caption] rose", "The pier rose");
        check("[quote]We did[/quote] [video src=x][/video]", "We did ");
        assert_eq!(
            without_captions("A.[caption id=\"a\"]<img> One.[/caption]B.[caption id=\"b\"]<img> Two.[/caption]"),
            "A.\n\nB.\n\n"
        );
        check("They [the crews] did it [sic], he said [1] [", "They [the crews] did it [sic], he said [1] [");
    }

    #[test]
    fn brackets_that_never_close_take_linear_time() {
        let content = "[gallery ".repeat(200_000);
        check(&content, &content);
        let content = "[sic] ".repeat(200_000);
        check(&content, &content);
    }
}
