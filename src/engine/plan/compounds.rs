//! Words in a row, and those that are written as one word or as two.

use crate::engine::plan::planner::Planner;
use crate::engine::plan::span_plan::Analysis;
use crate::engine::plan::token::QueryToken;
use crate::engine::plan::unit_variants::{other_measures, other_range, other_years};
use crate::engine::spans::query::SpanQuery;
use crate::language::english;
use crate::text::normal::written;

impl Planner<'_> {
    /// The tokens one right after the other, compounds in one word or two.
    pub(crate) fn in_order(&mut self, tokens: &[QueryToken]) -> SpanQuery {
        let mut ways = vec![self.sequence(tokens)];
        if self.variants.forms && self.analysis == Analysis::Text {
            for i in 1..tokens.len() {
                ways.extend(self.joined(tokens, i));
            }
            let ranges = other_range(tokens, self.analysis).into_iter().chain(other_years(tokens, self.analysis));
            let others: Vec<Vec<QueryToken>> = ranges.chain(other_measures(tokens, self.analysis)).collect();
            ways.extend(others.iter().map(|tokens| self.sequence(tokens)));
        }
        match <[SpanQuery; 1]>::try_from(ways) {
            Ok([way]) => way,
            Err(ways) => SpanQuery::Any(ways),
        }
    }

    fn sequence(&mut self, tokens: &[QueryToken]) -> SpanQuery {
        let parts: Vec<SpanQuery> = tokens.iter().map(|token| self.whole_or_split(token)).collect();
        match <[SpanQuery; 1]>::try_from(parts) {
            Ok([part]) => part,
            Err(parts) => SpanQuery::Sequence(parts),
        }
    }

    /// The tokens with the two around `i` written as one word, if the index holds that: `cease-fire` as `ceasefire`,
    /// `F-16` as `F16`.
    fn joined(&mut self, tokens: &[QueryToken], i: usize) -> Option<SpanQuery> {
        let (before, after) = (tokens.get(i - 1)?, tokens.get(i)?);
        let first = before.word()?;
        let numbered = after.glued && after.number().is_some();
        let second = if numbered { after.number()? } else { after.word()? };
        // Characters of Chinese stay tokens of their own.
        let [whole] = <[QueryToken; 1]>::try_from(self.tokens(&format!("{first}{second}"))).ok()?;
        let normal = whole.normals.first()?;
        // What was typed with a hyphen is a compound, however short: `X-ray`.
        let short = !english().queries.prefixes.contains(first) && first.len() + second.len() < 6 && !after.glued;
        if short || !self.class(normal).iter().any(|term| self.has(term)) {
            return None;
        }
        let mut parts: Vec<QueryToken> = tokens.get(..i - 1)?.to_vec();
        parts.push(whole);
        parts.extend_from_slice(tokens.get(i + 1..)?);
        Some(self.sequence(&parts))
    }

    /// A word, also as two where the index holds both: `ceasefire` as `cease-fire`.
    pub(crate) fn whole_or_split(&mut self, token: &QueryToken) -> SpanQuery {
        let whole = self.token(token);
        if self.analysis == Analysis::Name || !self.variants.forms {
            return whole;
        }
        if let Some((letters, digits)) = token.numbered() {
            let parts = [letters, digits].map(|part| self.any_term(written(part).to_vec()));
            return SpanQuery::Any(vec![whole, SpanQuery::Sequence(parts.to_vec())]);
        }
        let Some(word) = token.word().filter(|w| w.len() >= 5 && w.is_ascii()) else {
            return whole;
        };
        let mut ways = vec![whole];
        for i in 1..word.len() - 2 {
            let (first, second) = word.split_at(i);
            let compound = english().queries.prefixes.contains(first)
                || (first.len() > 2
                    && (english().queries.particles.contains(second) || second.len() > 3 && word.len() > 6));
            if !compound
                || english().queries.between.contains(first)
                || english().queries.not_first.contains(first)
                || !self.has(first)
            {
                continue;
            }
            let Some(rest) = self.tokens(second).into_iter().next() else { continue };
            let known = rest.normals.first().is_some_and(|n| self.class(n).iter().any(|term| self.has(term)));
            if known && self.has(second) {
                let first = self.any_term(written(first).to_vec());
                let second = self.token(&rest);
                ways.push(SpanQuery::Sequence(vec![first, second]));
            }
        }
        if ways.len() == 1 { ways.swap_remove(0) } else { SpanQuery::Any(ways) }
    }
}
