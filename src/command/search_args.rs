//! Flags of searches, shared by the commands that search.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};

use super::vocabulary::{self, Vocabulary};
use super::{Global, ingest};
use crate::engine::OpenIndex;
use crate::query::{DATES, date_filter, filter, parse};
use crate::search::{By, Deadline, Duplicates, Matching, Request, Variants};

/// Flags of a search.
#[derive(Debug, Args)]
pub(super) struct SearchArgs {
    /// Ingest this file or folder first; may be repeated
    #[arg(long, value_name = "PATH")]
    corpus: Vec<PathBuf>,
    /// Said by this person or organization (`speaker:`)
    #[arg(long, value_name = "NAME", help_heading = FILTERS)]
    speaker: Vec<String>,
    /// Names this person (`person:`)
    #[arg(long, value_name = "NAME", help_heading = FILTERS)]
    person: Vec<String>,
    /// Names this organization (`org:`)
    #[arg(long, value_name = "NAME", help_heading = FILTERS)]
    org: Vec<String>,
    /// Names this place (`place:`)
    #[arg(long, value_name = "NAME", help_heading = FILTERS)]
    place: Vec<String>,
    /// Published by this outlet (`outlet:`)
    #[arg(long, value_name = "NAME", help_heading = FILTERS)]
    outlet: Vec<String>,
    /// Published on or after this day, month or year
    #[arg(long, value_name = "DATE", help_heading = FILTERS)]
    since: Option<String>,
    /// Published on or before this day, month or year
    #[arg(long, value_name = "DATE", help_heading = FILTERS)]
    until: Option<String>,
    /// Require all words, or rank by any of them (for pasted text)
    #[arg(long = "match", value_enum, default_value_t = Match::All, value_name = "WHICH")]
    matching: Match,
    /// Match exactly these characters, without variants
    #[arg(long)]
    literal: bool,
    /// Variants to search for as well
    #[arg(long, value_enum, value_delimiter = ',', value_name = "CLASS,...", default_values_t = [Class::Forms, Class::Near, Class::Synonyms])]
    variants: Vec<Class>,
    /// Your own synonyms [default: user/synonyms.toml in the index folder]
    #[arg(long, value_name = "FILE", env = "ONRECORD_SYNONYMS")]
    synonyms: Option<PathBuf>,
    /// Names to merge or keep apart [default: user/aliases.toml in the index folder]
    #[arg(long, value_name = "FILE", env = "ONRECORD_ALIASES")]
    aliases: Option<PathBuf>,
    /// Count near-duplicates separately or as one
    #[arg(long, value_enum, default_value_t = Copies::Show, value_name = "HOW")]
    duplicates: Copies,
    /// Favour recent articles: halve the score every N days
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..))]
    half_life: Option<u32>,
    /// Longest search, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
}

/// Seconds after which a search gives up.
const TIMEOUT: u64 = 30;

/// Heading of the flags that are short for fields of the query.
const FILTERS: &str = "Filters";

/// Kind of hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Unit {
    /// A quotation
    Quote,
    /// A paragraph
    Passage,
    /// An article, by its best passage
    Article,
}

impl From<Unit> for By {
    fn from(unit: Unit) -> By {
        match unit {
            Unit::Quote => By::Quote,
            Unit::Passage => By::Passage,
            Unit::Article => By::Article,
        }
    }
}

/// Which words are required.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Match {
    /// All
    All,
    /// Any; more rank higher
    Any,
}

/// A class of variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Class {
    /// The same words in other forms: `thirty days` for `30-day`
    Forms,
    /// The words of a phrase near each other in one sentence, in any order
    Near,
    /// Listed synonyms
    Synonyms,
    /// No variants
    None,
}

/// How near-duplicates are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Copies {
    /// Each is a hit of its own
    Show,
    /// Only the earliest in the index is a hit
    Collapse,
}

impl SearchArgs {
    /// The engine, its index brought up to date first with `--corpus`, and the synonyms and names it was given.
    pub(super) fn engine(&self, global: &Global) -> anyhow::Result<(Box<dyn OpenIndex>, Vocabulary)> {
        if !self.corpus.is_empty() {
            ingest::before_asking(&self.corpus, global)?;
        }
        vocabulary::open(global, self.synonyms.as_deref(), self.aliases.as_deref())
    }

    /// The filters, as parts of the query.
    pub(super) fn filters(&self) -> anyhow::Result<Vec<String>> {
        let fields = [
            ("speaker", &self.speaker),
            ("person", &self.person),
            ("org", &self.org),
            ("place", &self.place),
            ("outlet", &self.outlet),
        ];
        let names = fields.into_iter().flat_map(|(field, names)| names.iter().map(move |name| filter(field, name)));
        let mut filters: Vec<String> = names.collect();
        let today = jiff::Zoned::now().date();
        // A flag that cannot be read is an error, since it cannot mean words instead.
        for filter in &filters {
            if let Some(warning) = parse(filter, Matching::All, today).warnings.first() {
                bail!("cannot read `{filter}`: {}", warning.message);
            }
        }
        for (bound, date) in [(">=", &self.since), ("<=", &self.until)] {
            let Some(date) = date else { continue };
            let filter = date_filter(bound, date, today);
            filters.push(filter.with_context(|| format!("`{date}` is no date; write {DATES}"))?);
        }
        Ok(filters)
    }

    /// The query as typed; without one, everything that the filters let in.
    pub(super) fn query(&self, typed: Option<String>) -> anyhow::Result<String> {
        if typed.is_none() && self.filters()?.is_empty() {
            bail!("no query; give words to search for, or a filter such as `--speaker NAME`");
        }
        Ok(typed.unwrap_or_else(|| "*".to_owned()))
    }

    /// The request for `query`: no hits, facets or explanation yet.
    pub(super) fn request(&self, query: &str) -> anyhow::Result<Request> {
        let wanted = |class| self.variants.contains(&class) && !self.variants.contains(&Class::None);
        Ok(Request {
            query: query.to_owned(),
            filters: self.filters()?,
            matching: match self.matching {
                Match::All => Matching::All,
                Match::Any => Matching::Any,
            },
            duplicates: match self.duplicates {
                Copies::Show => Duplicates::Show,
                Copies::Collapse => Duplicates::Collapse,
            },
            half_life: self.half_life,
            literal: self.literal,
            variants: Variants {
                forms: wanted(Class::Forms),
                near: wanted(Class::Near),
                synonyms: wanted(Class::Synonyms),
            },
            classes: true,
            today: jiff::Zoned::now().date(),
            deadline: Deadline::after(Duration::from_secs(self.timeout)),
            ..Request::default()
        })
    }
}

/// A request that was written down earlier, made now: relative dates are counted from today.
pub(super) fn at_present(request: Request) -> Request {
    let deadline = Deadline::after(Duration::from_secs(TIMEOUT));
    Request { today: jiff::Zoned::now().date(), deadline, ..request }
}
