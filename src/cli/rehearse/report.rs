//! What came of a rehearsal: what a person saw, what was promised, who was told, what was lost.

use serde::Serialize;
use std::fmt::Write;

/// One line of the talk, as the person saw it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    /// Who wrote: the person's name, or `bot`.
    pub(super) from: String,
    /// What.
    pub(super) text: String,
}

/// Messages of people, counted.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Counted {
    /// Sent by people, each once.
    pub(super) sent: usize,
    /// Of those, taken in.
    pub(super) kept: usize,
    /// Sent, and not there afterwards.
    pub(super) lost: usize,
    /// Those that were there twice.
    pub(super) twice: usize,
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Report {
    /// What was rehearsed.
    pub(super) rehearsal: &'static str,
    /// The moment at which it was rehearsed, RFC 3339.
    pub(super) at: String,
    /// The talk.
    pub(super) talk: Vec<Line>,
    /// Milliseconds until the first reply, of the slowest first message.
    pub(super) first_reply_ms: u64,
    /// What people were promised, in the words that they read.
    pub(super) promised: Vec<String>,
    /// Messages of people.
    pub(super) messages: Counted,
    /// Who was alerted, and of what, in order.
    pub(super) alerted: Vec<String>,
    /// Rungs of the ladder that held, in order.
    pub(super) rungs: Vec<String>,
    /// What else is to be known.
    pub(super) notes: Vec<String>,
    /// Whether all held.
    pub(super) held: bool,
    /// What did not.
    pub(super) failed: Vec<String>,
}

impl Report {
    pub(super) fn of(rehearsal: &'static str) -> Self {
        Self {
            rehearsal,
            ..Self::default()
        }
    }

    /// Something has to be so.
    pub(super) fn expect(&mut self, holds: bool, otherwise: impl Into<String>) {
        if !holds {
            self.failed.push(otherwise.into());
        }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let mut out = format!("Rehearsal: {} (at {})\n\n", self.rehearsal, self.at);
        for line in &self.talk {
            let text = line.text.replace('\n', "\n      ");
            let _ = writeln!(out, "{:>9}: {text}", line.from);
        }
        let mut section = |title: &str, lines: &[String]| {
            if !lines.is_empty() {
                let _ = writeln!(out, "\n{title}:");
                for line in lines {
                    let _ = writeln!(out, "  - {}", line.replace('\n', " "));
                }
            }
        };
        section("Promised", &self.promised);
        section("Alerted", &self.alerted);
        section("Rungs of the ladder", &self.rungs);
        section("Also", &self.notes);
        section("Did not hold", &self.failed);
        let Counted {
            sent,
            kept,
            lost,
            twice,
        } = self.messages;
        let _ = writeln!(
            out,
            "\nFirst reply: {} ms at most. Messages: {sent} sent, {kept} kept, {lost} lost, {twice} twice.\n{}",
            self.first_reply_ms,
            if self.held {
                "All held."
            } else {
                "NOT all held."
            }
        );
        out
    }
}
