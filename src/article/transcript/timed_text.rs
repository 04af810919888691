//! Captions as Timed Text (TTML, DFXP): paragraphs with times, and agents who speak.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use super::super::xml::{self, Element, Node};

/// True for the beginning of Timed Text.
pub(super) fn begin(text: &str) -> bool {
    const HEAD: usize = 2000;
    let head = text.get(..text.floor_char_boundary(HEAD)).unwrap_or(text);
    head.starts_with('<') && (head.contains("/ns/ttml") || head.contains("/ttaf1")) && head.contains("tt")
}

/// The same as `WebVTT`; empty for what is no Timed Text.
pub(super) fn as_captions(text: &str) -> String {
    let mut captions = String::from("WEBVTT\n");
    if let Some(root) = xml::root(text) {
        let mut agents = FxHashMap::default();
        find_agents(&root, &mut agents);
        write_cues(&root, None, &agents, &mut captions);
    }
    captions
}

/// The names of the agents wherever they are declared: in the head, its metadata, or beside what they say. A full name counts
/// for more than another.
fn find_agents<'d>(element: &'d Element, agents: &mut FxHashMap<&'d str, String>) {
    for inner in element.elements() {
        if inner.name == "agent" {
            let is_full = |name: &&Element| name.attribute("type") == Some("full");
            let name = inner.all("name").find(is_full).map(Element::text).or_else(|| inner.text_at(&["name"]));
            if let (Some(id), Some(name)) = (inner.attribute("xml:id"), name.filter(|name| !name.trim().is_empty())) {
                agents.entry(id).or_insert(name);
            }
        } else {
            find_agents(inner, agents);
        }
    }
}

fn write_cues(element: &Element, agent: Option<&str>, agents: &FxHashMap<&str, String>, captions: &mut String) {
    let agent = element.attribute("ttm:agent").or(agent);
    if element.name != "p" {
        return element.elements().for_each(|inner| write_cues(inner, agent, agents, captions));
    }
    let Some(start) = element.attribute("begin").and_then(clock) else { return };
    let inner = element.elements().find_map(|inner| inner.attribute("ttm:agent"));
    let agent = inner.or(agent).and_then(|ids| ids.split_whitespace().find_map(|id| agents.get(id)));
    let voice = agent.map_or(String::new(), |name| format!("<v {}>", name.replace(['<', '>'], " ")));
    let mut lines = String::new();
    write_lines(element, &mut lines);
    let lines: Vec<String> = lines
        .split('\u{2028}')
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    let _ = writeln!(captions, "\n{start} --> \n{voice}{}", lines.join("\n"));
}

/// The text of a cue, a line separator for each break.
fn write_lines(element: &Element, lines: &mut String) {
    for node in &element.nodes {
        match node {
            Node::Text(text) => lines.push_str(&text.replace('&', "&amp;").replace('<', "&lt;")),
            Node::Element(inner) if inner.name == "br" => lines.push('\u{2028}'),
            Node::Element(inner) => write_lines(inner, lines),
        }
    }
}

/// `00:00:01.000`, `00:00:01:12` with the number of a picture, `1.5s`, as hours, minutes and seconds.
fn clock(time: &str) -> Option<String> {
    if let Some(seconds) = time.strip_suffix('s').filter(|time| !time.ends_with('m')) {
        let seconds = seconds.parse::<f64>().ok()?.max(0.0) as u64;
        return Some(format!("{:02}:{:02}:{:02}.000", seconds / 3600, seconds / 60 % 60, seconds % 60));
    }
    let parts: Vec<&str> = time.split(':').take(3).collect();
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (parts.len() == 3 && parts.iter().all(is_number)).then(|| parts.join(":"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;

    #[test]
    fn agents_speak_at_their_times() {
        let text = |cues: &str| {
            format!(
                "<?xml version=\"1.0\"?><tt xmlns=\"http://www.w3.org/ns/ttml\" xmlns:ttm=\"http://www.w3.org/ns/ttml#metadata\"><head><metadata>\
                 <ttm:agent xml:id=\"a1\" type=\"person\"><ttm:name type=\"full\">Tove Lindqvar</ttm:name></ttm:agent></metadata></head>\
                 <body><div>{cues}</div></body></tt>"
            )
        };
        check(
            &text(
                "<p begin=\"00:00:01.000\" end=\"00:00:03.000\" ttm:agent=\"a1\">We are <span>glad</span><br/>it is over.</p>\
                 <p begin=\"3.5s\" end=\"5s\">- Who pays?</p>",
            ),
            &["Tove Lindqvar: We are glad it is over.", "Who pays?"],
        );
        for head in [
            "<ttm:agent xml:id=\"a1\"><ttm:name type=\"alias\">Tove</ttm:name><ttm:name type=\"full\">Tove Lindqvar</ttm:name></ttm:agent>",
            "<metadata><x><ttm:agent xml:id=\"a1\"><ttm:name>Tove Lindqvar</ttm:name></ttm:agent></x></metadata>",
            "<layout/><metadata/><metadata><ttm:agent xml:id=\"a1\"><ttm:name>Tove Lindqvar</ttm:name></ttm:agent></metadata>",
        ] {
            check(
                &format!(
                    "<tt xmlns=\"http://www.w3.org/ns/ttml\" xmlns:ttm=\"http://www.w3.org/ns/ttml#metadata\"><head>{head}</head>\
                     <body><div><p begin=\"1s\" ttm:agent=\"a0 a1\">We are glad.</p><p begin=\"2s\">Who pays?</p></div></body></tt>"
                ),
                &["Tove Lindqvar: We are glad.", "Who pays?"],
            );
        }
        check(
            &text(
                "<p begin=\"00:00:01:05\">We are glad &amp; &lt;free&gt;</p><p begin=\"00:00:03:10\">that it is over.</p>",
            ),
            &["We are glad & <free> that it is over."],
        );
    }
}
