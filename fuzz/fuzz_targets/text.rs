//! Plain text and Markdown, in any encoding.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| onrecord_fuzz::read("a.md", None, data));
