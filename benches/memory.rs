//! What an ingest takes of memory, whatever is in its input: up to 500 MB for any one input of the largest size that is read,
//! on two threads, and up to 800 MB for all of them together.
//!
//! `cargo bench --bench memory` ingests each input by itself and then all of them at once, prints the time and the peak, and
//! fails above these limits. A name as argument runs the inputs that contain it. Needs Linux, which tells the peak.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench that cannot start has nothing to say but why")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Megabytes that one input may take, and all of them.
const MOST: u64 = 500;
const MOST_OF_ALL: u64 = 800;
/// Bytes of the largest file that is read as one article, nearly.
const FULL: usize = 16_000_000;

/// Name, what it begins with, what is repeated and how many bytes of it there are, and its end. `fewer` are as many as one
/// article may have, nearly.
const INPUTS: &[(&str, &str, &str, usize, &str)] = &[
    ("paragraphs.txt", "", "a\n\n", 6_000_000, ""),
    ("paragraphs-fewer.txt", "", "a\n\n", 930_000, ""),
    ("words.txt", "", "The mayor of Sarn said that Ada Ray would open the harbour. ", FULL, ""),
    ("words-fewer.txt", "", "The mayor of Sarn said that Ada Ray would open the harbour. ", 4_300_000, ""),
    ("names-fewer.txt", "", "Ada Ray ", 3_900_000, ""),
    ("quotes-fewer.txt", "", "“No,” Ada said. ", 1_500_000, ""),
    ("letters-fewer.txt", "", "a ", 1_990_000, ""),
    ("ideographs-fewer.txt", "", "不", 2_990_000, ""),
    ("commas-fewer.txt", "", ",", 990_000, ""),
    ("ampersands.txt", "", "&", 15_000_000, ""),
    ("addresses.txt", "", "a/", 14_000_000, ""),
    ("soft-breaks.eml", MAIL, "=", 8_000_000, ""),
    ("heads.eml", "Subject: a\n", "A:b\n", FULL, "\nRain fell.\n"),
    ("heads-fewer.eml", "Subject: a\n", "A:b\n", 790_000, "\nRain fell.\n"),
    ("parts.eml", PARTS, "--b\n\na\n", FULL, ""),
    ("angles.html", "<p>", "<", 15_000_000, ""),
    ("entities.html", "<p>", "&", 15_000_000, ""),
    ("tags.html", "<p>", "<b>", 15_000_000, ""),
    ("data.html", "<p>Rain fell.<script type=\"application/ld+json\">{\"x\":[", "[],", 15_000_000, "1]}</script>"),
    ("instructions.xml", "<?xml version=\"1.0\"?><rss><channel>", "<?x ", 12_000_000, ""),
    ("items.xml", "<?xml version=\"1.0\"?><rss><channel>", "<item><title>a</title></item>", FULL, ""),
    ("records.jsonl", "", "{\"id\":\"a\",\"text\":\"Rain fell.\"}\n", FULL, ""),
    ("values.jsonl", RECORD, "[[]],", FULL, "1]}\n"),
    ("values-fewer.json", RECORD, "[[]],", 1_660_000, "1]}"),
    ("objects-fewer.json", RECORD, "{\"\":0},", 3_490_000, "1]}"),
    ("list.json", "[", "[],", FULL, "[]]"),
    ("lines.vtt", "WEBVTT\n\n00:00.000 --> 00:09.000\n", "a\n", FULL, ""),
    ("voices.vtt", "WEBVTT\n\n00:00.000 --> 00:09.000\n", "<v a>b", FULL, ""),
    ("columns.csv", "title,text\n", "a,", FULL, "b\n"),
    // A million articles: the lists of what was read grow with them.
    ("rows.csv", "title,text\n", "a,b\n", 4_000_000, ""),
];

const RECORD: &str = "{\"title\":\"a\",\"text\":\"Rain fell.\",\"x\":[";

const PARTS: &str = "Subject: a\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n";

const MAIL: &str = "Subject: a\nFrom: a@b.example\nMIME-Version: 1.0\nContent-Type: text/plain\n\
                    Content-Transfer-Encoding: quoted-printable\n\n";

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let folder = tempfile::tempdir().unwrap();
    let inputs = folder.path().join("inputs");
    fs::create_dir(&inputs).unwrap();
    let mut failed = 0;
    for (name, start, repeated, bytes, end) in INPUTS {
        if wanted.is_empty() || wanted.iter().any(|wanted| name.contains(wanted.as_str())) {
            let file = inputs.join(name);
            fs::write(&file, format!("{start}{}{end}", repeated.repeat(bytes / repeated.len()))).unwrap();
            failed += usize::from(!measure(name, &file, MOST));
        }
    }
    failed += usize::from(!measure("all of them", &inputs, MOST_OF_ALL));
    if failed > 0 {
        println!("{failed} inputs take more memory than they may");
        std::process::exit(1);
    }
}

/// Ingests an input on two threads into an index of its own; false if it took more megabytes than `most`.
fn measure(name: &str, input: &Path, most: u64) -> bool {
    let index = tempfile::tempdir().unwrap();
    let clock = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
    command.args(["--quiet", "ingest", "--threads", "2"]).arg(input).env("ONRECORD_INDEX", index.path());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut peak = 0;
    let status = loop {
        peak = peak_of(child.id()).unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        sleep(Duration::from_millis(10));
    };
    let ended = matches!(status.code(), Some(0 | 3));
    let mark = if peak > most || !ended { "  TOO MUCH" } else { "" };
    println!("{name:<24} {:>7.2} s {peak:>6} MB{mark}", clock.elapsed().as_secs_f64());
    peak <= most && ended
}

/// The most memory that a process has had, in megabytes.
fn peak_of(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1000)
}
