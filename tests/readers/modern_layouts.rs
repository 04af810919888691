//! Layouts of present-day publishing systems, by the same stories and floors as [`super::layouts`].

use super::layouts::{Layout, check, page, ps};

const LAYOUTS: [Layout; 17] = [
    ("web components", |s| {
        let teaser = "<x-teaser><h3 slot=title><a href=/x>Pier opens after repairs</a></h3><p slot=text>The northern wall had been closed for two winters.</p></x-teaser>";
        page(
            s,
            &format!(
                "<x-page><template shadowrootmode=open><nav><a href=/>Home</a></nav><slot></slot></template><x-story><h1 slot=headline>{}</h1><x-byline><span class=byline-name>{}</span></x-byline><div slot=body>{}</div></x-story>{}</x-page>",
                s.title,
                s.author,
                ps(s),
                teaser.repeat(4)
            ),
        )
    }),
    ("templates for scripts", |s| {
        let template = "<template id=card><article><h2>{{title}}</h2><p>A card of a story that no reader ever sees as it is written here.</p></article></template>";
        page(s, &format!("<main>{template}<h1>{}</h1><p>By {}</p>{}{template}</main>", s.title, s.author, ps(s)))
    }),
    ("AMP", |s| {
        page(
            s,
            &format!(
                "<amp-consent id=c layout=nodisplay><div><p>We and our partners store data on your device to show you advertisements that fit, and to count who saw them.</p></div></amp-consent><amp-sidebar id=s><ul><li><a href=/>Home</a></ul></amp-sidebar><article class=amp-wp-article><header><h1 class=amp-wp-title>{}</h1><div class=amp-wp-meta><span class=amp-wp-author>{}</span></div></header><amp-img src=a.jpg><noscript><img src=a.jpg></noscript></amp-img><div class=amp-wp-article-content>{}<amp-ad width=300></amp-ad></div></article>",
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
    ("blocks of WordPress", |s| {
        let more = "<li class=wp-block-post><h2 class=wp-block-post-title><a href=/x>Pier opens after repairs</a></h2><div class=wp-block-post-excerpt><p>The northern wall had been closed for two winters, and nobody missed it much.</p></div></li>";
        page(
            s,
            &format!(
                "<div class=wp-site-blocks><main class=wp-block-group><h1 class=wp-block-post-title>{}</h1><div class=wp-block-post-author><p class=wp-block-post-author__name>{}</p></div><div class=\"entry-content wp-block-post-content is-layout-constrained\">{}<div class=wp-block-buttons><a href=/s>Subscribe</a></div></div><div class=wp-block-query><ul>{}</ul></div></main></div>",
                s.title,
                s.author,
                ps(s),
                more.repeat(3)
            ),
        )
    }),
    ("data of Next.js alone", |s| {
        let data = serde_json::json!({"props": {"pageProps": {"article": {
            "title": s.title, "byline": s.author, "html": ps(s),
        }, "more": [{"title": "Pier opens", "html": "<p>The northern wall had been closed.</p>"}]}}});
        page(
            s,
            &format!(
                "<meta name=author content=\"{}\"><div id=__next></div><script id=__NEXT_DATA__ type=\"application/json\">{data}</script>",
                s.author
            ),
        )
    }),
    ("blocks in a script's state", |s| {
        let blocks: Vec<_> =
            s.paragraphs.iter().map(|p| serde_json::json!({"type": "paragraph", "content": [{"text": p}]})).collect();
        let data = serde_json::json!({"story": {"headline": s.title, "blocks": blocks}});
        page(
            s,
            &format!(
                "<script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"{}\",\"author\":[{{\"@type\":\"Person\",\"name\":\"By {}\"}}]}}</script><div id=app><p>Loading …</p></div><script>window.__STATE__ = {data};</script>",
                s.title, s.author
            ),
        )
    }),
    ("live blog", |s| {
        let updates: String = s
            .paragraphs
            .iter()
            .enumerate()
            .map(|(n, p)| format!("<article id=u{n} class=update><time datetime=2025-05-16T1{n}:00Z>1{n}:00</time><p>{p}</p><a href=#u{n}>Share</a></article>"))
            .collect();
        page(
            s,
            &format!(
                "<main><h1>{}</h1><div class=byline>{} in the chamber</div><section class=live-feed>{updates}</section></main>",
                s.title, s.author
            ),
        )
    }),
    ("wall over the text", |s| {
        page(
            s,
            &format!(
                "<div class=tp-modal role=dialog><h2>Read on for one crown</h2><p>Subscribers read every story, the archive and our letters, and can stop whenever they like.</p><p>Already a subscriber? Log in to read on without this window.</p></div><main class=is-locked><h1>{}</h1><address>{}</address><div class=\"story-content blurred\" aria-hidden=true>{}</div></main>",
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
    ("long cookie banner", |s| {
        let purpose = "<p>Our partners may combine what they know of you with what they hear from others, and keep it for up to thirteen months on your device.</p>";
        page(
            s,
            &format!(
                "<div id=cmp-root><div class=cmp-purposes>{}</div><button>Accept</button></div><article><h1>{}</h1><span class=author-name>{}</span>{}</article>",
                purpose.repeat(14),
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
    ("nameless cards within", |s| {
        let card = "<div class=x1a2><a href=/x><img src=p.jpg><div>Pier opens after repairs</div><div>The northern wall had been closed for two winters, and nobody missed it much.</div></a></div>";
        let paragraphs: String = s.paragraphs.iter().map(|p| format!("<p>{p}</p>{card}")).collect();
        page(
            s,
            &format!(
                "<main><h1>{}</h1><p><a href=/authors/a>{}</a></p><div class=x9>{paragraphs}</div></main>",
                s.title, s.author
            ),
        )
    }),
    ("paragraphs in divisions", |s| {
        let paragraphs: String = s
            .paragraphs
            .iter()
            .map(|p| format!("<div data-block=text><div class=r4><span>{p}</span></div></div>"))
            .collect();
        page(
            s,
            &format!(
                "<div id=root><div><div><h1>{}</h1><div data-testid=byline>By {}</div></div><div>{paragraphs}</div></div></div>",
                s.title, s.author
            ),
        )
    }),
    ("page builder", |s| {
        let paragraphs: String = s
            .paragraphs
            .iter()
            .map(|p| format!("<section class=elementor-section><div class=elementor-container><div class=elementor-column><div class=elementor-widget-text-editor><p>{p}</p></div></div></div></section>"))
            .collect();
        page(
            s,
            &format!(
                "<div class=elementor><div class=elementor-widget-heading><h1>{}</h1></div><div class=elementor-post-info><span class=elementor-post-info__item--type-author>{}</span></div>{paragraphs}</div>",
                s.title, s.author
            ),
        )
    }),
    ("box of the author", |s| {
        let bio = format!(
            "<div class=author-box><img src=a.jpg><h3>{0}</h3><p>{0} has covered the county for nine years and lives above a bakery in the old town.</p></div>",
            s.author
        );
        page(
            s,
            &format!(
                "<article><h1>{}</h1><p class=meta>By <a href=/author/x>{}</a> · 16 May 2025</p>{}{bio}</article>",
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
    ("player and key facts", |s| {
        page(
            s,
            &format!(
                "<article><h1>{}</h1><p class=byline>{}, staff writer</p><div class=audio-player><p>Listen to this article, read by a machine, in about four minutes.</p></div>{}<div class=share-bar><p>Share this story with those who would want to read it too.</p></div></article>",
                s.title,
                s.author,
                ps(s)
            ),
        )
    }),
    ("readers' comments marked as articles", |s| {
        let comment = "<article class=c-item itemprop=comment><span itemprop=author>Reader Seven</span><p>I have lived here for forty years and never once did anybody ask me about any of this.</p></article>";
        page(
            s,
            &format!(
                "<main><article><h1>{}</h1><span itemprop=author><span itemprop=name>{}</span></span>{}</article><section class=discussion>{}</section></main>",
                s.title,
                s.author,
                ps(s),
                comment.repeat(6)
            ),
        )
    }),
    ("letter as a page", |s| {
        let rows: String =
            s.paragraphs.iter().map(|p| format!("<tr><td style=\"padding:8px\">{p}</td></tr>")).collect();
        page(
            s,
            &format!(
                "<meta name=author content=\"{}\"><table role=presentation width=600><tr><td><h1>{}</h1></td></tr>{rows}<tr><td><a href=/u>Unsubscribe</a> | <a href=/v>View in browser</a></td></tr></table>",
                s.author, s.title
            ),
        )
    }),
    ("advertising prose within", |s| {
        let ad = "<div class=\"ad-slot ad-slot--inline\" data-ad=1><span>Advertisement</span><p>Boots that keep the river out: made in Ashwick, worn for a lifetime, now at half the price.</p></div>";
        let paragraphs: String = s.paragraphs.iter().map(|p| format!("<p>{p}</p>{ad}")).collect();
        page(
            s,
            &format!(
                "<article><h1>{}</h1><div class=contributors><a rel=author href=/p/a>{}</a></div>{paragraphs}</article>",
                s.title, s.author
            ),
        )
    }),
];

#[test]
fn layouts_of_present_day_systems_are_read() {
    check(&LAYOUTS);
}

/// Paragraphs of a page's article.
#[track_caller]
fn check_body(body: &str, expect: &[&str]) {
    let article = super::layouts::read(&format!(
        "<html><body><nav><a href=/>Home</a></nav><main><h1>Council closes swing bridge to lorries</h1>{body}</main></body></html>"
    ));
    let found: Vec<&str> = article.paragraphs.iter().map(|p| p.of(&article.text)).collect();
    assert_eq!(found, expect);
}

const LEAD: &str = "The council of Brindlemere voted nine to four on Tuesday to close the old swing bridge to lorries until the autumn.";
const MORE: &str = "Haulage firms said the detour of eleven miles would cost each of them about 400 crowns a week in fuel and drivers’ time.";
const LAST: &str =
    "Engineers found hairline cracks in two of the six girders in March, and their report was published last week.";

#[test]
fn questions_and_answers_stay() {
    check_body(
        &format!(
            "<p>{LEAD}</p><p><strong>Who is allowed to cross?</strong></p><p>{MORE}</p><p><b>When were the cracks found?</b></p><p>{LAST}</p>"
        ),
        &[LEAD, "Who is allowed to cross?", MORE, "When were the cracks found?", LAST],
    );
    check_body(
        &format!(
            "<p>{LEAD}</p><dl><dt>Who is allowed to cross?</dt><dd>{MORE}</dd><dt>When were the cracks found?</dt><dd>{LAST}</dd></dl>"
        ),
        &[LEAD, "Who is allowed to cross?", MORE, "When were the cracks found?", LAST],
    );
}

#[test]
fn lists_behind_a_colon_stay() {
    let items = ["Lorries over seven tonnes", "Buses of the northern line", "Anything towed by a tractor"];
    let list = |items: &[&str]| items.iter().map(|item| format!("<li>{item}</li>")).collect::<String>();
    check_body(
        &format!(
            "<p>{LEAD}</p><p>Those who may no longer use the bridge by day are:</p><ul class=l>{}</ul><p>{MORE}</p><p>{LAST}</p>",
            list(&items)
        ),
        &[LEAD, "Those who may no longer use the bridge by day are:", items[0], items[1], items[2], MORE, LAST],
    );
    let links = list(&["<a href=/a>Pier opens after repairs</a>", "<a href=/b>Growers told to burn trees</a>"]);
    check_body(
        &format!("<p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p><p>More on this:</p><ul>{links}</ul>"),
        &[LEAD, MORE, LAST],
    );
}

#[test]
fn pages_in_other_languages_are_read() {
    let german = [
        "Der Rat von Brindlemeer hat am Dienstag beschlossen, die alte Drehbrücke bis zum Herbst für Lastwagen zu sperren.",
        "„Wir können nicht ewig flicken, was für Karren gebaut wurde“, sagte die Vorsitzende Odile Farrant nach der Sitzung.",
        "Im März hatten Fachleute feine Risse in zwei der sechs Träger gefunden; ihr Bericht erschien vergangene Woche.",
    ];
    let aside = "<div class=teaser-box><a href=/x>Lesen Sie auch: Fähren fahren wieder</a></div>";
    check_body(
        &format!(
            "<p>{}</p>{aside}<p>{}</p><p>{}</p><p>Mehr zum Thema: <a href=/t>Brücken</a></p>",
            german[0], german[1], german[2]
        ),
        &german,
    );
    let polish = [
        "Rada miasta zdecydowała we wtorek, że stary most obrotowy będzie do jesieni zamknięty dla ciężarówek.",
        "„Nie możemy w nieskończoność łatać czegoś, co zbudowano dla wozów” – powiedziała po sesji przewodnicząca Odile Farrant.",
        "W marcu inżynierowie znaleźli drobne pęknięcia w dwóch z sześciu dźwigarów, a raport ogłoszono w zeszłym tygodniu.",
    ];
    check_body(
        &format!(
            "<p>{}</p><p>Czytaj także: <a href=/x>Promy znów pływają</a></p><p>{}</p><p>{}</p>",
            polish[0], polish[1], polish[2]
        ),
        &polish,
    );
}
