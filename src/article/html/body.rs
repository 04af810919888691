//! Which of a page's blocks are the article.
//!
//! Names of parts tell what is boilerplate ([`super::parts::evidence`]); of the rest, the element that holds nearly all
//! prose is the article's ([`super::parts::container`]). Each block in it, and between the headline and it, gets one
//! score from all that is known of it ([`super::features`], [`super::score`]). Headings stay where a paragraph follows.

use rustc_hash::FxHashSet;

use super::block::{Block, BlockKind, Shown, blocks};
use super::dom::{Dom, NodeId};
use super::features::{self, Feature, Features};
use super::page_hints::PageHints;
use super::parts;
use super::score::is_article;
use super::tag::Tag;
use super::title::letters;
use crate::article::{DateOrigin, byline, date};

/// The paragraphs of the article that `dom` shows, in order; empty where there is none.
pub(super) fn paragraphs(dom: &Dom<'_>, hints: PageHints<'_>) -> Vec<String> {
    let found = shown_paragraphs(dom, hints, Shown::default());
    if found.is_empty() { shown_paragraphs(dom, hints, Shown { noscript: true, ..Shown::default() }) } else { found }
}

fn shown_paragraphs(dom: &Dom<'_>, hints: PageHints<'_>, shown: Shown) -> Vec<String> {
    let all = blocks(dom, NodeId::ROOT, Shown { headline: hints.headline, ..shown });
    select(&candidates(dom, &all, hints)).into_iter().map(|block| block.text.clone()).collect()
}

/// The blocks that may be part of the article, with their features.
pub(super) fn candidates<'b>(dom: &Dom<'_>, all: &'b [Block], hints: PageHints<'_>) -> Vec<(&'b Block, Features)> {
    let mut evidence = parts::evidence(dom, all, hints.headline);
    let is_sure = |node: &NodeId| hints.title.is_some_and(|title| letters(title) == letters(&dom.text(*node)));
    if let Some(headline) = hints.headline.filter(is_sure) {
        parts::leave_out_before(headline, all, &mut evidence);
    }
    let remaining: Vec<&Block> =
        all.iter().zip(&evidence).filter(|(_, evidence)| evidence.is_none()).map(|(block, _)| block).collect();
    let Some(container) = parts::container(dom, &remaining) else { return Vec::new() };
    let end = end_of_article(dom, &remaining);
    let candidates = features::of_blocks(dom, all, &evidence, container, hints);
    candidates.into_iter().filter(|(block, _)| block.node < end).collect()
}

/// Where the `<article>` ends that holds most of the prose; the end of the page without one. Paragraphs behind it are those
/// of teasers.
fn end_of_article(dom: &Dom<'_>, remaining: &[&Block]) -> NodeId {
    const MOST_PROSE: f32 = 0.7;
    const LEAST_PARAGRAPHS: usize = 3;
    const PROSE: usize = 60;
    const ARTICLES: usize = 50;
    let is_prose = |block: &&&Block| matches!(block.kind, BlockKind::Paragraph) && block.text.len() >= PROSE;
    let all: usize = remaining.iter().filter(is_prose).map(|block| block.text.len()).sum();
    let articles = dom.all().filter(|node| dom.is(*node, Tag::Article)).take(ARTICLES);
    for article in articles {
        let (mut length, mut count) = (0, 0);
        for block in remaining.iter().filter(is_prose).filter(|block| dom.contains(article, block.node)) {
            length += block.text.len();
            count += 1;
        }
        if count >= LEAST_PARAGRAPHS && length as f32 >= MOST_PROSE * all as f32 {
            return dom.end(article);
        }
    }
    dom.end(NodeId::ROOT)
}

/// The blocks that score as the article's, each text once, with the headings that head them.
fn select<'b>(candidates: &[(&'b Block, Features)]) -> Vec<&'b Block> {
    // Shorter lines may well be said twice: "Yes.", "He laughed."
    const LEAST_REPEATED: usize = 40;
    let mut selected: Vec<&Block> = Vec::new();
    let mut texts: FxHashSet<String> = FxHashSet::default();
    // Headings wait until a paragraph follows.
    let mut waiting: Option<&Block> = None;
    // What a list says whose items are no sentences: the line before it ends in a colon.
    let mut opens_list = false;
    let whole_lists = whole_lists(candidates);
    let broken_tables = broken_tables(candidates);
    for (((block, features), in_list), in_broken) in candidates.iter().zip(whole_lists).zip(broken_tables) {
        if in_broken {
            continue;
        }
        // A paragraph that is a link in capitals leads to another story.
        if block.link_density() > 0.95 && is_shouted(&block.text) {
            continue;
        }
        // A line of names in front of the text is the byline, one of numbers its date, and the paper's name may be beside them.
        let is_of_head = || {
            byline::line(&block.text, false).is_some()
                || is_date(&block.text)
                || features::has(features, Feature::Emphasised) && byline::is_house_name(&block.text)
        };
        if selected.len() < 2 && is_of_head() {
            waiting = None;
            continue;
        }
        // Embedded posts are quotations.
        let is_listed = opens_list && block.kind == BlockKind::Item && block.link_density() < 0.9;
        let scores = is_article(features) || features::has(features, Feature::Post) || is_listed || in_list;
        opens_list = is_listed || block.kind == BlockKind::Paragraph && scores && block.text.ends_with([':', '：']);
        // Some pages mark the standfirst as a heading.
        let is_standfirst = features::has(features, Feature::Described) || features::has(features, Feature::Standfirst);
        match block.kind {
            // A heading that is a sentence is a line of the text: the points of a list with pictures.
            BlockKind::Heading(_) if !(is_standfirst || scores && is_statement(&block.text)) => {
                if scores {
                    waiting = Some(block);
                }
            }
            BlockKind::Paragraph | BlockKind::Item | BlockKind::Cell | BlockKind::Heading(_) if scores => {
                if block.text.len() < LEAST_REPEATED || texts.insert(letters(&block.text)) {
                    // Only the last of several headings belongs to what follows; the others head what was left out.
                    selected.extend(waiting.take());
                    selected.push(block);
                }
            }
            BlockKind::Paragraph | BlockKind::Item | BlockKind::Cell | BlockKind::Heading(_) => {
                // A heading above the text whose lines are left out heads none of it.
                if block.link_density() > 0.5 || selected.is_empty() {
                    waiting = None;
                }
            }
        }
    }
    // Links behind the last sentence lead to other stories.
    let leads_on = |block: &&Block| match block.kind {
        BlockKind::Heading(_) => !is_statement(&block.text),
        BlockKind::Paragraph | BlockKind::Item | BlockKind::Cell => {
            block.link_density() > 0.9 && !block.ends_sentence()
        }
    };
    if let Some(last) = selected.iter().rposition(|block| !leads_on(block)) {
        selected.truncate(last + 1);
    }
    selected
}

/// For each candidate, whether it is an item of a list that is the article's as a whole: one of its items is, or most of it
/// are lines of some words between paragraphs of the article. Lists of links and of offers are none.
fn whole_lists(candidates: &[(&Block, Features)]) -> Vec<bool> {
    const WORDS: usize = 4;
    let is_item = |(block, _): &(&Block, Features)| block.kind == BlockKind::Item;
    let is_near =
        |at: Option<usize>| at.and_then(|at| candidates.get(at)).is_some_and(|(_, features)| is_article(features));
    let mut whole = Vec::with_capacity(candidates.len());
    for run in candidates.chunk_by(|one, next| is_item(one) && is_item(next)) {
        let start = whole.len();
        let linked = run.iter().filter(|(block, _)| block.link_density() > 0.05).count();
        let lines = run.iter().filter(|(block, _)| block.text.split(' ').count() >= WORDS).count();
        let within = is_near(start.checked_sub(1)) && is_near(Some(start + run.len())) && 2 * lines > run.len();
        let offers = run.iter().any(|(_, features)| features::has(features, Feature::Offer));
        let is_one = run.iter().any(|(_, features)| is_article(features));
        let belongs = run.iter().all(is_item) && 2 * linked < run.len() && !offers && (is_one || within);
        whole.extend(std::iter::repeat_n(belongs, run.len()));
    }
    whole
}

/// For each candidate, whether it is a cell of a table of which less than half would be read: a cell alone says nothing.
fn broken_tables(candidates: &[(&Block, Features)]) -> Vec<bool> {
    let is_cell = |(block, _): &(&Block, Features)| block.kind == BlockKind::Cell;
    let mut broken = Vec::with_capacity(candidates.len());
    for run in candidates.chunk_by(|one, next| is_cell(one) && is_cell(next)) {
        let read = run.iter().filter(|(_, features)| is_article(features)).count();
        broken.extend(std::iter::repeat_n(run.iter().all(is_cell) && 2 * read < run.len(), run.len()));
    }
    broken
}

/// True for a date alone, with a time or without: `Sunday, 6 July 2004, 10:15`.
pub(super) fn is_date(line: &str) -> bool {
    const LONGEST: usize = 50;
    const WORDS: usize = 4;
    let words = line.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).count();
    let digits = line.chars().filter(char::is_ascii_digit).count();
    line.len() <= LONGEST && words <= WORDS && digits >= 5 && date::read(line, None, DateOrigin::Page).is_some()
}

/// True for a whole sentence of some length.
fn is_statement(line: &str) -> bool {
    const LONG: usize = 50;
    line.len() >= LONG && line.ends_with(['.', '。'])
}

/// True for a line of several words without small letters.
fn is_shouted(line: &str) -> bool {
    line.split(' ').count() >= 4 && line.chars().any(char::is_uppercase) && !line.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::super::headline::headline;
    use super::*;

    const ONE: &str =
        "The harbour board met for six hours on Monday and put off the vote on the new quay until the spring.";
    const TWO: &str =
        "“Nobody was ready to sign,” said Mina Okoro, who chairs the board, as she left the hall in the rain.";
    const THREE: &str =
        "Fishing crews had asked for a decision before winter, when the old pier is closed for several weeks.";

    /// `{1}`, `{2}` and `{3}` stand for three paragraphs of prose, in the page as in what is expected.
    #[track_caller]
    fn check(page: &str, hints: PageHints<'_>, expect: &[&str]) {
        let full = |text: &str| text.replace("{1}", ONE).replace("{2}", TWO).replace("{3}", THREE);
        let page = full(page);
        let dom = Dom::parse(&page);
        let headline = headline(&dom, hints.title);
        let found = paragraphs(&dom, PageHints { headline, ..hints });
        assert_eq!(found, expect.iter().map(|text| full(text)).collect::<Vec<_>>());
    }

    #[track_caller]
    fn check_plain(page: &str, expect: &[&str]) {
        check(page, PageHints::default(), expect);
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
    fn paragraphs_behind_the_article_are_teasers() {
        let teaser =
            "<div><p>Growers in three counties have been told to burn their infected trees before spring.</p></div>";
        let whole =
            "<header><h1>Vote on quay put off</h1></header><main><article><p>{1}</p><p>{2}</p><p>{3}</p></article>";
        check_plain(&format!("{whole}<section>{teaser}</section></main>"), &["{1}", "{2}", "{3}"]);
        check_plain(&format!("{whole}</main>{teaser}"), &["{1}", "{2}", "{3}"]);
        // An article that holds the beginning alone is not all of it.
        check_plain(
            "<h1>Vote on quay put off</h1><main><article><p>{1}</p></article><div><p>{2}</p><p>{3}</p></div></main>",
            &["{1}", "{2}", "{3}"],
        );
    }

    #[test]
    fn what_is_before_the_headline_is_another_story() {
        let teaser = "<div><div>Ferry strike is off</div><p>Growers in three counties have been told to burn their infected trees before spring.</p></div>";
        let hints = PageHints { title: Some("Vote on quay put off"), ..PageHints::default() };
        let page = |before: &str| {
            format!(
                "<main>{before}<section><h1>Vote on quay put off</h1><p>{{1}}</p><p>{{2}}</p><p>{{3}}</p></section></main>"
            )
        };
        check(&page(&teaser.repeat(3)), hints, &["{1}", "{2}", "{3}"]);
        // A headline below its text.
        check(
            "<main><p>{1}</p><p>{2}</p><p>{3}</p><h1>Vote on quay put off</h1></main>",
            hints,
            &["{1}", "{2}", "{3}"],
        );
    }

    #[test]
    fn bylines_and_links_in_capitals_are_no_paragraphs() {
        check_plain(
            "<article><h1>Vote on quay put off</h1><p>By Mina Okoro and Jo Li</p><p>{1}</p>\
             <p><a href=/x><strong>FERRY STRIKE CALLED OFF BY CREWS</strong></a></p><p>{2}</p><p>{3}</p></article>",
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
        let hints = PageHints { description: Some("Board wants to hear the crews first"), ..PageHints::default() };
        check(page, hints, &["Board wants to hear the crews first", "{1}", "{2}"]);
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
        let folded: Vec<String> = (0..18).map(|number| format!("{{1}} {number}")).collect();
        let page: String = folded.iter().map(|text| ["<p>", text, "</p>"].concat()).collect();
        check_plain(
            &format!("<div class=story><p>{{1}}</p><p>{{2}}</p><p>{{3}}</p><p>{{2}} {{3}}</p><div>{page}</div></div>"),
            &[&["{1}", "{2}", "{3}", "{2} {3}"], &folded.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat(),
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
            "<article><p>{1}</p><ul><li>A new quay for the ferries.</li><li>A pier for the crews, and a hall.</li></ul><p>{2}</p></article>",
            &["{1}", "A new quay for the ferries.", "A pier for the crews, and a hall.", "{2}"],
        );
        check_plain(
            "<article><p>{1}</p><h2>Who pays?</h2><ul><li>The county pays two thirds.</li><li>Boats leave by noon.</li>\
             <li>Nobody</li></ul><p>{2}</p></article>",
            &["{1}", "Who pays?", "The county pays two thirds.", "Boats leave by noon.", "Nobody", "{2}"],
        );
        check_plain(
            "<article><p>{1}</p><ul><li>Copy link</li><li>Mail</li><li>Print</li></ul><p>{2}</p></article>",
            &["{1}", "{2}"],
        );
    }

    #[test]
    fn links_at_the_end_go_with_their_heading() {
        let links = "<p><a href=/x>Ferry strike is off after a long night</a></p><p>• <a href=/y>Trees burnt in three counties</a></p>";
        for heading in ["<h2>Related stories</h2>", "<p><b>Related:</b></p>", "<h3>In the harbour</h3>", ""] {
            check_plain(
                &format!("<article><p>{{1}}</p><p>{{2}}</p><p>{{3}}</p>{heading}{links}</article>"),
                &["{1}", "{2}", "{3}"],
            );
        }
        check_plain(
            "<article><p>{1}</p><p><a href=/x>A report of May found that the quay was past mending.</a></p></article>",
            &["{1}", "A report of May found that the quay was past mending."],
        );
    }

    #[test]
    fn what_is_folded_in_is_read() {
        check_plain(
            "<article><p>{1}</p><details><summary>Who pays?</summary><p>{2}</p></details><p>{3}</p></article>",
            &["{1}", "Who pays?", "{2}", "{3}"],
        );
    }

    #[test]
    fn headings_that_are_sentences_stay() {
        check_plain(
            "<article><p>{1}</p><h2>1. The company owned more than a thousand houses in the valley.</h2><figure><img src=a></figure>\
             <h2>2. It owed its builders more than the county spends in a year.</h2><figure><img src=b></figure><h2>Topics</h2></article>",
            &[
                "{1}",
                "1. The company owned more than a thousand houses in the valley.",
                "2. It owed its builders more than the county spends in a year.",
            ],
        );
    }

    #[test]
    fn pages_without_prose_have_no_article() {
        check_plain("<h1>Front page of the day</h1><ul><li><a href=/a>Pier</a></ul>", &[]);
        check_plain("", &[]);
    }
}
