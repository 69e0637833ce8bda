//! The tools of whoever writes flows: lint, graph, test, chat, schema; hostile files; and a folder that changes under a
//! running program.

use crate::house::{Base, House, words};
use std::{
    fmt::Write,
    path::{Path, PathBuf},
    process::Output,
    time::Duration,
};

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Paths and contents.
type Files<'a> = &'a [(&'a str, &'a [u8])];

/// A folder of flows with these files.
fn folder(house: &House, name: &str, files: Files<'_>) -> PathBuf {
    let folder = house.folder.path().join(name);
    for (file, content) in files {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, content).expect("written");
    }
    std::fs::create_dir_all(&folder).expect("made");
    folder
}

fn with_flows(house: &House, args: &[&str], flows: &Path) -> Output {
    let mut command = house.command(args);
    command.env("NOHOLD_FLOWS", flows).output().expect("runs")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shipped_flows_have_nothing_to_mend() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let output = house.run(&["flows", "lint"], "");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_allowed_and_still_a_mistake_is_told_with_its_line() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let flows = folder(
        &house,
        "flows",
        &[
            ("never.yaml", b"flow: never\nabout: x\nwhen: intent == \"complain\"\nthen:\n  - say: thanks.reply\n"),
            ("behind.yaml", b"flow: behind\nabout: x\nwhen: intent == \"greeting\"\npriority: 5\nthen:\n  - say: thanks.reply\n"),
            ("alone.yaml", b"flow: alone\nabout: x\nthen:\n  - tell: the_moon\n"),
            ("en/mine.yaml", b"mine.rude: [\"Calm down. It is our policy that you wait on hold.\"]\nmine.hard: [\"Notwithstanding the aforementioned considerations, the multidisciplinary investigation necessitates comprehensive documentation.\"]\n"),
        ],
    );
    let output = with_flows(&house, &["flows", "lint"], &flows);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for expected in [
        "never.yaml:3:7: the condition 'intent == \"complain\"' can never hold",
        "    3 | when: intent == \"complain\"\n      |       ^",
        "behind.yaml:3:7: 'behind' is reached by nothing",
        "alone.yaml:1:7: 'alone' is reached by nothing",
        "facts.yaml has no topic 'the_moon'",
        "en/mine.yaml:1:13: the phrase 'mine.rude' is missing in 'es'",
        "en/mine.yaml:1:13: 'mine.rude' breaks the rule calm_down",
        "en/mine.yaml:2:13: 'mine.hard' reads like grade",
    ] {
        assert!(said.contains(expected), "{expected} is not in:\n{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flows_are_drawn_for_mermaid_and_as_a_picture() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let mermaid = text(&house.run(&["flows", "graph"], ""));
    assert!(mermaid.starts_with("flowchart LR\n"), "{mermaid}");
    for flow in ["complaint_third_party", "speak_up", "bereavement", "minor"] {
        assert!(mermaid.contains(&format!("subgraph {flow}[")), "{flow}");
    }
    assert!(mermaid.contains("complaint_family -.-> complaint_questions"));
    let one = text(&house.run(&["flows", "graph", "callback", "--format", "svg"], ""));
    assert!(one.starts_with("<svg ") && one.contains("Which number"));
    assert!(!one.contains("speak_up"), "only the one that was asked for");
    let ladder = text(&house.run(&["flows", "graph", "contingency"], ""));
    assert!(
        ladder.contains("subgraph surge[") && ladder.contains("<b>call_in</b>"),
        "{ladder}"
    );
    let none = house.run(&["flows", "graph", "nowhere"], "");
    assert_eq!(none.status.code(), Some(1));
    assert!(text(&none).contains("there is no flow or drill 'nowhere'"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_for_editors_is_the_one_that_is_kept() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let made = text(&house.run(&["flows", "schema"], ""));
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/flow.schema.json");
    let kept = std::fs::read_to_string(kept).expect("nohold flows schema > docs/flow.schema.json");
    assert_eq!(
        made, kept,
        "make it anew: nohold flows schema > docs/flow.schema.json"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_conversations_kept_as_files_go_as_written() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conversations");
    let output = house.run(&["flows", "test", kept, "--coverage"], "");
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("Coverage"), "{said}");
    let story = b"conversation: wrong on purpose\nturns:\n  - says: hello\n    hears: [\"the moon\", \"Hello*assistant\"]\n";
    let wrong = folder(
        &house,
        "wrong",
        &[
            ("a.yaml", story),
            ("b.yaml", b"conversation: x\nturns:\n  - sayz: hello\n"),
        ],
    );
    let output = house.run(&["flows", "test", wrong.to_str().expect("text")], "");
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("a.yaml:3:5") && said.contains("lacks 'the moon'"),
        "{said}"
    );
    assert!(
        !said.contains("lacks 'Hello*assistant'"),
        "a star stands for any words: {said}"
    );
    assert!(
        said.contains("b.yaml:3:5") && said.contains("sayz"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_terminal_tells_why_takes_back_and_keeps_the_talk() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let kept = house.folder.path().join("kept.yaml");
    let path = kept.to_str().expect("text");
    let input = format!(
        "/as telegram\nyour driver swore at my son on Monday\n/why\nthe moon\n/undo\n/save {path}\n/save {path}\n/as pigeon\n\n"
    );
    let said = text(&house.run(&["chat"], &input));
    for expected in [
        "a new talk, as if by telegram",
        "flow      complaint_family (complaint_family.yaml:3)",
        "question  staff_involved",
        "intent    complaint",
        "taken back: the moon",
        "there is no channel 'pigeon'",
        "exists",
    ] {
        assert!(said.contains(expected), "{expected} is not in:\n{said}");
    }
    let output = house.run(
        &["flows", "test", house.folder.path().to_str().expect("text")],
        "",
    );
    assert!(text(&output).contains("good kept"), "{}", text(&output));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_get_a_clear_error() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        let row = vec![format!("*a{}", n - 1); 9].join(", ");
        let _ = writeln!(bomb, "a{n}: &a{n} [{row}]");
    }
    let deep = format!("flow: deep\nabout: {}x\n", "[".repeat(20_000));
    let huge = vec![b'#'; 600_000];
    let calls = |name: &str, other: &str| {
        format!("flow: {name}\nabout: x\nwhen: minor\nthen:\n  - call: {other}\n")
    };
    let (one, two) = (calls("one", "two"), calls("two", "one"));
    let cases: [(&str, Files<'_>, &str); 11] = [
        ("bomb", &[("bomb.yaml", bomb.as_bytes())], "bomb.yaml"),
        ("deep", &[("deep.yaml", deep.as_bytes())], "deep.yaml"),
        ("huge", &[("huge.yaml", &huge)], "huge.yaml: is too large"),
        (
            "utf16",
            &[("en/phrases.yaml", b"\xff\xfea\0:\0 \0b\0")],
            "en/phrases.yaml: is written in UTF-16",
        ),
        (
            "latin1",
            &[("greeting.yaml", b"flow: greeting\nabout: caf\xe9\n")],
            "greeting.yaml: is not written in UTF-8 (line 2)",
        ),
        (
            "twice",
            &[(
                "greeting.yaml",
                b"flow: greeting\nabout: x\nabout: y\nthen: []\n",
            )],
            "greeting.yaml:3:1",
        ),
        (
            "types",
            &[(
                "greeting.yaml",
                b"flow: greeting\nabout: x\nwhen: [1, 2]\npriority: high\n",
            )],
            "greeting.yaml:3:7",
        ),
        (
            "circle",
            &[("one.yaml", one.as_bytes()), ("two.yaml", two.as_bytes())],
            "'one' calls itself",
        ),
        ("empty", &[("greeting.yaml", b"")], "greeting.yaml"),
        (
            "template",
            &[("en/mine.yaml", b"mine.phrase: [\"{{ oops\"]\n")],
            "en/mine.yaml:1:15",
        ),
        (
            "loop",
            &[(
                "greeting.yaml",
                b"flow: greeting\nabout: x\nwhen: '%}{% for a in range(10) %}'\nthen: []\n",
            )],
            "greeting.yaml:3:7",
        ),
    ];
    for (name, files, expected) in cases {
        let flows = folder(&house, name, files);
        let output = with_flows(&house, &["check"], &flows);
        let said = text(&output);
        assert_eq!(output.status.code(), Some(1), "{name}: {said}");
        assert!(
            said.contains(expected),
            "{name}: {expected} is not in:\n{said}"
        );
        assert!(
            said.len() < 20_000,
            "{name}: an error is short enough to read"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_folder_is_taken_up_a_broken_one_is_refused_and_talks_go_on() {
    let mut house = House::prepare(Base::Sqlite, &[]).await;
    let flows = folder(&house, "flows", &[]);
    house.set("NOHOLD_FLOWS", flows.to_str().expect("text"));
    house.start().await;
    let answer = house
        .says("anna", "1", "your driver swore at my son on Monday")
        .await;
    assert_eq!(answer["awaiting"], "staff_involved");
    // A sentence is changed.
    let mine = "thanks.reply: [\"The pleasure is ours.\"]\n";
    std::fs::create_dir_all(flows.join("en")).expect("made");
    std::fs::write(flows.join("en/mine.yaml"), mine).expect("written");
    house
        .wait_for_metric("nohold_flows_changed_total{reason=\"taken\"} 1")
        .await;
    let thanked = words(&house.says("bo", "b1", "thank you").await);
    assert!(thanked.contains("The pleasure is ours."), "{thanked}");
    // It breaks: the old ones stay, and the reasons are told.
    std::fs::write(flows.join("complaint_family.yaml"), "flow: [").expect("written");
    house
        .wait_for_metric("nohold_flows_changed_total{reason=\"refused\"} 1")
        .await;
    assert!(words(&house.says("bo", "b2", "thanks").await).contains("The pleasure is ours."));
    let goes_on = house.says("anna", "2", "the man in the white van").await;
    assert_eq!(goes_on["awaiting"], "complainant_name");
    // The flow of a running talk is another one now: it goes on from what it knows.
    let shorter = "flow: complaint_family\nabout: x\nwhen: intent == \"complaint\" and relation in [\"relative\", \"carer\"]\npriority: 60\nrecord: complaint\ncollect:\n  - what_happened:\n      ask: complaint.what_happened\n  - desired_outcome:\n      ask: complaint.outcome\nthen:\n  - say: complaint.recorded\n  - handoff: complaints team\n";
    std::fs::write(flows.join("complaint_family.yaml"), shorter).expect("written");
    house
        .wait_for_metric("nohold_flows_changed_total{reason=\"taken\"} 2")
        .await;
    let goes_on = house.says("anna", "3", "Anna Berg").await;
    assert_eq!(goes_on["awaiting"], "desired_outcome");
    let done = house.says("anna", "4", "an apology").await;
    assert_eq!(done["status"], "queued");
    assert_eq!(house.stop(), Some(0));
}

impl House {
    /// What it counts.
    pub(crate) async fn metrics(&self) -> String {
        let request = self.client.get(format!("{}/metrics", self.url));
        let answer = request
            .bearer_auth(crate::house::TOKEN)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), reqwest::StatusCode::OK);
        answer.text().await.expect("text")
    }

    /// Waits until the metrics have this line.
    async fn wait_for_metric(&self, line: &str) {
        let wait = async {
            loop {
                let text = self.metrics().await;
                if text.lines().any(|l| l == line) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(30), wait).await;
        assert!(waited.is_ok(), "'{line}' never came");
    }
}

/// Whole records: a change of any field of any story's record shows in review.
#[tokio::test(flavor = "multi_thread")]
async fn the_records_of_all_stories_are_as_reviewed() {
    let house = House::prepare(Base::Sqlite, &[]).await;
    let kept = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conversations");
    let output = house.run(&["flows", "test", kept, "--records"], "");
    let said = text(&output);
    let mut records = String::new();
    let mut name = "";
    for line in said.lines() {
        if let Some(record) = line.strip_prefix("record ") {
            let _ = writeln!(records, "{name}\n{}", crate::house::reviewed(record));
        } else if let Some(story) = line.strip_prefix("good ") {
            name = story;
        }
    }
    insta::assert_snapshot!("records_of_stories", records);
}
