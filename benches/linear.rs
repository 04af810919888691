//! Analysis takes time linear in the length of a text, whatever is repeated in it.
//!
//! `cargo bench --bench linear` analyses each pattern at seven lengths from 100 kB to 6.4 MB, prints the growth of the processor time,
//! and fails if that exceeds 2.3 a doubling, on average or from 3.2 to 6.4 MB. What fails is measured again, up to three times
//! in all, since a machine that others share is not as fast from one second to the next. A name as argument runs the patterns
//! that contain it: `cargo bench --bench linear -- title`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use mimalloc::MiMalloc;
use onrecord::analysis::Analyser;
use onrecord::article::{Article, Meta};

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Most that the time may grow by when the length doubles.
const MOST: f64 = 2.3;
/// Bytes of the shortest text, and how often that is doubled.
const SHORTEST: usize = 100_000;
const DOUBLINGS: usize = 6;
/// How often a pattern is measured before its growth counts as too much.
const MOST_TURNS: usize = 3;
/// A text that takes longer is not made longer any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is repeated.
const PATTERNS: &str = include_str!("patterns.txt");

/// Has the allocator keep what it once had: pages that only a long text makes it give back are zeroed again with each text.
const KEEP_MEMORY: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "-1");

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    if std::env::var_os(KEEP_MEMORY.0).is_none() {
        // The allocator reads it when the process starts.
        let mut again = Command::new(std::env::current_exe().unwrap());
        let status = again.args(&wanted).env(KEEP_MEMORY.0, KEEP_MEMORY.1).status().unwrap();
        std::process::exit(status.code().unwrap_or(1));
    }
    let mut analyser = Analyser::new();
    // Models are unpacked with the first text.
    time(&mut analyser, "Ada Ray spoke.");
    let mut failed = 0;
    for pattern in patterns().filter(|pattern| wanted.is_empty() || wanted.iter().any(|w| pattern.contains(w))) {
        let texts: Vec<String> = (0..=DOUBLINGS).map(|doubling| repeated(&pattern, SHORTEST << doubling)).collect();
        let mut least = vec![Duration::MAX; texts.len()];
        let mut growth = (f64::MAX, f64::MAX);
        for _ in 0..MOST_TURNS {
            measure(&mut analyser, &texts, &mut least);
            growth = growth_of(&least);
            if growth.0 <= MOST && growth.1 <= MOST {
                break;
            }
        }
        let is_linear = growth.0 <= MOST && growth.1 <= MOST;
        failed += usize::from(!is_linear);
        println!(
            "{:<42} {:>8.3} s  {:.2} a doubling, {:.2} the last{}",
            format!("{pattern:?}"),
            least[DOUBLINGS].as_secs_f64(),
            growth.0,
            growth.1,
            if is_linear { "" } else { "  NOT LINEAR" }
        );
    }
    if failed > 0 {
        println!("{failed} patterns take more than linear time");
        std::process::exit(1);
    }
}

/// The patterns as they are repeated.
fn patterns() -> impl Iterator<Item = String> {
    let unescaped = |line: &str| {
        [("\\n", "\n"), ("\\u{301}", "\u{301}"), ("\\u{202e}", "\u{202e}"), ("\\u{200d}", "\u{200d}")]
            .into_iter()
            .fold(line.to_owned(), |line, (written, meant)| line.replace(written, meant))
    };
    let lines = PATTERNS.lines().filter(|line| !line.starts_with("# "));
    lines.filter_map(move |line| line.strip_suffix('$').map(unescaped))
}

/// The pattern again and again, between two sentences of their own.
fn repeated(pattern: &str, bytes: usize) -> String {
    let mut text = String::from("The mayor of Sarn spoke. ");
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        text.push_str(&pattern.replace("{}", &format!("{number}")));
    }
    text + "“No deal at all,” Ada Ray said."
}

/// Keeps the least time that each text took, which shows least of what else the machine does. Short texts are read again and
/// again, so that all lengths are measured over the same number of bytes: the system counts in milliseconds.
fn measure(analyser: &mut Analyser, texts: &[String], least: &mut [Duration]) {
    for (doubling, text) in texts.iter().enumerate() {
        let times = 1 << (DOUBLINGS - doubling);
        let taken = (0..times).map(|_| time(analyser, text)).sum::<Duration>() / times;
        least[doubling] = least[doubling].min(taken);
        if taken > PATIENCE {
            return;
        }
    }
}

/// How much the time grows by with a doubling: on average, and at the last one. A length that took too long has no end.
fn growth_of(least: &[Duration]) -> (f64, f64) {
    let times: Vec<f64> = least.iter().map(Duration::as_secs_f64).collect();
    let (first, last, before) = (times[0], times[DOUBLINGS], times[DOUBLINGS - 1]);
    ((last / first).powf(1.0 / DOUBLINGS as f64), last / before)
}

fn time(analyser: &mut Analyser, text: &str) -> Duration {
    let article = Article::from_plain(Meta::default(), text.to_owned());
    let (clock, start) = (Instant::now(), processor_time());
    black_box(analyser.analyse(&article));
    match (start, processor_time()) {
        (Some(start), Some(end)) => end.saturating_sub(start),
        _ => clock.elapsed(),
    }
}

/// Time that this thread had on a processor, where the system tells: other work then does not count.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
