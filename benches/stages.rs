//! What each stage costs, on the sample articles in `corpus/`; throughput is bytes of article text a second, one core.
//!
//! `cargo bench --bench stages`, or with a part of a name for some of it: `cargo bench --bench stages -- analysis`.
//! `ONRECORD_ARTICLES=FILE` takes other articles. `docs/performance.md` says how whole runs are measured.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "a bench that cannot start has nothing to say but why"
)]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::LazyLock;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use mimalloc::MiMalloc;
use onrecord::analysis::{Analyser, Analysis};
use onrecord::article::{self, Article, Raw};
use onrecord::index::{Key, document_builder, fingerprint, sketch};
use onrecord::text::Text;

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() {
    divan::main();
}

/// The articles as stored, without those that can't be read.
static RAW: LazyLock<Vec<Raw>> = LazyLock::new(|| {
    let path = std::env::var("ONRECORD_ARTICLES").unwrap_or_else(|_| "corpus".to_owned());
    let options = article::Options::default();
    let mut found: Vec<Raw> = Vec::new();
    for file in article::files(&[PathBuf::from(path)]).flatten() {
        let _ = article::unpack(&file, &options, &mut |raw| {
            found.extend(raw.ok().filter(|raw| raw.clone().read(&options).is_ok()));
            ControlFlow::Continue(())
        });
    }
    found
});

/// Bytes of the files: pages hold many times their text.
static STORED: LazyLock<u64> = LazyLock::new(|| {
    let path = std::env::var("ONRECORD_ARTICLES").unwrap_or_else(|_| "corpus".to_owned());
    let paths = [PathBuf::from(path)];
    let files = article::files(&paths).flatten();
    files.filter_map(|file| std::fs::metadata(file).ok()).map(|file| file.len()).sum()
});

static ARTICLES: LazyLock<Vec<Article>> = LazyLock::new(|| {
    let options = article::Options::default();
    RAW.iter().filter_map(|raw| raw.clone().read(&options).ok()).collect()
});

static ANALYSED: LazyLock<Vec<(Article, Analysis)>> = LazyLock::new(|| {
    let mut analyser = Analyser::new();
    ARTICLES.iter().map(|article| (article.clone(), analyser.analyse(article))).collect()
});

fn bytes() -> BytesCount {
    BytesCount::new(ARTICLES.iter().map(|article| article.text.len()).sum::<usize>())
}

#[divan::bench]
fn reading(bencher: Bencher) {
    let options = article::Options::default();
    bencher.counter(bytes()).with_inputs(|| RAW.clone()).bench_values(|raw| {
        raw.into_iter().filter_map(|raw| raw.read(&options).ok()).map(|article| article.text.len()).sum::<usize>()
    });
}

/// As [`reading`], by the bytes of the files: `ONRECORD_ARTICLES=PAGES cargo bench --bench stages -- reading`.
#[divan::bench]
fn reading_files(bencher: Bencher) {
    let options = article::Options::default();
    bencher.counter(BytesCount::new(*STORED)).with_inputs(|| RAW.clone()).bench_values(|raw| {
        raw.into_iter().filter_map(|raw| raw.read(&options).ok()).map(|article| article.text.len()).sum::<usize>()
    });
}

mod analysis {
    use super::{ANALYSED, ARTICLES, Analyser, Bencher, Text, black_box, bytes};
    use onrecord::entity::EntityFinder;
    use onrecord::quote;

    #[divan::bench]
    fn tokens_and_sentences(bencher: Bencher) {
        bencher.counter(bytes()).bench_local(|| {
            for article in ARTICLES.iter() {
                black_box(Text::new(&article.text, &article.paragraphs));
            }
        });
    }

    #[divan::bench]
    fn entities(bencher: Bencher) {
        let mut finder = EntityFinder::default();
        let texts: Vec<Text> = ARTICLES.iter().map(|article| Text::new(&article.text, &article.paragraphs)).collect();
        bencher.counter(bytes()).bench_local(|| {
            for text in &texts {
                black_box(finder.find(text, None));
            }
        });
    }

    #[divan::bench]
    fn quotations(bencher: Bencher) {
        let mut finder = quote::QuotationFinder::new(quote::Models::shipped(), None);
        let texts: Vec<Text> = ARTICLES.iter().map(|article| Text::new(&article.text, &article.paragraphs)).collect();
        let entities: Vec<_> = ANALYSED.iter().map(|(_, analysis)| &analysis.entities).collect();
        bencher.counter(bytes()).bench_local(|| {
            for (text, entities) in texts.iter().zip(&entities) {
                black_box(finder.find(text, entities, Some(onrecord::language::english()), None));
            }
        });
    }

    #[divan::bench]
    fn everything(bencher: Bencher) {
        let mut analyser = Analyser::new();
        bencher.counter(bytes()).bench_local(|| {
            for article in ARTICLES.iter() {
                black_box(analyser.analyse(article));
            }
        });
    }
}

mod indexing {
    use super::{ANALYSED, ARTICLES, Bencher, Key, black_box, bytes, document_builder, fingerprint, sketch};
    use onrecord::index::{Writer, WriterSettings};

    #[divan::bench]
    fn sketches(bencher: Bencher) {
        let mut words = sketch::Words::default();
        bencher.counter(bytes()).bench_local(|| {
            for article in ARTICLES.iter() {
                black_box(words.read([article.text.as_str()]).sketch::<{ sketch::ARTICLE }>());
            }
        });
    }

    #[divan::bench]
    fn filing_blocks(bencher: Bencher) {
        let mut builder = document_builder::DocumentBuilder::default();
        bencher.counter(bytes()).with_inputs(|| ANALYSED.clone()).bench_local_values(|analysed| {
            for (article, analysis) in analysed {
                let (key, hash) = (Key::of(&article.meta.id), fingerprint::of_article(&article));
                black_box(builder.build(article, &analysis, key, hash));
            }
        });
    }

    /// Filing, terms, postings and the commit, on one thread of tantivy's.
    #[divan::bench(sample_count = 20)]
    fn writing(bencher: Bencher) {
        bencher.counter(bytes()).with_inputs(|| (tempfile::tempdir(), ANALYSED.clone())).bench_local_values(
            |(folder, analysed)| {
                let Ok(folder) = folder else { return };
                let settings = WriterSettings { threads: 1, memory: 128 << 20, wait: false };
                let Ok(mut writer) = Writer::open(folder.path(), settings) else { return };
                let source = writer.manifest().write().add_source("corpus");
                let mut builder = document_builder::DocumentBuilder::default();
                for (article, analysis) in analysed {
                    let (key, hash) = (Key::of(&article.meta.id), fingerprint::of_article(&article));
                    let filed = builder.build(article, &analysis, key, hash);
                    let _ = black_box(writer.put(filed, source));
                }
                let _ = black_box(writer.finish());
            },
        );
    }
}

mod queries {
    use super::{Bencher, black_box};
    use std::path::PathBuf;
    use std::sync::LazyLock;
    use std::sync::atomic::AtomicBool;

    use onrecord::engine::Engine;
    use onrecord::ingest::{Options, ingest};
    use onrecord::search::{Backend as _, Request};

    /// The index of the articles; `ONRECORD_BENCH_INDEX=DIR` takes one that is there.
    static ENGINE: LazyLock<Option<Engine>> = LazyLock::new(|| {
        if let Ok(dir) = std::env::var("ONRECORD_BENCH_INDEX") {
            return Engine::open(&PathBuf::from(dir)).ok();
        }
        let folder = tempfile::tempdir().ok()?.keep();
        let articles = std::env::var("ONRECORD_ARTICLES").unwrap_or_else(|_| "corpus".to_owned());
        ingest(&folder, &[articles.into()], &Options::default(), &AtomicBool::new(false), &mut ()).ok()?;
        Engine::open(&folder).ok()
    });

    #[divan::bench(args = [
        "harbour pilots",
        "\"last year\"",
        "interest NEAR/5 rate",
        "speaker:minister said:talks",
        "har*",
        "person:* OR place:*",
    ])]
    fn ten_hits(bencher: Bencher, query: &str) {
        let Some(engine) = ENGINE.as_ref() else { return };
        let request = Request { query: query.to_owned(), limit: 10, ..Request::default() };
        bencher.bench_local(|| black_box(engine.search(&request)));
    }
}
