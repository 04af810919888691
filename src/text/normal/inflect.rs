//! English inflection: what is left of a word when plural, tense and spelling habit are taken off.
//!
//! The inflectional steps (1a, 1b, 1c, 5) of Porter's English stemmer (Porter 1980, revised as Snowball `english`), after
//! irregular forms were looked up ([`super::irregular`]) and British spellings read as American ones
//! ([`super::spelling`]). The derivational steps are left out on purpose: `policy` must not find `police`, nor `organ` an
//! `organization`.

use super::irregular::irregular;
use super::spelling::american;
use crate::language::english;

/// Takes the inflection off `word[from..]`, which is folded. Words with other than the letters a–z stay as they are.
pub(super) fn inflect(word: &mut String, from: usize) {
    let Some(form) = word.get(from..).filter(|form| inflects(form)) else { return };
    if let Some(stem) = irregular(form) {
        word.truncate(from);
        word.push_str(stem);
    } else {
        Stem { word, from }.take_off();
    }
}

fn inflects(form: &str) -> bool {
    form.len() > 2 && form.bytes().all(|b| b.is_ascii_lowercase())
}

/// What the rules alone leave of a word.
pub(super) fn regular(word: &str) -> String {
    let mut stem = word.to_owned();
    if inflects(word) {
        Stem { word: &mut stem, from: 0 }.take_off();
    }
    stem
}

/// The word at work: `word[from..]`, lower-case ASCII.
struct Stem<'a> {
    word: &'a mut String,
    from: usize,
}

impl Stem<'_> {
    fn take_off(&mut self) {
        american(self.word, self.from);
        self.plural();
        self.tense();
        self.single_l();
        self.final_y();
        self.final_e();
    }

    fn bytes(&self) -> &[u8] {
        self.word.as_bytes().get(self.from..).unwrap_or(&[])
    }

    fn form(&self) -> &str {
        self.word.get(self.from..).unwrap_or("")
    }

    fn len(&self) -> usize {
        self.word.len() - self.from
    }

    fn ends(&self, suffix: &str) -> bool {
        self.bytes().ends_with(suffix.as_bytes())
    }

    /// Takes `cut` bytes off the end and appends `suffix`.
    fn replace(&mut self, cut: usize, suffix: &str) {
        self.word.truncate(self.word.len().saturating_sub(cut).max(self.from));
        self.word.push_str(suffix);
    }

    /// Step 1a: plurals.
    fn plural(&mut self) {
        if self.ends("sses") {
            self.replace(2, "");
        } else if self.ends("men") && self.len() > 5 && !english().text.singular_men.contains(self.form()) {
            self.replace(2, "an");
        } else if self.ends("ies") || self.ends("ied") {
            let cut = if self.len() > 4 { 2 } else { 1 };
            self.replace(cut, "");
        } else if self.ends("s") && !self.ends("us") && !self.ends("ss") {
            let head = self.len() - 2;
            if self.bytes().iter().take(head).any(|&b| is_vowel(b)) {
                self.replace(1, "");
            }
        }
    }

    /// Step 1b: past and progressive.
    fn tense(&mut self) {
        if self.ends("eed") {
            // `agreed`, `guaranteed`; not `proceed`, `indeed`.
            if ["greed", "creed", "teed", "reed"].iter().any(|end| self.ends(end)) && self.len() - 3 >= self.region() {
                self.replace(1, "");
            }
            return;
        }
        let cut = if self.ends("ed") {
            2
        } else if self.ends("ing") {
            3
        } else {
            return;
        };
        let head = self.len() - cut;
        if !self.bytes().iter().take(head).any(|&b| is_vowel(b)) {
            return;
        }
        self.replace(cut, "");
        if self.ends("at") || self.ends("bl") || self.ends("iz") {
            self.word.push('e');
        } else if self.doubled() {
            self.replace(1, "");
        } else if self.region() == self.len() && self.short(self.len()) {
            self.word.push('e');
        }
    }

    /// Step 1c: `country` as `countries` leaves it.
    fn final_y(&mut self) {
        let bytes = self.bytes();
        if let [_, .., before, b'y'] = bytes
            && bytes.len() > 2
            && !is_vowel(*before)
        {
            self.replace(1, "i");
        }
    }

    /// Step 5, for the silent `e` alone.
    fn final_e(&mut self) {
        if !self.ends("e") {
            return;
        }
        let at = self.len() - 1;
        let region = self.region();
        if at >= self.region_from(region) || (at >= region && !self.short(at)) {
            self.replace(1, "");
        }
    }

    /// True for `stopp`; not for `boycott`, nor for `staff`: no verb doubles its `f`.
    fn doubled(&self) -> bool {
        match self.bytes() {
            [.., a, b @ (b'b' | b'd' | b'g' | b'm' | b'n' | b'p' | b'r' | b't')] if a == b => {
                !english().text.end_doubled.contains(self.form())
            }
            _ => false,
        }
    }

    /// `travelled` as `traveled`, `enroll` as `enrol`; `call` and `sell` as they are.
    fn single_l(&mut self) {
        if !self.ends("ll") {
            return;
        }
        let single = self.form().get(..self.len() - 1).unwrap_or("");
        let syllables = || self.bytes().iter().filter(|&&b| is_vowel(b)).count();
        if (self.ends("ell") && syllables() > 1) || english().text.double_l.contains(single) {
            self.replace(1, "");
        }
    }

    /// Where R1 starts: after the first consonant that follows a vowel.
    fn region(&self) -> usize {
        self.region_from(0)
    }

    fn region_from(&self, from: usize) -> usize {
        let bytes = self.bytes();
        let mut vowel = false;
        for (i, &b) in bytes.iter().enumerate().skip(from) {
            if is_vowel(b) {
                vowel = true;
            } else if vowel {
                return i + 1;
            }
        }
        bytes.len()
    }

    /// True if the first `len` bytes end in a short syllable.
    fn short(&self, len: usize) -> bool {
        match self.bytes().get(..len) {
            Some([a, b]) => is_vowel(*a) && !is_vowel(*b),
            Some([.., a, b, c]) => !is_vowel(*a) && is_vowel(*b) && !is_vowel(*c) && !matches!(c, b'w' | b'x' | b'y'),
            _ => false,
        }
    }
}

fn is_vowel(b: u8) -> bool {
    matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(word: &str) -> String {
        let mut word = word.to_owned();
        inflect(&mut word, 0);
        word
    }

    #[track_caller]
    fn same(words: &[&str]) {
        let stems: Vec<String> = words.iter().map(|w| stem(w)).collect();
        assert!(stems.iter().all(|s| *s == stems[0]), "{words:?} gave {stems:?}");
    }

    #[track_caller]
    fn differ(words: &[&str]) {
        let mut stems: Vec<String> = words.iter().map(|w| stem(w)).collect();
        stems.sort();
        stems.dedup();
        assert_eq!(stems.len(), words.len(), "{words:?} gave {stems:?}");
    }

    #[test]
    fn inflections_fall_together() {
        same(&["ceasefire", "ceasefires"]);
        same(&["cease", "ceased", "ceases", "ceasing"]);
        same(&["country", "countries"]);
        same(&["state", "states", "stated", "stating"]);
        same(&["stop", "stops", "stopped", "stopping"]);
        same(&["hope", "hopes", "hoped", "hoping"]);
        same(&["say", "says", "said", "saying"]);
        same(&["meet", "meets", "met", "meeting"]);
        same(&["church", "churches"]);
        same(&["box", "boxes"]);
        same(&["bus", "buses"]);
        same(&["die", "dies", "died", "dying"]);
        same(&["agree", "agrees", "agreed", "agreeing"]);
        same(&["carry", "carries", "carried", "carrying"]);
        same(&["come", "comes", "came", "coming"]);
        same(&["give", "gives", "gave", "given", "giving"]);
        same(&["choose", "chooses", "chose", "chosen", "choosing"]);
        same(&["write", "writes", "wrote", "written", "writing"]);
        same(&["drive", "drives", "drove", "driven", "driving"]);
        same(&["strike", "strikes", "struck", "striking"]);
        same(&["make", "makes", "made", "making"]);
        same(&["take", "takes", "took", "taken", "taking"]);
        same(&["lose", "loses", "lost", "losing"]);
        same(&["prove", "proves", "proved", "proven", "proving"]);
        same(&["crisis", "crises"]);
        same(&["analysis", "analyses"]);
        same(&["fly", "flies", "flew", "flying"]);
        same(&["knife", "knives"]);
        same(&["mouse", "mice"]);
        same(&["goose", "geese"]);
        same(&["ride", "rode", "riding"]);
        same(&["shake", "shook", "shaken", "shaking"]);
        same(&["arise", "arose"]);
        same(&["freeze", "froze", "frozen", "freezing"]);
        same(&["hide", "hid", "hidden", "hiding"]);
        same(&["boycott", "boycotts", "boycotted", "boycotting"]);
        same(&["add", "adds", "added", "adding"]);
        same(&["staff", "staffs", "staffed", "staffing"]);
        same(&["control", "controls", "controlled", "controlling"]);
        same(&["patrol", "patrolled", "patrolling"]);
        same(&["succeed", "succeeds", "succeeded", "succeeding"]);
        same(&["guarantee", "guarantees", "guaranteed"]);
        same(&["free", "frees", "freed", "freeing"]);
        same(&["flee", "flees", "fled", "fleeing"]);
        same(&["learn", "learnt", "learned"]);
        same(&["policeman", "policemen"]);
        same(&["spokeswoman", "spokeswomen"]);
        same(&["virus", "viruses"]);
        same(&["veto", "vetoes", "vetoed"]);
        same(&["tax", "taxes", "taxed", "taxing"]);
        same(&["bias", "biased", "biases"]);
        same(&["focus", "focused", "focussed", "focuses"]);
        same(&["referendum", "referendums", "referenda"]);
        same(&["occur", "occurred", "occurring"]);
        same(&["refer", "referred", "referring"]);
        same(&["offer", "offered", "offering"]);
        same(&["limit", "limited", "limiting"]);
        same(&["admit", "admitted", "admitting"]);
        same(&["commit", "committed", "commits"]);
        same(&["target", "targeted", "targeting"]);
        same(&["install", "installed", "installing"]);
        same(&["picket", "picketed", "picketing"]);
        same(&["panic", "panics"]);
        same(&["wolf", "wolves"]);
        same(&["embargo", "embargoes"]);
        same(&["die", "dies", "dying"]);
    }

    #[test]
    fn spellings_fall_together() {
        same(&["organisation", "organization", "organisations"]);
        same(&["demilitarise", "demilitarized", "demilitarising"]);
        same(&["labour", "labor", "labours"]);
        same(&["theatre", "theater", "theatres"]);
        same(&["travelled", "traveled", "travelling", "travels"]);
        same(&["defence", "defense"]);
        same(&["programme", "programs"]);
        same(&["metre", "meters"]);
        same(&["favourite", "favorites"]);
        same(&["neighbourhood", "neighborhoods"]);
        same(&["honourable", "honorable"]);
        same(&["armoured", "armored"]);
        same(&["behavioural", "behavioral"]);
        same(&["organiser", "organizers"]);
        same(&["traveller", "travelers"]);
        same(&["counsellor", "counselors"]);
        same(&["cancelled", "canceled", "cancel"]);
        same(&["signalled", "signaled"]);
        same(&["fulfil", "fulfills", "fulfilled"]);
        same(&["enrolment", "enrollment"]);
        same(&["skilful", "skillful"]);
        same(&["manoeuvre", "maneuvers", "manoeuvring"]);
        same(&["aluminium", "aluminum"]);
        same(&["paediatric", "pediatric"]);
        same(&["anaesthetic", "anesthetic"]);
        same(&["haemorrhage", "hemorrhage"]);
        same(&["catalogue", "catalogs"]);
        same(&["dialogue", "dialogs"]);
        same(&["judgement", "judgment", "judgments"]);
        same(&["cheque", "checks"]);
        same(&["grey", "gray"]);
        same(&["tyre", "tires"]);
        same(&["practise", "practice", "practising", "practices"]);
        same(&["sceptical", "skeptical"]);
        same(&["plough", "plowed", "ploughing"]);
        same(&["storey", "stories"]);
        same(&["ageing", "aging"]);
        same(&["zelensky", "zelenskyy", "zelenskiy", "zelenski"]);
        same(&["adviser", "advisors"]);
        same(&["analyse", "analyzed", "analysing"]);
    }

    #[test]
    fn other_words_stay_apart() {
        differ(&["policy", "police", "polish"]);
        differ(&["university", "universe", "universal"]);
        differ(&["organ", "organize", "organization"]);
        differ(&["general", "generation", "generate"]);
        differ(&["unite", "unit", "unity"]);
        differ(&["new", "news"]);
        differ(&["even", "evening"]);
        differ(&["hop", "hope"]);
        differ(&["plan", "plane"]);
        differ(&["four", "for", "our", "or", "hour", "tour"]);
        differ(&["tourist", "tour", "torist"]);
        differ(&["source", "sorce"]);
        differ(&["add", "ad"]);
        differ(&["moral", "morale"]);
        differ(&["corps", "corp", "corpse"]);
        differ(&["good", "goods"]);
        differ(&["unit", "unite", "unity"]);
        differ(&["hamas", "hama"]);
        differ(&["harris", "harry"]);
        differ(&["tired", "tyre"]);
        differ(&["boy", "boycott"]);
        differ(&["staff", "staf"]);
    }
}
