//! Queries: whatever is typed is read as something, and what was read is printed so that it is read as the same.
#![no_main]

libfuzzer_sys::fuzz_target!(|query: &str| onrecord_fuzz::query(query));
