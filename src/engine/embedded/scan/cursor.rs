//! Scans the documents that hold the terms a plan needs, a window of documents at a time.
//!
//! A word is posted under each of its forms, so what is scanned is an intersection of unions: a dozen lists for a phrase of
//! three words. Stepping through them side by side costs far more than what is in them. So the lists of a window of
//! documents are turned into bits, a bit a document, and unions and intersections are those of machine words. Only where
//! few candidates are left beside a long list, each is looked up in it.
//!
//! A window holds whole articles, so whoever scores an article on the way finds in it all that its passages hold.

mod stream;
mod window;

use std::ops::Range;

use tantivy::{DocId, TERMINATED};

use self::stream::Stream;
pub(crate) use self::stream::{List, Lists, SIDE_BY_SIDE};
pub(crate) use self::window::Articles;
use self::window::{Bits, NONE, Part, WINDOW, next_bit, set, unite};
use crate::engine::plan::prefilter::Prefilter;
use crate::engine::spans::query::TermSet;

/// Scans the documents that hold what is needed, in order.
pub(crate) struct Cursor {
    tree: Tree,
    streams: Vec<(TermSet, Stream)>,
    /// The documents of the window at hand; none before the first.
    window: Range<DocId>,
    bits: Box<Bits>,
    articles: Articles,
    /// The number of documents of the segment.
    end: DocId,
}

/// What is needed; term sets are places among the streams.
enum Tree {
    TermSet(usize),
    /// The rarest first.
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Every,
}

impl Cursor {
    /// `lists` gives those of a term set, in a segment of `end` documents.
    pub(crate) fn open(
        prefilter: &Prefilter,
        lists: &dyn Fn(TermSet) -> tantivy::Result<Lists>,
        articles: Articles,
        end: DocId,
    ) -> tantivy::Result<Self> {
        let mut streams = Vec::new();
        let tree = Tree::open(prefilter, &mut streams, &|set| Ok(Stream::open(lists(set)?, end)))?;
        Ok(Cursor { tree, streams, window: 0..0, bits: Box::new(NONE), articles, end })
    }

    /// The first document from `target` on. Targets never go back.
    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        let mut target = target;
        loop {
            target = target.max(self.window.start);
            if target < self.window.end {
                if let Some(found) =
                    next_bit(&self.bits, target - self.window.start, self.window.end - self.window.start)
                {
                    return self.window.start + found;
                }
                target = self.window.end;
            }
            let next = if target < self.end {
                let from = (self.articles)(target).start.max(self.window.end);
                self.tree.next(from, &mut self.streams, self.end)
            } else {
                self.end
            };
            if next >= self.end {
                // A second call gives the same answer.
                self.window = self.end..self.end;
                return TERMINATED;
            }
            self.set_doc(next);
        }
    }

    /// True if the current document holds one of the terms as written.
    pub(crate) fn is_written(&self, set: TermSet, doc: DocId) -> bool {
        self.stream(set).is_some_and(|stream| stream.is_written(doc.saturating_sub(self.window.start)))
    }

    /// How often the terms of a term set occur in the current document, where that is counted.
    pub(crate) fn frequency(&self, set: TermSet, doc: DocId) -> u32 {
        let stream = self.stream(set);
        stream.map_or(1, |stream| stream.frequency(doc.saturating_sub(self.window.start)))
    }

    /// The documents of the current article that hold the terms of a term set, and how often; none where it is not counted,
    /// or the article is too long for a window.
    pub(crate) fn counts(
        &self,
        set: TermSet,
        article: Range<DocId>,
    ) -> Option<impl Iterator<Item = (DocId, u32)> + '_> {
        let start = self.window.start;
        if article.start < start || article.end > self.window.end {
            return None;
        }
        let stream = self.stream(set)?;
        Some(
            stream
                .counts(start, article.start - start..article.end - start)?
                .map(move |(at, count)| (start + at, count)),
        )
    }

    /// About how many documents there are.
    pub(crate) fn size(&self) -> u32 {
        self.tree.size(&self.streams, self.end)
    }

    /// How many postings there are in the lists that are scanned.
    pub(crate) fn postings(&self) -> u64 {
        self.streams.iter().map(|(_, stream)| u64::from(stream.size())).sum()
    }

    fn stream(&self, set: TermSet) -> Option<&Stream> {
        self.streams.iter().find(|(number, _)| *number == set).map(|(_, stream)| stream)
    }

    /// Turns to the window that starts with the article of `next`, or goes on with one that is too long for a window.
    fn set_doc(&mut self, next: DocId) {
        let start = (self.articles)(next).start.max(self.window.end);
        let far = start.saturating_add(WINDOW).min(self.end);
        let edge = if far < self.end { (self.articles)(far).start } else { far };
        self.window = start..if edge > start { edge } else { far };
        *self.bits = NONE;
        let part = Part { window: &self.window, articles: &self.articles };
        self.tree.add(part, &mut self.streams, &mut self.bits);
    }
}

impl Tree {
    fn open(
        prefilter: &Prefilter,
        streams: &mut Vec<(TermSet, Stream)>,
        stream: &dyn Fn(TermSet) -> tantivy::Result<Stream>,
    ) -> tantivy::Result<Self> {
        let all = |parts: &[Prefilter], streams: &mut Vec<(TermSet, Stream)>| {
            parts.iter().map(|part| Tree::open(part, streams, stream)).collect::<tantivy::Result<Vec<Tree>>>()
        };
        Ok(match prefilter {
            Prefilter::TermSet(set) => {
                let known = (0..).zip(streams.iter_mut()).find(|(_, (known, _))| known == set);
                if let Some((at, (_, stream))) = known {
                    stream.share();
                    return Ok(Tree::TermSet(at));
                }
                streams.push((*set, stream(*set)?));
                Tree::TermSet(streams.len() - 1)
            }
            Prefilter::All(parts) => {
                let mut parts = all(parts, streams)?;
                parts.sort_by_key(|part| part.size(streams, DocId::MAX));
                Tree::All(parts)
            }
            Prefilter::Any(parts) => Tree::Any(all(parts, streams)?),
            Prefilter::Every => Tree::Every,
        })
    }

    /// A document from `target` on before which there is none; `end` or more where there is none at all.
    fn next(&self, target: DocId, streams: &mut [(TermSet, Stream)], end: DocId) -> DocId {
        match self {
            Tree::TermSet(at) => streams.get_mut(*at).map_or(end, |(_, stream)| stream.next(target)),
            Tree::All(parts) => parts.first().map_or(end, |rarest| rarest.next(target, streams, end)),
            Tree::Any(parts) => parts.iter().map(|part| part.next(target, streams, end)).min().unwrap_or(end),
            Tree::Every => target,
        }
    }

    /// Adds the documents of a window.
    fn add(&self, part: Part, streams: &mut [(TermSet, Stream)], bits: &mut Bits) {
        match self {
            Tree::TermSet(at) => {
                if let Some((_, stream)) = streams.get_mut(*at) {
                    stream.add(part.window, bits);
                }
            }
            Tree::All(parts) => {
                let Some((rarest, others)) = parts.split_first() else { return };
                let mut found = NONE;
                rarest.add(part, streams, &mut found);
                for other in others {
                    other.keep(part, streams, &mut found);
                }
                unite(bits, &found);
            }
            Tree::Any(parts) => parts.iter().for_each(|any| any.add(part, streams, bits)),
            Tree::Every => {
                for doc in 0..part.window.end - part.window.start {
                    set(bits, doc);
                }
            }
        }
    }

    /// Keeps of the documents of a window those that pass the prefilter.
    fn keep(&self, part: Part, streams: &mut [(TermSet, Stream)], bits: &mut Bits) {
        if *bits == NONE {
            return;
        }
        match self {
            Tree::TermSet(at) => {
                if let Some((_, stream)) = streams.get_mut(*at) {
                    stream.keep(part, bits);
                }
            }
            Tree::All(parts) => parts.iter().for_each(|needed| needed.keep(part, streams, bits)),
            Tree::Any(parts) => {
                let mut found = NONE;
                for any in parts {
                    // What one part has, no other needs to be asked for.
                    let mut open = *bits;
                    for (open, found) in open.iter_mut().zip(&found) {
                        *open &= !found;
                    }
                    any.keep(part, streams, &mut open);
                    unite(&mut found, &open);
                }
                *bits = found;
            }
            Tree::Every => {}
        }
    }

    fn size(&self, streams: &[(TermSet, Stream)], end: DocId) -> u32 {
        match self {
            Tree::TermSet(at) => streams.get(*at).map_or(0, |(_, stream)| stream.size()),
            Tree::All(parts) => parts.iter().map(|part| part.size(streams, end)).min().unwrap_or(0),
            Tree::Any(parts) => parts.iter().map(|part| part.size(streams, end)).fold(0, u32::saturating_add),
            Tree::Every => end,
        }
    }
}

#[cfg(test)]
mod tests;
