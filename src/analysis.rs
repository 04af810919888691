//! The analysis of one article, from text to entities and quotations. Pure: no I/O, and it cannot fail.

use xxhash_rust::xxh3::xxh3_64;

pub use crate::article::Depth;
use crate::article::{Article, Format};
use crate::entity::{self, Entities};
use crate::language::{Language, Pack, added_hash};
use crate::quote::{self, Models, Quotation};
use crate::text::Text;

/// Version of what the analysis finds. Raise it whenever code changes results, as `tests/analysis_version.rs` tells; changes
/// of models and word lists count by themselves.
pub const ANALYSIS_VERSION: u32 = 1;

/// Hash of the models and built-in word lists.
const ANALYSIS_DATA: &str = env!("ONRECORD_ANALYSIS_DATA");

/// Hash of what careful reading has beside them.
const CAREFUL_DATA: &str = env!("ONRECORD_CAREFUL_DATA");

/// Identifies the analysis of this program: an article that another one analysed is analysed again.
pub fn analysis_id(depth: Depth) -> u64 {
    let own = match depth {
        Depth::Fast => format!("{ANALYSIS_VERSION} {ANALYSIS_DATA}"),
        Depth::Careful => format!("{ANALYSIS_VERSION} {ANALYSIS_DATA} {CAREFUL_DATA}"),
    };
    // Packs that a user added change what is found as the built-in ones do.
    xxh3_64(own.as_bytes()) ^ added_hash()
}

/// The depth of an analysis of this program by its number; of another program's, the usual one.
pub fn depth_of(analysis: u64) -> Depth {
    Depth::ALL.into_iter().find(|depth| analysis_id(*depth) == analysis).unwrap_or_default()
}

/// Everything found in an article's body; spans are bytes into it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Analysis {
    /// Who and what is named.
    pub entities: Entities,
    /// Who says what.
    pub quotations: Vec<Quotation>,
    /// Where its sentences start, in order.
    pub sentences: Vec<u32>,
}

/// Analyses articles one after the other, keeping its caches between them. One a thread.
#[derive(Debug)]
pub struct Analyser {
    entities: entity::EntityFinder<'static>,
    quotations: quote::QuotationFinder<'static>,
    /// The one that reads carefully, once it is asked for.
    careful: Option<quote::QuotationFinder<'static>>,
}

impl Default for Analyser {
    fn default() -> Self {
        Analyser {
            entities: entity::EntityFinder::default(),
            quotations: quote::QuotationFinder::new(Models::shipped(), None),
            careful: None,
        }
    }
}

impl Analyser {
    /// A new analyser with empty caches.
    pub fn new() -> Self {
        Self::default()
    }

    /// Finds everything in `article`. Linear in the length of its body.
    pub fn analyse(&mut self, article: &Article) -> Analysis {
        self.analyse_as(article, Depth::Fast)
    }

    /// The same, as deeply as that.
    pub fn analyse_as(&mut self, article: &Article, depth: Depth) -> Analysis {
        self.analyse_all(std::iter::once((article, depth))).pop().unwrap_or_default()
    }

    /// Finds everything in each of `articles`: names in all of them, then quotations in all of them, because the models of
    /// either fill the cache. Where it reads carefully, names are found again by what the encoder makes of the text.
    pub fn analyse_all<'a>(&mut self, articles: impl Iterator<Item = (&'a Article, Depth)>) -> Vec<Analysis> {
        let named: Vec<_> = articles
            .map(|(article, depth)| {
                let code = article.meta.language.as_deref();
                let pack = Pack::of(code);
                let text = match pack {
                    Some(pack) => Text::in_language(&article.text, &article.paragraphs, pack),
                    None => Text::new(&article.text, &article.paragraphs),
                };
                let entities = self.entities.find(&text, pack);
                (article, depth, text, entities, pack)
            })
            .collect();
        let analyses = named.into_iter().map(|(article, depth, text, mut entities, pack)| {
            let mut quotations = if let Some(pack) = pack {
                quote::find_in_language(&text, &entities, pack)
            } else {
                // A text too short to tell its language by is read as English.
                let language = Language::of(article.meta.language.as_deref());
                match depth {
                    Depth::Fast => self.quotations.find(&text, &entities, language, None),
                    Depth::Careful => {
                        let finder = self.careful.get_or_insert_with(quote::QuotationFinder::careful);
                        let reading = language.and_then(|_| finder.read(&text, &entities));
                        if let Some(reading) = &reading {
                            entities = self.entities.find_carefully(&text, reading);
                        }
                        finder.find(&text, &entities, language, reading.as_ref())
                    }
                }
            };
            if article.format == Format::Transcript {
                // `We are glad that it is over` is what the voice itself thinks, and nobody reports it.
                quotations
                    .retain(|quotation| quotation.speech || quotation.described || !quotation.speakers.is_empty());
                quote::complete_voices(&text, &entities, &mut quotations);
            }
            let sentences = text.sentences.iter().map(|sentence| sentence.span.start).collect();
            Analysis { entities, quotations, sentences }
        });
        analyses.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Meta;
    use crate::text::WORDS_READ;

    #[test]
    fn a_voice_does_not_report_what_it_thinks() {
        let count = |text: &str, format| {
            let article = Article { format, ..Article::from_plain(Meta::default(), text.to_owned()) };
            Analyser::new().analyse(&article).quotations.len()
        };
        for own in ["We are glad the strike is over.", "I hope that the ferry runs.", "We think they will pay."] {
            assert_eq!(count(own, Format::Transcript), 0, "{own}");
        }
        let reported = "Ada Ray said the strike was over.";
        assert_eq!((count(reported, Format::Transcript), count(reported, Format::Text)), (1, 1));
    }

    #[test]
    fn a_voice_of_a_recording_needs_no_company() {
        let found = |text: &str, format| -> Vec<String> {
            let article = Article { format, ..Article::from_plain(Meta::default(), text.to_owned()) };
            let said = Analyser::new().analyse(&article).quotations;
            said.iter().map(|q| format!("{}: {}", q.speakers.join(", "), q.content[0].of(text))).collect()
        };
        let alone = "Anna Ray: We sold the boat in May.\n\nWho bought it?";
        assert_eq!(found(alone, Format::Transcript), ["Anna Ray: We sold the boat in May."]);
        assert!(!found(alone, Format::Text).contains(&"Anna Ray: We sold the boat in May.".to_owned()));
        let thought = "Anna Ray: The dam was built in 1950. It was never checked.\n\nWho says so?";
        assert!(
            found(thought, Format::Transcript)
                .contains(&"Anna Ray: The dam was built in 1950. It was never checked.".to_owned())
        );
        assert_eq!(found("One thing: nobody asked us.\n\nWho bought it?", Format::Transcript), [""; 0]);
    }

    /// Patterns whose repetition must take linear time; `benches/linear.rs` measures the same on long texts.
    const PATTERNS: &str = include_str!("../benches/patterns.txt");

    /// How many words are looked at in so many bytes of a pattern.
    fn steps(analyser: &mut Analyser, pattern: &str, bytes: usize) -> u64 {
        let repeated = (0..).map(|number| pattern.replace("{}", &format!("{number}")));
        let text = repeated.scan(0, |length, part| {
            *length += part.len();
            (*length <= bytes).then_some(part)
        });
        let article = Article::from_plain(Meta::default(), text.collect());
        let before = WORDS_READ.get();
        analyser.analyse(&article);
        WORDS_READ.get() - before
    }

    #[test]
    fn twice_the_text_takes_twice_the_steps() {
        let mut analyser = Analyser::new();
        let patterns =
            PATTERNS.lines().filter(|line| !line.starts_with("# ")).filter_map(|line| line.strip_suffix('$'));
        let patterns = patterns.map(|pattern| pattern.replace("\\n", "\n"));
        let mut slow = Vec::new();
        for pattern in patterns {
            let [once, twice] = [12_000, 24_000].map(|bytes| steps(&mut analyser, &pattern, bytes));
            if twice as f64 > 2.3 * once as f64 + 1000.0 {
                slow.push(format!("{pattern:?}: {once} and {twice} steps"));
            }
        }
        assert!(slow.is_empty(), "{slow:#?}");
    }
}
