//! How closely a hit matches: as written, in another form, near, by synonyms.
//!
//! A scan of one text knows it of each document that it finds. Elsewhere (alternatives, fields, whole articles), a hit has
//! the closest class to which the query can be limited so that it still finds the hit.

use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::{DocAddress, DocSet};

use crate::engine::embedded::scan::conjunction::{Conjunction, SpanScorer};
use crate::engine::embedded::scan::field_query::FieldQuery;
use crate::engine::embedded::translate::Translator;
use crate::engine::plan::resolved::ResolvedRequest;
use crate::engine::spans::query::SpanQuery;
use crate::engine::{Engine, Error};
use crate::search::{MatchClass, Request, Sort};

/// How the class of a hit is found.
pub(crate) struct Classes {
    source: Source,
    /// Whether hits are sorted by it.
    grouped: bool,
}

enum Source {
    /// Not at all: no text is asked for, or the request does not want it.
    None,
    /// The scan of the hits knows it.
    Scan,
    /// By the query limited to each class, the closest first; what none of these finds has the last class.
    Limited(Vec<(MatchClass, Box<dyn Weight>)>, MatchClass),
}

impl Classes {
    /// No classes.
    pub(crate) fn none() -> Self {
        Classes { source: Source::None, grouped: false }
    }

    /// Those of a request, which was translated to `query`.
    pub(crate) fn new(
        engine: &Engine,
        request: &Request,
        resolved: &ResolvedRequest,
        query: &dyn Query,
        translator: &Translator,
    ) -> Result<Self, Error> {
        let phrases = translator.plans.iter().any(|(_, plan)| matches!(plan.query, SpanQuery::Variants(_)));
        let grouped = phrases && request.sort == Sort::Rank;
        if translator.plans.is_empty() {
            return Ok(Classes::none());
        }
        if query.is::<FieldQuery>() || query.is::<Conjunction>() {
            return Ok(Classes { source: Source::Scan, grouped });
        }
        if !grouped && !request.classes {
            return Ok(Classes::none());
        }
        let own = resolved.variants;
        let mut classes = vec![MatchClass::Written];
        classes.extend(own.forms.then_some(MatchClass::Form));
        classes.extend((own.near && phrases).then_some(MatchClass::Near));
        classes.extend((own.synonyms && phrases).then_some(MatchClass::Synonym));
        let last = classes.pop().unwrap_or(MatchClass::Written);
        let mut limited = Vec::with_capacity(classes.len());
        for class in classes {
            let resolved = resolved.limited_to(class);
            let query = Translator::new(engine, &resolved).filtered(&resolved.tree, &resolved)?;
            limited.push((class, query.weight(EnableScoring::disabled_from_searcher(engine.searcher()))?));
        }
        Ok(Classes { source: Source::Limited(limited, last), grouped })
    }

    /// The group in which a hit is sorted: words as typed and their forms, near, synonyms.
    pub(crate) fn group(&self, class: Option<MatchClass>) -> u8 {
        match class.filter(|_| self.grouped) {
            None | Some(MatchClass::Written | MatchClass::Form) => 0,
            Some(MatchClass::Near) => 1,
            Some(MatchClass::Synonym) => 2,
        }
    }
}

/// A scorer for each class, the closest first.
type Scorers = Vec<(MatchClass, Box<dyn Scorer>)>;

/// Finds the classes of hits, in order of document.
pub(crate) struct Classifier<'c> {
    source: &'c Source,
    /// The number of the current segment, and its scorers.
    open: Option<(u32, Scorers)>,
}

impl<'c> Classifier<'c> {
    pub(crate) fn new(classes: &'c Classes) -> Self {
        Classifier { source: &classes.source, open: None }
    }

    /// The class of the hit that the scorer is at.
    pub(crate) fn class(
        &mut self,
        engine: &Engine,
        at: DocAddress,
        scorer: &mut dyn Scorer,
    ) -> Result<Option<MatchClass>, Error> {
        let (limited, last) = match self.source {
            Source::None => return Ok(None),
            Source::Scan => return Ok(scorer.downcast_mut::<SpanScorer>().map(SpanScorer::class)),
            Source::Limited(limited, last) => (limited, *last),
        };
        if self.open.as_ref().is_none_or(|(number, _)| *number != at.segment_ord) {
            let segment = engine.searcher().segment_reader(at.segment_ord);
            let mut scorers = Vec::with_capacity(limited.len());
            for (class, weight) in limited {
                scorers.push((*class, weight.scorer(segment, 1.0)?));
            }
            self.open = Some((at.segment_ord, scorers));
        }
        for (class, scorer) in self.open.iter_mut().flat_map(|(_, scorers)| scorers) {
            let doc = if scorer.doc() < at.doc_id { scorer.seek(at.doc_id) } else { scorer.doc() };
            if doc == at.doc_id {
                return Ok(Some(*class));
            }
        }
        Ok(Some(last))
    }
}
