//! Counts of what an index holds.

use tantivy::TantivyError;
use tantivy::collector::Count;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Term};

use super::schema::Level;
use super::{Error, Index};

/// Counts of what an index holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct IndexStats {
    /// Articles.
    pub articles: u64,
    /// Passages.
    pub passages: u64,
    /// Quotations.
    pub quotes: u64,
    /// First and last day of publication, in days since 1970-01-01.
    pub days: Option<(i64, i64)>,
    /// Articles without a day.
    pub undated: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

impl Index {
    /// Counts its contents.
    pub fn stats(&self) -> Result<IndexStats, Error> {
        let counted = || -> Result<IndexStats, TantivyError> {
            let mut stats = IndexStats {
                articles: self.count(Level::Article)?,
                passages: self.count(Level::Passage)?,
                quotes: self.count(Level::Quote)?,
                ..IndexStats::default()
            };
            self.days(&mut stats)?;
            Ok(stats)
        };
        let mut stats = counted().map_err(|error| Error::tantivy(self.dir(), error))?;
        stats.bytes = self.state().files.values().map(|file| file.size).sum();
        Ok(stats)
    }

    fn count(&self, level: Level) -> Result<u64, TantivyError> {
        let term = Term::from_field_u64(self.fields().level, level.code());
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Ok(self.searcher().search(&query, &Count)? as u64)
    }

    /// Only articles have a day.
    fn days(&self, stats: &mut IndexStats) -> Result<(), TantivyError> {
        let mut dated = 0;
        for segment in self.searcher().segment_readers() {
            let column = segment.fast_fields().i64("day")?;
            for day in segment.doc_ids_alive().filter_map(|document| column.first(document)) {
                dated += 1;
                let (first, last) = stats.days.unwrap_or((day, day));
                stats.days = Some((first.min(day), last.max(day)));
            }
        }
        stats.undated = stats.articles.saturating_sub(dated);
        Ok(())
    }
}
