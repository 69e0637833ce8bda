//! Commands that read standard input: one JSON object a line in, one a line out, in order. A bad line gives an error
//! and the rest goes on.

use super::{Failure, strict};
use crate::{
    assist::{Coach, Empathy, Suggester, Talk},
    clock::Clock,
    config::Settings,
    domain::{Emotion, Intent, Interpretation, Relation, Slot, interpretation::FoundProblem},
    nlu::{Weighed, model::Head},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};
use std::{
    io::{BufRead, Write},
    process::ExitCode,
};

/// Runs `work` for each line. Exit 1 at the end where a line was bad.
fn each<T: DeserializeOwned>(mut work: impl FnMut(T) -> Value) -> Result<ExitCode, Failure> {
    each_checked(|line| Ok(work(line)))
}

/// The same, where the work itself may say what is wrong with a line.
pub(super) fn each_checked<T: DeserializeOwned>(
    mut work: impl FnMut(T) -> Result<Value, String>,
) -> Result<ExitCode, Failure> {
    each_until(|line| work(line).map(|answer| (answer, false)))
}

/// The same, until the work says that it is at its end.
pub(super) fn each_until<T: DeserializeOwned>(
    mut work: impl FnMut(T) -> Result<(Value, bool), String>,
) -> Result<ExitCode, Failure> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut all_good = true;
    for (n, line) in std::io::stdin().lock().split(b'\n').enumerate() {
        let line = line?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let read = strict::object::<T>(&line);
        let (answer, done) = read.and_then(&mut work).unwrap_or_else(|error| {
            all_good = false;
            (json!({"error": format!("line {}: {error}", n + 1)}), false)
        });
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
        // Somebody may be waiting at the other end of the pipe for each answer.
        out.flush()?;
        if done {
            break;
        }
    }
    Ok(if all_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

#[derive(Deserialize)]
struct TextLine {
    text: String,
}

fn understood(s: &Interpretation) -> Value {
    json!({
        "language": s.language,
        "intent": s.intent,
        "relation": s.relation,
        "emotion": s.emotion,
        "intensity": s.intensity,
        "red_flag": s.red_flag,
        "unsure": !s.unsure.is_empty(),
        "complaint": s.category.map(|c| json!({"domain": c.domain(), "category": c})),
        "problems": s.problems.iter().map(problem).collect::<Vec<_>>(),
        "entities": s.entities,
    })
}

fn problem(found: &FoundProblem) -> Value {
    json!({"words": found.words, "domain": found.category.domain(), "category": found.category, "sure": found.sure})
}

pub(super) fn understand(settings: &Settings, why: bool) -> Result<ExitCode, Failure> {
    let (_, rules) = super::knowledge(settings)?;
    let clock = Clock::system();
    each(|line: TextLine| {
        let now = clock.now();
        let said = rules.read(&line.text, now);
        let mut answer = understood(&said);
        let mut likely = Map::new();
        let reader = &rules.interpreter;
        let asked = reader.probabilities(&line.text, rules.setting(now));
        for (head, answers) in Head::ALL.iter().zip(asked.iter().flatten()) {
            likely.insert(head.name().to_owned(), shares(*head, answers));
        }
        answer["probabilities"] = Value::Object(likely);
        if why {
            answer["cues"] = json!(said.cues);
            answer["why"] = weighed(&reader.why(&line.text, rules.setting(now), &said));
            answer["danger_phrase"] = json!(reader.danger_phrase(&line.text));
        }
        answer
    })
}

/// For each question its answer, and the words that speak for it.
fn weighed(all: &[Weighed]) -> Value {
    let thousandths = |share: f32| (f64::from(share) * 1000.0).round() / 1000.0;
    let one = |w: &Weighed| {
        let words = w.words.iter();
        let words: Vec<Value> = words
            .map(|(word, by)| json!([word, thousandths(*by)]))
            .collect();
        let answer = w.head.answer_names().get(w.answer).copied();
        (
            w.head.name().to_owned(),
            json!({"answer": answer, "words": words}),
        )
    };
    Value::Object(all.iter().map(one).collect())
}

/// How likely each answer is, in thousandths; what is less likely than one in a hundred is left out.
fn shares(head: Head, answers: &[f32]) -> Value {
    let names = head.answer_names();
    let told = names.into_iter().zip(answers).filter(|(_, p)| **p >= 0.01);
    told.map(|(name, p)| {
        (
            name.to_owned(),
            json!((f64::from(*p) * 1000.0).round() / 1000.0),
        )
    })
    .collect::<Map<String, Value>>()
    .into()
}

#[derive(Deserialize)]
struct DraftLine {
    #[serde(default)]
    context: String,
    draft: String,
}

pub(super) fn coach(settings: &Settings) -> Result<ExitCode, Failure> {
    let (texts, rules) = super::knowledge(settings)?;
    let coach = Coach::load(&texts)?;
    each(|line: DraftLine| {
        serde_json::to_value(coach.review(&line.context, &line.draft, &rules.interpreter))
            .unwrap_or(Value::Null)
    })
}

#[derive(Deserialize)]
struct TalkLine {
    messages: Vec<Said>,
    #[serde(default)]
    facts: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
struct Said {
    from: From,
    text: String,
}

#[derive(Deserialize, PartialEq, Eq, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum From {
    Contact,
    Bot,
    Agent,
}

pub(super) fn suggest(settings: &Settings) -> Result<ExitCode, Failure> {
    let (texts, rules) = super::knowledge(settings)?;
    let suggester = Suggester::load(&texts)?;
    let clock = Clock::system();
    each(|line: TalkLine| {
        let words: Vec<&str> = line
            .messages
            .iter()
            .filter(|m| m.from == From::Contact)
            .map(|m| m.text.as_str())
            .collect();
        let words = words.join("\n");
        let read: Vec<Interpretation> = words.lines().map(|l| rules.read(l, clock.now())).collect();
        let whole = rules.read(&words, clock.now());
        let fact = |names: &[&str]| {
            names
                .iter()
                .find_map(|n| line.facts.get(*n))
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        let strongest = read.iter().max_by_key(|s| s.intensity).unwrap_or(&whole);
        let relation = fact(&["relation"])
            .and_then(|r| Relation::from_name(&r))
            .unwrap_or(whole.relation);
        let name = fact(&["name", "complainant_name"])
            .or_else(|| whole.entities.self_name.as_ref().map(|n| n.text.clone()));
        let agent = fact(&["agent"]);
        let reference = fact(&["reference", "complaint"]);
        let told =
            |slot: Slot, found: bool| (!found && fact(&[slot.name()]).is_none()).then_some(slot);
        let missing: Vec<Slot> = [
            told(Slot::IncidentWhen, !whole.entities.dates.is_empty()),
            told(
                Slot::StaffInvolved,
                whole.entities.staff.iter().any(|s| s.name.is_some()),
            ),
            told(
                Slot::DesiredOutcome,
                whole.entities.desired_outcome.is_some(),
            ),
            told(
                Slot::ContactMethod,
                !whole.entities.emails.is_empty() || !whole.entities.phones.is_empty(),
            ),
        ]
        .into_iter()
        .flatten()
        .collect();
        let talk = Talk {
            words: &words,
            name: name.as_deref(),
            relation,
            emotion: if strongest.emotion == Emotion::Neutral {
                whole.emotion
            } else {
                strongest.emotion
            },
            red_flag: read.iter().find_map(|s| s.red_flag).or(whole.red_flag),
            complains: read.iter().any(|s| s.intent == Intent::Complaint)
                || whole.intent == Intent::Complaint,
            reference: reference.as_deref(),
            missing: &missing,
            agent: agent.as_deref().unwrap_or(&rules.flows.facts.organisation),
            language: if rules
                .flows
                .phrases
                .speaks(&whole.language, "suggest.acknowledge")
            {
                &whole.language
            } else {
                "en"
            },
            reads: "en",
            now: clock.now(),
        };
        let made: Vec<Value> = suggester
            .suggest(&talk, &rules.flows)
            .into_iter()
            .map(|s| json!({"text": s.text, "why": s.why, "empathy": Empathy::of(&s.text)}))
            .collect();
        json!({"suggestions": made})
    })
}
