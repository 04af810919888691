//! The screens: what they say of an answer, and where their links lead.

use serde_json::json;

use crate::client::{Server, articles};

#[test]
fn totals_are_given_by_how_closely_hits_match() {
    let texts = [
        "A 30-day ceasefire began in Sarn on Monday.",
        "Envoys asked for a thirty-day ceasefire in Sarn.",
        "They agreed on a ceasefire of 30 days in the valley.",
        "Sarn wants a 30-day truce.",
    ];
    let records: Vec<_> =
        (0..).zip(texts).map(|(n, text)| json!({"url": format!("https://paper.example/{n}"), "text": text})).collect();
    let server = Server::start(&records, &[]);
    let query = "q=%2230-day+ceasefire%22";
    let found = server.get(&format!("/api/v1/search?{query}")).json();
    let by_class = |class: &str| found["total_by_class"][class].as_u64().unwrap_or(0);
    let (close, near, synonym) = (by_class("written") + by_class("form"), by_class("near"), by_class("synonym"));
    assert!(by_class("form") > 0 && synonym > 0, "{found}");
    assert_eq!(Some(close + near + synonym), found["total"].as_u64());
    let page = server.get(&format!("/?{query}")).text();
    let line = page.split_once("<p class=\"classes\">").unwrap().1.split_once("</p>").unwrap().0;
    assert!(line.contains(&format!("{close} as written")), "{line}");
    assert!(line.contains("or in another form"), "{line}");
    assert!(line.contains(&format!("{synonym} in other words")), "{line}");
    for says in ["as written", "in another form: thirty-day", "in other words: "] {
        assert!(page.contains(&format!(" · {says}")), "{says}: {page}");
    }
    // Each link leaves its class out.
    let links: Vec<String> =
        line.split("href=\"").skip(1).map(|link| link.split('"').next().unwrap().replace("&#38;", "&")).collect();
    assert_eq!(links.len(), 2 + usize::from(near > 0), "{line}");
    let last = server.get(&links[links.len() - 1].replacen('/', "/api/v1/search", 1)).json();
    assert_eq!(last["total"].as_u64(), Some(close + near));
    // Where all hits are as written, there is nothing to tell.
    assert!(!server.get("/?q=Monday").text().contains("class=\"classes\""));
}

#[test]
fn what_was_meant_is_offered() {
    let server = Server::start(&articles(), &[]);
    let page = server.get("/?q=speaker:odee").text();
    assert!(page.contains("href=\"/?q=speaker%3A%22Lena+Ode%22\">No speaker matches"), "{page}");
    // Of several parts, each is counted, and the name takes the place of its own.
    let page = server.get("/?q=speaker:odee+dam").text();
    assert!(page.contains("Each part alone finds"), "{page}");
    assert!(page.contains("href=\"/?q=speaker%3A%22Lena+Ode%22+dam\">No speaker matches"), "{page}");
}

#[test]
fn cards_tell_words_from_what_is_between_them() {
    let text =
        "“The dam is safe,” said Mayor Lena Ode on Monday. “We looked twice.” Officials said the road was closed.";
    let server = Server::start(&[json!({"url": "https://paper.example/dam", "text": text})], &[]);
    let page = server.get("/?q=speaker:ode").text();
    assert!(page.contains("<span class=\"between\"> said Mayor Lena Ode on Monday. </span>"), "{page}");
    let key = page.split_once("/article/").unwrap().1[..16].to_owned();
    assert!(page.contains(&format!("<a href=\"/article/{key}#q0\">Link</a>")), "{page}");
    // Who is not named is called as the text calls them.
    assert!(server.get("/?q=kind:indirect").text().contains("“Officials”"));
}

#[test]
fn tags_and_notes_are_shown() {
    let server = Server::start(&articles(), &[]);
    let run = |arguments: &[&str]| {
        let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"));
        run.args(arguments).arg("--quiet").arg("--index").arg(server.folder.path().join("index"));
        assert!(run.status().unwrap().success());
    };
    let before = server.get("/?q=said:safe");
    run(&["tag", "https://paper.example/dam", "--quote", "the dam was safe", "to check"]);
    run(&["note", "https://paper.example/dam", "Ask the <mayor>."]);
    // The server takes up what people change beside the index.
    let clock = std::time::Instant::now();
    let page = loop {
        let page = server.get("/?q=said:safe");
        if page.text().contains("to check") {
            break page;
        }
        assert!(clock.elapsed() < std::time::Duration::from_secs(20), "{}", page.text());
        std::thread::sleep(std::time::Duration::from_millis(200));
    };
    assert_ne!(before.header("etag"), page.header("etag"));
    let page = page.text();
    assert!(page.contains("<a class=\"tag\" href=\"/?q=tag%3A%22to+check%22\">to check</a>"), "{page}");
    assert!(page.contains("<span>Ask the &#60;mayor&#62;.</span>"), "{page}");
    assert!(server.get("/?q=tag:%22to+check%22").text().contains("The dam was safe"));
    // A speaker that was overruled is another answer, though the articles are the same.
    let path = "/api/v1/search?q=said:safe";
    let before = server.get(path);
    run(&["correct", "the dam was safe", "--speaker", "Ole Berg"]);
    let clock = std::time::Instant::now();
    while !server.get(path).text().contains("Ole Berg") {
        assert!(clock.elapsed() < std::time::Duration::from_secs(20), "{}", server.get(path).text());
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert_ne!(before.header("etag"), server.get(path).header("etag"));
    let key = page.split_once("/article/").unwrap().1[..16].to_owned();
    let article = server.get(&format!("/article/{key}")).text();
    assert!(
        article.contains("<span class=\"tag\">to check</span>") && article.contains("Ask the &#60;mayor"),
        "{article}"
    );
}

#[test]
fn a_paragraph_says_where_it_is_in_its_recording() {
    let folder = tempfile::tempdir().unwrap();
    let cues = "WEBVTT\n\n00:00:01.000 --> 00:00:04.000\n<v Lena Ode>The dam is safe.\n\n\
                00:12:34.000 --> 00:12:40.000\n<v Bo Lind>I doubt it.\n";
    std::fs::write(folder.path().join("talk.vtt"), cues).unwrap();
    let server = Server::start_with(folder.path());
    let page = server.get("/?q=doubt").text();
    let key = page.split_once("/article/").unwrap().1[..16].to_owned();
    let article = server.get(&format!("/article/{key}")).text();
    assert!(article.contains("talk.vtt") && article.contains("<p class=\"place\">12:34</p>"), "{article}");
}

#[test]
fn an_article_shows_what_its_outlet_changed() {
    let record =
        |text: &str| json!({"url": "https://paper.example/dam", "title": "Dam", "date": "2031-04-02", "text": text});
    let server = Server::start(&[record("The dam is safe, the mayor said on Monday evening in Sarn.")], &[]);
    let file = server.folder.path().join("articles.jsonl");
    std::fs::write(&file, record("The dam was safe, the mayor said on Monday evening in Sarn.").to_string()).unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["ingest", "--keep-versions", "--quiet", "--index"])
        .arg(server.folder.path().join("index"))
        .arg(&file)
        .status();
    assert!(run.unwrap().success());
    let clock = std::time::Instant::now();
    while !server.get("/?q=dam").text().contains(" was safe") {
        assert!(clock.elapsed() < std::time::Duration::from_secs(20), "the new commit is not taken up");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let key = server.get("/?q=dam").text().split_once("/article/").unwrap().1[..16].to_owned();
    let article = server.get(&format!("/article/{key}")).text();
    assert!(article.contains("Changed by its outlet"), "{article}");
    assert!(article.contains("<del>is</del> <ins>was</ins>"), "{article}");
}
