//! Records as they are stored, without a copy: tantivy gives the bytes of a document one at a time, which is a seventh of all that
//! a small query costs.

use std::io;
use std::sync::Arc;

use tantivy::directory::OwnedBytes;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, Searcher};

/// Unpacked blocks that are kept of each segment.
const KEPT: usize = 64;
/// Bytes of a value before its length: its field, and the code of its type.
const BEFORE_LENGTH: usize = 5;

/// The stores of an index, one for each segment.
#[derive(Clone)]
pub(super) struct Stores(Arc<[StoreReader]>);

impl Stores {
    /// Those that `searcher` reads.
    pub(super) fn of(searcher: &Searcher) -> io::Result<Self> {
        searcher
            .segment_readers()
            .iter()
            .map(|segment| segment.get_store_reader(KEPT))
            .collect::<Result<_, _>>()
            .map(Stores)
    }

    /// What is stored of a document; nothing if it is not the document of an article, or is damaged.
    pub(super) fn record(&self, at: DocAddress) -> tantivy::Result<Option<OwnedBytes>> {
        let Some(store) = self.0.get(at.segment_ord as usize) else { return Ok(None) };
        let document = store.get_document_bytes(at.doc_id)?;
        let length = only_value(&document).map_or(0, <[u8]>::len);
        Ok((length > 0).then(|| document.slice(document.len() - length..document.len())))
    }
}

/// The bytes of the one value of a document as tantivy writes it: how many values it has, and of each the field, the code of its
/// type, its length and its bytes.
fn only_value(document: &[u8]) -> Option<&[u8]> {
    let (1, rest) = number(document)? else { return None };
    let (length, value) = number(rest.get(BEFORE_LENGTH..)?)?;
    (value.len() as u64 == length).then_some(value)
}

/// A number of seven bits a byte, the lowest first, of whose bytes the last has the eighth; and what is after it.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().take(9).position(|byte| byte & 0x80 != 0)?;
    let (own, rest) = bytes.split_at_checked(end + 1)?;
    Some((own.iter().rev().fold(0, |number, byte| number << 7 | u64::from(byte & 0x7f)), rest))
}

#[cfg(test)]
mod tests {
    use tantivy::schema::{STORED, Schema, Value};
    use tantivy::{Index, TantivyDocument};

    use super::*;

    #[test]
    fn records_are_read_as_tantivy_reads_them() {
        let mut schema = Schema::builder();
        let field = schema.add_bytes_field("record", STORED);
        let settings = crate::index::schema::settings();
        let index = Index::builder().schema(schema.build()).settings(settings).create_in_ram().unwrap();
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        let records = [1, 127, 128, 20_000, 3_000_000].map(|length| (0..length).map(|n| n as u8).collect::<Vec<u8>>());
        for record in &records {
            let mut document = TantivyDocument::default();
            document.add_bytes(field, record);
            writer.add_document(document).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let stores = Stores::of(&searcher).unwrap();
        for (doc_id, record) in (0..).zip(&records) {
            let at = DocAddress { segment_ord: 0, doc_id };
            let document: TantivyDocument = searcher.doc(at).unwrap();
            let read = document.get_first(field).and_then(|value| value.as_bytes()).map(<[u8]>::to_vec);
            assert_eq!(stores.record(at).unwrap().as_deref(), read.as_deref());
            assert_eq!(read.as_ref(), Some(record));
        }
    }

    #[test]
    fn what_is_damaged_or_empty_is_no_value() {
        let whole = [&[0x81, 0, 0, 0, 0, 5, 0x83][..], b"abc"].concat();
        assert_eq!(only_value(&whole), Some(&b"abc"[..]));
        assert!((0..whole.len()).all(|end| only_value(&whole[..end]).is_none()));
        assert_eq!(only_value(&[0x80]), None, "nothing is stored of a passage");
        assert_eq!(only_value(&[0x82; 40]), None);
        assert_eq!(only_value(&[1; 40]), None);
    }
}
