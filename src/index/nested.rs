//! An article as a cluster keeps it: one nested document to be searched, and its block to be read back.
//!
//! The document holds the terms of each field, each once and without positions: they tell which articles may match. What
//! does match is decided over the blocks, which are those that the index on this machine is made of.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::directory::RamDirectory;
use tantivy::indexer::{NoMergePolicy, UserOperation};
use tantivy::schema::{Field, FieldType, Schema};
use tantivy::store::Compressor;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{ReloadPolicy, Searcher, TantivyError};

use super::analyser::{self, Cutter};
use super::codec::{DecodeError, Decoder, Encoder};
use super::corpus_statistics::CountChanges;
use super::document::{Block, Value};
use super::schema::{self, Fields, Level, NAME, ROLES, TEXT};
use super::{ArticleBlock, record};
use crate::article::Meta;
use crate::search::Annotated;

/// Makes nested documents of articles, and counts what they hold.
pub struct Nester {
    fields: Fields,
    /// Name and tokenizer of each field, by its number.
    kinds: Vec<(String, String)>,
    cutter: Cutter,
    packer: zstd::bulk::Compressor<'static>,
}

impl Default for Nester {
    fn default() -> Self {
        let (schema, fields) = schema::schema();
        // The usual level packs faster than a cluster takes the blocks.
        let packer = zstd::bulk::Compressor::default();
        Nester { fields, kinds: kinds(&schema), cutter: Cutter::default(), packer }
    }
}

/// Name and tokenizer of each field.
fn kinds(schema: &Schema) -> Vec<(String, String)> {
    let tokenizer = |kind: &FieldType| match kind {
        FieldType::Str(options) => options.get_indexing_options().map(|options| options.tokenizer().to_owned()),
        _ => None,
    };
    let each =
        schema.fields().map(|(_, entry)| (entry.name().to_owned(), tokenizer(entry.field_type()).unwrap_or_default()));
    each.collect()
}

/// The fields of nested documents that hold text, with whether each is made of terms. A document of any level may have any.
pub fn mapped() -> Vec<(String, bool)> {
    let (schema, _) = schema::schema();
    let texts = kinds(&schema).into_iter().filter(|(_, tokenizer)| !tokenizer.is_empty() && tokenizer != ROLES);
    texts.map(|(name, tokenizer)| (name, tokenizer == TEXT || tokenizer == NAME)).collect()
}

/// The values of one document by field: numbers, or the terms of texts.
type Values<'a> = BTreeMap<&'a str, serde_json::Value>;

impl Nester {
    /// Gives an article its number and groups, writes it down as JSON, and counts what it holds. `born` is the generation
    /// from which on it is seen.
    pub fn nest(&mut self, article: &mut ArticleBlock, number: u64, born: u64, counts: &mut CountChanges) -> String {
        article.number(number, &self.fields);
        // Packing into memory does not fail; an empty block would be told as damaged.
        let packed = self.packer.compress(&encode(&article.block)).unwrap_or_default();
        let mut documents = self.documents(&article.block, 1, counts).into_iter();
        let (_, mut root) = documents.next().unwrap_or((Level::Article, Values::new()));
        let mut passages: Vec<(Values, Vec<Values>)> = Vec::new();
        for (level, document) in documents {
            match (level, passages.last_mut()) {
                (Level::Quote, Some((_, quotes))) => quotes.push(document),
                (Level::Article | Level::Passage | Level::Quote, _) => passages.push((document, Vec::new())),
            }
        }
        let passages: Vec<Values> = passages
            .into_iter()
            .map(|(mut passage, quotes)| {
                if !quotes.is_empty() {
                    passage.insert("q", serde_json::json!(quotes));
                }
                passage
            })
            .collect();
        root.insert("p", serde_json::json!(passages));
        root.insert("born", born.into());
        root.insert("key", article.key.hex().into());
        let meta = record::decode_meta(article.block.stored()).unwrap_or_default();
        let names: Vec<String> = names(&meta).map(|name| name.chars().take(LONGEST_NAME).collect()).collect();
        root.insert("names", serde_json::json!(names));
        root.insert("block", BASE64.encode(packed).into());
        serde_json::json!(root).to_string()
    }

    /// Takes an article that is gone out of the counts.
    pub fn subtract(&mut self, block: &StoredBlock, counts: &mut CountChanges) {
        self.documents(&block.0, -1, counts);
    }

    /// Counts what an article holds.
    pub fn count(&mut self, block: &StoredBlock, counts: &mut CountChanges) {
        self.documents(&block.0, 1, counts);
    }

    fn documents<'a>(&'a mut self, block: &Block, sign: i64, counts: &mut CountChanges) -> Vec<(Level, Values<'a>)> {
        let Nester { fields, kinds, cutter, .. } = self;
        let mut documents = Vec::new();
        for number in 0..block.documents() {
            let mut level = Level::Article;
            let mut values = Values::new();
            let mut terms: FxHashMap<Field, FxHashSet<Box<str>>> = FxHashMap::default();
            for (field, value) in block.values_of(number) {
                let Some((name, tokenizer)) = kinds.get(field.field_id() as usize) else { continue };
                match value {
                    Value::Number(value) if field == fields.level => level = Level::of_code(value),
                    Value::Number(value) if [fields.number, fields.group, fields.confidence].contains(&field) => {
                        values.insert(name, value.into());
                    }
                    Value::Day(day) => {
                        values.insert(name, day.into());
                    }
                    // The roles of words are read in the block.
                    Value::Text(..) if field == fields.word_roles => {}
                    Value::Text(start, end) => {
                        let of = terms.entry(field).or_default();
                        let mut tokens = 0;
                        cutter.terms(tokenizer, block.text_of(start, end), |term| {
                            tokens += 1;
                            if !of.contains(term) {
                                of.insert(term.into());
                            }
                        });
                        *counts.tokens.entry(field).or_default() += sign * tokens;
                    }
                    Value::Number(_) | Value::Record => {}
                }
            }
            if let Some(count) = counts.documents.get_mut(level.code() as usize) {
                *count += sign;
            }
            for (field, held) in terms {
                let Some((name, tokenizer)) = kinds.get(field.field_id() as usize) else { continue };
                let joined = tokenizer == TEXT || tokenizer == NAME;
                let held: Vec<Box<str>> = held.into_iter().collect();
                values.insert(name, if joined { held.join(" ").into() } else { serde_json::json!(held) });
                // Ids of articles are not looked up among the terms.
                if field == fields.id {
                    continue;
                }
                let counted = counts.terms.entry(field).or_default();
                for term in held {
                    *counted.entry(term).or_default() += sign;
                }
            }
            documents.push((level, values));
        }
        documents
    }
}

/// The longest name that an article is looked up by, in code points: a term of Lucene ends at 32 KB.
const LONGEST_NAME: usize = 2000;

/// What an article is looked up by where its id is not known: its file, with its record, its link and its title; in lower case.
fn names(meta: &Meta) -> impl Iterator<Item = String> {
    let file = meta.record.as_ref().map_or_else(|| meta.path.clone(), |record| format!("{}!{record}", meta.path));
    [Some(meta.id.clone()), Some(file), meta.url.clone(), meta.title.clone()]
        .into_iter()
        .flatten()
        .map(|name| name.to_lowercase())
}

/// An article's block as it was read back.
#[derive(Debug)]
pub struct StoredBlock(pub(super) Block);

/// The largest block that is read: the text of an article may have 64 MB.
const LARGEST: u64 = 1 << 30;

/// Reads blocks, with the memory that unpacking takes.
#[derive(Default)]
pub struct Unpacker(zstd::bulk::Decompressor<'static>);

impl Unpacker {
    /// Reads what [`Nester::nest`] wrote as `block`.
    pub fn read(&mut self, base64: &str) -> Result<StoredBlock, DecodeError> {
        let damaged = || DecodeError { at: 0 };
        let packed = BASE64.decode(base64).map_err(|_| damaged())?;
        let size = zstd::zstd_safe::get_frame_content_size(&packed).ok().flatten();
        let size = size.filter(|&size| size <= LARGEST).ok_or_else(damaged)?;
        let bytes = self.0.decompress(&packed, size as usize).map_err(|_| damaged())?;
        decode(&bytes).map(StoredBlock)
    }
}

impl StoredBlock {
    /// The article with everything found in it; its path is the stored one.
    pub fn article(&self) -> Result<Annotated, DecodeError> {
        record::decode(self.0.stored()).map(Annotated::from)
    }

    /// Its number.
    pub fn number(&self, fields: &Fields) -> u64 {
        self.value(0, fields.number)
    }

    /// The groups of its documents of a level.
    pub fn groups(&self, level: Level, fields: &Fields) -> Vec<u64> {
        let of_level = (0..self.0.documents()).filter(|&document| self.value(document, fields.level) == level.code());
        of_level.map(|document| self.value(document, fields.group)).collect()
    }

    /// A number of a document; 0 if it has none.
    fn value(&self, document: u32, field: Field) -> u64 {
        let number =
            |(of, value)| if let (true, Value::Number(number)) = (of == field, value) { Some(number) } else { None };
        self.0.values_of(document).find_map(number).unwrap_or_default()
    }
}

fn encode(block: &Block) -> Vec<u8> {
    let mut out = Encoder::default();
    out.number(u64::from(block.documents()));
    for number in 0..block.documents() {
        let values: Vec<(Field, Value)> = block.values_of(number).collect();
        out.list(&values, |out, (field, value)| {
            out.number(u64::from(field.field_id()));
            match *value {
                Value::Number(number) => {
                    out.number(0);
                    out.number(number);
                }
                Value::Day(day) => {
                    out.number(1);
                    out.fixed(&day.to_le_bytes());
                }
                Value::Text(start, end) => {
                    out.number(2);
                    out.text(block.text_of(start, end));
                }
                Value::Record => out.number(3),
            }
        });
    }
    out.fixed(block.stored());
    out.bytes
}

fn decode(bytes: &[u8]) -> Result<Block, DecodeError> {
    let mut from = Decoder::new(bytes);
    let mut block = Block::for_article(bytes.len() / 2);
    for _ in 0..from.number()? {
        block.open();
        for _ in 0..from.number()? {
            let field = Field::from_field_id(from.number()? as u32);
            match from.number()? {
                0 => block.number(field, from.number()?),
                1 => block.day(field, i64::from_le_bytes(from.fixed()?)),
                2 => block.text(field, &from.text()?),
                3 => block.record(field),
                4.. => return Err(from.damaged()),
            }
        }
    }
    block.set_record(from.rest().to_vec());
    Ok(block)
}

/// Articles that one thread indexes sooner than several: starting these takes as long.
const ALONE: usize = 250;

/// Bytes that a thread fills before it closes a segment.
const MEMORY: usize = 64 << 20;

/// Bytes that indexing takes for each document. Clearing memory that is not needed takes longer than indexing a few articles.
const BYTES_A_DOCUMENT: usize = 1024;

/// Indexes blocks in memory.
pub(super) fn searcher(blocks: Vec<StoredBlock>) -> Result<(Searcher, Fields), TantivyError> {
    let (schema, fields) = schema::schema();
    let tokenizers = TokenizerManager::default();
    analyser::register_in(&tokenizers);
    let settings = tantivy::IndexSettings { docstore_compression: Compressor::None, ..schema::settings() };
    let builder = tantivy::IndexBuilder::new().schema(schema).settings(settings).tokenizers(tokenizers);
    let directory = RamDirectory::create();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8).min(blocks.len() / ALONE);
    let index = if blocks.is_empty() {
        builder.open_or_create(directory)?
    } else if threads > 1 {
        let index = builder.open_or_create(directory)?;
        let mut writer = index.writer_with_num_threads(threads, threads * MEMORY)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for block in blocks {
            writer.run(block.0.into_documents().map(UserOperation::Add))?;
        }
        writer.commit()?;
        index
    } else {
        let documents: usize = blocks.iter().map(|block| block.0.documents() as usize).sum();
        let memory = (documents * BYTES_A_DOCUMENT).clamp(MEMORY / 64, MEMORY);
        let mut writer = builder.single_segment_index_writer(directory, memory)?;
        for document in blocks.into_iter().flat_map(|block| block.0.into_documents()) {
            writer.add_document(document)?;
        }
        writer.finalize()?
    };
    let reader: tantivy::IndexReader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok((reader.searcher(), fields))
}
