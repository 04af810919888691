//! The same words by the same speaker in several articles: told once where asked, with what differs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod support;

use onrecord::search::{Backend as _, By, Duplicates, Request, Response};
use onrecord::text::wording::Change;
use support::{Indexed, index_records};

const FIRST: &str = "Rain fell on the quay all night, and the fish market opened late. “We will repair the harbour wall \
                     before the winter storms come back,” said Lena Ode, the mayor of Sarn.";
const SECOND: &str = "A choir sang in the town hall. Nobody had expected the question. “We will mend the harbour wall \
                      before the winter storms come back,” said Lena Ode, the mayor of Sarn, to the sound of tubas.";
const THIRD: &str = "The school has a new roof. “We will repair the harbour wall before the winter storms come \
                     back!” said Lena Ode, the mayor of Sarn, when the roof was opened.";
const OTHER: &str = "The bakers met on Monday. “We will repair the harbour wall before the winter storms come \
                     back,” said Ole Berg, the mayor of Trell, where there is no harbour.";
const ELSE: &str = "The ferry was late again. “The ferry needs a new engine and a better captain,” said Lena Ode, the \
                    mayor of Sarn, on the pier.";

fn harbour() -> Indexed {
    let record = |url: &str, day: &str, outlet: &str, text: &str| serde_json::json!({"url": url, "date": day, "outlet": outlet, "title": url, "text": text});
    index_records([
        record("first", "2031-04-01", "Bay Record", FIRST),
        record("second", "2031-04-02", "Harbour Courier", SECOND),
        record("third", "2031-04-03", "The Wexcombe Chronicle", THIRD),
        record("other", "2031-04-04", "Trell Times", OTHER),
        record("else", "2031-04-05", "Bay Record", ELSE),
    ])
}

fn ask(indexed: &Indexed, duplicates: Duplicates) -> Response {
    let request = Request {
        query: "kind:direct".to_owned(),
        by: Some(By::Quote),
        duplicates,
        limit: 10,
        facets: vec!["speaker".to_owned(), "outlet".to_owned()],
        ..Request::default()
    };
    indexed.engine.search(&request).unwrap()
}

#[test]
fn nearly_identical_quotations_are_told_once() {
    let indexed = harbour();
    let answer = ask(&indexed, Duplicates::Collapse);
    assert_eq!((answer.total, answer.total_with_duplicates), (3, Some(5)));
    let told = answer.hits.iter().find(|hit| hit.article.title.as_deref() == Some("first")).unwrap();
    assert_eq!(told.duplicates, 2);
    // The third wording differs in its marks only.
    let [wording] = told.wordings.as_slice() else { panic!("{:?}", told.wordings) };
    assert_eq!((wording.outlet.as_deref(), wording.day.as_deref()), (Some("Harbour Courier"), Some("2031-04-02")));
    let differing = wording.differences.iter().filter(|difference| difference.change != Change::Same);
    let differing: Vec<(Change, &str)> = differing.map(|d| (d.change, d.text.as_str())).collect();
    assert_eq!(differing, [(Change::Gone, "repair"), (Change::New, "mend")]);
    // The same words by somebody else are somebody else's.
    assert!(answer.hits.iter().any(|hit| hit.article.title.as_deref() == Some("other") && hit.wordings.is_empty()));
}

#[test]
fn facets_tell_both_counts() {
    let answer = ask(&harbour(), Duplicates::Collapse);
    let lena = answer.facets["speaker"].iter().find(|value| value.value == "Lena Ode").unwrap();
    assert_eq!((lena.count, lena.with_duplicates), (2, Some(4)));
}

#[test]
fn nothing_is_lost_where_all_are_shown() {
    let answer = ask(&harbour(), Duplicates::Show);
    assert_eq!((answer.total, answer.total_with_duplicates), (5, None));
    assert!(answer.hits.iter().all(|hit| hit.wordings.is_empty()));
    assert!(answer.facets["speaker"].iter().all(|value| value.with_duplicates.is_none()));
}
