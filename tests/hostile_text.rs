//! Text that nobody wrote as news: whatever comes in, the analysis ends, in time and memory linear in the text, and every
//! span it gives fits the text. The sizes are those that a build without optimisation gets through in seconds; a release
//! build takes a paragraph of 5 MB and 100,000 unbalanced marks in the same way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use onrecord::analysis::{Analyser, Analysis, Depth};
use onrecord::article::{Article, Meta};
use onrecord::text::Span;
use proptest::prelude::*;

/// Bytes of a text that is read carefully as well.
const CAREFUL: usize = 3_000;

/// Analyses `text`, a short one carefully as well, and checks that all spans stand on character borders within it.
#[track_caller]
fn check(text: &str) -> Analysis {
    let article = Article::from_plain(Meta::default(), text.to_owned());
    if text.len() <= CAREFUL {
        check_spans(text, &Analyser::new().analyse_as(&article, Depth::Careful));
    }
    let analysis = Analyser::new().analyse(&article);
    check_spans(text, &analysis);
    analysis
}

#[track_caller]
fn check_spans(text: &str, analysis: &Analysis) {
    let fits = |span: Span| span.start < span.end && text.get(span.range()).is_some();
    for quotation in &analysis.quotations {
        assert!(!quotation.content.is_empty());
        assert!(quotation.content.iter().all(|span| fits(*span)));
        assert!(quotation.content.windows(2).all(|pair| pair[0].end <= pair[1].start));
        assert!(quotation.cue.is_none_or(fits) && quotation.source.is_none_or(fits));
        assert!((0.0..=1.0).contains(&quotation.confidence));
    }
    assert!(analysis.entities.mentions.iter().all(|mention| fits(mention.span)));
}

#[test]
fn a_long_paragraph_without_a_full_stop() {
    check(&"and the mayor said that the harbour “would be open” ".repeat(4_000));
}

/// Were the time to grow with the square of the length, each would take minutes.
#[test]
fn long_sentences_of_other_languages() {
    for (language, sentence) in [
        ("de", "„Nein“, sagte Herr Müller von der "),
        ("de", "„Nein. Nie“, sagte Herr Müller von der "),
        ("es", "«No», dijo el señor Pérez de la "),
        ("pt", "“Não”, disse o senhor Silva da "),
        ("ru", "«Нет», сказал Иванов из "),
        ("ar", "قال «لا» "),
        ("ja", "「いいえ」と田中氏は言い、"),
        ("zh", "王先生说“不”，"),
        ("de", "– Nein, sagt Anna, "),
        ("uk", "м'я"),
        ("fr", "a’b"),
    ] {
        let meta = Meta { language: Some(language.to_owned()), ..Meta::default() };
        let article = Article::from_plain(meta, sentence.repeat(8_000));
        assert!(Analyser::new().analyse(&article).quotations.len() < 80_000);
    }
}

#[test]
fn a_very_long_word() {
    check(&"a".repeat(20_000));
    check(&"a.".repeat(50_000));
    check(&"n't".repeat(30_000));
    check(&"a'b".repeat(50_000));
    check(&"O'".repeat(50_000));
}

#[test]
fn marks_that_never_close() {
    for mark in ["\"", "“", "”", "''", "'", "‘", "’", "«", "„", "“‘", "\"a ", "‘a ", "—", "(", "“a.\n\n"]
    {
        check(&mark.repeat(10_000));
    }
}

#[test]
fn combining_characters_only() {
    check(&"\u{301}\u{308}\u{327}".repeat(20_000));
    check(&"\u{200d}\u{fe0f}\u{ad}".repeat(20_000));
}

#[test]
fn marks_where_something_said_would_stand() {
    check(",s R\0,h”said AR,R”said\u{1}\0");
}

#[test]
fn many_speakers_in_one_paragraph() {
    let crowd: Vec<String> = (0..2_000).map(|n| format!("“No {n},” said Ann Ray{n}. ")).collect();
    check(&crowd.concat());
}

#[test]
fn a_transcript_of_many_turns() {
    let turns: Vec<String> = (0..500).map(|n| format!("SPEAKER{}: Turn {n}, and “this” too.\n\n", n % 7)).collect();
    assert!(check(&turns.concat()).quotations.len() >= 500);
}

/// Nobody is named who could be the guest, so each answer looks for one.
#[test]
fn answers_of_nobody() {
    for turn in ["Q. Why?\n\nA. No.\n\n", "BY MR. RAY:\n\nQ. Why?\n\nA. No.\n\n"] {
        check(&format!("The mayor of Sarn spoke.\n\n{}", turn.repeat(20_000)));
    }
}

proptest! {
    #[test]
    fn any_text(text in "\\PC{0,300}") {
        check(&text);
    }

    #[test]
    fn anything_that_looks_like_a_quotation(
        text in "([ \n,.:—()'\"“”‘’«»„]|\n\n|said|he|Ann|Ray|RAY|Q|A|according|to|that|Mr\\.|n't){0,80}"
    ) {
        check(&text);
    }
}
