//! Hashes what the analysis is compiled from beside its code: the models and the word lists of the languages.
//!
//! An index remembers the hash with what it analysed, so that an ingest can tell what an older program analysed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    for folder in ["models", "data"] {
        println!("cargo::rerun-if-changed={folder}");
        list(&root.join(folder), &mut files)?;
    }
    files.retain(|file| file.extension().is_none_or(|end| end != "md"));
    files.sort_unstable();
    let mut hash = Fnv::default();
    for file in files {
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let bytes = fs::read(&file)?;
        for part in [name.as_bytes(), &bytes.len().to_le_bytes(), &bytes] {
            hash.write(part);
        }
    }
    println!("cargo::rustc-env=ONRECORD_ANALYSIS_DATA={:016x}", hash.0);
    list_packs(&root.join("data"))
}

/// Writes the list of the packs under `data`, so that a language is added by its folder alone.
fn list_packs(data: &Path) -> io::Result<()> {
    let mut packs: Vec<PathBuf> = fs::read_dir(data)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    packs.retain(|folder| folder.join("pack.toml").exists());
    packs.sort_unstable();
    // Debug output of a string is a literal of Rust.
    let literal = |path: PathBuf| format!("{:?}", path.to_string_lossy());
    let mut code = String::from("&[");
    for folder in packs {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        let names = folder.join("names.txt");
        let names = if names.exists() { format!("include_str!({})", literal(names)) } else { "\"\"".to_owned() };
        let pack = literal(folder.join("pack.toml"));
        let _ = write!(code, "({name:?}, include_str!({pack}), {names}),");
    }
    code.push(']');
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("packs.rs"), code)
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// FNV-1a with 64 bits: no crate is needed for it.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xCBF2_9CE4_8422_2325)
    }
}

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
}
