//! Mail: newsletters as single messages or in boxes of many, and web pages that were saved as mail (MHTML).

mod forwarded;
mod mbox;
mod message;
mod newsletter;
mod part;

pub(super) use forwarded::saved;
pub(super) use mbox::split as split_mbox;
pub(super) use message::{attached, inner_messages, lacks_end, read, read_page};

use std::io::Cursor;
use std::ops::ControlFlow;

use super::bounds::Budget;
use super::stream::Stream;
use super::unpack::{self, Options, Sink};
use super::{Place, Skip};

/// Where a mail begins and how long it is, by the line before it, as Apple Mail keeps it.
pub(super) fn framed(bytes: &[u8]) -> Option<(usize, usize)> {
    let end = memchr::memchr(b'\n', bytes.get(..bytes.len().min(20))?)?;
    let length = std::str::from_utf8(bytes.get(..end)?).ok()?.trim().parse().ok()?;
    Some((end + 1, length))
}

/// Reads what is attached to a mail, each as a file of its own.
pub(super) fn split_attached(
    attached: Vec<(String, Vec<u8>)>,
    place: &Place,
    depth: u8,
    budget: &Budget,
    options: &Options,
    give: &mut Sink,
) -> ControlFlow<()> {
    for (name, bytes) in attached {
        let place = place.part(name.replace('!', "%21"));
        match Stream::member(place.clone(), "attachment", depth, budget.clone(), Cursor::new(bytes)) {
            Ok(stream) => unpack::split(stream, options, give)?,
            Err(problem) => give(Err(Skip::new(place, problem)))?,
        }
    }
    ControlFlow::Continue(())
}
