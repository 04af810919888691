//! One mail, or one page saved as a mail.

use std::borrow::Cow;

use mail_parser::{HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use memchr::memmem;
use serde_json::Value;

use super::super::problem::shown;
use super::super::{Article, Fields, Format, Hints, Options, Place, Problem};
use super::super::{charset, html, record};
use super::forwarded::Forwarded;
use super::{newsletter, part};
use crate::language::world;

/// Of a newsletter laid out in tables, the page reader may take the better part for decoration. If it keeps less than
/// this share of the words, everything is kept: a footer too many is better than a story lost.
const LEAST_KEPT: f64 = 0.6;

/// Of two forms of a text, the plain one is read if it has more than this many times the words: the other is a poster then.
const FAR_MORE: usize = 2;

/// Reads a mail: its subject is the title, its sender the outlet, its HTML part the body, else its text.
pub(in super::super) fn read(
    bytes: &[u8],
    place: &Place,
    format: Format,
    hints: Hints,
    options: &Options,
) -> Result<Article, Problem> {
    let bytes = prepared(bytes);
    let message = parse(&bytes, format)?;
    let mut fields = headers(&message);
    let mut warnings = not_read(&message);
    // Pictures and documents may stand between parts of the text.
    let pages = message.html_bodies().filter(|part| is_html(part)).chain(broken(&message, "text/html"));
    let pages = pages.map(|html| part::text(&message, html));
    let (pages, page_warnings): (Vec<String>, Vec<Vec<String>>) = pages.unzip();
    let mut page = pages.join("\n");
    let is_page = |part: &&MessagePart<'_>| part.is_encoding_problem && kind(part) == "text/html";
    let parts = message.text_bodies().filter(|part| is_text(part) && !is_page(part));
    let parts = parts.chain(broken(&message, "text/plain")).map(|text| part::text(&message, text));
    let (texts, text_warnings): (Vec<String>, Vec<Vec<String>>) = parts.unzip();
    let texts: Vec<&str> = texts.iter().map(|text| without_signature(text)).collect();
    let mut text = texts.join("\n\n");
    let subject = text_of(&fields, "title").unwrap_or_default();
    let (in_page, in_text) = (Forwarded::in_page(&page, subject), Forwarded::in_text(&text, subject));
    if let Some(letter) = in_page.as_ref().or(in_text.as_ref()) {
        warnings.push(letter.warning(text_of(&fields, "outlet")));
        if let Some(letter) = &in_page {
            page = letter.cut(&page);
        }
        if let Some(letter) = &in_text {
            text = letter.cut(&text);
        }
        fields.extend(letter.fields.clone());
    }
    let words = |text: &str| text.split_whitespace().filter(|word| !word.contains("://")).count();
    let has_forms = message.parts.iter().any(|part| kind(part) == "multipart/alternative");
    if pages.is_empty() || (has_forms && words(&text) > FAR_MORE * words(&html::fragment(&page).0)) {
        if text.trim().is_empty() {
            return Err(Problem::NoText);
        }
        fields.insert("text".to_owned(), Value::String(text.replace("\r\n", "\n")));
        let mut article = record::read(&fields, place, format, &hints, &options.map)?;
        newsletter::tidy(&mut article);
        article.warnings.extend(text_warnings.into_iter().flatten().chain(warnings));
        return Ok(article);
    }
    warnings.extend(page_warnings.into_iter().flatten());
    let hints = Hints { seen: text_of(&fields, "date").map(str::to_owned), ..hints };
    let chosen = html::read(page.as_bytes(), place, format, &hints).ok();
    fields.insert("html".to_owned(), Value::String(page));
    let mut article = record::read(&fields, place, format, &hints, &options.map)?;
    article.warnings.extend(warnings);
    if let Some(chosen) = chosen
        && chosen.words() as f64 >= LEAST_KEPT * article.words() as f64
    {
        article.text = chosen.text;
        article.paragraphs = chosen.paragraphs;
    }
    Ok(article)
}

/// Reads a page that was saved as a mail with parts, by its first HTML part.
pub(in super::super) fn read_page(bytes: &[u8], place: &Place, mut hints: Hints) -> Result<Article, Problem> {
    let message = parse(bytes, Format::Mhtml)?;
    let part = message.parts.iter().find(|part| is_html(part)).ok_or(Problem::NoText)?;
    let (page, warnings) = part::text(&message, part);
    let location = part.content_location().or_else(|| header(&message, "Snapshot-Content-Location"));
    hints.url = location.map(|url| url.trim().to_owned()).filter(|url| url.starts_with("http")).or(hints.url);
    hints.seen = message.date().map(mail_parser::DateTime::to_rfc3339);
    let mut article = html::read(page.as_bytes(), place, Format::Mhtml, &hints)?;
    article.warnings.extend(warnings);
    Ok(article)
}

/// The messages within a mail, as sent: forwarded ones and those of a digest. True beside them if it has a text of its own.
pub(in super::super) fn inner_messages(bytes: &[u8]) -> (Vec<Vec<u8>>, bool) {
    /// More are not listed: a mail with that many is an archive.
    const MOST: usize = 1000;
    let lower = bytes.to_ascii_lowercase();
    let holds_none =
        || [b"message/rfc822".as_slice(), b"multipart/digest"].iter().all(|kind| memmem::find(&lower, kind).is_none());
    if holds_none() || !has_few_heads(bytes) {
        return (Vec::new(), true);
    }
    let Some(mut message) = MessageParser::default().parse(bytes) else { return (Vec::new(), true) };
    let has_text = message.parts.iter().any(|part| is_html(part) || is_text(part));
    let inner = message.parts.iter().filter(|part| matches!(part.body, PartType::Message(_)));
    let places: Vec<_> = inner.map(|part| part.offset_body as usize..part.offset_end as usize).take(MOST).collect();
    drop_nested(&mut message);
    let raw = places.into_iter().filter_map(|place| bytes.get(place)).map(<[u8]>::trim_ascii_start);
    (raw.filter(|raw| !raw.is_empty()).map(<[u8]>::to_vec).collect(), has_text)
}

/// The documents that are attached to a mail, with their names.
pub(in super::super) fn attached(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let named = [b"filename".as_slice(), b"; name=", b"\tname=", b"\n name="];
    let lower = bytes.to_ascii_lowercase();
    if named.iter().all(|name| memmem::find(&lower, name).is_none()) || !has_few_heads(bytes) {
        return Vec::new();
    }
    let Some(mut message) = MessageParser::default().parse(bytes) else { return Vec::new() };
    drop_nested(&mut message);
    let read = attachments(&message).filter(|part| is_document(part));
    read.map(|part| (shown(part.attachment_name().unwrap_or_default()), part.contents().to_vec())).collect()
}

/// The parts of a mail beside its text; a picture that the text shows, a signature or another form of the text is none.
fn attachments<'m>(message: &'m Message<'_>) -> impl Iterator<Item = &'m MessagePart<'m>> {
    let is_shown = |part: &MessagePart<'_>, kind: &str| {
        kind.starts_with("image/") && (part.content_id().is_some() || part.content_location().is_some())
    };
    message.attachments().filter(move |part| {
        let is_leaf = matches!(
            part.body,
            PartType::Binary(_) | PartType::InlineBinary(_) | PartType::Text(_) | PartType::Html(_)
        );
        let (kind, sent) =
            (kind(part), part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment));
        is_leaf
            && !is_broken(part)
            && (sent || !(is_shown(part, &kind) || kind.ends_with("-signature") || kind.ends_with("-html")))
    })
}

/// The parts of this kind that the parser cannot decode and takes for no text: list servers add their footers below base64.
fn broken<'m>(message: &'m Message<'_>, wanted: &'static str) -> impl Iterator<Item = &'m MessagePart<'m>> {
    let is_known = |part: &MessagePart<'_>| {
        message.html_bodies().chain(message.text_bodies()).any(|known| std::ptr::eq(known, part))
    };
    message.parts.iter().filter(move |part| is_broken(part) && kind(part) == wanted && !is_known(part))
}

fn is_broken(part: &MessagePart<'_>) -> bool {
    let is_sent = part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment);
    part.is_encoding_problem && is_text(part) && !is_sent
}

/// What a part is, as `text/calendar`.
fn kind(part: &MessagePart<'_>) -> String {
    let written = part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
    written.unwrap_or_default().to_ascii_lowercase()
}

/// True for an attachment that is read as an article of its own. A calendar entry or a card is text as well, but no article.
fn is_document(part: &MessagePart<'_>) -> bool {
    const HEAD: usize = 16 << 10;
    let Some((name, bytes)) = part.attachment_name().map(|name| (name, part.contents())) else { return false };
    let format = Format::recognise(bytes.get(..bytes.len().min(HEAD)).unwrap_or(bytes), name);
    let is_named = name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("txt"));
    format.is_ok_and(|format| format != Format::Text || is_named)
}

/// The warning about attachments that are not read.
fn not_read(message: &Message<'_>) -> Vec<String> {
    let mut names: Vec<String> = attachments(message)
        .filter(|part| !is_document(part))
        .map(|part| part.attachment_name().map_or_else(|| shown(&kind(part)), shown))
        .collect();
    names.dedup();
    if names.is_empty() { Vec::new() } else { vec![format!("attachments not read: {}", names.join(", "))] }
}

/// A mail with its parts closed, and with another boundary where the given one is in the text as well.
fn prepared(mail: &[u8]) -> Cow<'_, [u8]> {
    let Some(boundary) = boundary(mail) else { return Cow::Borrowed(mail) };
    let mark = [b"--".as_slice(), boundary].concat();
    let starts_line = |at: usize| at == 0 || mail.get(at - 1) == Some(&b'\n');
    let mut out = Cow::Borrowed(mail);
    if memmem::find_iter(mail, &mark).any(|at| !starts_line(at)) {
        // Of two boundaries that no text holds, any will do.
        let other = [b"--=_".as_slice(), blake3::hash(mail).to_hex().as_bytes()].concat();
        let mut new = Vec::with_capacity(mail.len() + 1024);
        let head = memmem::find(mail, &[b"\n".as_slice(), &mark].concat()).unwrap_or(0);
        let declared = memmem::find(mail.get(..head).unwrap_or_default(), boundary).unwrap_or(0);
        new.extend_from_slice(mail.get(..declared).unwrap_or_default());
        new.extend_from_slice(other.get(2..).unwrap_or_default());
        let start = declared + boundary.len();
        let mut from = start;
        for at in memmem::find_iter(mail, &mark).filter(|at| starts_line(*at) && *at >= start) {
            new.extend_from_slice(mail.get(from..at).unwrap_or_default());
            new.extend_from_slice(&other);
            from = at + mark.len();
        }
        new.extend_from_slice(mail.get(from..).unwrap_or_default());
        out = Cow::Owned(new);
    }
    if lacks_end(&out)
        && let Some(boundary) = self::boundary(&out)
    {
        let end = [b"\r\n--".as_slice(), boundary, b"--\r\n"].concat();
        out = Cow::Owned([&*out, &end].concat());
    }
    out
}

/// The line that parts a mail of several parts, as its header declares it.
fn boundary(mail: &[u8]) -> Option<&[u8]> {
    let ends = [b"\n\n".as_slice(), b"\n\r\n"].into_iter().filter_map(|end| memmem::find(mail, end));
    let head = mail.get(..ends.min().unwrap_or(mail.len())).unwrap_or(mail);
    let at = memmem::find(&head.to_ascii_lowercase(), b"boundary=")?;
    let value = head.get(at + b"boundary=".len()..).unwrap_or_default();
    let found = match value.trim_ascii_start().strip_prefix(b"\"") {
        Some(quoted) => quoted.split(|byte| *byte == b'"').next(),
        None => value.split(|byte| matches!(byte, b';' | b' ' | b'\r' | b'\n')).next(),
    };
    found.filter(|boundary| !boundary.is_empty())
}

/// True for a mail of several parts without the line that ends the last of them.
pub(in super::super) fn lacks_end(mail: &[u8]) -> bool {
    let Some(boundary) = boundary(mail) else { return false };
    memmem::find(mail, &[b"--", boundary, b"--"].concat()).is_none()
}

/// Lines of headers of a mail and its parts, at most: each takes some 500 bytes.
const MOST_HEAD_LINES: usize = 200_000;

/// True if a mail has no more lines of headers than may be held at once: those at its start, and behind what may begin a
/// part.
fn has_few_heads(bytes: &[u8]) -> bool {
    // A line takes two bytes at least.
    if bytes.len() <= 2 * MOST_HEAD_LINES {
        return true;
    }
    let (mut heads, mut in_head) = (0, true);
    for line in bytes.split(|byte| *byte == b'\n') {
        in_head = (in_head || line.starts_with(b"--")) && !line.trim_ascii().is_empty();
        heads += usize::from(in_head);
    }
    heads <= MOST_HEAD_LINES
}

fn parse(bytes: &[u8], format: Format) -> Result<Message<'_>, Problem> {
    if !has_few_heads(bytes) {
        return Err(Problem::TooDense { what: "lines of headers", limit: MOST_HEAD_LINES as u64 });
    }
    let detail = || "it has no headers; name it .txt to read it as text".to_owned();
    let parsed = MessageParser::default().parse(bytes);
    let mut message = parsed.ok_or_else(|| Problem::Malformed { format, detail: detail() })?;
    drop_nested(&mut message);
    Ok(message)
}

/// Drops the messages within a message, which are not read, one by one: left to the language, each would be dropped
/// within the one around it, and mails nested thousands deep would overflow the stack.
fn drop_nested<'m>(message: &mut Message<'m>) {
    fn take<'m>(message: &mut Message<'m>) -> impl Iterator<Item = PartType<'m>> {
        let parts = message.parts.iter_mut().filter(|part| matches!(part.body, PartType::Message(_)));
        parts.map(|part| std::mem::take(&mut part.body))
    }
    let mut nested: Vec<PartType<'m>> = take(message).collect();
    while let Some(body) = nested.pop() {
        if let PartType::Message(mut inner) = body {
            nested.extend(take(&mut inner));
        }
    }
}

/// What the headers say, under the names that records have.
fn headers(message: &Message<'_>) -> Fields {
    let sender = message.from().and_then(|from| from.first());
    let sender = sender.and_then(|from| from.name().or_else(|| from.address()));
    // Encoded words may hold UTF-8 under another label, as bodies do.
    let mended = |text: &str| charset::unmangle(text).unwrap_or_else(|| text.to_owned());
    let known = [
        ("title", message.subject().map(mended)),
        ("outlet", sender.map(mended)),
        // As written: the parser makes up a time zone where it does not know the one that is given.
        ("date", message.header_raw("Date").or_else(|| sent(message)).map(|date| date.trim().to_owned())),
        ("language", header(message, "Content-Language").map(str::to_owned)),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?)))).collect()
}

/// The day of a mail that was saved as text: `Sent: Tuesday, March 4, 2025 10:12 AM`.
fn sent<'m>(message: &'m Message<'_>) -> Option<&'m str> {
    let days = &world().letters.dates;
    let name =
        message.headers().iter().map(mail_parser::Header::name).find(|name| days.contains(&name.to_lowercase()))?;
    message.header_raw(name.to_owned())
}

fn header<'m>(message: &'m Message<'_>, name: &'static str) -> Option<&'m str> {
    message.header(HeaderName::Other(name.into())).and_then(|value| value.as_text())
}

fn text_of<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.get(name).and_then(Value::as_str)
}

fn is_html(part: &MessagePart<'_>) -> bool {
    matches!(part.body, PartType::Html(_))
}

fn is_text(part: &MessagePart<'_>) -> bool {
    matches!(part.body, PartType::Text(_))
}

/// The text before the line of two dashes and a space that parts the signature off (RFC 3676).
fn without_signature(text: &str) -> &str {
    let cut = ["\n-- \n", "\n-- \r\n"].iter().filter_map(|mark| text.find(mark)).min();
    cut.and_then(|at| text.get(..at)).unwrap_or(text)
}
