//! The surroundings of a cue: what its tokens look like from there.
//!
//! Every cue has a view of its own of the tokens around it (how far, on which side, in which quotation, what stands
//! between), so that two cues in a sentence can claim different words.

use super::cue::Cue;
use super::marks::Place;
use super::scene::{AS_TO_MARKS, Scene, TAGS, VERB};
use crate::tagger::{BORDER_ROWS, Column, Columns, View};

/// Names of the attributes of a token as seen from a cue: signed distance; sentences between; side; how their
/// quotations stand to each other; what marks and conjunctions, how many verbs, cues and commas stand between; the
/// parts of speech between, if near; the cue, its part of speech, the words next to it and its surroundings as to
/// quotation marks.
pub(super) const MOVING: [Column; 14] = [
    Column::few("dist", 32),
    Column::many("rel"),
    Column::few("sent", 6),
    Column::few("side", 4),
    Column::many("mask"),
    Column::few("verbs", 6),
    Column::few("cues", 5),
    Column::few("commas", 6),
    Column::many("path"),
    Column::many("cue"),
    Column::few("cuetag", TAGS + 1),
    Column::many("cueprev"),
    Column::many("cuenext"),
    Column::many("cueplace"),
];

/// Tokens looked at on either side of a cue.
const REACH: usize = 70;

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

/// What a token looks like from anywhere, in one place for the walk outwards from each cue.
#[derive(Debug, Clone, Copy)]
struct Glance {
    sentence: u32,
    /// The quotation it stands in, 0 for none.
    stretch: u32,
    /// The marks and conjunctions that [`mask`] gives.
    mask: u16,
    tag: u32,
    is_verb: bool,
    is_likely_cue: bool,
}

/// A token in the view of a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// The token.
    pub token: usize,
    /// It can belong to the cue: it stands in the same sentence or in quotation marks. Of a run of others one is
    /// seen, which stands for all of them.
    pub is_near: bool,
}

/// Views of the surroundings of cues; the working space is reused from cue to cue and from article to article.
#[derive(Debug)]
pub(super) struct Viewer {
    glances: Vec<Glance>,
    /// What is seen from the cue last looked from, in order.
    seen: Vec<Seen>,
    rows: Vec<[u32; MOVING.len()]>,
    /// `rows` between borders.
    moving: Columns,
}

impl Default for Viewer {
    fn default() -> Self {
        Viewer { glances: Vec::new(), seen: Vec::new(), rows: Vec::new(), moving: Columns::new(MOVING.len()) }
    }
}

impl Viewer {
    /// Makes ready for an article with these likely cues.
    pub(super) fn enter(&mut self, scene: &Scene, cues: &[Cue]) {
        self.glances.clear();
        self.glances.extend(scene.text.tokens.iter().enumerate().map(|(i, token)| Glance {
            sentence: token.sentence,
            stretch: scene.marks.stretch.get(i).copied().unwrap_or(0),
            mask: match scene.marks.places[i] {
                Place::Opens | Place::Closes => QUOTES,
                Place::Inside | Place::Outside => mask(token.span.of(scene.text.raw)),
            },
            tag: scene.tag(i),
            is_verb: scene.is(i, VERB),
            is_likely_cue: false,
        }));
        for cue in cues {
            self.glances[cue.head].is_likely_cue = true;
        }
    }

    /// Looks from a cue; gives what is seen, in order, and each token as the model sees it.
    pub(super) fn look<'v>(&'v mut self, scene: &'v Scene, head: usize) -> impl Iterator<Item = (Seen, View<'v>)> {
        self.seen.clear();
        self.rows.clear();
        let window = window(scene, head);
        if window.contains(&head) {
            let cue = Seat::of(scene, &window, head, self.glances[head]);
            self.spread(&cue, (window.start..head).rev(), Side::Before);
            self.seen.reverse();
            self.rows.reverse();
            self.seen.push(Seen { token: head, is_near: true });
            self.rows.push(cue.row(head, &Between::default(), Side::At, 1, 0));
            self.spread(&cue, head + 1..window.end, Side::After);
        }
        self.moving.clear();
        self.moving.push_all(&self.rows);
        self.moving.border();
        let (fixed, moving) = (&scene.fixed, &self.moving);
        self.seen.iter().enumerate().map(move |(i, seen)| {
            let fixed_row = scene.row(seen.token);
            (*seen, View { fixed, fixed_row, moving, moving_row: BORDER_ROWS + i })
        })
    }

    /// What is seen from the cue last looked from, in order.
    pub(super) fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// The tokens from the first to the last that is seen.
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        match (self.seen.first(), self.seen.last()) {
            (Some(first), Some(last)) => first.token..last.token + 1,
            _ => 0..0,
        }
    }

    /// Goes from the cue outwards on one side, keeping count of what was passed.
    fn spread(&mut self, cue: &Seat, tokens: impl Iterator<Item = usize>, side: Side) {
        let mut between = Between::default();
        let mut in_gap = false;
        for token in tokens {
            let glance = self.glances[token];
            let same = glance.sentence == cue.glance.sentence;
            let is_near = same || glance.stretch != 0;
            if is_near || !in_gap {
                let rel = between.relation(cue, glance, side, same);
                let sentences = i64::from(glance.sentence) - i64::from(cue.glance.sentence);
                self.seen.push(Seen { token, is_near });
                self.rows.push(cue.row(token, &between, side, rel, sentences));
            }
            in_gap = !is_near;
            if same {
                between.mask |= u32::from(glance.mask);
                between.verbs += u32::from(glance.is_verb);
                between.commas += u32::from(glance.mask & 1);
                between.path = between.path.wrapping_mul(53).wrapping_add(glance.tag + 1);
            }
            between.cues += u32::from(glance.is_likely_cue);
        }
    }
}

/// On which side of the cue a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before = 1,
    At = 2,
    After = 3,
}

/// The cue that is looked from, and its attributes.
struct Seat {
    head: usize,
    glance: Glance,
    /// Columns `cue` to `cueplace`.
    attributes: [u32; 5],
}

impl Seat {
    fn of(scene: &Scene, window: &std::ops::Range<usize>, head: usize, glance: Glance) -> Self {
        let word = scene.word(head);
        let inside = |token: usize| if window.contains(&token) { scene.word(token).low } else { 1 };
        let before = head.checked_sub(1).map_or(1, inside);
        // Columns `ahead`, `behind` and `pattern` of the cue.
        let place = scene.fixed.row(scene.row(head)).get(AS_TO_MARKS).map_or(1, |p| p[0] * 100 + p[1] * 10 + p[2]);
        let attributes = [word.low, scene.tag(head) + 1, before, inside(head + 1), place];
        Seat { head, glance, attributes }
    }

    /// The attributes of a token: what stands between it and the cue, how their quotations stand to each other, how many
    /// sentences after the cue's it stands.
    fn row(&self, token: usize, between: &Between, side: Side, rel: u32, sentences: i64) -> [u32; MOVING.len()] {
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
            if has_path { between.path.wrapping_mul(50).wrapping_add(steps as u32) } else { 0 },
            cue,
            tag,
            before,
            after,
            place,
        ]
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

impl Between {
    /// How the quotation of a token stands to the cue's: 1 for none, 2 for the same, then by side, by how many others
    /// were passed, by whether the token is in the cue's sentence and another cue was passed.
    fn relation(&mut self, cue: &Seat, glance: Glance, side: Side, same: bool) -> u32 {
        if glance.stretch == 0 {
            return 1;
        }
        if glance.stretch == cue.glance.stretch {
            return 2;
        }
        if glance.stretch != self.last_stretch {
            self.stretches += 1;
            self.last_stretch = glance.stretch;
        }
        let nth = self.stretches.min(3) - 1;
        3 + side as u32 * 20 + nth * 5 + 2 * u32::from(!same) + u32::from(self.cues > 0)
    }
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
