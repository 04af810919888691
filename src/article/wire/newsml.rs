//! NewsML: G2 (IPTC, since 2008), and version 1 (since 2000), in which archives of agencies are still kept.

use mail_parser::decoders::base64::base64_decode;

use super::super::items::{Item, plain};
use super::super::problem::shown;
use super::super::xml::Element;
use super::super::{Problem, charset};
use super::{body_markup, nitf, note_embargo, refuse_withdrawn};

/// Understands an item of NewsML-G2.
pub(super) fn item(element: &Element) -> Result<Item, Problem> {
    let management = element.at(&["itemMeta"]);
    let within = |name: &str| management.and_then(|management| management.at(&[name]));
    refuse_withdrawn(within("pubStatus").and_then(|status| status.attribute("qcode")))?;
    let class = within("itemClass").and_then(|class| class.attribute("qcode")).unwrap_or("ninat:text");
    if element.name != "newsItem" || !class.ends_with(":text") {
        let kind = shown(class.rsplit(':').next().unwrap_or(class));
        return Err(Problem::NotText { kind });
    }
    let content = element.at(&["contentMeta"]);
    let about = |name: &str| content.and_then(|content| content.text_at(&[name]));
    let mut item = Item::default();
    item.set("title", about("headline"));
    item.set("title", within("title").map(Element::text));
    item.set_all("byline", content.into_iter().flat_map(|content| content.all("by")).map(Element::text));
    item.set_all("byline", content.into_iter().flat_map(|content| content.all("creator")).filter_map(called));
    item.set("outlet", within("provider").and_then(called));
    item.set("date", within("versionCreated").map(Element::text));
    item.set("date", about("contentCreated"));
    item.set(
        "section",
        content.and_then(|content| content.at(&["subject"])).and_then(|subject| subject.text_at(&["name"])),
    );
    let language = content.and_then(|content| content.at(&["language"])).and_then(|language| language.attribute("tag"));
    item.set("language", language.or_else(|| element.attribute("xml:lang")).map(str::to_owned));
    item.set("id", element.attribute("guid").map(str::to_owned));
    note_embargo(&mut item, within("embargoed").map(Element::text).filter(|until| !until.is_empty()));
    for part in element.at(&["contentSet"]).into_iter().flat_map(Element::elements) {
        set_body(&mut item, part);
    }
    if item.has_body() { Ok(item) } else { Err(Problem::NoText) }
}

/// Understands an item of NewsML 1.
pub(super) fn item_of_version_1(element: &Element) -> Result<Item, Problem> {
    let management = element.at(&["NewsManagement"]);
    let within = |name: &str| management.and_then(|management| management.at(&[name]));
    refuse_withdrawn(within("Status").and_then(|status| status.attribute("FormalName")))?;
    let identifier = element.at(&["Identification", "NewsIdentifier"]);
    let lines = element.find("NewsLines");
    let line = |name: &str| lines.and_then(|lines| lines.text_at(&[name]));
    let formal = |name: &str| element.find(name).and_then(|found| found.attribute("FormalName")).map(str::to_owned);
    let mut item = Item::default();
    item.set("title", line("HeadLine").map(|title| plain(&title)));
    item.set("byline", line("ByLine"));
    let party =
        element.find("Provider").or_else(|| element.find("Source")).and_then(|provider| provider.at(&["Party"]));
    item.set("outlet", party.and_then(|party| party.attribute("FormalName")).map(str::to_owned));
    item.set("date", within("ThisRevisionCreated").or_else(|| within("FirstCreated")).map(Element::text));
    item.set("date", identifier.and_then(|identifier| identifier.text_at(&["DateId"])));
    item.set("language", formal("Language"));
    item.set("section", formal("SubjectMatter").or_else(|| formal("Subject")));
    item.set("id", identifier.and_then(|identifier| identifier.text_at(&["PublicIdentifier"])));
    if let Some(content) = element.find("DataContent") {
        set_body(&mut item, content);
    }
    if item.has_body() { Ok(item) } else { Err(Problem::NoText) }
}

/// The body in a part of the content: NITF, XHTML, or text that may be escaped markup.
fn set_body(item: &mut Item, part: &Element) {
    if let Some(document) = part.find("nitf") {
        nitf::fill(item, document);
    } else if let Some(body) = part.find("body.content").or_else(|| part.find("body")) {
        item.set_body(&body_markup(body));
    } else if matches!(part.name.as_str(), "inlineXML" | "DataContent") && part.elements().next().is_some() {
        item.set_body(&body_markup(part));
    } else if matches!(part.name.as_str(), "inlineXML" | "inlineData" | "DataContent") {
        let content = part.verbatim();
        let is_base64 = part.attribute("encoding").is_some_and(|encoding| encoding.ends_with("base64"));
        let decoded = is_base64.then(|| base64_decode(content.as_bytes())).flatten();
        let decoded = decoded.and_then(|bytes| charset::decode(bytes, None).ok()).map(|decoded| decoded.text);
        item.set_body(&decoded.unwrap_or(content));
    }
}

/// What a party is called: by a name, a literal, or at least the end of its code.
fn called(party: &Element) -> Option<String> {
    let name = party.text_at(&["name"]).or_else(|| party.attribute("literal").map(str::to_owned));
    name.or_else(|| party.attribute("qcode").and_then(|code| code.rsplit(':').next()).map(str::to_owned))
}
