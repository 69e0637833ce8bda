use super::*;
use crate::flow::{Flows, Texts};

const NOON: Timestamp = Timestamp(1_795_514_400_000_000);

fn shipped() -> Flows {
    Flows::load(&Texts::built_in(), "GB").expect("the shipped flows are right")
}

/// The shipped flows with this ladder in the place of theirs: what is wrong with it.
fn wrong(ladder: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("contingency.yaml"), ladder).expect("written");
    let texts = Texts::folder(folder.path()).expect("a folder of flows");
    let errors = Flows::load(&texts, "GB").expect_err("it is wrong");
    errors
        .iter()
        .map(|e| e.to_string().lines().next().unwrap_or_default().to_owned())
        .collect()
}

fn busy(waited_minutes: i64) -> QueueFacts {
    QueueFacts {
        waited: waited_minutes * 60,
        waiting: 3,
        online: 1,
        open: true,
        ..QueueFacts::default()
    }
}

fn names(climbs: &[Climb]) -> Vec<(&str, bool)> {
    climbs.iter().map(|c| (c.rung.as_str(), c.begins)).collect()
}

#[test]
fn a_rung_begins_holds_and_ends_by_itself_and_does_not_flap() {
    let flows = shipped();
    let (ladder, mut standing) = (&flows.ladder, Standing::default());
    let mut climb = |minutes, at: i64| {
        let climbs = ladder.climb(&mut standing, &busy(minutes), NOON.plus_seconds(at));
        let held = ladder.holding(&standing);
        (
            names(&climbs).first().map(|(n, b)| ((*n).to_owned(), *b)),
            held,
        )
    };
    let long = "long_wait".to_owned();
    assert_eq!(climb(9, 0), (None, vec![]));
    assert_eq!(
        climb(10, 10),
        (Some((long.clone(), true)), vec![long.clone()])
    );
    // Between the two marks it stays as it is.
    assert_eq!(climb(7, 20), (None, vec![long.clone()]));
    assert_eq!(
        climb(4, 30),
        (None, vec![long.clone()]),
        "not over for long enough"
    );
    assert_eq!(
        climb(7, 100),
        (None, vec![long.clone()]),
        "and it was not over"
    );
    assert_eq!(climb(3, 110), (None, vec![long.clone()]));
    assert_eq!(climb(3, 229), (None, vec![long.clone()]));
    assert_eq!(climb(3, 230), (Some((long, false)), vec![]));
}

#[test]
fn what_holds_for_a_moment_is_nothing_yet() {
    let flows = shipped();
    let mut standing = Standing::default();
    let mut absent = |online, at| {
        let facts = QueueFacts {
            online,
            absent: 2 - online,
            ..busy(0)
        };
        let climbs = flows
            .ladder
            .climb(&mut standing, &facts, NOON.plus_seconds(at));
        names(&climbs)
            .iter()
            .map(|(n, b)| ((*n).to_owned(), *b))
            .collect::<Vec<_>>()
    };
    assert_eq!(absent(0, 0), []);
    assert_eq!(absent(1, 119), [], "somebody looked in");
    assert_eq!(absent(0, 120), []);
    assert_eq!(absent(0, 239), []);
    assert_eq!(absent(0, 240), [("nobody_there".to_owned(), true)]);
}

#[test]
fn after_a_restart_it_stands_as_it_stood() {
    let flows = shipped();
    let mut standing = Standing::again([("long_wait".to_owned(), NOON)]);
    assert_eq!(flows.ladder.holding(&standing), ["long_wait"]);
    let climbs = flows
        .ladder
        .climb(&mut standing, &busy(12), NOON.plus_seconds(5));
    assert_eq!(climbs, []);
    assert_eq!(standing.since("long_wait"), Some(NOON));
}

#[test]
fn a_rung_that_was_taken_out_of_the_file_is_over() {
    let flows = shipped();
    let mut standing = Standing::again([("of_yesterday".to_owned(), NOON)]);
    let climbs = flows.ladder.climb(&mut standing, &busy(0), NOON);
    assert_eq!(names(&climbs), [("of_yesterday", false)]);
}

#[test]
fn all_that_hold_work_together() {
    let flows = shipped();
    let holding = ["long_wait".to_owned(), "holiday".to_owned()];
    let force = flows.ladder.in_force(&holding);
    assert_eq!(
        force,
        InForce {
            notices: vec!["contingency.holiday"],
            call_backs: Some("contingency.call_back"),
            intake: Some("contingency.intake_holiday"),
            apart: Some("contingency.apart"),
        }
    );
}

#[test]
fn a_broken_ladder_is_refused_with_file_line_and_reason() {
    let rung = |lines: &str| format!("rungs:\n  - rung: busy\n    about: Busy\n{lines}");
    let steps = "    steps:\n      - notice: contingency.busy\n";
    for (ladder, told) in [
        (
            rung(&format!("    when: patience > 3\n{steps}")),
            "contingency.yaml:4:11: the condition mentions 'patience', which is none of waited, waiting, online, absent, open, holiday, down, model_down",
        ),
        (
            rung(&format!("    when: waited >\n{steps}")),
            "contingency.yaml:4:11: the condition cannot be worked out: ",
        ),
        (
            rung(&format!("    when: waited > 3\n    after: soon\n{steps}")),
            "contingency.yaml:5:12: 'soon' is no time up to a day",
        ),
        (
            rung("    when: waited > 3\n    steps:\n      - notice: contingency.none\n"),
            "contingency.yaml:6:9: there is no phrase 'contingency.none'",
        ),
        (
            rung("    when: waited > 3\n    steps:\n      - sing: loudly\n"),
            "contingency.yaml:6:9: 'sing' is none of the steps notice",
        ),
        (
            rung("    when: waited > 3\n    steps:\n      - call_in: everybody\n"),
            "contingency.yaml:6:9: role 'everybody' is none of agent",
        ),
        (
            rung("    when: waited > 3\n    steps: []\n"),
            "contingency.yaml:2:5: a rung without steps does nothing",
        ),
        (
            rung(&format!("    whenever: waited > 3\n{steps}")),
            "contingency.yaml:4:5: ",
        ),
        (
            format!(
                "{}  - rung: busy\n    about: Twice\n    when: open\n{steps}",
                rung(&format!("    when: waited > 3\n{steps}"))
            ),
            "contingency.yaml:7:5: there is another rung 'busy'",
        ),
    ] {
        let all = wrong(&ladder);
        assert!(
            all.iter().any(|line| line.starts_with(told)),
            "{told}: {all:#?}"
        );
    }
}
