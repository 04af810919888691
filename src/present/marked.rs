//! An article with its quotations listed below it, for people.

use std::io::{self, Write};

use crate::search::Annotated;
use crate::text::CodePoints;

/// Writes the article and what was found in it.
pub fn article(out: &mut impl Write, annotated: &Annotated) -> io::Result<()> {
    writeln!(out, "{}", annotated.article.title.as_deref().unwrap_or(&annotated.article.id))?;
    let points = CodePoints::new(&annotated.text);
    for quote in &annotated.quotes {
        let parts: Vec<&str> = quote.content.iter().map(|&part| points.bytes(part).of(&annotated.text)).collect();
        writeln!(out, "  {}: {}", quote.speaker.as_deref().unwrap_or("unknown"), parts.join(" … "))?;
    }
    Ok(())
}
