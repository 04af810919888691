//! What the server knows: the index as its last commit left it, and everything that requests share.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Instant;

use jiff::Timestamp;

use super::access::{Access, Tokens, Within};
use super::cache::Cache;
use super::failure::Failure;
use super::keys;
use super::metrics::Metrics;
use super::pool::Pool;
use crate::article::Meta;
use crate::engine::OpenIndex;
use crate::index::IndexStats;
use crate::saved::Saved;
use crate::search::{Annotated, Cursor, Hit, Request, Response};
use crate::user::UserFiles;

/// Any error of a [`Source`].
pub type Cause = Box<dyn Error + Send + Sync>;

/// Where the index comes from.
pub trait Source: Send + Sync + 'static {
    /// Opens it as its last commit left it; none if that is what `now` is.
    fn open(&self, now: Option<&Opened>) -> Result<Option<Opened>, Cause>;

    /// What people made beside the index.
    fn user_files(&self) -> UserFiles;

    /// Brings it up to date with its articles, until `stop` is set.
    fn update(&self, stop: &AtomicBool) -> Result<(), Cause>;

    /// Reads some articles more deeply, where that is asked for, until `stop` is set; false if there are none.
    fn deepen(&self, stop: &AtomicBool) -> Result<bool, Cause>;
}

/// Opens it for the first time.
pub(super) fn first(source: &dyn Source) -> Result<Opened, Cause> {
    source.open(None)?.ok_or_else(|| "the index cannot be opened".into())
}

/// An open index.
pub struct Opened {
    /// What answers from it.
    pub engine: Box<dyn OpenIndex>,
    /// A hash of the names, synonyms, groups, tags and notes that it follows.
    pub vocabulary: String,
}

/// What all requests share.
pub(super) struct Server {
    views: RwLock<Arc<Views>>,
    pub(super) source: Box<dyn Source>,
    pub(super) access: Access,
    /// For searches.
    pub(super) pool: Pool,
    /// For streams, which take as long as their clients read.
    pub(super) streams: Pool,
    pub(super) cache: Cache,
    pub(super) metrics: Arc<Metrics>,
    /// Whether new requests are still welcome.
    pub(super) ready: AtomicBool,
    pub(super) started: Timestamp,
}

/// One commit. A token that is limited gets an index of its collections only.
struct Views {
    whole: Arc<Snapshot>,
    /// By the collections that tokens are limited to.
    limited: BTreeMap<Vec<String>, Arc<Snapshot>>,
}

/// The index as one commit left it, or the part of it that somebody may read. Requests under way keep theirs when a newer
/// one is taken up.
pub(super) struct Snapshot {
    pub(super) opened: Opened,
    /// What it is limited to.
    pub(super) within: Within,
    stats: OnceLock<IndexStats>,
    /// A hash of the commit.
    pub(super) commit: String,
    pub(super) since: Timestamp,
}

impl Server {
    pub(super) fn new(source: Box<dyn Source>, access: Access, threads: usize) -> Result<Self, Cause> {
        let views = Views::warm(first(source.as_ref())?, &access)?;
        Ok(Server {
            views: RwLock::new(Arc::new(views)),
            source,
            access,
            pool: Pool::new(threads, 32 * threads.max(1)),
            streams: Pool::new(4, 16),
            cache: Cache::default(),
            metrics: Arc::default(),
            ready: AtomicBool::new(true),
            started: Timestamp::now(),
        })
    }

    /// What somebody may read of the index as it is now.
    pub(super) fn snapshot(&self, within: &Within) -> Result<Arc<Snapshot>, Failure> {
        let views = self.views();
        let seen = match within {
            None => Some(&views.whole),
            Some(collections) => views.limited.get(collections),
        };
        seen.cloned().ok_or_else(|| Failure::forbidden("no token of this server is limited to these collections"))
    }

    fn views(&self) -> Arc<Views> {
        self.views.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The saved searches.
    pub(super) fn saved(&self) -> Saved {
        Saved::of(self.source.user_files())
    }

    /// Takes up the last commit, or what people changed beside the index, if there is anything new.
    pub(super) fn reload(&self) -> Result<bool, Cause> {
        let Some(fresh) = self.source.open(Some(&self.views().whole.opened))? else { return Ok(false) };
        let clock = Instant::now();
        let fresh = Arc::new(Views::warm(fresh, &self.access)?);
        tracing::info!(articles = fresh.whole.engine().info().articles, took = ?clock.elapsed(), "took up a new commit");
        *self.views.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        self.metrics.reloads.fetch_add(1, Ordering::Relaxed);
        Ok(true)
    }

    /// Takes what names folders of this machine out of what is known about an article, where others may ask.
    pub(super) fn mask(&self, article: &mut Meta) {
        if self.access.is_public {
            if article.url.as_ref() != Some(&article.id) {
                article.id = keys::written(&article.id);
            }
            article.path.clear();
            article.record = None;
        }
    }

    /// The same for everything that a hit says.
    pub(super) fn mask_hit(&self, hit: &mut Hit) {
        self.mask(&mut hit.article);
        if self.access.is_public {
            let others = hit.wordings.iter_mut().map(|wording| &mut wording.article);
            let earliest = hit.also_in.iter_mut().filter_map(|also| also.earliest.as_mut());
            for id in others.chain(earliest.map(|earliest| &mut earliest.article)) {
                if !id.starts_with("http://") && !id.starts_with("https://") {
                    *id = keys::written(id);
                }
            }
        }
    }
}

impl Views {
    fn warm(opened: Opened, access: &Access) -> Result<Self, Cause> {
        let mut limited = BTreeMap::new();
        for collections in access.tokens.iter().flat_map(Tokens::limits) {
            let opened = Opened { engine: opened.engine.within(collections)?, vocabulary: opened.vocabulary.clone() };
            let within = collections.to_vec();
            limited.insert(within.clone(), Arc::new(Snapshot::warm(opened, Some(within))?));
        }
        Ok(Views { whole: Arc::new(Snapshot::warm(opened, None)?), limited })
    }
}

impl Snapshot {
    /// Reads what every request needs, so that the first does not wait for it.
    fn warm(opened: Opened, within: Within) -> Result<Self, Cause> {
        opened.engine.warm()?;
        let commit = opened.engine.state().commit();
        Ok(Snapshot { opened, within, stats: OnceLock::new(), commit, since: Timestamp::now() })
    }

    /// What answers.
    pub(super) fn engine(&self) -> &dyn OpenIndex {
        self.opened.engine.as_ref()
    }

    /// The hash of what the index holds.
    pub(super) fn digest(&self) -> &str {
        &self.engine().state().digest
    }

    /// Answers a request. Cursors of answers hold the key of an article, as addresses do, and are read as such.
    pub(super) fn search(&self, request: &Request) -> Result<Response, Failure> {
        let mut request = request.clone();
        if let Some(after) = &mut request.after
            && let Ok(whole) = self.article(&after.article)
        {
            after.article = whole.article.id;
        }
        let mut found = self.engine().search(&request)?;
        if let Some(next) = &mut found.next {
            next.article = keys::written(&next.article);
        }
        Ok(found)
    }

    /// Where the hits behind the first `many` begin.
    pub(super) fn behind(&self, many: u64, request: &Request) -> Result<Option<Cursor>, Failure> {
        let request = Request { limit: many, after: None, facets: Vec::new(), explain: false, ..request.clone() };
        let next = self.engine().results(&request)?.response().next.clone();
        Ok(next.map(|next| Cursor { article: keys::written(&next.article), ..next }))
    }

    /// The article with this key, as addresses have it.
    pub(super) fn article(&self, key: &str) -> Result<Annotated, Failure> {
        let found = keys::read(key).map_or(Ok(None), |key| self.engine().article_of(key))?;
        found.ok_or_else(|| {
            Failure::not_found("this article is not in the index; it may have been removed, or its address has changed")
        })
    }

    /// What the index holds, counted once.
    pub(super) fn stats(&self) -> Result<&IndexStats, Failure> {
        if let Some(stats) = self.stats.get() {
            return Ok(stats);
        }
        let stats = self.engine().stats()?;
        Ok(self.stats.get_or_init(|| stats))
    }
}
