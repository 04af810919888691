//! An index as somebody sees it who may read some collections only.
//!
//! All other articles are deleted in this view, and what an index says beyond its documents (terms and in how many
//! documents they are, names, days, its digest) is counted anew over the articles that are left. So no count, score, name
//! or suggestion depends on the others.

use std::io::Write as _;
use std::path::Path;

use tantivy::directory::{Directory as _, ManagedDirectory, MmapDirectory, RamDirectory, TerminatingWrite as _};
use tantivy::postings::Postings as _;
use tantivy::schema::{Field, FieldType, IndexRecordOption, Term};
use tantivy::{DocSet as _, ReloadPolicy, SegmentReader, TERMINATED};

use super::block::Hierarchy;
use super::corpus_statistics::{CorpusStatistics, CountChanges};
use super::document_builder::facet;
use super::layout::META;
use super::open::open_in;
use super::read_only_directory::ReadOnlyDirectory;
use super::schema::FacetKind;
use super::{Error, Index, State};

impl CorpusStatistics {
    /// What holds of the articles of these collections alone, as they were counted. `whole` is the last commit of all.
    pub fn within(collections: &[String], counts: CountChanges, whole: &State) -> Self {
        let [articles, ..] = counts.documents.map(i64::unsigned_abs);
        let mut digest = blake3::Hasher::new();
        for part in std::iter::once(&whole.commit()).chain(collections) {
            digest.update(part.as_bytes()).update(&[0]);
        }
        let digest = digest.finalize().to_hex().chars().take(32).collect();
        let state = State {
            articles,
            digest,
            manifest: Vec::new(),
            files: [].into(),
            user: Vec::new(),
            onrecord: whole.onrecord,
        };
        let mut corpus = CorpusStatistics::default();
        corpus.apply(counts);
        corpus.with_state(state)
    }
}

impl Index {
    /// The articles of these collections alone. Reads the postings of the whole index once.
    pub fn within(&self, collections: &[String]) -> Result<Self, Error> {
        let failed = |error| Error::tantivy(self.dir(), error);
        let directory = self.without_others(collections).map_err(failed)?;
        let reader = open_in(Box::new(directory) as Box<dyn tantivy::Directory>)
            .and_then(|index| index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into())
            .map_err(failed)?;
        let searcher = tantivy::IndexReader::searcher(&reader);
        let mut counts = CountChanges::default();
        for segment in searcher.segment_readers() {
            self.count_seen(segment, &mut counts).map_err(failed)?;
        }
        self.seen_as(searcher, CorpusStatistics::within(collections, counts, self.state()))
    }

    /// The index folder with every article deleted that is in none of these collections.
    fn without_others(&self, collections: &[String]) -> tantivy::Result<ReadOnlyDirectory> {
        let over = RamDirectory::create();
        // It adds the checksums that tantivy expects.
        let written = ManagedDirectory::wrap(Box::new(over.clone()))?;
        let mut segments = Vec::new();
        for segment in self.searcher().segment_readers() {
            let (seen, most) = (self.seen(segment, collections)?, segment.max_doc());
            let id = segment.segment_id();
            let name = format!("{}.0.del", id.uuid_string());
            let mut file = written.open_write(Path::new(&name))?;
            file.write_all(&most.to_le_bytes())?;
            seen.iter().try_for_each(|word| file.write_all(&word.to_le_bytes()))?;
            file.terminate()?;
            let left: u32 = seen.iter().map(|word| word.count_ones()).sum();
            let deletes = serde_json::json!({ "num_deleted_docs": most - left, "opstamp": 0 });
            segments.push(serde_json::json!({ "segment_id": id, "max_doc": most, "deletes": deletes }));
        }
        let index = self.searcher().index();
        let meta = serde_json::json!({
            "index_settings": index.settings(), "segments": segments, "schema": index.schema(), "opstamp": 0,
        });
        over.atomic_write(Path::new(META), meta.to_string().as_bytes())?;
        let files = MmapDirectory::open(self.folder())?;
        Ok(ReadOnlyDirectory { files, over })
    }

    /// The documents of a segment that are seen, a bit each.
    fn seen(&self, segment: &SegmentReader, collections: &[String]) -> tantivy::Result<Vec<u64>> {
        let blocks = Hierarchy::open(segment)?;
        let facets = segment.inverted_index(self.fields().facet)?;
        let mut seen = vec![0_u64; (segment.max_doc() as usize).div_ceil(64)];
        for collection in collections {
            let term = Term::from_field_text(self.fields().facet, &facet(FacetKind::Collection, collection));
            let Some(mut articles) = facets.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while articles.doc() != TERMINATED {
                let article = articles.doc();
                articles.advance();
                if segment.alive_bitset().is_some_and(|alive| alive.is_deleted(article)) {
                    continue;
                }
                for document in blocks.block(article) {
                    if let Some(word) = seen.get_mut((document / 64) as usize) {
                        *word |= 1 << (document % 64);
                    }
                }
            }
        }
        Ok(seen)
    }

    /// Adds what is left of a segment.
    fn count_seen(&self, segment: &SegmentReader, counts: &mut CountChanges) -> tantivy::Result<()> {
        let blocks = Hierarchy::open(segment)?;
        for document in segment.doc_ids_alive() {
            if let Some(count) = counts.documents.get_mut(blocks.level(document).code() as usize) {
                *count += 1;
            }
        }
        let schema = segment.schema().clone();
        let texts = schema.fields().filter_map(|(field, entry)| match entry.field_type() {
            FieldType::Str(options) => Some((field, options.get_indexing_options()?.index_option())),
            _ => None,
        });
        // Ids of articles are not looked up among the terms.
        for (field, holds) in texts.filter(|(field, _)| *field != self.fields().id) {
            let frequencies = if holds.has_freq() { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
            count_terms(segment, field, frequencies, counts)?;
        }
        Ok(())
    }
}

fn count_terms(
    segment: &SegmentReader,
    field: Field,
    frequencies: IndexRecordOption,
    counts: &mut CountChanges,
) -> tantivy::Result<()> {
    let inverted = segment.inverted_index(field)?;
    let (mut tokens, counted) = (0, counts.terms.entry(field).or_default());
    let mut terms = inverted.terms().stream()?;
    while terms.advance() {
        let mut found = inverted.read_postings_from_terminfo(terms.value(), frequencies)?;
        let mut documents = 0;
        while found.doc() != TERMINATED {
            if segment.alive_bitset().is_none_or(|alive| alive.is_alive(found.doc())) {
                documents += 1;
                tokens += i64::from(found.term_freq());
            }
            found.advance();
        }
        if let (true, Ok(term)) = (documents > 0, std::str::from_utf8(terms.key())) {
            *counted.entry(term.into()).or_default() += documents;
        }
    }
    *counts.tokens.entry(field).or_default() += tokens;
    Ok(())
}
