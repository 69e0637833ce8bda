//! A message, as it came and as it was read.

use crate::{domain::Interpretation, flow::Answers};

/// A message, as it came and as it was read.
#[derive(Clone, Copy)]
pub(crate) struct Heard<'a> {
    /// Its words.
    pub(crate) text: &'a str,
    /// What was read in them.
    pub(crate) said: &'a Interpretation,
    /// The button that was pressed, or whose words were typed.
    pub(crate) choice: Option<&'a str>,
    /// What that button says, in the person's language.
    pub(crate) title: Option<&'a str>,
    /// The text is the sender's own number, shared by the channel's means.
    pub(crate) own_number: bool,
    /// The same words came just before.
    pub(crate) repeated: bool,
    /// They did, and the same was asked for: whoever is asked once more insists on them.
    pub(crate) insists: bool,
    /// How people answer in words of their own, where something was asked.
    pub(crate) answers: Option<&'a Answers>,
}
