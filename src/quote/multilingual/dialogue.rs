//! Dialogue behind dashes: `– Nein, sagt Anna. – …`, `—Voy —dijo Ana—. Espera.`

use std::ops::Range;

use super::{Found, LONGEST_HOST, Reader};

/// How sure such a turn is, with an attribution.
const SURE: f32 = 0.85;

/// Finds the turns of paragraphs that start with a dash and say who speaks.
pub(super) fn find(reader: &Reader) -> Vec<Found> {
    if !reader.pack.speech.dashes {
        return Vec::new();
    }
    reader.text.paragraphs.iter().filter_map(|paragraph| turn(reader, paragraph.tokens())).collect()
}

fn turn(reader: &Reader, paragraph: Range<usize>) -> Option<Found> {
    if !reader.dash(paragraph.start) || paragraph.len() < 4 {
        return None;
    }
    // Where an attribution is looked for.
    let near = |part: &Range<usize>| part.start..part.end.min(part.start + LONGEST_HOST);
    let dashes: Vec<usize> = paragraph.clone().filter(|&i| reader.dash(i) && reader.outside(i)).collect();
    let mut content: Vec<Range<usize>> = Vec::new();
    let (mut cue, mut source) = (None, None);
    let mut ends = dashes.iter().skip(1).copied().chain(std::iter::once(paragraph.end));
    for &dash in &dashes {
        let part = dash + 1..ends.next().unwrap_or(paragraph.end);
        let first = (part.start..part.end).take(5);
        let verb = reader.cues(&near(&part)).into_iter().find(|found| first.clone().any(|i| i == found.at.start));
        match verb.filter(|_| cue.is_none() && !content.is_empty()) {
            Some(found) => {
                source = found.source;
                cue = Some(found.at);
                // `—dijo Ana—. Espera.` and `– sagt Anna. Warte!`: what follows a full stop is said again.
                let stop = (part.start..part.end).find(|&i| matches!(reader.word(i), "." | "!" | "?"));
                if let Some(stop) = stop.filter(|stop| stop + 2 < part.end) {
                    content.push(stop + 1..part.end);
                }
            }
            None => content.push(part),
        }
    }
    if cue.is_none() {
        // `– Non, répond Anne.`: the attribution follows a comma.
        let whole = paragraph.start + 1..paragraph.end;
        let found = reader.cues(&near(&whole)).into_iter().find(|found| {
            found.at.start > whole.start && matches!(reader.word(found.at.start - 1), "," | "!" | "?" | "…")
        })?;
        source = reader.source(&near(&(found.at.start..paragraph.end)), &found);
        let spoken = paragraph.start + 1..found.at.start - 1;
        content = vec![spoken];
        cue = Some(found.at.clone());
    }
    let stray =
        |i: &usize| !reader.is_word(*i) && !matches!(reader.word(*i), "!" | "?" | "…" | "¿" | "¡" | "." | "«" | "»");
    let trim = |run: Range<usize>| {
        let start = run.start + run.clone().take_while(stray).count();
        start..run.end - (start..run.end).rev().take_while(stray).count()
    };
    let content: Vec<Range<usize>> =
        content.into_iter().map(trim).filter(|run| reader.words_in(run.clone()) > 0).collect();
    source.as_ref()?;
    Some(Found { content, cue, source, inferred: false, confidence: SURE, marks_alone: false, verbatim: true })
}
