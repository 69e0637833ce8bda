//! What authors may rely on.

use super::*;

/// The built-in flows, with these phrases instead of the English ones.
fn with_phrases(phrases: &str) -> PhraseBook {
    let texts = Texts::of([
        ("en/phrases.yaml".to_owned(), phrases.to_owned()),
        ("languages.yaml".to_owned(), "{}".to_owned()),
    ]);
    let (book, errors) = PhraseBook::load(&texts);
    assert_eq!(errors, []);
    book
}

const fn audience(emotion: Emotion, channel: &str) -> Audience<'_> {
    Audience {
        language: "en",
        emotion,
        channel,
    }
}

#[test]
fn the_wording_that_fits_channel_and_feeling_best_is_said() {
    let book = with_phrases(
        "p:\n  - anybody\n  - upset: upset\n  - telegram: by telegram\n  - \"telegram, upset\": both\n",
    );
    let say = |emotion, channel| book.say(&audience(emotion, channel), "p", 0, Vars::new);
    assert_eq!(say(Emotion::Neutral, "web"), "anybody");
    assert_eq!(say(Emotion::Upset, "web"), "upset");
    assert_eq!(say(Emotion::Sad, "telegram"), "by telegram");
    assert_eq!(say(Emotion::Upset, "telegram"), "both");
    assert_eq!(say(Emotion::Sad, "web"), "anybody");
}

#[test]
fn what_people_wrote_is_shown_as_one_bounded_line_and_never_as_a_template() {
    let book = with_phrases("p: [\"Thank you, {{ name }}.\"]\n");
    let say = |name: &str| {
        let name = name.to_owned();
        book.say(&Audience::of("en"), "p", 0, || {
            Vars::from([("name", name.into())])
        })
    };
    assert_eq!(say("Ann\n\n\tBell"), "Thank you, Ann Bell.");
    assert_eq!(say("\u{202e}Ann\u{0}\u{200b}"), "Thank you, Ann.");
    assert_eq!(
        say("{{ emergency }}{% for a in b %}"),
        "Thank you, {{ emergency }}{% for a in b %}."
    );
    assert_eq!(
        say(&"x".repeat(9_000)).chars().count(),
        "Thank you, .".len() + 200
    );
}

#[test]
fn a_fact_that_a_phrase_is_not_given_is_a_mistake_with_its_place() {
    let texts = Texts::of([(
        "en/phrases.yaml".to_owned(),
        "greeting.hello:\n  - \"Welcome to {{ organisatoin }}.\"\n".to_owned(),
    )]);
    let (_, errors) = PhraseBook::load(&texts);
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let told = told.join("\n");
    assert!(told.contains("en/phrases.yaml:2:"), "{told}");
    assert!(told.contains("mentions 'organisatoin'"), "{told}");
    assert!(told.contains("organisation, emergency"), "{told}");
}

#[test]
fn a_wording_for_nobody_known_is_a_mistake_with_its_place() {
    let texts = Texts::of([
        (
            "en/phrases.yaml".to_owned(),
            "p:\n  - furious: x\n".to_owned(),
        ),
        ("languages.yaml".to_owned(), "{}".to_owned()),
    ]);
    let (_, errors) = PhraseBook::load(&texts);
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].line, errors[0].column), (Some(2), Some(5)));
    assert!(errors[0].message.contains("'furious' is none of"));
}

#[test]
fn teams_may_keep_hours_of_their_own() {
    let flows = Flows::load(&Texts::built_in(), "GB").expect("the shipped flows are right");
    // Sunday 22 November 2026, eleven in the morning.
    let sunday = crate::domain::Timestamp(1_795_345_200_000_000);
    assert!(flows.facts.open_at(sunday).open);
    let billing = flows
        .facts
        .team_open_at("billing team", sunday)
        .expect("hours");
    assert!(!billing.open);
    assert_eq!(billing.opens.map(|(day, _)| day), Some(Day::Tomorrow));
    assert!(flows.facts.team_open_at("front desk", sunday).is_none());
}
