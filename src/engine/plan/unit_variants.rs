//! Numbers that are written in several ways of which an index holds each as it is: ranges and measures cut short.
//!
//! What a number means in either way is not the same everywhere: `400m` is a distance or a sum of money. So the index reads
//! it one way, and a query for `400 metres` searches for `400m` as well.

use crate::engine::plan::span_plan::Analysis;
use crate::engine::plan::token::QueryToken;
use crate::language::english;

/// The tokens with what they measure written out or cut short: `400 metres` as `400m` and `400 m`, and back.
pub(crate) fn other_measures(tokens: &[QueryToken], analysis: Analysis) -> Vec<Vec<QueryToken>> {
    let mut others = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let (before, after) = (tokens.get(..i).unwrap_or(&[]), tokens.get(i + 1..).unwrap_or(&[]));
        if let Some((number, measure)) = token.cut_short()
            && let Some((full, _)) = english().numbers.cut_short.iter().find(|(_, short)| short.contains(measure))
        {
            let full = QueryToken::read(&format!("{number} {full}"), analysis);
            others.push([before, &full, after].concat());
        }
        let Some((measure, after)) = after.split_first().filter(|_| token.counts()) else { continue };
        let mut known = measure.normals.iter().filter_map(|normal| english().numbers.cut_short.get(normal));
        let Some(short) = known.next() else { continue };
        for short in short.iter() {
            let Some(number) = token.normals.first() else { continue };
            others.push([before, &[QueryToken::as_written(&format!("{number}{short}"))], after].concat());
            others.push([before, &[token.clone(), QueryToken::as_written(short)], after].concat());
        }
    }
    others
}

/// The same with a range of numbers written the other way: `10-15 years` as `10 to 15 years`, and back.
pub(crate) fn other_range(tokens: &[QueryToken], analysis: Analysis) -> Option<Vec<QueryToken>> {
    let range = |at: &usize| match tokens.get(*at..) {
        Some([low, high, ..]) if low.counts() && high.counts() && high.glued => true,
        Some([low, to, high, ..]) => low.counts() && high.counts() && to.word() == Some("to"),
        _ => false,
    };
    let at = (0..tokens.len()).find(range)?;
    let mut other = tokens.to_vec();
    if other.get(at + 1).is_some_and(QueryToken::counts) {
        other.insert(at + 1, QueryToken::read("to", analysis).pop()?);
    } else {
        other.remove(at + 1);
    }
    Some(other)
}

/// The same with the later of two years in full or without its century: `1990-95` as `1990-1995`, and back.
pub(crate) fn other_years(tokens: &[QueryToken], analysis: Analysis) -> Option<Vec<QueryToken>> {
    let at = tokens.windows(2).position(|pair| {
        matches!(pair, [from, to] if to.glued && from.number().is_some_and(|year| year.len() == 4) && to.number().is_some())
    })?;
    let (from, to) = (tokens.get(at)?.number()?, tokens.get(at + 1)?.number()?);
    let century = from.get(..2)?;
    let other = match to.len() {
        2 => format!("{century}{to}"),
        4 => to.strip_prefix(century)?.to_owned(),
        _ => return None,
    };
    let mut others = tokens.to_vec();
    let later = others.get_mut(at + 1)?;
    *later = QueryToken::read(&other, analysis).pop()?;
    later.glued = true;
    Some(others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::plan::token::typed;

    fn tokens(text: &str) -> Vec<QueryToken> {
        QueryToken::read(text, Analysis::Text)
    }

    #[test]
    fn measures_are_cut_short_and_written_out() {
        let others = |text| -> Vec<String> {
            other_measures(&tokens(text), Analysis::Text).iter().map(|tokens| typed(tokens)).collect()
        };
        assert_eq!(others("the 400 metres final"), ["the 400m final", "the 400 m final"]);
        assert_eq!(others("400m final"), ["400 meter final"]);
        assert!(others("400 voters").is_empty());
    }

    #[test]
    fn later_years_are_written_with_their_century_or_without() {
        let other = |text| other_years(&tokens(text), Analysis::Text).map(|tokens| typed(&tokens));
        assert_eq!(other("1990-95 war").as_deref(), Some("1990 1995 war"));
        assert_eq!(other("1990-1995 war").as_deref(), Some("1990 95 war"));
        assert_eq!(other("10-15 years"), None);
    }
}
