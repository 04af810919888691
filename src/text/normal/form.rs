//! The form of one word: as written, its normal form, and whether the one gives the other away.

use super::fold::fold;
use super::inflect::inflect;
use super::number::{Number, Numeral, numeral};
use super::piece::{Piece, PieceKind, inner};
use super::quantity::digits;
use super::unit::unit;

/// Appends the folded word, apostrophes left out.
pub(super) fn word(piece: Piece, text: &str, out: &mut String) {
    if piece.kind == PieceKind::Contracted {
        inner(piece, text).for_each(|span| fold(span.of(text), out));
    } else {
        fold(piece.span.of(text), out);
    }
}

/// Appends the normal form of a single piece.
pub(super) fn normal(piece: Piece, text: &str, out: &mut String) {
    if piece.kind == PieceKind::Digits {
        let written = piece.span.of(text);
        // `F-16s` and `under-21s` are several of them; decades have a reading of their own.
        if let Some(number) = digits(written).or_else(|| several(written)) {
            return number.write(out);
        }
    }
    let from = out.len();
    word(piece, text, out);
    let folded = out.get(from..).unwrap_or("");
    let replacement = match numeral(folded) {
        Some(Numeral::Count(n)) => Some(Number::whole(u128::from(n))),
        Some(Numeral::Rank(n)) => Some(Number::ordinal(u128::from(n))),
        Some(Numeral::Scale(power)) => Number::whole(1).times(power),
        None => None,
    };
    if let Some(number) = replacement {
        out.truncate(from);
        number.write(out);
    } else if let Some(unit) = unit(folded) {
        out.truncate(from);
        out.push_str(unit);
    } else {
        inflect(out, from);
    }
}

/// Reads `16s` as 16.
fn several(written: &str) -> Option<Number> {
    let digits = written.strip_suffix(['s', 'S'])?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| Number::digits(digits))?
}

/// True if `word` can be found by its normal form without that being posted beside it: if it is among the few words that
/// start as [`head`] says.
pub(super) fn implied(word: &str, normal: &str) -> bool {
    /// Regular endings are no longer: `stopping` of `stop`.
    const ENDING: usize = 5;
    let letters = word.bytes().all(|b| b.is_ascii_lowercase());
    letters && word.starts_with(head(normal)) && word.len() <= normal.len() + ENDING
}

/// The stem of a folded word, as that of all words made of it: `immunolog` of `immunology` and `immunological`.
pub fn stem(word: &str) -> String {
    frostem::Stemmer::new(frostem::Algorithm::English).stem(word).into_owned()
}

/// How every word starts that implies the normal form `normal`: enough letters that few others start so, few enough
/// that what inflection does to the last ones does not matter.
pub fn head(normal: &str) -> &str {
    let end = normal.len().saturating_sub(1).clamp(3, 5);
    normal.get(..normal.floor_char_boundary(end)).unwrap_or(normal)
}
