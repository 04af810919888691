//! A worker: makes articles of pieces, leaves alone what is as it was, and makes blocks of the rest.

use crossbeam_channel::{Receiver, Sender};

use super::change;
use super::ledger::{Article, Outcome, Step};
use super::{Options, reader::Piece};
use crate::analysis::Analyst;
use crate::article;
use crate::index::filing;
use crate::index::schema::{self, Fields};
use crate::index::{Filed, Key, SharedManifest};

/// Works until there are no more batches, or nobody listens any more.
pub(super) fn work(
    batches: &Receiver<Vec<Piece>>,
    to_ledger: &Sender<Step>,
    manifest: &SharedManifest,
    options: &Options,
) {
    let (_, fields) = schema::schema();
    let mut worker = Worker { analyst: Analyst::new(), fields, manifest, options };
    for batch in batches {
        let articles = batch.into_iter().map(|piece| worker.piece(piece)).collect();
        if to_ledger.send(Step::Articles(articles)).is_err() {
            break;
        }
    }
}

struct Worker<'a> {
    analyst: Analyst,
    fields: Fields,
    manifest: &'a SharedManifest,
    options: &'a Options,
}

impl Worker<'_> {
    fn piece(&mut self, piece: Piece) -> Article {
        let Piece { source, number, raw } = piece;
        let outcome = match raw.and_then(|raw| raw.read(&self.options.reading)) {
            Ok(article) => self.article(article),
            Err(skip) => Outcome::Skipped(skip),
        };
        Article { source, number, outcome }
    }

    fn article(&mut self, mut article: article::Article) -> Outcome {
        let (key, content) = (Key::of(&article.meta.id), change::content(&article));
        let id = article.meta.id.clone();
        let bytes = article.text.len() as u64;
        if self.manifest.read().article(key).is_some_and(|known| known.content == content) {
            return Outcome::Unchanged { id, key, content, bytes };
        }
        let notes = std::mem::take(&mut article.warnings);
        if self.options.dry_run {
            let filed = Filed { key, content, bytes, block: Vec::new() };
            return Outcome::Filed { id, filed, passages: 0, quotes: 0, mentions: 0, notes };
        }
        let analysis = self.analyst.analyse(&article);
        let passages = article.paragraphs.len() as u64;
        let (quotes, mentions) = (analysis.quotations.len() as u64, analysis.entities.mentions.len() as u64);
        let filed = Filed { key, content, bytes, block: filing::block(article, &analysis, &self.fields) };
        Outcome::Filed { id, filed, passages, quotes, mentions, notes }
    }
}
