//! Whether somebody said something.

use axum::response::Response;

use super::super::claim;
use super::super::failure::Failure;
use super::super::request::IndexRequest;
use super::json as answer;

/// `GET /api/v1/check`: the quotations on record that are nearest to `words`.
pub(in super::super) async fn json(request: IndexRequest) -> Result<Response, Failure> {
    let claim = claim::parse(request.query())?;
    if !claim::has_words(&claim) {
        return Err(Failure::request("there are no words to check; give them as `words`"));
    }
    request
        .answer(move |server, snapshot, deadline| {
            let mut check = claim::check(snapshot, &claim, deadline)?;
            check.nearest.iter_mut().for_each(|nearest| server.mask(&mut nearest.article));
            answer(&check)
        })
        .await
}
