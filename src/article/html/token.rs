//! Tags and text of a page, one after the other.

use memchr::{memchr, memchr_iter, memmem};

use super::tag::Tag;

/// A piece of markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'h> {
    /// Characters as written.
    Text(&'h str),
    /// A start tag; `attributes` is a range of the table that [`Tokens::next`] was given.
    Start { tag: Tag, attributes: (u32, u32), closed: bool },
    /// An end tag.
    End(Tag),
}

/// Cuts a page into tokens. Linear: every byte is passed once, and what is never closed ends with the page.
#[derive(Debug)]
pub(super) struct Tokens<'h> {
    html: &'h str,
    at: usize,
    /// The element whose content is being passed as one text.
    raw: Option<Tag>,
    /// How many `<svg>` are open: within them, tags may close themselves and titles hold markup.
    drawings: u32,
}

impl<'h> Tokens<'h> {
    /// Starts at the beginning of `html`.
    pub(super) fn new(html: &'h str) -> Self {
        Tokens { html, at: 0, raw: None, drawings: 0 }
    }

    /// The next token; attributes of start tags are added to `attributes`. Comments and declarations are passed over.
    pub(super) fn next(&mut self, attributes: &mut Vec<(&'h str, &'h str)>) -> Option<Token<'h>> {
        if let Some(tag) = self.raw.take() {
            let text = self.raw_text(tag);
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
        }
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return None;
            }
            let bytes = rest.as_bytes();
            match (bytes.first(), bytes.get(1)) {
                (Some(b'<'), Some(next)) if next.is_ascii_alphabetic() => return Some(self.start_tag(attributes)),
                (Some(b'<'), Some(b'/')) if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {
                    return Some(self.end_tag());
                }
                (Some(b'<'), Some(b'!' | b'?' | b'/')) => self.pass_comment(),
                _ => return Some(self.text()),
            }
        }
    }

    fn rest(&self) -> &'h str {
        self.html.get(self.at..).unwrap_or("")
    }

    /// Characters up to the next thing that looks like a tag.
    fn text(&mut self) -> Token<'h> {
        let rest = self.rest();
        let mut end = 1;
        while let Some(found) = rest.as_bytes().get(end..).and_then(|tail| memchr(b'<', tail)) {
            end += found;
            if rest.as_bytes().get(end + 1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'))
            {
                self.at += end;
                return Token::Text(rest.get(..end).unwrap_or(rest));
            }
            end += 1;
        }
        self.at = self.html.len();
        Token::Text(rest)
    }

    fn pass_comment(&mut self) {
        let rest = self.rest().as_bytes();
        let mut ends = memchr_iter(b'>', rest);
        let end = if rest.starts_with(b"<!--") {
            // `<!-->` is a whole comment, and `--!>` ends one as well.
            let ended = |from: usize, end: usize, mark: &[u8]| rest.get(from..end).is_some_and(|b| b.ends_with(mark));
            ends.find(|end| ended(2, *end, b"--") || ended(4, *end, b"--!"))
        } else {
            ends.next()
        };
        self.at += end.map_or(rest.len(), |end| end + 1);
    }

    /// The content of an element that holds no markup, up to its end tag.
    fn raw_text(&mut self, tag: Tag) -> &'h str {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let mut from = 0;
        while let Some(found) = bytes.get(from..).and_then(|tail| memmem::find(tail, b"</")) {
            let end = from + found;
            if Tag::of(name(rest.get(end + 2..).unwrap_or(""))) == tag {
                self.at += end;
                return rest.get(..end).unwrap_or("");
            }
            from = end + 2;
        }
        self.at = self.html.len();
        rest
    }

    fn end_tag(&mut self) -> Token<'h> {
        let rest = self.rest();
        let tag = Tag::of(name(rest.get(2..).unwrap_or("")));
        self.at += memchr(b'>', rest.as_bytes()).map_or(rest.len(), |end| end + 1);
        if tag == Tag::Svg {
            self.drawings = self.drawings.saturating_sub(1);
        }
        Token::End(tag)
    }

    fn start_tag(&mut self, attributes: &mut Vec<(&'h str, &'h str)>) -> Token<'h> {
        let name = name(self.rest().get(1..).unwrap_or(""));
        let tag = Tag::of(name);
        self.at += 1 + name.len();
        let first = attributes.len() as u32;
        let mut closed = false;
        loop {
            self.at += spaces(self.rest());
            match self.rest().as_bytes().first() {
                None => break,
                Some(b'>') => {
                    self.at += 1;
                    break;
                }
                Some(b'/') => {
                    closed = self.rest().as_bytes().get(1) == Some(&b'>');
                    self.at += 1;
                }
                Some(_) => attributes.push(self.attribute()),
            }
        }
        if tag.ends_drawing() {
            self.drawings = 0;
        }
        // As in browsers, `<script/>` and `<div/>` are open, while tags of drawings close themselves.
        let closed = closed && (matches!(tag, Tag::Other | Tag::Svg) || self.drawings > 0);
        if tag == Tag::Svg && !closed {
            self.drawings += 1;
        }
        let is_title = tag == Tag::Title && self.drawings > 0;
        self.raw = (tag.is_raw() && !closed && !is_title).then_some(tag);
        Token::Start { tag, attributes: (first, attributes.len() as u32), closed }
    }

    fn attribute(&mut self) -> (&'h str, &'h str) {
        let rest = self.rest();
        let ends_name = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'=' | b'>' | b'/');
        // A stray `=` is the first character of a name.
        let length = 1 + rest.as_bytes().iter().skip(1).take_while(|b| !ends_name(b)).count();
        let length = rest.ceil_char_boundary(length);
        let name = rest.get(..length).unwrap_or("");
        self.at += length;
        let after = self.rest();
        let gap = spaces(after);
        if after.as_bytes().get(gap) != Some(&b'=') {
            return (name, "");
        }
        self.at += gap + 1;
        self.at += spaces(self.rest());
        (name, self.value())
    }

    fn value(&mut self) -> &'h str {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        if let Some(quote @ (b'"' | b'\'')) = bytes.first() {
            let inner = rest.get(1..).unwrap_or("");
            let end = memchr(*quote, inner.as_bytes());
            self.at += end.map_or(rest.len(), |end| end + 2);
            return inner.get(..end.unwrap_or(inner.len())).unwrap_or("");
        }
        let end = bytes.iter().take_while(|b| !b.is_ascii_whitespace() && **b != b'>').count();
        self.at += end;
        rest.get(..end).unwrap_or("")
    }
}

/// The letters and marks that an element's name is made of, from the start of `text`.
fn name(text: &str) -> &str {
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
    let length = text.as_bytes().iter().position(ends).unwrap_or(text.len());
    text.get(..length).unwrap_or("")
}

fn spaces(text: &str) -> usize {
    text.as_bytes().iter().take_while(|b| b.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expect: &str) {
        let mut attributes = Vec::new();
        let mut tokens = Tokens::new(html);
        let mut found = Vec::new();
        while let Some(token) = tokens.next(&mut attributes) {
            found.push(match token {
                Token::Text(text) => format!("{text:?}"),
                Token::Start { tag, attributes: (start, end), .. } => {
                    let own: Vec<String> =
                        attributes[start as usize..end as usize].iter().map(|(n, v)| format!(" {n}={v}")).collect();
                    format!("{tag:?}{}", own.concat())
                }
                Token::End(tag) => format!("/{tag:?}"),
            });
        }
        assert_eq!(found.join(" "), expect);
    }

    #[test]
    fn tags_and_text() {
        check("<P class='a b' id=x hidden>1 < 2<br/></p>", "P class=a b id=x hidden= \"1 < 2\" Br /P");
        check("a<!-- <p> -->b<!doctype html><?x?>c", "\"a\" \"b\" \"c\"");
        check("a<!-->b<!--->c<!-- x > --!>d<!--!>e-->f", "\"a\" \"b\" \"c\" \"d\" \"f\"");
        check("<a href=/x/y>z</a >", "A href=/x/y \"z\" /A");
    }

    #[test]
    fn scripts_hold_no_tags() {
        check("<script>if (a</b/.x) '<p>'</SCRIPT><p>", "Script \"if (a</b/.x) '<p>'\" /Script P");
        check("<title>A < B</title>", "Title \"A < B\" /Title");
        check("<svg><title/><path/></svg><title><b></title>", "Svg Title Other /Svg Title \"<b>\" /Title");
    }

    #[test]
    fn what_is_cut_off_ends_with_the_page() {
        check("a<", "\"a<\"");
        check("<p class=\"x", "P class=x");
        check("<p", "P");
        check("</p", "/P");
        check("<script>x", "Script \"x\"");
        check("a<!-- b", "\"a\"");
        check("<p =é>x", "P =é= \"x\"");
    }
}
