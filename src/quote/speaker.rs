//! Speakers: who the words of a source stand for.

use rustc_hash::FxHashMap;

use super::Attribution;
use super::frame::{Frame, Origin};
use super::scene::Scene;
use crate::entity::{Entities, EntityId, How, Kind, Resolution, Resolver};
use crate::text::Span;

/// Tells the speakers of an article's frames, which come in the order of the text.
pub(super) struct Speakers<'t> {
    entities: &'t Entities,
    resolver: Resolver<'t>,
    /// What was found for each source so far: a quotation that goes on with the last speaker has the same source.
    known: FxHashMap<(usize, usize), Option<Resolution>>,
    /// Who spoke last.
    previous: Option<EntityId>,
    /// Who answers in an interview.
    guest: Option<String>,
}

impl<'t> Speakers<'t> {
    /// Makes ready for one article.
    pub(super) fn new(scene: &Scene<'t>, entities: &'t Entities) -> Self {
        let inside = |tokens: std::ops::Range<usize>| {
            let tokens = scene.text.tokens.get(tokens).unwrap_or(&[]);
            tokens.first().zip(tokens.last()).map(|(first, last)| first.span.cover(last.span))
        };
        let quoted: Vec<Span> = scene.marks.quoted.iter().filter_map(|q| inside(q.inside())).collect();
        let resolver = Resolver::new(scene.text, entities, &quoted);
        Speakers { entities, resolver, known: FxHashMap::default(), previous: None, guest: None }
    }

    /// The speakers of `frame`, whose source is `source`, by name, and how they are known.
    pub(super) fn of(&mut self, frame: &Frame, source: Option<Span>) -> (Vec<String>, Attribution) {
        let unknown = (Vec::new(), Attribution::Unknown);
        let (Some(tokens), Some(source)) = (frame.source, source) else { return unknown };
        match frame.origin {
            Origin::Question => return unknown,
            Origin::Answer => return self.guest(source).map_or(unknown, |name| (vec![name], Attribution::Inferred)),
            Origin::Learned | Origin::Structure | Origin::Continuation | Origin::Marks => {}
        }
        let previous = self.previous;
        let resolver = &self.resolver;
        let found = self.known.entry(tokens).or_insert_with(|| resolver.resolve(source, previous));
        let Some(found) = found else { return unknown };
        let names: Vec<String> =
            found.entities.iter().filter_map(|id| self.entities.get(*id)).map(|e| e.name.clone()).collect();
        if names.is_empty() {
            return unknown;
        }
        self.previous = found.entities.first().copied();
        let attribution = match (frame.origin, found.how) {
            (Origin::Continuation, _) => Attribution::Inferred,
            (_, How::Name) => Attribution::Named,
            (_, How::Alias) => Attribution::Alias,
            (_, How::Pronoun) => Attribution::Pronoun,
        };
        (names, attribution)
    }

    /// The guest of an interview: the person named most often before the first answer, `source` or an earlier one.
    fn guest(&mut self, source: Span) -> Option<String> {
        if self.guest.is_none() {
            let mut counts = vec![0; self.entities.list.len()];
            let introduced = self.entities.mentions.iter().take_while(|m| m.span.start < source.start);
            for mention in introduced.filter(|m| m.kind == Kind::Person) {
                counts[mention.entity.0 as usize] += 1;
            }
            let most = counts.iter().copied().max().filter(|most| *most > 0)?;
            let guest = counts.iter().position(|count| *count == most)?;
            self.guest = self.entities.list.get(guest).map(|entity| entity.name.clone());
        }
        self.guest.clone()
    }
}
