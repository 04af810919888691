//! onrecord as its users meet it: the real binary, its arguments, what it prints and how it ends.

mod bad_input;
mod formats;
mod names;
mod seed;
mod settings;
mod tour;
mod workbench;
