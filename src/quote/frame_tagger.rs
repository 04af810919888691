//! Framing: the content and the source of each cue, found by a linear-chain CRF over the cue's surroundings.
//!
//! This is where most of the time of an analysis goes, a token being looked at from 1.2 cues on average. Only tokens that
//! can belong to the cue are looked at, and nothing is summed twice that does not depend on both the cue and the token.
//! Sums are whole numbers, so that the order in which they are put together changes nothing.

use std::ops::Range;
use std::sync::Arc;

use super::combination::Encoded;
use super::cue::{Cue, INTRODUCES};
use super::cue_features::{CueFeatures, RELATIVE};
use super::features::{Features, PLACE};
use super::frame::{Frame, Origin};
use crate::tagger::{Attribute, Lattice, Lookups, Model, SumTables, Templates, TokenView};

/// The CRF's templates.
pub(super) const TEMPLATES: &str = "
    low low-1 low+1 suf3·side tag-1·tag·tag+1 tag·side·commas tag·dist path·cue rel·place·side·sent
    rel·cueplace·place dist·sent·place dist·cue mask·side·cue cues·sent·place commas·side·cue low·side·commas
    low·low+1·side low-1·low·side cuenext·dist cueplace·side·sent verbs·commas·side cuetag·dist
    place-1·place·place+1 tag-1·tag·side tag·tag+1·side name·side·commas first·side·sent low·dist cueprev·dist
    joint·cue joint·cuetag·side joint·verbs·commas·side joint·mask joint·low joint·tag·tag+1 lead·commas·side lead·low
    cueprev·side case·side·commas case-1·case·case+1 rel-1·rel·rel+1 cueplace·dist cues·side low+1·side
    cuetag·cuenext·side tag-2·tag-1·tag·side cueprev·cue·side name-1·name·name+1·side cluster·side";

/// Labels: outside, first and further tokens of the source, first and further tokens of the content.
pub(super) const LABELS: usize = 5;
/// First token of a source.
pub(super) const SOURCE: u8 = 1;
/// First token of a stretch of content.
pub(super) const CONTENT: u8 = 3;

/// Content is considered from this probability on, when quotations are made whole or conflicts settled.
const CONSIDERED: f32 = 0.3;

/// Scores of a token that surely is neither source nor content.
const OUTSIDE: [f32; LABELS] = [0.0, -30.0, -30.0, -30.0, -30.0];

/// Weights of a feature: one a label but the first.
const WEIGHTS: usize = LABELS - 1;

/// The sums of a token's weights.
type Sums = [i16; WEIGHTS];

/// The CRF, its templates parted by what they depend on.
#[derive(Debug)]
pub(super) struct FrameModel {
    pub model: Model<LABELS, WEIGHTS>,
    /// Nothing of the cue but on which side of it the token is.
    token: SumTables<WEIGHTS>,
    /// Both the token and the cue.
    both: SumTables<WEIGHTS>,
    /// Things that change little from a token of a window to the next.
    shared: [Shared; 4],
}

/// Templates whose sums neighbouring tokens share, and what decides them, for one cue.
#[derive(Debug)]
struct Shared {
    plan: SumTables<WEIGHTS>,
    key: fn(TokenView) -> Key,
}

/// Values that decide the features of [`Shared`] templates; those not used are 0.
type Key = [u32; 8];

/// Columns of [`RELATIVE`] that depend on the cue and the distance from it alone.
const DISTANCE: &[&str] = &["dist", "side", "cue", "cuetag", "cueprev", "cuenext", "cueplace"];

/// Columns of [`RELATIVE`] that change little from a token to the next, and those that do not change at all.
const BETWEEN: &[&str] = &[
    "sent", "side", "mask", "verbs", "cues", "commas", "joint", "lead", "cue", "cuetag", "cueprev", "cuenext",
    "cueplace",
];

/// Columns of [`RELATIVE`] that say how quotations are placed, seen from the cue.
const QUOTATION: &[&str] = &["rel", "side", "sent", "cues", "cueplace"];

/// Where the first columns are in [`RELATIVE`]: the distance, which says the side as well; how quotations are placed; and the
/// eight that change little, of which the first are the sentences between and the side, the fifth the cues between.
const DIST: usize = 0;
const REL: usize = 1;
const CHANGING: Range<usize> = 2..10;

fn by_side(view: TokenView) -> Key {
    let [_, side, ..] = changing(view);
    [side, 0, 0, 0, 0, 0, 0, 0]
}

fn by_distance(view: TokenView) -> Key {
    [relative(view, 0, DIST), 0, 0, 0, 0, 0, 0, 0]
}

fn changing(view: TokenView) -> Key {
    view.relative.row(view.relative_row).get(CHANGING).and_then(<[u32]>::first_chunk).copied().unwrap_or_default()
}

fn by_quotation(view: TokenView) -> Key {
    let place = view.absolute.row(view.absolute_row).get(PLACE).copied().unwrap_or(0);
    let [sent, side, _, _, cues, ..] = changing(view);
    [relative(view, -1, REL), relative(view, 0, REL), relative(view, 1, REL), place, side, sent, cues, 0]
}

/// A value of a token of the window or of its neighbour.
fn relative(view: TokenView, offset: isize, column: usize) -> u32 {
    let row = view.relative_row.saturating_add_signed(offset);
    view.relative.row(row).get(column).copied().unwrap_or(0)
}

impl FrameModel {
    /// Takes up a model.
    pub(super) fn new(model: Model<LABELS, WEIGHTS>) -> Self {
        let templates = model.templates().clone();
        let (token, others) = templates.split(|a| !a.is_relative || RELATIVE[a.column].name == "side");
        let only = |a: Attribute, columns: &[&str]| {
            a.is_relative && a.offset == 0 && columns.contains(&RELATIVE[a.column].name)
        };
        let (distance, others) = others.split(|a| only(a, DISTANCE));
        let (side, distance) = distance.split(|a| RELATIVE[a.column].name != "dist");
        let (between, others) = others.split(|a| only(a, BETWEEN));
        let (quotation, both) = others.split(|a| {
            let rel = a.is_relative && RELATIVE[a.column].name == "rel" && a.offset.abs() <= 1;
            rel || only(a, QUOTATION) || !a.is_relative && a.column == PLACE && a.offset == 0
        });
        let plan = |templates: Templates| model.plan(&templates);
        let shared = [
            Shared { plan: plan(side), key: by_side },
            Shared { plan: plan(distance), key: by_distance },
            Shared { plan: plan(between), key: changing },
            Shared { plan: plan(quotation), key: by_quotation },
        ];
        let (token, both) = (plan(token), plan(both));
        FrameModel { model, token, both, shared }
    }
}

/// Frames the cues of one article after the other, keeping what can be kept. One a thread.
#[derive(Debug)]
pub(super) struct FrameTagger<'f> {
    frame_model: &'f FrameModel,
    cue_features: CueFeatures,
    sums: WindowSums,
    lattice: Lattice<LABELS>,
    labels: Vec<u8>,
    /// Labels of another frame of the cue.
    other: Vec<u8>,
    /// The roles that tokens have in none of its frames so far.
    unsure: Vec<Unsure>,
    /// Of each token: the probability of each role.
    roles: Vec<[f32; ROLES]>,
}

impl<'f> FrameTagger<'f> {
    /// A reader that remembers nothing yet.
    pub(super) fn new(frame_model: &'f FrameModel) -> Self {
        FrameTagger {
            frame_model,
            cue_features: CueFeatures::default(),
            sums: WindowSums::default(),
            lattice: Lattice::default(),
            labels: Vec::new(),
            other: Vec::new(),
            unsure: Vec::new(),
            roles: Vec::new(),
        }
    }

    /// The frames of an article's likely cues, in order: of each cue the most likely one first, then others that differ from
    /// it where it is not sure. Cues without content have none, unless they have a source and are likely enough to
    /// introduce what is elsewhere.
    pub(super) fn find(&mut self, features: &Features, cues: &[Cue], encoded: Option<Encoded>) -> Vec<Frame> {
        self.cue_features.set_document(features, cues);
        self.sums.tokens.clear();
        self.sums.tokens.resize(features.text.tokens.len(), [None; 2]);
        let mut frames = Vec::new();
        for cue in cues {
            self.frames(features, *cue, encoded, &mut frames);
        }
        frames
    }

    fn frames(&mut self, features: &Features, cue: Cue, encoded: Option<Encoded>, frames: &mut Vec<Frame>) {
        let FrameTagger { frame_model, cue_features, sums, lattice, labels, other, unsure, roles } = self;
        cue_features.read(features, cue.head);
        sums.read(frame_model, features, cue_features, cue.head);
        lattice.start();
        let roles_by_encoder = encoded.and_then(|encoded| encoded.roles(cue.head));
        let mut scores = sums.window.iter().map(|sums| frame_model.model.scores(*sums));
        for seen in cue_features.seen() {
            let scores = if seen.is_near { scores.next().unwrap_or(OUTSIDE) } else { OUTSIDE };
            let joined =
                roles_by_encoder.as_ref().filter(|_| seen.is_near).and_then(|roles| roles.join(scores, seen.token));
            lattice.push(joined.unwrap_or(scores));
        }
        frame_model.model.best(lattice, labels);
        roles.clear();
        roles.extend(frame_model.model.marginals(lattice).iter().map(|p| [p[0], p[1] + p[2], p[3] + p[4]]));
        let claims = Arc::new(claims(cue_features, roles));
        let least = if cue.p >= INTRODUCES { SOURCE } else { CONTENT };
        if labels.iter().any(|label| *label >= least) {
            frames.push(frame(cue, cue_features, labels, roles, 0.0, &claims));
        }
        // Where the role of a token is not sure, the most likely frame in which it has another one.
        unsure.clear();
        for (token, (p, label)) in roles.iter().zip(labels.iter()).enumerate() {
            let others = (0..ROLES).filter(|&other| other != role(*label) && p[other] >= UNSURE);
            unsure.extend(others.map(|role| Unsure { p: p[role], token, role }));
        }
        for _ in 1..MOST_FRAMES {
            let likeliest = unsure.iter().max_by(|a, b| a.p.total_cmp(&b.p));
            let Some(&Unsure { token, role: wanted, .. }) = likeliest else { break };
            let allowed = std::array::from_fn(|label| role(label as u8) == wanted);
            let behind = frame_model.model.best_where(lattice, labels, (token, allowed), other);
            if other.iter().any(|label| *label >= CONTENT) {
                frames.push(frame(cue, cue_features, other, roles, behind, &claims));
            }
            unsure.retain(|unsure| role(other[unsure.token]) != unsure.role);
        }
    }
}

/// A token and a role that it may have instead of its most likely one.
#[derive(Debug, Clone, Copy)]
struct Unsure {
    p: f32,
    token: usize,
    role: usize,
}

/// Roles of a token: none, part of the source, part of the content.
const ROLES: usize = 3;

/// Frames of a cue, at most.
const MOST_FRAMES: usize = 4;

/// A role that a token has with a smaller probability makes no frame of its own.
const UNSURE: f32 = 0.1;

fn role(label: u8) -> usize {
    match label {
        CONTENT.. => 2,
        SOURCE.. => 1,
        0 => 0,
    }
}

/// The sums of the weights at each token of a cue's window that is near. Working space, reused from cue to cue.
#[derive(Debug, Default)]
struct WindowSums {
    window: Vec<Sums>,
    /// For each token of the article, once looked at: what it gives by itself before and after a cue.
    tokens: Vec<[Option<Sums>; 2]>,
    /// Numbers of the tokens that are near, and of those at which something is asked for.
    near: Vec<usize>,
    asked: Vec<usize>,
    answers: Vec<Sums>,
    lookups: Lookups,
}

impl WindowSums {
    /// Sums all weights, one group of templates after the other: what is asked of a group is asked for the whole window, so
    /// that memory is waited for as little as can be.
    fn read(&mut self, frame_model: &FrameModel, features: &Features, cue_features: &CueFeatures, head: usize) {
        let WindowSums { window, tokens, near, asked, answers, lookups } = self;
        let view = |number: &usize| cue_features.view(features, *number);
        let mut ask = |plan: &SumTables<WEIGHTS>, asked: &[usize], answers: &mut Vec<Sums>| {
            answers.clear();
            frame_model.model.each_by(plan, asked.iter().map(view), lookups, |sums| answers.push(sums));
        };
        near.clear();
        near.extend(cue_features.seen().iter().enumerate().filter(|(_, seen)| seen.is_near).map(|(number, _)| number));
        ask(&frame_model.both, near, window);

        for Shared { plan, key } in &frame_model.shared {
            let mut last = None;
            asked.clear();
            asked.extend(near.iter().filter(|number| {
                let key = Some(key(view(number)));
                std::mem::replace(&mut last, key) != key
            }));
            ask(plan, asked, answers);
            let mut answers = asked.iter().zip(answers.iter()).peekable();
            let mut answer = Sums::default();
            for (sums, number) in window.iter_mut().zip(near.iter()) {
                if let Some((_, next)) = answers.next_if(|(asked, _)| *asked == number) {
                    answer = *next;
                }
                *sums = add(*sums, answer);
            }
        }

        let token = |number: &usize| cue_features.seen().get(*number).map_or(head, |seen| seen.token);
        // The cue itself is on neither side, so that nothing is known of it.
        tokens[head] = [None; 2];
        let known = |tokens: &[[Option<Sums>; 2]], token: usize| tokens[token][usize::from(token > head)];
        asked.clear();
        asked.extend(near.iter().filter(|number| known(tokens, token(number)).is_none()));
        ask(&frame_model.token, asked, answers);
        for (number, answer) in asked.iter().zip(answers.iter()) {
            let token = token(number);
            tokens[token][usize::from(token > head)] = Some(*answer);
        }
        for (sums, number) in window.iter_mut().zip(near.iter()) {
            *sums = add(*sums, known(tokens, token(number)).unwrap_or_default());
        }
        tokens[head] = [None; 2];
    }
}

#[inline]
fn add(sums: Sums, more: Sums) -> Sums {
    std::array::from_fn(|label| sums[label] + more[label])
}

/// How surely each token of the window is content; what is hardly considered counts nothing.
fn claims(cue_features: &CueFeatures, roles: &[[f32; ROLES]]) -> Vec<f32> {
    let range = cue_features.range();
    let mut claims = vec![0.0; range.len()];
    for (seen, [.., claim]) in cue_features.seen().iter().zip(roles) {
        claims[seen.token - range.start] = if *claim < CONSIDERED { 0.0 } else { *claim };
    }
    claims
}

/// The frame that the labels and probabilities of what `viewer` saw from `cue` make.
fn frame(
    cue: Cue,
    cue_features: &CueFeatures,
    labels: &[u8],
    roles: &[[f32; ROLES]],
    behind: f32,
    claims: &Arc<Vec<f32>>,
) -> Frame {
    let range = cue_features.range();
    let mut content = vec![false; range.len()];
    let mut sources: Vec<Source> = Vec::new();
    for ((seen, label), p) in cue_features.seen().iter().zip(labels).zip(roles) {
        match *label {
            0 => {}
            CONTENT.. => content[seen.token - range.start] = true,
            SOURCE.. => match sources.last_mut() {
                Some(source) if source.end == seen.token => source.push(p[1]),
                Some(_) | None => sources.push(Source { start: seen.token, end: seen.token + 1, p: p[1] }),
            },
        }
    }
    let source = sources.iter().min_by_key(|source| source.far_from(cue.head));
    Frame {
        cue: Some(cue.head),
        p: cue.p,
        cue_p: cue.p,
        from: range.start,
        claims: claims.clone(),
        content,
        source: source.map(|source| (source.start, source.end)),
        source_p: source.map_or(0.0, |source| source.p / (source.end - source.start) as f32),
        behind,
        origin: Origin::Learned,
    }
}

/// A run of tokens labelled as source. Of several the one nearest to the cue is taken.
struct Source {
    start: usize,
    end: usize,
    /// Sum of the probabilities of its tokens.
    p: f32,
}

impl Source {
    fn push(&mut self, p: f32) {
        self.end += 1;
        self.p += p;
    }

    fn far_from(&self, head: usize) -> usize {
        self.start.abs_diff(head).min((self.end - 1).abs_diff(head))
    }
}
