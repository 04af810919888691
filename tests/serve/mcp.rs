//! `onrecord mcp`: what an assistant is given over standard input and output.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::client::{Server, articles};

/// An assistant's end of the pipes.
struct Assistant {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    number: u64,
}

impl Assistant {
    fn start(server: &Server) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_onrecord"))
            .args(["mcp", "--page", "https://desk.example/", "--index"])
            .arg(server.folder.path().join("index"))
            .env("XDG_CONFIG_HOME", server.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (requests, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Assistant { child, requests, answers, number: 0 }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.requests, "{line}").unwrap();
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.number += 1;
        let number = self.number;
        self.say(&json!({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).to_string());
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["id"], number, "{answer}");
        answer
    }

    /// What a tool answers.
    #[track_caller]
    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let answer = self.ask("tools/call", &json!({"name": tool, "arguments": arguments}));
        let result = &answer["result"];
        assert_ne!(result["isError"], true, "{answer}");
        let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
        assert_eq!(text, result["structuredContent"], "{answer}");
        text
    }
}

#[test]
fn an_assistant_searches_checks_and_cites() {
    let server = Server::start(&articles(), &[]);
    let mut assistant = Assistant::start(&server);
    let hello =
        json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    let answer = assistant.ask("initialize", &hello);
    assert_eq!(answer["result"]["serverInfo"]["name"], "onrecord");
    assistant.say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string());
    // A line that is no JSON has no number to answer to.
    assistant.say("this is no JSON");
    let listed = assistant.ask("tools/list", &json!({}));
    let tools = listed["result"]["tools"].as_array().unwrap();
    let mut names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["article", "check_quote", "facets", "quotes_by", "search"]);
    assert!(tools.iter().all(|tool| tool["description"].as_str().unwrap().len() > 40), "{listed}");
    assert!(tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true), "{listed}");

    let found = assistant.call("search", &json!({"query": "speaker:ode said:safe"}));
    assert_eq!(found["total"], 1);
    let hit = &found["hits"][0];
    assert_eq!((&hit["text"], &hit["speakers"][0]), (&json!("“The dam was safe,”"), &json!("Lena Ode")));
    assert_eq!((&hit["start"], &hit["end"]), (&json!(0), &json!(19)));
    let permalink = hit["permalink"].as_str().unwrap();
    // The page has the words where the permalink says.
    let path = permalink.strip_prefix("https://desk.example").unwrap();
    let (path, anchor) = path.split_once('#').unwrap();
    assert!(server.get(path).text().contains(&format!("id=\"{anchor}\"")), "{permalink}");
    assert!(hit["original"].as_str().unwrap().starts_with("https://paper.example/dam#:~:text="));

    let pages = assistant.call("search", &json!({"query": "dam", "limit": 2, "sort": "newest"}));
    let rest = assistant.call("search", &json!({"query": "dam", "limit": 2, "sort": "newest", "after": pages["next"]}));
    assert_eq!((pages["hits"].as_array().unwrap().len(), rest["hits"].as_array().unwrap().len()), (2, 1));

    let quotes = assistant.call("quotes_by", &json!({"speaker": "Ode", "words": "built", "since": "2031-04"}));
    assert_eq!((&quotes["total"], &quotes["hits"][0]["outlet"]), (&json!(1), &json!("Fjord Dawn")));
    let check = assistant.call("check_quote", &json!({"words": "the dam is safe", "speaker": "Ode"}));
    assert_eq!(check["as_pasted"], false);
    assert!(check["nearest"][0]["permalink"].as_str().unwrap().contains("/article/"), "{check}");
    let nothing = assistant.call("check_quote", &json!({"words": "bananas grow on the moon"}));
    assert_eq!(nothing["nearest"], json!([]));
    let article = assistant.call("article", &json!({"article": hit["article"]}));
    assert_eq!(article["text"].as_str().unwrap().chars().count() as u64, article["length"]);
    assert_eq!(article["quotes"][0]["content"][0], json!({"start": 0, "end": 19}));
    let rest = assistant.call("article", &json!({"article": hit["article"], "start": 30}));
    assert!(article["text"].as_str().unwrap().ends_with(rest["text"].as_str().unwrap()));
    let facets = assistant.call("facets", &json!({"field": "outlet", "query": "dam"}));
    assert_eq!(facets["values"][0], json!({"value": "Fjord Dawn", "count": 2, "articles": 2}));

    // What cannot be done is said, and the next request is answered.
    let failed = assistant.ask("tools/call", &json!({"name": "facets", "arguments": {"field": "colour"}}));
    assert_eq!(failed["result"]["isError"], true, "{failed}");
    assert!(failed["result"]["content"][0]["text"].as_str().unwrap().contains("unknown facet"), "{failed}");
    for wrong in [json!({"query": "dam", "limit": 51}), json!({"query": "dam", "colour": 1}), json!({})] {
        let refused = assistant.ask("tools/call", &json!({"name": "search", "arguments": wrong}));
        assert!(refused["error"]["code"].is_i64() || refused["result"]["isError"] == true, "{refused}");
    }
    assert_eq!(assistant.call("search", &json!({"query": "bees"}))["total"], 1);

    drop(assistant.requests);
    assert!(assistant.child.wait().unwrap().success());
}
