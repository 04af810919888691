//! Phrases that several formats share.

use serde::Serialize;

use crate::article::{DateOrigin, Meta};
use crate::search::Quote;

/// An article's headline; where it has none, the last part of its address.
pub fn title(article: &Meta) -> &str {
    let address = article.id.trim_end_matches('/');
    article.title.as_deref().unwrap_or_else(|| address.rsplit('/').next().unwrap_or(address))
}

/// The day of publication, saying so where it was guessed: `2025-05-16 (from the address)`.
pub fn date(article: &Meta) -> String {
    let Some(published) = &article.published else { return "undated".to_owned() };
    let day = published.day();
    match published.origin {
        DateOrigin::Record | DateOrigin::Metadata => day.to_owned(),
        DateOrigin::Page => format!("{day} (read off the page)"),
        DateOrigin::Url => format!("{day} (from the address)"),
        DateOrigin::Crawl => format!("{day} (when it was crawled)"),
        DateOrigin::File => format!("{day} (a guess from the file's name)"),
    }
}

/// `by Ana Lind and Ole Berg`.
pub fn byline(article: &Meta) -> Option<String> {
    let (last, others) = article.byline.split_last()?;
    Some(if others.is_empty() { format!("by {last}") } else { format!("by {} and {last}", others.join(", ")) })
}

/// The file and the record in it.
pub fn file(article: &Meta) -> String {
    match &article.record {
        Some(record) => format!("{}!{record}", article.path),
        None => article.path.clone(),
    }
}

/// The speakers of a quotation, or `unknown speaker`.
pub fn speakers(quote: &Quote) -> String {
    match (quote.speakers.as_slice(), &quote.speaker) {
        ([], None) => "unknown speaker".to_owned(),
        ([], Some(speaker)) => speaker.clone(),
        (several, _) => several.join(" and "),
    }
}

/// Kind, attribution and confidence: `direct, alias, 93% sure`; `direct, corrected` where a user gave the speaker.
pub fn certainty(quote: &Quote) -> String {
    if quote.corrected {
        return format!("{}, corrected", word(&quote.kind));
    }
    format!("{}, {}, {:.0}% sure", word(&quote.kind), word(&quote.attribution), 100.0 * quote.confidence)
}

/// `tags: lead, money`, and `note: …` for each note.
pub fn marks(tags: &[String], notes: &[String]) -> impl Iterator<Item = String> {
    let tags = (!tags.is_empty()).then(|| format!("tags: {}", tags.join(", ")));
    tags.into_iter().chain(notes.iter().map(|note| format!("note: {note}")))
}

/// `1 article`, `2 articles`, `12,345 articles`.
pub fn count(n: u64, thing: &str) -> String {
    format!("{} {thing}{}", thousands(n), if n == 1 { "" } else { "s" })
}

/// `2 of 18 hits shown`, if only a part is.
pub fn part(shown: u64, total: u64) -> Option<String> {
    (shown < total).then(|| format!("{} of {} shown", thousands(shown), count(total, "hit")))
}

/// `12,345`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A value of one of our enumerations, as the word used in JSON and queries.
pub fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
