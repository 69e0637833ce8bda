//! Flows: parsed, checked, compiled.

use super::{error::FlowError, phrases::PhraseBook, source::Texts};
use crate::domain::{Category, Conversation, Emotion, Intent, Relation, Signals, Slot, Status};
use minijinja::{Environment, Value, value::Object};
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// What an answer must contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Check {
    /// An e-mail address or a telephone number.
    #[serde(rename = "email or phone")]
    EmailOrPhone,
    /// A telephone number.
    #[serde(rename = "phone")]
    Phone,
}

/// How a slot is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAsk {
    ask: Spanned<String>,
    #[serde(default)]
    choices: Option<Spanned<String>>,
    #[serde(default)]
    skip_if: Option<Spanned<String>>,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    check: Option<Check>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFlow {
    flow: String,
    #[serde(rename = "about")]
    about: String,
    when: Spanned<String>,
    #[serde(default)]
    priority: i32,
    #[serde(default)]
    record: Option<Spanned<String>>,
    #[serde(default)]
    collect: Vec<Spanned<BTreeMap<String, RawAsk>>>,
    then: Vec<Spanned<BTreeMap<String, String>>>,
}

/// One thing to find out, and how.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What.
    pub slot: Slot,
    /// The phrase that asks.
    pub phrase: String,
    /// The group of choices that is offered with it: phrases `choice.<group>.<value>`.
    pub choices: Option<String>,
    /// The condition under which it is not asked.
    pub skip_if: Option<String>,
    /// Whether the person may leave it out (they always may say that they do not know).
    pub optional: bool,
    /// What an answer must contain.
    pub check: Option<Check>,
}

/// What happens when everything is found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Say a phrase.
    Say(String),
    /// Hand over to a team; the person waits for a person.
    Handoff(String),
    /// Pass on to a team; the person waits for nobody.
    PassOn(String),
    /// A team is to ring the person.
    CallBack(String),
    /// Answer from the facts file.
    AnswerFacts,
    /// Answer how the complaint stands.
    AnswerStatus,
}

/// One flow.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its name.
    pub name: String,
    /// What it is for, for people who edit it.
    pub about: String,
    /// When it is opened.
    pub when: String,
    /// Higher is tried first.
    pub priority: i32,
    /// Whether what is told goes on record as a complaint.
    pub records_complaint: bool,
    /// What to find out, in order.
    pub collect: Vec<Ask>,
    /// What happens then.
    pub then: Vec<Action>,
}

/// Compiled conditions.
pub(super) struct Conditions {
    env: Environment<'static>,
    order: Vec<String>,
}

impl std::fmt::Debug for Conditions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conditions")
            .field("order", &self.order)
            .finish_non_exhaustive()
    }
}

impl Conditions {
    fn new() -> Self {
        let mut env = Environment::new();
        env.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        Self {
            env,
            order: Vec::new(),
        }
    }

    fn add(&mut self, condition: &str) -> Result<(), minijinja::Error> {
        self.env.add_template_owned(
            condition.to_owned(),
            format!("{{% if {condition} %}}y{{% endif %}}"),
        )?;
        let sample = Conversation::new(
            crate::domain::ConversationId(uuid::Uuid::nil()),
            "check",
            "check",
            crate::domain::Timestamp(0),
        );
        self.env
            .get_template(condition)?
            .render(known(&Signals::default(), &sample, None))
            .map(drop)
    }

    pub(super) fn first(&self, signals: &Signals, conversation: &Conversation) -> Option<usize> {
        let known = known(signals, conversation, signals.category);
        self.order.iter().position(|c| self.test(c, &known))
    }

    pub(super) fn holds(
        &self,
        condition: &str,
        signals: &Signals,
        conversation: &Conversation,
        category: Option<Category>,
    ) -> bool {
        self.test(condition, &known(signals, conversation, category))
    }

    fn test(&self, condition: &str, known: &Value) -> bool {
        // Conditions were tried when they were loaded, so a failure here means "does not hold".
        self.env
            .get_template(condition)
            .and_then(|t| t.render(known.clone()))
            .is_ok_and(|out| out == "y")
    }
}

/// What a condition may mention. Looked up when it is mentioned, since most conditions mention one thing.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a word of the flow language"
)]
struct Known {
    intent: Intent,
    emotion: Emotion,
    language: String,
    topic: String,
    relation: Relation,
    category: Option<Category>,
    status: Status,
    anonymous: bool,
    affected_self: bool,
    affected_other: bool,
    has_complaint: bool,
    told: BTreeSet<Slot>,
}

impl Object for Known {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(match key.as_str()? {
            "intent" => self.intent.name().into(),
            "emotion" => self.emotion.name().into(),
            "language" => self.language.clone().into(),
            "topic" => self.topic.clone().into(),
            "relation" => self.relation.name().into(),
            "category" => self.category.map_or("", Category::name).into(),
            "domain" => self.category.map_or("", |c| c.domain().name()).into(),
            "status" => self.status.name().into(),
            "anonymous" => self.anonymous.into(),
            "affected_self" => self.affected_self.into(),
            "affected_other" => self.affected_other.into(),
            "has_complaint" => self.has_complaint.into(),
            "told" => {
                Value::from_pairs(Slot::ALL.iter().map(|s| (s.name(), self.told.contains(s))))
            }
            _ => return None,
        })
    }
}

fn known(signals: &Signals, conversation: &Conversation, category: Option<Category>) -> Value {
    let affected = conversation.told.get(&Slot::AffectedPerson);
    let oneself =
        conversation.relation == Relation::Patient || affected.is_some_and(|t| t.text == "self");
    Value::from_object(Known {
        intent: signals.intent,
        emotion: signals.emotion,
        language: signals.language.clone(),
        topic: signals.entities.topic.clone().unwrap_or_default(),
        relation: conversation.relation,
        category,
        status: conversation.status,
        anonymous: conversation
            .told
            .get(&Slot::ComplainantName)
            .is_some_and(|t| t.declined),
        affected_self: oneself,
        affected_other: affected.is_some_and(|t| !t.declined && t.text != "self"),
        has_complaint: conversation.complaint.is_some(),
        told: conversation.told.keys().copied().collect(),
    })
}

/// Reads every flow at the top of the folder.
pub(super) fn load(texts: &Texts, phrases: &PhraseBook) -> (Vec<Flow>, Conditions, Vec<FlowError>) {
    let mut conditions = Conditions::new();
    let mut errors = Vec::new();
    let mut flows: Vec<Flow> = Vec::new();
    for (file, text) in texts.in_folder("") {
        if matches!(
            file,
            "facts.yaml" | "countries.yaml" | "danger.yaml" | "languages.yaml"
        ) {
            continue;
        }
        match serde_saphyr::from_str::<RawFlow>(text) {
            Ok(raw) => {
                let flow = check(file, raw, phrases, &mut conditions, &mut errors);
                if flows.iter().any(|f| f.name == flow.name) {
                    errors.push(FlowError::whole(
                        file,
                        format!("there is another flow named '{}'", flow.name),
                    ));
                }
                flows.push(flow);
            }
            Err(e) => errors.push(FlowError::yaml(file, &e)),
        }
    }
    flows.sort_by(|a, b| {
        b.priority
            .cmp(&a.priority)
            .then_with(|| a.name.cmp(&b.name))
    });
    conditions.order = flows.iter().map(|f| f.when.clone()).collect();
    (flows, conditions, errors)
}

fn check(
    file: &str,
    raw: RawFlow,
    phrases: &PhraseBook,
    conditions: &mut Conditions,
    errors: &mut Vec<FlowError>,
) -> Flow {
    let mut condition = |c: &Spanned<String>, errors: &mut Vec<FlowError>| {
        if let Err(e) = conditions.add(&c.value) {
            let detail = e
                .detail()
                .map_or_else(|| e.kind().to_string(), str::to_owned);
            errors.push(FlowError::at(
                file,
                c.referenced,
                format!("the condition '{}' cannot be worked out: {detail}", c.value),
            ));
        }
        c.value.clone()
    };
    let phrase = |p: &Spanned<String>, errors: &mut Vec<FlowError>| {
        if !phrases.has(&p.value) {
            errors.push(FlowError::at(
                file,
                p.referenced,
                format!("there is no phrase '{}' in en/phrases.yaml", p.value),
            ));
        }
        p.value.clone()
    };
    let when = condition(&raw.when, errors);
    let records_complaint = match &raw.record {
        None => false,
        Some(what) if what.value == "complaint" => true,
        Some(what) => {
            errors.push(FlowError::at(
                file,
                what.referenced,
                format!("'{}' cannot be recorded: only 'complaint' can", what.value),
            ));
            false
        }
    };
    let mut collect = Vec::new();
    for item in raw.collect {
        for (name, ask) in item.value {
            let Some(slot) = Slot::from_name(&name) else {
                errors.push(FlowError::at(
                    file,
                    item.referenced,
                    format!(
                        "'{name}' is no slot: {}",
                        names(Slot::ALL.iter().map(|s| s.name()))
                    ),
                ));
                continue;
            };
            if let Some(group) = &ask.choices
                && phrases.choices(&group.value).next().is_none()
            {
                errors.push(FlowError::at(
                    file,
                    group.referenced,
                    format!(
                        "there are no phrases 'choice.{}.…' for these choices",
                        group.value
                    ),
                ));
            }
            collect.push(Ask {
                slot,
                phrase: phrase(&ask.ask, errors),
                choices: ask.choices.map(|c| c.value),
                skip_if: ask.skip_if.as_ref().map(|c| condition(c, errors)),
                optional: ask.optional,
                check: ask.check,
            });
        }
    }
    let mut then = Vec::new();
    for item in raw.then {
        let place = item.referenced;
        for (verb, object) in item.value {
            let spanned = Spanned::new(object.clone(), place, place);
            match (verb.as_str(), object.as_str()) {
                ("say", _) => then.push(Action::Say(phrase(&spanned, errors))),
                ("handoff", team) => then.push(Action::Handoff(team.to_owned())),
                ("pass_on", team) => then.push(Action::PassOn(team.to_owned())),
                ("call_back", team) => then.push(Action::CallBack(team.to_owned())),
                ("answer", "facts") => then.push(Action::AnswerFacts),
                ("answer", "status") => then.push(Action::AnswerStatus),
                ("answer", other) => errors.push(FlowError::at(
                    file,
                    place,
                    format!("'answer: {other}' is none of facts, status"),
                )),
                (other, _) => errors.push(FlowError::at(
                    file,
                    place,
                    format!("'{other}' is none of say, handoff, pass_on, call_back, answer"),
                )),
            }
        }
    }
    Flow {
        name: raw.flow,
        about: raw.about,
        when,
        priority: raw.priority,
        records_complaint,
        collect,
        then,
    }
}

fn names<'a>(all: impl Iterator<Item = &'a str>) -> String {
    all.collect::<Vec<_>>().join(", ")
}
