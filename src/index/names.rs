//! The names of an index grouped into entities: computed when a writer finishes, so that queries need not.
//!
//! The file is a cache. It names the segments and rules it was made from and ends in a checksum; if it is missing, stale or
//! damaged, the names are grouped anew from the facets. It does not depend on the user's aliases.

use std::fs;
use std::path::Path;

use tantivy::Searcher;
use xxhash_rust::xxh3::Xxh3;

use super::checksums::{self, write_atomically};
use super::codec::{DecodeError, Decoder, Encoder};
use super::manifest::{seal, unseal};
use super::schema::FacetKind;
use super::{Error, Index};
use crate::entity::{EntityKind, Group, Member, Merged, Why};

/// How the names of the file begin.
pub(super) const PREFIX: &str = "names-";

/// First bytes of the file; the digit is the version of its format.
const MAGIC: [u8; 8] = *b"onrname1";

/// Facets that hold names.
pub(super) const NAMED: [(FacetKind, EntityKind); 3] = [
    (FacetKind::Person, EntityKind::Person),
    (FacetKind::Organization, EntityKind::Organization),
    (FacetKind::Place, EntityKind::Place),
];

impl Index {
    /// All names, grouped into entities. Takes milliseconds if the cache is current.
    pub fn names(&self) -> Result<Merged, Error> {
        if let Some(corpus) = self.corpus() {
            return Ok(corpus.names());
        }
        if let Some(merged) = read(self.folder(), stamp(self.searcher())) {
            return Ok(merged);
        }
        self.group_names()
    }

    /// Calls `each` with every value of a facet and the number of its documents, segment by segment.
    pub fn values(&self, facet: FacetKind, mut each: impl FnMut(&str, u64)) -> Result<(), Error> {
        if let Some(corpus) = self.corpus() {
            corpus.values(facet, each);
            return Ok(());
        }
        let failed = |error| Error::tantivy(self.dir(), error);
        let start = format!("{}\0", facet.name());
        let end = format!("{}\u{1}", facet.name());
        for segment in self.searcher().segment_readers() {
            let index = segment.inverted_index(self.fields().facet).map_err(failed)?;
            let range = index.terms().range().ge(&start).lt(&end);
            let mut terms = range.into_stream().map_err(|error| failed(error.into()))?;
            while terms.advance() {
                let name = terms.key().get(start.len()..).and_then(|name| std::str::from_utf8(name).ok());
                if let Some(name) = name {
                    each(name, u64::from(terms.value().doc_freq));
                }
            }
        }
        Ok(())
    }

    fn group_names(&self) -> Result<Merged, Error> {
        let mut names = NameCounts::default();
        for facet in FacetKind::NAMES {
            self.values(facet, |value, count| names.add(facet, value, count))?;
        }
        Ok(names.group())
    }
}

/// Names, each with its kind and its number of documents.
#[derive(Debug, Default)]
pub(super) struct NameCounts {
    sure: Vec<(EntityKind, String, u64)>,
    doubtful: Vec<(EntityKind, String, u64)>,
}

impl NameCounts {
    /// Adds a value of a facet of [`FacetKind::NAMES`].
    pub(super) fn add(&mut self, facet: FacetKind, value: &str, count: u64) {
        let of = |facet: &str| NAMED.iter().find(|(named, _)| named.name() == facet).map(|(_, kind)| *kind);
        match value.split_once('\0') {
            Some((seeming, name)) => self.doubtful.extend(of(seeming).map(|kind| (kind, name.to_owned(), count))),
            None => self.sure.extend(of(facet.name()).map(|kind| (kind, value.to_owned(), count))),
        }
    }

    /// Groups them.
    pub(super) fn group(&self) -> Merged {
        let often = Merged::often(self.doubtful.iter().map(|(kind, name, count)| (*kind, name.as_str(), *count)));
        Merged::of(self.sure.iter().map(|(kind, name, count)| (*kind, name.as_str(), *count)).chain(often))
    }
}

/// Writes the cache of the half in `folder` unless it is current, and lists it with the files of the commit. Only the
/// holder of the writer's lock may call it.
pub(super) fn save(dir: &Path, folder: &Path) -> Result<(), Error> {
    let index = Index::open_in(dir, folder)?;
    let stamp = stamp(index.searcher());
    let name = name_of(stamp);
    let known = fs::read(folder.join(&name)).ok().filter(|bytes| parse(bytes, stamp).is_some());
    let bytes = if let Some(bytes) = known {
        bytes
    } else {
        let bytes = encode(&index.group_names()?, stamp);
        write_atomically(&folder.join(&name), &bytes).map_err(|source| Error::io(dir, source))?;
        bytes
    };
    checksums::list_one(folder, PREFIX, &name, &bytes).map_err(|source| Error::io(dir, source))
}

/// The name of the file with this stamp: a file is never changed, so that readers of an earlier commit find theirs.
fn name_of(stamp: u64) -> String {
    format!("{PREFIX}{stamp:016x}")
}

/// Identifies the input: the segments, which are immutable, and the rules.
fn stamp(searcher: &Searcher) -> u64 {
    let mut segments: Vec<String> = searcher.segment_readers().iter().map(|s| s.segment_id().uuid_string()).collect();
    segments.sort_unstable();
    let mut hash = Xxh3::with_seed(Merged::RULES);
    for segment in segments {
        hash.update(segment.as_bytes());
    }
    hash.digest()
}

pub(super) fn encode(merged: &Merged, stamp: u64) -> Vec<u8> {
    let mut out = Encoder::default();
    out.fixed(&MAGIC);
    out.fixed(&stamp.to_le_bytes());
    for (_, kind) in NAMED {
        let groups: Vec<&Group> = merged.groups().iter().filter(|group| group.kind == kind).collect();
        out.list(&groups, |out, group| {
            out.list(&group.members, |out, member| {
                out.text(&member.name);
                out.number(member.count);
                out.number(member.why.code());
            });
        });
    }
    seal(&mut out.bytes);
    out.bytes
}

/// Reads the file if it is whole and has this stamp.
fn read(folder: &Path, stamp: u64) -> Option<Merged> {
    parse(&fs::read(folder.join(name_of(stamp))).ok()?, stamp)
}

pub(super) fn parse(bytes: &[u8], stamp: u64) -> Option<Merged> {
    decode(unseal(bytes)?, stamp).ok()
}

fn decode(bytes: &[u8], stamp: u64) -> Result<Merged, DecodeError> {
    let mut from = Decoder::new(bytes);
    if from.fixed::<8>()? != MAGIC || u64::from_le_bytes(from.fixed()?) != stamp {
        return Err(from.damaged());
    }
    let mut groups = Vec::new();
    for (_, kind) in NAMED {
        groups.extend(from.list(|from| {
            let members = from.list(|from| {
                let (name, count, why) = (from.text()?, from.number()?, from.number()?);
                Ok(Member { name, count, why: from.sound(Why::from_code(why))? })
            })?;
            from.sound(Group::of(kind, members))
        })?);
    }
    Ok(Merged::from_groups(groups))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged() -> Merged {
        Merged::of([
            (EntityKind::Person, "Ann Ray", 3),
            (EntityKind::Person, "ANN RAY", 1),
            (EntityKind::Place, "Zürich", 2),
            (EntityKind::Organization, "Acme Inc.", 300),
        ])
    }

    #[test]
    fn a_written_file_is_read_back() {
        assert_eq!(parse(&encode(&merged(), 7), 7), Some(merged()));
    }

    #[test]
    fn a_stale_or_damaged_file_is_not_used() {
        let bytes = encode(&merged(), 7);
        assert_eq!(parse(&bytes, 8), None);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert_eq!(parse(&damaged, 7), None, "byte {at}");
            assert_eq!(parse(&bytes[..at], 7), None, "cut at {at}");
        }
    }
}
