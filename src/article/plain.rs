//! Plain text: the body verbatim, but for the numbers of lines, and the little that its name tells.

use super::date;
use super::{Article, Hints, Meta, Place, Problem};
use super::{charset, language, pdf};

/// Reads a text file. It has no headline: a first line that looks like one is part of the body, since offsets must fit the file.
pub(super) fn read(bytes: &[u8], place: &Place, hints: &Hints) -> Result<Article, Problem> {
    let decoded = charset::decode(bytes.to_vec(), hints.charset.as_deref())?;
    if decoded.text.trim().is_empty() {
        return Err(Problem::Empty);
    }
    let mut article = match pdf::numbered(&decoded.text) {
        Some(turns) => Article::from_parts(Meta::at(place), turns.iter().map(|turn| (turn.as_str(), None))),
        None => Article::from_plain(Meta::at(place), decoded.text),
    };
    article.warnings = decoded.warnings;
    article.meta.language = language::detect(&article.text);
    article.meta.published = date::from_name(place);
    Ok(article)
}
