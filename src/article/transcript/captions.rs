//! Captions: blocks of lines, each after a line of times.

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Locator, html};
use super::voice::{is_name_of_label, is_note, label};
use super::{Cue, ends_sentence};

/// True for the beginning of captions.
pub(super) fn begin(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.next() else { return false };
    let is_number = first.bytes().all(|b| b.is_ascii_digit());
    let has_times = |line: &str| time_of_cue(line).is_some();
    first == "WEBVTT"
        || first.starts_with("WEBVTT ")
        || has_times(first)
        || is_number && lines.next().is_some_and(has_times)
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
pub(super) fn read(text: &str) -> Vec<Cue> {
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
            for part in by_voice(line) {
                let mut cue = Cue { at, is_first, ..caption(part) };
                let mut said = cues.iter().rev().filter(|cue| !cue.text.is_empty());
                // A sound is no change of speaker, and does not hide one.
                if is_first
                    && !cue.text.is_empty()
                    && voice.take().is_some()
                    && said.next().is_some_and(|before| ends_sentence(&before.text))
                {
                    cue.begins_turn = true;
                }
                voice = cue.voice.clone().or(voice);
                repeats.push(is_first && cues.last().is_some_and(|before| before.text == cue.text));
                is_first = false;
                cues.push(cue);
            }
        }
    }
    // Captions that roll up show each line twice, and once more on its own.
    if repeats.iter().filter(|repeats| **repeats).count() * 2 > blocks {
        let mut repeats = repeats.into_iter();
        cues.retain(|_| repeats.next() == Some(false));
    }
    let mut cues = part_at_labels(cues);
    if name_voices(&mut cues) {
        part_unnamed(&mut cues);
    }
    cues.pop_if(|cue| is_note(&cue.text, &[]));
    cues
}

/// The parts of a line, each of one voice: `<v Tove>It runs.</v> <v Bram>Why?`
fn by_voice(line: &str) -> impl Iterator<Item = &str> {
    let is_tag = |at: usize| line.get(at + 2..).is_some_and(|rest| rest.starts_with([' ', '.']));
    let tags = line.match_indices("<v").filter(|(at, _)| *at > 0 && is_tag(*at));
    let starts: Vec<usize> = std::iter::once(0).chain(tags.map(|(at, _)| at)).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([line.len()]).collect();
    let parts = starts.into_iter().zip(ends).filter_map(move |(start, end)| line.get(start..end));
    parts.filter(|part| !part.trim().is_empty())
}

/// The cues with a new one at each label in capitals that begins another cue, too: `TOVE: It runs. BRAM: Why?`
fn part_at_labels(cues: Vec<Cue>) -> Vec<Cue> {
    let is_capital = |name: &str| name.contains(char::is_uppercase) && !name.contains(char::is_lowercase);
    let names: FxHashSet<String> = cues
        .iter()
        .filter_map(|cue| label(&cue.text))
        .filter(|(name, _)| is_capital(name) && is_name_of_label(name))
        .map(|(name, _)| name.to_owned())
        .collect();
    if names.is_empty() {
        return cues;
    }
    let begins = |text: &str, at: usize| {
        let (before, rest) = (text.get(..at).unwrap_or(""), text.get(at..).unwrap_or(""));
        ends_sentence(before) && label(rest.trim_start()).is_some_and(|(name, _)| names.contains(name))
    };
    let mut parted = Vec::with_capacity(cues.len());
    for cue in cues {
        let starts = cue.text.match_indices(['.', '?', '!']).map(|(at, _)| at + 1);
        let borders: Vec<usize> = starts.filter(|at| begins(&cue.text, *at)).collect();
        let ends = borders.iter().copied().chain([cue.text.len()]);
        let mut start = 0;
        for end in ends {
            let text = cue.text.get(start..end).unwrap_or("").trim().to_owned();
            let is_first = start == 0;
            let (voice, begins_turn) = if is_first { (cue.voice.clone(), cue.begins_turn) } else { (None, false) };
            parted.push(Cue { voice, begins_turn, text, at: cue.at, is_first: cue.is_first || !is_first });
            start = end;
        }
    }
    parted
}

/// Where a voice is named once more with nobody named between, what began a sentence between without a name is somebody
/// else's: an asker's name is before each question, and none before the answers.
fn part_unnamed(cues: &mut [Cue]) {
    let said: Vec<usize> = (0..cues.len()).filter(|at| cues.get(*at).is_some_and(|cue| !cue.text.is_empty())).collect();
    let mut answers: Vec<usize> = Vec::new();
    // The last voice that was named, and the first cue behind a whole sentence of hers.
    let (mut voice, mut answer, mut ended): (Option<String>, Option<usize>, bool) = (None, None, false);
    for at in said {
        let Some(cue) = cues.get(at) else { continue };
        if cue.voice.is_some() {
            answers.extend(answer.filter(|_| cue.voice == voice));
            (voice, answer) = (cue.voice.clone(), None);
        } else if cue.begins_turn {
            (voice, answer) = (None, None);
        } else if ended && cue.is_first && voice.is_some() {
            answer = answer.or(Some(at));
        }
        ended = ends_sentence(&cue.text);
    }
    // The last question's answer has nothing behind it; nor has that to somebody who asks once, and whose name alone is known.
    let before = |at: usize| cues.get(..at)?.iter().rev().find(|cue| !cue.text.is_empty());
    let is_asked = |at: &usize| before(*at).is_some_and(|cue| cue.text.trim_end().ends_with(['?', '？']));
    let is_alone = cues.iter().filter_map(|cue| cue.voice.as_ref()).all(|other| Some(other) == voice.as_ref());
    if !answers.is_empty() || is_alone && answer.as_ref().is_some_and(is_asked) {
        answers.extend(answer);
    }
    for at in answers {
        if let Some(cue) = cues.get_mut(at) {
            cue.begins_turn = true;
        }
    }
}

/// Takes labels such as `Tove Lindqvar: ` off the captions: where most captions have one, all of them; else those in
/// capitals, those where somebody begins to speak, and those that return. True if there are any.
fn name_voices(cues: &mut [Cue]) -> bool {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for (name, _) in cues.iter().filter_map(|cue| label(&cue.text)) {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    let returns = |name: &str| counts.get(name).is_some_and(|count| *count > 1);
    let firsts = || cues.iter().filter(|cue| cue.is_first && !cue.text.is_empty());
    let named = firsts().filter_map(|cue| label(&cue.text)).filter(|(name, _)| is_name_of_label(name) || returns(name));
    let named = named.count();
    let names_all = named > 1 && named * 2 > firsts().count();
    let (mut ended, mut any) = (true, false);
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
                        || (is_new && cue.is_first && name.contains(' ') && words.ends_with('?'))
                        || (name.contains(char::is_uppercase) && !name.contains(char::is_lowercase)))))
        {
            let words = words.to_owned();
            (cue.voice, cue.begins_turn) = (Some(name.to_owned()), true);
            cue.text = words;
            any = true;
        }
    }
    any
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
    let is_sound = [('[', ']'), ('(', ')'), ('♪', '♪'), ('♫', '♫')].iter().any(|(open, close)| {
        cue.text
            .strip_prefix(*open)
            .and_then(|text| text.strip_suffix(*close))
            .is_some_and(|sound| !sound.contains(*close))
    });
    if is_sound {
        cue.text.clear();
    }
    cue.text.retain(|c| !matches!(c, '♪' | '♫'));
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

#[cfg(test)]
mod tests {
    use super::super::tests::check;

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
    }

    #[test]
    fn answers_without_a_name_are_nobody_s_who_asks() {
        let cue = |words: &[&str]| {
            let cues =
                (0..).zip(words).map(|(second, words)| format!("00:00:{second:02},000 --> 00:01:00,000\n{words}"));
            cues.collect::<Vec<_>>().join("\n\n")
        };
        check(
            &cue(&["TOVE OST: Was it safe?", "It was not.", "TOVE OST: And what did they say?", "Nothing."]),
            &["TOVE OST: Was it safe?", "It was not.", "TOVE OST: And what did they say?", "Nothing."],
        );
        check(
            &cue(&["Tove: Was it", "safe?", "It was", "not. No.", "Tove: Why?", "Nobody", "looked.", "Tove: Ah."]),
            &["Tove: Was it safe?", "It was not. No.", "Tove: Why?", "Nobody looked.", "Tove: Ah."],
        );
        // One who asks once.
        check(&cue(&["TOVE: Was it", "safe?", "No. It was", "not."]), &["TOVE: Was it safe?", "No. It was not."]);
        check(
            &cue(&["Tove Ost: Was it safe?", "It was not.", "Not at all."]),
            &["Tove Ost: Was it safe?", "It was not. Not at all."],
        );
        check(&cue(&["TOVE: Is it safe? I think so.", "It is."]), &["TOVE: Is it safe? I think so. It is."]);
        check(&cue(&["TOVE: Was it safe?", "It was.", "BRAM: No."]), &["TOVE: Was it safe? It was.", "BRAM: No."]);
        // Both have names: each goes on.
        check(
            &cue(&["TOVE: Was it safe?", "I ask.", "BRAM: It was not.", "It leaked.", "TOVE: Why?"]),
            &["TOVE: Was it safe? I ask.", "BRAM: It was not. It leaked.", "TOVE: Why?"],
        );
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
        check(
            &cue(&["<v Tove>We are glad.</v> <v Bram>Who pays?</v>", "[music]", "The city."]),
            &["Tove: We are glad.", "Bram: Who pays?", "The city."],
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
        check(&cue(&["It is over.", "♪ Music ♪", "♪", "Who ♪ pays?"]), &["It is over. Who pays?"]);
        check(
            &cue(&["TOVE: Who pays? BRAM: The city.", "TOVE: Why?\nBRAM: It said: so."]),
            &["TOVE: Who pays?", "BRAM: The city.", "TOVE: Why?", "BRAM: It said: so."],
        );
        check(&cue(&["One thing: it runs.", "Note this: 5 < 6."]), &["One thing: it runs. Note this: 5 < 6."]);
    }
}
