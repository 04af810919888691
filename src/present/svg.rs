//! A timeline as a chart for a web page: one bar per period, the series stacked. It needs no script and no font.

use std::io::{self, Write};

use super::harmless::block;
use super::timeline::Timeline;

/// Width and height of the drawing in its own units; it scales to the page.
const SIZE: (f64, f64) = (800.0, 320.0);
/// Room left, above, right and below the bars.
const LEFT: f64 = 48.0;
const ABOVE: f64 = 24.0;
const RIGHT: f64 = 160.0;
const BELOW: f64 = 40.0;
/// Colours that the colour-blind can tell apart (Okabe and Ito, 2008).
const COLOURS: [&str; 7] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#999999"];
/// Period labels that fit below the bars without touching.
const LABELS: usize = 9;

/// Writes the drawing.
pub fn drawing(out: &mut impl Write, timeline: &Timeline) -> io::Result<()> {
    let (width, height) = SIZE;
    let sums: Vec<u64> = (0..timeline.periods.len())
        .map(|i| timeline.series.iter().filter_map(|series| series.counts.get(i)).sum())
        .collect();
    let most = sums.iter().max().copied().unwrap_or(0);
    let step = (width - LEFT - RIGHT) / timeline.periods.len().max(1) as f64;
    let unit = (height - ABOVE - BELOW) / most.max(1) as f64;
    let floor = height - BELOW;
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" font-size="11">"#
    )?;
    writeln!(out, "<title>{}</title>", escaped(&timeline.asked()))?;
    let undated = if timeline.undated > 0 { format!(" {} undated.", timeline.undated) } else { String::new() };
    writeln!(out, "<desc>Hits per period. {}{undated}</desc>", escaped(&timeline.time_zone))?;
    axis(out, most, floor, unit)?;
    let mut tops = vec![floor; timeline.periods.len()];
    for (series, colour) in timeline.series.iter().zip(COLOURS.iter().cycle()) {
        writeln!(out, r#"<g fill="{colour}">"#)?;
        for (i, ((period, &count), top)) in timeline.periods.iter().zip(&series.counts).zip(&mut tops).enumerate() {
            if count == 0 {
                continue;
            }
            let tall = count as f64 * unit;
            *top -= tall;
            writeln!(
                out,
                r#"<rect x="{:.1}" y="{top:.1}" width="{:.1}" height="{tall:.1}"><title>{} {}: {count}</title></rect>"#,
                LEFT + i as f64 * step,
                (0.9 * step).max(0.5),
                escaped(period),
                escaped(&series.name),
            )?;
        }
        writeln!(out, "</g>")?;
    }
    labels(out, timeline, step, floor)?;
    legend(out, timeline)?;
    writeln!(out, "</svg>")
}

fn axis(out: &mut impl Write, most: u64, floor: f64, unit: f64) -> io::Result<()> {
    let end = SIZE.0 - RIGHT;
    for tick in [0, most / 2, most] {
        let y = floor - tick as f64 * unit;
        writeln!(out, r##"<path d="M{LEFT} {y:.1}H{end}" stroke="#ccc"/>"##)?;
        writeln!(out, r#"<text x="{}" y="{:.1}" text-anchor="end">{tick}</text>"#, LEFT - 6.0, y + 4.0)?;
    }
    Ok(())
}

fn labels(out: &mut impl Write, timeline: &Timeline, step: f64, floor: f64) -> io::Result<()> {
    let every = timeline.periods.len().div_ceil(LABELS).max(1);
    for (i, period) in timeline.periods.iter().enumerate().step_by(every) {
        let x = LEFT + (i as f64 + 0.45) * step;
        writeln!(out, r#"<text x="{x:.1}" y="{}" text-anchor="middle">{}</text>"#, floor + 16.0, escaped(period))?;
    }
    Ok(())
}

fn legend(out: &mut impl Write, timeline: &Timeline) -> io::Result<()> {
    let x = SIZE.0 - RIGHT + 16.0;
    for (i, (series, colour)) in timeline.series.iter().zip(COLOURS.iter().cycle()).enumerate() {
        let y = ABOVE + 18.0 * i as f64;
        writeln!(out, r#"<rect x="{x}" y="{y}" width="10" height="10" fill="{colour}"/>"#)?;
        writeln!(out, r#"<text x="{}" y="{}">{}</text>"#, x + 16.0, y + 9.0, escaped(&series.name))?;
    }
    Ok(())
}

/// Text that cannot be taken for markup, without characters that are harmful or that XML forbids.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in block(text).chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::super::timeline::Series;
    use super::*;

    #[test]
    fn harmful_characters_are_replaced() {
        assert_eq!(escaped("a\u{1b}<b>\u{202e}"), "a\u{fffd}&lt;b&gt;\u{fffd}");
    }

    #[test]
    fn a_drawing_is_well_formed_and_holds_every_count() {
        let timeline = Timeline {
            filters: vec![],
            options: vec![],
            read_as: "\"pay deal\" <now>".into(),
            time_zone: "as printed".into(),
            periods: vec!["2031-01".into(), "2031-02".into()],
            series: vec![
                Series { name: "Harbour & Post".into(), counts: vec![2, 0], undated: 0 },
                Series { name: "Fjord Daily".into(), counts: vec![1, 5], undated: 0 },
            ],
            undated: 0,
        };
        let mut out = Vec::new();
        drawing(&mut out, &timeline).unwrap();
        let svg = String::from_utf8(out).unwrap();
        let mut reader = quick_xml::Reader::from_str(&svg);
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        for title in ["2031-01 Harbour &amp; Post: 2", "2031-01 Fjord Daily: 1", "2031-02 Fjord Daily: 5"] {
            assert!(svg.contains(&format!("<title>{title}</title>")), "{svg}");
        }
        assert_eq!(svg.matches("</rect>").count(), 3);
    }
}
