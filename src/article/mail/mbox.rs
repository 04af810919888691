//! Boxes of many mails: mboxrd, and what else is written in its manner.

use std::ops::ControlFlow;

use super::super::bounds::{Line, read_line};
use super::super::stream::Stream;
use super::super::unpack::{Options, Sink};
use super::super::{Content, End, Format, Hints, Place, Problem, Raw, Skip};

/// Cuts a box into its mails, numbered from 1.
pub(in super::super) fn split(stream: Stream<'_>, options: &Options, give: &mut Sink) -> ControlFlow<()> {
    let Stream { place, mut body, what, depth, budget, .. } = stream;
    let give_whole = |mail: &mut Mail, give: &mut Sink| {
        let attached = super::attached(&mail.bytes);
        let part = place.part(mail.number);
        mail.finish(&place, options.bounds.article, give)?;
        super::split_attached(attached, &part, depth, &budget, options, give)
    };
    let limit = options.bounds.article;
    let mut mail = Mail::default();
    loop {
        let line = match read_line(&mut body, limit) {
            Ok(Line::Whole(line)) => line,
            Ok(Line::Open(line)) => {
                mail.end = End::Open;
                line
            }
            Ok(Line::TooLong) => {
                mail.too_large = true;
                continue;
            }
            Ok(Line::End) => return give_whole(&mut mail, give),
            Err(source) => {
                mail.end = End::Cut;
                mail.finish(&place, limit, give)?;
                return give(Err(Skip::new(place, Problem::CutShort { what, source }).of(Format::Mbox)));
            }
        };
        if is_start(&line, mail.after_blank, body.fill_buf().unwrap_or_default()) {
            give_whole(&mut mail, give)?;
            mail = Mail { number: mail.number + 1, ..Mail::default() };
        } else {
            mail.push(&line, limit);
        }
    }
}

/// The mail that is being gathered.
struct Mail {
    number: u64,
    bytes: Vec<u8>,
    too_large: bool,
    after_blank: bool,
    end: End,
}

impl Default for Mail {
    fn default() -> Self {
        Mail { number: 0, bytes: Vec::new(), too_large: false, after_blank: true, end: End::Whole }
    }
}

impl Mail {
    fn push(&mut self, line: &[u8], limit: u64) {
        self.after_blank = line.trim_ascii().is_empty();
        self.too_large |= (self.bytes.len() + line.len()) as u64 >= limit;
        if self.too_large {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(unquoted(line));
            self.bytes.push(b'\n');
        }
    }

    fn finish(&mut self, place: &Place, limit: u64, give: &mut Sink) -> ControlFlow<()> {
        let place = place.part(self.number);
        if self.too_large {
            let problem = Problem::TooLarge { what: "mail", limit: limit >> 20 };
            return give(Err(Skip::new(place, problem).of(Format::Mbox)));
        }
        let bytes = std::mem::take(&mut self.bytes);
        if bytes.trim_ascii().is_empty() {
            return ControlFlow::Continue(());
        }
        let hints = Hints { end: self.end, ..Hints::default() };
        give(Ok(Raw { place, format: Format::Mbox, content: Content::Bytes(bytes), hints }))
    }
}

/// True for the line before a mail: `From ann@example.org Fri May 16 14:05:00 2025`. A header after it tells it from a
/// paragraph that starts with the word. Some programs write the word alone, without a blank line before it.
fn is_start(line: &[u8], after_blank: bool, next: &[u8]) -> bool {
    let is_bare = line.trim_ascii() == b"From";
    let name = next.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-').count();
    let has_header = name > 1 && next.get(name) == Some(&b':') && !next.starts_with(b"http");
    line.starts_with(b"From ") && (after_blank || is_bare) && has_header
}

/// Undoes `>From `, which keeps a line of text from being taken for the start of a mail.
fn unquoted(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|&&byte| byte == b'>').count();
    match line.get(marks..) {
        Some(rest) if marks > 0 && rest.starts_with(b"From ") => line.get(1..).unwrap_or(line),
        _ => line,
    }
}
