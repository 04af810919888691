//! Why a request can't be answered.

use crate::entity::AliasError;
use crate::index;
use crate::index::schema::FacetKind;
use crate::query::ThesaurusError;

/// Why a request can't be answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The index can't be read.
    #[error(transparent)]
    Index(#[from] index::Error),
    /// tantivy fails.
    #[error("the index can't be searched; `onrecord verify` says what is wrong with it")]
    Search(#[from] tantivy::TantivyError),
    /// There is no such facet.
    #[error("`{0}` is no facet; the facets are {names}", names = facet_names())]
    Facet(String),
    /// The user's synonyms can't be read.
    #[error(transparent)]
    Synonyms(#[from] ThesaurusError),
    /// The user's aliases can't be read.
    #[error(transparent)]
    Aliases(#[from] AliasError),
    /// No article goes by that.
    #[error("no article goes by `{asked}`{}", similar.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    NoArticle {
        /// As asked for.
        asked: String,
        /// An id that is close to it.
        similar: Option<String>,
    },
    /// Several articles go by that.
    #[error("{fitting} articles go by `{asked}`; say more of one of these:\n  {}", ids.join("\n  "))]
    Ambiguous {
        /// As asked for.
        asked: String,
        /// How many they are.
        fitting: usize,
        /// The ids of some.
        ids: Vec<String>,
    },
}

fn facet_names() -> String {
    FacetKind::ALL.map(FacetKind::name).join(", ")
}
