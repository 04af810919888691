//! Signing in with a token, and out again.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::super::access::Access;
use super::super::listen::Ends;
use super::super::request::body;
use super::super::search_params;
use super::super::state::Server;
use super::{Failure, Frame, screen as answer};

/// Bytes that the form has at most.
const FORM: usize = 4 << 10;

#[derive(Template)]
#[template(path = "sign-in.html")]
struct SignIn {
    frame: Frame,
    /// Where to go then.
    to: String,
    wrong: bool,
}

/// Leads a browser without a token to the screen.
pub(in super::super) fn lead(uri: &Uri) -> Response {
    let to = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    Redirect::to(&search_params::address("/sign-in", [("to", to)])).into_response()
}

/// The screen at `/sign-in`.
pub(in super::super) async fn screen(RawQuery(query): RawQuery) -> Result<Response, Failure> {
    let to = value(query.unwrap_or_default().as_bytes(), "to");
    answer(&SignIn { frame: Frame::new("Sign in", "sign-in"), to: own(&to), wrong: false })
}

/// Takes the token of the form.
pub(in super::super) async fn enter(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Failure> {
    let secure = is_secure(&server, &request);
    let form = body(request, FORM).await?;
    let to = own(&value(&form, "to"));
    if let Some(cookie) = server.access.sign_in(&value(&form, "token"), secure) {
        return Ok(([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response());
    }
    let mut response = answer(&SignIn { frame: Frame::new("Sign in", "sign-in"), to, wrong: true })?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// Takes the cookie back.
pub(in super::super) async fn leave(State(server): State<Arc<Server>>, request: Request) -> Response {
    let cookie = Access::sign_out(is_secure(&server, &request));
    ([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response()
}

fn is_secure(server: &Server, request: &Request) -> bool {
    let peer = request.extensions().get::<Ends>().map(|ends| ends.peer.ip());
    peer.is_some_and(|peer| server.access.scheme(request.headers(), peer) == "https")
}

/// A value of a form; empty if it has none.
fn value(form: &[u8], name: &str) -> String {
    form_urlencoded::parse(form)
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// An address of this server, and nothing else: `//evil.example` is another host.
fn own(to: &str) -> String {
    let is_own = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\r', '\n']);
    if is_own { to.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        assert_eq!(own("/?q=dam"), "/?q=dam");
        for to in ["https://evil.example", "//evil.example", "/\\evil.example", "", "javascript:x", "/\r\nx"] {
            assert_eq!(own(to), "/", "{to}");
        }
    }
}
