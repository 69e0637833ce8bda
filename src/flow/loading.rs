//! All flows of a folder, each read by itself, then joined: calls are replaced by the questions of what they call.

use super::{
    conditions::Conditions,
    error::FlowError,
    language::{Action, Ask, Flow, NO_FLOWS, Part, PartItem, Place},
    phrases::PhraseBook,
    reader::Reader,
    schema::FlowFile,
    source::Texts,
};
use crate::domain::Slot;
use std::collections::{BTreeMap, BTreeSet};

/// More than this is no conversation any more.
const ASKS_AT_MOST: usize = 40;

/// Reads every flow at the top of the folder.
pub(super) fn load(texts: &Texts, phrases: &PhraseBook) -> (Vec<Flow>, Conditions, Vec<FlowError>) {
    let mut reader = Reader {
        phrases,
        conditions: Conditions::new(),
        errors: Vec::new(),
        file: String::new(),
    };
    let mut parts: Vec<Part> = Vec::new();
    for (file, text) in texts.in_folder("") {
        if NO_FLOWS.contains(&file) {
            continue;
        }
        file.clone_into(&mut reader.file);
        match serde_saphyr::from_str::<FlowFile>(text) {
            Ok(raw) => {
                let place = raw.flow.referenced;
                let part = reader.flow(raw);
                if parts.iter().any(|p| p.flow.name == part.flow.name) {
                    reader.wrong(
                        place,
                        format!("there is another flow named '{}'", part.flow.name),
                    );
                }
                parts.push(part);
            }
            Err(e) => reader.errors.push(FlowError::yaml(file, &e)),
        }
    }
    let mut errors = reader.errors;
    let mut flows = join(&parts, &mut errors);
    own_slots_agree(&flows, &mut errors);
    flows.sort_by(|a, b| {
        b.priority
            .cmp(&a.priority)
            .then_with(|| a.name.cmp(&b.name))
    });
    (flows, reader.conditions, errors)
}

/// Puts the questions of called flows in the place of the calls.
fn join(parts: &[Part], errors: &mut Vec<FlowError>) -> Vec<Flow> {
    let by_name: BTreeMap<&str, &Part> = parts.iter().map(|p| (p.flow.name.as_str(), p)).collect();
    let mut flows = Vec::new();
    for part in parts {
        let mut flow = part.flow.clone();
        let mut path = vec![flow.name.as_str()];
        gather(part, &by_name, &mut path, &mut flow.collect, errors);
        for step in &flow.then {
            if let Action::Call(name) = &step.action
                && !by_name.contains_key(name.as_str())
            {
                errors.push(missing(name, &step.place));
            }
        }
        let asked: Vec<Slot> = flow.collect.iter().map(|a| a.slot).collect();
        if let Some((n, twice)) =
            (asked.iter().enumerate()).find(|(n, slot)| asked[..*n].contains(slot))
        {
            let place = &flow.collect[n].place;
            let text = format!("'{}' is asked for twice", twice.name());
            errors.push(FlowError::at(&place.file, place.at, text));
        }
        if asked.len() > ASKS_AT_MOST {
            let text = format!("a flow may ask for {ASKS_AT_MOST} things at most");
            errors.push(FlowError::at(&flow.place.file, flow.place.at, text));
        }
        flow.calls = part
            .items
            .iter()
            .filter_map(|i| match i {
                PartItem::Call(name, _) => Some(name.clone()),
                PartItem::Ask(_) => None,
            })
            .chain(flow.then.iter().filter_map(|s| match &s.action {
                Action::Call(name) => Some(name.clone()),
                _ => None,
            }))
            .collect();
        flows.push(flow);
    }
    circles(&flows, errors);
    flows
}

fn missing(name: &str, place: &Place) -> FlowError {
    FlowError::at(
        &place.file,
        place.at,
        format!("there is no flow named '{name}'"),
    )
}

fn gather<'a>(
    part: &'a Part,
    all: &BTreeMap<&str, &'a Part>,
    path: &mut Vec<&'a str>,
    into: &mut Vec<Ask>,
    errors: &mut Vec<FlowError>,
) {
    for item in &part.items {
        match item {
            PartItem::Ask(ask) => into.push(ask.clone()),
            PartItem::Call(name, place) => match all.get(name.as_str()) {
                None => errors.push(missing(name, place)),
                // Said once for all circles, below.
                Some(called) if path.contains(&called.flow.name.as_str()) => {}
                Some(called) => {
                    path.push(&called.flow.name);
                    gather(called, all, path, into, errors);
                    path.pop();
                }
            },
        }
    }
}

/// Flows that call each other in a circle would never end.
fn circles(flows: &[Flow], errors: &mut Vec<FlowError>) {
    let calls: BTreeMap<&str, &[String]> = flows
        .iter()
        .map(|f| (f.name.as_str(), f.calls.as_slice()))
        .collect();
    for flow in flows {
        let mut seen = BTreeSet::new();
        let mut next: Vec<&str> = flow.calls.iter().map(String::as_str).collect();
        while let Some(name) = next.pop() {
            if name == flow.name {
                errors.push(FlowError::at(
                    &flow.place.file,
                    flow.place.at,
                    format!("'{name}' calls itself, by way of the flows that it calls"),
                ));
                break;
            }
            if seen.insert(name) {
                next.extend(
                    calls
                        .get(name)
                        .into_iter()
                        .copied()
                        .flatten()
                        .map(String::as_str),
                );
            }
        }
    }
}

/// A slot that several flows define for themselves is one slot: it has one type.
fn own_slots_agree(flows: &[Flow], errors: &mut Vec<FlowError>) {
    let mut kinds: BTreeMap<Slot, &Ask> = BTreeMap::new();
    for ask in flows.iter().flat_map(|f| &f.collect) {
        let first = kinds.entry(ask.slot).or_insert(ask);
        if first.kind != ask.kind {
            errors.push(FlowError::at(
                &ask.place.file,
                ask.place.at,
                format!(
                    "'{}' has another type in {}",
                    ask.slot.name(),
                    first.place.file
                ),
            ));
        }
    }
    errors.dedup();
}
