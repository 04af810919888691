//! The page and the API: a request becomes the same [`search::Request`](crate::search::Request) that the command line
//! makes, and an answer is the same [`search::Response`](crate::search::Response). Nothing is decided here but who may
//! ask, how much at a time, and how an answer looks.
//!
//! | file | what it does |
//! |---|---|
//! | `listen` | connections: how many, how long, how they end |
//! | `access` | hosts, origins, tokens |
//! | `pool` | bounded blocking work |
//! | `cache` | answers that were given before |
//! | `state`, `keys` | the index as one commit left it; articles by the keys that addresses have |
//! | `searches` | saved searches |
//! | `ask`, `claim` | a search, and words to check, as an address says them |
//! | `api` | JSON, NDJSON, Atom, and files in every export format |
//! | `page` | the screens |
//! | `mcp` | the same searches for an assistant |
//! | `chart` | the timeline of the screens |
//! | `failure`, `metrics`, `assets` | errors, counts, style and script |

mod access;
mod api;
mod ask;
mod assets;
mod cache;
mod chart;
mod claim;
mod failure;
mod keys;
mod listen;
#[cfg(feature = "mcp")]
mod mcp;
mod metrics;
mod page;
mod pool;
mod searches;
mod state;

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tower_http::compression::CompressionLayer;

pub use access::{TokenError, Tokens};
#[cfg(feature = "mcp")]
pub use mcp::{McpError, serve_assistant};
pub use state::{Cause, Opened, Source};

use crate::search::Deadline;
use access::{Access, Who};
use api::export::Kind;
use failure::{Failure, Problem};
use listen::Ends;
use state::{Server, Snapshot};

/// What pages and answers may load and where forms may go: this server alone.
const POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// How often the server looks for a new commit of the index.
const LOOK: Duration = Duration::from_secs(2);

/// How long a client may take to send the body of a request.
const FOR_BODY: Duration = Duration::from_secs(20);

/// How the server is set up.
pub struct Settings {
    /// Where it listens.
    pub address: SocketAddr,
    /// Who may ask; anybody where there is none.
    pub tokens: Option<Tokens>,
    /// Names that it answers for besides its own address.
    pub hosts: Vec<String>,
    /// Sites whose pages may use the API: `https://desk.example`.
    pub origins: Vec<String>,
    /// Proxies whose word is taken for how a client reached them.
    pub proxies: Vec<IpAddr>,
    /// How often it brings the index up to date itself.
    pub every: Option<Duration>,
}

/// Why the server ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The index cannot be opened.
    #[error("{0}")]
    Open(Cause),
    /// It cannot listen at the address.
    #[error("cannot listen on {address}; free the port or take another with `--address`")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The system refuses something.
    #[error("cannot serve")]
    Io(#[from] std::io::Error),
}

/// Serves until the process is told to stop; `listening` is called with the address once it can be reached.
pub fn serve(
    settings: Settings,
    source: Box<dyn Source>,
    listening: impl FnOnce(SocketAddr),
) -> Result<(), ServeError> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.clamp(2, 4))
        .max_blocking_threads(threads + 8)
        .enable_all()
        .build()?;
    let access = Access {
        tokens: settings.tokens,
        hosts: settings.hosts.iter().map(|host| host.to_ascii_lowercase()).collect(),
        origins: settings.origins,
        is_public: !settings.address.ip().is_loopback(),
        proxies: settings.proxies,
    };
    let server = Arc::new(Server::new(source, access, threads).map_err(ServeError::Open)?);
    let ended = runtime.block_on(async {
        let failed = |source| ServeError::Listen { address: settings.address, source };
        let listener = TcpListener::bind(settings.address).await.map_err(failed)?;
        listening(listener.local_addr()?);
        let quit = Arc::new(AtomicBool::new(false));
        let keeper = keep_up_to_date(server.clone(), settings.every, quit.clone());
        let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let told = {
            let (server, quit) = (server.clone(), quit.clone());
            async move {
                tokio::select! {
                    _ = terminated.recv() => {}
                    _ = interrupted.recv() => {}
                }
                server.ready.store(false, Ordering::Relaxed);
                quit.store(true, Ordering::Relaxed);
            }
        };
        let metrics = server.metrics.clone();
        let ended = listen::serve(listener, router(server), metrics, told).await;
        quit.store(true, Ordering::Relaxed);
        if settings.every.is_some() {
            // An ingest under way commits what it has.
            let _ = keeper.join();
        }
        Ok(ended?)
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

/// Takes up new commits of the index, and makes them where the server is asked to.
fn keep_up_to_date(server: Arc<Server>, every: Option<Duration>, quit: Arc<AtomicBool>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut updated = Instant::now();
        let mut looked = Instant::now();
        while !quit.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(100));
            if every.is_some_and(|every| updated.elapsed() >= every) {
                if let Err(error) = server.source.update(&quit) {
                    tracing::warn!(error, "cannot bring the index up to date; the server goes on with what it has");
                }
                updated = Instant::now();
            }
            if looked.elapsed() >= LOOK {
                if let Err(error) = server.reload() {
                    tracing::warn!(error, "cannot open the index anew; the server goes on with what it has");
                }
                looked = Instant::now();
            }
        }
    })
}

/// Every address there is.
fn router(server: Arc<Server>) -> Router {
    let api = Router::new()
        .route("/search", get(api::search::json))
        .route("/search.ndjson", get(api::search::ndjson))
        .route("/search.atom", get(api::atom::feed))
        .route("/facets", get(api::counts::facets))
        .route("/timeline", get(api::counts::timeline))
        .route("/complete", get(api::counts::complete))
        .route("/explain", get(api::search::explain))
        .route("/why-not", get(api::search::why_not))
        .route("/entities", get(api::article::entity))
        .route("/articles/{key}", get(api::article::json))
        .route("/articles/{key}/annotations", get(api::article::annotations))
        .route("/check", get(api::check::json))
        .route("/compare", get(api::compare::json))
        .route("/annotate", post(api::annotate::text))
        .route("/saved", get(api::saved::list).post(api::saved::add))
        .route("/saved/{id}", get(api::saved::run).delete(api::saved::remove))
        .route("/articles/{key}/report.html", get(api::export::article))
        .route("/status", get(api::status::json));
    let api = Kind::all().fold(api, |api, kind| {
        let ending = kind.extension();
        let api = api.route(
            &format!("/search.{ending}"),
            get(move |server, who, query| api::export::search(kind, server, who, query)),
        );
        api.route(
            &format!("/articles/{{key}}/quotes.{ending}"),
            get(move |server, who, key| api::export::quotes(kind, server, who, key)),
        )
    });
    let api = api::network::Format::ALL.into_iter().fold(api, |api, (format, ending)| {
        let path = format!("/network.{ending}");
        api.route(&path, get(move |server, who, query| api::network::edges(format, server, who, query)))
    });
    Router::new()
        .route("/", get(page::search::screen))
        .route("/article/{key}", get(page::article::screen))
        .route("/entity/{kind}/{name}", get(page::entity::screen))
        .route("/check", get(page::check::screen))
        .route("/compare", get(page::compare::screen))
        .route("/saved", get(page::saved::screen).post(page::saved::save))
        .route("/saved/{id}", get(page::saved::one))
        .route("/saved/{id}/remove", post(page::saved::remove))
        .route("/feeds/{secret}", get(page::saved::feed))
        .route("/status", get(page::status::screen))
        .route("/sign-in", get(page::sign_in::screen).post(page::sign_in::enter))
        .route("/sign-out", post(page::sign_in::leave))
        .nest("/api/v1", api)
        .route("/openapi.json", get(api::openapi))
        .route("/assets/{version}/{name}", get(asset))
        .route("/favicon.ico", get(async || assets::get("icon.svg")))
        .route("/robots.txt", get(async || "User-agent: *\nDisallow: /\n"))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .fallback(async || Failure::not_found("there is nothing at this address"))
        .method_not_allowed_fallback(async || Failure {
            status: StatusCode::METHOD_NOT_ALLOWED,
            detail: "this address takes other methods only".to_owned(),
            retry_after: None,
        })
        .layer(middleware::from_fn_with_state(server.clone(), admit))
        .layer(middleware::from_fn_with_state(server.clone(), finish))
        .layer(CompressionLayer::new())
        .with_state(server)
}

async fn asset(axum::extract::Path((_, name)): axum::extract::Path<(String, String)>) -> Result<Response, Failure> {
    assets::get(&name)
}

async fn readyz(State(server): State<Arc<Server>>) -> Result<&'static str, Failure> {
    if server.ready.load(Ordering::Relaxed) { Ok("ready\n") } else { Err(Failure::not_ready()) }
}

async fn metrics(State(server): State<Arc<Server>>, who: Who) -> Result<String, Failure> {
    if who.within.is_some() {
        return Err(Failure::forbidden("this token is limited to some collections; what the server counts is of all"));
    }
    let snapshot = server.snapshot(&who.within)?;
    let age = Timestamp::now().as_second() - snapshot.since.as_second();
    Ok(server.metrics.text(&[
        ("onrecord_index_articles", "Articles in the index.", snapshot.engine().info().articles),
        ("onrecord_index_age_seconds", "Time since the commit in use was taken up.", age.max(0) as u64),
        ("onrecord_searches_waiting", "Requests that wait for their turn.", server.pool.waiting() as u64),
        ("onrecord_start_time_seconds", "When the server was started.", server.started.as_second().max(0) as u64),
    ]))
}

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
async fn admit(State(server): State<Arc<Server>>, mut request: Request, next: Next) -> Response {
    if request.method() == Method::OPTIONS && server.named_origin(&request).is_some() {
        return preflight();
    }
    match may_enter(&server, &request) {
        Ok(who) => {
            if let Some(who) = who {
                request.extensions_mut().insert(who);
            }
            let whole = Whole(request.uri().clone());
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
async fn finish(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
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
            let problem = serde_json::to_string(&Problem::of(&failure, &id)).unwrap_or_default();
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

/// The body of a request, at most `most` bytes of it, if it comes in time.
async fn body(request: Request, most: usize) -> Result<Bytes, Failure> {
    let read = axum::body::to_bytes(request.into_body(), most);
    match tokio::time::timeout(FOR_BODY, read).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Failure::too_large(most)),
        Err(_) => Err(Failure::too_slow()),
    }
}

/// The address of a request as it came: a nested router sees a part of it.
#[derive(Debug, Clone)]
struct Whole(Uri);

/// How a client reached this server.
struct Reached {
    uri: Uri,
    /// Where the server is: `https://desk.example`.
    base: String,
}

impl FromRequestParts<Arc<Server>> for Reached {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<Ends>().map(|ends| ends.peer.ip());
        let scheme = peer.map_or("http", |peer| server.access.scheme(&parts.headers, peer));
        let uri = parts.extensions.get::<Whole>().map_or_else(|| parts.uri.clone(), |whole| whole.0.clone());
        Ok(Reached { uri, base: format!("{scheme}://{}", access::host(&parts.headers).unwrap_or("localhost")) })
    }
}

/// A request for something of the index.
struct Asked {
    server: Arc<Server>,
    who: Who,
    reached: Reached,
    headers: HeaderMap,
}

impl FromRequestParts<Arc<Server>> for Asked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Failure> {
        let who = Who::from_request_parts(parts, server).await?;
        let Ok(reached) = Reached::from_request_parts(parts, server).await;
        Ok(Asked { server: server.clone(), who, reached, headers: parts.headers.clone() })
    }
}

impl Asked {
    /// What follows the question mark of the address.
    fn query(&self) -> Option<&str> {
        self.reached.uri.query()
    }

    /// Answers from the index as it is, as `work` says in its turn; with a tag, by which a client that has the answer
    /// already is told so.
    async fn answer<W>(self, work: W) -> Result<Response, Failure>
    where
        W: FnOnce(&Server, &Snapshot, &Deadline) -> Result<Response, Failure> + Send + 'static,
    {
        let Asked { server, who, reached: Reached { uri, base }, headers } = self;
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
