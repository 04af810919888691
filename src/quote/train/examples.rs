//! Annotated articles as `models/teach` reads them: words, labels and parts are those that the models here learn from.

use serde::Serialize;

use super::{AnnotatedArticle, GoldAttribution, LearnedFrom, with_features};

/// An annotated article, its words numbered from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// True if it is kept apart, for what joins the models and the encoder to be learned on.
    pub apart: bool,
    /// Its words and marks, in order.
    pub words: Vec<String>,
    /// The first word of each paragraph.
    pub paragraphs: Vec<u32>,
    /// The first word of each sentence.
    pub sentences: Vec<u32>,
    /// Words of which nobody can tell whether they head a cue.
    pub open: Vec<usize>,
    /// Who says what.
    pub attributions: Vec<ExampleAttribution>,
}

/// An attribution by the words that belong to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExampleAttribution {
    /// The head of its cue.
    pub cue: usize,
    /// The words of its source.
    pub source: Vec<usize>,
    /// The words of its content.
    pub content: Vec<usize>,
}

/// The articles, each as the models learn from it; attributions without a cue are left out.
pub fn examples(articles: &[AnnotatedArticle]) -> Vec<Example> {
    with_features(articles, |from| (0..from.articles.len()).map(|n| example(from, n)).collect())
}

fn example(from: &LearnedFrom, n: usize) -> Example {
    let text = from.articles[n].text;
    let tokens = || 0..text.tokens.len();
    let attribution = |(gold, head): (&GoldAttribution<usize>, &Option<usize>)| {
        let (source, content) = (gold.source.clone(), gold.content.clone());
        Some(ExampleAttribution { cue: (*head)?, source, content })
    };
    Example {
        apart: from.apart[n],
        words: tokens().map(|token| text.word(token).to_owned()).collect(),
        paragraphs: text.paragraphs.iter().map(|paragraph| paragraph.first).collect(),
        sentences: text.sentences.iter().map(|sentence| sentence.first).collect(),
        open: tokens().filter(|&t| from.articles[n].may_cue(t) && from.is_open(n, Some(t))).collect(),
        attributions: from.gold[n].iter().zip(&from.heads[n]).filter_map(attribution).collect(),
    }
}
