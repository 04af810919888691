//! Letters that a mail sends on within its text: the head of the letter, as `From: …` and lines like it, and what is below it.

use std::borrow::Cow;

use serde_json::Value;

use super::super::problem::shown;
use super::super::{DateOrigin, Fields, date, html};
use crate::language::{Words, world};

/// Who sends a letter on may say so in as many words: a longer text is an article of its own.
const LONGEST_NOTE: usize = 100;
/// The lines in which the head of the letter is looked for, and those that a head may have.
const MOST_LINES: usize = 400;
const LONGEST_HEAD: usize = 30;

/// What the head says that a text begins with, and where its text begins: a letter that was saved as text.
pub(in super::super) fn saved(text: &str) -> Option<(Fields, usize)> {
    let (letter, _) = head(&Forwarded::lines(text).take(LONGEST_HEAD + 1).collect::<Vec<_>>())?;
    Some((letter.fields, letter.start))
}

/// A letter that a mail sends on.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Forwarded {
    /// What its head says, under the names that records have.
    pub(super) fields: Fields,
    /// What is above it.
    pub(super) note: String,
    /// Where its text begins.
    start: usize,
    is_quoted: bool,
}

impl Forwarded {
    /// The letter in this text, whose subject is given; none in an answer to a letter, which is below it.
    pub(super) fn in_text(text: &str, subject: &str) -> Option<Self> {
        find(&Self::lines(text).take(MOST_LINES).collect::<Vec<_>>(), subject)
    }

    fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
        let mut at = 0;
        text.split_inclusive('\n').map(move |line| {
            at += line.len();
            Line { text: Cow::Borrowed(line.trim()), end: at }
        })
    }

    /// The same in a page.
    pub(super) fn in_page(page: &str, subject: &str) -> Option<Self> {
        find(&lines_of(page), subject)
    }

    /// The text of the letter, of the one that it was found in.
    pub(super) fn cut(&self, text: &str) -> String {
        let letter = text.get(self.start..).unwrap_or(text);
        if !self.is_quoted {
            return letter.to_owned();
        }
        let plain =
            |line: &str| line.strip_prefix('>').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest)).to_owned();
        letter.lines().map(plain).collect::<Vec<_>>().join("\n")
    }

    /// What the user should know of it.
    pub(super) fn warning(&self, by: Option<&str>) -> String {
        let by = by.map_or_else(
            || "is a forwarded letter".to_owned(),
            |by| format!("is a letter that {} forwarded", shown(by)),
        );
        if self.note.is_empty() { by } else { format!("{by}; left out above it: {}", shown(&self.note)) }
    }
}

/// A line of a mail, and where it ends.
struct Line<'t> {
    text: Cow<'t, str>,
    end: usize,
}

/// The innermost letter that is sent on.
fn find(lines: &[Line<'_>], subject: &str) -> Option<Forwarded> {
    const SHORT: usize = 20;
    let mut found: Option<Forwarded> = None;
    let mut is_forward = is_forwarded(subject);
    let (mut at, mut note, mut words) = (0, String::new(), 0);
    while let Some(line) = lines.get(at) {
        if is_banner(&line.text) {
            is_forward = true;
        } else if is_forward && let Some((mut letter, length)) = head(lines.get(at..).unwrap_or_default()) {
            is_forward = letter.fields.get("title").and_then(Value::as_str).is_some_and(is_forwarded);
            letter.note = found.map_or_else(|| note.trim().to_owned(), |outer| outer.note);
            found = Some(letter);
            words = 0;
            at += length;
            continue;
        } else if line.text.contains(char::is_alphanumeric) && !line.text.starts_with("---") {
            words += line.text.split_whitespace().count();
            if words > if found.is_some() { SHORT } else { LONGEST_NOTE } {
                break;
            }
            note.push_str(&line.text);
            note.push(' ');
        }
        at += 1;
    }
    found
}

/// The head that these lines begin with, and how many they are: it has a sender, a day, and a subject or somebody whom it was
/// sent to.
fn head(lines: &[Line<'_>]) -> Option<(Forwarded, usize)> {
    let known = &world().letters;
    label(&lines.first()?.text)?;
    let mut fields = Fields::new();
    let (mut is_addressed, mut is_open, mut length) = (false, false, 0usize);
    let is_quoted = lines.first()?.text.starts_with('>');
    for line in lines.iter().take(LONGEST_HEAD) {
        let text = line.text.trim_start_matches(['>', ' ']);
        match label(text) {
            Some((words, value)) => {
                let is = |list: &Words| std::ptr::eq(words, list);
                let name = match () {
                    () if is(&known.from) => Some("outlet"),
                    () if is(&known.dates) => Some("date"),
                    () if is(&known.subjects) => Some("title"),
                    () => None,
                };
                is_addressed |= name.is_none();
                if let Some(name) = name {
                    fields.entry(name).or_insert_with(|| Value::from(value));
                }
            }
            // A list of addresses may go on in the next line.
            None if is_open && !text.is_empty() => {}
            None => break,
        }
        is_open = text.ends_with([',', ';']);
        length += 1;
    }
    let (sender, day) = (fields.get("outlet")?.as_str().map(sender)?, fields.get("date")?.as_str()?.to_owned());
    date::read(&day, None, DateOrigin::Record)?;
    if !is_addressed && !fields.contains_key("title") {
        return None;
    }
    fields.insert("outlet".to_owned(), Value::String(sender));
    let start = lines.get(length.checked_sub(1)?)?.end;
    Some((Forwarded { fields, start, is_quoted, ..Forwarded::default() }, length))
}

/// The value behind a label of a head, and the list that has the label; Markdown sets labels in bold.
fn label(line: &str) -> Option<(&'static Words, &str)> {
    let known = &world().letters;
    let plain = |text: &'_ str| -> String { text.trim_matches(['*', ' ', '\u{a0}', '>']).to_lowercase() };
    let (label, value) = line.split_once([':', '：'])?;
    if label.len() > 60 {
        return None;
    }
    let label = plain(label);
    let list =
        [&known.from, &known.dates, &known.subjects, &known.others].into_iter().find(|list| list.contains(&label))?;
    Some((list, value.trim_matches(['*', ' ', '\t', '\u{a0}'])))
}

/// True for a subject that says that a letter is sent on: `Fwd: Dues`.
fn is_forwarded(subject: &str) -> bool {
    let opener = subject.split_once([':', '：']).map_or("", |(opener, _)| opener.trim());
    opener.len() <= 20 && world().letters.forwards.contains(&opener.to_lowercase())
}

/// True for `---------- Forwarded message ---------` and its like.
fn is_banner(line: &str) -> bool {
    const LONGEST: usize = 120;
    let words = line.trim_matches(|c: char| !c.is_alphanumeric());
    !words.is_empty() && line.len() <= LONGEST && world().letters.banners.contains(&words.to_lowercase())
}

/// The name of a sender, else the address: `Wendy Pell <press@post.example>`, `Wendy Pell [mailto:press@post.example]`.
fn sender(written: &str) -> String {
    let (name, address) = written.split_once(['<', '[']).unwrap_or((written, ""));
    let name = name.trim_matches(['*', ' ', '"', '\'', '\u{a0}']);
    let address = address.trim_start_matches("mailto:").split(['>', ']']).next().unwrap_or_default();
    if name.is_empty() { address.trim().to_owned() } else { name.to_owned() }
}

/// The first lines that a page shows.
fn lines_of(page: &str) -> Vec<Line<'static>> {
    const BLOCKS: [&str; 10] = ["br", "p", "/p", "div", "/div", "/tr", "li", "blockquote", "hr", "/h1"];
    let mut lines = Vec::new();
    let (mut line, mut at) = (String::new(), 0);
    while let Some(open) = page.get(at..).and_then(|rest| rest.find('<')) {
        line.push_str(page.get(at..at + open).unwrap_or_default());
        at += open;
        let rest = page.get(at..).unwrap_or_default();
        let is = |tag: &str| {
            let name = rest.get(1..=tag.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag));
            name && !rest.get(tag.len() + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        };
        // What is not shown is passed over whole.
        let end = if rest.starts_with("<!--") {
            "-->"
        } else if is("style") {
            "</style"
        } else if is("head") {
            "</head"
        } else {
            ">"
        };
        let Some(length) = rest.find(end) else { break };
        if BLOCKS.iter().any(|tag| is(tag)) && !line.trim().is_empty() {
            let text = html::resolve(&line).split_whitespace().collect::<Vec<_>>().join(" ");
            line.clear();
            lines.push(Line { text: Cow::Owned(text), end: at });
            if lines.len() >= MOST_LINES {
                break;
            }
        }
        at += length + end.len();
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds the letter in `text`: subject, sender, day, what is above it, its text.
    #[track_caller]
    fn check(subject: &str, text: &str, expect: Option<[&str; 5]>) {
        let found = Forwarded::in_text(text, subject).map(|letter| {
            let field = |name: &str| letter.fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            [field("title"), field("outlet"), field("date"), letter.note.clone(), letter.cut(text).trim().to_owned()]
        });
        assert_eq!(found, expect.map(|fields| fields.map(str::to_owned)), "{text}");
    }

    #[test]
    fn programs_put_the_head_of_a_letter_above_it() {
        let letter = |note| Some(["Dues rise", "Canal Post", "8 October 2024 16:20", note, "It was late."]);
        let head = "From: Canal Post <c@post.example>\nDate: 8 October 2024 16:20\nSubject: Dues rise\nTo: Ana <a@post.example>,\nBo <b@post.example>\n\nIt was late.";
        check("Fwd: Dues", head, letter(""));
        check("Dues", &format!("For you.\n\n---------- Forwarded message ---------\n{head}"), letter("For you."));
        check("Dues", &format!("Begin forwarded message:\n\n> {}", head.replace('\n', "\n> ")), letter(""));
        check(
            "WG: Dues",
            "Von: Canal Post [mailto:c@post.example]\nGesendet: 8 October 2024 16:20\nAn: Ana\nBetreff: Dues rise\n\nIt was late.",
            letter(""),
        );
        check(
            "FW: Dues",
            "*From:* Canal Post <c@post.example>\n*Sent:* 8 October 2024 16:20\n*To:* Ana\n*Subject:* Dues rise\n\nIt was late.",
            letter(""),
        );
        check(
            "FW: FW: Dues",
            &format!("For you.\n\nFrom: Ana\nSent: 9 October 2024\nTo: Bo\nSubject: FW: Dues\n\nNow.\n\n{head}"),
            letter("For you."),
        );
    }

    #[test]
    fn answers_and_heads_of_something_else_stay() {
        let head = "From: Canal Post <c@post.example>\nDate: 8 October 2024 16:20\nSubject: Dues rise\n\nIt was late.";
        check("RE: Dues", &format!("Why?\n\n-----Original Message-----\n{head}"), None);
        check("Fwd: Dues", "From: the quay\nTo: the lock\n\nIt was late.", None);
        check("Fwd: Dues", "It was late.", None);
        check("Fwd: Dues", &format!("{}\n\n{head}", "We met. ".repeat(60)), None);
    }

    #[test]
    fn pages_have_heads_in_lines_of_their_own() {
        let head = "<b>From:</b> Canal Post &lt;c@post.example&gt;<br><b>Sent:</b> 8 October 2024 16:20<br><b>To:</b> Ana<br><b>Subject:</b> Dues rise";
        let page = format!("<style>p > a {{}}</style><p>For you.</p><div><p>{head}</p></div><p>It was late.</p>");
        let letter = Forwarded::in_page(&page, "FW: Dues").unwrap();
        assert_eq!(letter.cut(&page), "</p></div><p>It was late.</p>");
        assert_eq!((letter.note.as_str(), &letter.fields["outlet"]), ("For you.", &Value::from("Canal Post")));
        assert_eq!(Forwarded::in_page(&page, "RE: Dues"), None);
    }
}
