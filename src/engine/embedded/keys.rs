//! Articles by key: the hash of the id, which addresses have, so that no path of this machine is in a link.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet as _, TERMINATED, TantivyError};

use crate::index::{Index, Key};

/// The articles of an index by key, sorted: 16 bytes an article.
pub(super) struct Keys(Vec<(Key, DocAddress)>);

impl Keys {
    /// Reads the ids of all articles.
    pub(super) fn of(index: &Index) -> Result<Self, TantivyError> {
        let mut keys = Vec::with_capacity(index.info().articles as usize);
        for (number, segment) in index.searcher().segment_readers().iter().enumerate() {
            let inverted = segment.inverted_index(index.fields().id)?;
            let mut terms = inverted.terms().stream()?;
            while terms.advance() {
                let key = Key::of(&String::from_utf8_lossy(terms.key()));
                let mut found = inverted.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
                while found.doc() != TERMINATED {
                    if segment.alive_bitset().is_none_or(|alive| alive.is_alive(found.doc())) {
                        keys.push((key, DocAddress::new(number as u32, found.doc())));
                    }
                    found.advance();
                }
            }
        }
        keys.sort_unstable();
        Ok(Keys(keys))
    }

    /// The article's own document.
    pub(super) fn get(&self, key: Key) -> Option<DocAddress> {
        let at = self.0.binary_search_by_key(&key, |&(key, _)| key).ok()?;
        self.0.get(at).map(|&(_, document)| document)
    }
}
