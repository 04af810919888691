//! Which terms a document must hold for a plan to have a chance in it: what is scanned in the postings.

use crate::engine::spans::query::{Held, SpanQuery, TermSet};

/// Which terms a document must hold for a part to match; term sets are numbered as in `SpanPlan::term_sets`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Prefilter {
    TermSet(TermSet),
    All(Vec<Prefilter>),
    Any(Vec<Prefilter>),
    /// No term is required: every document must be checked.
    Every,
}

impl Prefilter {
    /// What a document must hold for `query` to have a chance in it.
    pub(crate) fn of(query: &SpanQuery) -> Prefilter {
        let each = |parts: Vec<&SpanQuery>| parts.into_iter().map(Prefilter::of).collect();
        match query.held() {
            Held::TermSet(set) => Prefilter::TermSet(set),
            Held::Words(words) => all(words.iter().map(|&word| Prefilter::TermSet(word)).collect()),
            Held::Any(parts) => any(each(parts)),
            Held::All(parts) => all(each(parts)),
        }
    }

    /// The same with term sets that are numbered from `first` on.
    pub(crate) fn numbered_from(&self, first: TermSet) -> Prefilter {
        let each = |parts: &[Prefilter]| parts.iter().map(|part| part.numbered_from(first)).collect();
        match self {
            Prefilter::TermSet(set) => Prefilter::TermSet(first + set),
            Prefilter::All(parts) => Prefilter::All(each(parts)),
            Prefilter::Any(parts) => Prefilter::Any(each(parts)),
            Prefilter::Every => Prefilter::Every,
        }
    }
}

/// All of the parts, each once.
pub(crate) fn all(parts: Vec<Prefilter>) -> Prefilter {
    let mut flat: Vec<Prefilter> = Vec::new();
    for part in parts {
        let members = if let Prefilter::All(inner) = part { inner } else { vec![part] };
        for prefilter in members {
            if prefilter != Prefilter::Every && !flat.contains(&prefilter) {
                flat.push(prefilter);
            }
        }
    }
    match flat.len() {
        0 => Prefilter::Every,
        1 => flat.swap_remove(0),
        _ => Prefilter::All(flat),
    }
}

/// Any of the parts. What all of them need is taken out in front, so that each term is scanned once.
fn any(parts: Vec<Prefilter>) -> Prefilter {
    if parts.contains(&Prefilter::Every) {
        return Prefilter::Every;
    }
    let mut different: Vec<Prefilter> = Vec::new();
    for part in parts {
        if !different.contains(&part) {
            different.push(part);
        }
    }
    if different.len() < 2 {
        return different.pop().unwrap_or(Prefilter::Any(Vec::new()));
    }
    let members = |prefilter: &Prefilter| {
        if let Prefilter::All(parts) = prefilter { parts.clone() } else { vec![prefilter.clone()] }
    };
    let mut common = different.first().map(members).unwrap_or_default();
    for part in &different {
        let own = members(part);
        common.retain(|prefilter| own.contains(prefilter));
    }
    let mut rest = Vec::new();
    for part in &different {
        let mut own = members(part);
        own.retain(|prefilter| !common.contains(prefilter));
        match own.len() {
            // One way needs nothing more than what all of them need.
            0 => return all(common),
            1 => rest.extend(own),
            _ => rest.push(Prefilter::All(own)),
        }
    }
    common.push(Prefilter::Any(rest));
    all(common)
}
