//! Frames: the content and the source of one cue, found by a linear-chain CRF over the cue's surroundings.
//!
//! Every cue has a view of its own of the tokens around it (how far, on which side, in which quotation, what stands
//! between), so that two cues in a sentence can claim different words.

use super::cue::Cue;
use super::scene::{Scene, VERB};
use crate::tagger::{BORDER_ROWS, Columns, Lattice, Model, View};

/// Names of the attributes of a token as seen from a cue: signed distance; sentences between; side; how their
/// quotations stand to each other; what marks and conjunctions, how many verbs, cues and commas stand between; the
/// parts of speech between, if near; the cue, its part of speech, the words next to it and its surroundings as to
/// quotation marks.
pub(super) const MOVING: [&str; 14] = [
    "dist", "sent", "side", "rel", "mask", "verbs", "cues", "commas", "path", "cue", "cuetag", "cueprev", "cuenext",
    "cueplace",
];

/// The CRF's templates.
pub(super) const TEMPLATES: &str = "
    low low-1 low+1 suf3·side tag-1·tag·tag+1 tag·side·commas tag·dist path·cue rel·place·side·sent
    rel·cueplace·place dist·sent·place dist·cue mask·side·cue cues·sent·place commas·side·cue low·side·commas
    low·low+1·side low-1·low·side cuenext·dist cueplace·side·sent verbs·commas·side cuetag·dist
    place-1·place·place+1 tag-1·tag·side tag·tag+1·side name·side·commas first·side·sent low·dist cueprev·dist
    cueprev·side case·side·commas case-1·case·case+1 rel-1·rel·rel+1 cueplace·dist cues·side low+1·side
    cuetag·cuenext·side tag-2·tag-1·tag·side cueprev·cue·side name-1·name·name+1·side";

/// Labels: outside, first and further tokens of the source, first and further tokens of the content.
pub(super) const LABELS: usize = 5;
/// First token of a source.
pub(super) const SOURCE: u8 = 1;
/// First token of a stretch of content.
pub(super) const CONTENT: u8 = 3;

/// Tokens looked at on either side of a cue.
const REACH: usize = 70;

/// Content is considered from this probability on, when quotations are made whole or conflicts settled.
const CONSIDERED: f32 = 0.3;

/// Where a frame came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A learned cue.
    Learned,
    /// The form of the text: a transcript, a sign-off.
    Structure,
    /// The question of an interview: nobody is named.
    Question,
    /// The answer in an interview: its guest speaks.
    Answer,
    /// Nothing but quotation marks, after somebody has spoken.
    Continuation,
    /// Nothing but quotation marks.
    Marks,
}

/// An attribution: a cue with its content and source.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The cue's head; none if there is no cue.
    pub cue: Option<usize>,
    /// How likely it is that this is an attribution.
    pub p: f32,
    /// How likely the head is one of a cue.
    pub cue_p: f32,
    /// The first token of `claims`.
    pub from: usize,
    /// Of each token: how surely it is content.
    pub claims: Vec<f32>,
    /// Of each token: whether it is content.
    pub content: Vec<bool>,
    /// The tokens that name the source.
    pub source: Option<(usize, usize)>,
    /// How sure the source is.
    pub source_p: f32,
    /// Where it came from.
    pub origin: Origin,
}

impl Frame {
    /// A frame made by a rule: all of `content` is surely content.
    pub(super) fn ruled(
        content: std::ops::Range<usize>,
        cue: Option<usize>,
        source: Option<(usize, usize)>,
        p: f32,
        origin: Origin,
    ) -> Self {
        Frame {
            cue,
            p,
            cue_p: p,
            from: content.start,
            claims: vec![1.0; content.len()],
            content: vec![true; content.len()],
            source,
            source_p: 1.0,
            origin,
        }
    }

    /// True if the token is part of the content.
    pub(super) fn holds(&self, token: usize) -> bool {
        token.checked_sub(self.from).and_then(|i| self.content.get(i)).copied().unwrap_or(false)
    }

    /// How surely a token is content.
    pub(super) fn claim(&self, token: usize) -> f32 {
        token.checked_sub(self.from).and_then(|i| self.claims.get(i)).copied().unwrap_or(0.0)
    }

    /// The tokens of the content, in order.
    pub(super) fn tokens(&self) -> impl Iterator<Item = usize> {
        self.content.iter().enumerate().filter(|(_, held)| **held).map(|(i, _)| self.from + i)
    }

    /// How many of these tokens are part of the content.
    pub(super) fn count_in(&self, tokens: std::ops::Range<usize>) -> usize {
        let (start, end) = (tokens.start.saturating_sub(self.from), tokens.end.saturating_sub(self.from));
        let held = self.content.get(start.min(self.content.len())..end.min(self.content.len()));
        held.map_or(0, |held| held.iter().filter(|h| **h).count())
    }

    /// The content as runs of tokens.
    pub(super) fn runs(&self) -> Vec<std::ops::Range<usize>> {
        let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
        for token in self.tokens() {
            match runs.last_mut() {
                Some(run) if run.end == token => run.end += 1,
                _ => runs.push(token..token + 1),
            }
        }
        runs
    }

    /// True if there is no content.
    pub(super) fn is_empty(&self) -> bool {
        !self.content.contains(&true)
    }

    /// Takes a token out of the content.
    pub(super) fn drop(&mut self, token: usize) {
        if let Some(held) = token.checked_sub(self.from).and_then(|i| self.content.get_mut(i)) {
            *held = false;
        }
    }

    /// Puts tokens into the content, beyond the window too.
    pub(super) fn take(&mut self, tokens: std::ops::Range<usize>) {
        if tokens.start < self.from {
            let missing = self.from - tokens.start;
            self.content.splice(0..0, std::iter::repeat_n(false, missing));
            self.claims.splice(0..0, std::iter::repeat_n(0.0, missing));
            self.from = tokens.start;
        }
        if self.content.len() < tokens.end - self.from {
            self.content.resize(tokens.end - self.from, false);
            self.claims.resize(tokens.end - self.from, 0.0);
        }
        self.content[tokens.start - self.from..tokens.end - self.from].fill(true);
    }
}

/// The tokens around a cue: its paragraph, and the next if it ends in a colon, up to [`REACH`] on either side.
pub(super) fn window(scene: &Scene, head: usize) -> std::ops::Range<usize> {
    let number = scene.paragraph(head) as usize;
    let Some(paragraph) = scene.text.paragraphs.get(number) else { return head..head };
    let mut end = paragraph.end as usize;
    if end < head + 15 && end > head && scene.text.word(end - 1) == ":" {
        end = scene.text.paragraphs.get(number + 1).map_or(end, |next| next.end as usize);
    }
    (paragraph.first as usize).max(head.saturating_sub(REACH))..end.min(head + REACH)
}

/// The surroundings of cues as columns; the working space is reused from cue to cue.
pub(super) struct Viewer {
    /// The view of the cue last looked from.
    pub moving: Columns,
    rows: Vec<[u32; MOVING.len()]>,
    /// For each token of the article: it is a likely cue.
    likely: Vec<bool>,
    /// For each token of the article: the marks and conjunctions that [`mask`] gives.
    masks: Vec<u16>,
}

impl Viewer {
    /// Makes ready for an article with these likely cues.
    pub(super) fn new(scene: &Scene, cues: &[Cue]) -> Self {
        let mut likely = vec![false; scene.text.tokens.len()];
        for cue in cues.iter().filter(|c| c.p > 0.2) {
            likely[cue.head] = true;
        }
        let masks = (0..scene.text.tokens.len()).map(|t| mask(scene.text.word(t))).collect();
        Viewer { moving: Columns::new(MOVING.len()), rows: Vec::new(), likely, masks }
    }

    /// Looks from a cue; gives each token in its window as the model sees it.
    pub(super) fn look<'v>(&'v mut self, scene: &'v Scene, head: usize) -> impl Iterator<Item = View<'v>> {
        let window = window(scene, head);
        self.rows.clear();
        self.rows.resize(window.len(), [0; MOVING.len()]);
        if window.contains(&head) {
            self.spread(scene, head, &window, head + 1..window.end, 3);
            self.spread(scene, head, &window, (window.start..head).rev(), 1);
            self.rows[head - window.start] = row(scene, head, &window, head, &Between::default(), 2, 1);
        }
        self.moving.clear();
        for row in &self.rows {
            self.moving.push(row);
        }
        self.moving.border();
        let (fixed, moving) = (&scene.fixed, &self.moving);
        window.enumerate().map(move |(i, token)| View {
            fixed,
            fixed_row: scene.row(token),
            moving,
            moving_row: BORDER_ROWS + i,
        })
    }

    /// Goes from the cue outwards on one side, keeping count of what was passed.
    fn spread(
        &mut self,
        scene: &Scene,
        head: usize,
        window: &std::ops::Range<usize>,
        tokens: impl Iterator<Item = usize>,
        side: u32,
    ) {
        let mut between = Between::default();
        let own = scene.marks.stretch[head];
        for token in tokens {
            let same = scene.sentence(token) == scene.sentence(head);
            let stretch = scene.marks.stretch[token];
            let rel = if stretch == 0 {
                1
            } else if stretch == own {
                2
            } else {
                if stretch != between.last_stretch {
                    between.stretches += 1;
                    between.last_stretch = stretch;
                }
                let nth = between.stretches.min(3) - 1;
                3 + side * 20 + nth * 5 + 2 * u32::from(!same) + u32::from(between.cues > 0)
            };
            self.rows[token - window.start] = row(scene, head, window, token, &between, side, rel);
            if same {
                between.mask |= u32::from(self.masks[token]);
                between.verbs += u32::from(scene.is(token, VERB));
                between.commas += u32::from(self.masks[token] & 1);
            }
            between.cues += u32::from(self.likely[token]);
            between.path = between.path.wrapping_mul(53).wrapping_add(u32::from(scene.word(token).entry.tag) + 1);
        }
    }
}

/// What stands between the cue and a token.
#[derive(Debug, Default)]
struct Between {
    mask: u32,
    verbs: u32,
    commas: u32,
    cues: u32,
    path: u32,
    stretches: u32,
    last_stretch: u32,
}

fn row(
    scene: &Scene,
    head: usize,
    window: &std::ops::Range<usize>,
    token: usize,
    between: &Between,
    side: u32,
    rel: u32,
) -> [u32; MOVING.len()] {
    let same = scene.sentence(token) == scene.sentence(head);
    let steps = token.abs_diff(head);
    let sentences = i64::from(scene.sentence(token)) - i64::from(scene.sentence(head));
    let cue = scene.word(head);
    let inside = |t: usize| if window.contains(&t) { scene.word(t).low } else { 1 };
    let place = scene.fixed.row(scene.row(head));
    let in_sentence = |n: u32| if same { 1 + n } else { 0 };
    [
        distance(steps) + 20 * u32::from(token < head),
        (sentences.clamp(-2, 2) + 3) as u32,
        side,
        rel,
        in_sentence(between.mask),
        in_sentence(between.verbs.min(4)),
        1 + between.cues.min(3),
        in_sentence(between.commas.min(4)),
        if same && (1..=4).contains(&steps) { between.path.wrapping_mul(50).wrapping_add(steps as u32) } else { 0 },
        cue.low,
        u32::from(cue.entry.tag) + 1,
        head.checked_sub(1).map_or(1, inside),
        inside(head + 1),
        // Columns `ahead`, `behind` and `pattern` of the cue.
        place.get(9..12).map_or(1, |p| p[0] * 100 + p[1] * 10 + p[2]),
    ]
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

/// A bit for each mark or conjunction that parts clauses; bit 1 is the comma.
fn mask(word: &str) -> u16 {
    if word.len() > 8 {
        return 0;
    }
    match word {
        "," => 1,
        "\"" | "''" | "“" | "”" | "``" | "‘" => 2,
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

/// The frame of each cue.
pub(super) fn find(scene: &Scene, model: &Model, cues: &[Cue], lattice: &mut Lattice) -> Vec<Frame> {
    find_with(scene, model, cues, &mut Viewer::new(scene, cues), lattice)
}

/// The frame of each cue, seen through `viewer`.
pub(super) fn find_with(
    scene: &Scene,
    model: &Model,
    cues: &[Cue],
    viewer: &mut Viewer,
    lattice: &mut Lattice,
) -> Vec<Frame> {
    let mut labels = Vec::new();
    let mut frames = Vec::with_capacity(cues.len());
    let mut sums = Sums::new(scene, model);
    for cue in cues {
        let from = window(scene, cue.head).start;
        lattice.start(LABELS);
        for (i, view) in viewer.look(scene, cue.head).enumerate() {
            if concerns(scene, cue.head, from + i) {
                model.push(&sums.of(model, from + i, cue.head, view), lattice);
            } else {
                lattice.push(OUTSIDE.into_iter());
            }
        }
        model.best(lattice, &mut labels);
        let marginals = model.marginals(lattice);
        frames.push(frame(cue, from, &labels, marginals));
    }
    frames
}

/// Scores of a token that surely is neither source nor content.
const OUTSIDE: [f32; LABELS] = [0.0, -30.0, -30.0, -30.0, -30.0];

/// True if the token can belong to the cue: it stands in the same sentence or in quotation marks.
fn concerns(scene: &Scene, head: usize, token: usize) -> bool {
    scene.sentence(token) == scene.sentence(head) || scene.marks.stretch[token] != 0
}

/// Sums of weights that several cues share: a token's own on either side of a cue, whichever cue it is.
struct Sums {
    /// Templates that depend on nothing of the cue but on which side of it a token stands.
    shared: Vec<u16>,
    /// All others.
    own: Vec<u16>,
    /// For each token of the article, once looked at: its sums before and after a cue.
    known: Vec<[Option<[i32; LABELS]>; 2]>,
}

impl Sums {
    fn new(scene: &Scene, model: &Model) -> Self {
        let (shared, own) = model.templates().split(|column| MOVING[column] == "side");
        Sums { shared, own, known: vec![[None; 2]; scene.text.tokens.len()] }
    }

    #[inline]
    fn of(&mut self, model: &Model, token: usize, head: usize, view: View) -> [i32; LABELS] {
        let shared = |model: &Model| {
            let mut sums = [0; LABELS];
            model.add(&self.shared, view, &mut sums);
            sums
        };
        let mut sums = if token == head {
            shared(model)
        } else {
            *self.known[token][usize::from(token > head)].get_or_insert_with(|| shared(model))
        };
        model.add(&self.own, view, &mut sums);
        sums
    }
}

fn frame(cue: &Cue, from: usize, labels: &[u8], marginals: &[f32]) -> Frame {
    let claim = |row: &[f32]| row[3] + row[4];
    let mut claims: Vec<f32> = marginals.chunks_exact(LABELS).map(claim).collect();
    for claim in claims.iter_mut().filter(|c| **c < CONSIDERED) {
        *claim = 0.0;
    }
    let source = nearest_source(cue.head, from, labels);
    let source_p = source.map_or(0.0, |(start, end)| {
        let rows = marginals.chunks_exact(LABELS).skip(start - from).take(end - start);
        rows.map(|r| r[1] + r[2]).sum::<f32>() / (end - start) as f32
    });
    Frame {
        cue: Some(cue.head),
        p: cue.p,
        cue_p: cue.p,
        from,
        claims,
        content: labels.iter().map(|l| *l >= CONTENT).collect(),
        source,
        source_p,
        origin: Origin::Learned,
    }
}

/// Of the runs labelled as source the one nearest to the cue.
fn nearest_source(head: usize, from: usize, labels: &[u8]) -> Option<(usize, usize)> {
    let mut best: Option<(usize, usize)> = None;
    let far = |run: (usize, usize)| run.0.abs_diff(head).min((run.1 - 1).abs_diff(head));
    let mut i = 0;
    while i < labels.len() {
        let run = labels[i..].iter().take_while(|l| matches!(**l, 1 | 2)).count();
        if run > 0 {
            let run = (from + i, from + i + run);
            if best.is_none_or(|b| far(run) < far(b)) {
                best = Some(run);
            }
        }
        i += run.max(1);
    }
    best
}
