//! The documents of a block, in the form in which tantivy indexes them.
//!
//! All values of a block are in one list and all their texts in one string: an article takes a handful of allocations
//! instead of ten a document.

use std::iter::Empty;
use std::slice;
use std::sync::Arc;

use tantivy::schema::Field;
use tantivy::schema::document::{self, ReferenceValue, ReferenceValueLeaf};

use super::schema::{Fields, Level};

/// The documents of one block, in order: the article's own first.
#[derive(Debug, Default)]
pub(super) struct Block {
    values: Vec<(Field, Value)>,
    /// For each document, where its values start.
    starts: Vec<u32>,
    /// Buffer that text values are ranges of.
    texts: String,
    /// The stored record of the article.
    record: Vec<u8>,
}

/// A value of a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    Number(u64),
    Day(i64),
    /// From and to which byte of the texts.
    Text(u32, u32),
    Record,
}

impl Block {
    /// A block without documents, with room for those of an article of so many bytes.
    pub(super) fn for_article(bytes: usize) -> Self {
        // Of news, a value comes every twelve bytes; terms, names and facets take half as much room again as the text.
        Block {
            values: Vec::with_capacity(bytes / 12 + 32),
            starts: Vec::with_capacity(bytes / 64 + 4),
            texts: String::with_capacity(bytes + bytes / 2 + 256),
            record: Vec::new(),
        }
    }

    /// Starts a document; the values that follow belong to it. Its group is [`set`](Self::set) later.
    pub(super) fn start(&mut self, level: Level, ordinal: u32, fields: &Fields) {
        self.open();
        self.number(fields.group, 0);
        self.number(fields.level, level.code());
        self.number(fields.ordinal, u64::from(ordinal));
    }

    /// Adds a number.
    pub(super) fn number(&mut self, field: Field, number: u64) {
        self.values.push((field, Value::Number(number)));
    }

    /// Adds a day.
    pub(super) fn day(&mut self, field: Field, day: i64) {
        self.values.push((field, Value::Day(day)));
    }

    /// Adds a text.
    pub(super) fn text(&mut self, field: Field, text: &str) {
        self.write(field, |out| out.push_str(text));
    }

    /// Adds the text that `write` appends.
    pub(super) fn write(&mut self, field: Field, write: impl FnOnce(&mut String)) {
        let start = self.texts.len() as u32;
        write(&mut self.texts);
        self.values.push((field, Value::Text(start, self.texts.len() as u32)));
    }

    /// Marks the open document as the one that stores the article's record; see [`set_record`](Self::set_record).
    pub(super) fn record(&mut self, field: Field) {
        self.values.push((field, Value::Record));
    }

    /// Sets the article's record.
    pub(super) fn set_record(&mut self, record: Vec<u8>) {
        self.record = record;
    }

    /// Replaces the number that the document has in this field.
    pub(super) fn set(&mut self, document: usize, field: Field, number: u64) {
        let start = self.starts.get(document).map_or(self.values.len(), |&start| start as usize);
        if let Some((_, value)) = self.values.iter_mut().skip(start).find(|(of, _)| *of == field) {
            *value = Value::Number(number);
        }
    }

    /// The documents.
    pub(super) fn into_documents(self) -> impl ExactSizeIterator<Item = Document> {
        let count = self.starts.len() as u32;
        let block = Arc::new(self);
        (0..count).map(move |number| Document { block: Arc::clone(&block), number })
    }

    /// Starts a document that has no values yet.
    pub(super) fn open(&mut self) {
        self.starts.push(self.values.len() as u32);
    }

    /// How many documents it has.
    pub(super) fn documents(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The values of a document, each with its field.
    pub(super) fn values_of(&self, document: u32) -> impl Iterator<Item = (Field, Value)> {
        self.values(document).iter().copied()
    }

    /// The text of a value.
    pub(super) fn text_of(&self, start: u32, end: u32) -> &str {
        self.texts.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The article's record.
    pub(super) fn stored(&self) -> &[u8] {
        &self.record
    }

    fn values(&self, document: u32) -> &[(Field, Value)] {
        let place = document as usize;
        let start = self.starts.get(place).map_or(self.values.len(), |&start| start as usize);
        let end = self.starts.get(place + 1).map_or(self.values.len(), |&end| end as usize);
        self.values.get(start..end).unwrap_or(&[])
    }
}

/// A document of a block.
#[derive(Debug, Clone)]
pub(super) struct Document {
    block: Arc<Block>,
    number: u32,
}

impl document::Document for Document {
    type Value<'a> = Borrowed<'a>;
    type FieldsValuesIter<'a> = Values<'a>;

    fn iter_fields_and_values(&self) -> Values<'_> {
        Values { block: &self.block, rest: self.block.values(self.number).iter() }
    }
}

/// The values of a document.
#[derive(Debug)]
pub(super) struct Values<'a> {
    block: &'a Block,
    rest: slice::Iter<'a, (Field, Value)>,
}

impl<'a> Iterator for Values<'a> {
    type Item = (Field, Borrowed<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let &(field, value) = self.rest.next()?;
        let borrowed = match value {
            Value::Number(number) => Borrowed::Number(number),
            Value::Day(day) => Borrowed::Day(day),
            Value::Text(start, end) => {
                Borrowed::Text(self.block.texts.get(start as usize..end as usize).unwrap_or_default())
            }
            Value::Record => Borrowed::Record(&self.block.record),
        };
        Some((field, borrowed))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rest.size_hint()
    }
}

/// A value as tantivy reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Borrowed<'a> {
    /// A number.
    Number(u64),
    /// A day.
    Day(i64),
    /// A text.
    Text(&'a str),
    /// The article's record.
    Record(&'a [u8]),
}

impl<'a> document::Value<'a> for Borrowed<'a> {
    type ArrayIter = Empty<Self>;
    type ObjectIter = Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match *self {
            Borrowed::Number(number) => ReferenceValueLeaf::U64(number),
            Borrowed::Day(day) => ReferenceValueLeaf::I64(day),
            Borrowed::Text(text) => ReferenceValueLeaf::Str(text),
            Borrowed::Record(bytes) => ReferenceValueLeaf::Bytes(bytes),
        })
    }
}

#[cfg(test)]
mod tests {
    use tantivy::schema::document::Document as _;

    use super::super::schema;
    use super::*;

    #[test]
    fn each_document_holds_its_own_values() {
        let (_, fields) = schema::schema();
        let mut block = Block::for_article(10);
        block.start(Level::Article, 0, &fields);
        block.number(fields.number, 0);
        block.record(fields.record);
        block.start(Level::Passage, 3, &fields);
        block.text(fields.text, "no deal");
        block.set(0, fields.number, 7);
        block.set(1, fields.group, 9);
        block.set_record(vec![1, 2]);
        let documents: Vec<Document> = block.into_documents().collect();
        let of = |document: usize, field| {
            documents[document].iter_fields_and_values().find(|(of, _)| *of == field).map(|(_, value)| value)
        };
        assert_eq!(documents.len(), 2);
        assert_eq!([of(0, fields.number), of(0, fields.group)], [Some(Borrowed::Number(7)), Some(Borrowed::Number(0))]);
        assert_eq!([of(0, fields.record), of(0, fields.text)], [Some(Borrowed::Record(&[1, 2])), None]);
        assert_eq!([of(1, fields.text), of(1, fields.record)], [Some(Borrowed::Text("no deal")), None]);
        assert_eq!(
            [of(1, fields.group), of(1, fields.ordinal)],
            [Some(Borrowed::Number(9)), Some(Borrowed::Number(3))]
        );
    }
}
