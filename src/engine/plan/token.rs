//! The positions of a phrase as they were typed, before anything is looked up.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::engine::plan::span_plan::Analysis;
use crate::language::english;
use crate::text::normal::{PART, Role, TermKind, Terms, is_month};

/// A position of a phrase: what it holds in normal form and as written.
#[derive(Debug, Clone, Default)]
pub(crate) struct QueryToken {
    /// The characters it was read from.
    pub(crate) typed: String,
    /// Its normal forms: of a quantity, number and unit; of a word, each that it may be read as, the usual one last.
    pub(crate) normals: Vec<String>,
    pub(crate) written: Vec<String>,
    /// False where it holds the parts of something written in several pieces.
    whole: bool,
    /// True where no white space parts it from the position before.
    pub(crate) glued: bool,
    pub(crate) border: bool,
}

impl QueryToken {
    /// The positions of a text.
    pub(crate) fn read(text: &str, analysis: Analysis) -> Vec<QueryToken> {
        let mut terms = Terms::default();
        match analysis {
            Analysis::Text => terms.read(text),
            Analysis::Name => terms.read_name(text),
        }
        let mut tokens: Vec<QueryToken> = Vec::new();
        let mut end = 0;
        for term in terms.iter() {
            while tokens.len() <= term.position as usize {
                let gap = text.get(end..term.span.start as usize).unwrap_or("");
                tokens.push(QueryToken { glued: !gap.contains(char::is_whitespace), ..QueryToken::default() });
            }
            let Some(token) = tokens.last_mut() else { continue };
            end = end.max(term.span.end as usize);
            if token.typed.len() < term.span.len() {
                term.span.of(text).clone_into(&mut token.typed);
            }
            token.normals.extend(term.normal().map(str::to_owned));
            match term.kind {
                TermKind::Plain | TermKind::Surface => {
                    token.written = vec![term.text.to_owned()];
                    token.whole = true;
                }
                TermKind::Part if !token.whole => token.written.push(term.text.trim_start_matches(PART).to_owned()),
                TermKind::Part | TermKind::Normal | TermKind::Implied | TermKind::Role(_) => {}
                TermKind::Border => token.border = true,
            }
        }
        for token in &mut tokens {
            // Capitals decide the meaning: `US` must not match `us`.
            if let Some(capital) = token.normals.iter().position(|n| n.starts_with(|c: char| c.is_ascii_uppercase())) {
                token.normals = vec![token.normals.swap_remove(capital)];
            }
        }
        tokens
    }

    /// A position that holds these characters and nothing else, whatever they are read as.
    pub(crate) fn as_written(word: &str) -> QueryToken {
        let word = word.to_owned();
        QueryToken {
            typed: word.clone(),
            normals: vec![word.clone()],
            written: vec![word],
            whole: true,
            ..QueryToken::default()
        }
    }

    /// True if its normal forms are readings of one word, any of which will do, rather than a number and its unit.
    pub(crate) fn any_reading(&self) -> bool {
        !self.normals.first().is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// The word as written, where the position holds a single one of letters only.
    pub(crate) fn word(&self) -> Option<&str> {
        match self.written.as_slice() {
            [word] if word.chars().all(char::is_alphabetic) => Some(word),
            _ => None,
        }
    }

    /// The digits as written, where the position holds nothing else.
    pub(crate) fn number(&self) -> Option<&str> {
        match self.written.as_slice() {
            [digits] if digits.bytes().all(|b| b.is_ascii_digit()) => Some(digits),
            _ => None,
        }
    }

    /// Letters and the number glued to them: `F16`, `Covid19`.
    pub(crate) fn numbered(&self) -> Option<(&str, &str)> {
        let [word] = self.written.as_slice() else { return None };
        let (letters, digits) = word.split_at(word.find(|c: char| c.is_ascii_digit()).filter(|&at| at > 0)?);
        digits.bytes().all(|b| b.is_ascii_digit()).then_some((letters, digits))
    }

    /// A number and the letters glued to it: `400m`, `24h`.
    pub(crate) fn cut_short(&self) -> Option<(&str, &str)> {
        let [word] = self.written.as_slice() else { return None };
        let (digits, letters) = word.split_at(word.find(|c: char| c.is_ascii_alphabetic()).filter(|&at| at > 0)?);
        let number = digits.bytes().all(|b| b.is_ascii_digit());
        (number && self.normals.len() == 1).then_some((digits, letters))
    }

    fn is_number(&self) -> bool {
        self.normals.first().is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()) && !n.ends_with("th"))
    }

    /// True for a number that counts something, with no unit of its own.
    pub(crate) fn counts(&self) -> bool {
        self.is_number() && self.normals.len() == 1
    }

    fn is_measure(&self) -> bool {
        self.normals.first().is_some_and(|n| english().queries.measures.contains(n))
    }

    /// True for the `resistant` of `drug-resistant`, the `backed` of `state-backed`: a participle or the like, and what it
    /// is joined to is a noun.
    fn is_done_to(&self, noun: &QueryToken) -> bool {
        let (Some(noun), Some(word)) = (noun.word(), self.word()) else { return false };
        let participle = word.len() > 4 && ["ed", "ing"].iter().any(|ending| word.ends_with(ending));
        let bare = noun.len() < 3 || noun.ends_with("ly") || english().queries.not_nouns.contains(noun);
        !bare && (participle || english().queries.like_participles.contains(word))
    }

    /// True for a word with a capital.
    pub(crate) fn is_name(&self) -> bool {
        self.word().is_some() && self.typed.starts_with(char::is_uppercase)
    }

    /// True for what a name is said with: `mayor`.
    pub(crate) fn is_title(&self) -> bool {
        self.word().is_some_and(|word| english().queries.titles.contains(word))
    }

    /// True for a number, also with its unit, and for a month.
    pub(crate) fn is_measured(&self) -> bool {
        let number = self.normals.iter().any(|normal| normal.starts_with(|c: char| c.is_ascii_digit()));
        number || self.is_name() && self.word().is_some_and(is_month)
    }

    /// True for `forged`.
    pub(crate) fn is_participle(&self) -> bool {
        self.word().is_some_and(|word| Role::of(word) == Some(Role::Participle))
    }

    /// True for `freed`, `resigns`.
    pub(crate) fn is_verb(&self) -> bool {
        self.is_participle() || self.word().is_some_and(|word| Role::of(word) == Some(Role::Verb))
    }

    /// True for the `foreign` of `foreign secretary`.
    pub(crate) fn is_office(&self) -> bool {
        self.word().is_some_and(|word| english().queries.offices.contains(word))
    }

    /// True for the `down` of `stepped down`: it is after its verb, if not right after it.
    pub(crate) fn is_particle(&self) -> bool {
        self.word().is_some_and(|word| english().queries.after_verbs.contains(word))
    }

    /// True if the name before it goes on here: `Security Council`, not `Mayor Vance`, `UN Council`, `Russia-China`.
    fn is_of_one_name_with(&self, before: &QueryToken) -> bool {
        let parted = |token: &QueryToken| {
            let capitals = token.typed.chars().count() < 5 && token.typed.chars().all(|c| c.is_uppercase() || c == '.');
            let word = token.word().unwrap_or("");
            capitals || english().queries.titles.contains(word) || countries().contains(word)
        };
        !parted(self) && !parted(before)
    }

    /// True for the `7.2-magnitude` of a glued pair: a number and what it tells, which may be said the other way round.
    pub(crate) fn tells(&self, noun: &QueryToken) -> bool {
        self.counts() && noun.glued && noun.word().is_some() && !noun.is_measure()
    }

    /// False for the small words that hold a phrase together.
    pub(crate) fn says_something(&self) -> bool {
        !self.border && !self.normals.first().is_some_and(|n| english().queries.between.contains(n))
    }
}

/// Countries, folded, each of one word: two of them side by side are two countries, not one name.
fn countries() -> &'static FxHashSet<&'static str> {
    static COUNTRIES: LazyLock<FxHashSet<&str>> =
        LazyLock::new(|| include_str!("../../../data/en/countries.txt").split_whitespace().collect());
    &COUNTRIES
}

/// The stretches of a phrase that stay together when its words change places: measures, names of several words, and what
/// a hyphen joins, but for what says the same after its noun: `drug-resistant bacteria` are `bacteria resistant to drugs`.
pub(crate) fn units(tokens: &[QueryToken]) -> Vec<Vec<QueryToken>> {
    let mut units: Vec<Vec<QueryToken>> = Vec::new();
    let mut number = false;
    // Nothing but a name has no other order to be kept from.
    let names = tokens.iter().any(|token| token.says_something() && (!token.is_name() || token.is_title()));
    for token in tokens {
        let before = units.last().and_then(|unit| unit.last());
        let joined = match before {
            Some(before) if token.is_particle() && before.word().is_some() => true,
            Some(before)
                if token.is_title() && before.word().is_some_and(|word| english().queries.offices.contains(word)) =>
            {
                true
            }
            Some(before) if token.is_name() && before.is_name() => names && token.is_of_one_name_with(before),
            before => {
                token.glued && !before.is_some_and(|before| token.is_done_to(before)) || (number && token.is_measure())
            }
        };
        match units.last_mut() {
            Some(unit) if joined => unit.push(token.clone()),
            _ if token.says_something() => units.push(vec![token.clone()]),
            _ => {}
        }
        number = token.counts();
    }
    units
}

/// True if a name differs from another by a final `e`: `Lund` and `Lunde`, `Clark` and `Clarke`. No inflection does that,
/// but a stem may be the same.
pub(crate) fn an_e_apart(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    long.strip_suffix('e') == Some(short) && !english().queries.silent_e.contains(short)
}

/// A run of words as it was typed.
pub(crate) fn typed(tokens: &[QueryToken]) -> String {
    tokens.iter().map(|token| token.typed.as_str()).collect::<Vec<_>>().join(" ")
}

/// The normal forms of a run of words, as the thesaurus knows them; none across a border.
pub(crate) fn normals(tokens: &[QueryToken]) -> Option<String> {
    let words: Vec<&str> = tokens
        .iter()
        .flat_map(|token| {
            let skipped = if token.any_reading() { token.normals.len().saturating_sub(1) } else { 0 };
            token.normals.iter().skip(skipped).map(String::as_str)
        })
        .collect();
    (!tokens.iter().any(|token| token.border)).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(phrase: &str, expect: &[&str]) {
        let found: Vec<String> =
            units(&QueryToken::read(phrase, Analysis::Text)).iter().map(|unit| typed(unit)).collect();
        assert_eq!(found, expect, "{phrase}");
    }

    #[test]
    fn what_belongs_together_stays_together() {
        check("30-day ceasefire", &["30 day", "ceasefire"]);
        check("drug-resistant bacteria", &["drug", "resistant", "bacteria"]);
        check("UN Security Council resolution", &["UN", "Security Council", "resolution"]);
        check("Mayor Teodora Vance", &["Mayor", "Teodora Vance"]);
        check("US-China talks", &["US", "China", "talks"]);
        check("prime minister's visit", &["prime minister", "visit"]);
        check("stepped down as chairman", &["stepped down", "chairman"]);
    }
}
