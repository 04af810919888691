//! What an article says of a word wherever the word stands in it: that it is somebody's name, a body's, a town's.
//!
//! A name that is new to the recogniser is often explained once (`shares of Comelf`, `the village of Mahala`) and used
//! bare everywhere else. Features of the article's other uses carry the explanation to all of them (after Chieu and Ng,
//! "Named entity recognition: a maximum entropy approach using global information", 2002).

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::style::Style;
use crate::entity::gazetteer::Lists;
use crate::entity::tokens::{Tokens, is_capitalised};

/// What an article says of a word wherever it stands in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// Times with a capital where only names have one.
    capitalised: u32,
    /// Times in small letters.
    small: u32,
    /// After a title or first name, or part of a run that starts with one; bits.
    pub(super) person: u32,
    /// Beside a word that makes a body of it; bits.
    pub(super) body: u32,
    /// Where towns and countries stand; bits.
    pub(super) town: u32,
}

impl Evidence {
    /// Whether the article also writes the word small, and how often it has a capital where only names have one.
    pub(super) fn seen(self) -> u32 {
        1 + self.capitalised.min(2) + 3 * self.small.min(1)
    }
}

/// Words that end or start the names of bodies.
const BODY_WORDS: &[&str] = &[
    "inc",
    "corp",
    "co",
    "ltd",
    "plc",
    "group",
    "party",
    "university",
    "bank",
    "company",
    "corporation",
    "association",
    "committee",
    "council",
    "court",
    "department",
    "ministry",
    "agency",
    "institute",
    "college",
    "union",
    "club",
    "united",
    "fc",
    "city",
    "times",
    "post",
    "news",
    "herald",
    "foundation",
    "commission",
    "federation",
    "league",
    "airlines",
    "airways",
    "industries",
    "holdings",
    "international",
    "systems",
    "center",
    "centre",
    "ag",
    "sa",
    "spa",
    "nv",
    "oy",
    "gmbh",
    "llc",
];

/// What a company is called before its name: `the carmaker Brackwell`.
const FIRM_BEFORE: &[&str] = &[
    "company",
    "firm",
    "maker",
    "carmaker",
    "automaker",
    "giant",
    "group",
    "carrier",
    "retailer",
    "airline",
    "brokerage",
    "broker",
    "bank",
    "lender",
    "insurer",
    "newspaper",
    "daily",
    "weekly",
    "magazine",
    "agency",
    "supplier",
    "manufacturer",
    "producer",
    "publisher",
    "startup",
    "subsidiary",
    "unit",
    "concern",
    "club",
    "side",
    "band",
    "charity",
];

/// What a company has: `Comelf's output`, `Pirelli shares`.
const FIRM_AFTER: &[&str] = &[
    "shares",
    "stock",
    "bonds",
    "shareholders",
    "stockholders",
    "shareholder",
    "customers",
    "products",
    "unit",
    "subsidiary",
    "division",
    "output",
    "sales",
    "earnings",
    "profit",
    "profits",
    "revenue",
    "revenues",
    "turnover",
    "plant",
    "factory",
    "factories",
    "board",
    "headquarters",
    "software",
    "brand",
    "engineers",
    "fans",
];

/// What is held of a company: `shares of`, `a stake in`.
const HELD: &[&str] =
    &["shares", "stock", "stake", "share", "interest", "shareholder", "shareholders", "unit", "division"];

/// Words that end the names of places on a map, and of nobody without a first name: `Orr River`.
pub(super) const MAP_WORDS: &[&str] = &[
    "river",
    "bay",
    "lake",
    "valley",
    "creek",
    "street",
    "road",
    "lane",
    "avenue",
    "boulevard",
    "square",
    "bridge",
    "island",
    "islands",
    "mountain",
    "mountains",
    "beach",
    "harbor",
    "harbour",
    "county",
    "province",
    "peninsula",
    "airport",
    "stadium",
    "desert",
    "canyon",
    "forest",
    "hills",
    "heights",
    "strait",
    "gulf",
    "falls",
    "springs",
];

/// What stands before `of` and a place's name.
const PLACE_OF: &[&str] = &[
    "city",
    "cities",
    "town",
    "towns",
    "village",
    "villages",
    "port",
    "province",
    "region",
    "district",
    "suburb",
    "county",
    "island",
    "islands",
    "republic",
    "capital",
    "people",
    "north",
    "south",
    "east",
    "west",
    "outside",
    "km",
    "kilometres",
    "kilometers",
    "miles",
    "government",
    "outskirts",
    "streets",
    "residents",
    "valley",
    "state",
    "area",
];

/// What countries and towns have: `Tolmark's army`.
const PLACE_HAS: &[&str] = &[
    "capital",
    "border",
    "borders",
    "government",
    "army",
    "parliament",
    "foreign",
    "prime",
    "economy",
    "population",
    "people",
    "coast",
    "airport",
    "police",
    "streets",
    "embassy",
    "navy",
    "military",
    "mayor",
    "defence",
    "defense",
    "finance",
    "ruling",
    "constitution",
    "elections",
];

const PLACE_PREPOSITIONS: &[&str] = &["in", "at", "from", "near", "to", "across", "outside", "around", "into"];

/// The evidence for every word that an article writes with a capital.
#[derive(Debug, Default)]
pub(super) struct ArticleWords {
    words: FxHashMap<u64, Evidence>,
}

impl ArticleWords {
    /// Reads an article, whose sentences are of these styles: in capitals throughout a capital says nothing.
    pub(super) fn read(tokens: &Tokens, segments: &[Range<usize>], styles: &[Style]) -> Self {
        let mut words: FxHashMap<u64, Evidence> = FxHashMap::default();
        for i in segments.iter().cloned().flatten() {
            words.entry(tokens.key(i)).or_default();
        }
        for i in 0..tokens.len() {
            let Some(evidence) = words.get_mut(&tokens.key(i)) else { continue };
            if !is_capitalised(tokens.word(i)) {
                evidence.small += 1;
                continue;
            }
            if styles.get(tokens.sentence(i) as usize).is_some_and(|s| s.capitals) {
                continue;
            }
            let starts = tokens.sentence_start(i) == i;
            evidence.capitalised += u32::from(!starts);
            if !starts {
                before(tokens, i, evidence);
            }
            if tokens.same_sentence(i, i + 1) {
                after(tokens, i, starts, evidence);
            }
        }
        ArticleWords { words }
    }

    /// What is known of the word with this key.
    pub(super) fn of(&self, key: u64) -> Evidence {
        self.words.get(&key).copied().unwrap_or_default()
    }
}

/// What the words before token `i` say of it; it does not start its sentence.
fn before(tokens: &Tokens, i: usize, evidence: &mut Evidence) {
    let before = tokens.word(i - 1);
    if is_capitalised(before) {
        let lists = tokens.lists(i - 1);
        evidence.person |= u32::from(lists.any(Lists::ANY_TITLE)) | u32::from(lists.any(Lists::GIVEN)) << 1;
        return;
    }
    evidence.town |= u32::from(PLACE_PREPOSITIONS.contains(&before));
    evidence.body |= u32::from(before == "the") << 1;
    let held = || i > 1 && HELD.contains(&tokens.word(i - 2));
    let firm = match before {
        "of" | "in" => held(),
        before => FIRM_BEFORE.contains(&before),
    };
    evidence.body |= u32::from(firm) << 2;
    evidence.town |= u32::from(before == "of" && i > 1 && PLACE_OF.contains(&tokens.word(i - 2))) << 1;
}

/// What the words after token `i` say of it; there is one in its sentence.
fn after(tokens: &Tokens, i: usize, starts: bool, evidence: &mut Evidence) {
    let next = tokens.word(i + 1);
    if is_capitalised(next) {
        let next = next.trim_end_matches('.').to_ascii_lowercase();
        // A first word of a sentence may be any word.
        evidence.body |= u32::from(!starts && BODY_WORDS.contains(&next.as_str()));
        evidence.person |= u32::from(!starts && tokens.lists(i).any(Lists::GIVEN)) << 2;
        evidence.town |= u32::from(MAP_WORDS.contains(&next.as_str())) << 1;
        return;
    }
    match next {
        "'s" | "’s" => {
            let has = tokens.word(i + 2);
            evidence.body |= u32::from(FIRM_AFTER.contains(&has)) << 2;
            evidence.town |= u32::from(PLACE_HAS.contains(&has)) << 1;
        }
        // `Lockerbie, Scotland`.
        "," if tokens.same_sentence(i, i + 2) => {
            let land = tokens.lists(i + 2).any(Lists::COUNTRY.and(Lists::REGION));
            evidence.town |= u32::from(land && is_capitalised(tokens.word(i + 2))) << 1;
        }
        next => evidence.body |= u32::from(FIRM_AFTER.contains(&next)) << 2,
    }
}
