//! Why a request is not answered, as a page for people and as a problem (RFC 9457) for programs.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::saved;
use crate::search::Error;

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) status: StatusCode,
    /// What happened and what to do, a sentence without a full stop.
    pub(super) detail: String,
    /// Seconds after which the request may succeed.
    pub(super) retry_after: Option<u32>,
}

impl Failure {
    fn of(status: StatusCode, detail: impl Into<String>) -> Self {
        Failure { status, detail: detail.into(), retry_after: None }
    }

    /// The request itself is wrong.
    pub(super) fn request(detail: impl Into<String>) -> Self {
        Failure::of(StatusCode::BAD_REQUEST, detail)
    }

    /// There is nothing at this address.
    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Failure::of(StatusCode::NOT_FOUND, detail)
    }

    /// The index has changed since the cursor was made.
    pub(super) fn stale() -> Self {
        Failure::of(StatusCode::GONE, "the index has changed since this cursor was made; start again without `after`")
    }

    /// The request needs a token.
    pub(super) fn no_token() -> Self {
        Failure::of(StatusCode::UNAUTHORIZED, "this server asks for a token; send it as `Authorization: Bearer TOKEN`")
    }

    /// The request is not allowed from where it comes.
    pub(super) fn forbidden(detail: impl Into<String>) -> Self {
        Failure::of(StatusCode::FORBIDDEN, detail)
    }

    /// The request names a host that is not this server.
    pub(super) fn wrong_host() -> Self {
        Failure::of(
            StatusCode::MISDIRECTED_REQUEST,
            "this server does not answer for that host; allow it with `--host NAME`",
        )
    }

    /// What was sent is too large.
    pub(super) fn too_large(most: usize) -> Self {
        Failure::of(StatusCode::PAYLOAD_TOO_LARGE, format!("the request is too large; at most {most} bytes are read"))
    }

    /// What was sent came too slowly.
    pub(super) fn too_slow() -> Self {
        Failure::of(StatusCode::REQUEST_TIMEOUT, "the request did not arrive in time; send it again")
    }

    /// There is more to do than the server can take on now.
    pub(super) fn busy() -> Self {
        Failure {
            retry_after: Some(2),
            ..Failure::of(StatusCode::SERVICE_UNAVAILABLE, "too many searches are running; try again in a moment")
        }
    }

    /// The server is about to stop, or has not started yet.
    pub(super) fn not_ready() -> Self {
        Failure { retry_after: Some(5), ..Failure::of(StatusCode::SERVICE_UNAVAILABLE, "the server is not ready") }
    }

    /// The server is at fault.
    pub(super) fn internal(detail: impl Into<String>) -> Self {
        Failure::of(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }

    /// The status in words.
    pub(super) fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Error")
    }

    /// The same for people.
    pub(super) fn heading(&self) -> &'static str {
        match self.status {
            StatusCode::BAD_REQUEST => "This address cannot be read",
            StatusCode::NOT_FOUND => "Nothing here",
            StatusCode::SERVICE_UNAVAILABLE => "Too busy",
            StatusCode::GATEWAY_TIMEOUT => "This takes too long",
            StatusCode::INTERNAL_SERVER_ERROR => "Something went wrong",
            _ => self.title(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match &error {
            Error::Facet { .. } | Error::TooManyTerms { .. } | Error::TooManyPatterns { .. } => {
                Failure::request(error.to_string())
            }
            Error::NoArticle { .. } | Error::Ambiguous { .. } | Error::NoEntity { .. } => {
                Failure::not_found(error.to_string())
            }
            Error::StaleCursor => Failure::stale(),
            Error::Deadline { limit } => Failure {
                retry_after: Some(30),
                ..Failure::of(
                    StatusCode::SERVICE_UNAVAILABLE,
                    format!("the search was stopped after {} s without an answer; narrow the query", limit.as_secs()),
                )
            },
            Error::Cancelled => Failure::busy(),
            Error::Backend(_) | Error::Synonyms(_) | Error::Aliases(_) => {
                tracing::error!(%error, "cannot answer a request");
                // The message names folders of this machine, which must not leave it.
                Failure::internal("the index cannot be searched; the server's log says why")
            }
        }
    }
}

impl From<saved::Error> for Failure {
    fn from(error: saved::Error) -> Self {
        match error {
            saved::Error::Search(error) => error.into(),
            saved::Error::Unknown(_) => Failure::not_found("there is no such saved search"),
            saved::Error::Files(_) | saved::Error::Random(_) => {
                tracing::error!(%error, "cannot use the saved searches");
                Failure::internal("the saved searches cannot be read or written; the server's log says why")
            }
        }
    }
}

impl From<crate::index::Error> for Failure {
    fn from(error: crate::index::Error) -> Self {
        Error::from(error).into()
    }
}

/// A failure leaves its handler as a bare status; [`super::finish`] gives it the look that the client understands.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A problem of RFC 9457.
#[derive(Debug, Serialize)]
pub(super) struct ProblemDetails<'a> {
    /// The status says all there is to say about the kind of problem.
    pub(super) r#type: &'static str,
    pub(super) title: &'static str,
    pub(super) status: u16,
    pub(super) detail: &'a str,
    /// Which request it was, as in the server's log.
    pub(super) instance: String,
}

impl<'a> ProblemDetails<'a> {
    pub(super) fn of(failure: &'a Failure, request: &str) -> Self {
        ProblemDetails {
            r#type: "about:blank",
            title: failure.title(),
            status: failure.status.as_u16(),
            detail: &failure.detail,
            instance: format!("urn:onrecord:request:{request}"),
        }
    }
}
