use crate::quote::Method;
use proptest::prelude::*;

use super::*;

fn span() -> impl Strategy<Value = CharSpan> {
    (0u32..5000, 0u32..300).prop_map(|(start, len)| CharSpan { start, end: start + len })
}

fn mention() -> impl Strategy<Value = StoredMention> {
    (span(), 0u64..3, "[A-C]{1,2}").prop_map(|(span, kind, entity)| StoredMention {
        span,
        kind: entity_kind(kind).unwrap(),
        entity,
    })
}

fn any_quote() -> impl Strategy<Value = StoredQuote> {
    let parts = (prop::collection::vec(span(), 1..4), prop::option::of(span()), prop::option::of(span()));
    let codes = (0u64..3, 0u64..5, 0u8..=100, any::<[bool; 4]>());
    (parts, prop::collection::vec("[A-E]{1,2}", 0..4), codes).prop_map(
        |((content, cue, source), speakers, (k, a, hundredths, [by_marks, speech, described, corrected]))| {
            StoredQuote {
                kind: kind(k).unwrap(),
                content,
                cue,
                source,
                speakers,
                attribution: attribution(a).unwrap(),
                hundredths,
                speech,
                described,
                method: if by_marks { Method::Marks } else { Method::Model },
                corrected,
            }
        },
    )
}

fn meta() -> impl Strategy<Value = Meta> {
    let names = prop::option::of("\\PC{0,12}");
    (
        ("\\PC{1,20}", "\\PC{1,20}", names.clone(), names.clone()),
        (names.clone(), names.clone(), names, prop::collection::vec("\\PC{0,9}", 0..3)),
        prop::option::of((1u64..7, "[0-9-]{10}")),
    )
        .prop_map(|((id, path, record, title), (outlet, section, collection, byline), date)| Meta {
            id,
            path,
            url: outlet.clone(),
            language: section.clone(),
            record,
            title,
            byline,
            outlet,
            section,
            collection,
            published: date.map(|(code, at)| Published { at, origin: origin(code).unwrap() }),
            custody: None,
        })
}

proptest! {
    #[test]
    fn there_and_back(
        meta in meta(),
        text in "\\PC{0,80}",
        paragraphs in prop::collection::vec(span(), 0..5),
        locators in prop::collection::vec((0u64..9_000).prop_map(locator), 0..5),
        mentions in prop::collection::vec(mention(), 0..6),
        quotes in prop::collection::vec(any_quote(), 0..4),
    ) {
        let whole = StoredArticle { meta, text, paragraphs, locators, mentions, quotes };
        let bytes = encode(&whole);
        prop_assert_eq!(decode_meta(&bytes), Ok(whole.meta.clone()));
        let read = decode(&bytes);
        prop_assert_eq!(read.as_ref(), Ok(&whole));
        // What users see of it says all of it.
        let shown = crate::search::Annotated::from(whole.clone());
        prop_assert_eq!(StoredArticle::from(shown), whole);
    }

    #[test]
    fn damage_is_told(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        // Whatever the bytes, reading them ends and does not panic.
        let _ = decode(&bytes);
    }
}
