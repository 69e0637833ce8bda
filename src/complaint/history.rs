//! Every change of a record, field by field.

use crate::domain::{
    Complaint, Timestamp,
    complaint::{Change, FieldChange},
};
use serde_json::Value;

/// What changed between two states of a record; none where nothing did.
///
/// The narrative only grows, so its line holds what was added, not the whole again.
pub fn changes(before: Option<&Complaint>, after: &Complaint, at: Timestamp, by: &str) -> Option<Change> {
    if before == Some(after) {
        return None;
    }
    let old = before.map_or(Value::Null, as_value);
    let mut fields = Vec::new();
    compare("", &old, &as_value(after), &mut fields);
    for field in fields.iter_mut().filter(|f| f.field == "incident.narrative") {
        if let (Value::String(old), Value::String(new)) = (&field.from, &field.to)
            && let Some(added) = new.strip_prefix(old.as_str())
        {
            field.to = Value::String(added.trim_start_matches('\n').to_owned());
            field.from = Value::Null;
        }
    }
    (!fields.is_empty()).then(|| Change { at, by: by.to_owned(), fields })
}

fn as_value(complaint: &Complaint) -> Value {
    let mut value = serde_json::to_value(complaint).unwrap_or(Value::Null);
    if let Some(object) = value.as_object_mut() {
        object.remove("fragments");
    }
    value
}

fn compare(path: &str, old: &Value, new: &Value, fields: &mut Vec<FieldChange>) {
    match (old, new) {
        (Value::Object(_) | Value::Null, Value::Object(new)) => {
            for (key, value) in new {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                compare(&path, old.get(key).unwrap_or(&Value::Null), value, fields);
            }
        }
        _ if old == new => {}
        _ => fields.push(FieldChange { field: path.to_owned(), from: old.clone(), to: new.clone() }),
    }
}
