//! The engine over one tantivy index on this machine.
//!
//! | module | what it does |
//! |---|---|
//! | `execute`, `results` | one request from its text to totals and hits |
//! | `translate` | the query tree as tantivy queries, each part joined to the level of the hits |
//! | `lexicon` | the terms of a field |
//! | `scan/` | the documents that match, on all cores |
//! | `rank/` | scores, order and the first hits |
//! | `facets` | counts by value |
//! | `duplicates`, `quote_variants` | near-duplicates, counted or shown as one |
//! | `tags` | tags and notes that people made |
//! | `names` | the names of an index and who bears them |
//! | `keys` | articles by the keys that addresses have |
//! | `explain`, `variant_counts` | what each part and each variant finds |

mod duplicates;
mod execute;
mod explain;
mod facets;
mod keys;
mod lexicon;
mod names;
mod quote_variants;
mod rank;
mod results;
mod scan;
mod suggest;
mod tags;
mod translate;
mod variant_counts;

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::schema::{Field, Term};
use tantivy::{DocAddress, Searcher};

use crate::engine::OpenIndex;
use crate::engine::error::Error;
use crate::engine::spans::memory::AnalyzerPool;
use crate::entity::{Directory, Group};
use crate::groups::Groups;
use crate::index::block::Hierarchies;
use crate::index::schema::{Fields, Level};
use crate::index::{Index, IndexStats, Key, Lookup, Manifest, State};
use crate::query::{Thesaurus, closest};
use crate::search::{Annotated, Backend, IndexInfo, Request, Results, Verdict};
pub(crate) use translate::is_of_quotation;

use duplicates::DuplicateIndex;
use facets::Totals;
use keys::Keys;
use lexicon::Lexicon;
use names::Names;
use rank::article_order::ArticleOrder;
use tags::Marked;

/// Searches one index, as one commit left it.
pub struct Engine {
    index: Index,
    hierarchies: Arc<Hierarchies>,
    /// The thesaurus with the user's own groups, if there are any.
    own: Option<Arc<Thesaurus>>,
    names: Arc<Names>,
    marked: Marked,
    groups: Groups,
    /// Documents of each level.
    documents: [u64; 3],
    copies: DuplicateIndex,
    totals: Totals,
    ids: ArticleOrder,
    keys: OnceLock<Keys>,
    readers: AnalyzerPool,
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
            *count = match index.corpus() {
                Some(corpus) => corpus.documents(level),
                None => index.searcher().doc_freq(&Term::from_field_u64(index.fields().level, level.code()))?,
            };
        }
        Ok(Engine {
            copies: DuplicateIndex::default(),
            totals: Totals::default(),
            ids: ArticleOrder::default(),
            keys: OnceLock::new(),
            readers: AnalyzerPool::default(),
            lexicons: Mutex::default(),
            hierarchies: Arc::new(Hierarchies::new(&index)),
            own: None,
            names: Arc::default(),
            marked: Marked::default(),
            groups: Groups::default(),
            documents,
            index,
        })
    }

    /// Adds the groups of a user's `synonyms.toml`, given as text.
    pub fn with_synonyms(mut self, toml: &str) -> Result<Self, Error> {
        self.own = Some(Arc::new(Thesaurus::with_own(toml)?));
        Ok(self)
    }

    /// An engine over another part of the same corpus, with the same synonyms, names, groups and marks.
    pub(crate) fn over(&self, part: Index) -> tantivy::Result<Self> {
        let engine = Engine::new(part)?;
        let (own, names, groups) = (self.own.clone(), self.names.clone(), self.groups.clone());
        Ok(Engine { own, names, groups, ..engine }.with_marks(self.marked.all().to_vec()))
    }

    /// An engine over some collections, as if there were no others: it groups the names that are left.
    pub(crate) fn over_some(&self, some: Index) -> tantivy::Result<Self> {
        Ok(Engine { names: Arc::new(self.names.unread()), ..self.over(some)? })
    }

    /// Knows a user's groups of people.
    #[must_use]
    pub fn with_groups(self, groups: Groups) -> Self {
        Engine { groups, ..self }
    }

    /// The user's groups of people.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// The index it searches.
    pub fn index(&self) -> &Index {
        &self.index
    }

    fn fields(&self) -> &Fields {
        self.index.fields()
    }

    fn searcher(&self) -> &Searcher {
        self.index.searcher()
    }

    /// The words of a field, with what was looked up in them before.
    pub(crate) fn lexicon(&self, field: Field) -> tantivy::Result<Arc<Lexicon>> {
        let mut lexicons = self.lexicons.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lexicon) = lexicons.get(&field) {
            return Ok(lexicon.clone());
        }
        let lexicon = Arc::new(Lexicon::open(&self.index, field)?);
        lexicons.insert(field, lexicon.clone());
        Ok(lexicon)
    }

    fn hierarchies(&self) -> Arc<Hierarchies> {
        self.hierarchies.clone()
    }

    pub(crate) fn thesaurus(&self) -> &Thesaurus {
        self.own.as_deref().unwrap_or_else(|| Thesaurus::news())
    }

    fn documents(&self, level: Level) -> u64 {
        match level {
            Level::Article => self.documents[0],
            Level::Passage => self.documents[1],
            Level::Quote => self.documents[2],
        }
    }

    /// The document of the article with this key.
    fn locate(&self, key: &str) -> Result<DocAddress, Error> {
        match self.index.lookup(key)? {
            Lookup::Found(document) => Ok(document),
            Lookup::Several(matching, ids) => Err(Error::Ambiguous { key: key.to_owned(), matching, ids }),
            Lookup::Nothing => {
                let ids = self.index.ids(SUGGESTED_FROM)?;
                let similar = closest(key, ids.iter().map(String::as_str)).map(str::to_owned);
                Err(Error::NoArticle { key: key.to_owned(), similar })
            }
        }
    }
}

impl Backend for Engine {
    fn info(&self) -> IndexInfo {
        self.index.info()
    }

    fn results(&self, request: &Request) -> Result<Results<'_>, Error> {
        self.execute(request, request.limit as usize)
    }

    fn all_results(&self, request: &Request) -> Result<Results<'_>, Error> {
        self.execute(request, usize::MAX)
    }

    fn article(&self, key: &str) -> Result<Annotated, Error> {
        Ok(self.marked(self.index.article(self.locate(key)?)?))
    }

    fn directory(&self) -> Result<&Directory, Error> {
        self.names()
    }

    fn roles(&self, group: &Group) -> Result<Vec<(String, u64)>, Error> {
        self.roles_of(group)
    }

    fn why_not(&self, request: &Request, article: &str) -> Result<Vec<Verdict>, Error> {
        self.test_article(request, article)
    }
}

impl OpenIndex for Engine {
    fn state(&self) -> &State {
        self.index.state()
    }

    fn stats(&self) -> Result<IndexStats, Error> {
        Ok(self.index.stats()?)
    }

    fn manifest(&self) -> Result<Manifest, Error> {
        Ok(self.index.manifest()?)
    }

    fn article_of(&self, key: Key) -> Result<Option<Annotated>, Error> {
        let keys = if let Some(keys) = self.keys.get() {
            keys
        } else {
            let keys = Keys::of(&self.index)?;
            self.keys.get_or_init(|| keys)
        };
        Ok(keys.get(key).map(|document| self.index.article(document)).transpose()?.map(|article| self.marked(article)))
    }

    /// Without the keys of all articles, which a single question is not worth.
    fn article_with(&self, id: &str) -> Result<Option<Annotated>, Error> {
        Ok(self
            .index
            .find(id)?
            .map(|document| self.index.article(document))
            .transpose()?
            .map(|article| self.marked(article)))
    }

    fn within(&self, collections: &[String]) -> Result<Box<dyn OpenIndex>, Error> {
        Ok(Box::new(self.over_some(self.index.within(collections)?)?))
    }

    fn is_current(&self) -> Result<bool, Error> {
        Ok(Index::open(self.index.dir())?.state() == self.index.state())
    }

    fn warm(&self) -> Result<(), Error> {
        self.article_of(Key(0))?;
        self.directory()?;
        self.search(&Request { query: "speaker:* the".to_owned(), limit: 1, ..Request::default() })?;
        Ok(())
    }
}

/// Number of ids that are compared with a misspelt one: enough for a small collection, and fast.
const SUGGESTED_FROM: usize = 10_000;
