//! Names inside archives, made harmless: they are shown and recorded, never opened, but others may.

/// The longest name that is kept, in bytes.
const LONGEST: usize = 300;

/// The name of a member as it is shown: relative, without `..`, drive letters and control characters, parts joined by `/`.
///
/// `!` parts the places of nested archives, so it is written `%21`.
pub(super) fn harmless(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    let parts =
        name.split(['/', '\\']).map(str::trim).filter(|part| !matches!(*part, "" | "." | "..") && !is_drive(part));
    let mut shown = String::new();
    for part in parts {
        if !shown.is_empty() {
            shown.push('/');
        }
        for character in part.chars().filter(|c| !c.is_control()) {
            match character {
                '!' => shown.push_str("%21"),
                other => shown.push(other),
            }
        }
    }
    shown.truncate(shown.floor_char_boundary(LONGEST));
    if shown.is_empty() { "unnamed".to_owned() } else { shown }
}

fn is_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expect: &str) {
        assert_eq!(harmless(name.as_bytes()), expect);
    }

    #[test]
    fn names_stay_below_the_archive() {
        check("2025/05/talks.html", "2025/05/talks.html");
        check("../../../etc/passwd", "etc/passwd");
        check("/etc/./passwd", "etc/passwd");
        check("C:\\news\\..\\talks.txt", "news/talks.txt");
        check("..", "unnamed");
    }

    #[test]
    fn names_print_on_one_line() {
        check("a\nb\u{1b}[31m.txt\0", "ab[31m.txt");
        check("Breaking!.txt", "Breaking%21.txt");
        check(&"é".repeat(400), &"é".repeat(150));
    }
}
