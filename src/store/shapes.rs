//! What is read from the database, in whatever shape it was written.
//!
//! A state or an event is written in today's shape and may have been written years ago. What has changed since is
//! listed here, one function a step, and nowhere else; `tests/samples/` has a document of every shape that was ever
//! written, and a test reads them all.

use super::{StoreError, sealing};
use crate::{
    domain::{Complaint, Conversation, Event},
    nlu::{contact_in, described},
};
use serde_json::{Map, Value, json};

/// The state of the conversation of that id; `complaint` is the record beside it, which has what older states had only
/// as words.
pub fn conversation(
    id: &str,
    text: &str,
    complaint: Option<&Complaint>,
) -> Result<Conversation, StoreError> {
    let text = sealing::open("conversation", id, text)?;
    let mut value: Value =
        serde_json::from_str(&text).map_err(StoreError::document("conversation"))?;
    if let Some(state) = value.as_object_mut() {
        typed_slots(state, complaint);
        field_names(state);
    }
    serde_json::from_value(value).map_err(StoreError::document("conversation"))
}

/// The record of the complaint of that reference.
pub fn complaint(reference: &str, text: &str) -> Result<Complaint, StoreError> {
    let text = sealing::open("complaint", reference, text)?;
    serde_json::from_str(&text).map_err(StoreError::document("complaint"))
}

/// The event at that place in the log.
pub fn event(position: i64, text: &str) -> Result<Event, StoreError> {
    let text = sealing::open("event", &position.to_string(), text)?;
    serde_json::from_str(&text).map_err(StoreError::document("event"))
}

/// Shape 1 to 2: names of fields.
fn field_names(state: &mut Map<String, Value>) {
    for (old, new) in [
        ("settled", "closed_by_agent"),
        ("misunderstood", "fallback_count"),
        ("spared", "reduced_questions"),
        ("friction", "abuse_count"),
        ("heard", "message_count"),
    ] {
        if let Some(value) = state.remove(old) {
            state.insert(new.to_owned(), value);
        }
    }
}

/// Shape 1 to 2: slots were words (`told`), and are typed values (`slots`). What the words came to stands in the
/// record.
fn typed_slots(state: &mut Map<String, Value>, complaint: Option<&Complaint>) {
    let Some(Value::Object(told)) = state.remove("told") else {
        return;
    };
    let relation = state.get("relation").cloned().unwrap_or_default();
    let mut slots = Map::new();
    for (slot, told) in told {
        let words = told["text"].as_str().unwrap_or_default();
        let value = if told["declined"] == true {
            json!({"declined": words})
        } else {
            typed(&slot, words, &relation, complaint)
        };
        slots.insert(slot, json!({"value": value}));
    }
    state.insert("slots".to_owned(), Value::Object(slots));
}

fn typed(slot: &str, words: &str, relation: &Value, complaint: Option<&Complaint>) -> Value {
    match slot {
        "relation" => json!({"choice": {"value": relation, "said": words}}),
        "incident_when" => {
            let incident = complaint.map(|c| &c.incident);
            let (from, to) = incident.map_or((None, None), |i| (i.from.clone(), i.to.clone()));
            json!({"dates": {"said": words, "from": from, "to": to}})
        }
        "incident_where" => json!({"place": words}),
        "contact_method" => {
            let known = complaint.map(|c| c.complainant.contact.clone());
            let all = known
                .filter(|all| !all.is_empty())
                .unwrap_or_else(|| contact_in(&[], &[], words));
            json!({"contacts": all})
        }
        "staff_involved" => {
            let known = complaint.map(|c| c.subjects.clone()).unwrap_or_default();
            if known.is_empty() {
                let (name, role) = described(words);
                json!({"people": [{"name": name, "role": role}]})
            } else {
                json!({"people": known})
            }
        }
        "affected_person" if words == "self" => json!("oneself"),
        "affected_person" => {
            let known = complaint.and_then(|c| c.affected_person.clone());
            let person = known.map_or_else(
                || json!({"role": words}),
                |a| json!({"name": a.name, "role": a.relation}),
            );
            json!({"person": person})
        }
        "consent" => json!({"yes_no": {"yes": true, "said": words}}),
        _ => json!({"text": words}),
    }
}
