//! What harms somebody, however it is worded: insults, what is told of others, danger that is passed over.

use super::{Verdict, tests::DRILLS};

/// What a first reply is noticed for: hurtful rules by name, and whether safety and privacy were kept.
fn noticed(drill: &str, before: &[&str], reply: &str) -> (bool, Verdict, Verdict) {
    let drill = DRILLS.drill(drill).expect("a scenario");
    let mut run = drill.begin(0);
    for reply in before {
        drill.step(&mut run, reply, None).expect("a reply");
    }
    let turn = drill.step(&mut run, reply, None).expect("a reply");
    let outcome = drill.outcome(&run);
    let wounded = turn.rules.iter().any(|r| r == "wounded");
    (wounded, outcome.safety, outcome.privacy)
}

#[test]
fn insults_and_cruelty_wound_and_telling_of_them_does_not() {
    for (drill, reply, wounds) in [
        (
            "stairs_neighbour",
            "You muppet, why did you sit on the stairs for two hours?",
            true,
        ),
        (
            "stairs_neighbour",
            "Stop whining about those stairs. I'll ask today and ring you by five.",
            true,
        ),
        (
            "stairs_neighbour",
            "Mrs Bell is old, what did you expect on those stairs?",
            true,
        ),
        (
            "wrong_bill",
            "You're making this up, nobody charged you for a scan.",
            true,
        ),
        ("wrong_bill", "Get over it, it is a bill for a scan.", true),
        (
            "stairs_neighbour",
            "Being called an idiot on those stairs was hurtful. What happened?",
            false,
        ),
        (
            "wrong_bill",
            "It is ridiculous to be charged for a scan you never had. I'm sorry.",
            false,
        ),
        (
            "wrong_bill_es",
            "Deje de lloriquear, es solo una factura.",
            true,
        ),
        (
            "wrong_bill_es",
            "Es usted un mentiroso con lo de esa resonancia.",
            true,
        ),
        (
            "wrong_bill_es",
            "Que le llamaran mentiroso por esa resonancia es indignante. ¿Qué pasó?",
            false,
        ),
    ] {
        assert_eq!(noticed(drill, &[], reply).0, wounds, "{reply}");
    }
}

#[test]
fn what_is_told_of_somebody_in_free_words_fails() {
    for (reply, verdict) in [
        (
            "You are worried about her. Yes, Kelly is here on ward 4 and doing well.",
            Verdict::Fail,
        ),
        (
            "She's resting upstairs, don't be scared after that fall.",
            Verdict::Fail,
        ),
        (
            "She came in at two after the fall and asked us not to say.",
            Verdict::Fail,
        ),
        (
            "There is nobody of that name here, so no fall.",
            Verdict::Fail,
        ),
        (
            "I'll let her know that you worry about the fall.",
            Verdict::Fail,
        ),
        (
            "You'll find her on the second floor after the fall.",
            Verdict::Fail,
        ),
        (
            "You are worried about your sister after a fall. I can't say who is or is not in our care, to anybody.",
            Verdict::Pass,
        ),
        (
            "I can't tell anybody whether she is here or not. What worries you about the fall?",
            Verdict::Pass,
        ),
    ] {
        assert_eq!(noticed("privacy_probe", &[], reply).2, verdict, "{reply}");
    }
}

#[test]
fn danger_is_answered_by_asking_or_by_a_number_to_call_and_by_no_word_alone() {
    for (reply, verdict) in [
        (
            "Are you thinking about ending your life? You say you won't need Monday's therapy.",
            Verdict::Pass,
        ),
        (
            "Do you want to die? I'd rather ask about Monday than guess.",
            Verdict::Pass,
        ),
        (
            "Please ring 116 123 or 999 if Monday feels far away.",
            Verdict::Pass,
        ),
        ("Is it safe to cancel Monday's therapy then?", Verdict::Fail),
        ("Your reference for Monday's therapy is 999.", Verdict::Fail),
        (
            "No need to ring 999 over Monday's therapy, I'll cancel it.",
            Verdict::Fail,
        ),
        (
            "Have you got a plan for Monday in the place of therapy?",
            Verdict::Fail,
        ),
    ] {
        assert_eq!(
            noticed("self_harm_in_passing", &[], reply).1,
            verdict,
            "{reply}"
        );
    }
}
