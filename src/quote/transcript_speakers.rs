//! The cast of a transcript: whom the labels before the colons stand for. Labels are mostly in capitals, which name
//! recognition is not made for, and get shorter from turn to turn: `MARGIT HOLE, MODERATOR:`, `HOLE:`, `MH:`.

use crate::entity::{Entities, EntityKind};
use crate::language::english;

/// Those who have spoken so far.
#[derive(Debug, Default)]
pub(super) struct TranscriptSpeakers {
    known_speakers: Vec<KnownSpeaker>,
}

#[derive(Debug)]
struct KnownSpeaker {
    /// As the answer gives it.
    name: String,
    /// In small letters, as the label had it.
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

/// Members that are compared with a label; more make no difference in a transcript.
const COMPARED: usize = 60;

impl TranscriptSpeakers {
    /// Who `label` stands for in an article that names `entities`; none if it is nobody's name.
    pub(super) fn who(&mut self, label: &str, entities: &Entities) -> Option<TranscriptSpeaker> {
        let words = name_words(label)?;
        if words.iter().any(|word| english().quotes.nobody.contains(word)) {
            return None;
        }
        if let Some(member) = self.known_speakers.iter().rev().take(COMPARED).find(|m| m.words == words) {
            return Some(TranscriptSpeaker { in_full: full(&member.name, &words), name: member.name.clone() });
        }
        let part = self
            .named_so(&words, entities)
            .unwrap_or_else(|| TranscriptSpeaker { name: title_case(&words), in_full: true });
        self.known_speakers.push(KnownSpeaker { name: part.name.clone(), words });
        Some(part)
    }

    /// Somebody of the cast or of the article who is known by `words`: by the full name, the family name or the initials.
    fn named_so(&self, words: &[String], entities: &Entities) -> Option<TranscriptSpeaker> {
        let people = || entities.list.iter().filter(|e| e.kind == EntityKind::Person).map(|e| e.name.as_str());
        let known_speakers = || self.known_speakers.iter().rev().take(COMPARED).map(|m| m.name.as_str());
        let all = || entities.list.iter().map(|e| e.name.as_str());
        let part = |name: &str| TranscriptSpeaker { in_full: full(name, words), name: without_capitals(name) };
        if let Some(name) = all().find(|name| words.len() > 1 && full(name, words)) {
            return Some(part(name));
        }
        if let [word] = words {
            let known = || known_speakers().chain(people()).chain(all());
            return known()
                .find(|name| name.contains(' ') && last_word(name) == *word)
                .or_else(|| known().find(|name| is_initials(word, name)))
                .or_else(|| all().find(|name| full(name, words)))
                .map(part);
        }
        None
    }
}

/// The words of a label in small letters without titles; none if nothing is left.
fn name_words(label: &str) -> Option<Vec<String>> {
    let words: Vec<String> = label.split_whitespace().map(|w| w.trim_end_matches('.').to_lowercase()).collect();
    let titles = words.iter().take_while(|w| english().quotes.titles.contains(w) || *w == "the").count();
    words.get(titles..).filter(|name| !name.is_empty()).map(<[String]>::to_vec)
}

/// True if `words` are all of `name`.
fn full(name: &str, words: &[String]) -> bool {
    let lower = name.to_lowercase();
    let all: Vec<&str> = lower.split(' ').map(|w| w.trim_end_matches('.')).collect();
    all == words
}

fn last_word(name: &str) -> String {
    name.rsplit(' ').next().unwrap_or("").to_lowercase()
}

fn is_initials(word: &str, name: &str) -> bool {
    let initials: String = name.split(' ').filter_map(|w| w.chars().next()).flat_map(char::to_lowercase).collect();
    word.len() > 1 && word == initials
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
        };
        let entities = Entities { mentions: Vec::new(), list: vec![munro] };
        let mut transcript_speakers = TranscriptSpeakers::default();
        let parts: Vec<Option<TranscriptSpeaker>> =
            labels.iter().map(|label| transcript_speakers.who(label, &entities)).collect();
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
    fn some_labels_name_nobody() {
        check(&["THE COURT", "UNIDENTIFIED MALE", "QUESTION", "MODERATOR", "MR."], &[None; 5]);
    }
}
