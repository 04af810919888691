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
///
/// Each step is taken with all pieces of a batch before the next: reading, finding names, finding quotations and filing
/// each have some megabytes that they look things up in, and would push those of the others out of the cache with every
/// article.
pub(super) fn work(
    batches: &Receiver<Vec<Piece>>,
    to_ledger: &Sender<Step>,
    manifest: &SharedManifest,
    options: &Options,
) {
    let mut worker = Worker { analyst: Analyst::new(), filer: Filer::default(), manifest, options };
    for batch in batches {
        if to_ledger.send(Step::Read(worker.batch(batch))).is_err() {
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

/// A piece that was read, and the article in it that is to be filed, if there is one.
struct Opened {
    read: Read,
    article: Option<(Article, Key, u64)>,
}

impl Worker<'_> {
    fn batch(&mut self, batch: Vec<Piece>) -> Vec<Read> {
        let opened: Vec<Opened> = batch.into_iter().map(|piece| self.open(piece)).collect();
        let articles = opened.iter().filter_map(|opened| opened.article.as_ref()).map(|(article, ..)| article);
        let mut analyses = self.analyst.analyse_all(articles).into_iter();
        let filed = opened.into_iter().map(|Opened { mut read, article }| {
            if let Some((article, key, content)) = article
                && let Some(analysis) = analyses.next()
            {
                let (passages, mentions) = (article.paragraphs.len() as u64, analysis.entities.mentions.len() as u64);
                read.input.quotes = analysis.quotations.len() as u64;
                let filed = self.filer.file(article, &analysis, key, content);
                read.outcome = Outcome::Filed { filed, passages, mentions };
            }
            read
        });
        filed.collect()
    }

    fn open(&self, piece: Piece) -> Opened {
        let Piece { source, number, raw } = piece;
        let (input, outcome, article) = match raw.and_then(|raw| raw.read(&self.options.reading)) {
            Ok(article) => self.compare(article),
            Err(skip) => {
                let (input, outcome) = skipped(skip);
                (input, outcome, None)
            }
        };
        Opened { read: Read { source, number, input, outcome }, article }
    }

    /// What is told of an article, what became of it unless it is to be filed, and the article if it is.
    fn compare(&self, mut article: Article) -> (Input, Outcome, Option<(Article, Key, u64)>) {
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
            return (input, Outcome::Unchanged { key, content, bytes }, None);
        }
        input.fate = Fate::Added;
        let outcome = Outcome::Filed { filed: Filed::empty(key, content, bytes), passages: 0, mentions: 0 };
        (input, outcome, (!self.options.dry_run).then_some((article, key, content)))
    }
}

fn skipped(skip: Skip) -> (Input, Outcome) {
    let passing = skip.problem.is_passing();
    let input =
        Input { fate: Fate::Skipped(skip.problem.to_string()), format: skip.format, ..Input::unread(skip.place) };
    (input, Outcome::Skipped { passing })
}
