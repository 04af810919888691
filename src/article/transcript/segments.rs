//! The segments of speech recognition, as JSON.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::super::{Fields, html};
use super::{Cue, ends_sentence, services};

/// What speech recognition heard, as captions, by the document in which it lists its segments; what somebody wrote down of a
/// recording, as text; none for something else.
pub(in super::super) fn of_document(document: &Fields) -> Option<String> {
    heard(document).or_else(|| written(document))
}

/// The page that somebody wrote beside a player (oTranscribe), with a space behind the times.
fn written(document: &Fields) -> Option<String> {
    let page = document.get("text").and_then(Value::as_str).filter(|page| page.contains("class=\"timestamp\""))?;
    document.contains_key("media").then(|| html::fragment(&page.replace("</span>", "</span> ")).0)
}

fn heard(document: &Fields) -> Option<String> {
    let results = document.get("results").and_then(Value::as_object);
    // Whisper, AssemblyAI (whose times are milliseconds), Deepgram, Amazon.
    let known = list(document, "segments")
        .map(|segments| (segments, 1.0))
        .or_else(|| Some((list(document, "utterances")?, 1000.0)))
        .or_else(|| Some((["utterances", "audio_segments"].iter().find_map(|name| list(results?, name))?, 1.0)));
    if let Some((segments, second)) = known {
        return captions(segments, second);
    }
    let lists = ["transcript", "snippets", "captions", "cues"];
    if let Some(captions) = lists.iter().find_map(|name| of_list(list(document, name)?)) {
        return Some(captions);
    }
    captions(&services::segments(document).or_else(|| paragraphs(document))?, 1.0)
}

/// The captions that a list holds, as players hand them out: each has a time, a length or an end, and words.
pub(in super::super) fn of_list(items: &[Value]) -> Option<String> {
    // Times are milliseconds where most captions would be shown for longer than this.
    const LONGEST: f64 = 100.0;
    let length = |item: &Value| {
        let duration = ["duration", "dur"].iter().find_map(|name| number(item.get(*name)?));
        let end = || ["end", "endTime", "end_time"].iter().find_map(|name| number(item.get(*name)?));
        duration.or_else(|| Some(end()? - start(item)?))
    };
    let is_caption = |item: &Value| {
        let is_other = |name: &str| matches!(name, "title" | "url" | "link" | "id" | "headline");
        item.as_object().is_some_and(|fields| !fields.keys().any(|name| is_other(name)))
            && item.get("text").is_some_and(Value::is_string)
            && start(item).is_some()
            && length(item).is_some()
    };
    if !items.iter().all(is_caption) {
        return None;
    }
    let long = items.iter().filter_map(length).filter(|length| *length > LONGEST).count();
    captions(items, if 2 * long > items.len() { 1000.0 } else { 1.0 })
}

/// Segments as captions; `second` is how much of their time it is.
fn captions(segments: &[Value], second: f64) -> Option<String> {
    let mut captions = String::from("WEBVTT\n");
    let mut ended = false;
    for segment in segments {
        let field = |names: &[&str]| names.iter().find_map(|name| segment.get(*name));
        let start = start(segment)? / second;
        let text = field(&["text", "body", "transcript"])?.as_str()?;
        let voice = field(&["speaker", "speaker_label"]).and_then(|voice| match voice {
            Value::String(name) => Some(name.replace(['<', '>', '\n'], " ")),
            Value::Number(number) => Some(format!("Speaker {number}")),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        });
        let mark = if ended { "- " } else { "" };
        let voice = voice.map_or(mark.to_owned(), |voice| format!("<v {voice}>"));
        ended = ends_sentence(text);
        let (seconds, text) =
            (start.max(0.0) as u64, text.split_whitespace().collect::<Vec<_>>().join(" ").replace('<', "&lt;"));
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let _ = writeln!(captions, "\n{hours:02}:{minutes:02}:{seconds:02}.000 --> \n{voice}{text}");
    }
    (!segments.is_empty()).then_some(captions)
}

/// The paragraphs of a document that has its words apart from them (Trint, autoEdit), as segments in seconds. The words of a
/// paragraph are those from its start up to that of the next.
fn paragraphs(document: &Fields) -> Option<Vec<Value>> {
    // Times are milliseconds where most words would take longer than this.
    const LONGEST_WORD: f64 = 20.0;
    let document = document.get("transcript").and_then(Value::as_object).unwrap_or(document);
    let (words, paragraphs) = (list(document, "words")?, list(document, "paragraphs")?);
    let length = |word: &Value| {
        let duration = word.get("duration").and_then(number);
        duration.or_else(|| Some(number(word.get("end")?)? - start(word)?))
    };
    let long = words.iter().filter_map(length).filter(|length| *length > LONGEST_WORD).count();
    let second = if 2 * long > words.len() { 1000.0 } else { 1.0 };
    let speakers: FxHashMap<&str, &Value> = list(document, "speakers")
        .into_iter()
        .flatten()
        .filter_map(|speaker| Some((speaker.get("id")?.as_str()?, speaker.get("name")?)))
        .collect();
    let name = |paragraph: &Value| {
        let voice = paragraph.get("speaker")?;
        Some((*voice.as_str().and_then(|id| speakers.get(id)).unwrap_or(&voice)).clone())
    };
    let mut words = words.iter().peekable();
    let mut segments = Vec::with_capacity(paragraphs.len());
    let mut rest = paragraphs.iter().peekable();
    while let Some(paragraph) = rest.next() {
        let at = start(paragraph)?;
        let end = rest.peek().map_or(Some(f64::INFINITY), |next| start(next))?;
        let mut said: Vec<&str> = Vec::new();
        while let Some(word) = words.next_if(|word| start(word).is_none_or(|at| at < end)) {
            said.push(["punct", "text", "value", "word"].iter().find_map(|name| word.get(*name)?.as_str())?);
        }
        segments.push(json!({"start": at / second, "text": said.join(" "), "speaker": name(paragraph)}));
    }
    Some(segments)
}

pub(super) fn list<'f>(fields: &'f Fields, name: &str) -> Option<&'f Vec<Value>> {
    fields.get(name)?.as_array()
}

/// When a segment or a word begins.
pub(super) fn start(segment: &Value) -> Option<f64> {
    number(["start", "startTime", "start_time", "time", "ts", "offset"].iter().find_map(|name| segment.get(*name))?)
}

/// A number as such or in quotation marks, `"0.100s"` among them.
pub(super) fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim_end_matches('s').parse().ok())
}

/// Lets a paragraph begin after each cue that ends a sentence: speech recognition cuts its segments there.
pub(super) fn part_sentences(cues: &mut [Cue]) {
    let mut ended = false;
    for cue in cues {
        cue.begins_turn |= ended;
        ended = ends_sentence(&cue.text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Hints, Locator, Place};
    use super::super::read;
    use super::*;

    #[test]
    fn services_list_segments_in_several_ways() {
        for document in [
            json!({"segments": [{"start": 61.5, "text": " R&D < 5."}, {"start": 65.0, "text": "Yes.", "speaker": "Ostey"}]}),
            json!({"utterances": [{"start": 61_500, "text": "R&D < 5."}, {"start": 65_000, "text": "Yes.", "speaker": "Ostey"}]}),
            json!({"results": {"utterances": [{"start": 61.5, "transcript": "R&D < 5."},
                {"start": 65, "transcript": "Yes.", "speaker": "Ostey"}]}}),
            json!({"results": {"items": [], "audio_segments": [{"start_time": "61.5", "transcript": "R&D < 5."},
                {"start_time": "65.0", "transcript": "Yes.", "speaker_label": "Ostey"}]}}),
        ] {
            let captions = of_document(document.as_object().unwrap()).unwrap();
            let article = read(captions.as_bytes(), &Place::file("a"), &Hints::default()).unwrap();
            assert_eq!(article.text, "R&D < 5.\n\nOstey: Yes.");
            assert_eq!(article.locators, [Some(Locator::Time(61)), Some(Locator::Time(65))]);
        }
        assert_eq!(of_document(json!({"segments": [{"start": "soon", "text": "x"}]}).as_object().unwrap()), None);
    }

    #[test]
    fn players_list_captions() {
        let read = |list: &Value| {
            let captions = of_list(list.as_array().unwrap()).unwrap();
            read(captions.as_bytes(), &Place::file("a"), &Hints::default()).unwrap()
        };
        for list in [
            json!([{"text": "we met", "start": 61.5, "duration": 2.2}, {"text": "in May", "start": 63.7, "duration": 2}]),
            json!([{"text": "we met", "offset": 61_500, "duration": 2200}, {"text": "in May", "offset": 63_700, "duration": 2000}]),
            json!([{"text": "we met", "start": "61.5", "end": "63.7"}, {"text": "in May", "start": "63.7", "end": "66"}]),
        ] {
            let article = read(&list);
            assert_eq!((article.text.as_str(), article.locators), ("we met in May", vec![Some(Locator::Time(61))]));
        }
        for other in [
            json!([{"text": "We met.", "start": 61.5}]),
            json!([{"title": "Quay", "text": "We met.", "start": 61.5, "duration": 2.2}]),
            json!([{"text": "We met.", "start": 61.5, "duration": 2.2}, {"text": "In May."}]),
            json!(["We met."]),
            json!([]),
        ] {
            assert_eq!(of_list(other.as_array().unwrap()), None, "{other}");
        }
    }

    #[test]
    fn a_page_may_be_beside_a_player() {
        let page = |time: &str, words: &str| format!("<p><span class=\"timestamp\">{time}</span>{words}</p>");
        let text = page("0:03", "Bram Ostey: Who pays?") + &page("0:09", "Tove Lindqvar: We <b>do</b>.");
        let document = json!({"text": text, "media": "a.mp3", "media-time": 12.4});
        let text = of_document(document.as_object().unwrap()).unwrap();
        let article = read(text.as_bytes(), &Place::file("a"), &Hints::default()).unwrap();
        assert_eq!(article.text, "Bram Ostey: Who pays?\n\nTove Lindqvar: We do.");
        assert_eq!(article.locators, [Some(Locator::Time(3)), Some(Locator::Time(9))]);
        assert_eq!(of_document(json!({"text": "<p>We do.</p>", "media": "a.mp3"}).as_object().unwrap()), None);
    }

    #[test]
    fn words_may_be_apart_from_paragraphs() {
        let timed = |second: f64| {
            let word = |at: f64, words: &str| json!({"time": at * second, "duration": second / 3.0, "value": words});
            json!({"transcript": {
                "words": [word(60.0, "We"), word(61.0, "leave."), word(65.0, "Who?")],
                "paragraphs": [{"time": 60.0 * second, "speaker": "Tove Lindqvar"}, {"time": 65.0 * second, "speaker": "Bram Ostey"}],
            }})
        };
        let edited = json!({
            "words": [{"start": 60.2, "end": 60.5, "text": "We"}, {"start": 60.5, "end": 61, "text": "leave."},
                {"start": 65, "end": 66, "text": "Who?"}],
            "paragraphs": [{"start": 60.2, "speaker": "s1"}, {"start": 65, "speaker": "s2"}],
            "speakers": [{"id": "s1", "name": "Tove Lindqvar"}, {"id": "s2", "name": "Bram Ostey"}],
        });
        for document in [timed(1000.0), timed(1.0), edited] {
            let captions = of_document(document.as_object().unwrap()).unwrap();
            let article = read(captions.as_bytes(), &Place::file("a"), &Hints::default()).unwrap();
            assert_eq!(article.text, "Tove Lindqvar: We leave.\n\nBram Ostey: Who?");
            assert_eq!(article.locators, [Some(Locator::Time(60)), Some(Locator::Time(65))]);
        }
        for article in [
            json!({"words": 120, "paragraphs": ["We leave."]}),
            json!({"words": ["we", "leave"], "paragraphs": ["We leave."]}),
        ] {
            assert_eq!(of_document(article.as_object().unwrap()), None);
        }
    }
}
