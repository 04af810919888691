//! What the recogniser knows of a word by itself, worked out once for each distinct word and kept from text to text.

use rustc_hash::FxHashMap;

use super::clusters::Clusters;
use super::{Crf, Sums};
use crate::entity::fold::word_key;
use crate::entity::gazetteer::gazetteer;
use crate::entity::start::Start;
use crate::entity::tokens::{Known, Tokens};
use crate::tagger::{Case, Templates, View, attribute, identity};
use crate::text::Text;

/// Distinct words kept from text to text; past this many the vocabulary starts anew with the next text.
const CAPACITY: usize = 1 << 15;

/// Columns that depend on the word alone: the first of [`COLUMNS`](super::COLUMNS).
pub(in crate::entity) const OWN_COLUMNS: usize = 13;

/// A word looks this far to either side.
pub(super) const REACH: i32 = 2;

/// Places a word can stand in relation to a token: two before, one before, itself, one after, two after.
const OFFSETS: usize = 2 * REACH as usize + 1;

/// A word with all that is known of it.
#[derive(Debug, Clone)]
struct Word {
    known: Known,
    columns: [u32; OWN_COLUMNS],
    /// Sums of the weights that this word alone gives a token beside it, once they were asked for.
    sums: [Option<Sums>; OFFSETS],
}

/// The words met so far. One a thread.
#[derive(Debug, Default)]
pub(in crate::entity) struct Vocabulary {
    /// By [`identity`].
    ids: FxHashMap<u64, u32>,
    words: Vec<Word>,
}

impl Vocabulary {
    /// Takes up the words of a text; gives the number of each token's word and its tokens.
    pub(in crate::entity) fn read<'t>(&mut self, text: &'t Text<'t>, clusters: &Clusters) -> (Vec<u32>, Tokens<'t>) {
        if self.words.len() > CAPACITY {
            *self = Vocabulary::default();
        }
        let ids: Vec<u32> = text.tokens.iter().map(|t| self.id(t.span.of(text.raw), clusters)).collect();
        let known = ids.iter().filter_map(|&id| Some(self.words.get(id as usize)?.known)).collect();
        (ids, Tokens::known(text, known))
    }

    /// The columns that depend on the word alone.
    pub(super) fn columns(&self, id: u32) -> &[u32] {
        self.words.get(id as usize).map_or(&[], |w| &w.columns)
    }

    /// Adds to `sums` what the word gives a token that it stands `offset` away from.
    /// `templates` are those that look at nothing else; `view` is the token's.
    pub(super) fn add(
        &mut self,
        id: u32,
        offset: i32,
        model: &Crf,
        templates: &Templates,
        view: View,
        sums: &mut Sums,
    ) {
        let place = (offset + REACH) as usize;
        let Some(cached) = self.words.get_mut(id as usize).and_then(|w| w.sums.get_mut(place)) else { return };
        let own = cached.get_or_insert_with(|| {
            let mut own = Sums::default();
            model.add(templates, view, &mut own);
            own
        });
        for (sum, own) in sums.iter_mut().zip(own) {
            *sum += *own;
        }
    }

    fn id(&mut self, word: &str, clusters: &Clusters) -> u32 {
        let next = self.words.len() as u32;
        let id = *self.ids.entry(identity(word)).or_insert(next);
        if id == next {
            self.words.push(Word::new(word, clusters));
        }
        id
    }
}

impl Word {
    fn new(word: &str, clusters: &Clusters) -> Self {
        let key = word_key(word);
        let lists = gazetteer().word(key);
        let (fine, coarse) = clusters.of(word);
        // Only so much of a very long "word" is looked at.
        let end = word.char_indices().nth(64).map_or(word.len(), |(i, _)| i);
        let start = word.get(..end).unwrap_or(word);
        let low: String =
            start.chars().flat_map(char::to_lowercase).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        let starts: Vec<usize> = low.char_indices().map(|(i, _)| i).collect();
        let suffix =
            |n: usize| starts.len().checked_sub(n).and_then(|i| low.get(*starts.get(i)?..)).map_or(0, attribute);
        let prefix = |n: usize| starts.get(n).and_then(|&i| low.get(..i)).map_or(0, attribute);
        let case = Case::of(start) as u32 + 8 * u32::from(start.ends_with('.')) + 16 * u32::from(start.contains('-'));
        let columns = [
            attribute(&low),
            suffix(1),
            suffix(2),
            suffix(3),
            suffix(4),
            prefix(2),
            prefix(3),
            prefix(4),
            attribute(&shape(start)),
            case,
            lists.bits() + 1,
            fine,
            coarse,
        ];
        Word { known: Known { key, lists, starts: Start::of(word) }, columns, sums: [None; OFFSETS] }
    }
}

/// `McDonald-95` → `XxXx-d`, long runs cut to two.
fn shape(word: &str) -> String {
    let mut shape = String::new();
    let mut last = (' ', 0);
    for c in word.chars() {
        let class = match c {
            c if c.is_uppercase() => 'X',
            c if c.is_alphabetic() => 'x',
            c if c.is_numeric() => 'd',
            other => other,
        };
        last = if last.0 == class { (class, last.1 + 1) } else { (class, 1) };
        if last.1 <= 2 {
            shape.push(class);
        }
    }
    shape
}

/// The templates that look at one word alone, by its offset from −2 to 2, and all others.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) alone: [Templates; OFFSETS],
    pub(super) others: Templates,
}

impl Plan {
    pub(super) fn new(model: &Crf) -> Self {
        let mut alone: [Templates; OFFSETS] = Default::default();
        let mut others = model.templates().clone();
        for (offset, templates) in (-REACH..=REACH).zip(&mut alone) {
            (*templates, others) = others.split(|a| a.offset == offset && a.column < OWN_COLUMNS);
        }
        Plan { alone, others }
    }
}
