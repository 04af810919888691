//! Training of the recognisers from articles whose names are marked. Does no I/O.

use serde::Deserialize;

use super::columns::{COLUMNS, fill, row};
use super::{Crf, SCRIPTS, label, script};
use crate::entity::train::TaggedArticle;
use crate::entity::{EntityKind, recognise};
use crate::language::{Pack, all};
use crate::tagger::{
    BundleWriter, Columns, Examples, Progress, TemplateError, Templates, TokenView, TrainSettings, train,
};
use crate::text::{CharSpan, CodePoints, Span, Text, paragraphs};

/// Features of words.
const WORDS: &str = "
    low lang·low suf2 suf3 suf4 lang·suf3 lang·suf4 pre3 pre4 lang·pre4 shape case lang·case role lang·role gaz phrase
    suf3·case suf2·shape shape·place lang·shape·place gaz·case gaz·role phrase·case lang·gaz
    low-1 low+1 lang·low-1 lang·low+1 low-2 lang·low-2 lang·low+2 suf3-1 suf3+1 lang·suf3-1 lang·suf3+1
    role-1 role+1 role-2 gaz-1 gaz+1 shape-1 shape+1
    role-1·role gaz-1·gaz gaz·gaz+1 role·role+1 role-1·gaz role-1·case gaz-1·shape role-1·shape role+1·shape
    shape-1·shape·shape+1 shape·shape+1 case-1·case·case+1 phrase-1·phrase phrase·phrase+1
    low-1·low low·low+1 lang·low-1·shape lang·low+1·shape role-1·role·role+1 role-2·role-1·case
    seen·case article·case article·shape lang·seen·case article·gaz lang·place·case seen·role seen·gaz
";

/// Features of characters.
const CHARACTERS: &str = "
    low low-1 low+1 low-2 low+2 low-1·low low·low+1 low-2·low-1 low+1·low+2 low-1·low+1 low-2·low-1·low low·low+1·low+2 low-1·low·low+1
    low-3 low+3 low-3·low-2 low+2·low+3
    suf2 suf2-1 suf2+1 suf2-1·suf2 suf2·suf2+1 suf2·low suf4 suf4-1 suf4+1 suf4·suf2
    suf3 suf3-1 suf3+1 suf3-2 suf3+2 pre3 pre3-1 pre3+1 pre4 pre4-1 pre4·low pre3·low pre3·suf2
    role role-1 role+1 role-1·role role·role+1 role·low role+1·low role-2 role+2 role+1·pre3 role-1·pre3
    phrase phrase-1 phrase+1 phrase·low phrase·role+1 phrase·suf2 phrase·pre3 phrase-1·phrase phrase·phrase+1
    shape shape-1·shape·shape+1 place place·low
";

/// An article and the names in it, with their spans in bytes.
#[derive(Debug, Clone)]
pub struct LabelledArticle {
    /// ISO 639-1 code of its language.
    pub language: String,
    /// The article.
    pub text: String,
    /// Its names, in order.
    pub names: Vec<(Span, EntityKind)>,
}

#[derive(Deserialize)]
struct Record {
    lang: String,
    text: String,
    names: Vec<RecordName>,
}

#[derive(Deserialize)]
struct RecordName {
    kind: EntityKind,
    start: u32,
    end: u32,
}

impl LabelledArticle {
    /// An English article as the corpora of English mark it.
    pub fn from_english(article: TaggedArticle) -> Self {
        let names = article.names.into_iter().filter_map(|(span, tag)| Some((span, recognise::kind(&tag)?))).collect();
        LabelledArticle { names, language: "en".to_owned(), text: article.text }
    }

    /// Reads a line of JSON: `{"lang", "text", "names": [{"kind", "start", "end"}]}`, offsets in code points.
    pub fn read(line: &str) -> Result<Self, serde_json::Error> {
        let record: Record = serde_json::from_str(line)?;
        let points = CodePoints::new(&record.text);
        let span = |name: &RecordName| points.bytes(CharSpan { start: name.start, end: name.end });
        let names = record.names.iter().map(|name| (span(name), name.kind)).collect();
        let language = record.lang.split('-').next().unwrap_or("").to_owned();
        Ok(LabelledArticle { names, language, text: record.text })
    }
}

/// Trains the recognisers of all scripts: what `models/names.bin` holds, compressed.
pub fn train_names(
    articles: &[LabelledArticle],
    keep: usize,
    mut progress: impl FnMut(&str, Progress),
) -> Result<Vec<u8>, TemplateError> {
    let mut bundle = BundleWriter::default();
    for name in SCRIPTS {
        let ideographs = matches!(name, "zh" | "ja");
        let mut examples = Examples::new(Templates::parse(COLUMNS, &[], if ideographs { CHARACTERS } else { WORDS })?);
        for article in articles {
            let Some(pack) = all().find(|pack| pack.code == article.language) else { continue };
            if script(pack) == name {
                add(article, pack, &mut examples);
            }
        }
        if examples.is_empty() {
            continue;
        }
        // The script of several languages has features of each.
        let keep = if name == "latin" { 2 * keep } else { keep };
        let settings =
            TrainSettings { chain: true, epochs: 10, rate: 0.07, l1: 0.3, l2: 0.3, least: 2, keep, seeds: 3 };
        let model: Crf = train(&examples, |_| true, &settings, |step| progress(name, step)).model();
        bundle.add(name, model.to_bytes());
    }
    Ok(bundle.finish())
}

fn add(article: &LabelledArticle, pack: &'static Pack, examples: &mut Examples) {
    let text = Text::in_language(&article.text, &paragraphs(&article.text), pack);
    let mut columns = Columns::new(COLUMNS.len());
    fill(&mut columns, &text, pack);
    let mut labels = vec![0; text.tokens.len()];
    for (span, kind) in &article.names {
        let first = text.tokens.partition_point(|t| t.span.end <= span.start);
        let end = text.tokens.partition_point(|t| t.span.start < span.end);
        for i in first..end {
            if let Some(slot) = labels.get_mut(i) {
                *slot = label(*kind, i == first);
            }
        }
    }
    for sentence in &text.sentences {
        let view = |i: usize| TokenView::absolute(&columns, row(&text, i));
        examples.push(sentence.tokens().map(|i| (view(i), labels.get(i).copied().unwrap_or(0))));
    }
}
