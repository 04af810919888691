//! Saved searches: on the page, in the API, as a feed and on the command line.

use std::process::{Command, Output};

use serde_json::json;

use crate::client::{Server, articles};

fn onrecord(server: &Server, arguments: &[&str]) -> Output {
    let index = server.folder.path().join("index");
    Command::new(env!("CARGO_BIN_EXE_onrecord")).args(arguments).arg("--index").arg(index).output().unwrap()
}

fn ingest(server: &Server, record: &serde_json::Value) {
    let file = server.folder.path().join("more.jsonl");
    std::fs::write(&file, record.to_string()).unwrap();
    assert!(onrecord(server, &["ingest", "--quiet", file.to_str().unwrap()]).status.success());
}

#[test]
fn what_is_new_is_told_everywhere() {
    let server = Server::start(&articles(), &[]);
    let saved = server.ask("POST", "/saved", "", b"q=dam&by=passage&note=for+%3CFriday%3E");
    assert_eq!(saved.status, 303);
    let page = saved.header("location").unwrap().to_owned();
    let id = page.rsplit('/').next().unwrap();
    let text = server.get(&page).text();
    assert!(text.contains("3 hits") && text.contains("for &#60;Friday&#62;"), "{text}");
    assert!(server.get("/saved").text().contains(&page));
    let list = server.get("/api/v1/saved").json();
    let feed = list[0]["feed"].as_str().unwrap().to_owned();
    assert_eq!(list[0]["search"], "/api/v1/search?q=dam&by=passage");
    assert_eq!(server.get(&feed).text().matches("<entry>").count(), 3);
    assert_eq!(server.get("/feeds/0123.atom").status, 404);

    // Nothing new, on the command line either.
    let run = onrecord(&server, &["saved", "run", id, "--new", "--format", "jsonl"]);
    assert_eq!((run.status.code(), run.stdout.len()), (Some(1), 0));
    ingest(&server, &json!({"url": "https://paper.example/new", "text": "A new dam."}));
    let run = onrecord(&server, &["saved", "run", id, "--new", "--format", "jsonl"]);
    assert_eq!(run.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&run.stdout).lines().count(), 1);
    assert_eq!(onrecord(&server, &["saved", "run", id, "--new"]).status.code(), Some(1));
    // What one reader was told is still there for another, who asks since when.
    let since = format!("/api/v1/saved/{id}?since-seen=2000-01-01T00:00:00Z");
    let clock = std::time::Instant::now();
    while server.get(&since).json()["total"] != 4 {
        assert!(clock.elapsed() < std::time::Duration::from_secs(20), "the new commit is not taken up");
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    assert_eq!(server.get(&format!("/api/v1/saved/{id}?since-seen=2999-01-01T00:00:00Z")).json()["hits"], json!([]));

    let listed = onrecord(&server, &["saved", "list"]);
    assert!(String::from_utf8_lossy(&listed.stdout).contains(id));
    assert!(onrecord(&server, &["saved", "remove", id]).status.success());
    assert_eq!(server.get(&page).status, 404);
    assert_eq!(server.get(&feed).status, 404);
    assert_eq!(onrecord(&server, &["saved", "run", id]).status.code(), Some(2));
}

#[test]
fn programs_save_too() {
    let server = Server::start(&articles(), &[]);
    let body = json!({"search": "/api/v1/search?q=speaker:ode", "note": "the mayor"}).to_string();
    let saved = server.ask("POST", "/api/v1/saved", "content-type: application/json\r\n", body.as_bytes());
    assert_eq!(saved.status, 201);
    let id = saved.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(server.get(&format!("/api/v1/saved/{id}")).json()["total"], 2);
    assert_eq!(server.ask("POST", "/api/v1/saved", "origin: https://evil.example\r\n", body.as_bytes()).status, 403);
    assert_eq!(server.ask("POST", "/api/v1/saved", "", b"{}").status, 400);
    assert_eq!(server.ask("DELETE", &format!("/api/v1/saved/{id}"), "", b"").status, 204);
    assert_eq!(server.get("/api/v1/saved").json(), json!([]));
}

#[test]
fn what_is_found_anew_in_old_articles_is_counted_apart() {
    let server = Server::start(&articles(), &[]);
    let index = server.folder.path().join("index");
    let added = onrecord(&server, &["saved", "add", "speaker:\"The Mayor of Sarn\""]);
    let id = String::from_utf8(added.stdout).unwrap().trim().to_owned();
    // Somebody says who that is: quotations of old articles are found, and one of a new article.
    std::fs::create_dir_all(index.join("user")).unwrap();
    std::fs::write(
        index.join("user/aliases.toml"),
        "[[entity]]\nkind = \"person\"\nname = \"Lena Ode\"\nalso = [\"The Mayor of Sarn\"]\n",
    )
    .unwrap();
    ingest(&server, &json!({"url": "https://paper.example/new", "text": "“It rains,” said Lena Ode."}));
    let run = onrecord(&server, &["saved", "run", &id, "--new", "--format", "jsonl"]);
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(0), "{told}");
    assert_eq!(String::from_utf8_lossy(&run.stdout).lines().count(), 1);
    assert!(told.contains("2 hits found anew"), "{told}");
    // The server follows the aliases after its next look at the index.
    let clock = std::time::Instant::now();
    let all = loop {
        let all = server.get(&format!("/api/v1/saved/{id}")).json();
        if all["total"] == 3 || clock.elapsed() > std::time::Duration::from_secs(20) {
            break all;
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    };
    assert_eq!((&all["total"], &all["anew"]), (&json!(3), &json!(2)), "{all}");
    assert!(server.get(&format!("/saved/{id}")).text().contains("in articles seen before"));
    let feed = server.get("/api/v1/saved").json()[0]["feed"].as_str().unwrap().to_owned();
    assert_eq!(server.get(&feed).text().matches("<entry>").count(), 1);
}
