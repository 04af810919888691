//! What a rebuild takes over from the index before it: the articles whose source is there but cannot be read now.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::panics;
use super::super::repair::is_gone;
use super::{Ledger, articles_are};
use crate::analysis::Analyser;
use crate::article::Article;
use crate::corrections::Corrections;
use crate::index::document_builder::DocumentBuilder;
use crate::index::{self, ArticleBlock, Index, Key, KnownSource, Paths, SourceId, fingerprint};
use crate::search::Annotated;
use crate::text::CodePoints;

impl Ledger<'_> {
    /// Takes over the articles of the index before whose sources, of those that are `known`, are there but were not read to
    /// their end. They are read again by the next run.
    pub(in super::super) fn carry_over(&mut self, known: &[KnownSource]) -> Result<(), index::Error> {
        let run = self.run;
        let mut missing = self.unread(known);
        if missing.is_empty() {
            return Ok(());
        }
        let sources: FxHashSet<String> = missing.keys().cloned().collect();
        let mut carried: FxHashMap<String, u64> = FxHashMap::default();
        let mut analyser = Analyser::new();
        articles(run.dir, &sources, &mut |article, content| {
            if self.manifest.read().article(Key::of(&article.article.id)).is_some() {
                return Ok(());
            }
            let path = run.paths.shown(&article.article.path);
            missing.entry(path.clone()).and_modify(|left| *left = left.saturating_sub(1));
            *carried.entry(path).or_default() += 1;
            let id = self.manifest.write().add_source(&article.article.path);
            let block = block(article, content, &mut analyser, &run.corrections);
            self.writer.as_mut().map_or(Ok(()), |writer| writer.put(block, id))
        })?;
        for (path, count) in carried {
            self.tell(path, format!("was not read to its end, so {} kept as before", articles_are(count)));
        }
        for (path, count) in missing.into_iter().filter(|(_, left)| *left > 0) {
            self.tell(path, format!("cannot be read now, so {} not in the new index", articles_are(count)));
        }
        Ok(())
    }

    /// The sources that are there but were not read to their end, each with the number of its articles that are missing.
    fn unread(&self, known: &[KnownSource]) -> FxHashMap<String, u64> {
        let paths = &self.run.paths;
        let manifest = self.manifest.read();
        let mut held: FxHashMap<SourceId, u64> = FxHashMap::default();
        for (_, entry) in manifest.articles().filter(|(_, entry)| self.unread.contains(&entry.source)) {
            *held.entry(entry.source).or_default() += 1;
        }
        let missing = |source: &KnownSource| {
            let real = paths.real(source.path.as_ref());
            let id = manifest.source_at(paths.stored(&real)?).map(|(id, _)| id);
            let unread = !is_gone(&real) && id.is_none_or(|id| self.unread.contains(&id));
            let here = id.and_then(|id| held.get(&id)).copied().unwrap_or_default();
            let missing = source.articles.saturating_sub(here);
            (unread && missing > 0).then(|| (source.path.clone(), missing))
        };
        known.iter().filter_map(missing).collect()
    }
}

/// Gives each article that the index in `dir` holds of these sources, as their paths are shown, with the stored path of its
/// source. What is damaged is left out: an article is given only as it was read.
fn articles(
    dir: &Path,
    sources: &FxHashSet<String>,
    give: &mut dyn FnMut(Annotated, u64) -> Result<(), index::Error>,
) -> Result<(), index::Error> {
    let paths = Paths::new(dir);
    let Ok(index) = Index::open(dir) else { return Ok(()) };
    let (Ok(manifest), Ok(documents)) = (index.manifest(), index.articles()) else { return Ok(()) };
    for at in documents {
        // Tantivy panics on some damage.
        let Ok(Ok(article)) = panics::catch(|| index.article_as_stored(at)) else { continue };
        let known = manifest.article(Key::of(&article.article.id));
        let content = known.map(|known| known.content).filter(|content| fingerprint::of_stored(&article) == *content);
        if let Some(content) = content.filter(|_| sources.contains(&paths.shown(&article.article.path))) {
            give(article, content)?;
        }
    }
    Ok(())
}

/// The documents of an article that was stored, analysed again.
pub(in super::super) fn block(
    stored: Annotated,
    content: u64,
    analyser: &mut Analyser,
    corrections: &Corrections,
) -> ArticleBlock {
    let points = CodePoints::new(&stored.text);
    let paragraphs = stored.paragraphs.iter().map(|&paragraph| points.bytes(paragraph)).collect();
    let key = Key::of(&stored.article.id);
    let article = Article {
        meta: stored.article,
        text: stored.text,
        paragraphs,
        locators: stored.locators,
        ..Article::default()
    };
    let mut analysis = analyser.analyse(&article);
    corrections.apply(&article, &mut analysis);
    DocumentBuilder::default().build(article, &analysis, key, content)
}
