//! Analysis takes time linear in the length of a text, whatever is repeated in it.
//!
//! `cargo bench --bench linear` analyses each pattern at seven lengths from 100 kB to 6.4 MB, prints the growth of the time,
//! and fails if that exceeds 2.3 a doubling, on average or from 3.2 to 6.4 MB. A name as argument runs the patterns that
//! contain it: `cargo bench --bench linear -- title`.

#![allow(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use onrecord::analysis::Analyser;
use onrecord::article::{Article, Meta};

/// Most that the time may grow by when the length doubles.
const MOST: f64 = 2.3;
/// Bytes of the shortest text, and how often that is doubled.
const SHORTEST: usize = 100_000;
const DOUBLINGS: i32 = 6;
/// A text that takes longer is not made longer any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is repeated; `{}` is the number of the repetition.
const PATTERNS: &[&str] = &[
    // Abbreviations, initials and titles.
    "U.S. ",
    "Mr. Dr. U.S. ",
    "J. ",
    "J. K. Ray ",
    "Acme Inc. ",
    "a.b.",
    "President Ada Ray ",
    "Sen. Ada Ray, D-Wexcombe, ",
    // Names.
    "Ilse Marwick ",
    "Name{} Ray, ",
    "Name{} Ray said. ",
    "Mr. Smith and Name{} Ray and ",
    "Name{} Ray said she would. ",
    "Name{} Ray, the mayor of Sarn, said. ",
    "University of ",
    "Ray's ",
    "Ada and ",
    "Acme{} Corp. and the company ",
    "the mayor of Sarn ",
    // Marks, open and unclosed.
    "“",
    "“Yes ",
    "”",
    "\"",
    "\"a ",
    "'",
    "'a ",
    "« ",
    "(a ",
    "“Yes, ‘no, ",
    "“No deal.\n\n",
    "— ",
    "- ",
    ". ",
    "… ",
    ", ",
    // Cues and quotations.
    "said ",
    "he said “no” ",
    "he said she said ",
    "according to Ada Ray, ",
    "“No deal,” Ada Ray said. ",
    "“No deal,” said Name{} Ray. ",
    "He ",
    "He said it. She said no. ",
    // Headings, turns and lines.
    "Ada Ray\n\n",
    "ADA RAY: Yes.\n\n",
    "Q: Why?\n\nA: No.\n\n",
    "a\n",
    "a\n\n",
    // Words, numbers and letters.
    "a ",
    "A ",
    "a",
    "CAPITALS ",
    "1,000 ",
    "$1.5 million ",
    "May 16, 2025 ",
    "thirty-day-",
    "e\u{301}",
    "\u{202e}",
    "\u{200d}",
    "🙂 ",
    "新聞",
    "Новости ",
    "https://a.example/b ",
    "a/",
    "A&",
];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let mut analyser = Analyser::new();
    // Models are unpacked with the first text.
    time(&mut analyser, "Ada Ray spoke.");
    let mut failed = 0;
    for pattern in PATTERNS.iter().filter(|pattern| wanted.is_empty() || wanted.iter().any(|w| pattern.contains(w))) {
        let mut times = Vec::new();
        for doubling in 0..=DOUBLINGS {
            let text = repeated(pattern, SHORTEST << doubling);
            // The shortest of three shows least of what else the machine does; long texts need no repetition.
            let runs = if doubling < 3 { 3 } else { 1 };
            let took = (0..runs).map(|_| time(&mut analyser, &text)).min().unwrap_or_default();
            times.push(took.as_secs_f64());
            if took > PATIENCE {
                break;
            }
        }
        let (first, last) = (times.first().copied().unwrap_or(1.0), times.last().copied().unwrap_or(1.0));
        let average = (last / first).powf(1.0 / (times.len().max(2) - 1) as f64);
        let longest = times.iter().rev().nth(1).map_or(1.0, |before| last / before);
        let is_linear = average <= MOST && longest <= MOST && times.len() == DOUBLINGS as usize + 1;
        failed += usize::from(!is_linear);
        let mark = if is_linear { "" } else { "  NOT LINEAR" };
        println!(
            "{:<42} {:>8.3} s  {average:.2} a doubling, {longest:.2} the last{mark}",
            format!("{pattern:?}"),
            last
        );
    }
    if failed > 0 {
        println!("{failed} patterns take more than linear time");
        std::process::exit(1);
    }
}

/// The pattern again and again, after a sentence of its own.
fn repeated(pattern: &str, bytes: usize) -> String {
    let mut text = String::from("The mayor of Sarn spoke. ");
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        text.push_str(&pattern.replace("{}", &format!("{number}")));
    }
    text
}

fn time(analyser: &mut Analyser, text: &str) -> Duration {
    let article = Article::from_plain(Meta::default(), text.to_owned());
    let clock = Instant::now();
    black_box(analyser.analyse(&article));
    clock.elapsed()
}
