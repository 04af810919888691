//! Counts of what the server does, in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the buckets of times, in milliseconds.
const BUCKETS: [u64; 10] = [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000];

/// Counts of what the server does.
#[derive(Default)]
pub(super) struct Metrics {
    /// Answers by the first digit of their status.
    answers: [AtomicU64; 6],
    /// Answers by time; the last is beyond all bounds.
    times: [AtomicU64; BUCKETS.len() + 1],
    /// Microseconds of all answers.
    micros: AtomicU64,
    pub(super) connections: AtomicU64,
    /// Connections that were closed to make room for others.
    pub(super) evicted: AtomicU64,
    /// Times that a new commit of the index was taken up.
    pub(super) reloads: AtomicU64,
}

impl Metrics {
    /// Counts an answer.
    pub(super) fn answered(&self, status: u16, took: Duration) {
        if let Some(count) = self.answers.get(usize::from(status / 100)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let millis = took.as_millis() as u64;
        let bucket = BUCKETS.iter().position(|&most| millis <= most).unwrap_or(BUCKETS.len());
        if let Some(count) = self.times.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.micros.fetch_add(took.as_micros() as u64, Ordering::Relaxed);
    }

    /// How many answers there were.
    pub(super) fn answers(&self) -> u64 {
        self.answers.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// Everything as text; `gauges` are numbers of this moment.
    pub(super) fn text(&self, gauges: &[(&str, &str, u64)]) -> String {
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let mut out = String::new();
        // Writing to a string cannot fail.
        let mut line = |text: std::fmt::Arguments<'_>| {
            let _ = out.write_fmt(text);
            out.push('\n');
        };
        line(format_args!(
            "# HELP onrecord_http_responses_total Responses by class of status.\n# TYPE onrecord_http_responses_total counter"
        ));
        for (class, count) in self.answers.iter().enumerate().skip(1) {
            line(format_args!("onrecord_http_responses_total{{class=\"{class}xx\"}} {}", get(count)));
        }
        line(format_args!(
            "# HELP onrecord_http_response_seconds Time to the first byte of a response.\n# TYPE onrecord_http_response_seconds histogram"
        ));
        let mut sum = 0;
        for (i, count) in self.times.iter().enumerate() {
            sum += get(count);
            match BUCKETS.get(i) {
                Some(&most) => {
                    let most = most as f64 / 1000.0;
                    line(format_args!("onrecord_http_response_seconds_bucket{{le=\"{most}\"}} {sum}"));
                }
                None => line(format_args!("onrecord_http_response_seconds_bucket{{le=\"+Inf\"}} {sum}")),
            }
        }
        line(format_args!("onrecord_http_response_seconds_sum {}", get(&self.micros) as f64 / 1e6));
        line(format_args!("onrecord_http_response_seconds_count {sum}"));
        let counters = [
            ("onrecord_connections_evicted_total", "Idle connections closed to make room for others.", &self.evicted),
            ("onrecord_index_reloads_total", "New commits of the index taken up.", &self.reloads),
        ];
        for (name, help, count) in counters {
            line(format_args!("# HELP {name} {help}\n# TYPE {name} counter\n{name} {}", get(count)));
        }
        let open = [("onrecord_connections", "Open connections.", get(&self.connections))];
        for (name, help, value) in open.iter().chain(gauges) {
            line(format_args!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}"));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up() {
        let metrics = Metrics::default();
        metrics.answered(200, Duration::from_millis(3));
        metrics.answered(503, Duration::from_mins(1));
        let text = metrics.text(&[("onrecord_articles", "Articles.", 7)]);
        for line in [
            "onrecord_http_responses_total{class=\"2xx\"} 1",
            "onrecord_http_responses_total{class=\"5xx\"} 1",
            "onrecord_http_response_seconds_bucket{le=\"10\"} 1",
            "onrecord_http_response_seconds_bucket{le=\"+Inf\"} 2",
            "onrecord_articles 7",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
