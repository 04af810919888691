//! What the analysis sees in a text that is sent.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header;
use axum::response::Response;
use serde::Deserialize;

use super::super::failure::Failure;
use super::super::request::body;
use super::super::state::Server;
use super::json;
use crate::analysis::Analyser;
use crate::article::{Article, Depth, Meta};
use crate::passage;

/// Bytes of a text that is analysed: a long article has a twentieth of it.
const LONGEST: usize = 1 << 20;

/// Bytes of a text that is read carefully: more would take longer than an answer may.
const LONGEST_CAREFUL: usize = 100_000;

/// A text with what is known about it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    text: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    analysis: Option<String>,
}

impl Sent {
    /// What is found in it. Not part of the async function below: rustc 1.95 cannot optimise a future that drops an
    /// `Analyser` (a cycle, E0391).
    fn annotated(self) -> Result<Response, Failure> {
        let meta = Meta {
            id: "-".to_owned(),
            path: "-".to_owned(),
            title: self.title,
            language: self.language,
            ..Meta::default()
        };
        let wrong = |what| Failure::request(format!("cannot use `analysis`: {what}"));
        let depth = self.analysis.map_or(Ok(Depth::Fast), |name| name.parse()).map_err(wrong)?;
        if depth == Depth::Careful && self.text.len() > LONGEST_CAREFUL {
            return Err(wrong(format!("a text of more than {LONGEST_CAREFUL} bytes is read by `fast` alone here")));
        }
        let article = Article::from_plain(meta, self.text);
        let analysis = Analyser::new().analyse_as(&article, depth);
        json(&passage::annotated(article, &analysis))
    }
}

/// `POST /api/v1/annotate`: a text as it is, or JSON with `text`, `title`, `language` and `analysis`.
pub(in super::super) async fn text(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Failure> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = kind.starts_with("application/json");
    let sent = body(request, LONGEST).await?;
    let sent = if is_json {
        serde_json::from_slice(&sent).map_err(|error| Failure::request(format!("cannot read the JSON: {error}")))?
    } else {
        let text = String::from_utf8(sent.to_vec()).map_err(|_| Failure::request("the text is not UTF-8"))?;
        Sent { text, title: None, language: None, analysis: None }
    };
    server.pool.run(move |_| sent.annotated()).await
}
