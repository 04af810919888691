//! The language of a text.

use whatlang::Detector;

use crate::language::{Pack, all, english};

/// Characters that are looked at: enough to be sure, few enough to cost nothing.
const LOOK: usize = 600;
/// Below this many letters a guess is worth nothing.
const LEAST: usize = 60;

/// ISO 639-1 code of the language that `text` is written in, or `None` if it is too short or too mixed to tell.
pub(super) fn detect(text: &str) -> Option<String> {
    let sample = start_of(text);
    if letters(sample) < LEAST {
        // A short text in English has no language, as one that none can be told of.
        return by_small_words(sample, SURE).filter(|code| code != "en");
    }
    if is_plainly_english(sample) {
        return Some("en".to_owned());
    }
    let found = Detector::new().detect(sample)?;
    let code = two_letters(found.lang());
    let reliable = found.is_reliable();
    // Small words tell languages from their neighbours, where names of all countries mislead a detector by trigrams.
    if (!reliable || code.is_none_or(|code| Pack::of(Some(code)).is_some() || code == "sr"))
        && let Some(known) = by_small_words(sample, LIKELY)
    {
        return Some(known);
    }
    // Names from everywhere make news less typical of its language than prose is; half sure will do for that much text.
    (reliable || found.confidence() > 0.5).then(|| code.map(str::to_owned))?
}

/// Small words and letters that tell a language, over those that tell the next likely one: enough for a short text.
const SURE: usize = 2;
/// The same for a text of which a detector can say something too.
const LIKELY: usize = 3;

/// The language of a pack whose small words and letters the text has, by a margin over all others. Script alone tells those
/// that share theirs with no other.
fn by_small_words(sample: &str, margin: usize) -> Option<String> {
    let has = |range: std::ops::RangeInclusive<char>| sample.chars().filter(|c| range.contains(c)).count();
    let (kana, han) = (has('\u{3041}'..='\u{30ff}'), has('\u{4e00}'..='\u{9fff}'));
    if kana + han >= 4 && 2 * (kana + han) > letters(sample) {
        return Some(if 10 * kana > kana + han { "ja" } else { "zh" }.to_owned());
    }
    let low = sample.to_lowercase();
    let mut counts: Vec<(usize, &str)> = all()
        .filter(|pack| !pack.text.ideographs)
        .map(|pack| {
            let words = low.split(|c: char| !c.is_alphabetic()).filter(|word| pack.text.small.contains(word)).count();
            (words + own_letters(pack, sample), pack.code.as_str())
        })
        .collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let [(most, code), (next, _), ..] = counts.as_slice() else { return None };
    (*most >= next + margin).then(|| (*code).to_owned())
}

/// Letters that no language like that of the pack has, but for names in Latin letters: `São Paulo` is in texts of all
/// languages.
fn own_letters(pack: &Pack, sample: &str) -> usize {
    let latin_capital = |c: char| c.is_uppercase() && c < '\u{370}';
    let words = sample.split(|c: char| !c.is_alphabetic()).filter(|word| !word.starts_with(latin_capital));
    let marks = sample.chars().filter(|c| !c.is_alphabetic());
    marks.chain(words.flat_map(str::chars)).filter(|c| pack.text.letters.contains(*c)).count()
}

/// The first [`LOOK`] characters: in ASCII, which most news is written in, the first bytes.
fn start_of(text: &str) -> &str {
    let ascii = text.get(..LOOK).filter(|start| start.is_ascii());
    ascii.unwrap_or_else(|| {
        let end = text.char_indices().nth(LOOK).map_or(text.len(), |(at, _)| at);
        text.get(..end).unwrap_or(text)
    })
}

fn letters(sample: &str) -> usize {
    if sample.is_ascii() {
        return sample.bytes().filter(u8::is_ascii_alphabetic).count();
    }
    sample.chars().filter(|c| c.is_alphabetic()).count()
}

/// True if the words are plainly English: more than an eighth of them small words of English prose, among them
/// two that no other language writes; or a twelfth of them, three at least, that no other language writes, as in tables, where
/// small words are rare. So it is in fourteen of fifteen articles of an agency in English. Asking this first spares
/// them the comparison with all languages, a fifth of a millisecond each.
fn is_plainly_english(sample: &str) -> bool {
    let lists = &english().text;
    let (mut words, mut small, mut sure, mut plain) = (0, 0, 0, 0);
    for word in sample.split_ascii_whitespace().filter(|word| word.starts_with(char::is_alphabetic)) {
        words += 1;
        let word = word.trim_end_matches(['.', ',', ':', ';', ')']);
        if lists.small_and_only_english.contains(word) {
            small += 1;
            sure += 1;
            plain += 1;
        } else if lists.small.contains(word) {
            small += 1;
        } else if lists.only_english.contains(word) {
            plain += 1;
        }
    }
    sure >= 2 && small * 8 > words || plain >= 3 && plain * 12 > words
}

/// The language of a page that declares one: pages are built from templates that declare wrong ones, so long text is
/// believed before the declaration, short text after it.
pub(super) fn of_page(declared: Option<String>, text: &str) -> Option<String> {
    const LONG: usize = 500;
    match (declared, detect(text)) {
        (Some(declared), Some(detected)) if text.len() < LONG || are_close(&declared, &detected) => Some(declared),
        (Some(declared), None) => Some(declared),
        (Some(_) | None, detected) => detected,
    }
}

/// True for languages that a detector takes for each other.
fn are_close(a: &str, b: &str) -> bool {
    const CLOSE: [&[&str]; 4] = [&["no", "nb", "nn", "da"], &["hr", "sr", "bs", "sl"], &["id", "ms"], &["cs", "sk"]];
    CLOSE.iter().any(|group| group.contains(&a) && group.contains(&b))
}

/// The primary code of a language tag as pages and feeds write it: `en` of `en-GB`, `en_US` or `eng`.
pub(super) fn primary(tag: &str) -> Option<String> {
    let code = tag.trim().split(['-', '_', ',', ';']).next().unwrap_or("").to_ascii_lowercase();
    match code.len() {
        2 if code.bytes().all(|b| b.is_ascii_lowercase()) => Some(code),
        3 => whatlang::Lang::from_code(&code).and_then(two_letters).map(str::to_owned),
        _ => NAMES.iter().find(|(name, _)| *name == code).map(|(_, code)| (*code).to_owned()),
    }
}

/// Languages that records name in full.
const NAMES: [(&str, &str); 12] = [
    ("english", "en"),
    ("german", "de"),
    ("deutsch", "de"),
    ("french", "fr"),
    ("français", "fr"),
    ("spanish", "es"),
    ("español", "es"),
    ("italian", "it"),
    ("portuguese", "pt"),
    ("russian", "ru"),
    ("arabic", "ar"),
    ("dutch", "nl"),
];

fn two_letters(language: whatlang::Lang) -> Option<&'static str> {
    Some(match language.code() {
        "afr" => "af",
        "aka" => "ak",
        "amh" => "am",
        "ara" => "ar",
        "aze" => "az",
        "bel" => "be",
        "ben" => "bn",
        "bul" => "bg",
        "cat" => "ca",
        "ces" => "cs",
        "cmn" => "zh",
        "cym" => "cy",
        "dan" => "da",
        "deu" => "de",
        "ell" => "el",
        "eng" => "en",
        "epo" => "eo",
        "est" => "et",
        "fin" => "fi",
        "fra" => "fr",
        "guj" => "gu",
        "heb" => "he",
        "hin" => "hi",
        "hrv" => "hr",
        "hun" => "hu",
        "hye" => "hy",
        "ind" => "id",
        "ita" => "it",
        "jav" => "jv",
        "jpn" => "ja",
        "kan" => "kn",
        "kat" => "ka",
        "khm" => "km",
        "kor" => "ko",
        "lat" => "la",
        "lav" => "lv",
        "lit" => "lt",
        "mal" => "ml",
        "mar" => "mr",
        "mkd" => "mk",
        "mya" => "my",
        "nep" => "ne",
        "nld" => "nl",
        "nob" => "nb",
        "ori" => "or",
        "pan" => "pa",
        "pes" => "fa",
        "pol" => "pl",
        "por" => "pt",
        "ron" => "ro",
        "rus" => "ru",
        "sin" => "si",
        "slk" => "sk",
        "slv" => "sl",
        "sna" => "sn",
        "spa" => "es",
        "srp" => "sr",
        "swe" => "sv",
        "tam" => "ta",
        "tel" => "te",
        "tgl" => "tl",
        "tha" => "th",
        "tuk" => "tk",
        "tur" => "tr",
        "ukr" => "uk",
        "urd" => "ur",
        "uzb" => "uz",
        "vie" => "vi",
        "yid" => "yi",
        "zul" => "zu",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_told_and_scraps_are_not() {
        let english = "The minister said on Friday that the talks in the capital had been useful and would go on.";
        let german = "Der Minister sagte am Freitag, die Gespräche in der Hauptstadt seien nützlich gewesen.";
        assert_eq!(detect(english).as_deref(), Some("en"));
        assert_eq!(detect(german).as_deref(), Some("de"));
        assert!(is_plainly_english(english));
        assert!(!is_plainly_english(german));
        let table = "Shr loss 23 cts vs 31 cts\n\nNet loss 210,300 vs 295,700\n\nSales 4,110,000 vs 3,950,000\n\nYear\n\nNote: \
                     prior year restated for three shares paid per ten in May. Revs include gains of both quarters.";
        assert!(is_plainly_english(table));
        assert!(!is_plainly_english("Das Album „The Year of the Company“ war 1987 ein großer Erfolg in den Charts."));
        assert_eq!(detect("Talks go on."), None);
        assert_eq!(detect("São Paulo mayors serve four years."), None);
        assert_eq!(detect("Não há mais pão nem água na cidade.").as_deref(), Some("pt"));
        assert_eq!(detect(""), None);
    }

    #[test]
    fn tags_are_cut_to_their_first_part() {
        assert_eq!(primary("en-GB").as_deref(), Some("en"));
        assert_eq!(primary(" de_AT ").as_deref(), Some("de"));
        assert_eq!(primary("eng").as_deref(), Some("en"));
        assert_eq!(primary("English").as_deref(), Some("en"));
        assert_eq!(primary("x"), None);
    }
}
