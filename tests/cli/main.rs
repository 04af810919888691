//! onrecord as its users meet it: the real binary, its arguments, what it prints and how it ends.

mod formats;
mod settings;
mod workbench;
