//! RIS of libraries.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::article::Format;

fuzz_target!(|data: &[u8]| onrecord_fuzz::read("a.ris", Some(Format::Ris), data));
