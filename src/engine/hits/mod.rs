//! Hits as users see them, built from whole articles.

pub(crate) mod builder;
