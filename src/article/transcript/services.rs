//! The words of speech recognition as services list them, one by one, made segments.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::super::Fields;
use super::ends_sentence;
use super::segments::{list, number, start};

/// The segments of what Amazon, Rev or Google heard; none for something else.
pub(super) fn segments(document: &Fields) -> Option<Vec<Value>> {
    amazon(document).or_else(|| rev(document)).or_else(|| google(document))
}

/// A word, when it begins, and who says it.
struct Word<'w> {
    at: Option<f64>,
    text: &'w str,
    voice: Option<Value>,
    /// True for a mark, which is glued to the word before it.
    is_mark: bool,
}

/// Words as segments: one for each voice; without voices, one for each few sentences.
fn by_voice<'w>(words: impl Iterator<Item = Word<'w>>) -> Vec<Value> {
    const LONG_ENOUGH: usize = 400;
    let mut segments: Vec<(f64, String, Option<Value>)> = Vec::new();
    for Word { at, text, voice, is_mark } in words {
        match segments.last_mut() {
            Some((_, said, before))
                if is_mark
                    || *before == voice && (voice.is_some() || said.len() < LONG_ENOUGH || !ends_sentence(said)) =>
            {
                said.push_str(if is_mark { "" } else { " " });
                said.push_str(text);
            }
            before => {
                let at = at.or_else(|| before.map(|(at, ..)| *at)).unwrap_or_default();
                segments.push((at, text.to_owned(), voice));
            }
        }
    }
    let segment = |(start, text, voice)| json!({"start": start, "text": text, "speaker": voice});
    segments.into_iter().map(segment).collect()
}

/// `{"results": {"items": [{"start_time": "0.1", "type": "pronunciation", "alternatives": [{"content": "We"}]}, …]}}`.
fn amazon(document: &Fields) -> Option<Vec<Value>> {
    let results = document.get("results")?.as_object()?;
    let items = list(results, "items")?;
    results.get("transcripts")?;
    // Older documents say apart from the words who speaks when.
    let apart = results.get("speaker_labels").and_then(|labels| labels.get("segments")).and_then(Value::as_array);
    let apart = apart.into_iter().flatten().filter_map(|segment| segment.get("items")?.as_array()).flatten();
    let voices: FxHashMap<&str, &Value> =
        apart.filter_map(|item| Some((item.get("start_time")?.as_str()?, item.get("speaker_label")?))).collect();
    let mut words = Vec::with_capacity(items.len());
    for item in items {
        let text = item.get("alternatives")?.get(0)?.get("content")?.as_str()?;
        let by_time = || voices.get(item.get("start_time")?.as_str()?).copied();
        let voice = item.get("speaker_label").or_else(by_time).cloned();
        let is_mark = item.get("type").and_then(Value::as_str) == Some("punctuation");
        words.push(Word { at: start(item), text, voice, is_mark });
    }
    Some(by_voice(words.into_iter()))
}

/// `{"speakers": [{"id": 0, "name": "Tove"}], "monologues": [{"speaker": 0, "elements": [{"value": "We", "ts": 0.1}, …]}]}`.
fn rev(document: &Fields) -> Option<Vec<Value>> {
    let monologues = list(document, "monologues")?;
    let names: FxHashMap<u64, &Value> = list(document, "speakers")
        .into_iter()
        .flatten()
        .filter_map(|speaker| Some((speaker.get("id")?.as_u64()?, speaker.get("name")?)))
        .collect();
    let mut last = 0.0;
    let mut segments = Vec::with_capacity(monologues.len());
    for monologue in monologues {
        let elements = monologue.get("elements")?.as_array()?;
        last = elements.iter().find_map(start).unwrap_or(last);
        let text: String = elements.iter().filter_map(|element| element.get("value")?.as_str()).collect();
        let voice = monologue.get("speaker");
        let name = voice.and_then(Value::as_u64).and_then(|id| names.get(&id).copied()).or(voice);
        segments.push(json!({"start": last, "text": text, "speaker": name}));
    }
    Some(segments)
}

/// `{"results": [{"alternatives": [{"transcript": "We met.", "words": [{"startTime": "0.1s", "word": "We"}]}]}, …]}`; where it
/// tells voices, the last of the results has all words once more, each with its voice.
fn google(document: &Fields) -> Option<Vec<Value>> {
    let response = document.get("response").and_then(Value::as_object).unwrap_or(document);
    let results = list(response, "results")?;
    let heard: Option<Vec<&Value>> = results.iter().map(|result| result.get("alternatives")?.get(0)).collect();
    let heard =
        heard.filter(|heard| heard.iter().all(|best| best.get("transcript").or(best.get("words")).is_some()))?;
    let words = |best: &'_ Value| best.get("words").and_then(Value::as_array).cloned().unwrap_or_default();
    let voice =
        |word: &Value| ["speakerTag", "speaker_tag", "speakerLabel"].iter().find_map(|name| word.get(*name)).cloned();
    let tagged = heard.last().map(|best| words(best)).unwrap_or_default();
    if !tagged.is_empty() && tagged.iter().all(|word| voice(word).is_some_and(|tag| tag != 0)) {
        let word = |word| {
            Some(Word { at: start(word), text: word.get("word")?.as_str()?, voice: voice(word), is_mark: false })
        };
        return Some(by_voice(tagged.iter().filter_map(word)));
    }
    let mut end = 0.0;
    let mut segments = Vec::with_capacity(results.len());
    for (result, best) in results.iter().zip(heard) {
        let first = best.get("words").and_then(|words| start(words.get(0)?));
        segments.push(json!({"start": first.unwrap_or(end), "text": best.get("transcript").and_then(Value::as_str).unwrap_or("")}));
        end = ["resultEndTime", "result_end_time"].iter().find_map(|name| number(result.get(*name)?)).unwrap_or(end);
    }
    Some(segments)
}

#[cfg(test)]
mod tests {
    use super::super::super::{Hints, Locator, Place};
    use super::super::{of_document, read};
    use super::*;

    #[track_caller]
    fn check(document: &Value, expect: &[(u32, &str)]) {
        let captions = of_document(document.as_object().unwrap()).unwrap();
        let article = read(captions.as_bytes(), &Place::file("a"), &Hints::default()).unwrap();
        let times = article.locators.iter().copied();
        let found: Vec<_> = times.zip(article.text.split("\n\n")).collect();
        assert_eq!(found, expect.iter().map(|(time, text)| (Some(Locator::Time(*time)), *text)).collect::<Vec<_>>());
    }

    #[test]
    fn amazon_lists_words() {
        let item = |at: &str, content: &str| json!({"start_time": at, "type": "pronunciation", "alternatives": [{"content": content}]});
        let mark = || json!({"type": "punctuation", "alternatives": [{"content": "."}]});
        let items = json!([item("61.5", "We"), item("62", "do"), mark(), item("65", "Yes"), mark()]);
        let document = json!({"results": {"transcripts": [{"transcript": "We do. Yes."}], "items": items}});
        check(&document, &[(61, "We do. Yes.")]);
        let labels = json!({"segments": [
            {"items": [{"start_time": "61.5", "speaker_label": "spk_0"}, {"start_time": "62", "speaker_label": "spk_0"}]},
            {"items": [{"start_time": "65", "speaker_label": "spk_1"}]},
        ]});
        let document = json!({"results": {"transcripts": [], "speaker_labels": labels, "items": items}});
        check(&document, &[(61, "spk_0: We do."), (65, "spk_1: Yes.")]);
        let other = json!({"results": {"items": [{"title": "Quay", "text": "We do."}]}});
        assert_eq!(of_document(other.as_object().unwrap()), None);
    }

    #[test]
    fn rev_lists_monologues() {
        let said = |speaker: u32, at: f64, word: &str| json!({"speaker": speaker, "elements": [{"type": "text", "value": word, "ts": at}, {"type": "punct", "value": "."}]});
        let monologues = json!([said(0, 61.5, "Yes"), said(1, 65.0, "No")]);
        check(&json!({"monologues": monologues}), &[(61, "Speaker 0: Yes."), (65, "Speaker 1: No.")]);
        let document = json!({"speakers": [{"id": 0, "name": "Tove Lindqvar"}], "monologues": monologues});
        check(&document, &[(61, "Tove Lindqvar: Yes."), (65, "Speaker 1: No.")]);
    }

    #[test]
    fn google_lists_alternatives() {
        let best = |text: &str, words: Value| json!({"alternatives": [{"transcript": text, "words": words}], "resultEndTime": "64s"});
        let word = |at: &str, word: &str, tag: u32| json!({"startTime": at, "word": word, "speakerTag": tag});
        let document = json!({"results": [best("We do.", json!([{"startTime": "61.5s", "word": "We"}])), best(" Yes.", json!([]))]});
        check(&document, &[(61, "We do."), (64, "Yes.")]);
        let all = json!([word("61.5s", "We", 1), word("62s", "do.", 1), word("65s", "Yes.", 2)]);
        let document = json!({"results": [best("We do. Yes.", json!([])), best("", all)]});
        check(&document, &[(61, "Speaker 1: We do."), (65, "Speaker 2: Yes.")]);
        let other = json!({"results": [{"title": "Quay", "text": "We do."}]});
        assert_eq!(of_document(other.as_object().unwrap()), None);
    }
}
