//! Whoever left no way to be reached comes back with a secret word.

use super::{two::Two, *};
use crate::domain::{ComplaintPatch, Conclusion, SecretWord, complaint::Reference};

fn word() -> SecretWord {
    SecretWord::of([127, 0, 0, 1, 63, 84, 220, 193])
}

/// A complaint of somebody unknown, who was given that word.
fn unknown_person() -> Two {
    Two::after(&[(Slot::AnythingElse, "no")]).with(|k| k.case.secret = Some(word().kept([7; 16])))
}

impl Two {
    /// What is read has the word hidden, as the service hides it.
    fn says_secretly(&mut self, text: &str) -> String {
        let (said, hidden) = SecretWord::said_in(text).expect("a word");
        let mut inbound = self.new.inbound(&hidden, None);
        inbound.secret = Some(said);
        self.sends(inbound)
    }

    fn comes_back(&mut self, word: &str) -> String {
        let text = format!("{} {word}", self.reference);
        self.says_secretly(&text)
    }
}

fn staff() -> AgentRef {
    AgentRef {
        id: AgentId(uuid::Uuid::from_u128(9)),
        name: "Maya Okafor".to_owned(),
        role: Role::Supervisor,
    }
}

fn asks(talk: &mut Talk, question: &str) -> Vec<Message> {
    let reference = talk.record().reference.clone();
    let patch = ComplaintPatch {
        question: Some(question.to_owned()),
        ..ComplaintPatch::default()
    };
    talk.happen(EventKind::ComplaintAmended {
        agent: staff(),
        reference,
        patch: Box::new(patch),
        older: None,
    })
    .expect("the desk may ask")
}

#[test]
fn whoever_left_no_way_to_be_reached_is_given_a_word_once_and_a_receipt() {
    let mut talk = Talk::new();
    talk.says("The nurse Denise Hartley shouted at my mother on ward 3 yesterday");
    let kept = word().kept([7; 16]);
    let mut last = String::new();
    for _ in 0..20 {
        if talk.awaiting().is_none() {
            break;
        }
        let mut inbound = talk.inbound("I don't know", None);
        inbound.lent = Some(kept.clone());
        last = talk.send(inbound);
    }
    assert_eq!(talk.record().case.secret, Some(kept));
    assert_eq!(last.matches(SecretWord::HIDDEN).count(), 1, "{last}");
    assert!(
        last.contains("A receipt to keep") && !last.contains("nurse") && !last.contains("ward"),
        "{last}"
    );
    let mut again = talk.inbound("thank you", None);
    again.lent = Some(word().kept([8; 16]));
    assert!(!talk.send(again).contains(SecretWord::HIDDEN));
}

#[test]
fn whoever_can_be_reached_needs_no_word() {
    let mut talk = play(
        "The nurse Denise Hartley shouted at my mother on ward 3 yesterday, my number is 07700 900123",
        &[],
    );
    assert_eq!(talk.record().case.secret, None);
    let mut inbound = talk.inbound("/receipt", None);
    inbound.lent = Some(word().kept([7; 16]));
    let said = talk.send(inbound);
    assert!(said.contains("A receipt to keep"), "{said}");
    assert_eq!(talk.record().case.secret, None);
}

#[test]
fn with_reference_and_word_they_hear_what_became_of_it() {
    let mut two = unknown_person().with(|k| {
        k.status = crate::domain::ComplaintStatus::Responded;
        k.case.responded_at = Some(START);
        k.case.conclusion = Some(Conclusion::PartlyUpheld);
        k.case.learning = Some("Night staff are now two on each ward".to_owned());
    });
    // A person has dealt with it meanwhile.
    let old = &mut two.old.as_mut().expect("made").snapshot.conversation;
    (old.status, old.queue) = (Status::Bot, None);
    let said = two.comes_back("lusab babad gutih tugad");
    assert!(two.is_proven(), "{said}");
    for part in [
        two.reference.as_str(),
        "answered",
        "a part of what you told us is so",
        "Night staff are now two on each ward",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(two.new.status(), Status::Bot, "they wait for nobody");
    assert_eq!(two.new.record().complainant.name, None);
    let theirs = two.new.messages.iter().find(|m| m.from == Author::Contact);
    assert_eq!(
        theirs.map(|m| m.text.clone()),
        Some(format!("{} {}", two.reference, SecretWord::HIDDEN)),
        "the word is not written down"
    );
}

#[test]
fn a_wrong_word_tells_nothing_and_is_one_of_three_tries() {
    let wrong = |two: &mut Two| two.comes_back("babab-babab-babab-babab");
    let mut known = unknown_person();
    let mut unknown = Two::unknown();
    unknown.reference = Reference::from_bits(77);
    let plain = |text: String, two: &Two| text.replace(two.reference.as_str(), "NH");
    for tries in 1..=4 {
        let (one, other) = (wrong(&mut known), wrong(&mut unknown));
        assert_eq!(plain(one, &known), plain(other, &unknown), "try {tries}");
        assert!(!known.is_proven());
        // The store counts at most three a day; the fourth is not even compared.
        known.tries = known.tries.min(3);
        assert_eq!(known.tries, tries.min(3));
    }
    let right = known.comes_back("lusab-babad-gutih-tugad");
    assert!(right.contains("can't open it here today"), "{right}");
}

#[test]
fn of_whoever_stays_unknown_only_the_word_proves_anything() {
    let mut two = unknown_person().with(|k| {
        k.complainant.anonymous = true;
        k.safeguarding = true;
    });
    two.claims();
    two.says("yesterday");
    assert!(!two.is_proven() && two.tries == 1);
    two.says_secretly("lusab-babad-gutih-tugad");
    assert!(two.is_proven());
}

#[test]
fn the_word_alone_is_asked_for_its_reference() {
    let mut two = unknown_person();
    let said = two.says_secretly("lusab-babad-gutih-tugad");
    assert!(said.contains("together with your reference"), "{said}");
    assert_eq!(two.tries, 0);
    let asked = two.claims();
    assert!(asked.contains("which phone number"), "{asked}");
    two.says_secretly("lusab-babad-gutih-tugad");
    assert!(two.is_proven());
}

#[test]
fn the_desk_asks_and_they_answer_without_a_name() {
    let mut two = unknown_person();
    let old = two.old.as_mut().expect("made");
    old.snapshot.conversation.unreachable = true;
    let told = asks(old, "Which shift was it?");
    assert!(told.is_empty(), "nobody is there to hear it");
    let said = two.comes_back("lusab-babad-gutih-tugad");
    assert!(said.contains("Which shift was it?"), "{said}");
    let thanks = two.says("the late shift, about nine in the evening");
    assert!(thanks.contains("Your answer is on record"), "{thanks}");
    let record = two.new.record();
    let question = record.case.question.as_ref().expect("asked");
    let answer = record
        .fragments
        .iter()
        .find(|f| Some(f.message) == question.answer);
    assert_eq!(
        answer.map(|f| f.text.as_str()),
        Some("the late shift, about nine in the evening")
    );
    assert!(question.answered_at.is_some());
    assert_eq!(two.new.status(), Status::Queued, "a person reads it");
    let json = serde_json::to_value(crate::complaint::PublishedComplaint::from(record.clone()))
        .expect("JSON");
    assert_eq!(
        json["question"]["answer"],
        "the late shift, about nine in the evening"
    );
    assert_eq!(json["secret_word"], true);
    assert_eq!(json.get("secret"), None);
}

#[test]
fn whoever_is_still_there_is_asked_there_and_need_not_answer() {
    let mut talk = play(
        "The nurse Denise Hartley shouted at my mother on ward 3 yesterday",
        &[(Slot::AnythingElse, "no")],
    );
    let told = asks(&mut talk, "Which shift was it?");
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].choices[0].value, "no_answer");
    let inbound = talk.inbound("", Some("no_answer"));
    let said = talk.send(inbound);
    assert!(said.contains("quite all right"), "{said}");
    let question = talk.record().case.question.clone().expect("asked");
    assert_eq!(
        (question.answer, question.answered_at.is_some()),
        (None, true)
    );
    // A question that is taken back is put to nobody.
    asks(&mut talk, "");
    assert_eq!(talk.record().case.question, None);
}
