//! Archives: their members are read one after the other, as if each were a file of its own. Nothing is written to disk.

mod name;
mod tar;
mod zip;

use std::io::Read;
use std::ops::ControlFlow;

pub(super) use tar::split as split_tar;
pub(super) use zip::split as split_zip;

use super::bounds::Budget;
use super::clutter::is_clutter;
use super::stream::Stream;
use super::unpack::{self, Options, Sink};
use super::{Place, Skip};

/// What holds members: an archive, where it is and how deep.
struct Archive<'o> {
    place: Place,
    /// What it is, for messages.
    what: &'static str,
    depth: u8,
    budget: Budget,
    options: &'o Options,
}

impl Archive<'_> {
    /// Reads a member like a file of that name; files that accompany pages and are not articles are skipped.
    fn member(&self, name: &[u8], body: impl Read, give: &mut Sink) -> ControlFlow<()> {
        let name = name::harmless(name);
        if is_clutter(&name) {
            return ControlFlow::Continue(());
        }
        let place = self.place.part(name);
        match Stream::member(place.clone(), self.what, self.depth, self.budget.clone(), body) {
            Ok(stream) => unpack::split(stream, self.options, give),
            Err(problem) => give(Err(Skip::new(place, problem))),
        }
    }
}
