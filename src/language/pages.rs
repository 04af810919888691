//! What web pages call the parts that are not the article.

use serde::Deserialize;

use super::{Table, Words};

/// What web pages call the parts that are not the article.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// Names of parts that are never the article: comments, advertising, what else there is to read.
    pub never_article: Words,
    /// Names of parts that are seldom the article.
    pub rarely_article: Words,
    /// Those of them that are around what readers get who pay, where it is not an offer to do so.
    pub gates: Words,
    /// How the last lines of agency copy open, which name its editors.
    pub signatures: Words,
    /// How lines between the paragraphs of an article open that are not part of it, in lower case.
    pub asides: Words,
    /// The same for words that a sentence may open with, too.
    pub labels: Words,
    /// How the last line of a feed's article opens and goes on, in lower case.
    pub feed_footers: Vec<[String; 2]>,
    /// How a line opens that asks to follow a paper, in lower case.
    pub follow: Words,
    /// Networks on which papers have channels.
    pub networks: Words,
    /// How a line opens that says for whom the article is, in lower case.
    pub walls: Words,
    /// Words before the name of whoever took a picture, at the end of its caption.
    pub credits: Words,
    /// How a line opens that says when an article was published, in lower case.
    pub published: Words,
    /// How one opens that says of what day it is, whichever of the two that was.
    pub as_of: Words,
    /// How one opens that says when it was changed, or when something takes place.
    pub changed: Words,
    /// Words of offers to subscribe, register or log in.
    pub offers: Words,
    /// Headings over what readers write, in lower case, without numbers.
    pub comment_headings: Words,
    /// Names of the lines below a headline.
    pub standfirst: Words,
    /// What browsers append to the name of a saved page for the folder of its files.
    pub saved_page_folders: Words,
    /// Pairs of words in the name of a part that is seldom the article, by the first: `readMore`.
    pub rarely_article_pairs: Table<Words>,
}
