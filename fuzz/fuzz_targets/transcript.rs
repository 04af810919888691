//! Captions, Timed Text and the text of interview services: which of these it is shows in its content.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::article::Format;

fuzz_target!(|data: &[u8]| onrecord_fuzz::read("a.vtt", Some(Format::Transcript), data));
