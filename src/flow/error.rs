//! What is wrong with a file, and where.

use std::fmt;

/// A mistake in a folder of flows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowError {
    /// The file, from the folder on.
    pub file: String,
    /// Line, from 1; none where the whole file is meant.
    pub line: Option<u64>,
    /// Column, from 1.
    pub column: Option<u64>,
    /// What is wrong and what to do.
    pub message: String,
}

impl FlowError {
    /// A mistake of the whole file.
    pub fn whole(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            column: None,
            message: message.into(),
        }
    }

    /// A mistake at a place.
    pub fn at(file: &str, place: serde_saphyr::Location, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: Some(place.line()),
            column: Some(place.column()),
            message: message.into(),
        }
    }

    /// A file that cannot be read as what it should be.
    pub fn yaml(file: &str, error: &serde_saphyr::Error) -> Self {
        let message = error.without_snippet().to_string();
        // The place stands in front already.
        let message = message
            .split(" at line ")
            .next()
            .unwrap_or(&message)
            .to_owned();
        match error.location() {
            Some(place) => Self::at(file, place, message),
            None => Self::whole(file, message),
        }
    }
}

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => {
                write!(f, "{}:{line}:{column}: {}", self.file, self.message)
            }
            _ => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for FlowError {}
