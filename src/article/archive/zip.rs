//! zip, by its directory; where that is missing, as in half a download, by the headers before each member.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;

use ::zip::ZipArchive;
use ::zip::read::read_zipfile_from_stream;
use ::zip::result::ZipError;

use super::super::bounds::{Seekable, Spending, read_whole};
use super::super::stream::Stream;
use super::super::unpack::{Options, Sink};
use super::super::{Format, Problem, Skip};
use super::Archive;

const WHAT: &str = "zip archive";

/// Reads every file of a zip archive. One that is no file of its own is held in memory while it is read.
pub(in super::super) fn split(mut stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let place = stream.place.clone();
    let budget = stream.budget.clone();
    let archive = Archive { place: place.clone(), what: WHAT, depth: stream.depth, budget, options };
    let read = match stream.file.take() {
        Some(path) => File::open(path).map_err(Problem::opening).map(|file| {
            archive.budget.earn(file.metadata().map_or(0, |known| known.len()));
            members(BufReader::new(Seekable(file, archive.budget.clone())), &archive, give)
        }),
        None => read_whole(&mut stream.body, options.bounds.document, WHAT)
            .map(|bytes| members(Cursor::new(bytes), &archive, give)),
    };
    match read {
        Ok(flow) => flow,
        Err(problem) => give(Err(Skip::new(place, problem).of(Format::Zip))),
    }
}

fn members(mut body: impl BufRead + Seek, archive: &Archive<'_>, give: &mut Sink) -> ControlFlow<()> {
    let mut zip = match ZipArchive::new(&mut body) {
        Ok(zip) => zip,
        Err(error) => {
            let problem = Problem::CutShort { what: WHAT, source: error.into() };
            give(Err(Skip::new(archive.place.clone(), problem).of(Format::Zip)))?;
            return if body.rewind().is_ok() {
                in_sequence(&mut body, archive, give)
            } else {
                ControlFlow::Continue(())
            };
        }
    };
    let is_wacz =
        zip.index_for_name("datapackage.json").is_some() && zip.file_names().any(|name| name.starts_with("archive/"));
    for index in 0..zip.len() {
        if archive.budget.is_spent() {
            let problem = Problem::CutShort { what: WHAT, source: archive.budget.exceeded() };
            return give(Err(Skip::new(archive.place.clone(), problem).of(Format::Zip)));
        }
        // Of a web archive in a zip (WACZ), the archive itself holds the pages; lists and indexes only describe them.
        let name = zip.by_index_raw(index).map(|member| member.name_raw().to_vec()).unwrap_or_default();
        match zip.by_index(index) {
            Ok(member) if !member.is_file() || (is_wacz && !name.starts_with(b"archive/")) => {}
            Ok(member) => archive.member(&name, Spending(member, archive.budget.clone()), give)?,
            Err(error) => give(Err(archive.refused(&name, error)))?,
        }
    }
    ControlFlow::Continue(())
}

/// The members of an archive whose directory is missing, up to the damage, which was reported already.
fn in_sequence(body: &mut impl Read, archive: &Archive<'_>, give: &mut Sink) -> ControlFlow<()> {
    while let Ok(Some(mut member)) = read_zipfile_from_stream(body) {
        if member.is_file() {
            let name = member.name_raw().to_vec();
            archive.member(&name, Spending(&mut member, archive.budget.clone()), give)?;
        }
        if io::copy(&mut member, &mut io::sink()).is_err() {
            break;
        }
    }
    ControlFlow::Continue(())
}

impl Archive<'_> {
    fn refused(&self, name: &[u8], error: ZipError) -> Skip {
        let problem = match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                Problem::Unsupported { what: "locked by a password", how: "by unpacking it by hand" }
            }
            ZipError::UnsupportedArchive(_) => {
                Problem::Unsupported { what: "compressed in a rare way", how: "by unpacking it by hand" }
            }
            other => Problem::Broken { what: WHAT, source: other.into() },
        };
        Skip::new(self.place.part(super::name::harmless(name)), problem)
    }
}
