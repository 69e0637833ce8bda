//! Replies to start from: three that differ in kind, made of the conversation's own facts.

use super::empathy::Empathy;
use crate::{
    domain::{Emotion, RedFlag, Relation, Slot, Timestamp, Uptake, suggestion::Record},
    flow::{Audience, FlowError, Flows, Text, Texts, Vars},
};
use jiff::{ToSpan, Unit};
use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;
use std::collections::BTreeMap;

/// A reply to start from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Suggestion {
    /// Which kind: `acknowledge`, `ask`, `close`, `privacy`, `danger`…; send it back with the reply that grew from it.
    pub id: String,
    /// The words.
    pub text: String,
    /// Why this one.
    pub why: String,
    /// How much empathy it shows.
    pub empathy: Empathy,
    /// What agents did with suggestions of this kind so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
}

/// From how many offers on a kind is ranked by what became of it.
const OFFERS_TO_JUDGE: u32 = 5;

/// Puts what agents take before what they leave; kinds that were hardly offered keep their places in the middle. In
/// danger the order is fixed: safety first.
pub fn rank(suggestions: &mut [Suggestion], records: &BTreeMap<String, Record>) {
    let mut danger = false;
    for suggestion in suggestions.iter_mut() {
        suggestion.record = records.get(&suggestion.id).copied();
        danger |= suggestion.id.starts_with("danger");
    }
    if danger {
        return;
    }
    let worth = |s: &Suggestion| {
        let judged = s.record.filter(|r| r.offered() >= OFFERS_TO_JUDGE);
        judged.unwrap_or_default().worth()
    };
    suggestions.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
}

/// What became of a suggestion in a reply: taken where the words are the same but for spaces.
pub fn uptake(suggestion: &Suggestion, used: Option<&str>, reply: &str) -> Uptake {
    let same = || {
        suggestion
            .text
            .split_whitespace()
            .eq(reply.split_whitespace())
    };
    if used != Some(suggestion.id.as_str()) {
        Uptake::Ignored
    } else if same() {
        Uptake::Taken
    } else {
        Uptake::Edited
    }
}

/// What is known of a talk, as far as suggestions need it.
#[derive(Clone, Debug)]
pub struct Talk<'a> {
    /// What the person wrote, the last message last.
    pub words: &'a str,
    /// Their name, where told.
    pub name: Option<&'a str>,
    /// What they are to us.
    pub relation: Relation,
    /// How they feel.
    pub emotion: Emotion,
    /// Danger spoken of.
    pub red_flag: Option<RedFlag>,
    /// Whether they complain, rather than ask.
    pub complains: bool,
    /// The complaint's reference.
    pub reference: Option<&'a str>,
    /// What is still missing, most wanted first.
    pub missing: &'a [Slot],
    /// The agent's first name.
    pub agent: &'a str,
    /// The language to answer in.
    pub language: &'a str,
    /// The language that the agent reads.
    pub reads: &'a str,
    /// Now.
    pub now: Timestamp,
}

impl Talk<'_> {
    pub(super) const fn audience(&self) -> Audience<'_> {
        Audience {
            language: self.language,
            emotion: self.emotion,
            channel: "",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGist {
    pattern: Spanned<String>,
    gist: String,
}

/// Makes suggestions.
#[derive(Debug)]
pub struct Suggester {
    gists: BTreeMap<String, Vec<(Regex, String)>>,
}

fn gists(texts: &Texts, file: &str) -> Result<Vec<(Regex, String)>, FlowError> {
    let raw: Vec<RawGist> = texts.yaml(file)?;
    raw.into_iter()
        .map(|g| {
            let pattern = Regex::new(&format!(r"(?i)\b(?:{})", g.pattern.value))
                .map_err(|e| FlowError::at(file, g.pattern.referenced, e.to_string()))?;
            Ok((pattern, g.gist))
        })
        .collect()
}

impl Suggester {
    /// Reads `<language>/gists.yaml` of every language that has suggestions.
    ///
    /// # Errors
    /// A file that cannot be read, or a pattern that is wrong, with its place.
    pub fn load(texts: &Texts) -> Result<Self, FlowError> {
        let mut all = BTreeMap::new();
        for language in texts.languages() {
            let file = format!("{language}/gists.yaml");
            if language == "en" || texts.get(&file).is_ok() {
                all.insert(language, gists(texts, &file)?);
            }
        }
        Ok(Self { gists: all })
    }

    /// Three suggestions for the present moment.
    pub fn suggest(&self, talk: &Talk<'_>, flows: &Flows) -> Vec<Suggestion> {
        let say = |key: &str, more: Vars| {
            let facts = || {
                let mut vars = self.facts(talk, flows);
                vars.extend(more);
                vars
            };
            flows.phrases.say(&talk.audience(), key, 0, facts)
        };
        // Why, and what is missing, are for the agent.
        let tell = |key: &str, more: Vars| {
            let reader = Audience::of(talk.reads);
            flows.phrases.say(&reader, key, 0, || more)
        };
        let make = |id: &str, key: &str, why: &str, more: Vars| {
            let text = say(key, more.clone());
            Suggestion {
                id: id.to_owned(),
                why: tell(why, more),
                empathy: Empathy::of(&text),
                record: None,
                text,
            }
        };
        if let Some(flag) = talk.red_flag {
            return vec![
                make(
                    "danger",
                    &format!("suggest.danger.{}", flag.name()),
                    "why.danger",
                    Vars::new(),
                ),
                make(
                    "danger_colleague",
                    "suggest.danger.colleague",
                    "why.danger",
                    Vars::new(),
                ),
                make(
                    "danger_stay",
                    "suggest.danger.stay",
                    "why.danger",
                    Vars::new(),
                ),
            ];
        }
        let opening = if talk.complains || talk.emotion == Emotion::Positive {
            "suggest.acknowledge"
        } else {
            "suggest.acknowledge.question"
        };
        if !talk.complains {
            return vec![
                make("acknowledge", opening, "why.acknowledge", Vars::new()),
                make(
                    "ask",
                    "suggest.ask.question",
                    "why.ask.question",
                    Vars::new(),
                ),
                make(
                    "close",
                    "suggest.close.question",
                    "why.close.question",
                    Vars::new(),
                ),
            ];
        }
        let slot = talk.missing.first().copied().unwrap_or(Slot::AnythingElse);
        let question = say(&format!("suggest.ask.{}", slot.name()), Vars::new());
        let slot_words = tell(&format!("slot.{}", slot.name()), Vars::new());
        let third_party = !matches!(talk.relation, Relation::Patient | Relation::Unknown);
        let last = if third_party {
            make("privacy", "suggest.privacy", "why.privacy", Vars::new())
        } else {
            make("close", "suggest.close", "why.close", Vars::new())
        };
        let ask = Vars::from([("question", question.into()), ("slot", slot_words.into())]);
        vec![
            make("acknowledge", opening, "why.acknowledge", Vars::new()),
            make("ask", "suggest.ask", "why.ask", ask),
            last,
        ]
    }

    /// What happened, in few words.
    pub fn gist(&self, language: &str, words: &str) -> Option<&str> {
        self.gists
            .get(language)?
            .iter()
            .find(|(pattern, _)| pattern.is_match(words))
            .map(|(_, gist)| gist.as_str())
    }

    pub(super) fn facts(&self, talk: &Talk<'_>, flows: &Flows) -> Vars {
        let default = flows
            .phrases
            .say(&talk.audience(), "gist.default", 0, Vars::new);
        let ours = |text: &Text| text.in_language(talk.language).to_owned();
        let gist = self
            .gist(talk.language, talk.words)
            .map_or(default, str::to_owned);
        let first_name = talk
            .name
            .and_then(|n| n.split_whitespace().next())
            .unwrap_or_default();
        Vars::from([
            ("gist", gist.into()),
            ("name", first_name.to_owned().into()),
            ("agent", talk.agent.to_owned().into()),
            (
                "reference",
                talk.reference.unwrap_or_default().to_owned().into(),
            ),
            ("by", by(talk, flows).into()),
            ("emergency", ours(&flows.country.emergency).into()),
            ("crisis", ours(&flows.country.crisis).into()),
        ])
    }
}

/// A time that can be kept: an hour and a half from now on the full hour, or noon tomorrow where that is late in the
/// day.
fn by(talk: &Talk<'_>, flows: &Flows) -> String {
    let here = talk.now.in_zone(&flows.facts.zone);
    let later = here.checked_add(150.minutes()).and_then(|t| {
        t.round(
            jiff::ZonedDateTimeRound::new()
                .smallest(Unit::Hour)
                .mode(jiff::RoundMode::Floor),
        )
    });
    let say = |key: &str, vars: Vars| {
        let audience = Audience::of(talk.language);
        flows.phrases.say(&audience, key, 0, || vars)
    };
    match later {
        Ok(time) if time.date() == here.date() && time.hour() <= 18 && here.hour() >= 7 => {
            let clock = time.strftime("%-I %P").to_string();
            say("by.hour", Vars::from([("clock", clock.into())]))
        }
        _ => say("by.tomorrow", Vars::new()),
    }
}
