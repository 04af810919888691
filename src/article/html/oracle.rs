//! The tree beside html5ever's, which follows the standard to the letter: no word of a page may be lost.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use html5ever::parse_document;
use html5ever::tendril::TendrilSink;
use markup5ever_rcdom::{NodeData, RcDom};

use super::dom::{Dom, NodeKind};
use super::entity::{Line, UNENDED};
use super::tag::Tag;

/// The words of a page's body by html5ever, outside of what is no text.
fn expected(html: &str) -> HashMap<String, usize> {
    let page = parse_document(RcDom::default(), html5ever::ParseOpts::default()).one(html);
    let mut counts = HashMap::new();
    let mut open = vec![page.document];
    while let Some(node) = open.pop() {
        match &node.data {
            NodeData::Element { name, .. }
                if [
                    "head", "script", "style", "noscript", "iframe", "textarea", "select", "title", "svg", "xmp",
                    "noframes",
                ]
                .contains(&&*name.local) => {}
            NodeData::Text { contents } => count(&contents.borrow(), &mut counts),
            _ => open.extend(node.children.borrow().iter().cloned()),
        }
    }
    counts
}

fn found(html: &str) -> HashMap<String, usize> {
    let dom = Dom::parse(html);
    let mut counts = HashMap::new();
    for node in dom.all() {
        if let NodeKind::Text(text) = dom.kind(node)
            && !dom.ancestors(node).any(|around| matches!(dom.tag(around), Some(Tag::Script | Tag::Style)))
        {
            let mut line = Line::default();
            line.push(text);
            count(&line.finish(), &mut counts);
        }
    }
    counts
}

fn count(text: &str, counts: &mut HashMap<String, usize>) {
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_owned()).or_default() += 1;
    }
}

#[track_caller]
fn check(html: &str, name: &str) {
    let found = found(html);
    let lost: Vec<_> =
        expected(html).into_iter().filter(|(word, count)| found.get(word).copied().unwrap_or(0) < *count).collect();
    assert!(lost.is_empty(), "{name} loses {lost:?}");
}

#[test]
fn names_without_a_semicolon_are_as_in_browsers() {
    assert!(UNENDED.is_sorted());
    for name in UNENDED {
        check(&format!("<p>a&{name}cole b&{name}12 c&{name}; d&{name}, e&{name}"), name);
    }
}

#[test]
fn marks_gone_wrong_lose_no_words() {
    for html in [
        "<h2>One</h3><p>two<p>three",
        "<p>one<!-- two --!>three<p>four",
        "<!-->one<!--->two<!---->three",
        "<head><title>t</title><p>one<p>two",
        "<p>one <svg viewBox='0 0 1 1' /> two</p><p>three",
        "one</br>two</p>three",
        "<p>caf&eacute three &pound9 &notit; &amp",
        "<table><tr>one<td>two</table>three",
        "<b><p>one</b>two</p>three<a>four<a>five",
        "<p class='a\" b>one</p><p>two' c>three</p>",
        "<ul><li>one<li>two</ul><dl><dt>three<dd>four",
        "<select><option>x</select><p>one<button>two<p>three</button>",
        "<form><p>one<form><p>two</form>three",
        "<p>one<![CDATA[two]]>three<?php x ?>four<!doctype html>five</p>",
        "<article><div><p>one</article>two</div>three",
    ] {
        check(html, html);
    }
}

#[test]
fn pages_of_the_shared_data_lose_no_words() {
    let shared = std::env::var("ONRECORD_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let mut pages = 0;
    for folder in ["cases/pages", "cases/records", "data/fundus-us", "data/fundus-world/fr", "data/fundus-world/de"] {
        let Ok(files) = std::fs::read_dir(Path::new(&shared).join(folder)) else { continue };
        for path in files.map(|file| file.unwrap().path()) {
            let name = path.to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).unwrap();
            let html = match path.extension().and_then(std::ffi::OsStr::to_str) {
                Some("html") => bytes,
                Some("gz") => {
                    let mut html = Vec::new();
                    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut html).unwrap();
                    html
                }
                _ => continue,
            };
            if let Ok(html) = std::str::from_utf8(&html) {
                check(html, &name);
                pages += 1;
            }
        }
    }
    if pages == 0 {
        eprintln!("skipped: no pages in {shared}");
    }
}
