//! Every address there is, and what answers there.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::Timestamp;
use tower_http::compression::CompressionLayer;

use super::access::Who;
use super::admission::{admit, finish};
use super::api::export::FileFormat;
use super::failure::Failure;
use super::state::Server;
use super::{api, assets, page};

pub(super) fn router(server: Arc<Server>) -> Router {
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
    let api = FileFormat::all().fold(api, |api, kind| {
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
