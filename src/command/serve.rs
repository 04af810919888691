//! `onrecord serve`: the page and the API.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;

use super::remote::Remote;
use super::vocabulary::Vocabulary;
use super::{Global, Outcome};
use crate::article::{self, Depth};
use crate::engine::OpenIndex as _;
use crate::index::{Index, Paths};
use crate::ingest::{self, Options, Summary};
use crate::present;
use crate::server::{self, Cause, Opened, Settings, Source, Tokens};
use crate::user::UserFiles;

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080", env = "ONRECORD_ADDRESS")]
    address: SocketAddr,
    /// Bring the index up to date with this file or folder first; may be repeated
    #[arg(long, value_name = "PATH")]
    corpus: Vec<PathBuf>,
    /// Bring the index up to date again and again: 30s, 5m, 1h
    #[arg(long, value_name = "TIME", value_parser = duration, requires = "corpus")]
    every: Option<Duration>,
    /// Read the articles of these paths carefully while nobody asks, the newest files first: `careful`; or no more: `fast`
    #[arg(long, value_name = "HOW", requires = "corpus")]
    analysis: Option<Depth>,
    /// Ask for a token; the file has a name, a space and a token on each line, and `collection=NAME` behind one that is limited
    #[arg(long, value_name = "FILE", env = "ONRECORD_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// Let anybody in who can reach the address
    #[arg(long, conflicts_with = "token_file")]
    insecure: bool,
    /// Answer for this host name too; may be repeated
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// Let pages of this site use the API: `https://desk.example`; may be repeated
    #[arg(long = "allow-origin", value_name = "ORIGIN", value_parser = origin)]
    origins: Vec<String>,
    /// Take the word of a proxy at this address for how it was reached; may be repeated
    #[arg(long = "trusted-proxy", value_name = "ADDR")]
    proxies: Vec<IpAddr>,
    /// A file of synonyms of your own [default: user/synonyms.toml in the index folder]
    #[arg(long, value_name = "FILE", env = "ONRECORD_SYNONYMS")]
    synonyms: Option<PathBuf>,
    /// A file of names to merge or keep apart [default: user/aliases.toml in the index folder]
    #[arg(long, value_name = "FILE", env = "ONRECORD_ALIASES")]
    aliases: Option<PathBuf>,
}

/// Files that are read carefully at once: some seconds.
const AT_ONCE: usize = 64;

/// Where the index is, and what is ingested into it.
pub(super) struct Place {
    pub(super) index: PathBuf,
    pub(super) remote: Option<Remote>,
    pub(super) corpus: Vec<PathBuf>,
    pub(super) analysis: Option<Depth>,
    pub(super) synonyms: Option<PathBuf>,
    pub(super) aliases: Option<PathBuf>,
}

impl Source for Place {
    fn open(&self, now: Option<&Opened>) -> Result<Option<Opened>, Cause> {
        let open = || {
            let mut folder = self.index.as_path();
            if let Some(remote) = &self.remote {
                remote.mirror.update()?;
                folder = remote.mirror.path();
            }
            let words = Vocabulary::read(self.synonyms.as_deref(), self.aliases.as_deref(), folder)?;
            let vocabulary = words.digest();
            if let Some(now) = now
                && now.vocabulary == vocabulary
                && now.engine.is_current()?
            {
                return Ok(None);
            }
            Ok(Some(Opened { engine: words.open(&self.index, self.remote.as_ref())?, vocabulary }))
        };
        open().map_err(|error: anyhow::Error| format!("{error:#}").into())
    }

    fn user_files(&self) -> UserFiles {
        match &self.remote {
            Some(remote) => remote.mirror.user_files(),
            None => UserFiles::of(&self.index),
        }
    }

    fn update(&self, stop: &AtomicBool) -> Result<(), Cause> {
        // What is new can be found at once, and is read carefully when there is time.
        self.ingest(&self.corpus, Options { deepen: false, ..Options::default() }, stop)?;
        Ok(())
    }

    fn deepen(&self, stop: &AtomicBool) -> Result<bool, Cause> {
        let shallow = if let Some(remote) = &self.remote {
            ingest::shallow(&remote.read()?.manifest()?, &remote.mirror.user_files(), &remote.paths, AT_ONCE)?
        } else {
            let manifest = Index::open(&self.index)?.manifest()?;
            ingest::shallow(&manifest, &UserFiles::of(&self.index), &Paths::new(&self.index), AT_ONCE)?
        };
        if shallow.is_empty() {
            return Ok(false);
        }
        // One thread, so that an answer meanwhile takes no longer.
        let summary = self.ingest(&shallow, Options { threads: 1, ..Options::default() }, stop)?;
        Ok(summary.reanalysed > 0)
    }
}

impl Place {
    fn ingest(&self, paths: &[PathBuf], options: Options, stop: &AtomicBool) -> anyhow::Result<Summary> {
        let reading = article::Options { depth: self.analysis, ..article::Options::default() };
        let options = Options { wait: true, reading, ..options };
        match &self.remote {
            Some(remote) => remote.ingest(paths, &options, stop, &mut ()),
            None => Ok(ingest::ingest(&self.index, paths, &options, stop, &mut ())?),
        }
    }
}

/// Serves until the process is asked to stop.
pub fn run(args: &Serve, global: &Global) -> anyhow::Result<Outcome> {
    if !args.address.ip().is_loopback() && args.token_file.is_none() && !args.insecure {
        bail!(
            "other computers can reach {}; add `--token-file FILE` to ask for a token, or `--insecure` to let anybody in",
            args.address
        );
    }
    let tokens = args.token_file.as_deref().map(Tokens::read).transpose()?;
    let source = Place {
        index: global.index.clone(),
        remote: global.remote()?,
        corpus: args.corpus.clone(),
        analysis: args.analysis,
        synonyms: args.synonyms.clone(),
        aliases: args.aliases.clone(),
    };
    if !args.corpus.is_empty() {
        // Signals are the server's: one that comes before it listens ends the process, and the next ingest goes on.
        let options = Options { deepen: false, ..Options::default() };
        let summary = source.ingest(&args.corpus, options, &AtomicBool::new(false))?;
        if !global.quiet {
            anstream::eprintln!("{}", present::summary::line(&summary));
        }
    }
    let settings = Settings {
        address: args.address,
        tokens,
        hosts: args.hosts.clone(),
        origins: args.origins.clone(),
        proxies: args.proxies.clone(),
        every: args.every,
        deepens: args.analysis == Some(Depth::Careful),
    };
    let quiet = global.quiet;
    server::serve(settings, Box::new(source), move |address| {
        if !quiet {
            anstream::eprintln!("listening on http://{address}");
        }
    })
    .context("the server ended")?;
    Ok(Outcome::Done)
}

/// Reads the origin of a site: `https://desk.example:8443`.
fn origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_host =
        |host: &str| !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c));
    match host.filter(|host| is_host(host)) {
        Some(_) => Ok(text.to_ascii_lowercase()),
        None => Err("write it as https://desk.example, without a path".to_owned()),
    }
}

/// Reads a length of time: `30s`, `5m`, `1h`.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write it as 30s, 5m or 1h".to_owned();
    let unit = text.chars().next_back().filter(char::is_ascii_alphabetic).ok_or_else(wrong)?;
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    let seconds = match unit {
        's' => number,
        'm' => number.saturating_mul(60),
        'h' => number.saturating_mul(3600),
        _ => return Err(wrong()),
    };
    if seconds == 0 { Err(wrong()) } else { Ok(Duration::from_secs(seconds)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_have_no_path() {
        assert_eq!(origin("https://Desk.example:8443"), Ok("https://desk.example:8443".to_owned()));
        for wrong in ["desk.example", "https://", "https://desk.example/", "*", "https://a.example b"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(duration("5m"), Ok(Duration::from_mins(5)));
        assert_eq!(duration("1h"), Ok(Duration::from_hours(1)));
        for wrong in ["", "5", "m", "0s", "-1s", "5 minutes", "5é"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
