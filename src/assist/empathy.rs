//! EPITOME's three mechanisms (Sharma et al., EMNLP 2020), each 0 none, 1 weak, 2 strong, by cue words.
//!
//! A first scorer: it counts what is said, not how well it fits. Its agreement with hand labels has not been measured yet.

use regex::Regex;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Levels of empathy in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Empathy {
    /// Warmth and care.
    pub emotional_reaction: u8,
    /// Showing that the feeling and its cause are understood.
    pub interpretation: u8,
    /// Asking gently after what was not said.
    pub exploration: u8,
}

fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?i){text}")).expect("the program's own patterns are tested")
}

static WARM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:i'm|i am|we're|we are) (?:so |very |really |truly )?(?:sorry|glad|here (?:with|for) you|staying)\b|\bthank you for (?:telling|taking|letting|writing|sharing)|\bi(?:'m| am) with you\b|\bi care\b",
    )
});
static WARM_SPECIFIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\bsorry (?:about|that|you|to hear|for (?:your|what)|nobody|it)\b[^.!?]{6,}|\bnobody should\b|\bstaying (?:here )?with you|\bso sorry\b",
    )
});
static SEES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:understand|i (?:can )?(?:see|hear|imagine)|sounds|that must|must (?:have been|be|weigh)|no wonder)\b",
    )
});
static SEES_CAUSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:must (?:have been|be|weigh)|i can (?:see|hear) (?:why|how|that)|sounds (?:\w+ )?(?:frightening|hard|upsetting|worrying|awful|painful|exhausting)|no wonder)\b[^.!?]*",
    )
});
static ASKS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\?"));
static ASKS_OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:what would (?:help|you)|how (?:are|is|did|has)|are you (?:safe|all right|ok)|could you tell me|would you like to tell|is there anything|what happened|who (?:was|did)|do you remember|do you know)\b[^.!?]*\?",
    )
});

impl Empathy {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        let level = |weak: &Regex, strong: &Regex| {
            u8::from(weak.is_match(text) || strong.is_match(text)) + u8::from(strong.is_match(text))
        };
        Self {
            emotional_reaction: level(&WARM, &WARM_SPECIFIC),
            interpretation: level(&SEES, &SEES_CAUSE),
            exploration: level(&ASKS, &ASKS_OPEN),
        }
    }
}
