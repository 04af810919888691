//! tar as POSIX and GNU write it, in one pass and with bounded memory; damaged headers cost their member only.

use std::io::{self, BufRead, Read};
use std::ops::ControlFlow;

use super::super::bounds::Exactly;
use super::super::stream::Stream;
use super::super::unpack::{Options, Sink};
use super::super::{Format, Problem, Skip};
use super::Archive;

const BLOCK: usize = 512;

/// The most that a long name or extended header may have; the longest path of any system is 32 KB.
const LONGEST_EXTENSION: u64 = 256 << 10;

/// Reads every regular file of a tar archive.
pub(in super::super) fn split(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let Stream { place, mut body, depth, budget, .. } = stream;
    let archive = Archive { place, what: "tar archive", depth, budget, options };
    match members(&mut body, &archive, give) {
        Ok(flow) => flow,
        Err(source) => {
            let problem = Problem::CutShort { what: archive.what, source };
            give(Err(Skip::new(archive.place, problem).of(Format::Tar)))
        }
    }
}

fn members(body: &mut dyn BufRead, archive: &Archive<'_>, give: &mut Sink) -> io::Result<ControlFlow<()>> {
    let mut next = Extensions::default();
    let (mut in_damage, mut has_ended) = (false, false);
    while let Some(block) = read_block(body)? {
        // Blocks of zeros end an archive; another one may follow where archives were joined.
        has_ended = block.iter().all(|&byte| byte == 0);
        if has_ended {
            continue;
        }
        let Some(header) = Header::parse(&block) else {
            if !in_damage {
                let source = io::Error::new(io::ErrorKind::InvalidData, "a damaged header");
                let problem = Problem::Damaged { what: archive.what, source };
                if give(Err(Skip::new(archive.place.clone(), problem).of(Format::Tar))).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            in_damage = true;
            continue;
        };
        in_damage = false;
        let size = next.size.unwrap_or(header.size);
        let mut content = Exactly { body: &mut *body, left: size };
        match header.kind {
            Kind::LongName => next.name = Some(extension(&mut content)?),
            Kind::Extended => next.read_pax(&extension(&mut content)?),
            Kind::File => {
                let name = next.name.take().unwrap_or(header.name);
                if archive.member(&name, &mut content, give).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                next = Extensions::default();
            }
            Kind::Other => next = Extensions::default(),
        }
        // What is left of the member, then the padding to a whole block.
        if io::copy(&mut content, &mut io::sink()).is_err() {
            // The member has told already that the archive ends within it.
            return Ok(ControlFlow::Continue(()));
        }
        let padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
        io::copy(&mut body.take(padding), &mut io::sink())?;
    }
    if has_ended {
        Ok(ControlFlow::Continue(()))
    } else {
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it ends too early"))
    }
}

/// The next block; none at the end of the archive, be it whole or not.
fn read_block(body: &mut dyn BufRead) -> io::Result<Option<[u8; BLOCK]>> {
    let mut block = [0; BLOCK];
    let mut filled = 0;
    while filled < BLOCK {
        match body.read(block.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => return Ok(None),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(block))
}

fn extension(content: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    content.take(LONGEST_EXTENSION).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What is before a header because the header has no room for it.
#[derive(Default)]
struct Extensions {
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Extensions {
    /// Reads records of the form `27 path=2025/talks.html\n`, the number being the length of all of it.
    fn read_pax(&mut self, mut records: &[u8]) {
        while let Some(space) = memchr::memchr(b' ', records) {
            let length =
                records.get(..space).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<usize>().ok());
            let Some(record) = length.and_then(|length| records.get(space + 1..length)) else { return };
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            if let Some(path) = record.strip_prefix(b"path=") {
                self.name = Some(path.to_vec());
            } else if let Some(size) = record.strip_prefix(b"size=") {
                self.size = std::str::from_utf8(size).ok().and_then(|digits| digits.parse().ok());
            }
            records = length.and_then(|length| records.get(length..)).unwrap_or_default();
        }
    }
}

/// What is read of a member's header.
struct Header {
    name: Vec<u8>,
    size: u64,
    kind: Kind,
}

enum Kind {
    File,
    /// GNU's long name for the member that follows.
    LongName,
    /// POSIX's extended header for the member that follows.
    Extended,
    /// Folders, links, devices and what applies to the whole archive.
    Other,
}

impl Header {
    /// None if the checksum is wrong: the block is not a header.
    fn parse(block: &[u8; BLOCK]) -> Option<Self> {
        let field = |from: usize, to: usize| block.get(from..to).unwrap_or_default();
        let sum: u64 = block
            .iter()
            .enumerate()
            .map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { u64::from(byte) })
            .sum();
        if number(field(148, 156)) != Some(sum) {
            return None;
        }
        let kind = match field(156, 157) {
            b"0" | b"\0" | b"7" => Kind::File,
            b"L" => Kind::LongName,
            b"x" => Kind::Extended,
            _ => Kind::Other,
        };
        let mut name = until_nul(field(0, 100)).to_vec();
        // GNU's older header keeps other things where POSIX keeps the first part of the name.
        let prefix = until_nul(field(345, 500));
        if field(257, 263) == b"ustar\0" && !prefix.is_empty() {
            name = [prefix, b"/", &name].concat();
        }
        // Folders, links and devices have no content, whatever their header says.
        let size = match field(156, 157) {
            b"1" | b"2" | b"3" | b"4" | b"5" | b"6" => 0,
            _ => number(field(124, 136))?,
        };
        Some(Header { name, size, kind })
    }
}

/// A number in octal digits, or in GNU's binary form where they do not suffice.
fn number(field: &[u8]) -> Option<u64> {
    if field.first() == Some(&0x80) {
        return field.get(field.len().checked_sub(8)?..)?.try_into().ok().map(u64::from_be_bytes);
    }
    let digits = std::str::from_utf8(until_nul(field)).ok()?.trim();
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|&byte| byte == 0).next().unwrap_or_default()
}
