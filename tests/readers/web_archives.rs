//! Web archives, plain and gzipped, whole and damaged.

use super::containers::gzip;
use super::{check_bytes, outline_of};

fn page(name: &str) -> String {
    format!(
        "<html><head><title>{name}</title></head><body><article><h1>{name}</h1><p>The {name} bridge was closed on Monday \
         after an inspector found a crack in its second pier, the town said in a statement.</p><p>It will stay closed until \
         the pier has been shored up, which takes three weeks according to the engineers who looked at it.</p></article>\
         </body></html>"
    )
}

fn record(kind: &str, address: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2025-06-17T08:00:00Z\r\n\
         WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\nContent-Type: application/http; \
         msgtype={kind}\r\nContent-Length: {}\r\n\r\n",
        content.len()
    );
    [head.as_bytes(), content, b"\r\n\r\n"].concat()
}

fn response(name: &str) -> Vec<u8> {
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}", page(name));
    record("response", &format!("https://t.example/{name}"), http.as_bytes())
}

fn other(kind: &str) -> Vec<u8> {
    record(kind, "https://t.example/other", b"GET / HTTP/1.1\r\nHost: t.example\r\n\r\n")
}

/// Record and first words of what was read, and the problems.
#[track_caller]
fn check(name: &str, bytes: &[u8], expect: &[&str]) {
    let found = outline_of(name, bytes);
    let short: Vec<String> = found
        .iter()
        .map(|line| match line.split_once("The ") {
            Some((start, text)) if !line.starts_with('!') => {
                let record = start.split(" | ").next().unwrap_or_default();
                format!("{record}: {}", text.split_whitespace().next().unwrap_or_default())
            }
            _ => line.clone(),
        })
        .collect();
    assert_eq!(short, expect);
}

const DAMAGE: &str = "the parts before and after it were read; fetch it again for the rest";

#[test]
fn responses_are_read_with_their_offsets() {
    let records = [other("warcinfo"), other("request"), response("Elm"), other("metadata"), response("Oak")];
    let plain = records.concat();
    let at = |count: usize| records[..count].iter().map(Vec::len).sum::<usize>();
    check("a.warc", &plain, &[&format!("{}: Elm", at(2)), &format!("{}: Oak", at(4))]);
    let members: Vec<Vec<u8>> = records.iter().map(|record| gzip(record)).collect();
    let at = |count: usize| members[..count].iter().map(Vec::len).sum::<usize>();
    check("a.warc.gz", &members.concat(), &[&format!("{}: Elm", at(2)), &format!("{}: Oak", at(4))]);
}

#[test]
fn an_archive_in_one_gzip_member_is_read() {
    let records = [response("Elm"), response("Oak")];
    check("a.warc.gz", &gzip(&records.concat()), &["0: Elm", &format!("0+{}: Oak", records[0].len())]);
}

#[test]
fn a_damaged_member_costs_one_record() {
    let mut members = [gzip(&response("Elm")), gzip(&response("Oak")), gzip(&response("Ash"))];
    for byte in &mut members[1][40..60] {
        *byte ^= 0x55;
    }
    let (second, third) = (members[0].len(), members[0].len() + members[1].len());
    let found = outline_of("a.warc.gz", &members.concat());
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[1].starts_with(&format!("! {second}: broken web archive here (")), "{found:?}");
    assert!(found[1].ends_with(DAMAGE), "{found:?}");
    assert!(found[2].starts_with(&format!("{third} | ")), "{found:?}");
}

#[test]
fn a_cut_archive_keeps_what_was_whole() {
    let records = [response("Elm"), response("Oak")];
    let all = records.concat();
    let ends = format!("! {}: broken web archive here (it ends too early); {DAMAGE}", all.len() - 100);
    check("a.warc", &all[..all.len() - 100], &["0: Elm", &ends]);
    let members = [gzip(&records[0]), gzip(&records[1])];
    let ends = format!("! {}: broken web archive here (it ends too early); {DAMAGE}", members[0].len());
    check("a.warc.gz", &members.concat()[..members[0].len() + 200], &["0: Elm", &ends]);
}

#[test]
fn a_wrong_length_costs_what_it_covers() {
    let wrong = String::from_utf8(response("Elm")).unwrap().replace("Content-Length: ", "Content-Length: 1");
    let short = String::from_utf8(response("Elm")).unwrap();
    let length = short.split("Content-Length: ").nth(1).unwrap().split("\r\n").next().unwrap();
    let short = short.replace(&format!("Content-Length: {length}"), "Content-Length: 120");
    let damage = format!("! {}: broken web archive here (a length or header is wrong); {DAMAGE}", short.len());
    let found = outline_of("a.warc", &[short.as_bytes(), &response("Oak")].concat());
    assert!(found.contains(&damage), "{found:?}");
    assert!(found.iter().any(|line| line.contains("The Oak bridge")), "{found:?}");
    let found = outline_of("a.warc", &[wrong.as_bytes(), &response("Oak")].concat());
    assert_eq!(found.iter().filter(|line| line.starts_with('!')).count(), 1, "{found:?}");
}

#[test]
fn an_archive_without_pages_says_so() {
    check_bytes(
        "a.warc",
        &[other("warcinfo"), other("request")].concat(),
        &["! : holds no HTML or PDF response with status 200"],
    );
}

#[test]
fn documents_are_read_as_well() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n";
    let http = [head.as_slice(), include_bytes!("../samples/report.pdf")].concat();
    let found = outline_of("a.warc", &record("response", "https://t.example/2025/06/16/report.pdf", &http));
    assert!(matches!(found.as_slice(), [one] if one.starts_with("0 | ") && one.contains("2025-06-16")), "{found:?}");
    let image = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx";
    check(
        "a.warc",
        &[record("response", "https://t.example/x.png", image), response("Elm")].concat(),
        &[&format!("{}: Elm", record("response", "https://t.example/x.png", image).len())],
    );
}
