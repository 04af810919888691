//! Statistics of a whole corpus of which an index holds some articles: counts, the terms of every field, the names.
//!
//! An engine over the candidates of a query needs them to plan and to score as an engine over all articles would. The
//! cluster's corpus is kept as one file, written anew with every commit. Every command reads it, so a term is no object
//! of its own in memory: those of a field are one text.

use rustc_hash::FxHashMap;
use tantivy::schema::Field;

use super::codec::{DecodeError, Decoder, Encoder};
use super::manifest::{seal, unseal};
use super::names;
use super::schema::{FacetKind, Level};
use super::{State, schema};
use crate::entity::Merged;

/// Counts over all articles of a corpus.
#[derive(Debug, Default, Clone)]
pub struct CorpusStatistics {
    state: Option<State>,
    /// Documents of each level.
    documents: [u64; 3],
    /// By the number of the field.
    fields: Vec<FieldTerms>,
    /// The grouped names as bytes, since few commands need them; none where they must be grouped anew.
    names: Option<Vec<u8>>,
}

/// The terms of one field.
#[derive(Debug, Default, Clone)]
pub struct FieldTerms {
    /// Terms of all texts together.
    tokens: u64,
    /// The terms one behind the other, in order.
    text: String,
    /// Where each term ends, and the number of documents that hold it.
    terms: Vec<(usize, u64)>,
}

/// What articles add to a corpus's counts, or take from them.
#[derive(Debug, Default)]
pub struct CountChanges {
    pub(super) documents: [i64; 3],
    pub(super) tokens: FxHashMap<Field, i64>,
    pub(super) terms: FxHashMap<Field, FxHashMap<Box<str>, i64>>,
}

impl CountChanges {
    /// True if nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.documents == [0; 3] && self.terms.is_empty()
    }
}

impl FieldTerms {
    /// The number of documents that hold a term.
    pub fn documents(&self, term: &str) -> u64 {
        self.starting(term).next().filter(|(found, _)| *found == term).map_or(0, |(_, documents)| documents)
    }

    /// The terms that start with `prefix`, in order, with the number of documents that hold them.
    pub fn starting<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, u64)> {
        let (mut first, mut end) = (0, self.terms.len());
        while first < end {
            let middle = first.midpoint(end);
            if self.term(middle) < prefix { first = middle + 1 } else { end = middle }
        }
        self.from(first).take_while(move |(term, _)| term.starts_with(prefix))
    }

    fn from(&self, first: usize) -> impl Iterator<Item = (&str, u64)> {
        let rest = self.terms.iter().enumerate().skip(first);
        rest.map(|(at, &(_, documents))| (self.term(at), documents))
    }

    fn term(&self, at: usize) -> &str {
        let end_of = |at: usize| self.terms.get(at).map_or(0, |&(end, _)| end);
        let start = at.checked_sub(1).map_or(0, end_of);
        self.text.get(start..end_of(at)).unwrap_or_default()
    }

    fn push(&mut self, term: &str, documents: u64) {
        if documents > 0 {
            self.text.push_str(term);
            self.terms.push((self.text.len(), documents));
        }
    }

    /// Terms of all texts together.
    pub fn tokens(&self) -> u64 {
        self.tokens
    }

    fn apply(&mut self, tokens: i64, changes: FxHashMap<Box<str>, i64>) {
        self.tokens = self.tokens.saturating_add_signed(tokens);
        let mut changes: Vec<(Box<str>, i64)> = changes.into_iter().filter(|(_, change)| *change != 0).collect();
        changes.sort_unstable();
        let mut merged = FieldTerms { tokens: self.tokens, ..FieldTerms::default() };
        let mut changes = changes.into_iter().peekable();
        for (term, documents) in self.from(0) {
            while let Some((new, added)) = changes.next_if(|(changed, _)| **changed < *term) {
                merged.push(&new, added.max(0).cast_unsigned());
            }
            let change = changes.next_if(|(changed, _)| **changed == *term).map_or(0, |(_, change)| change);
            merged.push(term, documents.saturating_add_signed(change));
        }
        changes.for_each(|(term, added)| merged.push(&term, added.max(0).cast_unsigned()));
        *self = merged;
    }
}

impl CorpusStatistics {
    /// What its last commit says.
    pub fn state(&self) -> State {
        self.state.clone().unwrap_or_else(|| super::Manifest::default().state())
    }

    /// The same with what its last commit says.
    #[must_use]
    pub fn with_state(self, state: State) -> Self {
        CorpusStatistics { state: Some(state), ..self }
    }

    /// Documents of a level.
    pub fn documents(&self, level: Level) -> u64 {
        self.documents.get(level.code() as usize).copied().unwrap_or_default()
    }

    /// The terms of a field.
    pub fn field(&self, field: Field) -> Option<&FieldTerms> {
        self.fields.get(field.field_id() as usize)
    }

    /// Calls `each` with every value of a facet and the number of its documents.
    pub fn values(&self, facet: FacetKind, mut each: impl FnMut(&str, u64)) {
        let (_, fields) = schema::schema();
        let start = format!("{}\0", facet.name());
        for (value, documents) in self.field(fields.facet).into_iter().flat_map(|field| field.starting(&start)) {
            each(value.get(start.len()..).unwrap_or_default(), documents);
        }
    }

    /// All names, grouped into entities.
    pub fn names(&self) -> Merged {
        self.names.as_ref().and_then(|names| names::parse(names, 0)).unwrap_or_else(|| {
            let mut found = names::NameCounts::default();
            for facet in FacetKind::NAMES {
                self.values(facet, |value, count| found.add(facet, value, count));
            }
            found.group()
        })
    }

    /// True if the names were grouped since they last changed.
    pub fn has_names(&self) -> bool {
        self.names.is_some()
    }

    /// Groups the names, so that readers need not.
    pub fn group_names(&mut self) {
        self.names = Some(names::encode(&self.names(), 0));
    }

    /// Adds what articles changed.
    pub fn apply(&mut self, changes: CountChanges) {
        for (documents, change) in self.documents.iter_mut().zip(changes.documents) {
            *documents = documents.saturating_add_signed(change);
        }
        for (field, terms) in changes.terms {
            let place = field.field_id() as usize;
            if self.fields.len() <= place {
                self.fields.resize_with(place + 1, FieldTerms::default);
            }
            if let Some(known) = self.fields.get_mut(place) {
                known.apply(changes.tokens.get(&field).copied().unwrap_or_default(), terms);
            }
        }
        self.names = None;
    }

    /// As bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::default();
        self.documents.iter().for_each(|&documents| out.number(documents));
        out.list(&self.fields, |out, field| {
            out.number(field.tokens);
            let mut last = 0;
            out.list(&field.terms, |out, &(end, documents)| {
                out.number((end - std::mem::replace(&mut last, end)) as u64);
                out.number(documents);
            });
            out.text(&field.text);
        });
        out.fixed(self.names.as_deref().unwrap_or_default());
        seal(&mut out.bytes);
        out.bytes
    }

    /// What [`encode`](Self::encode) wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let whole = unseal(bytes).ok_or(DecodeError { at: bytes.len() })?;
        let mut from = Decoder::new(whole);
        let documents = [from.number()?, from.number()?, from.number()?];
        let fields = from.list(|from| {
            let tokens = from.number()?;
            let mut last = 0_usize;
            let terms = from.list(|from| {
                last = last.saturating_add(from.size()?);
                Ok((last, from.number()?))
            })?;
            Ok(FieldTerms { tokens, terms, text: from.text()? })
        })?;
        let names = Some(from.rest().to_vec()).filter(|names| !names.is_empty());
        Ok(CorpusStatistics { state: None, documents, fields, names })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(field: Field, terms: &[(&str, i64)]) -> CountChanges {
        let terms = terms.iter().map(|&(term, change)| (term.into(), change)).collect();
        CountChanges {
            documents: [1, 2, 0],
            tokens: [(field, 3)].into_iter().collect(),
            terms: [(field, terms)].into_iter().collect(),
        }
    }

    #[test]
    fn counts_are_added_and_taken_away_and_kept() {
        let (_, fields) = schema::schema();
        let mut corpus = CorpusStatistics::default();
        corpus.apply(counts(fields.text, &[("deal", 2), ("no", 1), ("dear", 1)]));
        corpus.apply(counts(fields.text, &[("no", -1), ("deal", 1), ("zeal", 4)]));
        corpus.apply(counts(fields.facet, &[("person\0Ada Ray", 2)]));
        corpus.group_names();
        let read = CorpusStatistics::decode(&corpus.encode()).unwrap();
        let text = read.field(fields.text).unwrap();
        assert_eq!(text.starting("dea").collect::<Vec<_>>(), [("deal", 3), ("dear", 1)]);
        assert_eq!((text.documents("no"), text.documents("zeal"), text.tokens()), (0, 4, 6));
        assert_eq!(read.documents(Level::Passage), 6);
        assert_eq!(read.names(), corpus.names());
        assert_eq!(read.names().groups().len(), 1);
        assert!(CorpusStatistics::decode(&corpus.encode()[1..]).is_err());
    }
}
