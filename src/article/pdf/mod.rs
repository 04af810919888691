//! PDF: the text layer by its positions, page by page.

mod cmap;
mod content;
mod font;
mod layout;
mod objects;
mod paragraphs;
mod typed;

use lopdf::{Document, LoadOptions, Object, decode_text_string};

use self::content::Pages;
use self::paragraphs::Paragraph;
pub(super) use self::typed::numbered;
use super::problem::shown;
use super::{Article, Format, Hints, Locator, Meta, Place, Problem};
use super::{byline, document, language, record};

/// Pages of one document; the longest reports have some thousand.
const PAGES: usize = 20_000;

/// Content that all pages together may unpack to: so many times the document, within these bounds.
const EXPANSION: usize = 200;
const LEAST_CONTENT: usize = 16 << 20;
const MOST_CONTENT: usize = 128 << 20;

/// True if the mark of the end is missing, which viewers also look for in the last kilobyte.
pub(super) fn lacks_end(bytes: &[u8]) -> bool {
    let last = bytes.get(bytes.len().saturating_sub(1024)..).unwrap_or(bytes);
    memchr::memmem::rfind(last, b"%%EOF").is_none()
}

/// Reads a document.
pub(super) fn read(bytes: &[u8], place: &Place, hints: &Hints) -> Result<Article, Problem> {
    let malformed = |detail: String| Problem::Malformed { format: Format::Pdf, detail };
    if !objects::are_bounded(bytes) {
        return Err(malformed("it holds too many objects; print it to a new PDF".to_owned()));
    }
    let options = LoadOptions::with_max_decompressed_size(objects::STREAM);
    let document = Document::load_mem_with_options(bytes, options);
    let document = document.map_err(|error| match error {
        lopdf::Error::InvalidPassword => LOCKED,
        error => malformed(format!("{}; open it in a viewer and print it to a new PDF", shown(&error.to_string()))),
    })?;
    if document.is_encrypted() && !document.was_encrypted() {
        return Err(LOCKED);
    }
    let mut pages = Pages::new(&document, (bytes.len() * EXPANSION).clamp(LEAST_CONTENT, MOST_CONTENT));
    let mut laid_out = Vec::new();
    for page in document.page_iter().take(PAGES) {
        laid_out.push(layout::columns(pages.read(page)));
    }
    let without: Vec<usize> =
        (1..).zip(&laid_out).filter(|(_, page)| page.is_empty()).map(|(number, _)| number).collect();
    if without.len() == laid_out.len() && pages.is_spent() {
        return Err(malformed("it unpacks to too much; print it to a new PDF".to_owned()));
    }
    if without.len() == laid_out.len() {
        return Err(Problem::NoTextLayer);
    }
    paragraphs::without_running_lines(&mut laid_out);
    paragraphs::without_line_numbers(&mut laid_out);
    let read = paragraphs::paragraphs(&laid_out);
    let mut article = Article::from_parts(
        Meta::at(place),
        read.iter().map(|paragraph| (paragraph.text.as_str(), Some(Locator::Page(paragraph.page)))),
    );
    if article.paragraphs.is_empty() {
        return Err(Problem::NoTextLayer);
    }
    article.format = Format::Pdf;
    if !without.is_empty() {
        let pages: Vec<String> = without.iter().take(9).map(usize::to_string).collect();
        let more = if without.len() > 9 { ", …" } else { "" };
        article.warnings.push(format!("pages without text: {}{more}; run OCR if they are scans", pages.join(", ")));
    }
    if pages.is_spent() || laid_out.len() == PAGES {
        article.warnings.push("the rest of it is left out: it unpacks to too much".to_owned());
    }
    describe(&mut article, &document, &read, place, hints);
    Ok(article)
}

const LOCKED: Problem =
    Problem::Unsupported { what: "a PDF document locked by a password", how: "with `qpdf --decrypt`" };

/// Title, author and day: by its properties where they look like it, else by what it shows.
fn describe(article: &mut Article, document: &Document, paragraphs: &[Paragraph], place: &Place, hints: &Hints) {
    let properties = document.trailer.get_deref(b"Info", document).and_then(Object::as_dict).ok();
    let property = |name: &[u8]| {
        let text = decode_text_string(properties?.get_deref(name, document).ok()?).ok()?;
        Some(text.trim_matches(['\0', ' ']).to_owned()).filter(|text| !text.is_empty())
    };
    let first_page = paragraphs.iter().take_while(|paragraph| paragraph.page == 1);
    let shown: String = first_page.clone().map(|paragraph| super::html::letters(&paragraph.text)).collect();
    let is_title = |title: &String| title.contains(' ') && shown.contains(&super::html::letters(title));
    let mut sizes: Vec<f32> =
        paragraphs.iter().flat_map(|p| std::iter::repeat_n(p.size, p.text.len() / 40 + 1)).collect();
    sizes.sort_by(f32::total_cmp);
    let usual = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
    let headline = || {
        let large = first_page
            .clone()
            .take(12)
            .filter(|paragraph| paragraph.size > 1.15 * usual && paragraph.text.contains(' '));
        large
            .max_by(|a, b| a.size.total_cmp(&b.size).then(std::cmp::Ordering::Greater))
            .map(|paragraph| paragraph.text.clone())
    };
    article.meta.title = property(b"Title").filter(is_title).or_else(headline);
    // The name of an account is no name.
    let author = property(b"Author").filter(|name| name.contains(' ') && !document::is_program(name));
    document::read_head(article);
    if article.meta.byline.is_empty() {
        article.meta.byline = byline::names(&author.into_iter().collect::<Vec<_>>());
    }
    article.meta.language = language::detect(&article.text);
    let made = property(b"CreationDate").and_then(|made| made.trim_start_matches("D:").get(..8).map(str::to_owned));
    document::date_of_file(article, made.as_deref(), place);
    record::complete(&mut article.meta, hints, place);
}
