//! What the spelling of a word gives: its hash as an identity and as an attribute, and its capitals.

use xxhash_rust::xxh3::xxh3_64;

use super::columns::BORDER;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Case {
    /// No capital at its start.
    #[default]
    Lower = 1,
    /// A capital at its start.
    Capitalised,
    /// Capitals only, two or more.
    Capitals,
    /// A digit at its start.
    Digit,
    /// No letter and no digit.
    Mark,
}

/// What a word is known by in tables of words: a hash of 64 bits, by which no two words of a language are confused. A
/// table of hashes is looked up without a glance at the letters of the word it holds, which lie elsewhere in memory.
pub fn identity(word: &str) -> u64 {
    xxh3_64(word.as_bytes())
}

/// `McDonald-95` as `XxXx-d`: the `class` of each character, of a run two at most.
pub fn shape(word: impl IntoIterator<Item = char>, class: impl Fn(char) -> char) -> String {
    let mut shape = String::new();
    let mut run = (' ', 0);
    for class in word.into_iter().map(class) {
        run = if run.0 == class { (class, run.1 + 1) } else { (class, 1) };
        if run.1 <= 2 {
            shape.push(class);
        }
    }
    shape
}

/// The class of a character in a [`shape`]: `X` for a capital, `x` for another letter, `d` for a digit, else itself.
pub fn class(c: char) -> char {
    match c {
        c if c.is_uppercase() => 'X',
        c if c.is_alphabetic() => 'x',
        c if c.is_numeric() => 'd',
        other => other,
    }
}

/// Any text as the value of an attribute: its hash, neither 0 nor the value of a border.
pub fn attribute(text: &str) -> u32 {
    let hash = xxh3_64(text.as_bytes());
    ((hash >> 32) as u32).clamp(1, BORDER - 1)
}

impl Case {
    /// The case whose number is `number` (`case as u8`).
    pub fn from_number(number: u8) -> Self {
        match number {
            1 => Case::Lower,
            2 => Case::Capitalised,
            3 => Case::Capitals,
            4 => Case::Digit,
            _ => Case::Mark,
        }
    }

    /// How `word` is written.
    pub fn of(word: &str) -> Self {
        let Some(first) = word.chars().find(|c| c.is_alphanumeric()) else { return Case::Mark };
        if first.is_numeric() {
            Case::Digit
        } else if !first.is_uppercase() {
            Case::Lower
        } else if word.chars().skip(1).any(char::is_alphabetic) && !word.chars().any(char::is_lowercase) {
            Case::Capitals
        } else {
            Case::Capitalised
        }
    }
}
