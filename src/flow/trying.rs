//! The values that the words of a condition may have, for trying it out.

use super::conditions::{CHANNELS, WEEKDAYS};
use crate::domain::{Category, Emotion, Intent, Relation, Slot, Status, interpretation::Domain};
use minijinja::{Value, value::Object};
use std::{collections::BTreeSet, sync::Arc};

/// The values that a mentioned word may have, for trying a condition out. `conditions` give the literals that free
/// words are compared with.
pub(super) fn values(word: &str, literals: &BTreeSet<String>) -> Vec<Value> {
    fn names<'a>(all: impl Iterator<Item = &'a str>) -> Vec<Value> {
        all.map(Value::from).collect()
    }
    let free = || {
        let mut all: Vec<Value> = literals.iter().map(|l| Value::from(l.clone())).collect();
        all.push(Value::from(""));
        all
    };
    match word {
        "intent" => names(Intent::ALL.iter().map(|i| i.name())),
        "emotion" => names(Emotion::ALL.iter().map(|e| e.name())),
        "relation" => names(Relation::ALL.iter().map(|r| r.name())),
        "category" => names(
            Category::ALL
                .iter()
                .map(|c| c.name())
                .chain(std::iter::once("")),
        ),
        "domain" => names(
            Domain::ALL
                .iter()
                .map(|d| d.name())
                .chain(std::iter::once("")),
        ),
        "status" => names(Status::ALL.iter().map(|s| s.name())),
        "channel" => names(CHANNELS.into_iter()),
        "weekday" => names(WEEKDAYS.into_iter()),
        "hour" => (0..24).map(Value::from).collect(),
        "also" => {
            let mut all: Vec<Value> = Intent::ALL
                .iter()
                .map(|i| Value::from(vec![i.name()]))
                .collect();
            all.push(Value::from(Vec::<String>::new()));
            all
        }
        "words" => {
            let mut all: Vec<Value> = literals
                .iter()
                .map(|l| Value::from(vec![l.clone()]))
                .collect();
            all.push(Value::from(literals.iter().cloned().collect::<Vec<_>>()));
            all.push(Value::from(Vec::<String>::new()));
            all
        }
        "told" => {
            let whole = |yes: bool| {
                Value::from_pairs(
                    literals
                        .iter()
                        .map(String::as_str)
                        .chain(Slot::KNOWN.iter().map(Slot::name))
                        .map(|s| (s.to_owned(), yes)),
                )
            };
            vec![whole(true), whole(false)]
        }
        "answers" => literals
            .iter()
            .map(|l| Value::from_object(Same(Value::from(l.clone()))))
            .chain([Value::from_object(Same(Value::from("")))])
            .collect(),
        "language" | "topic" | "text" => free(),
        // Whatever is true or not.
        _ => vec![Value::from(true), Value::from(false)],
    }
}

/// A map that has the same value under every name.
#[derive(Debug)]
struct Same(Value);

impl Object for Same {
    fn get_value(self: &Arc<Self>, _: &Value) -> Option<Value> {
        Some(self.0.clone())
    }
}
