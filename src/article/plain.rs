//! Plain text: the body verbatim, but for the numbers of lines, and the little that its name and head tell.

use serde_json::Value;

use super::record::{self, FieldMap, Fields};
use super::{Article, Hints, Meta, Place, Problem};
use super::{charset, date, language, mail, pdf};

/// Reads a text file. It has no headline: a first line that looks like one is part of the body, since offsets must fit the file.
/// So is a head of labelled lines, which is in no paragraph.
pub(super) fn read(bytes: &[u8], place: &Place, hints: &Hints) -> Result<Article, Problem> {
    let decoded = charset::decode(bytes.to_vec(), hints.charset.as_deref())?;
    if decoded.text.trim().is_empty() {
        return Err(Problem::Empty);
    }
    let numbered = pdf::numbered(&decoded.text);
    let head = if numbered.is_none() { head(&decoded.text) } else { None };
    let mut article = match (numbered, head) {
        (Some(turns), _) => Article::from_parts(Meta::at(place), turns.iter().map(|turn| (turn.as_str(), None))),
        (None, Some((fields, start))) => {
            let mut article = record::with_body(&fields, decoded.text, place, hints, &FieldMap::default());
            article.paragraphs.retain(|paragraph| paragraph.start as usize >= start);
            article
        }
        (None, None) => Article::from_plain(Meta::at(place), decoded.text),
    };
    article.warnings.splice(0..0, decoded.warnings);
    article.meta.language = article.meta.language.or_else(|| language::detect(&article.text));
    article.meta.published = article.meta.published.or_else(|| date::from_name(place));
    Ok(article)
}

/// What the labelled lines above a text say about it, and where it begins: `Title: …`, `Author: …`, `Date: …`, and a blank line.
fn head(text: &str) -> Option<(Fields, usize)> {
    const FEWEST: usize = 2;
    const MOST: usize = 12;
    const LONGEST_LABEL: usize = 30;
    let mut fields = Fields::new();
    let mut at = 0;
    for line in text.split_inclusive('\n').take(MOST) {
        let written = line.trim();
        if written.is_empty() {
            let is_head = fields.len() >= FEWEST && FieldMap::default().describes(&fields);
            let has_text = text.get(at..).is_some_and(|rest| rest.contains(char::is_alphabetic));
            return if is_head && has_text { Some((fields, at)) } else { mail::saved(text) };
        }
        let label =
            written.split_once(':').filter(|(label, value)| label.len() <= LONGEST_LABEL && !value.trim().is_empty());
        let Some((label, value)) = label.filter(|(label, _)| FieldMap::is_about(label)) else {
            return mail::saved(text);
        };
        fields.insert(label.to_owned(), Value::String(value.trim().to_owned()));
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::Published;
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: [&str; 4]) {
        let article = read(text.as_bytes(), &Place::file("a.txt"), &Hints::default()).unwrap();
        let meta = &article.meta;
        let day = meta.published.as_ref().map(Published::day).unwrap_or_default();
        let found: Vec<&str> = article.paragraphs.iter().map(|paragraph| paragraph.of(&article.text)).collect();
        assert_eq!(
            [meta.title.as_deref().unwrap_or_default(), &meta.byline.join(", "), day, &found.join(" ¶ ")],
            expect,
            "{text}"
        );
        assert_eq!(article.text, text);
    }

    #[test]
    fn a_head_of_labelled_lines_says_what_the_text_is() {
        check(
            "Title: Dues rise\nAuthor: Ann Ray\nDate: March 4, 2025\nSource: Canal Post\n\nIt was late.\n\nHe left.\n",
            ["Dues rise", "Ann Ray", "2025-03-04", "It was late. ¶ He left."],
        );
        check("Titel: Dues rise\nDatum: 4.3.2025\n\nIt was late.\n", ["Dues rise", "", "2025-03-04", "It was late."]);
        check(
            "Von: Canal Post <c@post.example>\nGesendet: 4. März 2025 10:12\nAn: Desk\nBetreff: Dues rise\n\nIt was late.\n",
            ["Dues rise", "", "2025-03-04", "It was late."],
        );
    }

    #[test]
    fn other_lines_with_colons_are_text() {
        for text in [
            "Vale: It was late.\nKern: He left.\n\nOn.",
            "Date: March 4, 2025\n\nIt was late.",
            "Title: Dues rise\nVale: It was late.\n\nOn.",
            "Title: Dues rise\nDate: March 4, 2025",
            "Source: the river\nBy: boat\n\nIt was late.",
            "Story: A long day\nText: It was late.\n\nOn.",
        ] {
            let article = read(text.as_bytes(), &Place::file("a.txt"), &Hints::default()).unwrap();
            assert_eq!(
                (article.meta.title, article.paragraphs.first().map(|first| first.start)),
                (None, Some(0)),
                "{text}"
            );
        }
    }
}
