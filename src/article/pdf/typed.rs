//! Text whose lines have numbers before them, as courts have each page typed.

use super::layout::Line;
use super::paragraphs::{opens_turn, paragraphs};

/// The paragraphs of such a text, without the numbers and without what is above and below the numbers of a page; none for a text
/// without turns.
pub(in super::super) fn numbered(text: &str) -> Option<Vec<String>> {
    const FEWEST: usize = 5;
    const TURNS: usize = 2;
    let mut head: Vec<&str> = Vec::new();
    let mut pages: Vec<Vec<Line>> = Vec::new();
    let mut between: Vec<Line> = Vec::new();
    let (mut last, mut found, mut others) = (0, 0, 0);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if let Some((number, said)) = number(line).filter(|(number, _)| *number == last + 1 || *number == 1) {
            if number == 1 {
                pages.push(Vec::new());
                between.clear();
            }
            let page = pages.last_mut()?;
            page.append(&mut between);
            page.push(typed(line, said, number));
            last = number;
            found += 1;
            continue;
        }
        others += 1;
        if pages.is_empty() {
            head.extend(line.contains(char::is_alphabetic).then(|| line.trim()));
        } else {
            between.push(typed(line, line.trim(), last));
        }
    }
    let turns = pages.iter().flatten().filter(|line| opens_turn(&line.text)).count();
    if found < FEWEST || found < 2 * others || turns < TURNS {
        return None;
    }
    for page in &mut pages {
        page.retain(|line| !line.text.is_empty());
    }
    let pages: Vec<Vec<Vec<Line>>> = pages.into_iter().map(|page| vec![page]).collect();
    let head = head.into_iter().map(str::to_owned);
    Some(head.chain(paragraphs(&pages).into_iter().map(|paragraph| paragraph.text)).collect())
}

/// The number that a line begins with, and what is behind it.
fn number(line: &str) -> Option<(u32, &str)> {
    let line = line.trim();
    let (number, said) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    Some((number.parse().ok().filter(|_| number.len() <= 2)?, said.trim()))
}

/// What a line says, where a typewriter puts it.
fn typed(line: &str, said: &str, number: u32) -> Line {
    const SIZE: f32 = 10.0;
    let width = |text: &str| 0.6 * SIZE * text.chars().count() as f32;
    let x0 = width(line.trim_end()) - width(said);
    Line { x0, x1: x0 + width(said), y: -1.2 * SIZE * number as f32, size: SIZE, text: said.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_and_turns_are_paragraphs() {
        let page = "                                  14\n 1            MR. HOLT: The witness is ready to go\n 2   on from there.\n\
                    3            THE COURT: You may proceed.\n 4       Q.   When did you leave the mill,\n 5   and why?\n\
                    6       A.   At six. I locked the doors\n 7   and went home.\n\n          RIVER REPORTERS 555-0100\n";
        let turns = [
            "MR. HOLT: The witness is ready to go on from there.",
            "THE COURT: You may proceed.",
            "Q.   When did you leave the mill, and why?",
            "A.   At six. I locked the doors and went home.",
        ];
        assert_eq!(numbered(page).unwrap(), turns);
        let next = "15\n1        Q.   Who saw you?\n2        A.   Nobody, and I\n3   saw nobody.\n";
        let both = [&turns[..], &["Q.   Who saw you?", "A.   Nobody, and I saw nobody."]].concat();
        assert_eq!(numbered(&format!("{page}{next}")).unwrap(), both);
        let entitled = format!("Hearing of 4 March\n{page}");
        assert_eq!(numbered(&entitled).unwrap(), [&["Hearing of 4 March"], &turns[..]].concat());
    }

    #[test]
    fn headings_between_turns_are_paragraphs() {
        let page = "1          MR. HOLT:  The State calls Ann Ray.\n2                       ANN RAY,\n\
                    3    having been duly sworn, testified as follows:\n4                    DIRECT EXAMINATION\n5    BY MR. HOLT:\n\
                    6       Q    When did you leave?\n7       A    At six.  I locked the doors\n8    and went home.\n9       Q    Who saw you?\n";
        let expect = [
            "MR. HOLT:  The State calls Ann Ray.",
            "ANN RAY, having been duly sworn, testified as follows:",
            "DIRECT EXAMINATION",
            "BY MR. HOLT:",
            "Q    When did you leave?",
            "A    At six.  I locked the doors and went home.",
            "Q    Who saw you?",
        ];
        assert_eq!(numbered(page).unwrap(), expect);
    }

    #[test]
    fn lists_keep_their_numbers() {
        for list in [
            "1 Lock gates\n2 Weirs\n3 Quays\n4 Boats\n5 Dues\n",
            "1 Q. Who pays?\n2 A. We do.\n",
            "1. Who pays?\n2. Who waits?\n3. Who asks?\n4. Who goes?\n5. Who stays?\n",
            "Q. Who pays?\nA. We do.\nQ. Why?\nA. The law.\n1 of us\n",
        ] {
            assert_eq!(numbered(list), None, "{list}");
        }
    }
}
