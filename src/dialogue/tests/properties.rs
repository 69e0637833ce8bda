//! The eight rules of the record, held by any answer to any question in any order.
//!
//! Questions are those of the shipped flows; answers are drawn from a list of story clauses, reasons, questions,
//! greetings, bare words, corrections, commands and other slots' answers, in English and Spanish.

use super::*;
use crate::domain::{SlotValue, interpretation::Lead};
use proptest::prelude::*;

/// Clauses with a finite verb: they tell, and name nothing.
const STORY: &[&str] = &[
    "and then they threw the bag on the floor",
    "she also refused to give her the medication",
    "it made my little girl cry",
    "they left him in the corridor for hours",
    "nobody came when he rang the bell",
    "he shouted at us in front of everybody",
    "she just walked away",
    "they never told us anything",
    "my dad fell twice because the rail was broken",
    "he was shaking and they laughed",
    "we waited until it got dark",
    "she hung up on me",
    "they said it was not their job",
    "his hand was bleeding",
    "y luego tiraron la bolsa al suelo",
    "me gritó delante de todos",
    "nadie vino cuando llamó al timbre",
    "la dejaron sola toda la noche",
];

/// What says nothing by itself.
const BARE: &[&str] = &[
    "yes",
    "ok",
    "hello",
    "hello? are you still there",
    "hi",
    "vale",
    "hola",
];

/// Questions to the bot.
const ASKS: &[&str] = &[
    "why do you need that?",
    "are you a robot?",
    "is this a real person?",
    "what are the visiting hours?",
    "who will read this?",
    "¿es usted un robot?",
    "¿para qué lo necesita?",
];

/// Answers to one slot or another.
const VALUES: &[&str] = &[
    "yesterday",
    "last Monday",
    "on ward 5",
    "12 Elm Way",
    "Denise Hartley",
    "the night nurse",
    "ann.lee@example.org",
    "07700 900123",
    "my mother",
    "I don't know",
    "rather not say",
    "an apology",
    "ayer",
    "en urgencias",
    "la enfermera de noche",
    "no lo sé",
];

/// What puts something right.
const CORRECTIONS: &[&str] = &[
    "sorry, I meant Tuesday",
    "not ward 3 but ward 5",
    "actually use 07700 900456 instead of the email",
    "sorry, it's ann.leigh@example.org",
    "please delete my number",
    "perdón, quise decir el martes",
];

const OPENINGS: &[&str] = &[
    "The nurse shouted at my mother on ward 3",
    "your carer stole my aunt's ring",
    "I want to make a complaint",
    "la enfermera le gritó a mi madre",
    "your van blocked my drive",
];

fn any_line() -> impl Strategy<Value = &'static str> {
    let lists = [STORY, BARE, ASKS, VALUES, CORRECTIONS];
    let all: Vec<&'static str> = lists.into_iter().flatten().copied().collect();
    prop::sample::select(all)
}

fn any_talk() -> impl Strategy<Value = (&'static str, Vec<&'static str>)> {
    (
        prop::sample::select(OPENINGS),
        prop::collection::vec(any_line(), 1..10),
    )
}

fn letters(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Everything that a record and the slots hold, as one text.
fn kept(talk: &Talk) -> String {
    let state = &talk.snapshot.conversation;
    let slots: Vec<String> = state
        .slots
        .values()
        .map(|f| match &f.value {
            SlotValue::Declined(words) | SlotValue::Unknown(words) => words.clone(),
            value => value.text(),
        })
        .collect();
    let record = talk.snapshot.complaint.as_ref();
    let story = record
        .map(|c| c.incident.narrative.clone())
        .unwrap_or_default();
    letters(&format!("{story}\n{}", slots.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    /// 1: a clause with a finite verb is never a name, a role, a place, a day or a contact.
    #[test]
    fn a_clause_that_tells_names_nothing((opening, lines) in any_talk()) {
        let mut talk = Talk::new();
        talk.says(opening);
        for line in lines {
            talk.says(line);
            let state = &talk.snapshot.conversation;
            for (slot, filled) in &state.slots {
                let values: Vec<String> = match (&filled.value, slot) {
                    (SlotValue::Text(text), Slot::ComplainantName) | (SlotValue::Place(text), _) => {
                        vec![text.clone()]
                    }
                    (SlotValue::Dates(dates), _) => vec![dates.said.clone()],
                    (SlotValue::Contacts(all), _) => all.iter().map(|c| c.value.clone()).collect(),
                    (SlotValue::People(all), _) => {
                        all.iter().flat_map(|p| p.name.iter().chain(&p.role)).cloned().collect()
                    }
                    (SlotValue::Person(p), _) => p.name.iter().chain(&p.role).cloned().collect(),
                    _ => Vec::new(),
                };
                for value in values {
                    prop_assert!(!STORY.contains(&value.as_str()), "{} is '{value}'", slot.name());
                }
            }
        }
    }

    /// 2: nothing told is lost: what tells a story in a complaint stands in the narrative.
    #[test]
    fn what_is_told_stands_on_record(opening in prop::sample::select(OPENINGS), lines in prop::collection::vec(prop::sample::select(STORY), 1..6)) {
        let mut talk = Talk::new();
        talk.says(opening);
        for line in lines {
            if talk.status() != Status::Bot {
                break;
            }
            talk.says(line);
            prop_assert!(kept(&talk).contains(&letters(line)), "'{line}' is lost: {}", kept(&talk));
        }
    }

    /// 4: a correction replaces what it corrects, in the record too.
    #[test]
    fn a_correction_takes_the_old_value_away(lines in prop::collection::vec(prop::sample::select(STORY), 0..3)) {
        let mut talk = Talk::new();
        talk.says("The nurse shouted at my mother on ward 3. My e-mail is ann.lee@example.org");
        for line in lines {
            talk.says(line);
        }
        prop_assume!(talk.status() == Status::Bot && talk.awaiting().is_some());
        talk.says("actually no, use 07700 900456 instead of the email");
        let contact = serde_json::to_string(&talk.record().complainant.contact).expect("plain data");
        prop_assert!(contact.contains("900456") && !contact.contains("ann.lee"), "{contact}");
        talk.says("not ward 3 but ward 5");
        let place = talk.record().incident.place.clone().unwrap_or_default();
        prop_assert!(place.contains('5') && !place.contains('3'), "{place}");
    }

    /// 5: a question to the bot is answered, and is never taken for the answer.
    #[test]
    fn a_question_is_answered_and_the_open_one_stays((opening, lines) in any_talk(), question in prop::sample::select(ASKS)) {
        let mut talk = Talk::new();
        talk.says(opening);
        for line in lines {
            talk.says(line);
        }
        prop_assume!(talk.status() == Status::Bot);
        let Some(slot) = talk.awaiting() else { return Ok(()) };
        let before = talk.snapshot.conversation.slots.clone();
        let answer = talk.says(question);
        prop_assert!(!answer.is_empty());
        let after = &talk.snapshot.conversation;
        prop_assert!(after.awaiting() == Some(slot) || after.slots.contains_key(&slot) || after.awaiting().is_none());
        for (slot, filled) in &after.slots {
            prop_assert!(before.contains_key(slot) || filled.value.is_missing(), "{question} filled {}", slot.name());
        }
    }

    /// 6: a bare word answers only a question that it can answer.
    #[test]
    fn a_bare_word_is_no_value((opening, lines) in any_talk(), word in prop::sample::select(BARE)) {
        let mut talk = Talk::new();
        talk.says(opening);
        for line in lines {
            talk.says(line);
        }
        prop_assume!(talk.status() == Status::Bot && talk.awaiting().is_some());
        let before = talk.snapshot.conversation.slots.clone();
        talk.says(word);
        for (slot, filled) in &talk.snapshot.conversation.slots {
            let fits = matches!(filled.value, SlotValue::YesNo { .. }) || filled.value.is_missing();
            prop_assert!(before.get(slot) == Some(filled) || fits || *slot == Slot::AnythingElse, "{word} filled {} with {:?}", slot.name(), filled.value);
        }
    }

    /// 8: capitals and missing stops change nothing of what is recorded.
    #[test]
    fn capitals_make_the_same_record(email in "[a-z]{3,8}@example\\.org", ward in 1_u8..30) {
        let text = format!("the nurse shouted at my mother on ward {ward} yesterday, my email is {email}");
        let record = |text: &str| {
            let mut talk = Talk::new();
            talk.says(text);
            let c = talk.record().clone();
            (c.incident.from, c.incident.place.map(|p| p.to_lowercase()), c.complainant.relation, serde_json::to_string(&c.complainant.contact).expect("plain data").to_lowercase())
        };
        prop_assert_eq!(record(&text), record(&text.to_uppercase()));
        prop_assert_eq!(record(&text), record(&text.replace(',', "")));
    }

    /// Whatever comes, nothing panics, and every clause of a message belongs to an act.
    #[test]
    fn whatever_comes_is_interpreted_whole(text in "\\PC{0,200}") {
        let mut talk = Talk::new();
        talk.says("The nurse shouted at my mother on ward 3");
        let inbound = talk.inbound(&text, None);
        let heard = crate::dialogue::intake::plain(&inbound);
        let acts = crate::dialogue::interpret::interpret(&heard, None, &talk.snapshot.conversation);
        for clause in &inbound.signals.clauses {
            let covered = acts.0.iter().any(|a| a.span.start <= clause.start && clause.end <= a.span.end);
            prop_assert!(covered, "{:?} belongs to no act", clause.words(&text));
            prop_assert!(text.is_char_boundary(clause.core.0) && text.is_char_boundary(clause.core.1));
        }
        talk.says(&text);
    }
}

/// 3: a value is understood once; what stands in a slot is typed.
#[test]
fn what_is_stored_is_typed() {
    let mut talk = Talk::new();
    talk.says("The nurse Denise shouted at my mother on ward 3 yesterday, 07700 900123");
    let state = &talk.snapshot.conversation;
    assert!(
        matches!(state.value(Slot::IncidentWhen), Some(SlotValue::Dates(d)) if d.from.is_some())
    );
    assert!(matches!(
        state.value(Slot::IncidentWhere),
        Some(SlotValue::Place(_))
    ));
    assert!(
        matches!(state.value(Slot::ContactMethod), Some(SlotValue::Contacts(all)) if all[0].kind == "phone")
    );
    assert!(
        matches!(state.value(Slot::StaffInvolved), Some(SlotValue::People(all)) if all[0].name.as_deref() == Some("Denise"))
    );
    assert!(matches!(
        state.value(Slot::AffectedPerson),
        Some(SlotValue::Person(_))
    ));
    assert!(matches!(
        state.value(Slot::Relation),
        Some(SlotValue::Choice { .. })
    ));
}

/// 7: where the reading is unsure, nothing is on the register until it is settled by one question.
#[test]
fn where_it_is_unsure_one_question_settles_it() {
    let mut talk = Talk::new();
    let mut inbound = talk.inbound("the new system on the ward", None);
    inbound.signals.unsure = vec![
        crate::domain::Intent::Complaint,
        crate::domain::Intent::Information,
    ];
    let answer = talk.send(inbound);
    assert!(answer.contains("record this as a complaint"), "{answer}");
    assert!(talk.snapshot.complaint.is_none());
    talk.chooses("complaint");
    assert_eq!(
        talk.record().incident.narrative,
        "the new system on the ward"
    );
}

/// The finite verb is told from the name, in both languages.
#[test]
fn leads_and_verbs_are_told_apart() {
    let clause = |text: &str| {
        let read = RULES.read(text, START);
        read.clauses.into_iter().next_back().expect("a clause")
    };
    assert_eq!(clause("my name is Mia Torres").lead, Some(Lead::OwnName));
    assert_eq!(
        clause("her name is Elsa Torres").lead,
        Some(Lead::OtherName)
    );
    for line in STORY {
        assert!(clause(line).finite, "'{line}' tells");
        assert!(!clause(line).name_like, "'{line}' is no name");
    }
    for name in ["Peter Holm", "李小龍", "Dr. van der Berg", "ann lee", "J"] {
        assert!(
            clause(name).name_like && !clause(name).finite,
            "'{name}' is a name"
        );
    }
}
