//! Whoever left no way to be reached: a secret word at the end, and when they come back with it, what became of
//! their complaint and what the desk would like to know.

use super::{details, queue, record, settled, standing, turn::Turn};
use crate::{
    complaint::{public_status, receipt_code},
    domain::{
        Complaint, EventKind, MessageId, SecretWord, Slot, Status,
        complaint::Reference,
        event::Inbound,
        interpretation::{Cue, Intent},
    },
    flow::{Occasion, Vars},
};

/// The answer by which somebody would rather not answer the desk's question.
const NO_ANSWER: &str = "no_answer";

/// Gives whoever left no way to be reached a secret word and a receipt, once. In the message the word is hidden:
/// it is put in its place only on the way to the person.
pub(super) fn give_secret(turn: &mut Turn<'_>) {
    let event = turn.event;
    let EventKind::Message(inbound) = &event.kind else {
        return;
    };
    let reachable = !turn.state.value_text(Slot::ContactMethod).is_empty();
    let Some(kept) = inbound.lent.as_ref().filter(|_| !reachable) else {
        return;
    };
    let Some(record) = &mut turn.complaint else {
        return;
    };
    if record.case.secret.is_some() {
        return;
    }
    record.case.secret = Some(kept.clone());
    let facts = Vars::from([("secret", SecretWord::HIDDEN.into())]);
    turn.say_with("secret.given", facts);
    receipt(turn);
}

/// Says when something was filed, and nothing of what it is about.
pub(super) fn receipt(turn: &mut Turn<'_>) {
    let Some(record) = &turn.complaint else {
        return turn.say("receipt.none");
    };
    let (received, reference) = (record.received_at, record.reference.to_string());
    let zone = turn.context.profile.zone.clone();
    let day = received.in_zone(&zone).date();
    let code = receipt_code(&record.reference, record.conversation, day);
    let facts = Vars::from([
        ("received", turn.words().date(received, &zone).into()),
        ("code", code.into()),
        ("reference", reference.into()),
    ]);
    turn.say_with("receipt.text", facts);
}

/// What became of the complaint: how it stands, what was found and changed, and the desk's question.
pub(super) fn news(turn: &mut Turn<'_>) {
    let Some(known) = turn.complaint.as_ref().map(public_status) else {
        return;
    };
    standing::tell(turn, &known);
    beyond_status(turn);
}

/// What is told to whoever made the complaint, beyond how it stands.
pub(super) fn beyond_status(turn: &mut Turn<'_>) {
    let Some(case) = turn.complaint.as_ref().map(|c| c.case.clone()) else {
        return;
    };
    if turn.state.unproven {
        return;
    }
    if let Some(conclusion) = case.conclusion.filter(|_| case.responded_at.is_some()) {
        turn.say(&format!("news.conclusion.{}", conclusion.name()));
    }
    if let Some(learning) = case.learning {
        settled::tell_learning(turn, learning);
    }
    put_question(turn);
    if turn.state.question.is_none() {
        settled::ask(turn);
    }
}

/// The desk has asked something, or takes it back: whoever is reached here hears it here.
pub(super) fn asked(turn: &mut Turn<'_>) {
    turn.state.question = None;
    let silent = matches!(turn.state.status, Status::Assigned)
        || turn.state.unreachable
        || turn.state.unproven
        || turn.state.run.is_some();
    if !silent {
        put_question(turn);
    }
}

fn put_question(turn: &mut Turn<'_>) {
    let Some(record) = &turn.complaint else {
        return;
    };
    let Some(question) = open_question(record) else {
        return;
    };
    let text = minijinja::Value::from_safe_string(question.to_owned());
    turn.state.question = Some(record.reference.clone());
    turn.say_with("question.put", Vars::from([("question", text)]));
    turn.offer("question");
}

fn open_question(record: &Complaint) -> Option<&str> {
    let question = record.case.question.as_ref();
    let open = question.filter(|q| q.answered_at.is_none());
    open.map(|q| q.text.as_str())
}

/// Hears an answer to the desk's question, and a secret word that says too little or comes where it is not needed.
/// Whether it was one of these.
pub(super) fn heard(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) -> bool {
    if details::says_secret(inbound) {
        turn.decided_by("returns");
        let named = inbound.signals.entities.references.first();
        let named: Option<Reference> = named.and_then(|f| f.text.parse().ok());
        if named.is_some() && named == turn.state.complaint {
            news(turn);
        } else {
            turn.say("secret.alone");
        }
        return true;
    }
    answered(turn, id, inbound)
}

fn answered(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) -> bool {
    let Some(about) = turn.state.question.clone() else {
        return false;
    };
    let record = turn.complaint.as_ref().filter(|c| c.reference == about);
    if record.and_then(open_question).is_none() {
        turn.state.question = None;
        return false;
    }
    let declines = inbound.choice.as_deref() == Some(NO_ANSWER);
    let said = &inbound.signals;
    let asks = said.has(Cue::Question) || said.has(Cue::WantsPerson);
    let else_wanted = inbound.choice.is_some()
        || asks
        || inbound.text.trim().is_empty()
        || !said.entities.references.is_empty()
        || matches!(said.intent, Intent::Status | Intent::SpeakToHuman);
    if else_wanted && !declines {
        return false;
    }
    turn.decided_by("answers_the_desk");
    turn.state.question = None;
    let now = turn.now();
    if !declines {
        record::narrate(turn, id, &inbound.text);
        record::attach(turn, &inbound.attachments);
    }
    if let Some(record) = &mut turn.complaint
        && let Some(question) = &mut record.case.question
    {
        question.answered_at = Some(now);
        question.answer = (!declines).then_some(id);
    }
    turn.say(if declines {
        "question.declined"
    } else {
        "question.answered"
    });
    record::write(turn, None);
    queue::leave_for(turn, Occasion::CarriedOn);
    true
}
