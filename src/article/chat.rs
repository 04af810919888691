//! Chats as messengers export them as text: messages behind their day and time, `20/02/2025, 10:15 - Tove Lindqvar: We do.`

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;
use serde_json::Value;

use super::table::has_day_first;
use super::unpack::Sink;
use super::{Content, Format, Hints, Place, Raw, charset};
use crate::language::world;

/// Gives the messages of each day as an article, `Tove Lindqvar: We do.`; none if the text is no chat, in which somebody writes
/// more than once: what happened at what time is told in sentences. What the messenger notes itself, and pictures and other files,
/// are left out.
pub(super) fn split(bytes: &[u8], place: &Place, give: &mut Sink) -> Option<ControlFlow<()>> {
    const HEAD: usize = 1000;
    let begins =
        |text: &str| text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| stamp(line).is_some());
    if !begins(&charset::peek(bytes.get(..bytes.len().min(HEAD)).unwrap_or(bytes))) {
        return None;
    }
    let text = charset::decode(bytes.to_vec(), None).ok()?.text;
    let mut messages: Vec<Message> = Vec::new();
    let mut has_halves = false;
    for line in text.lines() {
        let Some((day, time, rest)) = stamp(line) else {
            if let Some(message) = messages.last_mut() {
                message.words.extend(["\n", line.trim_end()]);
            }
            continue;
        };
        has_halves |= time.ends_with(['M', 'm']);
        let (name, words) = rest.split_once(": ").unwrap_or(("", rest));
        messages.push(Message { day, name: name.trim_matches(OUTSIDE), words: words.trim().to_owned() });
    }
    let stamps = messages.len();
    let names: FxHashSet<&str> = messages.iter().map(|message| message.name).collect();
    messages.retain(|message| is_writer(message.name, &names));
    let mut known: FxHashSet<&str> = FxHashSet::default();
    // Somebody writes more than once.
    if 2 * messages.len() < stamps || messages.iter().all(|message| known.insert(message.name)) {
        return None;
    }
    messages.retain(|message| !is_note(&message.words));
    if messages.is_empty() {
        return None;
    }
    let mut days: Vec<(&str, String)> = Vec::new();
    for Message { day, name, words } in &messages {
        let words = without_edit(words);
        match days.last_mut() {
            Some((last, said)) if last == day => said.extend(["\n\n", name, ": ", words]),
            Some(_) | None => days.push((day, format!("{name}: {words}"))),
        }
    }
    // Those who write the month first count the hours to twelve and write the year in two digits.
    let is_short = |day: &str| day.rsplit(['/', '.', '-']).next().is_some_and(|year| year.len() < 4);
    let months_first = has_halves && days.iter().any(|(day, _)| is_short(day));
    let day_first = has_day_first(days.iter().map(|(day, _)| day.as_bytes())) || !months_first;
    for (number, (day, said)) in (1..).zip(days) {
        let fields = [("date", day.to_owned()), ("text", said)];
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect();
        let hints = Hints { day_first, ..Hints::default() };
        let raw = Raw { place: place.part(number), format: Format::Text, content: Content::Fields(fields), hints };
        if give(Ok(raw)).is_break() {
            return Some(ControlFlow::Break(()));
        }
    }
    Some(ControlFlow::Continue(()))
}

/// A message, or what the messenger itself notes at that time.
struct Message<'t> {
    day: &'t str,
    /// Empty for a line without a colon.
    name: &'t str,
    words: String,
}

/// True for the name of somebody who writes, among those before a colon. What the messenger notes begins with the name of who did
/// something (`Tove Lindqvar changed the subject to “Lock: now”`) or is a sentence.
fn is_writer(name: &str, names: &FxHashSet<&str>) -> bool {
    const LONGEST: usize = 60;
    let does_something = || {
        name.match_indices(' ')
            .filter_map(|(at, _)| name.split_at_checked(at))
            .any(|(who, rest)| names.contains(who) && rest.trim_start().starts_with(char::is_lowercase))
    };
    let low = name.split(' ').filter(|word| word.len() > 3 && word.starts_with(char::is_lowercase)).count();
    !name.is_empty()
        && name.len() <= LONGEST
        && low < 2
        && !name.contains(['“', '”', '"', '«', '„', '?', '!'])
        && !name.contains(". ")
        && !does_something()
}

/// True for a message in which the messenger says that something is left out.
fn is_note(words: &str) -> bool {
    let plain = words.trim_matches([MARK, ' ', '.']).to_lowercase();
    // `IMG-20250304-WA0001.jpg (file attached)`
    let is_file = plain.split_once(" (").is_some_and(|(name, rest)| {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        rest.lines().next().is_some_and(|rest| rest.ends_with(')'))
            && !name.contains(' ')
            && (2..=4).contains(&ending.len())
    });
    words.starts_with([MARK, '<']) || is_file || world().recordings.notes_of_chats.contains(&plain)
}

/// The words of a message without the mark that they were changed: `<This message was edited>`.
fn without_edit(words: &str) -> &str {
    let words = words.trim_end_matches([MARK, ' ', '\n']);
    let mark = words.strip_suffix('>').and_then(|words| words.rsplit_once('<'));
    mark.filter(|(_, mark)| mark.split(' ').count() > 2 && !mark.contains('\n'))
        .map_or(words, |(words, _)| words.trim_end_matches([MARK, ' ', '\n']))
}

/// The mark of direction that is before what the messenger writes itself.
const MARK: char = '\u{200e}';

/// What is around the name of somebody who is not in the address book.
const OUTSIDE: [char; 4] = ['~', ' ', '\u{202f}', MARK];

/// Day, time and rest of a line that begins a message: `20/02/2025, 10:15 - …`, `[20.02.25, 10:15:03] …`.
fn stamp(line: &str) -> Option<(&str, &str, &str)> {
    let line = line.trim_start_matches(['\u{feff}', MARK]);
    let (stamp, rest) = match line.strip_prefix('[') {
        Some(line) => line.split_once("] ")?,
        None => line.split_once(" - ")?,
    };
    let (day, time) = stamp.split_once([',', ' '])?;
    let time = time.trim();
    let is_day = day.len() <= 10
        && day.split(['/', '.', '-']).filter(|part| (1..=4).contains(&part.len())).count() == 3
        && day.chars().all(|c| c.is_ascii_digit() || matches!(c, '/' | '.' | '-'));
    let is_time = time.len() <= 16 && time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit());
    (is_day && is_time).then_some((day, time, rest))
}

#[cfg(test)]
mod tests {
    use super::super::{Options, read_from};
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[(&str, &str)]) {
        let mut found = Vec::new();
        let flow = read_from("a.txt", text.as_bytes(), &Options::default(), &mut |article| {
            let article = article.unwrap();
            let day = article.meta.published.as_ref().map(|published| published.day().to_owned()).unwrap_or_default();
            found.push((day, article.text));
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
        assert_eq!(found.iter().map(|(day, text)| (day.as_str(), text.as_str())).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn a_day_of_a_chat_is_an_article() {
        let days = [
            ("2025-02-03", "Tove Lindqvar: We are glad.\nIt is over.\n\nBram Ostey: Who pays?"),
            ("2025-02-04", "Tove Lindqvar: The city."),
        ];
        check(
            "03/02/2025, 10:15 - Messages and calls are encrypted.\n03/02/2025, 10:15 - Tove Lindqvar: We are glad.\nIt is over.\n\
             03/02/2025, 10:16 - Bram Ostey: Who pays?\n03/02/2025, 10:17 - Bram Ostey: <Media omitted>\nA caption.\n\
             04/02/2025, 09:00 - Tove Lindqvar: The city.\n",
            &days,
        );
        check(
            "[03.02.25, 10:15:03] Tove Lindqvar: We are glad.\nIt is over.\n[03.02.25, 10:16:11] ~\u{202f}Bram Ostey: Who pays?\n\
             \u{200e}[03.02.25, 10:17:45] Bram Ostey: \u{200e}image omitted\n[04.02.25, 09:00:00] Tove Lindqvar: The city.\n",
            &days,
        );
        check(
            "2/3/25, 10:15 AM - Tove Lindqvar: We are glad.\nIt is over.\n2/3/25, 10:16 AM - Bram Ostey: Who pays?\n\
             2/4/25, 9:00 PM - Tove Lindqvar: The city.\n",
            &days,
        );
    }

    #[test]
    fn what_the_messenger_notes_is_no_message() {
        check(
            "03/02/2025, 10:15 am - Tove Lindqvar changed the subject to “Lock: now”\n\
             03/02/2025, 10:15 am - Your security code with Bram Ostey changed. Tap to learn more: here\n\
             03/02/2025, 10:15 am - Tove Lindqvar: We are glad. <This message was edited>\n\
             03/02/2025, 10:16 am - Bram Ostey: This message was deleted\n03/02/2025, 10:16 am - Bram Ostey: Who pays?\n\
             03/02/2025, 10:17 am - Bram Ostey: IMG-1.jpg (file attached)\nA caption.\n\
             03/02/2025, 10:18 am - Tove Lindqvar: You deleted this message\n03/02/2025, 10:19 am - Tove Lindqvar: The city,\nI hope.\n\
             03/02/2025, 10:20 am - Tove Lindqvar: image omitted\n",
            &[(
                "2025-02-03",
                "Tove Lindqvar: We are glad.\n\nBram Ostey: Who pays?\n\nTove Lindqvar: The city,\nI hope.",
            )],
        );
    }

    #[test]
    fn lists_of_days_are_no_chat() {
        for text in [
            "03/02/2025, 10:15 - The board met.\n04/02/2025, 10:15 - It went on.\n",
            "03/02/2025, 10:15 - First call: a fire.\n03/02/2025, 11:00 - Second call: a flood.\n03/02/2025, 12:00 - It ended.\n",
            "A: one - two\nB: three\n",
        ] {
            let found = split(text.as_bytes(), &Place::file("a.txt"), &mut |_| ControlFlow::Continue(()));
            assert_eq!(found, None, "{text}");
        }
    }
}
