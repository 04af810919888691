//! Transcripts that people read: turns, each after a time and maybe a name.

use rustc_hash::FxHashSet;

use super::super::Locator;
use super::Cue;
use super::segments::part_sentences;
use super::voice::{is_name, is_note, label};
use crate::language::world;

/// How the lines are written that begin a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A name and a time, like the end of a sentence: `Tove Lindqvar 0:09`, `Tove Lindqvar - 0:09`.
    Behind,
    /// A time, and a name or nothing: `00:00:09 Tove Lindqvar`, `0:09`.
    Before,
    /// A time in brackets, and what is said or who says it: `[00:00:09] Tove Lindqvar: We do.`
    InBrackets,
    /// A name and a time apart from it: `Tove Lindqvar  00:09`, `Tove Lindqvar (00:09):`, `Tove Lindqvar 00:00:09`.
    Apart,
}

/// A line that begins a turn.
#[derive(Clone, Copy)]
pub(in super::super) struct Start<'t> {
    form: Form,
    pub(in super::super) name: Option<&'t str>,
    pub(in super::super) time: &'t str,
    /// What is said in the same line.
    pub(in super::super) words: &'t str,
}

struct Turn<'t> {
    start: Start<'t>,
    lines: Vec<&'t str>,
}

/// A text as the turns of an interview.
pub(super) struct Interview<'t> {
    text: &'t str,
    /// What is before the first turn.
    head: &'t str,
    turns: Vec<Turn<'t>>,
}

impl<'t> Interview<'t> {
    /// Cuts a text into turns, by the form in which most lines begin one.
    pub(super) fn of(text: &'t str) -> Self {
        let lines = || text.lines().map(|line| without_end(line.trim())).filter(|line| !line.is_empty());
        let starts: Vec<Option<Start>> = lines().map(start).collect();
        let count = |form: &Form| starts.iter().flatten().filter(|start| start.form == *form).count();
        let form = [Form::Behind, Form::Before, Form::InBrackets, Form::Apart].into_iter().max_by_key(count);
        let mut interview = Interview { text, head: text, turns: Vec::new() };
        for (line, start) in lines().zip(&starts) {
            match (start.filter(|start| Some(start.form) == form), interview.turns.last_mut()) {
                (Some(start), before) => {
                    if before.is_none() {
                        interview.head = up_to(text, line);
                    }
                    interview.turns.push(Turn { start, lines: Vec::new() });
                }
                (None, Some(turn)) => turn.lines.push(line),
                (None, None) => {}
            }
        }
        interview.name_turns();
        interview
    }

    /// Tells names from words. What follows a time in brackets is a name only where words are in the lines below; where
    /// times are alone in their lines, the line before or behind each of them may be a name.
    fn name_turns(&mut self) {
        for Turn { start, lines } in &mut self.turns {
            if start.form == Form::InBrackets && start.words.is_empty() && lines.is_empty() {
                start.words = start.name.take().unwrap_or_default();
            }
        }
        let is_bare = |turn: &Turn| turn.start.name.is_none() && turn.start.words.is_empty();
        let Some((last, turns)) = self.turns.split_last_mut().filter(|(last, _)| is_bare(last)) else { return };
        if !turns.iter().all(is_bare) {
            return;
        }
        let begins = |turn: &Turn| turn.lines.len() > 1 && turn.lines.first().is_some_and(|line| is_name(line));
        let ends = |turn: &Turn| turn.lines.len() > 1 && turn.lines.last().is_some_and(|line| is_name(line));
        let before = self.head.lines().map(str::trim).rfind(|line| !line.is_empty()).filter(|line| is_name(line));
        if turns.iter().chain(Some(&*last)).all(begins) {
            for turn in &mut self.turns {
                turn.start.name = Some(turn.lines.remove(0));
            }
        } else if let Some(first) = before
            && turns.iter().all(ends)
        {
            self.head = up_to(self.text, first);
            let mut name = Some(first);
            for turn in turns {
                turn.start.name = name;
                name = turn.lines.pop();
            }
            last.start.name = name;
        }
    }

    /// True for two turns or more, each with words: a timetable has none between its times. Where a time may be anything
    /// else as well, they are those of a recording: they begin with it, and go on.
    pub(super) fn is_sure(&self) -> bool {
        const SOON: Locator = Locator::Time(600);
        const LONGEST_HEAD: usize = 1000;
        let speaks = |turn: &Turn| !turn.start.words.is_empty() || !turn.lines.is_empty();
        let Some((last, turns)) = self.turns.split_last() else { return false };
        if !turns.iter().all(speaks) || turns.len() + usize::from(speaks(last)) < 2 {
            return false;
        }
        if self.is_programme() {
            return false;
        }
        let is_certain = |Turn { start, .. }: &Turn| match start.form {
            Form::Apart => true,
            Form::InBrackets => start.name.is_some(),
            Form::Before => start.name.is_some() && is_exact(start.time),
            Form::Behind => false,
        };
        let times = || self.turns.iter().map(|turn| Locator::time(turn.start.time));
        self.turns.iter().all(is_certain)
            || self.head.len() <= LONGEST_HEAD && self.first() <= Some(SOON) && times().is_sorted()
    }

    /// True for the entries of a programme or the places of a race: times of the day, all of them round, or names of which none
    /// returns, the first of them when a recording would have begun already.
    fn is_programme(&self) -> bool {
        const BEGUN: Locator = Locator::Time(60);
        let is_of_two = |turn: &Turn| turn.start.time.matches(':').count() == 1;
        if !self.turns.iter().all(is_of_two) || self.first() < Some(BEGUN) {
            return false;
        }
        let is_round = |turn: &Turn| turn.start.time.ends_with(['0', '5']);
        let mut names: FxHashSet<&str> = FxHashSet::default();
        let is_new = |turn: &Turn<'t>| turn.start.name.is_some_and(|name| names.insert(name));
        self.turns.iter().all(is_round) || self.turns.iter().all(is_new)
    }

    fn first(&self) -> Option<Locator> {
        self.turns.first().and_then(|turn| Locator::time(turn.start.time))
    }

    /// What is before the turns, and what is said in them.
    pub(super) fn read(mut self) -> (&'t str, Vec<Cue>) {
        let voices: Vec<&str> = self.turns.iter().filter_map(|turn| turn.start.name).collect();
        let mut rest = self.text.trim_end();
        while let Some((before, last)) = rest.rsplit_once('\n')
            && let is_apart = before.trim_end_matches([' ', '\t', '\r']).ends_with('\n')
            && is_note(last.trim(), if is_apart { &voices } else { &[] })
            && let Some(turn) = self.turns.last_mut()
            && turn.lines.pop().is_some()
        {
            rest = before.trim_end();
        }
        // A page of a recording says each time in words too: `1:05`, `1 minute, 5 seconds`.
        let is_spoken =
            |turn: &Turn| turn.lines.len() > 1 && turn.lines.first().is_some_and(|line| says(line, turn.start.time));
        if self.turns.iter().all(is_spoken) {
            for turn in &mut self.turns {
                turn.lines.remove(0);
            }
        }
        let are_named = !voices.is_empty();
        let cue = |name: Option<&str>, words: &[&str], at| Cue {
            voice: name.map(str::to_owned),
            text: words.join(" "),
            at,
            begins_turn: name.is_some(),
            is_first: true,
        };
        // Below a time may be several turns, each with its name: `Tove Lindqvar: We do.`
        let named = |line: &&'t str| label(line).filter(|(name, _)| is_name(name));
        let are_labelled = !are_named && self.turns.iter().all(|turn| turn.lines.first().and_then(named).is_some());
        let mut cues: Vec<Cue> = Vec::new();
        for Turn { start, lines } in self.turns {
            let at = Locator::time(start.time);
            if are_labelled {
                for line in lines {
                    match (named(&line), cues.last_mut()) {
                        (None, Some(cue)) => cue.text.extend([" ", line]),
                        (turn, _) => cues.extend(turn.map(|(name, words)| cue(Some(name), &[words], at))),
                    }
                }
            } else {
                cues.push(cue(start.name, &[&[start.words], lines.as_slice()].concat(), at));
            }
        }
        if !are_named && !are_labelled {
            part_sentences(&mut cues);
        }
        // A list of speakers is not a title.
        let heads = &world().recordings.heads;
        let is_head = |line: &&str| heads.contains(&line.trim().trim_end_matches(':').to_lowercase());
        (self.head.lines().find(is_head).map_or(self.head, |line| up_to(self.head, line)), cues)
    }
}

/// A line without when it ends and how long it is, as some write behind it: `We do. [00:00:09][6.0]`.
fn without_end(line: &str) -> &str {
    let marked = || {
        let (before, length) = line.strip_suffix(']')?.rsplit_once("][")?;
        let (before, time) = before.rsplit_once('[')?;
        let is_length = length.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        (is_length && leading_time(time).is_some_and(|(_, rest)| rest.is_empty())).then(|| before.trim_end())
    };
    marked().unwrap_or(line)
}

/// True for a line of a few words with the numbers of a time.
fn says(line: &str, time: &str) -> bool {
    let numbers = |text: &str| -> Vec<u32> {
        let parts = text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
        parts.filter(|number| *number > 0).collect()
    };
    let starts = line.starts_with(|c: char| c.is_ascii_digit());
    starts && !line.contains(':') && line.split_whitespace().count() <= 6 && numbers(line) == numbers(time)
}

/// The part of a text that is before a line of it.
fn up_to<'t>(text: &'t str, line: &str) -> &'t str {
    text.get(..(line.as_ptr() as usize).saturating_sub(text.as_ptr() as usize)).unwrap_or(text)
}

/// Reads a line that may begin a turn.
pub(in super::super) fn start<'l>(line: &'l str) -> Option<Start<'l>> {
    const LONGEST: usize = 80;
    // Markdown sets names in bold.
    let plain = |name: &'l str| name.trim_matches(|c: char| c == '*' || c.is_whitespace());
    let line = line.trim_start_matches("**");
    let inside = line.strip_prefix(['[', '(']);
    if let Some((time, rest)) = leading_times(inside.unwrap_or(line)) {
        let rest = if inside.is_some() {
            rest.strip_prefix([']', ')'])?.trim_start_matches([' ', '-', '–', '—'])
        } else {
            rest
        };
        let form = if inside.is_some() { Form::InBrackets } else { Form::Before };
        let (name, words) = rest.split_once(':').unwrap_or((rest, ""));
        let (name, words) = (sender(plain(name)), words.trim_start_matches("**"));
        // Copied from a player, a time is glued to what is said: `0:04in May`.
        let is_glued = inside.is_none() && rest.starts_with(char::is_alphabetic) && !is_half(rest);
        return match () {
            () if is_glued => Some(Start { form: Form::Before, name: None, time, words: rest }),
            () if is_name(name) => Some(Start { form, name: Some(name), time, words: words.trim() }),
            () if inside.is_some() || rest.is_empty() => Some(Start { form, name: None, time, words: rest.trim() }),
            () => None,
        };
    }
    let line = line.trim_end_matches(':');
    let begins = |at: &usize| line.get(..*at).is_some_and(|before| before.ends_with([' ', '\t', '(', '[']));
    let head = line.get(..line.floor_char_boundary(LONGEST)).unwrap_or(line);
    let digits = head.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(at, _)| at).filter(begins);
    let (before, time, rest) = digits.take(LONGEST).find_map(|at| {
        let (time, rest) = leading_times(line.get(at..)?)?;
        let before = line.get(..at)?;
        // `Tove Lindqvar [00:09] We do.`, `Tove Lindqvar (00:09): We do.`, and the first parted by tabs.
        let is_ended = || {
            before.ends_with('[') && rest.starts_with("] ")
                || before.ends_with(['[', '(']) && ["]: ", "): "].iter().any(|end| rest.starts_with(end))
                || before.ends_with('\t') && rest.starts_with('\t')
        };
        let is_whole = line.len() <= LONGEST && rest.trim_matches([')', ']']).is_empty();
        (is_whole || is_ended()).then_some((before, time, rest))
    })?;
    let words = ["] ", "]: ", "): ", "\t"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or("").trim();
    let name = before.trim_end_matches([' ', '\t', '(', '[', '-', '–', '—', ':', '*']);
    // `[Tove Lindqvar] 09:30:03`
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    // A sentence may end in a time as well: "We met at 10:30".
    let is_apart = is_exact(time) || before.ends_with("  ") || before.ends_with('\t') || !rest.is_empty();
    let form = if is_apart { Form::Apart } else { Form::Behind };
    is_name(name).then_some(Start { form, name: Some(name), time, words })
}

/// True for the half of the day behind a time, as in `9:30am`, or the word for hours.
fn is_half(rest: &str) -> bool {
    let word = rest.split(|c: char| !c.is_alphabetic()).next().unwrap_or("").to_lowercase();
    matches!(word.as_str(), "am" | "pm" | "a" | "p" | "h" | "hrs" | "uhr")
}

/// Who wrote a message, as a meeting's chat says it: `From Tove Lindqvar to Everyone`.
fn sender(shown: &str) -> &str {
    let Some(name) = shown.strip_prefix("From ") else { return shown };
    [" to ", " To "].iter().find_map(|to| name.split_once(to)).map_or(name, |(name, _)| name).trim()
}

/// A time that a text begins with, and what follows; of `00:03 - 00:09` and `00:03.120 --> 00:09.000` the first.
fn leading_times(text: &str) -> Option<(&str, &str)> {
    let (time, rest) = leading_time(text)?;
    let until =
        ["-->", "-", "–"].iter().find_map(|mark| leading_time(rest.trim_start().strip_prefix(mark)?.trim_start()));
    Some((time, until.map_or(rest, |(_, rest)| rest)))
}

/// `0:09`, `00:00:09`, `00:09.120`, and with the number of a picture behind it `00:00:09:12`.
fn leading_time(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.' | ',')).unwrap_or(text.len());
    let (time, rest) = text.split_at_checked(end)?;
    let (whole, fraction) = time.split_once(['.', ',']).unwrap_or((time, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = whole.split(':');
    let is_time = parts.next().is_some_and(|hour| hour.len() <= 2 && is_number(hour))
        && parts.all(|part| part.len() == 2 && is_number(part))
        && (1..=3).contains(&whole.matches(':').count())
        && is_number(fraction);
    let seconds = whole.match_indices(':').nth(2).map_or(time, |(picture, _)| whole.get(..picture).unwrap_or(time));
    is_time.then_some((seconds, rest))
}

/// True for a time with hours, minutes and seconds.
fn is_exact(time: &str) -> bool {
    time.matches(':').count() == 2
}

#[cfg(test)]
mod tests {
    use super::super::super::{Hints, Place};
    use super::super::tests::check;
    use super::super::{is_transcript, read};

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
            "[00:00:03.000] - Speaker 1\nWho pays?\n\n[00:00:09.000] - Tove Lindqvar\nWe do.\n",
            "Speaker 1 - 00:03\nWho pays?\n\nTove Lindqvar - 00:09\nWe do.\n",
            "Speaker 1 0:03\nWho pays?\n\nLindqvar, Tove 0:09\nWe do.\n",
            "Speaker 1 (00:00:03 - 00:00:09)\nWho pays?\n\nTove Lindqvar (00:00:09 - 00:00:12)\nWe do.\n",
            "Speaker 1  00:00:03,120\nWho pays?\n\nTove Lindqvar  00:00:09,100\nWe do.\n",
            "00:00:03 Speaker 1\nWho pays?\n\n00:00:09 Tove Lindqvar\nWe do.\n",
            "00:00:03:12 - 00:00:06:09\nSpeaker 1\nWho pays?\n\n00:00:09:10 - 00:00:11:00\nTove Lindqvar\nWe do.\n",
            "Speaker 1 [00:00:03] Who pays?\n\nTove Lindqvar [00:00:09] We do.\n",
            "Speaker 1 (00:03): Who pays?\n\nTove Lindqvar (00:09): We do.\n",
            "Speaker 1: [0:03] Who pays?\nTove Lindqvar: [0:09] We do.\n",
            "Speaker 1\n0:03\nWho pays?\n\nTove Lindqvar\n0:09\nWe do.\n",
            "[Speaker 1] 09:30:03\nWho pays?\n\n[Tove Lindqvar] 09:30:09\nWe do.\n",
            "[00:00:03] **Speaker 1:** Who pays?\n\n[00:00:09] **Tove Lindqvar:** We do.\n",
            "**Speaker 1** (00:00:03)\nWho pays?\n\n**Tove Lindqvar** (00:00:09)\nWe do.\n",
            "**Speaker 1:** [00:00:03] Who pays?\n\n**Tove Lindqvar:** [00:00:09] We do.\n",
            "10:15:03\t From  Speaker 1 : Who pays?\n10:15:09\t From  Tove Lindqvar to Everyone : We do.\n",
        ] {
            check(text, &["Speaker 1: Who pays?", "Tove Lindqvar: We do."]);
        }
        check(
            "00:00:00\n\nBram Ostey: Who pays?\nTove Lindqvar: We\ndo.\n\n00:05:00\n\nBram Ostey: Why?\n",
            &["Bram Ostey: Who pays?", "Tove Lindqvar: We do.", "Bram Ostey: Why?"],
        );
    }

    #[test]
    fn times_alone_part_what_a_recording_says() {
        for text in [
            "[00:00.000 --> 00:03.120]  Who pays?\n[00:03.120 --> 00:06.450]  We\n[00:06.450 --> 00:09.000]  do.\n",
            "[00:00:03]\nWho pays?\n[00:00:09]\nWe do.\n",
            "[00:03] Who pays?\n[00:09] We do.\n",
            "0:03\nWho pays?\n0:09\nWe\n0:12\ndo.\n",
        ] {
            check(text, &["Who pays?", "We do."]);
        }
        check("0:00\n0 seconds\nWho pays?\n1:05\n1 minute, 5 seconds\nWe do.\n", &["Who pays?", "We do."]);
        check("0:00who pays\n0:03we do\n0:06all of us\n", &["who pays we do all of us"]);
        check("0:00\nwho pays\n0:03\nwe do\n0:06\nall of us\n", &["who pays we do all of us"]);
    }

    #[test]
    fn notes_of_a_service_are_no_words_of_the_last_voice() {
        let turns =
            "Tove Lindqvar  00:03\nWe are glad.\n\nBram Ostey  00:09\nTove Lindqvar paid for it\nfor years.\n\n";
        for (last, said) in [
            ("Transcribed by https://a.example", ""),
            ("for all.\nMeeting ended after 00:12:40 👋", " for all."),
            ("Tove Lindqvar stopped transcription", ""),
            (
                "Transcription ended after 00:31:12\n\nThis editable transcript was computer generated and might have errors.",
                "",
            ),
            ("Bram Ostey hat die Transkription beendet\n\n", ""),
            ("Tove Lindqvar paid.", " Tove Lindqvar paid."),
        ] {
            let end = format!("Bram Ostey: Tove Lindqvar paid for it for years.{said}");
            check(&format!("{turns}{last}"), &["Tove Lindqvar: We are glad.", &end]);
        }
    }

    #[test]
    fn prose_with_times_is_no_transcript() {
        assert!(!is_transcript("We met at 10:30\nand left at 11:15\n"));
        assert!(!is_transcript("<!-- a note -->\nWe met.\n"));
        assert!(!is_transcript("Monday 10:30\nTuesday 11:15\n"));
        assert!(!is_transcript("0:00 Intro\n2:13 The Pier\n5:40 Weather\n"));
        assert!(!is_transcript("19:00\nHarbour News.\n19:30\nWeather.\n"));
        assert!(!is_transcript("19:00 Film: The Pier\n20:15 Krimi: The Lock\n"));
        assert!(!is_transcript("Oslo - 10:30\nRain.\nBergen - 11:00\nSun.\n"));
        assert!(!is_transcript("Lap One 9:40\nSlow.\nLap Two 4:20\nFast.\n"));
        assert!(!is_transcript(
            "9:30 Welcome by the mayor\n9:45 Minutes: They were sent.\n10:00 Quay: The crews speak.\n"
        ));
        assert!(!is_transcript("9:31am Welcome\n9:42am Minutes\n"));
        assert!(!is_transcript("Main hall  09:00\nWelcome by the mayor.\n\nRoom 2  09:30\nA talk on dams.\n"));
        assert!(!is_transcript("Gull Point 05:30\nA doctor comes back.\n\nThe Weir 07:15\nDan meets Lena.\n"));
        assert!(!is_transcript("Lena Birk  02:31\nA new record.\n\nPetra Lund  02:34\nThird win.\n"));
        assert!(!is_transcript("Halle Nord (09:00):\nRede.\n\nRathaus (10:30):\nEmpfang.\n"));
        assert!(!is_transcript("Harbour News\t19:00\nWeather\t19:30\nThe Old Pier\t19:45\n"));
    }
}
