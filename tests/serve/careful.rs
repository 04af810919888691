//! Careful reading by a server: of texts that are sent, and of the index while nobody asks.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::client::{Answer, Server};

/// The answer to a text that is sent to be annotated.
fn annotate(server: &Server, text: &str, analysis: &str) -> Answer {
    let sent = json!({"text": text, "analysis": analysis}).to_string();
    server.ask("POST", "/api/v1/annotate", "content-type: application/json\r\n", sent.as_bytes())
}

#[test]
fn a_text_that_is_sent_is_read_as_asked() {
    let server = Server::start(&[], &[]);
    let text =
        "“We tried,” said Lena Ode on Monday. She denied that the dam had been unsafe, and Ole Berg agreed with her.";
    let [fast, careful] = ["fast", "careful"].map(|analysis| annotate(&server, text, analysis).json());
    for read in [&fast, &careful] {
        assert_eq!(read["quotes"][0]["speaker"], "Lena Ode", "{read}");
    }
    // Confidence is calibrated for each way of reading.
    assert_ne!(fast["quotes"], careful["quotes"]);
    let other = annotate(&server, "Rain fell.", "deep");
    assert_eq!(other.status, 400);
    assert!(other.text().contains("`fast` or `careful`"), "{}", other.text());
    let long = "Rain fell. ".repeat(10_000);
    assert_eq!(annotate(&server, &long, "fast").status, 200);
    let refused = annotate(&server, &long, "careful");
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("100000 bytes"), "{}", refused.text());
}

#[test]
fn an_idle_server_reads_the_index_carefully() {
    let articles = [
        json!({"id": "1", "date": "2031-04-05", "text": "“We will not pay,” Lena Ode said on Monday."}),
        json!({"id": "2", "date": "2031-04-06", "text": "Ole Berg said the wall would hold until the spring."}),
    ];
    let server = Server::start(&articles, &["--analysis", "careful"]);
    let status = || -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.args(["status", "--format", "json", "--index"]).arg(server.folder.path().join("index"));
        serde_json::from_slice(&command.output().unwrap().stdout).unwrap()
    };
    assert_eq!(status()["articles"], 2);
    let started = Instant::now();
    while status()["careful"] != 2 {
        assert!(started.elapsed() < Duration::from_mins(2), "{}", status());
        std::thread::sleep(Duration::from_millis(200));
    }
    let said = server.get("/api/v1/search?q=speaker:ode").json();
    assert_eq!(said["total"], 1, "{said}");
    assert!(server.stop().success());
}
