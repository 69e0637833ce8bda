//! What is read from `desk.yaml`, and what is refused.

use super::*;

const SHIPPED: &str = include_str!("../../../flows/desk.yaml");

fn shipped() -> Flows {
    Flows::load(&Texts::built_in(), "GB").expect("the shipped flows are right")
}

/// The built-in flows with these files over them.
fn with(files: &[(&str, &str)]) -> Result<Flows, Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    for (file, text) in files {
        std::fs::write(folder.path().join(file), text).expect("written");
    }
    let texts = Texts::folder(folder.path()).expect("read");
    let told = |errors: Vec<FlowError>| errors.iter().map(ToString::to_string).collect();
    Flows::load(&texts, "GB").map_err(told)
}

fn refused(files: &[(&str, &str)]) -> String {
    with(files).expect_err("refused").join("\n")
}

/// `desk.yaml` with one piece of text in the place of another.
fn desk(from: &str, to: &str) -> String {
    assert!(SHIPPED.contains(from), "'{from}' is in the file");
    SHIPPED.replacen(from, to, 1)
}

#[test]
fn every_occasion_has_a_team_and_a_reason() {
    let flows = shipped();
    for occasion in Occasion::ALL {
        assert!(!flows.desk.handoff(*occasion).team.team.is_empty());
    }
    let due = flows.desk.handoff(Occasion::PromiseDue);
    assert_eq!(due.team.team, "complaints team");
    assert_eq!(due.team.priority, Pressing::Urgent);
    assert_eq!(due.reason, "promise_due");
    assert_eq!(
        flows.desk.handoff(Occasion::OtherLanguage).reason,
        "language"
    );
}

#[test]
fn the_teams_are_those_of_desk_danger_and_flows_in_order_and_once() {
    let flows = shipped();
    let teams = flows.teams();
    for team in ["billing team", "complaints team", "front desk", "safety"] {
        assert!(teams.contains(&team), "{team} is not in {teams:?}");
    }
    assert!(teams.is_sorted_by(|a, b| a < b));
}

#[test]
fn a_reason_is_worded_in_the_language_or_in_english_or_by_its_flow_or_by_its_name() {
    let flow = "flow: interpreter\nabout: Somebody needs an interpreter. One is booked.\nwhen: '\"interpreter\" in words'\npriority: 95\nthen:\n  - handoff: front desk\n";
    let flows = with(&[("interpreter.yaml", flow)]).expect("right");
    assert_eq!(flows.reason_title("billing", "en"), "A bill");
    assert_eq!(flows.reason_title("billing", "es"), "Una factura");
    assert_eq!(flows.reason_title("billing", "fr"), "A bill");
    assert_eq!(
        flows.reason_title("interpreter", "en"),
        "Somebody needs an interpreter"
    );
    assert_eq!(flows.reason_title("of_long_ago", "en"), "of long ago");
    let lint: Vec<String> = flows.lint().iter().map(ToString::to_string).collect();
    assert_eq!(
        lint,
        [
            "interpreter.yaml:3:7: the reason 'interpreter' has no title under 'reasons' in desk.yaml"
        ]
    );
}

#[test]
fn flows_that_record_a_complaint_have_it_as_their_reason_and_others_their_name() {
    let flows = shipped();
    for flow in &flows.flows {
        let expected = if flow.records_complaint {
            "complaint"
        } else {
            &flow.name
        };
        assert_eq!(flow.reason, expected);
    }
}

#[test]
fn occasions_unknown_or_missing_and_bad_names_are_refused_with_their_place() {
    let unknown = refused(&[("desk.yaml", &desk("  friction: {team", "  fiction: {team"))]);
    assert!(
        unknown.contains("desk.yaml:10:12: 'fiction' is none of the occasions speak_to_human, ")
    );
    assert!(unknown.contains("desk.yaml: there is no handoff for the occasion 'friction'"));
    let reason = refused(&[("desk.yaml", &desk("reason: language", "reason: In French"))]);
    assert!(reason.contains("desk.yaml:9:"), "{reason}");
    assert!(reason.contains("'In French' is no name for a reason"));
    let title = refused(&[("desk.yaml", &desk("{en: A bill, ", "{en: \"\", "))]);
    assert!(title.contains("the title of the reason 'billing' is empty"));
    let word = refused(&[("desk.yaml", &desk("priority: urgent", "priority: now"))]);
    assert!(word.contains("desk.yaml:14:"), "{word}");
    let flow = "flow: x\nabout: x\nreason: Not so\nwhen: intent == \"thanks\"\npriority: 95\nthen:\n  - say: thanks.reply\n";
    assert!(refused(&[("x.yaml", flow)]).contains("x.yaml:3:9: 'Not so' is no name for a reason"));
}

#[test]
fn a_team_without_a_name_or_with_two_spellings_is_refused_with_its_place() {
    let empty = refused(&[(
        "desk.yaml",
        &desk("friction: {team: front desk", "friction: {team: \"  \""),
    )]);
    assert!(
        empty.contains("desk.yaml:10:20: a team needs a name"),
        "{empty}"
    );
    let compliment = "flow: compliment\nabout: x\nwhen: intent == \"compliment\"\npriority: 45\nthen:\n  - pass_on: Front  Desk\n";
    let twice = refused(&[("compliment.yaml", compliment)]);
    assert!(
        twice.contains("compliment.yaml:6:5: the team 'Front  Desk' is written 'front desk' in desk.yaml:7: one team, one name"),
        "{twice}"
    );
    let danger =
        include_str!("../../../flows/danger.yaml").replacen("team: safety", "team: Safety", 1);
    let twice = refused(&[("danger.yaml", &danger)]);
    assert!(twice.contains("danger.yaml:"), "{twice}");
    assert!(twice.contains("one team, one name"), "{twice}");
}

#[test]
fn a_title_that_a_language_lacks_is_told_by_lint() {
    let flows = with(&[("desk.yaml", &desk(", es: Una factura}", "}"))]).expect("right");
    let lint: Vec<String> = flows.lint().iter().map(ToString::to_string).collect();
    assert_eq!(lint.len(), 1, "{lint:?}");
    assert!(lint[0].contains("the title of the reason 'billing' is missing in 'es'"));
}
