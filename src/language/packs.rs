//! Which packs there are: the built-in ones, and those that a user added.

use std::sync::{LazyLock, OnceLock};

use super::Pack;

/// The packs that a user added, once they were read.
static ADDED: OnceLock<Vec<Pack>> = OnceLock::new();

/// Adds packs of a user's own, before anything is analysed; they come before the built-in ones. Only the first call counts.
pub fn add(packs: Vec<Pack>) {
    // A second index in one process has the packs of the first: what is analysed may not change half-way.
    let _ = ADDED.set(packs);
}

/// Hash of the packs that a user added; 0 without any.
pub fn added_hash() -> u64 {
    ADDED.get().into_iter().flatten().fold(0, |hash, pack| hash.rotate_left(7) ^ pack.hash)
}

/// The files of a built-in pack, read when the language is met: a query in one language need not wait for fifteen.
struct BuiltIn {
    code: &'static str,
    lists: &'static str,
    /// Unpacks the names, which are compressed in the program.
    names: fn() -> &'static str,
    pack: OnceLock<Option<Pack>>,
}

impl BuiltIn {
    fn new(code: &'static str, lists: &'static str, names: fn() -> &'static str) -> Self {
        BuiltIn { code, lists, names, pack: OnceLock::new() }
    }

    fn read(&self) -> Result<Pack, toml::de::Error> {
        Pack::read(self.code, self.lists, (self.names)())
    }

    /// The pack. A test reads every file, so none is left out.
    fn pack(&self) -> Option<&Pack> {
        self.pack.get_or_init(|| self.read().ok()).as_ref()
    }
}

fn built_in() -> &'static [BuiltIn] {
    static BUILT_IN: LazyLock<Vec<BuiltIn>> = LazyLock::new(|| include!(concat!(env!("OUT_DIR"), "/packs.rs")));
    &BUILT_IN
}

/// The codes of all packs.
pub fn codes() -> impl Iterator<Item = &'static str> {
    let added = || ADDED.get().into_iter().flatten().map(|pack| pack.code.as_str());
    added().chain(built_in().iter().map(|file| file.code).filter(move |code| added().all(|own| own != *code)))
}

/// All packs.
pub fn all() -> impl Iterator<Item = &'static Pack> {
    codes().filter_map(with_code)
}

/// A user's own pack of this code, else the built-in one.
fn with_code(code: &str) -> Option<&'static Pack> {
    let own = ADDED.get().into_iter().flatten().find(|pack| pack.code == code);
    own.or_else(|| built_in().iter().find(|file| file.code == code)?.pack())
}

impl Pack {
    /// The pack of the language with this code; none for English, which has lists of its own.
    pub fn of(code: Option<&str>) -> Option<&'static Pack> {
        with_code(code.filter(|code| *code != "en")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_pack_is_whole() {
        for file in built_in() {
            match file.read() {
                Ok(pack) => assert!(pack.speech.verbs.iter().count() > 20, "{}", file.code),
                Err(error) => panic!("{}: {error}", file.code),
            }
        }
        assert!(built_in().len() >= 15);
    }
}
