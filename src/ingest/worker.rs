//! A worker: makes articles of records, leaves alone what is as it was, and makes blocks of the rest.

use crossbeam_channel::{Receiver, Sender};

use super::event::{Action, Event, Processed};
use super::panics;
use super::reader::{Batch, Record};
use super::{Before, Input, Options, Outcome};
use crate::analysis::{Analyser, Analysis, Depth};
use crate::article::{self, Article, End, Place, Problem, Raw, Skip};
use crate::corrections::Corrections;
use crate::index::document_builder::DocumentBuilder;
use crate::index::fingerprint;
use crate::index::versions::Version;
use crate::index::{ArticleBlock, ArticleEntry, Key, SharedManifest, SourceId};

/// Works until there are no more batches, or the receiver is gone.
///
/// Each step is done for all records of a batch before the next: reading, finding names, finding quotations and filing
/// each have some megabytes that they look things up in, and would push those of the others out of the cache with every
/// article.
pub(super) fn work(
    batches: &Receiver<Batch>,
    to_ledger: &Sender<Event>,
    manifest: &SharedManifest,
    before: Before,
    (options, corrections): (&Options, &Corrections),
) {
    let mut worker = Worker::new(manifest, before, options, corrections);
    for Batch { number, permits, records } in batches {
        let records = worker.batch(records);
        if to_ledger.send(Event::Processed { number, permits, records }).is_err() {
            break;
        }
    }
}

/// Caches that have grown with more text than this at once are not kept: those of the longest article take hundreds of megabytes.
const KEPT_BYTES: usize = 1 << 20;

struct Worker<'a> {
    analyser: Analyser,
    builder: DocumentBuilder,
    manifest: &'a SharedManifest,
    before: Before<'a>,
    options: &'a Options,
    corrections: &'a Corrections,
    analyse: Analyse,
}

/// Analyses articles; a field, so that tests can make it panic.
type Analyse = fn(&mut Analyser, &[(&Article, Depth)]) -> Vec<Analysis>;

/// A record that was read, and the article in it to be indexed, if there is one.
struct Opened {
    read: Processed,
    article: Option<(Article, Key, u64)>,
    depth: Depth,
}

impl<'a> Worker<'a> {
    fn new(
        manifest: &'a SharedManifest,
        before: Before<'a>,
        options: &'a Options,
        corrections: &'a Corrections,
    ) -> Self {
        Worker {
            analyser: Analyser::new(),
            builder: DocumentBuilder::default(),
            manifest,
            before,
            options,
            corrections,
            analyse: |analyser, articles| analyser.analyse_all(articles.iter().copied()),
        }
    }

    fn batch(&mut self, batch: Vec<Record>) -> Vec<Processed> {
        let opened: Vec<Opened> = batch.into_iter().map(|record| self.open(record)).collect();
        let articles: Vec<(&Article, Depth)> =
            opened.iter().filter_map(|opened| Some((&opened.article.as_ref()?.0, opened.depth))).collect();
        let bytes: usize = articles.iter().map(|(article, _)| article.text.len()).sum();
        let mut analyses = self.analyse(&articles).into_iter();
        let built = opened.into_iter().map(|Opened { mut read, article, .. }| {
            if let Some((article, key, content)) = article
                && let Some(analysis) = analyses.next()
            {
                let built = analysis.and_then(|mut analysis| {
                    self.corrections.apply(&article, &mut analysis);
                    self.build(article, &analysis, key, content, &mut read)
                });
                if let Err(message) = built {
                    let skip = Skip::new(read.input.place, Problem::Panicked(message));
                    (read.input, read.action, _) = skipped(skip, End::Whole);
                }
            }
            read
        });
        let built = built.collect();
        if bytes > KEPT_BYTES {
            (self.analyser, self.builder) = (Analyser::new(), DocumentBuilder::default());
        }
        built
    }

    /// Analyses all articles of a batch at once; if that panics, one after the other, so that only those are lost that
    /// make it panic.
    fn analyse(&mut self, articles: &[(&Article, Depth)]) -> Vec<Result<Analysis, String>> {
        if let Ok(analyses) = panics::catch(|| (self.analyse)(&mut self.analyser, articles)) {
            return analyses.into_iter().map(Ok).collect();
        }
        self.analyser = Analyser::new();
        let each = articles.iter().map(|&article| {
            let analysed = panics::catch(|| (self.analyse)(&mut self.analyser, &[article]).pop().unwrap_or_default());
            if analysed.is_err() {
                // A panic may leave its caches half written.
                self.analyser = Analyser::new();
            }
            analysed
        });
        each.collect()
    }

    fn build(
        &mut self,
        article: Article,
        analysis: &Analysis,
        key: Key,
        content: u64,
        read: &mut Processed,
    ) -> Result<(), String> {
        let (passages, mentions) = (article.paragraphs.len() as u64, analysis.entities.mentions.len() as u64);
        let built = panics::catch(|| self.builder.build(article, analysis, key, content));
        let block = built.inspect_err(|_| self.builder = DocumentBuilder::default())?;
        read.input.quotes = analysis.quotations.len() as u64;
        if let Action::Add { block: own, passages: own_passages, mentions: own_mentions, .. } = &mut read.action {
            (*own, *own_passages, *own_mentions) = (block, passages, mentions);
        }
        Ok(())
    }

    fn open(&self, record: Record) -> Opened {
        let Record { source, number, raw, reading, depth } = record;
        let end = raw.as_ref().map_or(End::Whole, |raw| raw.hints.end);
        let (input, action, article) = match raw.and_then(|raw| read(raw, &reading)) {
            Ok(article) => self.compare(article, end, depth),
            Err(skip) => skipped(skip, end),
        };
        Opened { read: Processed { source, number, input, action }, article, depth }
    }

    fn compare(&self, mut article: Article, end: End, depth: Depth) -> Compared {
        let (key, content) = (Key::of(&article.meta.id), fingerprint::of_article(&article));
        let bytes = article.text.len() as u32;
        let mut input = Input {
            place: Place { path: article.meta.path.clone(), record: article.meta.record.clone() },
            format: Some(article.format),
            outcome: Outcome::Unchanged,
            title: article.meta.title.clone(),
            published: article.meta.published.as_ref().map(|published| published.at.clone()),
            words: article.words() as u64,
            quotes: 0,
            warnings: std::mem::take(&mut article.warnings),
        };
        if self.manifest.read().is_removed(key) {
            input.outcome = Outcome::Removed;
            return (input, Action::Skip { passing: false }, None);
        }
        let mut before = self.before.moves.into_iter().flat_map(|moves| moves.ids_before(&article.meta));
        let was_removed = before.any(|id| self.manifest.read().is_removed(Key::of(&id)));
        drop(before);
        if was_removed {
            input.outcome = Outcome::Removed;
            return (input, Action::Withhold { id: article.meta.id }, None);
        }
        let known = self.manifest.read().article(key).copied();
        let is_current =
            |known: ArticleEntry| known.content == content && self.manifest.read().is_current(known.source, depth);
        if known.is_some_and(is_current) {
            return (input, Action::Keep { key, content, bytes }, None);
        }
        let is_longer = |known: ArticleEntry| known.bytes > bytes && self.is_of(known.source, &input.place.path);
        if known.is_some_and(is_longer) {
            match end {
                End::Open | End::Unmarked if self.breaks_off(&article, end) => {
                    return skipped(Skip::new(input.place, Problem::Shortened).of(article.format), end);
                }
                End::Whole | End::Open | End::Unmarked => {}
                End::Cut => {
                    input.warnings.push("the longer text that was read before is kept".to_owned());
                    return (input, Action::Skip { passing: true }, None);
                }
            }
        }
        input.outcome = Outcome::Added;
        let earlier = self.version_before(&article).map(Box::new);
        let block = ArticleBlock::empty(key, content, bytes);
        let action = Action::Add { block, passages: 0, mentions: 0, earlier };
        (input, action, (!self.options.dry_run).then_some((article, key, content)))
    }

    fn is_of(&self, source: SourceId, path: &str) -> bool {
        self.manifest.read().source(source).is_some_and(|source| source.path == path)
    }

    /// What the index holds of an article that changed, if that is kept.
    fn version_before(&self, article: &Article) -> Option<Version> {
        let index = self.before.versions?;
        // The index may be one that is made anew because it is damaged.
        let held = panics::catch(|| index.texts_of(&article.meta.id));
        Version::before(&held.ok()??, article)
    }

    /// True if the article is the beginning of what the index holds of it.
    fn breaks_off(&self, article: &Article, end: End) -> bool {
        let held = self.before.index.and_then(|index| index.texts_of(&article.meta.id));
        held.is_some_and(|held| is_beginning(&article.text, &held.text, end == End::Unmarked))
    }
}

fn read(raw: Raw, options: &article::Options) -> Result<Article, Skip> {
    let (place, format) = (raw.place.clone(), raw.format);
    panics::catch(|| raw.read(options))
        .unwrap_or_else(|message| Err(Skip::new(place, Problem::Panicked(message)).of(format)))
}

/// The notes on an article, its outcome unless it is to be indexed, and the article if it is.
type Compared = (Input, Action, Option<(Article, Key, u64)>);

fn skipped(skip: Skip, end: End) -> Compared {
    let passing = skip.is_passing() || end != End::Whole;
    let input =
        Input { outcome: Outcome::Skipped(skip.problem.to_string()), format: skip.format, ..Input::unread(skip.place) };
    (input, Action::Skip { passing }, None)
}

/// True if `text` is what `whole` starts with, up to somewhere within a line, or to the end of one if it may end there.
fn is_beginning(text: &str, whole: &str, may_end_a_line: bool) -> bool {
    /// Of a character of several bytes that was cut, as many signs may be left.
    const REST: usize = 3;
    let text = text.trim_end();
    let same: usize = text.chars().zip(whole.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let left = text.get(same..).unwrap_or_default();
    let is_rest = left.chars().count() <= REST && left.chars().all(|c| !c.is_ascii());
    let goes_on = whole
        .get(same..)
        .and_then(|rest| rest.chars().next())
        .is_some_and(|c| may_end_a_line || !matches!(c, '\n' | '\r'));
    same > 0 && is_rest && goes_on
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Content, Format, Hints};

    #[test]
    fn an_article_that_makes_the_analysis_panic_is_left_out_alone() {
        let (manifest, options) = (SharedManifest::default(), Options::default());
        let corrections = Corrections::default();
        let mut worker = Worker::new(&manifest, Before::default(), &options, &corrections);
        worker.analyse = |analyser, articles| {
            assert!(articles.iter().all(|(article, _)| !article.text.contains("unlucky")), "an unlucky article");
            analyser.analyse_all(articles.iter().copied())
        };
        let record = |number, text: &str| Record {
            source: 0,
            number,
            reading: std::sync::Arc::default(),
            depth: Depth::Fast,
            raw: Ok(Raw {
                place: Place::file(format!("{number}.txt")),
                format: Format::Text,
                content: Content::Bytes(text.into()),
                hints: Hints::default(),
            }),
        };
        let texts = ["“No deal,” Ada Ray said.", "An unlucky day.", "Rain fell.", "An unlucky night."];
        let read = worker.batch((0..).zip(texts).map(|(number, text)| record(number, text)).collect());
        let outcomes: Vec<String> = read
            .iter()
            .map(|read| match (&read.input.outcome, &read.action) {
                (Outcome::Added, Action::Add { .. }) => format!("{} added", read.input.place),
                (Outcome::Skipped(reason), Action::Skip { .. }) => format!("{}: {reason}", read.input.place),
                (outcome, _) => format!("{outcome:?}"),
            })
            .collect();
        let left_out = "was skipped because of a bug in onrecord (an unlucky article); please report it with this file";
        assert_eq!(
            outcomes,
            [
                "0.txt added".to_owned(),
                format!("1.txt: {left_out}"),
                "2.txt added".to_owned(),
                format!("3.txt: {left_out}")
            ]
        );
        assert_eq!(read[0].input.quotes, 1);
    }

    #[track_caller]
    fn check(text: &str, whole: &str, expect: bool) {
        assert_eq!(is_beginning(text, whole, false), expect, "{text:?} of {whole:?}");
    }

    #[test]
    fn what_breaks_off_is_told_from_what_was_shortened() {
        check("Rain fell.\n\nThe mayor le", "Rain fell.\n\nThe mayor left early.\n", true);
        check("Rain fell.\n\nThe mayor ", "Rain fell.\n\nThe mayor left early.\n", true);
        check("Rain fell.", "Rain fell.\n\nThe mayor left early.\n", false);
        check("Rain fell.\n\nThe judge", "Rain fell.\n\nThe mayor left early.\n", false);
        check("The mayor’s car stop", "The mayor’s car stopped.", true);
        check("The mayor\u{fffd}", "The mayor’s car stopped.", true);
        check("Snow", "Rain fell.", false);
        check("", "Rain fell.", false);
        // The paragraphs of captions are made of their cues.
        assert!(is_beginning("Rain fell.", "Rain fell.\n\nThe mayor left early.\n", true));
        assert!(!is_beginning("Rain fell.", "Rain fell.", true));
    }
}
