//! Everything that a search finds, or what an article says, as a file for another program or for somebody without any.

use std::io;
use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;

use super::super::access::Who;
use super::super::failure::Failure;
use super::super::search_params::SearchParams;
use super::super::state::{Server, Snapshot};
use super::stream;
use crate::present::html::report::{self, About, HtmlWriter};
use crate::present::{Export, HitWriter, phrase};
use crate::search::{By, Request};

/// Hits of a file that is kept in memory until it is whole.
const MOST_KEPT: u64 = 100_000;

/// What a file is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum FileFormat {
    /// For other programs.
    Export(Export),
    /// For a browser.
    Report,
}

impl FileFormat {
    /// All of them.
    pub(in super::super) fn all() -> impl Iterator<Item = FileFormat> {
        Export::ALL.into_iter().map(FileFormat::Export).chain([FileFormat::Report])
    }

    /// The ending of its file.
    pub(in super::super) fn extension(self) -> &'static str {
        match self {
            FileFormat::Export(export) => export.extension(),
            FileFormat::Report => "html",
        }
    }

    /// What people call it.
    pub(in super::super) fn title(self) -> &'static str {
        match self {
            FileFormat::Export(export) => export.title(),
            FileFormat::Report => "Report",
        }
    }

    /// What it is for.
    pub(in super::super) fn purpose(self) -> &'static str {
        match self {
            FileFormat::Export(export) => export.purpose(),
            FileFormat::Report => "one page, to keep or to mail",
        }
    }

    /// The media type.
    pub(in super::super) fn media_type(self) -> &'static str {
        match self {
            FileFormat::Export(export) => export.media_type(),
            FileFormat::Report => "text/html; charset=utf-8",
        }
    }

    /// Whether its file is kept in memory until it is whole.
    fn is_kept(self) -> bool {
        match self {
            FileFormat::Export(export) => export.is_kept(),
            FileFormat::Report => false,
        }
    }
}

/// `GET /api/v1/search.ENDING`: every hit.
pub(in super::super) async fn search(
    kind: FileFormat,
    State(server): State<Arc<Server>>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let params = all_of(query.as_deref())?;
    let name = if params.query.is_empty() { params.filters.join(" ") } else { params.query.clone() };
    let limit = params.limit;
    hits(&server, &who, kind, &name, limit, move |_| Ok(params.request(&crate::search::Deadline::none()))).await
}

/// `GET /api/v1/articles/KEY/quotes.ENDING`: its quotations.
pub(in super::super) async fn quotes(
    kind: FileFormat,
    State(server): State<Arc<Server>>,
    who: Who,
    Path(key): Path<String>,
) -> Result<Response, Failure> {
    let name = key.clone();
    let request = move |snapshot: &Snapshot| {
        let article = Some(snapshot.article(&key)?.article.id);
        Ok(Request { query: "*".to_owned(), by: Some(By::Quote), article, ..Request::default() })
    };
    hits(&server, &who, kind, &name, None, request).await
}

/// `GET /api/v1/articles/KEY/report.html`: the article with everything found in it.
pub(in super::super) async fn article(
    State(server): State<Arc<Server>>,
    who: Who,
    Path(key): Path<String>,
) -> Result<Response, Failure> {
    let snapshot = server.snapshot(&who.within)?;
    let masker = server.clone();
    let whole = snapshot.article(&key)?;
    let name = file_name(phrase::title(&whole.article), FileFormat::Report);
    stream::answer(&server, FileFormat::Report.media_type(), Some(name), move |out, begin, _| {
        let about = About::thing(snapshot.engine().info(), jiff::Zoned::now().date());
        let mut whole = whole;
        masker.mask(&mut whole.article);
        begin.now();
        report::article(out, &about, &whole).map_err(|error| gone(&error))
    })
    .await
}

/// Writes the hits of a request, at most `limit` of them.
async fn hits<R>(
    server: &Arc<Server>,
    who: &Who,
    kind: FileFormat,
    name: &str,
    limit: Option<u64>,
    request: R,
) -> Result<Response, Failure>
where
    R: FnOnce(&Snapshot) -> Result<Request, Failure> + Send + 'static,
{
    let (snapshot, masker) = (server.snapshot(&who.within)?, server.clone());
    stream::answer(server, kind.media_type(), Some(file_name(name, kind)), move |out, begin, deadline| {
        let request = Request { deadline, ..request(&snapshot)? };
        let results = snapshot.engine().all_results(&request)?;
        let total = results.response().total.min(limit.unwrap_or(u64::MAX));
        if kind.is_kept() && total > MOST_KEPT {
            return Err(Failure::request(format!(
                "{total} hits are too many for this format, which takes {MOST_KEPT}; narrow the search, or take CSV"
            )));
        }
        let mut writer: Box<dyn HitWriter + '_> = match kind {
            FileFormat::Export(export) => export.writer(out),
            FileFormat::Report => Box::new(HtmlWriter::new(out, snapshot.engine(), request.today)),
        };
        let mut answer = results.response().clone();
        answer.query.clone_from(&request.query);
        begin.now();
        writer.open(&answer).map_err(|error| gone(&error))?;
        for hit in results.take(limit.map_or(usize::MAX, |limit| limit as usize)) {
            let mut hit = hit?;
            // A report reads the article by its id, and shows neither that nor a path.
            if kind != FileFormat::Report {
                masker.mask_hit(&mut hit);
            }
            writer.hit(&hit).map_err(|error| gone(&error))?;
        }
        writer.close().map_err(|error| gone(&error))
    })
    .await
}

/// A name for a file: `onrecord-speaker-rubio.csv`.
fn file_name(of: &str, kind: FileFormat) -> String {
    /// Characters of the longest.
    const LONGEST: usize = 60;
    let words = of.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut name = words.fold("onrecord".to_owned(), |name, word| name + "-" + word);
    name.truncate(LONGEST);
    format!("{}.{}", name.trim_end_matches('-'), kind.extension())
}

/// A search of which everything is wanted.
pub(super) fn all_of(query: Option<&str>) -> Result<SearchParams, Failure> {
    let params = SearchParams::parse(query)?;
    params.only(&[])?;
    if params.after.is_some() {
        Err(Failure::request("this is everything at once; leave `after` out"))
    } else {
        Ok(params)
    }
}

/// The error of a stream whose client has left.
pub(super) fn gone(error: &io::Error) -> Failure {
    tracing::debug!(%error, "a client left in the middle of a stream");
    Failure::too_slow()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_what_was_asked() {
        let name = |of: &str| file_name(of, FileFormat::Export(Export::Csv));
        assert_eq!(name("speaker:\"Ada Ray\" дамба"), "onrecord-speaker-Ada-Ray.csv");
        assert_eq!(name("../../\r\n"), "onrecord.csv");
        assert!(name(&"word ".repeat(50)).len() < 70);
    }
}
