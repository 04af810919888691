//! Transcripts with times: captions (`WebVTT`, `SubRip`, `YouTube`, Timed Text), the segments of speech recognition, and the text that
//! interview services and meeting programs give.
//!
//! Cues are joined into sentences and turns. A voice that is known is before its turn as in any transcript,
//! `Tove Lindqvar: We are glad.`; times and numbers are left out of the text. The time at which a paragraph begins is kept.

mod captions;
mod interview;
mod segments;
mod services;
mod table;
mod timed_text;
mod voice;

pub(super) use interview::{Start, start};
pub(super) use segments::{of_document, of_list};
pub(super) use voice::{is_name_of_label, label};

use super::{Article, DateOrigin, Format, Hints, Locator, Meta, Place, Problem};
use super::{bounds, charset, date, language, record};
use interview::Interview;
use voice::voice_name;

/// Some words with who says them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Cue {
    voice: Option<String>,
    text: String,
    at: Option<Locator>,
    /// True if somebody else begins to speak, known or not.
    begins_turn: bool,
    /// True for the first line of a caption.
    is_first: bool,
}

/// Reads a transcript.
pub(super) fn read(bytes: &[u8], place: &Place, hints: &Hints) -> Result<Article, Problem> {
    // Each of the times is a dozen of them.
    const MOST_PARTS: u64 = 4_000_000;
    if bounds::parts(bytes) > MOST_PARTS {
        return Err(Problem::TooDense { what: "words, marks and lines with its times", limit: MOST_PARTS });
    }
    let decoded = charset::decode(bytes.to_vec(), hints.charset.as_deref())?;
    let text = decoded.text.replace("\r\n", "\n");
    let mut article = of_text(text.trim_start_matches('\u{feff}'), place)?;
    article.format = Format::Transcript;
    article.warnings = decoded.warnings;
    record::complete(&mut article.meta, hints, place);
    Ok(article)
}

/// Makes an article of the text of a transcript.
pub(super) fn of_text(text: &str, place: &Place) -> Result<Article, Problem> {
    let (head, cues) = match Layout::of(text) {
        Layout::Captions => ("", captions::read(text)),
        Layout::TimedText => ("", captions::read(&timed_text::as_captions(text))),
        Layout::Table(cues) => ("", cues),
        Layout::Interview(interview) => interview.read(),
    };
    let mut lines = head.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let title = lines.next_if(|line| !is_prose(line)).map(|line| line.trim_matches(['#', '*', ' ']).to_owned());
    let day = lines.peek().and_then(|line| date::read(line, None, DateOrigin::Page)).map(|(published, _)| published);
    // What introduces a conversation is read like the rest.
    let before = lines.filter(|line| is_prose(line)).map(|line| (line.to_owned(), None));
    let turns: Vec<(String, Option<Locator>)> = before.chain(turns(&cues)).collect();
    let mut article = Article::from_parts(Meta::at(place), turns.iter().map(|(turn, at)| (turn.as_str(), *at)));
    if article.paragraphs.is_empty() {
        return Err(Problem::NoText);
    }
    article.meta.language = language::detect(&article.text);
    article.meta.title = title;
    article.meta.published = day.or_else(|| date::from_name(place));
    Ok(article)
}

/// How a transcript is laid out.
enum Layout<'t> {
    /// Blocks of lines, each after a line of times.
    Captions,
    /// The same as XML.
    TimedText,
    /// A row a segment.
    Table(Vec<Cue>),
    /// Turns, each after a time.
    Interview(Interview<'t>),
}

impl<'t> Layout<'t> {
    fn of(text: &'t str) -> Self {
        match table::read(text) {
            _ if captions::begin(text) => Layout::Captions,
            _ if timed_text::begin(text) => Layout::TimedText,
            Some(cues) => Layout::Table(cues),
            None => Layout::Interview(Interview::of(text)),
        }
    }
}

/// True for the beginning of a transcript.
pub(super) fn is_transcript(start: &str) -> bool {
    match Layout::of(start) {
        Layout::Captions | Layout::TimedText | Layout::Table(_) => true,
        Layout::Interview(interview) => interview.is_sure(),
    }
}

/// True for a line of several words that ends a sentence.
fn is_prose(line: &str) -> bool {
    const WORDS: usize = 5;
    ends_sentence(line) && line.split_whitespace().count() >= WORDS
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', '?', '!', '。', '？'])
}

/// The cues as turns: words of one voice together, those without a voice in paragraphs of a few sentences.
fn turns(cues: &[Cue]) -> Vec<(String, Option<Locator>)> {
    const LONG_ENOUGH: usize = 400;
    // Speech recognition may hear no sentences.
    const LONGEST: usize = 1200;
    let mut turns: Vec<(String, Option<Locator>)> = Vec::new();
    let mut voice: Option<&str> = None;
    for cue in cues.iter().filter(|cue| !cue.text.trim().is_empty()) {
        let words = cue.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let same = !cue.begins_turn || (cue.voice.is_some() && cue.voice.as_deref() == voice);
        let is_full =
            |turn: &String| voice.is_none() && turn.len() > if ends_sentence(turn) { LONG_ENOUGH } else { LONGEST };
        match turns.last_mut() {
            Some((turn, _)) if same && !is_full(turn) => {
                turn.push(' ');
                turn.push_str(&words);
            }
            Some(_) | None => {
                if cue.begins_turn {
                    voice = cue.voice.as_deref();
                }
                turns.push((
                    voice.map_or_else(|| words.clone(), |voice| format!("{}: {words}", voice_name(voice))),
                    cue.at,
                ));
            }
        }
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    pub(super) fn check(text: &str, expect: &[&str]) {
        assert!(is_transcript(text), "{text}");
        let article = read(text.as_bytes(), &Place::file("a"), &Hints::default()).unwrap();
        assert_eq!(article.text.split("\n\n").collect::<Vec<_>>(), expect);
        assert_eq!(article.locators.len(), expect.len());
    }

    #[test]
    fn what_introduces_a_conversation_is_kept() {
        let check = |head: &str, title: Option<&str>, before: &[&str]| {
            let text = format!("{head}\n\nTove Lindqvar  00:03\nWe are glad.\n\nBram Ostey  00:09\nWho pays?\n");
            let article = read(text.as_bytes(), &Place::file("a"), &Hints::default()).unwrap();
            let said = ["Tove Lindqvar: We are glad.", "Bram Ostey: Who pays?"];
            assert_eq!(article.text.split("\n\n").collect::<Vec<_>>(), [before, &said].concat(), "{head}");
            assert_eq!(article.meta.title.as_deref(), title);
        };
        check("The quay\n4 March 2025", Some("The quay"), &[]);
        check("# The quay", Some("The quay"), &[]);
        check(
            "The quay\n\nTove Lindqvar has led the union since 2019. She talked to us in May.",
            Some("The quay"),
            &["Tove Lindqvar has led the union since 2019. She talked to us in May."],
        );
        check("We met her on the pier in the rain.", None, &["We met her on the pier in the rain."]);
    }

    #[test]
    fn paragraphs_keep_the_time_at_which_they_begin() {
        let text = "WEBVTT\n\n00:12:34.000 --> 00:12:39.000\n<v Tove Lindqvar>We are glad.\n\n01:02:03.000 --> 01:02:05.000\n- Who pays?\n";
        let article = read(text.as_bytes(), &Place::file("a"), &Hints::default()).unwrap();
        assert_eq!(article.locators, [Some(Locator::Time(754)), Some(Locator::Time(3723))]);
    }
}
