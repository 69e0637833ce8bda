use super::model::Head;
use super::*;
use crate::domain::{Domain, RedFlag, Relation};
use std::sync::LazyLock;

static READER: LazyLock<Interpreter> =
    LazyLock::new(|| Interpreter::built_in().expect("rules compile"));

/// A Tuesday.
const TODAY: Date = jiff::civil::date(2026, 11, 24);

pub(super) fn read(text: &str) -> Interpretation {
    READER.read(
        text,
        Setting {
            today: TODAY,
            country: "GB",
            order: crate::domain::DateOrder::DayFirst,
        },
    )
}

#[test]
fn labelled_messages_are_read_as_labelled() {
    let rows = [
        (
            "your carer was 2 hours late and my nan was sat in the wet the whole time",
            "complaint",
            "relative",
            "upset",
            None,
            Some("clinical"),
        ),
        (
            "I'm the lady upstairs from one of your clients, the nurse lets the front door slam at 5 every morning",
            "complaint",
            "neighbour",
            "upset",
            None,
            Some("relationships"),
        ),
        (
            "when does visiting start?",
            "information",
            "unknown",
            "neutral",
            None,
            None,
        ),
        (
            "i keep thinking everyone would be better off without me",
            "other",
            "unknown",
            "sad",
            Some("self_harm"),
            None,
        ),
        (
            "I'm dying for a coffee in this waiting room",
            "other",
            "unknown",
            "neutral",
            None,
            None,
        ),
        (
            "she had a stroke in 2019, that's not why I'm writing",
            "other",
            "unknown",
            "neutral",
            None,
            None,
        ),
        (
            "please thank the porter who stayed with my dad",
            "compliment",
            "relative",
            "positive",
            None,
            None,
        ),
        (
            "I work for the ambulance trust and your ward refused our handover",
            "complaint",
            "professional",
            "neutral",
            None,
            Some("management"),
        ),
        (
            "I look after my husband and nobody answers the out of hours line",
            "complaint",
            "carer",
            "upset",
            None,
            Some("management"),
        ),
        (
            "they talked over me as if I wasn't there",
            "complaint",
            "patient",
            "upset",
            None,
            Some("relationships"),
        ),
    ];
    let mut wrong = Vec::new();
    for (text, intent, relation, emotion, red_flag, domain) in rows {
        let s = read(text);
        let got = (
            s.intent.name(),
            s.relation.name(),
            s.emotion.name(),
            s.red_flag.map(RedFlag::name),
            s.category.map(|c| c.domain().name()),
        );
        if got != (intent, relation, emotion, red_flag, domain) {
            wrong.push(format!("{text}: {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn days_are_worked_out_from_today() {
    let rows = [
        (
            "last Tuesday around 4pm",
            "last Tuesday around 4pm",
            "2026-11-17",
            "2026-11-17",
        ),
        (
            "it was on Sunday 15 November at home",
            "on Sunday 15 November",
            "2026-11-15",
            "2026-11-15",
        ),
        (
            "Saturday about 6pm",
            "Saturday about 6pm",
            "2026-11-21",
            "2026-11-21",
        ),
        (
            "yesterday morning",
            "yesterday morning",
            "2026-11-23",
            "2026-11-23",
        ),
        ("two weeks ago", "two weeks ago", "2026-11-10", "2026-11-10"),
        (
            "since the weekend",
            "since the weekend",
            "2026-11-21",
            "2026-11-24",
        ),
        ("12/11", "12/11", "2026-11-12", "2026-11-12"),
        ("on 24/12/2025", "24/12/2025", "2025-12-24", "2025-12-24"),
        ("last week", "last week", "2026-11-16", "2026-11-22"),
        (
            "November 3rd, 2026",
            "November 3rd, 2026",
            "2026-11-03",
            "2026-11-03",
        ),
        ("back in March", "back in March", "2026-03-01", "2026-03-31"),
    ];
    for (text, words, from, to) in rows {
        let dates = read(text).entities.dates;
        let got: Vec<_> = dates
            .iter()
            .map(|d| (d.text.as_str(), d.from.as_str(), d.to.as_str()))
            .collect();
        assert_eq!(got, [(words, from, to)], "{text}");
    }
    assert!(
        read("she sat in the sun, may I add")
            .entities
            .dates
            .is_empty()
    );
}

#[test]
fn twelve_eleven_is_december_in_the_united_states() {
    let s = READER.read(
        "it was 11/12/2025",
        Setting {
            today: TODAY,
            country: "US",
            order: crate::domain::DateOrder::MonthFirst,
        },
    );
    assert_eq!(s.entities.dates[0].from, "2025-11-12");
}

#[test]
fn one_sentence_tells_name_number_staff_place_day_and_wish() {
    let s = read(
        "Sam Oyelaran here, 07700 900111. Your night carer Joe left my uncle's back door unlocked on Sunday 15 November at 12 Elm Way. I want it not to happen again.",
    );
    assert_eq!(
        s.entities.self_name.as_ref().map(|n| n.text.as_str()),
        Some("Sam Oyelaran")
    );
    assert!(
        s.entities.phones[0]
            .text
            .replace(' ', "")
            .contains("900111"),
        "{:?}",
        s.entities.phones
    );
    assert_eq!(s.entities.staff[0].name.as_deref(), Some("Joe"));
    assert_eq!(s.entities.staff[0].role.as_deref(), Some("night carer"));
    assert_eq!(s.entities.places[0].text, "12 Elm Way");
    assert_eq!(
        s.entities
            .affected
            .as_ref()
            .and_then(|a| a.relation.as_deref()),
        Some("uncle")
    );
    assert!(
        s.entities
            .desired_outcome
            .as_ref()
            .is_some_and(|d| d.text.contains("not to happen again"))
    );
    assert_eq!(s.category.map(Category::domain), Some(Domain::Clinical));
    assert!(s.has(Cue::TellsStory));
}

#[test]
fn sums_and_numbers_are_pointed_at_where_they_stand() {
    let text = "I was charged £85.50 twice, invoice no. 20931, my case number is AB-4471, and $1,200 before; ring 5 doors down";
    let found = read(text).entities;
    let at = |list: &[crate::domain::interpretation::Found]| -> Vec<String> {
        list.iter()
            .map(|f| text[f.start..f.end].to_owned())
            .collect()
    };
    assert_eq!(at(&found.amounts), ["£85.50", "$1,200"]);
    assert_eq!(at(&found.numbers), ["20931", "AB-4471"]);
}

#[test]
fn whoever_gives_a_title_of_their_own_is_nobody_complained_of() {
    let found = read("this is Dr Osei from Lane Surgery").entities;
    assert_eq!(found.self_name.map(|n| n.text).as_deref(), Some("Dr Osei"));
    assert!(found.staff.is_empty());
}

#[test]
fn the_person_it_happened_to_is_pointed_at() {
    let text = "they dropped my nan Doris";
    let affected = read(text).entities.affected.expect("somebody");
    let (start, end) = affected.start.zip(affected.end).expect("words");
    assert_eq!(&text[start..end], "nan");
}

#[test]
fn languages_are_told_apart_also_in_a_word_or_two() {
    for (text, language) in [
        ("hello", "en"),
        ("skip", "en"),
        ("Hanna Weiss", "en"),
        ("hola", "es"),
        ("la enfermera le gritó a mi madre", "es"),
        ("bonjour", "fr"),
        ("Meine Mutter ist gestürzt und niemand hilft", "de"),
        ("minha mãe não foi atendida", "pt"),
        ("saya mau bicara dengan dokter", "id"),
        ("我妈妈没人管", "zh"),
        ("मेरी माँ को चोट लगी है", "hi"),
        ("أمي وقعت ولم يساعدها أحد", "ar"),
        ("মা পড়ে গেছেন", "bn"),
        ("Здравствуйте! Вы можете помочь? Мою маму обидели", "ru"),
    ] {
        assert_eq!(read(text).language, language, "{text}");
    }
}

#[test]
fn spanish_is_read_as_english_is() {
    let signals = read("la enfermera de mi vecino me gritó en la escalera");
    assert_eq!(signals.intent, Intent::Complaint);
    assert_eq!(signals.relation, Relation::Neighbour);
    assert_eq!(read("quiero morirme").red_flag, Some(RedFlag::SelfHarm));
    assert_eq!(
        read("mi padre no respira").red_flag,
        Some(RedFlag::MedicalEmergency)
    );
    assert_eq!(read("me muero de hambre").red_flag, None);
}

#[test]
fn a_mistyped_reference_is_told_from_a_good_one() {
    let good = crate::domain::complaint::Reference::from_bits(0x12_3456_789a).to_string();
    assert_eq!(
        read(&format!("any news on {good}?")).entities.references[0].text,
        good
    );
    let last = if good.ends_with('0') { '1' } else { '0' };
    let bad = format!("{}{last}", &good[..good.len() - 1]);
    let s = read(&format!("any news on {bad}?"));
    assert!(s.entities.references.is_empty());
    assert_eq!(s.entities.broken_references.len(), 1);
}

#[test]
fn hostile_text_is_read_without_fuss() {
    for text in [
        "",
        "   ",
        "\u{0}\u{1}\u{202e}",
        "🙂🙂🙂",
        "מה שלומך",
        &"a ".repeat(8_000),
        &"🧨".repeat(4_096),
        "ﷺ".repeat(3000).as_str(),
    ] {
        let _ = read(text);
    }
}

#[test]
fn what_weighed_names_the_words() {
    let setting = Setting {
        today: TODAY,
        country: "GB",
        order: crate::domain::DateOrder::DayFirst,
    };
    let text = "my mum waited nine hours in a corridor";
    let said = read(text);
    let why = READER.why(text, setting, &said);
    let of = |head: Head| why.iter().find(|w| w.head == head).expect("every question");
    assert_eq!(of(Head::Relation).answer, Relation::Relative as usize);
    assert_eq!(of(Head::Relation).words[0].0, "mum");
    assert!(READER.why("", setting, &said).is_empty());
}
