//! Flags on how files are read, shared by the commands that read any.

use clap::Args;

use crate::article::{FieldMap, Format, Options};

/// How files are read.
#[derive(Debug, Args)]
pub(super) struct Reading {
    /// What a field of the records is called that goes by no usual name: `--map title=hed`
    #[arg(long, value_name = "OURS=THEIRS")]
    map: Vec<String>,
}

impl Reading {
    /// As the readers want it; a format of `None` is recognised.
    pub(super) fn options(&self, format: Option<Format>) -> anyhow::Result<Options> {
        let mut map = FieldMap::default();
        for mapping in &self.map {
            map.add(mapping)?;
        }
        Ok(Options { format, map, ..Options::default() })
    }
}

/// Reads the name of a format, or `auto` for what is recognised.
pub(super) fn format(name: &str) -> anyhow::Result<Option<Format>> {
    Ok(if name.eq_ignore_ascii_case("auto") { None } else { Some(name.parse()?) })
}
