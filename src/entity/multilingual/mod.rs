//! Names in languages other than English: a linear-chain CRF a script, shared by the languages that are written in it.
//!
//! Features of a token are there twice: alone, and together with its language. A language that was trained on has
//! weights of its own; one that was not is read by what the others of its script have in common.

mod columns;
mod gazetteer;
mod train;

use std::borrow::Cow;
use std::sync::LazyLock;

use jieba_rs::Jieba;

pub use train::{LabelledArticle, train_names};

use super::name_span::NameSpan;
use super::recognise::{Label, names};
use super::tokens::Tokens;
use super::{Entities, EntityKind, coreference};
use crate::language::{Pack, Roles};
use crate::tagger::{Bundle, Columns, Lattice, Model, TokenView};
use crate::text::Text;
use columns::{COLUMNS, fill, row};

/// Labels: outside, and the beginning and inside of three kinds.
const LABELS: usize = 7;

/// The model over those labels.
type Crf = Model<LABELS, { LABELS - 1 }>;

/// The weights that are compiled in: a model a script, compressed with zstd, since most readers meet English alone.
static COMPILED_IN: &[u8] = include_bytes!("../../../models/names.bin");

/// The scripts that have a model.
const SCRIPTS: [&str; 4] = ["latin", "cyrillic", "zh", "ja"];

/// The script whose model reads a language.
fn script(pack: &Pack) -> &'static str {
    match pack.code.as_str() {
        "zh" => "zh",
        "ja" => "ja",
        _ if pack.is_latin() => "latin",
        "ar" => "arabic",
        _ => "cyrillic",
    }
}

/// The segmentation of Chinese, by a dictionary that is compiled in.
pub fn jieba() -> &'static Jieba {
    static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);
    &JIEBA
}

/// The recognisers of all scripts.
#[derive(Debug)]
pub struct ScriptRecognisers {
    models: Vec<(&'static str, Crf)>,
}

impl ScriptRecognisers {
    /// Those of this build.
    pub(super) fn compiled_in() -> &'static Self {
        static MODELS: LazyLock<ScriptRecognisers> = LazyLock::new(|| ScriptRecognisers::from_bytes(COMPILED_IN));
        &MODELS
    }

    /// Those that [`train_names`] made, compressed with zstd; scripts whose model is of another version have none.
    pub fn from_bytes(compressed: &[u8]) -> Self {
        let bundle = zstd::decode_all(compressed).ok().and_then(|bytes| Bundle::from_bytes(Cow::Owned(bytes)));
        let model = |script: &'static str| {
            let part = bundle.as_ref()?.part(script)?;
            Some((script, Crf::from_bytes(COLUMNS, &[], &part).ok()?))
        };
        ScriptRecognisers { models: SCRIPTS.into_iter().filter_map(model).collect() }
    }

    /// Finds and resolves every mention in `text`, which was cut as the language of `pack`.
    pub fn find(&self, text: &Text, pack: &'static Pack) -> Entities {
        let found = self.names(text, pack);
        coreference::chain(&Tokens::new(text), &found)
    }

    fn names(&self, text: &Text, pack: &'static Pack) -> Vec<NameSpan> {
        let mut columns = Columns::new(COLUMNS.len());
        let Some((_, model)) = self.models.iter().find(|(name, _)| *name == script(pack)) else {
            return by_lists(text, pack);
        };
        fill(&mut columns, text, pack);
        let mut lattice = Lattice::default();
        let (mut labels, mut found) = (Vec::new(), Vec::new());
        for sentence in &text.sentences {
            lattice.start();
            for i in sentence.tokens() {
                let mut sums = [0; LABELS - 1];
                model.add(model.templates(), TokenView::absolute(&columns, row(text, i)), &mut sums);
                lattice.push(model.scores(sums));
            }
            model.best(&mut lattice, &mut labels);
            found.extend(names(sentence.first as usize, &labels));
        }
        add_bodies_alone(text, pack, &mut found);
        found
    }
}

/// Adds the bodies that go by a common noun behind an article: `la polizia`.
fn add_bodies_alone(text: &Text, pack: &Pack, found: &mut Vec<NameSpan>) {
    if pack.names.bodies_alone.iter().next().is_none() {
        return;
    }
    let mut covered = vec![false; text.tokens.len()];
    for name in &*found {
        covered.iter_mut().take(name.end).skip(name.first).for_each(|slot| *slot = true);
    }
    let role = |i: usize| pack.roles(text.word(i));
    for i in 1..text.tokens.len() {
        let alone = role(i).any(Roles::BODY_ALONE) && role(i - 1).any(Roles::DEFINITE);
        if alone && !covered.get(i).copied().unwrap_or_default() {
            found.push(NameSpan { first: i, end: i + 1, kind: EntityKind::Organization });
        }
    }
    found.sort_by_key(|name| name.first);
}

/// Names of a language without a model: those of its lists, and what follows a title.
fn by_lists(text: &Text, pack: &'static Pack) -> Vec<NameSpan> {
    /// Words of a name behind a title.
    const NAME: usize = 2;
    let lists = gazetteer::Names::of(pack);
    let keys: Vec<u64> = (0..text.tokens.len()).map(|i| super::fold::word_key(text.word(i))).collect();
    // The article is written together with a title: `الوزيرة`.
    let bare = |i: usize| text.word(i).strip_prefix(&pack.names.article).filter(|_| !pack.names.article.is_empty());
    let roles = |i: usize| {
        let roles = pack.roles(text.word(i));
        bare(i).map_or(roles, |bare| roles.and(pack.roles(bare)))
    };
    let plain = |i: usize| {
        let none = Roles::SMALL.and(Roles::VERB).and(Roles::TITLE).and(Roles::PREPOSITION).and(Roles::ADVERB);
        text.word(i).starts_with(char::is_alphabetic) && !roles(i).any(none.and(Roles::THAT).and(Roles::BODY))
    };
    let article = |i: usize| bare(i).is_some();
    let mut found = Vec::new();
    let mut i = 0;
    while i < keys.len() {
        let (length, bits) = lists.longest(keys.get(i..).unwrap_or(&[]).iter().copied());
        let title = i > 0 && roles(i - 1).any(Roles::TITLE)
            || i > 1 && roles(i - 2).any(Roles::TITLE) && article(i - 1) && !article(i);
        // `قال هاني الدلمون`: a verb of saying stands before its subject, whose last name has an article.
        let verb = i > 0 && roles(i - 1).any(Roles::VERB) && plain(i + 1) && article(i + 1) && !article(i);
        let given = bits & gazetteer::GIVEN != 0 || verb;
        if plain(i)
            && (title && !(article(i) && plain(i + 1) && !article(i + 1)) || given)
            && bits & gazetteer::COUNTRY == 0
        {
            let mut end = i + 1;
            while end < i + NAME + usize::from(roles(end).any(Roles::PARTICLE))
                && (plain(end) || roles(end).any(Roles::PARTICLE))
            {
                end += 1;
            }
            if title || end > i + 1 {
                found.push(NameSpan { first: i, end, kind: EntityKind::Person });
                i = end;
                continue;
            }
        }
        if bits & (gazetteer::COUNTRY | gazetteer::CITY) != 0 && !roles(i).any(Roles::SMALL.and(Roles::VERB)) {
            found.push(NameSpan { first: i, end: i + length, kind: EntityKind::Place });
        } else if roles(i).any(Roles::BODY) && article(i) {
            let end = i + 1 + (i + 1..i + 3).take_while(|&j| article(j)).count();
            if end > i + 1 {
                found.push(NameSpan { first: i, end, kind: EntityKind::Organization });
                i = end;
                continue;
            }
        }
        i += length.max(1);
    }
    found
}

/// The label of a token of a name of this kind.
fn label(kind: EntityKind, begins: bool) -> u8 {
    let class = match kind {
        EntityKind::Person => "PER",
        EntityKind::Organization => "ORG",
        EntityKind::Place => "LOC",
    };
    let Label(label) = super::recognise::encode(super::recognise::class(class), begins);
    label
}
