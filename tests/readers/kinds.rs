//! Kinds of files that newsrooms have, several of each, from a table for each room of reading.
//!
//! In `kinds/`: behind `> ` the name of a file, then its lines, then behind `= ` what comes out of it, as
//! [`super::outline`] says it. `\x93` is a byte, `\u{93}` a character, a backslash at the end of a line takes the line's
//! end away, and `{1}` to `{5}` are paragraphs of a story.

use super::outline_of;

const PARAGRAPHS: [(&str, &str); 5] = [
    ("{1}", "The harbour board met for six hours on Monday and put off the vote on the new quay until the spring."),
    ("{2}", "“Nobody was ready to sign,” said Mina Okoro, who chairs the board, as she left the hall in the rain."),
    ("{3}", "Fishing crews had asked for a decision before winter, when the old pier is closed for several weeks."),
    ("{4}", "Growers in three counties have been told to burn their infected trees before the end of the spring."),
    ("{5}", "The disease was first seen in an orchard near Ashwick, and it has spread along the river since May."),
];

#[test]
fn text_of_pages() {
    check(include_str!("kinds/pages.txt"));
}

#[test]
fn titles_bylines_and_dates_of_pages() {
    check(include_str!("kinds/page_facts.txt"));
}

#[test]
fn mail() {
    check(include_str!("kinds/mail.txt"));
}

#[test]
fn records() {
    check(include_str!("kinds/records.txt"));
}

#[test]
fn transcripts() {
    check(include_str!("kinds/transcripts.txt"));
}

#[test]
fn plain_text() {
    check(include_str!("kinds/text.txt"));
}

/// Reads every file of a table and compares.
#[track_caller]
fn check(table: &str) {
    let mut wrong = Vec::new();
    let mut kind = "";
    for part in table.split("\n> ") {
        let (case, next) =
            part.split_once("# ").filter(|(case, _)| case.is_empty() || case.ends_with('\n')).unwrap_or((part, kind));
        let mut lines = case.trim_end().lines();
        if let Some(name) = lines.next() {
            let (expect, content): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("= "));
            let found = outline_of(name, &bytes(&(content.join("\n") + "\n")));
            let expect: Vec<String> = expect.iter().map(|line| String::from_utf8(bytes(&line[2..])).unwrap()).collect();
            if found.iter().map(|line| spaced(line)).ne(expect.iter().map(|line| spaced(line))) {
                wrong.push(format!("{kind}: {name}\n found {found:#?}\n expect {expect:#?}"));
            }
        }
        kind = next.trim();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A line with single spaces, so that empty fields may be written `| |`.
fn spaced(line: &str) -> String {
    line.split('|').map(str::trim).collect::<Vec<_>>().join("|")
}

/// What a line of the table stands for.
fn bytes(written: &str) -> Vec<u8> {
    let text =
        PARAGRAPHS.iter().fold(written.replace("\\\n", ""), |text, (name, paragraph)| text.replace(name, paragraph));
    let mut bytes = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, code)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let length = match code.as_bytes() {
            [b'x', ..] => {
                bytes.push(u8::from_str_radix(&code[1..3], 16).unwrap());
                3
            }
            [b'u', b'{', ..] => {
                let end = code.find('}').unwrap();
                let character = char::from_u32(u32::from_str_radix(&code[2..end], 16).unwrap()).unwrap();
                bytes.extend_from_slice(character.to_string().as_bytes());
                end + 1
            }
            [letter, ..] => {
                let known = [(b'r', b'\r'), (b'n', b'\n'), (b't', b'\t')];
                // Anything else stays as it is: JSON has codes of its own.
                match known.iter().find(|(name, _)| name == letter) {
                    Some((_, byte)) => bytes.push(*byte),
                    None => bytes.extend([b'\\', *letter].iter().skip(usize::from(*letter == b'\\'))),
                }
                1
            }
            [] => 0,
        };
        rest = &code[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
