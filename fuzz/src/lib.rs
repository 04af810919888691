//! What the targets do, also without a fuzzer: `tests/mutations.rs`. `README.md` says how to run them.

mod analysis;
mod answer;
mod index;
mod query;
mod round_trip;

use std::ops::ControlFlow;

use onrecord::article::{self, Article, Bounds, Format, Options};

pub use analysis::analysis;
pub use answer::answer;
pub use index::Indexed;
pub use query::query;
pub use round_trip::round_trip;

/// Bounds small enough for a fuzzer to reach.
const BOUNDS: Bounds = Bounds { article: 64 << 10, parts: 64 << 10, document: 256 << 10, expansion: 200, nesting: 3 };

/// Reads `data` as `format`, or as what it is recognised for, and checks what every article promises.
pub fn read(name: &str, format: Option<Format>, data: &[u8]) {
    let options = Options { format, bounds: BOUNDS, ..Options::default() };
    let _ = article::read_from(name, data, &options, &mut |outcome| {
        match outcome {
            Ok(article) => check(&article),
            Err(skip) => assert!(!skip.to_string().contains('\n'), "a problem is one line: {skip}"),
        }
        ControlFlow::Continue(())
    });
}

/// Paragraphs are in order, within the text, on character boundaries and not empty.
fn check(article: &Article) {
    let mut end = 0;
    for paragraph in &article.paragraphs {
        assert!(paragraph.start >= end && paragraph.end > paragraph.start, "{paragraph:?}");
        assert!(article.text.get(paragraph.start as usize..paragraph.end as usize).is_some(), "{paragraph:?}");
        end = paragraph.end;
    }
}
