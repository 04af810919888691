//! Compressed layers around a stream, known by their first bytes.

use std::io::{self, BufRead, Read};

use bzip2::bufread::MultiBzDecoder;
use liblzma::bufread::XzDecoder;

use super::Problem;
use super::gzip::Gunzip;
use super::stream::Stream;

/// The most memory that unpacking xz may take: its strongest preset needs 65 MB.
const XZ_MEMORY: u64 = 128 << 20;

/// The largest window that unpacking Zstandard may take, as a power of two: 128 MB, the limit of its own tool.
const ZSTD_WINDOW: u32 = 27;

/// Takes every compressed layer off `stream`, however many there are up to `nesting`.
pub(super) fn peel(mut stream: Stream<'_>, nesting: u8) -> Result<Stream<'_>, Problem> {
    for _ in 0..=nesting {
        let Some(layer) = Layer::of(&stream.head) else { return Ok(stream) };
        stream = stream.unpacked(layer.name(), |body| layer.open(body))?;
    }
    Err(Problem::TooDeep(nesting))
}

/// A way to compress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    Gzip,
    Zstandard,
    Bzip2,
    Xz,
}

impl Layer {
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Layer::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Layer::Zstandard),
            // The level, then the first block's magic or that of an empty stream's end: three letters alone may be text.
            [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, ..] => Some(Layer::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Layer::Xz),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Layer::Gzip => "gzip stream",
            Layer::Zstandard => "Zstandard stream",
            Layer::Bzip2 => "bzip2 stream",
            Layer::Xz => "xz stream",
        }
    }

    fn open<'a>(self, body: Box<dyn BufRead + 'a>) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match self {
            Layer::Gzip => Box::new(Gunzip::new(body)),
            Layer::Zstandard => {
                let mut decoder = zstd::stream::read::Decoder::with_buffer(body)?;
                decoder.window_log_max(ZSTD_WINDOW)?;
                Box::new(decoder)
            }
            Layer::Bzip2 => Box::new(MultiBzDecoder::new(body)),
            Layer::Xz => {
                let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, liblzma::stream::CONCATENATED)?;
                Box::new(XzDecoder::new_stream(body, stream))
            }
        })
    }
}
