//! Captions and the text of interview services.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::article::Format;

fuzz_target!(|data: &[u8]| onrecord_fuzz::read("a.vtt", Some(Format::Transcript), data));
