//! Two outlets side by side: one answer, by the command line, the API and the page.

use std::process::Command;

use serde_json::{Value, json};

use crate::client::Server;

fn records() -> Vec<Value> {
    let article = |outlet: &str, n: u32, day: u32, text: &str| {
        json!({"url": format!("https://{outlet}.example/{n}"), "title": format!("Story {n}"), "outlet": outlet,
            "date": format!("2031-04-{day:02}"), "text": text})
    };
    vec![
        article(
            "Post",
            1,
            2,
            "“We will not sell the harbour to anybody in this valley,” said Mayor Lena Ode on Monday.",
        ),
        article("Post", 2, 3, "“The ferry is late every single morning of the week,” said Lena Ode."),
        article("Post", 3, 3, "Bees are back in the gardens of Sarn."),
        article("Post", 4, 4, "A quiet day in the valley."),
        article("Dawn", 1, 2, "“We will never sell the harbour to anybody in this valley,” Mayor Lena Ode said."),
        article("Dawn", 2, 5, "“Bread has never been so dear in all of my years here,” said Lena Ode."),
    ]
}

#[test]
fn one_answer_for_all() {
    let server = Server::start(&records(), &[]);
    let answer = server.get("/api/v1/compare?q=speaker:ode&a=outlet:Post&b=outlet:Dawn").json();
    let output = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["compare", "speaker:ode", "--a", "outlet:Post", "--b", "outlet:Dawn", "--format", "json", "-n", "20"])
        .arg("--index")
        .arg(server.folder.path().join("index"))
        .output()
        .unwrap();
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    for part in ["query", "a", "b", "both", "both_total", "index"] {
        assert_eq!(answer[part], told[part], "{part}");
    }
    let (a, b) = (&answer["a"], &answer["b"]);
    assert_eq!(
        (&a["total"], &a["articles"], &a["published"], &a["share"]),
        (&json!(2), &json!(2), &json!(4), &json!(0.5))
    );
    assert_eq!((&b["total"], &b["published"], &b["share"]), (&json!(2), &json!(2), &json!(1.0)));
    assert_eq!((&answer["both_total"], &a["only_total"], &b["only_total"]), (&json!(1), &json!(1), &json!(1)));
    let changed: Vec<_> = answer["both"][0]["differences"].as_array().unwrap().iter().collect();
    assert!(changed.iter().any(|part| **part == json!({"change": "gone", "text": "not"})), "{changed:?}");
    assert!(changed.iter().any(|part| **part == json!({"change": "new", "text": "never"})), "{changed:?}");
    assert!(b["only"][0]["text"].as_str().unwrap().contains("Bread"));
    // What was published is counted on the days that are asked for.
    let day = server.get("/api/v1/compare?q=speaker:ode&since=2031-04-03&a=outlet:Post&b=outlet:Dawn").json();
    assert_eq!((&day["a"]["articles"], &day["a"]["published"]), (&json!(1), &json!(3)));

    let text = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["compare", "speaker:ode", "--a", "outlet:Post", "--b", "outlet:Dawn", "--index"])
        .arg(server.folder.path().join("index"))
        .output()
        .unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    for says in ["2 of 4 articles (50.0%)", "In both: 1", "[-not-] {+never+}", "Only outlet:Dawn: 1"] {
        assert!(text.contains(says), "{says}: {text}");
    }
    let page = server.get("/compare?q=speaker:ode&a=outlet:Post&b=outlet:Dawn").text();
    for says in ["2 of 4 articles (50.0%)", "<del>not</del>", "<ins>never</ins>", "Only Dawn <small>1</small>"] {
        assert!(page.contains(says), "{says}: {page}");
    }
    assert!(server.get("/compare").text().contains("outlet:&#34;Post&#34;"));
    assert!(server.get("/?q=speaker:ode").text().contains("href=\"/compare?q=speaker%3Aode&#38;a="));
}

#[test]
fn what_cannot_be_compared_is_said() {
    let server = Server::start(&records(), &[]);
    let problem = server.get("/api/v1/compare?q=dam&a=outlet:Post");
    assert_eq!(problem.status, 400);
    assert!(problem.json()["detail"].as_str().unwrap().contains("both are needed"));
    let run = |b: &str| {
        let run = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["compare", "speaker:ode", "--a", "outlet:Nobody", "--b", b, "--index"])
            .arg(server.folder.path().join("index"))
            .output()
            .unwrap();
        (run.status.code(), String::from_utf8_lossy(&run.stderr).into_owned())
    };
    assert_eq!(run("outlet:Nowhere").0, Some(1));
    let (code, told) = run("date:yesterweek");
    assert!(code == Some(2) && told.contains("date:yesterweek"), "{told}");
}
