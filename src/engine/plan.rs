//! From the text parts of a query to what is looked for on positions: forms, nearness, synonyms, patterns.

use rustc_hash::FxHashSet;

use super::lexicon::{Counted, Lexicon, MOST_WORDS, fits_pattern};
use super::merge::{Leaves, merged};
use super::need::Need;
use super::places::{Leaf, Sought};
use super::slot::{SMALL_WORDS, Slot, normals, typed, units};
use super::variants::{Listed, Narrowed};
use crate::query::{Atom, LONGEST_MEMBER, Node, Thesaurus, distance};
use crate::search::{Expansion, Variants};
use crate::text::normal::{self, BORDER, NORMAL, PART, folded, is_word, written};

/// What is looked for in one field, and by which terms.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) sought: Sought,
    /// What a document must hold to be looked at closely.
    pub(super) need: Need,
    /// The terms of each leaf, as they stand in the index.
    pub(super) leaves: Vec<Vec<String>>,
}

impl Plan {
    /// A word just as it was typed, but for case and diacritics; none for what is more than one word.
    pub(super) fn as_typed(word: &str) -> Option<Plan> {
        if !word.chars().all(char::is_alphabetic) {
            return None;
        }
        Some(Plan { sought: Sought::Leaf(0), need: Need::Leaf(0), leaves: vec![written(word).to_vec()] })
    }
}

/// How the text of a field was analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Analysis {
    /// Running text.
    Text,
    /// Names: no forms, no variants.
    Name,
}

/// How many other words may stand between the parts of a phrase in all, where they stand close together: for two parts,
/// and for each further one. `a ceasefire of 30 days` needs one, a relative clause about five.
const CLOSE: (u32, u32) = (5, 2);

/// What a mention is worth as the same words in order; close together; with a synonym; both.
const WORTH: [f32; 4] = [1.0, 0.6, 0.45, 0.3];

/// Forms of one word that are listed; all are searched for.
const MOST_LISTED: usize = 12;

/// Makes plans for one field and keeps book of the variants used.
pub(super) struct Planner<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) analysis: Analysis,
    pub(super) variants: Variants,
    /// True if every word and phrase is a literal.
    pub(super) literal: bool,
    /// False where nobody is told which other forms there are.
    pub(super) listing: bool,
    pub(super) thesaurus: &'a Thesaurus,
    /// The variants that were listed, each with the atom it is one of.
    pub(super) listed: Vec<Listed>,
    /// An atom of which one variant alone is looked for.
    pub(super) narrowed: Option<&'a Narrowed>,
    pub(super) warnings: Vec<String>,
    leaves: Leaves,
    /// What is listed already, by part, class and variant.
    told: FxHashSet<(String, &'static str, String)>,
}

/// First halves of compounds that are no words of their own.
const PREFIXES: &[&str] = &[
    "anti", "co", "counter", "de", "e", "ex", "inter", "mid", "mini", "multi", "non", "post", "pre", "pro", "re",
    "semi", "sub", "super", "ultra",
];

/// Second halves of nouns made of a verb and where it goes: `layoff`, `buyout`, `takeovers`.
const PARTICLES: &[&str] =
    &["away", "back", "backs", "down", "downs", "off", "offs", "out", "outs", "over", "overs", "up", "ups"];

impl<'a> Planner<'a> {
    pub(super) fn new(lexicon: &'a Lexicon, analysis: Analysis, thesaurus: &'a Thesaurus) -> Self {
        Planner {
            lexicon,
            analysis,
            variants: Variants::default(),
            literal: false,
            listing: true,
            thesaurus,
            listed: Vec::new(),
            narrowed: None,
            warnings: Vec::new(),
            leaves: Leaves::default(),
            told: FxHashSet::default(),
        }
    }

    /// Plans a part of a query that is text. Other parts are not looked for.
    pub(super) fn plan(&mut self, node: &Node) -> Plan {
        self.leaves = Leaves::default();
        let sought = self.node(node);
        let (sought, leaves) = merged(&sought, &self.leaves.terms);
        let need = Need::of(&sought);
        Plan { sought, need, leaves }
    }

    fn node(&mut self, node: &Node) -> Sought {
        match node {
            Node::Atom(atom) => self.atom(atom),
            Node::Near { first, rest } => {
                let first = Box::new(self.node(first));
                Sought::Linked(first, rest.iter().map(|(link, part)| (*link, self.node(part))).collect())
            }
            Node::AtLeast { times, of } => Sought::AtLeast(*times, Box::new(self.node(of))),
            Node::And(parts) => Sought::Both(parts.iter().map(|part| self.node(part)).collect()),
            Node::Or(parts) => Sought::Any(parts.iter().map(|part| (1.0, self.node(part))).collect()),
            Node::All | Node::Nothing | Node::Field(..) | Node::Filter(_) | Node::Not(_) => Sought::Any(Vec::new()),
        }
    }

    fn atom(&mut self, atom: &Atom) -> Sought {
        match self.narrow(atom) {
            Some(narrowed) => narrowed,
            None => self.every_variant(atom),
        }
    }

    /// An atom with all of its variants, which are listed.
    pub(super) fn every_variant(&mut self, atom: &Atom) -> Sought {
        let before = self.listed.len();
        let sought = self.wide(atom);
        for listed in self.listed.iter_mut().skip(before) {
            listed.atom = Some(atom.clone());
        }
        sought
    }

    fn wide(&mut self, atom: &Atom) -> Sought {
        match atom {
            Atom::Word(text) | Atom::Phrase(text) if self.literal && self.analysis == Analysis::Text => {
                self.exactly(text)
            }
            Atom::Literal(text) if self.analysis == Analysis::Text => self.exactly(text),
            Atom::Word(text) | Atom::Literal(text) => {
                let slots = self.slots(text);
                let sought = self.in_order(&slots);
                self.list_forms(text, &slots);
                sought
            }
            Atom::Pattern(pattern) => self.pattern(pattern),
            Atom::Fuzzy(word, most) => self.fuzzy(word, *most),
            Atom::Phrase(text) => self.phrase(text),
            Atom::Loose(text, between) => {
                let slots = self.slots(text);
                let parts = slots.iter().filter(|slot| !slot.border).map(|slot| self.slot(slot)).collect();
                self.list_forms(text, &slots);
                Sought::Loose(parts, *between)
            }
        }
    }

    fn exactly(&mut self, text: &str) -> Sought {
        let words: Vec<Leaf> = normal::needed(text).into_iter().map(|word| self.number(word.to_vec())).collect();
        Sought::Literal(text.to_owned(), words)
    }

    pub(super) fn slots(&self, text: &str) -> Vec<Slot> {
        Slot::read(text, self.analysis)
    }

    /// What stands at one position.
    fn slot(&mut self, slot: &Slot) -> Sought {
        if slot.border {
            return self.leaf(vec![BORDER.to_owned()]);
        }
        if self.analysis == Analysis::Name {
            return self.leaf(slot.normals.clone());
        }
        let parts: Vec<Sought> = if self.variants.forms && slot.any_reading() {
            let mut terms: Vec<String> = slot.normals.iter().flat_map(|normal| self.terms(normal, slot)).collect();
            terms.dedup();
            vec![self.leaf(terms)]
        } else if self.variants.forms {
            slot.normals.iter().map(|normal| self.form(normal, slot)).collect()
        } else {
            slot.written.iter().map(|word| self.leaf(written(word).to_vec())).collect()
        };
        match <[Sought; 1]>::try_from(parts) {
            Ok([part]) => part,
            Err(parts) => Sought::Together(parts),
        }
    }

    /// A normal form in every way it is written as one word.
    fn form(&mut self, normal: &str, slot: &Slot) -> Sought {
        let terms = self.terms(normal, slot);
        self.leaf(terms)
    }

    fn terms(&self, normal: &str, slot: &Slot) -> Vec<String> {
        let mut terms = self.lexicon.class(normal);
        if let Some(word) = slot.word().filter(|word| normal::is_scale(word)) {
            // `million people` stands in `two million people`, where the number is another.
            terms.extend(written(word));
        }
        // Rare characters fold into what would be read otherwise by itself; the same writing is found all the same.
        if slot.written.first().is_some_and(|word| word == normal) && !terms.iter().any(|term| term == normal) {
            terms.push(normal.to_owned());
        }
        terms
    }

    /// The slots one right after the other, compounds in one word or two.
    pub(super) fn in_order(&mut self, slots: &[Slot]) -> Sought {
        let mut ways = vec![self.sequence(slots)];
        if self.variants.forms && self.analysis == Analysis::Text {
            for i in 1..slots.len() {
                ways.extend(self.joined(slots, i));
            }
        }
        match <[Sought; 1]>::try_from(ways) {
            Ok([way]) => way,
            Err(ways) => Sought::Any(ways.into_iter().map(|way| (1.0, way)).collect()),
        }
    }

    fn sequence(&mut self, slots: &[Slot]) -> Sought {
        let parts: Vec<Sought> = slots.iter().map(|slot| self.whole_or_split(slot)).collect();
        match <[Sought; 1]>::try_from(parts) {
            Ok([part]) => part,
            Err(parts) => Sought::Sequence(parts),
        }
    }

    /// The slots with the two around `i` written as one word, if the index holds that: `cease-fire` as `ceasefire`,
    /// `F-16` as `F16`.
    fn joined(&mut self, slots: &[Slot], i: usize) -> Option<Sought> {
        let (before, after) = (slots.get(i - 1)?, slots.get(i)?);
        let first = before.word()?;
        let numbered = after.glued && after.number().is_some();
        let second = if numbered { after.number()? } else { after.word()? };
        let whole = self.slots(&format!("{first}{second}")).into_iter().next()?;
        let normal = whole.normals.first()?;
        let short = !PREFIXES.contains(&first) && first.len() + second.len() < 6;
        if short && !numbered || !self.lexicon.class(normal).iter().any(|term| self.lexicon.has(term)) {
            return None;
        }
        let mut parts: Vec<Slot> = slots.get(..i - 1)?.to_vec();
        parts.push(whole);
        parts.extend_from_slice(slots.get(i + 1..)?);
        Some(self.sequence(&parts))
    }

    /// A word, also as two where the index holds both: `ceasefire` as `cease-fire`.
    fn whole_or_split(&mut self, slot: &Slot) -> Sought {
        let whole = self.slot(slot);
        if self.analysis == Analysis::Name || !self.variants.forms {
            return whole;
        }
        if let Some((letters, digits)) = slot.numbered() {
            let parts = [letters, digits].map(|part| self.leaf(written(part).to_vec()));
            return Sought::Any(vec![(1.0, whole), (1.0, Sought::Sequence(parts.to_vec()))]);
        }
        let Some(word) = slot.word().filter(|w| w.len() >= 5 && w.is_ascii()) else {
            return whole;
        };
        let mut ways = vec![(1.0, whole)];
        for i in 1..word.len() - 2 {
            let (first, second) = word.split_at(i);
            let compound = PREFIXES.contains(&first)
                || (first.len() > 2 && (PARTICLES.contains(&second) || second.len() > 3 && word.len() > 6));
            if !compound || SMALL_WORDS.contains(&first) || LINKING.contains(&first) || !self.lexicon.has(first) {
                continue;
            }
            let Some(rest) = self.slots(second).into_iter().next() else { continue };
            let known =
                rest.normals.first().is_some_and(|n| self.lexicon.class(n).iter().any(|term| self.lexicon.has(term)));
            if known && self.lexicon.has(second) {
                let first = self.leaf(written(first).to_vec());
                let second = self.slot(&rest);
                ways.push((1.0, Sought::Sequence(vec![first, second])));
            }
        }
        if ways.len() == 1 { ways.swap_remove(0).1 } else { Sought::Any(ways) }
    }

    pub(super) fn leaf(&mut self, terms: Vec<String>) -> Sought {
        Sought::Leaf(self.number(terms))
    }

    /// The number of the leaf of these terms.
    fn number(&mut self, terms: Vec<String>) -> Leaf {
        self.leaves.number(terms)
    }

    /// A phrase and its variants, the most faithful first.
    fn phrase(&mut self, text: &str) -> Sought {
        if text.contains('*') {
            return self.phrase_of_patterns(text);
        }
        let slots = self.slots(text);
        let exact = self.in_order(&slots);
        if self.analysis == Analysis::Name {
            return exact;
        }
        self.list_forms(text, &slots);
        let mut ways = vec![(WORTH[0], exact)];
        let units = units(&slots);
        let near = self.variants.near && units.len() > 1;
        let between = Planner::between(&units);
        if near {
            let parts: Vec<Sought> = units.iter().map(|unit| self.in_order(unit)).collect();
            let words: Vec<String> = units.iter().map(|unit| typed(unit)).collect();
            let variant = format!("{} in any order, at most {between} words between", words.join(" + "));
            self.list(format!("\"{text}\""), "near", variant);
            ways.push((WORTH[1], Sought::Close(parts, between)));
        }
        if self.variants.synonyms {
            if let Some(wider) = self.with_synonyms(text, &slots, true) {
                ways.push((WORTH[2], wider));
            }
            if near {
                ways.extend(self.close_with_synonyms(text, &units, between));
                let runs = self.runs(&units);
                if runs.len() > 1 && runs.len() < units.len() {
                    ways.extend(self.close_with_synonyms(text, &runs, between));
                }
            }
        }
        if ways.len() == 1 { ways.swap_remove(0).1 } else { Sought::Any(ways) }
    }

    /// The parts of a phrase near each other, each also in other words; none if the thesaurus knows none of them.
    fn close_with_synonyms(&mut self, text: &str, parts: &[Vec<Slot>], between: u32) -> Option<(f32, Sought)> {
        let wider: Vec<Option<Sought>> = parts.iter().map(|part| self.with_synonyms(text, part, false)).collect();
        if wider.iter().all(Option::is_none) {
            return None;
        }
        let parts = wider.into_iter().zip(parts).map(|(wider, part)| wider.unwrap_or_else(|| self.in_order(part)));
        Some((WORTH[3], Sought::Close(parts.collect(), between)))
    }

    /// The units of a phrase, neighbours that the thesaurus knows together as one: `health care` of `health care reform`.
    fn runs(&self, units: &[Vec<Slot>]) -> Vec<Vec<Slot>> {
        let mut runs = Vec::new();
        let mut rest = units;
        while !rest.is_empty() {
            let known = |len: &usize| {
                let run: Vec<Slot> = rest.iter().take(*len).flatten().cloned().collect();
                normals(&run).is_some_and(|normal| !self.thesaurus.synonyms(&normal).is_empty())
            };
            let length = (2..=LONGEST_MEMBER.min(rest.len())).rev().find(known).unwrap_or(1);
            let (run, after) = rest.split_at(length);
            runs.push(run.iter().flatten().cloned().collect());
            rest = after;
        }
        runs
    }

    /// The slots in order, each stretch the thesaurus knows also in other words; none if it knows none of them.
    fn with_synonyms(&mut self, text: &str, slots: &[Slot], list: bool) -> Option<Sought> {
        self.with_synonyms_up_to(LONGEST_MEMBER, text, slots, list)
    }

    /// The same, of stretches of at most so many words.
    fn with_synonyms_up_to(&mut self, most: usize, text: &str, slots: &[Slot], list: bool) -> Option<Sought> {
        let mut any = false;
        let mut parts = Vec::new();
        let mut i = 0;
        while let Some(slot) = slots.get(i) {
            let longest = (1..=most.min(slots.len() - i)).rev().find_map(|len| {
                let run = slots.get(i..i + len)?;
                let synonyms = self.thesaurus.synonyms(&normals(run)?);
                (!synonyms.is_empty()).then_some((run, synonyms))
            });
            let Some((run, synonyms)) = longest else {
                parts.push(self.whole_or_split(slot));
                i += 1;
                continue;
            };
            any = true;
            i += run.len();
            let mut ways = vec![(1.0, self.in_order(run))];
            if run.len() > 1 {
                // The whole has synonyms, and so may its parts.
                ways.extend(self.with_synonyms_up_to(run.len() - 1, text, run, list).map(|parts| (1.0, parts)));
            }
            for synonym in synonyms {
                let other = self.slots(synonym);
                if list {
                    self.list(format!("\"{text}\""), "synonyms", Planner::named(synonym, &typed(run)));
                }
                ways.push((1.0, self.in_order(&other)));
            }
            parts.push(Sought::Any(ways));
        }
        any.then(|| if parts.len() == 1 { parts.swap_remove(0) } else { Sought::Sequence(parts) })
    }

    /// A phrase in which some words are patterns: `"cease* talks"`.
    fn phrase_of_patterns(&mut self, text: &str) -> Sought {
        let words = text.split(|c: char| !is_word(c) && c != '*').filter(|w| w.contains(is_word));
        let parts: Vec<Sought> = words
            .flat_map(|word| {
                if word.contains('*') {
                    vec![self.pattern(word)]
                } else {
                    self.slots(word).iter().map(|slot| self.slot(slot)).collect()
                }
            })
            .collect();
        Sought::Sequence(parts)
    }

    fn pattern(&mut self, pattern: &str) -> Sought {
        let pieces: Vec<&str> =
            pattern.split(|c: char| !is_word(c) && c != '*' && c != '?').filter(|p| p.contains(is_word)).collect();
        if let [_, _, ..] = pieces.as_slice() {
            return Sought::Sequence(pieces.iter().map(|piece| self.pattern_piece(piece)).collect());
        }
        self.pattern_piece(pieces.first().unwrap_or(&""))
    }

    fn pattern_piece(&mut self, piece: &str) -> Sought {
        let signs: Vec<char> = piece
            .split_inclusive(['*', '?'])
            .flat_map(|part| match part.strip_suffix(['*', '?']) {
                Some(word) => folded(word).chars().chain(part.chars().next_back()).collect::<Vec<char>>(),
                None => folded(part).chars().collect(),
            })
            .collect();
        let prefix: String = signs.iter().take_while(|c| !matches!(c, '*' | '?')).collect();
        let words = self.lexicon.words(&prefix, |word| fits_pattern(&signs, word)).unwrap_or_default();
        self.stand_for(piece, words)
    }

    fn fuzzy(&mut self, word: &str, most: u8) -> Sought {
        let (word, most) = (folded(word), usize::from(most));
        let length = word.chars().count();
        let words = self.lexicon.words("", |other| {
            // Bytes are at most four a letter, so this rules nothing out that fits.
            other.len() + most >= length && other.len() <= 4 * (length + most) && distance(&word, other, most) <= most
        });
        self.stand_for(&format!("{word}~{most}"), words.unwrap_or_default())
    }

    /// A leaf of all the words that a pattern stands for, listed.
    fn stand_for(&mut self, part: &str, mut words: Vec<Counted>) -> Sought {
        if words.len() > MOST_WORDS {
            self.warnings.push(format!(
                "`{part}` stands for {} words; the {MOST_WORDS} most frequent are searched for: make it longer",
                words.len()
            ));
            words.truncate(MOST_WORDS);
        }
        for word in words.iter().filter(|w| !w.term.starts_with(PART)).take(MOST_LISTED) {
            self.list(part.to_owned(), "forms", word.term.clone());
        }
        self.leaf(words.into_iter().map(|word| word.term).collect())
    }

    /// Lists in which other forms the index holds the words of a part.
    fn list_forms(&mut self, part: &str, slots: &[Slot]) {
        if !self.listing || !self.variants.forms || self.analysis == Analysis::Name {
            return;
        }
        for slot in slots {
            let Some(word) = slot.word() else { continue };
            let mut forms: Vec<Counted> = Vec::new();
            for term in slot.normals.iter().flat_map(|normal| self.lexicon.class(normal)) {
                let documents = self.lexicon.documents(&term);
                if term != word && documents > 0 && !term.starts_with(NORMAL) {
                    forms.push(Counted { term, documents });
                }
            }
            forms.sort_unstable_by(|a, b| b.documents.cmp(&a.documents).then_with(|| a.term.cmp(&b.term)));
            for form in forms.into_iter().take(MOST_LISTED) {
                self.list(part.to_owned(), "forms", form.term);
            }
        }
    }

    /// Lists a variant, once.
    fn list(&mut self, part: String, class: &'static str, variant: String) {
        if self.listing && self.told.insert((part.clone(), class, variant.clone())) {
            let expansion = Expansion { part, class: class.to_owned(), variant, count: None };
            self.listed.push(Listed { atom: None, expansion });
        }
    }

    /// How many other words may stand between the units of a phrase.
    pub(super) fn between(units: &[Vec<Slot>]) -> u32 {
        CLOSE.0 + CLOSE.1 * units.len().saturating_sub(2) as u32
    }

    /// How a synonym is listed.
    pub(super) fn named(synonym: &str, typed: &str) -> String {
        format!("{synonym} for {typed}")
    }
}

/// First words of two that stand side by side without being a compound: `not able`, `out come`.
const LINKING: &[&str] = &[
    "all", "any", "but", "can", "has", "her", "how", "man", "may", "new", "not", "now", "one", "our", "out", "her",
    "who",
];
