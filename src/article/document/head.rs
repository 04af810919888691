//! What is above the text of a document, below its headline: who wrote it, and the day.

use super::super::problem::shown;
use super::super::{Article, DateOrigin, byline, date};

/// Reads byline and day from the lines above the text, which stay: no line of a document is left out.
pub(in super::super) fn read(article: &mut Article) {
    const MOST: usize = 6;
    const LONGEST: usize = 100;
    const WORDS_OF_A_DATE: usize = 6;
    let Article { meta, text, paragraphs, warnings, .. } = article;
    for (number, line) in paragraphs.iter().take(MOST).map(|span| span.of(text)).enumerate() {
        // A headline may be long, what is below it is short.
        if line.len() > LONGEST {
            if number == 0 {
                continue;
            }
            break;
        }
        let names = if number > 0 && meta.byline.is_empty() { byline::line(line, false) } else { None };
        // `By Ann Ray | 8 October 2024`
        let is_byline = names.is_some();
        meta.byline.extend(names.into_iter().flatten());
        let is_short = is_byline || line.split_whitespace().count() <= WORDS_OF_A_DATE;
        if meta.published.is_none() && has_year(line) && is_short {
            // `PRESS RELEASE 8 October 2024`
            let tails = std::iter::once(0).chain(line.match_indices(' ').map(|(space, _)| space + 1));
            let mut read = tails.filter_map(|at| date::read(line.get(at..)?, None, DateOrigin::Page));
            if let Some((published, is_ambiguous)) = read.next() {
                if is_ambiguous {
                    warnings.push(format!("date `{}` was read as month/day/year", shown(line)));
                }
                meta.published = Some(published);
            }
        }
    }
}

/// True for a line with the four digits of a year.
fn has_year(line: &str) -> bool {
    let mut numbers = line.split(|c: char| !c.is_ascii_digit());
    numbers.any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")))
}

#[cfg(test)]
mod tests {
    use super::super::super::Meta;
    use super::*;

    #[track_caller]
    fn check(text: &str, byline: &[&str], day: Option<&str>) {
        let mut article = Article::from_parts(Meta::default(), text.split("\n\n").map(|paragraph| (paragraph, None)));
        read(&mut article);
        assert_eq!(article.meta.byline, byline, "{text}");
        assert_eq!(article.meta.published.as_ref().map(|published| published.at.as_str()), day, "{text}");
        assert_eq!(article.text, text);
    }

    #[test]
    fn copy_names_its_writer_and_its_day() {
        let story = "The harbour board met for six hours on Monday and put off the vote on the new quay until the spring of the year after.";
        let copy = |lines: &str| format!("Dues rise\n\n{lines}\n\n{story}\n\nBy Bo Lind\n\n4 May 2024");
        check(&copy("By Ann Ray\n\n8 October 2024"), &["Ann Ray"], Some("2024-10-08"));
        check(&copy("October 8, 2024\n\nVon Anna Weber"), &["Anna Weber"], Some("2024-10-08"));
        check(&copy("By Ann Ray | 8 October 2024"), &["Ann Ray"], Some("2024-10-08"));
        check(&copy("By Ann Ray, Bo Lind · Updated October 8, 2024"), &["Ann Ray", "Bo Lind"], Some("2024-10-08"));
        check(&copy("By Ann Ray | Room 2024"), &["Ann Ray"], None);
        check(&copy("The quay"), &[], None);
        check(&format!("PRESS RELEASE 8 October 2024\n\nDues rise\n\n{story}"), &[], Some("2024-10-08"));
        check("Budget 2024\n\nBy the river", &[], None);
    }
}
