//! A complaint as resources of FHIR R4 (4.0.1): docs/fhir.md has the mapping, field by field.
//!
//! R4 has no resource for a complaint. The words are a `Communication`, what is done about them a `Task`, the people a
//! `Patient` (whom it happened to) and a `RelatedPerson` (who complains, where that is somebody else).

use crate::domain::{
    Complaint, ComplaintStatus, Conclusion, Domain, Relation, Timestamp, complaint::Contact,
    conversation::Priority,
};
use serde_json::{Map, Value, json};

/// The system of our references, and of the codes that are ours.
const SYSTEM: &str = "urn:nohold:complaint";
/// Where the resources of a bundle would stand on a server: by it their references find each other within the bundle.
const BASE: &str = "https://nohold.invalid/fhir";

/// The entries of a bundle for one complaint.
pub fn entries(c: &Complaint) -> Vec<Value> {
    let mut all = vec![patient(c)];
    all.extend(complainant(c));
    all.push(communication(c));
    all.push(task(c));
    all.into_iter()
        .map(|resource| {
            let url = format!(
                "{BASE}/{}/{}",
                text(&resource["resourceType"]),
                text(&resource["id"])
            );
            json!({"fullUrl": url, "resource": resource})
        })
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Whether they complain of what happened to themselves.
fn is_patient(c: &Complaint) -> bool {
    c.complainant.relation == Relation::Patient
}

fn reference(kind: &str, c: &Complaint) -> Value {
    let prefix = prefix(kind);
    json!({"reference": format!("{kind}/{prefix}-{}", c.reference)})
}

fn prefix(kind: &str) -> &'static str {
    match kind {
        "Patient" => "patient",
        "RelatedPerson" => "complainant",
        "Communication" => "words",
        _ => "case",
    }
}

fn begun(kind: &str, c: &Complaint) -> Map<String, Value> {
    let mut resource = Map::new();
    resource.insert("resourceType".to_owned(), json!(kind));
    resource.insert(
        "id".to_owned(),
        json!(format!("{}-{}", prefix(kind), c.reference)),
    );
    resource
}

/// A text that has something in it: FHIR allows no empty strings.
fn put(resource: &mut Map<String, Value>, field: &str, value: Option<Value>) {
    let empty = |v: &Value| v.as_str().is_some_and(|s| s.trim().is_empty());
    if let Some(value) = value.filter(|v| !empty(v)) {
        resource.insert(field.to_owned(), value);
    }
}

fn named(name: Option<&String>) -> Option<Value> {
    let name = name.filter(|n| !n.trim().is_empty())?;
    Some(json!([{"text": name}]))
}

fn telecom(contact: &[Contact]) -> Option<Value> {
    let system = |kind: &str| match kind {
        "email" => "email",
        "phone" => "phone",
        _ => "other",
    };
    let reached = contact
        .iter()
        .filter(|c| !c.value.trim().is_empty() && c.kind != "post");
    let all: Vec<Value> = reached
        .map(|c| json!({"system": system(&c.kind), "value": c.value}))
        .collect();
    (!all.is_empty()).then_some(Value::Array(all))
}

fn addresses(contact: &[Contact]) -> Option<Value> {
    let posted = contact
        .iter()
        .filter(|c| c.kind == "post" && !c.value.trim().is_empty());
    let all: Vec<Value> = posted.map(|c| json!({"text": c.value})).collect();
    (!all.is_empty()).then_some(Value::Array(all))
}

fn patient(c: &Complaint) -> Value {
    let mut patient = begun("Patient", c);
    if is_patient(c) {
        put(&mut patient, "name", named(c.complainant.name.as_ref()));
        put(&mut patient, "telecom", telecom(&c.complainant.contact));
        put(&mut patient, "address", addresses(&c.complainant.contact));
    } else {
        let affected = c.affected_person.as_ref();
        put(
            &mut patient,
            "name",
            named(affected.and_then(|a| a.name.as_ref())),
        );
    }
    Value::Object(patient)
}

fn complainant(c: &Complaint) -> Option<Value> {
    if is_patient(c) {
        return None;
    }
    let mut person = begun("RelatedPerson", c);
    person.insert("patient".to_owned(), reference("Patient", c));
    let relation = c.complainant.relation.name();
    person.insert(
        "relationship".to_owned(),
        json!([{"coding": [{"system": format!("{SYSTEM}:relation"), "code": relation}], "text": relation.replace('_', " ")}]),
    );
    put(&mut person, "name", named(c.complainant.name.as_ref()));
    put(&mut person, "telecom", telecom(&c.complainant.contact));
    put(&mut person, "address", addresses(&c.complainant.contact));
    Some(Value::Object(person))
}

fn sender(c: &Complaint) -> Value {
    reference(
        if is_patient(c) {
            "Patient"
        } else {
            "RelatedPerson"
        },
        c,
    )
}

fn coded(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": format!("{SYSTEM}:{system}"), "code": code}], "text": code.replace('_', " ")})
}

const fn priority(c: &Complaint) -> &'static str {
    match c.priority {
        Priority::Routine => "routine",
        Priority::Soon => "urgent",
        Priority::Urgent => "asap",
        Priority::Emergency => "stat",
    }
}

fn communication(c: &Complaint) -> Value {
    let mut words = begun("Communication", c);
    words.insert(
        "identifier".to_owned(),
        json!([{"system": SYSTEM, "value": c.reference.as_str()}]),
    );
    words.insert("status".to_owned(), json!("completed"));
    words.insert("category".to_owned(), json!([coded("kind", "complaint")]));
    words.insert("priority".to_owned(), json!(priority(c)));
    words.insert("medium".to_owned(), json!([{"text": c.channel}]));
    words.insert("subject".to_owned(), reference("Patient", c));
    words.insert("sender".to_owned(), sender(c));
    words.insert("received".to_owned(), json!(c.received_at.rfc3339()));
    let class = &c.classification;
    put(
        &mut words,
        "topic",
        class.category.map(|k| coded("hcat-category", k.name())),
    );
    let told = [Some(&c.incident.narrative), c.desired_outcome.as_ref()];
    let told = told.into_iter().flatten().filter(|t| !t.trim().is_empty());
    let payload: Vec<Value> = told.map(|t| json!({"contentString": t})).collect();
    put(
        &mut words,
        "payload",
        (!payload.is_empty()).then_some(Value::Array(payload)),
    );
    Value::Object(words)
}

const fn status(c: &Complaint) -> &'static str {
    match c.status {
        ComplaintStatus::Open => "requested",
        ComplaintStatus::Acknowledged => "accepted",
        ComplaintStatus::Investigating | ComplaintStatus::Responded => "in-progress",
        ComplaintStatus::Closed => "completed",
        ComplaintStatus::Withdrawn => "cancelled",
    }
}

fn input(kind: &str, name: &str, value: Value) -> Value {
    let mut one = Map::new();
    one.insert("type".to_owned(), json!({"text": name}));
    one.insert(kind.to_owned(), value);
    Value::Object(one)
}

fn task(c: &Complaint) -> Value {
    let mut task = begun("Task", c);
    task.insert(
        "identifier".to_owned(),
        json!([{"system": SYSTEM, "value": c.reference.as_str()}]),
    );
    task.insert("status".to_owned(), json!(status(c)));
    task.insert(
        "businessStatus".to_owned(),
        coded("status", c.status.name()),
    );
    task.insert("intent".to_owned(), json!("order"));
    task.insert("priority".to_owned(), json!(priority(c)));
    task.insert("code".to_owned(), coded("kind", "complaint"));
    task.insert("focus".to_owned(), reference("Communication", c));
    task.insert("for".to_owned(), reference("Patient", c));
    task.insert("requester".to_owned(), sender(c));
    task.insert("authoredOn".to_owned(), json!(c.received_at.rfc3339()));
    let mut period = json!({"start": c.received_at.rfc3339()});
    if let Some(end) = c.case.closed_at {
        period["end"] = json!(end.rfc3339());
    }
    task.insert("executionPeriod".to_owned(), period);
    let inputs = inputs(c);
    put(
        &mut task,
        "input",
        (!inputs.is_empty()).then_some(Value::Array(inputs)),
    );
    let outputs = outputs(c);
    put(
        &mut task,
        "output",
        (!outputs.is_empty()).then_some(Value::Array(outputs)),
    );
    Value::Object(task)
}

/// When and where it happened, the clocks, and what kind it is.
fn inputs(c: &Complaint) -> Vec<Value> {
    let mut inputs = Vec::new();
    if let Some(from) = &c.incident.from {
        let end = c.incident.to.as_ref().unwrap_or(from);
        inputs.push(input(
            "valuePeriod",
            "incident",
            json!({"start": from, "end": end}),
        ));
    }
    if let Some(place) = c.incident.place.as_ref().filter(|p| !p.trim().is_empty()) {
        inputs.push(input("valueString", "place", json!(place)));
    }
    for d in &c.deadlines {
        inputs.push(input(
            "valueDateTime",
            &format!("{} by", d.name),
            json!(d.due_at.rfc3339()),
        ));
    }
    let class = &c.classification;
    if let Some(domain) = class.domain.map(Domain::name) {
        inputs.push(input(
            "valueCodeableConcept",
            "HCAT domain",
            coded("hcat-domain", domain),
        ));
    }
    if class.severity > 0 {
        inputs.push(input(
            "valueInteger",
            "HCAT severity",
            json!(class.severity),
        ));
    }
    inputs
}

/// What was done, and what it came to.
fn outputs(c: &Complaint) -> Vec<Value> {
    let done = [
        ("acknowledged", c.case.acknowledged_at),
        ("responded", c.case.responded_at),
    ];
    let done = done.into_iter().filter_map(|(name, at)| Some((name, at?)));
    let mut outputs: Vec<Value> = done
        .map(|(name, at): (&str, Timestamp)| input("valueDateTime", name, json!(at.rfc3339())))
        .collect();
    if let Some(conclusion) = c.case.conclusion.map(Conclusion::name) {
        outputs.push(input(
            "valueCodeableConcept",
            "conclusion",
            coded("conclusion", conclusion),
        ));
    }
    outputs
}
