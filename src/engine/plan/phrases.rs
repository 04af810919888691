//! A phrase and its variants: as typed, its words close together, its words in other words.

use crate::engine::plan::planner::Planner;
use crate::engine::plan::span_plan::Analysis;
use crate::engine::plan::token::{QueryToken, normals, typed, units};
use crate::engine::plan::unit_variants::other_range;
use crate::engine::spans::query::{SpanQuery, Variant};
use crate::engine::spans::relation::{Head, Nearness};
use crate::language::english;
use crate::query::LONGEST_MEMBER;
use crate::search::MatchClass;

/// How many other words may be between the parts of a phrase in all, where they are close together: for two parts,
/// and for each further one. `a ceasefire of 30 days` needs one, a relative clause about six.
const CLOSE: (u32, u32) = (6, 2);

/// The same where the phrase is nothing but a name: `Vance, the mayor` needs one.
const CLOSE_NAMES: (u32, u32) = (4, 1);

/// How many words may be within the name of an organisation: `the European Union's central bank`.
const WITHIN_A_NAME: u32 = 3;

/// How many words may be between a verb and its particle: `shut the old mill down`.
const WITHIN_A_VERB: u32 = 3;

/// Shares of the score of a close match: words near each other, with a synonym, both.
const NEAR: f32 = 0.6;
const SYNONYM: f32 = 0.45;
const NEAR_SYNONYM: f32 = 0.3;

fn variant(class: MatchClass, fidelity: f32, query: SpanQuery) -> Variant {
    Variant { class, fidelity, query }
}

impl Planner<'_> {
    /// A phrase and its variants, the most faithful first.
    pub(crate) fn phrase(&mut self, text: &str) -> SpanQuery {
        if text.contains('*') {
            return self.phrase_of_patterns(text);
        }
        let tokens = self.tokens(text);
        let exact = self.in_order(&tokens);
        if self.analysis == Analysis::Name {
            return exact;
        }
        self.list_forms(text, &tokens);
        self.read_context(&tokens);
        let mut ways = vec![variant(MatchClass::Form, 1.0, exact)];
        let units = units(&tokens);
        let near = self.variants.near && units.len() > 1;
        let between = Planner::between(&units);
        if near {
            let parts: Vec<SpanQuery> = units.iter().map(|unit| self.either_way(unit)).collect();
            let words: Vec<String> = units.iter().map(|unit| typed(unit)).collect();
            let close = Self::close(&tokens, &units, parts, between, false);
            let (order, between) =
                if let SpanQuery::Loose(_, within) = close { ("this", within) } else { ("any", between) };
            let listed = format!("{} in {order} order, at most {between} words between", words.join(" + "));
            self.list(format!("\"{text}\""), "near", listed);
            ways.push(variant(MatchClass::Near, NEAR, close));
        }
        if self.variants.synonyms {
            if let Some(wider) = self.with_synonyms(text, &tokens, true) {
                ways.push(variant(MatchClass::Synonym, SYNONYM, wider));
            }
            if let Some(tokens) = other_range(&tokens, self.analysis) {
                let wider = self.with_synonyms(text, &tokens, false);
                ways.extend(wider.map(|wider| variant(MatchClass::Synonym, SYNONYM, wider)));
            }
            if near {
                for parts in [units.clone(), self.runs(&units)] {
                    let wider = self.close_with_synonyms(text, &tokens, &parts, between);
                    if parts.len() > 1 && ways.iter().all(|way| way.query != wider.query) {
                        ways.push(wider);
                    }
                }
            }
        }
        if ways.len() == 1 { ways.swap_remove(0).query } else { SpanQuery::Variants(ways) }
    }

    /// The parts near each other and related, in any order; but for the words of a name that has no title in it, which
    /// keep theirs. The words of names, titles and clauses need only be near each other. `verbal` tells whether the head may
    /// be a verb where it was typed as a noun.
    pub(crate) fn close(
        tokens: &[QueryToken],
        units: &[Vec<QueryToken>],
        parts: Vec<SpanQuery>,
        between: u32,
        verbal: bool,
    ) -> SpanQuery {
        let all = |is: fn(&QueryToken) -> bool| units.iter().flatten().all(is);
        if units.len() > 2 && all(|token| token.is_name() && !token.is_title()) {
            return SpanQuery::Loose(parts, WITHIN_A_NAME);
        }
        let named = all(|token| token.is_name() || token.is_title() || token.is_office());
        let free = named || is_clause(tokens);
        SpanQuery::Close(parts, Nearness { between, head: if free { None } else { Some(head(tokens, units, verbal)) } })
    }

    /// A unit in order, or the number after what it tells: `7.2-magnitude` as `magnitude of 7.2`.
    pub(crate) fn either_way(&mut self, unit: &[QueryToken]) -> SpanQuery {
        let ordered = self.in_order(unit);
        match unit {
            [number, noun] if number.tells(noun) => {
                let parts = [number, noun].map(|token| self.whole_or_split(token));
                SpanQuery::Any(vec![ordered, SpanQuery::Close(parts.to_vec(), Nearness::any(1))])
            }
            [verb, particle] if particle.is_particle() => {
                let parts = [verb, particle].map(|token| self.whole_or_split(token));
                SpanQuery::Any(vec![ordered, SpanQuery::Loose(parts.to_vec(), WITHIN_A_VERB)])
            }
            _ => ordered,
        }
    }

    /// The parts of a phrase near each other, each also in other words, the head also as a verb.
    fn close_with_synonyms(
        &mut self,
        text: &str,
        tokens: &[QueryToken],
        parts: &[Vec<QueryToken>],
        between: u32,
    ) -> Variant {
        let units = parts;
        let wider =
            |part: &Vec<QueryToken>| self.with_synonyms(text, part, false).unwrap_or_else(|| self.either_way(part));
        let parts = units.iter().map(wider).collect();
        variant(MatchClass::Synonym, NEAR_SYNONYM, Self::close(tokens, units, parts, between, true))
    }

    /// The units of a phrase, neighbours that the thesaurus knows together as one: `health care` of `health care reform`.
    fn runs(&self, units: &[Vec<QueryToken>]) -> Vec<Vec<QueryToken>> {
        let mut runs = Vec::new();
        let mut rest = units;
        while !rest.is_empty() {
            let known = |len: &usize| {
                let run: Vec<QueryToken> = rest.iter().take(*len).flatten().cloned().collect();
                normals(&run).is_some_and(|normal| !self.thesaurus.synonyms(&normal, &self.phrase).is_empty())
            };
            let length = (2..=LONGEST_MEMBER.min(rest.len())).rev().find(known).unwrap_or(1);
            let (run, after) = rest.split_at(length);
            runs.push(run.iter().flatten().cloned().collect());
            rest = after;
        }
        runs
    }

    /// The tokens in order, each stretch the thesaurus knows also in other words; none if it knows none of them.
    fn with_synonyms(&mut self, text: &str, tokens: &[QueryToken], list: bool) -> Option<SpanQuery> {
        self.with_synonyms_up_to(LONGEST_MEMBER, text, tokens, list)
    }

    /// The same, of stretches of at most so many words.
    fn with_synonyms_up_to(&mut self, most: usize, text: &str, tokens: &[QueryToken], list: bool) -> Option<SpanQuery> {
        let mut any = false;
        let mut parts = Vec::new();
        let mut i = 0;
        while let Some(token) = tokens.get(i) {
            let longest = (1..=most.min(tokens.len() - i)).rev().find_map(|len| {
                let run = tokens.get(i..i + len)?;
                let synonyms = self.thesaurus.synonyms(&normals(run)?, &self.phrase);
                (!synonyms.is_empty()).then_some((run, synonyms))
            });
            let Some((run, synonyms)) = longest else {
                parts.push(self.whole_or_split(token));
                i += 1;
                continue;
            };
            any = true;
            i += run.len();
            let mut ways = vec![self.in_order(run)];
            if run.len() > 1 {
                // The whole has synonyms, and so may its parts.
                ways.extend(self.with_synonyms_up_to(run.len() - 1, text, run, list));
            }
            for synonym in synonyms {
                let other = self.tokens(&synonym);
                if list {
                    self.list(format!("\"{text}\""), "synonyms", Planner::named(&synonym, &typed(run)));
                }
                ways.push(self.in_order(&other));
            }
            parts.push(SpanQuery::Any(ways));
        }
        any.then(|| if parts.len() == 1 { parts.swap_remove(0) } else { SpanQuery::Sequence(parts) })
    }

    /// Remembers the words of a phrase: the sense of each depends on the others.
    pub(crate) fn read_context(&mut self, tokens: &[QueryToken]) {
        self.phrase = tokens.iter().flat_map(|token| token.normals.iter().cloned()).collect();
    }

    /// How many other words may be between the units of a phrase.
    pub(crate) fn between(units: &[Vec<QueryToken>]) -> u32 {
        let names = units.iter().flatten().all(QueryToken::is_name);
        let (two, further) = if names { CLOSE_NAMES } else { CLOSE };
        two + further * units.len().saturating_sub(2) as u32
    }

    /// How a synonym is listed.
    pub(crate) fn named(synonym: &str, typed: &str) -> String {
        format!("{synonym} for {typed}")
    }
}

/// True for `police arrested a suspect`: an article after a word that is not a preposition.
fn is_clause(tokens: &[QueryToken]) -> bool {
    tokens.windows(3).any(|row| {
        let [before, article, _] = row else { return false };
        before.says_something() && article.word().is_some_and(|word| english().queries.articles.contains(word))
    })
}

/// The unit of a phrase that the others modify: the one before the first preposition, else the last.
fn head(tokens: &[QueryToken], units: &[Vec<QueryToken>], verbal: bool) -> Head {
    let mut rest = tokens;
    let mut leading = None;
    for (number, unit) in units.iter().enumerate() {
        let starts = |token: &QueryToken| unit.first().is_some_and(|first| first.typed == token.typed);
        let (skipped, after) = rest.split_at(rest.iter().position(starts).unwrap_or(0));
        let linked =
            skipped.iter().any(|token| token.word().is_some_and(|word| english().queries.links.contains(word)));
        if leading.is_none() && linked {
            leading = number.checked_sub(1);
        }
        rest = after.get(unit.len()..).unwrap_or(&[]);
    }
    let bits = |is: fn(&QueryToken) -> bool| {
        let fitting = (0..64_u32).zip(units).filter(|(_, unit)| unit.first().is_some_and(is));
        fitting.fold(0, |bits, (number, _)| bits | 1 << number)
    };
    let part = leading.unwrap_or(units.len().saturating_sub(1));
    Head {
        part,
        verbal: verbal || units.get(part).and_then(|unit| unit.first()).is_some_and(QueryToken::is_verb),
        leads: leading.is_some(),
        measures: bits(QueryToken::is_measured),
        participles: bits(QueryToken::is_participle),
    }
}
