//! The file of near-duplicates: which articles are linked, and which of their parts stand for each other.
//!
//! Its name holds a hash of the numbers of all articles, so that a writer knows whether it is current. Between the commits of
//! one run it is that of the run before: what came since is in no group yet but that of its own words.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::thread;

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Term};
use xxhash_rust::xxh3::xxh3_64;

use super::forest::{DisjointSets, Sketched, forest};
use super::{DedupUnit, align};
use crate::index::checksums::{self, write_atomically};
use crate::index::codec::{DecodeError, Decoder, Encoder};
use crate::index::document_builder::dedup_units;
use crate::index::layout;
use crate::index::manifest::{seal, unseal};
use crate::index::{Error, Index, Manifest};

/// How the names of the file begin.
const PREFIX: &str = "duplicates-";
/// Pairs that are compared at once: the parts of so many articles are in memory.
const COMPARED: usize = 200;
/// First bytes of the file; the digit is the version of its format.
const MAGIC: [u8; 8] = *b"onrdupl1";

/// Two near-duplicate articles.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pair {
    /// Their numbers, the one whose parts were looked up in the other last.
    articles: (u64, u64),
    /// Groups of parts, by their words, that stand for each other.
    units: Vec<(u64, u64)>,
}

/// The groups of near-duplicates of an index: read on first use.
#[derive(Debug, Clone, Default)]
pub struct DuplicateGroups(Arc<Lazy>);

#[derive(Debug, Default)]
struct Lazy {
    folder: PathBuf,
    groups: OnceLock<FxHashMap<u64, u64>>,
}

impl DuplicateGroups {
    /// Those of the half of an index in `folder`.
    pub(in crate::index) fn of_folder(folder: &Path) -> Self {
        DuplicateGroups(Arc::new(Lazy { folder: folder.to_owned(), groups: OnceLock::new() }))
    }

    /// Those that a file says which [`update`] made; none if it is damaged.
    pub(in crate::index) fn parse(file: &[u8]) -> Option<Self> {
        let groups = united(&read(file)?).into();
        Some(DuplicateGroups(Arc::new(Lazy { folder: PathBuf::new(), groups })))
    }

    /// These groups by words alone, and all that are one with any of them.
    pub fn united_with(&self, by_words: &FxHashSet<u64>) -> Vec<u64> {
        let own: FxHashSet<u64> = by_words.iter().map(|&group| self.of(group)).collect();
        let others = self.0.groups.get().into_iter().flatten();
        let others = others.filter(|(other, group)| own.contains(group) && !by_words.contains(other));
        by_words.iter().copied().chain(others.map(|(&other, _)| other)).collect()
    }

    /// The group of a document that is in group `by_words` by its words alone, or by its article's number.
    pub fn of(&self, by_words: u64) -> u64 {
        let groups = self.0.groups.get_or_init(|| united(&read(&present(&self.0.folder)).unwrap_or_default()));
        groups.get(&by_words).copied().unwrap_or(by_words)
    }
}

/// For each group that is linked to another, the least of all that it is linked to.
fn united(pairs: &[Pair]) -> FxHashMap<u64, u64> {
    let links = || pairs.iter().flat_map(|pair| pair.units.iter().chain([&pair.articles]));
    let mut groups: Vec<u64> = links().flat_map(|&(a, b)| [a, b]).collect();
    groups.sort_unstable();
    groups.dedup();
    let place = |group: u64| groups.partition_point(|&other| other < group) as u32;
    let mut sets = DisjointSets::new(groups.len());
    for &(a, b) in links() {
        sets.unite(place(a), place(b));
    }
    let least = |at: u32| groups.get(at as usize).copied();
    (0..).zip(&groups).filter_map(|(at, &group)| Some((group, least(sets.root(at))?))).collect()
}

/// The latest file in `folder`; empty if it has none.
fn present(folder: &Path) -> Vec<u8> {
    let names = layout::files(folder).unwrap_or_default();
    let mut files = names.iter().filter(|name| name.starts_with(PREFIX));
    files.find_map(|name| fs::read(folder.join(name)).ok().filter(|file| unseal(file).is_some())).unwrap_or_default()
}

/// The name of the file over all articles of a manifest.
pub(crate) fn name(manifest: &Manifest) -> String {
    let numbers = manifest.articles().map(|(_, entry)| xxh3_64(&entry.number.to_le_bytes()));
    format!("{PREFIX}{:016x}", numbers.fold(0, u64::wrapping_add))
}

/// Writes the file of the half in `folder` unless it is current, and lists it with the files of the commit. Only the holder of
/// the writer's lock may call it.
pub(in crate::index) fn save(dir: &Path, folder: &Path, manifest: &Manifest, threads: usize) -> Result<(), Error> {
    let failed = |source| Error::io(dir, source);
    let name = name(manifest);
    let known = fs::read(folder.join(&name)).ok().filter(|bytes| unseal(bytes).is_some());
    let bytes = if let Some(bytes) = known {
        bytes
    } else {
        let articles = manifest
            .sketches(folder)
            .map_err(|error| Error::Damaged { dir: dir.to_owned(), what: error.to_string() })?;
        let bytes = update(&present(folder), articles, threads, |numbers| {
            let index = Index::open_in(dir, folder)?;
            numbers.iter().map(|&number| units_of(&index, number)).collect()
        })?;
        write_atomically(&folder.join(&name), &bytes).map_err(failed)?;
        bytes
    };
    checksums::list_one(folder, PREFIX, &name, &bytes).map_err(failed)
}

/// The file over these articles. What linked ones have in common is as the file before says, or as their parts do: `units_of`
/// reads those of the articles of some numbers, in order.
pub(crate) fn update<F>(
    before: &[u8],
    mut articles: Vec<Sketched>,
    threads: usize,
    units_of: F,
) -> Result<Vec<u8>, Error>
where
    F: Fn(&[u64]) -> Result<Vec<Vec<DedupUnit>>, Error> + Sync,
{
    let before = read(before).unwrap_or_default().into_iter();
    let before: FxHashMap<(u64, u64), Vec<(u64, u64)>> = before.map(|pair| (pair.articles, pair.units)).collect();
    let links = forest(&mut articles, threads);
    let number = |at: u32| articles.get(at as usize).map_or(0, |article| article.number);
    let mut pairs: Vec<Pair> = Vec::new();
    let mut new: Vec<Pair> = Vec::new();
    for &(a, b) in &links {
        let articles = (number(a), number(b));
        match before.get(&articles) {
            Some(units) => pairs.push(Pair { articles, units: units.clone() }),
            None => new.push(Pair { articles, units: Vec::new() }),
        }
    }
    let compare = |pairs: &mut [Pair]| {
        let mut numbers: Vec<u64> = pairs.iter().flat_map(|pair| [pair.articles.0, pair.articles.1]).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let units: FxHashMap<u64, Vec<DedupUnit>> = numbers.iter().copied().zip(units_of(&numbers)?).collect();
        let of = |number| units.get(&number).map(Vec::as_slice).unwrap_or_default();
        for pair in pairs {
            let (original, copy) = pair.articles;
            pair.units = align(of(copy), of(original));
        }
        Ok(())
    };
    let share = new.len().div_ceil(threads.max(1)).max(1);
    thread::scope(|scope| {
        let compare = |pairs: &mut [Pair]| pairs.chunks_mut(COMPARED).try_for_each(compare);
        let threads: Vec<_> = new.chunks_mut(share).map(|share| scope.spawn(move || compare(share))).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err(Error::io(Path::new("."), io::Error::other("a thread panicked"))))
        })
    })?;
    pairs.append(&mut new);
    Ok(encode(&pairs))
}

/// The parts of the article of this number.
fn units_of(index: &Index, number: u64) -> Result<Vec<DedupUnit>, Error> {
    let term = Term::from_field_u64(index.fields().number, number);
    let query = TermQuery::new(term, IndexRecordOption::Basic);
    let found =
        index.searcher().search(&query, &DocSetCollector).map_err(|error| Error::tantivy(index.dir(), error))?;
    let article = found.into_iter().min().map(|at| index.article_as_stored(at)).transpose()?;
    Ok(article.map(|article| dedup_units(&article)).unwrap_or_default())
}

fn encode(pairs: &[Pair]) -> Vec<u8> {
    let mut out = Encoder::default();
    out.fixed(&MAGIC);
    let pair = |out: &mut Encoder, (a, b): &(u64, u64)| {
        out.number(*a);
        out.number(*b);
    };
    out.list(pairs, |out, Pair { articles, units }| {
        pair(out, articles);
        out.list(units, pair);
    });
    seal(&mut out.bytes);
    out.bytes
}

/// The pairs of a file; none if it is damaged.
fn read(file: &[u8]) -> Option<Vec<Pair>> {
    decode(unseal(file)?).ok()
}

fn decode(bytes: &[u8]) -> Result<Vec<Pair>, DecodeError> {
    let mut from = Decoder::new(bytes);
    if from.fixed::<8>()? != MAGIC {
        return Err(from.damaged());
    }
    let pair = |from: &mut Decoder| Ok((from.number()?, from.number()?));
    from.list(|from| Ok(Pair { articles: pair(from)?, units: from.list(pair)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_file_is_read_back_and_a_damaged_one_is_not() {
        let pairs = [
            Pair { articles: (3, 9), units: vec![(1 << 39, 7), (7, 8)] },
            Pair { articles: (9, 200), units: Vec::new() },
        ];
        let bytes = encode(&pairs);
        assert_eq!(decode(unseal(&bytes).unwrap()).unwrap(), pairs);
        for at in 0..bytes.len() {
            assert_eq!(unseal(&bytes[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn chains_of_groups_are_one() {
        let chain: Vec<Pair> =
            (0..1000).rev().map(|n| Pair { articles: (n, n + 1), units: vec![(5000, 5001)] }).collect();
        let groups = united(&chain);
        assert!((0..=1000).all(|n| groups[&n] == 0));
        assert_eq!((groups[&5000], groups[&5001], groups.get(&5002)), (5000, 5000, None));
    }
}
