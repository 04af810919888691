//! Why a request cannot be answered, whatever the backend.

use std::time::Duration;

use crate::entity::AliasError;
use crate::query::ThesaurusError;

/// Why a request cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The backend fails: the index cannot be read, the cluster does not answer.
    #[error(transparent)]
    Backend(Box<dyn std::error::Error + Send + Sync>),
    /// The facet is unknown.
    #[error("unknown facet `{name}` (known: {known})")]
    Facet {
        /// As asked for.
        name: String,
        /// All facets, separated by commas.
        known: String,
    },
    /// The user's synonyms cannot be read.
    #[error(transparent)]
    Synonyms(#[from] ThesaurusError),
    /// The user's aliases cannot be read.
    #[error(transparent)]
    Aliases(#[from] AliasError),
    /// No article has this id, address, path or title.
    #[error("no article matches `{key}`{}", similar.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    NoArticle {
        /// As asked for.
        key: String,
        /// An id that is close to it.
        similar: Option<String>,
    },
    /// Several articles match.
    #[error("{matching} articles match `{key}`; be more specific:\n  {}", ids.join("\n  "))]
    Ambiguous {
        /// As asked for.
        key: String,
        /// How many match.
        matching: usize,
        /// The ids of some.
        ids: Vec<String>,
    },
    /// No person, organisation or place has this name.
    #[error("no person, organization or place matches `{name}`")]
    NoEntity {
        /// As asked for.
        name: String,
    },
    /// A pattern or misspelt word expands to too many terms.
    #[error("`{part}` matches {terms} words (limit: {limit}); make it longer")]
    TooManyTerms {
        /// The part of the query.
        part: String,
        /// The number of terms it matches.
        terms: usize,
        /// The number of terms that are allowed.
        limit: usize,
    },
    /// The patterns and misspelt words of a query expand to too many terms together.
    #[error("the patterns of this query match more than {limit} words together; make them longer, or fewer")]
    TooManyPatterns {
        /// The number of terms that are allowed.
        limit: usize,
    },
    /// The deadline has passed.
    #[error("stopped after {} s without an answer; narrow the query or raise --timeout", limit.as_secs_f32())]
    Deadline {
        /// The time that was allowed.
        limit: Duration,
    },
    /// The request was cancelled.
    #[error("stopped on request")]
    Cancelled,
    /// A cursor of another state of the index, or of another request.
    #[error("the index or the query changed since this page was made; start again from the first page")]
    StaleCursor,
}
