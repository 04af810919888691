//! The elements of HTML that matter for reading.

/// Declares the elements, each with its name as written.
macro_rules! tags {
    ($($tag:ident $written:literal),* $(,)?) => {
        /// An element's name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) enum Tag {
            $(#[doc = concat!("`<", $written, ">`")] $tag,)*
            /// Any other; inline, as browsers have it.
            Other,
        }

        impl Tag {
            fn of_lower(name: &str) -> Self {
                match name {
                    $($written => Tag::$tag,)*
                    _ => Tag::Other,
                }
            }
        }
    };
}

tags! {
    A "a", Address "address", Area "area", Article "article", Aside "aside", Audio "audio", B "b", Base "base",
    Blockquote "blockquote", Body "body", Br "br", Button "button", Canvas "canvas", Caption "caption",
    Center "center", Cite "cite",
    Col "col", Dd "dd", Details "details", Dialog "dialog", Div "div", Dl "dl", Dt "dt", Em "em", Embed "embed",
    Fieldset "fieldset", Figcaption "figcaption", Figure "figure", Footer "footer", ForeignObject "foreignobject",
    Form "form", H1 "h1", H2 "h2",
    H3 "h3", H4 "h4", H5 "h5", H6 "h6", Head "head", Header "header", Hgroup "hgroup", Hr "hr", Html "html", I "i",
    Iframe "iframe", Img "img", Input "input", Label "label", Legend "legend", Li "li", Link "link", Main "main",
    Menu "menu", Meta "meta", Nav "nav", Noscript "noscript", Object "object", Ol "ol", Option "option", P "p",
    Picture "picture", Pre "pre", Q "q", Script "script", Search "search", Section "section", Select "select", Small "small",
    Source "source", Span "span", Strong "strong", Style "style", Sub "sub", Summary "summary", Sup "sup", Svg "svg",
    Table "table", Tbody "tbody", Td "td", Template "template", Textarea "textarea", Tfoot "tfoot", Th "th",
    Thead "thead", Time "time", Title "title", Tr "tr", Track "track", U "u", Ul "ul", Video "video", Wbr "wbr",
}

impl Tag {
    /// The tag of that name, in any case.
    pub(super) fn of(name: &str) -> Self {
        // The longest name above has 13 letters.
        let mut lower = [0u8; 13];
        let Some(lower) = lower.get_mut(..name.len()) else { return Tag::Other };
        lower.copy_from_slice(name.as_bytes());
        lower.make_ascii_lowercase();
        std::str::from_utf8(lower).map_or(Tag::Other, Tag::of_lower)
    }

    /// True for elements that may be in a page's head; any other one begins the body.
    pub(super) fn is_of_head(self) -> bool {
        matches!(
            self,
            Tag::Base
                | Tag::Head
                | Tag::Html
                | Tag::Link
                | Tag::Meta
                | Tag::Noscript
                | Tag::Script
                | Tag::Style
                | Tag::Template
                | Tag::Title
        )
    }

    /// True for elements of HTML that end a drawing which was never closed.
    pub(super) fn ends_drawing(self) -> bool {
        self.is_block()
            || matches!(self, Tag::B | Tag::Br | Tag::Em | Tag::I | Tag::Img | Tag::Span | Tag::Strong | Tag::U)
    }

    /// True for elements that hold nothing and have no end tag.
    pub(super) fn is_void(self) -> bool {
        matches!(
            self,
            Tag::Area
                | Tag::Base
                | Tag::Br
                | Tag::Col
                | Tag::Embed
                | Tag::Hr
                | Tag::Img
                | Tag::Input
                | Tag::Link
                | Tag::Meta
                | Tag::Source
                | Tag::Track
                | Tag::Wbr
        )
    }

    /// True for elements whose content is not markup.
    pub(super) fn is_raw(self) -> bool {
        matches!(self, Tag::Script | Tag::Style | Tag::Textarea | Tag::Title | Tag::Iframe)
    }

    /// True for elements that start a line of their own.
    pub(super) fn is_block(self) -> bool {
        matches!(
            self,
            Tag::Address
                | Tag::Article
                | Tag::Aside
                | Tag::Blockquote
                | Tag::Body
                | Tag::Caption
                | Tag::Center
                | Tag::Dd
                | Tag::Details
                | Tag::Dialog
                | Tag::Div
                | Tag::Dl
                | Tag::Dt
                | Tag::Fieldset
                | Tag::Figcaption
                | Tag::Figure
                | Tag::Footer
                | Tag::Form
                | Tag::H1
                | Tag::H2
                | Tag::H3
                | Tag::H4
                | Tag::H5
                | Tag::H6
                | Tag::Head
                | Tag::Header
                | Tag::Hgroup
                | Tag::Hr
                | Tag::Html
                | Tag::Legend
                | Tag::Li
                | Tag::Main
                | Tag::Menu
                | Tag::Nav
                | Tag::Ol
                | Tag::P
                | Tag::Pre
                | Tag::Search
                | Tag::Section
                | Tag::Summary
                | Tag::Table
                | Tag::Tbody
                | Tag::Td
                | Tag::Tfoot
                | Tag::Th
                | Tag::Thead
                | Tag::Tr
                | Tag::Ul
        )
    }

    /// The level of a heading, 1 to 6.
    pub(super) fn heading(self) -> Option<u8> {
        [Tag::H1, Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6]
            .iter()
            .position(|tag| *tag == self)
            .map(|at| at as u8 + 1)
    }
}
