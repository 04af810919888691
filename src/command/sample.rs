//! `onrecord sample`: random hits to judge by hand, and how many of them were right.

use std::borrow::Cow;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;

use super::search_args::{SearchArgs, Unit};
use super::{Global, Outcome, output};
use crate::answers::Random;
use crate::present::columns::{COLUMNS, cells};
use crate::present::csv::table;
use crate::present::phrase::{count, thousands};
use crate::search::{Hit, Request};

/// Arguments of `sample`.
#[derive(Debug, Args)]
pub struct Sample {
    /// Query whose hits are drawn from [with filters alone: everything]
    query: Option<String>,
    /// Number of hits to draw
    #[arg(long = "sample", value_name = "N", default_value_t = 100)]
    size: usize,
    /// The same seed draws the same hits from the same index
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Kind of hit
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<Unit>,
    /// Read a sheet back and print the precision; its column `correct` holds y or n, or nothing
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    read: Option<PathBuf>,
    #[command(flatten)]
    bom: output::Bom,
    #[command(flatten)]
    search: SearchArgs,
}

/// Draws hits, or reads a sheet back.
pub fn run(args: &Sample, global: &Global) -> anyhow::Result<Outcome> {
    if let Some(path) = &args.read {
        let judged = read(path)?;
        if judged == 0 {
            let path = path.display();
            output::say(&format!("nothing is judged in `{path}`; write y or n into its column `correct`"), global);
        }
        return Ok(if judged == 0 { Outcome::NoHits } else { Outcome::Done });
    }
    let query = &args.search.query(args.query.clone())?;
    let (engine, _) = args.search.engine(global)?;
    let request = Request { by: args.by.map(Unit::into), ..args.search.request(query)? };
    let mut random = Random(args.seed);
    let mut drawn: Vec<Hit> = Vec::new();
    let results = engine.all_results(&request)?;
    output::warn(&results.response().warnings, global);
    let total = results.response().total;
    // Every hit has the same chance to stay (reservoir sampling).
    for (number, hit) in results.enumerate() {
        let place = if number < args.size { number } else { random.below(number + 1) };
        if number < args.size {
            drawn.push(hit?);
        } else if let Some(kept) = drawn.get_mut(place) {
            *kept = hit?;
        }
    }
    let header: Vec<&str> = ["correct", "comment"].into_iter().chain(COLUMNS).collect();
    let rows = drawn.iter().map(|hit| -> Vec<Cow<str>> {
        let blank = [String::new(), String::new()];
        blank.into_iter().chain(cells(hit)).map(Into::into).collect()
    });
    let mut out = io::stdout().lock();
    write!(out, "{}", args.bom.mark(true)?)?;
    table(&mut out, &header, rows)?;
    out.flush()?;
    output::say(&format!("drew {} of {}", thousands(drawn.len() as u64), count(total, "hit")), global);
    Ok(if drawn.is_empty() { Outcome::NoHits } else { Outcome::Done })
}

/// Prints the precision of the judged rows and its interval, and gives how many these are.
fn read(path: &Path) -> anyhow::Result<u64> {
    let shown = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{shown}`"))?;
    // Excel writes what the region of the machine separates lists by, and letters in its code page, or in UTF-16, which
    // begins with a byte order mark.
    let (text, ..) = encoding_rs::UTF_8.decode(&bytes);
    let header = text.lines().next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|&c| header.bytes().filter(|&b| b == c).count());
    let mut sheet = csv::ReaderBuilder::new().delimiter(delimiter.unwrap_or(b',')).from_reader(text.as_bytes());
    let Some(column) = sheet.headers()?.iter().position(|name| name.trim() == "correct") else {
        bail!("`{shown}` has no column `correct`; fill in a sheet that `onrecord sample` wrote");
    };
    let (mut right, mut judged, mut left) = (0_u64, 0_u64, 0_u64);
    for (row, record) in (2..).zip(sheet.records()) {
        let record = record.with_context(|| format!("cannot read row {row} of `{shown}`"))?;
        match record.get(column).unwrap_or_default().trim().to_lowercase().as_str() {
            "" => left += 1,
            "y" | "yes" | "1" | "true" => (right, judged) = (right + 1, judged + 1),
            "n" | "no" | "0" | "false" => judged += 1,
            other => bail!("row {row} of `{shown}` has `{other}` in `correct`; write y or n"),
        }
    }
    println!("correct,judged,not judged,precision,low,high");
    if judged == 0 {
        println!("{right},{judged},{left},,,");
    } else {
        let (low, high) = wilson(right, judged);
        println!("{right},{judged},{left},{:.3},{low:.3},{high:.3}", right as f64 / judged as f64);
    }
    Ok(judged)
}

/// The 95% interval of a proportion of at least one, by Wilson's score, which holds for small samples too.
fn wilson(right: u64, all: u64) -> (f64, f64) {
    const Z: f64 = 1.96;
    let (n, p) = (all as f64, right as f64 / all as f64);
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (((middle - half) / scale).max(0.0), ((middle + half) / scale).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_read_as_spreadsheets_save_them() {
        let sheet = tempfile::NamedTempFile::new().unwrap();
        let outcome = |text: &[u8]| {
            std::fs::write(sheet.path(), text).unwrap();
            read(sheet.path()).unwrap() > 0
        };
        assert!(outcome(b"correct,comment,text\r\ny,,\"a; b; c\"\r\n"));
        assert!(outcome(b"\xef\xbb\xbfcorrect;comment;text\r\nn;;caf\xe9, a, b\r\n"));
        assert!(!outcome(b"correct\ttext\n\ta\n"));
        let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        assert!(outcome(&utf16("\u{feff}correct\ttext\r\ny\tcafé\r\n")));
    }

    #[test]
    fn intervals_are_wilsons() {
        let (low, high) = wilson(90, 100);
        assert!((low - 0.826).abs() < 0.001 && (high - 0.945).abs() < 0.001, "{low} {high}");
        assert!(wilson(10, 10).0 > 0.7 && wilson(10, 10).1 <= 1.0);
    }
}
