//! A panic in the code that handles one article or file is turned into a message, so that the run goes on.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work`; if it panics, returns the panic's message. What `work` changed must not be used after a panic, unless
/// each of its states is valid.
pub(super) fn catch<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| message(payload.as_ref()))
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_message() {
        assert_eq!(catch(|| 7), Ok(7));
        assert_eq!(catch(|| panic!("at byte {}", 9)), Err::<(), _>("at byte 9".to_owned()));
        assert_eq!(catch(|| panic!("no number")), Err::<(), _>("no number".to_owned()));
        assert_eq!(catch(|| std::panic::panic_any(7)), Err::<(), _>("no message".to_owned()));
    }
}
