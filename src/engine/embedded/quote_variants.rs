//! The same words by the same speaker, as different articles give them: told once, and how each wording differs.
//!
//! Copies of an article are grouped when it is ingested. Articles that only quote the same words are compared here, when
//! somebody asks for each quotation once: nothing is stored, so nothing has to be undone.

use rustc_hash::FxHashMap;
use tantivy::DocAddress;

use crate::article::Meta;
use crate::engine::embedded::rank::top::ScoredDoc;
use crate::engine::{Engine, Error};
use crate::index::sketch::{PART, Sketch, Words, agreement};
use crate::search::{Difference, Wording};
use crate::text::wording::{Change, compare, likeness};

/// Quotations that are compared with each other at most: reading so many takes about a tenth of a second.
const MOST_COMPARED: usize = 2_000;

/// The share of words that nearly identical quotations have in common, in order.
const ALIKE: f64 = 0.8;

/// Quotations of fewer words are alike by chance: `No comment`.
const FEWEST_WORDS: usize = 4;

/// Places of their sketches in which quotations agree at least to be worth comparing word by word: those with a fifth of
/// the words changed agree in eight of sixteen, on average.
const WORTH_COMPARING: usize = 3;

/// Other wordings that are reported for one quotation.
const MOST_TOLD: usize = 20;

/// Quotations told once.
#[derive(Default)]
pub(crate) struct DistinctQuotes {
    /// Those that stand for all, in order of document.
    pub(crate) told: Vec<ScoredDoc>,
    /// By the document of each: those that it stands for besides its own group.
    pub(crate) others: FxHashMap<DocAddress, Vec<DocAddress>>,
    /// True where there were too many to compare.
    pub(crate) too_many: bool,
}

struct Quotation {
    speakers: Vec<String>,
    text: String,
    sketch: Option<Sketch<PART>>,
    meta: Meta,
}

impl Engine {
    /// Of quotations by the same speaker in nearly the same words, the earliest for all.
    pub(crate) fn once(&self, mut found: Vec<ScoredDoc>) -> Result<DistinctQuotes, Error> {
        if found.len() > MOST_COMPARED {
            return Ok(DistinctQuotes { told: found, too_many: true, ..DistinctQuotes::default() });
        }
        self.ids.sort(self, &mut found)?;
        found.sort_by_key(|found| (found.day.is_none(), found.day));
        let mut told: Vec<(ScoredDoc, Quotation)> = Vec::new();
        let mut by_speaker: FxHashMap<Vec<String>, Vec<usize>> = FxHashMap::default();
        let mut others: FxHashMap<DocAddress, Vec<DocAddress>> = FxHashMap::default();
        for found in found {
            let quotation = self.quotation(found.at)?;
            let known = by_speaker.entry(quotation.speakers.clone()).or_default();
            let earlier = known.iter().find(|&&at| told.get(at).is_some_and(|(_, told)| told.is_like(&quotation)));
            if let Some((first, _)) = earlier.and_then(|&at| told.get_mut(at)) {
                first.take_best_of(&found);
                others.entry(first.at).or_default().push(found.at);
            } else {
                known.push(told.len());
                told.push((found, quotation));
            }
        }
        let mut told: Vec<ScoredDoc> = told.into_iter().map(|(found, _)| found).collect();
        told.sort_unstable_by_key(|found| found.at);
        Ok(DistinctQuotes { told, others, too_many: false })
    }

    /// How the wordings of `members` differ from that of the quotation `told`; those that do not are left out.
    pub(crate) fn wordings(&self, told: DocAddress, members: &[DocAddress]) -> Result<Vec<Wording>, Error> {
        let own = self.quotation(told)?;
        let mut wordings: Vec<Wording> = Vec::new();
        for &member in members.iter().filter(|&&member| member != told) {
            if wordings.len() == MOST_TOLD {
                break;
            }
            let other = self.quotation(member)?;
            let differences: Vec<Difference> =
                compare(&own.text, &other.text).into_iter().map(|(change, text)| Difference { change, text }).collect();
            let differs = differences.iter().any(|difference| difference.change != Change::Same);
            if differs && !wordings.iter().any(|told| told.differences == differences) {
                wordings.push(Wording {
                    article: other.meta.id,
                    outlet: other.meta.outlet,
                    day: other.meta.published.as_ref().map(|published| published.day().to_owned()),
                    differences,
                });
            }
        }
        Ok(wordings)
    }

    fn quotation(&self, at: DocAddress) -> Result<Quotation, Error> {
        let blocks = self.hierarchies.of(self.searcher().segment_reader(at.segment_ord))?;
        let article = self.index().article(DocAddress::new(at.segment_ord, blocks.article(at.doc_id)))?;
        let mut quotation =
            Quotation { speakers: Vec::new(), text: String::new(), sketch: None, meta: article.article };
        if let Some(quote) = article.quotes.get(blocks.ordinal(at.doc_id) as usize) {
            quotation.speakers = if quote.speakers.is_empty() {
                quote.speaker.iter().cloned().collect()
            } else {
                quote.speakers.clone()
            };
            let points = crate::text::CodePoints::new(&article.text);
            let parts: Vec<&str> = quote.content.iter().map(|&span| points.bytes(span).of(&article.text)).collect();
            quotation.text = parts.join(" … ");
            quotation.sketch = Words::default().read([quotation.text.as_str()]).sketch();
        }
        Ok(quotation)
    }
}

impl Quotation {
    /// True if it is nearly the same as `other`, which is by the same speaker. Unattributed quotations never match each other.
    fn is_like(&self, other: &Quotation) -> bool {
        let words = |text: &str| text.split_whitespace().nth(FEWEST_WORDS - 1).is_some();
        let (Some(own), Some(others)) = (&self.sketch, &other.sketch) else { return false };
        !self.speakers.is_empty()
            && words(&self.text)
            && words(&other.text)
            && agreement(own, others) >= WORTH_COMPARING
            && likeness(&self.text, &other.text) >= ALIKE
    }
}
