//! What a language pack says about the parts of a message.

use serde::Deserialize;
use std::collections::BTreeMap;

/// What a language pack says about parts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClauseRules {
    /// Pronouns that a finite verb follows.
    pub(super) subjects: Vec<String>,
    /// Words that are finite verbs wherever they stand.
    pub(super) verbs: Vec<String>,
    /// Endings of verbs.
    pub(super) endings: Vec<String>,
    /// Endings of verbs that only their accent tells from others.
    pub(super) accented_endings: Vec<String>,
    /// Words with such an ending that are none.
    pub(super) no_verbs: Vec<String>,
    /// Words that are verbs only at the start: commands.
    pub(super) commands: Vec<String>,
    /// Words that lead to an answer, anchored at the start of the part.
    pub(super) leads: BTreeMap<String, Vec<String>>,
    /// Words before a lead or an answer that add nothing.
    pub(super) openers: Vec<String>,
    /// Words after an answer that add nothing.
    pub(super) tails: Vec<String>,
    /// Where a sentence turns to another thing; the part begins with the match.
    pub(super) turns: Vec<String>,
    /// Abbreviations after which a full stop ends no sentence.
    pub(super) abbreviations: Vec<String>,
    /// What says that something is not meant; the first group is what is not.
    pub(super) excludes: Vec<String>,
    /// Words of looks.
    pub(super) looks: Vec<String>,
    /// Words of time that are no days.
    pub(super) times: Vec<String>,
    /// Words that are no part of a name.
    pub(super) no_names: Vec<String>,
    /// What makes a wish.
    pub(super) wishes: Vec<String>,
    /// What makes a question, beside its sign.
    pub(super) questions: Vec<String>,
    /// Words of what is over: a question with one of them is part of the story.
    pub(super) past: Vec<String>,
    /// How questions begin that are put to whoever reads them.
    pub(super) present: Vec<String>,
    /// Questions that want no answer.
    pub(super) rhetoric: Vec<String>,
    /// A greeting with which a message begins.
    pub(super) greets: Vec<String>,
    /// Words that say nothing by themselves.
    pub(super) filler: Vec<String>,
    /// First words with which a part goes on with the one before.
    pub(super) goes_on: Vec<String>,
}
