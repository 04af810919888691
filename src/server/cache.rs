//! Answers that were given before, by their tags: a link that goes round a newsroom is answered once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::body::{Body, Bytes, HttpBody as _};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Bytes of the largest answer that is kept.
const LARGEST: u64 = 512 << 10;

/// Bytes after which a generation is full; two of them are kept.
const FULL: usize = 16 << 20;

/// Recent answers. What is not asked for again while a generation fills is dropped with it.
#[derive(Default)]
pub(super) struct Cache {
    generations: Mutex<[Generation; 2]>,
}

#[derive(Default)]
struct Generation {
    answers: HashMap<String, Answer>,
    bytes: usize,
}

#[derive(Clone)]
struct Answer {
    kind: HeaderValue,
    body: Bytes,
}

impl Cache {
    /// The answer with this tag.
    pub(super) fn get(&self, tag: &str) -> Option<Response> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let [young, old] = &mut *generations;
        let answer = young.answers.get(tag).or_else(|| old.answers.get(tag))?.clone();
        let response = ([(header::CONTENT_TYPE, answer.kind.clone())], answer.body.clone()).into_response();
        young.keep(tag, answer);
        Some(response)
    }

    /// Keeps an answer, unless it is a failure or large, and gives it back.
    pub(super) async fn keep(&self, tag: &str, response: Response) -> Response {
        let is_small = response.body().size_hint().upper().is_some_and(|bytes| bytes <= LARGEST);
        let kind = response.headers().get(header::CONTENT_TYPE).cloned();
        let (StatusCode::OK, true, Some(kind)) = (response.status(), is_small, kind) else { return response };
        let (parts, body) = response.into_parts();
        let Ok(body) = axum::body::to_bytes(body, LARGEST as usize).await else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        let [young, old] = &mut *generations;
        young.keep(tag, Answer { kind, body: body.clone() });
        if young.bytes > FULL {
            *old = std::mem::take(young);
        }
        Response::from_parts(parts, Body::from(body))
    }
}

impl Generation {
    fn keep(&mut self, tag: &str, answer: Answer) {
        let bytes = tag.len() + answer.body.len();
        if self.answers.insert(tag.to_owned(), answer).is_none() {
            self.bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn answers_are_kept_until_others_fill_the_place() {
        let cache = Cache::default();
        let page = |text: String| ([(header::CONTENT_TYPE, "text/html")], text).into_response();
        cache.keep("a", page("one".to_owned())).await;
        let again = cache.get("a").unwrap();
        assert_eq!(again.headers()[header::CONTENT_TYPE], "text/html");
        assert_eq!(axum::body::to_bytes(again.into_body(), 10).await.unwrap(), "one");
        cache.keep("large", page("x".repeat(LARGEST as usize + 1))).await;
        cache.keep("failed", StatusCode::NOT_FOUND.into_response()).await;
        assert!(cache.get("large").is_none() && cache.get("failed").is_none());
        for number in 0..3 * FULL / (400 << 10) {
            cache.keep(&number.to_string(), page("x".repeat(400 << 10))).await;
        }
        assert!(cache.get("a").is_none());
        let bytes: usize = cache.generations.lock().unwrap().iter().map(|generation| generation.bytes).sum();
        assert!(bytes <= 2 * FULL + LARGEST as usize);
    }
}
