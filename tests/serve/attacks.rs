//! What must not work.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Server, articles};

const TOKEN: &str = "correct-horse-battery";

#[test]
fn other_hosts_and_other_sites_are_refused() {
    let server = Server::start(&articles(), &["--host", "desk.example"]);
    let port = server.address.port();
    for host in ["localhost.evil.example", "evil.example", "desk.example.evil.example", "10.0.0.1"] {
        let answer = server.ask("GET", "/", &format!("host: {host}:{port}\r\n"), b"");
        assert_eq!(answer.status, 421, "{host}");
        assert!(!answer.text().contains("dam"), "{host}");
    }
    assert_eq!(server.raw(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n").status, 421);
    for host in ["localhost", "127.0.0.1", "desk.example"] {
        assert_eq!(server.ask("GET", "/", &format!("host: {host}:{port}\r\n"), b"").status, 200, "{host}");
    }
    let post = |origin: &str| {
        server.ask("POST", "/api/v1/annotate", &format!("origin: {origin}\r\n"), b"\"We tried,\" said Lena Ode.").status
    };
    assert_eq!(post("https://evil.example"), 403);
    assert_eq!(post("null"), 403);
    assert_eq!(post(&format!("http://{}", server.address)), 200);
    assert_eq!(server.ask("POST", "/api/v1/annotate", "sec-fetch-site: cross-site\r\n", b"x").status, 403);
    assert_eq!(server.ask("POST", "/", "", b"x").status, 405);
}

#[test]
fn named_sites_may_use_the_api() {
    let server = Server::start(&articles(), &["--allow-origin", "https://desk.example"]);
    let ask = |method: &str, path: &str, origin: &str, body: &[u8]| {
        server.ask(method, path, &format!("origin: {origin}\r\nsec-fetch-site: cross-site\r\n"), body)
    };
    let (named, other) = ("https://desk.example", "https://desk.example.evil.example");
    let told = |answer: &crate::client::Answer| answer.header("access-control-allow-origin").map(str::to_owned);
    assert_eq!(told(&ask("GET", "/api/v1/search?q=dam", named, b"")).as_deref(), Some(named));
    let before = ask("OPTIONS", "/api/v1/annotate", named, b"");
    assert_eq!((before.status, told(&before).as_deref()), (204, Some(named)));
    assert_eq!(ask("POST", "/api/v1/annotate", named, b"\"We tried,\" said Lena Ode.").status, 200);
    // Screens and other sites stay out.
    assert_eq!(told(&ask("GET", "/?q=dam", named, b"")), None);
    assert_eq!(ask("POST", "/saved", named, b"q=dam").status, 403);
    assert_eq!(told(&ask("GET", "/api/v1/search?q=dam", other, b"")), None);
    assert_eq!(ask("OPTIONS", "/api/v1/annotate", other, b"").status, 405);
    assert_eq!(ask("POST", "/api/v1/annotate", other, b"x").status, 403);
}

#[test]
fn markup_in_articles_is_text() {
    let evil = "<script>alert(1)</script><img src=x onerror=alert(1)>";
    let server = Server::start(
        &[json!({
            "url": "javascript:alert(document.domain)//https://paper.example",
            "title": format!("Title {evil}"),
            "outlet": format!("Outlet \" onmouseover=alert(1) {evil}"),
            "byline": format!("By {evil}"),
            "date": "2031-04-02",
            "text": format!("“The dam {evil} was safe,” said Mayor Lena Ode.\n\nThe {evil} valley \" onload=x was empty. \u{202e}evil"),
        })],
        &[],
    );
    let search = server.get("/?q=valley&by=passage");
    let quotes = server.get("/?q=dam&by=quote");
    let key = quotes.text().split_once("/article/").unwrap().1[..16].to_owned();
    let pages = [
        search,
        quotes,
        server.get(&format!("/article/{key}?q=valley")),
        server.get("/"),
        server.get("/?q=%3Cscript%3Ealert(1)%3C/script%3E"),
        server.get("/?q=dam&filter=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"),
        server.get("/entity/person/Lena%20Ode"),
        server.ask("GET", "/entity/person/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "accept: text/html\r\n", b""),
        server.ask("GET", "/%3Cscript%3E", "accept: text/html\r\n", b""),
        server.get("/status"),
    ];
    for page in pages {
        let text = page.text();
        assert!(page.status == 200 || page.status == 404, "{}: {text}", page.status);
        // The only script is our own.
        assert_eq!(text.matches("<script").count(), 1, "{text}");
        assert!(!text.contains("<img") && !text.contains("href=\"javascript:"), "{text}");
        assert!(!text.contains('\u{202e}'), "{text}");
        assert!(!text.contains("\" onmouseover=") && !text.contains("\" onload="), "{text}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let server = Server::start(&articles(), &[]);
    let long = server.get(&format!("/?q={}", "a".repeat(9_000)));
    assert_eq!(long.status, 400);
    let huge = server.get(&format!("/?q={}", "a".repeat(10_000_000)));
    assert!(matches!(huge.status, 0 | 414 | 431), "{}", huge.status);
    let body = server.ask("POST", "/api/v1/annotate", "content-type: text/plain\r\n", &vec![b'a'; 3_000_000]);
    assert!(matches!(body.status, 0 | 413), "{}", body.status);
    assert_eq!(server.get("/?q=dam").status, 200);
}

#[test]
fn keys_are_no_paths() {
    let server = Server::start(&articles(), &[]);
    for key in ["..%2F..%2Fetc%2Fpasswd", "%2e%2e", "0000000000000000", "0123456789ABCDEF", "%00", "../../etc/passwd"] {
        for path in ["/article/", "/api/v1/articles/", "/assets/x/"] {
            let answer = server.get(&format!("{path}{key}"));
            assert!(matches!(answer.status, 400 | 404), "{path}{key}: {}", answer.status);
            assert!(!answer.text().contains("root:"));
        }
    }
}

#[test]
fn tokens_open_the_door_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tokens");
    std::fs::write(&file, format!("# who may ask\ndesk {TOKEN}\n")).unwrap();
    let server = Server::start(&articles(), &["--token-file", file.to_str().unwrap()]);
    for path in ["/api/v1/search?q=dam", "/metrics", "/status", "/openapi.json", "/api/v1/search.csv?q=dam"] {
        let answer = server.get(path);
        assert_eq!(answer.status, 401, "{path}");
        assert!(!answer.text().contains("Harbour Post"));
        for wrong in ["", "x", &TOKEN[1..], "correct-horse-batterz"] {
            let answer = server.ask("GET", path, &format!("authorization: Bearer {wrong}\r\n"), b"");
            assert_eq!(answer.status, 401, "{path} {wrong}");
        }
        assert_eq!(server.ask("GET", path, &format!("authorization: Bearer {TOKEN}\r\n"), b"").status, 200, "{path}");
    }
    assert_eq!(server.get("/healthz").status, 200);
    let led = server.ask("GET", "/?q=dam", "accept: text/html\r\n", b"");
    assert_eq!((led.status, led.header("location")), (303, Some("/sign-in?to=%2F%3Fq%3Ddam")));
    let wrong = server.ask("POST", "/sign-in", "", b"token=wrong&to=/");
    assert_eq!((wrong.status, wrong.header("set-cookie")), (422, None));
    let form = format!("token={TOKEN}&to=https%3A%2F%2Fevil.example");
    let entered = server.ask("POST", "/sign-in", "", form.as_bytes());
    assert_eq!((entered.status, entered.header("location")), (303, Some("/")));
    let cookie = entered.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(TOKEN), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    assert_eq!(server.ask("GET", "/?q=dam", &format!("cookie: {pair}\r\n"), b"").status, 200);
    assert_eq!(server.ask("GET", "/?q=dam", "cookie: onrecord=0000\r\n", b"").status, 401);
}

#[test]
fn an_open_address_asks_for_a_token_or_for_consent() {
    let folder = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
        .args(["serve", "--address", "0.0.0.0:0", "--index"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("--token-file") && told.contains("--insecure"), "{told}");
}

#[test]
fn slow_clients_hold_nobody_up() {
    let server = Server::start(&articles(), &[]);
    // As many as the limit on open files lets this process have.
    let mut slow = Vec::new();
    for _ in 0..10_000 {
        let Ok(mut stream) = std::net::TcpStream::connect(server.address) else { break };
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: loc");
        slow.push(stream);
    }
    let clock = Instant::now();
    assert_eq!(server.get("/?q=dam").status, 200);
    assert!(clock.elapsed() < Duration::from_secs(5), "{:?}", clock.elapsed());
}

#[test]
fn a_stream_that_nobody_reads_ends() {
    // Far more than the buffers of a connection hold.
    let text = "The dam is safe, and so is the valley below it.\n\n".repeat(250);
    let records: Vec<_> =
        (0..100).map(|n| json!({"url": format!("https://paper.example/{n}"), "text": text})).collect();
    let server = Server::start(&records, &[]);
    let answer = server.get("/api/v1/search.ndjson?q=dam");
    let text = answer.text();
    assert_eq!(text.lines().count(), 25_001);
    assert_eq!(text.lines().last(), Some("{\"end\":true,\"total\":25000}"));
    for _ in 0..8 {
        let mut stream = server.connect();
        let head = format!("GET /api/v1/search.ndjson?q=dam HTTP/1.1\r\nhost: {}\r\n\r\n", server.address);
        stream.write_all(head.as_bytes()).unwrap();
        let mut some = [0; 1024];
        let _ = stream.read(&mut some).unwrap();
        // The client goes away in the middle.
    }
    let clock = Instant::now();
    assert_eq!(server.get("/api/v1/search.ndjson?q=dam&limit=1").text().lines().count(), 2);
    assert!(clock.elapsed() < Duration::from_secs(5), "{:?}", clock.elapsed());
}

#[test]
fn it_stops_when_it_is_told_to() {
    let server = Server::start(&articles(), &[]);
    assert_eq!(server.get("/readyz").status, 200);
    let clock = Instant::now();
    assert!(server.stop().success());
    assert!(clock.elapsed() < Duration::from_secs(12));
}

#[test]
fn cursors_say_nothing_of_this_machine_and_hold_for_one_state_of_the_index() {
    let records: Vec<_> = (0..5).map(|n| json!({"text": format!("The dam number {n} is safe.")})).collect();
    let server = Server::start(&records, &[]);
    let first = server.get("/api/v1/search?q=dam&limit=2").json();
    let next = first["next"].as_str().unwrap();
    let bytes: Vec<u8> =
        (0..next.len() / 2).map(|at| u8::from_str_radix(&next[2 * at..2 * at + 2], 16).unwrap()).collect();
    let cursor = String::from_utf8(bytes).unwrap();
    assert!(first["hits"][0]["article"]["id"].as_str().unwrap().contains("articles.jsonl"), "{first}");
    assert!(!cursor.contains("articles.jsonl") && !cursor.contains('/'), "{cursor}");
    let rest = server.get(&format!("/api/v1/search?q=dam&after={next}")).json();
    assert_eq!(rest["hits"].as_array().unwrap().len(), 3);
    let digest = first["index"]["digest"].as_str().unwrap();
    let other = cursor.replace(digest, &"0".repeat(digest.len()));
    let other: String = other.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(server.get(&format!("/api/v1/search?q=dam&after={other}")).status, 410);
    assert_eq!(server.get(&format!("/?q=dam&after={other}")).status, 200);
}

#[test]
fn a_new_commit_neither_fails_nor_mixes_answers() {
    let record =
        |n: u32| json!({"url": format!("https://paper.example/{n}"), "text": format!("The dam number {n} is safe.")});
    let server = Server::start(&(0..20).map(record).collect::<Vec<_>>(), &[]);
    let done = std::sync::atomic::AtomicBool::new(false);
    let answered = std::sync::atomic::AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    let answer = server.get("/api/v1/search?q=dam&limit=1000&facets=outlet");
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    let answer = answer.json();
                    // Every article has the word once: total, hits and articles are those of one commit.
                    let articles = &answer["index"]["articles"];
                    assert_eq!(&answer["total"], articles);
                    assert_eq!(answer["hits"].as_array().unwrap().len() as u64, articles.as_u64().unwrap());
                    answered.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
        for n in 1..=4 {
            let file = server.folder.path().join(format!("more{n}.jsonl"));
            std::fs::write(&file, (0..5).map(|m| record(100 * n + m).to_string() + "\n").collect::<String>()).unwrap();
            let ingested = std::process::Command::new(env!("CARGO_BIN_EXE_onrecord"))
                .args(["ingest", "--quiet", "--index"])
                .arg(server.folder.path().join("index"))
                .arg(&file)
                .status()
                .unwrap();
            assert!(ingested.success());
            let clock = Instant::now();
            while server.get("/api/v1/status").json()["articles"] != 20 + 5 * n {
                assert!(clock.elapsed() < Duration::from_secs(30), "the new commit is not taken up");
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(answered.into_inner() > 20);
}
