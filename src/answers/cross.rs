//! Cross tables: the values of a field by outlet or month, as shares and rates, with intervals.

use std::collections::{BTreeMap, HashMap};

use super::network::{SplitBy, canonical, speakers};
use crate::entity::{Directory, EntityKind};
use crate::groups::Groups;
use crate::present::facets::Cell;
use crate::search::{Backend, By, Duplicates, Error, Hit, NONE, Request};

/// Resamples of a bootstrap: enough for two digits of a 95% interval.
const RESAMPLES: usize = 1000;

/// Hits of one outlet or month by article and value.
#[derive(Default)]
struct Column {
    /// For each article, its hits and those of each value.
    articles: BTreeMap<String, (u64, HashMap<String, u64>)>,
    hits: u64,
}

/// The cells of a table in the order of their parts, in each the most frequent values first. Of all values, the `most`
/// frequent ones are counted; also says how many there are. Every part has a row for hits without a value.
pub fn cross(
    engine: &dyn Backend,
    request: &Request,
    field: &str,
    part: SplitBy,
    groups: &Groups,
    most: usize,
) -> Result<(Vec<Cell>, usize), Error> {
    let directory = engine.directory()?;
    let groups = &groups.map(|member| canonical(member, directory));
    let count = |duplicates: Duplicates| -> Result<(BTreeMap<String, Column>, Vec<String>), Error> {
        let mut columns: BTreeMap<String, Column> = BTreeMap::new();
        let results = engine.all_results(&Request { duplicates, ..request.clone() })?;
        let on_articles = results.response().on_articles.clone();
        for hit in results {
            let hit = hit?;
            let column = columns.entry(part.of(&hit)).or_default();
            let (hits, values) = column.articles.entry(hit.article.id.clone()).or_default();
            (*hits, column.hits) = (*hits + 1, column.hits + 1);
            for value in values_of(&hit, field, directory, groups) {
                *values.entry(value).or_default() += 1;
            }
        }
        Ok((columns, on_articles))
    };
    let (columns, on_articles) = count(request.duplicates)?;
    let once = match request.duplicates {
        Duplicates::Show => Some(count(Duplicates::Collapse)?.0),
        Duplicates::Collapse => None,
    };
    let once = once.as_ref().unwrap_or(&columns);
    let published = published(engine, request, on_articles, part)?;
    let mut totals: HashMap<&str, u64> = HashMap::new();
    for (value, hits) in columns.values().flat_map(|column| column.articles.values()).flat_map(|(_, values)| values) {
        *totals.entry(value).or_default() += hits;
    }
    totals.remove(NONE);
    let found = totals.len();
    let mut shown: Vec<(&str, u64)> = totals.into_iter().collect();
    shown.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    shown.truncate(most);
    let mut cells = Vec::new();
    for (name, column) in &columns {
        let passages = published.get(name).copied().unwrap_or_default();
        let mut rows = Vec::new();
        let counted = shown.iter().map(|(value, _)| *value).filter(|value| column.of(value) > 0);
        let values: Vec<&str> = counted.chain([NONE]).collect();
        for (&value, (share_low, share_high)) in values.iter().zip(column.intervals(&values)) {
            let hits = column.of(value);
            rows.push(Cell {
                value: value.to_owned(),
                part: name.clone(),
                hits,
                distinct: once.get(name).map_or(0, |column| column.of(value)),
                articles: column.articles.values().filter(|(_, values)| values.contains_key(value)).count() as u64,
                share: ratio(hits, column.hits),
                share_low,
                share_high,
                per_thousand: 1000.0 * ratio(hits, passages),
            });
        }
        rows.sort_by_key(|cell| (cell.value == NONE, std::cmp::Reverse(cell.hits)));
        cells.extend(rows);
    }
    Ok((cells, found))
}

impl Column {
    fn of(&self, value: &str) -> u64 {
        self.articles.values().filter_map(|(_, values)| values.get(value)).sum()
    }

    /// For each value, the middle 95% of its shares in resamples of the articles. The seed is fixed, so the same index
    /// gives the same.
    fn intervals(&self, values: &[&str]) -> Vec<(f64, f64)> {
        let numbers: HashMap<&str, usize> = values.iter().copied().zip(0..).collect();
        let articles: Vec<(u64, Vec<(usize, u64)>)> = self
            .articles
            .values()
            .map(|(hits, own)| {
                let own = own.iter().filter_map(|(value, hits)| Some((*numbers.get(value.as_str())?, *hits)));
                (*hits, own.collect())
            })
            .collect();
        let mut random = Random(1);
        let mut shares = vec![Vec::with_capacity(RESAMPLES); values.len()];
        for _ in 0..RESAMPLES {
            let mut all = 0;
            let mut with = vec![0; values.len()];
            for (hits, own) in (0..articles.len()).filter_map(|_| articles.get(random.below(articles.len()))) {
                all += hits;
                for (number, hits) in own {
                    with.get_mut(*number).into_iter().for_each(|with| *with += hits);
                }
            }
            shares.iter_mut().zip(with).for_each(|(shares, with)| shares.push(ratio(with, all)));
        }
        let middle = |mut shares: Vec<f64>| {
            shares.sort_unstable_by(f64::total_cmp);
            let at = |share: f64| shares.get((share * RESAMPLES as f64) as usize).copied().unwrap_or_default();
            (at(0.025), at(0.975))
        };
        shares.into_iter().map(middle).collect()
    }
}

/// Passages by outlet or month, of the articles that meet these conditions.
fn published(
    engine: &dyn Backend,
    request: &Request,
    filters: Vec<String>,
    part: SplitBy,
) -> Result<HashMap<String, u64>, Error> {
    let field = part.field();
    let mut answer = engine.search(&Request {
        query: "*".to_owned(),
        filters,
        by: Some(By::Passage),
        facets: vec![field.to_owned()],
        duplicates: request.duplicates,
        today: request.today,
        deadline: request.deadline.clone(),
        ..Request::default()
    })?;
    let none = answer.without.remove(field).map(|none| (NONE.to_owned(), none.count));
    let counts = answer.facets.remove(field).unwrap_or_default();
    Ok(counts.into_iter().map(|count| (count.value, count.count)).chain(none).collect())
}

/// The values that a hit has of a field, each once; `(none)` if it has none.
fn values_of(hit: &Hit, field: &str, directory: &Directory, groups: &Groups) -> Vec<String> {
    let named = |kind, names: &[String]| {
        names.iter().filter_map(|name| directory.listed(kind, name)).map(str::to_owned).collect()
    };
    let mut values: Vec<String> = match field {
        "speaker" => speakers(hit, directory).into_iter().collect(),
        "group" => speakers(hit, directory).iter().flat_map(|name| groups.of(name)).map(str::to_owned).collect(),
        "person" => named(EntityKind::Person, &hit.entities.person),
        "organization" | "org" => named(EntityKind::Organization, &hit.entities.organization),
        "place" => named(EntityKind::Place, &hit.entities.place),
        "outlet" => hit.article.outlet.iter().cloned().collect(),
        "byline" => hit.article.byline.clone(),
        "section" => hit.article.section.iter().cloned().collect(),
        "collection" => hit.article.collection.iter().cloned().collect(),
        "language" => hit.article.language.iter().cloned().collect(),
        "kind" => hit.quotes.iter().map(|quote| quote.kind.name().to_owned()).collect(),
        "attribution" => hit.quotes.iter().map(|quote| quote.attribution.name().to_owned()).collect(),
        _ => Vec::new(),
    };
    values.sort_unstable();
    values.dedup();
    if values.is_empty() {
        values.push(NONE.to_owned());
    }
    values
}

/// The fields that a cross table counts.
pub const FIELDS: [&str; 13] = [
    "speaker",
    "group",
    "person",
    "organization",
    "org",
    "place",
    "outlet",
    "byline",
    "section",
    "collection",
    "language",
    "kind",
    "attribution",
];

fn ratio(part: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

/// Pseudorandom numbers from a seed (`SplitMix64`): the same everywhere, always.
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    /// A number below `end`, or 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(mixed ^ (mixed >> 31)) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_the_share_and_are_wide_for_few_articles() {
        let column = |articles: usize| Column {
            articles: (0..articles)
                .map(|n| (format!("{n}"), (2, HashMap::from([("Ann".to_owned(), (n % 3) as u64)]))))
                .collect(),
            hits: 2 * articles as u64,
        };
        let (low, high) = column(300).intervals(&["Ann"])[0];
        assert!(low > 0.44 && high < 0.56 && low < 0.5 && high > 0.5, "{low} {high}");
        let (low, high) = column(6).intervals(&["Ann"])[0];
        assert!(low < 0.4 && high > 0.6, "{low} {high}");
        assert_eq!(column(0).intervals(&["Ann"]), [(0.0, 0.0)]);
    }
}
