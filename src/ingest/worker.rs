//! A worker: makes articles of pieces, leaves alone what is as it was, and makes blocks of the rest.

use crossbeam_channel::{Receiver, Sender};

use super::ledger::{Outcome, Read, Step};
use super::reader::Piece;
use super::{Fate, Input, Options};
use crate::analysis::Analyst;
use crate::article::{Article, Place, Skip};
use crate::index::content;
use crate::index::filing::Filer;
use crate::index::{Filed, Key, SharedManifest};

/// Works until there are no more batches, or nobody listens any more.
pub(super) fn work(
    batches: &Receiver<Vec<Piece>>,
    to_ledger: &Sender<Step>,
    manifest: &SharedManifest,
    options: &Options,
) {
    let mut worker = Worker { analyst: Analyst::new(), filer: Filer::default(), manifest, options };
    for batch in batches {
        let read = batch.into_iter().map(|piece| worker.piece(piece)).collect();
        if to_ledger.send(Step::Read(read)).is_err() {
            break;
        }
    }
}

struct Worker<'a> {
    analyst: Analyst,
    filer: Filer,
    manifest: &'a SharedManifest,
    options: &'a Options,
}

impl Worker<'_> {
    fn piece(&mut self, piece: Piece) -> Read {
        let Piece { source, number, raw } = piece;
        let (input, outcome) = match raw.and_then(|raw| raw.read(&self.options.reading)) {
            Ok(article) => self.article(article),
            Err(skip) => skipped(skip),
        };
        Read { source, number, input, outcome }
    }

    fn article(&mut self, mut article: Article) -> (Input, Outcome) {
        let (key, content) = (Key::of(&article.meta.id), content::of_article(&article));
        let bytes = article.text.len() as u64;
        let mut input = Input {
            place: Place { path: article.meta.path.clone(), record: article.meta.record.clone() },
            format: Some(article.format),
            fate: Fate::Unchanged,
            title: article.meta.title.clone(),
            published: article.meta.published.as_ref().map(|published| published.at.clone()),
            words: article.words() as u64,
            quotes: 0,
            warnings: std::mem::take(&mut article.warnings),
        };
        if self.manifest.read().article(key).is_some_and(|known| known.content == content) {
            return (input, Outcome::Unchanged { key, content, bytes });
        }
        input.fate = Fate::Added;
        if self.options.dry_run {
            let filed = Filed::empty(key, content, bytes);
            return (input, Outcome::Filed { filed, passages: 0, mentions: 0 });
        }
        let analysis = self.analyst.analyse(&article);
        let (passages, mentions) = (article.paragraphs.len() as u64, analysis.entities.mentions.len() as u64);
        input.quotes = analysis.quotations.len() as u64;
        let filed = self.filer.file(article, &analysis, key, content);
        (input, Outcome::Filed { filed, passages, mentions })
    }
}

fn skipped(skip: Skip) -> (Input, Outcome) {
    let passing = skip.problem.is_passing();
    let input =
        Input { fate: Fate::Skipped(skip.problem.to_string()), format: skip.format, ..Input::unread(skip.place) };
    (input, Outcome::Skipped { passing })
}
