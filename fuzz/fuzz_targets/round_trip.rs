//! What goes in is found: every word, every run of words and every quotation of any text, by its own characters.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| onrecord_fuzz::round_trip(text));
