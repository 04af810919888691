//! Training of the recogniser from annotated articles. Does no I/O: whoever calls it reads the files.

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::recognise::{self, CLUSTERS, COLUMNS, Clusters, Label, TAGGER, Vocabulary};
use super::tokens::is_all_capitals;
use super::{EntityFinder, EntityKind, Recogniser};
use crate::tagger::{
    BundleWriter, Clustering, Columns, Corpus, Examples, Progress, TemplateError, Templates, TokenView, TrainSettings,
    train,
};
use crate::text::{CharSpan, CodePoints, Span, Text, paragraphs};

/// Features of the recogniser, over [`COLUMNS`].
const TEMPLATES: &str = "
    low suf1 suf2 suf3 suf4 pre2 pre3 pre4 shape lists fine coarse suf3·case suf2·shape
    low-1 low+1 low-2 low+2 suf3-1 suf3+1 fine-1 fine+1 fine-2 fine+2 lists-1 lists+1 shape-1 shape+1
    low-1·low low·low+1 fine-1·fine fine·fine+1 fine-1·fine+1 lists-1·lists lists·lists+1
    shape-1·shape·shape+1 shape·shape+1 coarse-1·coarse·coarse+1 coarse-1·low coarse+1·low
    case-1·case·case+1 case·place case·place·style lists·case·seen
    phrase·case phrase-1·phrase phrase·phrase+1
    seen·case person·lists body·fine town·phrase person·body·town·case
    topic·low topic·phrase topic·coarse topic·low-1 style·phrase style·coarse-1·coarse style·place·shape
";

/// An article and the names in it.
#[derive(Debug, Clone, Default)]
pub struct TaggedArticle {
    /// The article.
    pub text: String,
    /// Its names in order: bytes into the text, and the kind as the corpus writes it (`PER`, `ORG`, `LOC`, `MISC`).
    pub names: Vec<(Span, String)>,
}

/// How to train, in what a user may want to change.
#[derive(Debug, Clone, Copy)]
pub struct TrainOptions {
    /// Times that every article is looked at.
    pub epochs: usize,
    /// Features that are kept: 81,000 just fill a table of 2¹⁴ buckets.
    pub keep: usize,
    /// Models that are averaged.
    pub seeds: u32,
}

impl Default for TrainOptions {
    fn default() -> Self {
        TrainOptions { epochs: 8, keep: 81_000, seeds: 2 }
    }
}

/// Trains a recogniser: the bytes of `models/entities.bin`.
///
/// `unannotated` are texts that word clusters are made from besides those of `articles`.
pub fn train_recogniser(
    articles: &[TaggedArticle],
    unannotated: &[String],
    options: TrainOptions,
    progress: impl FnMut(Progress),
) -> Result<Vec<u8>, TemplateError> {
    let clusters = clusters(articles.iter().map(|a| &a.text).chain(unannotated));
    let templates = Templates::parse(COLUMNS, &[], TEMPLATES)?;
    let mut examples = Examples::new(templates);
    let mut vocabulary = Vocabulary::default();
    for article in articles {
        add(article, &clusters, &mut vocabulary, &mut examples);
    }
    let settings = TrainSettings {
        chain: true,
        epochs: options.epochs,
        rate: 0.07,
        l1: 0.3,
        l2: 0.3,
        least: 2,
        keep: options.keep,
        seeds: options.seeds,
    };
    let model: recognise::Crf = train(&examples, |_| true, &settings, progress).model();
    let mut bundle = BundleWriter::default();
    bundle.add(TAGGER, model.to_bytes());
    bundle.add(CLUSTERS, clusters.to_bytes());
    Ok(bundle.finish())
}

/// How many names were found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Names found that the annotation has, with the same borders and kind.
    pub right: usize,
    /// Names found.
    pub found: usize,
    /// Names annotated.
    pub annotated: usize,
}

impl Score {
    /// Share of the names found that are right, 0 to 1.
    pub fn precision(self) -> f64 {
        self.right as f64 / self.found.max(1) as f64
    }

    /// Share of the annotated names that were found, 0 to 1.
    pub fn recall(self) -> f64 {
        self.right as f64 / self.annotated.max(1) as f64
    }

    /// Harmonic mean of both.
    pub fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.found + self.annotated).max(1) as f64
    }
}

/// Measures a recogniser on annotated articles: people, organisations and places, borders and kind exact.
pub fn evaluate(recogniser: &Recogniser, articles: &[TaggedArticle]) -> Score {
    let mut finder = EntityFinder::new(recogniser);
    let mut score = Score::default();
    for article in articles {
        let text = Text::new(&article.text, &paragraphs(&article.text));
        let found: FxHashSet<(Span, EntityKind)> =
            finder.find(&text, None).mentions.into_iter().map(|m| (m.span, m.kind)).collect();
        let annotated: Vec<(Span, EntityKind)> =
            article.names.iter().filter_map(|(span, kind)| Some((*span, recognise::kind(kind)?))).collect();
        score.found += found.len();
        score.annotated += annotated.len();
        score.right += annotated.iter().filter(|name| found.contains(name)).count();
    }
    score
}

/// Clusters of two sizes from the sentences of all texts, headlines in capitals left out.
fn clusters<'t>(texts: impl Iterator<Item = &'t String>) -> Clusters {
    let mut corpus = Corpus::default();
    for raw in texts {
        let text = Text::new(raw, &paragraphs(raw));
        for sentence in &text.sentences {
            let words = || sentence.tokens().map(|i| text.word(i));
            if words().filter(|w| is_all_capitals(w)).count() * 2 < sentence.tokens().len() {
                corpus.sentence(words());
            }
        }
    }
    let make = |classes| corpus.cluster(Clustering { classes, least: 4, neighbours: 4000, rounds: 12 });
    Clusters::new(make(400).into_iter().zip(make(48)).map(|((word, fine), (_, coarse))| (word, fine, coarse)))
}

/// Adds the segments of an article, each token with the label that the annotation gives it.
fn add(article: &TaggedArticle, clusters: &Clusters, vocabulary: &mut Vocabulary, examples: &mut Examples) {
    let text = Text::new(&article.text, &paragraphs(&article.text));
    let (ids, tokens) = vocabulary.read(&text, clusters);
    let mut labels = vec![Label::OUTSIDE.0; tokens.len()];
    for (span, kind) in &article.names {
        let mut begins = true;
        for i in tokens.within(*span) {
            if let Some(label) = labels.get_mut(i) {
                *label = recognise::encode(recognise::class(kind), begins).0;
                begins = false;
            }
        }
    }
    let segments = recognise::segments(&tokens);
    let mut columns = Columns::new(COLUMNS.len());
    recognise::fill(&mut columns, &tokens, &ids, &segments, vocabulary);
    for segment in segments {
        let label = |i: usize| labels.get(i).copied().unwrap_or(Label::OUTSIDE.0);
        examples.push(segment.map(|i| (TokenView::absolute(&columns, recognise::row(&tokens, i)), label(i))));
    }
}

/// Articles in the columns of CoNLL-2003 (token first, BIO tag last), written as a newspaper prints them:
/// a paragraph a sentence, no space before closing marks or after opening ones.
pub fn from_conll(corpus: &str) -> Vec<TaggedArticle> {
    let mut articles: Vec<TaggedArticle> = Vec::new();
    let mut line_before = Glue::default();
    for line in corpus.lines() {
        let mut fields = line.split_whitespace();
        match (fields.next(), fields.next_back()) {
            (Some("-DOCSTART-"), _) => {
                articles.push(TaggedArticle::default());
                line_before = Glue::default();
            }
            (Some(word), Some(tag)) => {
                if let Some(article) = articles.last_mut() {
                    line_before.append(article, word, tag);
                }
            }
            _ => line_before = Glue { new_sentence: true, ..Glue::default() },
        }
    }
    articles
}

/// Where a token of a CoNLL sentence is in relation to what was written before it.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four facts about a place in the text, in any combination")]
struct Glue {
    new_sentence: bool,
    started: bool,
    /// The token before takes no space after it.
    opening: bool,
    in_quotes: bool,
    in_name: bool,
}

impl Glue {
    fn append(&mut self, article: &mut TaggedArticle, word: &str, tag: &str) {
        let text = &mut article.text;
        let closing = matches!(word, "." | "," | ";" | ":" | "!" | "?" | ")" | "]" | "%" | "'")
            || matches!(word, "'s" | "n't" | "'re" | "'ve" | "'ll" | "'d" | "'m" | "''")
            || word == "\"" && self.in_quotes;
        if self.new_sentence && !text.is_empty() {
            text.push_str("\n\n");
        } else if self.started && !closing && !self.opening {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(word);
        self.opening = matches!(word, "(" | "[" | "$") || word == "\"" && !self.in_quotes;
        self.in_quotes ^= word == "\"";
        self.new_sentence = false;
        self.started = true;
        let kind = tag.get(2..).unwrap_or("");
        match article.names.last_mut() {
            Some((span, known)) if self.in_name && tag.starts_with("I-") && known == kind => {
                span.end = text.len() as u32;
            }
            _ if !kind.is_empty() => article.names.push((Span::new(start, text.len()), kind.to_owned())),
            _ => {}
        }
        self.in_name = !kind.is_empty();
    }
}

/// A line of JSON with `text` and `tokens`, an object of lists of equal length: `start` and `end` in code points, `ner`,
/// `pos`, `sentence`. A run of tokens of one kind in one sentence is a name. None for an article without tokens.
///
/// Automatic tags miss family names at the start of a sentence. Where an article names someone in full, a proper noun
/// that is their last name and is apart from others is taken for a person too.
pub fn from_silver(line: &str) -> Result<Option<TaggedArticle>, serde_json::Error> {
    let article: SilverArticle = serde_json::from_str(line)?;
    let offsets = CodePoints::new(&article.text);
    let Some(tokens) = article.tokens else { return Ok(None) };
    let mut names: Vec<(Span, String)> = Vec::new();
    let mut open = None;
    let spans: Vec<Span> =
        tokens.start.iter().zip(&tokens.end).map(|(&start, &end)| offsets.bytes(CharSpan { start, end })).collect();
    let word = |i: usize| spans.get(i).map_or("", |s| s.of(&article.text));
    let tag = |i: usize| tokens.ner.get(i).map_or("O", String::as_str);
    let proper = |i: usize| tokens.pos.get(i).is_some_and(|p| p.starts_with("NNP"));
    let families: FxHashSet<&str> = (1..spans.len())
        .filter(|&i| tag(i) == "PERSON" && tag(i - 1) == "PERSON" && tag(i + 1) != "PERSON")
        .map(word)
        .collect();
    for (i, &span) in spans.iter().enumerate() {
        let apart = tag(i) == "O" && !proper(i + 1) && (i == 0 || !proper(i - 1)) && proper(i);
        let kind = if apart && families.contains(word(i)) { "PERSON" } else { tag(i) };
        let is_name = recognise::class(kind) > 0;
        match names.last_mut() {
            Some((name, known)) if is_name && open == tokens.sentence.get(i) && known == kind => {
                *name = name.cover(span);
            }
            _ if is_name => names.push((span, kind.to_owned())),
            _ => {}
        }
        open = tokens.sentence.get(i).filter(|_| is_name);
    }
    Ok(Some(TaggedArticle { names, text: article.text }))
}

#[derive(Deserialize)]
struct SilverArticle {
    text: String,
    tokens: Option<Tokenised>,
}

#[derive(Deserialize)]
struct Tokenised {
    start: Vec<u32>,
    end: Vec<u32>,
    ner: Vec<String>,
    pos: Vec<String>,
    sentence: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conll_is_written_as_a_newspaper_prints_it() {
        let corpus = "-DOCSTART- -X- -X- O\n\nEU X Y B-ORG\nmet X Y O\nAl X Y B-PER\nGore X Y I-PER\n, X Y O\n\" X Y O\nfine X Y O\n\" X Y O\nin X Y O\nRome X Y B-LOC\n. X Y O\n\nNext X Y O\n";
        let articles = from_conll(corpus);
        assert_eq!(articles[0].text, "EU met Al Gore, \"fine\" in Rome.\n\nNext");
        let names: Vec<_> = articles[0].names.iter().map(|(s, k)| (s.of(&articles[0].text), k.as_str())).collect();
        assert_eq!(names, [("EU", "ORG"), ("Al Gore", "PER"), ("Rome", "LOC")]);
    }

    #[test]
    fn silver_tags_make_names() {
        let line = r#"{"text":"Ann Ray left Rome.","tokens":{"start":[0,4,8,13],"end":[3,7,12,17],
            "ner":["PERSON","PERSON","O","LOCATION"],"pos":["NNP","NNP","VBD","NNP"],"sentence":[1,1,1,1]}}"#;
        let article = from_silver(line).unwrap().unwrap();
        let names: Vec<_> = article.names.iter().map(|(s, k)| (s.of(&article.text), k.as_str())).collect();
        assert_eq!(names, [("Ann Ray", "PERSON"), ("Rome", "LOCATION")]);
    }
}
