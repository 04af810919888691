//! How text becomes terms: the tokenizers of running text and of names.

use tantivy::Index;
use tantivy::tokenizer::{AsciiFoldingFilter, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer};

use super::schema::{NAME, TEXT};

/// Makes the tokenizers known to an index; without them it can neither be written nor searched.
pub fn register(index: &Index) {
    let text = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(Stemmer::default());
    let name = TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).filter(AsciiFoldingFilter);
    index.tokenizers().register(TEXT, text.build());
    index.tokenizers().register(NAME, name.build());
}
