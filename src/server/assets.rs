//! What pages need besides their text: one sheet of styles, one script, one icon. Addresses have a hash of the content, so
//! that browsers keep it and a new version is fetched at once.

use std::sync::OnceLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::failure::Failure;
use crate::present::html::STYLE;

const SCRIPT: &str = include_str!("assets/page.js");
const ICON: &str = include_str!("assets/icon.svg");

/// An asset, its type and its text.
const ASSETS: [(&str, &str, &str); 3] = [
    ("style.css", "text/css; charset=utf-8", STYLE),
    ("page.js", "text/javascript; charset=utf-8", SCRIPT),
    ("icon.svg", "image/svg+xml", ICON),
];

/// The hash that addresses of assets have.
pub(super) fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut hasher = blake3::Hasher::new();
        for (_, _, text) in ASSETS {
            hasher.update(text.as_bytes());
        }
        hasher.finalize().to_hex().chars().take(12).collect()
    })
}

/// An asset.
pub(super) fn get(name: &str) -> Result<Response, Failure> {
    let (_, kind, text) = ASSETS
        .into_iter()
        .find(|(known, _, _)| *known == name)
        .ok_or_else(|| Failure::not_found("there is no such file"))?;
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")], text).into_response())
}
