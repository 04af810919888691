//! The positions of a phrase as they were typed, before anything is looked up.

use super::plan::Analysis;
use crate::text::normal::{PART, TermKind, Terms};

/// A position of a phrase: what it holds in normal form and as written.
#[derive(Debug, Clone, Default)]
pub(super) struct Slot {
    /// The characters it was read from.
    pub(super) typed: String,
    /// Its normal forms: of a quantity, number and unit; of a word, each that it may be read as, the usual one last.
    pub(super) normals: Vec<String>,
    pub(super) written: Vec<String>,
    /// False where it holds the parts of something written in several pieces.
    whole: bool,
    /// True where no white space parts it from the position before.
    pub(super) glued: bool,
    pub(super) border: bool,
}

impl Slot {
    /// The positions of a text.
    pub(super) fn read(text: &str, analysis: Analysis) -> Vec<Slot> {
        let mut terms = Terms::default();
        match analysis {
            Analysis::Text => terms.read(text),
            Analysis::Name => terms.read_name(text),
        }
        let mut slots: Vec<Slot> = Vec::new();
        let mut end = 0;
        for term in terms.iter() {
            while slots.len() <= term.position as usize {
                let gap = text.get(end..term.span.start as usize).unwrap_or("");
                slots.push(Slot { glued: !gap.contains(char::is_whitespace), ..Slot::default() });
            }
            let Some(slot) = slots.last_mut() else { continue };
            end = end.max(term.span.end as usize);
            if slot.typed.len() < term.span.len() {
                term.span.of(text).clone_into(&mut slot.typed);
            }
            slot.normals.extend(term.normal().map(str::to_owned));
            match term.kind {
                TermKind::Plain | TermKind::Surface => {
                    slot.written = vec![term.text.to_owned()];
                    slot.whole = true;
                }
                TermKind::Part if !slot.whole => slot.written.push(term.text.trim_start_matches(PART).to_owned()),
                TermKind::Part | TermKind::Normal | TermKind::Implied => {}
                TermKind::Border => slot.border = true,
            }
        }
        for slot in &mut slots {
            // Capitals say which meaning is asked for: `US` is no `us`.
            if let Some(capital) = slot.normals.iter().position(|n| n.starts_with(|c: char| c.is_ascii_uppercase())) {
                slot.normals = vec![slot.normals.swap_remove(capital)];
            }
        }
        slots
    }

    /// True if its normal forms are readings of one word, any of which will do, rather than a number and its unit.
    pub(super) fn any_reading(&self) -> bool {
        !self.normals.first().is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// The word as written, where the position holds a single one of letters only.
    pub(super) fn word(&self) -> Option<&str> {
        match self.written.as_slice() {
            [word] if word.chars().all(char::is_alphabetic) => Some(word),
            _ => None,
        }
    }

    /// The digits as written, where the position holds nothing else.
    pub(super) fn number(&self) -> Option<&str> {
        match self.written.as_slice() {
            [digits] if digits.bytes().all(|b| b.is_ascii_digit()) => Some(digits),
            _ => None,
        }
    }

    /// Letters and the number glued to them: `F16`, `Covid19`.
    pub(super) fn numbered(&self) -> Option<(&str, &str)> {
        let [word] = self.written.as_slice() else { return None };
        let (letters, digits) = word.split_at(word.find(|c: char| c.is_ascii_digit()).filter(|&at| at > 0)?);
        digits.bytes().all(|b| b.is_ascii_digit()).then_some((letters, digits))
    }

    fn is_number(&self) -> bool {
        self.normals.first().is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()) && !n.ends_with("th"))
    }

    /// True for a number that counts something, with no unit of its own.
    fn counts(&self) -> bool {
        self.is_number() && self.normals.len() == 1
    }

    fn is_measure(&self) -> bool {
        self.normals.first().is_some_and(|n| MEASURES.contains(&n.as_str()))
    }

    /// True for the `resistant` of `drug-resistant`, the `backed` of `state-backed`: a participle or the like, and what it
    /// is joined to is a noun.
    fn is_done_to(&self, noun: &Slot) -> bool {
        let (Some(noun), Some(word)) = (noun.word(), self.word()) else { return false };
        let participle = word.len() > 4 && ["ed", "ing"].iter().any(|ending| word.ends_with(ending));
        let bare = noun.len() < 3 || noun.ends_with("ly") || NO_NOUNS.contains(&noun);
        !bare && (participle || LIKE_PARTICIPLES.contains(&word))
    }

    /// False for the small words that hold a phrase together.
    pub(super) fn says_something(&self) -> bool {
        !self.border && !self.normals.first().is_some_and(|n| SMALL_WORDS.contains(&n.as_str()))
    }
}

/// Words that carry no meaning of their own, in normal form.
pub(super) const SMALL_WORDS: &[&str] = &[
    "a", "an", "and", "as", "at", "be", "by", "for", "from", "her", "his", "in", "is", "it", "its", "of", "on", "or",
    "that", "the", "their", "this", "to", "with",
];

/// What is measured in, in normal form and without a sign or abbreviation of its own: with another number before it, it is another measure.
const MEASURES: &[&str] = &[
    "acr",
    "barrel",
    "day",
    "decad",
    "degre",
    "feet",
    "foot",
    "gallon",
    "hectar",
    "hour",
    "inch",
    "kilo",
    "kilometer",
    "km",
    "kilogram",
    "meter",
    "mile",
    "minut",
    "month",
    "ounc",
    "percent",
    "point",
    "2th",
    "ton",
    "tonn",
    "week",
    "yard",
    "year",
];

/// Words that stand behind a hyphen as participles do.
const LIKE_PARTICIPLES: &[&str] = &[
    "born",
    "built",
    "dependent",
    "free",
    "grown",
    "held",
    "hit",
    "led",
    "made",
    "owned",
    "prone",
    "resistant",
    "rich",
    "run",
    "torn",
    "worn",
    "wide",
];

/// First halves of compounds that are no nouns: they can't be moved behind.
const NO_NOUNS: &[&str] = &[
    "all", "anti", "best", "counter", "ever", "far", "full", "half", "hard", "high", "ill", "inter", "long", "low",
    "mid", "mis", "multi", "much", "new", "non", "off", "old", "once", "out", "over", "part", "post", "pre", "pro",
    "self", "semi", "short", "sub", "super", "under", "well",
];

/// The stretches of a phrase that stay together when its words change places: measures, and what a hyphen joins, but for
/// what says the same behind its noun: `drug-resistant bacteria` are `bacteria resistant to drugs`.
pub(super) fn units(slots: &[Slot]) -> Vec<Vec<Slot>> {
    let mut units: Vec<Vec<Slot>> = Vec::new();
    let mut number = false;
    for slot in slots {
        let before = units.last().and_then(|unit| unit.last());
        let joined =
            (slot.glued && !before.is_some_and(|before| slot.is_done_to(before))) || (number && slot.is_measure());
        match units.last_mut() {
            Some(unit) if joined => unit.push(slot.clone()),
            _ if slot.says_something() => units.push(vec![slot.clone()]),
            _ => {}
        }
        number = slot.counts();
    }
    units
}

/// The same with a range of numbers written the other way: `10-15 years` as `10 to 15 years`, and back.
pub(super) fn other_range(slots: &[Slot], analysis: Analysis) -> Option<Vec<Slot>> {
    let range = |at: &usize| match slots.get(*at..) {
        Some([low, high, ..]) if low.counts() && high.counts() && high.glued => true,
        Some([low, to, high, ..]) => low.counts() && high.counts() && to.word() == Some("to"),
        _ => false,
    };
    let at = (0..slots.len()).find(range)?;
    let mut other = slots.to_vec();
    if other.get(at + 1).is_some_and(Slot::counts) {
        other.insert(at + 1, Slot::read("to", analysis).pop()?);
    } else {
        other.remove(at + 1);
    }
    Some(other)
}

/// True if a name differs from another by a final `e`: `Lund` and `Lunde`, `Clark` and `Clarke`. No inflection does that,
/// but a stem may be the same.
pub(super) fn an_e_apart(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.strip_suffix('e') == Some(short) && !SPELLED_BOTH_WAYS.contains(&short)
}

/// Words that are written with a final `e` or without.
const SPELLED_BOTH_WAYS: &[&str] = &["annex", "artist", "ax", "blond", "gelatin", "glycerin", "grill"];

/// A run of words as it was typed.
pub(super) fn typed(slots: &[Slot]) -> String {
    slots.iter().map(|slot| slot.typed.as_str()).collect::<Vec<_>>().join(" ")
}

/// The normal forms of a run of words, as the thesaurus knows them; none across a border.
pub(super) fn normals(slots: &[Slot]) -> Option<String> {
    let words: Vec<&str> = slots
        .iter()
        .flat_map(|slot| {
            let skipped = if slot.any_reading() { slot.normals.len().saturating_sub(1) } else { 0 };
            slot.normals.iter().skip(skipped).map(String::as_str)
        })
        .collect();
    (!slots.iter().any(|slot| slot.border)).then(|| words.join(" "))
}
