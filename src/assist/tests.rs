use super::*;
use crate::{
    dialogue::Policy,
    domain::{Emotion, RedFlag, Relation, Slot, Timestamp},
    flow::Texts,
};
use std::sync::LazyLock;

static RULES: LazyLock<Policy> =
    LazyLock::new(|| Policy::load(&Texts::built_in(), "GB", None).expect("shipped flows"));
static COACH: LazyLock<Coach> =
    LazyLock::new(|| Coach::load(&Texts::built_in()).expect("shipped rules"));
static SUGGESTER: LazyLock<Suggester> =
    LazyLock::new(|| Suggester::load(&Texts::built_in()).expect("shipped gists"));

fn rules_found(context: &str, draft: &str) -> Vec<String> {
    COACH
        .review(context, draft, &RULES.interpreter)
        .findings
        .into_iter()
        .map(|f| f.rule)
        .collect()
}

#[test]
fn each_bad_draft_is_told_by_its_rule() {
    let rows = [
        (
            "A neighbour complains about noise from a home nurse",
            "This line is for patients only.",
            "dismisses_non_customer",
        ),
        (
            "A daughter is angry that her mother was moved without notice",
            "Please stay calm.",
            "calm_down",
        ),
        (
            "A patient asks whether to stop her tablets",
            "You can stop them, it won't hurt.",
            "gives_medical_advice",
        ),
        (
            "A man waits for news of his complaint",
            "We'll be in touch in due course.",
            "vague_next_step",
        ),
        (
            "A man waits for news of his complaint",
            "Please hold while I check.",
            "hold_language",
        ),
        (
            "A neighbour complains about noise",
            "Unfortunately our policy does not allow that.",
            "policy_shield",
        ),
        (
            "A son is upset that a carer was late",
            "It was only a short delay.",
            "minimises",
        ),
        (
            "A widow is grieving",
            "I know exactly how you feel.",
            "claims_same_feeling",
        ),
        (
            "A son complains about a fall",
            "That was clearly our fault.",
            "admits_liability",
        ),
        (
            "A man asks again about his bill",
            "As I already said, it takes a week.",
            "as_already_said",
        ),
        (
            "A visitor slipped on ice",
            "Were you wearing proper shoes?",
            "blames_person",
        ),
        (
            "A patient complains about waiting",
            "Unfortunately, due to high demand, that is how it is.",
            "policy_shield",
        ),
        (
            "A woman missed her visit",
            "You should have called earlier.",
            "blames_person",
        ),
        (
            "A neighbour complains about a nurse",
            "Mr Finch is one of our patients, he has dementia.",
            "confirms_patient_to_third_party",
        ),
        (
            "A visitor slipped",
            "We apologise for any inconvenience caused.",
            "canned_apology",
        ),
        (
            "A visitor is angry",
            "I'm sorry you feel that way.",
            "non_apology",
        ),
        (
            "A neighbour was shouted at",
            "Our nurses are all very professional.",
            "defends_staff",
        ),
        (
            "A neighbour was shouted at",
            "You'll need to contact another department.",
            "sends_away",
        ),
        (
            "A mother is worried about her baby",
            "I'm sure it's nothing, don't worry.",
            "false_reassurance",
        ),
        (
            "A furious man",
            "If you continue like this I will end this chat.",
            "threatens_to_end",
        ),
        ("A furious man", "WE HAVE TOLD THE MANAGER", "shouting"),
        (
            "A visitor slipped on ice",
            "I'm sorry you fell. When was it? Where exactly? Who saw it?",
            "interrogates",
        ),
        (
            "A daughter is angry that her mother was moved",
            "She is in bed 4 now.",
            "no_acknowledgement",
        ),
        (
            "A neighbour complains about a nurse",
            "I'm sorry that she shouted at you.",
            "no_next_step",
        ),
        (
            "A neighbour complains about a nurse",
            "I promise this will never happen again.",
            "over_promises",
        ),
        (
            "A neighbour complains about a nurse",
            "Your complaint has been duly noted.",
            "cold_formal",
        ),
        (
            "A neighbour complains about a nurse",
            "Aww hun, that sucks lol",
            "over_familiar",
        ),
        (
            "A son asks about his mother",
            "Obviously you wouldn't understand.",
            "condescending",
        ),
        (
            "A son asks what happens next",
            "I'm sorry. I've raised a DATIX and the MDT will meet on Monday.",
            "jargon",
        ),
    ];
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(context, draft, rule)| {
            let found = rules_found(context, draft);
            (!found.iter().any(|f| f == rule)).then(|| format!("{draft}: {found:?} lacks {rule}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_good_draft_gets_no_finding() {
    let rows = [
        (
            "A daughter is angry that her mother was moved without notice",
            "Arriving to an empty bed must have been a shock, and I'm sorry nobody rang you. Your mum is on Maple ward, bed 4. The sister there, Jo, will call you before six to explain. Is this still the best number?",
        ),
        (
            "A neighbour complains that a home nurse shouted at him",
            "I'm sorry you were shouted at outside your own door. I'll speak to the nurse's manager this afternoon and write to you here by five.",
        ),
        (
            "A man waits for news of his complaint",
            "I'm sorry you've had to ask. I've spoken to the ward: Sister Khan will ring you tomorrow before noon with the answer.",
        ),
        (
            "A patient asks whether to stop her tablets",
            "I can't advise on medicines, but our nurse can: she'll ring you within the hour. Is this number right?",
        ),
        (
            "A visitor asks when visiting starts",
            "Visiting is from ten to eight every day.",
        ),
        (
            "A widow writes about her husband's last days",
            "I'm so sorry for your loss, and that his last night was like that. I'll read his notes today and ring you tomorrow at ten, if that suits you.",
        ),
    ];
    for (context, draft) in rows {
        assert_eq!(rules_found(context, draft), Vec::<String>::new(), "{draft}");
    }
}

#[test]
fn a_finding_points_at_its_words_and_keeps_the_facts() {
    let draft = "Please calm down. Your mum is on Maple ward, and Jo will call you by six.";
    let review = COACH.review("A daughter is angry", draft, &RULES.interpreter);
    let finding = &review.findings[0];
    assert_eq!(&draft[finding.start..finding.end], "calm down");
    assert!(
        finding
            .rewrite
            .contains("Maple ward, and Jo will call you by six"),
        "{}",
        finding.rewrite
    );
    assert!(!finding.rewrite.contains("calm down"));
}

#[test]
fn suggestions_differ_in_kind_and_each_passes_the_coach() {
    let missing = [Slot::IncidentWhen];
    for flag in [
        None,
        Some(RedFlag::SelfHarm),
        Some(RedFlag::MedicalEmergency),
        Some(RedFlag::Abuse),
        Some(RedFlag::Violence),
    ] {
        for emotion in Emotion::ALL {
            for relation in Relation::ALL {
                for (words, complains) in [
                    ("Your nurse shouted at me in front of everyone", true),
                    ("my mum died and nobody rang", true),
                    ("can I get my results", false),
                ] {
                    let talk = Talk {
                        words,
                        name: Some("Martin Brooks"),
                        relation: *relation,
                        emotion: *emotion,
                        red_flag: flag,
                        complains,
                        reference: Some("NH-0000-0000-1"),
                        missing: &missing,
                        agent: "Priya",
                        language: "en",
                        reads: "en",
                        now: Timestamp(1_795_514_400_000_000),
                    };
                    let all = SUGGESTER.suggest(&talk, &RULES.flows);
                    assert_eq!(all.len(), 3);
                    assert!(all[0].text != all[1].text && all[1].text != all[2].text);
                    for s in &all {
                        let context = format!("{} {words}", relation.name());
                        assert_eq!(
                            rules_found(&context, &s.text),
                            Vec::<String>::new(),
                            "{}: {}",
                            s.id,
                            s.text
                        );
                        assert!(
                            !s.text.contains("suggest.") && !s.why.contains("why."),
                            "{s:?}"
                        );
                        assert!(s.empathy.emotional_reaction > 0, "{}", s.text);
                    }
                }
            }
        }
    }
}
