//! What a request gives those that answer it: its body, the address it came to, and the index as it is now.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::access::{self, Who};
use super::assets;
use super::failure::Failure;
use super::listen::Ends;
use super::state::{Server, Snapshot};
use crate::search::Deadline;

/// How long a client may take to send the body of a request.
const FOR_BODY: Duration = Duration::from_secs(20);

/// The body of a request, at most `most` bytes of it, if it comes in time.
pub(super) async fn body(request: Request, most: usize) -> Result<Bytes, Failure> {
    let read = axum::body::to_bytes(request.into_body(), most);
    match tokio::time::timeout(FOR_BODY, read).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Failure::too_large(most)),
        Err(_) => Err(Failure::too_slow()),
    }
}

/// The address of a request as it came: a nested router sees a part of it.
#[derive(Debug, Clone)]
pub(super) struct WholeUri(pub(super) Uri);

/// The address of a request as the client sees it, whatever proxies are between.
pub(super) struct PublicUrl {
    pub(super) uri: Uri,
    /// Where the server is: `https://desk.example`.
    pub(super) base: String,
}

impl FromRequestParts<Arc<Server>> for PublicUrl {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Ends>().map(|ends| ends.peer.ip());
        let scheme = peer.map_or("http", |peer| server.access.scheme(&parts.headers, peer));
        let uri = parts.extensions.get::<WholeUri>().map_or_else(|| parts.uri.clone(), |whole| whole.0.clone());
        Ok(PublicUrl { uri, base: format!("{scheme}://{}", access::host(&parts.headers).unwrap_or("localhost")) })
    }
}

/// A request for something of the index.
pub(super) struct IndexRequest {
    pub(super) server: Arc<Server>,
    pub(super) who: Who,
    pub(super) url: PublicUrl,
    headers: HeaderMap,
}

impl FromRequestParts<Arc<Server>> for IndexRequest {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Failure> {
        let who = Who::from_request_parts(parts, server).await?;
        let Ok(url) = PublicUrl::from_request_parts(parts, server).await;
        Ok(IndexRequest { server: server.clone(), who, url, headers: parts.headers.clone() })
    }
}

impl IndexRequest {
    /// What follows the question mark of the address.
    pub(super) fn query(&self) -> Option<&str> {
        self.url.uri.query()
    }

    /// Answers with what `work` makes of the index, in its turn. The answer has an entity tag: a client that has it already
    /// gets `304 Not Modified`.
    pub(super) async fn answer<W>(self, work: W) -> Result<Response, Failure>
    where
        W: FnOnce(&Server, &Snapshot, &Deadline) -> Result<Response, Failure> + Send + 'static,
    {
        let IndexRequest { server, who, url: PublicUrl { uri, base }, headers } = self;
        let snapshot = server.snapshot(&who.within)?;
        let tag = tag(&snapshot, &format!("{base}{uri}"));
        let has = headers.get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
        let same = |known: &str| known.trim() == tag || known.trim() == "*";
        if has.is_some_and(|tags| tags.split(',').any(same)) {
            return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
        }
        let mut response = if let Some(response) = server.cache.get(&tag) {
            response
        } else {
            let shared = server.clone();
            let response = server.pool.run(move |deadline| work(&shared, &snapshot, &deadline)).await?;
            server.cache.keep(&tag, response).await
        };
        if let Ok(tag) = tag.parse() {
            response.headers_mut().insert(header::ETAG, tag);
        }
        Ok(response)
    }
}

/// The tag of an answer: of the commit and what is seen of it, what was asked for, what people made beside the index, and the
/// day, on which relative dates depend.
fn tag(snapshot: &Snapshot, asked: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    let today = jiff::Zoned::now().date().to_string();
    for part in
        [&snapshot.commit, asked, env!("CARGO_PKG_VERSION"), assets::version(), &today, &snapshot.opened.vocabulary]
    {
        hasher.update(part.as_bytes()).update(&[0]);
    }
    let tag: String = hasher.finalize().to_hex().chars().take(24).collect();
    format!("W/\"{tag}\"")
}
