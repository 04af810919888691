//! The search screen: what the query was read as, how much there is, when, by whom, and the hits themselves.

use askama::Template;
use axum::response::Response;

use super::super::chart::{self, Chart};
use super::super::request::IndexRequest;
use super::super::search_params::SearchParams;
use super::super::state::{Server, Snapshot};
use super::facets::{self, Facet};
use super::nothing_found::{Part, meant, parts};
use super::{Choice, Download, Failure, Frame, Link, cards, downloads, home, kind_of_hit, screen as answer};
use crate::present::html::card::Card;
use crate::present::phrase::{count, thousands};
use crate::query::{Warning, filter, parse};
use crate::search::{By, Deadline, Duplicates, MatchClass, Request, Response as Found, Sort, Variants};

/// Cards on a screen.
const CARDS: u64 = 20;

/// Where the screen is.
pub(super) const PATH: &str = "/";

#[derive(Template)]
#[template(path = "search.html")]
struct Search {
    frame: Frame,
    read_as: String,
    chips: Vec<Chip>,
    filters: Vec<Link>,
    warnings: Vec<Warning>,
    /// The index has changed since the page before was shown.
    moved: bool,
    total: String,
    notes: Vec<String>,
    /// The total by how closely the hits match; empty where all are as written.
    classes: Vec<Class>,
    units: Vec<Choice>,
    orders: Vec<Choice>,
    copies: Option<Link>,
    /// The two outlets that have most of it, side by side.
    compared: Option<String>,
    downloads: Vec<Download>,
    feed: String,
    /// What may have been meant where nothing is found, with the search for it.
    meant: Vec<(String, Option<String>)>,
    /// What the search says, for a form that saves it.
    saving: Vec<(&'static str, String)>,
    chart: Option<Chart>,
    facets: Vec<Facet>,
    cards: Vec<Card>,
    /// Which hits these are.
    range: String,
    first_page: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    /// Where nothing is found: what each part of the query finds, and the search without it.
    parts: Vec<Part>,
}

/// A class of variants that the search includes or leaves out.
struct Chip {
    title: &'static str,
    variants: String,
    on: bool,
    /// The search with the class switched; none where it cannot be.
    href: Option<String>,
}

/// How many hits match in one way, and the search without them.
struct Class {
    text: String,
    without: Option<Link>,
}

/// The screen at `/`.
pub(in super::super) async fn screen(request: IndexRequest) -> Result<Response, Failure> {
    let params = SearchParams::parse(request.query())?;
    request
        .answer(move |server, snapshot, deadline| {
            if params.is_empty() {
                answer(&home::home(server, snapshot, deadline)?)
            } else {
                answer(&search(server, snapshot, &params, deadline)?)
            }
        })
        .await
}

/// What the hits of a search are.
pub(super) fn unit(params: &SearchParams) -> By {
    params.by.unwrap_or_else(|| {
        let today = jiff::Zoned::now().date();
        let asks = |text: &str| parse(text, params.matching, today).tree.asks_for_quotations();
        if asks(&params.query) || params.filters.iter().any(|filter| asks(filter)) { By::Quote } else { By::Passage }
    })
}

fn search(server: &Server, snapshot: &Snapshot, params: &SearchParams, deadline: &Deadline) -> Result<Search, Failure> {
    let by = unit(params);
    let base = Request { by: Some(by), after: None, ..params.request(deadline) };
    let kinds = facets::kinds(by);
    // What is counted is counted with the hits: all comes from one search.
    let counted = kinds.iter().map(|kind| kind.facet).chain(["day"]);
    let mut request = Request {
        limit: CARDS,
        after: params.after.clone(),
        facets: counted.map(str::to_owned).collect(),
        ..base.clone()
    };
    // A page of an older state of the index goes on after the same hit in the present one.
    let digest = snapshot.digest();
    let moved = request.after.as_mut().is_some_and(|after| {
        let is_stale = after.digest != digest;
        digest.clone_into(&mut after.digest);
        is_stale
    });
    let mut found = snapshot.search(&request)?;
    let cards = cards(&found.hits, params, snapshot);
    let mut shown = Vec::new();
    let mut compared = None;
    for &kind in kinds {
        let mut counts = found.facets.remove(kind.facet).unwrap_or_default();
        if let Some((at, _)) = kind.chosen(params) {
            // What else could be let in is counted without what is.
            let mut filters = base.filters.clone();
            filters.remove(at);
            counts = snapshot
                .search(&Request {
                    query: if params.query.is_empty() { "*".to_owned() } else { params.query.clone() },
                    filters,
                    limit: 0,
                    facets: vec![kind.facet.to_owned()],
                    ..base.clone()
                })?
                .facets
                .remove(kind.facet)
                .unwrap_or_default();
        }
        if let ("outlet", [a, b, ..]) = (kind.facet, counts.as_slice()) {
            compared =
                Some(super::compare::address_of(params, &filter("outlet", &a.value), &filter("outlet", &b.value)));
        }
        shown.extend(kind.shown(counts, found.without.get(kind.facet), params, PATH));
    }
    let days = found.facets.remove("day").unwrap_or_default();
    let total = found.total;
    let explained = if total == 0 { Some(snapshot.search(&Request { explain: true, ..base.clone() })?) } else { None };
    let last = params.from + cards.len() as u64;
    let next =
        found.next.take().map(|next| SearchParams { after: Some(next), from: last, ..params.clone() }.address(PATH));
    let api = |format: &str| {
        params.first_page().with(|params| params.more = None).address(&format!("/api/v1/search{format}"))
    };
    let frame = Frame::of(server, snapshot, title(params), "search")
        .for_search(params)
        .also("application/json", "JSON", api(""))
        .also("text/csv", "CSV", api(".csv"))
        .also("application/atom+xml", "Feed", api(".atom"));
    let parts = explained.map(|explained| parts(&explained, params)).unwrap_or_default();
    Ok(Search {
        read_as: found.read_as.clone(),
        chips: chips(&found, params),
        filters: filters(params, kinds),
        warnings: std::mem::take(&mut found.warnings),
        moved,
        total: count(total, kind_of_hit(params)),
        notes: notes(&found),
        classes: classes(&found, params),
        units: units(params, by),
        orders: orders(params),
        copies: copies(params, by),
        compared,
        feed: api(".atom"),
        downloads: downloads(api),
        meant: meant(&found, params, &parts),
        saving: params.with(|params| params.more = None).pairs(),
        chart: Chart::of(&days, total, params, PATH),
        facets: shown,
        range: format!("{} to {}", thousands(params.from + 1), thousands(last)),
        first_page: (params.from > CARDS).then(|| params.first_page().address(PATH)),
        previous: previous(snapshot, params, &base)?,
        next,
        cards,
        parts,
        frame,
    })
}

/// The page before; none where there is none, or it is so deep that finding it takes longer than it is worth.
fn previous(snapshot: &Snapshot, params: &SearchParams, base: &Request) -> Result<Option<String>, Failure> {
    const DEEPEST: u64 = 2_000;
    if params.after.is_none() || params.from > DEEPEST {
        return Ok(None);
    }
    let from = params.from.saturating_sub(CARDS);
    let after = if from > 0 { snapshot.behind(from, base)? } else { None };
    Ok(Some(SearchParams { after, from, ..params.clone() }.address(PATH)))
}

fn title(params: &SearchParams) -> String {
    if params.query.is_empty() { params.filters.join(" ") } else { params.query.clone() }
}

fn notes(found: &Found) -> Vec<String> {
    let copies = found.total_with_duplicates.map(|all| all.saturating_sub(found.total)).filter(|&copies| copies > 0);
    copies.map(|copies| format!("{} more are copies", thousands(copies))).into_iter().collect()
}

/// The total by how closely the hits match: `91 as written or in another form, 16 near, 10 in other words`.
fn classes(found: &Found, params: &SearchParams) -> Vec<Class> {
    let total = |class| found.total_by_class.get(&class).copied().unwrap_or(0);
    let (written, form) = (total(MatchClass::Written), total(MatchClass::Form));
    let (near, synonym) = (total(MatchClass::Near), total(MatchClass::Synonym));
    if form + near + synonym == 0 {
        return Vec::new();
    }
    let class = |before: String, text: String, off: Variants| {
        let is_on = !params.literal && off != params.variants;
        let href = is_on.then(|| params.with(|params| params.variants = off).address(PATH));
        match href {
            Some(href) => Class { text: before, without: Some(Link { text, href }) },
            None => Class { text: format!("{before} {text}").trim().to_owned(), without: None },
        }
    };
    let mut classes = Vec::new();
    let forms_off = Variants { forms: false, ..params.variants };
    match (written, form) {
        (0, 0) => {}
        (0, form) => {
            classes.push(class(String::new(), format!("{} in another form", thousands(form)), forms_off));
        }
        (written, 0) => classes.push(Class { text: format!("{} as written", thousands(written)), without: None }),
        (written, form) => {
            let text = format!("{} as written", thousands(written + form));
            classes.push(class(text, "or in another form".to_owned(), forms_off));
        }
    }
    if near > 0 {
        let off = Variants { near: false, ..params.variants };
        classes.push(class(String::new(), format!("{} near", thousands(near)), off));
    }
    if synonym > 0 {
        let off = Variants { synonyms: false, ..params.variants };
        classes.push(class(String::new(), format!("{} in other words", thousands(synonym)), off));
    }
    classes
}

/// Finds the switch of a class of variants, where it has one.
type Switch = fn(&mut Variants) -> Option<&mut bool>;

fn chips(found: &Found, params: &SearchParams) -> Vec<Chip> {
    /// Variants that a chip names.
    const NAMED: usize = 4;
    if params.literal {
        let href = Some(params.with(|params| params.literal = false).address(PATH));
        return vec![Chip { title: "to the character", variants: String::new(), on: true, href }];
    }
    let classes: [(&str, &str, Switch); 4] = [
        ("forms", "other forms", |variants| Some(&mut variants.forms)),
        ("near", "close together", |variants| Some(&mut variants.near)),
        ("synonyms", "other words", |variants| Some(&mut variants.synonyms)),
        ("names", "other names", |_| None),
    ];
    classes
        .into_iter()
        .filter_map(|(class, title, switch)| {
            let mut variants = params.variants;
            let on = switch(&mut variants).is_none_or(|on| *on);
            let of_class = found.expansions.iter().filter(|expansion| expansion.class == class);
            let mut names: Vec<&str> = of_class.map(|expansion| expansion.variant.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            if on && names.is_empty() {
                return None;
            }
            let more = names.len().saturating_sub(NAMED);
            names.truncate(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            if let Some(on) = switch(&mut variants) {
                *on = !*on;
            }
            let switched = class != "names";
            let href = switched.then(|| params.with(|params| params.variants = variants).address(PATH));
            Some(Chip { title, variants: format!("{}{more}", names.join(", ")), on, href })
        })
        .collect()
}

/// Filters that are on, each with the search without it. Those that a facet shows are left out.
fn filters(params: &SearchParams, kinds: &[facets::ListedFacet]) -> Vec<Link> {
    let shown: Vec<usize> = kinds.iter().filter_map(|kind| kind.chosen(params)).map(|(at, _)| at).collect();
    let all = params.filters.iter().enumerate().filter(|(at, _)| !shown.contains(at));
    all.map(|(at, filter)| {
        let without = params.with(|params| drop(params.filters.remove(at)));
        let unknown = facets::NONE_OF.iter().find(|(_, known, _)| known == filter);
        let text = match (filter.as_str(), unknown) {
            (chart::UNDATED, _) => "undated".to_owned(),
            (_, Some((.., text))) => (*text).to_owned(),
            (filter, None) => match filter.strip_prefix("NOT ") {
                Some(excluded) => format!("not {}", plain(excluded)),
                None => plain(filter),
            },
        };
        Link { text, href: without.address(PATH) }
    })
    .collect()
}

/// `outlet: Post` for `outlet:"Post"`.
fn plain(filter: &str) -> String {
    filter.replacen(':', ": ", 1).replace('"', "")
}

fn units(params: &SearchParams, by: By) -> Vec<Choice> {
    [(By::Quote, "Quotations"), (By::Passage, "Passages"), (By::Article, "Articles")]
        .into_iter()
        .map(|(unit, text)| Choice {
            text,
            on: unit == by,
            href: params.with(|params| (params.by, params.more) = (Some(unit), None)).address(PATH),
        })
        .collect()
}

fn orders(params: &SearchParams) -> Vec<Choice> {
    [(Sort::Rank, "Best first"), (Sort::Newest, "Newest"), (Sort::Oldest, "Oldest")]
        .into_iter()
        .map(|(sort, text)| Choice {
            text,
            on: sort == params.sort,
            href: params.with(|params| params.sort = sort).address(PATH),
        })
        .collect()
}

fn copies(params: &SearchParams, by: By) -> Option<Link> {
    let (text, duplicates) = match params.duplicates {
        Duplicates::Show => ("Fold copies", Duplicates::Collapse),
        Duplicates::Collapse => ("Show copies", Duplicates::Show),
    };
    let href = params.with(|params| params.duplicates = duplicates).address(PATH);
    (by != By::Article).then(|| Link { text: text.to_owned(), href })
}
