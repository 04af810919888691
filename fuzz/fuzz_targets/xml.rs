//! Feeds, sitemaps and wire formats, by their roots.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| onrecord_fuzz::read("a.xml", None, data));
