//! Mail: newsletters as single messages or in boxes of many, and web pages that were saved as mail (MHTML).

mod mbox;
mod message;
mod part;

pub(super) use mbox::split as split_mbox;
pub(super) use message::{inner_messages, lacks_end, read, read_page};
