//! Change detection: stamps and hashes of files, hashes of articles.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};
use xxhash_rust::xxh3::Xxh3;

use super::Stamp;
use crate::article::{Article, DateOrigin, Meta};
use crate::search::Annotated;
use crate::text::{CodePoints, Span};

/// A file younger than this may change again without a new modification time: some file systems count in steps of two
/// seconds.
const TOO_FRESH: Duration = Duration::from_secs(2);

/// Size and modification time of a file; a time that is too recent to be reliable is 0.
pub fn stamp(metadata: &Metadata) -> Stamp {
    let modified = metadata.modified().unwrap_or(UNIX_EPOCH);
    let settled = SystemTime::now().duration_since(modified).is_ok_and(|age| age > TOO_FRESH);
    let since = modified.duration_since(UNIX_EPOCH).unwrap_or_default();
    let modified = if settled { u64::try_from(since.as_nanos()).unwrap_or_default() } else { 0 };
    Stamp { size: metadata.len(), modified }
}

/// Hashes of a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileHashes {
    /// XXH3, to notice changes.
    pub hash: u128,
    /// SHA-256, by which people tell whether a file is the one that was read.
    pub sha256: [u8; 32],
}

/// Hashes of a file's bytes, read once.
pub fn of_file(path: &Path) -> io::Result<FileHashes> {
    let mut file = File::open(path)?;
    let (mut hasher, mut sha256) = (Xxh3::new(), Sha256::new());
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(FileHashes { hash: hasher.digest128(), sha256: sha256.finalize().into() }),
            Ok(count) => {
                let bytes = buffer.get(..count).unwrap_or_default();
                hasher.update(bytes);
                sha256.update(bytes);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Hash of everything that was read of an article.
pub fn of_article(article: &Article) -> u64 {
    of(&article.meta, &article.text, article.paragraphs.iter().copied())
}

/// The same of a stored article.
pub fn of_stored(article: &Annotated) -> u64 {
    let points = CodePoints::new(&article.text);
    of(&article.article, &article.text, article.paragraphs.iter().map(|&paragraph| points.bytes(paragraph)))
}

/// Each field is preceded by its length, so that `ab`+`c` and `a`+`bc` differ.
fn of(meta: &Meta, text: &str, paragraphs: impl Iterator<Item = Span>) -> u64 {
    let mut hasher = Xxh3::new();
    let mut field = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    field(&meta.id);
    field(&meta.path);
    for value in [&meta.record, &meta.title, &meta.outlet, &meta.url, &meta.section, &meta.collection, &meta.language] {
        field(if value.is_some() { "+" } else { "-" });
        field(value.as_deref().unwrap_or_default());
    }
    field(if meta.byline.is_empty() { "-" } else { "+" });
    for name in &meta.byline {
        field(name);
    }
    if let Some(published) = &meta.published {
        field(&published.at);
        field(origin_name(published.origin));
    }
    field(text);
    for paragraph in paragraphs {
        hasher.update(&paragraph.start.to_le_bytes());
        hasher.update(&paragraph.end.to_le_bytes());
    }
    hasher.digest()
}

/// Names of their own, which stay as they are when the code's names change.
fn origin_name(origin: DateOrigin) -> &'static str {
    match origin {
        DateOrigin::Record => "Record",
        DateOrigin::Metadata => "Metadata",
        DateOrigin::Page => "Page",
        DateOrigin::Url => "Url",
        DateOrigin::Crawl => "Crawl",
        DateOrigin::File => "File",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_tells_fields_apart() {
        let article = |title: Option<&str>, outlet: Option<&str>, text: &str| {
            let meta = Meta { title: title.map(str::to_owned), outlet: outlet.map(str::to_owned), ..Meta::default() };
            of_article(&Article::from_plain(meta, text.to_owned()))
        };
        let plain = article(Some("a"), None, "b");
        assert_eq!(plain, article(Some("a"), None, "b"));
        assert_ne!(plain, article(None, Some("a"), "b"));
        assert_ne!(plain, article(Some("ab"), None, ""));
        assert_ne!(article(None, None, "b"), article(Some(""), None, "b"));
    }

    #[test]
    fn a_fresh_file_has_no_reliable_time() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let fresh = stamp(&file.as_file().metadata().unwrap());
        assert_eq!(fresh, Stamp { size: 0, modified: 0 });
        file.as_file().set_modified(SystemTime::now() - Duration::from_mins(1)).unwrap();
        assert_ne!(stamp(&file.as_file().metadata().unwrap()).modified, 0);
    }

    #[test]
    fn a_hash_is_of_the_bytes_alone() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        std::fs::write(&a, vec![7; 700_000]).unwrap();
        std::fs::write(&b, vec![7; 700_000]).unwrap();
        assert_eq!(of_file(&a).unwrap(), of_file(&b).unwrap());
        std::fs::write(&b, vec![7; 700_001]).unwrap();
        assert_ne!(of_file(&a).unwrap(), of_file(&b).unwrap());
    }
}
