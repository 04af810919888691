//! The numbers by which a record holds locators, kinds and origins. They are never given another meaning.

use crate::article::{DateOrigin, Locator};
use crate::entity::EntityKind;
use crate::quote::{Attribution, QuoteKind};

/// 0 without one; pages are odd, times even.
pub(super) fn locator_code(locator: Option<Locator>) -> u64 {
    match locator {
        None => 0,
        Some(Locator::Page(number)) => 2 * u64::from(number) + 1,
        Some(Locator::Time(seconds)) => 2 * u64::from(seconds) + 2,
    }
}

pub(super) fn locator(code: u64) -> Option<Locator> {
    let number = u32::try_from(code.checked_sub(1)? / 2).unwrap_or(u32::MAX);
    Some(if code % 2 == 1 { Locator::Page(number) } else { Locator::Time(number) })
}

pub(super) fn entity_code(kind: EntityKind) -> u64 {
    match kind {
        EntityKind::Person => 0,
        EntityKind::Organization => 1,
        EntityKind::Place => 2,
    }
}

pub(super) fn entity_kind(code: u64) -> Option<EntityKind> {
    [EntityKind::Person, EntityKind::Organization, EntityKind::Place].get(code as usize).copied()
}

pub(super) fn kind_code(kind: QuoteKind) -> u64 {
    match kind {
        QuoteKind::Direct => 0,
        QuoteKind::Indirect => 1,
        QuoteKind::Mixed => 2,
    }
}

pub(super) fn kind(code: u64) -> Option<QuoteKind> {
    [QuoteKind::Direct, QuoteKind::Indirect, QuoteKind::Mixed].get(code as usize).copied()
}

pub(super) fn attribution_code(attribution: Attribution) -> u64 {
    match attribution {
        Attribution::Named => 0,
        Attribution::Alias => 1,
        Attribution::Pronoun => 2,
        Attribution::Inferred => 3,
        Attribution::Unknown => 4,
    }
}

pub(super) fn attribution(code: u64) -> Option<Attribution> {
    use Attribution::{Alias, Inferred, Named, Pronoun, Unknown};
    [Named, Alias, Pronoun, Inferred, Unknown].get(code as usize).copied()
}

/// From 1; 0 means no date.
pub(super) fn origin_code(origin: DateOrigin) -> u64 {
    match origin {
        DateOrigin::Record => 1,
        DateOrigin::Metadata => 2,
        DateOrigin::Page => 3,
        DateOrigin::Url => 4,
        DateOrigin::Crawl => 5,
        DateOrigin::File => 6,
    }
}

pub(super) fn origin(code: u64) -> Option<DateOrigin> {
    use DateOrigin::{Crawl, File, Metadata, Page, Record, Url};
    [Record, Metadata, Page, Url, Crawl, File].get(code.checked_sub(1)? as usize).copied()
}
