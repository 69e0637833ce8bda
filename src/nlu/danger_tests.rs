//! Danger as people tell it, and what only looks like it.

use super::tests::read;
use crate::domain::RedFlag;

#[test]
fn danger_is_seen_and_its_look_alikes_are_not() {
    let danger = [
        ("I want to kill myself", RedFlag::SelfHarm),
        ("i dont want to be here anymore", RedFlag::SelfHarm),
        ("my husband can't breathe", RedFlag::MedicalEmergency),
        (
            "dad has collapsed and won't wake up",
            RedFlag::MedicalEmergency,
        ),
        ("chest pain since this morning", RedFlag::MedicalEmergency),
        ("your carer slapped my mum", RedFlag::Abuse),
        ("she is being hit by the night nurse", RedFlag::Abuse),
        ("I'm coming down there with a knife", RedFlag::Violence),
        ("nobody would miss me if I was gone", RedFlag::SelfHarm),
        ("I've taken 20 paracetamol", RedFlag::SelfHarm),
        (
            "she took her insulin twice and is shaking and confused",
            RedFlag::MedicalEmergency,
        ),
        ("they tie her to the bed at night", RedFlag::Abuse),
        // Told calmly by people who pass by.
        (
            "an old gentleman was sat outside your home in just pyjamas, it's 3 degrees, no answer at the bell",
            RedFlag::Abuse,
        ),
        (
            "una señora de las vuestras viene en bata al bar a las 7, sola",
            RedFlag::Abuse,
        ),
        (
            "my neighbour hasn't been seen for four days and the milk is piling up",
            RedFlag::MedicalEmergency,
        ),
        (
            "mi vecino lleva 3 días sin abrir la puerta y huele raro",
            RedFlag::MedicalEmergency,
        ),
        ("the carer says she slid, mum says pushed", RedFlag::Abuse),
        (
            "there's a padlock on his bedroom door, on the outside",
            RedFlag::Abuse,
        ),
        (
            "mi suegra dice que la cuidadora le da gotitas pa que duerma y que no diga nada",
            RedFlag::Abuse,
        ),
        (
            "she told her teacher the man took photos of her tummy on his own phone",
            RedFlag::Abuse,
        ),
        (
            "someone is threatening the nurses right now",
            RedFlag::Violence,
        ),
        ("I'll kill him if he touches her again", RedFlag::Violence),
        (
            "I can't stop thinking about killing myself",
            RedFlag::SelfHarm,
        ),
        ("my husband beats me and I'm scared", RedFlag::Abuse),
    ];
    for (text, flag) in danger {
        assert_eq!(read(text).red_flag, Some(flag), "{text}");
    }
    let harmless = [
        "I'm dying to know when the clinic opens",
        "my dad died last year and I still have questions",
        "she wasn't suicidal, she was tired",
        "my feet are killing me in this queue",
        "he had a heart attack in 2018",
        "I nearly had a heart attack when I saw the bill",
        "what should I do if she has a stroke?",
        "the nurse slammed the door",
        "we watched a film about suicide",
        "I could murder a cup of tea",
        "he used to drink and hit people years ago but not now",
        "the receptionist attacked me verbally",
        "I had chest pain last year, it was nothing",
        "I was stabbed with a needle three times before they found a vein",
        "I'm not having chest pain any more",
    ];
    for text in harmless {
        assert_eq!(read(text).red_flag, None, "{text}");
    }
}
