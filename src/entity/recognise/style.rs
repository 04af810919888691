//! What sort of sentence is around a name.

use crate::entity::tokens::Tokens;
use crate::text::{TokenKind, Unit};

/// What sort of sentence it is: a headline in capitals, a row of a table, running text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    /// Nearly every word in capitals.
    pub(super) capitals: bool,
    /// Quarters of its tokens that are numbers, 0 to 3.
    numbers: u32,
    /// Short, middling, long.
    length: u32,
    stopped: bool,
}

impl Style {
    pub(super) fn of(tokens: &Tokens, sentence: Unit) -> Self {
        let (mut words, mut capitals, mut numbers) = (0, 0, 0);
        for i in sentence.tokens() {
            match tokens.text.tokens.get(i).map(|t| t.kind) {
                Some(TokenKind::Word) => {
                    words += 1;
                    capitals += usize::from(!tokens.word(i).chars().any(char::is_lowercase));
                }
                Some(TokenKind::Number) => numbers += 1,
                Some(TokenKind::Mark) | None => {}
            }
        }
        let all = sentence.tokens().len().max(1);
        Style {
            capitals: words > 1 && capitals * 10 >= words * 8,
            numbers: (numbers * 4 / all).min(3) as u32,
            length: match all {
                0..=4 => 0,
                5..=12 => 1,
                _ => 2,
            },
            stopped: tokens.word((sentence.end as usize).saturating_sub(1)) == ".",
        }
    }

    pub(super) fn value(self) -> u32 {
        1 + u32::from(self.capitals) + 2 * self.numbers + 8 * self.length + 32 * u32::from(self.stopped)
    }
}
