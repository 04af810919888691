//! What a page's own data and its title tell of its body.

use super::dom::NodeId;

/// What helps to tell the article from what is around it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PageHints<'a> {
    /// The headline, which is not part of the body.
    pub(super) title: Option<&'a str>,
    /// Where the page shows it.
    pub(super) headline: Option<NodeId>,
    /// Who wrote it: a line of these names is not part of the body either.
    pub(super) byline: &'a [String],
    /// The article in a sentence, as the page's data gives it: where the page shows it, it is the standfirst.
    pub(super) description: Option<&'a str>,
    /// The text as the page's data gives it: whole, cut short, or with captions run in.
    pub(super) article_body: Option<&'a str>,
}
