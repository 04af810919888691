//! Answers requests: a query tree in, hits out. The embedded engine searches one tantivy index on this machine.
//!
//! | file | what it does |
//! |---|---|
//! | `lower` | the query tree as tantivy queries, each part joined to the level asked for |
//! | `plan`, `lexicon` | words and phrases as terms: forms, synonyms, patterns |
//! | `places` | phrases and nearness, decided on positions |
//! | `span_query` | a plan as a tantivy query |
//! | `quoted` | the same within quotations |
//! | `texts`, `literal` | stored and in-memory texts, exact characters |
//! | `collect`, `facets` | counting and ordering what was found |
//! | `duplicates` | near-duplicates, counted or told once |
//! | `names` | who goes by which names across articles |
//! | `hits` | from documents to hits |

mod collect;
mod duplicates;
mod facets;
mod hits;
mod lexicon;
mod literal;
mod lower;
mod names;
mod places;
mod plan;
mod quoted;
mod span_query;
mod texts;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use tantivy::index::SegmentId;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query};
use tantivy::schema::Term;
use tantivy::{DocAddress, Searcher};

use crate::entity::AliasError;
use crate::index::block::Blocks;
use crate::index::filing::day_number;
use crate::index::schema::{FacetKind, Fields, Level};
use crate::index::{self, Index, Lookup};
use crate::query::{Matching, Node, Thesaurus, ThesaurusError, closest, parse};
use crate::search::{Annotated, By, Duplicates, FacetCount, Hit, Part, Request, Response, Sort, Variants, Verdict};
use collect::{Found, Top, walk};
use hits::Maker;
use lower::Lowering;
use names::Names;
use texts::Texts;

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

/// Searches one index, as one commit left it.
pub struct Engine {
    index: Index,
    texts: Arc<Texts>,
    segments: Arc<Vec<SegmentId>>,
    /// The thesaurus with the user's own groups, if there are any.
    own: Option<Thesaurus>,
    names: Names,
    /// Documents of each level.
    documents: [u64; 3],
}

/// Everything about an answer but the hits themselves.
struct Answer {
    found: Vec<Found>,
    response: Response,
    /// By hit: how many near-duplicates stand elsewhere.
    duplicates: Vec<u32>,
    maker: Maker,
}

/// What is counted and kept of all that is found.
struct Tally<'e> {
    total: u64,
    top: Top,
    counters: Vec<facets::Counter<'e>>,
}

impl Tally<'_> {
    fn take(&mut self, segment: &tantivy::SegmentReader, found: Found) -> Result<(), Error> {
        self.total += 1;
        self.top.push(found);
        for counter in &mut self.counters {
            counter.count(found.at.segment_ord, segment, found.at.doc_id)?;
        }
        Ok(())
    }
}

impl Engine {
    /// Opens the index in `dir`.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Ok(Engine::new(Index::open(dir)?)?)
    }

    /// Searches an index that is open.
    pub fn new(index: Index) -> tantivy::Result<Self> {
        let segments = index.searcher().segment_readers().iter().map(tantivy::SegmentReader::segment_id).collect();
        let mut documents = [0; 3];
        for (level, count) in [Level::Article, Level::Passage, Level::Quote].into_iter().zip(&mut documents) {
            *count = index.searcher().doc_freq(&Term::from_field_u64(index.fields().level, level.code()))?;
        }
        let texts = Arc::new(Texts::new(index.clone()));
        Ok(Engine { index, texts, segments: Arc::new(segments), own: None, names: Names::default(), documents })
    }

    /// Adds the groups of a user's `synonyms.toml`, given as text.
    pub fn with_synonyms(mut self, toml: &str) -> Result<Self, Error> {
        self.own = Some(Thesaurus::with_own(toml)?);
        Ok(self)
    }

    /// The index it searches.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Answers a request: exact totals, and the hits up to its limit.
    pub fn search(&self, request: &Request) -> Result<Response, Error> {
        let clock = Instant::now();
        let mut answer = self.find(request, Some(request.limit as usize))?;
        let mut hits = Vec::with_capacity(answer.found.len());
        for ((rank, found), duplicates) in (1..).zip(&answer.found).zip(&answer.duplicates) {
            let hit = self.hit(&mut answer.maker, *found, rank)?;
            hits.push(Hit { duplicates: *duplicates, ..hit });
        }
        answer.response.hits = hits;
        answer.response.took_ms = clock.elapsed().as_millis() as u64;
        Ok(answer.response)
    }

    /// Hands over every hit there is, in order, as long as `each` goes on. The answer itself comes without hits.
    pub fn stream(&self, request: &Request, each: &mut dyn FnMut(Hit) -> ControlFlow<()>) -> Result<Response, Error> {
        let clock = Instant::now();
        let mut answer = self.find(request, None)?;
        for ((rank, found), duplicates) in (1..).zip(&answer.found).zip(&answer.duplicates) {
            let hit = self.hit(&mut answer.maker, *found, rank)?;
            if each(Hit { duplicates: *duplicates, ..hit }).is_break() {
                break;
            }
        }
        answer.response.took_ms = clock.elapsed().as_millis() as u64;
        Ok(answer.response)
    }

    /// Holds one article against every part of a query.
    pub fn why_not(&self, request: &Request, article: &str) -> Result<Vec<Verdict>, Error> {
        let number = self.locate(article)?;
        let (tree, _) = Self::read(request);
        let level = level(request.by.unwrap_or_else(|| by(&tree, request)));
        let mut verdicts = Vec::new();
        for (depth, node) in walk_tree(&tree) {
            let holds = self.holds(node, level, request, number)?;
            let note = if holds { None } else { self.nearest_miss(node, level, request, number)? };
            verdicts.push(Verdict { depth, text: label(node), holds, note });
        }
        Ok(verdicts)
    }

    /// The article that goes by this id, address, file or title, or by a part of these that no other has.
    pub fn article(&self, id: &str) -> Result<Annotated, Error> {
        Ok(self.index.article(self.locate(id)?)?)
    }

    /// The values of a facet that hold `part` somewhere at the start of a word, the most frequent first.
    pub fn complete(&self, facet: &str, part: &str, limit: usize) -> Result<Vec<FacetCount>, Error> {
        let request = Request { query: "*".to_owned(), facets: vec![facet.to_owned()], ..Request::default() };
        let part = crate::text::normal::folded(part);
        let mut values = self.search(&request)?.facets.remove(facet).unwrap_or_default();
        values.retain(|v| {
            let value = crate::text::normal::folded(&v.value);
            value.starts_with(&part)
                || crate::text::normal::folded(&v.value.replace(' ', "_")).contains(&format!("_{part}"))
        });
        values.truncate(limit);
        Ok(values)
    }

    fn fields(&self) -> &Fields {
        self.index.fields()
    }

    fn searcher(&self) -> &Searcher {
        self.index.searcher()
    }

    fn texts(&self) -> Arc<Texts> {
        self.texts.clone()
    }

    fn segments(&self) -> Arc<Vec<SegmentId>> {
        self.segments.clone()
    }

    fn thesaurus(&self) -> &Thesaurus {
        self.own.as_ref().unwrap_or_else(|| Thesaurus::news())
    }

    fn documents(&self, level: Level) -> u64 {
        match level {
            Level::Article => self.documents[0],
            Level::Passage => self.documents[1],
            Level::Quote => self.documents[2],
        }
    }

    /// The tree of a request, filters left out, and what there was to warn of.
    fn read(request: &Request) -> (Node, Vec<String>) {
        let today = jiff::Zoned::now().date();
        let parsed = parse(&request.query, request.matching, today);
        (parsed.tree, parsed.warnings.iter().map(ToString::to_string).collect())
    }

    fn filters(request: &Request) -> Vec<Node> {
        let today = jiff::Zoned::now().date();
        request.filters.iter().map(|filter| parse(filter, Matching::All, today).tree).collect()
    }

    /// Finds and counts everything, and keeps the first `limit`, or all.
    fn find(&self, request: &Request, limit: Option<usize>) -> Result<Answer, Error> {
        let (tree, mut warnings) = Self::read(request);
        let kinds: Vec<(String, FacetKind)> = request
            .facets
            .iter()
            .map(|name| Ok((name.clone(), facets::kind(name).ok_or_else(|| Error::Facet(name.clone()))?)))
            .collect::<Result<_, Error>>()?;
        let by = request.by.unwrap_or_else(|| by(&tree, request));
        let level = level(by);
        let mut lowering = Lowering::new(self, request.literal, variants(request));
        let query = Self::whole(&mut lowering, &tree, &Self::filters(request), level)?;

        let mut tally = Tally {
            total: 0,
            top: Top::new(limit.unwrap_or(usize::MAX), request.sort),
            counters: kinds.iter().map(|&(_, kind)| facets::Counter::new(self, kind)).collect(),
        };
        let mut failed = Ok(());
        let mut days = Days::default();
        let mut collapsed = (request.duplicates == Duplicates::Collapse).then(duplicates::Collapsed::default);
        let dated = request.sort != Sort::Rank || collapsed.is_some() || request.half_life.is_some();
        let today = day_number(jiff::Zoned::now().date());
        walk(self.searcher(), query.as_ref(), request.sort == Sort::Rank, |number, segment, doc, score| {
            if failed.is_err() {
                return;
            }
            let day = if dated { days.of(number, segment, doc) } else { None };
            let score = score * decay(request.half_life, day, today);
            let found = Found { score, day, at: DocAddress::new(number, doc) };
            failed = match &mut collapsed {
                Some(collapsed) => {
                    duplicates::group(segment, doc).map(|group| collapsed.push(group, found)).map_err(Error::from)
                }
                None => tally.take(segment, found),
            };
        })?;
        failed?;
        for found in collapsed.map(duplicates::Collapsed::into_hits).into_iter().flatten() {
            tally.take(self.searcher().segment_reader(found.at.segment_ord), found)?;
        }
        let Tally { total, top, counters } = tally;
        let mut counted = BTreeMap::new();
        for ((name, _), counter) in kinds.into_iter().zip(counters) {
            counted.insert(name, counter.into_counts(request.facet_limit));
        }
        warnings.append(&mut lowering.warnings);
        if total == 0 {
            warnings.append(&mut self.misspelt(&tree)?);
        }
        let explained = if request.explain { self.explain(&tree, level, request)? } else { Vec::new() };
        let response = Response {
            query: request.query.clone(),
            read_as: tree.to_string(),
            expansions: std::mem::take(&mut lowering.expansions),
            total,
            hits: Vec::new(),
            facets: counted,
            took_ms: 0,
            index: self.index.info(),
            explained,
            warnings,
        };
        let found = top.into_sorted();
        let duplicates = self.duplicates(&found, level)?;
        Ok(Answer { found, response, duplicates, maker: Maker::new(by, lowering.plans) })
    }

    /// The query and its filters; a filter makes no hit better than another.
    fn whole(lowering: &mut Lowering, tree: &Node, filters: &[Node], level: Level) -> tantivy::Result<Box<dyn Query>> {
        let query = lowering.lower(tree, level)?;
        if filters.is_empty() {
            return Ok(query);
        }
        let plans = lowering.plans.len();
        let filter = lowering.lower(&Node::all(filters.to_vec()), level)?;
        lowering.plans.truncate(plans);
        Ok(Box::new(BooleanQuery::new(vec![
            (Occur::Must, query),
            (Occur::Must, Box::new(BoostQuery::new(filter, 0.0)) as Box<dyn Query>),
        ])))
    }

    /// How many near-duplicates of each hit stand elsewhere in the index.
    fn duplicates(&self, found: &[Found], level: Level) -> Result<Vec<u32>, Error> {
        let group =
            |found: &Found| duplicates::group(self.searcher().segment_reader(found.at.segment_ord), found.at.doc_id);
        let groups: Vec<u64> = found.iter().map(group).collect::<tantivy::Result<_>>()?;
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let counts = duplicates::counts(self.searcher(), level, &groups)?;
        Ok(groups.iter().map(|group| counts.get(group).map_or(0, |count| count.saturating_sub(1))).collect())
    }

    fn hit(&self, maker: &mut Maker, found: Found, rank: u64) -> Result<Hit, Error> {
        let segment = self.searcher().segment_reader(found.at.segment_ord);
        let blocks = Blocks::open(segment)?;
        let article = DocAddress::new(found.at.segment_ord, blocks.article(found.at.doc_id));
        let mut hit = maker.hit(article, blocks.ordinal(found.at.doc_id), |at| self.index.article(at))?;
        hit.rank = rank;
        hit.score = found.score;
        Ok(hit)
    }

    /// Every part of a query with the hits it would have alone.
    fn explain(&self, tree: &Node, level: Level, request: &Request) -> Result<Vec<Part>, Error> {
        let mut parts = Vec::new();
        for (depth, node) in walk_tree(tree) {
            let mut lowering = Lowering::new(self, request.literal, variants(request));
            let query = lowering.lower(node, level)?;
            let mut count = 0;
            walk(self.searcher(), query.as_ref(), false, |_, _, _, _| count += 1)?;
            parts.push(Part { depth, text: label(node), count, note: None });
        }
        Ok(parts)
    }

    fn holds(&self, node: &Node, level: Level, request: &Request, article: DocAddress) -> Result<bool, Error> {
        use tantivy::DocSet as _;

        let mut lowering = Lowering::new(self, request.literal, variants(request));
        let query = lowering.lower(node, level)?;
        let segment = self.searcher().segment_reader(article.segment_ord);
        let blocks = Blocks::open(segment)?;
        let weight = query.weight(tantivy::query::EnableScoring::disabled_from_searcher(self.searcher()))?;
        let mut scorer = weight.scorer(segment, 1.0)?;
        let doc = if scorer.doc() < article.doc_id { scorer.seek(article.doc_id) } else { scorer.doc() };
        Ok(doc != tantivy::TERMINATED && blocks.article(doc) == article.doc_id)
    }

    /// Why a part fails, where a wider question is answered with yes.
    fn nearest_miss(
        &self,
        node: &Node,
        level: Level,
        request: &Request,
        article: DocAddress,
    ) -> Result<Option<String>, Error> {
        if level != Level::Article && self.holds(node, Level::Article, request, article)? {
            let unit = if level == Level::Quote { "quotation" } else { "paragraph" };
            return Ok(Some(format!("the article has it, but not in one {unit}")));
        }
        if request.literal || variants(request) != Variants::default() {
            let wider = Request { literal: false, variants: Variants::default(), ..request.clone() };
            if self.holds(node, Level::Article, &wider, article)? {
                return Ok(Some("the article has it in another form".to_owned()));
            }
        }
        Ok(None)
    }

    /// The document of the article that goes by `asked`.
    fn locate(&self, asked: &str) -> Result<DocAddress, Error> {
        match self.index.lookup(asked)? {
            Lookup::Found(document) => Ok(document),
            Lookup::Several(fitting, ids) => Err(Error::Ambiguous { asked: asked.to_owned(), fitting, ids }),
            Lookup::Nothing => {
                let ids = self.index.ids(SUGGESTED_FROM)?;
                let similar = closest(asked, ids.iter().map(String::as_str)).map(str::to_owned);
                Err(Error::NoArticle { asked: asked.to_owned(), similar })
            }
        }
    }
}

/// Ids among which the one closest to a misspelt one is looked for: enough for a desk's folder, and soon done.
const SUGGESTED_FROM: usize = 10_000;

/// The days of publication, segment by segment.
#[derive(Default)]
struct Days {
    open: Option<(u32, Blocks, tantivy::columnar::Column<i64>)>,
}

impl Days {
    fn of(&mut self, number: u32, segment: &tantivy::SegmentReader, doc: tantivy::DocId) -> Option<i64> {
        if self.open.as_ref().is_none_or(|(open, ..)| *open != number) {
            self.open = Some((number, Blocks::open(segment).ok()?, segment.fast_fields().i64("day").ok()?));
        }
        let (_, blocks, days) = self.open.as_ref()?;
        days.first(blocks.article(doc))
    }
}

/// The factor by which age lowers a score: a half for every half-life; undated articles count as one half-life old.
fn decay(half_life: Option<u32>, day: Option<i64>, today: i64) -> f32 {
    half_life.filter(|&days| days > 0).map_or(1.0, |days| {
        let age = day.map_or(days as f32, |day| (today - day).max(0) as f32);
        0.5_f32.powf(age / days as f32)
    })
}

/// What a hit is where the request does not say.
fn by(tree: &Node, request: &Request) -> By {
    if tree.asks_for_quotations() {
        return By::Quote;
    }
    let filters = request.filters.iter().map(|filter| parse(filter, Matching::All, jiff::civil::Date::ZERO).tree);
    if filters.into_iter().any(|filter| filter.asks_for_quotations()) {
        return By::Quote;
    }
    if *tree == Node::All {
        let kinds: Vec<FacetKind> = request.facets.iter().filter_map(|name| facets::kind(name)).collect();
        return match facets::common_level(&kinds) {
            Some(Level::Quote) => By::Quote,
            Some(Level::Article) => By::Article,
            Some(Level::Passage) | None => By::Passage,
        };
    }
    By::Passage
}

fn level(by: By) -> Level {
    match by {
        By::Quote => Level::Quote,
        By::Passage => Level::Passage,
        By::Article => Level::Article,
    }
}

fn variants(request: &Request) -> Variants {
    if request.literal { Variants { forms: false, near: false, synonyms: false } } else { request.variants }
}

/// The parts of a tree with their depth, each before its own parts. What stands in a field means nothing outside it.
fn walk_tree(tree: &Node) -> Vec<(u32, &Node)> {
    let mut parts = Vec::new();
    let mut open = vec![(0, tree)];
    while let Some((depth, node)) = open.pop() {
        parts.push((depth, node));
        match node {
            Node::And(_) | Node::Or(_) | Node::Not(_) | Node::Near { .. } => {
                open.extend(node.parts().into_iter().rev().map(|part| (depth + 1, part)));
            }
            Node::All | Node::Nothing | Node::Atom(_) | Node::Field(..) | Node::Filter(_) | Node::AtLeast { .. } => {}
        }
    }
    parts
}

/// A part as it is listed: an operator by its name, since its parts follow.
fn label(node: &Node) -> String {
    match node {
        Node::And(_) => "AND".to_owned(),
        Node::Or(_) => "OR".to_owned(),
        Node::Not(_) => "NOT".to_owned(),
        Node::All
        | Node::Nothing
        | Node::Atom(_)
        | Node::Field(..)
        | Node::Filter(_)
        | Node::Near { .. }
        | Node::AtLeast { .. } => node.to_string(),
    }
}

fn facet_names() -> String {
    FacetKind::ALL.map(FacetKind::name).join(", ")
}
