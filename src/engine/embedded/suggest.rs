//! What to try where a query finds nothing: which part fails, what may have been meant, and how many hits that has.

use crate::engine::embedded::scan::parallel::scan;
use crate::engine::embedded::translate::Translator;
use crate::engine::plan::dictionary::Dictionary as _;
use crate::engine::plan::resolved::{ResolvedRequest, facet_of_articles};
use crate::engine::{Engine, Error};
use crate::groups::GROUPS;
use crate::index::schema::FacetKind;
use crate::language::english;
use crate::query::{Atom, Days, Field, Filter, Matching, Node, distance, parse};
use crate::search::{Request, Suggestion};
use crate::text::normal::{folded, is_word};

/// Parts of a query that are counted, at most.
const MOST_PARTS: usize = 12;

/// Misspelt words that are looked up, at most: each may go through all words of the index.
const MOST_WORDS: usize = 4;

/// Values of a facet that are suggested, at most.
const MOST_VALUES: usize = 5;

/// Values that are kept while the most frequent are looked for.
const MOST_KEPT: usize = 1_000;

/// Words from which on a query is taken for a pasted sentence.
const SENTENCE: usize = 4;

impl Engine {
    /// Suggestions for a query without hits, the likeliest first.
    pub(crate) fn suggestions(&self, resolved: &ResolvedRequest, request: &Request) -> Result<Vec<Suggestion>, Error> {
        let mut found = Vec::new();
        let words = words_of_phrase(&resolved.tree);
        let parts = if words.is_empty() { required(&resolved.tree, &resolved.filters) } else { words.iter().collect() };
        found.extend(empty_range(&parts));
        let failing = self.count_parts(&parts, resolved, &mut found)?;
        for part in &failing {
            match part {
                Node::Field(field, of) => {
                    if let Node::Atom(Atom::Word(value) | Atom::Phrase(value)) = &**of {
                        found.extend(self.known_values(*field, value)?);
                    }
                    if let Node::Atom(Atom::Literal(name)) = &**of
                        && let Some(name) = name.strip_prefix('@')
                        && self.groups().members(name).is_none()
                    {
                        let message = format!("no group `{name}` in `user/{GROUPS}`");
                        found.push(Suggestion { message, query: None, total: None });
                    }
                }
                Node::Filter(Filter::Date(days)) if !days.is_empty() => found.extend(self.known_days()?),
                _ => {}
            }
        }
        found.extend(self.misspelt(&resolved.tree)?);
        found.extend(self.other_spelling(&failing, resolved)?);
        found.extend(self.operators_in_capitals(resolved, request)?);
        found.extend(self.any_of_the_words(resolved, request)?);
        Ok(found)
    }

    /// Counts each required part alone. Gives those that find nothing.
    fn count_parts<'n>(
        &self,
        parts: &[&'n Node],
        resolved: &ResolvedRequest,
        found: &mut Vec<Suggestion>,
    ) -> Result<Vec<&'n Node>, Error> {
        let (mut failing, mut counted) = (Vec::new(), Vec::new());
        for &part in parts.iter().take(MOST_PARTS) {
            let count = self.count_alone(part, resolved)?;
            if count == 0 || !is_small(part) {
                counted.push(format!("`{part}` {count}"));
            }
            if count == 0 {
                failing.push(part);
            }
        }
        if parts.len() > 1 && parts.len() <= MOST_PARTS {
            let message = if failing.is_empty() {
                format!("each part has hits alone, but not together: {}", counted.join(", "))
            } else {
                format!("hits of each part alone: {}", counted.join(", "))
            };
            found.push(Suggestion { message, query: None, total: None });
        }
        Ok(failing)
    }

    /// How many hits a part of a query has by itself.
    pub(super) fn count_alone(&self, node: &Node, resolved: &ResolvedRequest) -> Result<u64, Error> {
        let mut translator = Translator::new(self, resolved);
        let query = translator.translate(node, resolved.level())?;
        let mut count = 0;
        scan(self.searcher(), query.as_ref(), false, &translator.context, &mut |_, _| {
            count += 1;
            Ok(())
        })?;
        translator.context.check()?;
        Ok(count)
    }

    /// How many hits another tree has, with the filters of the request.
    fn count_instead(&self, tree: &Node, resolved: &ResolvedRequest) -> Result<u64, Error> {
        let all = std::iter::once(tree).chain(&resolved.filters).cloned().collect();
        self.count_alone(&Node::all(all), resolved)
    }

    /// The values of a facet that look like one which no article has.
    fn known_values(&self, field: Field, typed: &str) -> Result<Option<Suggestion>, Error> {
        let Some(kind) = facet_of_articles(field) else { return Ok(None) };
        let squeezed = squeeze(typed);
        let mut values: Vec<(usize, u64, String)> = Vec::new();
        let mut all: Vec<(u64, String)> = Vec::new();
        self.index().values(kind, |value, count| {
            let other = squeeze(value);
            let unlike = other.chars().count().abs_diff(squeezed.chars().count());
            let alike = if field == Field::Language {
                squeezed.starts_with(&other)
            } else {
                squeezed.chars().count() > 2 && holds_in_order(&other, &squeezed)
                    || distance(&other, &squeezed, squeezed.len() / 3) <= squeezed.len() / 3
            };
            if alike && !values.iter().any(|(_, _, known)| known == value) {
                values.push((unlike, u64::MAX - count, value.to_owned()));
            }
            all.push((u64::MAX - count, value.to_owned()));
            if all.len() > MOST_KEPT {
                all.sort_unstable();
                all.truncate(MOST_VALUES);
            }
        })?;
        values.sort_unstable();
        let name = field.name();
        let mut names: Vec<String> = values.into_iter().take(MOST_VALUES).map(|(_, _, value)| value).collect();
        if names.is_empty() {
            all.sort_unstable();
            // A value may be in several segments.
            for (_, value) in all {
                if names.len() < MOST_VALUES && !names.contains(&value) {
                    names.push(value);
                }
            }
        }
        let Some(first) = names.first() else {
            let message = format!("no article of this index has a {name}");
            return Ok(Some(Suggestion { message, query: None, total: None }));
        };
        let query = Some(if first.contains(' ') { format!("{name}:\"{first}\"") } else { format!("{name}:{first}") });
        let message = format!("no article has {name} `{typed}`; this index has {}", names.join(", "));
        Ok(Some(Suggestion { message, query, total: None }))
    }

    /// The first and the last day of an article.
    fn known_days(&self) -> Result<Option<Suggestion>, Error> {
        let mut range: Option<(String, String)> = None;
        self.index().values(FacetKind::Day, |day, _| {
            let (first, last) = range.get_or_insert_with(|| (day.to_owned(), day.to_owned()));
            if day < first.as_str() {
                day.clone_into(first);
            } else if day > last.as_str() {
                day.clone_into(last);
            }
        })?;
        Ok(range.map(|(first, last)| Suggestion {
            message: format!("the articles of this index are dated from {first} to {last}"),
            query: None,
            total: None,
        }))
    }

    /// The query with words of the index for those that no text holds.
    fn other_spelling(&self, failing: &[&Node], resolved: &ResolvedRequest) -> Result<Option<Suggestion>, Error> {
        let mut replaced = resolved.tree.clone();
        let mut changed = false;
        let mut words: Vec<String> = failing.iter().flat_map(|part| words_of(part)).collect();
        words.dedup();
        for word in words.into_iter().take(MOST_WORDS) {
            if let Some(other) = self.nearest_word(&word)? {
                changed |= replace(&mut replaced, &word, &other);
            }
        }
        if !changed {
            return Ok(None);
        }
        let total = self.count_instead(&replaced, resolved)?;
        let query = replaced.to_string();
        Ok((total > 0).then(|| Suggestion {
            message: format!("did you mean `{query}`?"),
            query: Some(query),
            total: Some(total),
        }))
    }

    /// The word of the index that is spelled most like one it does not hold, the most frequent of several.
    fn nearest_word(&self, word: &str) -> Result<Option<String>, Error> {
        let word = folded(word);
        let length = word.chars().count();
        let most = if length < 4 { return Ok(None) } else { (length / 4).clamp(1, 2) };
        let lexicon = self.lexicon(self.fields().text)?;
        let fits = |other: &str| {
            other.len().abs_diff(word.len()) <= 4 * most
                && other.chars().all(char::is_alphabetic)
                && distance(&word, other, most) <= most
        };
        let words = lexicon.words("", &fits)?;
        let candidates = words.iter().filter(|other| other.term.chars().all(char::is_alphabetic));
        let closest = candidates.min_by_key(|other| (distance(&word, &other.term, most), u64::MAX - other.documents));
        Ok(closest.map(|other| other.term.clone()).filter(|other| *other != word))
    }

    /// The query with `or` and `not` as operators.
    fn operators_in_capitals(
        &self,
        resolved: &ResolvedRequest,
        request: &Request,
    ) -> Result<Option<Suggestion>, Error> {
        let words: Vec<&str> = request.query.split_whitespace().collect();
        let inner = words.get(1..words.len().saturating_sub(1)).unwrap_or(&[]);
        if request.matching == Matching::Any || !inner.iter().any(|word| matches!(*word, "or" | "not")) {
            return Ok(None);
        }
        let last = words.len() - 1;
        let capitals = |(at, word): (usize, &&str)| match *word {
            "or" | "not" if at > 0 && at < last => word.to_uppercase(),
            word => word.to_owned(),
        };
        let query = words.iter().enumerate().map(capitals).collect::<Vec<_>>().join(" ");
        let tree = parse(&query, Matching::All, request.today).tree;
        let total = self.count_instead(&tree, resolved)?;
        Ok((total > 0).then(|| Suggestion {
            message: format!("operators are in capitals: `{query}`"),
            query: Some(query),
            total: Some(total),
        }))
    }

    /// How many hits any of the words of a sentence have.
    fn any_of_the_words(&self, resolved: &ResolvedRequest, request: &Request) -> Result<Option<Suggestion>, Error> {
        let words = match &resolved.tree {
            Node::And(parts) => parts.iter().filter(|part| matches!(part, Node::Atom(_))).count(),
            Node::Atom(Atom::Phrase(text)) => text.split_whitespace().count(),
            _ => 0,
        };
        if request.matching == Matching::Any || words < SENTENCE {
            return Ok(None);
        }
        let text: String = request.query.replace(['"', '“', '”', '„'], " ");
        let tree = parse(&text, Matching::Any, request.today).tree;
        let total = self.count_instead(&tree, resolved)?;
        Ok((total > 0).then(|| Suggestion {
            message: "`--match any` ranks by any of the words".to_owned(),
            query: None,
            total: Some(total),
        }))
    }
}

/// The parts that must all hold.
fn required<'n>(tree: &'n Node, filters: &'n [Node]) -> Vec<&'n Node> {
    let parts = |node: &'n Node| -> Vec<&'n Node> {
        if let Node::And(parts) = node { parts.iter().collect() } else { vec![node] }
    };
    parts(tree).into_iter().chain(filters.iter().flat_map(parts)).collect()
}

/// The words of a phrase that is all there is to a query.
fn words_of_phrase(tree: &Node) -> Vec<Node> {
    let Node::Atom(Atom::Phrase(text)) = tree else { return Vec::new() };
    text.split_whitespace().map(|word| Node::Atom(Atom::Word(word.to_owned()))).collect()
}

/// True for a word that says nothing alone.
fn is_small(part: &Node) -> bool {
    matches!(part, Node::Atom(Atom::Word(word)) if english().queries.small.contains(word.as_str()))
}

/// Says so where no day is in all dates.
fn empty_range(parts: &[&Node]) -> Option<Suggestion> {
    let days =
        parts.iter().filter_map(|part| if let Node::Filter(Filter::Date(days)) = part { Some(*days) } else { None });
    let whole = days.fold(Days { since: None, until: None }, Days::and);
    let (since, until) = whole.since.zip(whole.until).filter(|_| whole.is_empty())?;
    let message = format!("no day is in all dates: they start on {since} and end on {until}");
    Some(Suggestion { message, query: None, total: None })
}

/// The words of a part that is text.
fn words_of(node: &Node) -> Vec<String> {
    match node {
        Node::Atom(Atom::Word(text) | Atom::Phrase(text)) => {
            text.split(|c: char| !is_word(c)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        }
        Node::Field(Field::Said | Field::Title, of) => words_of(of),
        Node::And(_) | Node::Or(_) | Node::Span(_) => node.parts().into_iter().flat_map(words_of).collect(),
        Node::Atom(_) | Node::Field(..) | Node::All | Node::Nothing | Node::Filter(_) | Node::Not(_) => Vec::new(),
    }
}

/// Puts another word in the place of one, wherever text is searched. True if it was there.
fn replace(node: &mut Node, word: &str, other: &str) -> bool {
    match node {
        Node::Atom(Atom::Word(text) | Atom::Phrase(text)) => {
            let parts: Vec<String> = text
                .split_inclusive(|c: char| !is_word(c))
                .map(|part| match part.strip_prefix(word) {
                    Some(rest) if !rest.starts_with(is_word) => format!("{other}{rest}"),
                    _ => part.to_owned(),
                })
                .collect();
            let replaced = parts.concat();
            std::mem::replace(text, replaced.clone()) != replaced
        }
        Node::Field(Field::Said | Field::Title, of) => replace(of, word, other),
        Node::And(parts) | Node::Or(parts) => {
            parts.iter_mut().fold(false, |any, part| replace(part, word, other) | any)
        }
        Node::Span(operator) => {
            operator.parts_mut().into_iter().fold(false, |any, part| replace(part, word, other) | any)
        }
        Node::Atom(_) | Node::Field(..) | Node::All | Node::Nothing | Node::Filter(_) | Node::Not(_) => false,
    }
}

/// Letters and digits alone, folded.
fn squeeze(value: &str) -> String {
    folded(value.trim()).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// True if the letters of `short` are in `long` in this order, the first of them at the start of it or after `the`.
fn holds_in_order(long: &str, short: &str) -> bool {
    let long = long.strip_prefix("the").unwrap_or(long);
    let mut rest = long.chars();
    long.chars().next() == short.chars().next() && short.chars().all(|c| rest.any(|other| other == c))
}

/// What to say of a pronoun where a name is asked for.
pub(crate) fn of_pronoun(field: Field, typed: &str) -> Option<Suggestion> {
    let message = format!("`{}:{typed}` is a pronoun; name somebody", field.name());
    english().quotes.pronouns.contains(&typed.to_lowercase()).then_some(Suggestion {
        message,
        query: None,
        total: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviated_values_look_alike() {
        assert!(holds_in_order(&squeeze("The New York Times"), "nytimes"));
        assert!(!holds_in_order(&squeeze("Sull Post"), "nytimes"));
    }

    #[test]
    fn words_are_replaced_whole() {
        let mut tree = parse("\"goverment plan\" said:goverment", Matching::All, jiff::civil::date(2025, 5, 16)).tree;
        assert!(replace(&mut tree, "goverment", "government"));
        assert_eq!(tree.to_string(), "\"government plan\" AND said:government");
        assert!(!replace(&mut tree, "gov", "x"));
    }
}
