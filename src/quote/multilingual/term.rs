//! Whether a stretch in marks is the name of something, a title or a term, and no speech.

use super::cue::CueKind;
use super::report::Host;
use crate::entity::EntityKind;
use crate::language::Roles;
use crate::quote::marks::Quoted;

/// Words of the longest name; characters in languages without spaces.
const LONGEST: usize = 7;
const LONGEST_IDEOGRAPHS: usize = 12;

/// Words of a name that does not start with a capital.
const SMALL_NAME: usize = 4;

impl Host<'_, '_> {
    /// True if a stretch is a name, a title or a term. `beside`: a cue is right beside it.
    pub(super) fn is_name(&self, quoted: &Quoted, beside: bool) -> bool {
        let reader = self.reader;
        let ideographs = reader.pack.text.ideographs;
        let words = reader.words_in(quoted.inside());
        let open = quoted.open as usize;
        let before = open.checked_sub(1).filter(|&i| i >= self.range.start && reader.outside(i));
        // An address on the web.
        if words == 1 && quoted.inside().any(|i| reader.word(i).trim_end_matches('.').contains('.')) {
            return true;
        }
        let first = reader.capitalised(quoted.inside().start);
        let fits = !reader.is_small(quoted.inside().start) || words <= SMALL_NAME;
        if fits && before.is_some_and(|before| reader.is(before, Roles::NAMING) && !reader.colon(before)) {
            return true;
        }
        if words > if ideographs { LONGEST_IDEOGRAPHS } else { LONGEST } {
            return false;
        }
        let capitals = quoted.inside().filter(|&i| reader.is_word(i) && reader.capitalised(i)).count();
        let short = words <= 2;
        let stops =
            quoted.inside().any(|i| matches!(reader.word(i), "!" | "?" | "." | "，" | "," | "。" | "！" | "？"));
        let capital_nouns = reader.pack.speech.capital_nouns;
        if capital_nouns && !stops && self.is_source(quoted, before, 2 * capitals > words) {
            return true;
        }
        let Some(before) = before else { return !beside && short && !stops };
        if fits && self.follows_naming(before) {
            return true;
        }
        let calling = reader.is(before, Roles::CALLING);
        let noun = capital_nouns
            && reader.capitalised(before)
            && before > self.range.start
            && !calling
            && !reader.is(before, Roles::VERB);
        if stops && beside {
            return false;
        }
        // `Operation „Cast Lead“ („gegossenes Blei“)`, and the marks of wikis around what is in italics.
        if !stops && (reader.word(before) == "(" || reader.text.word(open) == "''") {
            return true;
        }
        let person = reader.mention_at(before).is_some_and(|m| m.kind == EntityKind::Person);
        if noun && first && (!beside || words <= SMALL_NAME && !stops && !person) {
            return true;
        }
        // A name by itself, of whatever kind.
        let mention = reader.mention_at(quoted.inside().start);
        if !stops && !calling && mention.is_some_and(|m| m.end as usize >= quoted.inside().end) {
            return true;
        }
        let definite = first && reader.is(before, Roles::DEFINITE);
        if !beside && definite && (capitals == words || capital_nouns && short && capitals * 2 >= words) {
            return true;
        }
        if !capital_nouns {
            // A term or a title: short, in capitals, or without a verb's company.
            let said = words == 2
                && reader.is_small(quoted.inside().start)
                && self.cues.iter().any(|cue| cue.kind == CueKind::Verb && cue.source.is_some());
            return !beside && !stops && !said && (short || first && capitals * 2 > words);
        }
        if words == 1 && first && !beside {
            // A noun alone is a term, unless it is what somebody calls something.
            return !calling && !self.calls(before);
        }
        // Several words in capitals are a name, and beside a cue what has an article before it.
        let marked = calling || reader.colon(before) || reader.is(before, Roles::VERB);
        let capitals_only = capitals == words && words >= 2 && !(beside && marked);
        let half = 2 * capitals > words || 2 * capitals == words && words <= SMALL_NAME;
        let article = beside && definite && half;
        first && !stops && (capitals_only || article)
    }

    /// `die „Aktion Hafen“ sagte`, `Wie „heise online“ berichtet`: a verb follows without a comma, so the stretch is in its
    /// subject. `named`: most of its words have capitals.
    fn is_source(&self, quoted: &Quoted, before: Option<usize>, named: bool) -> bool {
        let reader = self.reader;
        let end = quoted.tokens().end;
        let follows = end < self.range.end && reader.is(end, Roles::VERB.and(Roles::AFTER).and(Roles::AUXILIARY));
        let capital = reader.capitalised(quoted.inside().start);
        follows
            && match before {
                Some(before) => {
                    reader.is(before, Roles::AS) || capital && reader.is(before, Roles::DEFINITE.and(Roles::DETERMINER))
                }
                None => capital && named,
            }
    }

    /// `spricht von „…“`: a verb of saying with the preposition of what is said.
    fn calls(&self, before: usize) -> bool {
        let reader = self.reader;
        reader.is(before, Roles::PREPOSITION)
            && self.cues.iter().any(|cue| cue.kind == CueKind::Verb && cue.at.end <= before)
    }

    /// A word that names what stands in marks, shortly before.
    pub(super) fn follows_naming(&self, i: usize) -> bool {
        let from = i.saturating_sub(2).max(self.range.start);
        let mut near = (from..=i).rev().take_while(|&j| self.reader.is_word(j) && self.reader.outside(j));
        near.any(|j| self.reader.is(j, Roles::NAMING))
    }
}
