//! Which terms a document must hold for a plan to have a chance in it: what is walked in the postings.

use super::places::{Leaf, Sought};

/// Which terms a document must hold for a part to have a chance; each leaf is numbered as in `Plan::leaves`.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Need {
    Leaf(Leaf),
    All(Vec<Need>),
    Any(Vec<Need>),
    /// There is nothing to go by: every document must be looked at.
    Every,
}

impl Need {
    /// What a document must hold for `sought` to have a chance in it.
    pub(super) fn of(sought: &Sought) -> Need {
        match sought {
            Sought::Leaf(leaf) => Need::Leaf(*leaf),
            Sought::Together(parts)
            | Sought::Sequence(parts)
            | Sought::Loose(parts, _)
            | Sought::Close(parts, _)
            | Sought::Both(parts) => all(parts.iter().map(Need::of).collect()),
            Sought::Any(parts) => any(parts.iter().map(|(_, part)| Need::of(part)).collect()),
            Sought::Linked(first, rest) => {
                all(std::iter::once(&**first).chain(rest.iter().map(|(_, part)| part)).map(Need::of).collect())
            }
            Sought::AtLeast(_, of) => Need::of(of),
            Sought::Literal(_, words) => all(words.iter().map(|&word| Need::Leaf(word)).collect()),
        }
    }

    /// The same with leaves that are numbered from `first` on.
    pub(super) fn numbered_from(&self, first: Leaf) -> Need {
        let each = |parts: &[Need]| parts.iter().map(|part| part.numbered_from(first)).collect();
        match self {
            Need::Leaf(leaf) => Need::Leaf(first + leaf),
            Need::All(parts) => Need::All(each(parts)),
            Need::Any(parts) => Need::Any(each(parts)),
            Need::Every => Need::Every,
        }
    }
}

/// All of the parts, each once.
pub(super) fn all(parts: Vec<Need>) -> Need {
    let mut flat: Vec<Need> = Vec::new();
    for part in parts {
        let members = if let Need::All(inner) = part { inner } else { vec![part] };
        for need in members {
            if need != Need::Every && !flat.contains(&need) {
                flat.push(need);
            }
        }
    }
    match flat.len() {
        0 => Need::Every,
        1 => flat.swap_remove(0),
        _ => Need::All(flat),
    }
}

/// Any of the parts. What all of them need is taken out in front, so that each term is walked once.
fn any(parts: Vec<Need>) -> Need {
    if parts.contains(&Need::Every) {
        return Need::Every;
    }
    let mut different: Vec<Need> = Vec::new();
    for part in parts {
        if !different.contains(&part) {
            different.push(part);
        }
    }
    if different.len() < 2 {
        return different.pop().unwrap_or(Need::Any(Vec::new()));
    }
    let members = |need: &Need| if let Need::All(parts) = need { parts.clone() } else { vec![need.clone()] };
    let mut common = different.first().map(members).unwrap_or_default();
    for part in &different {
        let own = members(part);
        common.retain(|need| own.contains(need));
    }
    let mut rest = Vec::new();
    for part in &different {
        let mut own = members(part);
        own.retain(|need| !common.contains(need));
        match own.len() {
            // One way needs nothing more than what all of them need.
            0 => return all(common),
            1 => rest.extend(own),
            _ => rest.push(Need::All(own)),
        }
    }
    common.push(Need::Any(rest));
    all(common)
}
