//! Scores, sorts and counts the documents that match.

pub(crate) mod article_order;
pub(crate) mod article_score;
pub(crate) mod bm25;
pub(crate) mod classes;
pub(crate) mod collector;
pub(crate) mod headlines;
pub(crate) mod ranking;
pub(crate) mod top;
