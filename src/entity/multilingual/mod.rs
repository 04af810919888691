//! Names in languages other than English: a linear-chain CRF a script, shared by the languages that are written in it.
//!
//! Features of a token are there twice: alone, and together with its language. A language that was trained on has
//! weights of its own; one that was not is read by what the others of its script have in common.

mod columns;
mod gazetteer;
mod listed;
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

/// The script whose model reads a language; empty where lists have to do.
fn script(pack: &Pack) -> &'static str {
    match pack.code.as_str() {
        "zh" => "zh",
        "ja" => "ja",
        _ if pack.is_written_in('\0'..='\u{36f}') => "latin",
        _ if pack.is_written_in('\u{400}'..='\u{52f}') => "cyrillic",
        _ => "",
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
            return listed::find(text, pack);
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
        cut_titles(text, pack, &mut found);
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
            found.push(NameSpan::new(i, i + 1, EntityKind::Organization));
        }
    }
    found.sort_by_key(|name| name.first);
}

/// Cuts names before a title that starts inside them and ends behind them, where a surname tells that it is a person's:
/// `柏木宗太` of `柏木宗太組合長`. In `京都市長` no person is named.
fn cut_titles(text: &Text, pack: &'static Pack, found: &mut [NameSpan]) {
    if !pack.text.ideographs {
        return;
    }
    let keys = |first: usize| (first..text.tokens.len()).map(|i| super::fold::word_key(text.word(i)));
    for name in found {
        let (length, lists) = gazetteer::Names::of(pack).longest(keys(name.first));
        if lists & gazetteer::SURNAME == 0 {
            continue;
        }
        let runs_past = |&j: &usize| {
            let title = pack.phrase(&(j..text.tokens.len()).map(|i| text.word(i)));
            title.is_some_and(|(words, roles)| roles.any(Roles::TITLE) && j + words > name.end)
        };
        if let Some(end) = (name.first + length + 1..name.end).find(runs_past) {
            *name = NameSpan { end, kind: EntityKind::Person, ..*name };
        }
    }
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
