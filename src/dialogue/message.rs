//! The person wrote.

use super::{
    absorb::{Scope, absorb},
    carry_on, command, contingency, danger, deferred, engine, intake,
    interpret::interpret,
    measure, mood, queue, record, satisfaction, settled,
    turn::Turn,
    unproven,
};
use crate::{
    domain::{
        Author, Borrowed, Intent, Interpretation, Message, MessageId, Status,
        conversation::Waiting,
        event::{Command, Inbound, Unkept},
    },
    flow::{Occasion, Vars},
};

pub(super) fn received(turn: &mut Turn<'_>, inbound: &Inbound) {
    let id = turn.next_id();
    let text = spoken(turn, inbound);
    let borrowed = borrowed(turn, &inbound.borrowed);
    turn.write(Message {
        attachments: inbound.attachments.clone(),
        borrowed,
        ..Message::words(id, Author::Contact, text, turn.now())
    });
    turn.state.message_count += 1;
    if turn.state.name.is_none() {
        turn.state.name.clone_from(&inbound.sender_name);
    }
    if inbound.place.is_some() {
        turn.state.place.clone_from(&inbound.place);
    }
    if !turn.state.linked.is_empty() {
        turn.state.last_wrote = Some(turn.now());
    }
    turn.state.unreachable = false;
    turn.state.unproven = inbound.unproven;
    mood::feel(turn, &inbound.signals);
    if inbound.unkept.contains(&Unkept::Harmful) {
        // Beside words a file leaves no trace of its own.
        turn.note("note.unkept.harmful");
    }

    deferred::written_again(turn);
    turn.wake();
    satisfaction::goes_on(turn);
    measure::written_again(turn, inbound);
    if turn.state.status == Status::Resolved {
        begin_again(turn);
    }
    if inbound.unproven {
        return unproven::received(turn, id, inbound);
    }
    match danger::answered(turn, id, inbound) {
        danger::Left::All => {}
        danger::Left::Nothing => return,
        danger::Left::Complaint(flag) => {
            let asked = turn.state.awaiting().is_some();
            let told = Inbound {
                signals: intake::as_told(&inbound.signals),
                ..inbound.clone()
            };
            engine::hear(turn, id, if asked { inbound } else { &told });
            return queue::escalate(turn, flag);
        }
    }
    if settled::heard(turn, inbound) {
        return;
    }
    if turn.state.status == Status::Assigned {
        if turn.event.desk.holder_away {
            holder_gone(turn);
        }
        return;
    }
    if continues_album(turn, inbound) {
        record::attach(turn, &inbound.attachments);
        return record::write(turn, None);
    }
    let greets =
        inbound.signals.intent == Intent::Greeting || inbound.command == Some(Command::Start);
    let foreign = foreign(turn, &inbound.signals);
    if !turn.state.greeted && turn.state.message_count == 1 && !greets && !foreign {
        turn.say("intro");
    }
    turn.state.greeted = true;
    if !greets && !foreign {
        contingency::greet(turn);
    }
    if let Some(command) = inbound.command.or_else(|| typed(&inbound.text)) {
        return command::obey(turn, command, id, inbound);
    }
    if carry_on::heard(turn, id, inbound) {
        return;
    }
    if foreign && turn.state.status == Status::Bot && turn.state.run.is_none() {
        return other_language(turn, id, inbound);
    }
    engine::hear(turn, id, inbound);
    if greets {
        contingency::greet(turn);
    }
}

/// Whoever had the conversation is not there any more: it goes back to the queue, where the wait counts from the first
/// handover, and the person is told so.
fn holder_gone(turn: &mut Turn<'_>) {
    let to = turn
        .context
        .flows
        .desk
        .handoff(Occasion::HolderAway)
        .clone();
    turn.say("agent.gone");
    queue::enqueue(turn, &to.team, &to.reason);
    turn.offer("wait");
}

/// Whether it is one more picture of an album that was answered already, without a word.
fn continues_album(turn: &mut Turn<'_>, inbound: &Inbound) -> bool {
    let known = inbound.album.is_some() && turn.state.album == inbound.album;
    turn.state.album.clone_from(&inbound.album);
    let picture = !inbound.attachments.is_empty() || inbound.unkept == [Unkept::Awaited];
    known && inbound.text.trim().is_empty() && picture
}

/// What the conversation shows: the words, or the title of the answer that was chosen.
fn spoken(turn: &mut Turn<'_>, inbound: &Inbound) -> String {
    if let Some(command) = inbound.command {
        return format!("/{} {}", command.name(), inbound.text)
            .trim_end()
            .to_owned();
    }
    if !inbound.text.is_empty() {
        return inbound.text.clone();
    }
    let Some(choice) = &inbound.choice else {
        // A file that could not be kept leaves its trace: whoever reads this should know that there was one.
        return match inbound.unkept.first() {
            Some(why) if inbound.attachments.is_empty() => {
                turn.phrase(&format!("unkept.{}", why.name()), Vars::new())
            }
            _ => String::new(),
        };
    };
    let phrases = &turn.context.flows.phrases;
    let open = turn.state.run.as_ref().and_then(|run| {
        let flow = turn.context.flows.by_name(&run.flow)?;
        let ask = flow.collect.iter().find(|a| Some(a.slot) == run.awaiting)?;
        ask.choices.clone()
    });
    let groups = open
        .iter()
        .map(String::as_str)
        .chain(["wait", "fallback", "status", "question", "settled"]);
    let key = groups
        .map(|g| format!("choice.{g}.{choice}"))
        .find(|k| phrases.has(k));
    match key {
        Some(key) => turn.phrase(&key, Vars::new()),
        // Offered with a question that is gone, or a topic of the facts: what stood on it then.
        None => inbound
            .choice_title
            .clone()
            .unwrap_or_else(|| choice.clone()),
    }
}

/// Words that came beside a message's own, as the desk shows them.
pub(super) fn borrowed(turn: &Turn<'_>, all: &[Borrowed]) -> Vec<String> {
    let shown = |b: &Borrowed| {
        let from = b.from.clone().unwrap_or_default();
        // Bounded already, and shown whole: a value of a phrase is cut.
        let text = minijinja::Value::from_safe_string(b.text.clone());
        let facts = Vars::from([("from", from.into()), ("text", text)]);
        turn.desk_phrase(&format!("borrowed.{}", b.how.name()), facts)
    };
    all.iter().map(shown).collect()
}

/// Whether it is in a language that we do not converse in: one without the flows' first question.
fn foreign(turn: &Turn<'_>, signals: &Interpretation) -> bool {
    let language = &signals.language;
    !turn
        .context
        .flows
        .phrases
        .speaks(language, "complaint.what_happened")
}

/// A short word in the person's own language, what they complain of on record where we could read it, and a person.
fn other_language(turn: &mut Turn<'_>, id: MessageId, inbound: &Inbound) {
    let read = inbound.signals.intent == Intent::Complaint
        && turn
            .context
            .flows
            .phrases
            .speaks(&inbound.signals.language, "language.recorded");
    if read {
        intake::keep(turn, id, inbound);
        turn.say("language.recorded");
    }
    // "My name is Анастасия": how they are called and reached is kept, whatever the language.
    let heard = intake::plain(inbound);
    let acts = interpret(&heard, None, &turn.state);
    absorb(turn, id, &heard, &acts, None, Scope::Writer);
    turn.say("language.other");
    let to = turn
        .context
        .flows
        .desk
        .handoff(Occasion::OtherLanguage)
        .clone();
    queue::pass_on(turn, &to.team, &to.reason, Waiting::Stay);
}

/// A message to a resolved conversation takes it up again. What they are and how to reach them is still known; what
/// happened then is not what happens now.
fn begin_again(turn: &mut Turn<'_>) {
    let state = &mut turn.state;
    state.status = Status::Bot;
    state.run = None;
    state.fallback_count = 0;
    state.abuse_count = 0;
    state.first_handover = None;
    state.wishes.clear();
    state.warned.clear();
    record::forget_incident(state);
}

/// A command typed where the channel has none: "/forget", as the bot itself says. One that takes words is not typed so.
fn typed(text: &str) -> Option<Command> {
    let name = text.trim().strip_prefix('/')?;
    Command::from_name(name).filter(|c| *c != Command::Complain)
}
