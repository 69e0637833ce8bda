//! Every change of a record, field by field.

use super::PublishedComplaint;
use crate::domain::{
    Complaint, Timestamp,
    complaint::{Change, FieldChange},
};
use serde_json::Value;

/// What changed between two states of a record; none where nothing did.
///
/// Fields are named as they are published. The narrative only grows, so its line holds what was added, not the whole
/// again.
pub fn changes(
    before: Option<&Complaint>,
    after: &Complaint,
    at: Timestamp,
    by: &str,
) -> Option<Change> {
    if before == Some(after) {
        return None;
    }
    let mut fields = Vec::new();
    let before = before.cloned().map(PublishedComplaint::from);
    let after = PublishedComplaint::from(after.clone());
    // Only the parts that differ are turned into JSON: this runs with every message of a complaint.
    macro_rules! parts {
        ($($part:ident),+ $(,)?) => {
            $(if before.as_ref().is_none_or(|b| b.$part != after.$part) {
                let old = before.as_ref().map_or(Value::Null, |b| value(&b.$part));
                compare(stringify!($part), &old, &value(&after.$part), &mut fields);
            })+
        };
    }
    parts!(
        reference,
        received_at,
        channel,
        conversation,
        status,
        priority,
        complainant,
        affected_person,
        subjects,
        incident,
        classification,
        desired_outcome,
        safeguarding,
        complete,
        deadlines,
        attachments,
    );
    // What the desk added stands in the record itself.
    if before.as_ref().is_none_or(|b| b.case != after.case) {
        let old = before.as_ref().map_or(Value::Null, |b| value(&b.case));
        compare("", &old, &value(&after.case), &mut fields);
    }
    for field in fields
        .iter_mut()
        .filter(|f| f.field == "incident.narrative")
    {
        if let (Value::String(old), Value::String(new)) = (&field.from, &field.to)
            && let Some(added) = new.strip_prefix(old.as_str())
        {
            field.to = Value::String(added.trim_start_matches('\n').to_owned());
            field.from = Value::Null;
        }
    }
    (!fields.is_empty()).then(|| Change {
        at,
        by: by.to_owned(),
        why: None,
        fields,
    })
}

fn value<T: serde::Serialize>(part: &T) -> Value {
    serde_json::to_value(part).unwrap_or(Value::Null)
}

fn compare(path: &str, old: &Value, new: &Value, fields: &mut Vec<FieldChange>) {
    match (old, new) {
        (Value::Object(_) | Value::Null, Value::Object(new)) => {
            for (key, value) in new {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                compare(&path, old.get(key).unwrap_or(&Value::Null), value, fields);
            }
            // What is empty may be left out.
            let before = old.as_object().into_iter().flatten();
            for (key, value) in before.filter(|(key, v)| !v.is_null() && !new.contains_key(*key)) {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                fields.push(FieldChange {
                    field: path,
                    from: value.clone(),
                    to: Value::Null,
                });
            }
        }
        _ if old == new => {}
        _ => fields.push(FieldChange {
            field: path.to_owned(),
            from: old.clone(),
            to: new.clone(),
        }),
    }
}
