//! From a source to the pieces that each hold one article.

use std::fs::File;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use super::bounds::read_whole;
use super::stream::Stream;
use super::{Article, Bounds, Content, FieldMap, Format, Hints, Place, Problem, Raw, Skip};
use super::{csv, json, layer};

/// What the user decides about reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The format of everything that is read; recognised where it is `None`.
    pub format: Option<Format>,
    /// The user's names for the fields of records.
    pub map: FieldMap,
    /// Limits on size and depth.
    pub bounds: Bounds,
}

/// Takes pieces as they are found; breaks to stop reading.
pub type Sink<'s> = dyn FnMut(Result<Raw, Skip>) -> ControlFlow<()> + 's;

/// Reads every article of `source` (a file, or `-` for standard input), one at a time.
pub fn read(
    source: &Path,
    options: &Options,
    give: &mut dyn FnMut(Result<Article, Skip>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    unpack(source, options, &mut |raw| give(raw.and_then(|raw| raw.read(options))))
}

/// Cuts `source` (a file, or `-` for standard input) into pieces that each hold one article.
///
/// Holds one piece at a time, whatever the size of the source.
pub fn unpack(source: &Path, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let place = Place::file(source.to_string_lossy());
    match open(source, place.clone()) {
        Ok(stream) => split(stream, options, give),
        Err(problem) => give(Err(Skip::new(place, problem))),
    }
}

fn open(source: &Path, place: Place) -> Result<Stream<'static>, Problem> {
    if source.as_os_str() == "-" {
        return Stream::new(place, "standard input", io::stdin().lock());
    }
    let kind = std::fs::metadata(source).map_err(Problem::opening)?;
    if kind.is_dir() {
        return Err(Problem::NotAFile("folder"));
    }
    if !kind.is_file() {
        return Err(Problem::NotAFile("pipe or device"));
    }
    let body = File::open(source).map_err(Problem::opening)?;
    Ok(Stream { file: Some(source.to_path_buf()), ..Stream::new(place, "file", body)? })
}

/// Peels, recognises and cuts a stream; archives come back here for each of their members.
pub(super) fn split(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let place = stream.place.clone();
    if stream.head.is_empty() {
        return give(Err(Skip::new(place, Problem::Empty)));
    }
    if stream.depth > options.bounds.nesting {
        return give(Err(Skip::new(place, Problem::TooDeep(options.bounds.nesting))));
    }
    let stream = match layer::peel(stream, options.bounds.nesting) {
        Ok(stream) if stream.head.is_empty() => return give(Err(Skip::new(place, Problem::Empty))),
        Ok(stream) => stream,
        Err(problem) => return give(Err(Skip::new(place, problem))),
    };
    let format = match options.format.map_or_else(|| Format::recognise(&stream.head, stream.place.name()), Ok) {
        Ok(format) => format,
        Err(problem) => return give(Err(Skip::new(place, problem))),
    };
    match format {
        Format::Text | Format::Markdown | Format::Html => whole(stream, format, options, give),
        Format::Json => json::split_document(stream, options, give),
        Format::JsonLines => json::split_lines(stream, options, give),
        Format::Csv => csv::split(stream, options, give),
        Format::Mhtml
        | Format::Sqlite
        | Format::Warc
        | Format::Mail
        | Format::Mbox
        | Format::Zip
        | Format::Tar
        | Format::Nitf
        | Format::NewsMl
        | Format::Feed
        | Format::Sitemap => {
            let problem = Problem::Unsupported { what: format.name(), how: "to text, HTML or JSON" };
            give(Err(Skip::new(place, problem).of(format)))
        }
    }
}

/// A stream that is one article.
fn whole(mut stream: Stream<'_>, format: Format, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let place = stream.place.clone();
    give(match read_whole(&mut stream.body, options.bounds.article, stream.what) {
        Ok(bytes) => Ok(Raw { place, format, content: Content::Bytes(bytes), hints: Hints::default() }),
        Err(problem) => Err(Skip::new(place, problem).of(format)),
    })
}
