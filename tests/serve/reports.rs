//! `--format html`: one file that shows everything by itself.

use std::process::Command;

use serde_json::json;

use crate::client::{Server, articles};
use crate::webdriver::Browser;

fn html(server: &Server, arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(arguments)
        .args(["--format", "html", "--index"])
        .arg(server.folder.path().join("index"))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = String::from_utf8(run.stdout).unwrap();
    // Nothing is fetched: no script, no file, no picture.
    for fetched in ["<script", "<link", "<img", "<iframe", "@import", "url(", " src="] {
        assert!(!text.contains(fetched), "{fetched}: {text}");
    }
    let digest = server.get("/api/v1/status").json()["digest"].as_str().unwrap().to_owned();
    let foot = text.split_once("<footer").unwrap().1;
    assert!(foot.contains(&digest) && foot.contains("3 articles") && foot.contains(" 20"), "{foot}");
    text
}

#[test]
fn reports_say_everything() {
    let server = Server::start(&articles(), &[]);
    let report = html(&server, &["query", "speaker:ode", "--facets", "outlet", "--all"]);
    for says in [
        "<h1>2 hits</h1>",
        "“The dam was safe,”",
        "href=\"https://paper.example/dam#:~:text=",
        "<h2>outlet</h2>",
        "speaker:ode",
        "2 April 2031",
    ] {
        assert!(report.contains(says), "{says}: {report}");
    }
    let words = html(&server, &["query", "valley"]);
    assert!(words.contains("<mark>valley</mark>"), "{words}");
    assert!(words.contains("<span class=\"said "), "{words}");
    let facets = html(&server, &["facets", "outlet", "dam"]);
    assert!(facets.contains("<th scope=\"row\">Fjord Dawn</th><td>2</td>"), "{facets}");
    let timeline = html(&server, &["timeline", "dam", "--every", "day"]);
    assert!(
        timeline.contains("<svg") && timeline.contains("<th scope=\"row\">2031-04-03</th><td>0</td>"),
        "{timeline}"
    );
    assert!(timeline.contains("<th scope=\"row\">undated</th><td>1</td>"), "{timeline}");
    let article = html(&server, &["show", "https://paper.example/dam"]);
    assert!(article.contains("<span class=\"said direct\" id=\"q0\">“The dam was safe,”</span>"), "{article}");
    assert!(article.contains("Lena Ode") && !article.contains("href=\"/"), "{article}");
    assert!(html(&server, &["show", "--entity", "ode"]).contains("Lena Ode: person"));
}

#[test]
fn markup_in_a_report_is_text() {
    let evil = "<script>alert(1)</script>";
    let server = Server::start(
        &[
            json!({"url": "javascript:alert(1)", "title": evil, "outlet": format!("\" onload=x {evil}"), "date": "2031-04-02",
                "text": format!("“The dam {evil} \u{202e}was safe,” said Mayor Lena Ode.")}),
            json!({"url": "https://paper.example/2", "text": "The dam."}),
            json!({"url": "https://paper.example/3", "text": "The dam, too."}),
        ],
        &[],
    );
    let found = server.get("/api/v1/search?q=speaker:ode").json();
    let id = found["hits"][0]["article"]["id"].as_str().unwrap();
    for arguments in [&["query", "dam"][..], &["facets", "outlet", "dam"], &["timeline", "dam"], &["show", id]] {
        let report = html(&server, arguments);
        assert!(
            !report.contains("\" onload=") && !report.contains("href=\"javascript:") && !report.contains('\u{202e}')
        );
    }
}

#[test]
fn a_report_opens_from_a_file() {
    let Some(browser) = Browser::open(true) else { return };
    let server = Server::with_samples();
    let reports: [&[&str]; 3] = [
        &["query", "speaker:brannigan"],
        &["timeline", "ceasefire", "--split", "outlet"],
        &["show", "--entity", "brannigan"],
    ];
    for (number, arguments) in reports.into_iter().enumerate() {
        let run = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(arguments)
            .args(["--format", "html", "--index"])
            .arg(server.folder.path().join("index"))
            .output()
            .unwrap();
        let file = server.folder.path().join(format!("{number}.html"));
        std::fs::write(&file, run.stdout).unwrap();
        for (width, colours) in [(1440, "light"), (360, "dark")] {
            browser.look(width, colours);
            browser.go(&format!("file://{}", file.display()));
            browser.find("footer.foot p");
            crate::browser::check_access(&browser, &format!("{arguments:?} at {width} in {colours}"));
        }
    }
    assert_eq!(browser.log("browser"), Vec::<String>::new());
}
