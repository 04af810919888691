//! Articles by the key that their addresses have: the hash of the id, so that no path of this machine is in a link.

use crate::index::Key;

/// A key as addresses have it: 16 hexadecimal digits.
pub(super) fn written(id: &str) -> String {
    Key::of(id).hex()
}

/// The key that an address has.
pub(super) fn read(written: &str) -> Option<Key> {
    let is_key = written.len() == 16 && written.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    u64::from_str_radix(written, 16).ok().filter(|_| is_key).map(Key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let written = written("https://paper.example/a");
        assert_eq!(read(&written), Some(Key::of("https://paper.example/a")));
        for wrong in ["", "../../etc/passwd", "+123456789abcdef", "0123456789ABCDEF", "0123456789abcdef0"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
