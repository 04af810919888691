//! What there is to say about how a query was read.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

/// Whether something was read as it was most likely meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It most likely was; this is how.
    Note,
    /// It may not have been.
    Warning,
}

/// A message about how a query was read; in JSON its text alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Warning {
    /// Whether it is only a note.
    pub severity: Severity,
    /// What it is about, in characters from 1; none for the whole query.
    pub column: Option<u32>,
    /// What was done, and what to do about it.
    pub message: String,
}

impl Warning {
    /// A warning about a whole query.
    pub fn new(message: impl Into<String>) -> Self {
        Warning { severity: Severity::Warning, column: None, message: message.into() }
    }

    /// A note about a whole query.
    pub fn note(message: impl Into<String>) -> Self {
        Warning { severity: Severity::Note, ..Warning::new(message) }
    }

    /// The same about what begins after so many characters.
    #[must_use]
    pub fn at(self, column: u32) -> Self {
        Warning { column: Some(column + 1), ..self }
    }
}

impl Display for Warning {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(column) = self.column {
            write!(f, "column {column}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl From<String> for Warning {
    fn from(message: String) -> Self {
        Warning::new(message)
    }
}

impl From<Warning> for String {
    fn from(warning: Warning) -> Self {
        warning.to_string()
    }
}
