//! Documents of every shape that was ever written are read: the log, the states and the records stand on their own.

use nohold::{
    domain::{EventKind, Slot, SlotValue},
    store::shapes,
};
use std::path::Path;

#[test]
fn a_deletion_from_before_it_was_told_whose_it_is_was_the_writers() {
    let text = r#"{"id":"01a211e6-d8dd-779d-b230-0642cd78ea00","at":1795596671196340,"desk":{},"type":"deleted","target":"01a211e6-d8dd-779d-b230-0642cd78ea01"}"#;
    let event = shapes::event(1, text).expect("an event");
    assert!(matches!(
        event.kind,
        EventKind::Deleted {
            by_writer: true,
            ..
        }
    ));
    let written = serde_json::to_value(&event).expect("JSON");
    assert!(written.get("by_writer").is_none(), "{written}");
}

#[test]
fn what_was_written_in_the_first_shape_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/1");
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a sample");
    let record = shapes::complaint("", &text("complaint.json")).expect("a complaint");
    let state =
        shapes::conversation("", &text("conversation.json"), Some(&record)).expect("a state");
    let told: Vec<(&str, String)> = (state.slots.iter())
        .map(|(slot, filled)| (slot.name(), filled.value.text()))
        .collect();
    insta::assert_yaml_snapshot!("first_shape", (told, &state.slots));
    assert!(matches!(
        state.value(Slot::IncidentWhen),
        Some(SlotValue::Dates(dates)) if dates.from == record.incident.from && dates.from.is_some()
    ));
    assert!(state.message_count > 0, "fields that were renamed are read");
    let mut events = 0;
    for entry in std::fs::read_dir(&folder).expect("the samples") {
        let path = entry.expect("a file").path();
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if name.starts_with("event-") {
            let event = shapes::event(1, &text(&name)).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(event.origin.shape, 1, "{name}");
            events += 1;
        }
    }
    assert!(events >= 7, "the log is there: {events}");
}
