//! Compressed layers, by their bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| onrecord_fuzz::read("a", None, data));
