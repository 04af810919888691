//! What the world does to files: each must end in articles or one clear line, never in a panic or a flood.

use std::ops::ControlFlow;

use onrecord::article::{self, Options};

use super::containers::{gzip, tar, zip};
use super::{check_bytes, outline_of, sample};

/// Every sample, by name and content.
fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = std::fs::read_dir(sample("")).unwrap();
    let mut samples: Vec<(String, Vec<u8>)> = folder
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap())
        })
        .collect();
    samples.sort();
    samples
}

#[test]
fn nothing_is_said_to_be_nothing() {
    for name in ["a.txt", "a.html", "a.json", "a.jsonl", "a.csv", "a.warc.gz", "a.mbox", "a.zip", "a.tar", "a.xml"] {
        check_bytes(name, b"", &["! : is empty"]);
    }
    check_bytes("a.txt.gz", &gzip(b""), &["! : is empty"]);
}

#[test]
fn samples_cut_anywhere_lose_no_more_than_their_end() {
    for (name, bytes) in samples() {
        let whole = outline_of(&name, &bytes).iter().filter(|line| !line.starts_with('!')).count();
        for part in 1..20 {
            let found = outline_of(&name, &bytes[..bytes.len() * part / 20]);
            let problems = found.iter().filter(|line| line.starts_with('!')).count();
            assert!(problems <= 4, "{name} cut to {part} twentieths: {found:?}");
            assert!(found.len() - problems <= whole, "{name} cut to {part} twentieths: {found:?}");
            assert!(!found.is_empty(), "{name} cut to {part} twentieths gives nothing, and does not say why");
        }
    }
}

#[test]
fn names_may_be_wrong() {
    let told = ["nitf.xml", "newsml-g2.xml", "rss.xml", "atom.xml", "sitemap.xml", "newsletter.eml", "digest.mbox"];
    for (name, bytes) in samples().into_iter().filter(|(name, _)| told.contains(&name.as_str())) {
        assert_eq!(outline_of("a.txt", &bytes), outline_of(&name, &bytes), "{name}");
    }
    check_bytes("a.gz", b"No layer at all.", &[" |  |  |  |  | No layer at all."]);
    let found = outline_of("a.zip", b"No archive at all.");
    assert_eq!(found, [" |  |  |  |  | No archive at all."]);
}

#[test]
fn a_wrong_byte_or_label_costs_no_more_than_a_character() {
    let mut table = "title,text\nDues,\"“Our lock leaks,” she said. It’s na".as_bytes().to_vec();
    table.extend(b"\xefve.\"\nFerry,It was late.\n");
    check_bytes(
        "a.csv",
        &table,
        &[
            "2 | Dues |  |  |  | “Our lock leaks,” she said. It’s na\u{fffd}ve. [broken characters in its UTF-8 text: 1]",
            "3 | Ferry |  |  |  | It was late.",
        ],
    );
    check_bytes(
        "b.csv",
        b"title,text\nDues,\"\x93It leaks,\x94 she said.\"\n",
        &["2 | Dues |  |  |  | “It leaks,” she said."],
    );
    for label in ["us-ascii", "iso-8859-1", "windows-1252"] {
        let mail = format!("Subject: =?{label}?Q?Caf=C3=A9_dues?=\nFrom: A <a@b.example>\n\nIt was late.\n");
        check_bytes("a.eml", mail.as_bytes(), &[" | Café dues |  | A |  | It was late."]);
    }
}

/// What looks each of many things up in a list of as many takes longer, and a byline that is split name by name took stack.
#[test]
fn lists_that_refer_to_each_other_take_seconds() {
    const MANY: usize = 5_000;
    let all = |item: &dyn Fn(usize) -> String| (0..MANY).map(item).collect::<String>();
    let export = all(&|n| {
        format!("<author><author_login>u{n}</author_login><author_display_name>Ann {n}</author_display_name></author>")
    }) + &all(&|n| {
        format!("<item><title>T</title><creator>u{n}</creator><description>Rain.</description></item>")
    });
    let ids = |of: &dyn Fn(usize) -> serde_json::Value| (0..MANY).map(of).collect::<Vec<_>>();
    let blog = serde_json::json!({"db": [{"data": {
        "posts": ids(&|n| serde_json::json!({"id": n, "title": "T", "html": "<p>Rain.</p>"})),
        "users": ids(&|n| serde_json::json!({"id": n, "name": format!("Ann {n}")})),
        "posts_authors": ids(&|n| serde_json::json!({"post_id": n, "author_id": MANY - 1 - n})),
    }}]});
    let byline = serde_json::json!({"title": "T", "text": "Rain.", "byline": all(&|n| format!("Ann {n} and "))});
    for (name, bytes, count) in [
        ("a.xml", format!("<rss><channel><title>P</title>{export}</channel></rss>").into_bytes(), MANY),
        ("a.json", blog.to_string().into_bytes(), MANY),
        ("a.jsonl", byline.to_string().into_bytes(), 1),
    ] {
        let clock = std::time::Instant::now();
        assert_eq!(outline_of(name, &bytes).len(), count, "{name}");
        assert!(clock.elapsed().as_secs() < 60, "{name}: {:?}", clock.elapsed());
    }
}

#[test]
fn bombs_do_not_go_off() {
    let mut options = Options::default();
    options.bounds.article = 1 << 20;
    options.bounds.document = 2 << 20;
    let told = |name: &str, bytes: &[u8]| {
        let (mut found, mut articles) = (Vec::new(), 0);
        let _ = article::read_from(name, bytes, &options, &mut |outcome| {
            match outcome {
                Ok(_) => articles += 1,
                Err(skip) => found.push(skip.to_string()),
            }
            ControlFlow::Continue(())
        });
        (articles, found)
    };
    let large = "is larger than 1 MB, the limit for one article; split it";
    assert_eq!(told("a.txt.gz", &gzip(&vec![b' '; 8 << 20])), (0, vec![format!("a.txt.gz: {large}")]));
    let lines = b"{\"title\":\"a\",\"text\":\"b\"}\n".repeat(1 << 18);
    let (articles, found) = told("a.jsonl.gz", &gzip(&gzip(&lines)));
    assert!(articles < 1 << 18 && found.len() == 1 && found[0].contains("it grows more than 200-fold"), "{found:?}");
    let member = vec![b'a'; 2 << 20];
    let names: Vec<String> = (0..8).map(|n| format!("{n}.txt")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), member.as_slice())).collect();
    let (articles, found) = told("a.zip", &zip(&many));
    assert!(articles == 0 && found.len() < 8, "{found:?}");
    assert!(found.last().is_some_and(|line| line.contains("it grows more than 200-fold")), "{found:?}");
}

/// What is small by its bytes, and large once it is understood.
#[test]
fn what_would_take_much_memory_is_told() {
    let told = |name: &str, start: &str, repeated: &str, times: usize, end: &str| {
        let mut found = Vec::new();
        let input = format!("{start}{}{end}", repeated.repeat(times));
        let _ = article::read_from(name, input.as_bytes(), &Options::default(), &mut |outcome| {
            found.push(outcome.map_or_else(|skip| skip.to_string(), |article| article.text));
            ControlFlow::Continue(())
        });
        found
    };
    let record = "{\"title\":\"a\",\"text\":\"Rain fell.\",\"x\":[";
    for name in ["a.json", "a.jsonl"] {
        let found = told(name, record, "[],", 600_000, "1]}\n");
        assert!(found.len() == 1 && found[0].contains("has more than 1000000 values"), "{found:?}");
        assert_eq!(told(name, record, "[],", 400_000, "1]}\n"), ["Rain fell."]);
    }
    let found = told("a.eml", "Subject: a\n", "A: b\n", 300_000, "\nRain fell.\n");
    assert!(found.len() == 1 && found[0].contains("has more than 200000 lines of headers"), "{found:?}");
    let found = told("a.vtt", "WEBVTT\n\n00:00.000 --> 00:09.000\n", "a\n", 3_000_000, "");
    assert!(found.len() == 1 && found[0].contains("has more than 4000000 words"), "{found:?}");
    let found = told("a.csv", "title,text\nNight,Rain fell.\n", "a,", 70_000, "b\nDay,Snow fell.\n");
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[1].contains("the row at line 3 has more than 65536 columns"), "{found:?}");
}

#[test]
fn entities_are_not_expanded() {
    let mut bomb = "<?xml version=\"1.0\"?><!DOCTYPE nitf [<!ENTITY a \"ha\">".to_owned();
    for n in 1..30 {
        let before = "&a;".replace('a', &format!("a{}", n - 1)).replace("a0", "a").repeat(10);
        bomb += &format!("<!ENTITY a{n} \"{before}\">");
    }
    bomb += "]><nitf><body><body.content><p>It was &a29; funny.</p></body.content></body></nitf>";
    check_bytes("a.xml", bomb.as_bytes(), &[" |  |  |  |  | It was &a29; funny."]);
}

#[test]
fn depth_is_bounded() {
    let deep = |open: &str, close: &str| format!("{}x{}", open.repeat(100_000), close.repeat(100_000));
    let json = format!("{{\"text\": {}}}", deep("[", "]").replace('x', "1"));
    let found = outline_of("a.json", json.as_bytes());
    assert!(found.len() == 1 && found[0].contains("recursion limit"), "{found:?}");
    let feed = format!("<rss><channel><item><description>{}</description></item></channel></rss>", deep("<b>", "</b>"));
    assert_eq!(outline_of("a.xml", feed.as_bytes()).len(), 1);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    check_bytes(
        "a.csv",
        b"title,text\n\0\0\0\x01\x02,\0\0\0\0\n",
        &["! : is binary data of an unknown format; convert it to text, HTML or JSON"],
    );
    let members = [("a.txt", &b"\0\0\0\0\x01\x02\x03\x04"[..]), ("b.txt", b"It rained.")];
    let binary = "is binary data of an unknown format; convert it to text, HTML or JSON";
    check_bytes("a.tar", &tar(&members), &[&format!("! a.txt: {binary}"), "b.txt |  |  |  |  | It rained."]);
}

#[test]
fn what_is_not_there_or_no_file_is_told() {
    assert_eq!(super::outline(std::path::Path::new("nowhere.txt")), ["! : no such file or folder; check the path"]);
    assert_eq!(super::outline(&sample("")).len(), 1);
}

#[test]
fn a_long_line_is_passed_over_and_the_rest_read() {
    let mut options = Options::default();
    options.bounds.article = 1 << 20;
    let folder = tempfile::tempdir().unwrap();
    let lines = format!("{{\"text\":\"One.\"}}\n{{\"text\":\"{}\"}}\n{{\"text\":\"Two.\"}}\n", "x".repeat(3 << 20));
    let table = format!("title,text\na,One.\nb,\"{}\nc,Two.\n", "x, \n".repeat(1 << 19));
    for (name, content) in [("a.jsonl", lines), ("a.csv", table)] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let (mut articles, mut told) = (Vec::new(), 0);
        let _ = article::read(&path, &options, &mut |outcome| {
            match outcome {
                Ok(article) => articles.push(article.text),
                Err(_) => told += 1,
            }
            ControlFlow::Continue(())
        });
        assert_eq!(articles.first().map(String::as_str), Some("One."), "{name}");
        assert_eq!(articles.last().map(String::as_str), Some("Two."), "{name}");
        assert!(told >= 1, "{name}");
    }
}

#[test]
fn a_broken_record_of_a_list_costs_itself_alone() {
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let broken = [deep.as_str(), "1e", "tru", "\"\\x\""];
    let items: String =
        broken.map(|value| format!("{{\"text\":\"Bad.\",\"x\":{value}}},{{\"text\":\"Good.\"}},")).concat();
    for json in [
        format!("[{items}{{\"text\":\"Last.\"}}]"),
        format!("{{\"a\":{{\"b\":[{items}]}},\"c\":[{{\"text\":\"Last.\"}}]}}"),
    ] {
        let found = outline_of("a.json", json.as_bytes());
        let problems = found.iter().filter(|line| line.starts_with('!')).count();
        assert_eq!((found.len(), problems), (9, 4), "{found:?}");
        assert!(found.last().is_some_and(|line| line.ends_with("Last.")), "{found:?}");
    }
}

#[test]
fn a_record_that_is_too_large_costs_itself_alone() {
    let mut options = Options::default();
    options.bounds.article = 1 << 20;
    let large = format!("{{\"text\":\"{}\"}}", "word ".repeat(1 << 19));
    let json = format!("[{{\"text\":\"One.\"}}, {large}, {{\"text\":\"Two, [and\\\"\"}} ,{{\"text\":\"Three.\"}}]");
    let (mut texts, mut told) = (Vec::new(), Vec::new());
    let _ = article::read_from("a.json", json.as_bytes(), &options, &mut |outcome| {
        match outcome {
            Ok(article) => texts.push(article.text),
            Err(skip) => told.push(skip.to_string()),
        }
        ControlFlow::Continue(())
    });
    assert_eq!(texts, ["One.", "Two, [and\"", "Three."]);
    assert_eq!(told, ["a.json!2: is larger than 1 MB, the limit for one record; split it"]);
}

#[test]
fn lists_that_are_none_end() {
    for json in
        ["[1:2]", "[1}", "[{\"text\":\"a\"} {\"text\":\"b\"}]", "{\"a\" 1}", "[,,,]", "{,}", "[[[", "{\"a\":[{\"b\":"]
    {
        assert!(!outline_of("a.json", json.as_bytes()).is_empty(), "{json}");
    }
}

#[test]
fn a_file_that_shrinks_while_it_is_read_ends_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wire.jsonl");
    let line = "{\"title\":\"Talks\",\"text\":\"They went on for another day, the host said.\"}\n";
    std::fs::write(&path, line.repeat(50_000)).unwrap();
    let (mut articles, mut skips) = (0, Vec::new());
    let _ = article::read(&path, &Options::default(), &mut |outcome| {
        match outcome {
            Ok(_) => articles += 1,
            Err(skip) => skips.push(skip.to_string()),
        }
        if articles == 1 {
            std::fs::File::options().write(true).open(&path).unwrap().set_len(100_000).unwrap();
        }
        ControlFlow::Continue(())
    });
    assert!(articles > 1 && articles < 50_000, "{articles} articles");
    // The last line that was read may have been cut in two.
    assert!(skips.len() <= 1, "{skips:?}");
}

#[cfg(unix)]
#[test]
fn a_folder_without_permission_is_told_and_the_rest_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::write(folder.path().join("open.txt"), "It rained.").unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read_dir(&closed).is_ok() {
        eprintln!("skipped: this user may read every folder");
        return;
    }
    let (mut articles, mut skips) = (0, Vec::new());
    let _ = article::read(folder.path(), &Options::default(), &mut |outcome| {
        match outcome {
            Ok(_) => articles += 1,
            Err(skip) => skips.push(skip.to_string()),
        }
        ControlFlow::Continue(())
    });
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(articles, 1);
    assert!(matches!(&skips[..], [one] if one.contains("closed") && one.contains("permission")), "{skips:?}");
}
