//! Where a paragraph is in its source, as one cites it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A page of a document, or a moment of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Locator {
    /// From 1.
    Page(u32),
    /// In seconds from the beginning.
    Time(u32),
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Locator::Page(number) => write!(f, "page {number}"),
            Locator::Time(seconds) if seconds < 3600 => write!(f, "{}:{:02}", seconds / 60, seconds % 60),
            Locator::Time(seconds) => {
                write!(f, "{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
            }
        }
    }
}

impl From<Locator> for String {
    fn from(locator: Locator) -> Self {
        locator.to_string()
    }
}

impl TryFrom<String> for Locator {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let page = text.strip_prefix("page ").and_then(|number| number.parse().ok()).map(Locator::Page);
        page.or_else(|| Locator::time(&text)).ok_or_else(|| format!("`{text}` is no page and no time"))
    }
}

impl Locator {
    /// A time such as `12:34`, `1:02:03`, `00:00:01.500` or `00:00:04,000`.
    pub(super) fn time(text: &str) -> Option<Self> {
        let whole = text.split(['.', ',']).next()?;
        let parts: Vec<u32> = whole.split(':').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
        if !(2..=3).contains(&parts.len()) {
            return None;
        }
        parts.into_iter().try_fold(0u32, |sum, part| sum.checked_mul(60)?.checked_add(part)).map(Locator::Time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locators_read_as_they_are_written() {
        for (text, locator) in [
            ("page 3", Locator::Page(3)),
            ("0:09", Locator::Time(9)),
            ("12:34", Locator::Time(754)),
            ("1:02:03", Locator::Time(3723)),
        ] {
            assert_eq!(Locator::try_from(text.to_owned()), Ok(locator));
            assert_eq!(locator.to_string(), text);
        }
        assert_eq!(Locator::time("00:01:01,500"), Some(Locator::Time(61)));
        assert!(Locator::try_from("soon".to_owned()).is_err());
    }
}
