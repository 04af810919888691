//! What an ingest does to an index, run after run.

mod harm;

use std::fs;
use std::path::Path;

use super::*;
use crate::index::block::Hierarchies;
use crate::index::schema;

/// A folder of articles and an index of it.
struct Case {
    folder: tempfile::TempDir,
    options: Options,
}

impl Case {
    fn new(files: &[(&str, &str)]) -> Self {
        let case = Case { folder: tempfile::tempdir().unwrap(), options: Options { threads: 2, ..Options::default() } };
        fs::create_dir(case.corpus()).unwrap();
        for (name, text) in files {
            case.write(name, text);
        }
        case
    }

    fn corpus(&self) -> PathBuf {
        self.folder.path().join("corpus")
    }

    fn index(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.corpus().join(name), text).unwrap();
    }

    fn run(&self) -> Summary {
        let progress: &mut dyn Progress = &mut ();
        ingest(&self.index(), &[self.corpus()], &self.options, &AtomicBool::new(false), progress).unwrap()
    }

    fn open(&self) -> Index {
        Index::open(&self.index()).unwrap()
    }

    fn digest(&self) -> String {
        self.open().state().digest.clone()
    }

    /// Texts of all articles in the index, sorted.
    fn texts(&self) -> Vec<String> {
        let index = self.open();
        let query = tantivy::query::TermQuery::new(
            tantivy::Term::from_field_u64(index.fields().level, schema::Level::Article.code()),
            tantivy::schema::IndexRecordOption::Basic,
        );
        let found = index.searcher().search(&query, &tantivy::collector::DocSetCollector).unwrap();
        let mut texts: Vec<String> = found.into_iter().map(|at| index.article(at).unwrap().text).collect();
        texts.sort();
        texts
    }
}

#[track_caller]
fn check(summary: Summary, [added, replaced, unchanged, removed]: [u64; 4]) {
    let done = [summary.added, summary.replaced, summary.unchanged, summary.removed];
    assert_eq!(done, [added, replaced, unchanged, removed], "added, replaced, unchanged, removed; {summary:?}");
}

fn age(path: &Path) {
    let file = fs::File::options().append(true).open(path).unwrap();
    file.set_modified(std::time::SystemTime::now() - Duration::from_hours(1)).unwrap();
}

#[test]
fn what_goes_in_is_found() {
    let case = Case::new(&[("a.txt", "Ada Ray spoke.\n\nNobody answered."), ("b.txt", "Rain fell.")]);
    let summary = case.run();
    check(summary, [2, 0, 0, 0]);
    assert_eq!(summary.passages, 3);
    assert_eq!(case.texts(), ["Ada Ray spoke.\n\nNobody answered.", "Rain fell."]);
}

#[test]
fn ingesting_again_does_only_what_changed() {
    let case = Case::new(&[("a.txt", "One."), ("b.txt", "Two.")]);
    case.run();
    let digest = case.digest();
    let again = case.run();
    check(again, [0, 0, 0, 0]);
    assert_eq!(again.files_unchanged, 2);
    assert_eq!(case.digest(), digest);
    case.write("b.txt", "Three.");
    check(case.run(), [0, 1, 0, 0]);
    assert_eq!(case.texts(), ["One.", "Three."]);
    case.write("b.txt", "Two.");
    case.run();
    assert_eq!(case.digest(), digest);
}

#[test]
fn a_run_leaves_one_segment_and_a_few_articles_leave_it_alone() {
    let files: Vec<(String, String)> = (0..40).map(|n| (format!("{n}.txt"), format!("Pier {n} is shut."))).collect();
    let named: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut case = Case::new(&named);
    case.options.commit_every = Duration::ZERO;
    case.run();
    let segments = || {
        let index = case.open();
        index.searcher().segment_readers().iter().map(tantivy::SegmentReader::segment_id).collect::<Vec<_>>()
    };
    let [first] = segments()[..] else { panic!("{:?}", segments()) };
    let files = fs::read_dir(index::derived(&case.index())).unwrap().map(|entry| entry.unwrap().path());
    let stored = files.filter(|path| path.extension().is_some_and(|end| end == "store"));
    assert_eq!(stored.count(), 1, "what was merged is gone");
    case.write("0.txt", "Pier 0 is open.");
    case.run();
    assert!(segments().contains(&first) && segments().len() == 2);
}

#[test]
fn a_file_that_was_only_touched_is_unchanged() {
    let case = Case::new(&[("a.txt", "One.")]);
    case.run();
    age(&case.corpus().join("a.txt"));
    let touched = case.run();
    assert_eq!((touched.files_unchanged, touched.unchanged), (1, 0));
}

#[test]
fn records_that_left_a_file_leave_the_index() {
    let case = Case::new(&[(
        "a.jsonl",
        "{\"url\":\"https://example.org/1\",\"text\":\"One.\"}\n{\"url\":\"https://example.org/2\",\"text\":\"Two.\"}\n",
    )]);
    check(case.run(), [2, 0, 0, 0]);
    case.write("a.jsonl", "{\"url\":\"https://example.org/1\",\"text\":\"One.\"}\n");
    check(case.run(), [0, 0, 1, 1]);
    assert_eq!(case.texts(), ["One."]);
}

#[test]
fn what_is_gone_stays_until_it_is_pruned() {
    let mut case = Case::new(&[("a.txt", "One."), ("b.txt", "Two.")]);
    case.run();
    fs::remove_file(case.corpus().join("a.txt")).unwrap();
    check(case.run(), [0, 0, 0, 0]);
    assert_eq!(case.texts(), ["One.", "Two."]);
    case.options.prune = true;
    check(case.run(), [0, 0, 0, 1]);
    assert_eq!(case.texts(), ["Two."]);
}

#[test]
fn of_several_articles_of_one_id_the_last_is_kept() {
    let [one, two, three] =
        [1, 2, 3].map(|n| format!("{{\"url\":\"https://example.org/1\",\"text\":\"Number {n}.\"}}\n"));
    let mut case = Case::new(&[("a.jsonl", &format!("{one}{two}")), ("b.jsonl", &three)]);
    let summary = case.run();
    assert_eq!(summary.repeated, 2);
    assert_eq!(case.texts(), ["Number 3."]);
    // When the winner goes, the article of the other file comes back, in the same run.
    case.write("b.jsonl", "{\"url\":\"https://example.org/2\",\"text\":\"Other.\"}\n");
    case.run();
    assert_eq!(case.texts(), ["Number 2.", "Other."]);
    case.write("b.jsonl", &three);
    case.run();
    assert_eq!(case.texts(), ["Number 3."]);
    fs::remove_file(case.corpus().join("b.jsonl")).unwrap();
    case.options.prune = true;
    case.run();
    assert_eq!(case.texts(), ["Number 2."]);
}

#[test]
fn the_longest_text_of_an_id_is_kept_in_whatever_order_it_comes() {
    let record = |text: &str| format!("{{\"url\":\"https://example.org/1\",\"text\":\"{text}\"}}\n");
    let (page, feed) = (record("The harbour stays shut until spring."), record("The harbour."));
    for names in [["a.jsonl", "b.jsonl"], ["b.jsonl", "a.jsonl"]] {
        let case = Case::new(&[]);
        for (name, text) in names.iter().zip([&page, &feed]) {
            case.write(name, text);
            case.run();
        }
        assert_eq!(case.texts(), ["The harbour stays shut until spring."]);
        // Once the winner is shorter than the other, the other wins, in the same run.
        case.write(names[0], &record("Harbour."));
        case.run();
        assert_eq!(case.texts(), ["The harbour."]);
        let digest = case.digest();
        case.run();
        assert_eq!(case.digest(), digest);
        case.write(names[0], &page);
        case.run();
        assert_eq!(case.texts(), ["The harbour stays shut until spring."]);
        assert_eq!(case.verify(), []);
    }
}

#[test]
#[cfg(unix)]
fn a_file_has_one_name_however_its_path_is_spelled() {
    let case = Case::new(&[("a.txt", "One."), ("b.txt", "Two.")]);
    let (linked, around) = (case.folder.path().join("linked"), case.corpus().join("../corpus"));
    std::os::unix::fs::symlink(case.corpus(), &linked).unwrap();
    let run =
        |paths: &[PathBuf]| ingest(&case.index(), paths, &case.options, &AtomicBool::new(false), &mut ()).unwrap();
    // Twice at once, read once.
    let first = run(&[case.corpus(), linked.clone(), around.clone()]);
    check(first, [2, 0, 0, 0]);
    assert_eq!((first.files, first.repeated), (2, 0));
    let digest = case.digest();
    for path in [&linked, &around, &linked.join("a.txt")] {
        let again = run(std::slice::from_ref(path));
        check(again, [0, 0, 0, 0]);
        assert_eq!((again.repeated, again.files_unchanged), (0, again.files));
    }
    case.write("a.txt", "Once.");
    check(run(std::slice::from_ref(&linked)), [0, 1, 0, 0]);
    case.write("a.txt", "One.");
    run(&[around]);
    assert_eq!(case.digest(), digest);
    fs::remove_file(case.corpus().join("b.txt")).unwrap();
    let pruning = Options { prune: true, ..case.options.clone() };
    let pruned = ingest(&case.index(), &[linked], &pruning, &AtomicBool::new(false), &mut ()).unwrap();
    check(pruned, [0, 0, 0, 1]);
    let index = case.open();
    assert!(index.ids(9).unwrap().iter().all(|id| id.starts_with("corpus/")));
}

#[test]
fn what_cannot_be_read_is_told_each_time() {
    let case = Case::new(&[("a.txt", "One."), ("b.jsonl", "{\"text\":\"Two.\"}\n{broken\n{\"text\":\"Three.\"}\n")]);
    assert_eq!(case.run().skipped, 1);
    for name in ["a.txt", "b.jsonl"] {
        age(&case.corpus().join(name));
    }
    for _ in 0..2 {
        let again = case.run();
        assert_eq!((again.skipped, again.files_unchanged), (1, 2));
    }
    assert_eq!(case.texts(), ["One.", "Three.", "Two."]);
}

#[test]
fn a_dry_run_tells_what_would_be_done() {
    let mut case = Case::new(&[("a.txt", "One.")]);
    case.options.dry_run = true;
    check(case.run(), [1, 0, 0, 0]);
    assert!(matches!(Index::open(&case.index()), Err(index::Error::Missing(_))));
}

#[test]
fn a_stopped_run_is_made_up_by_the_next() {
    let case = Case::new(&[("a.txt", "One."), ("b.txt", "Two.")]);
    let stopped = ingest(&case.index(), &[case.corpus()], &case.options, &AtomicBool::new(true), &mut ()).unwrap();
    assert!(stopped.stopped);
    check(case.run(), [2, 0, 0, 0]);
}

#[test]
fn the_digest_does_not_depend_on_the_way() {
    let one = Case::new(&[("a.txt", "One."), ("b.txt", "Two."), ("c.txt", "Three.")]);
    one.run();
    let two = one.folder.path().join("two");
    let progress: &mut dyn Progress = &mut ();
    for name in ["c.txt", "a.txt", "b.txt"] {
        let path = one.corpus().join(name);
        ingest(&two, &[path], &one.options, &AtomicBool::new(false), progress).unwrap();
    }
    assert_eq!(one.digest(), Index::open(&two).unwrap().state().digest);
}

/// The articles of each group, and the passages by article and paragraph, in an order of their own.
fn groups(index: &Path) -> Vec<Vec<String>> {
    let index = Index::open(index).unwrap();
    let hierarchies = Hierarchies::new(&index);
    let mut groups: std::collections::BTreeMap<u64, Vec<String>> = std::collections::BTreeMap::new();
    for (segment, reader) in (0..).zip(index.searcher().segment_readers()) {
        let blocks = hierarchies.of(reader).unwrap();
        for doc in reader.doc_ids_alive().filter(|&doc| blocks.level(doc) == schema::Level::Article) {
            let path = index.meta(tantivy::DocAddress::new(segment, doc)).unwrap().path;
            let name = Path::new(&path).file_stem().unwrap().to_string_lossy().into_owned();
            for passage in blocks.below(doc, schema::Level::Passage) {
                groups.entry(blocks.group(passage)).or_default().push(format!("{name}:{}", blocks.ordinal(passage)));
            }
            groups.entry(blocks.group(doc)).or_default().push(name);
        }
    }
    let mut groups: Vec<Vec<String>> = groups.into_values().collect();
    for group in &mut groups {
        group.sort();
    }
    groups.sort();
    groups
}

#[test]
fn copies_are_grouped_within_a_run_and_across_runs() {
    let wire = "The harbour of Sarn stays shut until the spring, its council decided late on Tuesday evening.\n\n\
                Pilots had warned for months that the eastern quay would not bear another winter of heavy freight.\n\n\
                Repairs are expected to cost eleven million crowns and to take at least nine weeks.";
    let case = Case::new(&[("a.txt", wire), ("b.txt", &wire.replace("Tuesday evening", "Wednesday"))]);
    case.write("z.txt", "Rain fell on the hills of Wexcombe all of Sunday, and the fair was moved into the town hall, where a band played until midnight and the mayor danced.");
    case.run();
    case.write("c.txt", &wire.replace("eleven million", "twelve million").replace("nine weeks", "ten weeks or so"));
    case.run();
    let expect = [
        &["a", "b", "c"][..],
        &["a:0", "b:0", "c:0"],
        &["a:1", "b:1", "c:1"],
        &["a:2", "b:2", "c:2"],
        &["z"],
        &["z:0"],
    ];
    assert_eq!(groups(&case.index()), expect);
}

#[test]
fn groups_do_not_depend_on_threads_order_or_history() {
    // A chain: each text shares most with the next, and the ends share nothing.
    let line = |n: usize| {
        format!("Pier {n} of the harbour at Sarn{n} takes berth{n} with crane{n} for freight{n} and tug{n}.")
    };
    let text = |n: usize| (n..n + 5).map(line).collect::<Vec<_>>().join("\n\n");
    let mut case = Case::new(&[]);
    for n in 0..60 {
        case.write(&format!("{:02}.txt", n * 7 % 60), &text(n));
    }
    case.options.threads = 4;
    case.run();
    let expect = groups(&case.index());
    assert!(expect.len() < 200 && expect.iter().any(|group| group.len() == 60), "{expect:?}");
    let (stop, none) = (AtomicBool::new(false), &mut ());
    for run in 0..8 {
        let index = case.folder.path().join(format!("index{run}"));
        let paths: Vec<PathBuf> =
            (0..60).map(|n| case.corpus().join(format!("{:02}.txt", n * (2 * run + 1) % 60))).collect();
        // In one step, or in two and with an article that is gone at the end.
        let gone = case.corpus().join("gone.txt");
        if run % 2 == 1 {
            fs::write(&gone, format!("{}\n\n{}", line(3), line(30))).unwrap();
            let first = [&paths[..20], std::slice::from_ref(&gone)].concat();
            ingest(&index, &first, &case.options, &stop, none).unwrap();
            fs::remove_file(&gone).unwrap();
        }
        let options = Options { prune: true, ..case.options.clone() };
        ingest(&index, &[case.corpus()], &options, &stop, none).unwrap();
        assert_eq!(groups(&index), expect, "run {run}");
        assert_eq!(Index::open(&index).unwrap().state().digest, case.digest());
    }
}

#[test]
fn an_article_that_would_take_too_much_memory_is_left_out_with_its_limit() {
    let mut case = Case::new(&[("few.txt", &"a, ".repeat(40)), ("many.txt", &"a, ".repeat(60))]);
    case.options.reading.bounds.parts = 100;
    let summary = case.run();
    check(summary, [1, 0, 0, 0]);
    assert_eq!(summary.skipped, 1);
}

#[test]
fn a_batch_may_need_all_permits() {
    let text = "a,\n\n".repeat(BATCHES_PER_WORKER * 33_000);
    let mut case = Case::new(&[("a.txt", &text), ("b.txt", &text), ("c.txt", "Rain fell.")]);
    (case.options.threads, case.options.dry_run) = (1, true);
    check(case.run(), [3, 0, 0, 0]);
}

#[test]
fn a_stopped_rebuild_keeps_what_has_no_source_any_more() {
    let mut case = Case::new(&[("a.txt", "One."), ("b.txt", "Two.")]);
    case.run();
    fs::remove_file(case.corpus().join("b.txt")).unwrap();
    case.options.rebuild = true;
    let stopped = ingest(&case.index(), &[case.corpus()], &case.options, &AtomicBool::new(true), &mut ()).unwrap();
    assert!(stopped.kept && stopped.articles == 2, "{stopped:?}");
    assert_eq!(case.texts(), ["One.", "Two."]);
}
