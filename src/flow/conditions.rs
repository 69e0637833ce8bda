//! Conditions: expressions of minijinja over what is known at the moment.
//!
//! Why minijinja: it renders the phrases already, so authors learn one notation; it names the place of a mistake; it
//! tells which words an expression mentions, which is what the checks for conditions that can never hold rest on; and
//! it has no way to run for ever.

use crate::domain::{
    Category, Conversation, Emotion, Filled, Interpretation, Relation, Slot, SlotValue, Status,
    Timestamp,
    interpretation::{Cue, Intensity},
};
use jiff::tz::TimeZone;
use minijinja::{Environment, Value, value::Object};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The moment at which a condition is asked.
#[derive(Clone, Copy, Debug)]
pub struct ConditionInput<'a> {
    /// What the last message tells.
    pub signals: &'a Interpretation,
    /// Its words.
    pub text: &'a str,
    /// How the conversation stands.
    pub conversation: &'a Conversation,
    /// What the complaint on record is about; what the message is about where there is none.
    pub category: Option<Category>,
    /// When.
    pub now: Timestamp,
    /// Whether the desk is open.
    pub open: bool,
}

/// Names of the days, as conditions and facts have them.
pub const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The channels that conditions and wordings may name.
pub const CHANNELS: [&str; 5] = ["web", "http", "telegram", "discord", "email"];

/// Compiled conditions.
pub(super) struct Conditions {
    env: Environment<'static>,
}

impl std::fmt::Debug for Conditions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conditions").finish_non_exhaustive()
    }
}

/// What is wrong with a condition.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is no expression, or cannot be worked out; why.
    Broken(String),
    /// It mentions something that nobody knows.
    Unknown(String),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Broken(why) => write!(f, "cannot be worked out: {why}"),
            Self::Unknown(word) => write!(
                f,
                "mentions '{word}', which is none of {}",
                VARIABLES.join(", ")
            ),
        }
    }
}

/// Everything that a condition may mention.
const VARIABLES: [&str; 25] = [
    "intent",
    "also",
    "emotion",
    "upset",
    "language",
    "topic",
    "relation",
    "category",
    "domain",
    "status",
    "channel",
    "hour",
    "weekday",
    "open",
    "words",
    "text",
    "told",
    "answers",
    "anonymous",
    "affected_self",
    "affected_other",
    "has_complaint",
    "minor",
    "bereaved",
    "tells_death",
];

/// What a check of an answer may mention.
const ANSWER: [&str; 3] = ["answer", "number", "days_ago"];

impl Conditions {
    pub(super) fn new() -> Self {
        let mut env = Environment::new();
        env.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        Self { env }
    }

    fn compile(&mut self, condition: &str, known: &[&str]) -> Result<(), Trouble> {
        let broken = |e: &minijinja::Error| {
            let why = e
                .detail()
                .map_or_else(|| e.kind().to_string(), str::to_owned);
            Trouble::Broken(why)
        };
        if condition.contains("%}") || condition.len() > 1_000 {
            return Err(Trouble::Broken(
                "a condition is one short expression".to_owned(),
            ));
        }
        let source = format!("{{% if {condition} %}}y{{% endif %}}");
        self.env
            .add_template_owned(condition.to_owned(), source)
            .map_err(|e| broken(&e))?;
        if let Some(word) = self
            .mentioned(condition)
            .into_iter()
            .find(|w| !known.contains(&w.as_str()))
        {
            return Err(Trouble::Unknown(word));
        }
        Ok(())
    }

    /// Compiles a condition and tries it.
    pub(super) fn add(&mut self, condition: &str) -> Result<(), Trouble> {
        self.compile(condition, &VARIABLES)?;
        let sample = Conversation::new(
            crate::domain::ConversationId(uuid::Uuid::nil()),
            "web",
            "check",
            Timestamp(0),
        );
        let signals = Interpretation::default();
        let input = ConditionInput {
            signals: &signals,
            text: "",
            conversation: &sample,
            category: None,
            now: Timestamp(0),
            open: true,
        };
        self.tried(condition, variables(&input, &TimeZone::UTC))
    }

    /// Compiles a condition over other facts than those of a conversation, and tries it with these.
    pub(super) fn add_for(
        &mut self,
        condition: &str,
        facts: &[&str],
        known: Value,
    ) -> Result<(), Trouble> {
        self.compile(condition, facts)?;
        self.tried(condition, known)
    }

    /// Compiles the check of an answer and tries it.
    pub(super) fn add_check(&mut self, condition: &str) -> Result<(), Trouble> {
        self.compile(condition, &ANSWER)?;
        self.tried(condition, answered("7", Some(7.0), Some(7)))
    }

    fn tried(&self, condition: &str, known: Value) -> Result<(), Trouble> {
        self.env
            .get_template(condition)
            .and_then(|t| t.render(known))
            .map(drop)
            .map_err(|e| {
                Trouble::Broken(
                    e.detail()
                        .map_or_else(|| e.kind().to_string(), str::to_owned),
                )
            })
    }

    /// The words that a condition mentions.
    pub(super) fn mentioned(&self, condition: &str) -> BTreeSet<String> {
        self.env
            .get_template(condition)
            .map(|t| t.undeclared_variables(false).into_iter().collect())
            .unwrap_or_default()
    }

    pub(super) fn test(&self, condition: &str, known: &Value) -> bool {
        // Conditions were tried when they were loaded, so a failure here means "does not hold".
        self.env
            .get_template(condition)
            .and_then(|t| t.render(known.clone()))
            .is_ok_and(|out| out == "y")
    }
}

/// What is known, each word looked up when it is mentioned, since most conditions mention one.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a word of the flow language"
)]
struct Variables {
    signals: Interpretation,
    text: String,
    told: BTreeMap<Slot, Filled>,
    relation: Relation,
    emotion: Emotion,
    category: Option<Category>,
    status: Status,
    channel: String,
    has_complaint: bool,
    minor: bool,
    bereaved: bool,
    upset: bool,
    open: bool,
    local: jiff::ZonedDateTime,
}

/// Slots that are told, or what was told for them. A name that is no slot is not known.
#[derive(Debug)]
struct Answers {
    told: BTreeMap<Slot, Filled>,
    words: bool,
}

impl Object for Answers {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let told = self.told.get(&Slot::from_name(key.as_str()?)?);
        Some(if self.words {
            told.map(|t| t.value.text()).unwrap_or_default().into()
        } else {
            told.is_some().into()
        })
    }
}

/// From this strength on, in percent, a feeling spares somebody questions. Weaker ones are guessed from the mere fact
/// of a complaint.
const FELT: u8 = 40;

/// Whether somebody who feels so is spared questions.
pub(super) const fn is_upset(emotion: Emotion, intensity: Intensity) -> bool {
    intensity.0 >= FELT
        && matches!(
            emotion,
            Emotion::Upset | Emotion::Sad | Emotion::Anxious | Emotion::Confused
        )
}

impl Object for Variables {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let affected = self.told.get(&Slot::AffectedPerson);
        Some(match key.as_str()? {
            "intent" => self.signals.intent.name().into(),
            "also" => Value::from_iter(
                self.signals
                    .also
                    .iter()
                    .map(|i| i.name())
                    .collect::<Vec<_>>(),
            ),
            "emotion" => self.emotion.name().into(),
            "upset" => self.upset.into(),
            "language" => self.signals.language.clone().into(),
            "topic" => self
                .signals
                .entities
                .topic
                .clone()
                .unwrap_or_default()
                .into(),
            "relation" => self.relation.name().into(),
            "category" => self.category.map_or("", Category::name).into(),
            "domain" => self.category.map_or("", |c| c.domain().name()).into(),
            "status" => self.status.name().into(),
            "channel" => self.channel.clone().into(),
            "open" => self.open.into(),
            "hour" => i64::from(self.local.hour()).into(),
            "weekday" => WEEKDAYS
                [self.local.weekday().to_monday_zero_offset().unsigned_abs() as usize]
                .into(),
            "words" => Value::from_iter(
                self.text
                    .to_lowercase()
                    .split(|c: char| !c.is_alphanumeric() && c != '\'')
                    .filter(|w| !w.is_empty())
                    .map(str::to_owned)
                    .collect::<Vec<_>>(),
            ),
            "text" => self.text.to_lowercase().into(),
            "told" | "answers" => Value::from_object(Answers {
                told: self.told.clone(),
                words: key.as_str() == Some("answers"),
            }),
            "anonymous" => self
                .told
                .get(&Slot::ComplainantName)
                .is_some_and(|t| t.value.is_missing())
                .into(),
            "affected_self" => (self.relation == Relation::Patient
                || affected.is_some_and(|t| t.value == SlotValue::Oneself))
            .into(),
            "affected_other" => affected
                .is_some_and(|t| !t.value.is_missing() && t.value != SlotValue::Oneself)
                .into(),
            "has_complaint" => self.has_complaint.into(),
            "minor" => (self.minor || self.signals.has(Cue::Minor)).into(),
            "tells_death" => self.signals.has(Cue::Bereaved).into(),
            "bereaved" => (self.bereaved || self.signals.has(Cue::Bereaved)).into(),
            _ => return None,
        })
    }
}

/// What is known at that moment, for conditions to mention.
pub(super) fn variables(input: &ConditionInput<'_>, zone: &TimeZone) -> Value {
    let state = input.conversation;
    let feels = if input.signals.emotion == Emotion::Neutral {
        state.emotion
    } else {
        input.signals.emotion
    };
    Value::from_object(Variables {
        signals: input.signals.clone(),
        text: input.text.chars().take(2_000).collect(),
        told: state.slots.clone(),
        relation: state.relation,
        emotion: feels,
        category: input.category,
        status: state.status,
        channel: state.inbox.clone(),
        has_complaint: state.complaint.is_some(),
        minor: state.minor,
        bereaved: state.bereaved,
        upset: state.reduced_questions || is_upset(state.emotion, state.intensity),
        open: input.open,
        local: input.now.in_zone(zone),
    })
}

/// What is known of an answer, for a check to mention.
pub(super) fn answered(answer: &str, number: Option<f64>, days_ago: Option<i64>) -> Value {
    Value::from_pairs([
        ("answer", Value::from(answer.to_lowercase())),
        (
            "number",
            number.map_or_else(|| Value::from(()), Value::from),
        ),
        (
            "days_ago",
            days_ago.map_or_else(|| Value::from(()), Value::from),
        ),
    ])
}
