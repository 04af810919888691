//! What an outlet changed of an article, from version to version.

use crate::index::versions::Version;
use crate::present::versions::{Changed, History};
use crate::search::{Annotated, Difference};
use crate::text::wording::{Change, compare_exactly, compare_paragraphs};

/// The changes from each version to the next, and from the last to the article as it is.
pub fn history(article: Annotated, mut versions: Vec<Version>) -> History {
    versions.push(Version::of(&article.article, &article.text));
    let changes = versions.iter().zip(versions.iter().skip(1)).map(|(before, after)| Changed {
        noticed: before.noticed,
        gap: !before.is_right_before(after),
        title: between(before.title.as_deref(), after.title.as_deref()),
        byline: between(Some(&before.byline.join(", ")), Some(&after.byline.join(", "))),
        published: between(before.published.as_deref(), after.published.as_deref()),
        text: compare_paragraphs(&before.text, &after.text).into_iter().map(differences).collect(),
        before: before.text.clone(),
    });
    let changes = changes.collect();
    History { article: article.article, changes }
}

/// How a field differs; empty if it does not.
fn between(before: Option<&str>, after: Option<&str>) -> Vec<Difference> {
    if before == after { Vec::new() } else { differences(compare_exactly(before.unwrap_or(""), after.unwrap_or(""))) }
}

fn differences(stretches: Vec<(Change, String)>) -> Vec<Difference> {
    stretches.into_iter().map(|(change, text)| Difference { change, text }).collect()
}
