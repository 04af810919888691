//! Words near one another.

use super::{FARTHEST, Parser};
use crate::query::token::Kind;
use crate::query::tree::{Link, Node};
use crate::query::value::ValueField;

impl Parser {
    /// A part, or several that stand near one another.
    pub(super) fn near(&mut self, within: Option<ValueField>) -> Option<Node> {
        let mut first = self.atom(within);
        let mut rest = Vec::new();
        loop {
            let column = self.column();
            let Some(&Kind::Link(link)) = self.peek() else { break };
            self.tokens.next();
            let link = self.link(link, column);
            if first.is_none() {
                self.warn(column, format!("`{link}` has nothing before it; left out"));
                first = self.atom(within);
                continue;
            }
            if matches!(self.peek(), Some(Kind::Not | Kind::Minus)) {
                self.tokens.next();
                self.warn(column, format!("`{link}` can't be followed by NOT; the NOT is left out"));
            }
            match self.atom(within) {
                Some(node) => rest.push((link, node)),
                None => self.warn(column, format!("`{link}` has nothing after it; left out")),
            }
        }
        let first = first?;
        if rest.is_empty() { Some(first) } else { Some(self.linked(first, rest)) }
    }

    /// Makes distances possible ones.
    fn link(&mut self, link: Link, column: u32) -> Link {
        match link {
            Link::Near(0) => {
                self.warn(column, "`NEAR/0` can match nothing: the next word is 1 away; read as `NEAR/1`");
                Link::Near(1)
            }
            Link::Pre(0) => {
                self.warn(column, "`PRE/0` can match nothing: the next word is 1 away; read as `PRE/1`");
                Link::Pre(1)
            }
            Link::Near(n) | Link::Pre(n) if n > FARTHEST => {
                self.warn(column, format!("`{link}` is farther than a paragraph is long; read as `/p`"));
                Link::Paragraph
            }
            link => link,
        }
    }

    /// Parts near one another: all of them text, of one field.
    fn linked(&mut self, first: Node, rest: Vec<(Link, Node)>) -> Node {
        let field = |node: &Node| if let Node::Field(field, _) = node { Some(*field) } else { None };
        let common = field(&first);
        let bare = |node: Node| match (node, common) {
            (Node::Field(f, of), Some(common)) if f == common => *of,
            (node, _) => node,
        };
        let same = rest.iter().all(|(_, node)| field(node) == common);
        if same {
            let near = Node::Near {
                first: Box::new(bare(first.clone())),
                rest: rest.iter().map(|(link, node)| (*link, bare(node.clone()))).collect(),
            };
            if near.parts().iter().all(|part| is_text(part)) {
                return match common {
                    Some(field) => Node::Field(field, Box::new(near)),
                    None => near,
                };
            }
        }
        let column = self.column().saturating_sub(1);
        let links: Vec<String> = rest.iter().map(|(link, _)| format!("`{link}`")).collect();
        self.warn(
            column,
            format!("only words of one field can stand near one another; {} read as AND", links.join(", ")),
        );
        Node::all(std::iter::once(first).chain(rest.into_iter().map(|(_, node)| node)).collect())
    }
}

/// True for what has places in a text: words, and groups of them.
pub(super) fn is_text(node: &Node) -> bool {
    match node {
        Node::Atom(_) => true,
        Node::Near { .. } | Node::And(_) | Node::Or(_) | Node::AtLeast { .. } => node.parts().into_iter().all(is_text),
        Node::All | Node::Nothing | Node::Field(..) | Node::Filter(_) | Node::Not(_) => false,
    }
}
