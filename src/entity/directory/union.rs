//! Sets of indices that are joined bit by bit.

use std::collections::BTreeMap;

/// A forest of sets over `0..n` (union-find with path halving).
#[derive(Debug)]
pub(super) struct UnionFind {
    parent: Vec<usize>,
}

impl UnionFind {
    pub(super) fn new(n: usize) -> Self {
        UnionFind { parent: (0..n).collect() }
    }

    /// Makes one set of the sets of `a` and `b`.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
    }

    /// The sets, in order of their first member.
    pub(super) fn groups(mut self) -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in 0..self.parent.len() {
            groups.entry(self.root(i)).or_default().push(i);
        }
        groups.into_values().collect()
    }

    /// The member that stands for the set of `i`.
    pub(super) fn root(&mut self, mut i: usize) -> usize {
        while self.parent[i] != i {
            self.parent[i] = self.parent[self.parent[i]];
            i = self.parent[i];
        }
        i
    }
}
