//! The search screen: what the query was read as, how much there is, when, by whom, and the hits themselves.

use askama::Template;
use axum::response::Response;

use super::super::ask::Ask;
use super::super::chart::{self, Chart};
use super::super::request::Asked;
use super::super::state::{Server, Snapshot};
use super::facets::{self, Facet};
use super::{Choice, Download, Failure, Frame, Link, cards, downloads, kind_of_hit, screen as answer, sentence};
use crate::present::html::card::Card;
use crate::present::html::day_text;
use crate::present::phrase::{count, thousands};
use crate::query::{filter, parse};
use crate::search::{By, Deadline, Duplicates, FacetCount, MatchClass, Request, Response as Found, Sort, Variants};

/// Cards on a screen.
const CARDS: u64 = 20;

/// Where the screen is.
const PATH: &str = "/";

#[derive(Template)]
#[template(path = "search.html")]
struct Search {
    frame: Frame,
    read_as: String,
    chips: Vec<Chip>,
    filters: Vec<Link>,
    warnings: Vec<String>,
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

/// A part of a query that finds nothing.
struct Part {
    text: String,
    count: String,
    without: Option<String>,
}

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    articles: String,
    quotes: String,
    days: Option<(String, String)>,
    outlets: Vec<Link>,
    tries: Vec<Try>,
}

/// A search to try.
struct Try {
    says: String,
    query: String,
    href: String,
}

/// The screen at `/`.
pub(in super::super) async fn screen(asked: Asked) -> Result<Response, Failure> {
    let ask = Ask::parse(asked.query())?;
    asked
        .answer(move |server, snapshot, deadline| {
            if ask.is_empty() {
                answer(&home(server, snapshot, deadline)?)
            } else {
                answer(&search(server, snapshot, &ask, deadline)?)
            }
        })
        .await
}

/// What the hits of a search are.
pub(super) fn unit(ask: &Ask) -> By {
    ask.by.unwrap_or_else(|| {
        let today = jiff::Zoned::now().date();
        let asks = |text: &str| parse(text, ask.matching, today).tree.asks_for_quotations();
        if asks(&ask.query) || ask.filters.iter().any(|filter| asks(filter)) { By::Quote } else { By::Passage }
    })
}

fn search(server: &Server, snapshot: &Snapshot, ask: &Ask, deadline: &Deadline) -> Result<Search, Failure> {
    let by = unit(ask);
    let base = Request { by: Some(by), after: None, ..ask.request(deadline) };
    let kinds = facets::kinds(by);
    // What is counted is counted with the hits: all comes from one search.
    let counted = kinds.iter().map(|kind| kind.facet).chain(["day"]);
    let mut request = Request {
        limit: CARDS,
        after: ask.after.clone(),
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
    let cards = cards(&found.hits, ask, snapshot);
    let mut shown = Vec::new();
    let mut compared = None;
    for &kind in kinds {
        let mut counts = found.facets.remove(kind.facet).unwrap_or_default();
        if let Some((at, _)) = kind.chosen(ask) {
            // What else could be let in is counted without what is.
            let mut filters = base.filters.clone();
            filters.remove(at);
            counts = snapshot
                .search(&Request {
                    query: if ask.query.is_empty() { "*".to_owned() } else { ask.query.clone() },
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
            compared = Some(super::compare::address_of(ask, &filter("outlet", &a.value), &filter("outlet", &b.value)));
        }
        shown.extend(kind.shown(counts, found.without.get(kind.facet), ask, PATH));
    }
    let days = found.facets.remove("day").unwrap_or_default();
    let total = found.total;
    let explained = if total == 0 { Some(snapshot.search(&Request { explain: true, ..base.clone() })?) } else { None };
    let last = ask.from + cards.len() as u64;
    let next = found.next.take().map(|next| Ask { after: Some(next), from: last, ..ask.clone() }.address(PATH));
    let api = |format: &str| ask.first_page().with(|ask| ask.more = None).address(&format!("/api/v1/search{format}"));
    let frame = Frame::of(server, snapshot, title(ask), "search")
        .asking(ask)
        .also("application/json", "JSON", api(""))
        .also("text/csv", "CSV", api(".csv"))
        .also("application/atom+xml", "Feed", api(".atom"));
    let parts = explained.map(|explained| parts(&explained, ask)).unwrap_or_default();
    Ok(Search {
        read_as: found.read_as.clone(),
        chips: chips(&found, ask),
        filters: filters(ask, kinds),
        warnings: std::mem::take(&mut found.warnings),
        moved,
        total: count(total, kind_of_hit(ask)),
        notes: notes(&found),
        classes: classes(&found, ask),
        units: units(ask, by),
        orders: orders(ask),
        copies: copies(ask, by),
        compared,
        feed: api(".atom"),
        downloads: downloads(api),
        meant: meant(&found, ask, &parts),
        saving: ask.with(|ask| ask.more = None).pairs(),
        chart: Chart::of(&days, total, ask, PATH),
        facets: shown,
        range: format!("{} to {}", thousands(ask.from + 1), thousands(last)),
        first_page: (ask.from > CARDS).then(|| ask.first_page().address(PATH)),
        previous: previous(snapshot, ask, &base)?,
        next,
        cards,
        parts,
        frame,
    })
}

/// The page before; none where there is none, or it is so deep that finding it takes longer than it is worth.
fn previous(snapshot: &Snapshot, ask: &Ask, base: &Request) -> Result<Option<String>, Failure> {
    const DEEPEST: u64 = 2_000;
    if ask.after.is_none() || ask.from > DEEPEST {
        return Ok(None);
    }
    let from = ask.from.saturating_sub(CARDS);
    let after = if from > 0 { snapshot.behind(from, base)? } else { None };
    Ok(Some(Ask { after, from, ..ask.clone() }.address(PATH)))
}

/// What may have been meant. A suggestion that is about a part of the query only takes its place there; the hits of each
/// part are listed anyway where there are several.
fn meant(found: &Found, ask: &Ask, parts: &[Part]) -> Vec<(String, Option<String>)> {
    let is_one = parts.is_empty();
    let in_place = |query: &String| {
        let field = query.split_once(':')?.0;
        let of_field = |part: &&Part| part.text.split_once(':').is_some_and(|(known, _)| known == field);
        let mut failing = parts.iter().filter(|part| part.count == "0").filter(of_field);
        let part = failing.next().filter(|part| failing.next().is_none() && ask.query.contains(&part.text))?;
        Some(ask.query.replacen(&part.text, query, 1))
    };
    let worth = found.suggestions.iter().filter(|suggestion| is_one || suggestion.query.is_some());
    worth
        .map(|suggestion| {
            let message = sentence(&suggestion.message.replace('`', ""));
            let is_whole = suggestion.total.is_some() || (is_one && ask.filters.is_empty());
            let query = suggestion.query.as_ref();
            let instead = query.and_then(|query| if is_whole { Some(query.clone()) } else { in_place(query) });
            (message, instead.map(|query| ask.with(|ask| ask.query = query).address(PATH)))
        })
        .collect()
}

fn title(ask: &Ask) -> String {
    if ask.query.is_empty() { ask.filters.join(" ") } else { ask.query.clone() }
}

fn notes(found: &Found) -> Vec<String> {
    let copies = found.total_with_duplicates.map(|all| all.saturating_sub(found.total)).filter(|&copies| copies > 0);
    copies.map(|copies| format!("{} more are copies", thousands(copies))).into_iter().collect()
}

/// The total by how closely the hits match: `91 as written or in another form, 16 near, 10 in other words`.
fn classes(found: &Found, ask: &Ask) -> Vec<Class> {
    let total = |class| found.total_by_class.get(&class).copied().unwrap_or(0);
    let (written, form) = (total(MatchClass::Written), total(MatchClass::Form));
    let (near, synonym) = (total(MatchClass::Near), total(MatchClass::Synonym));
    if form + near + synonym == 0 {
        return Vec::new();
    }
    let class = |before: String, text: String, off: Variants| {
        let is_on = !ask.literal && off != ask.variants;
        let href = is_on.then(|| ask.with(|ask| ask.variants = off).address(PATH));
        match href {
            Some(href) => Class { text: before, without: Some(Link { text, href }) },
            None => Class { text: format!("{before} {text}").trim().to_owned(), without: None },
        }
    };
    let mut classes = Vec::new();
    let forms_off = Variants { forms: false, ..ask.variants };
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
        let off = Variants { near: false, ..ask.variants };
        classes.push(class(String::new(), format!("{} near", thousands(near)), off));
    }
    if synonym > 0 {
        let off = Variants { synonyms: false, ..ask.variants };
        classes.push(class(String::new(), format!("{} in other words", thousands(synonym)), off));
    }
    classes
}

/// Finds the switch of a class of variants, where it has one.
type Switch = fn(&mut Variants) -> Option<&mut bool>;

fn chips(found: &Found, ask: &Ask) -> Vec<Chip> {
    /// Variants that a chip names.
    const NAMED: usize = 4;
    if ask.literal {
        let href = Some(ask.with(|ask| ask.literal = false).address(PATH));
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
            let mut variants = ask.variants;
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
            let href = switched.then(|| ask.with(|ask| ask.variants = variants).address(PATH));
            Some(Chip { title, variants: format!("{}{more}", names.join(", ")), on, href })
        })
        .collect()
}

/// Filters that are on, each with the search without it. Those that a facet shows are left out.
fn filters(ask: &Ask, kinds: &[facets::Kind]) -> Vec<Link> {
    let shown: Vec<usize> = kinds.iter().filter_map(|kind| kind.chosen(ask)).map(|(at, _)| at).collect();
    let all = ask.filters.iter().enumerate().filter(|(at, _)| !shown.contains(at));
    all.map(|(at, filter)| {
        let without = ask.with(|ask| drop(ask.filters.remove(at)));
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

fn units(ask: &Ask, by: By) -> Vec<Choice> {
    [(By::Quote, "Quotations"), (By::Passage, "Passages"), (By::Article, "Articles")]
        .into_iter()
        .map(|(unit, text)| Choice {
            text,
            on: unit == by,
            href: ask.with(|ask| (ask.by, ask.more) = (Some(unit), None)).address(PATH),
        })
        .collect()
}

fn orders(ask: &Ask) -> Vec<Choice> {
    [(Sort::Rank, "Best first"), (Sort::Newest, "Newest"), (Sort::Oldest, "Oldest")]
        .into_iter()
        .map(|(sort, text)| Choice { text, on: sort == ask.sort, href: ask.with(|ask| ask.sort = sort).address(PATH) })
        .collect()
}

fn copies(ask: &Ask, by: By) -> Option<Link> {
    let (text, duplicates) = match ask.duplicates {
        Duplicates::Show => ("Fold copies", Duplicates::Collapse),
        Duplicates::Collapse => ("Show copies", Duplicates::Show),
    };
    let href = ask.with(|ask| ask.duplicates = duplicates).address(PATH);
    (by != By::Article).then(|| Link { text: text.to_owned(), href })
}

/// What each part of a query finds alone, and the search without it.
fn parts(explained: &Found, ask: &Ask) -> Vec<Part> {
    let top: Vec<&crate::search::Part> = match explained.explained.first() {
        Some(root) if root.text == "AND" => explained.explained.iter().filter(|part| part.depth == 1).collect(),
        _ => Vec::new(),
    };
    // A group is listed by its operator alone, so it cannot be written out again.
    // Where some parts find nothing, those are what is in the way.
    let some_fail = top.iter().any(|part| part.count == 0) && top.iter().any(|part| part.count > 0);
    let writable = top.iter().all(|part| !matches!(part.text.as_str(), "AND" | "OR" | "NOT"));
    top.iter()
        .enumerate()
        .map(|(at, part)| {
            let stays = |(i, other): &(usize, &&crate::search::Part)| *i != at && (!some_fail || other.count > 0);
            let others: Vec<&str> = top.iter().enumerate().filter(stays).map(|(_, part)| part.text.as_str()).collect();
            let without = (writable && (!some_fail || part.count == 0)).then(|| {
                let rest = ask.with(|ask| {
                    ask.query = others.join(" ");
                    ask.filters.clear();
                });
                rest.address(PATH)
            });
            Part { text: part.text.clone(), count: thousands(part.count), without }
        })
        .collect()
}

fn home(server: &Server, snapshot: &Snapshot, deadline: &Deadline) -> Result<Home, Failure> {
    /// Values of a facet that are looked at for something to try.
    const FREQUENT: u64 = 8;
    let stats = *snapshot.stats()?;
    let frequent = |field: &str, by: By| snapshot.engine().frequent(field, by, FREQUENT, deadline);
    let nth = |counts: &[FacetCount], n: usize| counts.get(n).map(|counted| counted.value.clone());
    let speakers = frequent("speaker", By::Quote)?;
    let (speaker, other) = (nth(&speakers, 0), nth(&speakers, 1));
    let place = nth(&frequent("place", By::Quote)?, 0);
    let organization = nth(&frequent("organization", By::Quote)?, 0);
    let outlets = frequent("outlet", By::Article)?;
    let outlet = nth(&outlets, 0);
    let month = frequent("month", By::Article)?.into_iter().map(|counted| counted.value).max();
    let said = |says: String, query: String| Try {
        href: Ask { query: query.clone(), ..Ask::default() }.address(PATH),
        says,
        query,
    };
    let tries = [
        speaker.map(|name| said(format!("Everything {name} said"), filter("speaker", &name))),
        place.map(|name| said(format!("What was said about {name}"), filter("about", &name))),
        other.map(|name| said(format!("{name}, word for word"), format!("{} kind:direct", filter("speaker", &name)))),
        organization.map(|name| said(format!("Passages that name {name}"), filter("org", &name))),
        month.map(|month| {
            let when = day_text(&format!("{month}-01"));
            let when = when.strip_prefix("1 ").unwrap_or(&when).to_owned();
            match outlet {
                Some(outlet) => {
                    said(format!("{outlet} in {when}"), format!("{} date:{month}", filter("outlet", &outlet)))
                }
                None => said(format!("Printed in {when}"), format!("date:{month}")),
            }
        }),
    ];
    let outlets = outlets.iter().map(|counted| Link {
        text: format!("{} ({})", counted.value, thousands(counted.articles)),
        href: Ask { query: filter("outlet", &counted.value), ..Ask::default() }.address(PATH),
    });
    Ok(Home {
        frame: Frame::of(server, snapshot, "", "search"),
        articles: count(stats.articles, "article"),
        quotes: count(stats.quotes, "quotation"),
        days: super::status::days(&stats),
        outlets: outlets.collect(),
        tries: tries.into_iter().flatten().collect(),
    })
}
