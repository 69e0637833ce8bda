//! An answer to what the bot has asked.

use super::{listen, turn::Turn};
use crate::{
    domain::{Relation, Slot, Told, event::Inbound, interpretation::Cue},
    flow::{Ask, Check, Kind},
};

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The slot is told, or declined.
    Taken,
    /// It was no answer; ask once more.
    AskAgain,
    /// It was no answer of the kind that is needed; say so with the phrase's `.check`.
    NotOfItsKind,
}

/// How often a slot is asked for before the bot lets it go.
const ASKED_AT_MOST: u8 = 3;

/// Takes the message as the answer to `ask`.
pub(super) fn take(draft: &mut Turn<'_>, ask: &Ask, inbound: &Inbound) -> Outcome {
    let signals = &inbound.signals;
    let offered = |group: &String| {
        let phrases = &draft.context.flows.phrases;
        phrases.chosen(&draft.hearer(), group, &inbound.text)
    };
    // The words of a button, typed, choose it too.
    let typed = ask.choices.as_ref().and_then(offered);
    let chosen = inbound.choice.as_deref().or(typed.as_deref());
    let words = chosen.unwrap_or(&inbound.text).trim().to_owned();
    let asked = draft.state.run.as_ref().map_or(1, |r| r.asked);
    let weary = asked >= ASKED_AT_MOST;
    let unwilling = signals.has(Cue::Skip) || signals.has(Cue::DontKnow);
    let told = match ask.slot {
        Slot::Relation => relation(draft, inbound, &words, unwilling),
        Slot::WhatHappened => {
            let something = words.split_whitespace().count() >= 3
                || signals.has(Cue::TellsStory)
                || !inbound.attachments.is_empty();
            if !something && !weary && asked < 2 {
                return Outcome::AskAgain;
            }
            Told::words(words)
        }
        // A sentence is no name.
        Slot::ComplainantName if is_sentence(inbound, &words) && !weary && asked < 2 => {
            return Outcome::AskAgain;
        }
        Slot::ComplainantName => name(inbound, &words),
        Slot::ContactMethod => match contact(ask, inbound, &words, asked) {
            Ok(told) => told,
            Err(outcome) => return outcome,
        },
        Slot::Consent => consent(inbound, &words),
        Slot::AnythingElse => {
            let nothing = signals.has(Cue::NothingMore)
                || signals.has(Cue::No)
                || signals.has(Cue::Skip)
                || words.is_empty();
            let short = words.split_whitespace().count() <= 8;
            if nothing && short && inbound.attachments.is_empty() {
                Told::declined(words)
            } else {
                Told::words(words)
            }
        }
        Slot::AffectedPerson => affected(inbound, &words, unwilling),
        Slot::Reference => match signals.entities.references.first() {
            Some(reference) => Told::words(&reference.text),
            None if unwilling || signals.has(Cue::No) || weary => Told::declined(words),
            None => return Outcome::AskAgain,
        },
        Slot::IncidentWhen => when(inbound, &words, unwilling),
        Slot::IncidentWhere | Slot::StaffInvolved | Slot::DesiredOutcome => {
            plain(inbound, words, unwilling)
        }
        Slot::CallbackWhen => chosen_title(draft, ask, &words)
            .map_or_else(|| plain(inbound, words, unwilling), Told::words),
        Slot::Own(_) => match own(draft, ask, inbound, words, unwilling, asked) {
            Ok(told) => told,
            Err(outcome) => return outcome,
        },
    };
    if let Some(Check::Holds(check)) = &ask.check
        && !told.declined
        && asked < 2
        && !holds(draft, check, inbound, &told)
    {
        return Outcome::NotOfItsKind;
    }
    if told.text.is_empty() && !told.declined && !weary {
        return Outcome::AskAgain;
    }
    draft.state.told.insert(ask.slot, told);
    Outcome::Taken
}

/// Whether an answer to "what name?" says something else than a name.
fn is_sentence(inbound: &Inbound, words: &str) -> bool {
    let signals = &inbound.signals;
    let refuses = [Cue::Anonymous, Cue::Skip, Cue::No, Cue::DontKnow]
        .iter()
        .any(|c| signals.has(*c));
    words
        .split([',', '\n', ';'])
        .next()
        .unwrap_or(words)
        .split_whitespace()
        .count()
        > 6
        && signals.entities.self_name.is_none()
        && !refuses
}

/// Words as they come; a short refusal is one.
fn plain(inbound: &Inbound, words: String, unwilling: bool) -> Told {
    let count = words.split_whitespace().count();
    let refuses = unwilling && count <= 8 || inbound.signals.has(Cue::No) && count <= 3;
    if refuses {
        Told::declined(words)
    } else {
        Told::words(words)
    }
}

/// What an offered answer is called, in the person's language: whoever reads it later should not need to know its short name.
fn chosen_title(draft: &Turn<'_>, ask: &Ask, value: &str) -> Option<String> {
    let key = format!("choice.{}.{value}", ask.choices.as_ref()?);
    let phrases = &draft.context.flows.phrases;
    let titled = || phrases.say(&draft.hearer(), &key, 0, crate::flow::Vars::new);
    phrases.has(&key).then(titled)
}

/// A slot of the flow's own, by its type.
fn own(
    draft: &Turn<'_>,
    ask: &Ask,
    inbound: &Inbound,
    words: String,
    unwilling: bool,
    asked: u8,
) -> Result<Told, Outcome> {
    let signals = &inbound.signals;
    Ok(match ask.kind {
        Kind::Text | Kind::Place | Kind::Person => plain(inbound, words, unwilling),
        Kind::Choice => chosen_title(draft, ask, &words)
            .map_or_else(|| plain(inbound, words, unwilling), Told::words),
        Kind::Name => name(inbound, &words),
        Kind::Contact => contact(ask, inbound, &words, asked)?,
        Kind::Dates => when(inbound, &words, unwilling),
        Kind::YesNo => match (words.as_str(), signals.has(Cue::Yes), signals.has(Cue::No)) {
            ("yes", _, _) | (_, true, false) => Told::words("yes"),
            ("no", _, _) | (_, false, true) => Told::words("no"),
            _ if unwilling || asked >= ASKED_AT_MOST => Told::declined(words),
            _ => return Err(Outcome::AskAgain),
        },
        Kind::Number => match number(&words) {
            Some(_) => Told::words(words),
            None if unwilling || asked >= ASKED_AT_MOST => Told::declined(words),
            None => return Err(Outcome::AskAgain),
        },
    })
}

/// The first number in a text, in figures.
fn number(words: &str) -> Option<f64> {
    words
        .split_whitespace()
        .map(|w| w.trim_matches(|c: char| !c.is_ascii_digit() && c != '-'))
        .find_map(|w| w.replace(',', ".").parse().ok())
}

/// Whether an answer has what its check asks for.
fn holds(draft: &Turn<'_>, check: &str, inbound: &Inbound, told: &Told) -> bool {
    let today = draft.now().in_zone(&draft.context.flows.facts.zone).date();
    let dates = &inbound.signals.entities.dates;
    let days = dates.first().and_then(|d| {
        let day: jiff::civil::Date = d.from.parse().ok()?;
        Some(i64::from((today - day).get_days()))
    });
    (draft.context.flows).fits(check, &told.text, number(&told.text), days)
}

fn relation(draft: &mut Turn<'_>, inbound: &Inbound, words: &str, unwilling: bool) -> Told {
    let chosen = Relation::from_name(words).filter(|r| *r != Relation::Unknown);
    let known = chosen.or(Some(inbound.signals.relation).filter(|r| *r != Relation::Unknown));
    match known {
        Some(relation) => {
            draft.state.relation = relation;
            Told::words(words)
        }
        None if unwilling || words.is_empty() => Told::declined(words),
        // In their own words, whatever they are: good enough for the record, and for a person to read.
        None => {
            draft.state.relation = Relation::Public;
            Told::words(words)
        }
    }
}

fn name(inbound: &Inbound, words: &str) -> Told {
    let signals = &inbound.signals;
    let refuses = words == "anonymous"
        || signals.has(Cue::Anonymous)
        || signals.has(Cue::Skip)
        || signals.has(Cue::No)
        || signals.has(Cue::DontKnow);
    if let Some(name) = &signals.entities.self_name {
        return Told::words(&name.text);
    }
    if refuses || words.is_empty() {
        return Told::declined(words);
    }
    // "it's hanna weiss", "name is hanna", "Hanna Weiss, hanna@example.org"
    let first = words.split([',', '\n', ';']).next().unwrap_or(words).trim();
    let lower = first.to_lowercase();
    let lead = [
        "my name is ",
        "my names ",
        "name is ",
        "it is ",
        "it's ",
        "its ",
        "i'm ",
        "i am ",
        "im ",
        "this is ",
        "yes, ",
        "yes ",
        "ok ",
        "call me ",
        "you can call me ",
        "sure, ",
        "put ",
        "me llamo ",
        "mi nombre es ",
        "soy ",
        "sí, ",
        "si, ",
    ]
    .iter()
    .find(|lead| lower.starts_with(**lead))
    .map_or(0, |lead| lead.len());
    let bare = first
        .get(lead..)
        .unwrap_or(first)
        .trim()
        .trim_end_matches(['.', '!']);
    Told::words(if bare.is_empty() { first } else { bare })
}

fn contact(ask: &Ask, inbound: &Inbound, words: &str, asked: u8) -> Result<Told, Outcome> {
    let signals = &inbound.signals;
    let phone_only = ask.check == Some(Check::Phone);
    let fits = if phone_only {
        !signals.entities.phones.is_empty()
    } else {
        listen::reach(inbound).is_some()
    };
    if fits && let Some(found) = listen::reach(inbound) {
        return Ok(Told::words(found));
    }
    let refuses = signals.has(Cue::Skip)
        || signals.has(Cue::No)
        || signals.has(Cue::DontKnow)
        || signals.has(Cue::Anonymous)
        || words.is_empty();
    if refuses {
        return Ok(Told::declined(words));
    }
    if ask.check.is_some() && asked < 2 {
        return Err(Outcome::NotOfItsKind);
    }
    Ok(Told::words(words))
}

fn consent(inbound: &Inbound, words: &str) -> Told {
    let signals = &inbound.signals;
    if words == "yes"
        || signals.has(Cue::HasConsent) && !signals.has(Cue::No)
        || signals.has(Cue::Yes)
    {
        Told::words(words)
    } else {
        // A no, a doubt, or an explanation that a person must weigh: nothing is shared until then.
        Told::declined(words)
    }
}

fn affected(inbound: &Inbound, words: &str, unwilling: bool) -> Told {
    let signals = &inbound.signals;
    match signals
        .entities
        .affected
        .as_ref()
        .and_then(|a| a.relation.clone())
    {
        Some(relation) if relation == "self" => Told::words("self"),
        _ if unwilling => Told::declined(words),
        _ => Told::words(words),
    }
}

fn when(inbound: &Inbound, words: &str, unwilling: bool) -> Told {
    match inbound.signals.entities.dates.first() {
        // The day out of a longer answer; a short one is kept whole, for what it says beside the day.
        Some(date) if words.len() > date.text.len() + 30 => Told::words(&date.text),
        None if unwilling || words.is_empty() => Told::declined(words),
        _ => Told::words(words),
    }
}
