//! English inflection: what is left of a word when plural, tense and spelling habit are taken off.
//!
//! The inflectional steps (1a, 1b, 1c, 5) of Porter's English stemmer (Porter 1980, revised as Snowball `english`),
//! a table of irregular forms, and British spellings read as American ones. The derivational steps are left out on
//! purpose: `policy` must not find `police`, nor `organ` an `organization`.

/// Irregular forms and what they are read as, by form. Also words the rules would spoil, read as themselves.
const IRREGULAR: &[(&str, &str)] = &[
    ("analyses", "analysi"),
    ("arose", "aris"),
    ("ate", "eat"),
    ("ban", "ban"),
    ("beaten", "beat"),
    ("became", "becom"),
    ("been", "be"),
    ("began", "begin"),
    ("begun", "begin"),
    ("being", "be"),
    ("bent", "bend"),
    ("bias", "bias"),
    ("bore", "bear"),
    ("bought", "buy"),
    ("bound", "bind"),
    ("broke", "break"),
    ("broken", "break"),
    ("brought", "bring"),
    ("built", "build"),
    ("buses", "bus"),
    ("came", "come"),
    ("caught", "catch"),
    ("children", "child"),
    ("chose", "choos"),
    ("chosen", "choos"),
    ("come", "come"),
    ("comes", "come"),
    ("coming", "come"),
    ("crises", "crisi"),
    ("criteria", "criterion"),
    ("cyprus", "cyprus"),
    ("dealt", "deal"),
    ("defence", "defens"),
    ("defences", "defens"),
    ("did", "do"),
    ("does", "do"),
    ("doing", "do"),
    ("done", "do"),
    ("drank", "drink"),
    ("drawn", "draw"),
    ("drew", "draw"),
    ("driven", "drive"),
    ("drove", "drive"),
    ("dying", "die"),
    ("earring", "earring"),
    ("eaten", "eat"),
    ("evening", "evening"),
    ("evenings", "evening"),
    ("fallen", "fall"),
    ("fed", "feed"),
    ("feet", "foot"),
    ("fell", "fall"),
    ("felt", "feel"),
    ("flew", "fli"),
    ("flown", "fli"),
    ("forbade", "forbid"),
    ("forbidden", "forbid"),
    ("forgotten", "forget"),
    ("fought", "fight"),
    ("found", "find"),
    ("froze", "freez"),
    ("frozen", "freez"),
    ("gases", "gas"),
    ("gave", "give"),
    ("geese", "goos"),
    ("given", "give"),
    ("goes", "go"),
    ("going", "go"),
    ("gone", "go"),
    ("got", "get"),
    ("gotten", "get"),
    ("grew", "grow"),
    ("grown", "grow"),
    ("had", "have"),
    ("halves", "half"),
    ("has", "have"),
    ("having", "have"),
    ("heard", "hear"),
    ("held", "hold"),
    ("herring", "herring"),
    ("hid", "hide"),
    ("hidden", "hide"),
    ("hung", "hang"),
    ("inning", "inning"),
    ("kept", "keep"),
    ("knew", "know"),
    ("knives", "knife"),
    ("known", "know"),
    ("laid", "lay"),
    ("lain", "lie"),
    ("led", "lead"),
    ("left", "left"),
    ("lent", "lend"),
    ("licence", "licens"),
    ("licences", "licens"),
    ("lit", "light"),
    ("lost", "lose"),
    ("lying", "lie"),
    ("made", "make"),
    ("meant", "mean"),
    ("media", "media"),
    ("men", "man"),
    ("met", "meet"),
    ("mice", "mous"),
    ("morning", "morning"),
    ("mornings", "morning"),
    ("news", "news"),
    ("offence", "offens"),
    ("offences", "offens"),
    ("outing", "outing"),
    ("paid", "pay"),
    ("programme", "program"),
    ("programmes", "program"),
    ("proven", "prove"),
    ("ran", "run"),
    ("rang", "ring"),
    ("risen", "rize"),
    ("rode", "ride"),
    ("rose", "rose"),
    ("said", "say"),
    ("sang", "sing"),
    ("sank", "sink"),
    ("sat", "sit"),
    ("saw", "see"),
    ("seen", "see"),
    ("sent", "send"),
    ("series", "seri"),
    ("shaken", "shake"),
    ("shook", "shake"),
    ("shot", "shoot"),
    ("shown", "show"),
    ("shrank", "shrink"),
    ("sold", "sell"),
    ("sought", "seek"),
    ("species", "speci"),
    ("spent", "spend"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("sprang", "spring"),
    ("stole", "steal"),
    ("stolen", "steal"),
    ("stood", "stand"),
    ("struck", "strike"),
    ("stuck", "stick"),
    ("sung", "sing"),
    ("sunk", "sink"),
    ("swam", "swim"),
    ("swept", "sweep"),
    ("swore", "swear"),
    ("sworn", "swear"),
    ("taken", "take"),
    ("taught", "teach"),
    ("teeth", "tooth"),
    ("thieves", "thief"),
    ("thought", "think"),
    ("threw", "throw"),
    ("thrown", "throw"),
    ("told", "tell"),
    ("took", "take"),
    ("tore", "tear"),
    ("torn", "tear"),
    ("tying", "tie"),
    ("understood", "understand"),
    ("united", "united"),
    ("upheld", "uphold"),
    ("was", "be"),
    ("wedding", "wedding"),
    ("weddings", "wedding"),
    ("went", "go"),
    ("wept", "weep"),
    ("were", "be"),
    ("withdrawn", "withdraw"),
    ("withdrew", "withdraw"),
    ("wives", "wife"),
    ("woken", "wake"),
    ("wolves", "wolf"),
    ("women", "woman"),
    ("won", "win"),
    ("wore", "wear"),
    ("worn", "wear"),
    ("written", "write"),
    ("wrote", "write"),
];

/// Takes the inflection off `word[from..]`, which is folded. Words with other than the letters a–z stay as they are.
pub(super) fn inflect(word: &mut String, from: usize) {
    let Some(form) = word.get(from..) else { return };
    if form.len() < 3 || !form.bytes().all(|b| b.is_ascii_lowercase()) {
        return;
    }
    if let Ok(i) = IRREGULAR.binary_search_by_key(&form, |&(form, _)| form) {
        let stem = IRREGULAR.get(i).map_or("", |&(_, stem)| stem);
        word.truncate(from);
        word.push_str(stem);
        return;
    }
    let mut stem = Stem { word, from };
    stem.american();
    stem.plural();
    stem.tense();
    stem.final_y();
    stem.final_e();
}

/// The word at work: `word[from..]`, lower-case ASCII.
struct Stem<'a> {
    word: &'a mut String,
    from: usize,
}

impl Stem<'_> {
    fn bytes(&self) -> &[u8] {
        self.word.as_bytes().get(self.from..).unwrap_or(&[])
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

    /// Reads British spellings as American ones. It need not give words, only the same for both.
    fn american(&mut self) {
        let endings: &[(&str, &str)] = &[
            ("isation", "ization"),
            ("isations", "ization"),
            ("ise", "ize"),
            ("ised", "ized"),
            ("ises", "izes"),
            ("ising", "izing"),
            ("yse", "yze"),
            ("ysed", "yzed"),
            ("ysing", "yzing"),
            ("our", "or"),
            ("ours", "or"),
            ("oured", "ored"),
            ("ouring", "oring"),
            ("tre", "ter"),
            ("tres", "ter"),
        ];
        let found = endings.iter().find(|(british, _)| self.len() >= british.len() + 3 && self.ends(british));
        if let Some((british, american)) = found {
            self.replace(british.len(), american);
        }
    }

    /// Step 1a: plurals.
    fn plural(&mut self) {
        if self.ends("sses") {
            self.replace(2, "");
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
            if self.len() - 3 >= self.region() {
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

    /// True for `stopp`, `travell`; not for `call`.
    fn doubled(&self) -> bool {
        match self.bytes() {
            [.., a, b] if a == b => match b {
                b'b' | b'd' | b'f' | b'g' | b'm' | b'n' | b'p' | b'r' | b't' => true,
                b'l' => self.ends("ell") && self.bytes().iter().filter(|&&b| is_vowel(b)).count() > 1,
                _ => false,
            },
            _ => false,
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
    fn the_table_is_sorted() {
        assert!(IRREGULAR.is_sorted_by_key(|&(form, _)| form));
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
    }

    #[test]
    fn other_words_stay_apart() {
        differ(&["policy", "police", "polish"]);
        differ(&["university", "universe", "universal"]);
        differ(&["organ", "organize", "organization"]);
        differ(&["general", "generation", "generate"]);
        differ(&["united", "unit", "unity"]);
        differ(&["new", "news"]);
        differ(&["even", "evening"]);
        differ(&["hop", "hope"]);
        differ(&["plan", "plane"]);
        differ(&["four", "for", "our", "or", "hour", "tour"]);
    }
}
