//! `onrecord remove`: takes articles out for good.

use std::fs;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;

use super::remote::Remote;
use super::{Global, Outcome, output};
use crate::corrections::Corrections;
use crate::engine::Engine;
use crate::index::removal::{Receipt, allow, listed, put_on_list, read_again, remove, take_out};
use crate::index::versions::Versions;
use crate::index::{Index, Lookup, Paths, Sink, Writer, WriterSettings};
use crate::marks::Marks;
use crate::present;
use crate::present::harmless::one_line;
use crate::present::phrase::count;
use crate::search::{Backend as _, By, Request};
use crate::user::UserFiles;

/// Arguments of `remove`.
#[derive(Debug, Args)]
pub struct Remove {
    /// Articles, by their whole id, link or file
    #[arg(value_name = "ARTICLE")]
    articles: Vec<String>,
    /// Remove every article that has a hit for this query
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
    /// Remove the articles that this file lists, one a line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Only list what would be removed
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
    /// Write down what was removed, and the check that nothing of it is left, as JSON
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Instead, let these removed articles come back with the next ingest
    #[arg(long, conflicts_with_all = ["query", "dry_run", "receipt"])]
    allow: bool,
}

/// For a few articles.
const SETTINGS: WriterSettings = WriterSettings { threads: 1, memory: 0, wait: true };

/// Removes articles, or lets them come back.
pub fn run(args: &Remove, global: &Global) -> anyhow::Result<Outcome> {
    let mut named = args.articles.clone();
    if let Some(list) = &args.list {
        named.extend(read_list(list)?);
    }
    if named.is_empty() && args.query.is_none() {
        bail!("say what to remove: an article, `--query` or `--list`");
    }
    let remote = global.remote()?;
    if args.receipt.is_some() {
        global.only_here("remove --receipt")?;
    }
    let files = global.user_files(remote.as_ref());
    if args.allow {
        return let_back(&named, &files, remote.as_ref(), global);
    }
    let ids = match &remote {
        Some(remote) => find_remote(&named, args.query.as_deref(), remote, &files, global)?,
        None => find(&named, args.query.as_deref(), global)?,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for id in &ids {
        writeln!(out, "{}", one_line(id))?;
    }
    out.flush()?;
    if ids.is_empty() {
        return Ok(if named.is_empty() { Outcome::NoHits } else { Outcome::Done });
    }
    if args.dry_run || !args.yes && ids.len() > named.len() && !confirmed(ids.len())? {
        return Ok(Outcome::Done);
    }
    // What cannot be written down is not begun.
    let mut file = args.receipt.as_deref().map(create).transpose()?;
    // Tags, notes and corrections hold words of the article.
    Marks::of(files.clone()).remove(|mark| ids.contains(&mark.article))?;
    Corrections::remove(&files, |correction| ids.contains(&correction.article))?;
    if let Some(remote) = remote {
        put_on_list(&files, &ids, false)?;
        for id in &ids {
            Versions::among(files.clone()).forget(id)?;
        }
        let (Some(mut sink), _) = remote.write(false, true)? else { return Ok(Outcome::Done) };
        take_out(sink.as_mut(), &ids)?;
        sink.finish()?;
        remote.expunge()?;
        output::say(&format!("removed {}", count(ids.len() as u64, "article")), global);
        return Ok(Outcome::Done);
    }
    let receipt = remove(&global.index, &ids, SETTINGS)?;
    if let Some(file) = &mut file {
        present::json::document(file, &receipt)?;
        file.flush()?;
    }
    report(&receipt, global);
    if receipt.check.found.is_empty() {
        Ok(Outcome::Done)
    } else {
        let found = receipt.check.found.join(", ");
        let of_user = |name: &String| Path::new(name).extension().is_some_and(|end| end == "jsonl" || end == "toml");
        if receipt.check.found.iter().any(of_user) {
            bail!(
                "words of the removed articles are still in {found}; remove what people wrote there, such as a search by \
                 `onrecord saved remove`, or an earlier text of the article by `onrecord remove` and the id it had"
            )
        }
        bail!("words of the removed articles are still in {found}; run `onrecord ingest --rebuild`")
    }
}

fn create(receipt: &Path) -> anyhow::Result<BufWriter<fs::File>> {
    let file = fs::File::create(receipt);
    file.map(BufWriter::new).with_context(|| format!("cannot write the receipt `{}`", receipt.display()))
}

fn read_list(path: &PathBuf) -> anyhow::Result<Vec<String>> {
    let text = if path.as_os_str() == "-" { io::read_to_string(io::stdin()) } else { fs::read_to_string(path) };
    let text = text.with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// The ids of all articles that are meant, each once, in order.
fn find(named: &[String], query: Option<&str>, global: &Global) -> anyhow::Result<Vec<String>> {
    let (index, versions) = (Index::open(&global.index)?, Versions::of(&global.index));
    let (files, paths) = (UserFiles::of(&global.index), Paths::new(&global.index));
    let mut ids = Vec::new();
    for name in named {
        let exact = index.find_exactly(name)?;
        if !exact.is_empty() {
            ids.extend(exact);
        } else if let Some((id, is_unfinished)) = listed(&files, &paths, name)? {
            if is_unfinished {
                ids.push(id);
            } else {
                say_removed(&id, global);
            }
        } else if versions.of_article(name)?.is_empty() {
            bail!("{}", unknown(&index, name)?);
        } else {
            // The article was dropped with its file, its earlier texts were not.
            ids.push(name.clone());
        }
    }
    if let Some(query) = query {
        let request = Request { query: query.to_owned(), by: Some(By::Article), ..Request::default() };
        let engine = Engine::open(&global.index)?;
        for hit in engine.all_results(&request)? {
            ids.push(hit?.article.id);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The same in a cluster.
fn find_remote(
    named: &[String],
    query: Option<&str>,
    remote: &Remote,
    files: &UserFiles,
    global: &Global,
) -> anyhow::Result<Vec<String>> {
    let cluster = remote.read()?;
    let mut ids = Vec::new();
    for name in named {
        let exact = cluster.find_exactly(name)?;
        if exact.is_empty()
            && let Some((id, _)) = listed(files, &remote.paths, name)?
        {
            say_removed(&id, global);
            continue;
        }
        if exact.is_empty() {
            let similar = cluster.similar(name)?.join(", ");
            let similar = if similar.is_empty() { similar } else { format!("; is it one of {similar}?") };
            bail!("no article has the id, link or file `{name}`{similar}");
        }
        ids.extend(exact);
    }
    if let Some(query) = query {
        let request = Request { query: query.to_owned(), by: Some(By::Article), ..Request::default() };
        for hit in cluster.all_results(&request)? {
            ids.push(hit?.article.id);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

fn say_removed(id: &str, global: &Global) {
    output::say(&format!("`{}` was removed before", one_line(id)), global);
}

/// Why a name is not enough, with the articles that it may mean.
fn unknown(index: &Index, name: &str) -> anyhow::Result<String> {
    Ok(match index.lookup(name)? {
        Lookup::Nothing => format!("no article has the id, link or file `{name}`"),
        Lookup::Found(at) => format!("`{name}` is only a part; give the whole id: {}", index.meta(at)?.id),
        Lookup::Several(count, ids) => {
            let more = if count > ids.len() { " …" } else { "" };
            format!("`{name}` is only a part of {count} ids; give one of them whole: {}{more}", ids.join(", "))
        }
    })
}

fn confirmed(articles: usize) -> anyhow::Result<bool> {
    let what = count(articles as u64, "article");
    if !io::stdin().is_terminal() {
        bail!("this removes {what}; repeat it with `--yes`");
    }
    anstream::eprint!("Remove {what} for good? [y/N] ");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn let_back(ids: &[String], files: &UserFiles, remote: Option<&Remote>, global: &Global) -> anyhow::Result<Outcome> {
    let listed = allow(files, &Paths::new(&global.index), ids)?;
    if let Some((id, _)) = ids.iter().zip(&listed).find(|(_, listed)| !**listed) {
        bail!("`{id}` is not among the removed articles; give the id that `remove` printed");
    }
    let sink: Option<Box<dyn Sink>> = match remote {
        Some(remote) => remote.write(false, true)?.0,
        None => Some(Box::new(Writer::open(&global.index, SETTINGS)?)),
    };
    sink.map_or(Ok(()), read_again)?;
    if !global.quiet {
        anstream::eprintln!("the next ingest brings back {}", count(ids.len() as u64, "article"));
    }
    Ok(Outcome::Done)
}

fn report(receipt: &Receipt, global: &Global) {
    if global.quiet {
        return;
    }
    let check = &receipt.check;
    let removed = count(receipt.removed.len() as u64, "article");
    let result = if check.found.is_empty() { "none is left" } else { "some are left" };
    let (words, files) = (count(check.words as u64, "word"), count(check.files as u64, "file"));
    if check.words == 0 {
        anstream::eprintln!(
            "removed {removed}; there is no long word in it that is in no other, to look for in {files}"
        );
    } else {
        anstream::eprintln!("removed {removed}; {words} of it looked for in {files}: {result}");
    }
    for copy in &receipt.copies_left {
        anstream::eprintln!("note: a near-identical article is still there: {}", one_line(&copy.id));
    }
}
