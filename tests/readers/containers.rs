//! Layers and archives, packed here from samples.

use std::io::{Cursor, Write};

use super::{check, check_bytes, outline_of, sample};

const STORY: &[u8] = b"Rain fell on the hill.\n\nIt stopped at noon.\n";
const READ: &str = " |  |  |  |  | Rain fell on the hill. \u{b6} It stopped at noon.";

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A tar archive as POSIX describes it.
pub(super) fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, bytes) in members {
        archive.extend(tar_header(name, bytes.len(), b'0'));
        archive.extend_from_slice(bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

fn tar_header(name: &str, size: usize, kind: u8) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

#[test]
fn layers_are_known_by_their_bytes() {
    check_bytes("a.txt", &gzip(STORY), &[READ]);
    check_bytes("a.txt.zst", &zstd::encode_all(STORY, 3).unwrap(), &[READ]);
    check_bytes("a", &bzip2(STORY), &[READ]);
    check_bytes("a.xz", &xz(STORY), &[READ]);
    check_bytes("a.txt.gz.xz", &xz(&gzip(STORY)), &[READ]);
}

#[test]
fn members_and_streams_are_joined() {
    let (first, second) = STORY.split_at(20);
    check_bytes("a.gz", &[gzip(first), gzip(second)].concat(), &[READ]);
    check_bytes("a.bz2", &[bzip2(first), bzip2(second)].concat(), &[READ]);
    check_bytes("a.xz", &[xz(first), xz(second)].concat(), &[READ]);
    let frames = [zstd::encode_all(first, 1).unwrap(), zstd::encode_all(second, 1).unwrap()].concat();
    check_bytes("a.zst", &frames, &[READ]);
}

#[test]
fn half_a_layer_keeps_what_was_whole() {
    let cut = |bytes: Vec<u8>| bytes[..bytes.len() - 9].to_vec();
    let told =
        |why: &str| format!("! : broken gzip stream ({why}); the part before it was read; fetch it again for the rest");
    let found = outline_of("a.txt.gz", &cut([gzip(STORY), gzip(b"And it snowed, too, on the far side.")].concat()));
    assert!(found[0].starts_with(READ.trim_end()), "{found:?}");
    assert_eq!(found[1..], [told("it ends too early")]);
    let garbage = [gzip(STORY), b"garbage".to_vec()].concat();
    check_bytes("a.txt.gz", &garbage, &[READ, &told("it is followed by other data")]);
}

#[test]
fn lines_before_a_cut_are_read() {
    let lines: String = (0..4000).map(|n| format!("{{\"title\":\"{n}\",\"text\":\"Story {n}.\"}}\n")).collect();
    let packed = gzip(lines.as_bytes());
    let found = outline_of("a.jsonl.gz", &packed[..packed.len() / 2]);
    assert!(found.len() > 500, "{}", found.len());
    assert_eq!(found[0], "1 | 0 |  |  |  | Story 0.");
    let last = found.last().unwrap();
    assert!(
        last.ends_with(
            "broken gzip stream (it ends too early); the part before it was read; fetch it again for the rest"
        ),
        "{last}"
    );
    assert_eq!(found.iter().filter(|line| line.starts_with('!')).count(), 1);
}

#[test]
fn archives_are_read_member_by_member() {
    let table = std::fs::read(sample("tabs.tsv")).unwrap();
    let members = [("news/a.txt", STORY), ("news/style.css", b"p {}"), ("b.tsv", &table)];
    let expect = [
        &format!("news/a.txt{READ}"),
        "b.tsv!2 | Rain at last |  |  | 2025-06-10 | It rained on \"Monday\", and on Tuesday.",
        "b.tsv!3 | Dry again |  |  | 2025-06-12 | It was dry again.",
    ];
    check_bytes("a.zip", &zip(&members), &expect);
    check_bytes("a.tar", &tar(&members), &expect);
    check_bytes("a.tar.gz", &gzip(&tar(&members)), &expect);
    check_bytes("a.tar.zst", &zstd::encode_all(&tar(&members)[..], 1).unwrap(), &expect);
}

#[test]
fn long_names_are_read_in_both_ways() {
    let name = format!("{}/a.txt", "long".repeat(40));
    let mut gnu = tar_header("././@LongLink", name.len() + 1, b'L');
    gnu.extend_from_slice(name.as_bytes());
    gnu.resize(1024, 0);
    gnu.extend(tar(&[("cut", STORY)]));
    check_bytes("a.tar", &gnu, &[&format!("{name}{READ}")]);
    let record = format!("{} path={name}\n", name.len() + 10);
    let mut pax = tar_header("PaxHeaders/a", record.len(), b'x');
    pax.extend_from_slice(record.as_bytes());
    pax.resize(1024, 0);
    pax.extend(tar(&[("cut", STORY)]));
    check_bytes("a.tar", &pax, &[&format!("{name}{READ}")]);
}

#[test]
fn nesting_ends_at_three() {
    let inner = zip(&[("a.txt", STORY)]);
    let second = tar(&[("b.zip", &inner)]);
    let third = zip(&[("c.tar", &second)]);
    check_bytes("d.zip", &third, &[&format!("c.tar!b.zip!a.txt{READ}")]);
    let fourth = zip(&[("d.zip", &third)]);
    check_bytes(
        "e.zip",
        &fourth,
        &["! d.zip!c.tar!b.zip!a.txt: is nested in more than 3 archives; unpack the outer ones first"],
    );
}

#[test]
fn names_that_climb_out_are_tamed() {
    let members = [("../../etc/evil.txt", STORY), ("/abs.txt", STORY)];
    let expect = [&format!("etc/evil.txt{READ}"), &format!("abs.txt{READ}")];
    check_bytes("a.zip", &zip(&members), &expect.map(String::as_str));
    check_bytes("a.tar", &tar(&members), &expect.map(String::as_str));
}

#[test]
fn half_an_archive_keeps_what_was_whole() {
    let members = [("a.txt", STORY), ("b.txt", STORY)];
    let tar = tar(&members);
    let found = outline_of("a.tar", &tar[..512 + 512 + 512 + 10]);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[0], format!("a.txt{READ}"));
    assert!(found[1].starts_with("b.txt | ") && found[2].starts_with("! b.txt: broken tar archive"), "{found:?}");
    // Between two members, nothing but the missing end of the archive tells.
    let found = outline_of("a.tar", &tar[..1024]);
    assert_eq!(found[0], format!("a.txt{READ}"));
    assert!(found[1].starts_with("! : broken tar archive (it ends too early)"), "{found:?}");
    let zip = zip(&members);
    let found = outline_of("a.zip", &zip[..zip.len() - 60]);
    assert!(found[0].starts_with("! : broken zip archive"), "{found:?}");
    assert_eq!(found[1..], [format!("a.txt{READ}"), format!("b.txt{READ}")]);
}

#[test]
fn a_damaged_tar_header_costs_its_member() {
    let mut tar = tar(&[("a.txt", STORY), ("b.txt", STORY), ("c.txt", STORY)]);
    tar[1024 + 3] ^= 1;
    let damage = "! : broken tar archive here (a damaged header); the parts before and after it were read; \
                  fetch it again for the rest";
    check_bytes("a.tar", &tar, &[&format!("a.txt{READ}"), damage, &format!("c.txt{READ}")]);
}

#[test]
fn databases_are_read_by_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("news.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    database
        .execute_batch(
            "CREATE TABLE story (headline TEXT, body TEXT, published TEXT, n INTEGER);
             INSERT INTO story VALUES ('Rain', 'It rained.', '2025-06-10', 1), ('Dry', 'It was dry.', '2025-06-11', 2);
             CREATE TABLE reader (name TEXT, age INTEGER);",
        )
        .unwrap();
    let expect = ["1 | Rain |  |  | 2025-06-10 | It rained.", "2 | Dry |  |  | 2025-06-11 | It was dry."];
    check(&path, &expect);
    let named = |table: &str| folder.path().join(format!("news.db:{table}"));
    check(&named("story"), &expect);
    check(&named("tale"), &["! : has no table `tale`; it has reader, story"]);
    database.execute_batch("CREATE TABLE blog (text TEXT); DELETE FROM story WHERE n = 2;").unwrap();
    check(&path, &["! : has several tables with articles (blog, story); name one as `FILE:TABLE`"]);
    check(&named("story"), &expect[..1]);
}

#[test]
fn documents_attached_to_a_mail_are_articles() {
    let part = |name: &str, kind: &str, text: &str| {
        format!("--b\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let mail = format!(
        "From: Quay Press <press@quay.example>\r\nSubject: Dues rise\r\nDate: Tue, 4 Mar 2025 10:00:00 +0100\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nOur statement is attached.\r\n{}{}{}--b--\r\n",
        part("statement.rtf", "application/rtf", "{\\rtf1 The dues rise by a fifth.}"),
        part("notes.txt", "text/plain", "The board met on Tuesday."),
        part("meeting.ics", "text/calendar", "BEGIN:VCALENDAR\r\nSUMMARY:Board\r\nEND:VCALENDAR"),
    );
    let folder = tempfile::tempdir().unwrap();
    for (name, mail) in
        [("a.eml", mail.clone()), ("a.mbox", format!("From press@quay.example Tue Mar  4 10:00:00 2025\n{mail}"))]
    {
        let path = folder.path().join(name);
        std::fs::write(&path, mail).unwrap();
        let number = if name == "a.mbox" { "1" } else { "" };
        let within = if name == "a.mbox" { "1!" } else { "" };
        check(
            &path,
            &[
                &format!(
                    "{number} | Dues rise |  | Quay Press | 2025-03-04T10:00:00+01:00 | Our statement is attached. \
                     [attachments not read: meeting.ics]"
                ),
                &format!("{within}statement.rtf |  |  |  |  | The dues rise by a fifth."),
                &format!("{within}notes.txt |  |  |  |  | The board met on Tuesday."),
            ],
        );
    }
}
