//! Markdown: a blockquote per hit and where it is from, then the files that were read.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::HitWriter;
use super::harmless::one_line;
use super::html::original;
use super::phrase::{certainty, count, date, file, marks, part, speakers, title};
use crate::article::Meta;
use crate::search::{By, Hit, Response};

/// Writes Markdown.
pub struct MarkdownWriter<W: Write> {
    out: W,
    /// The chain of custody of every file that a hit was read from.
    files: BTreeMap<String, String>,
    shown: u64,
    total: u64,
}

impl<W: Write> MarkdownWriter<W> {
    /// A writer to `out`.
    pub fn new(out: W) -> Self {
        MarkdownWriter { out, files: BTreeMap::new(), shown: 0, total: 0 }
    }
}

impl<W: Write> HitWriter for MarkdownWriter<W> {
    fn open(&mut self, answer: &Response) -> io::Result<()> {
        let index = &answer.index;
        writeln!(self.out, "# {}\n", plain(&answer.query))?;
        writeln!(
            self.out,
            "{} in {}; read as {}; index digest {}",
            count(answer.total, "hit"),
            count(index.articles, "article"),
            plain(&answer.asked()),
            index.digest
        )?;
        self.total = answer.total;
        Ok(())
    }

    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        writeln!(self.out)?;
        for paragraph in hit.text.lines().filter(|line| !line.trim().is_empty()) {
            writeln!(self.out, "> {}\n>", plain(paragraph))?;
        }
        let who = match (hit.by, hit.quotes.first()) {
            (By::Quote, Some(quote)) => format!("**{}** ({}), ", plain(&speakers(quote)), certainty(quote)),
            (By::Quote | By::Passage | By::Article, _) => String::new(),
        };
        if let Some(custody) = &hit.article.custody {
            self.files.entry(hit.article.path.clone()).or_insert_with(|| custody.to_string());
        }
        writeln!(self.out, "> — {who}{}", source(&hit.article))?;
        self.shown += 1;
        for mark in marks(&hit.tags, &hit.notes) {
            writeln!(self.out, ">\n> {}", plain(&mark))?;
        }
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        if let Some(part) = part(self.shown, self.total) {
            writeln!(self.out, "\n{part}")?;
        }
        if !self.files.is_empty() {
            writeln!(self.out, "\n## Files read\n")?;
        }
        for (path, custody) in &self.files {
            writeln!(self.out, "- {}. {}", plain(path), plain(custody))?;
        }
        self.out.flush()
    }
}

/// `[Title](link), *Outlet*, 2025-05-16`; without a link, the file.
fn source(article: &Meta) -> String {
    let name = plain(title(article));
    let linked = match original(article) {
        Some(url) => {
            format!("[{name}](<{}>)", one_line(url).replace('<', "%3C").replace('>', "%3E").replace(' ', "%20"))
        }
        None => format!("{name} ({})", plain(&file(article))),
    };
    let outlet = article.outlet.as_ref().map_or(String::new(), |outlet| format!(", *{}*", plain(outlet)));
    format!("{linked}{outlet}, {}", date(article))
}

/// One line of text that Markdown shows as it is.
fn plain(text: &str) -> String {
    let line = one_line(text.trim());
    let mut escaped = String::with_capacity(line.len());
    // What begins a list or a heading does so at the start of a line only.
    let number = line.find(|c: char| !c.is_ascii_digit()).filter(|&end| end > 0);
    for (at, c) in line.char_indices() {
        let begins = (at == 0 && matches!(c, '-' | '+' | '=')) || (number == Some(at) && matches!(c, '.' | ')'));
        if begins || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_no_markup() {
        for (text, expect) in [
            ("a *b* <i> [c](d)", "a \\*b\\* \\<i\\> \\[c\\](d)"),
            ("- no", "\\- no"),
            ("12. May", "12\\. May"),
            ("two\nlines", "two lines"),
            ("30-day truce", "30-day truce"),
        ] {
            assert_eq!(plain(text), expect);
        }
    }
}
