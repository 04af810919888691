//! The fields of the index.
//!
//! An article is a *block* of consecutive documents: the article's own, then each passage followed by the
//! quotations that start in it. Blocks are added at once, so they never straddle segments, and merges keep
//! their order. Each level has only its own fields: nothing is stored or indexed twice, and
//! [`block`](super::block) joins the levels at query time.
//!
//! | level | fields |
//! |---|---|
//! | article | `number id title outlet byline section collection language day length record` |
//! | passage | `text person org place` |
//! | quotation | `stretch said speaker about confidence` |
//! | every | `level ordinal group facet`, and beside `title`, `text` or `said` `word_roles` |

use tantivy::Index;
use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{IndexSettings, TantivyError};

/// Version of the format. Raise it with every change of fields, analyser, stored record or manifest.
pub const VERSION: u32 = 4;

/// The level of a document within its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A whole article: the first document of its block.
    Article,
    /// A paragraph of it.
    Passage,
    /// A quotation that starts in the passage before it.
    Quote,
}

impl Level {
    /// The level with this code; a quotation for any other.
    pub(super) fn of_code(code: u64) -> Self {
        match code {
            0 => Level::Article,
            1 => Level::Passage,
            _ => Level::Quote,
        }
    }

    /// The value of the field `level`.
    pub fn code(self) -> u64 {
        match self {
            Level::Article => 0,
            Level::Passage => 1,
            Level::Quote => 2,
        }
    }
}

/// The kinds of facet, each the first step of a facet's path: `speaker`, then `Ada Ray`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FacetKind {
    /// Publisher, on articles.
    Outlet,
    /// Who wrote it, on articles.
    Byline,
    /// Section of the paper, on articles.
    Section,
    /// Collection that its user put it in, on articles.
    Collection,
    /// ISO 639-1 code, on articles.
    Language,
    /// `2025-05`, on articles.
    Month,
    /// `2025-05-16`, on articles.
    Day,
    /// Named in a passage.
    Person,
    /// Named in a passage.
    Organization,
    /// Named in a passage.
    Place,
    /// What somebody named in a passage is, by titles and descriptions; a second step says who.
    Role,
    /// Who said it, on quotations.
    Speaker,
    /// `direct`, `indirect` or `mixed`, on quotations.
    Kind,
    /// How the speaker is known, on quotations.
    Attribution,
    /// What the article names of which it is doubtful that it is somebody, a body or a place: the kind that it seems to be, and
    /// as a second step the name. [`crate::entity::Directory`] says what other articles make of it.
    Doubtful,
}

impl FacetKind {
    /// All that users may count.
    pub const ALL: [FacetKind; 14] = [
        FacetKind::Outlet,
        FacetKind::Byline,
        FacetKind::Section,
        FacetKind::Collection,
        FacetKind::Language,
        FacetKind::Month,
        FacetKind::Day,
        FacetKind::Person,
        FacetKind::Organization,
        FacetKind::Place,
        FacetKind::Role,
        FacetKind::Speaker,
        FacetKind::Kind,
        FacetKind::Attribution,
    ];

    /// The first step of its paths, as users type it.
    pub fn name(self) -> &'static str {
        match self {
            FacetKind::Outlet => "outlet",
            FacetKind::Byline => "byline",
            FacetKind::Section => "section",
            FacetKind::Collection => "collection",
            FacetKind::Language => "language",
            FacetKind::Month => "month",
            FacetKind::Day => "day",
            FacetKind::Person => "person",
            FacetKind::Organization => "organization",
            FacetKind::Place => "place",
            FacetKind::Role => "role",
            FacetKind::Speaker => "speaker",
            FacetKind::Kind => "kind",
            FacetKind::Attribution => "attribution",
            FacetKind::Doubtful => "doubtful",
        }
    }

    /// Those that hold what passages name.
    pub const NAMES: [FacetKind; 4] =
        [FacetKind::Person, FacetKind::Organization, FacetKind::Place, FacetKind::Doubtful];

    /// True if its values are names of people, bodies or places that passages name.
    pub fn is_named(self) -> bool {
        matches!(self, FacetKind::Person | FacetKind::Organization | FacetKind::Place)
    }

    /// The name in one of its values, which may have a second step.
    pub fn name_of(self, value: &str) -> &str {
        let mut steps = value.split('\0');
        steps.nth(usize::from(self == FacetKind::Doubtful)).unwrap_or_default()
    }

    /// The kinds under which its values may be held: what seems to be somewhere may be a firm.
    pub fn held_as(&self) -> &[FacetKind] {
        if self.is_named() { &FacetKind::NAMES } else { std::slice::from_ref(self) }
    }

    /// The level whose documents hold it.
    pub fn level(self) -> Level {
        match self {
            FacetKind::Outlet
            | FacetKind::Byline
            | FacetKind::Section
            | FacetKind::Collection
            | FacetKind::Language
            | FacetKind::Month
            | FacetKind::Day => Level::Article,
            FacetKind::Person | FacetKind::Organization | FacetKind::Place | FacetKind::Role | FacetKind::Doubtful => {
                Level::Passage
            }
            FacetKind::Speaker | FacetKind::Kind | FacetKind::Attribution => Level::Quote,
        }
    }
}

/// Handles of all fields.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// The article's number: unique, never given twice. Indexed: by it, a block is deleted.
    pub number: Field,
    /// The article's stable id, as it is.
    pub id: Field,
    /// Headline, analysed as text.
    pub title: Field,
    /// Publisher, analysed as a name.
    pub outlet: Field,
    /// Who wrote it, analysed as names.
    pub byline: Field,
    /// Section of the paper, analysed as a name.
    pub section: Field,
    /// Collection that its user put it in, analysed as a name.
    pub collection: Field,
    /// ISO 639-1 code, lower case, as it is.
    pub language: Field,
    /// Day of publication as days since 1970-01-01; absent where it is not known. Fast.
    pub day: Field,
    /// Positions that its passages take together. Fast.
    pub length: Field,
    /// The article and all that was found in it: [`record`](super::record). Stored, nothing else.
    pub record: Field,

    /// The paragraph, analysed as text.
    pub text: Field,
    /// People named in it, every name they go by in the article.
    pub person: Field,
    /// Organisations named in it, likewise.
    pub org: Field,
    /// Places named in it, likewise.
    pub place: Field,

    /// Where its parts are in `text` of its passage: values of [`PositionRange`](super::position_range::PositionRange). Fast; absent
    /// where `said` holds the words.
    pub stretch: Field,
    /// The words of a quotation that runs on into another passage, or that no stretch fits; analysed as text.
    pub said: Field,
    /// Who said it, every name they go by in the article.
    pub speaker: Field,
    /// Who and what is named inside the quotation, every name they go by in the article.
    pub about: Field,
    /// In hundredths. Fast.
    pub confidence: Field,

    /// [`Level::code`]. Indexed.
    pub level: Field,
    /// Passages: number of the paragraph. Quotations: place in `Annotated::quotes`. Fast.
    pub ordinal: Field,
    /// What the words of its text do in their sentences, as [`PlacedRole`](crate::text::normal::PlacedRole)s.
    /// A field of its own, so that they do not count in the length of the text.
    pub word_roles: Field,
    /// Documents of one level and one group are near-duplicates of each other. Fast.
    pub group: Field,
    /// Facets as [`facet`](super::document_builder::facet) writes them down, each posted as a whole. Fast.
    pub facet: Field,
}

/// Tokenizer of running text, which comes as [`analyser::written`](super::analyser::written) wrote it down.
pub const TEXT: &str = "text";
/// Tokenizer of the roles of words, as [`analyser::written_roles`](super::analyser::written_roles) wrote them down.
pub const ROLES: &str = "roles";
/// Tokenizer of names: no stemming.
pub const NAME: &str = "name";

/// The schema and its fields.
pub fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let analysed = |tokenizer: &str, norms: bool| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(tokenizer)
                .set_index_option(IndexRecordOption::WithFreqsAndPositions)
                .set_fieldnorms(norms),
        )
    };
    let name = || analysed(NAME, false);
    let verbatim = || {
        let indexing = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::Basic);
        TextOptions::default().set_indexing_options(indexing.set_fieldnorms(false))
    };
    let number = || NumericOptions::default().set_indexed();
    let fields = Fields {
        id: schema.add_text_field("id", verbatim()),
        title: schema.add_text_field("title", analysed(TEXT, false)),
        outlet: schema.add_text_field("outlet", name()),
        byline: schema.add_text_field("byline", name()),
        section: schema.add_text_field("section", name()),
        collection: schema.add_text_field("collection", name()),
        language: schema.add_text_field("language", verbatim()),
        day: schema.add_i64_field("day", FAST),
        length: schema.add_u64_field("length", FAST),
        record: schema.add_bytes_field("record", STORED),
        // Lengths matter for ranking passages only; elsewhere they would cost every document a byte a field.
        text: schema.add_text_field("text", analysed(TEXT, true)),
        person: schema.add_text_field("person", name()),
        org: schema.add_text_field("org", name()),
        place: schema.add_text_field("place", name()),
        stretch: schema.add_u64_field("stretch", FAST),
        said: schema.add_text_field("said", analysed(TEXT, false)),
        speaker: schema.add_text_field("speaker", name()),
        about: schema.add_text_field("about", name()),
        confidence: schema.add_u64_field("confidence", FAST),
        level: schema.add_u64_field("level", number()),
        number: schema.add_u64_field("number", number()),
        ordinal: schema.add_u64_field("ordinal", FAST),
        word_roles: schema.add_text_field("word_roles", analysed(ROLES, false)),
        group: schema.add_u64_field("group", FAST),
        // Not tantivy's own facets: those index each step of their path, and only the last is ever used.
        facet: schema.add_text_field("facet", verbatim().set_fast("raw")),
    };
    (schema.build(), fields)
}

/// How records are stored: Zstandard over blocks of 64 KiB. Blocks of 256 KiB make an index a twenty-fifth smaller, but
/// every hit of a query unpacks a block, and a phrase takes twice as long. Level 4 takes no longer than level 3; level 5
/// makes records a fiftieth smaller, but packing takes 1.6 times as long.
pub fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(4) }),
        docstore_blocksize: 64 * 1024,
        ..IndexSettings::default()
    }
}

/// The fields of an index that was opened; fails if it was made with another schema.
pub fn fields(index: &Index) -> Result<Fields, TantivyError> {
    let (ours, fields) = schema();
    if index.schema() == ours {
        Ok(fields)
    } else {
        Err(TantivyError::SchemaError("the fields are not those of this version".to_owned()))
    }
}
