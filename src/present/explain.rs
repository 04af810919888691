//! How a query was read, which variants were searched for, and why an article does not match.

use std::io::{self, Write};

use super::harmless::one_line;
use super::phrase::thousands;
use super::style::{Look, Mark};
use super::wrap::Marked;
use crate::search::{ExplainedPart, Response, Verdict};

/// Writes how the query was read, what each part finds, and which variants were used, if that was requested.
pub fn reading(out: &mut impl Write, look: Look, answer: &Response) -> io::Result<()> {
    if answer.explained.is_empty() {
        return Ok(());
    }
    Marked::default().with(Mark::Heading, "read as ").with(Mark::Plain, &answer.asked()).write(out, look, "", "  ")?;
    // A note explains a missing count.
    let count = |part: &ExplainedPart| if part.note.is_some() { "?".to_owned() } else { thousands(part.count) };
    let counts: Vec<String> = answer.explained.iter().map(count).collect();
    let width = counts.iter().map(String::len).max().unwrap_or(0);
    for (part, count) in answer.explained.iter().zip(&counts) {
        let indent = "  ".repeat(part.depth as usize + 1);
        look.paint(out, Mark::Aside, &format!("  {count:>width$}"))?;
        write!(out, "{indent}{}", one_line(&part.text))?;
        if let Some(note) = &part.note {
            look.paint(out, Mark::Aside, &format!("  ({})", one_line(note)))?;
        }
        writeln!(out)?;
    }
    expansions(out, look, answer)?;
    writeln!(out)
}

fn expansions(out: &mut impl Write, look: Look, answer: &Response) -> io::Result<()> {
    for group in answer.expansions.chunk_by(|a, b| a.part == b.part && a.class == b.class) {
        let Some(first) = group.first() else { continue };
        let variants: Vec<String> = group
            .iter()
            .map(|one| match one.count {
                Some(count) => format!("{} ({})", one.variant, thousands(count)),
                None => one.variant.clone(),
            })
            .collect();
        Marked::default()
            .with(Mark::Aside, &format!("{} of {}: ", first.class, first.part))
            .with(Mark::Plain, &variants.join(", "))
            .write(out, look, "  ", "    ")?;
    }
    Ok(())
}

/// Writes which parts of the query the article has, and which it has not.
pub fn verdicts(out: &mut impl Write, look: Look, verdicts: &[Verdict]) -> io::Result<()> {
    for verdict in verdicts {
        let (sign, mark) = if verdict.holds { ("yes ", Mark::Aside) } else { ("no  ", Mark::Highlight) };
        look.paint(out, mark, sign)?;
        write!(out, "{}{}", "  ".repeat(verdict.depth as usize), one_line(&verdict.text))?;
        if let Some(note) = &verdict.note {
            look.paint(out, Mark::Aside, &format!("  ({})", one_line(note)))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Expansion;

    #[test]
    fn parts_stand_below_each_other_with_their_counts() {
        let part = |depth, text: &str, count| ExplainedPart { depth, text: text.into(), count, note: None };
        let variant = |class: &str, variant: &str, count| Expansion {
            part: "\"pay deal\"".into(),
            class: class.into(),
            variant: variant.into(),
            count: Some(count),
        };
        let answer = Response {
            read_as: "(speaker:ode AND \"pay deal\")".into(),
            expansions: vec![
                variant("forms", "pay deals", 2),
                variant("forms", "pay-deal", 1),
                variant("synonyms", "wage deal", 4),
            ],
            total: 1,
            explained: vec![part(0, "AND", 1), part(1, "speaker:ode", 12), part(1, "\"pay deal\"", 7)],
            ..Response::default()
        };
        let mut out = Vec::new();
        reading(&mut out, Look::PLAIN, &answer).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r#"
        read as (speaker:ode AND "pay deal")
           1  AND
          12    speaker:ode
           7    "pay deal"
          forms of "pay deal": pay deals (2), pay-deal (1)
          synonyms of "pay deal": wage deal (4)
        "#);
    }
}
