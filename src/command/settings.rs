//! Settings in files, for flags that would be typed every time.
//!
//! A key at the top is a flag of every command, a table holds the flags of one command, and every value is given as it
//! would be typed. `onrecord.toml` in the current folder wins over the one in the user's folder of settings.
//!
//! ```toml
//! index = "/data/press.index"
//! [query]
//! n = 25
//! sort = "newest"
//! ```

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::builder::OsStr;
use clap::{Arg, Command};
use toml::{Table, Value};

/// Settings as read, those that win last.
#[derive(Debug, Default)]
pub(super) struct Settings {
    files: Vec<(PathBuf, Table)>,
}

impl Settings {
    /// Reads the files there are: that which `ONRECORD_CONFIG` names, else the user's and that of the current folder.
    pub(super) fn read() -> anyhow::Result<Self> {
        let named = std::env::var_os("ONRECORD_CONFIG").map(PathBuf::from);
        let usual = || user_folder().map(|folder| folder.join("onrecord").join("onrecord.toml"));
        let mut files = Vec::new();
        for (path, must_be) in match named {
            Some(path) => vec![(path, true)],
            None => usual().into_iter().chain([PathBuf::from("onrecord.toml")]).map(|path| (path, false)).collect(),
        } {
            match fs::read_to_string(&path) {
                Ok(text) => {
                    let table =
                        text.parse().with_context(|| format!("cannot read the settings in `{}`", path.display()))?;
                    files.push((path, table));
                }
                Err(error) if error.kind() == ErrorKind::NotFound && !must_be => {}
                Err(error) => {
                    return Err(error).with_context(|| format!("cannot read the settings in `{}`", path.display()));
                }
            }
        }
        Ok(Settings { files })
    }

    /// The command line with these settings as its defaults.
    pub(super) fn laid_under(&self, mut command: Command) -> anyhow::Result<Command> {
        for (path, table) in &self.files {
            command = lay_under(command, table)
                .with_context(|| format!("cannot use the settings in `{}`", path.display()))?;
        }
        Ok(command)
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<String> = self.files.iter().map(|(path, _)| format!("`{}`", path.display())).collect();
        f.write_str(&paths.join(" or "))
    }
}

/// Where the system keeps the settings of its users.
fn user_folder() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CONFIG_HOME").or_else(|| set("APPDATA")).or_else(|| set("HOME").map(|home| home.join(".config")))
}

fn lay_under(mut command: Command, table: &Table) -> anyhow::Result<Command> {
    for (key, value) in table {
        command = match value {
            Value::Table(of_command) => {
                if command.find_subcommand(key).is_none() {
                    bail!("unknown command `[{key}]`; see `onrecord --help`");
                }
                let sub = command.find_subcommand(key).cloned().unwrap_or_default();
                let sub = lay_under(sub, of_command).with_context(|| format!("[{key}]"))?;
                command.mut_subcommand(key, |_| sub)
            }
            value => {
                let flag = command.get_arguments().find(|arg| arg.get_long() == Some(key)).map(Arg::get_id).cloned();
                let Some(flag) = flag else {
                    bail!("unknown flag `--{key}`; see `--help`");
                };
                let values = typed(key, value)?;
                command.mut_arg(flag, |arg| arg.default_values(values))
            }
        };
    }
    Ok(command)
}

/// The value as it would be typed.
fn typed(key: &str, value: &Value) -> anyhow::Result<Vec<OsStr>> {
    Ok(match value {
        Value::String(text) => vec![text.clone().into()],
        Value::Integer(n) => vec![n.to_string().into()],
        Value::Float(x) => vec![x.to_string().into()],
        Value::Boolean(b) => vec![b.to_string().into()],
        Value::Datetime(date) => vec![date.to_string().into()],
        Value::Array(list) => list.iter().map(|one| typed(key, one)).collect::<Result<Vec<_>, _>>()?.concat(),
        Value::Table(_) => bail!("`{key}` must be a value, not a table"),
    })
}
