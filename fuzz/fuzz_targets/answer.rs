//! Answers: whatever is asked of an index, it answers, and counts what it gives.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: (u8, &str)| onrecord_fuzz::answer(input.0, input.1));
