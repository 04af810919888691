//! What was removed is gone: from every file of the index, and from every ingest to come.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail by panicking, as tests do")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use onrecord::engine::Engine;
use onrecord::index::removal::{put_on_list, take_out};
use onrecord::index::verify::verify;
use onrecord::index::{Index, Writer, WriterSettings, derived};
use onrecord::search::{Backend as _, Deadline, Request};
use onrecord::user::UserFiles;

/// Words and names of the two articles that are removed, and of no other.
const SECRETS: [&str; 6] = ["Quellborough", "Wilhelmina", "Dornbusch", "Aldebrant", "perchlorate", "Siegburgh"];

#[test]
fn no_file_holds_a_word_of_a_removed_article() {
    let case = Case::new();
    let digest = case.digest();
    let secrets: Vec<String> = case.secrets_in_files();
    assert!(!secrets.is_empty(), "names are there in plain before");
    let secret = case.corpus.join("secret.txt");
    let receipt = case.folder.path().join("receipt.json");
    let link = "https://example.org/Quellborough-perchlorate";
    let removed = case.run(&["remove", secret.to_str().unwrap(), link, "--receipt", receipt.to_str().unwrap()]);
    assert!(removed.status.success(), "{removed:?}");

    assert_eq!(case.secrets_in_files(), Vec::<String>::new());
    assert_eq!(case.secrets_in_answers(), Vec::<String>::new());
    let receipt: serde_json::Value = serde_json::from_slice(&fs::read(receipt).unwrap()).unwrap();
    assert_eq!(receipt["digest_before"], digest);
    assert_eq!(receipt["digest_after"], case.digest());
    assert_eq!(receipt["removed"].as_array().unwrap().len(), 2);
    assert!(receipt["check"]["words"].as_u64().unwrap() >= 6, "{receipt}");
    assert_eq!(receipt["check"]["found"], serde_json::json!([]));
    assert_eq!(receipt["copies_left"][0]["id"], "corpus/copy.txt");
    case.is_whole();
}

#[test]
fn a_removed_article_comes_back_only_if_it_is_let() {
    let case = Case::new();
    let digest = case.digest();
    let secret = case.corpus.join("secret.txt");
    let secret = secret.to_str().unwrap();
    assert!(case.run(&["remove", secret]).status.success());
    let without = case.digest();
    for flags in [&[][..], &["--prune"], &["--rebuild"]] {
        assert!(case.ingest(flags).status.success());
        assert_eq!(case.digest(), without, "{flags:?}");
        assert!(!case.secrets_in_files().contains(&"Dornbusch".to_owned()), "{flags:?}");
    }
    assert!(case.run(&["remove", "--allow", secret]).status.success());
    assert!(case.ingest(&[]).status.success());
    assert_eq!(case.digest(), digest);
    assert_eq!(case.run(&["remove", "--allow", secret]).status.code(), Some(2), "it is not on the list any more");
}

#[test]
fn a_removal_that_was_cut_short_is_ended() {
    let ids = ["corpus/secret.txt", "https://example.org/Quellborough-perchlorate"].map(str::to_owned);
    for ending in ["remove", "ingest", "compact", "verify"] {
        let case = Case::new();
        let dir = Path::new(&case.dir);
        put_on_list(&UserFiles::of(dir), &ids, true).unwrap();
        let settings = WriterSettings { threads: 1, memory: 0, wait: true };
        let mut writer = Writer::open(dir, settings).unwrap();
        take_out(&mut writer, &ids).unwrap();
        writer.commit().unwrap();
        drop(writer);
        assert_eq!(case.run(&["verify"]).status.code(), Some(3), "it says what is left");
        let ended = match ending {
            "remove" => case.run(&["remove", "--yes", &ids[0]]),
            "ingest" => case.ingest(&[]),
            "compact" => case.run(&["compact"]),
            _ => case.run(&["verify", "--repair"]),
        };
        assert!(ended.status.success(), "{ended:?}");
        assert_eq!(case.secrets_in_files(), Vec::<String>::new(), "{ending}");
        case.is_whole();
    }
}

#[test]
fn words_of_other_articles_are_no_leftovers() {
    let case = Case::new();
    for (kept, gone) in
        [("The governments fell.", "The government fell."), ("Müllerstein, O'Marwickson", "mullerstein omarwickson")]
    {
        fs::write(case.corpus.join("kept.txt"), kept).unwrap();
        fs::write(case.corpus.join("gone.txt"), gone).unwrap();
        assert!(case.ingest(&[]).status.success());
        let removed = case.run(&["remove", case.corpus.join("gone.txt").to_str().unwrap()]);
        assert!(removed.status.success(), "{removed:?}");
        assert!(case.run(&["remove", "--allow", "corpus/gone.txt"]).status.success());
    }
}

#[test]
fn what_was_removed_stays_away_when_its_file_moves() {
    let case = Case::new();
    let wire = case.corpus.join("wire.jsonl");
    fs::write(&wire, "{\"text\": \"Hail fell once.\"}\n{\"text\": \"Hail fell twice.\"}\n").unwrap();
    assert!(case.ingest(&[]).status.success());
    assert!(case.run(&["remove", "corpus/wire.jsonl!1"]).status.success());
    assert!(case.run(&["remove", case.corpus.join("secret.txt").to_str().unwrap()]).status.success());
    for (old, new) in [("wire.jsonl", "hail.jsonl"), ("secret.txt", "secrets.txt")] {
        let (old, new) = (case.corpus.join(old), case.corpus.join(new));
        fs::rename(&old, &new).unwrap();
        assert!(case.ingest(&["--moved", &format!("{}={}", old.display(), new.display())]).status.success());
    }
    for flags in [&[][..], &["--rebuild"]] {
        assert!(case.ingest(flags).status.success());
        assert_eq!(case.run(&["query", "hail"]).status.code(), Some(0));
        assert_eq!(case.run(&["query", "hail once"]).status.code(), Some(1));
        assert_eq!(case.run(&["query", "Dornbusch"]).status.code(), Some(1));
    }
}

#[test]
fn the_list_of_removed_articles_is_missed_however_it_went() {
    let case = Case::new();
    let secret = case.corpus.join("secret.txt");
    assert!(case.run(&["remove", secret.to_str().unwrap()]).status.success());
    assert!(case.run(&["remove", secret.to_str().unwrap()]).status.success(), "it was removed before");
    fs::remove_dir_all(case.dir.join("user")).unwrap();
    assert_eq!(case.run(&["verify"]).status.code(), Some(3));
    for flags in [&[][..], &["--rebuild"]] {
        let refused = case.ingest(flags);
        assert_eq!(refused.status.code(), Some(2), "{flags:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("it is missing"), "{refused:?}");
    }
    assert_eq!(case.run(&["query", "Dornbusch"]).status.code(), Some(1));
}

#[test]
fn what_did_not_move_is_not_taken_to_have_moved() {
    let case = Case::new();
    let digest = case.digest();
    let (corpus, parent) = (case.corpus.display(), case.folder.path().display());
    for moved in [format!("{corpus}={parent}/nowhere"), format!("{parent}={corpus}"), format!("{corpus}={parent}")] {
        assert_eq!(case.run(&["ingest", "--moved", &moved]).status.code(), Some(2), "{moved}");
    }
    assert_eq!(case.digest(), digest);
    case.is_whole();
}

#[test]
fn nothing_is_removed_without_the_receipt_that_was_asked_for() {
    let case = Case::new();
    let digest = case.digest();
    let secret = case.corpus.join("secret.txt");
    let nowhere = case.folder.path().join("none/receipt.json");
    let refused = case.run(&["remove", secret.to_str().unwrap(), "--receipt", nowhere.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert_eq!(case.digest(), digest);
}

#[test]
fn one_of_several_articles_of_a_file_comes_back() {
    let case = Case::new();
    let record = |n: u32| format!("{{\"url\": \"https://h.example/{n}\", \"text\": \"Hail fell {n} times.\"}}\n");
    fs::write(case.corpus.join("wire.jsonl"), record(1) + &record(2)).unwrap();
    assert!(case.ingest(&[]).status.success());
    let digest = case.digest();
    assert!(case.run(&["remove", "--yes", "https://h.example/1"]).status.success());
    assert!(case.ingest(&[]).status.success());
    assert_ne!(case.digest(), digest);
    assert!(case.run(&["remove", "--allow", "https://h.example/1"]).status.success());
    assert!(case.ingest(&[]).status.success());
    assert_eq!(case.digest(), digest);
}

#[test]
fn a_part_of_a_name_removes_nothing_and_many_articles_want_a_yes() {
    let case = Case::new();
    let digest = case.digest();
    let part = case.run(&["remove", "Quellborough"]);
    assert_eq!(part.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&part.stderr).contains("https://example.org/Quellborough-perchlorate"), "{part:?}");
    let query = case.run(&["remove", "--query", "harbour"]);
    assert_eq!(query.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&query.stderr).contains("--yes"), "{query:?}");
    let listed = case.run(&["remove", "--query", "perchlorate", "--dry-run"]);
    assert_eq!(String::from_utf8_lossy(&listed.stdout).lines().count(), 1, "{listed:?}");
    assert_eq!(case.digest(), digest);
    assert!(case.run(&["remove", "--query", "perchlorate", "--yes"]).status.success());
    assert_ne!(case.digest(), digest);
    case.is_whole();
}

#[test]
fn compacting_does_the_same_for_what_a_prune_left() {
    let case = Case::new();
    fs::remove_file(case.corpus.join("secret.txt")).unwrap();
    assert!(case.ingest(&["--prune"]).status.success());
    assert_eq!(case.run(&["query", "Dornbusch"]).status.code(), Some(1));
    assert!(case.secrets_in_files().contains(&"Dornbusch".to_owned()), "a prune leaves words in the files");
    assert!(case.run(&["compact"]).status.success());
    let left = case.secrets_in_files();
    assert!(!left.contains(&"Dornbusch".to_owned()) && !left.contains(&"Siegburgh".to_owned()), "{left:?}");
    case.is_whole();
}

struct Case {
    folder: tempfile::TempDir,
    dir: PathBuf,
    corpus: PathBuf,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let case = Case { dir: folder.path().join("index"), corpus: folder.path().join("corpus"), folder };
        fs::create_dir(&case.corpus).unwrap();
        for n in 0..30 {
            let text = format!(
                "The harbour of Port {n} stays shut, the report says.\n\n“Nobody asked us about pier {n},” Ada Ray said."
            );
            fs::write(case.corpus.join(format!("{n}.txt")), text).unwrap();
        }
        let story = "The inspector of the harbour read out all of the forty pages of the report on the flood in the \
                     old town, which names the owners of the warehouses, their insurers and the engineers who had \
                     warned of the water. “Nobody listened to the engineers,” ";
        let secret = format!("{story}Wilhelmina Dornbusch of Siegburgh said.");
        fs::write(case.corpus.join("secret.txt"), secret).unwrap();
        fs::write(case.corpus.join("copy.txt"), format!("{story}Ada Ray said.")).unwrap();
        let records = [
            serde_json::json!({"url": "https://example.org/Quellborough-perchlorate", "title": "Quellborough waits",
                "text": "“The perchlorate is gone,” Wilhelmina Aldebrant said at the harbour."}),
            serde_json::json!({"url": "https://example.org/open", "text": "Rain fell on the quay, Ben Lu said."}),
        ];
        let lines: String = records.iter().map(|record| record.to_string() + "\n").collect();
        fs::write(case.corpus.join("records.jsonl"), lines).unwrap();
        assert!(case.ingest(&[]).status.success());
        case
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_onrecord"));
        command.arg("--index").arg(&self.dir).args(args).output().unwrap()
    }

    fn ingest(&self, flags: &[&str]) -> Output {
        self.run(&[&["ingest", self.corpus.to_str().unwrap()], flags].concat())
    }

    fn digest(&self) -> String {
        Index::open(&self.dir).unwrap().state().digest.clone()
    }

    #[track_caller]
    fn is_whole(&self) {
        let mut findings = Vec::new();
        verify(&self.dir, &mut |finding| findings.push(finding.what)).unwrap();
        assert_eq!(findings, []);
    }

    /// The secrets in the bytes of any file of the index, and in what its store unpacks to.
    fn secrets_in_files(&self) -> Vec<String> {
        let mut bytes = Vec::new();
        let mut open = vec![self.dir.clone()];
        while let Some(folder) = open.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() { open.push(path) } else { bytes.extend(fs::read(path).unwrap()) }
            }
        }
        for segment in
            tantivy::Index::open_in_dir(derived(&self.dir)).unwrap().reader().unwrap().searcher().segment_readers()
        {
            let store = segment.get_store_reader(4).unwrap();
            for doc in 0..segment.max_doc() {
                bytes.extend_from_slice(&store.get_document_bytes(doc).unwrap());
            }
        }
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        SECRETS.iter().filter(|word| text.contains(&word.to_lowercase())).map(|word| (*word).to_owned()).collect()
    }

    /// The secrets that facets, suggestions or hits give.
    fn secrets_in_answers(&self) -> Vec<String> {
        let engine = Engine::open(&self.dir).unwrap();
        let mut said = String::new();
        for secret in SECRETS {
            let mistyped = format!("speaker:{}x", secret.to_lowercase());
            for query in [secret.to_lowercase(), mistyped] {
                let request = Request { query, limit: 100, ..Request::default() };
                let answer = engine.search(&request).unwrap();
                said.push_str(&serde_json::to_string(&(answer.hits, answer.warnings)).unwrap());
            }
        }
        for field in ["person", "organization", "place", "speaker"] {
            said.push_str(
                &serde_json::to_string(&engine.complete(field, "", 1000, &Deadline::none()).unwrap()).unwrap(),
            );
        }
        // Warnings repeat what was asked.
        SECRETS.iter().filter(|word| said.contains(**word)).map(|word| (*word).to_owned()).collect()
    }
}

#[test]
fn the_list_of_removed_articles_holds_no_words() {
    let case = Case::new();
    assert!(case.run(&["remove", "https://example.org/Quellborough-perchlorate"]).status.success());
    let list = fs::read_to_string(Path::new(&case.dir).join("user/removed.jsonl")).unwrap();
    assert!(!list.contains("Quellborough") && list.contains("\"article\""), "{list}");
}
