//! Clippings of Nexis and Factiva, known by their content.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::article::Format;

fuzz_target!(|data: &[u8]| onrecord_fuzz::read("a.txt", Some(Format::Text), data));
