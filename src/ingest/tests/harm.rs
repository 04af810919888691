//! What befalls an index and its sources, and what an ingest makes of it.

use std::fs;

use super::*;
use crate::index::verify;

impl Case {
    pub(super) fn verify(&self) -> Vec<verify::Finding> {
        let mut findings = Vec::new();
        verify::verify(&self.index(), &mut |finding| findings.push(finding)).unwrap();
        findings
    }

    fn repair(&self) -> Summary {
        repair(&self.index(), &self.verify(), &self.options, &AtomicBool::new(false), &mut ()).unwrap()
    }

    /// Changes a byte in the middle of the largest file of the index of this kind.
    fn damage(&self, kind: &str) {
        let files = fs::read_dir(index::derived(&self.index())).unwrap().map(|entry| entry.unwrap().path());
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
    assert_eq!(told, [verify::Issue::Changed.to_string(), verify::Issue::Gone.to_string()]);
    case.repair();
    assert_eq!(case.texts(), ["Once.", "Three.", "Two."]);
}

#[test]
fn a_rebuild_waits_for_a_folder_that_is_not_there() {
    let case = Case::new(&[("a.txt", "One."), ("b.txt", "Two.")]);
    case.run();
    let (digest, elsewhere) = (case.digest(), case.corpus().with_extension("unmounted"));
    fs::rename(case.corpus(), &elsewhere).unwrap();
    let rebuild = |prune| {
        let options = Options { rebuild: true, prune, ..case.options.clone() };
        ingest(&case.index(), &[], &options, &AtomicBool::new(false), &mut ())
    };
    assert!(matches!(rebuild(false), Err(index::Error::Away(folder)) if folder.ends_with("corpus")));
    assert_eq!(case.digest(), digest);
    fs::rename(&elsewhere, case.corpus()).unwrap();
    assert_eq!(rebuild(false).unwrap().articles, 2);
    fs::rename(case.corpus(), &elsewhere).unwrap();
    assert_eq!(rebuild(true).unwrap().articles, 0);
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
            matches!(&findings[..], [verify::Finding { place: None, what: verify::Issue::File(told) }] if told.contains(kind))
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
    let mut writer = Writer::open(&case.index(), WriterSettings { threads: 1, memory: 0, wait: false }).unwrap();
    let manifest = writer.manifest();
    let (key, entry) = manifest.read().articles().map(|(key, entry)| (key, *entry)).next().unwrap();
    writer.remove(key).unwrap();
    manifest.write().put(key, entry, None);
    writer.commit().unwrap();
    drop(writer);
    assert!(matches!(&case.verify()[..], [verify::Finding { what: verify::Issue::Article(_), .. }]));
    assert_eq!(case.repair().added, 1);
    assert_eq!(case.verify(), []);
    assert_eq!(case.digest(), digest);
}

#[test]
fn an_index_of_another_version_says_how_to_rebuild() {
    let case = Case::new(&[("a.txt", "One.")]);
    case.run();
    let meta = index::derived(&case.index()).join("meta.json");
    index::change_version(&meta, 90);
    let error = Index::open(&case.index()).err().unwrap().to_string();
    assert!(error.contains("has format 90") && error.contains("ingest --rebuild"), "{error}");
    let refused = ingest(&case.index(), &[case.corpus()], &case.options, &AtomicBool::new(false), &mut ());
    assert!(matches!(refused, Err(index::Error::Version { found: 90, .. })), "a later format is left alone");
    index::change_version(&meta, 1);
    check(case.run(), [1, 0, 0, 0]);
    assert_eq!(case.verify(), []);
    fs::write(&meta, "{\"segments\":[").unwrap();
    let error = Index::open(&case.index()).err().unwrap().to_string();
    assert!(error.contains("is damaged (its file meta.json"), "{error}");
}

fn compressed(lines: &str) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(lines.as_bytes()).unwrap();
    packed.finish().unwrap()
}

/// Two articles as JSON lines, compressed.
fn two_compressed() -> Vec<u8> {
    let line = |id: &str, text: &str| serde_json::json!({"id": id, "text": text.repeat(20)}).to_string() + "\n";
    compressed(&(line("one", "The harbour opens.") + &line("two", "The mayor left early, and nobody saw him leave.")))
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

#[test]
fn a_rebuild_takes_over_what_cannot_be_read_now() {
    let case = Case::new(&[("b.txt", "Snow fell.")]);
    let (path, whole) = (case.corpus().join("a.jsonl.gz"), two_compressed());
    fs::write(&path, &whole).unwrap();
    check(case.run(), [3, 0, 0, 0]);
    let digest = case.digest();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let options = Options { rebuild: true, ..case.options.clone() };
    let summary = ingest(&case.index(), &[], &options, &AtomicBool::new(false), &mut ()).unwrap();
    assert_eq!((summary.articles, summary.skipped, case.digest()), (3, 2, digest.clone()));
    fs::write(&path, &whole).unwrap();
    case.run();
    assert_eq!((case.digest(), case.verify()), (digest, Vec::new()));
}

#[test]
fn a_rebuild_takes_over_nothing_that_was_removed_or_that_another_source_has() {
    let case = Case::new(&[]);
    let line = |link: &str, text: &str| serde_json::json!({"url": link, "text": text}).to_string() + "\n";
    let [one, two] = ["https://a.example/one", "https://a.example/two"];
    let packed =
        compressed(&(line(one, "The harbour opens.") + &line(two, "The mayor left early, and nobody saw him.")));
    fs::write(case.corpus().join("a.jsonl.gz"), &packed).unwrap();
    check(case.run(), [2, 0, 0, 0]);
    // A removal that was cut short: the list has the article, and the index still holds it.
    index::removal::put_on_list(&UserFiles::of(&case.index()), &[one.to_owned()], true).unwrap();
    case.write("b.jsonl", &line(two, "The mayor left early."));
    fs::write(case.corpus().join("a.jsonl.gz"), &packed[..12]).unwrap();
    let options = Options { rebuild: true, ..case.options.clone() };
    let summary = ingest(&case.index(), &[case.corpus()], &options, &AtomicBool::new(false), &mut ()).unwrap();
    // That the file is cut short is all there is to tell of it.
    assert_eq!((summary.articles, summary.skipped), (1, 1), "{summary:?}");
    assert_eq!(case.texts(), ["The mayor left early."]);
}

#[test]
fn the_table_of_a_database_is_not_gone() {
    let case = Case::new(&[]);
    let file = case.corpus().join("a.db");
    let database = rusqlite::Connection::open(&file).unwrap();
    database.execute_batch("create table news(id, text); insert into news values('1', 'Rain fell.');").unwrap();
    drop(database);
    let table = [PathBuf::from(format!("{}:news", file.display()))];
    let run = |paths: &[PathBuf], rebuild| {
        let options = Options { rebuild, ..case.options.clone() };
        ingest(&case.index(), paths, &options, &AtomicBool::new(false), &mut ()).unwrap()
    };
    assert_eq!(run(&table, false).articles, 1);
    assert!(!case.verify().iter().any(|finding| finding.what == verify::Issue::Gone), "{:?}", case.verify());
    let summary = run(&[], true);
    assert_eq!((summary.articles, summary.skipped), (1, 0));
    fs::remove_file(&file).unwrap();
    assert!(case.verify().iter().any(|finding| finding.what == verify::Issue::Gone));
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

    impl Progress for Writer {
        fn record(&mut self, input: &Input) {
            if self.1.is_empty() {
                let mut file = fs::File::options().append(true).open(&self.0).unwrap();
                std::io::Write::write_all(&mut file, b"{\"id\": \"late\", \"text\": \"Rain fell.\"}\n").unwrap();
                self.1.push("written".to_owned());
            }
            if let Outcome::Skipped(reason) = &input.outcome {
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
    let mut progress = Writer(path, Vec::new());
    ingest(&case.index(), &[case.corpus()], &options, &AtomicBool::new(false), &mut progress).unwrap();
    assert_eq!(progress.1, ["written", "changed while it was read; ingest it again when it no longer changes"]);
}

#[cfg(unix)]
#[test]
fn an_index_that_took_the_place_of_another_is_left_alone() {
    /// Moves the index away once the first article has arrived, and lets another ingest make one in its place.
    struct Mover<'a>(&'a Case, Option<String>);

    impl Progress for Mover<'_> {
        fn record(&mut self, _: &Input) {
            if self.1.is_none() {
                fs::rename(self.0.index(), self.0.folder.path().join("away")).unwrap();
                let alone = self.0.corpus().join("a.txt");
                ingest(&self.0.index(), &[alone], &self.0.options, &AtomicBool::new(false), &mut ()).unwrap();
                self.1 = Some(self.0.digest());
            }
        }
    }

    let case = Case::new(&[("a.txt", "One."), ("b.txt", "Two."), ("c.txt", "Three.")]);
    let mut mover = Mover(&case, None);
    let ended = ingest(&case.index(), &[case.corpus()], &case.options, &AtomicBool::new(false), &mut mover);
    assert!(matches!(ended, Err(index::Error::Replaced(dir)) if dir == case.index()));
    assert_eq!(mover.1, Some(case.digest()));
    assert_eq!(case.verify(), []);
    check(case.run(), [2, 0, 0, 0]);
}

#[test]
fn an_index_that_was_removed_while_it_was_written_is_made_anew_by_the_next_run() {
    /// Removes the index once the first article has arrived.
    struct Remover<'a>(&'a Case);

    impl Progress for Remover<'_> {
        fn record(&mut self, _: &Input) {
            // Where it is gone already, there is nothing to do.
            let _ = fs::remove_dir_all(self.0.index());
        }
    }

    let case = Case::new(&[("a.txt", "One."), ("b.txt", "Two."), ("c.txt", "Three.")]);
    let ended = ingest(&case.index(), &[case.corpus()], &case.options, &AtomicBool::new(false), &mut Remover(&case));
    let error = ended.unwrap_err();
    assert!(matches!(&error, index::Error::Replaced(dir) if *dir == case.index()), "{error}");
    check(case.run(), [3, 0, 0, 0]);
    assert_eq!(case.verify(), []);
}

#[test]
fn what_another_program_analysed_is_analysed_again_below_the_paths_given() {
    let case = Case::new(&[("a.txt", "One."), ("b.txt", "Two.")]);
    case.run();
    let digest = case.digest();
    let mut writer = Writer::open(&case.index(), WriterSettings { threads: 1, memory: 0, wait: false }).unwrap();
    let manifest = writer.manifest();
    let sources: Vec<_> = manifest.read().sources().map(|(id, source)| (id, source.clone())).collect();
    for (id, source) in sources {
        manifest.write().update_source(id, index::SourceEntry { analysis: 1, ..source });
    }
    writer.commit().unwrap();
    drop(writer);
    let stale = || case.open().manifest().unwrap().stale();
    assert_eq!(stale(), 2);
    let one = [case.corpus().join("a.txt")];
    let summary = ingest(&case.index(), &one, &case.options, &AtomicBool::new(false), &mut ()).unwrap();
    assert_eq!((summary.reanalysed, stale()), (1, 1));
    let summary = case.run();
    assert_eq!((summary.reanalysed, summary.files_unchanged, stale()), (1, 1, 0));
    assert_eq!((case.digest(), case.verify()), (digest, vec![]));
}
