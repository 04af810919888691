//! What a rebuild takes over from the index before it: the articles whose source is there but cannot be read now.

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::{Input, Outcome, analysed_again, panics};
use super::Ledger;
use crate::analysis::Analyser;
use crate::article::Place;
use crate::index::{self, Index, Key, KnownSource, Paths, SourceId, fingerprint, is_gone};
use crate::search::Annotated;

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
            let key = Key::of(&article.article.id);
            let (holder, own, is_removed) = {
                let manifest = self.manifest.read();
                let own = manifest.source_at(&article.article.path).map(|(id, _)| id);
                (manifest.article(key).map(|entry| entry.source), own, manifest.is_removed(key))
            };
            // What the source itself still gave is not missing.
            if holder.is_some() && holder == own {
                return Ok(());
            }
            let path = run.paths.shown(&article.article.path);
            missing.entry(path.clone()).and_modify(|left| *left = left.saturating_sub(1));
            if holder.is_some() || is_removed {
                return Ok(());
            }
            *carried.entry(path).or_default() += 1;
            let id = self.manifest.write().add_source(&article.article.path);
            let depth = run.roots.options(&run.paths.of_stored(&article.article.path)).depth.unwrap_or_default();
            let block = analysed_again(article, content, (&mut analyser, depth), &run.corrections);
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

    /// Reports a source that is gone, whose articles a rebuild loses.
    pub(in super::super) fn lose(&mut self, source: &KnownSource) {
        self.tell(source.path.clone(), format!("is gone, so {} not in the new index", articles_are(source.articles)));
    }

    /// Reports what a rebuild makes of a source that it could not read.
    fn tell(&mut self, path: String, what: String) {
        self.reporter.count(&Input { outcome: Outcome::Skipped(what), ..Input::unread(Place::file(path)) });
    }
}

fn articles_are(count: u64) -> String {
    if count == 1 { "its article is".to_owned() } else { format!("its {count} articles are") }
}

/// Gives each article that the index in `dir` holds of these sources, as their paths are shown, with the hash of its content.
/// What is damaged is left out: an article is given only as it was read.
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
        let is_wanted = sources.contains(&paths.shown(&article.article.path));
        let known = manifest.article(Key::of(&article.article.id)).filter(|_| is_wanted);
        if let Some(known) = known.filter(|known| fingerprint::of_stored(&article) == known.content) {
            give(article, known.content)?;
        }
    }
    Ok(())
}
