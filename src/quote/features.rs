//! The features of an article that do not depend on a cue: its words, its quotation marks, and the attributes of each token.

use super::marks::{MarkPosition, Marks};
use crate::entity::{EntityKind, Mention};
use crate::tagger::{Attributes, BORDER_ROWS, Case, Column, Columns, Entry, WordId, Words, attribute};
use crate::text::Text;

/// Names of the attributes of a token, for templates: its word in lower case; its last three and four letters; its
/// shape and case; its usual part of speech; the kind of name it is part of here; its place as to quotation marks;
/// whether it starts its sentence or quotation; steps to the next opening mark and from the last closing one in its
/// sentence; whether the sentence is in quotation marks; its word cluster.
pub(super) const ABSOLUTE: [Column; 13] = [
    Column::many("low"),
    Column::many("suf3"),
    Column::many("suf4"),
    Column::many("shape"),
    Column::few("case", 6),
    Column::few("tag", TAGS),
    Column::few("name", 6),
    Column::few("place", 5),
    Column::few("first", 3),
    Column::few("ahead", 8),
    Column::few("behind", 8),
    Column::few("pattern", 7),
    Column::many("cluster"),
];

/// Parts of speech are numbered below this.
pub(super) const TAGS: u32 = 48;

/// Column of [`ABSOLUTE`]: the part of speech.
const TAG: usize = 5;
/// Column of [`ABSOLUTE`]: the kind of name.
const NAME: usize = 6;
/// Column of [`ABSOLUTE`]: the place as to quotation marks.
pub(super) const PLACE: usize = 7;
/// Columns of [`ABSOLUTE`] that say where a cue is relative to quotation marks.
pub(super) const AS_TO_MARKS: std::ops::Range<usize> = 9..12;

/// Kind of name: a person; see [`Features::name`].
pub(super) const PERSON: u32 = 1;
/// Kind of name: an organisation.
pub(super) const BODY: u32 = 2;

/// Kind of name: a place.
pub(super) const PLACE_NAME: u32 = 3;

/// Number of the part of speech of a word in a name, and of a quotation mark, in the lexicon.
pub(super) const PROPER: u8 = 3;
/// See [`PROPER`].
pub(super) const QUOTATION_MARK: u8 = 35;
/// Number of names of no kind of ours in the lexicon: `Democrats`, `German`.
pub(super) const OTHER_NAME: u8 = 4;

/// Lexicon flag: the word may head a cue.
pub(super) const MAY_CUE: u8 = 1;
/// Lexicon flag: the word is mostly a verb.
pub(super) const VERB: u8 = 2;
/// Lexicon flag: the word is mostly an adverb, auxiliary or modal: it may be within a verb group.
pub(super) const AUXILIARY: u8 = 4;

/// Distances from 0 to 9 steps or more, as attributes.
const NEAR: [u32; 10] = [1, 2, 3, 4, 5, 5, 6, 6, 6, 7];

/// The features of one article.
pub(super) struct Features<'t> {
    pub text: &'t Text<'t>,
    words: &'t Words,
    ids: &'t [WordId],
    pub marks: Marks,
    mentions: &'t [Mention],
    /// A row of [`ABSOLUTE`] for each token, a border between paragraphs; see [`Features::row`].
    pub absolute: Columns,
}

impl<'t> Features<'t> {
    /// The features of a text whose words are `ids` in `words` and whose names are `mentions`.
    pub(super) fn new(text: &'t Text<'t>, words: &'t Words, ids: &'t [WordId], mentions: &'t [Mention]) -> Self {
        Self::written_into(Features::columns(), text, words, ids, mentions)
    }

    /// Columns for [`Features::written_into`].
    pub(super) fn columns() -> Columns {
        Columns::new(ABSOLUTE.len())
    }

    /// The same as [`Features::new`], with the rows of the tokens in columns that an earlier text used.
    pub(super) fn written_into(
        mut absolute: Columns,
        text: &'t Text<'t>,
        words: &'t Words,
        ids: &'t [WordId],
        mentions: &'t [Mention],
    ) -> Self {
        let mut marks = Marks::default();
        marks.read(text);
        absolute.clear();
        absolute.reserve(text.tokens.len() + (text.paragraphs.len() + 1) * BORDER_ROWS);
        let mut features = Features { text, words, ids, marks, mentions, absolute };
        features.describe();
        features
    }

    /// The attributes of a token's word.
    #[inline]
    pub(super) fn word(&self, token: usize) -> &Attributes {
        self.words.get(self.ids.get(token).copied().unwrap_or(WordId::MAX))
    }

    /// True if the lexicon has this flag for the token's word.
    #[inline]
    pub(super) fn is(&self, token: usize, flag: u8) -> bool {
        self.word(token).entry.flags & flag != 0
    }

    /// True if the token may head a cue: its word is in the lexicon and not part of a name here.
    #[inline]
    pub(super) fn may_cue(&self, token: usize) -> bool {
        self.is(token, MAY_CUE) && !(1..=3).contains(&self.name(token))
    }

    /// True if the lexicon has the token's word in small letters, and not as a name.
    pub(super) fn is_common(&self, token: usize) -> bool {
        self.words.lexicon().is_common(self.text.word(token))
    }

    /// The tokens of each name of a person that has two words or more.
    pub(super) fn full_names(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let people = self.mentions.iter().filter(|m| m.kind == EntityKind::Person && m.end > m.first + 1);
        people.map(|m| m.first as usize..m.end as usize)
    }

    /// The kind of name that a token is part of: 0 for none, 1 person, 2 organisation, 3 place, [`OTHER_NAME`].
    #[inline]
    pub(super) fn name(&self, token: usize) -> u32 {
        self.absolute.row(self.row(token)).get(NAME).map_or(0, |name| name.saturating_sub(1))
    }

    /// A token's part of speech, as the lexicon numbers them.
    #[inline]
    pub(super) fn tag(&self, token: usize) -> u32 {
        self.absolute.row(self.row(token)).get(TAG).copied().unwrap_or(0)
    }

    /// The row of a token in `fixed`.
    #[inline]
    pub(super) fn row(&self, token: usize) -> usize {
        let paragraph = self.text.tokens.get(token).map_or(0, |t| t.paragraph as usize);
        token + (paragraph + 1) * BORDER_ROWS
    }

    /// Index of a token's sentence.
    pub(super) fn sentence(&self, token: usize) -> u32 {
        self.text.tokens.get(token).map_or(u32::MAX, |t| t.sentence)
    }

    /// Index of a token's paragraph.
    pub(super) fn paragraph(&self, token: usize) -> u32 {
        self.text.tokens.get(token).map_or(u32::MAX, |t| t.paragraph)
    }

    /// True if the token is a word or number rather than a mark.
    pub(super) fn is_word(&self, token: usize) -> bool {
        self.word(token).case != Case::Mark
    }

    fn describe(&mut self) {
        let text = self.text;
        let mut paragraph = 0;
        let mut names = self.mentions.iter().peekable();
        for sentence in &text.sentences {
            let tokens = sentence.tokens();
            let here = self.paragraph(tokens.start);
            // Every paragraph has a border, even without tokens: the row of a token follows from its paragraph.
            for _ in paragraph..here {
                self.absolute.border();
            }
            paragraph = here;
            self.describe_sentence(tokens, &mut names);
        }
        self.absolute.border();
    }

    fn describe_sentence(
        &mut self,
        tokens: std::ops::Range<usize>,
        names: &mut std::iter::Peekable<std::slice::Iter<Mention>>,
    ) {
        let positions = self.marks.positions.get(tokens.clone()).unwrap_or(&[]);
        let pattern = pattern(positions);
        let mut behind = NEAR.len();
        let mut next_open = next_opening(positions, 0);
        for (i, token) in tokens.clone().enumerate() {
            let place = positions.get(i).copied().unwrap_or_default();
            behind = if place == MarkPosition::Closes { 0 } else { behind + 1 };
            if next_open.is_some_and(|open| open < i) {
                next_open = next_opening(positions, i);
            }
            let ahead = next_open.map_or(NEAR.len(), |open| open - i);
            let after_mark = i > 0 && positions.get(i - 1) == Some(&MarkPosition::Opens);
            while names.next_if(|m| m.end as usize <= token).is_some() {}
            let named = names.peek().filter(|m| m.first as usize <= token).map(|m| m.kind);
            let word = match place {
                MarkPosition::Opens | MarkPosition::Closes => mark(),
                MarkPosition::Inside | MarkPosition::Outside => *self.word(token),
            };
            let (tag, name) = part_and_name(&word, named);
            let row = [
                word.low,
                word.suffix3,
                word.suffix4,
                word.shape,
                word.case as u32,
                u32::from(tag),
                u32::from(name) + 1,
                place as u32,
                1 + u32::from(i == 0 || after_mark),
                NEAR[ahead.min(9)],
                NEAR[behind.min(9)],
                pattern,
                u32::from(word.entry.cluster),
            ];
            self.absolute.push(&row);
        }
    }
}

/// Every quotation mark as the plain double one: what is learnt of one sort holds for all.
fn mark() -> Attributes {
    let plain = attribute("\"");
    let entry = Entry { tag: QUOTATION_MARK, ..Entry::default() };
    Attributes {
        low: plain,
        suffix3: plain,
        suffix4: plain,
        shape: plain,
        case: Case::Mark,
        entry,
        ..Attributes::default()
    }
}

/// The part of speech and kind of name of a word that is part of a name of kind `named`, or of none.
fn part_and_name(word: &Attributes, named: Option<EntityKind>) -> (u8, u8) {
    let kind = match named {
        Some(EntityKind::Person) => 1,
        Some(EntityKind::Organization) => 2,
        Some(EntityKind::Place) => 3,
        None if word.entry.name == OTHER_NAME => OTHER_NAME,
        None => 0,
    };
    let capital = matches!(word.case, Case::Capitalised | Case::Capitals);
    let tag = if named.is_some() && capital { PROPER } else { word.entry.tag.max(1) };
    (tag, kind)
}

/// 1 for a sentence without marks, then bits for one that opens and one that closes a quotation, 6 for one inside.
fn pattern(positions: &[MarkPosition]) -> u32 {
    if positions.iter().all(|p| *p == MarkPosition::Inside) {
        return 6;
    }
    1 + u32::from(positions.contains(&MarkPosition::Opens)) + 2 * u32::from(positions.contains(&MarkPosition::Closes))
}

fn next_opening(positions: &[MarkPosition], from: usize) -> Option<usize> {
    positions.iter().skip(from).position(|p| *p == MarkPosition::Opens).map(|n| from + n)
}
