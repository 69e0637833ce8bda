use super::*;

/// Taken apart, with nothing known of what was said before.
fn cut(text: &str, answers: bool, sent_on: bool) -> Cut {
    let known = &Known::default();
    super::cut(
        text,
        About {
            answers,
            sent_on,
            known,
        },
    )
}

/// An answer in a conversation in which this was said before.
fn answer(text: &str, said: &[&str]) -> Cut {
    let mut known = Known::default();
    for words in said {
        known.add(words);
    }
    let known = &known;
    super::cut(
        text,
        About {
            answers: true,
            sent_on: false,
            known,
        },
    )
}

/// An answer as a mail program makes it: its text, what is the writer's own, and what is quoted.
type Answer = (&'static str, &'static str, &'static str, &'static str);

const ANSWERS: &[Answer] = &[
    (
        "Gmail",
        "It was on Sunday.\n\nOn Mon, 1 Jun 2026 at 10:00, Care <support@care.example> wrote:\n\n> When was this?\n>\n> A rough idea is enough.\n",
        "It was on Sunday.",
        "When was this?\n\nA rough idea is enough.",
    ),
    (
        "Gmail in Spanish, its line broken",
        "Fue el domingo.\n\nEl lun, 1 jun 2026 a las 10:00, Atención al paciente\n(<support@care.example>) escribió:\n\n> ¿Cuándo fue?\n",
        "Fue el domingo.",
        "¿Cuándo fue?",
    ),
    (
        "Apple Mail",
        "It was on Sunday.\n\nSent from my iPhone\n\n> On 1 Jun 2026, at 10:00, Care <support@care.example> wrote:\n> \n> When was this?\n",
        "It was on Sunday.",
        "On 1 Jun 2026, at 10:00, Care <support@care.example> wrote:\n\nWhen was this?",
    ),
    (
        "Apple Mail in Spanish",
        "Fue el domingo.\n\nEnviado desde mi iPhone\n\n> El 1 jun 2026, a las 10:00, Care <support@care.example> escribió:\n> \n> ¿Cuándo fue?",
        "Fue el domingo.",
        "El 1 jun 2026, a las 10:00, Care <support@care.example> escribió:\n\n¿Cuándo fue?",
    ),
    (
        "Outlook",
        "It was on Sunday.\n\nFrom: Care <support@care.example>\nSent: Monday, June 1, 2026 10:00 AM\nTo: Ann Lee <ann@home.example>\nSubject: Re: the nurse\n\nWhen was this?\n",
        "It was on Sunday.",
        "From: Care <support@care.example>\nSent: Monday, June 1, 2026 10:00 AM\nTo: Ann Lee <ann@home.example>\nSubject: Re: the nurse\n\nWhen was this?",
    ),
    (
        "Outlook on the web",
        "It was on Sunday.\n________________________________\nFrom: Care <support@care.example>\nSent: 01 June 2026 10:00\nTo: Ann Lee <ann@home.example>\nSubject: Re: the nurse\n\nWhen was this?\n",
        "It was on Sunday.",
        "From: Care <support@care.example>\nSent: 01 June 2026 10:00\nTo: Ann Lee <ann@home.example>\nSubject: Re: the nurse\n\nWhen was this?",
    ),
    (
        "Outlook in Spanish",
        "Fue el domingo.\n\nDe: Care <support@care.example> \nEnviado el: lunes, 1 de junio de 2026 10:00\nPara: Ana <ana@casa.example>\nAsunto: Re: la enfermera\n\n¿Cuándo fue?",
        "Fue el domingo.",
        "De: Care <support@care.example>\nEnviado el: lunes, 1 de junio de 2026 10:00\nPara: Ana <ana@casa.example>\nAsunto: Re: la enfermera\n\n¿Cuándo fue?",
    ),
    (
        "an older Outlook",
        "It was on Sunday.\n\n-----Original Message-----\nFrom: Care\nSent: 1 June 2026 10:00\nTo: Ann\nSubject: Re: the nurse\n\nWhen was this?",
        "It was on Sunday.",
        "From: Care\nSent: 1 June 2026 10:00\nTo: Ann\nSubject: Re: the nurse\n\nWhen was this?",
    ),
    (
        "an older Outlook in Spanish",
        "Fue el domingo.\n\n-----Mensaje original-----\nDe: Care\nEnviado: 1 de junio\n\n¿Cuándo fue?",
        "Fue el domingo.",
        "De: Care\nEnviado: 1 de junio\n\n¿Cuándo fue?",
    ),
    (
        "Thunderbird, answered between the lines",
        "On 6/1/26 10:00, Care wrote:\n> When was this?\nOn Sunday.\n> And where?\nIn her kitchen.\n\n-- \nAnn Lee\n12 High Street",
        "On Sunday.\nIn her kitchen.",
        "When was this?\nAnd where?\n\nAnn Lee\n12 High Street",
    ),
    (
        "Yahoo, which marks nothing",
        "It was on Sunday.\n\nOn Monday, 1 June 2026 at 10:00:00 BST, Care <support@care.example> wrote:\n\nWhen was this?",
        "It was on Sunday.",
        "When was this?",
    ),
    (
        "Yahoo in Spanish, which marks nothing",
        "Fue el domingo.\n\nEn lunes, 1 de junio de 2026, 10:00:00 CEST, Care <support@care.example> escribió:\n\n¿Cuándo fue?",
        "Fue el domingo.",
        "¿Cuándo fue?",
    ),
    (
        "Proton",
        "It was on Sunday.\n\nSent with Proton Mail secure email.\n\nOn Monday, June 1st, 2026 at 10:00 AM, Care <support@care.example> wrote:\n\n> When was this?",
        "It was on Sunday.",
        "When was this?",
    ),
    (
        "a program in a language that is not known",
        "It was on Sunday.\n\n2026年6月1日 10:00，Care <support@care.example> 写道：\n> When was this?",
        "It was on Sunday.",
        "2026年6月1日 10:00，Care <support@care.example> 写道：\nWhen was this?",
    ),
    (
        "a signature above the quote",
        "It was on Sunday.\n--\nAnn Lee\n07700 900111\n\nOn Mon, 1 Jun 2026 at 10:00, Care <support@care.example> wrote:\n> When was this?",
        "It was on Sunday.",
        "Ann Lee\n07700 900111\n\nWhen was this?",
    ),
];

#[test]
fn an_answer_is_told_from_what_it_quotes() {
    for (program, text, own, quoted) in ANSWERS {
        let cut = cut(text, true, false);
        assert_eq!(cut.own, *own, "{program}");
        assert_eq!(cut.quoted, *quoted, "{program}");
        assert_eq!(cut.forwarded, None, "{program}");
    }
}

#[test]
fn what_stands_below_a_line_of_dashes_is_not_lost() {
    for (text, own) in [
        (
            "Dear team,\n--\nThe nurse hit my mother on Sunday.",
            "Dear team,\nThe nurse hit my mother on Sunday.",
        ),
        (
            "It was on Sunday, at noon.\n-- \nAnn\n\nPS She did it before.",
            "It was on Sunday, at noon.\nAnn\n\nPS She did it before.",
        ),
        ("--\nThe nurse hit her.", "The nurse hit her."),
    ] {
        assert_eq!(cut(text, false, false).own, own, "{text}");
    }
}

#[test]
fn a_letter_with_a_head_of_its_own_is_the_writers() {
    let text = "From: Ann Lee, 12 High St\nTo: The manager\nDate: 1 June 2026\nSubject: Nurse\n\nShe hit me.";
    assert_eq!(cut(text, false, false).own, text);
    let greets = format!("Dear all, this is for the manager.\n\n{text}");
    assert_eq!(cut(&greets, false, false).own, greets);
    // The same in an answer is what was answered.
    assert_eq!(cut(text, true, false).own, "");
}

#[test]
fn a_mail_that_was_sent_on_is_not_the_writers_own() {
    for (program, text, own, from) in [
        (
            "Gmail",
            "What shall I do?\n\n---------- Forwarded message ---------\nFrom: Tom Lee <tom@x.example>\nDate: Mon, 1 Jun 2026 at 10:00\nSubject: goodbye\nTo: <ann@home.example>\n\nI can't go on.",
            "What shall I do?",
            "Tom Lee <tom@x.example>",
        ),
        (
            "Gmail in Spanish",
            "¿Qué hago?\n\n---------- Mensaje reenviado ---------\nDe: Tomás <tom@x.example>\nFecha: lun, 1 jun 2026\nAsunto: adiós\nPara: <ana@casa.example>\n\nI can't go on.",
            "¿Qué hago?",
            "Tomás <tom@x.example>",
        ),
        (
            "Apple Mail",
            "What shall I do?\n\nBegin forwarded message:\n\n> From: Tom Lee <tom@x.example>\n> Subject: goodbye\n> Date: 1 June 2026\n> To: ann@home.example\n> \n> I can't go on.",
            "What shall I do?",
            "Tom Lee <tom@x.example>",
        ),
        (
            "a telephone",
            "What shall I do?\n\n> Begin forwarded message:\n> \n> From: Tom Lee <tom@x.example>\n> Subject: goodbye\n> Date: 1 June 2026\n> To: ann@home.example\n> \n> I can't go on.",
            "What shall I do?",
            "Tom Lee <tom@x.example>",
        ),
        (
            "Outlook",
            "What shall I do?\n\nFrom: Tom Lee <tom@x.example>\nSent: Monday, June 1, 2026\nTo: Ann\nSubject: goodbye\n\nI can't go on.",
            "What shall I do?",
            "Tom Lee <tom@x.example>",
        ),
    ] {
        let cut = cut(text, false, true);
        assert_eq!(cut.own, own, "{program}");
        assert_eq!(cut.quoted, "", "{program}");
        let forwarded = cut.forwarded.expect(program);
        assert_eq!(forwarded.from.as_deref(), Some(from), "{program}");
        assert_eq!(forwarded.text, "I can't go on.", "{program}");
    }
}

#[test]
fn words_that_only_look_like_a_quote_are_the_writers_own() {
    for text in [
        "On Monday the nurse wrote:\nhe is lazy",
        "From: the first day she was rude to us.",
        "El lunes la enfermera escribió:\nes un vago",
        "I have two wishes:\n- an apology\n- a new nurse",
        ">:( I am furious",
    ] {
        assert_eq!(
            cut(text, false, false),
            Cut {
                own: text.to_owned(),
                ..Cut::default()
            }
        );
    }
}

#[test]
fn a_story_that_tells_what_somebody_wrote_is_not_cut_off() {
    let said = ["When was this?"];
    for text in [
        "On Monday she wrote:\nyou are a burden.\nI could not sleep.",
        "On Monday 1 June at 10:30 she wrote:\nyou are a burden.\nI could not sleep.",
        "On 1 June 2026 at 10:30 the nurse wrote:\nyou are a burden.",
        "El lunes 1 de junio a las 10:30 ella escribió:\neres una carga.",
        "This is what they did.\nOn Monday at 10:30 she wrote:",
        "From: the first day she was rude.\nTo: me, and to my son.",
    ] {
        assert_eq!(answer(text, &said).own, text);
        assert_eq!(cut(text, false, false).own, text);
    }
    let quoted = "On Monday 1 June at 10:30 she wrote:\n> you are a burden\nI could not sleep.";
    let taken = cut(quoted, false, false);
    assert_eq!(
        taken.own,
        "On Monday 1 June at 10:30 she wrote:\nI could not sleep."
    );
    assert_eq!(taken.unknown, "you are a burden");
}

#[test]
fn a_quote_without_a_mark_is_known_by_what_was_said() {
    let said = ["When was this? A rough idea is enough."];
    for head in [
        "On Monday Care wrote something at 10:30 and wrote:",
        "On Mon, 1 Jun 2026 at 10:00, Care wrote:",
        "El lun, 1 jun 2026 a las 10:00, Care escribió:",
        "El dl., 1 de juny 2026 a les 10:00, Care va escriure:",
        "From: Care\nSent: Monday\nTo: Ann\nSubject: Re: the nurse\n",
        "Sent: Monday, June 01, 2026 at 10:00 AM\nFrom: \"Care\" <support@care.example>\nTo: ann@home.example\nSubject: Re: the nurse\n",
        "**From:** Care\n**Date:** Monday\n**To:** Ann\n**Subject:** the nurse\n",
        "De: Care\nEnviat el: dilluns\nPer a: Anna\nTema: Re\n",
        "Von: Care\nGesendet: Montag\nAn: Ann\nBetreff: Re\n",
    ] {
        let text = format!("On Sunday.\n\n{head}\nWhen was this? A rough idea is enough.");
        let taken = answer(&text, &said);
        assert_eq!(taken.own, "On Sunday.", "{head}");
        assert_eq!(taken.unknown, "", "{head}");
    }
}

#[test]
fn what_was_written_into_or_below_a_quote_is_found() {
    let said = ["When was this? A rough idea is enough."];
    let head = "On Mon, 1 Jun 2026 at 10:00, Care <support@care.example> wrote:";
    let into =
        format!("{head}\n> When was this? On Sunday.\n> A rough idea is enough.\n> I can't go on.");
    let taken = answer(&into, &said);
    assert_eq!(
        taken.own, "On Sunday.\nI can't go on.",
        "nothing stood above it"
    );
    let below = "From: Care\nSent: Monday\nTo: Ann\nSubject: Re\n\nWhen was this? A rough idea is enough.\n\nOn Sunday.";
    assert_eq!(answer(below, &said).own, "On Sunday.");
    let both = format!("It was on Sunday.\n\n{head}\n> When was this?\n> I can't go on.");
    let taken = answer(&both, &said);
    assert_eq!(taken.own, "It was on Sunday.");
    assert_eq!(taken.unknown, "I can't go on.");
}

#[test]
fn what_stands_below_a_line_and_is_long_is_no_signature() {
    let story = "one of many things that they did\n".repeat(LONGEST_SIGNATURE + 1);
    let text = format!("Dear team,\n--\n{story}");
    assert!(cut(&text, false, false).own.contains("many things"));
}

#[test]
fn lines_that_a_program_broke_are_whole_again() {
    let text = "Your home nurse shouted at my neighbour last Tuesday and then she\nslammed the door.\n\nI live next door.\nAnn";
    assert_eq!(
        cut(text, false, false).own,
        "Your home nurse shouted at my neighbour last Tuesday and then she slammed the door.\n\nI live next door.\nAnn"
    );
}
