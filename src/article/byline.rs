//! Who wrote it: names out of bylines.

/// Names out of byline strings as records and pages have them: "By Ann Ray and Bo Li, The Gazette" gives two.
///
/// What is no name of a person (an address, a role, an agency's line) is left out where a name stands beside it.
pub(super) fn names(bylines: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for byline in bylines {
        let multi = bylines.len() == 1;
        for name in parts(byline, multi) {
            let name = tidy(name);
            if is_name(&name) && !found.iter().any(|known| same(known, &name)) {
                found.push(name);
            }
        }
    }
    found
}

/// Words that open a byline, in the languages of the press we know.
const OPENERS: [&str; 22] = [
    "by",
    "von",
    "par",
    "por",
    "di",
    "de",
    "door",
    "av",
    "af",
    "od",
    "written by",
    "words by",
    "story by",
    "reported by",
    "reporting by",
    "text by",
    "posted by",
    "propos recueillis par",
    "texte",
    "text",
    "autor",
    "author",
];

/// Words between two names.
const JOINERS: [&str; 12] =
    [" and ", " und ", " et ", " y ", " e ", " en ", " och ", " og ", " & ", " i ", " with ", " ja "];

fn parts(byline: &str, _: bool) -> Vec<&str> {
    let mut parts = vec![byline];
    for separator in [";", "|", " / ", "\n", "\u{b7}", "\u{2022}", ","] {
        parts = parts.into_iter().flat_map(|part| part.split(separator)).collect();
    }
    for joiner in JOINERS {
        parts = parts.into_iter().flat_map(|part| part.split(joiner)).collect();
    }
    parts
}

fn tidy(part: &str) -> String {
    let mut words: Vec<&str> = part.split_whitespace().collect();
    let lower = words.join(" ").to_lowercase();
    if let Some(opener) = OPENERS
        .iter()
        .filter(|o| lower.strip_prefix(**o).is_some_and(|r| r.starts_with([' ', ':'])))
        .max_by_key(|o| o.len())
    {
        words.drain(..opener.split(' ').count().min(words.len()));
    }
    words.join(" ").trim_matches([':', ',', '.', '-', ' ', '(', ')']).to_owned()
}

fn is_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 2 && name.len() <= 100 && !name.contains("://") && !name.contains('@')
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}
