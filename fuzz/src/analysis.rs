//! Everything that is found in a text, of whatever characters: spans fit the text, and what is found does not depend on
//! what was analysed before.

use std::cell::RefCell;

use onrecord::analysis::Analyser;
use onrecord::article::{Article, Meta};
use onrecord::text::Span;

thread_local! {
    /// One for all texts, as a run has one for many articles: its caches fill.
    static LONG: RefCell<Analyser> = RefCell::new(Analyser::new());
}

/// Analyses a text.
pub fn analysis(text: &str) {
    let article = Article::from_plain(Meta::default(), text.to_owned());
    let analysis = LONG.with_borrow_mut(|analyser| analyser.analyse(&article));
    let fits = |span: Span| span.start < span.end && text.get(span.range()).is_some();
    for quotation in &analysis.quotations {
        assert!(!quotation.content.is_empty());
        assert!(quotation.content.iter().all(|span| fits(*span)), "{quotation:?}");
        assert!(quotation.content.windows(2).all(|pair| pair[0].end <= pair[1].start), "{quotation:?}");
        assert!(quotation.cue.is_none_or(fits) && quotation.source.is_none_or(fits), "{quotation:?}");
        assert!((0.0..=1.0).contains(&quotation.confidence), "{quotation:?}");
    }
    assert!(analysis.entities.mentions.iter().all(|mention| fits(mention.span)), "{:?}", analysis.entities);
    assert_eq!(Analyser::new().analyse(&article), analysis, "an analyser of its own finds something else");
}
