//! What belongs to every talk, whatever it is about: greetings, questions to the bot, commands, anger, small talk.

use super::{acts::DialogueAct, heard::Heard, source::count};
use crate::{
    domain::{
        Conversation, Intent, Slot,
        interpretation::{Clause, Cue},
    },
    flow::Ask,
};

/// A message is short where it can hardly tell a story, in words.
const SHORT: usize = 14;

/// What takes back a way to be reached.
const RETRACTS: [Cue; 3] = [Cue::RetractsPhone, Cue::RetractsEmail, Cue::RetractsContact];

/// What a short message does as a whole, whatever its parts are.
pub(crate) fn whole(
    heard: &Heard<'_>,
    asked: Option<&Ask>,
    state: &Conversation,
) -> Option<DialogueAct> {
    short(heard, asked).or_else(|| {
        // With a complaint on record it is about that; else one question settles it.
        let said = heard.said;
        let torn = !said.unsure.is_empty() && asked.is_none() && state.complaint.is_none();
        torn.then(|| DialogueAct::Unclear(said.unsure.clone()))
    })
}

/// What a message of few words does as a whole.
fn short(heard: &Heard<'_>, asked: Option<&Ask>) -> Option<DialogueAct> {
    let said = heard.said;
    let words = count(heard.text);
    let has = |cue: Cue| said.has(cue);
    // "It's from the shop over the road, not you at all. Forget it, nothing to complain about."
    if has(Cue::NotMeant) && has(Cue::GivesUp) && words <= 3 * SHORT && asked.is_some() {
        return Some(DialogueAct::NotMeant);
    }
    if said.has(Cue::TellsStory) || words > SHORT {
        return None;
    }
    // Telling: the question was for words of any kind.
    let telling = asked.is_some_and(|a| {
        matches!(
            a.slot,
            Slot::WhatHappened | Slot::AnythingElse | Slot::DesiredOutcome
        )
    });
    if has(Cue::Abusive) {
        return Some(DialogueAct::Abuse);
    }
    if has(Cue::AngryAtBot) {
        return Some(DialogueAct::Impatience);
    }
    if has(Cue::WantsPerson) {
        return Some(DialogueAct::WantPerson);
    }
    // "Stop it" may be what they want to happen; "stop" alone is not.
    if RETRACTS.iter().any(|c| has(*c)) {
        return None;
    }
    if has(Cue::AsksToForget) {
        return Some(DialogueAct::AskToForget);
    }
    // "That's all, thanks", to whatever was asked: nobody is asked on.
    let more = asked.is_some_and(|a| a.slot == Slot::AnythingElse);
    if has(Cue::Ends) && asked.is_some() && !more {
        return Some(DialogueAct::GiveUp);
    }
    if has(Cue::Stops) && words <= if telling { 1 } else { 8 } {
        return Some(DialogueAct::GiveUp);
    }
    if has(Cue::Withdraws) || has(Cue::WithdrawsEarlier) {
        return Some(DialogueAct::Withdraw);
    }
    // "07700 900118, but after 4, I'm back out at 3": an answer, whatever it sounds like.
    let reachable = !(said.entities.phones.is_empty() && said.entities.emails.is_empty());
    if has(Cue::Resume) && !reachable {
        return Some(DialogueAct::Resume);
    }
    if has(Cue::Repeat) {
        return Some(DialogueAct::AskAgain);
    }
    if has(Cue::AsksAboutData) {
        return Some(DialogueAct::AskAboutData);
    }
    // "Do you have transport for patients?" is no small talk.
    let asks = said.entities.topic.is_some() || !said.entities.topics.is_empty();
    if has(Cue::ChitChat) && !asks {
        return Some(DialogueAct::SmallTalk);
    }
    let told = |c: &Clause| !c.filler && !c.finite && !c.core_words(heard.text).is_empty();
    if has(Cue::NotMeant) && !telling {
        return Some(DialogueAct::NotMeant);
    }
    // "What happened?" "I'm only asking.": nothing that could go on record.
    if has(Cue::NotMeant) && asked.is_some_and(|a| a.slot == Slot::WhatHappened) {
        return Some(DialogueAct::GiveUp);
    }
    let consent = |c: &Clause| {
        [Cue::HasConsent, Cue::Agrees, Cue::Disagrees]
            .iter()
            .any(|cue| c.has(*cue))
    };
    if has(Cue::AlreadyTold)
        && !said.clauses.iter().any(consent)
        && said.entities.dates.is_empty()
        && asked.is_some()
        && !said.clauses.iter().any(told)
    {
        return Some(DialogueAct::AlreadyTold);
    }
    let nothing_more = asked.is_some_and(|a| a.slot == Slot::AnythingElse) && has(Cue::NothingMore);
    // "Every day from 1 November until today" answers, whatever it sounds like.
    let times =
        asked.is_some_and(|a| a.slot == Slot::IncidentWhen) && said.clauses.iter().any(|c| c.times);
    let e = &said.entities;
    let reached = !e.emails.is_empty() || !e.phones.is_empty();
    let answers = !e.dates.is_empty()
        || !e.places.is_empty()
        || e.desired_outcome.is_some()
        || reached
        || times;
    // "Que me atiendan ya", to what should happen: a wish, whatever it sounds like.
    let wished = asked.is_some_and(|a| a.slot == Slot::DesiredOutcome);
    // "Bernadette Quigley that's Q U I G L E Y", to what name.
    let named = asked.is_some_and(|a| a.slot == Slot::ComplainantName)
        && said.clauses.iter().any(|c| c.name_like && !c.filler);
    let answers = answers || named;
    let leaves = said.intent == Intent::Goodbye && asked.is_some() && !answers && !wished;
    // "Leave it blank, then" skips one question.
    let skips = has(Cue::Skip) && asked.is_some();
    // "01632 960519, but don't leave it long": an answer.
    let breaks_off = has(Cue::GivesUp) && !skips && !reached || leaves;
    if breaks_off && !nothing_more && words <= if telling { 4 } else { 10 } {
        return Some(DialogueAct::GiveUp);
    }
    None
}

/// What one clause does in the talk; none where it tells or answers something.
pub(crate) fn clause(
    heard: &Heard<'_>,
    clause: &Clause,
    asked: Option<&Ask>,
) -> Option<DialogueAct> {
    let words = clause.words(heard.text);
    let few = count(words) <= SHORT;
    let has = |cue: Cue| clause.has(cue);
    // Taking back a number is no wish to be rung.
    if RETRACTS.iter().any(|c| has(*c)) {
        return None;
    }
    if has(Cue::Greets) && few {
        return Some(DialogueAct::Greet);
    }
    if has(Cue::Thanks) {
        return Some(DialogueAct::Thank);
    }
    if has(Cue::AsksIfBot) && few {
        return Some(DialogueAct::AskIfBot);
    }
    // "Are flowers allowed on the ward?" asks after nobody.
    let fact = heard.said.entities.topic.is_some()
        && heard.said.intent == Intent::Information
        && heard.said.clauses.len() == 1;
    if has(Cue::AsksAboutPatient) && clause.question && !fact {
        return Some(DialogueAct::AskAboutPatient);
    }
    if has(Cue::AsksStanding) && few && (clause.question || !heard.said.has(Cue::TellsStory)) {
        return Some(DialogueAct::AskStanding);
    }
    if has(Cue::AsksAboutData) && few {
        return Some(DialogueAct::AskAboutData);
    }
    // "I want to withdraw my complaint NH-…, it was about Nurse Joy": whatever it tells, it is taken back.
    let named = !heard.said.entities.references.is_empty();
    if has(Cue::Withdraws) && (few && !heard.said.has(Cue::TellsStory) || named) {
        return Some(DialogueAct::Withdraw);
    }
    let slot = asked.map(|a| a.slot);
    let why = has(Cue::AsksWhy) && clause.question && few;
    if why && asked.is_some() && heard.said.clauses.len() == 1 {
        return Some(DialogueAct::AskWhy);
    }
    if has(Cue::WantsPerson) && few {
        return Some(DialogueAct::WantPerson);
    }
    // "No wait, I need to cancel my visit".
    let says = |c: &&Clause| !c.filler;
    let alone = heard.said.clauses.iter().filter(says).count() == 1;
    let intent = heard.said.intent;
    if clause.question && few && asked.is_some() {
        let topic = heard.said.entities.topic.is_some();
        if intent == Intent::Information && (topic || alone) {
            return Some(DialogueAct::AskFact);
        }
        if intent == Intent::Status && slot != Some(Slot::Reference) && alone {
            return Some(DialogueAct::AskStatus);
        }
        // "Who?", "what do you mean?"
        if alone && count(words) <= 4 && !heard.said.has(Cue::TellsStory) {
            return Some(DialogueAct::AskWhy);
        }
    }
    // "Will my manager be told?", "can I have a copy?": put to whoever reads this, and no part of the story.
    let among = heard
        .said
        .clauses
        .iter()
        .any(|c| c.finite && !c.asks && !c.question);
    let wish = slot == Some(Slot::DesiredOutcome) && clause.wishes;
    let to_us = clause.asks && clause.wants.is_none() && few && !wish && !clause.has(Cue::Yes);
    if to_us
        && !telling_words(slot)
        && (asked.is_some() || among && heard.said.has(Cue::TellsStory))
    {
        return Some(DialogueAct::AskFact);
    }
    // In the middle of a story, a clause of its own that wants something else.
    let reached = slot == Some(Slot::ContactMethod);
    let fits = |wish: &Intent| {
        // "Ring me on …" is how they are reached; to book a visit is another thing.
        let rings = matches!(wish, Intent::Callback | Intent::SpeakToHuman);
        !telling(slot) || reached && !rings
    };
    let several = heard.said.clauses.len() > 1;
    if let Some(wish) = clause.wants.filter(|wish| several && fits(wish)) {
        return Some(match wish {
            Intent::SpeakToHuman => DialogueAct::WantPerson,
            wish => DialogueAct::Want(wish),
        });
    }
    if intent.is_wish() && alone && asked.is_some() && fits(&intent) {
        let found = &heard.said.entities;
        let answers = found.dates.is_empty() || slot != Some(Slot::IncidentWhen);
        if (4..=SHORT).contains(&count(words)) && clause.finite && answers {
            return Some(DialogueAct::Want(intent));
        }
    }
    None
}

/// Whether words of any kind may be the answer.
const fn telling_words(slot: Option<Slot>) -> bool {
    matches!(
        slot,
        Some(Slot::WhatHappened | Slot::AnythingElse | Slot::Own(_))
    )
}

const fn telling(slot: Option<Slot>) -> bool {
    matches!(
        slot,
        Some(Slot::WhatHappened | Slot::DesiredOutcome | Slot::ContactMethod)
    )
}

/// A clause that says nothing by itself.
pub(crate) fn filler(clause: &Clause) -> DialogueAct {
    if clause.has(Cue::Yes) {
        DialogueAct::Affirm
    } else if clause.has(Cue::No) {
        DialogueAct::Deny
    } else {
        DialogueAct::Filler
    }
}
