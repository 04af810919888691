//! Everything that is found in a text, of whatever characters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::analysis::Analyst;
use onrecord::article::{Article, Meta};

fuzz_target!(|text: &str| {
    let article = Article::from_plain(Meta::default(), text.to_owned());
    let analysis = Analyst::new().analyse(&article);
    for quotation in &analysis.quotations {
        for span in &quotation.content {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
        }
    }
});
