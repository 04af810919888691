//! Files of what a screen shows: the same hits, whatever the format, and named by what they hold.

use std::io::{Cursor, Read as _};

use crate::client::{Server, articles};

/// The addresses of files that a screen links to.
fn files(page: &str) -> Vec<String> {
    let links = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let files = links.filter(|link| link.starts_with("/api/v1/")).map(|link| link.replace("&#38;", "&"));
    files.filter(|link| link.split('?').next().unwrap().contains('.')).collect()
}

#[test]
fn files_hold_what_the_screen_shows() {
    let server = Server::start(&articles(), &[]);
    let page = server.get("/?q=dam&filter=outlet:%22Fjord+Dawn%22&sort=newest").text();
    let endings = ["csv", "xlsx", "md", "ris", "csl.json", "jsonld", "html"];
    for ending in endings {
        let path = format!("/api/v1/search.{ending}?q=dam&filter=outlet%3A%22Fjord+Dawn%22&sort=newest");
        assert!(files(&page).contains(&path), "{path}: {:?}", files(&page));
        let file = server.get(&path);
        assert_eq!(file.status, 200, "{path}");
        let disposition = format!("attachment; filename=\"onrecord-dam.{ending}\"");
        assert_eq!(file.header("content-disposition"), Some(disposition.as_str()));
        let text = file.text();
        match ending {
            "csv" => assert_eq!(text.lines().count(), 3, "{text}"),
            "md" => assert_eq!(text.matches("> — ").count(), 2, "{text}"),
            "ris" => assert_eq!(text.matches("TY  - NEWS").count(), 2, "{text}"),
            "csl.json" => assert_eq!(file.json().as_array().unwrap().len(), 2),
            "jsonld" => assert_eq!(file.json()["items"].as_array().unwrap().len(), 2),
            "html" => assert!(text.contains("<h1>2 hits</h1>") && text.ends_with("</html>"), "{text}"),
            _ => {
                let mut sheet = String::new();
                let mut book = zip::ZipArchive::new(Cursor::new(file.body)).unwrap();
                book.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
                assert_eq!(sheet.matches("<row ").count(), 3, "{sheet}");
            }
        }
    }
    // A mistake is said before the file begins.
    assert_eq!(server.get("/api/v1/search.xlsx?q=dam&sort=best").status, 400);
    assert_eq!(server.get("/api/v1/search.csv?q=dam&after=abc").status, 400);
}

#[test]
fn articles_and_people_have_files_too() {
    let server = Server::start(&articles(), &[]);
    let key = server.get("/?q=said:safe").text().split_once("/article/").unwrap().1[..16].to_owned();
    let links = files(&server.get(&format!("/article/{key}")).text());
    assert_eq!(links.len(), 7, "{links:?}");
    for link in &links {
        assert_eq!(server.get(link).status, 200, "{link}");
    }
    let quotes = server.get(&format!("/api/v1/articles/{key}/quotes.csv")).text();
    assert!(quotes.contains("The dam was safe") && quotes.lines().count() == 2, "{quotes}");
    let report = server.get(&format!("/api/v1/articles/{key}/report.html")).text();
    assert!(report.contains("<h1>Dam breaks</h1>") && report.contains("class=\"said direct\""), "{report}");
    assert_eq!(server.get("/api/v1/articles/0123456789abcdef/quotes.csv").status, 404);

    let links = files(&server.get("/entity/person/Lena%20Ode").text());
    assert_eq!(links.iter().filter(|link| link.contains("/network.")).count(), 3, "{links:?}");
    for link in &links {
        assert_eq!(server.get(link).status, 200, "{link}");
    }
    assert_eq!(server.get("/api/v1/network.csv?part=week").status, 400);
    let edges = server.get("/api/v1/network.csv?q=*").text();
    assert!(edges.starts_with("speaker,about,kind,quotes,articles"), "{edges}");
}

#[test]
fn no_path_of_this_machine_is_in_a_file() {
    let token = "a-token-that-is-long-enough";
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    std::fs::write(&tokens, format!("desk {token}\n")).unwrap();
    let article = [serde_json::json!({"text": "“The dam was safe,” said Mayor Lena Ode."})];
    let arguments = ["--address", "0.0.0.0:0", "--host", "localhost", "--token-file", tokens.to_str().unwrap()];
    let server = Server::start(&article, &arguments);
    let host = format!("host: localhost:{}\r\nauthorization: Bearer {token}\r\n", server.address.port());
    for ending in ["csv", "md", "ris", "csl.json", "jsonld", "html"] {
        let file = server.ask("GET", &format!("/api/v1/search.{ending}?q=said:safe"), &host, b"");
        assert_eq!(file.status, 200, "{ending}: {}", file.text());
        let name = server.folder.path().file_name().unwrap().to_str().unwrap();
        assert!(!file.text().contains(name), "{ending}: {}", file.text());
    }
}
