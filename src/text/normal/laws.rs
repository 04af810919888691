//! What holds for every text.

use proptest::prelude::*;

use super::*;

/// Texts rich in what the rules turn on.
fn news() -> impl Strategy<Value = String> {
    let bit = prop_oneof![
        Just("one"),
        Just("hundred"),
        Just("thirty"),
        Just("five"),
        Just("million"),
        Just("and"),
        Just("a"),
        Just("1,234"),
        Just("567"),
        Just("1.5bn"),
        Just("0.5"),
        Just("$"),
        Just("US"),
        Just("%"),
        Just("per"),
        Just("cent"),
        Just("dollars"),
        Just("don't"),
        Just("Rubio’s"),
        Just("U"),
        Just("S"),
        Just("."),
        Just(","),
        Just("-"),
        Just(" "),
        Just(" "),
        Just(" "),
        Just(". "),
        Just("é"),
        Just("ceasefires"),
        Just("'"),
        Just("火")
    ];
    proptest::collection::vec(bit, 0..24).prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn spans_slice_the_text_and_positions_rise(text in prop_oneof![news(), "\\PC{0,80}"]) {
        let mut terms = Terms::default();
        terms.read(&text);
        let mut last = 0;
        for term in terms.iter() {
            prop_assert!(text.get(term.span.range()).is_some());
            prop_assert!(term.position >= last && term.position < terms.positions());
            last = term.position;
        }
    }

    #[test]
    fn what_is_remembered_changes_nothing(texts in proptest::collection::vec(prop_oneof![news(), "[A-Za-z’. -]{0,60}"], 1..6)) {
        let mut many = Terms::for_many();
        for text in texts.iter().chain(&texts) {
            let mut one = Terms::default();
            one.read(text);
            many.read(text);
            prop_assert!(one.iter().eq(many.iter()), "{text}");
            prop_assert_eq!(one.positions(), many.positions());
        }
    }

    #[test]
    fn words_imply_their_normal_forms(text in prop_oneof![news(), "[a-z’' -]{0,60}", "\\PC{0,80}"]) {
        let mut terms = Terms::default();
        terms.read(&text);
        let list: Vec<_> = terms.iter().collect();
        for pair in list.windows(2).filter(|pair| pair[1].kind == TermKind::Implied) {
            let (word, normal) = (pair[0].text, pair[1].normal().unwrap());
            let mut found = Vec::new();
            implying(normal, [word, "zeal"].into_iter(), |word| found.push(word));
            prop_assert_eq!(found, [word]);
        }
    }

    #[test]
    fn whatever_has_a_normal_form_is_found_by_it(text in prop_oneof![news(), "[a-z’' -]{0,60}"]) {
        let mut terms = Terms::default();
        terms.read(&text);
        for term in terms.iter().filter(|term| term.kind != TermKind::Implied) {
            if let Some(normal) = term.normal() {
                prop_assert!(class(normal).iter().any(|found| found == term.text), "{:?} in {:?}", term, text);
            }
        }
    }

    #[test]
    fn literals_leave_their_terms(text in news(), from in 0_usize..60, len in 1_usize..30) {
        let chars: Vec<char> = text.chars().collect();
        let Some(slice) = chars.get(from..(from + len).min(chars.len())) else { return Ok(()) };
        let outside = |i: Option<usize>| i.and_then(|i| chars.get(i)).is_none_or(|c| !is_word(*c));
        let starts = !slice.first().is_some_and(|c| is_word(*c)) || outside(from.checked_sub(1));
        let ends = !slice.last().is_some_and(|c| is_word(*c)) || outside(Some(from + slice.len()));
        if !(starts && ends) || slice.contains(&'火') {
            return Ok(());
        }
        let literal: String = slice.iter().collect();
        let mut terms = Terms::default();
        terms.read(&text);
        for pair in needed(&literal) {
            prop_assert!(
                terms.iter().any(|t| pair.iter().any(|p| p == t.text)),
                "{:?} in {:?} needs {:?}, has {:?}", literal, text, pair, terms.iter().map(|t| t.text).collect::<Vec<_>>()
            );
        }
    }
}
