//! What the recogniser knows of a word by itself, worked out once for each distinct word and kept from text to text.

use rustc_hash::FxHashMap;

use super::clusters::Clusters;
use super::{COLUMNS, Crf, Sums};
use crate::entity::fold::word_key;
use crate::entity::gazetteer::gazetteer;
use crate::entity::name_start::NameStart;
use crate::entity::tokens::{Tokens, WordInfo};
use crate::tagger::{Case, Columns, Templates, TokenView, attribute, class, identity, shape};
use crate::text::Text;

/// Distinct words kept from text to text, a sixth of a kilobyte each; past this many the vocabulary starts anew with the
/// next text. A year of an agency's news has some 74,000, a third of them numbers: with room for less than half of that,
/// the same words were learnt over and over, which took a twentieth of an ingest.
const CAPACITY: usize = 1 << 17;

/// Columns that depend on the word alone: the first of [`COLUMNS`](super::COLUMNS).
pub(in crate::entity) const OWN_COLUMNS: usize = 13;

/// A word looks this far to either side.
pub(super) const REACH: i32 = 2;

/// Places a word can be in relation to a token: two before, one before, itself, one after, two after.
const OFFSETS: usize = 2 * REACH as usize + 1;

/// A word with all that is known of it.
#[derive(Debug, Clone)]
struct Word {
    known: WordInfo,
    columns: [u32; OWN_COLUMNS],
    /// Sums of the weights that this word alone gives a token beside it, once they were asked for.
    sums: [Option<Sums>; OFFSETS],
}

/// The words met so far. One a thread.
#[derive(Debug)]
pub(in crate::entity) struct Vocabulary {
    /// By [`identity`].
    ids: FxHashMap<u64, u32>,
    words: Vec<Word>,
    /// The columns of the last text, for the next one to write over: a hundred kilobytes that need not be asked of the
    /// system again for each article.
    columns: Columns,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Vocabulary { ids: FxHashMap::default(), words: Vec::new(), columns: Columns::new(COLUMNS.len()) }
    }
}

impl Vocabulary {
    /// Takes up the words of a text; gives the number of each token's word and its tokens.
    pub(in crate::entity) fn read<'t>(&mut self, text: &'t Text<'t>, clusters: &Clusters) -> (Vec<u32>, Tokens<'t>) {
        if self.words.len() > CAPACITY {
            *self = Vocabulary::default();
        }
        // All hashes first: look-ups that follow each other closely wait for memory together.
        let identities: Vec<u64> = text.tokens.iter().map(|token| identity(token.span.of(text.raw))).collect();
        let words = identities.iter().zip(&text.tokens);
        let ids: Vec<u32> = words.map(|(&id, token)| self.number(id, || token.span.of(text.raw), clusters)).collect();
        let known = ids.iter().filter_map(|&id| Some(self.words.get(id as usize)?.known)).collect();
        (ids, Tokens::known(text, known))
    }

    /// Columns to write into, which [`take_back`](Self::take_back) gets again.
    pub(super) fn lend_columns(&mut self) -> Columns {
        std::mem::replace(&mut self.columns, Columns::new(0))
    }

    /// Takes columns back.
    pub(super) fn take_back(&mut self, columns: Columns) {
        self.columns = columns.renewed();
    }

    /// The columns that depend on the word alone.
    pub(super) fn columns(&self, id: u32) -> &[u32] {
        self.words.get(id as usize).map_or(&[], |w| &w.columns)
    }

    /// Adds to `sums` what the word gives a token that it is `offset` away from.
    /// `templates` are those that look at nothing else; `view` is the token's.
    pub(super) fn add(
        &mut self,
        id: u32,
        offset: i32,
        model: &Crf,
        templates: &Templates,
        view: TokenView,
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

    /// The number of the word with this [`identity`], which `word` gives where it is new.
    fn number<'w>(&mut self, identity: u64, word: impl FnOnce() -> &'w str, clusters: &Clusters) -> u32 {
        if let Some(&number) = self.ids.get(&identity) {
            return number;
        }
        let number = self.words.len() as u32;
        self.ids.insert(identity, number);
        self.words.push(Word::new(word(), clusters));
        number
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
            attribute(&shape(start.chars(), class)),
            case,
            lists.bits() + 1,
            fine,
            coarse,
        ];
        Word { known: WordInfo { key, lists, starts: NameStart::of(word) }, columns, sums: [None; OFFSETS] }
    }
}

/// The templates that look at one word alone, by its offset from −2 to 2, and all others.
#[derive(Debug)]
pub(super) struct TemplateGroups {
    pub(super) alone: [Templates; OFFSETS],
    pub(super) others: Templates,
}

impl TemplateGroups {
    pub(super) fn new(model: &Crf) -> Self {
        let mut alone: [Templates; OFFSETS] = Default::default();
        let mut others = model.templates().clone();
        for (offset, templates) in (-REACH..=REACH).zip(&mut alone) {
            (*templates, others) = others.split(|a| a.offset == offset && a.column < OWN_COLUMNS);
        }
        TemplateGroups { alone, others }
    }
}
