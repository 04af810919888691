//! `onrecord correct`: the speaker of one quotation, overruled.

use anyhow::bail;
use clap::Args;

use super::search_args::at_present;
use super::vocabulary::open;
use super::{Global, Outcome, output};
use crate::corrections::{Correction, Corrections};
use crate::index::{Index, Writer, WriterSettings};
use crate::ingest;
use crate::marks::holding;
use crate::present::harmless::one_line;
use crate::search::{Annotated, Backend, By, Request};
use crate::text::TextQuote;
use crate::user::UserFiles;

/// Articles that are named where several have the words.
const SHOWN: usize = 5;

/// Arguments of `correct`.
#[derive(Debug, Args)]
pub struct Correct {
    /// Words that only this quotation has; without them, all corrections are printed
    quote: Option<String>,
    /// Who said it
    #[arg(long, value_name = "NAME", requires = "quote")]
    speaker: Option<String>,
    /// Say that the speaker is not known
    #[arg(long, conflicts_with = "speaker", requires = "quote")]
    nobody: bool,
    /// Go back to what was found
    #[arg(long, conflicts_with_all = ["speaker", "nobody"], requires = "quote")]
    remove: bool,
    /// Look in this article: id, link, path or title, or a part of one
    #[arg(long, value_name = "ARTICLE")]
    article: Option<String>,
}

/// Sets, removes or prints corrections.
pub fn run(args: &Correct, global: &Global) -> anyhow::Result<Outcome> {
    let remote = global.remote()?;
    let files = global.user_files(remote.as_ref());
    let Some(words) = &args.quote else { return list(&files) };
    if args.speaker.is_none() && !args.nobody && !args.remove {
        bail!("say who said it: `--speaker NAME`, `--nobody`, or `--remove` to go back to what was found");
    }
    let (engine, _) = open(global, None, None)?;
    let (article, quote) = find(engine.as_ref(), words, args.article.as_deref())?;
    let said = one_line(&quote.exact);
    if args.remove {
        let removed = Corrections::remove(&files, |other| other.article == article && other.quote == quote)?;
        if removed == 0 {
            bail!("this quotation was not corrected; `onrecord correct` prints those that were");
        }
    } else {
        let speaker = args.speaker.as_deref().map(str::trim).map(str::to_owned);
        if speaker.as_deref() == Some("") {
            bail!("an empty name is nobody's; use `--nobody` where the speaker is not known");
        }
        Corrections::add(&files, Correction { article: article.clone(), speaker, quote })?;
    }
    if let Some(remote) = remote {
        if let (Some(writer), _) = remote.write(false, true)? {
            let (held, _) = remote.read()?.locate(&article)?;
            ingest::reanalyse(writer, held.index(), &files, &article)?;
        }
    } else {
        let settings = WriterSettings { threads: 1, memory: 0, wait: true };
        let writer = Box::new(Writer::open(&global.index, settings)?);
        ingest::reanalyse(writer, &Index::open(&global.index)?, &files, &article)?;
    }
    let now = match (&args.speaker, args.remove) {
        (_, true) => "the speaker is as found".to_owned(),
        (Some(speaker), _) => format!("the speaker is {}", one_line(speaker.trim())),
        (None, _) => "the speaker is not known".to_owned(),
    };
    output::say(&format!("{now}: {said}"), global);
    Ok(Outcome::Done)
}

/// The one quotation with these words, and the id of its article.
fn find(engine: &dyn Backend, words: &str, article: Option<&str>) -> anyhow::Result<(String, TextQuote)> {
    let own = |article: &Annotated| {
        let id = article.article.id.clone();
        holding(article, words).into_iter().map(move |quote| (id.clone(), quote)).collect::<Vec<_>>()
    };
    let mut found: Vec<(String, TextQuote)> = Vec::new();
    let whole = article.map(|name| engine.article(name));
    if let Some(Ok(whole)) = &whole {
        found = own(whole);
    } else {
        // A part that several articles have, but only one of those with the words.
        let part = article.map(str::to_lowercase).unwrap_or_default();
        let has = |text: &str| text.to_lowercase().contains(&part);
        let query = format!("\"{}\"", words.replace(['"', '“', '”', '„', '\\'], " "));
        let request = at_present(Request { query, by: Some(By::Article), ..Request::default() });
        for hit in engine.all_results(&request)? {
            request.deadline.check()?;
            let meta = hit?.article;
            if !has(&meta.id) && !has(&meta.path) && !meta.title.as_deref().is_some_and(has) {
                continue;
            }
            found.append(&mut own(&engine.article(&meta.id)?));
            // Those are too many already.
            if found.len() > SHOWN {
                break;
            }
        }
        if let Some(Err(error)) = whole
            && found.is_empty()
        {
            return Err(error.into());
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => bail!("no quotation has these words; `onrecord query` finds the ones that are alike"),
        several => {
            let mut ids: Vec<&str> = several.iter().map(|(id, _)| id.as_str()).collect();
            ids.dedup();
            ids.truncate(SHOWN);
            let number = if several.len() > SHOWN { format!("more than {SHOWN}") } else { several.len().to_string() };
            bail!(
                "{number} quotations have these words, in {}; give more of the words, or `--article`",
                one_line(&ids.join(", "))
            )
        }
    }
}

/// Prints corrections, a line each: speaker, article, words.
fn list(files: &UserFiles) -> anyhow::Result<Outcome> {
    let corrections = Corrections::read(files)?;
    for Correction { article, speaker, quote } in corrections.all() {
        let speaker = speaker.as_deref().unwrap_or("-");
        println!("{}\t{}\t{}", one_line(speaker), one_line(article), one_line(&quote.exact));
    }
    Ok(if corrections.all().is_empty() { Outcome::NoHits } else { Outcome::Done })
}
