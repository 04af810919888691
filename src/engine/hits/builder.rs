//! From matching documents to hits: the text, what is highlighted in it, its quotations and names.

use std::sync::Arc;

use crate::engine::plan::span_plan::SpanPlan;
use crate::engine::spans::find::BufferPool;
use crate::engine::spans::memory::{Memory, PooledAnalyzer};
use crate::engine::spans::query::SpanQuery;
use crate::index::schema::Level;
use crate::search::{Annotated, By, Hit, Match, MatchClass, Names, Quote};
use crate::text::{CharSpan, CodePoints, Span};
use crate::{entity, search};

/// Makes hits of one answer.
pub(crate) struct HitBuilder<'e, K> {
    pub(crate) by: By,
    /// What is highlighted, by the level it is found on.
    pub(crate) plans: Vec<(Level, Arc<SpanPlan>)>,
    /// The article read last: hits of one article often come together.
    last: Option<(K, Annotated)>,
    reader: PooledAnalyzer<'e>,
}

impl<'e, K: Copy + PartialEq> HitBuilder<'e, K> {
    pub(crate) fn new(by: By, plans: Vec<(Level, Arc<SpanPlan>)>, reader: PooledAnalyzer<'e>) -> Self {
        HitBuilder { by, plans, last: None, reader }
    }

    /// The hit for a document, its rank and score still open.
    ///
    /// `article` is the backend's key of the article, `read` fetches it, `ordinal` is the number of the paragraph or quotation.
    pub(crate) fn hit<E>(
        &mut self,
        article: K,
        ordinal: u32,
        class: Option<MatchClass>,
        read: impl FnOnce(K) -> Result<Annotated, E>,
    ) -> Result<Hit, E> {
        if self.last.as_ref().is_none_or(|(at, _)| *at != article) {
            self.last = Some((article, read(article)?));
        }
        let empty = Annotated::default();
        let HitBuilder { by, plans, last, reader } = self;
        let whole = last.as_ref().map_or(&empty, |(_, whole)| whole);
        let mut page = ArticleView {
            by: *by,
            plans,
            whole,
            points: &CodePoints::new(&whole.text),
            reader,
            class,
            variants: Vec::new(),
        };
        Ok(match by {
            By::Passage => page.passage(ordinal),
            By::Quote => page.quote(ordinal),
            By::Article => {
                let best = page.best();
                page.passage(best)
            }
        })
    }
}

/// An article that a hit is made of.
struct ArticleView<'p, 'e> {
    by: By,
    plans: &'p [(Level, Arc<SpanPlan>)],
    whole: &'p Annotated,
    points: &'p CodePoints<'p>,
    reader: &'p mut PooledAnalyzer<'e>,
    class: Option<MatchClass>,
    /// What the text says where it does not say what was typed.
    variants: Vec<String>,
}

impl ArticleView<'_, '_> {
    fn passage(&mut self, paragraph: u32) -> Hit {
        let (whole, points) = (self.whole, self.points);
        let at = whole.paragraphs.get(paragraph as usize).copied().unwrap_or_default();
        let inside = |start: u32| (at.start..at.end).contains(&start);
        let quotes: Vec<Quote> = whole
            .quotes
            .iter()
            .filter(|quote| quote.content.first().is_some_and(|content| inside(content.start)))
            .map(|quote| with_text(quote, whole, points))
            .collect();
        let text = points.bytes(at);
        let mut marks = self.marks(Level::Passage, &[text]);
        for quote in &quotes {
            let parts: Vec<Span> = quote.content.iter().map(|&part| points.bytes(part)).collect();
            marks.extend(self.marks(Level::Quote, &parts).into_iter().filter(|mark| text.contains(*mark)));
        }
        self.made(paragraph, at, marks, quotes)
    }

    fn quote(&mut self, ordinal: u32) -> Hit {
        let (whole, points) = (self.whole, self.points);
        let quote = whole.quotes.get(ordinal as usize);
        let content = quote.map_or(&[][..], |quote| quote.content.as_slice());
        let first = content.first().copied().unwrap_or_default();
        let at = CharSpan { start: first.start, end: content.last().map_or(first.end, |last| last.end) };
        let paragraph = whole.paragraphs.iter().position(|p| (p.start..p.end).contains(&at.start)).unwrap_or(0);
        let parts: Vec<Span> = content.iter().map(|&part| points.bytes(part)).collect();
        let marks = self.marks(Level::Quote, &parts);
        let quotes = quote.map(|quote| with_text(quote, whole, points)).into_iter().collect();
        self.made(paragraph as u32, at, marks, quotes)
    }

    fn made(&mut self, paragraph: u32, at: CharSpan, mut marks: Vec<Span>, quotes: Vec<Quote>) -> Hit {
        let (whole, points) = (self.whole, self.points);
        marks.sort_unstable();
        let mut highlights: Vec<CharSpan> = Vec::new();
        for mark in marks.into_iter().map(|mark| points.chars(mark)) {
            let mark = CharSpan { start: mark.start.saturating_sub(at.start), end: mark.end.saturating_sub(at.start) };
            match highlights.last_mut() {
                // What overlaps is highlighted as one.
                Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
                _ => highlights.push(mark),
            }
        }
        Hit {
            rank: 0,
            score: 0.0,
            by: self.by,
            article: whole.article.clone(),
            paragraph,
            locator: whole.locators.get(paragraph as usize).copied().flatten(),
            start: at.start,
            end: at.end,
            text: points.bytes(at).of(&whole.text).to_owned(),
            highlights,
            matched: self.class.map(|class| Match { class, variants: std::mem::take(&mut self.variants) }),
            quotes,
            entities: names(whole, at),
            duplicates: 0,
            also_in: None,
            wordings: Vec::new(),
            tags: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// What is highlighted in a text of one level, in bytes of the article.
    fn marks(&mut self, level: Level, parts: &[Span]) -> Vec<Span> {
        let ArticleView { plans, whole, ref mut reader, ref mut variants, .. } = *self;
        let texts: Vec<&str> = parts.iter().map(|part| part.of(&whole.text)).collect();
        let mut marks = Vec::new();
        let mut memory = None;
        for (_, plan) in plans.iter().filter(|(of, _)| *of == level) {
            let memory = memory.get_or_insert_with(|| Memory::by(reader, &texts));
            if self.class.is_some_and(|class| class > MatchClass::Written) {
                for found in plan.variants_in(memory) {
                    let text = memory.bytes(found).and_then(|(part, span)| Some(span.of(texts.get(part)?)));
                    let text = text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
                    variants
                        .extend(text.filter(|text| !variants.iter().any(|v| v.to_lowercase() == text.to_lowercase())));
                }
            }
            let memory = memory.for_term_sets(&plan.term_sets);
            for span in plan.query.marks(memory, &mut BufferPool::default()) {
                if let Some((part, span)) = memory.bytes(span)
                    && let Some(base) = parts.get(part)
                {
                    marks.push(Span { start: base.start + span.start, end: base.start + span.end });
                }
            }
        }
        marks
    }

    /// The paragraph of an article in which most of the query is found.
    fn best(&mut self) -> u32 {
        let ArticleView { plans, whole, points, ref mut reader, .. } = *self;
        let mut best = (0, 0, 0);
        for (number, &at) in (0..).zip(&whole.paragraphs) {
            let text = points.bytes(at).of(&whole.text);
            let (mut parts, mut places) = (0, 0);
            let mut memory = None;
            for (_, plan) in plans.iter().filter(|(level, _)| *level == Level::Passage) {
                let memory = memory.get_or_insert_with(|| Memory::by(reader, &[text])).for_term_sets(&plan.term_sets);
                let found = found(&plan.query, memory);
                parts += usize::from(found > 0);
                places += found;
            }
            if (parts, places) > (best.0, best.1) {
                best = (parts, places, number);
            }
        }
        best.2
    }
}

fn found(query: &SpanQuery, memory: &mut Memory) -> usize {
    query.spans(memory, &mut BufferPool::default()).len()
}

/// A quotation with its text, the parts joined by ` … `.
fn with_text(quote: &Quote, whole: &Annotated, points: &CodePoints) -> Quote {
    let parts: Vec<&str> = quote.content.iter().map(|&part| points.bytes(part).of(&whole.text)).collect();
    search::Quote { text: Some(parts.join(" … ")), ..quote.clone() }
}

/// The names in a stretch of an article, each once.
fn names(whole: &Annotated, at: CharSpan) -> Names {
    let mut names = Names::default();
    for mention in whole.mentions.iter().filter(|m| at.start <= m.start && m.end <= at.end) {
        let list = match mention.kind {
            entity::EntityKind::Person => &mut names.person,
            entity::EntityKind::Organization => &mut names.organization,
            entity::EntityKind::Place => &mut names.place,
        };
        if !list.contains(&mention.entity) {
            list.push(mention.entity.clone());
        }
    }
    names
}
