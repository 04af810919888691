//! Queries: whatever is typed is read as something.
#![no_main]

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use onrecord::query::{Matching, parse};

fuzz_target!(|query: &str| {
    for matching in [Matching::All, Matching::Any] {
        let _ = parse(query, matching, date(2025, 6, 17));
    }
});
