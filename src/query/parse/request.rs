//! Requests in plain English, such as `every quote from Rubio about Putin in May 2025`.
//!
//! ```text
//! request := find? quotes clause+ | find? mentions "of" topic by? | "who said" words | "who spoke about" topic
//!          | "what did" name "say" clause* | "what was said about" topic | "did" name "say" words
//! clause  := ("from" | "by" | "of") name | ("about" | "on" | …) topic
//! ```
//!
//! Each may end in an outlet (`in the Sull Post`) and a period (`in May 2025`). A request is read only where this covers
//! all of it: anything else is a search for words.

mod endings;

use self::endings::{ending_outlet, ending_period};
use super::Context;
use crate::language::{Requests, Words, english};
use crate::query::tree::{Atom, Days, Field, Filter, Node};
use crate::quote::QuoteKind;

/// Words of a request, at most.
const LONGEST: usize = 40;

/// Reads a request; none where the query is anything else.
pub(super) fn read(query: &str, context: &Context) -> Option<Node> {
    let words = words(query)?;
    let mut rest = words.as_slice();
    let mut conditions = Vec::new();
    let mut days = Days { since: None, until: None };
    while let Some((before, within)) = ending_period(rest, context) {
        days = days.and(within);
        rest = before;
    }
    if days.since.is_some() || days.until.is_some() {
        conditions.push(Node::Filter(Filter::Date(days)));
    }
    if let Some((before, outlet)) = ending_outlet(rest, context) {
        conditions.insert(0, outlet);
        rest = before;
    }
    let request = Request { context };
    let rest = after_verb(rest);
    let asked = request
        .quotations(rest, !conditions.is_empty())
        .or_else(|| request.mentions(rest))
        .or_else(|| request.question(rest))?;
    Some(Node::all(asked.into_iter().chain(conditions).collect()))
}

/// A word of a request, or a quoted phrase.
#[derive(Debug, Clone, PartialEq)]
struct Word<'q> {
    text: &'q str,
    lower: String,
    quoted: bool,
}

impl Word<'_> {
    fn is(&self, word: &str) -> bool {
        !self.quoted && self.lower == word
    }

    fn is_in(&self, list: &Words) -> bool {
        !self.quoted && list.contains(&self.lower)
    }
}

fn lists() -> &'static Requests {
    &english().requests
}

/// The words of a query; none where it has operators or is too short or too long to be a request.
fn words(query: &str) -> Option<Vec<Word<'_>>> {
    const OPERATORS: &[&str] = &["AND", "OR", "NOT", "NEAR", "WHO"];
    let marks = |c: char| matches!(c, '"' | '“' | '”' | '„');
    let mut words = Vec::new();
    for (number, part) in query.split(marks).enumerate() {
        if number % 2 == 1 {
            let text = part.trim();
            words.push(Word { text, lower: String::new(), quoted: true });
            continue;
        }
        for word in part.split_whitespace() {
            let text = word.trim_matches(|c| matches!(c, '?' | '.' | ',' | '!'));
            if text.starts_with('-')
                || text.contains([':', '(', ')', '*', '~', '=', '<', '>'])
                || OPERATORS.contains(&text)
            {
                return None;
            }
            if !text.is_empty() {
                words.push(Word { text, lower: text.to_lowercase().replace('’', "'"), quoted: false });
            }
        }
    }
    (2..=LONGEST).contains(&words.len()).then_some(words)
}

/// What follows `find me`, `show`, `list`.
fn after_verb<'w, 'q>(words: &'w [Word<'q>]) -> &'w [Word<'q>] {
    let skips: [fn(&Word) -> bool; 4] =
        [|word| word.is("please"), |word| word.is_in(&lists().verbs), |word| word.is("me"), |word| word.is("for")];
    skips.iter().fold(words, |rest, skipped| match rest {
        [first, after @ ..] if skipped(first) => after,
        rest => rest,
    })
}

struct Request<'c> {
    context: &'c Context<'c>,
}

impl Request<'_> {
    /// `every quote from …`, `all direct quotes about …`, `Rubio's remarks on …`.
    fn quotations(&self, words: &[Word], conditions: bool) -> Option<Vec<Node>> {
        let (determined, rest) = after_determiner(words);
        let mut parts = Vec::new();
        let (owner, rest) = self.owner(rest);
        parts.extend(owner.map(|name| speaker(&name)));
        let owned = !parts.is_empty();
        let (first, mut rest) = rest.split_first()?;
        let mut noun = first;
        if let Some(kind) = QuoteKind::ALL.into_iter().find(|kind| first.is(kind.name())) {
            parts.push(Node::Filter(Filter::Kind(kind)));
            (noun, rest) = rest.split_first()?;
        }
        let quotes = noun.is_in(&lists().quotations);
        let others = noun.is_in(&lists().statements);
        if !quotes && !(others && (determined || owned)) {
            return None;
        }
        let clauses = self.clauses(rest)?;
        if clauses.is_empty() && !owned && !(conditions && determined) {
            return None;
        }
        parts.extend(clauses);
        if !parts.iter().any(Node::asks_for_quotations) {
            parts.push(Node::Field(Field::Said, Box::new(Node::All)));
        }
        Some(parts)
    }

    /// A name with a possessive ending that the index knows: `Rubio's`, `Marco Rubio's`.
    fn owner<'w, 'q>(&self, words: &'w [Word<'q>]) -> (Option<String>, &'w [Word<'q>]) {
        let owns = |word: &Word| !word.quoted && (word.lower.ends_with("'s") || word.lower.ends_with("s'"));
        let Some(last) = words.iter().take(6).position(owns) else { return (None, words) };
        let (name, rest) = words.split_at(last + 1);
        let name = joined(name);
        let name = name.trim_end_matches('s').trim_end_matches(['\'', '’']);
        if (self.context.knows)(Field::Speaker, name) { (Some(name.to_owned()), rest) } else { (None, words) }
    }

    /// Who it is by and what it is about, in either order, each at most once.
    fn clauses(&self, words: &[Word]) -> Option<Vec<Node>> {
        let (mut by, mut about) = (None, None);
        let mut rest = words;
        while let Some((first, after)) = rest.split_first() {
            let length = if first.is_in(&lists().by) && by.is_none() {
                let length = after.iter().position(|word| word.is_in(&lists().about)).unwrap_or(after.len());
                let name = self.name(after.get(..length)?)?;
                // `the quote of the day` does not name a speaker.
                if first.is("of") && !(self.context.knows)(Field::Speaker, &name) {
                    return None;
                }
                by = Some(speaker(&name));
                length
            } else if first.is_in(&lists().about) && about.is_none() {
                // `of` and `from` may belong to the topic.
                let ends = |word: &Word| by.is_none() && word.is("by");
                let length = after.iter().position(ends).unwrap_or(after.len());
                about = Some(self.topic(after.get(..length)?)?);
                length
            } else {
                return None;
            };
            rest = after.get(length..)?;
        }
        Some(by.into_iter().chain(about).collect())
    }

    /// `every mention of …`, also `by` somebody.
    fn mentions(&self, words: &[Word]) -> Option<Vec<Node>> {
        let (_, rest) = after_determiner(words);
        let [noun, of, topic @ ..] = rest else { return None };
        if !noun.is_in(&lists().mentions) || !(of.is("of") || of.is("to")) {
            return None;
        }
        if let Some(by) = topic.iter().rposition(|word| word.is("by")) {
            let (topic, name) = (topic.get(..by)?, topic.get(by + 1..)?);
            return Some(vec![speaker(&self.name(name)?), self.topic(topic)?]);
        }
        let topic = without_article(topic);
        content(topic)?;
        Some(vec![Node::Atom(Atom::Phrase(joined(topic)))])
    }

    /// Questions that start with `who`, `what`, `when`, `did`, and `everything … said`.
    fn question(&self, words: &[Word]) -> Option<Vec<Node>> {
        let (first, rest) = words.split_first()?;
        match first.lower.as_str() {
            "who" => self.who(rest),
            "did" => self.did_say(rest),
            "when" | "where" => {
                let (did, rest) = rest.split_first()?;
                if did.is("did") { self.did_say(rest) } else { None }
            }
            "what" | "everything" | "anything" | "all" => {
                let rest = if rest.first()?.is("that") { rest.get(1..)? } else { rest };
                self.what(rest)
            }
            _ => None,
        }
    }

    /// `said "…"`, `used the word …`, `spoke about …`, `mentioned …`.
    fn who(&self, words: &[Word]) -> Option<Vec<Node>> {
        let (verb, rest) = words.split_first()?;
        if verb.is_in(&lists().uttered) {
            let rest = match rest {
                [article, noun, rest @ ..] if (article.is("the") || article.is("a")) && noun.is_in(&lists().terms) => {
                    rest
                }
                [that, rest @ ..] if that.is("that") => rest,
                rest => rest,
            };
            return Some(vec![said(rest)?]);
        }
        if verb.is_in(&lists().mentioned) {
            return Some(vec![self.topic(rest)?]);
        }
        let (on, rest) = rest.split_first()?;
        let spoke = verb.is_in(&lists().spoke) && (on.is("about") || on.is("on"));
        if spoke { Some(vec![self.topic(rest)?]) } else { None }
    }

    /// `Rubio say …`, of somebody whom the index knows.
    fn did_say(&self, words: &[Word]) -> Option<Vec<Node>> {
        let at = words.iter().position(|word| word.is("say"))?;
        let name = self.name(words.get(..at)?).filter(|name| (self.context.knows)(Field::Speaker, name))?;
        let rest = words.get(at + 1..)?;
        let parts = match rest {
            [about, topic @ ..] if about.is_in(&lists().about) => self.topic(topic)?,
            [that, rest @ ..] if that.is("that") => said(rest)?,
            rest => said(rest)?,
        };
        Some(vec![speaker(&name), parts])
    }

    /// `did Rubio say …`, `Rubio said …`, `was said about …`.
    fn what(&self, words: &[Word]) -> Option<Vec<Node>> {
        let at = words.iter().position(|word| word.is_in(&lists().said))?;
        let (before, rest) = (words.get(..at)?, words.get(at + 1..)?);
        if before.iter().all(|word| word.is_in(&lists().passive)) {
            return match rest {
                [about, topic @ ..] if about.is_in(&lists().about) => Some(vec![self.topic(topic)?]),
                _ => None,
            };
        }
        let name = match before {
            [auxiliary, name @ ..] if auxiliary.is_in(&lists().auxiliaries) => name,
            [name @ .., auxiliary] if auxiliary.is_in(&lists().auxiliaries) => name,
            name => name,
        };
        let mut parts = vec![speaker(&self.name(name)?)];
        match rest {
            [] => {}
            [about, topic @ ..] if about.is_in(&lists().about) => parts.push(self.topic(topic)?),
            _ => return None,
        }
        Some(parts)
    }

    /// A name: the longest end of the words that the index knows, so that titles may come before it, else all of them.
    fn name(&self, words: &[Word]) -> Option<String> {
        content(words)?;
        let known = (0..words.len())
            .filter_map(|start| words.get(start..).map(joined))
            .find(|name| (self.context.knows)(Field::Speaker, name));
        known.or_else(|| {
            let name = without_article(words);
            (name.len() <= 5).then(|| joined(name))
        })
    }

    /// Somebody or something that is named in quotations, else words that are said in them.
    fn topic(&self, words: &[Word]) -> Option<Node> {
        let topic = without_article(words);
        content(topic)?;
        let text = joined(topic);
        let quoted = topic.iter().any(|word| word.quoted);
        if !quoted && (self.context.knows)(Field::About, &text) {
            return Some(Node::Field(Field::About, Box::new(Node::Atom(word_or_phrase(&text)))));
        }
        said(topic)
    }
}

fn speaker(name: &str) -> Node {
    Node::Field(Field::Speaker, Box::new(Node::Atom(word_or_phrase(name))))
}

/// Words of a quotation, as a phrase.
fn said(words: &[Word]) -> Option<Node> {
    content(words)?;
    let phrase = Atom::Phrase(joined(words));
    Some(Node::Field(Field::Said, Box::new(Node::Atom(phrase))))
}

fn word_or_phrase(text: &str) -> Atom {
    let is_word = text.chars().all(char::is_alphabetic);
    if is_word { Atom::Word(text.to_owned()) } else { Atom::Phrase(text.to_owned()) }
}

/// Some, if there is a word with a meaning of its own; pronouns have none.
fn content(words: &[Word]) -> Option<()> {
    let has = |word: &Word| {
        let lower = word.lower.as_str();
        word.quoted || !english().queries.small.contains(lower) && !lists().pronouns.contains(lower)
    };
    words.iter().any(has).then_some(())
}

/// `every`, `all the`, `any`: whether there was one, and what follows.
fn after_determiner<'w, 'q>(words: &'w [Word<'q>]) -> (bool, &'w [Word<'q>]) {
    let length = words.iter().take_while(|word| word.is_in(&lists().determiners)).count();
    (length > 0, words.get(length..).unwrap_or(&[]))
}

fn without_article<'w, 'q>(words: &'w [Word<'q>]) -> &'w [Word<'q>] {
    match words {
        [article, rest @ ..] if article.is_in(&english().queries.articles) && !rest.is_empty() => rest,
        words => words,
    }
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Matching, parse_with};

    const NAMES: &[&str] = &["Rubio", "Marco Rubio", "Putin", "Lavrov", "Rhode Island"];
    const OUTLETS: &[&str] = &["Sull Post"];

    fn read(query: &str) -> Option<String> {
        let knows = |field: Field, name: &str| match field {
            Field::Outlet => OUTLETS.contains(&name),
            _ => NAMES.contains(&name),
        };
        let context =
            Context { matching: Matching::All, today: jiff::civil::date(2025, 5, 16), requests: true, knows: &knows };
        let parsed = parse_with(query, &context);
        parsed.is_request.then(|| parsed.tree.to_string())
    }

    #[track_caller]
    fn check(query: &str, expect: &str) {
        assert_eq!(read(query).as_deref(), Some(expect), "{query}");
    }

    #[test]
    fn quotations_are_asked_for() {
        check("every quote from Rubio", "speaker:Rubio");
        check("all quotes by Rubio about Putin", "speaker:Rubio AND about:Putin");
        check("Find all the quotes about Putin by Marco Rubio.", "speaker:\"Marco Rubio\" AND about:Putin");
        check("show me every statement by President Putin on the peace deal", "speaker:Putin AND said:\"peace deal\"");
        check("quotes about the state of emergency", "said:\"state of emergency\"");
        check("all direct quotes by Rubio", "kind:direct AND speaker:Rubio");
        check("every quote in May 2025", "said:* AND date:2025-05-01..2025-05-31");
        check("Rubio's remarks on Rhode Island", "speaker:Rubio AND about:\"Rhode Island\"");
        check("every quote by Ada Ray", "speaker:\"Ada Ray\"");
        check("all quotes by Rubio in the Sull Post", "speaker:Rubio AND outlet:\"Sull Post\"");
    }

    #[test]
    fn questions_are_read() {
        check(
            "what did Rubio say about Putin in May 2025",
            "speaker:Rubio AND about:Putin AND date:2025-05-01..2025-05-31",
        );
        check("What has Rubio said about \"a deal\"?", "speaker:Rubio AND said:\"a deal\"");
        check("everything Rubio said since April", "speaker:Rubio AND date:>=2025-04-01");
        check("what was said about Putin", "about:Putin");
        check("who said \"breakthrough\"", "said:\"breakthrough\"");
        check("who said no deal was possible?", "said:\"no deal was possible\"");
        check("who used the word breakthrough", "said:\"breakthrough\"");
        check("who spoke about the ceasefire", "said:\"ceasefire\"");
        check("did Rubio say that no deal was possible", "speaker:Rubio AND said:\"no deal was possible\"");
        check("when did Rubio say breakthrough", "speaker:Rubio AND said:\"breakthrough\"");
    }

    #[test]
    fn mentions_are_phrases() {
        check("every mention of the 30-day ceasefire", "\"30-day ceasefire\"");
        check("mentions of Putin", "\"Putin\"");
        check("all references to the war in the last 7 days", "\"war\" AND date:2025-05-10..2025-05-16");
        check("every mention of Putin by Rubio", "speaker:Rubio AND about:Putin");
    }

    #[test]
    fn periods_end_a_request() {
        check(
            "every quote from Rubio between April 2025 and May 2025",
            "speaker:Rubio AND date:2025-04-01..2025-05-31",
        );
        check("every quote from Rubio from 2024 to 2025", "speaker:Rubio AND date:2024-01-01..2025-12-31");
        check("every quote from Rubio after 16 May 2025", "speaker:Rubio AND date:>=2025-05-17");
        check("every quote from Rubio before May 2025", "speaker:Rubio AND date:<=2025-04-30");
        check("every quote from Rubio in June", "speaker:Rubio AND date:2024-06-01..2024-06-30");
        check("every quote from Rubio last week", "speaker:Rubio AND date:2025-05-05..2025-05-11");
    }

    #[test]
    fn anything_else_is_words() {
        for words in [
            "peace talks",
            "what they said",
            "who said what",
            "WHO said vaccines work",
            "every quote",
            "the quote of the day",
            "comments from Rubio",
            "statement on the ferry",
            "what did he say about it",
            "who said speaker:rubio",
            "every quote from Rubio AND Putin",
            "did you say so",
            "all said and done",
            "every mention",
        ] {
            assert_eq!(read(words), None, "{words}");
        }
    }
}
