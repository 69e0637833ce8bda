//! Flows: checked, joined where one calls another, compiled.

use super::{
    conditions::Conditions,
    error::FlowError,
    phrases::PhraseBook,
    reader::Reader,
    schema::{FlowFile, Kind, Matters, Questions, Team},
    source::Texts,
};
use crate::domain::Slot;
use serde_saphyr::Location;
use std::collections::{BTreeMap, BTreeSet};

/// What an answer must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Check {
    /// An e-mail address or a telephone number.
    EmailOrPhone,
    /// A telephone number.
    Phone,
    /// An expression over the answer.
    Holds(String),
}

/// Where something stands in the folder of flows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// Line and column.
    pub at: Location,
}

/// One thing to find out, and how.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What.
    pub slot: Slot,
    /// What kind of answer.
    pub kind: Kind,
    /// The phrase that asks.
    pub phrase: String,
    /// The group of choices that is offered with it: phrases `choice.<group>.<value>`.
    pub choices: Option<String>,
    /// The condition under which it is not asked.
    pub skip_if: Option<String>,
    /// Whether the person may leave it out (they always may say that they do not know).
    pub optional: bool,
    /// What an answer must have.
    pub check: Option<Check>,
    /// The message that opens the flow counts as the answer, where it says more than a few words.
    pub from_opening: bool,
    /// How much it matters where few questions are left.
    pub matters: Matters,
    /// Where it is written.
    pub place: Place,
}

/// What happens when everything is found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Say a phrase.
    Say(String),
    /// Hand over to a team; the person waits for a person.
    Handoff(Team),
    /// Pass on to a team; the person waits for nobody.
    PassOn(Team),
    /// A team is to ring the person.
    CallBack(Team),
    /// Answer from the facts file.
    AnswerFacts,
    /// Answer how the complaint stands.
    AnswerStatus,
    /// Say what the facts file has under a topic, if anything.
    Tell(String),
    /// Go on with another flow.
    Call(String),
}

/// One step, and when it is taken.
#[derive(Clone, Debug)]
pub struct Step {
    /// What happens.
    pub action: Action,
    /// The condition under which it does.
    pub condition: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// What happens when nothing happens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timers {
    /// Seconds of silence in the middle of the flow, and what is said then.
    pub silence: Option<(i64, String)>,
    /// Seconds after which somebody who waits is asked after.
    pub check_in: Option<i64>,
    /// The clock of the complaint profile by which a person was promised, and what is said when it ran out.
    pub promise: Option<(String, String)>,
}

/// One flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its name.
    pub name: String,
    /// What it is for, for people who edit it.
    pub about: String,
    /// When a message opens it; none where only other flows do.
    pub when: Option<String>,
    /// Higher is tried first.
    pub priority: i32,
    /// Why a person is wanted whom it brings in, as the desk sorts and words it.
    pub reason: String,
    /// Whether what is told goes on record as a complaint.
    pub records_complaint: bool,
    /// The phrase that opens it.
    pub opening: Option<String>,
    /// How much may be asked.
    pub questions: Option<Questions>,
    /// What to find out, in order.
    pub collect: Vec<Ask>,
    /// What happens then.
    pub then: Vec<Step>,
    /// What happens when nothing happens.
    pub timers: Timers,
    /// The flows that it calls.
    pub calls: Vec<String>,
    /// Where its condition is written, or else its name.
    pub place: Place,
}

/// Files at the top of the folder that are no flows.
pub(super) const NO_FLOWS: [&str; 5] = [
    "facts.yaml",
    "countries.yaml",
    "danger.yaml",
    "desk.yaml",
    "languages.yaml",
];

/// Whether flows and reasons may be named so: lower-case letters, digits and underscores, at most 32.
pub(super) fn is_name(name: &str) -> bool {
    Slot::from_name(name).is_some()
}

/// More than this is no conversation any more.
const ASKS_AT_MOST: usize = 40;

/// One file, checked by itself.
pub(super) struct Part {
    pub(super) flow: Flow,
    /// What it asks for and calls, in order.
    pub(super) items: Vec<PartItem>,
}

pub(super) enum PartItem {
    Ask(Ask),
    Call(String, Place),
}

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
