//! Compressed layers around a stream, known by their first bytes.

use std::io::Read;

use super::Problem;
use super::stream::Stream;

/// Takes every compressed layer off `stream`, however many there are up to `nesting`.
pub(super) fn peel(mut stream: Stream<'_>, nesting: u8) -> Result<Stream<'_>, Problem> {
    for _ in 0..=nesting {
        let Some(layer) = Layer::of(&stream.head) else { return Ok(stream) };
        let Stream { place, body, depth, .. } = stream;
        stream = Stream { depth, ..Stream::new(place, layer.name(), layer.open(body)?)? };
    }
    Err(Problem::TooDeep(nesting))
}

/// A way to compress.
enum Layer {
    Gzip,
    Zstandard,
}

impl Layer {
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1f, 0x8b, 8, ..] => Some(Layer::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Layer::Zstandard),
            _ => None,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Layer::Gzip => "gzip stream",
            Layer::Zstandard => "Zstandard stream",
        }
    }

    fn open<'a>(&self, body: Box<dyn std::io::BufRead + 'a>) -> Result<Box<dyn Read + 'a>, Problem> {
        match self {
            Layer::Gzip => Ok(Box::new(flate2::bufread::MultiGzDecoder::new(body))),
            Layer::Zstandard => zstd::stream::read::Decoder::with_buffer(body)
                .map(|decoder| Box::new(decoder) as Box<dyn Read>)
                .map_err(|source| Problem::Broken { what: self.name(), source }),
        }
    }
}
