//! Small files that unpack to much, hold themselves or nest without end, through the program itself: each ends soon, in
//! bounded memory, and says why it gives nothing.

use std::process::Command;
use std::time::{Duration, Instant};

use super::containers::zip;

/// What one file may take on a busy machine, unoptimised.
const LONGEST: Duration = Duration::from_mins(1);

/// The address space that the program may take, in KiB: what it holds before it reads anything, and some bounds of 64 MB.
const MOST_MEMORY: u64 = 2 << 20;

/// Reads a file of these bytes; what it prints is told by the exit code, what it says by the lines of its errors.
fn told(name: &str, bytes: &[u8]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    let start = Instant::now();
    let program = env!("CARGO_BIN_EXE_onrecord");
    let limited = format!("ulimit -v {MOST_MEMORY}; exec \"$0\" \"$@\"");
    let shell = ["-c", &limited, program, "annotate", "--format", "jsonl", name];
    let run = Command::new("sh").args(shell).current_dir(folder.path()).output().unwrap();
    assert!(start.elapsed() < LONGEST, "{name} took {:?}", start.elapsed());
    let errors = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!errors.contains("panicked") && run.status.code().is_some(), "{name}: {errors}");
    (run.status.code(), errors)
}

#[track_caller]
fn check(name: &str, bytes: &[u8], says: &str) {
    let (code, errors) = told(name, bytes);
    assert!(code == Some(3) && errors.contains(says), "{name}, {code:?}: {errors}");
}

/// A document of `head` and so many times `part`.
fn repeated(head: &str, part: &str, megabytes: usize) -> Vec<u8> {
    let mut bytes = head.as_bytes().to_vec();
    bytes.extend(part.as_bytes().repeat((megabytes << 20) / part.len()));
    bytes
}

const WORD: &str = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>";
const TEXT: &str = "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
                    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:text>";

#[test]
fn documents_that_unpack_to_much() {
    let too_large = "is larger than 64 MB, the limit for one document; split it";
    let word = |content: &[u8]| zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", content)]);
    check("a.docx", &word(&repeated(WORD, "<w:p><w:r><w:t>lava </w:t></w:r></w:p>", 80)), too_large);
    check("b.docx", &word(&repeated(WORD, " ", 80)), too_large);
    check("deep.docx", &word(&repeated(WORD, "<w:p>", 20)), "holds no article text");
    let odt =
        |content: &[u8]| zip(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", content)]);
    check("a.odt", &odt(&repeated(TEXT, "<text:p>lava</text:p>", 80)), "is larger than");
    let spaces = format!("{TEXT}<text:p>a<text:s text:c=\"4000000000\"/>b</text:p>");
    let (code, errors) = told("spaces.odt", &odt(spaces.as_bytes()));
    assert!(matches!(code, Some(0 | 3)), "{errors}");
    let page = repeated("<html><body>", "<p>Lava came down the hill on Monday.</p>", 80);
    let book = zip(&[
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", b"<container><rootfiles><rootfile full-path=\"c.opf\"/></rootfiles></container>"),
        (
            "c.opf",
            b"<package><manifest><item id=\"c\" href=\"c.xhtml\"/></manifest><spine><itemref idref=\"c\"/></spine></package>",
        ),
        ("c.xhtml", &page),
    ]);
    check("a.epub", &book, "is larger than");
}

#[test]
fn archives_within_archives() {
    let mut nested = zip(&[("a.txt", &b"a".repeat(1 << 20))]);
    for _ in 0..5 {
        nested = zip(&[("a.zip", &nested), ("b.zip", &nested), ("c.zip", &nested)]);
    }
    check("a.zip", &nested, "is nested in more than 3 archives; unpack the outer ones first");
    let warc = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Type: application/http; \
                msgtype=response\r\nContent-Length: 3000000000\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
    let pages = zip(&[("archive/data.warc", &repeated(warc, "<p>lava", 80)), ("datapackage.json", b"{}")]);
    check("a.wacz", &pages, "is larger than 16 MB, the limit for one page");
}

/// A PDF of these objects, numbered from 1, the first its catalogue.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(objects) {
        places.push(file.len());
        file.extend(format!("{number} 0 obj\n").into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    let entries: String = places.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
    let count = objects.len() + 1;
    let tail = format!(
        "xref\n0 {count}\n0000000000 65535 f \n{entries}trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    );
    file.extend(tail.into_bytes());
    file
}

fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let mut object = format!("<</Length {}{entries}>>\nstream\n", content.len()).into_bytes();
    object.extend(content);
    object.extend(b"\nendstream");
    object
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A PDF of pages that all show object 4, which may show object 6.
fn pages(kids: &str, contents: Vec<u8>, form: Vec<u8>) -> Vec<u8> {
    pdf(&[
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count 1>>").into_bytes(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>".to_vec(),
        contents,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        form,
    ])
}

#[test]
fn pdf_streams_that_unpack_to_much() {
    let shown = repeated("", "BT /F 9 Tf 9 9 Td (lava lava) Tj ET ", 160);
    let packed = deflate(&shown);
    let too_much = "it unpacks to too much; print it to a new PDF";
    check("a.pdf", &pages("3 0 R", stream("/Filter/FlateDecode", &packed), b"null".to_vec()), too_much);
    let twice = deflate(&packed);
    let twice = pages("3 0 R", stream("/Filter[/FlateDecode/FlateDecode]", &twice), b"null".to_vec());
    assert_eq!(told("b.pdf", &twice).0, Some(3));
    let many = "3 0 R ".repeat(50_000);
    let part = deflate(&shown[..4 << 20]);
    let (code, errors) = told("c.pdf", &pages(&many, stream("/Filter/FlateDecode", &part), b"null".to_vec()));
    assert!(matches!(code, Some(0 | 3)), "{errors}");
}

#[test]
fn pdf_objects_that_hold_themselves() {
    let form = |content: &[u8]| stream("/Type/XObject/Subtype/Form/Resources<</XObject<</X 6 0 R>>>>", content);
    let (code, errors) = told("a.pdf", &pages("3 0 R", stream("", b"/X Do /X Do"), form(&b"/X Do ".repeat(10))));
    assert!(code == Some(3), "{errors}");
    let kids = pages("2 0 R 2 0 R 2 0 R", stream("", b"BT ET"), b"null".to_vec());
    assert_eq!(told("b.pdf", &kids).0, Some(3));
    let length = pages("3 0 R", b"<</Length 4 0 R>>\nstream\nBT (x) Tj ET\nendstream".to_vec(), b"6 0 R".to_vec());
    assert_eq!(told("c.pdf", &length).0, Some(3));
    assert_eq!(told("d.pdf", &pdf(&[b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), b"[".repeat(1 << 20)])).0, Some(3));
}

#[test]
fn what_nests_without_end() {
    check("a.html", &repeated("", "<div>", 4), "holds no article text");
    check("a.xml", &repeated("<rss><channel><item><description>", "<a>", 4), "it ends within a record");
    check("a.json", &repeated("", "[", 4), "broken JSON document");
    let (code, errors) = told("a.rtf", &repeated("{\\rtf1 ", "{", 4));
    assert!(code == Some(3), "{errors}");
    let parts: String =
        (0..2000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    check("a.eml", format!("{parts}Content-Type: text/plain\n\nlava\n").as_bytes(), "it ends too early");
}
