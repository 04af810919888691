//! Near-duplicates: counted for each hit, and told once where that is asked for. Nothing is deleted, only passed over.

use std::cmp::Ordering;
use std::sync::OnceLock;
use std::sync::atomic::{self, AtomicBool};

use rustc_hash::FxHashMap;
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, SegmentOrdinal, SegmentReader, TantivyError};

use super::collect::Found;
use super::{Engine, Error};
use crate::index::schema::{FacetKind, Level};
use crate::search::{AlsoIn, Earliest};

/// Documents whose groups are read at once.
const BLOCK: usize = 1024;

/// For more hits than this, sorting all groups is cheaper than looking for theirs.
const FEW: usize = 256;

/// Members of a group whose articles are looked at to tell outlets; wire copy has fewer.
const MOST_READ: usize = 500;

/// The documents of each group that has several, by level.
#[derive(Default)]
pub(super) struct Copies {
    sorted: [OnceLock<FxHashMap<u64, Vec<DocAddress>>>; 3],
    /// Whether somebody has asked before: who asks twice, asks often.
    asked: AtomicBool,
    /// The outlets of each segment, once one of its hits has near-duplicates.
    outlets: OnceLock<Vec<OnceLock<Outlets>>>,
}

/// Who printed the articles of a segment, and when.
struct Outlets {
    facets: Option<Column<u64>>,
    days: Column<i64>,
    /// The outlets by the ordinals of their facets, which are neighbours: the first of these, and their names.
    first: u64,
    names: Vec<String>,
}

/// The documents of each group that hits belong to.
pub(super) struct Groups {
    members: FxHashMap<u64, Vec<DocAddress>>,
}

impl Copies {
    /// The documents that stand for the same as one of `found`. A single question reads through all groups once; from
    /// the second on, those with several documents are kept.
    pub(super) fn groups(&self, engine: &Engine, level: Level, found: &[DocAddress]) -> Result<Groups, Error> {
        let mut members = FxHashMap::default();
        if found.is_empty() {
            return Ok(Groups { members });
        }
        for &at in found {
            members.insert(group(engine, at)?, Vec::new());
        }
        let Some(kept) = self.sorted.get(level.code() as usize) else { return Ok(Groups { members }) };
        let often = self.asked.swap(true, atomic::Ordering::Relaxed) || found.len() > FEW;
        if kept.get().is_none() && !often {
            read_through(engine, level, &mut members)?;
            return Ok(Groups { members });
        }
        let sorted = if let Some(sorted) = kept.get() {
            sorted
        } else {
            let sorted = several(engine, level)?;
            kept.get_or_init(|| sorted)
        };
        for (group, of) in &mut members {
            if let Some(several) = sorted.get(group) {
                several.clone_into(of);
            }
        }
        Ok(Groups { members })
    }

    /// The outlets of a segment.
    fn outlets<'a>(&'a self, engine: &Engine, segment: SegmentOrdinal) -> tantivy::Result<&'a Outlets> {
        let segments = engine.searcher().segment_readers();
        let all = self.outlets.get_or_init(|| segments.iter().map(|_| OnceLock::new()).collect());
        let (Some(kept), Some(reader)) = (all.get(segment as usize), segments.get(segment as usize)) else {
            return Err(TantivyError::InternalError(format!("there is no segment {segment}")));
        };
        if let Some(outlets) = kept.get() {
            return Ok(outlets);
        }
        let outlets = Outlets::open(reader)?;
        Ok(kept.get_or_init(|| outlets))
    }
}

impl Groups {
    /// Adds to the group of each hit that stands for others the groups of those, which were looked up with it.
    pub(super) fn join(
        &mut self,
        engine: &Engine,
        others: FxHashMap<DocAddress, Vec<DocAddress>>,
    ) -> Result<(), Error> {
        for (told, others) in others {
            let mut joined = others.clone();
            joined.push(told);
            for other in others {
                joined.extend(self.members.get(&group(engine, other)?).into_iter().flatten());
            }
            let members = self.members.entry(group(engine, told)?).or_default();
            members.append(&mut joined);
            members.sort_unstable();
            members.dedup();
        }
        Ok(())
    }

    /// The documents of a hit's group, where it has several.
    pub(super) fn members(&self, engine: &Engine, hit: DocAddress) -> Result<&[DocAddress], Error> {
        let own = group(engine, hit)?;
        Ok(self.members.get(&own).map_or(&[][..], Vec::as_slice))
    }

    /// How many near-duplicates of a hit stand elsewhere, and in which outlets.
    pub(super) fn of(&self, engine: &Engine, hit: DocAddress) -> Result<(u32, Option<AlsoIn>), Error> {
        let members = self.members(engine, hit)?;
        let others = members.iter().filter(|&&member| member != hit).count() as u32;
        if others == 0 {
            return Ok((0, None));
        }
        Ok((others, Some(Self::also_in(engine, hit, members)?)))
    }

    /// The outlets that printed the members of a group, but for the hit's own, and the earliest of all. Columns tell both:
    /// a stored article is read for the earliest alone.
    fn also_in(engine: &Engine, hit: DocAddress, members: &[DocAddress]) -> Result<AlsoIn, Error> {
        let members = members.get(..MOST_READ).unwrap_or(members);
        let mut outlets: Vec<&str> = Vec::new();
        let mut own = None;
        let mut earliest: Option<(i64, DocAddress)> = None;
        for neighbours in members.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
            let Some(number) = neighbours.first().map(|member| member.segment_ord) else { continue };
            let segment = engine.searcher().segment_reader(number);
            let blocks = engine.shapes.of(segment)?;
            let known = engine.copies.outlets(engine, number)?;
            for member in neighbours {
                let article = blocks.article(member.doc_id);
                let outlet = known.of(article);
                if *member == hit {
                    own = outlet;
                }
                outlets.extend(outlet);
                // Where all are undated, nobody knows which came first.
                let Some(day) = known.days.first(article) else { continue };
                if earliest.is_none_or(|(first, _)| day < first) {
                    earliest = Some((day, DocAddress::new(number, article)));
                }
            }
        }
        outlets.sort_unstable();
        outlets.dedup();
        outlets.retain(|outlet| Some(*outlet) != own);
        let earliest = earliest.map(|(_, article)| engine.index().meta(article)).transpose()?.and_then(|meta| {
            let day = meta.published.as_ref()?.day().to_owned();
            Some(Earliest { article: meta.id, outlet: meta.outlet, day })
        });
        Ok(AlsoIn { outlets: outlets.into_iter().map(str::to_owned).collect(), earliest })
    }
}

impl Outlets {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let days = segment.fast_fields().i64("day")?;
        let Some(facets) = segment.fast_fields().str("facet")? else {
            return Ok(Outlets { facets: None, days, first: 0, names: Vec::new() });
        };
        let (start, after) = (format!("{}\0", FacetKind::Outlet.name()), format!("{}\u{1}", FacetKind::Outlet.name()));
        let mut terms = facets.dictionary().range().ge(&start).lt(&after).into_stream()?;
        let (mut first, mut names) = (None, Vec::new());
        while terms.advance() {
            first.get_or_insert(terms.term_ord());
            let name = terms.key().get(start.len()..).unwrap_or_default();
            names.push(String::from_utf8_lossy(name).into_owned());
        }
        Ok(Outlets { facets: Some(facets.ords().clone()), days, first: first.unwrap_or(0), names })
    }

    /// Who printed an article.
    fn of(&self, article: DocId) -> Option<&str> {
        self.facets.as_ref()?.values_for_doc(article).find_map(|ordinal| self.name(ordinal))
    }

    /// The outlet that a facet stands for, if it stands for one.
    fn name(&self, ordinal: u64) -> Option<&str> {
        let place = ordinal.checked_sub(self.first)?;
        self.names.get(usize::try_from(place).ok()?).map(String::as_str)
    }
}

/// The group of a document: documents of one level and one group are near-duplicates of each other.
fn group(engine: &Engine, at: DocAddress) -> tantivy::Result<u64> {
    Ok(engine.shapes.of(engine.searcher().segment_reader(at.segment_ord))?.group(at.doc_id))
}

/// Reads through the groups of all documents, and adds those of `level` that belong to one of `members`.
fn read_through(engine: &Engine, level: Level, members: &mut FxHashMap<u64, Vec<DocAddress>>) -> tantivy::Result<()> {
    // Most documents belong to none: a bit for the low end of each group asked for tells, without a look-up.
    let mut low = [false; 1 << 12];
    let place = |group: u64| (group & 0xfff) as usize;
    for &group in members.keys() {
        if let Some(bit) = low.get_mut(place(group)) {
            *bit = true;
        }
    }
    each_group(engine, level, &|group| low.get(place(group)).copied().unwrap_or(false), |group, at| {
        if let Some(of) = members.get_mut(&group) {
            of.push(at);
        }
    })
}

/// The documents of every group of a level that has several.
fn several(engine: &Engine, level: Level) -> tantivy::Result<FxHashMap<u64, Vec<DocAddress>>> {
    let mut all: Vec<(u64, DocAddress)> = Vec::new();
    each_group(engine, level, &|_| true, |group, at| all.push((group, at)))?;
    all.sort_unstable();
    let several = all.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1);
    Ok(several.filter_map(|same| Some((same.first()?.0, same.iter().map(|(_, at)| *at).collect()))).collect())
}

/// Calls `each` with the group of every document of a level that is there and, by its group, may matter.
fn each_group(
    engine: &Engine,
    level: Level,
    may_matter: &dyn Fn(u64) -> bool,
    mut each: impl FnMut(u64, DocAddress),
) -> tantivy::Result<()> {
    let mut values = [0; BLOCK];
    for (number, segment) in (0..).zip(engine.searcher().segment_readers()) {
        let blocks = engine.shapes.of(segment)?;
        for start in (0..segment.max_doc()).step_by(BLOCK) {
            let length = BLOCK.min((segment.max_doc() - start) as usize);
            let here = values.get_mut(..length).unwrap_or(&mut []);
            blocks.groups(start, here);
            for (doc, &group) in (start..).zip(here.iter()) {
                if may_matter(group)
                    && blocks.level(doc) == level
                    && segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
                {
                    each(group, DocAddress::new(number, doc));
                }
            }
        }
    }
    Ok(())
}

/// Groups of hits, each told by its earliest, with the score of its best.
#[derive(Default)]
pub(super) struct Collapsed {
    groups: FxHashMap<u64, Found>,
}

impl Collapsed {
    /// Takes in a hit.
    pub(super) fn push(&mut self, group: u64, found: Found, engine: &Engine) -> Result<(), Error> {
        let told = self.groups.entry(group).or_insert(found);
        let score = told.score.max(found.score);
        // Undated articles may be of any day, so they are the earliest only among themselves.
        let when = |found: &Found| (found.day.is_none(), found.day);
        let order = match when(&found).cmp(&when(told)) {
            Ordering::Equal => engine.ids.compare(engine, found.at, told.at)?,
            order => order,
        };
        if order == Ordering::Less {
            *told = found;
        }
        told.score = score;
        Ok(())
    }

    /// Takes over the groups of other hits.
    pub(super) fn join(&mut self, other: Collapsed, engine: &Engine) -> Result<(), Error> {
        other.groups.into_iter().try_for_each(|(group, found)| self.push(group, found, engine))
    }

    /// One hit for each group, in order of document.
    pub(super) fn into_hits(self) -> Vec<Found> {
        let mut hits: Vec<Found> = self.groups.into_values().collect();
        hits.sort_unstable_by_key(|found| found.at);
        hits
    }
}
