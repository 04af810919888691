//! `onrecord serve` as its users meet it: the real binary, over the network.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod api;
mod attacks;
mod browser;
mod careful;
mod client;
mod compare;
mod deadlines;
mod description;
mod exports;
mod limits;
mod mcp;
mod reports;
mod saved;
mod screens;
mod webdriver;
