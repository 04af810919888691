//! HTTP responses as they went over the wire: status, headers, and the payload with its codings undone.

use std::io::Read;

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::super::Problem;

/// What a response turned out to be.
#[derive(Debug)]
pub(super) enum Payload {
    /// A web page that was found.
    Page {
        /// Its bytes, all codings undone.
        html: Vec<u8>,
        /// The charset that the response declares.
        charset: Option<String>,
        /// What is wrong with it.
        warnings: Vec<String>,
    },
    /// A PDF document that was found.
    Document(Vec<u8>),
    /// A page that can't be read.
    Refused(Problem),
    /// A redirect, an error, an image: nothing to read.
    Other,
}

/// Reads a response of at most `limit` bytes of payload.
pub(super) fn payload(message: Vec<u8>, limit: u64) -> Payload {
    let Some((head, start)) = head(&message) else { return Payload::Other };
    let Some((status, fields)) = parse_head(&head) else { return Payload::Other };
    if status != 200 {
        return Payload::Other;
    }
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let mut body = message;
    body.drain(..start);
    let content_type = field("content-type").to_ascii_lowercase();
    let is_document = content_type.contains("application/pdf");
    if !is_html(&content_type) && !is_document {
        return Payload::Other;
    }
    let mut warnings = Vec::new();
    // Many archives keep the headers of a coding that their crawler has undone already: the bytes decide.
    if field("transfer-encoding").to_ascii_lowercase().contains("chunked")
        && let Some(joined) = join_chunks(&body)
    {
        body = joined;
    }
    for coding in field("content-encoding").to_ascii_lowercase().split(',').map(str::trim).rev() {
        match decode(coding, body, limit) {
            Ok((decoded, warning)) => {
                body = decoded;
                warnings.extend(warning);
            }
            Err(problem) => return Payload::Refused(problem),
        }
    }
    if is_document && !body.is_empty() {
        return Payload::Document(body);
    }
    if body.trim_ascii().is_empty() || content_type.is_empty() && !looks_like_html(&body) {
        return Payload::Other;
    }
    Payload::Page { html: body, charset: charset(&content_type), warnings }
}

/// The lines before the blank one, and where the body starts.
fn head(message: &[u8]) -> Option<(String, usize)> {
    let mut line_start = 0;
    for end in memchr::memchr_iter(b'\n', message) {
        if message.get(line_start..end)?.trim_ascii().is_empty() && line_start > 0 {
            return Some((String::from_utf8_lossy(message.get(..line_start)?).into_owned(), end + 1));
        }
        line_start = end + 1;
    }
    None
}

/// The status, and the header fields with their names in lower case.
fn parse_head(head: &str) -> Option<(u16, Vec<(String, String)>)> {
    let mut lines = head.lines();
    let status = lines.next()?.strip_prefix("HTTP/")?.split_ascii_whitespace().nth(1)?.parse().ok()?;
    let fields = lines.filter_map(|line| line.split_once(':'));
    Some((status, fields.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned())).collect()))
}

fn is_html(content_type: &str) -> bool {
    content_type.is_empty() || content_type.contains("text/html") || content_type.contains("application/xhtml")
}

fn looks_like_html(body: &[u8]) -> bool {
    let start = body.get(..body.len().min(1024)).unwrap_or(body).to_ascii_lowercase();
    memchr::memmem::find(&start, b"<html").is_some() || memchr::memmem::find(&start, b"<!doctype html").is_some()
}

fn charset(content_type: &str) -> Option<String> {
    let value = content_type.split(';').find_map(|part| part.trim().strip_prefix("charset="))?;
    Some(value.trim_matches(['"', '\'', ' ']).to_owned()).filter(|charset| !charset.is_empty())
}

/// Joins the chunks of a body; none if it is not in chunks. Chunks after a broken one are lost.
fn join_chunks(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    let mut any = false;
    while let Some(end) = memchr::memchr(b'\n', body.get(..body.len().min(1024)).unwrap_or(body)) {
        let line = String::from_utf8_lossy(body.get(..end)?);
        let digits = line.split(';').next().unwrap_or("").trim();
        let Ok(size) = usize::from_str_radix(digits, 16) else { break };
        any = true;
        let rest = body.get(end + 1..)?;
        if size == 0 {
            break;
        }
        joined.extend_from_slice(rest.get(..size.min(rest.len()))?);
        body = rest.get(size..).unwrap_or_default();
        body = body.strip_prefix(b"\r").unwrap_or(body);
        body = body.strip_prefix(b"\n").unwrap_or(body);
    }
    any.then_some(joined)
}

/// Undoes one content coding, where the bytes are coded at all; a payload cut short gives what is left of it and a warning.
fn decode(coding: &str, body: Vec<u8>, limit: u64) -> Result<(Vec<u8>, Option<String>), Problem> {
    let decoder: Box<dyn Read + '_> = match (coding, body.as_slice()) {
        ("gzip" | "x-gzip", [0x1f, 0x8b, ..]) => Box::new(MultiGzDecoder::new(body.as_slice())),
        // RFC 9110 says zlib; some servers send the bare stream. A zlib header is a multiple of 31.
        ("deflate", &[first, second, ..])
            if (u16::from(first) << 8 | u16::from(second)) % 31 == 0 && first & 15 == 8 =>
        {
            Box::new(ZlibDecoder::new(body.as_slice()))
        }
        ("deflate", bytes) if !looks_like_html(bytes) => Box::new(DeflateDecoder::new(bytes)),
        ("zstd", [0x28, 0xb5, 0x2f, 0xfd, ..]) => match zstd::stream::read::Decoder::with_buffer(body.as_slice()) {
            Ok(decoder) => Box::new(decoder),
            Err(source) => return Err(Problem::Broken { what: "Zstandard payload", source }),
        },
        ("br", bytes) if !looks_like_html(bytes) => {
            return Err(Problem::Unsupported {
                what: "a page packed with Brotli",
                how: "by fetching it unpacked or in gzip",
            });
        }
        _ => return Ok((body, None)),
    };
    let mut decoded = Vec::new();
    let end = decoder.take(limit + 1).read_to_end(&mut decoded);
    if decoded.len() as u64 > limit {
        return Err(Problem::TooLarge { what: "page", limit: limit >> 20 });
    }
    match end {
        Ok(_) => Ok((decoded, None)),
        // Servers do append stray bytes to a gzip payload; what came before is the page.
        Err(_) if !decoded.is_empty() => Ok((decoded, Some(format!("its {coding} payload is cut short or damaged")))),
        Err(source) => Err(Problem::Broken { what: "compressed payload", source }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const PAGE: &str = "<html><body><p>Talks end.</p></body></html>";

    /// The page in a response with these header lines, with its charset in brackets and its warnings.
    fn read(headers: &str, body: &[u8]) -> String {
        let message = [headers.replace('\n', "\r\n").as_bytes(), b"\r\n\r\n", body].concat();
        match payload(message, 1 << 20) {
            Payload::Page { html, charset, warnings } => {
                let charset = charset.map(|charset| format!("[{charset}]")).unwrap_or_default();
                format!("{charset}{}{}", String::from_utf8_lossy(&html), warnings.concat())
            }
            Payload::Refused(problem) => format!("{problem}"),
            Payload::Document(bytes) => format!("document of {} bytes", bytes.len()),
            Payload::Other => "other".to_owned(),
        }
    }

    #[track_caller]
    fn check(headers: &str, body: &[u8], expect: &str) {
        assert_eq!(read(headers, body), expect);
    }

    #[test]
    fn found_pages_are_read_and_nothing_else() {
        check(
            "HTTP/1.1 200 OK\nContent-Type: text/html; charset=\"ISO-8859-1\"",
            PAGE.as_bytes(),
            &format!("[iso-8859-1]{PAGE}"),
        );
        check("HTTP/2 200\ncontent-type: application/xhtml+xml", PAGE.as_bytes(), PAGE);
        check("HTTP/1.1 200 OK\nServer: x", PAGE.as_bytes(), PAGE);
        check("HTTP/1.1 404 Not Found\nContent-Type: text/html", PAGE.as_bytes(), "other");
        check("HTTP/1.1 301 Moved\nLocation: /", b"", "other");
        check("HTTP/1.1 200 OK\nContent-Type: image/png", b"\x89PNG", "other");
        check("HTTP/1.1 200 OK\nServer: x", b"plain words", "other");
    }

    #[test]
    fn chunks_are_joined() {
        let chunked = format!("10\r\n{}\r\n{:x};ext=1\r\n{}\r\n0\r\n\r\n", &PAGE[..16], PAGE.len() - 16, &PAGE[16..]);
        let headers = "HTTP/1.1 200 OK\nContent-Type: text/html\nTransfer-Encoding: chunked";
        check(headers, chunked.as_bytes(), PAGE);
        check(headers, PAGE.as_bytes(), PAGE);
        check(headers, &chunked.as_bytes()[..40], &PAGE[..24]);
        check(headers, b"ffffffffffffffff\r\n<p>x", "<p>x");
    }

    #[test]
    fn codings_are_undone() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(PAGE.as_bytes()).unwrap();
        let mut gzip = gzip.finish().unwrap();
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(PAGE.as_bytes()).unwrap();
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
        bare.write_all(PAGE.as_bytes()).unwrap();
        let headers = |coding: &str| format!("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: {coding}");
        check(&headers("gzip"), &gzip, PAGE);
        check(&headers("gzip"), PAGE.as_bytes(), PAGE);
        check(&headers("deflate"), &zlib.finish().unwrap(), PAGE);
        check(&headers("deflate"), &bare.finish().unwrap(), PAGE);
        gzip.extend_from_slice(b"stray");
        check(&headers("gzip"), &gzip, &format!("{PAGE}its gzip payload is cut short or damaged"));
        let brotli = "is a page packed with Brotli, which is not read; convert it by fetching it unpacked or in gzip";
        check(&headers("br"), b"\x1b\x2a\x00", brotli);
    }

    #[test]
    fn documents_are_told_from_pages() {
        check("HTTP/1.1 200 OK\nContent-Type: application/pdf", b"%PDF-1.7", "document of 8 bytes");
        check("HTTP/1.1 404 Not Found\nContent-Type: application/pdf", b"%PDF-1.7", "other");
    }

    #[test]
    fn payloads_do_not_explode() {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&vec![b' '; 4 << 20]).unwrap();
        let headers = "HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Encoding: gzip";
        check(headers, &gzip.finish().unwrap(), "is larger than 1 MB, the limit for one page; split it");
    }
}
