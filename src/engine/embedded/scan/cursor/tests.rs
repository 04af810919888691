use std::collections::BTreeSet;

use proptest::prelude::*;
use tantivy::collector::DocSetCollector;
use tantivy::query::AllQuery;
use tantivy::schema::{IndexRecordOption, Schema, TEXT, Term};
use tantivy::{Index, Searcher, TantivyDocument};

use super::*;

/// One segment of texts of one-letter words; the words of term set `n` start with the `n`-th letter.
fn segment(texts: &[String]) -> Searcher {
    let mut schema = Schema::builder();
    let field = schema.add_text_field("text", TEXT);
    let index = Index::create_in_ram(schema.build());
    let mut writer = index.writer_with_num_threads(1, 20_000_000).unwrap();
    for text in texts {
        let mut document = TantivyDocument::default();
        document.add_text(field, text);
        writer.add_document(document).unwrap();
    }
    writer.commit().unwrap();
    let searcher = index.reader().unwrap().searcher();
    assert_eq!(searcher.search(&AllQuery, &DocSetCollector).unwrap().len(), texts.len());
    searcher
}

/// The words of a term set: more than are scanned side by side, for the last.
fn words(set: TermSet) -> Vec<String> {
    match set {
        3 => (0..30).map(|n| format!("d{n}")).collect(),
        set => ["", "s"].iter().map(|end| format!("{}{end}", char::from(b'a' + set as u8))).collect(),
    }
}

fn frequency(text: &str, set: TermSet) -> usize {
    let words = words(set);
    text.split(' ').filter(|word| words.iter().any(|own| own == word)).count()
}

fn holds(text: &str, prefilter: &Prefilter) -> bool {
    match prefilter {
        Prefilter::TermSet(set) => frequency(text, *set) > 0,
        Prefilter::All(parts) => parts.iter().all(|part| holds(text, part)),
        Prefilter::Any(parts) => parts.iter().any(|part| holds(text, part)),
        Prefilter::Every => true,
    }
}

/// How many documents an article has: most fit in a window, the last do not.
const LENGTHS: [u32; 4] = [1, 7, 100, 5000];

/// Scans by seeking as far on as `steps` say, and compares with a scan of the texts.
fn check(searcher: &Searcher, texts: &[String], prefilter: &Prefilter, steps: &[u32]) {
    let reader = searcher.segment_reader(0);
    let field = searcher.schema().get_field("text").unwrap();
    let index = reader.inverted_index(field).unwrap();
    let postings = |set| {
        let mut lists = Vec::new();
        for word in words(set) {
            lists
                .extend(index.read_block_postings(&Term::from_field_text(field, &word), IndexRecordOption::WithFreqs)?);
        }
        Ok(Lists { postings: lists, counted: true, written: None })
    };
    let (end, length) = (reader.max_doc(), LENGTHS[texts.len() % LENGTHS.len()]);
    let article = move |doc: u32| doc / length * length..((doc / length + 1) * length).min(end);
    let mut cursor = Cursor::open(prefilter, &postings, Box::new(article), end).unwrap();
    let expect: BTreeSet<u32> =
        (0..).zip(texts).filter(|(_, text)| holds(text, prefilter)).map(|(doc, _)| doc).collect();
    let mut target = 0;
    for step in steps.iter().cycle().take(texts.len() + 2) {
        let found = cursor.seek(target);
        assert_eq!(found, expect.range(target..).next().copied().unwrap_or(TERMINATED), "{prefilter:?} from {target}");
        assert_eq!(cursor.seek(target), found);
        if found == TERMINATED {
            break;
        }
        if let (Prefilter::TermSet(set), Some(text)) = (prefilter, texts.get(found as usize))
            && *set < 3
        {
            assert_eq!(cursor.frequency(*set, found) as usize, frequency(text, *set));
        }
        check_counts(&cursor, texts, prefilter, article(found));
        target = found + step;
    }
}

/// What the passages of an article hold of each term set that must be there.
#[track_caller]
fn check_counts(cursor: &Cursor, texts: &[String], prefilter: &Prefilter, article: Range<u32>) {
    let needed = match prefilter {
        Prefilter::TermSet(_) => std::slice::from_ref(prefilter),
        Prefilter::All(parts) => parts.as_slice(),
        Prefilter::Any(_) | Prefilter::Every => &[],
    };
    for part in needed {
        let Prefilter::TermSet(set @ 0..3) = part else { continue };
        let Some(counts) = cursor.counts(*set, article.clone()) else {
            assert!(article.len() > WINDOW as usize);
            continue;
        };
        let expect = article.clone().map(|doc| (doc, frequency(&texts[doc as usize], *set) as u32));
        assert!(counts.eq(expect.filter(|(_, count)| *count > 0)), "{prefilter:?} in {article:?}");
    }
}

fn needs() -> impl Strategy<Value = Prefilter> {
    let set = prop_oneof![5 => (0..4_usize).prop_map(Prefilter::TermSet), 1 => Just(Prefilter::Every)];
    set.prop_recursive(3, 12, 3, |inner| {
        let parts = prop::collection::vec(inner, 1..4);
        prop_oneof![parts.clone().prop_map(Prefilter::All), parts.prop_map(Prefilter::Any)]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Over several windows, with words from one in two documents to one in thousands.
    #[test]
    fn finds_what_a_scan_finds(
        seed in any::<u64>(),
        needs in prop::collection::vec(needs(), 24),
        steps in prop::collection::vec(prop_oneof![9 => 1..3_u32, 1 => 1..6000_u32], 1..50),
    ) {
        let mut state = seed | 1;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let rare = [2, 40, 3000, 50];
        let texts: Vec<String> = (0..14_000 + seed % 4)
            .map(|_| {
                let mut text = vec!["x".to_owned()];
                for (set, rare) in rare.iter().enumerate() {
                    for _ in 0..3 {
                        let words = words(set);
                        if random() % rare == 0 {
                            text.extend(words.get(random() as usize % words.len()).cloned());
                        }
                    }
                }
                text.join(" ")
            })
            .collect();
        let searcher = segment(&texts);
        for prefilter in &needs {
            check(&searcher, &texts, prefilter, &steps);
        }
    }
}
