//! Queries: whatever is typed is read as something, and what was read is printed so that it is read as the same.

use jiff::civil::date;
use onrecord::query::{Matching, parse};

/// Reads a query, prints it and reads that.
pub fn query(query: &str) {
    let today = date(2025, 6, 17);
    for matching in [Matching::All, Matching::Any] {
        let parsed = parse(query, matching, today);
        let columns = query.chars().count() as u32 + 1;
        assert!(
            parsed.warnings.iter().all(|warning| warning.column.is_none_or(|column| (1..=columns).contains(&column))),
            "{parsed:?}"
        );
        let printed = parsed.tree.to_string();
        assert_eq!(parse(&printed, Matching::All, today).tree, parsed.tree, "{query:?} printed as {printed:?}");
    }
}
