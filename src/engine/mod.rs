//! Answers requests: a query tree in, hits out. The embedded engine searches one tantivy index on this machine.
//!
//! | file | what it does |
//! |---|---|
//! | `asked`, `find`, `results` | one request from its text to totals and hits |
//! | `lower` | the query tree as tantivy queries, each part joined to the level asked for |
//! | `planner`, `phrases`, `compounds`, `patterns`, `slot`, `lexicon` | words and phrases as terms: forms, synonyms, patterns |
//! | `plan`, `merge`, `need`, `listed` | what is looked for, which documents may hold it, what answers list of it |
//! | `places`, `pairs` | phrases and nearness, decided on positions |
//! | `span_query`, `conjunction`, `cursor`, `verifier` | a plan, or several that must all hold, as a tantivy query |
//! | `quoted` | the same within quotations |
//! | `texts`, `memory`, `literal` | stored and in-memory texts, exact characters |
//! | `bm25`, `headlines`, `article_score`, `ranking` | what it is worth to find something, in a passage and in its article |
//! | `walk` | every document that matches, on all cores |
//! | `tally`, `collect`, `ids`, `facets` | counting and ordering what was found |
//! | `duplicates` | near-duplicates, counted or told once |
//! | `names` | who goes by which names across articles |
//! | `hits` | from documents to hits |
//! | `why` | what each part of a query finds, and which part an article fails |

mod article_score;
mod asked;
mod bm25;
mod collect;
mod compounds;
mod conjunction;
mod cursor;
mod duplicates;
mod error;
mod facets;
mod find;
mod headlines;
mod hits;
mod ids;
mod lexicon;
mod listed;
mod literal;
mod lower;
mod measures;
mod memory;
mod merge;
mod names;
mod need;
mod pairs;
mod patterns;
mod phrases;
mod places;
mod plan;
mod planner;
mod quoted;
mod ranking;
mod results;
mod slot;
mod span_query;
mod tally;
mod texts;
mod variants;
mod verifier;
mod walk;
mod why;
mod wordings;

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::schema::{Field, Term};
use tantivy::{DocAddress, Searcher};

pub use self::error::Error;
pub use self::results::Results;
use crate::index::block::Hierarchies;
use crate::index::schema::{Fields, Level};
use crate::index::{Index, Lookup};
use crate::query::{Thesaurus, closest};
use crate::search::{Annotated, FacetCount, Hit, Request, Response};
use duplicates::Copies;
use facets::Totals;
use ids::Ids;
use lexicon::Lexicon;
use memory::Readers;
use names::Names;

/// Searches one index, as one commit left it.
pub struct Engine {
    index: Index,
    shapes: Arc<Hierarchies>,
    /// The thesaurus with the user's own groups, if there are any.
    own: Option<Thesaurus>,
    names: Names,
    /// Documents of each level.
    documents: [u64; 3],
    copies: Copies,
    totals: Totals,
    ids: Ids,
    readers: Readers,
    lexicons: Mutex<FxHashMap<Field, Arc<Lexicon>>>,
}

impl Engine {
    /// Opens the index in `dir`.
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Ok(Engine::new(Index::open(dir)?)?)
    }

    /// Searches an index that is open.
    pub fn new(index: Index) -> tantivy::Result<Self> {
        let mut documents = [0; 3];
        for (level, count) in [Level::Article, Level::Passage, Level::Quote].into_iter().zip(&mut documents) {
            *count = index.searcher().doc_freq(&Term::from_field_u64(index.fields().level, level.code()))?;
        }
        Ok(Engine {
            copies: Copies::default(),
            totals: Totals::default(),
            ids: Ids::default(),
            readers: Readers::default(),
            lexicons: Mutex::default(),
            shapes: Arc::new(Hierarchies::new(index.searcher())),
            own: None,
            names: Names::default(),
            documents,
            index,
        })
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
        let mut results = self.results(request)?;
        let hits = results.by_ref().collect::<Result<_, Error>>()?;
        Ok(Response { hits, ..results.into_response() })
    }

    /// Hands over every hit there is, in order, as long as `each` goes on. The answer itself comes without hits.
    pub fn stream(&self, request: &Request, each: &mut dyn FnMut(Hit) -> ControlFlow<()>) -> Result<Response, Error> {
        let mut results = self.all_results(request)?;
        for hit in results.by_ref() {
            if each(hit?).is_break() {
                break;
            }
        }
        Ok(results.into_response())
    }

    /// Answers a request: totals at once, the hits up to its limit one by one.
    pub fn results(&self, request: &Request) -> Result<Results<'_>, Error> {
        self.find(request, request.limit as usize)
    }

    /// Answers a request: totals at once, every hit there is one by one.
    pub fn all_results(&self, request: &Request) -> Result<Results<'_>, Error> {
        self.find(request, usize::MAX)
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

    /// The words of a field, with what was looked up in them before.
    fn lexicon(&self, field: Field) -> tantivy::Result<Arc<Lexicon>> {
        let mut lexicons = self.lexicons.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lexicon) = lexicons.get(&field) {
            return Ok(lexicon.clone());
        }
        let lexicon = Arc::new(Lexicon::open(self.searcher(), field)?);
        lexicons.insert(field, lexicon.clone());
        Ok(lexicon)
    }

    fn shapes(&self) -> Arc<Hierarchies> {
        self.shapes.clone()
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
