//! What an ingest does to an index, run after run.

use std::fs;
use std::path::Path;

use super::*;
use crate::index::block::Blocks;
use crate::index::{schema, verify};

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
        let watch: &mut dyn Watch = &mut ();
        ingest(&self.index(), &[self.corpus()], &self.options, &AtomicBool::new(false), watch).unwrap()
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
    let files = fs::read_dir(case.index()).unwrap().map(|entry| entry.unwrap().path());
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
    assert!(index.ids(9).unwrap().iter().all(|id| id.contains("/corpus/") && !id.contains("..")));
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
    let two = Case { folder: tempfile::tempdir().unwrap(), options: one.options.clone() };
    let watch: &mut dyn Watch = &mut ();
    for name in ["c.txt", "a.txt", "b.txt"] {
        let path = one.corpus().join(name);
        ingest(&two.index(), &[path], &two.options, &AtomicBool::new(false), watch).unwrap();
    }
    assert_eq!(one.digest(), two.digest());
}

impl Case {
    fn verify(&self) -> Vec<verify::Finding> {
        let mut findings = Vec::new();
        verify::verify(&self.index(), &mut |finding| findings.push(finding)).unwrap();
        findings
    }

    fn repair(&self) -> Summary {
        repair(&self.index(), &self.verify(), &self.options, &AtomicBool::new(false), &mut ()).unwrap()
    }

    /// Changes a byte in the middle of the largest file of the index of this kind.
    fn damage(&self, kind: &str) {
        let files = fs::read_dir(self.index()).unwrap().map(|entry| entry.unwrap().path());
        let of_kind = files.filter(|path| path.extension().is_some_and(|end| end == kind));
        let file = of_kind.max_by_key(|path| path.metadata().unwrap().len()).unwrap();
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        fs::write(&file, bytes).unwrap();
    }
}

#[test]
fn a_whole_index_verifies() {
    let case = Case::new(&[("a.txt", "“No deal,” Ada Ray said.\n\n“Never,” said Ben Lu."), ("b.txt", "Rain fell.")]);
    case.run();
    assert_eq!(case.verify(), []);
}

#[test]
fn sources_that_changed_or_went_are_told() {
    let case = Case::new(&[("a.txt", "One."), ("b.txt", "Two."), ("c.txt", "Three.")]);
    case.run();
    case.write("a.txt", "Once.");
    fs::remove_file(case.corpus().join("b.txt")).unwrap();
    let mut told: Vec<String> = case.verify().into_iter().map(|finding| finding.what.to_string()).collect();
    told.sort();
    assert_eq!(told, [verify::Trouble::Changed.to_string(), verify::Trouble::Gone.to_string()]);
    case.repair();
    assert_eq!(case.texts(), ["Once.", "Three.", "Two."]);
}

#[test]
fn damaged_files_are_told_and_mended() {
    for kind in ["store", "idx", "fast", "term"] {
        let case = Case::new(&[("a.txt", "“No deal,” Ada Ray said."), ("b.txt", "Rain fell.")]);
        case.run();
        let digest = case.digest();
        case.damage(kind);
        let findings = case.verify();
        assert!(
            matches!(&findings[..], [verify::Finding { place: None, what: verify::Trouble::File(file) }] if file.ends_with(kind))
        );
        assert_eq!(case.repair().added, 2);
        assert_eq!(case.verify(), []);
        assert_eq!(case.digest(), digest);
    }
}

#[test]
fn missing_articles_are_told_and_mended() {
    let case = Case::new(&[("a.txt", "One."), ("b.txt", "Two.")]);
    case.run();
    let digest = case.digest();
    // An article that the manifest knows and the index does not hold.
    let mut writer = Writer::open(&case.index(), Settings { threads: 1, memory: 0, wait: false }).unwrap();
    let manifest = writer.manifest();
    let (key, entry) = manifest.read().articles().map(|(key, entry)| (key, *entry)).next().unwrap();
    writer.remove(key).unwrap();
    manifest.write().put(key, entry);
    writer.commit().unwrap();
    drop(writer);
    assert!(matches!(&case.verify()[..], [verify::Finding { what: verify::Trouble::Article(_), .. }]));
    assert_eq!(case.repair().added, 1);
    assert_eq!(case.verify(), []);
    assert_eq!(case.digest(), digest);
}

#[test]
fn an_index_of_another_version_says_how_to_rebuild() {
    let case = Case::new(&[("a.txt", "One.")]);
    case.run();
    let meta = case.index().join("meta.json");
    let old = fs::read_to_string(&meta).unwrap().replace("\\\"onrecord\\\":", "\\\"onrecord\\\":90");
    fs::write(&meta, old).unwrap();
    let error = Index::open(&case.index()).err().unwrap().to_string();
    assert!(error.contains("has format 90") && error.contains("rm -r") && error.contains("ingest PATH"), "{error}");
    fs::write(&meta, "{\"segments\":[").unwrap();
    let error = Index::open(&case.index()).err().unwrap().to_string();
    assert!(error.contains("is damaged (its meta.json"), "{error}");
}

/// Groups of the articles and of their passages, in the order of the files.
fn groups(case: &Case) -> Vec<(u64, Vec<u64>)> {
    let index = case.open();
    let mut found = Vec::new();
    for (segment, reader) in (0..).zip(index.searcher().segment_readers()) {
        let blocks = Blocks::open(reader).unwrap();
        let groups = reader.fast_fields().u64("group").unwrap();
        for doc in reader.doc_ids_alive().filter(|&doc| blocks.level(doc) == schema::Level::Article) {
            let path = index.meta(tantivy::DocAddress::new(segment, doc)).unwrap().path;
            let passages = blocks.below(doc, schema::Level::Passage).map(|doc| groups.first(doc).unwrap()).collect();
            found.push((path, groups.first(doc).unwrap(), passages));
        }
    }
    found.sort();
    found.into_iter().map(|(_, group, passages)| (group, passages)).collect()
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
    let groups = groups(&case);
    let [a, b, c, z] = &groups[..] else { panic!("{groups:?}") };
    assert_eq!((b, c), (a, a));
    assert_ne!(z.0, a.0);
}

/// Two articles as JSON lines, compressed.
fn two_compressed() -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    for (id, text) in [("one", "The harbour opens."), ("two", "The mayor left early, and nobody saw him leave.")] {
        writeln!(packed, "{}", serde_json::json!({"id": id, "text": text.repeat(20)})).unwrap();
    }
    packed.finish().unwrap()
}

#[test]
fn a_file_that_breaks_off_loses_nothing_that_was_read_before() {
    let case = Case::new(&[]);
    let whole = two_compressed();
    fs::write(case.corpus().join("a.jsonl.gz"), &whole).unwrap();
    check(case.run(), [2, 0, 0, 0]);
    let digest = case.digest();
    fs::write(case.corpus().join("a.jsonl.gz"), &whole[..whole.len() - 12]).unwrap();
    let summary = case.run();
    assert_eq!((summary.removed, summary.skipped, case.digest()), (0, 1, digest));
}

#[cfg(unix)]
#[test]
fn pruning_keeps_what_lies_behind_a_link_that_leads_nowhere_now() {
    let mut case = Case::new(&[("a.txt", "Rain fell."), ("b.txt", "Snow fell.")]);
    let (disk, mount) = (case.folder.path().join("disk"), case.corpus().join("mount"));
    fs::create_dir(&disk).unwrap();
    fs::write(disk.join("c.txt"), "Hail fell.").unwrap();
    std::os::unix::fs::symlink(&disk, &mount).unwrap();
    check(case.run(), [3, 0, 0, 0]);
    fs::rename(&disk, case.folder.path().join("away")).unwrap();
    fs::remove_file(case.corpus().join("b.txt")).unwrap();
    case.options.prune = true;
    let summary = case.run();
    assert_eq!((summary.removed, summary.skipped, case.texts().len()), (1, 1, 2), "{summary:?}");
}

#[cfg(unix)]
#[test]
fn what_was_forbidden_is_read_once_it_is_allowed() {
    use std::os::unix::fs::PermissionsExt;
    let case = Case::new(&[("a.txt", "Rain fell.")]);
    let path = case.corpus().join("a.txt");
    age(&path);
    let allow = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    allow(0o000);
    if fs::read(&path).is_ok() {
        eprintln!("not tested: this user may read everything");
        return;
    }
    assert_eq!(case.run().skipped, 1);
    allow(0o644);
    check(case.run(), [1, 0, 0, 0]);
}

#[test]
fn a_file_that_grows_while_it_is_read_is_told_and_read_again() {
    /// Appends to the file once the first of its articles has arrived.
    struct Writer(PathBuf, Vec<String>);

    impl Watch for Writer {
        fn input(&mut self, input: &Input) {
            if self.1.is_empty() {
                let mut file = fs::File::options().append(true).open(&self.0).unwrap();
                std::io::Write::write_all(&mut file, b"{\"id\": \"late\", \"text\": \"Rain fell.\"}\n").unwrap();
                self.1.push("written".to_owned());
            }
            if let Fate::Skipped(reason) = &input.fate {
                self.1.push(reason.clone());
            }
        }
    }

    let case = Case::new(&[]);
    let path = case.corpus().join("a.jsonl");
    // More than can be on its way between the threads at once.
    let text = "Rain fell. ".repeat(2_000);
    let lines: Vec<String> =
        (0..600).map(|id| serde_json::json!({"id": id, "text": text}).to_string() + "\n").collect();
    fs::write(&path, lines.concat()).unwrap();
    let options = Options { dry_run: true, ..case.options.clone() };
    let mut watch = Writer(path, Vec::new());
    ingest(&case.index(), &[case.corpus()], &options, &AtomicBool::new(false), &mut watch).unwrap();
    assert_eq!(watch.1, ["written", "changed or went away while it was read; ingest it again once it is at rest"]);
}
