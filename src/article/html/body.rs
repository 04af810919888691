//! Which of a page's blocks are the article.
//!
//! Five steps: weigh every block by the prose it holds; strike out what its names call furniture; go down from the page
//! to the element that holds nearly all prose; take what reads like paragraphs there, with the headings between them;
//! put the standfirst in front. Where the page's own data repeats the text (`articleBody`), doubtful blocks are settled
//! by it.

use rustc_hash::FxHashMap;

use super::aside::is_aside;
use super::block::{Block, BlockKind, blocks};
use super::clues::Clues;
use super::dom::{Dom, NodeId};
use super::furniture::{Claim, Furniture, furniture};
use super::standfirst;
use super::tag::Tag;
use super::title::letters;
use super::witness::Witness;

/// The paragraphs of the article that `dom` shows, in order; empty where there is none.
pub(super) fn paragraphs(dom: &Dom<'_>, clues: Clues<'_>) -> Vec<String> {
    let all = blocks(dom, NodeId::ROOT);
    let headline = clues.headline;
    let standing = strike(dom, &all, headline);
    let Some(container) = container(dom, &standing) else { return Vec::new() };
    let witness = clues.article_body.map(Witness::new);
    let mut taken = take(dom, &standing, container, clues, witness.as_ref());
    let first = taken.first().map(|block| block.first);
    if let (Some(headline), Some(first)) = (headline, first) {
        let standfirst = standfirst::find(dom, &all, &standing, headline, first, clues);
        let new: Vec<&Block> =
            standfirst.into_iter().filter(|block| !taken.iter().any(|own| same_text(&own.text, &block.text))).collect();
        taken.splice(0..0, new);
    }
    taken.into_iter().map(|block| block.text.clone()).collect()
}

/// The heading that is the article's: an `<h1>` that the page's title repeats, else the first long enough to be none of
/// a paper's or a section's name.
pub(super) fn headline(dom: &Dom<'_>, page_title: Option<&str>) -> Option<NodeId> {
    let title = page_title.map(letters).unwrap_or_default();
    let headings: Vec<(NodeId, String)> = dom
        .all()
        .filter(|node| dom.is(*node, Tag::H1) && dom.is_small(*node))
        .filter(|node| !dom.ancestors(*node).any(|around| dom.is(around, Tag::Nav)))
        .map(|node| (node, dom.text(node)))
        .collect();
    let is_long = |text: &str| text.split(' ').count() >= 3 || text.chars().filter(|c| !c.is_ascii()).count() >= 6;
    let repeated = |text: &str| {
        let own = letters(text);
        own.len() >= 6 && own.len() * 3 > title.len() && title.starts_with(&own)
    };
    headings
        .iter()
        .find(|(_, text)| repeated(text))
        .or_else(|| headings.iter().find(|(_, text)| is_long(text)))
        .map(|(node, _)| *node)
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

/// The blocks that do not lie in furniture or in cards that lead to other articles.
fn strike<'b>(dom: &Dom<'_>, all: &'b [Block], headline: Option<NodeId>) -> Vec<&'b Block> {
    // The parts of a page's prose above which a word is not believed, by how sure it is: some pages call every
    // paragraph `paywall`.
    const LIKELY_MOST: f32 = 0.4;
    const SURELY_MOST: f32 = 0.8;
    let every: Vec<&Block> = all.iter().collect();
    let prose = prose_of_nodes(dom, &every);
    let of = |node: NodeId| prose.get(node.index()).copied().unwrap_or(0.0);
    let total = of(NodeId::ROOT);
    // What stands around the headline or the marked text is the article, whatever its name.
    let mut around = vec![false; dom.len()];
    let marked = dom.all().filter(|node| is_marked_body(dom, *node) && of(*node) > 0.0);
    for kept in marked.chain(headline) {
        for node in std::iter::once(kept).chain(dom.ancestors(kept)) {
            if let Some(flag) = around.get_mut(node.index()) {
                *flag = true;
            }
        }
    }
    let claims: Vec<(NodeId, Claim)> = dom
        .all()
        .filter(|node| around.get(node.index()) == Some(&false))
        .filter_map(|node| furniture(dom, node).map(|claim| (node, claim)))
        .collect();
    // Dialogues about cookies may be longer than the article: what surely is none counts for nothing in what follows.
    let mut end = NodeId::ROOT;
    let mut rest = total;
    for (node, claim) in &claims {
        if claim.furniture == Furniture::Surely && *node >= end && of(*node) <= total * SURELY_MOST {
            rest -= of(*node);
            end = dom.end(*node);
        }
    }
    let most = |claim: Claim| match claim.furniture {
        Furniture::Likely => rest * LIKELY_MOST,
        Furniture::Surely => total * SURELY_MOST,
    };
    let mut by_word: FxHashMap<&str, (f32, NodeId)> = FxHashMap::default();
    for (node, claim) in &claims {
        let (sum, end) = by_word.entry(claim.by).or_insert((0.0, NodeId::ROOT));
        // What lies within another part of that name is counted already.
        if *node >= *end {
            *sum += of(*node);
            *end = dom.end(*node);
        }
    }
    let mut struck: Vec<NodeId> = claims
        .into_iter()
        .filter(|(_, claim)| by_word.get(claim.by).is_none_or(|(sum, _)| *sum <= most(*claim)))
        .map(|(node, _)| node)
        .collect();
    struck.extend(cards(dom, all, &around, &prose));
    struck.sort_unstable();
    let mut struck = struck.into_iter().peekable();
    let mut dead_until = NodeId::ROOT;
    all.iter()
        .filter(|block| {
            while let Some(node) = struck.next_if(|node| *node <= block.first) {
                dead_until = dead_until.max(dom.end(node));
            }
            block.first >= dead_until
        })
        .collect()
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

/// True for an element that the page marks as the article's text.
fn is_marked_body(dom: &Dom<'_>, node: NodeId) -> bool {
    dom.attributes(node).iter().any(|(name, value)| *name == "itemprop" && value.trim() == "articleBody")
}

/// The deepest element that holds nearly all of the prose and leaves out little that reads like more of it.
fn container(dom: &Dom<'_>, standing: &[&Block]) -> Option<NodeId> {
    // Less than this part of what is around it means that the rest is article too.
    const NEARLY_ALL: f32 = 0.8;
    // Above this part of prose in what would be left out, it is paragraphs, not labels and links.
    const READS_LIKE_MORE: f32 = 0.6;
    // Two or three sentences in paragraphs directly within an element: its other parts are the rest of the article,
    // folded away behind "show more".
    const OWN_PARAGRAPHS: f32 = 300.0;
    let prose = prose_of_nodes(dom, standing);
    let of = |node: NodeId| prose.get(node.index()).copied().unwrap_or(0.0);
    if of(NodeId::ROOT) <= 0.0 {
        return None;
    }
    let mut length = vec![0.0f32; dom.len()];
    for block in standing {
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

/// The paragraphs in `container` and the headings between them.
fn take<'b>(
    dom: &Dom<'_>,
    standing: &[&'b Block],
    container: NodeId,
    clues: Clues<'_>,
    witness: Option<&Witness>,
) -> Vec<&'b Block> {
    let mut taken: Vec<&Block> = Vec::new();
    // Headings wait until a paragraph follows.
    let mut waiting: Vec<&Block> = Vec::new();
    for block in standing.iter().copied().filter(|block| dom.contains(container, block.first)) {
        if clues.title.is_some_and(|title| same_text(title, &block.text)) {
            continue;
        }
        let seen = witness.map(|witness| witness.has(&block.text));
        match block.kind {
            BlockKind::Heading(1) => {}
            BlockKind::Heading(_) => {
                if block.link_density() < 0.7 && !is_aside(&block.text, block.link_density()) {
                    waiting.push(block);
                }
            }
            BlockKind::Paragraph | BlockKind::Item | BlockKind::Cell => {
                if is_paragraph(block, seen) {
                    // Only the last of several headings belongs to what follows; the others head what was left out.
                    taken.extend(waiting.pop());
                    waiting.clear();
                    taken.push(block);
                } else if block.link_density() > 0.5 {
                    waiting.clear();
                }
            }
        }
    }
    taken
}

/// True if a block within the article's container is one of its paragraphs; `seen` tells whether the page's own copy of
/// the text has it.
fn is_paragraph(block: &Block, seen: Option<bool>) -> bool {
    let density = block.link_density();
    if is_aside(&block.text, density) {
        return false;
    }
    match (block.kind, seen) {
        (BlockKind::Paragraph | BlockKind::Item, Some(true)) => true,
        (BlockKind::Paragraph, Some(false) | None) => {
            // A line that is nothing but a link leads elsewhere.
            density < 0.8 || (block.text.len() > 120 && density < 0.95)
        }
        (BlockKind::Item, Some(false) | None) => density < 0.5,
        (BlockKind::Cell, _) => block.text.len() > 80 && density < 0.3,
        (BlockKind::Heading(_), _) => false,
    }
}

fn same_text(a: &str, b: &str) -> bool {
    a == b || letters(a) == letters(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str =
        "The harbour board met for six hours on Monday and put off the vote on the new quay until the spring.";
    const TWO: &str =
        "“Nobody was ready to sign,” said Mina Okoro, who chairs the board, as she left the hall in the rain.";
    const THREE: &str =
        "Fishing crews had asked for a decision before winter, when the old pier is closed for several weeks.";

    /// `{1}`, `{2}` and `{3}` stand for three paragraphs of prose, in the page as in what is expected.
    #[track_caller]
    fn check(page: &str, clues: Clues<'_>, expect: &[&str]) {
        let full = |text: &str| text.replace("{1}", ONE).replace("{2}", TWO).replace("{3}", THREE);
        let page = full(page);
        let dom = Dom::parse(&page);
        let headline = headline(&dom, clues.title);
        let found = paragraphs(&dom, Clues { headline, ..clues });
        assert_eq!(found, expect.iter().map(|text| full(text)).collect::<Vec<_>>());
    }

    #[track_caller]
    fn check_plain(page: &str, expect: &[&str]) {
        check(page, Clues::default(), expect);
    }

    #[test]
    fn paragraphs_are_taken_and_what_stands_around_is_not() {
        check_plain(
            "<nav><ul><li><a href=/>News</a><li><a href=/s>Sport</a></ul></nav><h1>Vote on quay put off</h1>\
             <div class=text><p>{1}</p><p>{2}</p><p>{3}</p></div><footer><p>Harbour News is published daily in the old \
             customs house by the crew.</p></footer>",
            &["{1}", "{2}", "{3}"],
        );
    }

    #[test]
    fn captions_newsletters_and_links_to_others_are_left_out() {
        check_plain(
            "<article><p>{1}</p><figure><img src=x><figcaption>The old pier, seen from the customs house in a storm \
             last winter.</figcaption></figure><p>{2}</p><div class='newsletter-signup'><p>Get the best of the harbour in \
             your inbox every single morning, for free.</p></div><p><a href=/x>Read more: How the pier was built</a></p>\
             <p>{3}</p><p>Read more: How the pier was built</p></article>",
            &["{1}", "{2}", "{3}"],
        );
    }

    #[test]
    fn headings_stay_where_text_follows() {
        check_plain(
            "<article><p>{1}</p><h2>What comes next</h2><p>{2}</p><p>{3}</p><h2>More from the harbour</h2>\
             <ul><li><a href=/a>Pier</a><li><a href=/b>Quay</a></ul></article>",
            &["{1}", "What comes next", "{2}", "{3}"],
        );
    }

    #[test]
    fn a_name_is_not_believed_where_it_would_strike_out_the_article() {
        check_plain(
            "<div><p class=paywall>{1}</p><p class=paywall>{2}</p><p class=paywall>{3}</p></div>",
            &["{1}", "{2}", "{3}"],
        );
        check_plain(
            "<div class='comments-open'><h1>Vote on quay put off</h1><p>{1}</p><p>{2}</p></div>",
            &["{1}", "{2}"],
        );
    }

    #[test]
    fn long_comments_do_not_pass_for_the_article() {
        let comments = "<p>{3}</p>".repeat(6);
        let page = format!(
            "<main><article><p>{{1}}</p><p>{{2}}</p></article><section id=comments>{comments}</section></main>"
        );
        check_plain(&page, &["{1}", "{2}"]);
    }

    #[test]
    fn cards_of_other_articles_are_left_out() {
        let card = "<div><h3><a href=/x>Another story of the day</a></h3><p>{3}</p></div>";
        let page = format!(
            "<main><h1>Vote on quay put off</h1><div><p>{{1}}</p><p>{{2}}</p><div>{}</div></div></main>",
            card.repeat(4)
        );
        check_plain(&page, &["{1}", "{2}"]);
    }

    #[test]
    fn the_standfirst_stands_in_front() {
        let page = "<header><h1>Vote on quay put off</h1><p class=standfirst>Board wants to hear the crews first</p></header>\
                    <article><p>{1}</p><p>{2}</p></article>";
        check_plain(page, &["Board wants to hear the crews first", "{1}", "{2}"]);
        let page = "<div><h1>Vote on quay put off</h1><h2>Board wants to hear the crews first</h2></div><div><p>{1}</p><p>{2}</p></div>";
        let clues = Clues { description: Some("Board wants to hear the crews first"), ..Clues::default() };
        check(page, clues, &["Board wants to hear the crews first", "{1}", "{2}"]);
    }

    #[test]
    fn text_between_line_breaks_is_read() {
        check_plain("<div class=story>{1}<br><br>{2}<br><br>{3}</div>", &["{1}", "{2}", "{3}"]);
    }

    #[test]
    fn paragraphs_in_several_sections_belong_together() {
        check_plain(
            "<article><section><p>{1}</p></section><div class=ad-slot>Advertisement</div><section><p>{2}</p></section>\
             <section><p>{3}</p></section></article>",
            &["{1}", "{2}", "{3}"],
        );
    }

    #[test]
    fn the_part_folded_away_is_not_taken_for_the_whole() {
        let folded = "<p>{1}</p><p>{2}</p><p>{3}</p>".repeat(6);
        check_plain(
            &format!("<div class=story><p>{{1}}</p><p>{{2}}</p><p>{{3}}</p><p>{{1}}</p><div>{folded}</div></div>"),
            &[&["{1}", "{2}", "{3}", "{1}"], &["{1}", "{2}", "{3}"].repeat(6)[..]].concat(),
        );
    }

    #[test]
    fn a_caption_at_the_head_of_a_paragraph_costs_nothing_else() {
        check_plain(
            "<article><p><span class=img><span class='caption truncate'>The pier</span></span> {1}</p><p>{2}</p></article>",
            &["{1}", "{2}"],
        );
    }

    #[test]
    fn lists_of_the_article_stay() {
        check_plain(
            "<article><p>{1}</p><ul><li>A new quay for the ferries</li><li>A pier for the crews</li></ul><p>{2}</p></article>",
            &["{1}", "A new quay for the ferries", "A pier for the crews", "{2}"],
        );
    }

    #[test]
    fn pages_without_prose_have_no_article() {
        check_plain("<h1>Front page of the day</h1><ul><li><a href=/a>Pier</a></ul>", &[]);
        check_plain("", &[]);
    }
}
