//! Articles with everything found in them, also as Web Annotations, and who somebody is.

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::super::failure::Failure;
use super::super::page::entity::kind_of;
use super::super::request::IndexRequest;
use super::super::search_params::SearchParams;
use super::json as answer;
use crate::answers;
use crate::present::annotations;

/// `GET /api/v1/articles/KEY`: as a line of `annotate`.
pub(in super::super) async fn json(Path(key): Path<String>, request: IndexRequest) -> Result<Response, Failure> {
    request
        .answer(move |server, snapshot, _| {
            let mut whole = snapshot.article(&key)?;
            server.mask(&mut whole.article);
            answer(&whole)
        })
        .await
}

/// `GET /api/v1/articles/KEY/annotations`: quotations and names by the W3C Web Annotation Data Model, as JSON-LD.
pub(in super::super) async fn annotations(Path(key): Path<String>, request: IndexRequest) -> Result<Response, Failure> {
    request
        .answer(move |_, snapshot, _| {
            let mut response = answer(&annotations::page(&snapshot.article(&key)?))?;
            let kind = HeaderValue::from_static(annotations::MEDIA_TYPE);
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            Ok(response)
        })
        .await
}

/// `GET /api/v1/entities`: the entities that have the name `name`, of a `kind` or any.
pub(in super::super) async fn entity(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    params.only(&["name", "kind"])?;
    let name = params.other("name").filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| Failure::request("`name` is missing"))?.to_owned();
    let kind = params.other("kind").map(kind_of).transpose()?;
    request
        .answer(move |_, snapshot, deadline| match answers::profile(snapshot.engine(), kind, &name, deadline)? {
            Some(profile) => answer(&profile),
            None => Err(Failure::not_found(format!("nobody and nothing called `{name}` is in this index"))),
        })
        .await
}
