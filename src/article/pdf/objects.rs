//! How much a PDF holds, counted before it is read: each of its objects takes some hundred bytes of memory.

use std::io::Read;

use flate2::read::ZlibDecoder;
use memchr::memmem;

/// What a stream of objects may unpack to.
pub(super) const STREAM: usize = 8 << 20;

/// Objects that a document may hold; a report of a thousand pages has some ten thousand.
const MOST: usize = 2_000_000;

/// True if reading the document takes a bounded amount of memory.
pub(super) fn are_bounded(document: &[u8]) -> bool {
    let mut count = 0;
    let mut rest = document;
    while count <= MOST {
        let Some(at) = memmem::find(rest, b"stream") else {
            count += objects(rest);
            break;
        };
        let before = rest.get(..at).unwrap_or_default();
        count += objects(before);
        let content = rest.get(at + b"stream".len()..).unwrap_or_default();
        let head = before.get(before.len().saturating_sub(400)..).unwrap_or_default();
        let is_packed = memmem::find(head, b"ObjStm").is_some();
        let content = content.strip_prefix(b"\r").unwrap_or(content);
        let content = content.strip_prefix(b"\n").unwrap_or(content);
        if is_packed {
            let mut unpacked = Vec::new();
            // Whatever breaks off here breaks off when it is read.
            let _ = ZlibDecoder::new(content).take(STREAM as u64).read_to_end(&mut unpacked);
            // What is empty takes time.
            count += objects(&unpacked).max(unpacked.len() / 32);
        }
        let end = memmem::find(content, b"endstream").map_or(content.len(), |end| end + b"endstream".len());
        rest = content.get(end..).unwrap_or_default();
    }
    count <= MOST
}

/// Numbers, names, strings and what holds them, counted by what parts them.
fn objects(text: &[u8]) -> usize {
    text.split(|byte| byte.is_ascii_whitespace() || b"[]()<>/".contains(byte)).filter(|part| !part.is_empty()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_counted_wherever_they_are_packed() {
        use std::io::Write;
        assert!(are_bounded(b"%PDF-1.4 1 0 obj << /Length 9 >> stream\n0 0 0 0 0\nendstream endobj"));
        assert!(!are_bounded(&b"0 ".repeat(MOST + 1)));
        let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&b"0 ".repeat(MOST + 1)).unwrap();
        let document =
            [b"1 0 obj << /Type /ObjStm >> stream\n".as_slice(), &packed.finish().unwrap(), b"\nendstream"].concat();
        assert!(!are_bounded(&document));
    }
}
