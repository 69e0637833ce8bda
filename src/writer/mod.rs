//! An outside language model, where the owner has one: any endpoint that speaks `OpenAI`'s chat completions.
//!
//! It writes further suggestions and rewrites for an agent to look at; it never answers a person, and nothing waits for
//! it. Personal details are masked before a word leaves and put back afterwards. What it returns passes the coach,
//! privacy and danger, or is dropped. It is held to a time limit, a length and a spending cap; when whoever asked goes
//! away, the request is cancelled.

mod mask;
mod stream;

use crate::{
    assist::{Coach, Empathy, Suggestion},
    clock::Clock,
    config::WriterSettings,
    domain::{Conversation, RedFlag, Relation},
    flow::{FlowError, Flows, Texts},
    nlu::{Interpreter, Setting},
};
use mask::Mask;
use minijinja::Environment;
use serde::Deserialize;
use serde_json::json;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};
use stream::StreamError;

/// How many requests may be under way at once.
const AT_ONCE: usize = 4;
/// Failures in a row after which it counts as down.
const DOWN_AFTER: u32 = 3;
/// The most tokens that one answer may have.
const ANSWER_TOKENS: u64 = 700;
/// The longest stretch of what a person wrote that is sent, in bytes: its end, where they are now.
const WORDS_SENT: usize = 4_000;
/// The most words a suggestion may have.
const LONGEST: usize = 140;

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// It answered; what passed is given, if anything.
    Answer,
    /// It took too long.
    Late,
    /// It cannot be reached, refused, or sent something else than was asked for.
    Failed,
    /// Today's tokens are used up, ours or theirs.
    OverLimit,
    /// Too many requests are under way.
    Busy,
}

impl Came {
    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Late => "late",
            Self::Failed => "failed",
            Self::OverLimit => "over_limit",
            Self::Busy => "busy",
        }
    }
}

/// What it wrote, as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What became of the request.
    pub came: Came,
    /// What passed.
    pub suggestions: Vec<Suggestion>,
    /// How many were dropped, since they would have hurt or told too much.
    pub dropped: usize,
}

impl Written {
    const fn nothing(came: Came) -> Self {
        Self {
            came,
            suggestions: Vec::new(),
            dropped: 0,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    instructions: String,
    rewrite: String,
    why: String,
}

/// What is known of the moment.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// What the person wrote.
    pub words: &'a str,
    /// The draft to be rewritten, or none for suggestions.
    pub draft: Option<&'a str>,
    /// The language to write in.
    pub language: &'a str,
}

/// What an answer is held against.
#[derive(Clone, Copy, Debug)]
pub struct Judges<'a> {
    /// The coach.
    pub coach: &'a Coach,
    /// The reader.
    pub interpreter: &'a Interpreter,
    /// Emergency numbers.
    pub flows: &'a Flows,
    /// How dates and numbers are read.
    pub setting: Setting<'a>,
}

/// Tokens used on one day.
#[derive(Debug, Default)]
struct Spent {
    day: Option<jiff::civil::Date>,
    tokens: u64,
}

/// The writer.
#[derive(Debug)]
pub struct Writer {
    settings: WriterSettings,
    http: reqwest::Client,
    words: Compiled,
    under_way: tokio::sync::Semaphore,
    spent: Mutex<Spent>,
    failed: AtomicU32,
}

/// The compiled words.
#[derive(Debug)]
struct Compiled {
    env: Environment<'static>,
    why: String,
}

impl Writer {
    /// Makes a writer; asks nothing yet.
    ///
    /// # Errors
    /// Words in the flows that cannot be read or compiled.
    pub fn new(settings: WriterSettings, texts: &Texts) -> Result<Self, FlowError> {
        let file = "en/writer.yaml";
        let raw: Words = texts.yaml(file)?;
        let mut env = Environment::new();
        env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        for (name, text) in [("instructions", raw.instructions), ("rewrite", raw.rewrite)] {
            env.add_template_owned(name, text)
                .map_err(|e| FlowError::whole(file, e.to_string()))?;
        }
        let http = reqwest::Client::builder()
            .timeout(settings.patience)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|e| FlowError::whole("llm_url", e.to_string()))?;
        Ok(Self {
            settings,
            http,
            words: Compiled { env, why: raw.why },
            under_way: tokio::sync::Semaphore::new(AT_ONCE),
            spent: Mutex::default(),
            failed: AtomicU32::new(0),
        })
    }

    /// Further suggestions, or rewrites of a draft. Dropping the future cancels the request.
    pub async fn write(&self, moment: Moment<'_>, judges: Judges<'_>, clock: &Clock) -> Written {
        let Ok(_permit) = self.under_way.try_acquire() else {
            return Written::nothing(Came::Busy);
        };
        let mut mask = Mask::of(moment.conversation);
        let read = judges.interpreter.read(moment.words, judges.setting);
        mask.learn_from(&read.entities);
        let Some(messages) = self.messages(moment, judges, &mut mask) else {
            return Written::nothing(Came::Failed);
        };
        // What is sent is counted before it is sent: four bytes a token is more than most models need for it.
        let asked = messages.to_string().len() as u64 / 4;
        if !self.reserve(asked + ANSWER_TOKENS, clock) {
            return Written::nothing(Came::OverLimit);
        }
        let answered = tokio::time::timeout(self.settings.patience, self.ask(&messages)).await;
        let used = match &answered {
            Ok(Ok(answer)) => answer
                .tokens
                .unwrap_or(asked + answer.text.len() as u64 / 4),
            _ => asked + ANSWER_TOKENS,
        };
        self.settle(asked + ANSWER_TOKENS, used);
        match &answered {
            Ok(Ok(_)) => self.failed.store(0, Ordering::Relaxed),
            // That it has had enough for today is an answer.
            Ok(Err(StreamError::TheirLimit)) => {}
            Err(_) | Ok(Err(_)) => drop(self.failed.fetch_add(1, Ordering::Relaxed)),
        }
        let answer = match answered {
            Err(_) | Ok(Err(StreamError::Late)) => return Written::nothing(Came::Late),
            Ok(Err(StreamError::TheirLimit)) => return Written::nothing(Came::OverLimit),
            Ok(Err(StreamError::Failed)) => return Written::nothing(Came::Failed),
            Ok(Ok(answer)) => answer,
        };
        let Some(texts) = strings(&answer.text) else {
            return Written::nothing(Came::Failed);
        };
        let offered = texts.len();
        let suggestions: Vec<Suggestion> = texts
            .into_iter()
            .filter_map(|text| mask.show(text.trim()))
            .filter(|text| passes(text, moment, judges))
            .take(3)
            .enumerate()
            .map(|(n, text)| Suggestion {
                id: format!("written_{}", n + 1),
                why: self.words.why.clone(),
                empathy: Empathy::of(&text),
                record: None,
                text,
            })
            .collect();
        Written {
            came: Came::Answer,
            dropped: offered - suggestions.len(),
            suggestions,
        }
    }

    /// Whether it has not answered for several times in a row.
    pub fn is_down(&self) -> bool {
        self.failed.load(Ordering::Relaxed) >= DOWN_AFTER
    }

    fn messages(
        &self,
        moment: Moment<'_>,
        judges: Judges<'_>,
        mask: &mut Mask,
    ) -> Option<serde_json::Value> {
        let country = &judges.flows.country;
        let wanted = if moment.draft.is_some() { 1 } else { 2 };
        let facts = minijinja::context! {
            danger => moment.conversation.red_flag.is_some(),
            emergency => country.emergency.in_language(moment.language),
            language => moment.language,
            wanted => wanted,
        };
        let mut instructions = self.render("instructions", facts)?;
        if let Some(draft) = moment.draft {
            let draft = json!(mask.hide(draft)).to_string();
            instructions += &self.render("rewrite", minijinja::context! { draft => draft })?;
        }
        let words = &moment.words[moment
            .words
            .ceil_char_boundary(moment.words.len().saturating_sub(WORDS_SENT))..];
        let person = json!({
            "the_person_wrote": mask.hide(words),
            "they_are": moment.conversation.relation.name(),
            "they_feel": moment.conversation.emotion.name(),
        });
        Some(json!([
            {"role": "system", "content": instructions},
            {"role": "user", "content": person.to_string()},
        ]))
    }

    fn render(&self, name: &str, facts: minijinja::Value) -> Option<String> {
        self.words.env.get_template(name).ok()?.render(facts).ok()
    }

    async fn ask(&self, messages: &serde_json::Value) -> Result<stream::Answer, StreamError> {
        let base = self.settings.url.as_str().trim_end_matches('/');
        let body = json!({
            "model": self.settings.model,
            "messages": messages,
            "max_tokens": ANSWER_TOKENS,
            "temperature": 0.4,
            "stream": true,
            "stream_options": {"include_usage": true},
        });
        let mut request = self
            .http
            .post(format!("{base}/chat/completions"))
            .json(&body);
        if let Some(key) = &self.settings.key {
            request = request.bearer_auth(key.reveal());
        }
        stream::read(request.send().await).await
    }

    /// Sets tokens aside, if today has as many left.
    fn reserve(&self, tokens: u64, clock: &Clock) -> bool {
        let today = clock.now().in_zone(&jiff::tz::TimeZone::UTC).date();
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.day != Some(today) {
            *spent = Spent {
                day: Some(today),
                tokens: 0,
            };
        }
        let fits = spent.tokens + tokens <= self.settings.daily_tokens;
        if fits {
            spent.tokens += tokens;
        }
        fits
    }

    /// What was really used, in the place of what was set aside.
    fn settle(&self, reserved: u64, used: u64) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.tokens = (spent.tokens + used).saturating_sub(reserved);
    }
}

/// The array of strings in an answer, also where a fence or a word stands around it.
fn strings(text: &str) -> Option<Vec<String>> {
    let (from, to) = (text.find('[')?, text.rfind(']')?);
    let inner = text.get(from..=to)?;
    serde_json::from_str(inner).ok()
}

/// Whether a text may be shown: the coach finds nothing, nothing is told to third parties, in danger the number is
/// there, and it leads nowhere else.
fn passes(text: &str, moment: Moment<'_>, judges: Judges<'_>) -> bool {
    let conversation = moment.conversation;
    let words = text.split_whitespace().count();
    let leads_away = ["http", "www.", "<", "{{", "```"]
        .iter()
        .any(|mark| text.contains(mark));
    if !(4..=LONGEST).contains(&words) || leads_away {
        return false;
    }
    // As to a third party wherever it may be one: nobody's care is spoken of.
    let tie = match conversation.relation {
        Relation::Patient => "patient",
        _ => "third party",
    };
    let context = format!("{tie} {}", moment.words);
    if !judges.coach.review(&context, text, judges.interpreter).ok {
        return false;
    }
    let flag: Option<RedFlag> = conversation.red_flag;
    match flag {
        Some(_) => text.contains(judges.flows.country.emergency.in_language("en")),
        None => judges.interpreter.danger_phrase(text).is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_is_found_in_what_stands_around_it() {
        assert_eq!(
            strings("```json\n[\"a\", \"b\"]\n```"),
            Some(vec!["a".to_owned(), "b".to_owned()])
        );
        assert_eq!(strings("Sure! Here you go."), None);
        assert_eq!(strings("[1, 2]"), None);
        assert_eq!(strings("]["), None);
    }
}
