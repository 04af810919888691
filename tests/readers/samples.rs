//! One sample a format, and what must come out of it.

use std::ops::ControlFlow;

use onrecord::article::{self, Options};

use super::{check, sample};

#[test]
fn nitf() {
    check(
        &sample("nitf.xml"),
        &[
            " | Dredging of Tallow harbour halted after seal count | Orla Pennick | Tallow Bay Herald | 2025-06-12T14:05:00Z \
           | The harbour board stopped dredging on Thursday after volunteers counted 41 seal pups on the north sandbank. \
           ¶ “Nobody wants to start a season like this,” said the board's chair, Dunstan Aske. \
           ¶ What happens next \
           ¶ The council meets on Friday to decide whether work can go on in July — or not before October.",
        ],
    );
}

#[test]
fn newsml_g2() {
    check(
        &sample("newsml-g2.xml"),
        &[
            "1 | Brindle Mills to close its last loom | Ilse Marrow | Wexcombe Wire | 2025-06-13T08:52:11+02:00 \
             | Brindle Mills will close its last loom in September, the company said on Friday. \
             ¶ \"We kept it running longer than anyone thought wise,\" said the managing director, Aino Tveit.",
            "! 2: is a picture item without text of its own and skipped",
            "! 3: is marked `canceled` by its provider and skipped",
            "4 | Ferry fares to rise | Ruben Oake | wexwire | 2025-06-13T09:01:00+02:00 \
             | Fares on the Sound ferry rise by four per cent on Monday. ¶ A spokeswoman said the increase was overdue. \
             [its provider asks not to publish it before 2025-06-14T06:00:00+02:00]",
        ],
    );
}

#[test]
fn newsml_1_in_latin_1() {
    check(
        &sample("newsml-1.xml"),
        &["1 | Bridge at Sör reopens | Göran Falk | Halvard Press | 2004-03-09T10:12:00Z \
           | The bridge at Sör reopened on Tuesday after two years. ¶ Traffic was light, the police said."],
    );
}

#[test]
fn ninjs_of_both_generations() {
    check(
        &sample("ninjs-1.json"),
        &[" | Orchard workers end strike | Tamsin Grale, Joost Veld | Wexcombe Wire | 2025-06-14T07:15:00Z \
           | Orchard workers in Brindle ended their strike on Saturday. \
           ¶ They return to work on Monday, their union said."],
    );
    check(
        &sample("ninjs-2.json"),
        &[" | Strike in the orchards ends after nine days | Tamsin Grale | Wexcombe Wire | 2025-06-14T09:30:00+01:00 \
           | The strike in the orchards ended after nine days. \
           ¶ “It was the pears that decided it,” said the union’s secretary, Bo Lindqvist."],
    );
}

#[test]
fn rss() {
    check(
        &sample("rss.xml"),
        &[
            "1 | Lighthouse keeper’s log found in attic & read aloud | Wilf Arden | Kestrel Bay Courier & Post \
             | 2025-06-14T06:30:00+01:00 | A lighthouse keeper’s log of 1911 turned up in an attic in Fenwick Row. \
             ¶ “It stops in the middle of a word,” said Nessa Corrigan, who found it.",
            "2 | Market hall to stay open | Ada Quill | Kestrel Bay Courier & Post | 2025-06-13T17:00:00Z \
             | The market hall stays open through the winter, the town said. \
             [the feed gives a summary, not the whole article]",
            "! 3: has no text in its feed; ingest its page instead",
        ],
    );
}

#[test]
fn atom() {
    check(
        &sample("atom.xml"),
        &[
            "1 | Bus 14 & the detour | Petra Lund | Alder Street Notes | 2025-06-15T09:00:00+02:00 \
             | Bus 14 goes round the works until autumn. ¶ Drivers call it the grand tour.",
            "2 | Library hours | Sol Werner | Alder Street Notes | 2025-06-15T12:00:00Z \
             | The library opens on Sundays from July. [the feed gives a summary, not the whole article]",
        ],
    );
}

#[test]
fn sitemap() {
    check(
        &sample("sitemap.xml"),
        &[
            "1 | First tram crosses the new viaduct |  | Northmere Television | 2025-06-15T18:20:00+01:00 \
             | First tram crosses the new viaduct [a sitemap gives the headline only; ingest the page for its text]",
            "! 2: is a sitemap without titles and dates of news; ingest the pages that it lists instead",
        ],
    );
}

#[test]
fn json_of_any_nesting() {
    check(
        &sample("schema-org.json"),
        &["@graph.2 | Beekeepers count their losses | Nils Abara | The Sunday Heron | 2025-06-15T05:00:00+01:00 \
           | Beekeepers in the valley lost a third of their hives. \
           ¶ “We have never had a spring like it,” said Greta Moss."],
    );
    check(
        &sample("keyed.json"),
        &[
            "https://corvane.example/a | Mayor opens bridge |  |  | 2025-06-01 | The mayor opened the bridge.",
            "https://corvane.example/b | Bridge closes again |  |  | 2025-06-02 | The bridge closed again.",
        ],
    );
    check(
        &sample("nested.json"),
        &[
            "response.docs.1 | Frost takes the vines |  |  | 2025-04-24 \
             | Frost took half the vines. ¶ Growers met on Thursday.",
            "! response.docs.2: has no body among its fields (headline, pub_date); name it with `--map text=FIELD`",
            "response.docs.3 | Growers ask for help |  |  | 2025-04-26 | Growers asked for help.",
        ],
    );
}

#[test]
fn json_lines_with_bad_ones() {
    check(
        &sample("lines.jsonl"),
        &[
            "1 | One |  |  |  | First story.",
            "! 3: is not valid json: EOF while parsing a string at column 29; mend or remove it",
            "4 | Three |  |  |  | Third story.",
            "! 5: is not valid json: a record must be an object, `{\"title\": ..., \"text\": ...}`",
            "6 | Five |  |  |  | Café.",
        ],
    );
}

#[test]
fn tables_of_any_dialect() {
    check(
        &sample("semicolons.csv"),
        &[
            "2 | Markt bleibt offen | Jörg Thal |  | 2025-06-14 \
             | Der Markt bleibt offen, sagte Bürgermeisterin Käthe Groß. ¶ \"Das ist gut so\", sagte sie.",
            "! 3: is not valid csv: line 5 has 2 fields where the header has 4; mend the row",
            "4 | Zweiter |  |  | 2025-06-15 | Noch ein Text über Öl.",
        ],
    );
    check(
        &sample("tabs.tsv"),
        &[
            "2 | Rain at last |  |  | 2025-06-10 | It rained on \"Monday\", and on Tuesday.",
            "3 | Dry again |  |  | 2025-06-12 | It was dry again.",
        ],
    );
    check(
        &sample("headless.csv"),
        &[
            "1 | Wind farm voted down |  |  | 2025-06-11 | The town voted against the wind farm by 61 votes, the \
             returning officer said on Wednesday evening in the sports hall. \
             [the table has no header; its columns were guessed]",
            "2 | Vote to be repeated |  |  | 2025-06-13 | The vote on the wind farm will be repeated because the ballot \
             papers named the wrong hill, the town clerk said on Friday. \
             [the table has no header; its columns were guessed]",
        ],
    );
}

#[test]
fn mail() {
    check(
        &sample("newsletter.eml"),
        &[" | Der Morgen – müde Brücken & more |  | Tallystick Briefing | 2025-06-16T05:45:00+02:00 \
           | Bridges are tired, writes our desk this morning, and nobody has counted them since the spring floods. \
           ¶ “Nobody inspects them at night,” said the engineer Ottilie Brandt, who has kept a list of every crack."],
    );
    check(
        &sample("digest.mbox"),
        &[
            "1 | First café |  | Tallystick Briefing | 2025-06-16T05:45:00+02:00 \
             | The first café opened. ¶ From the start it was full, said its owner.",
            "2 | Second |  | Tallystick Briefing | 2025-06-17T05:45:00+02:00 \
             | The second opened too. ¶ From here on it gets crowded.",
        ],
    );
}

#[test]
fn a_page_saved_as_mail() {
    let found = super::outline(&sample("page.mhtml"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("“We had the summer closing notice printed already,” said the rink’s manager"),
        "{found:?}"
    );
    assert!(!found[0].contains("color"), "{found:?}");
}

#[test]
fn a_page_that_builds_its_text_by_script_gives_the_copy_in_its_data() {
    let page = r#"<html><head><title>Ferry sails again | Tallow Bay Herald</title><script type="application/ld+json">
        {"@type":"NewsArticle","headline":"Ferry sails again","datePublished":"2025-06-15",
         "articleBody":"The ferry to Holm sailed again on Sunday after a week in dock, with forty cars on board.\n\nThe crew cheered."}
        </script></head><body><h1>Ferry sails again</h1><div id="root"><p>Please enable JavaScript.</p></div></body></html>"#;
    super::check_bytes(
        "a.html",
        page.as_bytes(),
        &[" | Ferry sails again |  | Tallow Bay Herald | 2025-06-15 \
           | The ferry to Holm sailed again on Sunday after a week in dock, with forty cars on board. ¶ The crew cheered. \
           [most of the text is not shown by the page; it was taken from the page's data]"],
    );
}

/// The places of the paragraphs of a sample, each with how many follow each other there.
fn locators(name: &str) -> Vec<(String, usize)> {
    let mut found: Vec<(String, usize)> = Vec::new();
    let _ = article::read(&sample(name), &Options::default(), &mut |article| {
        for locator in article.unwrap().locators.iter().map(|locator| locator.unwrap().to_string()) {
            match found.last_mut() {
                Some((last, count)) if *last == locator => *count += 1,
                _ => found.push((locator, 1)),
            }
        }
        ControlFlow::Continue(())
    });
    found
}

#[test]
fn pdf_in_two_columns() {
    let mut text = String::new();
    let _ = article::read(&sample("report.pdf"), &Options::default(), &mut |article| {
        let article = article.unwrap();
        assert_eq!(article.meta.title.as_deref(), Some("Harbour dues rise by a fifth"));
        assert_eq!(article.meta.byline, ["Ines Quill"]);
        text = article.text;
        ControlFlow::Continue(())
    });
    let paragraphs: Vec<&str> = text.split("\n\n").collect();
    let starts: Vec<&str> = paragraphs.iter().skip(1).map(|paragraph| paragraph.split(' ').next().unwrap()).collect();
    let expect = ["The", "“We", "The", "“Nobody", "The", "Two", "The"];
    assert_eq!(starts, expect.repeat(6), "{text}");
    assert!(!text.contains("Harbour Report 2025") && !text.contains("– 2 –"), "{text}");
    assert!(
        paragraphs.iter().all(|paragraph| paragraph.ends_with(['.', '”']) || paragraph.starts_with("Harbour dues"))
    );
    let pages: Vec<String> = locators("report.pdf").into_iter().map(|(page, _)| page).collect();
    assert_eq!(pages, ["page 1", "page 2"]);
}

const BOARD: &str = "The harbour board of Brimwater has put up its long-term mooring dues by a fifth, and the owners of forty \
                     boats have until the end of the month to say whether they stay at the quay or leave for another.";
const VARGA: &str = "“We have waited for the repair of the lock since the spring, and now we pay for it twice,” said Ilse \
                     Varga, who keeps a barge in the lower basin and speaks for the owners of the other boats there.";
const MADE: &str = "[the date is the one on which the file was made]";

#[test]
fn word() {
    let chair = "The chair of the board, Henk Moerman, said on Tuesday that the dues had not been touched for eleven \
                 years, while the cost of dredging the channel had risen in every one of them.";
    let text = format!(
        " | Harbour dues rise | Ines Quill |  | 2025-03-04T09:15:00Z | Harbour dues rise ¶ {BOARD} ¶ {VARGA} ¶ {chair} \
         ¶ Lock ¶ 41 crowns ¶ The board has nine members. {MADE}"
    );
    check(&sample("letter.docx"), &[&text]);
}

#[test]
fn open_document() {
    let text = format!(
        " | Harbour dues rise | Ines Quill |  | 2025-03-04T09:15:00 | Harbour dues rise ¶ A note. ¶ {BOARD} ¶ A note. ¶ \
         {VARGA} {MADE}"
    );
    check(&sample("letter.odt"), &[&text]);
}

#[test]
fn rich_text() {
    let text = format!(" |  | Ines Quill |  | 2025-03-04 | FOR IMMEDIATE RELEASE ¶ {BOARD} ¶ {VARGA} {MADE}");
    check(&sample("release.rtf"), &[&text]);
}

#[test]
fn book() {
    check(
        &sample("book.epub"),
        &[
            &format!("OPS/text/two.xhtml | Before the lock | Ines Quill | Quay Press | 2025-03-04 | {VARGA}"),
            &format!("OPS/text/one.xhtml | The lock | Ines Quill | Quay Press | 2025-03-04 | {BOARD}"),
        ],
    );
}
