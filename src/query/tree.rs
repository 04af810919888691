//! The query tree: what was asked, free of how it was typed and of any engine.

use jiff::civil::Date;

use crate::quote;

/// A query or a part of one.
///
/// Its depth is bounded by the parser ([`DEPTH`](super::DEPTH)), so it may be walked by recursion.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Everything: `*`.
    All,
    /// Nothing at all: a query without a word in it.
    Nothing,
    /// Something to be found in the text.
    Atom(Atom),
    /// A part that holds in a field.
    Field(Field, Box<Node>),
    /// A condition on a quotation or an article other than on its text.
    Filter(Filter),
    /// Parts whose places in one text matter.
    Span(SpanOperator),
    /// All of them; never fewer than two.
    And(Vec<Node>),
    /// Any of them; never fewer than two.
    Or(Vec<Node>),
    /// Whatever it does not hold for.
    Not(Box<Node>),
}

/// An operator on places in one text. Its parts are text: atoms, such operators, and groups of these.
#[derive(Debug, Clone, PartialEq)]
pub enum SpanOperator {
    /// Parts that are near one another, linked from left to right.
    Near {
        /// The leftmost.
        first: Box<Node>,
        /// How each of the others is linked to all that is before it.
        rest: Vec<(Link, Node)>,
    },
    /// A part that is found at several places.
    AtLeast {
        /// How many; at least 1.
        times: u32,
        /// What is counted.
        of: Box<Node>,
    },
}

impl SpanOperator {
    /// The parts directly below it.
    pub fn parts(&self) -> Vec<&Node> {
        match self {
            SpanOperator::Near { first, rest } => {
                std::iter::once(&**first).chain(rest.iter().map(|(_, part)| part)).collect()
            }
            SpanOperator::AtLeast { of, .. } => vec![of],
        }
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> Vec<&mut Node> {
        match self {
            SpanOperator::Near { first, rest } => {
                std::iter::once(&mut **first).chain(rest.iter_mut().map(|(_, part)| part)).collect()
            }
            SpanOperator::AtLeast { of, .. } => vec![of],
        }
    }

    /// True if what one part finds can be told apart from what the others find; how often something is found is counted with
    /// its alternatives.
    pub fn has_separate_parts(&self) -> bool {
        match self {
            SpanOperator::Near { .. } => true,
            SpanOperator::AtLeast { .. } => false,
        }
    }
}

/// The smallest thing that is looked for in text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Atom {
    /// A word, in every form; with hyphens in it, its parts next to each other: `30-day`.
    Word(String),
    /// A word with `*` (any letters) or `?` (one letter) in it.
    Pattern(String),
    /// A word with up to so many letters changed, 1 or 2.
    Fuzzy(String, u8),
    /// A phrase and its variants.
    Phrase(String),
    /// The words of a phrase, in order, with up to so many others between them in all.
    Loose(String, u32),
    /// Exactly these characters, between word borders.
    Literal(String),
}

/// How a part is linked to what is before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Link {
    /// At most so many words on, in either order: 1 is the next word.
    Near(u32),
    /// At most so many words on, in this order.
    Pre(u32),
    /// In the same sentence.
    Sentence,
    /// In the same paragraph.
    Paragraph,
}

impl Link {
    /// Whether it matters where sentences end.
    pub(crate) fn needs_borders(self) -> bool {
        match self {
            Link::Near(_) | Link::Pre(_) | Link::Paragraph => false,
            Link::Sentence => true,
        }
    }
}

/// Where a part is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Who said it.
    Speaker,
    /// The words of a quotation.
    Said,
    /// Who or what is named inside a quotation.
    About,
    /// People named in the passage.
    Person,
    /// Organisations named in the passage.
    Org,
    /// Places named in the passage.
    Place,
    /// Anyone or anything named in the passage.
    Entity,
    /// The headline.
    Title,
    /// Who wrote the article.
    Byline,
    /// Who published it.
    Outlet,
    /// The section of the paper.
    Section,
    /// The collection that its user put the article in.
    Collection,
    /// The language of the article, as a code of two letters.
    Language,
    /// What people attached to the article or quotation.
    Tag,
}

impl Field {
    /// All of them.
    pub const ALL: [Field; 14] = [
        Field::Speaker,
        Field::Said,
        Field::About,
        Field::Person,
        Field::Org,
        Field::Place,
        Field::Entity,
        Field::Title,
        Field::Byline,
        Field::Outlet,
        Field::Section,
        Field::Collection,
        Field::Language,
        Field::Tag,
    ];

    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Field::Speaker => "speaker",
            Field::Said => "said",
            Field::About => "about",
            Field::Person => "person",
            Field::Org => "org",
            Field::Place => "place",
            Field::Entity => "entity",
            Field::Title => "title",
            Field::Byline => "byline",
            Field::Outlet => "outlet",
            Field::Section => "section",
            Field::Collection => "collection",
            Field::Language => "language",
            Field::Tag => "tag",
        }
    }

    /// True for what only quotations have.
    pub fn of_quotation(self) -> bool {
        matches!(self, Field::Speaker | Field::Said | Field::About)
    }

    /// True for what is the same for all of an article.
    pub fn of_article(self) -> bool {
        match self {
            Field::Title | Field::Byline | Field::Outlet | Field::Section | Field::Collection | Field::Language => true,
            Field::Speaker
            | Field::Said
            | Field::About
            | Field::Person
            | Field::Org
            | Field::Place
            | Field::Entity
            | Field::Tag => false,
        }
    }
}

/// A condition other than on text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Filter {
    /// The kind of a quotation.
    Kind(quote::QuoteKind),
    /// How its speaker is known.
    Attribution(quote::Attribution),
    /// How sure a quotation is, in hundredths, from the first to the second, both included.
    Confidence(u8, u8),
    /// Published within these days.
    Date(Days),
    /// Of an article whose earlier text is kept.
    Versions,
}

impl Filter {
    /// True for what only quotations have.
    pub fn of_quotation(self) -> bool {
        match self {
            Filter::Kind(_) | Filter::Attribution(_) | Filter::Confidence(..) => true,
            Filter::Date(_) | Filter::Versions => false,
        }
    }

    /// True for what is the same for all of an article.
    pub fn of_article(self) -> bool {
        !self.of_quotation()
    }
}

/// A range of days, both ends included; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub since: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

impl Days {
    /// True if it ends before it begins.
    pub fn is_empty(self) -> bool {
        matches!((self.since, self.until), (Some(since), Some(until)) if until < since)
    }

    /// The days in both.
    #[must_use]
    pub fn and(self, other: Days) -> Days {
        Days { since: self.since.max(other.since), until: [self.until, other.until].into_iter().flatten().min() }
    }
}

impl Node {
    /// All of `parts`; of a single part, that part.
    pub fn all(parts: Vec<Node>) -> Node {
        Node::many(parts, Node::And)
    }

    /// Any of `parts`; of a single part, that part.
    pub fn any(parts: Vec<Node>) -> Node {
        Node::many(parts, Node::Or)
    }

    fn many(mut parts: Vec<Node>, group: fn(Vec<Node>) -> Node) -> Node {
        match parts.len() {
            0 => Node::Nothing,
            1 => parts.swap_remove(0),
            _ => group(parts),
        }
    }

    /// `of` in `field`. `entity:` is three fields, so that each level of it within another would triple the query: it goes to
    /// those parts alone that name no field of their own.
    pub fn in_field(field: Field, of: Node) -> Node {
        if field != Field::Entity || !of.names_field() {
            return Node::Field(field, Box::new(of));
        }
        let each = |parts: Vec<Node>| parts.into_iter().map(|part| Node::in_field(field, part)).collect();
        match of {
            Node::And(parts) => Node::all(each(parts)),
            Node::Or(parts) => Node::any(each(parts)),
            Node::Not(of) => Node::Not(Box::new(Node::in_field(field, *of))),
            // Nearness and counting hold text alone.
            of @ (Node::Field(..) | Node::All | Node::Nothing | Node::Atom(_) | Node::Filter(_) | Node::Span(_)) => of,
        }
    }

    fn names_field(&self) -> bool {
        matches!(self, Node::Field(..)) || self.parts().into_iter().any(Node::names_field)
    }

    /// The parts directly below it.
    pub fn parts(&self) -> Vec<&Node> {
        match self {
            Node::All | Node::Nothing | Node::Atom(_) | Node::Filter(_) => Vec::new(),
            Node::Field(_, of) | Node::Not(of) => vec![of],
            Node::Span(operator) => operator.parts(),
            Node::And(parts) | Node::Or(parts) => parts.iter().collect(),
        }
    }

    /// True for a condition that holds for all of an article or for nothing of it.
    pub fn is_of_article(&self) -> bool {
        match self {
            Node::Field(field, of) => field.of_article() && !of.names_field(),
            Node::Filter(filter) => filter.of_article(),
            Node::And(parts) | Node::Or(parts) => parts.iter().all(Node::is_of_article),
            Node::Not(of) => of.is_of_article(),
            Node::All | Node::Nothing | Node::Atom(_) | Node::Span(_) => false,
        }
    }

    /// True if it names what only quotations have, so that its hits are quotations.
    pub fn asks_for_quotations(&self) -> bool {
        match self {
            Node::Field(field, _) if field.of_quotation() => true,
            Node::Filter(filter) if filter.of_quotation() => true,
            _ => self.parts().into_iter().any(Node::asks_for_quotations),
        }
    }
}
