//! Who is brought in by the program itself, and how the desk words the reasons, from `flows/desk.yaml`.

use super::{
    Flow, FlowError, Flows, Pressing, Team, Text, Texts,
    language::{Action, Place, is_name},
    phrases::FALLBACK,
};
use crate::domain::{RedFlag, interpretation::names};
use serde::{Deserialize, Serialize};
use serde_saphyr::{Location, Spanned};
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "desk.yaml";

names!(
    /// When the program itself, and no step of a flow, brings in a person.
    Occasion {
        /// Somebody asks for a person in the middle of something else.
        SpeakToHuman = "speak_to_human",
        /// The bot did not understand, more than once.
        NotUnderstood = "not_understood",
        /// Somebody writes in a language that the bot does not converse in.
        OtherLanguage = "other_language",
        /// Somebody is angry at the bot.
        Friction = "friction",
        /// Somebody wants to take a complaint back.
        Withdraw = "withdraw",
        /// Somebody breaks a complaint off; what was told is on record.
        GivenUp = "given_up",
        /// Somebody wants their words removed, and a person must decide.
        Forget = "forget",
        /// A clock of the complaint profile ran out and nobody got in touch.
        PromiseDue = "promise_due",
        /// An agent gives a conversation back.
        Released = "released",
        /// An agent hands a conversation on, and names the team.
        Transfer = "transfer",
        /// The agent who had the conversation went away.
        HolderAway = "holder_away",
        /// Something was told that no flow fits.
        Unclear = "unclear",
        /// The channel cannot tell whether the sender is who they say.
        Unproven = "unproven",
        /// The channel gives no place where only the person reads along, so they cannot be answered.
        Unreached = "unreached",
        /// Somebody goes on here with a complaint that they made elsewhere.
        CarriedOn = "carried_on",
    }
);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    handoffs: BTreeMap<String, Spanned<HandoffFile>>,
    reasons: BTreeMap<String, Spanned<Text>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HandoffFile {
    team: Spanned<String>,
    #[serde(default)]
    priority: Pressing,
    #[serde(default)]
    reason: Option<Spanned<String>>,
}

/// Who is brought in, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handoff {
    /// Whose queue, and how pressing it is at least.
    pub team: Team,
    /// The name of the reason; [`Flows::reason_title`] words it.
    pub reason: String,
}

/// What `desk.yaml` says.
#[derive(Clone, Debug)]
pub struct DeskBook {
    handoffs: BTreeMap<Occasion, (Handoff, Location)>,
    titles: BTreeMap<String, (Text, Location)>,
}

impl DeskBook {
    /// Reads `desk.yaml` and checks that every occasion has its team.
    pub(super) fn load(texts: &Texts) -> Result<Self, Vec<FlowError>> {
        let raw: Raw = texts.yaml(FILE).map_err(|e| vec![e])?;
        let mut errors = Vec::new();
        let mut wrong = |at, text: String| errors.push(FlowError::at(FILE, at, text));
        let mut handoffs = BTreeMap::new();
        for (name, entry) in raw.handoffs {
            let Some(occasion) = Occasion::from_name(&name) else {
                let known: Vec<&str> = Occasion::ALL.iter().map(|o| o.name()).collect();
                let text = format!("'{name}' is none of the occasions {}", known.join(", "));
                wrong(entry.referenced, text);
                continue;
            };
            let HandoffFile {
                team,
                priority,
                reason,
            } = entry.value;
            if let Some(bad) = reason.as_ref().filter(|r| !is_name(&r.value)) {
                wrong(bad.referenced, no_reason(&bad.value));
            }
            let handoff = Handoff {
                team: Team {
                    team: team.value,
                    priority,
                },
                reason: reason.map_or(name, |r| r.value),
            };
            handoffs.insert(occasion, (handoff, team.referenced));
        }
        for (name, title) in &raw.reasons {
            if !is_name(name) {
                wrong(title.referenced, no_reason(name));
            }
            let empty = match &title.value {
                Text::All(text) => text.trim().is_empty(),
                Text::Each(all) => all.is_empty() || all.values().any(|t| t.trim().is_empty()),
            };
            if empty {
                wrong(
                    title.referenced,
                    format!("the title of the reason '{name}' is empty"),
                );
            }
        }
        for occasion in Occasion::ALL.iter().filter(|o| !handoffs.contains_key(o)) {
            let text = format!("there is no handoff for the occasion '{}'", occasion.name());
            errors.push(FlowError::whole(FILE, text));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let titles = raw.reasons.into_iter();
        Ok(Self {
            handoffs,
            titles: titles
                .map(|(name, t)| (name, (t.value, t.referenced)))
                .collect(),
        })
    }

    /// Who is brought in on this occasion. Loading made sure that there is somebody.
    pub fn handoff(&self, occasion: Occasion) -> &Handoff {
        &self.handoffs[&occasion].0
    }

    /// The teams that are named here, each with its place.
    pub(super) fn teams(&self) -> impl Iterator<Item = (&str, Place)> {
        let handoffs = self.handoffs.values();
        handoffs.map(|(handoff, at)| (handoff.team.team.as_str(), place(*at)))
    }
}

fn place(at: Location) -> Place {
    Place {
        file: FILE.to_owned(),
        at,
    }
}

/// What is wrong with the name of a reason.
pub(super) fn no_reason(name: &str) -> String {
    format!(
        "'{name}' is no name for a reason: lower-case letters, digits and underscores, at most 32"
    )
}

/// The team that a step brings in.
const fn brings(action: &Action) -> Option<&Team> {
    match action {
        Action::Handoff(team) | Action::PassOn(team) | Action::CallBack(team) => Some(team),
        _ => None,
    }
}

/// The teams that flows bring in, each with its place.
pub(super) fn teams_of(flows: &[Flow]) -> impl Iterator<Item = (&str, Place)> {
    flows.iter().flat_map(|f| &f.then).filter_map(|step| {
        let team = brings(&step.action)?;
        Some((team.team.as_str(), step.place.clone()))
    })
}

/// A team has one name, written the same everywhere: who is handed to "Front desk" would stand in another queue than
/// "front desk".
pub(super) fn one_name_each<'t>(
    teams: impl Iterator<Item = (&'t str, Place)>,
    errors: &mut Vec<FlowError>,
) {
    let mut known: BTreeMap<String, (&str, Place)> = BTreeMap::new();
    for (team, place) in teams {
        let bare: String = team.chars().filter(|c| !c.is_whitespace()).collect();
        let bare = bare.to_lowercase();
        if bare.is_empty() {
            let text = "a team needs a name";
            errors.push(FlowError::at(&place.file, place.at, text));
            continue;
        }
        let (first, there) = known.entry(bare).or_insert_with(|| (team, place.clone()));
        if *first != team {
            let text = format!(
                "the team '{team}' is written '{first}' in {}:{}: one team, one name",
                there.file,
                there.at.line()
            );
            errors.push(FlowError::at(&place.file, place.at, text));
        }
    }
}

/// The first sentence, without its full stop.
fn first_sentence(text: &str) -> &str {
    let end = text
        .match_indices(['.', '!', '?'])
        .find(|(at, _)| text[at + 1..].starts_with(char::is_whitespace));
    let sentence = end.map_or(text, |(at, _)| &text[..=at]);
    sentence.trim().trim_end_matches('.')
}

impl Flows {
    /// Every team that anybody may be handed to, in order, each once.
    pub fn teams(&self) -> Vec<&str> {
        let named = self.desk.teams().chain(self.danger.teams());
        let all: BTreeSet<&str> = named
            .chain(teams_of(&self.flows))
            .map(|(team, _)| team)
            .collect();
        all.into_iter().collect()
    }

    /// What a name of the API (a feeling, a tie, a status) is called at the desk.
    pub fn named_at_desk(&self, language: &str, name: &str) -> String {
        let key = format!("is_{name}");
        let words = self.desk_words.get(language);
        let words = words.or_else(|| self.desk_words.get("en"));
        let word = words.and_then(|w| w.get(&key)).cloned();
        word.unwrap_or_else(|| name.replace('_', " "))
    }

    /// How the desk words why a person is wanted: the title in that language (else in English), or what the flow with
    /// this reason is for, or the name itself in words.
    pub fn reason_title(&self, reason: &str, language: &str) -> String {
        if let Some((title, _)) = self.desk.titles.get(reason) {
            return title.in_language(language).to_owned();
        }
        let mut flows = self.flows.iter();
        let about = flows
            .find(|f| f.reason == reason || f.name == reason)
            .map(|f| first_sentence(&f.about))
            .filter(|about| !about.is_empty());
        about.map_or_else(|| reason.replace('_', " "), str::to_owned)
    }

    /// Reasons that the desk has no title for, and titles that a language of conversation lacks.
    pub(super) fn untitled(&self, found: &mut Vec<FlowError>) {
        let occasions = (self.desk.handoffs.values())
            .map(|(handoff, at)| (handoff.reason.as_str(), Some(place(*at))));
        let flows = (self.flows.iter())
            .filter(|f| f.then.iter().any(|step| brings(&step.action).is_some()))
            .map(|f| (f.reason.as_str(), Some(f.place.clone())));
        let dangers = RedFlag::ALL.iter().map(|flag| (flag.name(), None));
        let mut seen = BTreeSet::new();
        for (reason, place) in occasions.chain(flows).chain(dangers) {
            if !seen.insert(reason) || self.desk.titles.contains_key(reason) {
                continue;
            }
            let text = format!("the reason '{reason}' has no title under 'reasons' in {FILE}");
            found.push(match place {
                Some(place) => FlowError::at(&place.file, place.at, text),
                None => FlowError::whole(FILE, text),
            });
        }
        for (reason, (title, at)) in &self.desk.titles {
            let Text::Each(all) = title else { continue };
            let conversed = self.phrases.conversed().filter(|l| *l != FALLBACK);
            for language in conversed.chain([FALLBACK]) {
                if !all.contains_key(language) {
                    let text =
                        format!("the title of the reason '{reason}' is missing in '{language}'");
                    found.push(FlowError::at(FILE, *at, text));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
