//! Lines that are put between the paragraphs of an article and are none of it, known by how they open.

/// True for a line that opens as those do which are put between the paragraphs of an article.
///
/// Prose may open so too ("Read more than once, the letter ..."): such a line is short, or mostly a link.
pub(super) fn is_aside(text: &str, link_density: f32) -> bool {
    let lower: String = text.chars().take(40).flat_map(char::to_lowercase).collect();
    let lower = lower.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '©' | '('));
    if SIGNATURES.iter().any(|opening| lower.trim_start_matches('(').starts_with(opening)) && text.len() < 400 {
        return true;
    }
    OPENINGS.iter().any(|opening| {
        lower.strip_prefix(opening).is_some_and(|rest| {
            let ends_word = rest.is_empty()
                || !rest.starts_with(char::is_alphanumeric)
                || !opening.ends_with(char::is_alphanumeric)
                // Chinese, Japanese and Korean have no spaces between words.
                || opening.ends_with(|c| c >= '\u{2e80}');
            ends_word && (text.len() < 70 || link_density > 0.25 || opening.ends_with([':', '©']) && text.len() < 250)
        })
    })
}

/// How the last lines of agency copy open, which name its editors.
const SIGNATURES: &[&str] =
    &["reporting by ", "additional reporting by ", "writing by ", "editing by ", "our standards: "];

/// How lines open that are put between the paragraphs of an article, in lower case.
const OPENINGS: &[&str] = &[
    "read more",
    "read also",
    "also read",
    "read next",
    "read:",
    "more:",
    "related:",
    "related coverage",
    "related content",
    "related article",
    "related stor",
    "see also",
    "see more",
    "watch:",
    "watch now",
    "listen:",
    "sign up",
    "subscribe",
    "follow us",
    "follow our",
    "click here",
    "advertisement",
    "story continues",
    "article continues",
    "continue reading",
    "share this",
    "listen to this",
    "photo:",
    "photograph:",
    "photos:",
    "image:",
    "image credit",
    "credit:",
    "picture:",
    "copyright",
    "©",
    "(c) ",
    "all rights reserved",
    "download the",
    "download our",
    "join our",
    "get our",
    "get the latest",
    "recommended",
    "more from",
    "more on this",
    "more stories",
    "up next",
    "skip to",
    "skip advert",
    "loading",
    "this video",
    "video:",
    "have you got a",
    "do you have a story",
    "got a tip",
    "this article was originally",
    "this article was first",
    "this story was originally",
    "this article originally",
    "sponsored",
    "promoted",
    "like this article",
    "related topics",
    "topics:",
    "tags:",
    "filed under",
    "last updated",
    "published on",
    "print this",
    "email this",
    "view comments",
    "leave a comment",
    "anzeige",
    "werbung",
    "lesen sie auch",
    "lesen sie hier",
    "lesen sie mehr",
    "mehr zum thema",
    "mehr dazu",
    "auch interessant",
    "das könnte sie",
    "quelle:",
    "foto:",
    "bild:",
    "weiterlesen",
    "lire aussi",
    "à lire aussi",
    "lire également",
    "à lire également",
    "lire la suite",
    "publicité",
    "la suite après",
    "voir aussi",
    "crédit photo",
    "lea también",
    "lee también",
    "te puede interesar",
    "le puede interesar",
    "leer más",
    "publicidad",
    "puedes seguir",
    "suscríbete",
    "leggi anche",
    "leggi tutto",
    "continua a leggere",
    "pubblicità",
    "potrebbe interessarti",
    "iscriviti",
    "leia também",
    "leia mais",
    "veja também",
    "publicidade",
    "continua após",
    "lees ook",
    "lees verder",
    "advertentie",
    "les også",
    "les mer",
    "læs også",
    "annonse",
    "annonce",
    "läs också",
    "läs även",
    "läs mer",
    "lue myös",
    "mainos",
    "czytaj także",
    "czytaj też",
    "czytaj więcej",
    "zobacz także",
    "zobacz też",
    "reklama",
    "čtěte také",
    "čtěte i",
    "читайте также",
    "читайте ещё",
    "реклама",
    "читайте нас",
    "подписывайтесь",
    "читайте також",
    "ayrıca oku",
    "来源：",
    "来源:",
    "责任编辑",
    "分享",
    "友情链接",
    "相关新闻",
    "相关阅读",
    "延伸閱讀",
    "関連記事",
    "あわせて読みたい",
    "続きを読む",
    "관련기사",
    "관련 기사",
    "무단 전재",
    "اقرأ أيضا",
    "اقرأ أيضًا",
    "إعلان",
    "abonnieren sie",
    "abonnez-vous",
    "inscrivez-vous",
    "s'abonner",
    "melden sie sich",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_tell_asides() {
        assert!(is_aside("Read more: What the talks are about", 0.0));
        assert!(is_aside("Lesen Sie auch: Worum es geht", 0.8));
        assert!(is_aside("ADVERTISEMENT", 0.0));
        assert!(is_aside("分享到微信", 0.0));
        assert!(!is_aside(
            "Read more than once, the letter says what the minister had promised to the families in May.",
            0.0
        ));
        assert!(!is_aside(
            "Related industries grew as well, the ministry said in its report on Friday afternoon.",
            0.0
        ));
    }
}
