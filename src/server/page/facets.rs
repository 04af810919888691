//! The filters beside the hits: values of a field with their counts, each a link that lets it in or keeps it out.

use super::super::search_params::{SearchParams, address};
use crate::present::html::day_text;
use crate::present::phrase::thousands;
use crate::query::{facet_field, facet_filter};
use crate::search::{By, FacetCount};
use crate::text::normal::folded;

/// A facet of a screen.
#[derive(Debug, Clone)]
pub(super) struct Facet {
    pub(super) title: &'static str,
    pub(super) values: Vec<Value>,
    /// How many more values there are, and where they are listed.
    pub(super) more: Option<(String, String)>,
    /// Where all are listed: the search within the list.
    pub(super) list: Option<List>,
}

/// A list of all values of a facet that may be searched.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// What the values that are listed hold.
    pub(super) typed: String,
    /// What the address of the list says besides.
    pub(super) kept: Vec<(&'static str, String)>,
    /// The search with the list as short as others.
    pub(super) fewer: String,
}

/// A value of a facet.
#[derive(Debug, Clone)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) count: String,
    /// Whether it is let in.
    pub(super) on: bool,
    /// The search that lets it in, or that does so no more.
    pub(super) href: String,
    /// The search that keeps it out; none where it is let in.
    pub(super) exclude: Option<String>,
}

/// Values that are listed unless more are asked for.
const LISTED: usize = 6;

/// Values that are listed where more are asked for; beyond that, a table is the better form.
const LISTED_IN_FULL: usize = 200;

/// The parameter that says what the values of a list hold.
pub(super) const TYPED: &str = "holding";

/// Facets of which hits without a value are listed, the filter for those, and what it is called.
pub(super) const NONE_OF: [(&str, &str, &str); 2] =
    [("speaker", "NOT speaker:*", "speaker unknown"), ("outlet", "NOT outlet:*", "outlet unknown")];

/// A facet and its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListedFacet {
    pub(super) facet: &'static str,
    title: &'static str,
}

const SPEAKER: ListedFacet = ListedFacet { facet: "speaker", title: "Speaker" };
const OUTLET: ListedFacet = ListedFacet { facet: "outlet", title: "Outlet" };
const KIND: ListedFacet = ListedFacet { facet: "kind", title: "ListedFacet" };
const ATTRIBUTION: ListedFacet = ListedFacet { facet: "attribution", title: "Speaker known by" };
const PERSON: ListedFacet = ListedFacet { facet: "person", title: "People named" };
const ORGANIZATION: ListedFacet = ListedFacet { facet: "organization", title: "Organizations named" };
const PLACE: ListedFacet = ListedFacet { facet: "place", title: "Places named" };
const SECTION: ListedFacet = ListedFacet { facet: "section", title: "Section" };
const COLLECTION: ListedFacet = ListedFacet { facet: "collection", title: "Collection" };
const LANGUAGE: ListedFacet = ListedFacet { facet: "language", title: "Language" };
const MONTH: ListedFacet = ListedFacet { facet: "month", title: "Month" };

/// The facets of hits of a kind, in order.
pub(super) fn kinds(by: By) -> &'static [ListedFacet] {
    match by {
        By::Quote => {
            &[SPEAKER, OUTLET, KIND, ATTRIBUTION, PERSON, ORGANIZATION, PLACE, SECTION, COLLECTION, LANGUAGE, MONTH]
        }
        By::Passage | By::Article => &[OUTLET, PERSON, ORGANIZATION, PLACE, SECTION, COLLECTION, LANGUAGE, MONTH],
    }
}

impl ListedFacet {
    /// A filter that lets these values in.
    fn filter(self, values: &[String]) -> String {
        values.iter().filter_map(|value| facet_filter(self.facet, value)).collect::<Vec<_>>().join(" OR ")
    }

    /// The values that the search lets in, if it has a filter that says so.
    pub(super) fn chosen(self, params: &SearchParams) -> Option<(usize, Vec<String>)> {
        let field = facet_field(self.facet)?;
        params.filters.iter().enumerate().find_map(|(at, filter)| {
            let values: Option<Vec<String>> = filter
                .split(" OR ")
                .map(|part| {
                    let value = part.strip_prefix(field)?.strip_prefix(':')?;
                    // Of days, only whole months are values of a facet.
                    let is_value = field != "date" || value.len() == 7;
                    is_value.then(|| value.trim_matches('"').to_owned())
                })
                .collect();
            // The filter must be one of those that are made here: others are shown as they are.
            values.filter(|values| self.filter(values) == *filter).map(|values| (at, values))
        })
    }

    /// The facet, unless there is nothing to choose; `without` are the hits that have no value.
    pub(super) fn shown(
        self,
        counts: Vec<FacetCount>,
        without: Option<&FacetCount>,
        params: &SearchParams,
        path: &str,
    ) -> Option<Facet> {
        let chosen = self.chosen(params);
        let is_chosen = |value: &str| {
            let values = chosen.iter().flat_map(|(_, values)| values);
            values.into_iter().any(|chosen| chosen == &value.replace('"', " "))
        };
        if chosen.is_none() && counts.len() < 2 && self.facet != "speaker" && self.facet != "outlet" {
            return None;
        }
        let in_full = params.more.as_deref() == Some(self.facet);
        let list = in_full.then(|| List {
            typed: params.other(TYPED).unwrap_or_default().trim().to_owned(),
            kept: params.first_page().pairs(),
            fewer: params.with(|params| params.more = None).address(path),
        });
        let listed = if in_full { LISTED_IN_FULL } else { LISTED };
        let mut counts = counts;
        if let Some(list) = &list {
            let typed = folded(&list.typed);
            counts.retain(|counted| folded(&counted.value).contains(&typed));
        }
        let total = counts.len();
        if self.facet == "month" {
            counts.sort_by(|a, b| b.value.cmp(&a.value));
        }
        let mut values: Vec<Value> = counts
            .into_iter()
            .enumerate()
            .filter(|(at, counted)| *at < listed || is_chosen(&counted.value))
            .map(|(_, counted)| self.value(&counted, chosen.as_ref(), is_chosen(&counted.value), params, path))
            .collect();
        let more = (total > values.len()).then(|| {
            let text = format!("+ {} more", thousands((total - values.len()) as u64));
            if in_full {
                let mut pairs = params.with(|params| params.more = None).pairs();
                pairs.push(("field", self.facet.to_owned()));
                return (text + ", as JSON", address("/api/v1/facets", pairs));
            }
            (text, params.with(|params| params.more = Some(self.facet.to_owned())).address(path))
        });
        // Where nothing has a value there is nothing to set apart.
        values.extend(without.filter(|_| total > 0).and_then(|without| self.none(without, params, path)));
        (!values.is_empty() || list.is_some()).then_some(Facet { title: self.title, values, more, list })
    }

    /// Hits without a known speaker or outlet: how many there are belongs to every count of those.
    fn none(self, without: &FacetCount, params: &SearchParams, path: &str) -> Option<Value> {
        let text = NONE_OF.iter().find(|(facet, ..)| *facet == self.facet)?;
        let (_, filter, text) = *text;
        let on = params.filters.iter().any(|known| known == filter);
        let changed = params.with(|params| {
            params.more = None;
            if on {
                params.filters.retain(|known| known != filter);
            } else {
                params.filters.push(filter.to_owned());
            }
        });
        Some(Value {
            text: text.to_owned(),
            count: thousands(without.count),
            on,
            href: changed.address(path),
            exclude: None,
        })
    }

    fn value(
        self,
        counted: &FacetCount,
        chosen: Option<&(usize, Vec<String>)>,
        on: bool,
        params: &SearchParams,
        path: &str,
    ) -> Value {
        let value = counted.value.replace('"', " ");
        let mut values: Vec<String> = chosen.map(|(_, values)| values.clone()).unwrap_or_default();
        if on {
            values.retain(|chosen| *chosen != value);
        } else {
            values.push(value.clone());
        }
        let changed = params.with(|params| {
            params.more = None;
            let new = (!values.is_empty()).then(|| self.filter(&values));
            match (chosen, new) {
                (Some((at, _)), Some(new)) => {
                    if let Some(old) = params.filters.get_mut(*at) {
                        *old = new;
                    }
                }
                (Some((at, _)), None) => drop(params.filters.remove(*at)),
                (None, Some(new)) => params.filters.push(new),
                (None, None) => {}
            }
        });
        let without = params.with(|params| {
            params.more = None;
            params.filters.push(format!("NOT {}", self.filter(std::slice::from_ref(&value))));
        });
        Value {
            text: self.text(&counted.value),
            count: thousands(counted.count),
            on,
            href: changed.address(path),
            exclude: (!on).then(|| without.address(path)),
        }
    }

    fn text(self, value: &str) -> String {
        match self.facet {
            // The first of a month has the month's name in it.
            "month" => {
                let text = day_text(&format!("{value}-01"));
                text.strip_prefix("1 ").map_or(value.to_owned(), str::to_owned)
            }
            _ => value.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(values: &[&str]) -> Vec<FacetCount> {
        let count =
            |&value: &&str| FacetCount { value: value.to_owned(), count: 1, articles: 1, ..FacetCount::default() };
        values.iter().map(count).collect()
    }

    #[test]
    fn values_add_up_and_go_again() {
        let values = |params: &SearchParams| OUTLET.shown(counts(&["Post", "Dawn"]), None, params, "/").unwrap().values;
        let none = values(&SearchParams::default());
        assert_eq!(none[0].href, "/?filter=outlet%3A%22Post%22");
        assert_eq!(none[0].exclude.as_deref(), Some("/?filter=NOT+outlet%3A%22Post%22"));
        let one =
            SearchParams { filters: vec!["date:2025".into(), "outlet:\"Post\"".into()], ..SearchParams::default() };
        assert_eq!(OUTLET.chosen(&one), Some((1, vec!["Post".into()])));
        let one = values(&one);
        assert!(one[0].on && one[0].href == "/?filter=date%3A2025" && one[0].exclude.is_none());
        assert_eq!(one[1].href, "/?filter=date%3A2025&filter=outlet%3A%22Post%22+OR+outlet%3A%22Dawn%22");
    }

    #[test]
    fn a_list_in_full_is_searched() {
        let params = SearchParams {
            more: Some("outlet".into()),
            others: vec![(TYPED.into(), "POST".into())],
            ..SearchParams::default()
        };
        let facet = OUTLET.shown(counts(&["The Post", "Dawn"]), None, &params, "/").unwrap();
        assert_eq!(facet.values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>(), ["The Post"]);
        let list = facet.list.unwrap();
        assert_eq!((list.typed.as_str(), list.fewer.as_str()), ("POST", "/"));
        assert_eq!(list.kept, [("more", "outlet".to_owned())]);
    }

    #[test]
    fn filters_of_other_shapes_are_left_alone() {
        for filter in ["outlet:post", "NOT outlet:\"Post\"", "outlet:\"Post\" dam", "person:\"Post\""] {
            let params = SearchParams { filters: vec![filter.into()], ..SearchParams::default() };
            assert_eq!(OUTLET.chosen(&params), None, "{filter}");
        }
        let of_days = |filter: &str| {
            MONTH.chosen(&SearchParams { filters: vec![filter.into()], ..SearchParams::default() }).is_some()
        };
        assert!(of_days("date:2025-05") && !of_days("date:2025-05-16") && !of_days("date:>=2025"));
    }

    #[test]
    fn a_month_is_said_in_words() {
        assert_eq!(MONTH.text("2025-05"), "May 2025");
        assert_eq!(MONTH.text("2025-11"), "November 2025");
    }
}
