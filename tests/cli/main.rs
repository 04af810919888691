//! onrecord as its users meet it: the real binary, its arguments, what it prints and how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod bad_input;
mod careful;
mod cookbook;
mod corrections;
mod counts;
mod cut_short;
mod exports;
mod formats;
mod harmless;
mod limits;
mod marks;
mod names;
mod partial;
mod seed;
mod settings;
#[path = "../support/shared.rs"]
mod shared;
mod tour;
mod workbench;
