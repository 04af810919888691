//! `onrecord man`: the manual pages, one for onrecord and one for each command.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Args, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::help::{self, ENVIRONMENT, EXIT_STATUS, LANGUAGE, LANGUAGES};
use super::{Global, Outcome, output};
use crate::present::phrase::count;

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Print the page of this command [default: the page of onrecord]
    command: Option<String>,
    /// Write all pages to this folder instead: `~/.local/share/man/man1`
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out: Option<PathBuf>,
}

/// Prints a page in roff (`onrecord man query | man -l -`), or writes all of them.
pub fn run(args: &ManArgs, global: &Global) -> anyhow::Result<Outcome> {
    let mut command = help::command();
    command.build();
    let command = command;
    let subs = || command.get_subcommands().filter(|sub| sub.get_name() != "help");
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
        let mut written = 0;
        for page in std::iter::once(&command).chain(subs()) {
            let path = folder.join(format!("{}.1", page_name(page)));
            fs::write(&path, render(page)?).with_context(|| format!("cannot write `{}`", path.display()))?;
            written += 1;
        }
        output::say(&format!("wrote {} to {}", count(written, "page"), folder.display()), global);
        return Ok(Outcome::Done);
    }
    let page = match &args.command {
        None => &command,
        Some(name) => match subs().find(|sub| sub.get_name() == name) {
            Some(sub) => sub,
            None => bail!("unknown command `{name}`; see `onrecord --help`"),
        },
    };
    io::stdout().write_all(&render(page)?)?;
    Ok(Outcome::Done)
}

/// `onrecord` or `onrecord-query`.
fn page_name(command: &Command) -> String {
    match command.get_name() {
        "onrecord" => "onrecord".to_owned(),
        name => format!("onrecord-{name}"),
    }
}

fn render(command: &Command) -> io::Result<Vec<u8>> {
    let name = command.get_name().to_owned();
    // The texts before and after the flags of `--help` have sections of their own here.
    let command = command.clone().display_name(page_name(command));
    let command = command.before_long_help(None::<&str>).after_long_help(None::<&str>).after_help(None::<&str>);
    let has_commands = command.has_subcommands();
    let man = Man::new(command).section("1");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if has_commands {
        man.render_subcommands_section(&mut page)?;
    }
    if name == "query" {
        section(&mut page, "QUERY LANGUAGE", &LANGUAGE)?;
    }
    if name == "annotate" {
        section(&mut page, "LANGUAGES", &LANGUAGES)?;
    }
    let examples: Vec<(&str, &str)> = if name == "onrecord" {
        ["ingest", "query", "facets", "show"]
            .into_iter()
            .filter_map(|name| help::examples(name).first().copied())
            .collect()
    } else {
        help::examples(&name).to_vec()
    };
    if !examples.is_empty() {
        section(&mut page, "EXAMPLES", &examples)?;
    }
    section(&mut page, "ENVIRONMENT", &ENVIRONMENT)?;
    section(&mut page, "EXIT STATUS", &EXIT_STATUS)?;
    Ok(page)
}

/// A section of terms and what they mean.
fn section(page: &mut Vec<u8>, title: &str, rows: &[(&str, &str)]) -> io::Result<()> {
    let mut roff = Roff::new();
    roff.control("SH", [title]);
    for (term, meaning) in rows {
        roff.control("TP", []).text([bold(*term)]).text([roman(*meaning)]);
    }
    roff.to_writer(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_says_what_scripts_need() {
        let mut command = help::command();
        command.build();
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let page = String::from_utf8(render(sub).unwrap()).unwrap();
            for title in ["SYNOPSIS", "EXAMPLES", "ENVIRONMENT", "EXIT STATUS"] {
                assert!(page.contains(title), "{}: no {title}", sub.get_name());
            }
        }
    }
}
