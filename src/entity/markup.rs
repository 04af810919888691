//! Text with names marked by hand, as tests write it: `[P:Ann Ray] of [O:Brackwell Motors]`.

use super::EntityKind;

/// The text without its marks, and where each name is in it, in bytes, and of what kind it is.
pub(super) fn unmarked(marked: &str) -> (String, Vec<(usize, usize, EntityKind)>) {
    let (mut raw, mut spans) = (String::new(), Vec::new());
    for (i, piece) in marked.split('[').enumerate() {
        let (name, rest) = if i == 0 { ("", piece) } else { piece.split_once(']').unwrap() };
        if let Some((kind, name)) = name.split_once(':') {
            let kind = match kind {
                "P" => EntityKind::Person,
                "O" => EntityKind::Organization,
                _ => EntityKind::Place,
            };
            spans.push((raw.len(), raw.len() + name.len(), kind));
            raw.push_str(name);
        }
        raw.push_str(rest);
    }
    (raw, spans)
}
