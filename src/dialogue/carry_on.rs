//! What was said in one conversation is carried on in another, by whoever proves that it is theirs: with the
//! reference, and one detail that the complaint holds.
//!
//! Nothing tells an unknown reference from a wrong detail: the same question, the same answers, the same number
//! of tries.

use super::{
    details::{self, is_guarded},
    intake,
    proof::{Claimed, claimed},
    queue, record, returning,
    source::{count, inside},
    turn::Turn,
};
use crate::{
    complaint,
    domain::{
        Claim, Complaint, Conversation, EventKind, Intent, Linked, MessageId, Proof, Proven,
        Shared, Slot, SlotValue, Status,
        complaint::Contact,
        conversation::Waiting,
        decision::Effect,
        event::{Inbound, TimerKind},
        interpretation::{Clause, Cue},
    },
    flow::{Occasion, Vars},
};

/// How often a detail is asked for that is not given, before it is let go.
const ASKED_AT_MOST: u8 = 3;

/// Hears a message that claims a complaint, or answers what was asked for that. Whether it was one.
pub(super) fn heard(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) -> bool {
    let Some(claim) = claimed(&turn.state, inbound, turn.context) else {
        return returning::heard(turn, id, inbound) || waits(turn, id, inbound);
    };
    turn.decided_by("claims");
    turn.state.run = None;
    turn.cancel_timer(TimerKind::Silence);
    if let Some(told) = told_beside(turn, inbound) {
        intake::hold(turn, id, &told);
    }
    let event = turn.event;
    let proof = match &event.kind {
        EventKind::Message(m) => m.proof.as_ref(),
        _ => None,
    };
    match proof {
        Some(Proof::Right(proven)) => take_over(turn, id, inbound, proven),
        Some(Proof::Spent) => refuse(turn, id),
        Some(Proof::Wrong { last }) => wrong(turn, id, claim, *last),
        None if claim.proves => wrong(turn, id, claim, false),
        None => {
            turn.state.claim = Some(Claim {
                reference: claim.reference,
                asked: 1,
            });
            turn.say("carry_on.ask");
        }
    }
    true
}

/// What a claim tells of what happened, beside the claim.
fn told_beside(turn: &Turn<'_>, inbound: &Inbound) -> Option<String> {
    let said = &inbound.signals;
    let named = &said.entities.references;
    let claims =
        |c: &&Clause| c.filler || c.has(Cue::CarriesOn) || named.iter().any(|f| inside(c, f.start));
    let rest = said.clauses.iter().filter(|c| !claims(c));
    let words: Vec<&str> = rest.map(|c| c.words(&inbound.text)).collect();
    let told = words.join(" ");
    let read = turn.read(&told);
    (read.intent == Intent::Complaint || read.has(Cue::TellsStory)).then_some(told)
}

fn wrong(turn: &mut Turn<'_>, id: MessageId, claim: Claimed, last: bool) {
    turn.effect(Effect::ProofFailed {
        reference: claim.reference,
    });
    if last {
        return refuse(turn, id);
    }
    turn.say("carry_on.wrong");
}

/// Kindly refused for the day.
fn refuse(turn: &mut Turn<'_>, id: MessageId) {
    turn.say("carry_on.refused");
    let_go(turn, id);
}

/// The claim is over; what was told with it goes on record by itself where it is a complaint.
fn let_go(turn: &mut Turn<'_>, id: MessageId) {
    turn.state.claim = None;
    let told: Vec<String> = turn.state.held.iter().map(|h| h.text.clone()).collect();
    let said = turn.read(&told.join(". "));
    if !told.is_empty() && said.intent == Intent::Complaint {
        record::open(turn);
        intake::recall(turn, id, "");
        record::write(turn, Some(&said));
        turn.say("carry_on.kept");
        queue::leave_for(turn, Occasion::GivenUp);
        return;
    }
    turn.offer("fallback");
}

/// A detail was asked for, and this message has none. Whether it is answered here: anything that is more than
/// no answer goes its own way.
fn waits(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) -> bool {
    let Some(claim) = turn.state.claim.clone().filter(|c| c.asked > 0) else {
        return false;
    };
    let said = &inbound.signals;
    let has = |cues: &[Cue]| cues.iter().any(|cue| said.has(*cue));
    let few = count(&inbound.text) <= super::details::LONGEST;
    let else_wanted = inbound.choice.is_some()
        || inbound.command.is_some()
        || !said.entities.references.is_empty()
        || said.has(Cue::TellsStory)
        || has(&[Cue::WantsPerson, Cue::Abusive, Cue::AngryAtBot])
        || matches!(said.intent, Intent::SpeakToHuman | Intent::Complaint)
        || said.intent.is_wish();
    if else_wanted || !few {
        turn.state.claim = None;
        return false;
    }
    turn.decided_by("claims");
    let declines = [
        Cue::DontKnow,
        Cue::Skip,
        Cue::No,
        Cue::GivesUp,
        Cue::Stops,
        Cue::Ends,
        Cue::NothingMore,
        Cue::Anonymous,
    ];
    let asked = claim.asked.saturating_add(1);
    if has(&declines) || asked > ASKED_AT_MOST {
        turn.say("carry_on.left");
        let_go(turn, id);
        return true;
    }
    turn.state.claim = Some(Claim { asked, ..claim });
    let asks = has(&[Cue::AsksWhy, Cue::Question]);
    turn.say(if asks {
        "carry_on.why"
    } else {
        "carry_on.again"
    });
    true
}

/// It is theirs: what is said here is added to the record from now on.
fn take_over<'a>(turn: &mut Turn<'a>, id: MessageId, inbound: &Inbound, proven: &'a Proven) {
    let record = &proven.complaint;
    let reference = record.reference.clone();
    if let Some(begun) = turn.complaint.as_ref().map(|c| c.reference.to_string()) {
        let facts = Vars::from([("reference", begun.into())]);
        turn.note_with("note.carried_on_beside", facts);
    }
    let held = std::mem::take(&mut turn.state.held);
    record::forget_incident(&mut turn.state);
    turn.goes_on_with(record);
    let now = turn.now();
    let state = &mut turn.state;
    state.held = held;
    state.claim = None;
    state.closed_by_agent = false;
    state.shared = Some(Shared {
        reference: reference.clone(),
        record: 0,
    });
    state.slots.extend(complaint::known(record));
    state.relation = record.complainant.relation;
    if state.name.is_none() {
        state.name.clone_from(&record.complainant.name);
    }
    for earlier in &proven.earlier {
        link(&mut state.linked, earlier.clone());
    }
    if !proven.earlier.is_empty() {
        state.last_wrote = Some(now);
    }
    turn.say("carry_on.found");
    if !turn.state.held.is_empty() {
        intake::recall(turn, id, "");
        turn.say("carry_on.added");
    }
    if record.conversation != turn.state.id {
        reached_here(turn);
    }
    record::attach(turn, &inbound.attachments);
    record::write(turn, None);
    if let Some(due) = proven.promised {
        turn.set_timer(TimerKind::PromiseDue, due);
    }
    // Whoever only comes back for news need not wait for anybody.
    let for_news = details::says_secret(inbound);
    if !for_news || proven.queue.is_some() {
        join_queue(turn, proven);
    }
    if for_news {
        returning::news(turn);
    }
    let Some(earlier) = proven.earlier.first() else {
        return;
    };
    let facts = Vars::from([
        ("channel", earlier.inbox.clone().into()),
        ("reference", reference.to_string().into()),
    ]);
    turn.note_with("note.carried_on_from", facts);
    let to = Linked {
        conversation: turn.state.id,
        inbox: turn.state.inbox.clone(),
        reference,
        at: now,
    };
    turn.effect(Effect::CarriedOn {
        earlier: proven.earlier.iter().map(|l| l.conversation).collect(),
        to,
        quiet: record.complainant.anonymous || is_guarded(record),
    });
}

/// One more way to reach them.
fn reached_here(turn: &mut Turn<'_>) {
    let (id, inbox) = (turn.state.id, turn.state.inbox.clone());
    let Some(complaint) = &mut turn.complaint else {
        return;
    };
    let mut way = Contact::new(Contact::CONVERSATION.to_owned(), id.to_string());
    way.note = Some(inbox);
    let contact = &mut complaint.complainant.contact;
    if !contact.iter().any(|c| c.reaches_as(&way)) {
        contact.push(way);
    }
}

/// A person looks at it; whoever waited already does not begin anew.
fn join_queue(turn: &mut Turn<'_>, proven: &Proven) {
    if turn.state.status == Status::Assigned {
        return;
    }
    queue::leave_for(turn, Occasion::CarriedOn);
    let (Some(entry), Some(old)) = (&mut turn.state.queue, &proven.queue) else {
        return;
    };
    entry.entered = entry.entered.or(Some(entry.since));
    entry.since = entry.since.min(old.since);
    entry.priority = entry.priority.max(old.priority);
    entry.team.clone_from(&old.team);
    entry.overdue |= old.overdue;
    if old.waiting == Waiting::Callback {
        entry.waiting = Waiting::Callback;
    }
    turn.state.first_handover = Some(entry.since);
}

/// They have proven in another conversation that the complaint of this one is theirs. An open question, the
/// wait and its clocks go along.
pub(super) fn went_on(turn: &mut Turn<'_>, to: &Linked, quiet: bool) {
    let state = &mut turn.state;
    link(&mut state.linked, to.clone());
    if state.complaint.as_ref() == Some(&to.reference) {
        state.shared = Some(Shared {
            reference: to.reference.clone(),
            record: 0,
        });
        state.run = None;
        turn.cancel_timer(TimerKind::Silence);
        turn.cancel_timer(TimerKind::PromiseDue);
        // Danger that was spoken of here stays at the head of the queue until a person has looked.
        if turn.state.status == Status::Queued && turn.state.red_flag.is_none() {
            turn.state.status = Status::Bot;
            turn.state.queue = None;
            turn.cancel_timer(TimerKind::CheckIn);
            turn.cancel_timer(TimerKind::PickupTarget);
        }
    }
    let facts = || {
        Vars::from([
            ("channel", to.inbox.clone().into()),
            ("reference", to.reference.to_string().into()),
        ])
    };
    turn.note_with("note.carried_on_to", facts());
    let unsafe_here = quiet || turn.state.unreachable || turn.state.unproven || unwanted(turn);
    if !unsafe_here {
        turn.say_with("carry_on.notice", facts());
    }
}

/// Whether they asked not to be contacted.
fn unwanted(turn: &Turn<'_>) -> bool {
    let contact = turn.state.slots.get(&Slot::ContactMethod);
    match contact.map(|f| &f.value) {
        Some(SlotValue::Declined(words)) => turn.read(words).has(Cue::RetractsContact),
        _ => false,
    }
}

/// The latest are kept, each once.
fn link(linked: &mut Vec<Linked>, new: Linked) {
    linked.retain(|l| l.conversation != new.conversation);
    linked.push(new);
    let over = linked.len().saturating_sub(Linked::MOST);
    linked.drain(..over);
}

/// What the person's other conversations know of a complaint, for whoever has proven that it is theirs.
pub fn proven(record: &Complaint, me: &Linked, others: &[&Conversation]) -> Proven {
    let about = |c: &&&Conversation| c.complaint.as_ref() == Some(&record.reference);
    let earlier = others.iter().map(|c| Linked {
        conversation: c.id,
        inbox: c.inbox.clone(),
        ..me.clone()
    });
    let of_it = || others.iter().filter(about);
    let waiting = of_it().filter(|c| c.red_flag.is_none());
    let promised = of_it().filter_map(|c| c.timers.get(&TimerKind::PromiseDue));
    Proven {
        complaint: record.clone(),
        earlier: earlier.collect(),
        queue: waiting
            .filter_map(|c| c.queue.clone())
            .min_by_key(|q| q.since),
        promised: promised.min().copied(),
    }
}
