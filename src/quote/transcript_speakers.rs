//! Speakers of a transcript: whom its labels name. Labels are mostly in capitals, which name recognition is not made for,
//! and get shorter from turn to turn: `MARGIT HOLE, MODERATOR:`, `HOLE:`, `MH:`, `THE MODERATOR:`.

use rustc_hash::FxHashMap;

use crate::entity::{Entities, EntityKind, is_given_name, is_name_part, is_office, is_title};
use crate::language::english;
use crate::text::{Text, TokenKind};

/// True for a word that stands for speakers whose names are not given.
pub(super) fn is_generic(word: &str) -> bool {
    english().quotes.generic_labels.contains(word.to_lowercase().trim_end_matches('.'))
}

/// True for a word before a colon that heads a list or paragraph.
pub(super) fn is_heading(word: &str) -> bool {
    english().quotes.headings.contains(&word.to_lowercase())
}

/// The speakers met so far, and the names and offices that the article gives elsewhere.
#[derive(Debug, Default)]
pub(super) struct TranscriptSpeakers {
    known_speakers: Vec<KnownSpeaker>,
    /// The words of an office, and who holds it.
    offices: Vec<(Vec<String>, String)>,
    /// Full names by family name, both as the text first gives them; the family name in lower case.
    full_names: FxHashMap<String, String>,
    /// The entities of the article by their words, in lower case: people before bodies before places.
    by_words: FxHashMap<Vec<String>, String>,
    /// The people of the article by their initials, in lower case.
    by_initials: FxHashMap<String, String>,
}

#[derive(Debug)]
struct KnownSpeaker {
    /// As it is shown.
    name: String,
    /// The words of the label, in lower case.
    words: Vec<String>,
}

/// Who a label stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TranscriptSpeaker {
    /// The fullest name.
    pub name: String,
    /// The label gives it in full.
    pub in_full: bool,
}

/// Speakers and offices that a label is compared with; more make no difference in a transcript.
const COMPARED: usize = 60;

/// Words of an office after a name at the start of a line.
const LONGEST_OFFICE: usize = 10;

impl TranscriptSpeakers {
    /// Reads the names and offices of an article in `text` that names `entities`.
    pub(super) fn of_article(text: &Text, entities: &Entities) -> Self {
        let mut speakers = TranscriptSpeakers::default();
        for person in entities.list.iter().filter(|e| e.kind == EntityKind::Person && e.name.contains(' ')) {
            speakers.full_names.entry(last_word(&person.name)).or_insert_with(|| without_capitals(&person.name));
            for role in &person.roles {
                speakers.add_office(role, &person.name);
            }
        }
        for kind in EntityKind::ALL {
            for entity in entities.list.iter().filter(|entity| entity.kind == kind) {
                speakers.by_words.entry(words_of(&entity.name)).or_insert_with(|| entity.name.clone());
                if kind == EntityKind::Person {
                    speakers.by_initials.entry(initials(&entity.name)).or_insert_with(|| entity.name.clone());
                }
            }
        }
        // First names of the list first, then any capitalised word within a sentence.
        for listed in [true, false] {
            for last in 1..text.tokens.len() {
                speakers.read_name(text, last, listed);
            }
        }
        speakers
    }

    /// Takes note of the full name that ends with token `last`, and of the office after it at the start of a line.
    fn read_name(&mut self, text: &Text, last: usize, listed: bool) {
        let capital = |t: usize| {
            let word = text.word(t);
            text.tokens.get(t).is_some_and(|t| t.kind == TokenKind::Word) && word.starts_with(char::is_uppercase)
        };
        if !capital(last) || !capital(last - 1) {
            return;
        }
        let (given, family) = (text.word(last - 1), text.word(last));
        let spans = (text.tokens[last - 1].span, text.tokens[last].span);
        let beside = text.raw.get(spans.0.end as usize..spans.1.start as usize) == Some(" ");
        let title = |word: &str| is_title(word) || is_office(word) || is_generic(word);
        if !beside || family.len() < 2 || given.len() < 2 || title(given) || title(family) {
            return;
        }
        let before = text.raw.get(..spans.0.start as usize).unwrap_or("").trim_end_matches([' ', '*', '-']);
        let starts_line = before.is_empty() || before.ends_with('\n');
        let office = matches!(text.word(last + 1), "," | "--" | "–" | "—" | "(") && starts_line;
        let within = last >= 2 && text.tokens[last - 2].sentence == text.tokens[last].sentence;
        if listed != (is_given_name(given) || office) || !listed && !within {
            return;
        }
        let name = without_capitals(&format!("{given} {family}"));
        if office {
            let end = text.tokens.iter().skip(last + 2).take(LONGEST_OFFICE).take_while(|t| {
                t.paragraph == text.tokens[last].paragraph && !matches!(t.span.of(text.raw), ":" | "." | ")" | ";")
            });
            let words: Vec<&str> = end.map(|t| t.span.of(text.raw)).collect();
            self.add_office(&words.join(" "), &name);
        }
        self.full_names.entry(family.to_lowercase()).or_insert(name);
    }

    fn add_office(&mut self, office: &str, name: &str) {
        let words: Vec<String> = office.split([' ', '-']).map(plain).filter(|w| !is_small(w)).collect();
        if !words.is_empty() && self.offices.len() < COMPARED {
            self.offices.push((words, without_capitals(name)));
        }
    }

    /// Whom `label` names; none if it names no known person.
    pub(super) fn speaker(&mut self, label: &str) -> Option<TranscriptSpeaker> {
        let (outside, bracket) = label.split_once(['(', '[']).unwrap_or((label, ""));
        let (name, office) = outside.split_once([',', '–', '—', '/']).unwrap_or((outside, ""));
        let name = name.split("--").next().unwrap_or(name).trim();
        let (name, office) = match bracket.split([')', ']']).next().map(str::trim) {
            Some(inside) if is_office_alone(name) && is_full_name(inside) => (inside, name),
            _ if is_office_alone(name) => return self.holder(name),
            _ => (name, office),
        };
        let words = name_words(name)?;
        let speaker = self.named(name, &words)?;
        self.add_office(office, &speaker.name);
        Some(speaker)
    }

    /// Who holds the office that a label consists of, if that is one person only.
    fn holder(&self, office: &str) -> Option<TranscriptSpeaker> {
        let words: Vec<String> = office.split([' ', '-']).map(plain).filter(|w| !is_small(w)).collect();
        let address = words.first().is_some_and(|w| matches!(w.as_str(), "mr" | "madam" | "madame" | "hon"));
        if words.is_empty() || address {
            return None;
        }
        let fits = |held: &&(Vec<String>, String)| words.iter().all(|word| held.0.contains(word));
        let mut holders = self.offices.iter().filter(fits).map(|(_, name)| name);
        let first = holders.next()?;
        holders.all(|name| name == first).then(|| TranscriptSpeaker { name: first.clone(), in_full: false })
    }

    fn named(&mut self, label: &str, words: &[String]) -> Option<TranscriptSpeaker> {
        if let Some(speaker) = self.known_speakers.iter().rev().take(COMPARED).find(|s| s.words == words) {
            return Some(TranscriptSpeaker { in_full: full(&speaker.name, words), name: speaker.name.clone() });
        }
        let speaker = self.known_so(words).or_else(|| {
            // Two or three capitals that match no person's initials are the outlet's.
            let letters = matches!(words, [word] if word.chars().count() < 4 && !is_name_part(word));
            let initials = letters && !label.contains(char::is_lowercase);
            (!initials).then(|| TranscriptSpeaker { name: title_case(words), in_full: true })
        })?;
        if speaker.name.contains(' ') {
            self.full_names.entry(last_word(&speaker.name)).or_insert_with(|| speaker.name.clone());
        }
        self.known_speakers.push(KnownSpeaker { name: speaker.name.clone(), words: words.to_vec() });
        Some(speaker)
    }

    /// A speaker or somebody in the article who is known by `words`: by the full name, the family name or the initials.
    fn known_so(&self, words: &[String]) -> Option<TranscriptSpeaker> {
        let speakers = || self.known_speakers.iter().rev().take(COMPARED).map(|s| s.name.as_str());
        let by_words = || self.by_words.get(words).map(String::as_str);
        let speaker = |name: &str| TranscriptSpeaker { in_full: full(name, words), name: without_capitals(name) };
        let last = words.last()?;
        if words.len() > 1 {
            if let Some(name) = speakers().find(|name| full(name, words)).or_else(by_words) {
                return Some(speaker(name));
            }
            // `HARBOUR MASTER RAY`, `RAY of Ohio`: no first name is before the family name.
            let first = words.first().is_some_and(|word| is_given_name(word));
            let known = if first { None } else { self.full_names.get(last) };
            return known.filter(|name| !full(name, words)).map(|name| speaker(name));
        }
        let by_family = |name: &&str| name.contains(' ') && last_word(name) == *last;
        let by_initials = || self.by_initials.get(last).filter(|_| last.len() > 1).map(String::as_str);
        speakers()
            .find(by_family)
            .or_else(|| self.full_names.get(last).map(String::as_str))
            .or_else(|| speakers().find(|name| last.len() > 1 && initials(name) == *last).or_else(by_initials))
            .or_else(by_words)
            .map(speaker)
    }
}

/// True if a label is an office or a word for speakers without a name.
fn is_office_alone(name: &str) -> bool {
    let mut words = name.split_whitespace().map(plain);
    let article = name.starts_with("The ") || name.starts_with("THE ") || name.starts_with("Hon. ");
    article
        || words.all(|word| {
            is_generic(&word)
                || is_title(&word)
                || is_office(&word)
                || is_small(&word)
                || english().quotes.office_modifiers.contains(&word)
                || word.chars().all(|c| c.is_ascii_digit() || c == '#')
        })
        || matches!(plain(name.split_whitespace().next().unwrap_or("")).as_str(), "unidentified" | "unknown")
}

/// Two to four capitalised words.
fn is_full_name(words: &str) -> bool {
    let count = words.split_whitespace().count();
    (2..5).contains(&count) && words.split_whitespace().all(|w| w.starts_with(char::is_uppercase) || is_small(w))
}

fn is_small(word: &str) -> bool {
    matches!(word, "" | "the" | "of" | "for" | "and" | "&" | "at" | "in" | "to")
}

fn plain(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// The words of a label in lower case without titles; none if nothing is left.
fn name_words(label: &str) -> Option<Vec<String>> {
    let words: Vec<String> = label.split_whitespace().map(|w| w.trim_end_matches('.').to_lowercase()).collect();
    let title = |word: &String| {
        is_title(word)
            || is_office(word)
            || english().quotes.office_modifiers.contains(word)
            || matches!(word.as_str(), "the" | "rt" | "hon")
    };
    let titles = words.iter().take(words.len().saturating_sub(1)).take_while(|word| title(word)).count();
    // `Senator RAY of Ohio`
    let end = words.iter().position(|word| word == "of").unwrap_or(words.len());
    words.get(titles..end).filter(|name| !name.is_empty() && !name.iter().all(|w| is_title(w))).map(<[String]>::to_vec)
}

/// True if `words` are all of `name`.
fn full(name: &str, words: &[String]) -> bool {
    words_of(name) == words
}

/// The words of a name in lower case, without the stops of abbreviations.
fn words_of(name: &str) -> Vec<String> {
    name.to_lowercase().split(' ').map(|word| word.trim_end_matches('.').to_owned()).collect()
}

fn last_word(name: &str) -> String {
    name.rsplit(' ').next().unwrap_or("").to_lowercase()
}

fn initials(name: &str) -> String {
    name.split(' ').filter_map(|word| word.chars().next()).flat_map(char::to_lowercase).collect()
}

/// A name in capitals as it is written otherwise; any other as it is.
fn without_capitals(name: &str) -> String {
    if name.contains(char::is_lowercase) {
        return name.to_owned();
    }
    title_case(&name.split(' ').map(str::to_lowercase).collect::<Vec<_>>())
}

/// `o’brien-lee` → `O’Brien-Lee`.
fn title_case(words: &[String]) -> String {
    let mut out = String::new();
    let mut starts = true;
    for c in words.join(" ").chars() {
        if starts {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        starts = matches!(c, ' ' | '-' | '\'' | '’' | '.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::{Entity, Gender};

    /// Asks a cast for one label after the other in an article that names Elspeth Munro.
    #[track_caller]
    fn check(labels: &[&str], expect: &[Option<(&str, bool)>]) {
        let munro = Entity {
            kind: EntityKind::Person,
            name: "Elspeth Munro".to_owned(),
            aliases: Vec::new(),
            gender: Gender::Unknown,
            roles: Vec::new(),
            certainty: crate::entity::Certainty::Sure,
        };
        let entities = Entities { mentions: Vec::new(), list: vec![munro] };
        let mut speakers = TranscriptSpeakers::of_article(&Text::new("", &[]), &entities);
        let parts: Vec<Option<TranscriptSpeaker>> = labels.iter().map(|label| speakers.speaker(label)).collect();
        let parts: Vec<Option<(&str, bool)>> =
            parts.iter().map(|p| p.as_ref().map(|p| (p.name.as_str(), p.in_full))).collect();
        assert_eq!(parts, expect);
    }

    #[test]
    fn labels_get_shorter() {
        check(
            &["MARGIT HOLE", "COLIN O'DRAX", "HOLE", "MS. HOLE", "CO"],
            &[
                Some(("Margit Hole", true)),
                Some(("Colin O'Drax", true)),
                Some(("Margit Hole", false)),
                Some(("Margit Hole", false)),
                Some(("Colin O'Drax", false)),
            ],
        );
    }

    #[test]
    fn people_of_the_article_are_known() {
        check(
            &["MUNRO", "EM", "ELSPETH MUNRO"],
            &[Some(("Elspeth Munro", false)), Some(("Elspeth Munro", false)), Some(("Elspeth Munro", true))],
        );
    }

    #[test]
    fn offices_stand_for_who_holds_them() {
        check(
            &[
                "The Minister for Ports (Bram Ostey)",
                "THE MINISTER",
                "MARGIT HOLE, MODERATOR",
                "MODERATOR",
                "PORTS MINISTER OSTEY",
            ],
            &[
                Some(("Bram Ostey", true)),
                Some(("Bram Ostey", false)),
                Some(("Margit Hole", true)),
                Some(("Margit Hole", false)),
                Some(("Bram Ostey", false)),
            ],
        );
    }

    #[test]
    fn some_labels_name_nobody() {
        check(&["THE COURT", "UNIDENTIFIED MALE", "QUESTION", "MODERATOR", "MR.", "WN", "Mr Speaker"], &[None; 7]);
    }
}
