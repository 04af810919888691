//! Answers: whatever is asked of an index, it answers, and counts what it gives.

use std::sync::LazyLock;

use onrecord::query::Matching;
use onrecord::search::{Backend as _, By, Duplicates, Request, Sort};

use super::Indexed;

/// Texts with what queries turn on: forms, numbers, names, quotations of every kind, paragraphs, sentences.
static INDEXED: LazyLock<Indexed> = LazyLock::new(|| {
    Indexed::new(&[
        "“The harbour stays shut until the talks end,” Ada Ray said. A 30-day ceasefire held.\n\nThe mayor left early.",
        "Ada Ray said that the harbour would open in thirty days. “We will wait,” she said, “for the $1.5 billion.”",
        "The U.S. mayor, Ben Oyelaran, told Corvane Press the cease-fire cost 1,500,000,000 dollars.\n\nRain fell.",
        "The U.S. mayor, Ben Oyelaran, told Corvane Press the cease-fire cost 1,500,000,000 dollars.\n\nSnow fell.",
        "Rain fell. Rain fell again. It rained on the pilots’ café in Wexcombe, and 停火 was agreed.",
    ])
});

/// Answers a query; each bit of the settings is one.
pub fn answer(settings: u8, query: &str) {
    let request = Request {
        query: query.to_owned(),
        by: [None, Some(By::Quote), Some(By::Passage), Some(By::Article)][usize::from(settings & 3)],
        sort: if settings & 4 == 0 { Sort::Rank } else { Sort::Newest },
        matching: if settings & 8 == 0 { Matching::All } else { Matching::Any },
        duplicates: if settings & 16 == 0 { Duplicates::Show } else { Duplicates::Collapse },
        literal: settings & 32 != 0,
        explain: settings & 64 != 0,
        facets: if settings & 128 == 0 { Vec::new() } else { vec!["speaker".to_owned(), "month".to_owned()] },
        limit: u64::MAX,
        ..Request::default()
    };
    let answer = INDEXED.engine.search(&request).expect("an answer to anything");
    if request.duplicates == Duplicates::Show {
        assert_eq!(answer.total, answer.hits.len() as u64, "{request:?}");
    }
    for hit in &answer.hits {
        let chars = hit.text.chars().count() as u32;
        assert!(hit.highlights.iter().all(|mark| mark.start < mark.end && mark.end <= chars), "{request:?} {hit:?}");
    }
}
