//! Tokens that are limited to collections: whatever is asked for, the answer is that of an index which never held anything
//! else.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::client::{Answer, Server};

const ALL: &str = "token-of-the-archive";
const DESK: &str = "token-of-the-dam-desk";

/// What only the articles out of reach say. No request below has any of it.
const SECRETS: [&str; 8] =
    ["xylotomy", "Querfeld", "Wilma", "Quarzheim", "Brandhof", "Lena Maria", "1997", "alderwoman"];

/// Addresses by the path that `openapi.json` gives them; `{search}` is each of [`SEARCHES`], `{key}` the key of an article.
const ADDRESSES: &[(&str, &[&str])] = &[
    ("/api/v1/search", &["/api/v1/search?{search}", "/api/v1/search?q=dam&limit=1&explain=1"]),
    (
        "/api/v1/search.{ending}",
        &[
            "/api/v1/search.csv?{search}",
            "/api/v1/search.md?{search}",
            "/api/v1/search.ris?{search}",
            "/api/v1/search.csl.json?{search}",
            "/api/v1/search.jsonld?{search}",
            "/api/v1/search.html?{search}",
        ],
    ),
    ("/api/v1/search.ndjson", &["/api/v1/search.ndjson?{search}"]),
    ("/api/v1/search.atom", &["/api/v1/search.atom?{search}"]),
    (
        "/api/v1/facets",
        &[
            "/api/v1/facets?field=speaker&{search}",
            "/api/v1/facets?field=outlet&{search}",
            "/api/v1/facets?field=collection",
            "/api/v1/facets?field=person",
            "/api/v1/facets?field=place",
            "/api/v1/facets?field=day",
        ],
    ),
    ("/api/v1/timeline", &["/api/v1/timeline?{search}", "/api/v1/timeline?split=outlet&every=year"]),
    (
        "/api/v1/complete",
        &[
            "/api/v1/complete?field=speaker&prefix=",
            "/api/v1/complete?field=person&prefix=w",
            "/api/v1/complete?field=outlet&prefix=q",
            "/api/v1/complete?field=collection&prefix=",
        ],
    ),
    ("/api/v1/explain", &["/api/v1/explain?{search}"]),
    ("/api/v1/why-not", &["/api/v1/why-not?q=dam+valley&article={key}"]),
    ("/api/v1/entities", &["/api/v1/entities?name=Lena+Ode", "/api/v1/entities?name=Wilm"]),
    ("/api/v1/articles/{key}", &["/api/v1/articles/{key}"]),
    ("/api/v1/articles/{key}/annotations", &["/api/v1/articles/{key}/annotations"]),
    (
        "/api/v1/articles/{key}/quotes.{ending}",
        &["/api/v1/articles/{key}/quotes.csv", "/api/v1/articles/{key}/quotes.html"],
    ),
    ("/api/v1/articles/{key}/report.html", &["/api/v1/articles/{key}/report.html"]),
    (
        "/api/v1/network.{ending}",
        &["/api/v1/network.csv?q=*", "/api/v1/network.graphml?q=*&part=outlet", "/api/v1/network.dot?q=*"],
    ),
    (
        "/api/v1/check",
        &["/api/v1/check?words=the+dam+was+safe", "/api/v1/check?words=we+kept+it+all+secret&speaker=Ode"],
    ),
    ("/api/v1/compare", &["/api/v1/compare?q=dam&a=outlet:post&b=NOT+outlet:post&by=quote"]),
    ("/api/v1/annotate", &[]),
    ("/api/v1/status", &[]),
    ("/healthz", &["/healthz"]),
    ("/readyz", &["/readyz"]),
    ("/metrics", &[]),
    ("/api/v1/saved", &[]),
    ("/api/v1/saved/{id}", &[]),
];

const SCREENS: &[&str] = &[
    "/",
    "/?{search}",
    "/article/{key}",
    "/article/{key}?q=dam&n=1",
    "/entity/person/Lena%20Ode",
    "/entity/person/Wilm",
    "/check",
    "/check?words=the+dam+was+safe",
    "/compare?q=dam",
    "/compare?q=dam&a=outlet:post&b=NOT+outlet:post",
];

const SEARCHES: &[&str] = &[
    "q=dam",
    "q=dam&by=quote&duplicates=collapse",
    "q=lena",
    "q=speaker:ode&explain=1",
    "q=*&by=article&sort=oldest&facets=speaker,outlet,person,organization,place,month,collection",
    "q=xylotomi",
    "q=xyl*",
    "q=speaker:Querfelt",
    "q=speaker:Wilm",
    "q=outlet:Quarzhein",
    "q=collection:secre",
    "q=date:1990..2000",
    "q=%22the+dam+was+safe%22&by=quote",
    "q=every+quote+from+Querfelt",
    "q=language:en+dam",
];

fn open() -> Vec<Value> {
    vec![
        json!({"url": "https://paper.example/dam", "title": "Dam breaks", "outlet": "Harbour Post", "date": "2031-04-02",
            "text": "“The dam was safe,” said Mayor Lena Ode on Monday.\n\nThe valley of Sarn below was empty."}),
        json!({"url": "https://dawn.example/dam", "title": "After the dam", "outlet": "Fjord Dawn", "date": "2031-04-05",
            "text": "Lena Ode said the dam would be built again. Nobody in the valley of Sarn believes it."}),
        json!({"url": "https://dawn.example/bees", "title": "Bees", "outlet": "Fjord Dawn",
            "text": "The bees are back at the dam, said keeper Tam Reed.\n\n“Ode helped us,” Reed said."}),
    ]
}

fn secret() -> Vec<Value> {
    vec![
        // A copy, the earliest, of what is open.
        json!({"url": "https://leak.example/dam", "title": "Dam", "outlet": "Quarzheim Gazette", "date": "1997-04-01",
            "text": "“The dam was safe,” said Mayor Lena Ode on Monday.\n\nThe valley of Sarn below was empty."}),
        json!({"url": "https://leak.example/memo", "title": "Memo", "outlet": "Quarzheim Gazette", "date": "1997-05-01",
            "text": "“We kept the xylotomy secret,” said Wilma Querfeld of the Brandhof Trust about the dam. \
                     The former alderwoman Lena Maria Ode told her the dam was not safe.\n\nLena Maria Ode left the valley. \
                     “Lena Ode knew,” Querfeld said of the mayor."}),
    ]
}

fn write(folder: &Path, name: &str, records: &[Value]) {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    std::fs::write(folder.join(name), lines.join("\n")).unwrap();
}

fn onrecord(index: &Path, arguments: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_onrecord")).args(arguments).arg("--index").arg(index).output().unwrap();
    String::from_utf8_lossy(&run.stdout).into_owned()
}

/// An index of open articles, and of secret ones if there are any, served to whoever has one of these tokens.
fn serve(folder: &Path, index: &str, secret: &[Value], tokens: &str) -> Server {
    let index = folder.join(index);
    write(folder, "open.jsonl", &open());
    write(folder, "secret.jsonl", secret);
    for collection in ["open", "secret"] {
        let file = folder.join(format!("{collection}.jsonl"));
        let set = format!("collection={collection}");
        if file.metadata().unwrap().len() > 0 {
            onrecord(&index, &["ingest", "--quiet", "--set", &set, file.to_str().unwrap()]);
        }
    }
    let file = index.with_extension("tokens");
    std::fs::write(&file, tokens).unwrap();
    Server::over(&index, &["--token-file", file.to_str().unwrap()])
}

fn get(server: &Server, token: &str, path: &str) -> Answer {
    server.ask("GET", path, &format!("authorization: Bearer {token}\r\n"), b"")
}

/// An answer without what every run has of its own.
fn plain(server: &Server, token: &str, path: &str) -> String {
    let one = get(server, token, "/api/v1/search?q=*&limit=1").json();
    let own = [&one["index"]["digest"], &one["hits"][0]["article"]["custody"]["read_at"]];
    let answer = get(server, token, path);
    let text = answer.text().replace(" · this sign-in sees open only", "");
    let text = own.iter().fold(text, |text, own| text.replace(own.as_str().unwrap(), ""));
    let text = text.replace(&server.address.to_string(), "");
    // What is made of the digest, or of the moment.
    let marks = ["urn:onrecord:request:", "urn:onrecord:search:", "\"took_ms\":", "\"next\":\"", "after="];
    let text = marks.iter().fold(text, |text, mark| {
        let mut parts = text.split(mark);
        let first = parts.next().unwrap().to_owned();
        let is_own = |c: char| c.is_ascii_alphanumeric() || c == '-';
        parts.fold(first, |text, rest| text + rest.trim_start_matches(is_own))
    });
    format!("{} {text}", answer.status)
}

/// Figures count only as a word of their own: the key of a feed holds any four of them by chance.
#[track_caller]
fn has_no_secret(text: &str, of: &str) {
    let lower = text.to_lowercase();
    for secret in SECRETS {
        let secret = secret.to_lowercase();
        let figures = secret.bytes().all(|byte| byte.is_ascii_digit());
        let shown = lower.match_indices(&secret).any(|(at, _)| {
            let inside = lower[..at].ends_with(char::is_alphanumeric)
                || lower[at + secret.len()..].starts_with(char::is_alphanumeric);
            !(figures && inside)
        });
        assert!(!shown, "{secret} in {of}: {text}");
    }
}

#[test]
fn a_limited_token_sees_an_index_without_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let both = serve(folder.path(), "both", &secret(), &format!("archive {ALL}\ndesk {DESK} collection=open\n"));
    let alone = serve(folder.path(), "alone", &[], &format!("desk {DESK}\n"));
    let keys = |server: &Server, token: &str, search: &str| {
        let page = get(server, token, search).text();
        page.split_once("/article/").map(|(_, rest)| rest[..16].to_owned())
    };
    let open = keys(&both, DESK, "/?q=bees").unwrap();
    let hidden = keys(&both, ALL, "/?q=xylotomy").unwrap();

    let paths =
        get(&both, DESK, "/openapi.json").json()["paths"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    for path in &paths {
        assert!(ADDRESSES.iter().any(|(known, _)| known == path), "{path} is not tested; add it to ADDRESSES");
    }
    let written = ADDRESSES.iter().flat_map(|(_, addresses)| *addresses).chain(SCREENS);
    let mut seen_by_all = String::new();
    for &address in written {
        let searches = if address.contains("{search}") { SEARCHES } else { &[""] };
        for search in searches {
            for key in if address.contains("{key}") { vec![&open, &hidden] } else { vec![&open] } {
                let path = address.replace("{search}", search).replace("{key}", key);
                let (limited, of_alone) = (plain(&both, DESK, &path), plain(&alone, DESK, &path));
                has_no_secret(&limited, &path);
                assert!(limited == of_alone, "{path}\n\nlimited: {limited}\n\nalone: {of_alone}");
                seen_by_all += &get(&both, ALL, &path).text();
            }
        }
    }
    // The requests do bring it up where it may be seen.
    for secret in SECRETS {
        assert!(seen_by_all.contains(secret), "nothing asked for {secret}");
    }

    // The rest of the doors: counts of the server, files, answers that others were given, cursors.
    let status = get(&both, DESK, "/api/v1/status").json();
    assert_eq!(
        (&status["articles"], &status["collections"], &status["bytes"]),
        (&json!(3), &json!(["open"]), &Value::Null)
    );
    has_no_secret(&get(&both, DESK, "/status").text(), "/status");
    assert_eq!(get(&both, DESK, "/metrics").status, 403);
    let sheet = get(&both, DESK, "/api/v1/search.xlsx?q=*");
    assert_eq!(sheet.status, 200);
    let tag = get(&both, ALL, "/api/v1/search?q=dam").header("etag").unwrap().to_owned();
    let headers = format!("authorization: Bearer {DESK}\r\nif-none-match: {tag}\r\n");
    assert_eq!(both.ask("GET", "/api/v1/search?q=dam", &headers, b"").status, 200);
    let cursor = get(&both, ALL, "/api/v1/search?q=dam&limit=1").json()["next"].as_str().unwrap().to_owned();
    assert_eq!(get(&both, DESK, &format!("/api/v1/search?q=dam&after={cursor}")).status, 410);
    let saying = "authorization: Bearer token-of-the-dam-desk\r\n";
    assert_eq!(both.ask("POST", "/api/v1/annotate", saying, b"\"We tried,\" said Lena Ode.").status, 200);
}

#[test]
fn saved_searches_keep_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let both = serve(folder.path(), "both", &secret(), &format!("archive {ALL}\ndesk {DESK} collection=open\n"));
    let save = |token: &str| {
        let headers = format!("authorization: Bearer {token}\r\ncontent-type: application/json\r\n");
        let saved = both.ask("POST", "/api/v1/saved", &headers, br#"{"search": "q=dam&by=article"}"#).json();
        (saved["id"].as_str().unwrap().to_owned(), saved["feed"].as_str().unwrap().to_owned())
    };
    let ((whole, _), (own, feed)) = (save(ALL), save(DESK));
    let listed = |token: &str| get(&both, token, "/api/v1/saved").json().as_array().unwrap().len();
    assert_eq!((listed(ALL), listed(DESK)), (2, 1));
    assert!(!get(&both, DESK, "/saved").text().contains(&whole));
    for path in [format!("/saved/{whole}"), format!("/api/v1/saved/{whole}")] {
        assert_eq!(get(&both, DESK, &path).status, 404, "{path}");
    }
    let of_desk = format!("authorization: Bearer {DESK}\r\n");
    assert_eq!(both.ask("DELETE", &format!("/api/v1/saved/{whole}"), &of_desk, b"").status, 404);
    assert_eq!(both.ask("POST", &format!("/saved/{whole}/remove"), &of_desk, b"").status, 404);
    // Whoever runs it, and wherever, it is run within the limit.
    let index = folder.path().join("both");
    for token in [ALL, DESK] {
        let run = get(&both, token, &format!("/api/v1/saved/{own}")).json();
        assert_eq!((&run["total"], &run["gone"]), (&json!(3), &json!(0)), "{token}");
        has_no_secret(&get(&both, token, &format!("/saved/{own}")).text(), "saved");
    }
    assert_eq!(onrecord(&index, &["saved", "run", &own, "--format", "jsonl"]).lines().count(), 3);
    assert_eq!(onrecord(&index, &["saved", "run", &whole, "--format", "jsonl"]).lines().count(), 5);
    let entries = both.get(&feed).text();
    has_no_secret(&entries, "feed");
    assert_eq!(entries.matches("<entry>").count(), 3);
    assert_eq!(get(&both, ALL, &format!("/api/v1/saved/{whole}")).json()["total"], 5);
    assert_eq!(both.ask("DELETE", &format!("/api/v1/saved/{own}"), &of_desk, b"").status, 204);
}
