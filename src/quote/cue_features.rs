//! Features of the tokens around a cue that depend on the cue: distance, side, quotation, and what is in between.
//!
//! Each cue has features of its own, so that two cues in a sentence can claim different words.

use super::cue::Cue;
use super::features::{AS_TO_MARKS, AUXILIARY, Features, TAGS, VERB};
use super::marks::MarkPosition;
use crate::language::english;
use crate::tagger::{BORDER_ROWS, Column, Columns, TokenView};

/// Names of the attributes of a token as seen from a cue: signed distance; sentences between; side; how their
/// quotations lie relative to each other; which marks and conjunctions, how many verbs, cues and commas are between; which
/// verb without a subject of its own began last ([`Joint`]), and whether a clause that leads what is said is over
/// ([`Lead`]); the parts of speech between, if near; the cue, its part of speech, the words next to it and its surroundings
/// as to quotation marks.
pub(super) const RELATIVE: [Column; 16] = [
    Column::few("dist", 32),
    Column::many("rel"),
    Column::few("sent", 6),
    Column::few("side", 4),
    Column::many("mask"),
    Column::few("verbs", 6),
    Column::few("cues", 5),
    Column::few("commas", 6),
    Column::few("joint", 6),
    Column::few("lead", 3),
    Column::many("path"),
    Column::many("cue"),
    Column::few("cuetag", TAGS + 1),
    Column::many("cueprev"),
    Column::many("cuenext"),
    Column::many("cueplace"),
];

/// Size of the window on either side of a cue, in tokens.
pub(super) const REACH: usize = 70;

/// The tokens around a cue: its paragraph, and the next if it ends in a colon, up to [`REACH`] on either side.
pub(super) fn window(features: &Features, head: usize) -> std::ops::Range<usize> {
    let number = features.paragraph(head) as usize;
    let Some(paragraph) = features.text.paragraphs.get(number) else { return head..head };
    let mut end = paragraph.end as usize;
    if end < head + 15 && end > head && features.text.word(end - 1) == ":" {
        end = features.text.paragraphs.get(number + 1).map_or(end, |next| next.end as usize);
    }
    (paragraph.first as usize).max(head.saturating_sub(REACH))..end.min(head + REACH)
}

/// The features of a token that the scan outwards from a cue needs, in one place.
#[derive(Debug, Clone, Copy)]
struct TokenFeatures {
    sentence: u32,
    /// The quotation it is in, 0 for none.
    stretch: u32,
    /// The marks and conjunctions that [`mask`] gives.
    mask: u16,
    tag: u32,
    is_verb: bool,
    is_likely_cue: bool,
    joint: Joint,
    starts_clause: bool,
}

/// A word before a verb that has no subject of its own, as in `said it was late and thanked them`: what is said may end there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Joint {
    /// None is.
    #[default]
    None,
    /// *And* or *but* before another cue: `and added`.
    Cue,
    /// *And* or *but* before an auxiliary: `but did not go`.
    Auxiliary,
    /// *And* or *but* before any other verb: `and thanked them`.
    Verb,
    /// A comma before a participle: `, citing officials`.
    Participle,
    /// Another small word before a verb: `without naming`, `when asked`.
    Preposition,
}

/// The clause right behind a cue, as in `said if it rained, they would go`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Lead {
    /// There is none.
    #[default]
    None,
    /// It goes on.
    Within,
    /// It is over: a comma was passed.
    Over,
}

/// A token in the window of a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WindowToken {
    /// The token.
    pub token: usize,
    /// It can belong to the cue: it is in the same sentence or in quotation marks. Of a run of others one is
    /// seen, which stands for all of them.
    pub is_near: bool,
}

/// Computes the features of the tokens around cues. The working space is reused between cues and articles.
#[derive(Debug)]
pub(super) struct CueFeatures {
    token_features: Vec<TokenFeatures>,
    /// The window of the last cue, in order.
    seen: Vec<WindowToken>,
    rows: Vec<[u32; RELATIVE.len()]>,
    /// `rows` between borders.
    relative: Columns,
}

impl Default for CueFeatures {
    fn default() -> Self {
        CueFeatures {
            token_features: Vec::new(),
            seen: Vec::new(),
            rows: Vec::new(),
            relative: Columns::new(RELATIVE.len()),
        }
    }
}

impl CueFeatures {
    /// Sets the article and its likely cues.
    pub(super) fn set_document(&mut self, features: &Features, cues: &[Cue]) {
        self.token_features.clear();
        self.token_features.extend(features.text.tokens.iter().enumerate().map(|(i, token)| TokenFeatures {
            sentence: token.sentence,
            stretch: features.marks.stretch.get(i).copied().unwrap_or(0),
            mask: match features.marks.positions[i] {
                MarkPosition::Opens | MarkPosition::Closes => QUOTES,
                MarkPosition::Inside | MarkPosition::Outside => mask(token.span.of(features.text.raw)),
            },
            tag: features.tag(i),
            is_verb: features.is(i, VERB),
            is_likely_cue: false,
            joint: Joint::None,
            starts_clause: starts_clause(token.span.of(features.text.raw)),
        }));
        for cue in cues {
            self.token_features[cue.head].is_likely_cue = true;
        }
        for i in 0..self.token_features.len() {
            self.token_features[i].joint = self.joint(features, i);
        }
    }

    /// What verb without a subject follows token `i`.
    fn joint(&self, features: &Features, i: usize) -> Joint {
        let sentence = self.token_features[i].sentence;
        let here = |j: usize| self.token_features.get(j).filter(|next| next.sentence == sentence);
        let is_verb = |j: usize| here(j).is_some_and(|next| next.is_verb);
        match features.text.word(i) {
            "and" | "but" => {
                let helps = |j: &usize| here(*j).is_some() && features.is(*j, AUXILIARY);
                let verb = (i + 1..i + 4).find(|j| !helps(j)).unwrap_or(i + 4);
                match here(verb) {
                    Some(next) if next.is_likely_cue => Joint::Cue,
                    Some(next) if next.is_verb && verb == i + 1 => Joint::Verb,
                    _ if verb > i + 1 => Joint::Auxiliary,
                    _ => Joint::None,
                }
            }
            "," if is_verb(i + 1) && features.text.word(i + 1).ends_with("ing") => Joint::Participle,
            "without" | "before" | "after" | "while" | "when" | "upon" if is_verb(i + 1) => Joint::Preposition,
            _ => Joint::None,
        }
    }

    /// Reads the window of a cue.
    pub(super) fn read(&mut self, features: &Features, head: usize) {
        self.seen.clear();
        self.rows.clear();
        let window = window(features, head);
        if window.contains(&head) {
            let cue = CueContext::of(features, &window, head, self.token_features[head]);
            self.scan_side(&cue, (window.start..head).rev(), Side::Before);
            self.seen.reverse();
            self.rows.reverse();
            self.seen.push(WindowToken { token: head, is_near: true });
            self.rows.push(cue.row(head, &Intervening::default(), Side::At, 1, 0));
            self.scan_side(&cue, head + 1..window.end, Side::After);
        }
        self.relative.clear();
        self.relative.push_all(&self.rows);
        self.relative.border();
    }

    /// The features of a token, by its number in the window of the last cue.
    #[inline]
    pub(super) fn view<'v>(&'v self, features: &'v Features, number: usize) -> TokenView<'v> {
        let token = self.seen.get(number).map_or(0, |seen| seen.token);
        TokenView {
            absolute: &features.absolute,
            absolute_row: features.row(token),
            relative: &self.relative,
            relative_row: BORDER_ROWS + number,
        }
    }

    /// The window of the last cue, in order.
    pub(super) fn seen(&self) -> &[WindowToken] {
        &self.seen
    }

    /// The range of tokens that the window covers.
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        match (self.seen.first(), self.seen.last()) {
            (Some(first), Some(last)) => first.token..last.token + 1,
            _ => 0..0,
        }
    }

    /// Scans outwards from the cue on one side, counting what is in between.
    fn scan_side(&mut self, cue: &CueContext, tokens: impl Iterator<Item = usize>, side: Side) {
        let mut between = Intervening::default();
        let mut in_gap = false;
        for token in tokens {
            let token_features = self.token_features[token];
            let same = token_features.sentence == cue.token_features.sentence;
            let is_near = same || token_features.stretch != 0;
            if same && side == Side::After {
                between.pass(cue.head, token, token_features);
            }
            if is_near || !in_gap {
                let rel = between.relation(cue, token_features, side, same);
                let sentences = i64::from(token_features.sentence) - i64::from(cue.token_features.sentence);
                self.seen.push(WindowToken { token, is_near });
                self.rows.push(cue.row(token, &between, side, rel, sentences));
            }
            in_gap = !is_near;
            if same {
                between.mask |= u32::from(token_features.mask);
                between.verbs += u32::from(token_features.is_verb);
                between.commas += u32::from(token_features.mask & 1);
                between.path = between.path.wrapping_mul(53).wrapping_add(token_features.tag + 1);
            }
            between.cues += u32::from(token_features.is_likely_cue);
        }
    }
}

/// On which side of the cue a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before = 1,
    At = 2,
    After = 3,
}

/// The cue that is looked from, and its attributes.
struct CueContext {
    head: usize,
    token_features: TokenFeatures,
    /// Columns `cue` to `cueplace`.
    attributes: [u32; 5],
}

impl CueContext {
    fn of(features: &Features, window: &std::ops::Range<usize>, head: usize, token_features: TokenFeatures) -> Self {
        let word = features.word(head);
        let inside = |token: usize| if window.contains(&token) { features.word(token).low } else { 1 };
        let before = head.checked_sub(1).map_or(1, inside);
        // Columns `ahead`, `behind` and `pattern` of the cue.
        let place =
            features.absolute.row(features.row(head)).get(AS_TO_MARKS).map_or(1, |p| p[0] * 100 + p[1] * 10 + p[2]);
        let attributes = [word.low, features.tag(head) + 1, before, inside(head + 1), place];
        CueContext { head, token_features, attributes }
    }

    /// The attributes of a token: what is between it and the cue, how their quotations lie relative to each other, how many
    /// sentences after the cue's it is.
    fn row(&self, token: usize, between: &Intervening, side: Side, rel: u32, sentences: i64) -> [u32; RELATIVE.len()] {
        let steps = token.abs_diff(self.head);
        let in_sentence = |n: u32| if sentences == 0 { 1 + n } else { 0 };
        let has_path = sentences == 0 && (1..=4).contains(&steps);
        let [cue, tag, before, after, place] = self.attributes;
        [
            distance(steps) + 20 * u32::from(side == Side::Before),
            rel,
            (sentences.clamp(-2, 2) + 3) as u32,
            side as u32,
            in_sentence(between.mask),
            in_sentence(between.verbs.min(4)),
            1 + between.cues.min(3),
            in_sentence(between.commas.min(4)),
            between.joint as u32,
            between.lead as u32,
            if has_path { between.path.wrapping_mul(50).wrapping_add(steps as u32) } else { 0 },
            cue,
            tag,
            before,
            after,
            place,
        ]
    }
}

/// What is between the cue and a token.
#[derive(Debug, Default)]
struct Intervening {
    mask: u32,
    verbs: u32,
    commas: u32,
    cues: u32,
    joint: Joint,
    lead: Lead,
    path: u32,
    stretches: u32,
    last_stretch: u32,
}

/// Tokens from a cue to a clause that leads what is said, with `that` or a comma between.
const LEAD_REACHES: usize = 2;

impl Intervening {
    /// Notes that a token of the cue's sentence is reached behind the cue.
    fn pass(&mut self, head: usize, token: usize, token_features: TokenFeatures) {
        if token_features.joint != Joint::None {
            self.joint = token_features.joint;
        }
        if token_features.starts_clause && token - head <= LEAD_REACHES {
            self.lead = Lead::Within;
        } else if self.lead == Lead::Within && token_features.mask & 1 != 0 {
            self.lead = Lead::Over;
        }
    }

    /// The place of a token's quotation relative to the cue's: 1 for none, 2 for the same, then by side, by how many others
    /// were passed, by whether the token is in the cue's sentence and another cue was passed.
    fn relation(&mut self, cue: &CueContext, token_features: TokenFeatures, side: Side, same: bool) -> u32 {
        if token_features.stretch == 0 {
            return 1;
        }
        if token_features.stretch == cue.token_features.stretch {
            return 2;
        }
        if token_features.stretch != self.last_stretch {
            self.stretches += 1;
            self.last_stretch = token_features.stretch;
        }
        let nth = self.stretches.min(3) - 1;
        3 + side as u32 * 20 + nth * 5 + 2 * u32::from(!same) + u32::from(self.cues > 0)
    }
}

/// True for a word that starts a clause before its main clause.
fn starts_clause(word: &str) -> bool {
    english().quotes.clause_leads.contains(word)
}

fn distance(steps: usize) -> u32 {
    match steps {
        0..=4 => steps as u32 + 1,
        5..=6 => 6,
        7..=9 => 7,
        10..=14 => 8,
        15..=24 => 9,
        25..=40 => 10,
        _ => 11,
    }
}

/// The bit of [`mask`] for quotation marks.
const QUOTES: u16 = 2;

/// A bit for each mark or conjunction that parts clauses; bit 1 is the comma.
fn mask(word: &str) -> u16 {
    if word.len() > 8 {
        return 0;
    }
    match word {
        "," => 1,
        ";" => 4,
        ":" => 8,
        "-" | "—" | "–" | "--" | "―" => 16,
        "and" | "And" => 32,
        "but" | "But" => 64,
        "that" | "That" => 128,
        "who" | "which" => 256,
        "(" | ")" => 512,
        "as" | "if" | "when" | "while" | "because" | "As" | "If" | "When" | "While" | "Because" => 1024,
        _ => 0,
    }
}
