//! Who talks about whom: rows, `GraphML` for programs that draw graphs, DOT for Graphviz.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::escape::escape;
use serde::Serialize;

use super::csv;
use super::harmless::one_line;
use super::phrase::word;
use crate::entity::EntityKind;

/// A speaker and somebody named in their words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// Who speaks.
    pub speaker: String,
    /// Who or what is named.
    pub about: String,
    /// Person or organization.
    pub kind: EntityKind,
    /// The outlet or month, where edges are counted by one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Quotations.
    pub quotes: u64,
    /// Articles with such quotations.
    pub articles: u64,
}

/// One row per edge.
pub fn rows(out: &mut impl Write, edges: &[Edge], part: Option<&str>) -> io::Result<()> {
    let header: Vec<&str> =
        ["speaker", "about", "kind"].into_iter().chain(part).chain(["quotes", "articles"]).collect();
    let cells = edges.iter().map(|edge| -> Vec<Cow<str>> {
        let mut row = vec![edge.speaker.as_str().into(), edge.about.as_str().into(), word(&edge.kind).into()];
        row.extend(edge.part.as_deref().map(Cow::from));
        row.extend([edge.quotes.to_string().into(), edge.articles.to_string().into()]);
        row
    });
    csv::table(out, &header, cells)
}

/// A `GraphML` document.
pub fn graphml(out: &mut impl Write, edges: &[Edge], part: Option<&str>) -> io::Result<()> {
    let nodes = nodes(edges);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
    writeln!(out, "  <key id=\"label\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>")?;
    if let Some(name) = part {
        writeln!(out, "  <key id=\"{name}\" for=\"edge\" attr.name=\"{name}\" attr.type=\"string\"/>")?;
    }
    for name in ["weight", "articles"] {
        writeln!(out, "  <key id=\"{name}\" for=\"edge\" attr.name=\"{name}\" attr.type=\"long\"/>")?;
    }
    writeln!(out, "  <graph edgedefault=\"directed\">")?;
    for (name, number) in &nodes {
        writeln!(out, "    <node id=\"n{number}\"><data key=\"label\">{}</data></node>", escape(one_line(name)))?;
    }
    for edge in edges {
        let [from, to] = ends(&nodes, edge);
        write!(out, "    <edge source=\"n{from}\" target=\"n{to}\">")?;
        for (name, value) in part.iter().zip(&edge.part) {
            write!(out, "<data key=\"{name}\">{}</data>", escape(one_line(value)))?;
        }
        let (quotes, articles) = (edge.quotes, edge.articles);
        writeln!(out, "<data key=\"weight\">{quotes}</data><data key=\"articles\">{articles}</data></edge>")?;
    }
    writeln!(out, "  </graph>\n</graphml>")
}

/// A graph in the language of Graphviz.
pub fn dot(out: &mut impl Write, edges: &[Edge]) -> io::Result<()> {
    let nodes = nodes(edges);
    let quoted = |text: &str| format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""));
    writeln!(out, "digraph onrecord {{")?;
    for (name, number) in &nodes {
        writeln!(out, "  n{number} [label={}];", quoted(name))?;
    }
    for edge in edges {
        let [from, to] = ends(&nodes, edge);
        let label = edge.part.iter().fold(edge.quotes.to_string(), |label, part| format!("{part}: {label}"));
        writeln!(out, "  n{from} -> n{to} [weight={}, label={}];", edge.quotes, quoted(&label))?;
    }
    writeln!(out, "}}")
}

/// Everybody in a graph, with a number.
fn nodes(edges: &[Edge]) -> BTreeMap<&str, usize> {
    let mut nodes: BTreeMap<&str, usize> =
        edges.iter().flat_map(|edge| [edge.speaker.as_str(), &edge.about]).map(|name| (name, 0)).collect();
    nodes.values_mut().zip(0..).for_each(|(number, next)| *number = next);
    nodes
}

fn ends(nodes: &BTreeMap<&str, usize>, edge: &Edge) -> [usize; 2] {
    [&edge.speaker, &edge.about].map(|name| nodes.get(name.as_str()).copied().unwrap_or_default())
}
