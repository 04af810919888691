//! One mail, or one page saved as a mail.

use mail_parser::{HeaderName, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use memchr::memmem;
use serde_json::Value;

use super::super::{Article, Fields, Format, Hints, Options, Place, Problem};
use super::super::{html, record};

/// Of a newsletter laid out in tables, the page reader may take the better part for decoration. If it keeps less than
/// this share of the words, everything is kept: a footer too many is better than a story lost.
const LEAST_KEPT: f64 = 0.6;

/// Reads a mail: its subject is the title, its sender the outlet, its HTML part the body, else its text.
pub(in super::super) fn read(
    bytes: &[u8],
    place: &Place,
    format: Format,
    hints: Hints,
    options: &Options,
) -> Result<Article, Problem> {
    let message = parse(bytes, format)?;
    let mut fields = headers(&message);
    let page = message.html_bodies().find_map(as_html);
    let Some(page) = page else {
        let parts = message.text_bodies().filter_map(as_text).map(without_signature);
        let text = parts.collect::<Vec<_>>().join("\n\n");
        if text.trim().is_empty() {
            return Err(Problem::NoText);
        }
        fields.insert("text".to_owned(), Value::String(text.replace("\r\n", "\n")));
        return record::read(&fields, place, format, &hints, &options.map);
    };
    let hints = Hints { seen: text_of(&fields, "date").map(str::to_owned), ..hints };
    let chosen = html::read(page.as_bytes(), place, format, &hints).ok();
    fields.insert("html".to_owned(), Value::String(page.to_owned()));
    let mut article = record::read(&fields, place, format, &hints, &options.map)?;
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
    let page = message.parts.iter().find_map(|part| as_html(part).map(|page| (part, page)));
    let (part, page) = page.ok_or(Problem::NoText)?;
    let location = part.content_location().or_else(|| header(&message, "Snapshot-Content-Location"));
    hints.url = location.map(|url| url.trim().to_owned()).filter(|url| url.starts_with("http")).or(hints.url);
    hints.seen = message.date().map(mail_parser::DateTime::to_rfc3339);
    html::read(page.as_bytes(), place, Format::Mhtml, &hints)
}

/// True for a mail of several parts without the line that ends the last of them.
pub(in super::super) fn lacks_end(mail: &[u8]) -> bool {
    let ends = [b"\n\n".as_slice(), b"\n\r\n"].into_iter().filter_map(|end| memmem::find(mail, end));
    let head = mail.get(..ends.min().unwrap_or(mail.len())).unwrap_or(mail);
    let Some(at) = memmem::find(&head.to_ascii_lowercase(), b"boundary=") else { return false };
    let value = head.get(at + b"boundary=".len()..).unwrap_or_default();
    let mut words = value.split(|byte| matches!(byte, b'"' | b';' | b' ' | b'\r' | b'\n'));
    let boundary = words.find(|word| !word.is_empty()).unwrap_or_default();
    memmem::find(mail, &[b"--", boundary, b"--"].concat()).is_none()
}

fn parse(bytes: &[u8], format: Format) -> Result<Message<'_>, Problem> {
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
    let known = [
        ("title", message.subject().map(str::to_owned)),
        ("outlet", sender.map(str::to_owned)),
        ("date", message.date().map(mail_parser::DateTime::to_rfc3339)),
        ("language", header(message, "Content-Language").map(str::to_owned)),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?)))).collect()
}

fn header<'m>(message: &'m Message<'_>, name: &'static str) -> Option<&'m str> {
    message.header(HeaderName::Other(name.into())).and_then(|value| value.as_text())
}

fn text_of<'f>(fields: &'f Fields, name: &str) -> Option<&'f str> {
    fields.get(name).and_then(Value::as_str)
}

fn as_html<'m>(part: &'m MessagePart<'_>) -> Option<&'m str> {
    match &part.body {
        PartType::Html(page) => Some(page),
        PartType::Text(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Message(_)
        | PartType::Multipart(_) => None,
    }
}

fn as_text<'m>(part: &'m MessagePart<'_>) -> Option<&'m str> {
    match &part.body {
        PartType::Text(text) => Some(text),
        PartType::Html(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Message(_)
        | PartType::Multipart(_) => None,
    }
}

/// The text before the line of two dashes and a space that parts the signature off (RFC 3676).
fn without_signature(text: &str) -> &str {
    let cut = ["\n-- \n", "\n-- \r\n"].iter().filter_map(|mark| text.find(mark)).min();
    cut.and_then(|at| text.get(..at)).unwrap_or(text)
}
