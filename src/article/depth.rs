//! How deeply an article is to be analysed.

use std::str::FromStr;

/// How articles are read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Depth {
    /// By the fast models alone.
    #[default]
    Fast,
    /// By an encoder as well, wherever somebody may say something: with fewer mistakes, at a small part of the speed. English
    /// alone.
    Careful,
}

impl Depth {
    /// Both, the usual one first.
    pub const ALL: [Depth; 2] = [Depth::Fast, Depth::Careful];

    /// As it is written on the command line and stored.
    pub fn name(self) -> &'static str {
        match self {
            Depth::Fast => "fast",
            Depth::Careful => "careful",
        }
    }
}

impl FromStr for Depth {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|depth| depth.name() == name);
        found.ok_or_else(|| "write `fast` or `careful`".to_owned())
    }
}
