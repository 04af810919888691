//! British spellings read as American ones: `labour`, `organisation`, `paediatric`, `metre`.
//!
//! What comes out need not be a word of American English, only the same for both spellings.

/// Reads `word[from..]`, of the letters a–z in lower case, as it is spelled in America.
pub(super) fn american(word: &mut String, from: usize) {
    let form = word.get(from..).unwrap_or("");
    if let Some((british, american)) = british_start(form).iter().find(|(british, _)| form.starts_with(british)) {
        word.replace_range(from..from + british.len(), american);
    }
    let form = word.get(from..).unwrap_or("");
    if let Some(at) = british_our(form) {
        word.replace_range(from + at..from + at + OUR.len(), "or");
        return;
    }
    if let Some((british, american)) = british_end(form) {
        word.truncate(word.len() - british.len());
        word.push_str(american);
    }
}

/// How British words start that are spelled otherwise in America, by their first letter.
fn british_start(word: &str) -> &'static [(&'static str, &'static str)] {
    match word.as_bytes().first() {
        Some(b'a') => &[
            ("aesthe", "esthe"),
            ("alumini", "alumin"),
            ("anaem", "anem"),
            ("anaesth", "anesth"),
            ("archaeo", "archeo"),
        ],
        Some(b'c') => &[("caesar", "cesar")],
        Some(b'd') => &[("diarrhoea", "diarrhea"), ("draught", "draft")],
        Some(b'e') => &[("enrolment", "enrollment")],
        Some(b'f') => &[("foet", "fet"), ("fulfilment", "fulfillment")],
        Some(b'g') => &[("gynaec", "gynec")],
        Some(b'h') => &[("haem", "hem")],
        Some(b'l') => &[("leukaem", "leukem")],
        Some(b'm') => &[("mediaev", "mediev"), ("manoeuvr", "maneuver")],
        Some(b'o') => &[("oesoph", "esoph"), ("oestr", "estr"), ("orthopaed", "orthoped")],
        Some(b'p') => &[("paed", "ped"), ("plough", "plow")],
        Some(b's') => &[("sceptic", "skeptic"), ("sulph", "sulf")],
        _ => &[],
    }
}

const OUR: &str = "our";

/// What may follow the `-our` of Britain: `labour`, `favourite`, `neighbourhood`. Not `-ist`: a tourist makes tours.
const AFTER_OUR: &[&str] = &[
    "", "s", "ed", "ing", "able", "ably", "al", "er", "ers", "ful", "hood", "hoods", "ite", "ites", "less", "ly", "y",
];

/// Where the `-our` of Britain stands that is an `-or` in America.
fn british_our(word: &str) -> Option<usize> {
    let at = word.as_bytes().windows(OUR.len()).position(|three| three == OUR.as_bytes())?;
    let after = word.get(at + OUR.len()..).unwrap_or("");
    (at > 2 && AFTER_OUR.contains(&after)).then_some(at)
}

/// The ending that a word has in Britain, and the one it has in America.
fn british_end(word: &str) -> Option<(&'static str, &'static str)> {
    // Most words end like none of them.
    if !matches!(word.as_bytes(), [.., b'e' | b'd' | b's' | b'g' | b'n' | b'r' | b't' | b'y' | b'i' | b'j']) {
        return None;
    }
    let least =
        |british: &str| british.len() + if british.starts_with("tre") || british.starts_with("dge") { 2 } else { 3 };
    BRITISH_ENDINGS.iter().find(|(british, _)| word.len() >= least(british) && word.ends_with(british)).copied()
}

/// British endings and American ones.
const BRITISH_ENDINGS: &[(&str, &str)] = &[
    ("isation", "ization"),
    ("isations", "ization"),
    ("ise", "ize"),
    ("ised", "ized"),
    ("ises", "izes"),
    ("ising", "izing"),
    ("iser", "izer"),
    ("isers", "izers"),
    ("yse", "yze"),
    ("ysed", "yzed"),
    ("yses", "yzes"),
    ("ysing", "yzing"),
    ("tre", "ter"),
    ("tres", "ter"),
    ("tred", "tered"),
    ("logue", "log"),
    ("logues", "log"),
    ("dgement", "dgment"),
    ("dgements", "dgment"),
    ("eller", "eler"),
    ("ellers", "eler"),
    ("ellor", "elor"),
    ("ellors", "elor"),
    ("ellous", "elous"),
    // Names from Russian and Ukrainian, as agencies and papers spell them.
    ("skyy", "sky"),
    ("skiy", "sky"),
    ("skii", "sky"),
    ("skij", "sky"),
    ("skyi", "sky"),
];
