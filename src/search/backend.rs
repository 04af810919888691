//! What answers requests: the embedded engine, or a cluster.

use std::time::Instant;

use super::{Annotated, By, Deadline, Error, FacetCount, Hit, IndexInfo, Request, Response, Verdict};
use crate::entity::{Directory, EntityKind, Group};
use crate::text::normal::folded;

/// Answers requests over one state of one index. Commands and servers need nothing else of an engine.
pub trait Backend: Send + Sync {
    /// Which index it is.
    fn info(&self) -> IndexInfo;

    /// Answers a request: totals and facets at once, the hits up to its limit one by one.
    fn results(&self, request: &Request) -> Result<Results<'_>, Error>;

    /// Answers a request: totals and facets at once, every hit one by one, whatever the limit.
    fn all_results(&self, request: &Request) -> Result<Results<'_>, Error>;

    /// The article with this id, address, file or title, or with a part of these that no other has.
    fn article(&self, key: &str) -> Result<Annotated, Error>;

    /// The entities of the index and their names.
    fn directory(&self) -> Result<&Directory, Error>;

    /// Titles and descriptions that articles give an entity, and in how many passages; the most frequent first.
    fn roles(&self, group: &Group) -> Result<Vec<(String, u64)>, Error>;

    /// Tests one article against every part of a query.
    fn why_not(&self, request: &Request, article: &str) -> Result<Vec<Verdict>, Error>;

    /// Answers a request: exact totals, and the hits up to its limit.
    fn search(&self, request: &Request) -> Result<Response, Error> {
        let mut results = self.results(request)?;
        let hits = results.by_ref().collect::<Result<_, Error>>()?;
        Ok(Response { hits, ..results.into_response() })
    }

    /// The values of a field over all hits, the most frequent first.
    fn facets(&self, request: &Request, field: &str) -> Result<Vec<FacetCount>, Error> {
        let facets = vec![field.to_owned()];
        let mut answer = self.search(&Request { facets, facet_limit: None, limit: 0, ..request.clone() })?;
        Ok(answer.facets.remove(field).unwrap_or_default())
    }

    /// The most frequent values of a field among all hits of a kind, counted as quickly as the backend can: what a page offers.
    fn frequent(&self, field: &str, by: By, limit: u64, deadline: &Deadline) -> Result<Vec<FacetCount>, Error> {
        let (facets, deadline) = (vec![field.to_owned()], deadline.clone());
        let (query, by, facet_limit) = ("*".to_owned(), Some(by), Some(limit));
        let everything = Request { query, by, facets, facet_limit, limit: 0, deadline, ..Request::default() };
        Ok(self.search(&everything)?.facets.remove(field).unwrap_or_default())
    }

    /// The values of a field that have a word starting with `prefix`, the most frequent first.
    fn complete(&self, field: &str, prefix: &str, limit: usize, deadline: &Deadline) -> Result<Vec<FacetCount>, Error> {
        let mut values = self.frequent(field, By::Passage, u64::MAX, deadline)?;
        values.retain(|count| starts_word(&count.value, prefix));
        values.truncate(limit);
        Ok(values)
    }

    /// The entity of one of these kinds with this name, the most frequent where there are several.
    fn entity(&self, kinds: &[EntityKind], name: &str) -> Result<&Group, Error> {
        let directory = self.directory()?;
        let found = kinds.iter().filter_map(|&kind| directory.find(kind, name).into_iter().next());
        found.max_by_key(|group| group.count).ok_or_else(|| Error::NoEntity { name: name.to_owned() })
    }
}

/// True if a word of `value` starts with `prefix`, whatever the case and diacritics.
pub fn starts_word(value: &str, prefix: &str) -> bool {
    let (value, prefix) = (folded(value), folded(prefix));
    value.match_indices(&prefix).any(|(at, _)| !value.get(..at).unwrap_or_default().ends_with(char::is_alphanumeric))
}

/// The answer to a request and, as an iterator, its hits. Texts are read only for the hits that are taken.
pub struct Results<'b> {
    response: Response,
    hits: Box<dyn Iterator<Item = Result<Hit, Error>> + 'b>,
    clock: Instant,
}

impl<'b> Results<'b> {
    /// An answer, complete but for its hits.
    pub fn new(response: Response, hits: impl Iterator<Item = Result<Hit, Error>> + 'b) -> Self {
        Results { response, hits: Box::new(hits), clock: Instant::now() }
    }

    /// The answer without its hits.
    pub fn response(&self) -> &Response {
        &self.response
    }

    /// The same, with the time added that the hits took.
    pub fn into_response(mut self) -> Response {
        self.response.took_ms += self.clock.elapsed().as_millis() as u64;
        self.response
    }
}

impl Iterator for Results<'_> {
    type Item = Result<Hit, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.hits.next()
    }
}
