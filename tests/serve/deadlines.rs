//! Whatever takes several searches to answer stops at the deadline, and when its client goes away.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use onrecord::answers::{self, Claim, Period};
use onrecord::engine::Engine;
use onrecord::search::{Backend as _, Deadline, Error, Request};

use crate::client::{Server, articles};

#[test]
fn every_answer_has_a_deadline() {
    let server = Server::start(&articles(), &[]);
    let engine = Engine::open(&server.folder.path().join("index")).unwrap();
    let gone = Deadline::none().or_cancelled(Arc::new(AtomicBool::new(true)));
    for (deadline, is_expected) in [
        (Deadline::after(Duration::ZERO), (|error| matches!(error, Error::Deadline { .. })) as fn(&Error) -> bool),
        (gone, |error| matches!(error, Error::Cancelled)),
    ] {
        let request = Request { query: "dam".to_owned(), deadline: deadline.clone(), ..Request::default() };
        let claim = Claim { words: "the dam is safe".to_owned(), speaker: None, limit: 3 };
        let ended = [
            ("profile", answers::profile(&engine, None, "Lena Ode", &deadline).map(drop)),
            ("completion", engine.complete("speaker", "od", 5, &deadline).map(drop)),
            ("comparison", answers::compare(&engine, &request, ["outlet:*", "date:2031"], 5).map(drop)),
            ("check", answers::check(&engine, &claim, &request).map(drop)),
            ("timeline", answers::timeline(&engine, &request, Period::Day, None).map(drop)),
            ("network", answers::network(&engine, &request, None).map(drop)),
        ];
        for (what, ended) in ended {
            assert!(ended.as_ref().is_err_and(is_expected), "{what}: {ended:?}");
        }
    }
}
