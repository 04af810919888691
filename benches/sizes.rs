//! Where the room in an index goes: by component of tantivy's and by field, with what each is in percent of the text.
//!
//! usage: cargo bench --bench sizes -- INDEX

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "a bench that cannot start has nothing to say but why"
)]

use std::collections::BTreeMap;
use std::path::Path;

use onrecord::index::Index;
use tantivy::index::SegmentComponent;
use tantivy::space_usage::{ComponentSpaceUsage, PerFieldSpaceUsage};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let Some(dir) = arguments.first() else {
        println!("no index given; usage: cargo bench --bench sizes -- INDEX");
        return;
    };
    let index = Index::open(Path::new(dir)).unwrap();
    let text = text_of(&index);
    let usage = index.searcher().space_usage().unwrap();
    let components = [
        ("terms", SegmentComponent::Terms),
        ("postings", SegmentComponent::Postings),
        ("positions", SegmentComponent::Positions),
        ("lengths", SegmentComponent::FieldNorms),
        ("columns", SegmentComponent::FastFields),
        ("stored", SegmentComponent::Store),
        ("deletes", SegmentComponent::Delete),
    ];
    let mut rows: BTreeMap<(usize, String), u64> = BTreeMap::new();
    let mut whole: BTreeMap<usize, u64> = BTreeMap::new();
    for segment in usage.segments() {
        for (place, (_, component)) in components.iter().enumerate() {
            let usage = segment.component(component.clone());
            let fields = match &usage {
                ComponentSpaceUsage::PerField(fields) => Some(fields),
                ComponentSpaceUsage::Store(_) | ComponentSpaceUsage::Basic(_) => None,
            };
            for field in fields.into_iter().flat_map(PerFieldSpaceUsage::fields) {
                *rows.entry((place, field.field_name().to_owned())).or_default() += field.total().get_bytes();
            }
            *whole.entry(place).or_default() += match usage {
                ComponentSpaceUsage::PerField(fields) => fields.total().get_bytes(),
                ComponentSpaceUsage::Store(store) => store.total().get_bytes(),
                ComponentSpaceUsage::Basic(bytes) => bytes.get_bytes(),
            };
        }
    }
    let files: u64 = std::fs::read_dir(onrecord::index::derived(std::path::Path::new(dir)))
        .unwrap()
        .map(|f| f.unwrap().metadata().unwrap().len())
        .sum();
    let segments = usage.segments().len();
    println!(
        "{:.2} MB of text in {segments} segments take {:.2} MB, {:.2} times as much",
        mb(text),
        mb(files),
        files as f64 / text as f64
    );
    let share = |bytes: u64| bytes as f64 / text as f64 * 100.0;
    let line = |name: &str, bytes: u64| println!("{name:<28} {:>9.3} MB {:>7.2}%", mb(bytes), share(bytes));
    for (place, (name, _)) in components.iter().enumerate() {
        line(name, whole.get(&place).copied().unwrap_or(0));
        let mut fields: Vec<_> = rows.iter().filter(|((of, _), _)| *of == place).collect();
        fields.sort_by_key(|(_, bytes)| std::cmp::Reverse(**bytes));
        for ((_, field), bytes) in fields {
            line(&format!("    {field}"), *bytes);
        }
    }
    let segments = usage.total().get_bytes();
    line("manifest and the rest", files.saturating_sub(segments));
}

/// Bytes of the bodies of all articles.
fn text_of(index: &Index) -> u64 {
    index.articles().unwrap().into_iter().map(|at| index.article(at).unwrap().text.len() as u64).sum()
}

fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
