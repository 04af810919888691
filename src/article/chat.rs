//! Chats as messengers export them as text: messages behind their day and time, `20/02/2025, 10:15 - Tove Lindqvar: We do.`

use std::ops::ControlFlow;

use serde_json::Value;

use super::table::has_day_first;
use super::unpack::Sink;
use super::{Content, Format, Hints, Place, Raw, charset};

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
    let mut days: Vec<(&str, String)> = Vec::new();
    let mut has_halves = false;
    let (mut is_kept, mut stamps) = (false, 0);
    let mut names: Vec<&str> = Vec::new();
    for line in text.lines() {
        let Some((day, time, rest)) = stamp(line) else {
            if let Some((_, said)) = days.last_mut().filter(|_| is_kept) {
                said.extend(["\n", line.trim_end()]);
            }
            continue;
        };
        has_halves |= time.ends_with(['M', 'm']);
        stamps += 1;
        let message = rest.split_once(": ").map(|(name, words)| (name.trim_matches(OUTSIDE), words.trim()));
        let message = message.filter(|(_, words)| !words.starts_with([MARK, '<']));
        is_kept = message.is_some();
        if let Some((name, words)) = message {
            names.push(name);
            match days.last_mut() {
                Some((last, said)) if *last == day => said.extend(["\n\n", name, ": ", words]),
                Some(_) | None => days.push((day, format!("{name}: {words}"))),
            }
        }
    }
    let count = names.len();
    names.sort_unstable();
    if 2 * count < stamps || !names.windows(2).any(|two| two.first() == two.last()) {
        return None;
    }
    // Those who write the month first count the hours to twelve.
    let day_first = has_day_first(days.iter().map(|(day, _)| day.as_bytes())) || !has_halves;
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
