//! What is wrong with a file, and where.

use super::source::Texts;
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
    /// The line itself, once it was looked up.
    pub shown: Option<String>,
}

/// Longest stretch of a line that is shown, in characters.
const SHOWN: usize = 160;

impl FlowError {
    /// A mistake of the whole file.
    pub fn whole(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            column: None,
            message: message.into(),
            shown: None,
        }
    }

    /// A mistake at a place.
    pub fn at(file: &str, place: serde_saphyr::Location, message: impl Into<String>) -> Self {
        Self {
            line: Some(place.line()),
            column: Some(place.column()),
            ..Self::whole(file, message)
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

    /// Looks the line up, so that it can be shown.
    #[must_use]
    pub fn with_line(mut self, texts: &Texts) -> Self {
        if let (Some(line), Ok(text)) = (self.line, texts.get(&self.file)) {
            let line = text.lines().nth((line as usize).saturating_sub(1));
            self.shown = line.map(|l| {
                let clean = l.chars().map(|c| if c.is_control() { ' ' } else { c });
                clean.take(SHOWN).collect()
            });
        }
        self
    }
}

impl fmt::Display for FlowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(line), Some(column)) = (self.line, self.column) else {
            return write!(f, "{}: {}", self.file, self.message);
        };
        write!(f, "{}:{line}:{column}: {}", self.file, self.message)?;
        if let Some(shown) = self.shown.as_ref().filter(|s| !s.trim().is_empty()) {
            write!(f, "\n{line:>5} | {shown}")?;
            let column = column as usize;
            if (1..=SHOWN).contains(&column) {
                write!(f, "\n      | {}^", " ".repeat(column - 1))?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for FlowError {}
