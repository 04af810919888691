//! The parts of a page: which are boilerplate by their names, and which one holds the article.

use std::cell::LazyCell;

use rustc_hash::{FxHashMap, FxHashSet};

use super::block::{Block, BlockKind};
use super::boilerplate::{Boilerplate, Evidence, HIDDEN, boilerplate};
use super::dom::{Dom, NodeId, NodeKind};
use super::features::{name, offers};
use super::tag::Tag;
use super::title::letters;
use crate::article::byline;
use crate::language::world;

/// Two or three sentences, the least prose that can be an article.
const LEAST_ARTICLE: f32 = 150.0;

/// Words for what readers write.
const COMMENTS: [&str; 8] =
    ["comment", "comments", "commentaires", "commenti", "comentarios", "kommentare", "reacties", "disqus"];

/// What the page's names say of each block: why it may be boilerplate, if anything does.
pub(super) fn evidence(dom: &Dom<'_>, all: &[Block], headline: Option<NodeId>) -> Vec<Option<Evidence>> {
    // The parts of a page's prose above which a word is not believed, by how sure it is: some pages call every
    // paragraph `paywall`.
    const LIKELY_MOST: f32 = 0.4;
    const CERTAIN_MOST: f32 = 0.8;
    const HIDDEN_MOST: f32 = 0.5;
    // What readers get who pay has a sentence or two that offer nothing; the lines of an offer are shorter, or speak of it.
    const PAST_GATE: f32 = 80.0;
    // Offers do not count as prose, however little an article has before its wall.
    let every: Vec<&Block> = all.iter().filter(|block| offers(&block.text) < 1.0).collect();
    let prose = prose_of_nodes(dom, &every);
    let of = |node: NodeId| prose.get(node.index()).copied().unwrap_or(0.0);
    let total = of(NodeId::ROOT);
    // What is around the headline or the marked text is the article, whatever its name.
    let mut around = vec![false; dom.len()];
    let marked = dom.all().filter(|node| is_marked_body(dom, *node) && of(*node) > 0.0);
    for kept in marked.chain(headline) {
        for node in std::iter::once(kept).chain(dom.ancestors(kept)) {
            if let Some(flag) = around.get_mut(node.index()) {
                *flag = true;
            }
        }
    }
    let found: Vec<(NodeId, Evidence)> = dom
        .all()
        .filter(|node| around.get(node.index()) == Some(&false))
        .filter_map(|node| boilerplate(dom, node).map(|evidence| (node, evidence)))
        .collect();
    // Dialogues about cookies may be longer than the article: certain boilerplate does not count in what follows.
    let mut end = NodeId::ROOT;
    let mut rest = total;
    for (node, evidence) in &found {
        if evidence.boilerplate == Boilerplate::Certain && *node >= end && of(*node) <= total * CERTAIN_MOST {
            rest -= of(*node);
            end = dom.end(*node);
        }
    }
    let mut by_word: FxHashMap<&str, (f32, NodeId)> = FxHashMap::default();
    for (node, evidence) in &found {
        let (sum, end) = by_word.entry(evidence.by).or_insert((0.0, NodeId::ROOT));
        // A part within another part of that name is counted already.
        if *node >= *end {
            *sum += of(*node);
            *end = dom.end(*node);
        }
    }
    let is_gate = |evidence: &Evidence| world().pages.gates.contains(evidence.by);
    let free = LazyCell::new(|| prose_without_offers(dom, all));
    let is_past_gate = |node: NodeId| free.get(node.index()).is_some_and(|prose| *prose >= PAST_GATE);
    let is_believed = |node: NodeId, evidence: &Evidence| {
        let sum = by_word.get(evidence.by).map_or(0.0, |(sum, _)| *sum);
        match evidence.boilerplate {
            _ if is_gate(evidence) && is_past_gate(node) => false,
            _ if evidence.by == HIDDEN => sum <= total * HIDDEN_MOST,
            // The captions of a gallery may be more than its text.
            _ if dom.is(node, Tag::Figcaption) => rest - sum > 0.0,
            // Readers may write many times what the article has.
            Boilerplate::Certain if COMMENTS.contains(&evidence.by) => total - sum >= LEAST_ARTICLE,
            Boilerplate::Certain => sum <= total * CERTAIN_MOST,
            Boilerplate::Likely => sum <= rest * LIKELY_MOST,
        }
    };
    let mut parts: Vec<(NodeId, Evidence)> =
        found.into_iter().filter(|(node, evidence)| is_believed(*node, evidence)).collect();
    let card = Evidence { boilerplate: Boilerplate::Certain, by: "card" };
    parts.extend(cards(dom, all, &around, &prose).into_iter().map(|node| (node, card)));
    let comments = Evidence { boilerplate: Boilerplate::Certain, by: "comments" };
    parts.extend(below_comments(dom, all, &around).into_iter().map(|node| (node, comments)));
    let next = Evidence { boilerplate: Boilerplate::Certain, by: "next article" };
    if let Some(headline) = headline {
        let headlines = other_headlines(dom, headline);
        let articles = other_articles(dom, headline, &headlines, &prose);
        let signed = signed_headings(dom, headline);
        let beside = other_parts(dom, headline, headlines.iter().chain(&signed), &prose);
        let others = articles.into_iter().chain(beside);
        parts.extend(others.map(|node| (node, next)));
    }
    parts.sort_unstable_by_key(|(node, _)| *node);
    of_blocks(dom, all, &parts)
}

/// The prose of every node that speaks of no offer.
fn prose_without_offers(dom: &Dom<'_>, all: &[Block]) -> Vec<f32> {
    let free: Vec<&Block> = all.iter().filter(|block| offers(&block.text) <= 0.0).collect();
    prose_of_nodes(dom, &free)
}

/// The strongest evidence of the parts that each block lies in.
fn of_blocks(dom: &Dom<'_>, all: &[Block], parts: &[(NodeId, Evidence)]) -> Vec<Option<Evidence>> {
    let mut parts = parts.iter().peekable();
    let mut open: Vec<(NodeId, Evidence)> = Vec::new();
    let of_block = |block: &Block| {
        while let Some((node, evidence)) = parts.next_if(|(node, _)| *node <= block.first) {
            open.retain(|(end, _)| *end > *node);
            open.push((dom.end(*node), *evidence));
        }
        open.retain(|(end, _)| *end > block.first);
        open.iter().map(|(_, evidence)| *evidence).max_by_key(|evidence| evidence.boilerplate)
    };
    all.iter().map(of_block).collect()
}

/// Articles beside the one with the headline, or that is below it, which have headlines of their own: what endless pages
/// load next.
fn other_articles(dom: &Dom<'_>, headline: NodeId, headlines: &[NodeId], prose: &[f32]) -> Vec<NodeId> {
    // Less than this may be one of several parts.
    const LEAST_PARAGRAPHS: usize = 3;
    let of = |node: NodeId| prose.get(node.index()).copied().unwrap_or(0.0);
    let articles = || dom.all().filter(|node| dom.is(*node, Tag::Article));
    let is_whole = |article: NodeId| {
        let mut paragraphs = dom.within(article).filter(|node| dom.is(*node, Tag::P) && of(*node) > 0.0);
        paragraphs.nth(LEAST_PARAGRAPHS - 1).is_some()
    };
    let around = dom.ancestors(headline).find(|node| dom.is(*node, Tag::Article));
    let below =
        || articles().find(|node| *node > headline).filter(|own| !opens_with_heading(dom, *own) && is_whole(*own));
    let Some(own) = around.or_else(below).filter(|own| of(*own) >= LEAST_ARTICLE) else { return Vec::new() };
    let is_whole = is_whole(own);
    let mut end = NodeId::ROOT;
    let mut found = Vec::new();
    for node in articles() {
        if node < end || dom.contains(node, own) || dom.contains(own, node) {
            continue;
        }
        let before = end.max(dom.end(own));
        end = dom.end(node);
        // Its headline may be a link to its own page.
        let is_linked = |heading: NodeId| dom.within(heading).any(|inner| dom.is(inner, Tag::A));
        let is_headline = |inner: NodeId| {
            dom.is(inner, Tag::H1) || dom.tag(inner).is_some_and(|tag| tag.heading().is_some()) && is_linked(inner)
        };
        let is_alike = || is_whole && name(dom, node) == name(dom, own) && opens_with_heading(dom, node);
        let is_below = headlines.iter().any(|other| before <= *other && *other < node);
        if is_below || dom.within(node).any(is_headline) || is_alike() {
            found.push(node);
        }
    }
    found
}

/// True if a heading is among the first lines of `node`, a time and a kicker at most before it.
fn opens_with_heading(dom: &Dom<'_>, node: NodeId) -> bool {
    const LINES: usize = 3;
    let is_line = |node: &NodeId| matches!(dom.kind(*node), NodeKind::Text(text) if !text.trim().is_empty());
    let is_heading = |around: NodeId| dom.tag(around).is_some_and(|tag| tag.heading().is_some());
    let heads = |line: NodeId| dom.ancestors(line).take_while(|around| *around > node).any(is_heading);
    dom.within(node).filter(is_line).take(LINES).any(heads)
}

/// Headings of the highest rank behind the headline that say something else.
fn other_headlines(dom: &Dom<'_>, headline: NodeId) -> Vec<NodeId> {
    const MOST: usize = 50;
    let title = letters(&dom.text(headline));
    let others = dom.all().filter(|node| *node > headline && dom.is(*node, Tag::H1) && dom.is_small(*node)).take(MOST);
    others.filter(|other| letters(&dom.text(*other)) != title).collect()
}

/// Lower headings behind the headline with a byline below them.
fn signed_headings(dom: &Dom<'_>, headline: NodeId) -> Vec<NodeId> {
    const MOST: usize = 50;
    const NEAR: usize = 20;
    let is_heading = |node: &NodeId| dom.tag(*node).and_then(Tag::heading).is_some_and(|level| level > 1);
    let is_byline = |node: NodeId| {
        let is_line = dom.is_small(node) && dom.tag(node).is_some_and(|tag| tag.is_block() && tag.heading().is_none());
        is_line && byline::line(&dom.text(node), false).is_some()
    };
    let is_signed = |heading: &NodeId| {
        let behind = Dom::between(*heading, dom.end(NodeId::ROOT)).filter(|node| *node >= dom.end(*heading));
        behind.take(NEAR).any(is_byline)
    };
    let headings = dom.all().filter(|node| *node > headline && is_heading(node) && dom.is_small(*node));
    headings.take(MOST).filter(is_signed).collect()
}

/// What is behind a heading that says that readers write below it, where an article is before it.
fn below_comments(dom: &Dom<'_>, all: &[Block], around: &[bool]) -> Vec<NodeId> {
    const LONGEST: usize = 60;
    let says = |text: &str| {
        let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        let words = words.collect::<Vec<_>>().join(" ").to_lowercase();
        text.len() <= LONGEST && world().pages.comment_headings.contains(&words)
    };
    let mut before = 0.0;
    let first = all.iter().find(|block| {
        before += block.prose();
        matches!(block.kind, BlockKind::Heading(_)) && before >= LEAST_ARTICLE && says(&block.text)
    });
    let Some(first) = first else { return Vec::new() };
    // The heading may be in an element of its own.
    let is_alone = |node: &NodeId| dom.is_small(*node) && dom.text(*node) == first.text;
    let own = std::iter::once(first.node).chain(dom.ancestors(first.node)).take_while(is_alone).last();
    let own = own.unwrap_or(first.node);
    let siblings = dom.children(dom.parent(own)).filter(|node| *node >= own);
    siblings.filter(|node| around.get(node.index()) == Some(&false)).collect()
}

/// The parts of the page beside that of the headline which have its name and one of the other headlines.
fn other_parts<'n>(
    dom: &Dom<'_>,
    headline: NodeId,
    headlines: impl Iterator<Item = &'n NodeId>,
    prose: &[f32],
) -> Vec<NodeId> {
    let part = |of: NodeId, without: NodeId| {
        std::iter::once(of).chain(dom.ancestors(of)).take_while(|node| !dom.contains(*node, without)).last()
    };
    let beside = |other: &NodeId| {
        let (own, other) = part(headline, *other).zip(part(*other, headline))?;
        let is_article = prose.get(own.index()).is_some_and(|prose| *prose >= LEAST_ARTICLE);
        (is_article && name(dom, own) == name(dom, other)).then_some(other)
    };
    headlines.filter_map(beside).collect()
}

/// Cards that lead to other articles: a linked heading with a few lines, three or more of them side by side.
fn cards(dom: &Dom<'_>, all: &[Block], around: &[bool], prose: &[f32]) -> Vec<NodeId> {
    // The most prose that a card has: two or three sentences.
    const MOST: f32 = 700.0;
    let linked: Vec<&Block> = all
        .iter()
        .filter(|block| matches!(block.kind, BlockKind::Heading(2..)) && block.link_density() > 0.9)
        .collect();
    let mut headings = vec![0u32; dom.len()];
    for block in &linked {
        for node in std::iter::once(block.node).chain(dom.ancestors(block.node)) {
            if let Some(count) = headings.get_mut(node.index()) {
                *count += 1;
            }
        }
    }
    let count = |node: NodeId| headings.get(node.index()).copied().unwrap_or(0);
    let is_card = |node: NodeId| {
        count(node) == 1
            && around.get(node.index()) == Some(&false)
            && prose.get(node.index()).is_some_and(|prose| *prose <= MOST)
    };
    let outermost = |block: &&Block| {
        std::iter::once(block.node).chain(dom.ancestors(block.node)).take_while(|node| is_card(*node)).last()
    };
    linked.iter().filter_map(outermost).filter(|card| count(dom.parent(*card)) >= 3).collect()
}

/// Marks what is before the headline as no part of the article, if a good part of the prose is below it.
pub(super) fn leave_out_before(headline: NodeId, all: &[Block], evidence: &mut [Option<Evidence>]) {
    const GOOD_PART: f32 = 0.3;
    let other = Evidence { boilerplate: Boilerplate::Certain, by: "before the headline" };
    let (mut before, mut below) = (0.0, 0.0);
    // A banner may say the same of each of its partners.
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    let unmarked = all.iter().zip(evidence.iter()).filter(|(_, evidence)| evidence.is_none());
    for (block, _) in unmarked.filter(|(block, _)| seen.insert(&block.text)) {
        *(if block.first < headline { &mut before } else { &mut below }) += block.prose();
    }
    if below >= LEAST_ARTICLE && below >= GOOD_PART * (before + below) {
        for (_, evidence) in all.iter().zip(evidence).take_while(|(block, _)| block.first < headline) {
            evidence.get_or_insert(other);
        }
    }
}

/// True for an element that the page marks as the article's text.
fn is_marked_body(dom: &Dom<'_>, node: NodeId) -> bool {
    dom.attributes(node).iter().any(|(name, value)| *name == "itemprop" && value.trim() == "articleBody")
}

/// The deepest element that holds nearly all of the prose and leaves out little that reads like more of it.
pub(super) fn container(dom: &Dom<'_>, remaining: &[&Block]) -> Option<NodeId> {
    // Less than this part of what is around it means that the rest is article too.
    const NEARLY_ALL: f32 = 0.8;
    // Above this part of prose in what would be left out, it is paragraphs, not labels and links.
    const READS_LIKE_MORE: f32 = 0.6;
    // Two or three sentences in paragraphs directly within an element: its other parts are the rest of the article,
    // folded away after "show more".
    const OWN_PARAGRAPHS: f32 = 300.0;
    let prose = prose_of_nodes(dom, remaining);
    let of = |node: NodeId| prose.get(node.index()).copied().unwrap_or(0.0);
    if of(NodeId::ROOT) <= 0.0 {
        return None;
    }
    let mut length = vec![0.0f32; dom.len()];
    for block in remaining {
        for node in std::iter::once(block.node).chain(dom.ancestors(block.node)) {
            if let Some(sum) = length.get_mut(node.index()) {
                *sum += block.text.len() as f32;
            }
        }
    }
    let length_of = |node: NodeId| length.get(node.index()).copied().unwrap_or(0.0);
    let marked = dom.all().filter(|node| is_marked_body(dom, *node)).max_by(|a, b| of(*a).total_cmp(&of(*b)));
    let mut node = marked.filter(|node| of(*node) > 0.3 * of(NodeId::ROOT)).unwrap_or(NodeId::ROOT);
    loop {
        let best = dom.children(node).max_by(|a, b| of(*a).total_cmp(&of(*b)))?;
        let left_out = of(node) - of(best);
        let reads_like_more = is_article(dom, node)
            && left_out > 100.0
            && left_out > READS_LIKE_MORE * (length_of(node) - length_of(best));
        let own = left_out > OWN_PARAGRAPHS && paragraphs_of(dom, node).map(of).sum::<f32>() > OWN_PARAGRAPHS;
        if of(best) < NEARLY_ALL * of(node) || reads_like_more || own || dom.is(best, Tag::P) {
            return Some(node);
        }
        node = best;
    }
}

/// The paragraphs directly within `node`.
fn paragraphs_of(dom: &Dom<'_>, node: NodeId) -> impl Iterator<Item = NodeId> {
    dom.children(node).filter(|child| dom.is(*child, Tag::P))
}

/// True if `node` lies within what the page calls its article or its main part, not the page at large.
fn is_article(dom: &Dom<'_>, node: NodeId) -> bool {
    std::iter::once(node).chain(dom.ancestors(node)).any(|around| {
        matches!(dom.tag(around), Some(Tag::Article | Tag::Main))
            || dom
                .attributes(around)
                .iter()
                .any(|(name, value)| *name == "role" && matches!(*value, "main" | "article"))
    })
}

/// Prose of every node, with that of all nodes within it.
fn prose_of_nodes(dom: &Dom<'_>, blocks: &[&Block]) -> Vec<f32> {
    let mut prose = vec![0.0; dom.len()];
    for block in blocks {
        let weight = block.prose();
        if weight > 0.0 {
            for node in std::iter::once(block.node).chain(dom.ancestors(block.node)) {
                if let Some(sum) = prose.get_mut(node.index()) {
                    *sum += weight;
                }
            }
        }
    }
    prose
}
