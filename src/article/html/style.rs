//! What the styles within a page hide.

use rustc_hash::FxHashSet;

use super::dom::{Dom, NodeKind};
use super::tag::Tag;

/// The classes and ids, as `.class` and `#id`, that a rule of the page's own styles hides by this name alone and that no
/// rule shows, on some screens or in some state: what is folded away is read.
pub(super) fn hidden<'h>(dom: &Dom<'h>) -> FxHashSet<&'h str> {
    let mut names = Names::default();
    let is_for_others = |style| dom.ancestors(style).any(|around| dom.is(around, Tag::Noscript));
    for style in dom.all().filter(|node| dom.is(*node, Tag::Style) && !is_for_others(*node)) {
        for text in dom.within(style).map(|inner| dom.kind(inner)) {
            if let NodeKind::Text(text) = text {
                names.read(text, false);
            }
        }
    }
    names.hidden.retain(|name| !names.shown.contains(name));
    names.hidden
}

#[derive(Default)]
struct Names<'h> {
    hidden: FxHashSet<&'h str>,
    shown: FxHashSet<&'h str>,
}

impl<'h> Names<'h> {
    /// Reads rules; those for some screens only show.
    fn read(&mut self, mut styles: &'h str, for_some: bool) {
        while let Some((before, rest)) = styles.split_once('{') {
            // Comments and `@import` may be before the selectors.
            let selectors = before.rsplit([';', '}']).next().unwrap_or(before);
            let selectors = selectors.rsplit("*/").next().unwrap_or(selectors).trim();
            if selectors.starts_with('@') {
                let (block, after) = block(rest);
                if !for_some && !selectors.contains("print") {
                    self.read(block, true);
                }
                styles = after;
                continue;
            }
            let (rules, after) = rest.split_once('}').unwrap_or((rest, ""));
            let shows = hides(rules).map(|hides| !hides);
            for selector in selectors.split(',').map(str::trim) {
                match shows {
                    Some(true) => self.shown.extend(names_of_last(selector)),
                    Some(false) if !for_some && is_simple(selector) => {
                        self.hidden.insert(selector);
                    }
                    Some(false) | None => {}
                }
            }
            styles = after;
        }
    }
}

/// The inside of the block that was just opened, and what is behind it.
fn block(styles: &str) -> (&str, &str) {
    let mut depth = 1u32;
    for (at, mark) in styles.match_indices(['{', '}']) {
        depth = if mark == "{" { depth + 1 } else { depth - 1 };
        if depth == 0 {
            return styles
                .split_at_checked(at)
                .map_or((styles, ""), |(inside, rest)| (inside, rest.get(1..).unwrap_or("")));
        }
    }
    (styles, "")
}

/// The classes and ids of the element that a selector is about, which is its last one: of `.open > p.more` `.more`.
fn names_of_last(selector: &str) -> impl Iterator<Item = &str> {
    let last = selector.rsplit([' ', '>', '+', '~']).next().unwrap_or(selector);
    let starts: Vec<usize> = last.match_indices(['.', '#']).map(|(at, _)| at).collect();
    starts.into_iter().filter_map(move |start| {
        let rest = last.get(start + 1..)?;
        let end = rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len());
        last.get(start..=start + end)
    })
}

/// Whether rules hide an element; none if they say nothing of it.
fn hides(rules: &str) -> Option<bool> {
    let rules = rules.split(';').filter_map(|rule| rule.split_once(':'));
    let shown = rules.filter_map(|(name, value)| {
        let value = value.trim().to_ascii_lowercase();
        match name.trim().to_ascii_lowercase().as_str() {
            "display" => Some(value.starts_with("none")),
            "visibility" => Some(value.starts_with("hidden")),
            _ => None,
        }
    });
    shown.reduce(|one, other| one || other)
}

/// True for one class or one id.
fn is_simple(selector: &str) -> bool {
    selector.strip_prefix(['.', '#']).is_some_and(|name| !name.is_empty() && name.chars().all(is_of_name))
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(styles: &str, expect: &[&str]) {
        let page = format!("<style>{styles}</style>");
        let dom = Dom::parse(&page);
        let mut found: Vec<&str> = dom.hidden.iter().copied().collect();
        found.sort_unstable();
        assert_eq!(found, expect, "{styles}");
    }

    #[test]
    fn names_are_hidden_by_rules_of_their_own() {
        check(".x9{display:none}", &[".x9"]);
        check("/* old */ .a, #b { color: red; Display : none !important }", &["#b", ".a"]);
        check("@import url(x.css); .c{visibility:hidden;}", &[".c"]);
        check(".d{display:none} .d{display:block}", &[]);
        check(".e{display:none;color:red}.f{color:red}", &[".e"]);
    }

    #[test]
    fn rules_for_some_screens_and_places_are_passed_over() {
        check("@media print { .a{display:none} .b{display:none} } .c{display:none}", &[".c"]);
        check(".a .b{display:none} p.c{display:none} .d:hover{display:none} .e>p{display:none}", &[]);
        check(".a{display:none} @media (min-width: 600px) { .a { display: flex } }", &[]);
        check(".a{display:none} .open > p.a{display:block} .b{display:none} .b.open{display:block}", &[]);
        check(".a{display:none", &[".a"]);
        check("@media x {{{", &[]);
        check("} .a{", &[]);
    }
}
