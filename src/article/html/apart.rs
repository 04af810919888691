//! Parts of a page that stand apart from the main prose: some of an article's paragraphs are set in a wrapper of their own, and
//! so is what is no part of it. That has links, pictures and labels beside its sentences.

use rustc_hash::FxHashMap;

use super::block::Block;
use super::dom::{Dom, NodeId};
use super::features::{Feature, offers};
use super::tag::Tag;

/// The parts of a page that hold no main prose, each as large as it can be.
pub(super) struct Apart {
    /// The part of each block.
    parts: Vec<Option<NodeId>>,
    found: FxHashMap<NodeId, Part>,
}

/// What a part holds.
#[derive(Default)]
pub(super) struct Part {
    length: usize,
    prose: usize,
    linked: usize,
    has_media: bool,
}

impl Part {
    /// What it says of its blocks.
    pub(super) fn features(&self) -> [(Feature, f32); 4] {
        let flag = |is: bool| f32::from(u8::from(is));
        let is_plain = self.linked == 0 && !self.has_media;
        let prose = if is_plain { self.prose as f32 / self.length.max(1) as f32 } else { 0.0 };
        [
            (Feature::Apart, 1.0),
            (Feature::ApartLinks, flag(self.linked > 0)),
            (Feature::ApartMedia, flag(self.has_media)),
            (Feature::ApartProse, prose),
        ]
    }
}

impl Apart {
    pub(super) fn new(dom: &Dom<'_>, all: &[Block], is_main: &[bool]) -> Self {
        let mut holds_main = vec![false; dom.len()];
        for (block, _) in all.iter().zip(is_main).filter(|(_, main)| **main) {
            for node in std::iter::once(block.node).chain(dom.ancestors(block.node)) {
                match holds_main.get_mut(node.index()) {
                    Some(holds @ false) => *holds = true,
                    Some(true) | None => break,
                }
            }
        }
        let holds = |node: NodeId| holds_main.get(node.index()) == Some(&true);
        let mut apart = Apart { parts: Vec::with_capacity(all.len()), found: FxHashMap::default() };
        for block in all {
            let around = std::iter::once(block.node).chain(dom.ancestors(block.node));
            let part = around.take_while(|node| !holds(*node)).last();
            apart.parts.push(part);
            if let Some(node) = part {
                let part = apart.found.entry(node).or_insert_with(|| {
                    let has_media = std::iter::once(node).chain(dom.within(node)).any(|inner| is_media(dom, inner));
                    Part { has_media, ..Part::default() }
                });
                part.length += block.text.len();
                part.prose += if block.prose() > 0.0 && offers(&block.text) <= 0.0 { block.text.len() } else { 0 };
                part.linked += block.linked;
            }
        }
        apart
    }

    /// The part that the block at a place lies in.
    pub(super) fn of(&self, at: usize) -> Option<&Part> {
        self.found.get(self.parts.get(at)?.as_ref()?)
    }
}

/// True for what shows a picture, or is there to be pressed or filled in.
fn is_media(dom: &Dom<'_>, node: NodeId) -> bool {
    matches!(
        dom.tag(node),
        Some(Tag::Img | Tag::Picture | Tag::Svg | Tag::Button | Tag::Input | Tag::Form | Tag::Iframe | Tag::Video)
    )
}
