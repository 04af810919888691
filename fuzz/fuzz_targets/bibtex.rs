//! BibTeX.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onrecord::article::Format;

fuzz_target!(|data: &[u8]| onrecord_fuzz::read("a.bib", Some(Format::Bibtex), data));
