//! From a source to the pieces that each hold one article.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::path::Path;

use super::addresses::Addresses;
use super::bounds::{Budget, Earning};
use super::stream::Stream;
use super::{
    Article, Bounds, Content, Depth, End, FieldMap, Format, Given, Hints, Place, Preprocessor, Problem, Raw, Skip,
};
use super::{archive, bibtex, chat, document, feed, html, json, layer, library, mail, pdf, table, warc, wire};

/// What the user decides about reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The format of everything that is read; recognised where it is `None`.
    pub format: Option<Format>,
    /// The user's names for the fields of records.
    pub map: FieldMap,
    /// What the user says about every article.
    pub given: Given,
    /// Programs that turn files into something that is read; the first whose pattern fits.
    pub preprocessors: Vec<Preprocessor>,
    /// Limits on size and depth.
    pub bounds: Bounds,
    /// How the articles are analysed; as before, else in the usual way, where it is `None`.
    pub depth: Option<Depth>,
}

impl Options {
    /// These where any are given, else those of `before`: for reading and for the analysis each.
    #[must_use]
    pub fn after(&self, before: &Options) -> Options {
        let usual = Options { depth: self.depth, ..Options::default() };
        let reading = if *self == usual { before } else { self };
        Options { depth: self.depth.or(before.depth), ..reading.clone() }
    }
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

/// Reads every article of `body`, which is not a file of its own: an upload, a part of a file. The `name` helps to recognise its format.
pub fn read_from(
    name: &str,
    body: impl Read,
    options: &Options,
    give: &mut dyn FnMut(Result<Article, Skip>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let place = Place::file(name);
    let budget = Budget::new(&options.bounds);
    match Stream::new(place.clone(), "stream", budget.clone(), Earning(body, budget)) {
        Ok(stream) => split(stream, options, &mut |raw| give(raw.and_then(|raw| raw.read(options)))),
        Err(problem) => give(Err(Skip::new(place, problem))),
    }
}

/// Cuts `source` (a file, or `-` for standard input) into pieces that each hold one article.
///
/// Holds one piece at a time, whatever the size of the source.
pub fn unpack(source: &Path, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    unpack_as(source, Place::file(source.to_string_lossy()), options, give).flow
}

/// How unpacking a source ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unpacked {
    /// Whether the receiver stopped it.
    pub flow: ControlFlow<()>,
    /// True if the operating system failed to deliver some of it (EIO, EACCES, ESTALE, ENOSPC, …), so that reading it
    /// again may give more.
    pub fault: bool,
}

/// The same, with a name of its own for the source in ids and messages.
pub fn unpack_as(source: &Path, place: Place, options: &Options, give: &mut Sink) -> Unpacked {
    let budget = Budget::new(&options.bounds);
    let mut fault = false;
    let mut reported = false;
    let mut observe = |raw: Result<Raw, Skip>| {
        if let Err(skip) = &raw {
            reported = true;
            fault |= matches!(skip.problem, Problem::Missing | Problem::Unreadable(_));
        }
        give(raw)
    };
    let flow = if let Some((file, table)) = table::named_table(source) {
        let mut addresses = Addresses::default();
        let give = &mut |raw| observe(addresses.tell_apart(raw, options));
        table::split_sqlite(Some(&file), Some(&table), &place, options, give)
    } else {
        match open(source, place.clone(), budget.clone(), options) {
            Ok(stream) => split(stream, options, &mut observe),
            Err(problem) => observe(Err(Skip::new(place.clone(), problem))),
        }
    };
    let Some(error) = budget.fault() else { return Unpacked { flow, fault } };
    let flow = if reported { flow } else { give(Err(Skip::new(place, Problem::Unreadable(error)))) };
    Unpacked { flow, fault: true }
}

fn open(source: &Path, place: Place, budget: Budget, options: &Options) -> Result<Stream<'static>, Problem> {
    if source.as_os_str() == "-" {
        return Stream::new(place, "standard input", budget.clone(), Earning(io::stdin().lock(), budget));
    }
    let kind = std::fs::metadata(source).map_err(Problem::opening)?;
    if kind.is_dir() {
        return Err(Problem::NotAFile("folder"));
    }
    if !kind.is_file() {
        return Err(Problem::NotAFile("pipe or device"));
    }
    if let Some(program) = options.preprocessors.iter().find(|program| program.fits(source)) {
        let output = program.run(source, options.bounds.document)?;
        budget.earn(output.len() as u64);
        return Stream::new(place, "output of a program", budget, Cursor::new(output));
    }
    let body = File::open(source).map_err(Problem::opening)?;
    let stream = Stream::new(place, "file", budget.clone(), Earning(body, budget))?;
    Ok(Stream { file: Some(source.to_path_buf()), ..stream })
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
    if warc::is_gzipped(&stream.head) {
        return warc::split(stream, options, give);
    }
    let stream = match layer::peel(stream, options.bounds.nesting) {
        Ok(stream) if stream.head.is_empty() => return give(Err(Skip::new(place, Problem::Empty))),
        Ok(stream) => stream,
        Err(problem) => return give(Err(Skip::new(place, problem))),
    };
    let format = match format_of(&stream, options) {
        Ok(format) => format,
        Err(problem) => return give(Err(Skip::new(place, problem))),
    };
    let mut addresses = Addresses::default();
    let mut apart = |raw| give(addresses.tell_apart(raw, options));
    let holds_sources = matches!(format, Format::Zip | Format::Tar | Format::Mail);
    let give: &mut Sink = if holds_sources { give } else { &mut apart };
    match format {
        Format::Text | Format::Transcript | Format::Markdown | Format::Html | Format::Mail | Format::Mhtml => {
            whole(stream, format, options, give)
        }
        Format::Pdf => whole(stream, format, options, give),
        Format::Docx | Format::Odt | Format::Rtf => document::split(stream, format, options, give),
        Format::Epub => document::split_book(stream, options, give),
        Format::Mbox => mail::split_mbox(stream, options, give),
        Format::Json => json::split_document(stream, options, give),
        Format::JsonLines => json::split_lines(stream, options, give),
        Format::Csv => table::split_csv(stream, options, give),
        Format::Sqlite => table::split_sqlite(stream.file.as_deref(), None, &place, options, give),
        Format::Warc => warc::split(stream, options, give),
        Format::Zip => archive::split_zip(stream, options, give),
        Format::Tar => archive::split_tar(stream, options, give),
        Format::Nitf | Format::NewsMl => wire::split(stream, format, options, give),
        Format::Feed => feed::split(stream, options, give),
        Format::Sitemap => feed::split_sitemap(stream, options, give),
        Format::Bibtex => bibtex::split(stream, options, give),
        Format::Ris => library::split(stream, options, give),
    }
}

/// A format that the user gives is that of what archives hold, not of the archives; that it is an archive does not hold for
/// its members.
fn format_of(stream: &Stream<'_>, options: &Options) -> Result<Format, Problem> {
    match (options.format, Format::recognise(&stream.head, stream.place.name())) {
        (Some(_), Ok(archive @ (Format::Zip | Format::Tar))) => Ok(archive),
        (Some(Format::Zip | Format::Tar), recognised) if stream.depth > 0 => recognised,
        (Some(given), _) => Ok(given),
        (None, recognised) => recognised,
    }
}

/// A stream that is one article; of one that breaks off, what there is of it.
fn whole(stream: Stream<'_>, format: Format, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let Stream { place, body, mut what, depth, budget, .. } = stream;
    // Most of a PDF is pictures.
    let limit = if format == Format::Pdf { options.bounds.document } else { options.bounds.article };
    let mut bytes = Vec::new();
    let mut failed = body.take(limit + 1).read_to_end(&mut bytes).err();
    if bytes.len() as u64 > limit {
        let problem = Problem::TooLarge { what: "article", limit: limit >> 20 };
        return give(Err(Skip::new(place, problem).of(format)));
    }
    if format == Format::Mail
        && let Some((begin, length)) = mail::framed(&bytes)
    {
        bytes.truncate(begin.saturating_add(length));
        bytes.drain(..begin);
    }
    if failed.is_none() && matches!(format, Format::Mail | Format::Mhtml) && mail::lacks_end(&bytes) {
        (what, failed) = ("mail", Some(io::Error::new(io::ErrorKind::UnexpectedEof, "it ends too early")));
    }
    if failed.is_none() && format == Format::Pdf && pdf::lacks_end(&bytes) {
        (what, failed) = ("document", Some(io::Error::new(io::ErrorKind::UnexpectedEof, "it ends too early")));
    }
    let Some(source) = failed else {
        let flow = match format {
            Format::Text => {
                document::split_clippings(&bytes, &place, give).or_else(|| chat::split(&bytes, &place, give))
            }
            Format::Html => html::split_export(&bytes, &place, give),
            _ => None,
        };
        if let Some(flow) = flow {
            return flow;
        }
        let hints = Hints { end: end_of(format, &bytes), ..Hints::default() };
        let (inner, has_text) = if format == Format::Mail { mail::inner_messages(&bytes) } else { (Vec::new(), true) };
        let attached = if format == Format::Mail { mail::attached(&bytes) } else { Vec::new() };
        if has_text || inner.is_empty() {
            give(Ok(Raw { place: place.clone(), format, content: Content::Bytes(bytes), hints }))?;
        }
        for (number, message) in inner.into_iter().enumerate() {
            let content = Content::Bytes(message);
            give(Ok(Raw { place: place.part(number + 1), format, content, hints: Hints::default() }))?;
        }
        return mail::split_attached(attached, &place, depth, &budget, options, give);
    };
    // The contents of a decompression bomb are dropped too.
    if bytes.trim_ascii().is_empty() || source.kind() == io::ErrorKind::QuotaExceeded {
        return give(Err(Skip::new(place, Problem::Broken { what, source }).of(format)));
    }
    let hints = Hints { end: End::Cut, ..Hints::default() };
    give(Ok(Raw { place: place.clone(), format, content: Content::Bytes(bytes), hints }))?;
    give(Err(Skip::new(place, Problem::CutShort { what, source }).of(format)))
}

/// Whether the last bytes of a file that is one article say that it ends there.
fn end_of(format: Format, bytes: &[u8]) -> End {
    /// Behind a page's last tag, servers put comments of their own.
    const TAIL: usize = 4096;
    let tail = bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or(bytes);
    let ended = if format == Format::Html {
        let tail = tail.to_ascii_lowercase();
        [b"</body".as_slice(), b"</html"].iter().any(|tag| memchr::memmem::find(&tail, tag).is_some())
    } else {
        // In UTF-16 every other byte of a line end is 0.
        matches!(tail.iter().rev().find(|&&byte| byte != 0), Some(b'\n' | b'\r'))
    };
    match (ended, format) {
        (true, _) => End::Whole,
        (false, Format::Transcript) => End::Unmarked,
        (false, _) => End::Open,
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_read_error_is_reported_as_a_fault_and_damage_is_not() {
        let unpacked = |path: &Path| {
            let mut problems = Vec::new();
            let unpacked = unpack_as(path, Place::file("a.txt"), &Options::default(), &mut |raw| {
                problems.extend(raw.err().map(|skip| skip.to_string()));
                ControlFlow::Continue(())
            });
            (unpacked.fault, problems)
        };
        // Its first page is never mapped, so that reading it is an I/O error.
        let (fault, problems) = unpacked(Path::new("/proc/self/mem"));
        assert!(fault && problems.len() == 1 && problems[0].contains("os error 5"), "{problems:?}");
        let folder = tempfile::tempdir().unwrap();
        let cut = folder.path().join("a.txt.gz");
        std::fs::write(&cut, b"\x1f\x8b\x08\0\0\0\0\0\0\x03cut").unwrap();
        let (fault, problems) = unpacked(&cut);
        assert!(!fault && problems.len() == 1, "{problems:?}");
        assert!(unpacked(&folder.path().join("missing.txt")).0);
    }
}
