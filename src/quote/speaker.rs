//! Speakers: whom the words of a source name.

use rustc_hash::FxHashMap;

use super::features::Features;
use super::frame::{Frame, Origin};
use super::quotation::Attribution;
use super::transcript_speakers::TranscriptSpeakers;
use crate::entity::{DiscourseState, Entities, EntityId, EntityKind, Mention, Resolution, ResolvedBy, SpeakerResolver};
use crate::language::{Words, english};
use crate::text::Span;

/// Resolves the speakers of an article's frames, in the order of the text.
pub(super) struct Speakers<'t> {
    features: &'t Features<'t>,
    entities: &'t Entities,
    resolver: SpeakerResolver<'t>,
    /// Resolutions by source: a quotation that goes on with the last speaker has the same source.
    known: FxHashMap<(usize, usize), Option<Resolution>>,
    /// The last resolved speaker, if any.
    previous: Option<EntityId>,
    /// The speaker of the attribution right before, if resolved, with its cue.
    last: Option<(EntityId, usize)>,
    /// Where the source of the last attribution ends that was somebody without a name, until somebody with one speaks.
    unnamed: Option<u32>,
    /// The guest of an interview, and whom it has named.
    guest: Option<String>,
    introduced: Introduced,
    /// Where the first person is named, if one is.
    first_person: Option<u32>,
    /// The speakers of a transcript, from the first turn on.
    transcript: Option<TranscriptSpeakers>,
}

impl<'t> Speakers<'t> {
    /// A resolver for one article.
    pub(super) fn new(features: &'t Features<'t>, entities: &'t Entities) -> Self {
        let inside = |tokens: std::ops::Range<usize>| {
            let tokens = features.text.tokens.get(tokens).unwrap_or(&[]);
            tokens.first().zip(tokens.last()).map(|(first, last)| first.span.cover(last.span))
        };
        let quoted: Vec<Span> = features.marks.quoted.iter().filter_map(|q| inside(q.inside())).collect();
        let resolver = SpeakerResolver::new(features.text, entities, &quoted);
        let known = FxHashMap::default();
        let first_person = entities.mentions.iter().find(|m| m.kind == EntityKind::Person).map(|m| m.span.start);
        let (previous, last, unnamed, guest, transcript) = (None, None, None, None, None);
        let introduced = Introduced::default();
        Speakers {
            features,
            entities,
            resolver,
            known,
            previous,
            last,
            unnamed,
            guest,
            introduced,
            first_person,
            transcript,
        }
    }

    /// The speakers of `frame`, whose source is `source`, by name, how they are known, and how sure that is.
    pub(super) fn of(&mut self, frame: &Frame, source: Option<Span>) -> (Vec<String>, Attribution, f32) {
        let unknown = (Vec::new(), Attribution::Unknown, 1.0);
        let (Some(tokens), Some(source)) = (frame.source, source) else { return unknown };
        match frame.origin {
            Origin::Question => return unknown,
            Origin::Answer => {
                return self.guest(source).map_or(unknown, |name| (vec![name], Attribution::Inferred, 1.0));
            }
            Origin::Turn => return self.turn(source).unwrap_or(unknown),
            Origin::Learned | Origin::Structure | Origin::Introduced | Origin::Continuation | Origin::Marks => {}
        }
        let discourse = self.discourse(frame);
        let resolver = &self.resolver;
        let found = self.known.entry(tokens).or_insert_with(|| resolver.resolve(source, discourse));
        let first = found.as_ref().and_then(|found| found.entities.first().copied());
        self.last = first.zip(frame.cue.or(self.last.map(|(_, cue)| cue)));
        self.unnamed = match first {
            Some(_) => None,
            None if resolver.is_somebody(source) => Some(source.end),
            None => self.unnamed,
        };
        let Some(found) = found else { return self.handle(tokens.0).unwrap_or(unknown) };
        let names: Vec<String> =
            found.entities.iter().filter_map(|id| self.entities.get(*id)).map(|e| e.name.clone()).collect();
        if names.is_empty() {
            return unknown;
        }
        self.previous = found.entities.first().copied();
        let attribution = match (frame.origin, found.how) {
            (Origin::Continuation, _) => Attribution::Inferred,
            (_, ResolvedBy::Name) => Attribution::Named,
            (_, ResolvedBy::Alias) => Attribution::Alias,
            (_, ResolvedBy::Pronoun) => Attribution::Pronoun,
        };
        (names, attribution, found.certainty)
    }

    /// The discourse before `frame`: who spoke, asked, or goes on.
    fn discourse(&self, frame: &Frame) -> DiscourseState {
        let cue = |list: &Words, cue: usize| list.contains(self.features.text.word(cue));
        let replies = frame.cue.is_some_and(|own| cue(&english().quotes.replies, own));
        let adds = frame.cue.is_some_and(|own| cue(&english().quotes.adds, own));
        let near =
            |last: usize| frame.cue.is_some_and(|own| self.features.sentence(own) <= self.features.sentence(last) + 2);
        let asker = self
            .last
            .filter(|(_, last)| replies && cue(&english().quotes.asks, *last) && near(*last))
            .map(|(who, _)| who);
        let goes_on = self.last.filter(|_| adds).map(|(who, _)| who);
        let said_before = self.last.filter(|(_, last)| !replies && self.follows(frame, *last)).map(|(who, _)| who);
        DiscourseState { previous: self.previous, asker, said_before, goes_on, unnamed: self.unnamed }
    }

    /// `Ann Ray said no. “Never,” she said.`: true if the frame's quotation starts the sentence after that of the cue `last`,
    /// or its source does: `She wrote: “Never.”`
    fn follows(&self, frame: &Frame, last: usize) -> bool {
        let features = self.features;
        if let (Some((source, end)), Some(cue)) = (frame.source, frame.cue) {
            let next = features.sentence(last) + 1 == features.sentence(source);
            let starts = source > last && features.sentence(source - 1) == features.sentence(last);
            let quoted = frame.tokens().next().is_some_and(|t| features.marks.stretch[t] != 0);
            if next && starts && quoted && end <= cue && features.paragraph(last) == features.paragraph(source) {
                return true;
            }
        }
        let Some(first) = frame.tokens().next().filter(|&t| features.marks.stretch.get(t) != Some(&0)) else {
            return false;
        };
        let starts = first == 0 || features.sentence(first - 1) != features.sentence(first);
        starts
            && frame.cue.is_some_and(|cue| cue > first)
            && features.sentence(last) + 1 == features.sentence(first)
            && features.paragraph(last) == features.paragraph(first)
    }

    /// The speaker of a turn.
    fn turn(&mut self, source: Span) -> Option<(Vec<String>, Attribution, f32)> {
        let (text, entities) = (self.features.text, self.entities);
        let transcript = self.transcript.get_or_insert_with(|| TranscriptSpeakers::of_article(text, entities));
        let speaker = transcript.speaker(source.of(text.raw))?;
        Some((vec![speaker.name], if speaker.in_full { Attribution::Named } else { Attribution::Alias }, 1.0))
    }

    /// The handle of an account, if the source is one: it serves as the name.
    fn handle(&self, first: usize) -> Option<(Vec<String>, Attribution, f32)> {
        let word = self.features.text.word(first);
        (word.starts_with('@') && word.len() > 1).then(|| (vec![word.to_owned()], Attribution::Named, 1.0))
    }

    /// The guest of an interview: the person named most often before the first answer, `source` or an earlier one. Where
    /// others have labels too, as counsel in court, it must be the only one.
    fn guest(&mut self, source: Span) -> Option<String> {
        if self.guest.is_none() && self.first_person.is_some_and(|first| first < source.start) {
            self.introduced.read_to(source.start, self.features, self.entities);
            let guest = self.introduced.guest()?;
            self.guest = self.entities.list.get(guest).map(|entity| entity.name.clone());
        }
        self.guest.clone()
    }
}

/// Whom an interview has named so far. Each mention is read once, however many answers there are before a guest is found.
#[derive(Debug, Default)]
struct Introduced {
    /// Mentions that were read.
    read: usize,
    /// How often each entity was named other than as a label.
    counts: Vec<usize>,
    /// How many entities were.
    named: usize,
    /// True if there was a label.
    labels: bool,
}

impl Introduced {
    /// Reads the mentions that start before `end`, never before that of the last call.
    fn read_to(&mut self, end: u32, features: &Features, entities: &Entities) {
        let raw = features.text.raw;
        let rest = |m: &Mention| raw.get(m.span.end as usize..).unwrap_or("").trim_start_matches(' ');
        // `Q. Who`, `A. Yes` may be read as initials and a name.
        let letter = |m: &Mention| matches!(features.text.word(m.first as usize), "Q" | "Q." | "A" | "A.");
        self.counts.resize(entities.list.len(), 0);
        let unread = entities.mentions.iter().skip(self.read).take_while(|m| m.span.start < end);
        for mention in unread {
            self.read += 1;
            if mention.kind != EntityKind::Person || letter(mention) {
                continue;
            }
            if rest(mention).starts_with(':') {
                self.labels = true;
            } else if let Some(count) = self.counts.get_mut(mention.entity.0 as usize) {
                self.named += usize::from(*count == 0);
                *count += 1;
            }
        }
    }

    /// The entity that was named most often; none where it is not clear who is asked.
    fn guest(&self) -> Option<usize> {
        if self.named == 0 || self.labels && self.named > 1 {
            return None;
        }
        let most = self.counts.iter().max()?;
        self.counts.iter().position(|count| count == most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagger::Words;
    use crate::text::{Text, paragraphs};

    /// The speakers of attributions that rules make of a marked text: `[source|content]`, in order.
    #[track_caller]
    fn check(marked: &str, origin: Origin, expect: &[(&[&str], Attribution)]) {
        let mut raw = String::new();
        let mut pieces: Vec<(Span, Span)> = Vec::new();
        for (n, part) in marked.split(['[', ']']).enumerate() {
            let start = raw.len();
            if let Some((source, content)) = part.split_once('|').filter(|_| n % 2 == 1) {
                raw.push_str(source);
                let middle = raw.len();
                raw.push_str(content);
                pieces.push((Span::new(start, middle), Span::new(middle, raw.len())));
            } else {
                raw.push_str(part);
            }
        }
        let text = Text::new(&raw, &paragraphs(&raw));
        let (mut words, mut ids) = (Words::default(), Vec::new());
        words.read(&text, &mut ids);
        let entities = crate::entity::find(&text);
        let features = Features::new(&text, &words, &ids, &entities.mentions);
        let mut speakers = Speakers::new(&features, &entities);
        let tokens = |span: Span| {
            let first = text.tokens.partition_point(|t| t.span.start < span.start);
            first..text.tokens.partition_point(|t| t.span.start < span.end)
        };
        let found: Vec<(Vec<String>, Attribution)> = pieces
            .into_iter()
            .map(|(source, content)| {
                let range = tokens(source);
                let cue = (text.word(range.end) == ":").then_some(range.end);
                let frame = Frame::from_rule(tokens(content), cue, Some((range.start, range.end)), 1.0, origin);
                let (names, how, _) = speakers.of(&frame, Some(source));
                (names, how)
            })
            .collect();
        let expect: Vec<(Vec<String>, Attribution)> =
            expect.iter().map(|(names, how)| (names.iter().map(ToString::to_string).collect(), *how)).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn names_and_pronouns_are_told_apart() {
        check(
            "[Laura Brown| said no]. Later [she| said yes], and [Brown| said maybe]. [A man| said nothing].",
            Origin::Learned,
            &[
                (&["Laura Brown"], Attribution::Named),
                (&["Laura Brown"], Attribution::Pronoun),
                (&["Laura Brown"], Attribution::Alias),
                (&[], Attribution::Unknown),
            ],
        );
    }

    #[test]
    fn what_goes_on_is_inferred() {
        check("[Laura Brown| said no].", Origin::Continuation, &[(&["Laura Brown"], Attribution::Inferred)]);
    }

    #[test]
    fn turns_go_by_the_cast() {
        check(
            "[LAURA BROWN|: No.]\n\n[HOST|: Why?]\n\n[BROWN|: No.]",
            Origin::Turn,
            &[
                (&["Laura Brown"], Attribution::Named),
                (&[], Attribution::Unknown),
                (&["Laura Brown"], Attribution::Alias),
            ],
        );
    }

    #[test]
    fn the_guest_answers_and_nobody_asks() {
        let continuation = "We met Laura Brown. ";
        check(&format!("{continuation}[Q|: Why?]"), Origin::Question, &[(&[], Attribution::Unknown)]);
        check(&format!("{continuation}[A|: No.]"), Origin::Answer, &[(&["Laura Brown"], Attribution::Inferred)]);
    }

    #[test]
    fn an_account_goes_by_its_handle() {
        check("Who asked? [@nobody| did].", Origin::Learned, &[(&["@nobody"], Attribution::Named)]);
    }
}
