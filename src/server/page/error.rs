//! What happened, for people: in words, with a way on.

use askama::Template;
use axum::http::Uri;
use axum::response::{Html, IntoResponse, Response};

use super::super::failure::Failure;
use super::{Frame, sentence};

#[derive(Template)]
#[template(path = "error.html")]
struct Broken<'a> {
    frame: Frame,
    failure: &'a Failure,
    /// What happened, as a sentence; every second part is code.
    says: Vec<String>,
    /// Whether trying again may help.
    again: Option<String>,
    request: &'a str,
}

/// The screen of a failure.
pub(in super::super) fn screen(failure: &Failure, uri: &Uri, request: &str) -> Response {
    let may_help = failure.retry_after.is_some() || failure.status.is_server_error();
    let again = may_help.then(|| uri.path_and_query().map_or("/", |path| path.as_str()).to_owned());
    let says = format!("{}.", sentence(&failure.detail)).split('`').map(str::to_owned).collect();
    let page = Broken { says, frame: Frame::new(failure.title(), ""), failure, again, request };
    Html(page.render().unwrap_or_else(|_| failure.title().to_owned())).into_response()
}
