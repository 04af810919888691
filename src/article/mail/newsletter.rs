//! Newsletters as plain text: what they have around their text, and their marks of headings.

use super::super::Article;
use crate::language::world;
use crate::text::Span;

/// Above and below the text of a newsletter, paragraphs are no longer.
const LONGEST: usize = 500;

/// Leaves out what is above and below the text, and the marks around headings (`** Dues rise`, with a line of strokes below).
pub(super) fn tidy(article: &mut Article) {
    let letters = &world().letters;
    let text = &article.text;
    let lower = |span: &Span| {
        Some(span.of(text)).filter(|words| words.len() <= LONGEST).map(|words| words.to_lowercase().replace('’', "'"))
    };
    let is_head =
        |span: &Span| lower(span).is_some_and(|words| letters.heads.iter().any(|head| words.starts_with(head)));
    let is_foot = |span: &Span| lower(span).is_some_and(|words| letters.feet.iter().any(|foot| words.contains(foot)));
    let paragraphs = &article.paragraphs;
    let Some(start) = paragraphs.iter().position(|span| !is_head(span)) else { return };
    let end = paragraphs.iter().rposition(|span| !is_foot(span)).map_or(paragraphs.len(), |last| last + 1);
    let kept = paragraphs.get(start..end).unwrap_or_default().iter().map(|span| unmarked(text, *span));
    article.paragraphs = kept.filter(|span| span.of(text).contains(char::is_alphanumeric)).collect();
}

/// A paragraph without lines of strokes at its ends and without the mark of a heading.
fn unmarked(text: &str, span: Span) -> Span {
    let is_stroke = |c: char| matches!(c, '-' | '=' | '*' | '_' | '~' | ' ' | '\r');
    let is_rule = |line: &str| line.trim().len() >= 3 && line.trim_end_matches(is_stroke).is_empty();
    let mut words = span.of(text);
    while let Some((_, rest)) = words.split_once('\n').filter(|(line, _)| is_rule(line)) {
        words = rest;
    }
    while let Some((rest, _)) = words.rsplit_once('\n').filter(|(_, line)| is_rule(line)) {
        words = rest;
    }
    let words = words.trim();
    let words = words.strip_prefix("** ").or_else(|| words.strip_prefix("* * ")).unwrap_or(words);
    let start = (words.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    Span::new(start, start + words.len())
}

#[cfg(test)]
mod tests {
    use super::super::super::Meta;
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let mut article = Article::from_plain(Meta::default(), text.to_owned());
        tidy(&mut article);
        assert_eq!(article.paragraphs.iter().map(|span| span.of(text)).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn what_is_around_a_newsletter_goes() {
        check(
            "View this email in your browser (https://post.example/a)\n\n** Dues rise\n------------\n\nIt was late.\n\n=====\nCopyright © 2024 Post, All rights reserved.\n\nWant a change?\nYou can ** unsubscribe (https://post.example/b)\n",
            &["Dues rise", "It was late."],
        );
        check("Im Browser ansehen: https://post.example/a\n\nEs war spät.\n\nNewsletter abmelden\n", &["Es war spät."]);
    }

    #[test]
    fn what_is_within_the_text_stays() {
        let text = "The law lets readers unsubscribe with one click.\n\n---\n\nIt was late.";
        check(text, &["The law lets readers unsubscribe with one click.", "It was late."]);
        check("Unsubscribe\n", &["Unsubscribe"]);
    }
}
