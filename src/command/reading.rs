//! Flags on how files are read, shared by the commands that read any.

use std::str::FromStr;

use clap::Args;

use crate::article::{Depth, FieldMap, Format, Given, Options, Preprocessor, UnknownFormat};

/// How files are read.
#[derive(Debug, Args)]
pub(super) struct Reading {
    /// Map an unusual field name: `--map title=hed`
    #[arg(long, value_name = "OURS=THEIRS")]
    map: Vec<String>,
    /// Set a field of every article: `--set outlet=X`, `--set collection=leak-3`
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Take fields from the path: `--from-path '{outlet}/{date}-*.txt'`
    #[arg(long, value_name = "PATTERN")]
    from_path: Option<String>,
    /// Read files through a program: `--pre '*.doc=antiword'`
    #[arg(long, value_name = "PATTERN=COMMAND")]
    pre: Vec<Preprocessor>,
    /// How articles are read: `fast`, or `careful`, with fewer mistakes and a thirtieth of the speed
    #[arg(long, value_name = "HOW")]
    analysis: Option<Depth>,
}

/// The format of the input, or `auto` to recognise it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Input(Option<Format>);

impl FromStr for Input {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, UnknownFormat> {
        Ok(Input(if name.eq_ignore_ascii_case("auto") { None } else { Some(name.parse()?) }))
    }
}

impl Reading {
    /// As the readers want it.
    pub(super) fn options(&self, input: Input) -> anyhow::Result<Options> {
        let mut map = FieldMap::default();
        for mapping in &self.map {
            map.add(mapping)?;
        }
        let mut given = Given::default();
        for setting in &self.set {
            given.set(setting)?;
        }
        if let Some(pattern) = &self.from_path {
            given.from_path(pattern)?;
        }
        Ok(Options {
            format: input.0,
            map,
            given,
            preprocessors: self.pre.clone(),
            depth: self.analysis,
            ..Options::default()
        })
    }
}
