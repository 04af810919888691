//! Pages of our own in the layouts that news pages have, each kind with a floor: body, title and authors.

use std::collections::HashMap;
use std::ops::ControlFlow;

use onrecord::article::{self, Article, Options};

/// An invented story: headline, author, paragraphs.
pub(super) struct Story {
    pub(super) title: &'static str,
    pub(super) author: &'static str,
    pub(super) paragraphs: [&'static str; 5],
}

const STORIES: [Story; 6] = [
    Story {
        title: "Council closes swing bridge to lorries",
        author: "Ansel Quirke",
        paragraphs: [
            "The council of Brindlemere voted nine to four on Tuesday to close the old swing bridge to lorries until the autumn.",
            "“We cannot keep patching a structure that was built for carts,” said Odile Farrant, who leads the council, after the session.",
            "Haulage firms said the detour of eleven miles would cost each of them about 400 crowns a week in fuel and drivers’ time.",
            "Engineers found hairline cracks in two of the six girders in March, and their report was published in full last week.",
            "A first inspection of the piers, which stand in nine metres of water, is planned for the week after the regatta.",
        ],
    },
    Story {
        title: "Growers told to burn infected trees",
        author: "Mina Okoro",
        paragraphs: [
            "Growers in three counties around Ashwick have been told to burn their infected pear trees before the end of the month.",
            "The blight was first seen in a nursery near the river in April, and it spread along the valley within five weeks.",
            "“I planted these rows with my grandfather, and now I am the one to light them,” said Stefan Hare, who owns forty acres.",
            "The ministry will pay 60 crowns a tree, which the growers’ union called less than a third of what each one is worth.",
            "No case has been reported north of the railway, where most of the region’s cider fruit is grown.",
        ],
    },
    Story {
        title: "Ferry strike ends after nine days",
        author: "Bram Tolliver",
        paragraphs: [
            "Ferries between Brimwater and the islands ran again on Monday after crews accepted an offer that both sides called fair.",
            "The strike, which lasted nine days, left four hundred passengers on Outer Sand and emptied the shelves of its only shop.",
            "“We are glad it is over, and gladder that nobody had to shout at the end,” said the harbour master, Tove Lindqvar.",
            "Under the agreement, night crews will be paid for the hours they wait in port, which had been at the heart of the dispute.",
            "The company expects to carry all delayed freight by the weekend and has put two more sailings on the timetable.",
        ],
    },
    Story {
        title: "School wins back its clock",
        author: "Jo Rusk",
        paragraphs: [
            "The clock that was sold from the tower of Wexcombe school in a lean winter thirty years ago is going back up.",
            "A watchmaker in the next valley had kept it in a barn and wound it on Sundays, pupils found out during a project.",
            "“It never lost more than a minute, which is better than I can say of myself,” said the watchmaker, Dunstan Aske.",
            "Former pupils collected nine thousand crowns for the return, and a crane firm offered to lift the works for nothing.",
            "It is to strike for the first time at noon on the last day of term, when the oldest former pupil pulls the cord.",
        ],
    },
    Story {
        title: "Rail works cut valley off for summer",
        author: "Ilse Marrow",
        paragraphs: [
            "No train will run between Halvard and the upper valley from June to September while a tunnel is widened for freight.",
            "Buses will take an hour longer than the trains do now, and bicycles will not be carried on any of them, the railway said.",
            "“A season without trains is a season without guests,” said Aino Tveit, whose inn stands across from the last station.",
            "The tunnel was dug in 1894 for wagons half as wide as those of today; its lining has been patched eleven times since.",
            "The works cost 48 million crowns, of which the canton pays a third, and are to end before the first snow.",
        ],
    },
    Story {
        title: "Library lends tools and gardens",
        author: "Göran Falk",
        paragraphs: [
            "Members of the Tallow Bay library can borrow a drill, a tent or a strip of garden from next week, on the same card as books.",
            "The idea came from a survey in which readers said that they wanted fewer films and more things they needed twice a year.",
            "“Nobody has to own a ladder to read this city from above,” said the head of the library, Ottilie Brandt, on its roof.",
            "Thirty strips of garden behind the depot will be lent for a season each, by lot, with water and a shared shed.",
            "Late returns cost a crown a day, whatever it is, and broken things are mended at a table that opens on Saturdays.",
        ],
    },
];

/// A layout: its kind, and how a page of it is made of a headline, an author and paragraphs.
pub(super) type Layout = (&'static str, fn(&Story) -> String);

const LAYOUTS: [Layout; 12] = [
    ("plain", |s| {
        page(
            s,
            &format!(
                "<main><article><h1>{}</h1><p class=byline>By {}</p>{}</article></main>",
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
    ("random ids", |s| {
        page(
            s,
            &format!(
                "<div id=\"ad6e91f0-2b7c\"><h1>{}</h1><div class=author>{}</div><div class=\"css-1promo9x\">{}</div></div>",
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
    ("hidden offers", |s| {
        let offer = "<div style=\"display: none\"><p>Subscribe today and read every story for one crown a week, with all our letters, games and archives.</p></div>";
        page(
            s,
            &format!("<article><h1>{}</h1><a rel=author href=/a>{}</a>{offer}{}</article>", s.title, s.author, ps(s)),
        )
    }),
    ("table layout", |s| {
        page(
            s,
            &format!(
                "<table width=100%><tr><td width=20%><a href=/>Home</a><br><a href=/n>News</a></td><td><h1>{}</h1><span class=byline>{}</span>{}</td></tr></table>",
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
    ("line breaks", |s| {
        page(
            s,
            &format!(
                "<div class=story><h1>{}</h1><div class=byline>{}</div><div>{}</div></div>",
                s.title,
                s.author,
                s.paragraphs.join("<br><br>")
            ),
        )
    }),
    ("many comments", |s| {
        let comment = "<div class=comment><b>reader</b><p>I have lived here for forty years and never once did anybody ask me about any of this, which says it all.</p></div>";
        page(
            s,
            &format!(
                "<article><h1>{}</h1><p class=byline>{}</p>{}</article><section id=comments>{}</section>",
                s.title,
                s.author,
                ps(s),
                comment.repeat(12)
            ),
        )
    }),
    ("teasers within", |s| {
        let teaser = "<aside class=related><h4><a href=/x>Read also: Pier opens after repairs to its northern wall</a></h4></aside>";
        let paragraphs: String = s.paragraphs.iter().map(|p| format!("<p>{p}</p>{teaser}")).collect();
        page(s, &format!("<article><h1>{}</h1><div class=byline>{}</div>{paragraphs}</article>", s.title, s.author))
    }),
    ("next article glued on", |s| {
        let next = "<article><h2><a href=/y>Bridge at Sör reopens</a></h2><a rel=author>Jon Petty</a><p>The bridge at Sör reopened on Friday after two years of works, and the first to cross it was a goat.</p><p>The goat’s owner said that nobody had planned it and that the animal had simply gone home.</p></article>";
        page(s, &format!("<article><h1>{}</h1><a rel=author>{}</a>{}</article>{next}", s.title, s.author, ps(s)))
    }),
    ("paywall paragraphs", |s| {
        let paragraphs: String = s
            .paragraphs
            .iter()
            .enumerate()
            .map(|(n, p)| format!("<p class=\"{}\">{p}</p>", if n > 1 { "paywall" } else { "open" }))
            .collect();
        page(s, &format!("<article><h1>{}</h1><p class=byline>{}</p>{paragraphs}</article>", s.title, s.author))
    }),
    ("captions and promotion", |s| {
        let figure =
            "<figure><img src=a.jpg><figcaption>The quay in spring. Photograph: Nils Oake</figcaption></figure>";
        let promotion = "<div class=newsletter-signup><p>Sign up for our morning letter and get the day’s stories before breakfast.</p></div>";
        page(
            s,
            &format!(
                "<article><h1>{}</h1><p class=byline>{}</p>{figure}{}{promotion}</article>",
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
    ("title in data, house as author", |s| {
        let data = format!(
            "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"{}\",\"author\":{{\"@type\":\"Organization\",\"name\":\"Quay Herald\"}},\"publisher\":{{\"name\":\"Quay Herald\"}}}}</script>",
            s.title
        );
        page(
            s,
            &format!(
                "{data}<main><h1>{}</h1><p>Mon 12 May | By <b>{}</b></p><div class=body>{}</div></main>",
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
    ("layout word on the body", |s| {
        let side = "<div class=c-side><h3>Most read</h3><ul><li><a href=/x>Ferry late</a></ul></div>";
        page(
            s,
            &format!(
                "<main><h1>{}</h1><span itemprop=author>{}</span><div class=\"l-sidebar-fixed l-article-body-segment\">{}{side}</div></main>",
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
];

pub(super) fn ps(story: &Story) -> String {
    story.paragraphs.iter().map(|paragraph| format!("<p>{paragraph}</p>\n")).collect()
}

/// A page around a story, with what all pages have.
pub(super) fn page(story: &Story, body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>{0} | Quay Herald</title>\
         <meta property=og:site_name content=\"Quay Herald\"><meta property=og:title content=\"{0}\"></head><body>\
         <header><nav><a href=/>Home</a> <a href=/news>News</a> <a href=/sport>Sport</a></nav></header>{body}\
         <footer><p>© Quay Herald. All rights reserved. Terms of use and privacy.</p></footer></body></html>",
        story.title
    )
}

pub(super) fn read(page: &str) -> Article {
    let mut found = None;
    let _ = article::read_from("a.html", page.as_bytes(), &Options::default(), &mut |article| {
        found = article.ok();
        ControlFlow::Continue(())
    });
    found.unwrap_or_default()
}

/// Runs of four words, counted.
fn shingles(text: &str) -> HashMap<Vec<String>, usize> {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let mut counts = HashMap::new();
    for run in words.windows(4) {
        *counts.entry(run.to_vec()).or_default() += 1;
    }
    counts
}

fn f1(found: &str, expect: &str) -> f64 {
    let (found, expect) = (shingles(found), shingles(expect));
    let both: usize = expect.iter().map(|(run, count)| (*count).min(found.get(run).copied().unwrap_or(0))).sum();
    2.0 * both as f64 / (found.values().sum::<usize>() + expect.values().sum::<usize>()).max(1) as f64
}

#[test]
fn layouts_of_news_pages_are_read() {
    check(&LAYOUTS);
}

/// Reads each story in each layout and holds the results against the floors.
#[track_caller]
pub(super) fn check(layouts: &[Layout]) {
    const FLOOR: f64 = 0.98;
    let mut low = Vec::new();
    for (kind, layout) in layouts {
        let (mut body, mut titles, mut authors) = (0.0, 0, 0);
        for story in &STORIES {
            let article = read(&layout(story));
            body += f1(&article.text, &story.paragraphs.join("\n\n"));
            titles += usize::from(article.meta.title.as_deref() == Some(story.title));
            authors += usize::from(article.meta.byline == [story.author]);
        }
        body /= STORIES.len() as f64;
        println!("{kind}: body {:.1}, titles {titles}, authors {authors} of {}", 100.0 * body, STORIES.len());
        if body < FLOOR || titles < STORIES.len() || authors < STORIES.len() {
            low.push(kind);
        }
    }
    assert!(low.is_empty(), "below the floor: {low:?}");
}
