//! Transcripts with times: `WebVTT`, `SubRip`, `YouTube` captions, Whisper's table, and the text that interview services send.
//!
//! Cues are joined into sentences and turns. A voice that is known is before its turn as in any transcript,
//! `Tove Lindqvar: We are glad.`; times and numbers are left out of the text. The time at which a paragraph begins is kept.

use std::fmt::Write as _;

use rustc_hash::FxHashMap;
use serde_json::Value;

use super::{Article, DateOrigin, Format, Hints, Locator, Meta, Place, Problem};
use super::{charset, date, html, language};

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
    let decoded = charset::decode(bytes.to_vec(), hints.charset.as_deref())?;
    let text = decoded.text.replace("\r\n", "\n");
    let (head, cues) = match recognise(&text) {
        Some(Layout::Captions) => ("", of_captions(&text)),
        Some(Layout::Table) => ("", of_table(&text)),
        Some(Layout::Interview) | None => of_interview(&text),
    };
    let turns = turns(&cues);
    let mut article = Article::from_parts(Meta::at(place), turns.iter().map(|(turn, at)| (turn.as_str(), *at)));
    if article.paragraphs.is_empty() {
        return Err(Problem::NoText);
    }
    article.format = Format::Transcript;
    article.warnings = decoded.warnings;
    article.meta.language = language::detect(&article.text);
    let mut lines = head.lines().map(str::trim).filter(|line| !line.is_empty());
    article.meta.title = lines.next().map(str::to_owned);
    let day = lines.next().and_then(|line| date::read(line, None, DateOrigin::Page)).map(|(published, _)| published);
    article.meta.published = day.or_else(|| date::from_name(place));
    Ok(article)
}

/// The header of Whisper's tables.
const TABLE: &str = "start\tend\ttext";

/// How a transcript is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Blocks of lines, each after a line of times.
    Captions,
    /// A row a segment.
    Table,
    /// Turns, each after a line with a name and a time.
    Interview,
}

/// The layout of a transcript, by its beginning; none if it is something else.
fn recognise(start: &str) -> Option<Layout> {
    let mut lines = start.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next()?;
    let is_number = first.bytes().all(|b| b.is_ascii_digit());
    let has_times = |line: &str| time_of_cue(line).is_some();
    if first == "WEBVTT"
        || first.starts_with("WEBVTT ")
        || has_times(first)
        || is_number && lines.next().is_some_and(has_times)
    {
        Some(Layout::Captions)
    } else if first == TABLE {
        Some(Layout::Table)
    } else {
        is_interview(start).then_some(Layout::Interview)
    }
}

/// True for the beginning of a transcript.
pub(super) fn is_transcript(start: &str) -> bool {
    recognise(start).is_some()
}

/// True for two turns or more, each with words: a timetable has none between its times.
fn is_interview(start: &str) -> bool {
    let mut lines = start.lines().filter(|line| !line.trim().is_empty()).peekable();
    let mut turns = 0;
    while let Some(line) = lines.next() {
        if let Some(start) = turn_start(line) {
            match lines.peek() {
                _ if !start.words.is_empty() => turns += 1,
                Some(next) if turn_start(next).is_some() => return false,
                Some(_) => turns += 1,
                None => {}
            }
        }
    }
    turns >= 2
}

/// When a cue begins, by its line of times: `00:01.000 --> 00:04.000`, `0:00:01.000,0:00:04.000`.
fn time_of_cue(line: &str) -> Option<&str> {
    let is_time = |time: &str| {
        let time = time.trim();
        time.contains(':') && time.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b','))
    };
    let of_two = || line.split_once(',').filter(|(start, end)| line.contains('.') && is_time(start) && is_time(end));
    line.split_once("-->").filter(|(start, _)| is_time(start)).or_else(of_two).map(|(start, _)| start.trim())
}

/// The cues of captions: blocks of lines, the words after the line of times.
fn of_captions(text: &str) -> Vec<Cue> {
    let mut cues: Vec<Cue> = Vec::new();
    let (mut is_inside, mut is_first, mut at) = (false, false, None);
    // Which cues say the line before them once more, and how many times there are.
    let (mut repeats, mut blocks) = (Vec::new(), 0);
    // The voice of the cue before, where its tag names it: it ends with the cue.
    let mut voice = None;
    for written in text.lines() {
        let line = written.trim();
        if let Some(start) = time_of_cue(line) {
            (is_inside, is_first, at) = (true, true, Locator::time(start));
            blocks += 1;
        } else if line.is_empty() {
            // A first line of spaces is shown empty.
            is_inside = is_first && !written.is_empty();
        } else if is_inside {
            let mut cue = Cue { at, is_first, ..caption(line) };
            if is_first && voice.take().is_some() && cues.last().is_some_and(|before| ends_sentence(&before.text)) {
                cue.begins_turn = true;
            }
            voice = cue.voice.clone().or(voice);
            repeats.push(is_first && cues.last().is_some_and(|before| before.text == cue.text));
            is_first = false;
            cues.push(cue);
        }
    }
    // Captions that roll up show each line twice, and once more on its own.
    if repeats.iter().filter(|repeats| **repeats).count() * 2 > blocks {
        let mut repeats = repeats.into_iter();
        cues.retain(|_| repeats.next() == Some(false));
    }
    name_voices(&mut cues);
    cues.pop_if(|cue| is_note(&cue.text, &[]));
    cues
}

/// Takes labels such as `Tove Lindqvar: ` off the captions: where most captions have one, all of them; else those in
/// capitals, those where somebody begins to speak, and those that return.
fn name_voices(cues: &mut [Cue]) {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for (name, _) in cues.iter().filter_map(|cue| label(&cue.text)) {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    let returns = |name: &str| counts.get(name).is_some_and(|count| *count > 1);
    let firsts = || cues.iter().filter(|cue| cue.is_first && !cue.text.is_empty());
    let named = firsts().filter_map(|cue| label(&cue.text)).filter(|(name, _)| is_name_of_label(name) || returns(name));
    let named = named.count();
    let names_all = named > 1 && named * 2 > firsts().count();
    let mut ended = true;
    for cue in cues.iter_mut() {
        let is_new = ended;
        ended = ends_sentence(&cue.text);
        if cue.voice.is_none()
            && let Some((name, words)) = label(&cue.text)
            && ((names_all && cue.is_first)
                || (is_name_of_label(name)
                    && (cue.begins_turn
                        || (names_all && is_new)
                        || returns(name)
                        || (name.contains(char::is_uppercase) && !name.contains(char::is_lowercase)))))
        {
            let words = words.to_owned();
            (cue.voice, cue.begins_turn) = (Some(name.to_owned()), true);
            cue.text = words;
        }
    }
}

/// A few words and a colon, and what is behind them.
fn label(text: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 60;
    let (name, words) = text.split_once(": ")?;
    let is_label = name.len() <= LONGEST && name.split(' ').count() <= 6 && name.contains(char::is_alphabetic);
    (is_label && !name.contains(['?', '!'])).then(|| (name.trim(), words.trim_start()))
}

/// True for a label that looks like a name: up to four words with capitals.
fn is_name_of_label(name: &str) -> bool {
    let is_capital = |c: char| c.is_alphabetic() && !c.is_lowercase();
    name.split(' ').count() <= 4
        && name.starts_with(is_capital)
        && name
            .split(' ')
            .all(|word| word.starts_with(|c: char| is_capital(c) || c.is_ascii_digit()) || word.len() <= 3)
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '\'' | '’' | '-'))
}

/// The name of a voice as a transcript has it, from what meeting programs show: family name first, and where somebody is
/// from behind a bar, a dash or in brackets.
fn voice_name(shown: &str) -> String {
    let (name, of) = match shown.split_once(['[', '(']) {
        Some((name, of)) => (name.trim_end(), Some(of.trim_end_matches([']', ')']))),
        None => match [" | ", " - ", " – "].iter().find_map(|mark| shown.split_once(mark)) {
            Some((name, of)) => (name, Some(of)),
            None => (shown, None),
        },
    };
    // `Lindqvar, Tove` has the family name first, `Tove Lindqvar, Harbour` says where she is from.
    let (name, of) = match name.split_once(", ") {
        Some((family, given)) if shown.contains('[') || !family.contains(' ') => (format!("{given} {family}"), of),
        Some((name, harbour)) => (name.to_owned(), of.or(Some(harbour))),
        None => (name.to_owned(), of),
    };
    of.map_or_else(|| name.trim().to_owned(), |of| format!("{} ({})", name.trim(), of.trim()))
}

/// True for a last line in which a service speaks of itself or of a voice: `Transcribed by …`,
/// `Tove Lindqvar stopped transcription`.
fn is_note(line: &str, voices: &[&str]) -> bool {
    const LONGEST: usize = 8;
    let is_about =
        |voice: &&str| voice.contains(' ') && line.strip_prefix(*voice).is_some_and(|rest| rest.starts_with(' '));
    line.trim_start_matches(['(', '[']).starts_with("Transcribed by ")
        || (line.split_whitespace().count() <= LONGEST && !ends_sentence(line) && voices.iter().any(is_about))
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', '?', '!', '。', '？'])
}

/// A line of a cue, without its tags: `<v Tove Lindqvar>We are glad`, `- Not us.`
fn caption(line: &str) -> Cue {
    let mut cue = Cue::default();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('<') {
        cue.text.push_str(before);
        let Some((tag, after)) = after.split_once('>') else {
            // `5 < 6` is no tag; one that breaks off says nothing.
            rest = if after.starts_with(char::is_whitespace) { rest.get(before.len()..).unwrap_or("") } else { "" };
            break;
        };
        if let Some((_, voice)) = tag.split_once(' ').filter(|(name, _)| *name == "v" || name.starts_with("v.")) {
            cue.voice = Some(html::resolve(voice.trim()).into_owned());
            cue.begins_turn = true;
        }
        rest = after;
    }
    cue.text.push_str(rest);
    cue.text = html::resolve(&without_places(&cue.text)).into_owned();
    // The mark of a turn may be within a colour.
    let said = cue.text.strip_prefix("- ").or_else(|| cue.text.strip_prefix("– "));
    if let Some(said) = said.or_else(|| cue.text.strip_prefix(">>").map(|said| said.trim_start_matches('>'))) {
        cue.begins_turn = true;
        cue.text = said.trim_start().to_owned();
    }
    let is_sound = [('[', ']'), ('(', ')')].iter().any(|(open, close)| {
        cue.text
            .strip_prefix(*open)
            .and_then(|text| text.strip_suffix(*close))
            .is_some_and(|sound| !sound.contains(*close))
    });
    if is_sound {
        cue.text.clear();
    }
    cue
}

/// Without codes such as `{\an8}`, which say where on the screen a caption is.
fn without_places(text: &str) -> String {
    let (mut left, mut rest) = (String::new(), text);
    while let Some((before, (_, after))) =
        rest.split_once("{\\").and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        left.push_str(before);
        rest = after;
    }
    left + rest
}

fn of_table(text: &str) -> Vec<Cue> {
    let cue = |line: &str| {
        let mut cells = line.splitn(3, '\t');
        let at = cells.next()?.parse::<u32>().ok().map(|milliseconds| Locator::Time(milliseconds / 1000));
        Some(Cue { at, text: cells.nth(1)?.trim().to_owned(), ..Cue::default() })
    };
    let mut cues: Vec<Cue> = text.lines().skip(1).filter_map(cue).collect();
    part_sentences(&mut cues);
    cues
}

/// Lets a paragraph begin after each cue that ends a sentence: speech recognition cuts its segments there.
fn part_sentences(cues: &mut [Cue]) {
    let mut ended = false;
    for cue in cues {
        cue.begins_turn |= ended;
        ended = ends_sentence(&cue.text);
    }
}

/// The turns of an interview, each after a line `Tove Lindqvar  00:09`, and what is before the first.
fn of_interview(text: &str) -> (&str, Vec<Cue>) {
    let mut cues: Vec<Cue> = Vec::new();
    let mut head = text.len();
    for line in text.lines() {
        if let Some(TurnStart { name, at, words }) = turn_start(line) {
            head = head.min(line.as_ptr() as usize - text.as_ptr() as usize);
            cues.push(Cue {
                voice: Some(name.to_owned()),
                at,
                begins_turn: true,
                text: words.to_owned(),
                is_first: true,
            });
        } else if let Some(cue) = cues.last_mut()
            && !line.trim().is_empty()
        {
            cue.text.push(' ');
            cue.text.push_str(line.trim());
        }
    }
    let (before, last) = text.trim_end().rsplit_once('\n').unwrap_or(("", text));
    let is_apart = before.trim_end_matches([' ', '\t']).ends_with('\n');
    let voices: Vec<&str> = cues.iter().filter_map(|cue| cue.voice.as_deref()).collect();
    if is_apart
        && is_note(last.trim(), &voices)
        && let Some(cue) = cues.last_mut()
        && let Some(said) = cue.text.strip_suffix(last.trim())
    {
        cue.text = said.to_owned();
    }
    let head = text.get(..head).unwrap_or(text);
    // A list of speakers is not a title.
    (head.split("SPEAKERS").next().unwrap_or(head), cues)
}

/// A line that begins a turn.
struct TurnStart<'a> {
    name: &'a str,
    at: Option<Locator>,
    /// What is said in the same line.
    words: &'a str,
}

/// A name, space and a time: `Tove Lindqvar  00:09`, `Tove Lindqvar (00:09):`; or a time in brackets before a name:
/// `[00:00:09] Tove Lindqvar: We do.`
fn turn_start(line: &str) -> Option<TurnStart<'_>> {
    const LONGEST: usize = 80;
    let line = line.trim();
    if let Some((time, rest)) = line.strip_prefix(['[', '(']).and_then(|rest| rest.split_once([']', ')'])) {
        let (name, words) = rest.split_once(':').unwrap_or((rest, ""));
        let name = name.trim();
        return (is_time(time) && is_name(name) && name.len() <= LONGEST).then(|| TurnStart {
            name,
            at: Locator::time(time),
            words: words.trim(),
        });
    }
    let line = line.trim_end_matches(':');
    let (name, time) = line.rsplit_once([' ', '\t']).filter(|_| line.len() <= LONGEST)?;
    let time = time.trim_matches(['(', ')', '[', ']']);
    let name = name.trim().trim_end_matches(':');
    // A sentence may end in a time as well: "We met at 10:30".
    let is_exact = time.matches(':').count() == 2;
    let is_apart = is_exact || line.contains("  ") || line.contains('\t') || line.ends_with([')', ']']);
    (is_time(time) && is_name(name) && is_apart).then(|| TurnStart { name, at: Locator::time(time), words: "" })
}

fn is_time(time: &str) -> bool {
    let parts = time.split(':').filter(|part| part.len() <= 2 && part.parse::<u32>().is_ok()).count();
    (2..=3).contains(&parts) && parts == time.split(':').count()
}

fn is_name(name: &str) -> bool {
    name.split_whitespace().count() <= 5
        && name.split_whitespace().all(|word| !word.starts_with(char::is_lowercase) || word.len() <= 3)
        && name.starts_with(char::is_alphabetic)
        && !name.contains([',', ';', '?', '!'])
}

/// The segments that speech recognition gives as JSON, written as captions; none if they are something else.
pub(super) fn of_segments(segments: &[Value]) -> Option<String> {
    let mut captions = String::from("WEBVTT\n");
    let mut ended = false;
    for segment in segments {
        let start = ["start", "startTime"].iter().find_map(|name| segment.get(*name)?.as_f64())?;
        let text = ["text", "body"].iter().find_map(|name| segment.get(*name)?.as_str())?;
        let voice = segment.get("speaker").and_then(Value::as_str);
        let mark = if ended { "- " } else { "" };
        let voice = voice.map_or(mark.to_owned(), |voice| format!("<v {}>", voice.replace(['<', '>', '\n'], " ")));
        ended = ends_sentence(text);
        let (seconds, text) =
            (start.max(0.0) as u64, text.split_whitespace().collect::<Vec<_>>().join(" ").replace('<', "&lt;"));
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let _ = writeln!(captions, "\n{hours:02}:{minutes:02}:{seconds:02}.000 --> \n{voice}{text}");
    }
    (!segments.is_empty()).then_some(captions)
}

/// The cues as turns: words of one voice together, those without a voice in paragraphs of a few sentences.
fn turns(cues: &[Cue]) -> Vec<(String, Option<Locator>)> {
    const LONG_ENOUGH: usize = 400;
    let mut turns: Vec<(String, Option<Locator>)> = Vec::new();
    let mut voice: Option<&str> = None;
    for cue in cues.iter().filter(|cue| !cue.text.trim().is_empty()) {
        let words = cue.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let same = !cue.begins_turn || (cue.voice.is_some() && cue.voice.as_deref() == voice);
        let is_full = |turn: &String| voice.is_none() && turn.len() > LONG_ENOUGH && turn.ends_with(['.', '?', '!']);
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
    fn check(text: &str, expect: &[&str]) {
        assert!(is_transcript(text), "{text}");
        let article = read(text.as_bytes(), &Place::file("a"), &Hints::default()).unwrap();
        assert_eq!(article.text.split("\n\n").collect::<Vec<_>>(), expect);
        assert_eq!(article.locators.len(), expect.len());
    }

    #[test]
    fn captions_are_joined_into_turns() {
        check(
            "WEBVTT\n\nNOTE made by hand\n\n1\n00:00:01.000 --> 00:00:04.000\n<v Tove Lindqvar>We are glad the strike\nis over.\n\n\
             2\n00:00:04.500 --> 00:00:06.000\n<v Bram Ostey>Who <i>pays</i> for it?\n\n3\n00:00:06.500 --> 00:00:09.000\n\
             - The city does.\n- Not us.\n",
            &[
                "Tove Lindqvar: We are glad the strike is over.",
                "Bram Ostey: Who pays for it?",
                "The city does.",
                "Not us.",
            ],
        );
        check(
            "1\n00:00:01,000 --> 00:00:04,000\nWe are glad the strike\n\n2\n00:00:04,500 --> 00:00:06,000\nis over.\n",
            &["We are glad the strike is over."],
        );
        check(
            "0:00:01.000,0:00:04.000\nWe are glad the strike\nis over.\n\n0:00:04.500,0:00:06.000\n- Who pays?\n",
            &["We are glad the strike is over.", "Who pays?"],
        );
        check(
            "1\n00:00:01,000 --> 00:00:04,000\nIt runs again\n\n2\n00:00:04,500 --> 00:00:06,000\n<font color=\"#ffff00\">- Who pays?</font>\n",
            &["It runs again", "Who pays?"],
        );
        check("start\tend\ttext\n0\t4000\tWe are glad.\n4000\t6000\tWho pays?\n", &["We are glad.", "Who pays?"]);
    }

    #[test]
    fn captions_name_voices_in_several_ways() {
        let cue = |words: &[&str]| {
            let cues =
                (0..).zip(words).map(|(second, words)| format!("00:00:{second:02},000 --> 00:01:00,000\n{words}"));
            cues.collect::<Vec<_>>().join("\n\n")
        };
        check(
            &cue(&[
                "Tove Lindqvar: We are glad",
                "Tove Lindqvar: the strike is over.",
                "Bram Ostey: Who pays?",
                "Bram Ostey: And when?",
            ]),
            &["Tove Lindqvar: We are glad the strike is over.", "Bram Ostey: Who pays? And when?"],
        );
        check(
            &cue(&["{\\an8}<i>TOVE: We are glad</i>", "it is over.", "[music]", "(Applause.)", "BRAM: Who pays?"]),
            &["TOVE: We are glad it is over.", "BRAM: Who pays?"],
        );
        check(
            &cue(&[">> Tove Lindqvar: We are glad", "it is over.", "&gt;&gt; Who pays?", ">>> Good evening."]),
            &["Tove Lindqvar: We are glad it is over.", "Who pays?", "Good evening."],
        );
        check(
            &cue(&["<v Tove>We are glad</v>", "it is over.", "<v Tove>It runs.</v>", "Who pays?"]),
            &["Tove: We are glad it is over. It runs.", "Who pays?"],
        );
        // Where most captions name who speaks, somebody with one turn is no part of the turn before.
        check(
            &cue(&[
                "Tove Lindqvar: We are glad.",
                "Bram Ostey: Why?",
                "Tove Lindqvar: One thing: it\nruns, and Bram: thanks.",
            ]),
            &[
                "Tove Lindqvar: We are glad.",
                "Bram Ostey: Why?",
                "Tove Lindqvar: One thing: it runs, and Bram: thanks.",
            ],
        );
        let shown = [
            ("Bram Ostey (he/him)", "Bram Ostey (he/him)"),
            ("Bram Ostey | Union", "Bram Ostey (Union)"),
            ("Bram Ostey - Harbour Gazette", "Bram Ostey (Harbour Gazette)"),
            ("Bram Ostey, Union", "Bram Ostey (Union)"),
            ("Ostey, Bram [External]", "Bram Ostey (External)"),
            ("Bram’s iPhone", "Bram’s iPhone"),
            ("bostey2", "bostey2"),
            ("李明", "李明"),
        ];
        for (shown, name) in shown {
            let who = format!("{shown}: Who pays?");
            check(
                &cue(&["Tove Lindqvar: We are glad.", "Tove Lindqvar: It runs.", &who, "Tove Lindqvar: The city."]),
                &["Tove Lindqvar: We are glad. It runs.", &format!("{name}: Who pays?"), "Tove Lindqvar: The city."],
            );
        }
        check(
            &cue(&["<v Lindqvar, Tove>We are glad.</v>", "Transcribed by https://a.example"]),
            &["Tove Lindqvar: We are glad."],
        );
        check(&cue(&["One thing: it runs.", "Note this: 5 < 6."]), &["One thing: it runs. Note this: 5 < 6."]);
    }

    #[test]
    fn interviews_name_who_speaks_before_each_time() {
        let text = "Harbour interview\nTue, Mar 04, 2025 9:15AM • 10:02\n\nSPEAKERS\nTove Lindqvar, Bram Ostey\n\n\
                    Bram Ostey  00:03\nWho pays for the ferries?\n\nTove Lindqvar  00:09\nThe city does, and we will\nnot forget.\n";
        check(
            text,
            &["Bram Ostey: Who pays for the ferries?", "Tove Lindqvar: The city does, and we will not forget."],
        );
        let article = read(text.as_bytes(), &Place::file("a"), &Hints::default()).unwrap();
        assert_eq!(article.meta.title.as_deref(), Some("Harbour interview"));
        assert_eq!(article.meta.published.unwrap().day(), "2025-03-04");
        check(
            "Bram Ostey  00:03\nThe sign said Pier --> Town.\n\nTove Lindqvar  00:09\nIt did.\n",
            &["Bram Ostey: The sign said Pier --> Town.", "Tove Lindqvar: It did."],
        );
        check(
            "Bram Ostey [00:00:03]\nWho pays?\nTove Lindqvar [00:00:09]\nWe do.\n",
            &["Bram Ostey: Who pays?", "Tove Lindqvar: We do."],
        );
        for text in [
            "Speaker 1 (00:03):\nWho pays?\n\nTove Lindqvar (00:09):\nWe do.\n",
            "[00:00:03] Speaker 1: Who pays?\n[00:00:09] Tove Lindqvar: We do.\n",
            "[00:00:03] Speaker 1\nWho pays?\n[00:00:09] Tove Lindqvar\nWe do.\n",
        ] {
            check(text, &["Speaker 1: Who pays?", "Tove Lindqvar: We do."]);
        }
    }

    #[test]
    fn notes_of_a_service_are_no_words_of_the_last_voice() {
        let turns =
            "Tove Lindqvar  00:03\nWe are glad.\n\nBram Ostey  00:09\nTove Lindqvar paid for it\nfor years.\n\n";
        for (last, said) in [
            ("Transcribed by https://a.example", ""),
            ("Tove Lindqvar stopped transcription", ""),
            ("Bram Ostey hat die Transkription beendet\n\n", ""),
            ("Tove Lindqvar paid.", " Tove Lindqvar paid."),
        ] {
            let end = format!("Bram Ostey: Tove Lindqvar paid for it for years.{said}");
            check(&format!("{turns}{last}"), &["Tove Lindqvar: We are glad.", &end]);
        }
    }

    #[test]
    fn paragraphs_keep_the_time_at_which_they_begin() {
        let text = "WEBVTT\n\n00:12:34.000 --> 00:12:39.000\n<v Tove Lindqvar>We are glad.\n\n01:02:03.000 --> 01:02:05.000\n- Who pays?\n";
        let article = read(text.as_bytes(), &Place::file("a"), &Hints::default()).unwrap();
        assert_eq!(article.locators, [Some(Locator::Time(754)), Some(Locator::Time(3723))]);
        let segments = serde_json::json!([{"start": 61.5, "text": " R&D < 5."}, {"start": 65.0, "text": "Yes.", "speaker": "Ostey"}]);
        let article =
            read(of_segments(segments.as_array().unwrap()).unwrap().as_bytes(), &Place::file("a"), &Hints::default());
        let article = article.unwrap();
        assert_eq!(article.text, "R&D < 5.\n\nOstey: Yes.");
        assert_eq!(article.locators, [Some(Locator::Time(61)), Some(Locator::Time(65))]);
    }

    #[test]
    fn prose_with_times_is_no_transcript() {
        assert!(!is_transcript("We met at 10:30\nand left at 11:15\n"));
        assert!(!is_transcript("<!-- a note -->\nWe met.\n"));
        assert!(!is_transcript("Monday 10:30\nTuesday 11:15\n"));
        assert!(!is_transcript("Harbour News\t19:00\nWeather\t19:30\nThe Old Pier\t19:45\n"));
    }
}
