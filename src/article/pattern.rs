//! Patterns of paths: `*` for a part of a name, `{field}` for a part that is kept.

use rustc_hash::FxHashSet;

/// A pattern that fits the end of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern<F> {
    written: String,
    parts: Vec<Part<F>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part<F> {
    Text(String),
    Any,
    Field(F),
}

impl<F: Copy> Pattern<F> {
    /// Reads a pattern; none if it names an unknown field.
    pub(super) fn read(written: &str, field: impl Fn(&str) -> Option<F>) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some(at) = rest.find(['*', '{']) {
            let (text, special) = rest.split_at(at);
            if !text.is_empty() {
                parts.push(Part::Text(text.to_owned()));
            }
            if let Some(after) = special.strip_prefix('*') {
                parts.push(Part::Any);
                rest = after.trim_start_matches('*');
            } else {
                let (name, after) = special.get(1..)?.split_once('}')?;
                parts.push(Part::Field(field(name)?));
                rest = after;
            }
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        (!parts.is_empty()).then(|| Pattern { written: written.to_owned(), parts })
    }

    pub(super) fn has_fields(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Field(_)))
    }

    pub(super) fn written(&self) -> &str {
        &self.written
    }

    /// The fields of a path that the pattern fits from the beginning of a name to the end; values are such as `is_value` takes.
    pub(super) fn find<'p>(&self, path: &'p str, is_value: &dyn Fn(F, &str) -> bool) -> Option<Vec<(F, &'p str)>> {
        let starts = std::iter::once(0).chain(path.match_indices(['/', '\\']).map(|(at, _)| at + 1));
        let mut failed = FxHashSet::default();
        starts.into_iter().find_map(|start| {
            let mut found = Vec::new();
            fits(&self.parts, path, start, is_value, &mut failed, &mut found).then_some(found)
        })
    }
}

/// Whether parts fit the path from a byte on. What failed once is not tried again, so this is linear in parts times bytes squared.
fn fits<'p, F: Copy>(
    parts: &[Part<F>],
    path: &'p str,
    at: usize,
    is_value: &dyn Fn(F, &str) -> bool,
    failed: &mut FxHashSet<(usize, usize)>,
    found: &mut Vec<(F, &'p str)>,
) -> bool {
    let Some((first, rest)) = parts.split_first() else { return at == path.len() };
    let Some(left) = path.get(at..) else { return false };
    if failed.contains(&(parts.len(), at)) {
        return false;
    }
    let fit = match first {
        Part::Text(text) => {
            left.starts_with(text.as_str()) && fits(rest, path, at + text.len(), is_value, failed, found)
        }
        Part::Any | Part::Field(_) => {
            let name = left.find(['/', '\\']).unwrap_or(left.len());
            let ends = left.char_indices().map(|(end, _)| end).chain([left.len()]).take_while(|end| *end <= name);
            ends.collect::<Vec<_>>().into_iter().any(|end| {
                let value = left.get(..end).unwrap_or_default();
                let kept = if let Part::Field(field) = first { Some(*field) } else { None };
                if kept.is_some_and(|field| !is_value(field, value)) {
                    return false;
                }
                let before = found.len();
                found.extend(kept.map(|field| (field, value)));
                let fit = fits(rest, path, at + end, is_value, failed, found);
                if !fit {
                    found.truncate(before);
                }
                fit
            })
        }
    };
    if !fit {
        failed.insert((parts.len(), at));
    }
    fit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, path: &str, expect: Option<&[(char, &str)]>) {
        let pattern = Pattern::read(pattern, |name| name.chars().next()).unwrap();
        let is_value = |field: char, value: &str| !value.is_empty() && (field != 'd' || value.len() == 10);
        assert_eq!(pattern.find(path, &is_value).as_deref(), expect, "{path}");
    }

    #[test]
    fn patterns_fit_the_end_of_a_path() {
        check("{outlet}/{date}-*.txt", "a/Post/2025-05-16-talks.txt", Some(&[('o', "Post"), ('d', "2025-05-16")]));
        check("{outlet}/{date}-*.txt", "a/Post/talks.txt", None);
        check("{outlet}/*/*.html", "Post/2025/talks.html", Some(&[('o', "Post")]));
        check("*.doc", "a/b.doc", Some(&[]));
        check("*.doc", "a/b.docx", None);
        check("{o}-{s}.txt", "Gazette-World News.txt", Some(&[('o', "Gazette"), ('s', "World News")]));
        check(&"*a".repeat(20), &"b".repeat(200), None);
    }
}
