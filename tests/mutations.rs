//! A short fuzz run that needs no tools: what the targets in `fuzz/` do, with samples that are mutated at random from a fixed
//! seed, each within its time; and again with all that fuzzing has found.
//!
//! For a longer run: `ONRECORD_MUTATIONS=100000`, the number of mutations of each sample.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use onrecord::article::Format;

#[path = "../fuzz/src/lib.rs"]
#[allow(missing_docs, unreachable_pub, reason = "a library of its own")]
mod fuzz;

/// Mutations of each sample; enough to meet every branch of the readers' error handling in a few seconds.
const ROUNDS: u64 = 150;

/// What one sample of a few kilobytes may take, on a busy machine and unoptimised; a hang takes longer.
const LONGEST: Duration = Duration::from_secs(20);

/// Mutations of each sample; `few` where nothing else is said.
fn rounds(few: u64) -> u64 {
    std::env::var("ONRECORD_MUTATIONS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(few)
}

/// Calls `target` with mutations of each sample; the bytes, as text, make up for a panic that says nothing of them.
fn mutations(samples: &[(String, Vec<u8>)], rounds: u64, target: impl Fn(&str, &[u8])) {
    let mut random = Random(0x6f6e_7265_636f_7264);
    for (name, bytes) in samples {
        for round in 0..rounds {
            let other = &samples[random.below(samples.len())].1;
            let mutated = mutate(bytes, other, &mut random);
            let start = Instant::now();
            let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| target(name, &mutated)));
            let took = start.elapsed();
            let fine = ended.is_ok() && took < LONGEST;
            assert!(fine, "{name}, round {round}, {took:?}: {:?}", String::from_utf8_lossy(&mutated));
        }
    }
}

/// Texts for the targets that are given one: the paragraphs of the sample articles.
fn paragraphs() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files: Vec<_> = onrecord::article::files(&[folder]).flatten().collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "txt" || end == "md"));
    files.sort();
    let texts = files.iter().map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned());
    texts.flat_map(|text| text.split("\n\n").map(|text| (text.to_owned(), text.into())).collect::<Vec<_>>()).collect()
}

/// Queries of every kind.
fn queries() -> Vec<(String, Vec<u8>)> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/query-language.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let examples = guide.split('`').skip(1).step_by(2).filter(|example| !example.contains('\n'));
    examples.map(|example| (example.to_owned(), example.into())).collect()
}

/// What a target that is given text makes of bytes.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn mutated_samples_are_read_or_refused() {
    mutations(&samples(), rounds(ROUNDS), |name, bytes| fuzz::read(name, None, bytes));
}

#[test]
fn mutated_texts_are_analysed() {
    mutations(&paragraphs(), rounds(4), |_, bytes| fuzz::analysis(&text(bytes)));
}

#[test]
fn mutated_texts_are_found_again() {
    // An index for each of them takes its time.
    let texts: Vec<_> = paragraphs().into_iter().step_by(40).collect();
    mutations(&texts, rounds(1), |_, bytes| fuzz::round_trip(&text(bytes)));
}

#[test]
fn mutated_queries_are_read_and_answered() {
    mutations(&queries(), rounds(5), |_, bytes| {
        let query = text(bytes);
        fuzz::query(&query);
        fuzz::answer(bytes.len() as u8, &query);
    });
}

#[test]
fn what_fuzzing_found_stays_mended() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    let mut files = 0;
    for target in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = target.file_name().unwrap().to_string_lossy().into_owned();
        for file in std::fs::read_dir(&target).unwrap().map(|entry| entry.unwrap().path()) {
            let bytes = std::fs::read(&file).unwrap();
            replay(&name, &bytes);
            files += 1;
        }
    }
    assert!(files > 0);
}

/// Gives a target the bytes that it once failed with.
fn replay(target: &str, bytes: &[u8]) {
    let read = |name, format| fuzz::read(name, format, bytes);
    match target {
        "analysis" => fuzz::analysis(&text(bytes)),
        "round_trip" => fuzz::round_trip(&text(bytes)),
        "query" => fuzz::query(&text(bytes)),
        "answer" => fuzz::answer(bytes.first().copied().unwrap_or(0), &text(bytes.get(1..).unwrap_or_default())),
        "html" => read("a.html", Some(Format::Html)),
        "json" => read("a.json", Some(Format::Json)),
        "lines" => read("a.jsonl", Some(Format::JsonLines)),
        "csv" => read("a.csv", Some(Format::Csv)),
        "mbox" => read("a.mbox", Some(Format::Mbox)),
        "zip" => read("a.zip", Some(Format::Zip)),
        "layers" | "tar" | "warc" | "mail" | "xml" | "text" => read("a", None),
        other => panic!("there is no target {other}"),
    }
}

/// The samples, and some of them packed, so that layers and archives are met.
fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut samples: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).unwrap()))
        .collect();
    samples.sort();
    let packed: Vec<(String, Vec<u8>)> = samples
        .iter()
        .step_by(4)
        .map(|(name, bytes)| (format!("{name}.zst"), zstd::encode_all(&bytes[..], 1).unwrap()))
        .collect();
    samples.extend(packed);
    samples
}

/// One to four changes: bytes flipped, cut out, doubled, taken from another sample, or the end cut off.
fn mutate(bytes: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len());
        let end = (at + 1 + random.below(64)).min(bytes.len());
        match random.below(6) {
            0 => bytes[at] = random.below(256) as u8,
            1 => bytes[at] ^= 1 << random.below(8),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part.repeat(1 + random.below(200)));
            }
            4 => {
                let from = random.below(other.len());
                let part = other[from..(from + 1 + random.below(200)).min(other.len())].to_vec();
                bytes.splice(at..end, part);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// Marsaglia's xorshift: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}
