//! The turns of a conversation on a page: who speaks is in an element of their own, with a time or without, or in a line.

use rustc_hash::{FxHashMap, FxHashSet};

use super::block::{Block, BlockKind, ends_sentence};
use super::dom::Dom;
use super::features::name;
use crate::article::Locator;
use crate::article::transcript::{Start, is_name_of_label, label, start};

/// A line between two line breaks.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    pub(super) is_bold: bool,
}

/// True if somebody else begins to speak behind a line break: with a name, or by a question in bold or its answer.
pub(super) fn is_border(above: Line<'_>, below: Line<'_>) -> bool {
    let is_question = |line: Line<'_>| line.is_bold && line.text.ends_with(['?', '？']);
    let is_named =
        |line: &str| label(line).is_some_and(|(name, _)| is_name_of_label(name)) || timed_name(line).is_some();
    is_question(above)
        || timed_name(above.text).is_some()
        || ends_sentence(above.text) && (is_question(below) || is_named(below.text))
}

/// A name and a time with nothing behind them.
fn timed_name(line: &str) -> Option<Start<'_>> {
    start(line).filter(|start| start.name.is_some() && start.words.is_empty())
}

/// A time alone.
fn bare_time(text: &str) -> Option<&str> {
    const LONGEST: usize = 30;
    if text.len() > LONGEST {
        return None;
    }
    let start = start(text)?;
    (start.name.is_none() && start.words.is_empty()).then_some(start.time)
}

/// True for a time alone.
pub(super) fn is_time(text: &str) -> bool {
    bare_time(text).is_some()
}

/// Who begins to speak in a block.
struct Turn {
    name: String,
    time: Option<Locator>,
    /// What is said in the same block; else it is in the one at `words_at`.
    words: String,
    /// The first of its blocks.
    at: usize,
    words_at: usize,
}

/// The blocks without times of their own; where they are the turns of a conversation, each begins with who speaks.
pub(super) fn named(dom: &Dom<'_>, mut blocks: Vec<Block>) -> Vec<Block> {
    let turns = turns(&blocks);
    let (timed, bare): (Vec<Turn>, Vec<Turn>) = turns.into_iter().partition(|turn| turn.time.is_some());
    let turns = if is_recording(&timed) { timed } else { conversation(dom, &blocks, bare) };
    let mut left_out: FxHashSet<usize> = FxHashSet::default();
    for turn in turns {
        left_out.extend(turn.at..turn.words_at);
        let first = blocks.get(turn.at).map(|block| block.first);
        if let Some((block, first)) = blocks.get_mut(turn.words_at).zip(first) {
            let words = if turn.words.is_empty() { &block.text } else { &turn.words };
            block.text = format!("{}: {words}", turn.name);
            block.first = first;
            block.kind = BlockKind::Paragraph;
        }
    }
    let mut at = 0..;
    blocks.retain(|block| at.next().is_some_and(|at| !left_out.contains(&at)) && !is_time(&block.text));
    blocks
}

/// Every block that may begin a turn, and has words in it or in the next one.
fn turns(blocks: &[Block]) -> Vec<Turn> {
    let mut turns = Vec::new();
    let mut time: Option<(usize, &str)> = None;
    for (at, block) in blocks.iter().enumerate() {
        if let Some(bare) = bare_time(&block.text) {
            time = Some((at, bare));
            continue;
        }
        let before = time.take();
        let (from, name, words, time, words_at) = match start(&block.text) {
            Some(Start { name: Some(name), time, words, .. }) => {
                (at, name, words, Some(time), at + usize::from(words.is_empty()))
            }
            _ if is_bare_name(block) => match (before, blocks.get(at + 1).and_then(|next| bare_time(&next.text))) {
                (_, Some(time)) => (at, &*block.text, "", Some(time), at + 2),
                (Some((from, time)), None) => (from, &*block.text, "", Some(time), at + 1),
                (None, None) => (at, &*block.text, "", None, at + 1),
            },
            _ => continue,
        };
        let name = name.trim_end_matches([':', '：', ' ', '-', '–', '—']).to_owned();
        let speaks = |next: &Block| words_at == at || !is_bare_name(next) && start(&next.text).is_none();
        if blocks.get(words_at).is_some_and(speaks) {
            turns.push(Turn { name, time: time.and_then(Locator::time), words: words.to_owned(), at: from, words_at });
        }
    }
    turns
}

fn is_bare_name(block: &Block) -> bool {
    const LONGEST: usize = 60;
    let text = block.text.trim_end_matches([':', '：', ' ']);
    text.len() <= LONGEST
        && !matches!(block.kind, BlockKind::Heading(..=2))
        && !ends_sentence(text)
        && is_name_of_label(text)
}

/// True for turns whose times are those of a recording: they begin with it and go on, and somebody speaks again.
fn is_recording(turns: &[Turn]) -> bool {
    const LEAST: usize = 3;
    const SOON: Locator = Locator::Time(600);
    let mut names: FxHashSet<&str> = FxHashSet::default();
    turns.len() >= LEAST
        && turns.first().and_then(|turn| turn.time) <= Some(SOON)
        && turns.is_sorted_by_key(|turn| turn.time)
        && turns.iter().any(|turn| !names.insert(&turn.name))
}

/// Who speaks in turns that are set alike.
#[derive(Default)]
struct Voices {
    /// How often each of them does.
    counts: FxHashMap<String, usize>,
    last: Option<String>,
    /// True if somebody speaks twice in a row.
    goes_on: bool,
}

/// The turns of two or more who take turns, set alike.
fn conversation(dom: &Dom<'_>, blocks: &[Block], turns: Vec<Turn>) -> Vec<Turn> {
    const LEAST: usize = 4;
    const MEMBERS: usize = 2;
    let set = |turn: &Turn| blocks.get(turn.at).map(|block| name(dom, block.node));
    let mut sets: FxHashMap<_, Voices> = FxHashMap::default();
    for turn in &turns {
        let voices = sets.entry(set(turn)).or_default();
        *voices.counts.entry(turn.name.clone()).or_default() += 1;
        voices.goes_on |= voices.last.as_ref() == Some(&turn.name);
        voices.last = Some(turn.name.clone());
    }
    let is_conversation = |turn: &Turn| {
        sets.get(&set(turn)).is_some_and(|voices| {
            let again = voices.counts.values().filter(|count| **count > 1).count();
            voices.counts.values().sum::<usize>() >= LEAST && again >= MEMBERS && !voices.goes_on
        })
    };
    turns.into_iter().filter(is_conversation).collect()
}
