//! The API: what it gives, and how it says what it does not.

use serde_json::json;

use crate::client::{Server, articles};

#[test]
fn an_answer_is_that_of_the_command_line() {
    let server = Server::start(&articles(), &[]);
    let answer = server.get("/api/v1/search?q=speaker:ode&facets=outlet").json();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["query", "speaker:ode", "--facets", "outlet", "--format", "json", "--index"])
        .arg(server.folder.path().join("index"))
        .output()
        .unwrap();
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for part in ["query", "read_as", "total", "hits", "facets", "index", "expansions"] {
        assert_eq!(answer[part], told[part], "{part}");
    }
    assert_eq!(answer["total"], 2);
}

#[test]
fn pages_lead_to_everything_once() {
    let records: Vec<_> = (0..45)
        .map(|n| json!({"url": format!("https://paper.example/{n}"), "text": format!("The dam number {n} is safe.")}))
        .collect();
    let server = Server::start(&records, &[]);
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = server.get(&format!("/api/v1/search?q=dam&limit=20&after={after}")).json();
        seen.extend(
            page["hits"].as_array().unwrap().iter().map(|hit| hit["article"]["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    assert_eq!(seen.len(), 45);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 45);
    // The screen leads on as well.
    let page = server.get("/?q=dam").text();
    let next = page.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let second = server.get(&next).text();
    assert!(second.contains("21 to 40"), "{next} {second}");
    // And back, from the third page to the second, from that to the first.
    let link = |page: &str, rel: &str| {
        let before = page.split(&format!("rel=\"{rel}\"")).next().unwrap().rsplit("href=\"").next().unwrap();
        before.split('"').next().unwrap().replace("&#38;", "&")
    };
    let third = server.get(&link(&second, "next")).text();
    assert!(third.contains("41 to 45"), "{third}");
    assert!(server.get(&link(&third, "prev")).text().contains("21 to 40"));
    assert_eq!(link(&second, "prev"), "/?q=dam");

    // A cursor of another state of the index: the API says so, the screen goes on.
    let more = server.folder.path().join("more.jsonl");
    std::fs::write(&more, json!({"url": "https://paper.example/new", "text": "A new dam."}).to_string()).unwrap();
    let ingested = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["ingest", "--quiet", "--index"])
        .arg(server.folder.path().join("index"))
        .arg(&more)
        .status()
        .unwrap();
    assert!(ingested.success());
    let clock = std::time::Instant::now();
    while server.get("/api/v1/search?q=dam").json()["total"] != 46 {
        assert!(clock.elapsed() < std::time::Duration::from_secs(20), "the new commit is not taken up");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let stale = server.get(&format!("/api/v1/search?q=dam&limit=20&after={after}"));
    assert_eq!(stale.status, 410);
    assert_eq!(stale.json()["status"], 410);
    let moved = server.get(&next);
    assert_eq!(moved.status, 200);
    assert!(moved.text().contains("The index has changed"), "{}", moved.text());
}

#[test]
fn problems_say_what_happened() {
    let server = Server::start(&articles(), &[]);
    for (path, status, says) in [
        ("/api/v1/search?q=dam&colour=red", 400, "`colour`"),
        ("/api/v1/search?q=dam&sort=best", 400, "rank, newest or oldest"),
        ("/api/v1/search?q=dam&facets=colour", 400, "colour"),
        ("/api/v1/search?q=dam&after=abc", 400, "`after`"),
        ("/api/v1/articles/0123456789abcdef", 404, "not in the index"),
        ("/api/v1/nothing", 404, "nothing at this address"),
        ("/api/v1/why-not?q=dam", 400, "`article`"),
        ("/api/v1/entities?name=Nobody+At+All", 404, "Nobody At All"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        let problem = answer.json();
        assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
        assert!(problem["instance"].as_str().unwrap().starts_with("urn:onrecord:request:"));
    }
    let page = server.ask("GET", "/nothing", "accept: text/html\r\n", b"");
    assert_eq!(page.status, 404);
    assert!(page.text().contains("<h1>Nothing here</h1>"));
}

#[test]
fn every_answer_of_the_api() {
    let server = Server::start(&articles(), &[]);
    let quote = server.get("/api/v1/search?q=speaker:ode+said:safe").json();
    assert_eq!(quote["hits"][0]["text"], "“The dam was safe,”");
    let csv = server.get("/api/v1/search.csv?q=dam");
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8; header=present"));
    assert_eq!(csv.text().lines().count(), 4);
    let facets = server.get("/api/v1/facets?field=outlet&q=dam").json();
    assert_eq!(facets["facets"]["outlet"][0]["value"], "Fjord Dawn");
    let timeline = server.get("/api/v1/timeline?q=dam&every=day").json();
    assert_eq!(timeline["periods"].as_array().unwrap().len(), 4);
    assert_eq!(timeline["undated"], 1);
    let names = server.get("/api/v1/complete?field=speaker&prefix=od").json();
    assert_eq!(names[0]["value"], "Lena Ode");
    assert!(!server.get("/api/v1/explain?q=dam+valley").json()["explained"].as_array().unwrap().is_empty());
    let profile = server.get("/api/v1/entities?name=ode").json();
    assert_eq!((&profile["name"], &profile["quotes"]), (&json!("Lena Ode"), &json!(2)));
    let key = server.get("/?q=said:safe").text().split_once("/article/").unwrap().1[..16].to_owned();
    let article = server.get(&format!("/api/v1/articles/{key}")).json();
    assert_eq!(article["article"]["title"], "Dam breaks");
    let why = server.get(&format!("/api/v1/why-not?q=dam+bees&article={key}")).json();
    assert_eq!(why[0]["holds"], false);
    let annotations = server.get(&format!("/api/v1/articles/{key}/annotations")).json();
    let selectors = &annotations["items"][0]["target"][0]["selector"];
    assert_eq!(selectors[1]["exact"], "“The dam was safe,”");
    assert_eq!(selectors[0], json!({"type": "TextPositionSelector", "start": 0, "end": 19}));
    let sent =
        server.ask("POST", "/api/v1/annotate", "content-type: text/plain\r\n", "“We tried,” said Lena Ode.".as_bytes());
    assert_eq!(sent.json()["quotes"][0]["speaker"], "Lena Ode");
    let feed = server.get("/api/v1/search.atom?q=dam").text();
    let mut reader = quick_xml::Reader::from_str(&feed);
    while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
    assert_eq!(feed.matches("<entry>").count(), 3);
    assert!(feed.contains("<updated>2031-04-05T00:00:00Z</updated>"));
    assert!(server.get("/metrics").text().contains("onrecord_index_articles 3"));
    let status = server.get("/api/v1/status").json();
    assert_eq!((&status["articles"], &status["undated"]), (&json!(3), &json!(1)));
}

#[test]
fn what_somebody_said_is_checked() {
    let server = Server::start(&articles(), &[]);
    let check = |query: &str| server.get(&format!("/api/v1/check?{query}")).json();
    let other = check("words=the+dam+is+safe");
    let nearest = &other["nearest"][0];
    assert_eq!((&other["as_pasted"], &nearest["nearness"]), (&json!(false), &json!(0.75)));
    assert_eq!((&nearest["speakers"], &nearest["outlets"]), (&json!(["Lena Ode"]), &json!(["Harbour Post"])));
    assert_eq!((&nearest["since"], &nearest["text"]), (&json!("2031-04-02"), &json!("“The dam was safe,”")));
    assert_eq!(
        nearest["differences"],
        json!([
            {"change": "same", "text": "The dam"},
            {"change": "gone", "text": "is"},
            {"change": "new", "text": "was"},
            {"change": "same", "text": "safe"},
        ])
    );
    assert_eq!(check("words=%E2%80%9CThe+dam+was+safe%E2%80%9D&speaker=ode")["as_pasted"], true);
    assert_eq!(check("words=the+dam+was+safe&speaker=Nobody")["as_pasted"], false);
    assert_eq!(check("words=bees+eat+the+moon")["nearest"], json!([]));
    let refused = server.get("/api/v1/check?words=%21");
    assert_eq!(refused.status, 400);
    assert!(refused.json()["detail"].as_str().unwrap().contains("`words`"));

    // The screen says the same.
    let screen = |query: &str| server.get(&format!("/check?{query}")).text();
    let shown = screen("words=the+dam+is+safe");
    for part in ["Not on record here as pasted", "The dam <del>is</del> <ins>was</ins> safe", "since 2 April 2031"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(screen("words=the+dam+was+safe").contains(">On record as pasted<"));
    assert!(screen("words=the+dam+was+safe&speaker=Nobody").contains("On record as pasted, but not by Nobody"));
    assert!(screen("words=bees+eat+the+moon").contains(">Not on record here<"));
    assert!(screen("words=%21").contains("There is no word in this to check."));
    assert!(screen("words=%3Cb%3Ethe+dam+is+safe").contains("&#60;b&#62;the dam"));
    // An article can be reached from it.
    let key = shown.split_once("/article/").unwrap().1[..16].to_owned();
    assert_eq!(server.get(&format!("/article/{key}")).status, 200);
    assert!(server.get("/?q=dam").text().contains("href=\"/check\""));
}

#[test]
fn the_description_names_every_address() {
    let server = Server::start(&articles(), &[]);
    let described = server.get("/openapi.json").json();
    assert!(described["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = described["paths"].as_object().unwrap();
    assert!(paths.len() >= 15);
    for (path, operations) in paths {
        let parameters: Vec<String> = operations["get"]["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["required"] == true && parameter["in"] == "query")
            .map(|parameter| format!("{}=x", parameter["name"].as_str().unwrap()))
            .collect();
        let path = path.replace("{key}", "0123456789abcdef").replace("{id}", "0123").replace("{ending}", "csv");
        let address = format!("{path}?{}", parameters.join("&"));
        if operations.get("get").is_some() {
            let status = server.get(&address).status;
            assert!(operations["get"]["responses"].get(status.to_string()).is_some(), "{address}: {status}");
        }
    }
}

#[test]
fn nothing_is_sent_twice() {
    let server = Server::start(&articles(), &[]);
    for path in ["/?q=dam", "/api/v1/search?q=dam", "/status", "/api/v1/facets?field=outlet"] {
        let first = server.get(path);
        let tag = first.header("etag").unwrap();
        let again = server.ask("GET", path, &format!("if-none-match: {tag}\r\n"), b"");
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        let other = server.ask("GET", path, "if-none-match: \"x\"\r\n", b"");
        assert_eq!(other.status, 200, "{path}");
    }
    let compressed = server.ask("GET", "/?q=dam", "accept-encoding: gzip\r\n", b"");
    assert_eq!(compressed.header("content-encoding"), Some("gzip"));
}

#[test]
fn a_page_is_small() {
    let server = Server::with_samples();
    let gzip = |path: &str| {
        let answer = server.ask("GET", path, "accept-encoding: gzip\r\n", b"");
        assert_eq!(answer.status, 200, "{path}");
        answer.body.len()
    };
    let page = server.get("/?q=ceasefire").text();
    let assets = page.split('"').filter(|part| part.starts_with("/assets/"));
    let all: usize = gzip("/?q=ceasefire") + assets.map(gzip).sum::<usize>();
    assert!(all <= 60_000, "{all} bytes");
}
