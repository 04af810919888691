//! What every request passes: who may enter, and the headers, look and count of each answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::access::{Access, Who};
use super::failure::{Failure, ProblemDetails};
use super::listen::Ends;
use super::page;
use super::request::WholeUri;
use super::state::Server;

/// What pages and answers may load and where forms may go: this server alone.
const POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// Addresses that need no token: they say nothing of what the index holds, or are a secret themselves.
fn is_open(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/sign-in" | "/favicon.ico" | "/robots.txt")
        || path.starts_with("/assets/")
        || path.starts_with("/feeds/")
}

impl Server {
    /// The site whose page sends a request to the API, where it was named.
    fn named_origin(&self, request: &Request) -> Option<HeaderValue> {
        let origin = request.headers().get(header::ORIGIN).filter(|_| request.uri().path().starts_with("/api/"))?;
        self.access.origins.iter().any(|named| origin == named).then(|| origin.clone())
    }
}

/// What a page of a named site may send: browsers ask before they send anything but a plain GET.
fn preflight() -> Response {
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, DELETE"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, if-none-match"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, allowed).into_response()
}

/// Lets a request in, or says why not.
pub(super) async fn admit(State(server): State<Arc<Server>>, mut request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS && server.named_origin(&request).is_some() {
        return preflight();
    }
    match may_enter(&server, &request) {
        Ok(who) => {
            if let Some(who) = who {
                request.extensions_mut().insert(who);
            }
            let whole = WholeUri(request.uri().clone());
            request.extensions_mut().insert(whole);
            next.run(request).await
        }
        Err(failure) => {
            let wants_page = failure.status == StatusCode::UNAUTHORIZED
                && request.method() == Method::GET
                && !request.uri().path().starts_with("/api/")
                && accepts_html(request.headers());
            if wants_page { page::sign_in::lead(request.uri()) } else { failure.into_response() }
        }
    }
}

/// Known of every request but those for open addresses.
impl<S: Sync> FromRequestParts<S> for Who {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.get().cloned().ok_or_else(Failure::no_token)
    }
}

/// Who sends a request; none for an address that is open to all.
fn may_enter(server: &Server, request: &Request) -> Result<Option<Who>, Failure> {
    let ends = request.extensions().get::<Ends>().ok_or_else(Failure::wrong_host)?;
    server.access.check_host(request.headers(), ends.local)?;
    if server.named_origin(request).is_none() {
        Access::check_origin(request.headers(), request.method())?;
    }
    if is_open(request.uri().path()) {
        return Ok(None);
    }
    server.access.check_token(request.headers()).map(Some)
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Gives an answer its headers, a failure its look, and counts both.
pub(super) async fn finish(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let clock = Instant::now();
    let id = format!("{:x}-{:x}", server.started.as_millisecond(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let named_origin = server.named_origin(&request);
    let for_people = !uri.path().starts_with("/api/") && accepts_html(request.headers());
    let mut response = next.run(request).await;
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        let mut shown = if for_people {
            page::error::screen(&failure, &uri, &id)
        } else {
            let problem = serde_json::to_string(&ProblemDetails::of(&failure, &id)).unwrap_or_default();
            ([(header::CONTENT_TYPE, "application/problem+json")], problem).into_response()
        };
        *shown.status_mut() = failure.status;
        if let Some(seconds) = response.headers().get(header::RETRY_AFTER) {
            shown.headers_mut().insert(header::RETRY_AFTER, seconds.clone());
        }
        if failure.status == StatusCode::UNAUTHORIZED {
            shown.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"onrecord\""));
        }
        response = shown;
    }
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(origin) = named_origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers
            .insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("etag, retry-after, x-request-id"));
        headers.append(header::VARY, HeaderValue::from_static("origin"));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", id);
    }
    let (status, took) = (response.status().as_u16(), clock.elapsed());
    server.metrics.answered(status, took);
    tracing::info!(%id, %method, path = uri.path(), status, took = took.as_millis() as u64, "answered");
    response
}
