//! The shapes of the files that authors write. The JSON Schema for editors is made from these types: `nohold flows
//! schema`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use serde_saphyr::Spanned;
use std::{borrow::Cow, fmt};

/// One flow: what to find out and what to say. The program asks for the first thing that is still missing.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FlowFile {
    /// Its name: lower-case letters, digits and underscores.
    #[schemars(with = "String")]
    pub(super) flow: Spanned<String>,
    /// What it is for, for people who read it.
    pub(super) about: String,
    /// When a message opens it: an expression such as `intent == "callback"`, `"invoice" in words`, `channel ==
    /// "telegram" and not open`. A flow without it is opened by other flows only.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) when: Option<Spanned<String>>,
    /// Of two flows that a message could open, the higher one is taken.
    #[serde(default)]
    pub(super) priority: i32,
    /// Why a person is wanted, as the desk sorts and words it (`reasons` in desk.yaml). Without it, the flow's own
    /// name.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) reason: Option<Spanned<String>>,
    /// What is told goes on record as a complaint, from the first sentence on.
    #[serde(default)]
    pub(super) record: Option<Record>,
    /// What it puts on record is protected: certain roles see it (`protected_role`), and nobody whom it is about.
    #[serde(default)]
    pub(super) protected: bool,
    /// The phrase that opens it, said once.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) opening: Option<Spanned<String>>,
    /// How much may be asked.
    #[serde(default)]
    pub(super) questions: Option<Questions>,
    /// What to find out, in order. Nothing that was told already is asked.
    #[serde(default)]
    #[schemars(with = "Vec<ItemFile>")]
    pub(super) collect: Vec<Spanned<ItemFile>>,
    /// What happens when everything is found out.
    #[serde(default)]
    #[schemars(with = "Vec<StepFile>")]
    pub(super) then: Vec<Spanned<StepFile>>,
    /// What happens when nothing happens.
    #[serde(default)]
    pub(super) timers: TimersFile,
}

/// What can be put on record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    /// A complaint.
    Complaint,
}

/// How many things may be asked about one matter. What was told unasked does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Questions {
    /// Of anybody.
    pub at_most: u8,
    /// Of somebody who is upset, sad, anxious or confused.
    pub upset: u8,
}

/// How much a question matters: where few questions are left, those that matter most are asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matters {
    /// Left out first.
    Little,
    /// Between.
    #[default]
    Some,
    /// Left out last.
    Much,
}

/// What kind of answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words, as they come.
    Text,
    /// One of the offered answers, or words of the person's own.
    Choice,
    /// A person's name.
    Name,
    /// An e-mail address or a telephone number.
    Contact,
    /// A day or a stretch of days.
    Dates,
    /// Where.
    Place,
    /// Somebody: a name, a role, what they look like.
    Person,
    /// Yes or no.
    YesNo,
    /// A number.
    Number,
}

/// How a thing is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskFile {
    /// The phrase that asks. Where there is a phrase of that name with `.again`, it is used when the question is put
    /// once more; `.check` says gently what did not fit.
    #[schemars(with = "String")]
    pub(super) ask: Spanned<String>,
    /// What kind of answer is wanted. Needed for slots of the flow's own.
    #[serde(default, rename = "type")]
    #[schemars(with = "Option<Kind>")]
    pub(super) kind: Option<Spanned<Kind>>,
    /// The answers that are offered with it: phrases `choice.<name>.<value>`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) choices: Option<Spanned<String>>,
    /// The condition under which it is not asked.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) skip_if: Option<Spanned<String>>,
    /// Whether it may be left out altogether where somebody is upset and told much. (Nobody is ever forced to answer.)
    #[serde(default)]
    pub(super) optional: bool,
    /// What an answer must have: `phone`, `email or phone`, or an expression over `answer`, `number` and `days_ago`,
    /// such as `number > 0`.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) check: Option<Spanned<String>>,
    /// The message that opens the flow counts as the answer, where it says more than a few words.
    #[serde(default)]
    pub(super) from_opening: bool,
    /// How much it matters where few questions are left.
    #[serde(default)]
    pub(super) matters: Matters,
}

/// A thing to find out, under its name; or `call`, with another flow whose things are found out here.
#[derive(Debug)]
pub(super) enum ItemFile {
    Ask(String, Box<AskFile>),
    Call(Spanned<String>),
}

impl<'de> Deserialize<'de> for ItemFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Item;
        impl<'de> de::Visitor<'de> for Item {
            type Value = ItemFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one thing to find out, as `name: {ask: phrase}`, or `call: flow`")
            }

            fn visit_map<M: de::MapAccess<'de>>(self, mut map: M) -> Result<ItemFile, M::Error> {
                let name: String = map
                    .next_key()?
                    .ok_or_else(|| de::Error::custom("nothing to find out is named here"))?;
                let item = if name == "call" {
                    ItemFile::Call(map.next_value()?)
                } else {
                    ItemFile::Ask(name, Box::new(map.next_value()?))
                };
                if let Some(more) = map.next_key::<String>()? {
                    return Err(de::Error::custom(format!(
                        "'{more}' needs a line of its own that begins with a dash"
                    )));
                }
                Ok(item)
            }
        }
        deserializer.deserialize_map(Item)
    }
}

impl JsonSchema for ItemFile {
    fn schema_name() -> Cow<'static, str> {
        "Item".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let ask = generator.subschema_for::<AskFile>();
        json_schema!({
            "description": "A thing to find out, under its name; or `call`, with another flow whose things are found out here.",
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "properties": {"call": {"type": "string", "description": "Another flow whose things are found out here."}},
            "patternProperties": {"^(?!call$)[a-z][a-z0-9_]{0,31}$": ask},
            "additionalProperties": false
        })
    }
}

/// One thing that happens. Exactly one of the verbs, and `if` where it depends.
#[derive(Debug, Default, JsonSchema)]
#[schemars(deny_unknown_fields, default)]
pub(super) struct StepFile {
    /// Says a phrase.
    #[schemars(with = "Option<String>")]
    pub(super) say: Option<Spanned<String>>,
    /// Brings a person of a team; the writer waits for them.
    pub(super) handoff: Option<TeamFile>,
    /// Passes it on to a team; the writer waits for nobody.
    pub(super) pass_on: Option<TeamFile>,
    /// A team is to ring the person.
    pub(super) call_back: Option<TeamFile>,
    /// Answers: `facts` (the topic that was asked after) or `status` (how the complaint stands).
    pub(super) answer: Option<Answer>,
    /// Says what the facts file has under this topic; nothing where it has nothing.
    #[schemars(with = "Option<String>")]
    pub(super) tell: Option<Spanned<String>>,
    /// Goes on with another flow.
    #[schemars(with = "Option<String>")]
    pub(super) call: Option<Spanned<String>>,
    /// The condition under which it happens.
    #[schemars(rename = "if", with = "Option<String>")]
    pub(super) condition: Option<Spanned<String>>,
    /// A verb that nobody knows: kept, so that it is told beside all other mistakes.
    #[schemars(skip)]
    pub(super) unknown: Option<String>,
}

impl<'de> Deserialize<'de> for StepFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Verbs;
        impl<'de> de::Visitor<'de> for Verbs {
            type Value = StepFile;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one thing that happens, such as `say: phrase`")
            }

            fn visit_map<M: de::MapAccess<'de>>(self, mut map: M) -> Result<StepFile, M::Error> {
                let mut step = StepFile::default();
                while let Some(verb) = map.next_key::<String>()? {
                    match verb.as_str() {
                        "say" => step.say = Some(map.next_value()?),
                        "handoff" => step.handoff = Some(map.next_value()?),
                        "pass_on" => step.pass_on = Some(map.next_value()?),
                        "call_back" => step.call_back = Some(map.next_value()?),
                        "answer" => step.answer = Some(map.next_value()?),
                        "tell" => step.tell = Some(map.next_value()?),
                        "call" => step.call = Some(map.next_value()?),
                        "if" => step.condition = Some(map.next_value()?),
                        _ => {
                            step.unknown = Some(verb);
                            map.next_value::<de::IgnoredAny>()?;
                        }
                    }
                }
                Ok(step)
            }
        }
        deserializer.deserialize_map(Verbs)
    }
}

/// What can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// The topic that was asked after, from the facts file.
    Facts,
    /// How the complaint stands.
    Status,
}

/// A team, and how pressing it is at least.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum TeamFile {
    Name(String),
    Whole(Team),
}

/// A team, how pressing it is, and when the waiting person is asked after.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Whose queue.
    pub team: String,
    /// At least this pressing; feelings and danger may make it more so.
    #[serde(default)]
    pub priority: Pressing,
}

/// How pressing something is, short of danger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pressing {
    /// In turn.
    #[default]
    Routine,
    /// Before routine.
    Soon,
    /// Before soon.
    Urgent,
}

impl TeamFile {
    pub(super) fn team(self) -> Team {
        match self {
            Self::Whole(team) => team,
            Self::Name(team) => Team {
                team,
                priority: Pressing::Routine,
            },
        }
    }
}

/// What happens when nothing happens.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TimersFile {
    /// The person fell silent in the middle of it: they are asked after, once.
    pub(super) silence: Option<SilenceFile>,
    /// Somebody waits for a person whom this flow brings: how soon they are asked after.
    #[schemars(with = "Option<String>")]
    pub(super) check_in: Option<Spanned<String>>,
    /// A clock of the complaint profile ran out and nobody got in touch: supervisors are told, and this is said.
    pub(super) promise: Option<PromiseFile>,
}

/// After how long somebody who fell silent is asked after, and how.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SilenceFile {
    /// Such as `30 minutes` or `2 hours`.
    #[schemars(with = "String")]
    pub(super) after: Spanned<String>,
    /// The phrase.
    #[schemars(with = "String")]
    pub(super) say: Spanned<String>,
}

/// Which clock, and what is said when it ran out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PromiseFile {
    /// A clock of the complaint profile, such as `acknowledge`.
    pub(super) clock: String,
    /// The phrase.
    #[schemars(with = "String")]
    pub(super) say: Spanned<String>,
}

/// The JSON Schema of a flow file, for editors.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(FlowFile).to_value()
}
