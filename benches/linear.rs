//! Analysis takes time linear in the length of a text, whatever is repeated in it.
//!
//! `cargo bench --bench linear` analyses each pattern at seven lengths from 100 kB to 6.4 MB, prints the growth of the processor time,
//! and fails if that exceeds 2.3 a doubling, on average or from 3.2 to 6.4 MB. Each length is measured in turn with the next,
//! since a machine that others share is not as fast from one second to the next. A name as argument runs the patterns that
//! contain it: `cargo bench --bench linear -- title`.

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
        let mut growth = Vec::new();
        let mut last = Duration::ZERO;
        for doubling in 0..DOUBLINGS {
            let (short, long) =
                (repeated(&pattern, SHORTEST << doubling), repeated(&pattern, SHORTEST << (doubling + 1)));
            let (before, after) = times_in_turn(&mut analyser, &short, &long, if doubling < 3 { 5 } else { 2 });
            // The system counts in milliseconds: less may be nothing.
            growth.push(after.as_secs_f64().max(0.001) / before.as_secs_f64().max(0.001));
            last = after;
            if after > PATIENCE {
                break;
            }
        }
        let average = growth.iter().product::<f64>().powf(1.0 / growth.len() as f64);
        let longest = growth.last().copied().unwrap_or(1.0);
        let is_linear = average <= MOST && longest <= MOST && growth.len() == DOUBLINGS;
        failed += usize::from(!is_linear);
        let mark = if is_linear { "" } else { "  NOT LINEAR" };
        println!(
            "{:<42} {:>8.3} s  {average:.2} a doubling, {longest:.2} the last{mark}",
            format!("{pattern:?}"),
            last.as_secs_f64()
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

/// The shortest time that each text took in so many turns, which shows least of what else the machine does. The short text
/// is read twice a turn, for each to take as long as the other.
fn times_in_turn(analyser: &mut Analyser, short: &str, long: &str, turns: usize) -> (Duration, Duration) {
    let mut least = (Duration::MAX, Duration::MAX);
    for _ in 0..turns {
        let twice = time(analyser, short) + time(analyser, short);
        least.0 = least.0.min(twice / 2);
        least.1 = least.1.min(time(analyser, long));
    }
    least
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
