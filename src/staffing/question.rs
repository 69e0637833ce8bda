//! What is asked of the formulas, checked field by field.

use super::{Load, USUAL_CONCURRENCY};
use serde_json::{Map, Value};
use std::fmt;

/// Arrivals, times and people, checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question {
    /// What arrives.
    pub load: Load,
    /// Share of people who should be answered within the target.
    pub target_share: f64,
    /// Mean patience in seconds; none where nobody leaves.
    pub patience: Option<f64>,
    /// Share of paid time in which people are not at the desk: leave, illness, training, breaks.
    pub shrinkage: f64,
    /// So many people, or the fewest who reach the target.
    pub staff: Option<u32>,
}

/// What is wrong with a question: the field, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionError {
    /// The field's name.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for QuestionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

impl std::error::Error for QuestionError {}

const FIELDS: [&str; 8] = [
    "arrivals_per_hour",
    "handling_seconds",
    "target_seconds",
    "target_share",
    "patience_seconds",
    "shrinkage",
    "concurrency",
    "staff",
];
const HOUR: f64 = 3600.0;
/// The longest time that is meant by anybody, in seconds.
const WEEK: f64 = 604_800.0;
/// The most arrivals an hour.
const ARRIVALS: f64 = 1_000_000.0;
/// The most work that the formulas are asked about, in people busy all the time: their cost grows with it.
const OFFERED: f64 = 10_000.0;
/// The most people.
pub(super) const STAFF: u32 = 20_000;
/// The longest name of a field that an error repeats, in characters.
const NAME: usize = 40;

fn wrong(field: &str, message: impl Into<String>) -> QuestionError {
    QuestionError {
        field: field.to_owned(),
        message: message.into(),
    }
}

/// A number between two bounds, both allowed; `usual` where the field is left out or null.
fn number(
    all: &Map<String, Value>,
    field: &str,
    (least, most): (f64, f64),
    usual: Option<f64>,
) -> Result<f64, QuestionError> {
    let value = match (all.get(field), usual) {
        (None | Some(Value::Null), Some(usual)) => return Ok(usual),
        (None | Some(Value::Null), None) => return Err(wrong(field, "is missing")),
        (Some(value), _) => value.as_f64(),
    };
    let value = value.ok_or_else(|| wrong(field, "must be a number"))?;
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(wrong(field, format!("must be from {least} to {most}")))
}

impl Question {
    /// Reads one from JSON.
    ///
    /// # Errors
    /// The first field that is missing, unknown, or out of its bounds.
    pub fn from_json(value: &Value) -> Result<Self, QuestionError> {
        let all = value
            .as_object()
            .ok_or_else(|| wrong("the line", "must be a JSON object"))?;
        if let Some(unknown) = all.keys().find(|k| !FIELDS.contains(&k.as_str())) {
            let name: String = unknown.chars().filter(|c| !c.is_control()).collect();
            let name: String = name.chars().take(NAME).collect();
            return Err(wrong(
                &name,
                format!("is no field: there are {}", FIELDS.join(", ")),
            ));
        }
        let arrivals = number(all, "arrivals_per_hour", (0.0, ARRIVALS), None)?;
        let handling = number(all, "handling_seconds", (1.0, WEEK), None)?;
        let target = number(all, "target_seconds", (0.0, WEEK), Some(20.0))?;
        let target_share = number(all, "target_share", (0.01, 0.9999), Some(0.8))?;
        let patience = match all.get("patience_seconds") {
            None | Some(Value::Null) => None,
            Some(_) => Some(number(all, "patience_seconds", (1.0, WEEK), None)?),
        };
        let shrinkage = number(all, "shrinkage", (0.0, 0.95), Some(0.3))?;
        let concurrency = number(all, "concurrency", (1.0, 20.0), Some(USUAL_CONCURRENCY))?;
        let staff = match all.get("staff") {
            None | Some(Value::Null) => None,
            Some(value) => Some(
                value
                    .as_u64()
                    .and_then(|n| u32::try_from(n).ok())
                    .filter(|n| (1..=STAFF).contains(n))
                    .ok_or_else(|| {
                        wrong("staff", format!("must be a whole number from 1 to {STAFF}"))
                    })?,
            ),
        };
        let load = Load {
            arrivals: arrivals / HOUR,
            service: handling / concurrency,
            target,
        };
        if load.offered() > OFFERED {
            return Err(wrong(
                "arrivals_per_hour",
                format!(
                    "with this handling time and concurrency more than {OFFERED} people would be busy at once"
                ),
            ));
        }
        Ok(Self {
            load,
            target_share,
            patience,
            shrinkage,
            staff,
        })
    }
}
