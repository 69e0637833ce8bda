//! EPITOME's three mechanisms (Sharma et al., EMNLP 2020), each 0 none, 1 weak, 2 strong, by cue words of our own.
//!
//! Made by hand: what the paper's definitions ask for, turned into phrases, on 50 replies labelled by hand (`tests/drafts.jsonl`); how well it agrees with labels of
//! replies that it was not made on is in `docs/understanding.md`. It reads what is said, not how well it fits.

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

/// Care in a word or two.
static WARM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:i'm|i am|we're|we are) (?:so |very |really |truly )*(?:sorry|glad)\b|\b(?:and|,) (?:i'm )?sorry\b|\bthank you for (?:telling|taking|letting|writing|sharing|trusting|looking|not looking|speaking|raising|coming)|\bthank you, that's\b|\blovely to hear\b|\bi care\b|\bkind of you\b|\bi'm staying here\b",
    )
});
/// Care for this person's very trouble, or staying by them.
static WARM_SPECIFIC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\bsorry (?:about|that|you|she|he|your|nobody|it|this|to hear|for (?:your|the (?:loss|worry|pain|fear)|what))\b[^.!?]{6,}|\b(?:nobody|no one|you|your \w+) should(?:n't| not| never)? (?:have|hear|be)\b|\bso (?:very )?sorry\b|\bi'm (?:with you|staying with you|here with you)\b|\bi am with you\b",
    )
});
/// Understanding, said rather than shown.
static SEES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:i (?:do )?understand|i (?:can )?(?:see|hear|imagine)\b (?:that you|you|why|how|it|they|what)|i know how|i can hear that|makes sense|hard to (?:follow|get|hear)|has been so hard|can't have been easy|you were left|you told them|a name matters|your body|every right to|(?:two|three|four|five|six|seven|eight|nine|ten) (?:hours|days|weeks|mornings|missed)|that's (?:two|three|four|five))\b",
    )
});
/// The feeling and its cause, in the replier's own words.
static SEES_CAUSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\bmust (?:have been|be|weigh|feel|have felt|make|have made)\b|\bno wonder\b|\bof course you(?:'re| are)\b|\bi (?:can )?(?:see|hear) how (?:\w+ )?(?:angry|frightening|worrying|worried|hard|upsetting|painful|difficult|scared|hurt)|\bsounds (?:\w+ )?(?:frightening|hard|upsetting|worrying|awful|painful|exhausting)|\b(?:is|was) (?:a )?(?:hurtful|humiliating|frightening|exhausting|painful|degrading|upsetting|terrifying|horrible)\b|\bwears anyone down\b|\byou (?:sat|held|waited|stayed|came) [^.!?]*\band then\b",
    )
});
/// An open door.
static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:what happened|tell me (?:what|the|more)|anything else|what were you|is it safe|what (?:would you like|do you need)|would you like to (?:tell|say|talk))\b",
    )
});
/// A question after how they are or what they went through.
static ASKS_OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:are you (?:hurt|safe|all right|ok|alone|in pain|somewhere safe)|how (?:are you|is (?:she|he|your \w+)|did (?:that|it) (?:leave|feel))|what would help|did you need|were you hurt|is any(?:one|body) (?:in danger|hurt|with you)|what (?:worries|frightens|hurt) you)\b[^.!?]*\?",
    )
});

impl Empathy {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        let text = text.replace('\u{2019}', "'");
        let level = |weak: &Regex, strong: &Regex| {
            let strong = strong.is_match(&text);
            u8::from(strong || weak.is_match(&text)) + u8::from(strong)
        };
        Self {
            emotional_reaction: level(&WARM, &WARM_SPECIFIC),
            interpretation: level(&SEES, &SEES_CAUSE),
            exploration: level(&ASKS, &ASKS_OPEN),
        }
    }

    /// The levels by the name of their mechanism.
    pub const fn levels(self) -> [(&'static str, u8); 3] {
        [
            ("emotional_reaction", self.emotional_reaction),
            ("interpretation", self.interpretation),
            ("exploration", self.exploration),
        ]
    }
}
