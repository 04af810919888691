//! Web archives (WARC 1.0 and 1.1): the HTML pages and PDF documents among their responses, as they stream by.
//!
//! Each is handed on as bytes with the address, the moment and the charset that its headers give, so that the heavy
//! part, finding the article in it, is done by other threads. A damaged record costs itself only: reading goes on at the
//! next member of the gzip stream, or at the next line that starts a record.

mod http;
mod record;

use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;

use super::bounds::Exactly;
use super::gzip::Members;
use super::stream::Stream;
use super::unpack::{Options, Sink};
use super::{Content, Format, Hints, Place, Problem, Raw, Skip};
use http::Payload;
use record::{Holds, Position, Record};

/// True if a stream's first bytes are those of a gzipped web archive, which is read with its layer on: a record a member.
pub(super) fn is_gzipped(head: &[u8]) -> bool {
    let mut members = Members::new(head);
    let mut start = [0; 5];
    members.advance().is_ok_and(|found| found) && members.read_exact(&mut start).is_ok() && &start == b"WARC/"
}

/// Reads a web archive, be its records gzipped or not.
pub(super) fn split(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let Stream { place, body, head, .. } = stream;
    let mut archive = Archive { place, options, given: 0, in_damage: false };
    if is_gzipped(&head) {
        archive.read_members(body, give)?;
    } else {
        archive.read_plain(body, give)?;
    }
    if archive.given == 0 {
        return give(Err(Skip::new(archive.place, Problem::NoPages).of(Format::Warc)));
    }
    ControlFlow::Continue(())
}

struct Archive<'o> {
    place: Place,
    options: &'o Options,
    /// Pages and refusals so far.
    given: u64,
    /// Damage is reported once, where it starts, however many attempts it takes to get past it.
    in_damage: bool,
}

impl Archive<'_> {
    fn read_members(&mut self, body: Box<dyn BufRead + '_>, give: &mut Sink) -> ControlFlow<()> {
        let mut members = Members::new(body);
        loop {
            let read = match members.advance() {
                Ok(false) => return ControlFlow::Continue(()),
                Ok(true) => {
                    let start = members.start();
                    let body = BufReader::with_capacity(32 << 10, &mut members);
                    self.read_records(&mut Position::new(body), &|within| member_offset(start, within), give)?
                }
                Err(error) => Err(error),
            };
            if let Err(source) = read {
                self.damaged(members.start().to_string(), source, give)?;
                if !members.resynchronise().unwrap_or(false) {
                    return ControlFlow::Continue(());
                }
            }
        }
    }

    fn read_plain(&mut self, body: Box<dyn BufRead + '_>, give: &mut Sink) -> ControlFlow<()> {
        let mut body = Position::new(body);
        match self.read_records(&mut body, &|offset| offset.to_string(), give)? {
            Ok(()) => ControlFlow::Continue(()),
            Err(source) => self.damaged(body.at().to_string(), source, give),
        }
    }

    /// Reads records until the body ends; `name` makes an offset the record's name.
    fn read_records<B: BufRead>(
        &mut self,
        body: &mut Position<B>,
        name: &dyn Fn(u64) -> String,
        give: &mut Sink,
    ) -> ControlFlow<(), io::Result<()>> {
        loop {
            let record = match record::next(body) {
                Ok(Some(record)) => record,
                Ok(None) => return ControlFlow::Continue(Ok(())),
                Err(error) => return ControlFlow::Continue(Err(error)),
            };
            if record.after_junk {
                let source = io::Error::new(io::ErrorKind::InvalidData, "a length or header is wrong");
                self.damaged(name(record.offset), source, give)?;
            }
            let mut content = Exactly { body: &mut *body, left: record.length };
            let read = self.read_record(&record, name(record.offset), &mut content, give)?;
            if let Err(error) = read.and_then(|()| io::copy(&mut content, &mut io::sink())) {
                return ControlFlow::Continue(Err(error));
            }
            self.in_damage = false;
        }
    }

    fn read_record(
        &mut self,
        record: &Record,
        name: String,
        content: &mut impl Read,
        give: &mut Sink,
    ) -> ControlFlow<(), io::Result<()>> {
        if record.holds == Holds::Other {
            return ControlFlow::Continue(Ok(()));
        }
        let limit = self.options.bounds.article;
        let mut message = Vec::new();
        if let Err(error) = content.take(limit + 1).read_to_end(&mut message) {
            return ControlFlow::Continue(Err(error));
        }
        let place = self.place.part(name);
        let payload = if message.len() as u64 > limit {
            Payload::Refused(Problem::TooLarge { what: "page", limit: limit >> 20 })
        } else if record.holds == Holds::Page {
            let charset = record.content_type.as_deref().and_then(|kind| kind.split_once("charset="));
            let charset = charset.map(|(_, name)| name.trim_matches(['"', ' ']).to_owned());
            Payload::Page { html: message, charset, warnings: Vec::new() }
        } else {
            http::payload(message, limit)
        };
        let found = match payload {
            Payload::Page { html, charset, warnings } => Some((Format::Warc, html, charset, warnings)),
            Payload::Document(bytes) => Some((Format::Pdf, bytes, None, Vec::new())),
            Payload::Refused(problem) => {
                self.given += 1;
                give(Err(Skip::new(place.clone(), problem).of(Format::Warc)))?;
                None
            }
            Payload::Other => None,
        };
        if let Some((format, bytes, charset, mut warnings)) = found {
            if record.is_truncated {
                warnings.push("the crawler kept only the beginning of this page".to_owned());
            }
            let hints =
                Hints { url: record.target.clone(), seen: record.date.clone(), charset, warnings, ..Hints::default() };
            self.given += 1;
            give(Ok(Raw { place, format, content: Content::Bytes(bytes), hints }))?;
        }
        ControlFlow::Continue(Ok(()))
    }

    fn damaged(&mut self, name: String, source: io::Error, give: &mut Sink) -> ControlFlow<()> {
        if self.in_damage {
            return ControlFlow::Continue(());
        }
        self.in_damage = true;
        self.given += 1;
        give(Err(Skip::new(self.place.part(name), Problem::Damaged { what: "web archive", source }).of(Format::Warc)))
    }
}

/// The name of a record in a gzip member: where the member starts and, of any but its first record, where in it.
fn member_offset(start: u64, within: u64) -> String {
    if within == 0 { start.to_string() } else { format!("{start}+{within}") }
}
