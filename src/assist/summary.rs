//! What an agent must know before the first word, in five lines, and danger before them.

use crate::{
    domain::{Complaint, Conversation, Emotion, Relation, Slot, conversation::Waiting},
    flow::{Audience, Flows, Vars},
};
use jiff::tz::TimeZone;

/// The slots that a complaint still misses, most wanted first.
pub fn missing(conversation: &Conversation, complaint: Option<&Complaint>) -> Vec<Slot> {
    let Some(complaint) = complaint.filter(|c| !c.complete) else {
        return Vec::new();
    };
    let wanted = [
        Slot::WhatHappened,
        Slot::IncidentWhen,
        Slot::StaffInvolved,
        Slot::IncidentWhere,
        Slot::DesiredOutcome,
        Slot::ContactMethod,
        Slot::ComplainantName,
        Slot::Relation,
    ];
    wanted
        .into_iter()
        .filter(|s| {
            let unreachable = *s == Slot::ContactMethod && complaint.complainant.anonymous;
            !conversation.is_filled(*s) && !unreachable
        })
        .collect()
}

/// One line of a summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The words.
    pub text: String,
    /// What of the person's own telling it rests on, where it does.
    pub about: Option<Slot>,
}

/// The summary, in five lines: who (with tie and feeling), what, wish, promise, what is missing; danger first where
/// there is any.
pub fn summary(
    conversation: &Conversation,
    complaint: Option<&Complaint>,
    opening: &str,
    flows: &Flows,
    zone: &TimeZone,
    language: &str,
) -> Vec<Line> {
    let desk = Audience::of(language);
    let named = |name: &str| flows.named_at_desk(language, name);
    let say = |key: &str, name: &'static str, value: String| {
        let value = if value.trim().is_empty() {
            flows.phrases.say(&desk, "summary.unknown", 0, Vars::new)
        } else {
            value
        };
        let text = flows
            .phrases
            .say(&desk, key, 0, || Vars::from([(name, value.into())]));
        let about = match key {
            "summary.who" => Some(Slot::ComplainantName),
            "summary.what" => Some(Slot::WhatHappened),
            "summary.wants" => Some(Slot::DesiredOutcome),
            _ => None,
        };
        Line { text, about }
    };
    let plain = |key: &str, vars: Vars| flows.phrases.say(&desk, key, 0, || vars);
    let mut lines = Vec::new();
    if let Some(flag) = conversation.red_flag {
        lines.push(say(
            "summary.danger",
            "danger",
            flows.reason_title(flag.name(), language),
        ));
    }
    let told_name = conversation.value_text(Slot::ComplainantName);
    let name = if told_name.is_empty() {
        conversation.name.clone().unwrap_or_default()
    } else {
        told_name
    };
    let affected = complaint.and_then(|c| c.affected_person.as_ref()).map(|a| {
        [a.name.as_deref(), a.relation.as_deref()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ")
    });
    let tie = match conversation.relation {
        Relation::Unknown => String::new(),
        relation => named(relation.name()),
    };
    // Nothing of somebody who is calm.
    let feeling = match conversation.emotion {
        Emotion::Neutral => String::new(),
        emotion => plain(
            "summary.feeling",
            Vars::from([
                ("feeling", named(emotion.name()).into()),
                ("strength", conversation.intensity.0.into()),
            ]),
        ),
    };
    let who = [
        name,
        tie,
        affected
            .map(|a| plain("summary.about", Vars::from([("about", a.into())])))
            .unwrap_or_default(),
        feeling,
    ];
    lines.push(say(
        "summary.who",
        "who",
        who.into_iter()
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join("; "),
    ));

    let incident = complaint.map(|c| &c.incident);
    let story = incident.map_or(opening, |i| i.narrative.as_str());
    let place: Vec<String> = incident
        .map(|i| {
            let other = (i.other_reading.as_ref()).map(|r| format!("{}?", r.from));
            let days = i.from.clone().filter(|_| other.is_some());
            [
                i.when_text.clone(),
                days.map(|d| format!("{d}?")),
                other,
                i.place.clone(),
            ]
            .into_iter()
            .flatten()
            .collect()
        })
        .unwrap_or_default();
    let mut what = shorten(story, 240);
    if !place.is_empty() {
        what = format!("{what} ({})", place.join("; "));
    }
    lines.push(say("summary.what", "what", what));

    lines.push(say(
        "summary.wants",
        "wants",
        conversation.value_text(Slot::DesiredOutcome),
    ));

    // Months have names in English only.
    let day = if language == "en" {
        "%-d %B"
    } else {
        "%-d/%-m"
    };
    let mut promised = Vec::new();
    if let Some(complaint) = complaint {
        let due = complaint
            .deadlines
            .iter()
            .find(|d| d.name == "acknowledge")
            .map(|d| d.due_at.in_zone(zone).strftime(day).to_string());
        promised.push(plain(
            "summary.promise.record",
            Vars::from([
                ("due", due.unwrap_or_default().into()),
                ("reference", complaint.reference.to_string().into()),
            ]),
        ));
    }
    if let Some(entry) = &conversation.queue {
        let since = entry.since.in_zone(zone).strftime("%H:%M").to_string();
        promised.push(plain(
            "summary.promise.person",
            Vars::from([("since", since.into())]),
        ));
        if entry.waiting == Waiting::Callback {
            promised.push(plain("summary.promise.callback", Vars::new()));
        }
    }
    let promised = if promised.is_empty() {
        plain("summary.promise.nothing", Vars::new())
    } else {
        promised.join("; ")
    };
    lines.push(say("summary.promised", "promised", promised));

    if complaint.is_some() {
        let missing: Vec<String> = missing(conversation, complaint)
            .into_iter()
            .map(|s| plain(&format!("slot.{}", s.name()), Vars::new()))
            .collect();
        let text = if missing.is_empty() {
            plain("summary.complete", Vars::new())
        } else {
            missing.join(", ")
        };
        lines.push(say("summary.missing", "missing", text));
    }
    lines
}

/// The beginning of a text, cut at a word.
fn shorten(text: &str, most: usize) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= most {
        return flat;
    }
    let cut: String = flat.chars().take(most).collect();
    format!(
        "{}…",
        cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head)
    )
}
