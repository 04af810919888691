//! What the encoder makes of an article: its paragraphs in windows, as many at once as fit, and of their words the scores
//! of names, of cues and of the roles around likely cues.

use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::encoder::{Encoder, Scratch, Window};
use super::heads::{Frames, Heads, WordScores};
use super::weights::{Tensors, WeightsError};
use super::word_piece::{CLS, SEP, UNKNOWN, Vocabulary, WordPieces};
use crate::text::Text;

/// Pieces of a window, beside `[CLS]` and `[SEP]`.
const PIECES: usize = 254;

/// Pieces of a word that are read; longer words are mostly addresses.
const PIECES_OF_WORD: usize = 16;

/// Words on either side of a cue whose roles are kept: more than any frame reaches.
const REACH: usize = 80;

/// Labels of a frame: outside, first and further words of the source, first and further words of the content.
const LABELS: usize = 5;

/// Labels of names: outside, then first and further words of people, organisations, places and other names.
const NAME_LABELS: usize = 9;

/// Everything that the file of weights holds. Shared by threads.
#[derive(Debug, Clone)]
pub struct ReadingModel {
    vocabulary: Vocabulary,
    encoder: Encoder,
    heads: Heads,
}

static SHIPPED: LazyLock<Option<ReadingModel>> =
    LazyLock::new(|| ReadingModel::from_bytes(include_bytes!("../../models/encoder.safetensors")).ok());

impl ReadingModel {
    /// The model that is compiled in; it is looked at when first needed.
    pub fn shipped() -> Option<&'static Self> {
        SHIPPED.as_ref()
    }

    /// From the bytes of a file that `models/teach` made.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let tensors = Tensors::from_bytes(bytes)?;
        let encoder = Encoder::from_tensors(&tensors)?;
        let heads = Heads::from_tensors(&tensors, encoder.width())?;
        match (heads.frame_labels(), heads.name_labels()) {
            (LABELS, NAME_LABELS) => {
                Ok(ReadingModel { vocabulary: Vocabulary::from_tensors(&tensors)?, encoder, heads })
            }
            (LABELS, _) => Err(WeightsError::Shape("names.weight".to_owned())),
            _ => Err(WeightsError::Shape("frame.bias".to_owned())),
        }
    }
}

/// Reads articles one after the other. One a thread.
#[derive(Debug)]
pub struct Reader<'r> {
    weights: &'r ReadingModel,
    word_pieces: WordPieces<'r>,
    scratch: Scratch,
    states: Vec<f32>,
    scores: WordScores,
    frames: Frames,
}

/// What was made of an article.
#[derive(Debug, Default)]
pub struct Reading {
    /// Of each token: log odds that it heads a cue; not a number where it was not read.
    cues: Vec<f32>,
    /// Of each token: log odds of its labels of names against being outside; those of a token that was not read are 0.
    names: Vec<[f32; NAME_LABELS]>,
    roles: FxHashMap<usize, Roles>,
}

/// Scores of the words around a cue.
#[derive(Debug)]
pub struct Roles {
    /// The token of the first scores.
    first: usize,
    /// Log probabilities of the labels; all 0 for a token that was not read.
    scores: Vec<[f32; LABELS]>,
}

impl Reading {
    /// The log odds that a token heads a cue; none if it was not read.
    pub fn cue(&self, token: usize) -> Option<f32> {
        self.cues.get(token).copied().filter(|score| !score.is_nan())
    }

    /// Log odds of a token's labels of names against outside: outside, then first and further words of people,
    /// organisations, places and other names; none if it was not read.
    pub fn name_scores(&self, token: usize) -> Option<[f32; NAME_LABELS]> {
        self.cue(token).and_then(|_| self.names.get(token).copied())
    }

    /// The roles of the words around a likely cue.
    pub fn roles(&self, cue: usize) -> Option<&Roles> {
        self.roles.get(&cue)
    }
}

impl Roles {
    /// The log probabilities of a token's labels; none if it is too far away.
    pub fn at(&self, token: usize) -> Option<[f32; LABELS]> {
        self.scores.get(token.checked_sub(self.first)?).copied()
    }
}

/// Tokens that are read together, and their pieces.
#[derive(Debug, Default)]
struct Packed {
    tokens: Vec<usize>,
    /// The first piece of each token.
    firsts: Vec<usize>,
    pieces: Vec<u32>,
    cases: Vec<u8>,
}

impl<'r> Reader<'r> {
    /// A reader that has seen no words yet.
    pub fn new(weights: &'r ReadingModel) -> Self {
        Reader {
            weights,
            word_pieces: WordPieces::new(&weights.vocabulary),
            scratch: Scratch::default(),
            states: Vec::new(),
            scores: WordScores::default(),
            frames: Frames::default(),
        }
    }

    /// Reads the paragraphs of an article that are `wanted`. Roles are kept of the cues that are likely by their token and
    /// score. Linear in the length of the text.
    pub fn read(&mut self, text: &Text, wanted: &[bool], is_likely: impl Fn(usize, f32) -> bool) -> Reading {
        let count = text.tokens.len();
        let (cues, names) = (vec![f32::NAN; count], vec![[0.0; NAME_LABELS]; count]);
        let mut reading = Reading { cues, names, roles: FxHashMap::default() };
        for window in self.pack(text, wanted) {
            self.read_window(&window, &is_likely, &mut reading);
        }
        reading
    }

    fn read_window(&mut self, window: &Packed, is_likely: &impl Fn(usize, f32) -> bool, reading: &mut Reading) {
        let Reader { weights, scratch, states, scores, frames, .. } = self;
        let width = weights.encoder.width();
        let encoded = weights.encoder.encode(Window { pieces: &window.pieces, cases: &window.cases }, scratch);
        states.clear();
        for first in &window.firsts {
            states.extend_from_slice(encoded.get(first * width..(first + 1) * width).unwrap_or_default());
        }
        weights.heads.score_words(states, scores);
        let mut likely = Vec::new();
        let of_names = scores.names.as_chunks::<NAME_LABELS>().0;
        for (row, ((token, score), labels)) in window.tokens.iter().zip(&scores.cues).zip(of_names).enumerate() {
            if let (Some(cue), Some(name)) = (reading.cues.get_mut(*token), reading.names.get_mut(*token)) {
                (*cue, *name) = (*score, labels.map(|label| label - labels[0]));
            }
            if is_likely(*token, *score) {
                likely.push(row);
            }
        }
        weights.heads.score_frames(states, scores, &likely, frames);
        let rows = frames.logits.chunks_exact((window.tokens.len() * LABELS).max(1));
        for (row, logits) in likely.iter().zip(rows) {
            let Some(token) = window.tokens.get(*row) else { continue };
            reading.roles.insert(*token, window.roles(*token, logits));
        }
    }

    /// The tokens of the wanted paragraphs in windows: whole paragraphs, as many as fit. A paragraph that does not fit ends
    /// with a sentence if it can.
    fn pack(&mut self, text: &Text, wanted: &[bool]) -> Vec<Packed> {
        let mut windows = vec![Packed::new()];
        let mut room = PIECES;
        let tokens = |unit: &crate::text::Unit| unit.tokens();
        let paragraphs = text.paragraphs.iter().zip(wanted).filter(|(_, wanted)| **wanted);
        let mut sentences = text.sentences.iter().map(tokens).peekable();
        for paragraph in paragraphs.map(|(paragraph, _)| paragraph.tokens()) {
            let size = self.size(text, paragraph.clone());
            let parts: Vec<Range<usize>> = if size <= PIECES {
                vec![paragraph]
            } else {
                while sentences.next_if(|sentence| sentence.end <= paragraph.start).is_some() {}
                std::iter::from_fn(|| sentences.next_if(|sentence| sentence.start < paragraph.end)).collect()
            };
            for part in parts {
                let size = self.size(text, part.clone());
                if size > room {
                    windows.push(Packed::new());
                    room = PIECES;
                }
                for token in part {
                    let pieces = self.word_pieces.pieces(text.word(token));
                    let pieces = if pieces.is_empty() { &[UNKNOWN] } else { pieces };
                    let pieces = &pieces[..pieces.len().min(PIECES_OF_WORD)];
                    if pieces.len() > room {
                        windows.push(Packed::new());
                        room = PIECES;
                    }
                    room -= pieces.len();
                    if let Some(window) = windows.last_mut() {
                        window.push(token, pieces, text.word(token));
                    }
                }
            }
        }
        windows.retain(|window| !window.tokens.is_empty());
        for window in &mut windows {
            window.pieces.push(SEP);
            window.cases.push(0);
        }
        windows
    }

    /// The pieces of a range of tokens.
    fn size(&mut self, text: &Text, tokens: Range<usize>) -> usize {
        tokens.map(|token| self.word_pieces.pieces(text.word(token)).len().clamp(1, PIECES_OF_WORD)).sum()
    }
}

impl Packed {
    fn new() -> Self {
        Packed { pieces: vec![CLS], cases: vec![0], ..Packed::default() }
    }

    fn push(&mut self, token: usize, pieces: &[u32], word: &str) {
        self.tokens.push(token);
        self.firsts.push(self.pieces.len());
        self.pieces.extend_from_slice(pieces);
        self.cases.push(case(word));
        self.cases.extend(pieces.iter().skip(1).map(|_| GOES_ON));
    }

    /// The roles of the words near a cue, of the logits of all words.
    fn roles(&self, cue: usize, logits: &[f32]) -> Roles {
        let near = |token: usize| token.abs_diff(cue) <= REACH;
        let first = self.tokens.iter().copied().find(|token| near(*token)).unwrap_or(cue);
        let mut scores = Vec::new();
        for (token, logits) in self.tokens.iter().zip(logits.as_chunks::<LABELS>().0).filter(|(token, _)| near(**token))
        {
            scores.resize(token - first, [0.0; LABELS]);
            let highest = logits.iter().copied().fold(f32::MIN, f32::max);
            let sum: f32 = logits.iter().map(|logit| (logit - highest).exp()).sum();
            scores.push(logits.map(|logit| logit - highest - sum.ln()));
        }
        Roles { first, scores }
    }
}

/// The case of a piece that goes on with a word.
const GOES_ON: u8 = 5;

/// How a word is written: 0 without letters, 1 digits, 2 capitals, 3 a capital first, 4 small letters.
fn case(word: &str) -> u8 {
    let has = |is: fn(char) -> bool| word.chars().any(is);
    match () {
        () if !has(char::is_alphabetic) => u8::from(has(char::is_numeric)),
        () if word.chars().nth(1).is_some() && !has(char::is_lowercase) => 2,
        () if word.starts_with(char::is_uppercase) => 3,
        () => 4,
    }
}
