//! Near-duplicates: counted for each hit, and told once where that is asked for. Nothing is deleted, only passed over.

use std::cmp::Ordering;
use std::sync::OnceLock;
use std::sync::atomic::{self, AtomicBool};

use rustc_hash::FxHashMap;
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, SegmentOrdinal, SegmentReader, TantivyError};

use crate::engine::embedded::rank::top::ScoredDoc;
use crate::engine::{Engine, Error};
use crate::index::schema::{FacetKind, Level};
use crate::search::{AlsoIn, Earliest};

/// Documents whose groups are read at once.
const BLOCK: usize = 1024;

/// For more hits than this, chaining all groups costs no more than searching for those of the hits.
const FEW: usize = 256;

/// Members of a group whose articles are looked at to tell outlets; wire copy has fewer.
const MOST_READ: usize = 500;

/// The documents of each group, by level.
#[derive(Default)]
pub(crate) struct DuplicateIndex {
    chained: [OnceLock<Chains>; 3],
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
pub(crate) struct Groups {
    members: FxHashMap<u64, Vec<DocAddress>>,
}

impl DuplicateIndex {
    /// The documents that stand for the same as one of `found`. A single question reads through all groups once; from
    /// the second on, it is kept where those of a group are.
    pub(crate) fn groups(&self, engine: &Engine, level: Level, found: &[DocAddress]) -> Result<Groups, Error> {
        let mut members = FxHashMap::default();
        if found.is_empty() {
            return Ok(Groups { members });
        }
        for &at in found {
            members.insert(group(engine, at)?, Vec::new());
        }
        let Some(kept) = self.chained.get(level.code() as usize) else { return Ok(Groups { members }) };
        let often = self.asked.swap(true, atomic::Ordering::Relaxed) || found.len() > FEW;
        if kept.get().is_none() && !often {
            read_through(engine, level, &mut members)?;
            return Ok(Groups { members });
        }
        let chains = if let Some(chains) = kept.get() {
            chains
        } else {
            let chains = Chains::of(engine, level)?;
            kept.get_or_init(|| chains)
        };
        for (&group, of) in &mut members {
            chains.members(engine, group, of)?;
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

/// The documents of one level, chained by their groups. To sort them would take three times as long, and nobody asks for
/// more than a few groups.
///
/// Documents are numbered through all segments, from 1; 0 is none.
struct Chains {
    /// By place of a group in this table: the last document of any group that has this place.
    last: Vec<u32>,
    /// By document: the one before it of the same place.
    before: Vec<u32>,
    /// The number before that of the first document of each segment.
    starts: Vec<u32>,
    /// How far the hash of a group is shifted to be its place.
    shift: u32,
}

impl Chains {
    fn of(engine: &Engine, level: Level) -> tantivy::Result<Self> {
        let mut starts = Vec::new();
        let mut end = 0;
        for segment in engine.searcher().segment_readers() {
            starts.push(end);
            end += segment.max_doc();
        }
        let bits = engine.documents(level).max(2).next_power_of_two().ilog2();
        let mut chains =
            Chains { last: vec![0; 1 << bits], before: vec![0; end as usize + 1], starts, shift: u64::BITS - bits };
        each_group(engine, level, &|_| true, |group, at| chains.push(group, at))?;
        Ok(chains)
    }

    fn place(&self, group: u64) -> usize {
        // Fibonacci hashing: the golden ratio spreads numbers, whatever they count.
        (group.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift) as usize
    }

    fn push(&mut self, group: u64, at: DocAddress) {
        let number = self.starts.get(at.segment_ord as usize).map_or(0, |start| start + at.doc_id + 1);
        let place = self.place(group);
        if let (Some(last), Some(before)) = (self.last.get_mut(place), self.before.get_mut(number as usize)) {
            *before = std::mem::replace(last, number);
        }
    }

    /// Adds the documents of a group, in order, if there are several.
    fn members(&self, engine: &Engine, group: u64, members: &mut Vec<DocAddress>) -> tantivy::Result<()> {
        let mut next = self.last.get(self.place(group)).copied().unwrap_or(0);
        while next > 0 {
            let segment = self.starts.partition_point(|&start| start < next).saturating_sub(1);
            let doc = next - 1 - self.starts.get(segment).copied().unwrap_or(0);
            let at = DocAddress::new(segment as SegmentOrdinal, doc);
            if self::group(engine, at)? == group {
                members.push(at);
            }
            next = self.before.get(next as usize).copied().unwrap_or(0);
        }
        if members.len() < 2 {
            members.clear();
        }
        members.reverse();
        Ok(())
    }
}

impl Groups {
    /// Adds to the group of each hit that stands for others the groups of those, which were looked up with it.
    pub(crate) fn join(
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
    pub(crate) fn members(&self, engine: &Engine, hit: DocAddress) -> Result<&[DocAddress], Error> {
        let own = group(engine, hit)?;
        Ok(self.members.get(&own).map_or(&[][..], Vec::as_slice))
    }

    /// How many near-duplicates of a hit are elsewhere, and in which outlets.
    pub(crate) fn of(&self, engine: &Engine, hit: DocAddress) -> Result<(u32, Option<AlsoIn>), Error> {
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
            let blocks = engine.hierarchies.of(segment)?;
            let known = engine.copies.outlets(engine, number)?;
            for member in neighbours {
                let article = blocks.article(member.doc_id);
                let outlet = known.of(article);
                if *member == hit {
                    own = outlet;
                }
                outlets.extend(outlet);
                // If all are undated, the first cannot be known.
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
    Ok(engine.hierarchies.of(engine.searcher().segment_reader(at.segment_ord))?.group(at.doc_id))
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

/// Calls `each` with the group of every document of a level that is there and, by its group, may matter.
fn each_group(
    engine: &Engine,
    level: Level,
    may_matter: &dyn Fn(u64) -> bool,
    mut each: impl FnMut(u64, DocAddress),
) -> tantivy::Result<()> {
    let mut values = [0; BLOCK];
    for (number, segment) in (0..).zip(engine.searcher().segment_readers()) {
        let blocks = engine.hierarchies.of(segment)?;
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
pub(crate) struct Collapsed {
    groups: FxHashMap<u64, ScoredDoc>,
}

impl Collapsed {
    /// Takes in a hit.
    pub(crate) fn push(&mut self, group: u64, found: ScoredDoc, engine: &Engine) -> Result<(), Error> {
        let told = self.groups.entry(group).or_insert(found);
        let before = *told;
        // Undated articles may be of any day, so they are the earliest only among themselves.
        let when = |found: &ScoredDoc| (found.day.is_none(), found.day);
        let order = match when(&found).cmp(&when(told)) {
            Ordering::Equal => engine.ids.compare(engine, found.at, told.at)?,
            order => order,
        };
        if order == Ordering::Less {
            *told = found;
        }
        told.take_best_of(&before);
        told.take_best_of(&found);
        Ok(())
    }

    /// Takes over the groups of other hits.
    pub(crate) fn join(&mut self, other: Collapsed, engine: &Engine) -> Result<(), Error> {
        other.groups.into_iter().try_for_each(|(group, found)| self.push(group, found, engine))
    }

    /// One hit for each group, in order of document.
    pub(crate) fn into_hits(self) -> Vec<ScoredDoc> {
        let mut hits: Vec<ScoredDoc> = self.groups.into_values().collect();
        hits.sort_unstable_by_key(|found| found.at);
        hits
    }
}
