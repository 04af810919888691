//! ninjs, the IPTC's news in JSON. Generation 1 names its fields as records do; from 2.0 on, headlines and bodies are
//! lists of variants, and some names are new.

use serde_json::Value;

use super::super::problem::shown;
use super::super::{Fields, Problem};
use super::refuse_withdrawn;

/// Gives an item the fields that records have and the body whose paragraphs can be told; leaves any other record as it is.
pub(in super::super) fn flatten(fields: &mut Fields) -> Result<(), Problem> {
    if !is_ninjs(fields) {
        return Ok(());
    }
    refuse_withdrawn(text(fields, "pubstatus"))?;
    if let Some(kind) = text(fields, "type").filter(|kind| !matches!(*kind, "text" | "composite")) {
        return Err(Problem::NotText { kind: shown(kind) });
    }
    let headline = variant(fields, "headlines", &["main", "headline"]).map(|value| ("title", value));
    let html = body(fields, |kind| kind.contains("html")).map(|value| ("html", value));
    let plain = body(fields, |kind| !kind.contains("html")).map(|value| ("text", value));
    let by = text(fields, "by").map(|by| ("byline", by.to_owned()));
    let outlet = party(fields, "infosources").or_else(|| text(fields, "copyrightholder").map(str::to_owned));
    // Marked-up bodies keep their paragraphs; plain ones often are one line.
    if html.is_some() || ["body_xhtml", "body_html"].iter().any(|name| text(fields, name).is_some()) {
        fields.retain(|name, _| !name.eq_ignore_ascii_case("body_text"));
    }
    let found = headline.into_iter().chain(html.or(plain)).chain(by).chain(outlet.map(|name| ("outlet", name)));
    for (name, value) in found.collect::<Vec<_>>() {
        if named(fields, name).is_none() {
            fields.insert(name.to_owned(), Value::String(value));
        }
    }
    Ok(())
}

fn is_ninjs(fields: &Fields) -> bool {
    ["bodies", "headlines", "pubstatus", "representationtype"].iter().any(|name| named(fields, name).is_some())
        && ["uri", "versioncreated"].iter().any(|name| named(fields, name).is_some())
}

/// A field whatever the case of its name: 2.0 began with `versioncreated`, its errata made it `versionCreated`.
fn named<'f>(fields: &'f Fields, name: &str) -> Option<&'f Value> {
    fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn text<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    named(fields, name).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

fn variants<'f>(fields: &'f Fields, name: &str) -> impl Iterator<Item = &'f Fields> {
    named(fields, name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// The value of the first variant with one of these roles, else of the first.
fn variant(fields: &Fields, name: &str, roles: &[&str]) -> Option<String> {
    let fits = |variant: &&Fields| text(variant, "role").is_some_and(|role| roles.contains(&role));
    let chosen = variants(fields, name).find(fits).or_else(|| variants(fields, name).next())?;
    text(chosen, "value").map(str::to_owned)
}

/// The first body whose type or, where it has none, role is wanted.
fn body(fields: &Fields, wanted: impl Fn(&str) -> bool) -> Option<String> {
    let kind =
        |body: &Fields| text(body, "contenttype").or_else(|| text(body, "role")).unwrap_or("").to_ascii_lowercase();
    variants(fields, "bodies")
        .find(|body| wanted(&kind(body)) && text(body, "value").is_some())
        .and_then(|body| text(body, "value"))
        .map(str::to_owned)
}

fn party(fields: &Fields, name: &str) -> Option<String> {
    variants(fields, name).find_map(|party| text(party, "name")).map(str::to_owned)
}
