//! Distance operators.

use super::{FARTHEST, Parser};
use crate::query::token::TokenKind;
use crate::query::tree::{Link, Node, SpanOperator};
use crate::query::value::ValueField;

impl Parser<'_> {
    /// A part, or several linked by distance.
    pub(super) fn near(&mut self, within: Option<ValueField>) -> Option<Node> {
        let mut first = self.atom(within);
        let mut rest = Vec::new();
        loop {
            let column = self.column();
            let Some(&TokenKind::Link(link)) = self.peek() else { break };
            self.tokens.pop_front();
            let link = self.link(link, column);
            if first.is_none() {
                self.warn(column, format!("`{link}` has nothing before it; ignored"));
                first = self.atom(within);
                continue;
            }
            if matches!(self.peek(), Some(TokenKind::Not | TokenKind::Minus)) {
                self.tokens.pop_front();
                self.warn(column, format!("`{link}` cannot be followed by NOT; the NOT is ignored"));
            }
            match self.atom(within) {
                Some(node) => rest.push((link, node)),
                None => self.warn(column, format!("`{link}` has nothing after it; ignored")),
            }
        }
        let first = first?;
        if rest.is_empty() { Some(first) } else { Some(self.linked(first, rest)) }
    }

    /// Bounds the distance.
    fn link(&mut self, link: Link, column: u32) -> Link {
        match link {
            Link::Near(0) => {
                self.warn(column, "`NEAR/0` matches nothing: the next word is at distance 1; read as `NEAR/1`");
                Link::Near(1)
            }
            Link::Pre(0) => {
                self.warn(column, "`PRE/0` matches nothing: the next word is at distance 1; read as `PRE/1`");
                Link::Pre(1)
            }
            Link::Near(n) | Link::Pre(n) if n > FARTHEST => {
                self.warn(column, format!("`{link}` is longer than any paragraph; read as `/p`"));
                Link::Paragraph
            }
            link => link,
        }
    }

    /// Links the parts, which must be text of one field.
    fn linked(&mut self, first: Node, rest: Vec<(Link, Node)>) -> Node {
        let field = |node: &Node| if let Node::Field(field, _) = node { Some(*field) } else { None };
        let common = field(&first);
        let bare = |node: Node| match (node, common) {
            (Node::Field(f, of), Some(common)) if f == common => *of,
            (node, _) => node,
        };
        let same = rest.iter().all(|(_, node)| field(node) == common);
        if same {
            let near = Node::Span(SpanOperator::Near {
                first: Box::new(bare(first.clone())),
                rest: rest.iter().map(|(link, node)| (*link, bare(node.clone()))).collect(),
            });
            if near.parts().iter().all(|part| is_text(part)) {
                return match common {
                    Some(field) => Node::Field(field, Box::new(near)),
                    None => near,
                };
            }
        }
        let column = self.column().saturating_sub(1);
        let links: Vec<String> = rest.iter().map(|(link, _)| format!("`{link}`")).collect();
        self.warn(column, format!("only words of one field can be near each other; {} read as AND", links.join(", ")));
        Node::all(std::iter::once(first).chain(rest.into_iter().map(|(_, node)| node)).collect())
    }
}

/// True for what has positions in a text: words, and groups of them.
pub(super) fn is_text(node: &Node) -> bool {
    match node {
        Node::Atom(_) => true,
        Node::Span(_) | Node::And(_) | Node::Or(_) => node.parts().into_iter().all(is_text),
        Node::All | Node::Nothing | Node::Field(..) | Node::Filter(_) | Node::Not(_) => false,
    }
}
