//! Terms: what a text is indexed under, of what kind, and at which position.

use super::role::Role;
use crate::text::Span;

/// The term of a border between two sentences.
pub const BORDER: &str = "¶";

/// What the term of a normal form starts with, where it is not the word as written.
pub const NORMAL: char = '~';

/// What the term of a part starts with.
pub const PART: char = '=';

/// The kind of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// A word as written, folded, that is its own normal form.
    Plain,
    /// A word as written, folded, whose normal form is another.
    Surface,
    /// A normal form, after [`NORMAL`]. Several at one position all hold.
    Normal,
    /// The normal form of the word before it, after [`NORMAL`], where the word implies it: no index needs to hold it.
    Implied,
    /// A piece consumed by a quantity, an acronym or a contraction, folded, after [`PART`].
    Part,
    /// The gap between two sentences.
    Border,
    /// What the word at this position does in its sentence. It has no characters.
    Role(Role),
}

/// A term and its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term<'a> {
    /// Its kind.
    pub kind: TermKind,
    /// Its characters, as they are looked up.
    pub text: &'a str,
    /// Its position, from 0.
    pub position: u32,
    /// The bytes it was read from; the whole quantity for each of its normal forms. Without a possessive ending.
    pub span: Span,
}

impl<'a> Term<'a> {
    /// The normal form it gives its position, if it gives one.
    pub fn normal(&self) -> Option<&'a str> {
        match self.kind {
            TermKind::Plain => Some(self.text),
            TermKind::Normal | TermKind::Implied => self.text.strip_prefix(NORMAL),
            TermKind::Surface | TermKind::Part | TermKind::Border | TermKind::Role(_) => None,
        }
    }
}
