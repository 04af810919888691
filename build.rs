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
    files.sort_unstable();
    // What articles are read by; of the models, neither what they were trained on nor what trains them.
    let is_model = |file: &&PathBuf| {
        file.extension().is_some_and(|end| ["bin", "safetensors", "tsv"].iter().any(|kind| end == *kind))
    };
    let is_careful = |file: &&PathBuf| CAREFUL.iter().any(|name| file.ends_with(name));
    let data = files
        .iter()
        .filter(|file| file.starts_with(root.join("data")) && file.extension().is_none_or(|end| end != "md"));
    let models = files.iter().filter(|file| file.starts_with(root.join("models"))).filter(is_model);
    let (careful, fast): (Vec<_>, Vec<_>) = data.chain(models).partition(is_careful);
    println!("cargo::rustc-env=ONRECORD_ANALYSIS_DATA={:016x}", hash(&root, &fast)?);
    println!("cargo::rustc-env=ONRECORD_CAREFUL_DATA={:016x}", hash(&root, &careful)?);
    list_packs(&root.join("data"))
}

/// The models that careful reading has beside the others.
const CAREFUL: [&str; 2] = ["models/careful.bin", "models/encoder.safetensors"];

/// A hash of the names and bytes of files.
fn hash(root: &Path, files: &[&PathBuf]) -> io::Result<u64> {
    let mut hash = Fnv::default();
    for file in files {
        let name = file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let bytes = fs::read(file)?;
        for part in [name.as_bytes(), &bytes.len().to_le_bytes(), &bytes] {
            hash.write(part);
        }
    }
    Ok(hash.0)
}

/// Writes the list of the packs under `data`, so that a language is added by its folder alone.
fn list_packs(data: &Path) -> io::Result<()> {
    let mut packs: Vec<String> = Vec::new();
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if entry.path().join("pack.toml").exists() {
            packs.extend(entry.file_name().into_string());
        }
    }
    packs.sort_unstable();
    let (mut files, mut list) = (String::new(), String::new());
    for pack in packs {
        let names = if data.join(&pack).join("names.txt").exists() {
            let name = pack.to_uppercase();
            let _ =
                write!(files, r#"include_flate::flate!(static {name}: str from "data/{pack}/names.txt" with zstd);"#);
            format!("|| {name}.as_str()")
        } else {
            r#"|| """#.to_owned()
        };
        let lists = format!(r#"include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/{pack}/pack.toml"))"#);
        let _ = write!(list, "BuiltIn::new({pack:?}, {lists}, {names}),");
    }
    let code = format!("{{ {files} vec![{list}] }}");
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
