//! Exports of press archives: several articles a file, each with lines that say what it is. As text, Word or Rich Text.

mod fields;
mod line;

use std::ops::ControlFlow;

use super::super::{Content, End, Fields, Format, Hints, Place, Raw, charset};
use crate::language::world;
use fields::{coded, counted, full_text, labelled, recorded};
pub(in super::super) use line::has_number;
use line::{code, is_end, is_foot, is_label_of_export, is_rights, is_start, label, names_record};

/// The articles of an export. The last one lacks its text where the export breaks off before that.
#[derive(Debug, PartialEq)]
pub(super) struct Clippings {
    articles: Vec<Fields>,
    /// How the last article ends.
    end: End,
}

impl Clippings {
    pub(super) fn ended(self, end: End) -> Self {
        Clippings { end, ..self }
    }
}

/// Gives the articles of an export that is a text; none if it is no export.
pub(in super::super) fn split(bytes: &[u8], place: &Place, give: &mut super::Sink) -> Option<ControlFlow<()>> {
    let has = |words: &str| memchr::memmem::find(bytes, words.as_bytes()).is_some();
    let mut marks = ["End of Document", " DOCUMENTS", "HD", "Full text:", "Record Number:", "Record: "].into_iter();
    if !marks.any(has) && !world().clippings.documents.iter().any(has) {
        return None;
    }
    let text = charset::decode(bytes.to_vec(), None).ok()?.text;
    let clippings = articles(&text)?;
    let clippings = if text.ends_with(['\n', '\r']) { clippings.ended(End::Whole) } else { clippings };
    Some(self::give(clippings, place, Format::Text, give))
}

pub(super) fn give(clippings: Clippings, place: &Place, format: Format, give: &mut super::Sink) -> ControlFlow<()> {
    let count = clippings.articles.len();
    for (number, fields) in (1..).zip(clippings.articles) {
        let end = if number == count { clippings.end } else { End::Whole };
        let hints = Hints { end, ..Hints::default() };
        give(Ok(Raw { place: place.part(number), format, content: Content::Fields(fields), hints }))?;
    }
    ControlFlow::Continue(())
}

/// The articles of an export; none if the text is no export.
pub(super) fn articles(text: &str) -> Option<Clippings> {
    let mut lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    // What was searched for is behind the articles.
    lines.truncate(lines.iter().rposition(|line| *line == "Search Summary").unwrap_or(lines.len()));
    let is_border = |line: &&str| is_end(line) || is_start(line);
    // Of one that breaks off in its first article, the codes are left: `HD  Canal dues rise`.
    let mut codes = lines.iter().take(6).filter_map(|line| code(line));
    let is_coded = lines.first().is_some_and(|line| code(line).is_some())
        && codes.clone().filter(|(_, value)| !value.is_empty()).count() > 1
        && codes.any(|(code, value)| code == "HD" && !value.is_empty());
    let has =
        |names: &[&str]| lines.iter().any(|line| label(line).is_some_and(|(label, _)| names.contains(&label.as_str())));
    let is_single = has(&["full text"]) && has(&["publication title"]) && has(&["publication date", "document url"]);
    let is_list = lines.iter().any(|line| names_record(line)) && has(&["title", "headline", "author", "section"]);
    if is_list && lines.iter().any(|line| is_rights(line)) {
        let articles = parts_of_records(&lines).map(|part| recorded(text, part));
        let articles: Vec<Fields> = articles.filter(|fields| fields.contains_key("text")).collect();
        let end = if lines.last().is_some_and(|line| is_foot(line)) { End::Whole } else { End::Unmarked };
        return (!articles.is_empty()).then_some(Clippings { articles, end });
    }
    if !is_coded && !is_single && (!lines.iter().any(is_border) || !lines.iter().any(|line| is_label_of_export(line))) {
        return None;
    }
    let read = |part: &[&str]| {
        let given = coded(text, part).or_else(|| counted(text, part)).or_else(|| full_text(text, part));
        given.unwrap_or_else(|| labelled(text, part, &world().clippings.labels))
    };
    let end = if lines.last().is_some_and(|line| is_end(line)) { End::Whole } else { End::Unmarked };
    let mut parts: Vec<Fields> = lines
        .split(is_border)
        .flat_map(parts_of_codes)
        .filter(|part| part.len() > 3 || is_coded && part.len() > 1)
        .map(read)
        .collect();
    let last = parts.pop();
    parts.retain(|fields| fields.contains_key("text"));
    parts.extend(last.filter(|fields| fields.contains_key("text") || end == End::Unmarked));
    (!parts.is_empty()).then_some(Clippings { articles: parts, end })
}

/// The articles of a list of records, each of which ends with its number and the copyright, in either order.
fn parts_of_records<'p, 't>(lines: &'p [&'t str]) -> impl Iterator<Item = &'p [&'t str]> {
    lines.chunk_by(|line, next| !is_foot(line) || is_foot(next))
}

/// The articles behind codes that nothing parts: a new one begins with its section or headline, after a text.
fn parts_of_codes<'p, 't>(lines: &'p [&'t str]) -> impl Iterator<Item = &'p [&'t str]> {
    let mut has_text = false;
    lines.chunk_by(move |line, next| {
        has_text |= code(line).is_some_and(|(code, _)| matches!(code, "LP" | "TD"));
        let begins = has_text && code(next).is_some_and(|(code, _)| matches!(code, "SE" | "CLM" | "HD"));
        has_text &= !begins;
        !begins
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&[(&str, &str)]]) {
        let found = articles(text).unwrap().articles;
        assert_eq!(found.len(), expect.len(), "{found:#?}");
        for (found, expect) in found.iter().zip(expect) {
            for (name, value) in *expect {
                assert_eq!(found.get(*name).and_then(Value::as_str), Some(*value), "{name} of {found:#?}");
            }
        }
    }

    #[test]
    fn articles_between_numbers() {
        check(
            "1 of 2 DOCUMENTS\n\nThe Canal Post\n\nMarch 4, 2025 Tuesday\n\nCanal dues rise\n\nBYLINE: Dervla Coil\n\nSECTION: NEWS; Pg. 3\n\n\
             LENGTH: 120 words\n\nThe trust has put up its dues.\n\nBoats pay more.\n\nLOAD-DATE: March 5, 2025\n\n2 of 2 DOCUMENTS\n\n\
             The Canal Herald\n\nMarch 6, 2025 Thursday\n\nFerry late\n\nBYLINE: Ana Pell\n\nThe ferry was late.",
            &[
                &[
                    ("title", "Canal dues rise"),
                    ("outlet", "The Canal Post"),
                    ("byline", "Dervla Coil"),
                    ("date", "March 4, 2025 Tuesday"),
                    ("text", "The trust has put up its dues.\n\nBoats pay more."),
                ],
                &[("title", "Ferry late"), ("outlet", "The Canal Herald"), ("text", "The ferry was late.")],
            ],
        );
    }

    #[test]
    fn the_text_ends_at_what_is_behind_it() {
        check(
            "1 of 2 DOCUMENTS\n\nThe Canal Post\n\nMarch 4, 2025 Tuesday\nFinal Edition\n\nCanal dues rise\n\nLENGTH: 20 words\n\nBODY:\n\n\
             \x20  The trust has put up its dues by a fifth, its treasurer said on\nMonday.\n\n   Boats pay more.\n\nGRAPHIC: PHOTO: The lock\nin May.\n\n\
             LOAD-DATE: March 5, 2025\n\nCopyright 2025 The Canal Post\nAll Rights Reserved\n\n2 of 2 DOCUMENTS\n\nThe Canal Herald\n\n\
             March 6, 2025 Thursday\n\nCopyright 2025 The Canal Herald\nAll Rights Reserved\n\nFerry late\n\nLENGTH: 4 words\n\nThe ferry was late.\n\n\
             Copyright law of 1911 did not help.",
            &[
                &[
                    ("title", "Canal dues rise"),
                    (
                        "text",
                        "The trust has put up its dues by a fifth, its treasurer said on Monday.\n\nBoats pay more.",
                    ),
                ],
                &[("title", "Ferry late"), ("text", "The ferry was late.\n\nCopyright law of 1911 did not help.")],
            ],
        );
        check(
            "User Name: Ana Pell\nDate and Time: 7 March 2025 10:00 CET\nDocuments (1)\n1. Canal dues rise\nClient/Matter: -None-\n\nPage 1 of 1\n\
             Canal dues rise\n\nCanal dues rise\nThe Canal Post\nMarch 4, 2025 Tuesday\nCopyright 2025 Canal Post Limited\nSection: NEWS\n\
             Length: 120 words\nBody\n\nThe trust has put up its dues.\nLength: nine metres.\n\nGraphic\n\nPhoto: The lock.\n\nLoad-Date: March 5, 2025\n\n\
             End of Document",
            &[&[
                ("title", "Canal dues rise"),
                ("outlet", "The Canal Post"),
                ("date", "March 4, 2025 Tuesday"),
                ("section", "NEWS"),
                ("text", "The trust has put up its dues.\n\nLength: nine metres."),
            ]],
        );
    }

    #[test]
    fn a_line_may_end_with_a_sentence_within_a_paragraph() {
        let export = |body: &str| {
            format!(
                "1 of 1 DOCUMENTS\n\nThe Canal Post\n\nMarch 4, 2025\n\nDues rise\n\nLENGTH: 9 words\n\n{body}\n\nLOAD-DATE: March 5, 2025\n"
            )
        };
        let check_body = |body: &str, text: &str| check(&export(body), &[&[("text", text)]]);
        check_body(
            "The trust that owns the canal will put up its dues in the spring.\nAnna Coil, who keeps its books and those of the lock, said on Monday\nthat she was sorry.",
            "The trust that owns the canal will put up its dues in the spring. Anna Coil, who keeps its books and those of the lock, said on Monday that she was sorry.",
        );
        check_body(
            "“We have no choice,” she said to those on the quay. “A year of this.”\n“We will be back when the boats are, and those who moor them here,\nor never.”",
            "“We have no choice,” she said to those on the quay. “A year of this.” “We will be back when the boats are, and those who moor them here, or never.”",
        );
        // With room for the next word, or with nothing that shows that lines are wrapped, a paragraph ends.
        check_body(
            "The trust that owns the canal will put up its dues now.\nIt will not wait until the treasurer and those who keep the lock and\nthe weir agree.",
            "The trust that owns the canal will put up its dues now.\n\nIt will not wait until the treasurer and those who keep the lock and the weir agree.",
        );
        check_body(
            "The trust that owns the canal will put up its dues in the spring.\nAnna Coil, who keeps its books, said so on Monday on the quay.",
            "The trust that owns the canal will put up its dues in the spring.\n\nAnna Coil, who keeps its books, said so on Monday on the quay.",
        );
    }

    #[test]
    fn articles_up_to_their_end() {
        check(
            "Canal dues rise\nThe Canal Post (Brimwater)\nMarch 4, 2025 Tuesday\nCopyright 2025 Canal Post Limited\nSection: NEWS; Pg. 3\n\
             Length: 120 words\nByline: Dervla Coil\nBody\nThe trust has put up its dues.\nClassification\nLanguage: ENGLISH\nSubject: CANALS (90%)\nLoad-Date: March 5, 2025\nEnd of Document",
            &[&[
                ("title", "Canal dues rise"),
                ("outlet", "The Canal Post (Brimwater)"),
                ("date", "March 4, 2025 Tuesday"),
                ("text", "The trust has put up its dues."),
            ]],
        );
    }

    #[test]
    fn articles_around_a_count_of_words_and_behind_codes() {
        check(
            "News\nCanal dues rise\nDervla Coil\n120 words\n4 March 2025\nThe Canal Post\nCNLPST\n3\nEnglish\n(c) 2025 Canal Post Limited\n\
             The trust has put up its dues.\nBoats pay more.\nDocument CNLPST0020250304el340000b",
            &[&[
                ("title", "Canal dues rise"),
                ("byline", "Dervla Coil"),
                ("outlet", "The Canal Post"),
                ("date", "4 March 2025"),
                ("text", "The trust has put up its dues.\n\nBoats pay more."),
            ]],
        );
        check(
            "SE  News\nHD  Canal dues rise\nBY  By Dervla Coil\nWC  120 words\nPD  4 March 2025\nSN  The Canal Post\nLA  English\nLP \n\
             The trust has put up its dues.\nTD \nBoats pay more.\nAN  Document CNLPST0020250304el340000b\nDocument CNLPST0020250304el340000b",
            &[&[
                ("title", "Canal dues rise"),
                ("section", "News"),
                ("text", "The trust has put up its dues.\n\nBoats pay more."),
            ]],
        );
    }

    #[test]
    fn codes_part_articles() {
        for gap in ["   ", "\t"] {
            let export = "CLM| Inland\nHD|Canal dues rise\nWC|20 words\nPD|4 March 2025\nSN|The Canal Post\nLP|The trust has put up its dues by a fifth, \
                          its treasurer said on\n     Monday.\nTD|Boats pay more.\n\n     IN all, nine boats do.\nNS|gcat : News\nPUB|Canal Post\nAN|Document CNL1\n\n\
                          HD|Ferry late\nWC|4 words\nPD|5 March 2025\nSN|The Canal Post\nLP|The ferry was late.\nIPC|x\nAN|Document CNL2\n";
            let first = "The trust has put up its dues by a fifth, its treasurer said on Monday.\n\nBoats pay more.\n\nIN all, nine boats do.";
            check(
                &export.replace('|', gap),
                &[
                    &[("title", "Canal dues rise"), ("outlet", "The Canal Post"), ("text", first)],
                    &[("title", "Ferry late"), ("text", "The ferry was late.")],
                ],
            );
        }
    }

    #[test]
    fn codes_may_have_nothing_between_articles() {
        let export = "SE  News\nHD  Canal dues rise\nPD  4 March 2025\nSN  The Canal Post\nLP  The trust has put up its dues.\nTD  Boats pay more.\n\n\
                      HD  Ferry late\nPD  5 March 2025\nSN  The Canal Post\nLP  The ferry was late.\n\nSearch Summary\nText  ferry\nDate  All Dates\n\
                      Source  All Sources\n";
        check(
            export,
            &[
                &[
                    ("title", "Canal dues rise"),
                    ("section", "News"),
                    ("text", "The trust has put up its dues.\n\nBoats pay more."),
                ],
                &[("title", "Ferry late"), ("date", "5 March 2025"), ("text", "The ferry was late.")],
            ],
        );
    }

    #[test]
    fn exports_speak_other_languages() {
        check(
            "Il canone sale\n1.120 parole\n4 marzo 2025\n10:15 AM GMT\nLa Posta\nPOSTA\n3\nItaliano\n(c) 2025 La Posta\n\
             Il consorzio alza il canone.\nDocumento POSTA00020250304el340000b",
            &[&[
                ("title", "Il canone sale"),
                ("outlet", "La Posta"),
                ("date", "4 marzo 2025"),
                ("text", "Il consorzio alza il canone."),
            ]],
        );
        check(
            "La Poste du Canal\nmardi 4 mars 2025\nÉdition Nord\nLes droits montent\nLENGTH: 20 mots\nBODY\nLe syndicat augmente ses droits.\nEnd of Document",
            &[&[("title", "Les droits montent"), ("outlet", "La Poste du Canal"), ("date", "mardi 4 mars 2025")]],
        );
        check(
            "Canal dues rise\nAuthor: Coil, Dervla\nFull text: Boats pay more.\nPublication title: The Canal Post\nPublication date: Mar 4, 2025\n",
            &[&[("title", "Canal dues rise"), ("outlet", "The Canal Post"), ("text", "Boats pay more.")]],
        );
    }

    #[test]
    fn articles_behind_the_label_of_a_full_text() {
        let border = "_".repeat(60);
        let export = format!(
            "{border}\n\nDocument 1 of 2\n\nCanal dues rise\n\nAuthor: Coil, Dervla\n\nPublication info: The Canal Post; Brimwater. 04 Mar 2025: A.1.\n\n\
             Abstract: Dues.\n\nFull text: The trust has put up its dues.\n\nBoats pay more.\n\nSubject: Canals\n\nPublication title: The Canal Post\n\n\
             Publication date: Mar 4, 2025\n\n{border}\n\nDocument 2 of 2\n\nFerry late\n\nAuthor: Pell, Ana\n\nFull text: The ferry was late.\n\nTitle: Ferry late\n"
        );
        check(
            &export,
            &[
                &[
                    ("title", "Canal dues rise"),
                    ("byline", "Coil, Dervla"),
                    ("outlet", "The Canal Post"),
                    ("date", "Mar 4, 2025"),
                    ("text", "The trust has put up its dues.\n\nBoats pay more."),
                ],
                &[("title", "Ferry late"), ("text", "The ferry was late.")],
            ],
        );
    }

    #[test]
    fn prose_is_no_export() {
        assert!(articles("He wrote 120 words.\n\nEnd of Document\n\nNothing more.").is_none());
        assert!(articles("LENGTH: 9 m\n\nThe boat is long.").is_none());
    }
}
