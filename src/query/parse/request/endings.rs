//! What may end a request: an outlet (`in the Sull Post`) and periods (`in May 2025`).

use super::{Word, joined, lists, without_article};
use crate::query::dates::{days, period};
use crate::query::parse::Context;
use crate::query::tree::{Atom, Days, Field, Node};

/// What is before the outlet that the words end in, and the outlet: `in the Sull Post`.
pub(super) fn ending_outlet<'w, 'q>(words: &'w [Word<'q>], context: &Context) -> Option<(&'w [Word<'q>], Node)> {
    let at = words.iter().rposition(|word| word.is("in"))?;
    let name = joined(without_article(words.get(at + 1..)?));
    let known = !name.is_empty() && (context.knows)(Field::Outlet, &name);
    known.then(|| Some((words.get(..at)?, Node::Field(Field::Outlet, Box::new(Node::Atom(Atom::Phrase(name)))))))?
}

/// What is before the period that the words end in, and the period.
pub(super) fn ending_period<'w, 'q>(words: &'w [Word<'q>], context: &Context) -> Option<(&'w [Word<'q>], Days)> {
    /// Words of the longest one: `from the 16th of May 2025 to the 3rd of June 2025`.
    const LONGEST: usize = 13;
    (words.len().saturating_sub(LONGEST)..words.len()).find_map(|at| {
        let (before, end) = words.split_at(at);
        let (first, rest) = end.split_first().filter(|_| !before.is_empty() && !end.iter().any(|word| word.quoted))?;
        let whole = |words: &[Word]| one_period(&joined(words), context);
        let since = |days: Days| Days { since: days.since, until: None };
        let until = |days: Days| Days { since: None, until: days.until };
        let two = |is_middle: &dyn Fn(&Word) -> bool| {
            let middle = rest.iter().position(is_middle)?;
            Some(since(whole(rest.get(..middle)?)?).and(until(whole(rest.get(middle + 1..)?)?)))
        };
        let days = match first.lower.as_str() {
            "between" => two(&|word| word.is("and"))?,
            "from" => two(&|word| word.is("to") || word.is_in(&lists().until)).or_else(|| whole(rest).map(since))?,
            "since" => since(whole(rest)?),
            "after" => days(&format!(">{}", whole(rest)?.until?), context.today)?,
            "before" => days(&format!("<{}", whole(rest)?.since?), context.today)?,
            "last" | "this" | "today" | "yesterday" => whole(end)?,
            _ if first.is_in(&lists().until) => until(whole(rest)?),
            _ if first.is_in(&lists().during) => last(rest, context).or_else(|| whole(rest))?,
            _ => return None,
        };
        Some((before, days))
    })
}

/// A period; of a month without its year the last one that has begun.
fn one_period(text: &str, context: &Context) -> Option<Days> {
    let of_year = |year: i16| period(&format!("{text} {year}"), context.today);
    period(text, context.today).or_else(|| {
        let this_year = context.today.year();
        let begun = |days: &Days| days.since.is_some_and(|day| day <= context.today);
        let month = text.chars().all(char::is_alphabetic);
        of_year(this_year).filter(begun).or_else(|| of_year(this_year - 1)).filter(|_| month)
    })
}

/// `the last 7 days`, `the past month`.
fn last(words: &[Word], context: &Context) -> Option<Days> {
    let words = without_article(words);
    let (first, rest) = words.split_first().filter(|(first, _)| first.is("last") || first.is("past"))?;
    let (count, unit) = match rest {
        [count, unit] => (count.text, unit),
        [unit] if first.is("past") => ("1", unit),
        _ => return None,
    };
    let unit = match unit.lower.trim_end_matches('s') {
        "day" => 'd',
        "week" => 'w',
        "month" => 'm',
        "year" => 'y',
        _ => return None,
    };
    days(&format!("last-{count}{unit}"), context.today)
}
