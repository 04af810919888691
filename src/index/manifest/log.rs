//! The manifest's log as bytes: one step after the other, and a checksum at the end of each file.

use xxhash_rust::xxh3::xxh3_64;

use super::{ArticleEntry, Key, SourceEntry, SourceId, SourceProblem, Stamp};
use crate::index::codec::{DecodeError, Decoder, Encoder};
use crate::index::sketch::{ARTICLE, Sketch};

/// One step of the log.
#[derive(Debug, PartialEq)]
pub(super) enum Change {
    /// A source is so now.
    Source(SourceId, SourceEntry),
    /// A source is forgotten.
    NoSource(SourceId),
    /// An article is so now.
    Article(Key, ArticleEntry, Option<Sketch<ARTICLE>>),
    /// An article is forgotten.
    NoArticle(Key),
}

impl Change {
    /// Appends it to a log.
    pub(super) fn encode(&self, out: &mut Encoder) {
        match self {
            Change::Source(id, source) => {
                out.number(6);
                out.number(u64::from(id.0));
                out.text(&source.path);
                out.number(u64::from(source.contested));
                out.number(u64::from(source.stamp.is_some()));
                if let Some(stamp) = source.stamp {
                    out.number(stamp.size);
                    out.number(stamp.modified);
                    out.fixed(&source.hash.to_le_bytes());
                    out.number(u64::from(source.sha256.is_some()));
                    out.fixed(source.sha256.as_ref().map_or(&[], |sha256| &sha256[..]));
                    out.fixed(&source.read.to_le_bytes());
                }
                out.list(&source.problems, |out, problem| {
                    out.option(problem.record.as_ref());
                    out.text(&problem.reason);
                });
                out.fixed(&source.analysis.to_le_bytes());
            }
            Change::NoSource(id) => {
                out.number(1);
                out.number(u64::from(id.0));
            }
            Change::Article(key, entry, sketch) => {
                out.number(5);
                out.fixed(&key.0.to_le_bytes());
                out.fixed(&entry.content.to_le_bytes());
                out.number(entry.number);
                out.number(u64::from(entry.source.0));
                out.number(u64::from(entry.bytes));
                out.number(u64::from(sketch.is_some()));
                out.fixed(sketch.as_ref().map_or(&[], |sketch| &sketch[..]));
            }
            Change::NoArticle(key) => {
                out.number(3);
                out.fixed(&key.0.to_le_bytes());
            }
        }
    }

    /// Reads the next step of a log.
    pub(super) fn decode(from: &mut Decoder) -> Result<Self, DecodeError> {
        Ok(match from.number()? {
            // Code 0 is a source as the first format wrote it, without its analysis; code 4 one without SHA-256.
            code @ (0 | 4 | 6) => {
                let id = source_id(from)?;
                let path = from.text()?;
                let contested = from.number()? == 1;
                let (mut stamp, mut hash, mut sha256, mut read) = (None, 0, None, 0);
                if from.number()? == 1 {
                    stamp = Some(Stamp { size: from.number()?, modified: from.number()? });
                    hash = u128::from_le_bytes(from.fixed()?);
                    if code == 6 {
                        (sha256, read) = (from.option(Decoder::fixed)?, i64::from_le_bytes(from.fixed()?));
                    }
                }
                let problems =
                    from.list(|from| Ok(SourceProblem { record: from.option(Decoder::text)?, reason: from.text()? }))?;
                let analysis = if code != 0 { u64::from_le_bytes(from.fixed()?) } else { 0 };
                Change::Source(id, SourceEntry { path, stamp, hash, sha256, read, analysis, contested, problems })
            }
            1 => Change::NoSource(source_id(from)?),
            // Code 2 is an article as earlier formats wrote it, with its group.
            code @ (2 | 5) => {
                let key = Key(u64::from_le_bytes(from.fixed()?));
                let content = u64::from_le_bytes(from.fixed()?);
                let number = from.number()?;
                let source = source_id(from)?;
                let bytes = u32::try_from(from.number()?).map_err(|_| from.damaged())?;
                if code == 2 {
                    from.number()?;
                }
                let sketch = from.option(Decoder::fixed)?;
                Change::Article(key, ArticleEntry { number, content, source, bytes }, sketch)
            }
            3 => Change::NoArticle(Key(u64::from_le_bytes(from.fixed()?))),
            7.. => return Err(from.damaged()),
        })
    }
}

fn source_id(from: &mut Decoder) -> Result<SourceId, DecodeError> {
    let id = from.number()?;
    // A damaged number must not make the table of sources any size it likes.
    u32::try_from(id).ok().filter(|id| *id < 1 << 28).map(SourceId).ok_or(from.damaged())
}

/// Appends the checksum.
pub(in crate::index) fn seal(bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&checksum(bytes));
}

/// What is after the bytes of a file.
pub(super) fn checksum(bytes: &[u8]) -> [u8; 8] {
    xxh3_64(bytes).to_le_bytes()
}

/// What is before the checksum, if that is right.
pub(in crate::index) fn unseal(bytes: &[u8]) -> Option<&[u8]> {
    let (log, sum) = bytes.split_last_chunk::<8>()?;
    (checksum(log) == *sum).then_some(log)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn source() -> impl Strategy<Value = SourceEntry> {
        let stamp = prop::option::of((any::<u64>(), any::<u64>()));
        let problems = prop::collection::vec((prop::option::of("[0-9]{1,3}"), "\\PC{0,20}"), 0..3);
        ("\\PC{1,20}", stamp, any::<u128>(), any::<bool>(), problems).prop_map(
            |(path, stamp, hash, contested, problems)| SourceEntry {
                analysis: hash as u64,
                path,
                stamp: stamp.map(|(size, modified)| Stamp { size, modified }),
                // Without a stamp, nothing was hashed.
                hash: if stamp.is_some() { hash } else { 0 },
                sha256: stamp.filter(|_| contested).map(|_| [hash as u8; 32]),
                read: if stamp.is_some() { hash as i64 } else { 0 },
                contested,
                problems: problems.into_iter().map(|(record, reason)| SourceProblem { record, reason }).collect(),
            },
        )
    }

    proptest! {
        #[test]
        fn there_and_back(id in 0_u32..1 << 28, source in source(), numbers in any::<[u64; 3]>(), bytes: u32, sketched: bool) {
            let [key, number, content] = numbers;
            let sketch = sketched.then_some([content as u8; 48]);
            let entry = ArticleEntry { number, content, source: SourceId(id), bytes };
            let mut log = Encoder::default();
            Change::Source(SourceId(id), source.clone()).encode(&mut log);
            Change::Article(Key(key), entry, sketch).encode(&mut log);
            Change::NoSource(SourceId(id)).encode(&mut log);
            Change::NoArticle(Key(key)).encode(&mut log);
            let mut from = Decoder::new(&log.bytes);
            let read: Vec<Change> = std::iter::from_fn(|| Change::decode(&mut from).ok()).collect();
            prop_assert!(from.is_done());
            let expect = [
                Change::Source(SourceId(id), source),
                Change::Article(Key(key), entry, sketch),
                Change::NoSource(SourceId(id)),
                Change::NoArticle(Key(key)),
            ];
            prop_assert_eq!(read, expect);
        }

        #[test]
        fn what_was_changed_on_disk_is_not_unsealed(mut bytes in prop::collection::vec(any::<u8>(), 0..60), at: usize) {
            let before = bytes.clone();
            seal(&mut bytes);
            prop_assert_eq!(unseal(&bytes), Some(&before[..]));
            let at = at % bytes.len();
            bytes[at] ^= 1;
            prop_assert_eq!(unseal(&bytes), None);
        }
    }
}
