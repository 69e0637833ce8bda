//! The queue's order: danger, then priority, then distress, then waiting time.

use crate::domain::{Conversation, Emotion, QueueEntry, Timestamp};
use std::cmp::Reverse;

/// Distress in percent above which it moves somebody forward.
const DISTRESSED: u8 = 50;

/// What decides a place; smaller is served first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    danger: Reverse<bool>,
    priority: Reverse<crate::domain::conversation::Priority>,
    /// In steps of ten percent, so that a hair's breadth of feeling does not outweigh ten minutes of waiting.
    distress: Reverse<u8>,
    since: Timestamp,
}

/// The place of a conversation in the queue.
pub fn order(conversation: &Conversation, entry: &QueueEntry) -> Place {
    Place {
        danger: Reverse(conversation.red_flag.is_some()),
        priority: Reverse(entry.priority),
        distress: Reverse(distress(conversation) / 10),
        since: entry.since,
    }
}

fn distress(conversation: &Conversation) -> u8 {
    match conversation.emotion {
        Emotion::Upset | Emotion::Sad | Emotion::Anxious
            if conversation.intensity.0 >= DISTRESSED =>
        {
            conversation.intensity.0
        }
        _ => 0,
    }
}

/// Why it is there, as short names that the desk words: `danger:self_harm`, `priority:urgent`, `distress:sad`,
/// `waiting:340`, `overdue`, `callback`, `reason:…`.
pub fn why(conversation: &Conversation, entry: &QueueEntry, now: Timestamp) -> Vec<String> {
    let mut why = Vec::new();
    if let Some(flag) = conversation.red_flag {
        why.push(format!("danger:{}", flag.name()));
    }
    why.push(format!("priority:{}", entry.priority.name()));
    if distress(conversation) > 0 {
        why.push(format!("distress:{}", conversation.emotion.name()));
    }
    why.push(format!("waiting:{}", now.seconds_since(entry.since)));
    if entry.overdue {
        why.push("overdue".to_owned());
    }
    if entry.waiting != crate::domain::conversation::Waiting::Stay {
        why.push(entry.waiting.name().to_owned());
    }
    why.push(format!("reason:{}", entry.reason));
    why
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        ConversationId, RedFlag,
        conversation::{Priority, Waiting},
        interpretation::Intensity,
    };

    fn waiting(
        since: i64,
        priority: Priority,
        emotion: Emotion,
        intensity: u8,
        red_flag: Option<RedFlag>,
    ) -> (Conversation, QueueEntry) {
        let mut c = Conversation::new(ConversationId(uuid::Uuid::nil()), "web", "x", Timestamp(0));
        c.emotion = emotion;
        c.intensity = Intensity(intensity);
        c.red_flag = red_flag;
        let entry = QueueEntry {
            entered: None,
            since: Timestamp(since),
            priority,
            team: String::new(),
            reason: "speak_to_human".into(),
            waiting: Waiting::Stay,
            check_ins: 0,
            overdue: false,
        };
        (c, entry)
    }

    #[test]
    fn danger_comes_before_priority_before_distress_before_waiting() {
        let in_order = [
            waiting(
                900,
                Priority::Emergency,
                Emotion::Neutral,
                0,
                Some(RedFlag::SelfHarm),
            ),
            waiting(800, Priority::Urgent, Emotion::Neutral, 0, None),
            waiting(700, Priority::Routine, Emotion::Sad, 90, None),
            waiting(600, Priority::Routine, Emotion::Upset, 60, None),
            waiting(100, Priority::Routine, Emotion::Neutral, 0, None),
            waiting(200, Priority::Routine, Emotion::Upset, 20, None),
        ];
        let places: Vec<Place> = in_order.iter().map(|(c, e)| order(c, e)).collect();
        assert!(places.is_sorted(), "{places:?}");
    }
}
