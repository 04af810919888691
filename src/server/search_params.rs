//! A search as an address says it, and the addresses of its neighbours: one filter more, one class of variants less.

use form_urlencoded::Serializer;

use super::failure::Failure;
use crate::query::{DATES, Matching, date_filter, filter};
use crate::search::{By, Cursor, Deadline, Duplicates, Request, Sort, Variants};

/// Characters that a query may have: far more than people type, and pasted sentences fit.
const LONGEST: usize = 8_000;

/// Filters that a request may have.
const MOST_FILTERS: usize = 64;

/// Hits that one answer holds at most; everything there is comes as a stream.
const MOST_HITS: u64 = 1_000;

/// A search as an address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SearchParams {
    pub(super) query: String,
    pub(super) filters: Vec<String>,
    pub(super) by: Option<By>,
    pub(super) sort: Sort,
    pub(super) matching: Matching,
    pub(super) duplicates: Duplicates,
    pub(super) literal: bool,
    pub(super) variants: Variants,
    pub(super) half_life: Option<u32>,
    pub(super) explain: bool,
    /// How many hits; `None` for what the screen or format usually holds.
    pub(super) limit: Option<u64>,
    /// The hit that the page begins after.
    pub(super) after: Option<Cursor>,
    /// Hits before the page.
    pub(super) from: u64,
    pub(super) facets: Vec<String>,
    /// A facet that the page lists in full.
    pub(super) more: Option<String>,
    /// What else the address says, for screens that take more than a search.
    pub(super) others: Vec<(String, String)>,
}

/// Fields of the query that have a parameter of their own, as they have a flag of their own.
const SHORTHANDS: [&str; 5] = ["speaker", "person", "org", "place", "outlet"];

impl SearchParams {
    /// Reads the query string of an address.
    pub(super) fn parse(address: Option<&str>) -> Result<Self, Failure> {
        let mut params = SearchParams::default();
        for (name, value) in form_urlencoded::parse(address.unwrap_or_default().as_bytes()) {
            params.set(&name, &value)?;
        }
        if params.query.chars().count() > LONGEST {
            return Err(Failure::request(format!("the query is too long; at most {LONGEST} characters are read")));
        }
        if params.filters.len() > MOST_FILTERS {
            return Err(Failure::request(format!("too many filters; at most {MOST_FILTERS} are read")));
        }
        Ok(params)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Failure> {
        let yes = || match value {
            "" | "1" | "true" | "yes" => Ok(true),
            "0" | "false" | "no" => Ok(false),
            _ => Err(unknown(name, value, "1 or 0")),
        };
        match name {
            "q" => value.trim().clone_into(&mut self.query),
            "filter" if !value.trim().is_empty() => self.filters.push(value.trim().to_owned()),
            "filter" => {}
            "since" | "until" if value.is_empty() => {}
            "since" | "until" => {
                let bound = if name == "since" { ">=" } else { "<=" };
                let filter = date_filter(bound, value, jiff::Zoned::now().date());
                self.filters.push(filter.ok_or_else(|| unknown(name, value, DATES))?);
            }
            name if SHORTHANDS.contains(&name) => {
                if !value.trim().is_empty() {
                    self.filters.push(filter(name, value.trim()));
                }
            }
            "by" => {
                self.by = match value {
                    "" => None,
                    "quote" => Some(By::Quote),
                    "passage" => Some(By::Passage),
                    "article" => Some(By::Article),
                    _ => return Err(unknown(name, value, "quote, passage or article")),
                }
            }
            "sort" => {
                self.sort = match value {
                    "" | "rank" => Sort::Rank,
                    "newest" => Sort::Newest,
                    "oldest" => Sort::Oldest,
                    _ => return Err(unknown(name, value, "rank, newest or oldest")),
                }
            }
            "match" => {
                self.matching = match value {
                    "" | "all" => Matching::All,
                    "any" => Matching::Any,
                    _ => return Err(unknown(name, value, "all or any")),
                }
            }
            "duplicates" => {
                self.duplicates = match value {
                    "" | "show" => Duplicates::Show,
                    "collapse" => Duplicates::Collapse,
                    _ => return Err(unknown(name, value, "show or collapse")),
                }
            }
            "literal" => self.literal = yes()?,
            "explain" => self.explain = yes()?,
            "variants" => self.variants = variants(name, value)?,
            "half-life" => self.half_life = Some(number(name, value, 1, 1_000_000)? as u32),
            "limit" => self.limit = Some(number(name, value, 0, MOST_HITS)?),
            "after" if value.is_empty() => {}
            "after" => {
                let cursor =
                    value.parse().map_err(|_| Failure::request("`after` takes the `next` of an answer, as it is"))?;
                self.after = Some(cursor);
            }
            "from" => self.from = number(name, value, 0, u64::MAX)?,
            "facets" => self.facets.extend(value.split(',').filter(|f| !f.is_empty()).map(str::to_owned)),
            "more" => self.more = Some(value.to_owned()).filter(|more| !more.is_empty()),
            other => self.others.push((other.to_owned(), value.to_owned())),
        }
        Ok(())
    }

    /// Refuses what the screen or format does not know.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Failure> {
        match self.others.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, _)) => Err(Failure::request(format!("unknown parameter `{name}`"))),
        }
    }

    /// A parameter of the address that is not part of a search.
    pub(super) fn other(&self, name: &str) -> Option<&str> {
        self.others.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// As the engine takes it: everything but how many hits.
    pub(super) fn request(&self, deadline: &Deadline) -> Request {
        Request {
            query: if self.query.is_empty() && !self.filters.is_empty() { "*".to_owned() } else { self.query.clone() },
            filters: self.filters.clone(),
            matching: self.matching,
            by: self.by,
            sort: self.sort,
            facets: self.facets.clone(),
            duplicates: self.duplicates,
            literal: self.literal,
            variants: self.variants,
            explain: self.explain,
            half_life: self.half_life,
            today: jiff::Zoned::now().date(),
            deadline: deadline.clone(),
            after: self.after.clone(),
            ..Request::default()
        }
    }

    /// The same; everything there is where nothing is asked for.
    pub(super) fn everything(&self, deadline: &Deadline) -> Request {
        let request = self.request(deadline);
        if self.is_empty() { Request { query: "*".to_owned(), ..request } } else { request }
    }

    /// Whether nothing is asked for yet.
    pub(super) fn is_empty(&self) -> bool {
        self.query.is_empty() && self.filters.is_empty()
    }

    /// Names and values that say the same; what is usual is left out.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name, value: &str| pairs.push((name, value.to_owned()));
        if !self.query.is_empty() {
            add("q", &self.query);
        }
        for filter in &self.filters {
            add("filter", filter);
        }
        match self.by {
            None => {}
            Some(By::Quote) => add("by", "quote"),
            Some(By::Passage) => add("by", "passage"),
            Some(By::Article) => add("by", "article"),
        }
        match self.sort {
            Sort::Rank => {}
            Sort::Newest => add("sort", "newest"),
            Sort::Oldest => add("sort", "oldest"),
        }
        match self.matching {
            Matching::All => {}
            Matching::Any => add("match", "any"),
        }
        match self.duplicates {
            Duplicates::Show => {}
            Duplicates::Collapse => add("duplicates", "collapse"),
        }
        if self.literal {
            add("literal", "1");
        }
        if self.variants != Variants::default() {
            add("variants", &names_of(self.variants));
        }
        if let Some(days) = self.half_life {
            add("half-life", &days.to_string());
        }
        if let Some(limit) = self.limit {
            add("limit", &limit.to_string());
        }
        if !self.facets.is_empty() {
            add("facets", &self.facets.join(","));
        }
        if let Some(more) = &self.more {
            add("more", more);
        }
        if let Some(after) = &self.after {
            add("after", &after.to_string());
        }
        if self.from > 0 {
            add("from", &self.from.to_string());
        }
        pairs
    }

    /// The address of this search under a path.
    pub(super) fn address(&self, path: &str) -> String {
        address(path, self.pairs())
    }

    /// The same search from its first page on.
    pub(super) fn first_page(&self) -> SearchParams {
        SearchParams { after: None, from: 0, ..self.clone() }
    }

    /// The same search, changed, from its first page on.
    pub(super) fn with(&self, change: impl FnOnce(&mut SearchParams)) -> SearchParams {
        let mut params = self.first_page();
        change(&mut params);
        params
    }
}

/// An address: a path and what follows the question mark.
pub(super) fn address<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(pairs);
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The classes of variants that are on, as an address says it.
fn names_of(variants: Variants) -> String {
    let classes = [(variants.forms, "forms"), (variants.near, "near"), (variants.synonyms, "synonyms")];
    let on: Vec<&str> = classes.into_iter().filter(|(on, _)| *on).map(|(_, name)| name).collect();
    if on.is_empty() { "none".to_owned() } else { on.join(",") }
}

fn variants(name: &str, value: &str) -> Result<Variants, Failure> {
    let mut variants = Variants { forms: false, near: false, synonyms: false };
    for class in value.split(',') {
        match class.trim() {
            "forms" => variants.forms = true,
            "near" => variants.near = true,
            "synonyms" => variants.synonyms = true,
            "none" | "" => {}
            _ => return Err(unknown(name, value, "forms, near, synonyms or none")),
        }
    }
    Ok(variants)
}

fn number(name: &str, value: &str, least: u64, most: u64) -> Result<u64, Failure> {
    let number = value.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| unknown(name, value, &format!("a number from {least} to {most}")))
}

fn unknown(name: &str, value: &str, known: &str) -> Failure {
    let shown: String = value.chars().take(60).collect();
    Failure::request(format!("`{name}={shown}` is not understood; it is {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, expect: &str) {
        let params = SearchParams::parse(Some(address)).unwrap();
        assert_eq!(params.address("/"), expect);
        // An address that is read and written says the same.
        let again = params.address("/");
        let again = SearchParams::parse(again.split_once('?').map(|(_, query)| query)).unwrap();
        assert_eq!(SearchParams { others: Vec::new(), ..params }, again);
    }

    #[test]
    fn addresses_hold_the_whole_search() {
        check("", "/");
        check("q=dam&sort=rank&by=", "/?q=dam");
        check(
            "q=dam+valley&outlet=The+%22Post%22&since=2025-05&sort=newest&variants=near&duplicates=collapse",
            "/?q=dam+valley&filter=outlet%3A%22The++Post+%22&filter=date%3A%3E%3D2025-05&sort=newest&duplicates=collapse&variants=near",
        );
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let refused = |address| SearchParams::parse(Some(address)).unwrap_err().detail;
        assert!(refused("sort=best").contains("`sort=best`"));
        assert!(refused("limit=1001").contains("from 0 to 1000"));
        assert!(refused(&format!("q={}", "a".repeat(LONGEST + 1))).contains("too long"));
        assert!(SearchParams::parse(Some("colour=red")).unwrap().only(&[]).unwrap_err().detail.contains("`colour`"));
    }
}
