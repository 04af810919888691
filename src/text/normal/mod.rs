//! Normal forms: what a text is searched by. The same mention gets the same terms, whatever way it was written.
//!
//! A text is cut into *pieces* at everything that is neither letter nor digit, and the pieces are laid on *positions*:
//!
//! - A word takes one position. A hyphen, a dash and a space part words alike: `30-day` and `30 day` are two positions.
//! - A quantity takes one position, however many words it is written with: `1.5 billion dollars`, `$1.5bn` and
//!   `1,500,000,000 dollars` hold the normal forms `1500000000` and `dollar` at one place. So does a dotted acronym.
//!   That is why `20 days` is never found in `120 days`, nor in `one hundred and twenty days`.
//! - Between two sentences one position is left for the *border*, so that no phrase crosses it.
//!
//! A position holds up to three sorts of term:
//!
//! | term | for | example: `ceasefires` | example: `$1.5 billion` |
//! |---|---|---|---|
//! | as it is | the word as written, folded | `ceasefires` | |
//! | `~…` | its normal form, where it is another; left out of the index where implied ([`implying`]) | `~ceasefir` | `~1500000000` `~dollar` |
//! | `=…` | pieces consumed by a quantity or an acronym | | `=1` `=5` `=billion` |
//!
//! A function word also has the term of its [`Role`], as has the last word before punctuation: they tell which words
//! belong together.
//!
//! So a word is found as written by `word` and `=word`, and in every form by what [`class`] gives and by the words of the
//! index whose normal form is implied ([`implying`]): exactly, each way.
//!
//! What is cut into pieces depends only on the characters around a cut, never on the words: a literal string has the
//! same pieces in any context. Exact searches depend on that.

mod fold;
mod form;
mod inflect;
mod irregular;
mod lookup;
mod memo;
mod number;
mod piece;
mod quantity;
mod reading;
mod role;
mod spelling;
mod term;
mod terms;
mod unit;

pub use self::form::{head, stem};
pub use self::irregular::irregular;
pub use self::lookup::{class, folded, implying, needed, stands_for_itself, written};
pub use self::piece::is_word;
pub use self::reading::is_month;
pub use self::role::{PlacedRole, Role};
pub use self::term::{BORDER, NORMAL, PART, Term, TermKind};
pub use self::terms::Terms;

#[cfg(test)]
mod laws;
