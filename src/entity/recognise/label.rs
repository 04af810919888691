//! Labels of tokens: where names of each kind begin and go on.

use crate::entity::EntityKind;
use crate::entity::name_span::NameSpan;

/// A label of the BIO scheme over four kinds; the fourth, all other names, keeps them from being taken for the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::entity) struct Label(pub(in crate::entity) u8);

impl Label {
    /// Number of labels.
    pub(in crate::entity) const COUNT: usize = 9;
    /// Outside every name.
    pub(in crate::entity) const OUTSIDE: Label = Label(0);

    fn begins(self) -> bool {
        self.0 % 2 == 1
    }

    fn class(self) -> u8 {
        self.0.div_ceil(2)
    }

    fn kind(self) -> Option<EntityKind> {
        match self.class() {
            1 => Some(EntityKind::Person),
            2 => Some(EntityKind::Organization),
            3 => Some(EntityKind::Place),
            _ => None,
        }
    }
}

/// The class of a kind of name as annotated corpora write it: 1 to 4, 0 outside names.
pub(in crate::entity) fn class(tag: &str) -> u8 {
    match tag {
        "PER" | "PERSON" => 1,
        "ORG" | "ORGANIZATION" => 2,
        "LOC" | "LOCATION" => 3,
        "MISC" => 4,
        _ => 0,
    }
}

/// The kind that annotated corpora mean by `tag`; none for other names and for no name.
pub(in crate::entity) fn kind(tag: &str) -> Option<EntityKind> {
    encode(class(tag), true).kind()
}

/// The label of a token of a name of this class.
pub(in crate::entity) fn encode(class: u8, begins: bool) -> Label {
    match class {
        0 => Label::OUTSIDE,
        class => Label(class * 2 - u8::from(begins)),
    }
}

/// The names that labels of tokens from `first` on spell; one that goes on without a beginning begins there.
pub(in crate::entity) fn names(first: usize, labels: &[u8]) -> impl Iterator<Item = NameSpan> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(&label) = labels.get(at) {
            let label = Label(label);
            let start = at;
            at += 1;
            while labels.get(at).is_some_and(|&l| Label(l).class() == label.class() && !Label(l).begins()) {
                at += 1;
            }
            if let Some(kind) = label.kind() {
                return Some(NameSpan::new(first + start, first + at, kind));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_spell_names() {
        let labels: Vec<u8> =
            [(1, true), (1, false), (1, true), (0, true), (4, true), (3, false)].map(|(c, b)| encode(c, b).0).into();
        let found: Vec<_> = names(10, &labels).map(|f| (f.first, f.end, f.kind)).collect();
        assert_eq!(found, [(10, 12, EntityKind::Person), (12, 13, EntityKind::Person), (15, 16, EntityKind::Place)]);
    }
}
