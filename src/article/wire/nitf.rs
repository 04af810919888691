//! NITF, the News Industry Text Format (IPTC, versions 2.5 to 3.6).

use super::super::Problem;
use super::super::items::Item;
use super::super::xml::Element;
use super::{body_markup, note_embargo, refuse_withdrawn};

/// Understands a document.
pub(super) fn item(nitf: &Element) -> Result<Item, Problem> {
    let data = nitf.at(&["head", "docdata"]);
    refuse_withdrawn(data.and_then(|data| data.attribute("management-status")))?;
    let mut item = Item::default();
    fill(&mut item, nitf);
    if !item.has_body() {
        return Err(Problem::NoText);
    }
    Ok(item)
}

/// Sets what a document says, where nothing is set yet: within NewsML, the envelope goes first.
pub(super) fn fill(item: &mut Item, nitf: &Element) {
    let head = nitf.at(&["head"]);
    let data = nitf.at(&["head", "docdata"]);
    let publication = nitf.at(&["head", "pubdata"]);
    let body_head = nitf.at(&["body", "body.head"]);
    let headline = body_head.and_then(|head| head.at(&["hedline"]));
    item.set("title", headline.and_then(|headline| headline.text_at(&["hl1"]).or_else(|| Some(headline.text()))));
    item.set("title", head.and_then(|head| head.text_at(&["title"])));
    item.set_all("byline", body_head.into_iter().flat_map(|head| head.all("byline")).map(byline));
    let attribute = |element: Option<&Element>, name: &str| element.and_then(|e| e.attribute(name)).map(str::to_owned);
    item.set("outlet", attribute(publication, "name"));
    item.set("outlet", body_head.and_then(|head| head.text_at(&["distributor"])));
    item.set("outlet", attribute(data.and_then(|data| data.at(&["doc.copyright"])), "holder"));
    item.set("section", attribute(publication, "position.section"));
    item.set("url", attribute(publication, "ex-ref").filter(|reference| reference.starts_with("http")));
    item.set("id", attribute(data.and_then(|data| data.at(&["doc-id"])), "id-string"));
    item.set("language", attribute(Some(nitf), "xml:lang").or_else(|| attribute(nitf.at(&["body"]), "xml:lang")));
    item.set("date", attribute(publication, "date.publication"));
    for name in ["date.issue", "date.release"] {
        item.set("date", attribute(data.and_then(|data| data.at(&[name])), "norm"));
    }
    item.set("date", attribute(body_head.and_then(|head| head.at(&["dateline", "story.date"])), "norm"));
    if data.and_then(|data| data.attribute("management-status")) == Some("embargoed") {
        note_embargo(item, attribute(data.and_then(|data| data.at(&["date.release"])), "norm"));
    }
    if let Some(content) = nitf.at(&["body", "body.content"]) {
        item.set_body(&body_markup(content));
    }
}

/// Who wrote it, without the title that follows the name: `By <person>Ann Ray</person> <byttl>Staff writer</byttl>`.
fn byline(byline: &Element) -> String {
    let people: Vec<String> = byline.all("person").map(Element::text).collect();
    if people.is_empty() { byline.text_without("byttl") } else { people.join(", ") }
}
