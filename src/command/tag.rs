//! `onrecord tag` and `onrecord note`: what people attach to articles and quotations.

use anyhow::bail;
use clap::Args;
use jiff::Timestamp;

use super::vocabulary::open;
use super::{Global, Outcome, output};
use crate::marks::{Mark, MarkKind, Marks, holding};
use crate::present::harmless::one_line;
use crate::present::phrase::count;
use crate::text::TextQuote;

/// Arguments of `tag`.
#[derive(Debug, Args)]
pub struct Tag {
    #[command(flatten)]
    what: What,
    /// Tags to add; without any, those that it has are printed
    #[arg(value_name = "TAG")]
    tags: Vec<String>,
}

/// Arguments of `note`.
#[derive(Debug, Args)]
pub struct Note {
    #[command(flatten)]
    what: What,
    /// The text; without it, the notes that it has are printed
    text: Option<String>,
}

/// What is marked.
#[derive(Debug, Args)]
struct What {
    /// The article: id, link, path or title, or a part that only it has
    article: String,
    /// Mark the quotation with these words, not the whole article
    #[arg(long, value_name = "WORDS")]
    quote: Option<String>,
    /// Remove it instead
    #[arg(long)]
    remove: bool,
}

/// Adds, removes or prints tags.
pub fn tag(args: &Tag, global: &Global) -> anyhow::Result<Outcome> {
    args.what.mark(MarkKind::Tag, &args.tags, global)
}

/// Adds, removes or prints notes.
pub fn note(args: &Note, global: &Global) -> anyhow::Result<Outcome> {
    args.what.mark(MarkKind::Note, args.text.as_slice(), global)
}

impl What {
    fn mark(&self, kind: MarkKind, texts: &[String], global: &Global) -> anyhow::Result<Outcome> {
        let (engine, _) = open(global, None, None)?;
        let article = engine.article(&self.article)?;
        let id = article.article.id.clone();
        let quote = match &self.quote {
            None => None,
            Some(words) => match holding(&article, words).as_slice() {
                [quote] => Some(quote.clone()),
                [] => bail!("no quotation of `{id}` has these words; `onrecord show` prints all of them"),
                several => bail!("{} have these words; give more of them", count(several.len() as u64, "quotation")),
            },
        };
        let marks = Marks::of(global.user_files(global.remote()?.as_ref()));
        if texts.is_empty() && !self.remove {
            return list(&marks, kind, &id, quote.as_ref());
        }
        if texts.iter().any(|text| text.trim().is_empty()) {
            bail!("an empty tag or note says nothing; give it words");
        }
        let made = Timestamp::now();
        let wanted = |text: &String| Mark {
            article: id.clone(),
            quote: quote.clone(),
            kind,
            text: text.trim().to_owned(),
            made,
        };
        let wanted: Vec<Mark> = texts.iter().map(wanted).collect();
        if self.remove {
            let of_it = |mark: &Mark| mark.article == id && mark.kind == kind && mark.quote == quote;
            let removed = marks
                .remove(|mark| of_it(mark) && (wanted.is_empty() || wanted.iter().any(|other| mark.is_same(other))))?;
            output::say(&format!("{} removed", count(removed as u64, name(kind))), global);
            if removed == 0
                && quote.is_none()
                && marks.all()?.iter().any(|mark| mark.article == id && mark.kind == kind)
            {
                output::say("tip: its quotations are marked; name one by `--quote`, with words of it", global);
            }
            return Ok(if removed == 0 { Outcome::NoHits } else { Outcome::Done });
        }
        for mark in wanted {
            marks.add(mark)?;
        }
        output::say(&format!("marked {}", quote.map_or(id, |quote| quote.exact)), global);
        Ok(Outcome::Done)
    }
}

/// Prints marks, a line each, with the quotation where they are of one.
fn list(marks: &Marks, kind: MarkKind, id: &str, quote: Option<&TextQuote>) -> anyhow::Result<Outcome> {
    let mut none = true;
    for mark in marks.all()? {
        if mark.article == id && mark.kind == kind && (quote.is_none() || mark.quote.as_ref() == quote) {
            let of = mark.quote.map_or(String::new(), |quote| format!("\t{}", one_line(&quote.exact)));
            println!("{}{of}", one_line(&mark.text));
            none = false;
        }
    }
    Ok(if none { Outcome::NoHits } else { Outcome::Done })
}

fn name(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Tag => "tag",
        MarkKind::Note => "note",
    }
}
