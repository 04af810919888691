//! AND, OR and NOT.

use super::{Matching, Parser};
use crate::language::english;
use crate::query::token::TokenKind;
use crate::query::tree::{Atom, Days, Filter, Node};
use crate::query::value::ValueField;

/// A part of an AND group, and whether the word AND precedes it.
struct Part {
    node: Node,
    explicit: bool,
}

impl Parser<'_> {
    /// Groups separated by OR, up to the closing bracket; `within` is the field whose values they are.
    pub(super) fn or(&mut self, within: Option<ValueField>) -> Option<Node> {
        let mut parts = Vec::new();
        let mut mixed = None;
        loop {
            let (node, several) = self.and(within);
            let column = self.column();
            let more = matches!(self.peek(), Some(TokenKind::Or));
            if node.is_none() && (more || !parts.is_empty()) {
                self.warn(column, "`OR` has nothing on one side; searched as the word `or`");
                parts.push(Node::Atom(Atom::Word("or".to_owned())));
            }
            if several && (more || !parts.is_empty()) {
                mixed = mixed.or(Some(column));
            }
            parts.extend(node);
            if !more {
                break;
            }
            self.tokens.pop_front();
        }
        if parts.is_empty() {
            return None;
        }
        let node = Node::any(parts);
        if let Some(column) = mixed {
            self.note(column, format!("AND binds tighter than OR: read as `{node}`; use brackets to change this"));
        }
        Some(node)
    }

    /// A group of required parts, and whether there were several.
    fn and(&mut self, within: Option<ValueField>) -> (Option<Node>, bool) {
        let mut parts: Vec<Part> = Vec::new();
        let mut explicit = false;
        loop {
            let (column, ignored) = (self.column(), self.ignored);
            match self.peek() {
                Some(TokenKind::Close) if ignored > 0 => {
                    self.tokens.pop_front();
                    self.ignored -= 1;
                }
                None | Some(TokenKind::Close | TokenKind::Or) => {
                    if explicit {
                        self.warn(column, "`AND` has nothing after it; searched as the word `and`");
                        parts.push(Part { node: Node::Atom(Atom::Word("and".to_owned())), explicit: false });
                    }
                    break;
                }
                Some(TokenKind::And) => {
                    self.tokens.pop_front();
                    if explicit || parts.is_empty() {
                        self.warn(column, "`AND` has nothing before it; searched as the word `and`");
                        parts.push(Part { node: Node::Atom(Atom::Word("and".to_owned())), explicit: false });
                    } else {
                        explicit = true;
                    }
                }
                Some(_) => {
                    if let Some(node) = self.not(within) {
                        parts.push(Part { node, explicit });
                        explicit = false;
                    }
                }
            }
        }
        let several = parts.len() > 1;
        let node = match self.context.matching {
            Matching::All => Node::all(parts.into_iter().map(|p| p.node).collect()),
            Matching::Any => any_of(parts),
        };
        self.contradiction(&node);
        ((node != Node::Nothing).then_some(node), several)
    }

    /// Warns where dates that must all hold share no day.
    fn contradiction(&mut self, node: &Node) {
        let Node::And(parts) = node else { return };
        let dates =
            parts.iter().filter_map(|p| if let Node::Filter(Filter::Date(days)) = p { Some(*days) } else { None });
        let whole: Vec<Days> = dates.filter(|d| !d.is_empty()).collect();
        let open = Days { since: None, until: None };
        if whole.iter().fold(open, |all, &days| all.and(days)).is_empty() {
            let column = self.column().min(self.end).saturating_sub(1);
            self.warn(column, "no day is in all of these dates");
        }
    }

    fn not(&mut self, within: Option<ValueField>) -> Option<Node> {
        let start = self.column();
        let mut negated = false;
        while matches!(self.peek(), Some(TokenKind::Not | TokenKind::Minus)) {
            self.tokens.pop_front();
            negated = !negated;
        }
        let after = self.column();
        let node = self.near(within);
        if node.is_none() && after > start {
            self.warn(start, "`NOT` has nothing after it; searched as the word `not`");
            return Some(Node::Atom(Atom::Word("not".to_owned())));
        }
        node.map(|node| if negated { Node::Not(Box::new(node)) } else { node })
    }
}

/// A group of which any part matches: fields and conditions stay required, and parts joined by AND stay joined.
fn any_of(parts: Vec<Part>) -> Node {
    let mut runs: Vec<Vec<Node>> = Vec::new();
    for part in parts {
        match runs.last_mut() {
            Some(run) if part.explicit => run.push(part.node),
            _ => runs.push(vec![part.node]),
        }
    }
    let (mut wanted, mut any) = (Vec::new(), Vec::new());
    for node in runs.into_iter().map(Node::all) {
        match node {
            Node::Not(_) | Node::Filter(_) | Node::Field(..) | Node::All => wanted.push(node),
            _ => any.push(node),
        }
    }
    // A pasted sentence is not a search for every text with `the` in it.
    if !any.iter().all(is_small) {
        any.retain(|node| !is_small(node));
    }
    if !any.is_empty() {
        wanted.push(Node::any(any));
    }
    Node::all(wanted)
}

/// True for a function word.
fn is_small(node: &Node) -> bool {
    matches!(node, Node::Atom(Atom::Word(word)) if english().queries.small.contains(&word.to_lowercase()))
}
