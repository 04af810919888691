//! Who talks about whom, as a graph.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::super::access::Who;
use super::super::failure::Failure;
use super::super::search_params::SearchParams;
use super::super::state::Server;
use super::export::gone;
use super::stream;
use crate::answers::{self, SplitBy};
use crate::present::network;

/// How edges are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Format {
    /// A row each.
    Csv,
    /// For programs that draw graphs.
    Graphml,
    /// For Graphviz.
    Dot,
}

impl Format {
    /// All of them, each with the ending of its file.
    pub(in super::super) const ALL: [(Format, &str); 3] =
        [(Format::Csv, "csv"), (Format::Graphml, "graphml"), (Format::Dot, "dot")];

    fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Graphml => "application/graphml+xml",
            Format::Dot => "text/vnd.graphviz; charset=utf-8",
        }
    }
}

/// `GET /api/v1/network.ENDING`: speakers and whom they name, in the quotations of a search.
pub(in super::super) async fn edges(
    format: Format,
    State(server): State<Arc<Server>>,
    who: Who,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let params = SearchParams::parse(query.as_deref())?;
    params.only(&["part"])?;
    let (part, column) = match params.other("part") {
        None => (None, None),
        Some("outlet") => (Some(SplitBy::Outlet), Some("outlet")),
        Some("month") => (Some(SplitBy::Month), Some("month")),
        Some(_) => return Err(Failure::request("`part` is outlet or month")),
    };
    let snapshot = server.snapshot(&who.within)?;
    stream::answer(&server, format.media_type(), None, move |out, begin, deadline| {
        let edges = answers::network(snapshot.engine(), &params.everything(&deadline), part)?;
        begin.now();
        let written = match format {
            Format::Csv => network::rows(out, &edges, column),
            Format::Graphml => network::graphml(out, &edges, column),
            Format::Dot => network::dot(out, &edges),
        };
        written.map_err(|error| gone(&error))
    })
    .await
}
