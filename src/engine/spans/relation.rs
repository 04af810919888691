//! Whether parts of a phrase that are near each other belong together: whether one of them modifies the other.
//!
//! A modifier is before its head with nothing but adjectives and nouns between (`school summer closures`), or follows it after a
//! preposition (`closure of the school`), its subject (`the schools will be closed`) or its object (`closed nine schools`).
//! What is decided are the roles of the words between, as the index holds them.

use crate::engine::spans::query::{PositionSource, PositionSpan};
use crate::text::normal::Role;

/// How near each other the parts of a phrase must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nearness {
    /// Other words between the parts in all, at most.
    pub(crate) between: u32,
    /// The part that the others modify; none where nearness is enough.
    pub(crate) head: Option<Head>,
}

/// The part of a phrase that the others modify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Its number among the parts.
    pub(crate) part: usize,
    /// True where the phrase itself has its modifiers after it: `closure of 40 schools`.
    pub(crate) leads: bool,
    /// The parts that are numbers, measures or dates, a bit each.
    pub(crate) measures: u64,
    /// The parts that are participles: `forged` of `forged paintings`.
    pub(crate) participles: u64,
    /// Whether it may be a verb where the phrase has a noun: `closed nine schools` for `school closures`.
    pub(crate) verbal: bool,
}

impl Nearness {
    /// Near each other, whatever is between.
    pub(crate) fn any(between: u32) -> Self {
        Nearness { between, head: None }
    }
}

impl Head {
    fn is_measure(self, part: usize) -> bool {
        part < 64 && self.measures >> part & 1 == 1
    }

    fn is_participle(self, part: usize) -> bool {
        part < 64 && self.participles >> part & 1 == 1
    }
}

/// The roles of the words in a stretch of a text.
pub(crate) struct Roles {
    start: u32,
    /// A bit for each role.
    words: Vec<u16>,
}

/// The bit of words that are parts of the phrase.
const OWN: u16 = 1 << 15;

fn bit(role: Role) -> u16 {
    1 << role.code()
}

/// What a word between two parts may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Clause,
    Pronoun,
    Apart,
    Verb,
    Auxiliary,
    Link,
    Place,
    Circumstance,
    Attribute,
    Definite,
    Determiner,
    Modifier,
    Participle,
    Content,
}

impl Roles {
    /// Reads the roles of all words in `within`; `parts` are the spans of the parts, each in order.
    pub(crate) fn read(source: &mut dyn PositionSource, within: PositionSpan, parts: &[Vec<PositionSpan>]) -> Self {
        let mut words = vec![0; (within.end - within.start) as usize];
        let mut set = |at: u32, bit: u16| {
            if let Some(word) = at.checked_sub(within.start).and_then(|at| words.get_mut(at as usize)) {
                *word |= bit;
            }
        };
        source.roles(within, &mut |role| set(role.position(), 1 << role.code()));
        for span in parts.iter().flatten() {
            (span.start.max(within.start)..span.end.min(within.end)).for_each(|at| set(at, OWN));
        }
        Roles { start: within.start, words }
    }

    fn bits(&self, at: u32) -> Option<u16> {
        self.words.get(at.checked_sub(self.start)? as usize).copied()
    }

    fn is(&self, at: u32, role: Role) -> bool {
        self.bits(at).is_some_and(|bits| bits & bit(role) != 0)
    }

    /// The word at a position; none outside the stretch.
    fn word(&self, at: u32) -> Option<Word> {
        let bits = self.bits(at)?;
        let is = |role: Role| bits & bit(role) != 0;
        Some(match () {
            () if bits & OWN != 0 => Word::Modifier,
            () if is(Role::Clause) => Word::Clause,
            () if is(Role::Pronoun) => Word::Pronoun,
            () if is(Role::Apart) => Word::Apart,
            () if is(Role::Verb) => Word::Verb,
            () if is(Role::Auxiliary) => Word::Auxiliary,
            () if is(Role::Link) => Word::Link,
            () if is(Role::Place) => Word::Place,
            () if is(Role::Circumstance) => Word::Circumstance,
            () if is(Role::Attribute) => Word::Attribute,
            () if is(Role::Definite) => Word::Definite,
            () if is(Role::Determiner) => Word::Determiner,
            () if is(Role::Modifier) => Word::Modifier,
            () if is(Role::Participle) => Word::Participle,
            () => Word::Content,
        })
    }

    /// True if punctuation follows the word at a position, or nothing does.
    fn stops(&self, at: u32) -> bool {
        self.bits(at).is_none_or(|bits| bits & bit(Role::Stop) != 0)
    }

    /// The words between two spans, in order; none where punctuation parts them.
    fn between(&self, first: PositionSpan, last: PositionSpan) -> Option<Vec<Word>> {
        let parted = (first.end.saturating_sub(1)..last.start).any(|at| self.stops(at));
        if parted { None } else { (first.end..last.start).map(|at| self.word(at)).collect() }
    }

    /// The word before a position; none where punctuation comes between.
    fn before(&self, at: u32) -> Option<Word> {
        at.checked_sub(1).filter(|&at| !self.stops(at)).and_then(|at| self.word(at))
    }

    /// What is before the noun phrase that ends with a span.
    fn before_phrase(&self, span: PositionSpan) -> Option<Word> {
        let mut start = span.start;
        while self.before(start).is_some_and(is_nominal) {
            start -= 1;
        }
        self.before(start)
    }

    /// The word after a span; none where punctuation comes first.
    fn after(&self, span: PositionSpan) -> Option<Word> {
        if self.stops(span.end.saturating_sub(1)) { None } else { self.word(span.end) }
    }

    /// True if the part at `modifier` modifies `whole`, which `head` describes, within one sentence.
    pub(crate) fn relate(&self, whole: PositionSpan, modifier: PositionSpan, head: Head, part: usize) -> bool {
        // What a preposition makes part of something else is no subject: `the road past the school was closed`.
        let apart = |word| matches!(word, Some(Word::Apart | Word::Place | Word::Circumstance | Word::Attribute));
        let after = self.after(modifier);
        let past = self.is(whole.start, Role::Participle);
        if past && !head.verbal {
            return false;
        }
        if head.is_measure(part) || head.is_measure(head.part) {
            // What is measured need not be next to its measure, but no other noun may be.
            let measure = if head.is_measure(part) { modifier } else { whole };
            let taken = match self.after(measure) {
                Some(Word::Content) => true,
                // `3 percent of output`, but not `3 of them`.
                Some(Word::Link) => !matches!(self.word(measure.end + 1), Some(Word::Clause | Word::Pronoun)),
                _ => false,
            };
            if !taken {
                return true;
            }
        }
        if modifier.end <= whole.start {
            let Some(gap) = self.between(modifier, whole) else { return false };
            // A verb that has an object of its own says something else: `the hospital will fire nurses`.
            let whole_predicate = past || head.verbal && !self.after(whole).is_some_and(starts_object);
            // `14 of the schools` may be a subject; what people at a place do is done there: `nurses at the hospital went on
            // strike`.
            let first = self.before_phrase(modifier);
            let acts = !apart(first) || first == Some(Word::Place);
            return premodifies(&gap)
                || whole_predicate && !apart(first) && is_predicate(&gap)
                || head.is_measure(part) && is_linked(&gap, true, true)
                || !head.is_measure(part) && acts && takes(&gap, self.after(whole))
                || head.is_participle(part) && gap.iter().copied().all(is_nominal);
        }
        if whole.end > modifier.start {
            return false;
        }
        let Some(gap) = self.between(whole, modifier) else { return false };
        let before = self.before(whole.start);
        // A verb is not part of a compound.
        let bare = head.leads || before != Some(Word::Content) || self.is(whole.start, Role::Participle);
        let linked = [Role::Link, Role::Place, Role::Circumstance, Role::Attribute]
            .iter()
            .any(|&role| self.is(modifier.start, role));
        let ends = after != Some(Word::Content);
        // `the convict who escaped`, `paintings forged in one winter`.
        let participle = head.is_participle(part) && matches!(gap.as_slice(), [] | [Word::Clause | Word::Pronoun]);
        // What has an `of` of its own is one thing, no kind of the head: `a penalty over the death of a worker`.
        let own = (modifier.end + 1..=modifier.end + 3).any(|at| self.bits(at).is_some_and(|bits| bits & OWN != 0));
        let specific = matches!(gap.as_slice(), [Word::Place | Word::Circumstance, Word::Definite, ..])
            && after == Some(Word::Link)
            && !own
            && !head.is_measure(part);
        let object = ends && head.verbal && (is_object(&gap, before) || past && gap.is_empty());
        if before == Some(Word::Pronoun) {
            return object;
        }
        let first = self.before_phrase(whole);
        let subject = !apart(first) && first != Some(Word::Link);
        (linked && gap.is_empty())
            || participle
            || !specific && (subject || gap.first() != Some(&Word::Auxiliary)) && is_linked(&gap, bare, ends)
            || object
            || ends && subject && (is_predicate(&gap) || bare && carries(&gap, after))
    }
}

/// `30-day unconditional ceasefire`: adjectives, and no more nouns than a compound has.
fn premodifies(gap: &[Word]) -> bool {
    let nouns = gap.iter().filter(|word| **word == Word::Content).count();
    nouns <= 2 && gap.iter().all(|word| matches!(word, Word::Content | Word::Modifier))
}

/// `the schools in Averne will be closed`, `the paintings were all forged`: auxiliaries right before the later part, and
/// before them only what belongs to the subject.
fn is_predicate(gap: &[Word]) -> bool {
    let predicate = |word: &&Word| matches!(word, Word::Auxiliary | Word::Modifier);
    // `paintings that had been forged`.
    let gap = if let [Word::Clause | Word::Pronoun, rest @ ..] = gap { rest } else { gap };
    let verbs = gap.iter().rev().take_while(predicate).count();
    let (subject, verbs) = gap.split_at(gap.len() - verbs);
    verbs.contains(&Word::Auxiliary) && (subject.is_empty() || is_prepositional(subject))
}

/// `closure of 14 schools`, `escape of two men from the prison`, `bomb hidden in a car`: a preposition right after the
/// head or its participle, and a noun phrase after the last one. Where and how something happens (`a road closure at the
/// school`) belongs to the head only if that is `bare`, no compound already; after another noun (`the shooting of two
/// pupils at a school`) only if it is a place that `ends` there.
fn is_linked(gap: &[Word], bare: bool, ends: bool) -> bool {
    let verbal = |word: &&Word| matches!(word, Word::Modifier | Word::Auxiliary | Word::Participle);
    let skipped = gap.iter().take_while(verbal).count();
    let (start, rest) = gap.split_at(skipped);
    // `was in`, `is of`: what follows describes the noun and is not part of its name.
    let passive = !start.contains(&Word::Auxiliary) || start.contains(&Word::Participle);
    let phrase = last_phrase(rest);
    let links = rest.first() == Some(&Word::Link);
    let direct = phrase.len() == rest.len();
    let fits = match phrase.first() {
        Some(Word::Link) => true,
        Some(Word::Place) if !direct => links && bare && ends && !phrase.contains(&Word::Content),
        // `talks with rebels`, but `a hike with the tax inspector`.
        Some(Word::Attribute) => direct && ends,
        _ => direct,
    };
    passive && (links || bare) && fits && is_prepositional(rest)
}

/// True for prepositions, each with a noun phrase.
fn is_prepositional(gap: &[Word]) -> bool {
    /// Nouns before the modifier in its noun phrase, at most.
    const NOUNS: usize = 3;
    let starts = matches!(gap.first(), Some(Word::Link | Word::Place | Word::Circumstance | Word::Attribute));
    let parts = |word: &Word| {
        matches!(word, Word::Clause | Word::Pronoun | Word::Apart | Word::Verb | Word::Auxiliary | Word::Participle)
    };
    let plain = !gap.iter().any(parts) && !gap.iter().skip(1).any(|word| *word == Word::Attribute);
    let phrase = last_phrase(gap);
    // `to check the price`: what comes before a determiner is a verb.
    let verb = phrase.windows(2).any(|pair| matches!(pair, [Word::Content, Word::Definite | Word::Determiner]));
    starts && plain && !verb && phrase.iter().filter(|word| **word == Word::Content).count() <= NOUNS
}

/// The last preposition and what follows it; all words where there is none.
fn last_phrase(gap: &[Word]) -> &[Word] {
    let preposition = |word: &Word| matches!(word, Word::Link | Word::Place | Word::Circumstance);
    gap.get(gap.iter().rposition(preposition).unwrap_or(0)..).unwrap_or(&[])
}

/// What an object that follows its verb may start with.
fn starts_object(word: Word) -> bool {
    matches!(word, Word::Definite | Word::Determiner | Word::Modifier | Word::Content)
}

/// What may stand between a verb and its object.
fn is_nominal(word: Word) -> bool {
    matches!(word, Word::Definite | Word::Determiner | Word::Modifier)
}

/// `closed nine schools`: the head is a verb, since no determiner is before it.
fn is_object(gap: &[Word], before: Option<Word>) -> bool {
    !matches!(before, Some(Word::Definite | Word::Determiner))
        && gap.iter().copied().all(is_nominal)
        && (!gap.is_empty() || before != Some(Word::Modifier))
}

/// `the mayor announced her resignation`, `the teachers went on strike`: the modifier does what the head says, by one verb,
/// and nothing known is spoken of. `after` is the word after the head.
fn takes(gap: &[Word], after: Option<Word>) -> bool {
    if matches!(after, Some(Word::Content | Word::Link)) {
        return false;
    }
    let Some(rest) = after_verb(gap) else { return false };
    let rest = if let [Word::Place | Word::Circumstance, rest @ ..] = rest { rest } else { rest };
    rest.iter().all(|word| matches!(word, Word::Determiner | Word::Modifier))
}

/// `the pipeline carries gas`, `the breach exposed the data`: the same with the head as subject, but not `the worker sold his
/// farm`. `after` is the word after the modifier.
fn carries(gap: &[Word], after: Option<Word>) -> bool {
    let plain = |rest: &[Word]| rest.iter().all(|word| matches!(word, Word::Definite | Word::Modifier));
    after != Some(Word::Content) && after_verb(gap).is_some_and(plain)
}

/// What follows one verb with its auxiliaries.
fn after_verb(gap: &[Word]) -> Option<&[Word]> {
    let helpers = gap.iter().take_while(|word| matches!(word, Word::Auxiliary | Word::Modifier)).count();
    let (_, rest) = gap.split_at(helpers);
    match rest {
        [Word::Verb | Word::Participle | Word::Content, rest @ ..] => Some(rest),
        [Word::Determiner, ..] if gap.iter().take(helpers).any(|word| *word == Word::Auxiliary) => Some(rest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::spans::memory::Memory;

    /// True if `modifier` modifies `head` in the text.
    fn related(text: &str, modifier: &str, head: &str) -> bool {
        let mut memory = Memory::new(&[text]);
        let words = [vec![modifier.to_owned()], vec![head.to_owned()]];
        let memory = memory.for_term_sets(&words);
        let mut places = |set| {
            let mut out = Vec::new();
            memory.set(set, &mut out);
            out
        };
        let parts = [places(0), places(1)];
        let roles = Roles::read(memory, PositionSpan { start: 0, end: 100 }, &parts);
        let participles = u64::from(Role::of(modifier) == Some(Role::Participle));
        let described = Head { part: 1, leads: false, measures: 0, participles, verbal: true };
        parts[1].iter().any(|&head| parts[0].iter().any(|&part| roles.relate(head, part, described, 0)))
    }

    #[test]
    fn heads_and_their_modifiers_are_related() {
        for (text, modifier, head) in [
            ("The closure of 14 schools was approved.", "schools", "closure"),
            ("The school summer closures begin.", "school", "closures"),
            ("The schools in Averne will be closed.", "schools", "closed"),
            ("The council closed nine schools last spring.", "schools", "closed"),
            ("The wall along the border is half built.", "border", "wall"),
            ("The shooting of a teenager by police set off protests.", "police", "shooting"),
            ("A cut in the power supply left Danby dark.", "power", "cut"),
            ("Rebels freed the hostages at dawn.", "hostages", "freed"),
            ("Mayor Ilse Tarn resigned on Friday.", "mayor", "resigned"),
            ("The mayor announced her resignation.", "mayor", "resignation"),
            ("Teachers went on strike on Monday.", "teachers", "strike"),
            ("Paintings that had been forged were burned.", "forged", "paintings"),
            ("A bomb hidden in a car went off.", "car", "bomb"),
            ("Nurses at the hospital went on strike.", "hospital", "strike"),
            ("The shooting of two pupils at a school was filmed.", "school", "shooting"),
            ("The stolen data was sold.", "data", "stolen"),
            ("The bomb had been placed under his car.", "car", "bomb"),
            ("The paintings were all forged in one winter.", "forged", "paintings"),
            ("The pipeline carries gas.", "gas", "pipeline"),
            ("The convict who escaped was seen.", "escaped", "convict"),
            ("Talks with rebels began.", "rebels", "talks"),
        ] {
            assert!(related(text, modifier, head), "{text}");
        }
    }

    #[test]
    fn what_is_only_near_is_not() {
        for (text, modifier, head) in [
            ("The road closure near the school lasted.", "school", "closure"),
            ("The road past the school was closed.", "school", "closed"),
            ("The increase in rents hurts families on the wage.", "wage", "increase"),
            ("Workers on the wage face an increase.", "wage", "increase"),
            ("A spill of milk at the oil museum made two visitors slip.", "oil", "spill"),
            ("Verbal abuse in front of his child was filmed.", "child", "abuse"),
            ("The author of the reform was sent to prison.", "prison", "reform"),
            ("He talks to border guards every day.", "border", "talks"),
            ("Schools reported few problems after the closure of the bridge.", "schools", "closure"),
            ("Police said the shooting of the film would close two streets.", "police", "shooting"),
            ("He cut his hand on a power saw.", "power", "cut"),
            ("The senate voted to cut the president's power over judges.", "power", "cut"),
            ("The director escaped a prison sentence.", "prison", "escaped"),
            ("The fire escape at the prison had rusted.", "prison", "escape"),
            ("Past the border post, a garden wall was covered in ivy.", "border", "wall"),
            ("He leaned on the wall and talked about the border dispute.", "border", "wall"),
            ("The treasurer's resignation letter was read out by the mayor.", "mayor", "resignation"),
            ("The mayor accepted the resignation of his treasurer.", "mayor", "resignation"),
            ("Police are investigating the shooting of a shopkeeper.", "police", "shooting"),
            ("The oil painting fetched a good price.", "oil", "price"),
            ("They rise early to check the price.", "price", "rise"),
            ("A lightning strike bent the rail.", "rail", "strike"),
            ("Schools and closures were discussed.", "schools", "closures"),
            ("The firm paid a penalty and mourned a death.", "death", "penalty"),
            ("Human rights violations were recorded before the ceasefire.", "ceasefire", "violations"),
            ("Two ceasefire monitors were fined for parking violations.", "ceasefire", "violations"),
            ("The firm paid a penalty over the death of a worker.", "death", "penalty"),
            ("The hospital will fire 40 nurses.", "hospital", "fire"),
            ("The referee took abuse from a man with a child.", "child", "abuse"),
            ("A hike with the tax inspector ended early.", "tax", "hike"),
            ("He lost control of the car as a gun went off.", "gun", "control"),
        ] {
            assert!(!related(text, modifier, head), "{text}");
        }
    }
}
