//! The names of an index grouped into entities: computed when a writer finishes, so that queries need not.
//!
//! The file is a cache. It names the segments and rules it was made from and ends in a checksum; if it is missing, stale or
//! damaged, the names are grouped anew from the facets. It does not depend on the user's aliases.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tantivy::Searcher;
use xxhash_rust::xxh3::Xxh3;

use super::codec::{DecodeError, Decoder, Encoder};
use super::manifest::{seal, unseal};
use super::schema::FacetKind;
use super::{Error, Index};
use crate::entity::{EntityKind, Group, Member, Merged, Why};

/// Name of the file.
const FILE: &str = "names";

/// First bytes of the file; the digit is the version of its format.
const MAGIC: [u8; 8] = *b"onrname1";

/// Facets that hold names.
const NAMED: [(FacetKind, EntityKind); 3] = [
    (FacetKind::Person, EntityKind::Person),
    (FacetKind::Organization, EntityKind::Organization),
    (FacetKind::Place, EntityKind::Place),
];

impl Index {
    /// All names, grouped into entities. Takes milliseconds if the cache is current.
    pub fn names(&self) -> Result<Merged, Error> {
        if let Some(merged) = read(self.dir(), stamp(self.searcher())) {
            return Ok(merged);
        }
        self.sort_names()
    }

    /// Calls `each` with every value of a facet and the number of its documents, segment by segment.
    pub fn values(&self, facet: FacetKind, mut each: impl FnMut(&str, u64)) -> Result<(), Error> {
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

    fn sort_names(&self) -> Result<Merged, Error> {
        let mut names: Vec<(EntityKind, String, u64)> = Vec::new();
        for (facet, kind) in NAMED {
            self.values(facet, |name, count| names.push((kind, name.to_owned(), count)))?;
        }
        Ok(Merged::of(names.iter().map(|(kind, name, count)| (*kind, name.as_str(), *count))))
    }
}

/// Writes the cache unless it is current. Only the holder of the writer's lock may call it.
pub(super) fn save(dir: &Path) -> Result<(), Error> {
    let index = Index::open(dir)?;
    let stamp = stamp(index.searcher());
    if read(dir, stamp).is_some() {
        return Ok(());
    }
    let merged = index.sort_names()?;
    write(dir, &encode(&merged, stamp)).map_err(|source| Error::io(dir, source))
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

fn encode(merged: &Merged, stamp: u64) -> Vec<u8> {
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
fn read(dir: &Path, stamp: u64) -> Option<Merged> {
    decode(unseal(&fs::read(dir.join(FILE)).ok()?)?, stamp).ok()
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

/// Writes the file by renaming.
fn write(dir: &Path, bytes: &[u8]) -> io::Result<()> {
    let begun = dir.join(format!("{FILE}.new"));
    let written = File::create(&begun).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&begun, dir.join(FILE))
    });
    if written.is_err() {
        let _ = fs::remove_file(&begun);
    }
    written
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
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), &encode(&merged(), 7)).unwrap();
        assert_eq!(read(dir.path(), 7), Some(merged()));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_stale_or_damaged_file_is_not_used() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path(), 7), None);
        let bytes = encode(&merged(), 7);
        write(dir.path(), &bytes).unwrap();
        assert_eq!(read(dir.path(), 8), None);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            fs::write(dir.path().join(FILE), &damaged).unwrap();
            assert_eq!(read(dir.path(), 7), None, "byte {at}");
            fs::write(dir.path().join(FILE), &bytes[..at]).unwrap();
            assert_eq!(read(dir.path(), 7), None, "cut at {at}");
        }
    }
}
