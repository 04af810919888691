//! A short fuzz run that needs no tools: every sample, mutated at random from a fixed seed, must end in articles or in
//! problems of one line each, within its time.
//!
//! The long runs with coverage are the targets in `fuzz/`. For a longer run of this one: `ONRECORD_MUTATIONS=100000`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use onrecord::article::{self, Article, Bounds, Options};

/// Mutations of each sample; enough to meet every branch of the readers' error handling in a few seconds.
const ROUNDS: u64 = 150;

/// What one sample of a few kilobytes may take, on a busy machine and unoptimised; a hang takes longer.
const LONGEST: Duration = Duration::from_secs(20);

#[test]
fn mutated_samples_are_read_or_refused() {
    let rounds = std::env::var("ONRECORD_MUTATIONS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let samples = samples();
    let mut random = Random(0x6f6e_7265_636f_7264);
    for (name, bytes) in &samples {
        for round in 0..rounds {
            let other = &samples[random.below(samples.len())].1;
            let mutated = mutate(bytes, other, &mut random);
            let start = Instant::now();
            read(name, &mutated, round);
            assert!(start.elapsed() < LONGEST, "{name}, round {round}: took {:?}", start.elapsed());
        }
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

/// Reads and checks what every article promises: paragraphs in order, within the text, on character boundaries.
fn read(name: &str, bytes: &[u8], round: u64) {
    let options = Options {
        bounds: Bounds { article: 64 << 10, document: 256 << 10, ..Bounds::default() },
        ..Options::default()
    };
    let _ = article::read_from(name, bytes, &options, &mut |outcome| {
        match outcome {
            Ok(Article { text, paragraphs, .. }) => {
                let mut end = 0;
                for paragraph in paragraphs {
                    let slice = text.get(paragraph.start as usize..paragraph.end as usize);
                    assert!(paragraph.start >= end && slice.is_some(), "{name}, round {round}: {paragraph:?}");
                    end = paragraph.end;
                }
            }
            Err(skip) => assert!(!skip.to_string().contains('\n'), "{name}, round {round}: {skip}"),
        }
        ControlFlow::Continue(())
    });
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
        (self.0 % limit as u64) as usize
    }
}
