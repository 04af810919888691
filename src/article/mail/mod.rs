//! Mail: newsletters as single messages or in boxes of many, and web pages that were saved as mail (MHTML).

mod mbox;
mod message;
mod part;

pub(super) use mbox::split as split_mbox;
pub(super) use message::{attached, inner_messages, lacks_end, read, read_page};

use std::io::Cursor;
use std::ops::ControlFlow;

use super::bounds::Budget;
use super::stream::Stream;
use super::unpack::{self, Options, Sink};
use super::{Place, Skip};

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
