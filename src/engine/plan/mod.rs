//! From the words of a query to terms of an index: forms, synonyms, patterns, unit variants.

pub(crate) mod compounds;
pub(crate) mod dictionary;
mod languages;
pub(crate) mod listed;
pub(crate) mod merge;
pub(crate) mod narrow;
pub(crate) mod patterns;
pub(crate) mod phrases;
pub(crate) mod planner;
pub(crate) mod prefilter;
pub(crate) mod resolved;
pub(crate) mod span_plan;
pub(crate) mod token;
pub(crate) mod unit_variants;
