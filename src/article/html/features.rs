//! What is known of a block that tells whether it is part of the article.

use rustc_hash::{FxBuildHasher, FxHashMap};
use std::cell::LazyCell;
use std::hash::BuildHasher;

use super::apart::Apart;
use super::article_body::ArticleBodyCheck;
use super::block::{Block, BlockKind};
use super::boilerplate::{Boilerplate, Evidence, HIDDEN, is_set_in};
use super::boilerplate_line::is_boilerplate_line;
use super::dom::{Dom, NodeId};
use super::page_hints::PageHints;
use super::standfirst::{is_named_standfirst, sums_up};
use super::tag::Tag;
use super::title::letters;
use crate::article::byline;
use crate::language::world;

/// Declares the features, each with its name in the file of weights.
macro_rules! features {
    ($($feature:ident $name:literal,)*) => {
        /// A feature's place among the [`Features`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Feature { $($feature),* }

        /// The names of the features, in their order.
        pub(super) const NAMES: &[&str] = &[$($name),*];
    };
}

features! {
    Bias "bias",
    Heading "heading",
    Item "item",
    Cell "cell",
    Short "shorter than 25 bytes",
    Brief "25 to 60 bytes",
    Medium "60 to 120 bytes",
    Sentence "ends a sentence",
    Links "part of links",
    MostlyLinks "mostly links",
    LikelyName "in likely boilerplate by name",
    ParentShare "part of the prose under the same parent",
    SignatureShare "part of the prose in elements of the same name",
    BeforeMain "before the main prose",
    AfterMain "behind the main prose",
    InBody "the page's data repeat it",
    NotInBody "the page's data leave it out",
    Emphasised "wholly emphasised",
    Digits "mostly digits",
    Described "is the page's description",
    AfterProse "follows main prose",
    BeforeProse "is followed by main prose",
    Figure "in a figure",
    Aside "in an aside",
    Quote "in a quotation",
    Offer "speaks of subscriptions",
    Capitals "in capitals",
    Colon "ends in a colon",
    Outside "before the article's element",
    Repeated "stands on the page twice",
    Standfirst "is named a standfirst",
    Header "in a header",
    Post "in an embedded post",
    LinkedParent "part of links under its parent",
    MainItem "item between main prose",
    MainHeading "heading before main prose",
    ShortAside "short and not named as the main prose",
    Copies "stands on the page three times",
    Depth "levels above or below the main prose",
    OwnShare "part of the prose in elements of its own name",
    Apart "in a part of its own",
    ApartProse "prose in a part of its own without links and pictures",
    ApartLinks "in a part of its own with links",
    ApartMedia "in a part of its own with pictures or controls",
}

/// The values of the features of a block.
pub(super) type Features = [f32; NAMES.len()];

/// True for a feature that holds.
pub(super) fn has(features: &Features, feature: Feature) -> bool {
    features.get(feature as usize).is_some_and(|value| *value > 0.0)
}

/// The text of the main blocks, but for quotations that are set apart.
fn text_of_main(dom: &Dom<'_>, all: &[Block], is_main: &[bool]) -> ArticleBodyCheck {
    let main = all.iter().zip(is_main).filter(|(block, main)| **main && quotation(dom, block.node).is_none());
    let texts: Vec<&str> = main.map(|(block, _)| block.text.as_str()).collect();
    ArticleBodyCheck::new(&texts.join("\n"))
}

/// The candidates among the blocks of a page with their features: what lies within `container`, or between the headline
/// and it.
pub(super) fn of_blocks<'b>(
    dom: &Dom<'_>,
    all: &'b [Block],
    evidence: &[Option<Evidence>],
    container: NodeId,
    hints: PageHints<'_>,
) -> Vec<(&'b Block, Features)> {
    let shares = Shares::new(dom, all, evidence, container);
    let is_main: Vec<bool> =
        all.iter().zip(evidence).map(|(block, evidence)| shares.is_main(dom, block, *evidence)).collect();
    let first_main = is_main.iter().position(|is_main| *is_main).unwrap_or(0);
    let last_main = is_main.iter().rposition(|is_main| *is_main).unwrap_or(all.len());
    let start = hints.headline.map_or(container, |headline| dom.end(headline).min(container));
    let body = hints.article_body.map(|text| BodyCheck::new(text, all, &is_main));
    let within_main = within_main(all, &is_main);
    let copies = copies(all);
    let main_depth = mean_depth(dom, all, &is_main, &shares);
    let main_text = LazyCell::new(|| text_of_main(dom, all, &is_main));
    let title = hints.title.map(letters);
    let apart = Apart::new(dom, all, &is_main);
    let mut found = Vec::new();
    for (at, (block, evidence)) in all.iter().zip(evidence).enumerate() {
        let inside = dom.contains(container, block.first);
        let is_headline = hints.headline.is_some_and(|headline| dom.contains(headline, block.first));
        if !(inside || start <= block.first && at < first_main)
            || is_headline
            || block.kind == BlockKind::Heading(1) && at < first_main
        {
            continue;
        }
        if title.as_ref().is_some_and(|title| *title == letters(&block.text)) {
            continue;
        }
        if is_byline(block, hints.byline) {
            continue;
        }
        // A pull quote repeats the text; where it does not, it is a quotation like any other.
        let is_pulled = evidence.is_some_and(|evidence| matches!(evidence.by, "pullquote" | "quote"));
        let is_signature = is_pulled && block.text.len() < 40 && !block.ends_sentence();
        let is_quotation = is_pulled || quotation(dom, block.node).is_some();
        if is_signature || is_quotation && main_text.contains(&block.text) {
            continue;
        }
        let evidence = evidence.filter(|_| !is_pulled);
        let described = hints.description.is_some_and(|description| sums_up(description, &block.text));
        let is_certain = evidence.is_some_and(|evidence| evidence.boilerplate == Boilerplate::Certain);
        let is_hidden = evidence.is_some_and(|evidence| evidence.by == HIDDEN);
        if is_hidden || (is_certain && !described) || is_boilerplate_line(&block.text, block.link_density()) {
            continue;
        }
        let mut features = [0.0; NAMES.len()];
        let mut set = |feature: Feature, value: f32| {
            if let Some(place) = features.get_mut(feature as usize) {
                *place = value;
            }
        };
        let mut flag = |feature: Feature, is: bool| set(feature, f32::from(u8::from(is)));
        let density = block.link_density();
        let length = block.text.len();
        let beside_main = |at: Option<usize>| at.and_then(|at| is_main.get(at)).copied().unwrap_or(false);
        let (after, before) = (beside_main(at.checked_sub(1)), beside_main(at.checked_add(1)));
        let is_heading = matches!(block.kind, BlockKind::Heading(_));
        flag(Feature::Bias, true);
        flag(Feature::Heading, is_heading);
        flag(Feature::Item, block.kind == BlockKind::Item);
        flag(Feature::Cell, block.kind == BlockKind::Cell);
        flag(Feature::Short, length < 25);
        flag(Feature::Brief, (25..60).contains(&length));
        flag(Feature::Medium, (60..120).contains(&length));
        flag(Feature::Sentence, block.ends_sentence());
        flag(Feature::MostlyLinks, density > 0.7);
        flag(Feature::LikelyName, evidence.is_some_and(|e| e.boilerplate == Boilerplate::Likely));
        flag(Feature::BeforeMain, at < first_main);
        flag(Feature::AfterMain, at > last_main);
        flag(Feature::Emphasised, is_emphasised(dom, block));
        flag(Feature::Digits, block.text.chars().filter(char::is_ascii_digit).count() * 5 > block.text.chars().count());
        flag(Feature::Described, described);
        flag(Feature::AfterProse, after);
        flag(Feature::BeforeProse, before);
        flag(Feature::Capitals, is_shouted(&block.text));
        flag(Feature::Colon, block.text.ends_with([':', '：']));
        flag(Feature::Outside, !inside);
        let own_copies = copies.get(block.text.as_str()).copied().unwrap_or(0);
        flag(Feature::Repeated, length >= 25 && own_copies == 2);
        flag(Feature::Copies, own_copies > 2);
        flag(Feature::MainItem, block.kind == BlockKind::Item && within_main.get(at) == Some(&true));
        flag(Feature::MainHeading, is_heading && before);
        flag(Feature::ShortAside, length < 60 && shares.signature_share(dom, block) < 0.1);
        // What is before the text has features of its own.
        if let Some(part) = apart.of(at).filter(|_| at >= first_main) {
            part.features().into_iter().for_each(|(feature, value)| set(feature, value));
        }
        let flags = Around::of(dom, block.node).features();
        let shared = shares.features(dom, block, main_depth);
        flags.into_iter().chain(shared).for_each(|(feature, value)| set(feature, value));
        set(Feature::Links, density);
        set(Feature::Offer, offers(&block.text));
        if let Some(body) = &body {
            let has = body.check.contains(&block.text);
            set(if has { Feature::InBody } else { Feature::NotInBody }, body.coverage);
        }
        found.push((block, features));
    }
    found
}

/// True for a line of nothing but names of those who wrote it, with what they do.
fn is_byline(block: &Block, authors: &[String]) -> bool {
    const LONGEST: usize = 90;
    if authors.is_empty() || block.text.len() > LONGEST || matches!(block.kind, BlockKind::Heading(_)) {
        return false;
    }
    let own = letters(&block.text);
    let are_known = |names: Vec<String>| names.iter().all(|name| authors.contains(name));
    authors.iter().any(|name| letters(name) == own) || byline::line(&block.text, true).is_some_and(are_known)
}

/// How the prose of the article's element is spread over its parents and over the names of its elements, with those of their
/// parents and without.
struct Shares {
    parents: FxHashMap<NodeId, f32>,
    signatures: FxHashMap<u64, f32>,
    names: FxHashMap<u64, f32>,
    links: FxHashMap<NodeId, (usize, usize)>,
    total: f32,
    container: NodeId,
    /// The block elements that hold paragraphs, with the first of these.
    holders: FxHashMap<NodeId, NodeId>,
}

impl Shares {
    fn new(dom: &Dom<'_>, all: &[Block], evidence: &[Option<Evidence>], container: NodeId) -> Self {
        let mut shares = Shares {
            parents: FxHashMap::default(),
            signatures: FxHashMap::default(),
            names: FxHashMap::default(),
            links: FxHashMap::default(),
            total: 0.0,
            container,
            holders: FxHashMap::default(),
        };
        for paragraph in dom.all().filter(|node| dom.is(*node, Tag::P)) {
            let parent = dom.parent(paragraph);
            let is_block = |node: &NodeId| dom.tag(*node).is_some_and(Tag::is_block);
            let holder = std::iter::once(parent).chain(dom.ancestors(parent)).find(is_block).unwrap_or(parent);
            shares.holders.entry(holder).or_insert(paragraph);
        }
        for (block, evidence) in all.iter().zip(evidence).filter(|(block, _)| dom.contains(container, block.first)) {
            let (parent, signature) = (shares.parent(dom, block), shares.signature(dom, block));
            let (linked, length) = shares.links.entry(parent).or_default();
            *linked += block.linked;
            *length += block.text.len();
            let prose = block.prose();
            if evidence.is_none() && prose > 0.0 {
                *shares.parents.entry(parent).or_default() += prose;
                *shares.signatures.entry(signature).or_default() += prose;
                *shares.names.entry(shares.own_name(dom, block)).or_default() += prose;
                shares.total += prose;
            }
        }
        shares
    }

    /// Of sentences beside paragraphs that are one of them without its tag (`<div>Text<p>More`), or set apart as a quotation,
    /// the first of these paragraphs.
    fn beside(&self, dom: &Dom<'_>, block: &Block) -> Option<NodeId> {
        let is_text = block.kind == BlockKind::Paragraph && block.ends_sentence();
        let holder = quotation(dom, block.node).map_or(block.node, |quotation| dom.parent(quotation));
        self.holders.get(&holder).filter(|_| is_text).copied()
    }

    /// The element around a block; what is folded away belongs to that around it. `<font>` may be around paragraphs.
    fn parent(&self, dom: &Dom<'_>, block: &Block) -> NodeId {
        let parent = dom.parent(self.beside(dom, block).unwrap_or(block.node));
        if dom.is(parent, Tag::Details) { dom.parent(parent) } else { parent }
    }

    fn signature(&self, dom: &Dom<'_>, block: &Block) -> u64 {
        let own = name(dom, self.beside(dom, block).unwrap_or(block.node));
        FxBuildHasher.hash_one((own, name(dom, self.parent(dom, block))))
    }

    fn depth(&self, dom: &Dom<'_>, block: &Block) -> usize {
        1 + dom.ancestors(self.parent(dom, block)).count()
    }

    fn parent_share(&self, dom: &Dom<'_>, block: &Block) -> f32 {
        self.parents.get(&self.parent(dom, block)).map_or(0.0, |prose| prose / self.total.max(1.0))
    }

    fn signature_share(&self, dom: &Dom<'_>, block: &Block) -> f32 {
        self.signatures.get(&self.signature(dom, block)).map_or(0.0, |prose| prose / self.total.max(1.0))
    }

    /// The part of the prose in elements with the name of the block's own, whatever is around them.
    fn own_share(&self, dom: &Dom<'_>, block: &Block) -> f32 {
        self.names.get(&self.own_name(dom, block)).map_or(0.0, |prose| prose / self.total.max(1.0))
    }

    fn own_name(&self, dom: &Dom<'_>, block: &Block) -> u64 {
        FxBuildHasher.hash_one(name(dom, self.beside(dom, block).unwrap_or(block.node)))
    }

    /// What it says of a block, with the mean depth of the main prose.
    fn features(&self, dom: &Dom<'_>, block: &Block, main_depth: f32) -> [(Feature, f32); 5] {
        let depth = self.depth(dom, block) as f32;
        [
            (Feature::OwnShare, self.own_share(dom, block)),
            (Feature::Depth, (depth - main_depth).abs().min(4.0) / 4.0),
            (Feature::ParentShare, self.parent_share(dom, block)),
            (Feature::SignatureShare, self.signature_share(dom, block)),
            (Feature::LinkedParent, self.parent_links(dom, block)),
        ]
    }

    fn parent_links(&self, dom: &Dom<'_>, block: &Block) -> f32 {
        let links = self.links.get(&self.parent(dom, block));
        links.map_or(0.0, |(linked, length)| *linked as f32 / (*length).max(1) as f32)
    }

    /// True for prose that is where a good part of the article's prose does.
    fn is_main(&self, dom: &Dom<'_>, block: &Block, evidence: Option<Evidence>) -> bool {
        const GOOD_PART: f32 = 0.2;
        evidence.is_none()
            && block.prose() > 0.0
            && dom.contains(self.container, block.first)
            && (self.parent_share(dom, block) >= GOOD_PART || self.signature_share(dom, block) >= GOOD_PART)
    }
}

/// The quotation that an element is or is directly in, with a figure that is around it.
fn quotation(dom: &Dom<'_>, node: NodeId) -> Option<NodeId> {
    let is_quotation = |node: &NodeId| dom.is(*node, Tag::Blockquote);
    let quotation = [node, dom.parent(node)].into_iter().find(is_quotation)?;
    let figure = Some(dom.parent(quotation)).filter(|around| dom.is(*around, Tag::Figure));
    Some(figure.unwrap_or(quotation))
}

/// An element's tag and classes.
pub(super) fn name<'h>(dom: &Dom<'h>, node: NodeId) -> (Option<Tag>, Option<&'h str>) {
    let class = dom.attributes(node).iter().find(|(name, _)| *name == "class");
    (dom.tag(node), class.map(|(_, class)| *class))
}

/// The copy of the text in the page's data, and how much of the main prose it has.
struct BodyCheck {
    check: ArticleBodyCheck,
    coverage: f32,
}

impl BodyCheck {
    fn new(text: &str, all: &[Block], is_main: &[bool]) -> Self {
        let check = ArticleBodyCheck::new(text);
        let (mut has, mut total) = (0.0, 0.0);
        for (block, _) in all.iter().zip(is_main).filter(|(_, main)| **main) {
            let prose = block.prose();
            total += prose;
            has += if check.contains(&block.text) { prose } else { 0.0 };
        }
        BodyCheck { check, coverage: if total > 0.0 { has / total } else { 0.0 } }
    }
}

/// Which blocks have main prose before and after them, with nothing but items of lists between.
fn within_main(all: &[Block], is_main: &[bool]) -> Vec<bool> {
    let pass = |places: &mut dyn Iterator<Item = usize>| {
        let mut near = vec![false; all.len()];
        let mut last = false;
        for at in places {
            if all.get(at).is_some_and(|block| block.kind != BlockKind::Item) {
                last = is_main.get(at) == Some(&true);
            }
            if let Some(near) = near.get_mut(at) {
                *near = last;
            }
        }
        near
    };
    let (before, after) = (pass(&mut (0..all.len())), pass(&mut (0..all.len()).rev()));
    before.into_iter().zip(after).map(|(before, after)| before && after).collect()
}

/// How often each text occurs on the page.
fn copies(all: &[Block]) -> FxHashMap<&str, usize> {
    let mut copies: FxHashMap<&str, usize> = FxHashMap::default();
    for block in all {
        *copies.entry(&block.text).or_default() += 1;
    }
    copies
}

/// The mean depth of the main prose.
fn mean_depth(dom: &Dom<'_>, all: &[Block], is_main: &[bool], shares: &Shares) -> f32 {
    let main = all.iter().zip(is_main).filter(|(_, main)| **main);
    let (sum, count) = main.fold((0, 0), |(sum, count), (block, _)| (sum + shares.depth(dom, block), count + 1));
    sum as f32 / count.max(1) as f32
}

/// What is close around a block.
#[derive(Default)]
// Each is a feature of its own.
#[allow(clippy::struct_excessive_bools)]
struct Around {
    figure: bool,
    aside: bool,
    quote: bool,
    header: bool,
    standfirst: bool,
    post: bool,
}

impl Around {
    fn of(dom: &Dom<'_>, node: NodeId) -> Self {
        const CLOSE: usize = 6;
        let mut around = Around::default();
        for (steps, node) in std::iter::once(node).chain(dom.ancestors(node)).take(CLOSE).enumerate() {
            match dom.tag(node) {
                Some(Tag::Figure | Tag::Figcaption) => around.figure |= !around.quote,
                Some(Tag::Aside) => around.aside = true,
                Some(Tag::Blockquote) => around.quote = true,
                Some(Tag::Header) => around.header = true,
                Some(_) | None => {}
            }
            around.standfirst |= steps < 3 && is_named_standfirst(dom, node);
            around.post |= is_post(dom, node);
        }
        around
    }

    fn features(&self) -> [(Feature, f32); 6] {
        [
            (Feature::Figure, self.figure),
            (Feature::Aside, self.aside),
            (Feature::Quote, self.quote),
            (Feature::Standfirst, self.standfirst),
            (Feature::Header, self.header),
            (Feature::Post, self.post),
        ]
        .map(|(feature, is)| (feature, f32::from(u8::from(is))))
    }
}

/// True for the post of a network that a page embeds: these are quotations.
pub(super) fn is_post(dom: &Dom<'_>, node: NodeId) -> bool {
    const NAMES: [&str; 14] = [
        "fb-comment-embed",
        "fb-post",
        "fb-video",
        "fb-xfbml-parse-ignore",
        "reddit-card",
        "reddit-embed-bq",
        "telegram-post",
        "twitter-tweet",
        "twitter-video",
        "instagram-media",
        "bluesky-embed",
        "mastodon-embed",
        "tiktok-embed",
        "text-post-media",
    ];
    dom.attributes(node)
        .iter()
        .any(|(name, value)| *name == "class" && value.split_ascii_whitespace().any(|name| NAMES.contains(&name)))
}

/// True if all of a block's text is bold or in italics.
fn is_emphasised(dom: &Dom<'_>, block: &Block) -> bool {
    dom.is_small(block.node) && is_set_in(dom, block.node, &[Tag::B, Tag::Strong, Tag::I, Tag::Em])
}

/// How much a text speaks of subscriptions: 0, or 0.5 for one such word, or 1 for more.
pub(super) fn offers(text: &str) -> f32 {
    let lower = text.get(..text.floor_char_boundary(600)).unwrap_or(text).to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric() && c != '-');
    words.filter(|word| world().pages.offers.contains(word)).take(2).count() as f32 / 2.0
}

/// True for text that is mostly in capitals.
fn is_shouted(text: &str) -> bool {
    let upper = text.chars().filter(|c| c.is_uppercase()).count();
    let lower = text.chars().filter(|c| c.is_lowercase()).count();
    upper > 4 * lower && upper >= 4
}
