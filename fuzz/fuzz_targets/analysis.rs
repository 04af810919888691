//! Everything that is found in a text, of whatever characters: spans fit the text, and what is found does not depend on
//! what was analysed before.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| onrecord_fuzz::analysis(text));
