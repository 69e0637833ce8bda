//! A Bot API on a port of its own.

use super::{Faults, Watched};
use axum::{
    Router,
    routing::{get, post},
};
use serde_json::{Value, json};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::Arc,
    time::Instant,
};

mod http;
mod sending;

pub(crate) const TOKEN: &str = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
pub(crate) const BOT: i64 = 110_201_543;
pub(crate) const USERNAME: &str = "willowbrook_bot";

/// One message that the bot sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub id: i64,
    pub chat: i64,
    pub thread: Option<i64>,
    pub direct: Option<i64>,
    pub business: Option<String>,
    pub text: String,
    pub buttons: Vec<(String, String)>,
    pub file: Option<(String, Vec<u8>)>,
}

#[derive(Debug, Default)]
pub(crate) struct Api {
    updates: Vec<Value>,
    /// The kinds of updates that the bot asked for.
    pub asked: Vec<String>,
    next_update: i64,
    next_message: i64,
    pub sent: Vec<Sent>,
    pub chats: HashSet<i64>,
    pub blocked: HashSet<i64>,
    /// Topics of private chats: the chat and the thread.
    pub topics: HashSet<(i64, i64)>,
    /// Topics of channels' direct messages: the chat and the topic.
    pub direct: HashSet<(i64, i64)>,
    /// Business accounts that have connected the bot.
    pub connections: HashMap<String, Business>,
    files: HashMap<String, Vec<u8>>,
    /// So many files that are asked for cannot be had for the moment.
    pub absent: usize,
    presses: HashSet<String>,
    pub pressed_answered: HashSet<String>,
    /// What was said to a press.
    pub toasts: HashMap<String, String>,
    pub typing: Vec<i64>,
    /// The lowest number that the bot has not confirmed.
    pub confirmed: i64,
    pub polls: usize,
    /// Who asks for updates at this moment, and the most who ever did at once.
    pub asking: usize,
    pub most_asking: usize,
    /// How many updates were given out.
    pub given: usize,
    pub webhook: Option<(String, String)>,
    /// Updates that wait for the webhook, and when and why the last could not be brought.
    pub waiting: u64,
    pub last_error: Option<(i64, String)>,
    pub faults: Faults,
    pub held: bool,
    recent: HashMap<i64, VecDeque<Instant>>,
    pub refused: Vec<String>,
}

/// A business account's connection with the bot.
#[derive(Clone, Debug)]
pub(crate) struct Business {
    pub owner: i64,
    pub can_reply: bool,
}

impl Business {
    fn told(&self, id: &str) -> Value {
        json!({"id": id, "user": person(self.owner), "user_chat_id": self.owner, "date": 1_795_514_400, "rights": {"can_reply": self.can_reply}, "is_enabled": true})
    }
}

/// The fake.
#[derive(Clone, Debug)]
pub(crate) struct Telegram {
    pub url: String,
    pub api: Arc<Watched<Api>>,
}

impl Telegram {
    pub(crate) async fn open() -> Self {
        let api = Arc::new(Watched::new(Api {
            next_update: 1000,
            next_message: 1,
            ..Api::default()
        }));
        let app = Router::new()
            .route("/{bot}/{method}", post(http::call).get(http::call))
            .route("/file/{bot}/{*path}", get(http::file))
            .with_state(Arc::clone(&api));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, app).await.expect("it serves") });
        Self { url, api }
    }

    /// Settings of a program that uses it.
    pub(crate) fn settings(&self) -> Vec<(&str, &str)> {
        vec![
            ("NOHOLD_TELEGRAM_TOKEN", TOKEN),
            ("NOHOLD_TELEGRAM_API", &self.url),
            ("NOHOLD_PACE_MS", "0"),
        ]
    }

    /// An update as it is; its number.
    pub(crate) fn update(&self, kind: &str, content: Value) -> i64 {
        self.api.change(|api| {
            let id = api.next_update;
            api.next_update += 1;
            // An update of a kind that was not asked for is never made; before anything was asked, all are kept.
            if api.asked.is_empty() || api.asked.iter().any(|k| k == kind) {
                api.updates.push(json!({"update_id": id, kind: content}));
            }
            id
        })
    }

    /// Anything at all in the place of an update.
    pub(crate) fn raw(&self, update: Value) {
        self.api.change(|api| {
            if let Some(id) = update["update_id"].as_i64() {
                api.next_update = api.next_update.max(id + 1);
            }
            api.updates.push(update);
        });
    }

    fn number(&self) -> i64 {
        self.api.change(|api| {
            api.next_message += 1;
            api.next_message
        })
    }

    /// A private message with that content; its number in the chat.
    pub(crate) fn sends(&self, chat: i64, content: Value) -> i64 {
        self.api.change(|api| {
            api.chats.insert(chat);
        });
        let number = self.number();
        self.update("message", private(chat, number, content));
        number
    }

    /// A private text.
    pub(crate) fn says(&self, chat: i64, text: &str) -> i64 {
        self.sends(chat, json!({"text": text}))
    }

    /// A press of a button of that message.
    pub(crate) fn presses(&self, chat: i64, message: i64, value: &str) -> String {
        let buttons = self.api.change(|api| {
            let sent = api.sent.iter().find(|s| s.chat == chat && s.id == message);
            sent.map_or_else(Vec::new, |s| s.buttons.clone())
        });
        let rows: Vec<Value> = buttons
            .iter()
            .map(|(title, value)| json!([{"text": title, "callback_data": value}]))
            .collect();
        self.presses_in(chat, json!({"message_id": message, "date": 1, "chat": chat_of(chat), "from": bot(), "text": "…", "reply_markup": {"inline_keyboard": rows}}), value)
    }

    /// A press by that person of a button under a message as it is told.
    pub(crate) fn presses_in(&self, by: i64, message: Value, value: &str) -> String {
        let id = self.api.change(|api| {
            let id = format!("press{}", api.next_update);
            api.presses.insert(id.clone());
            id
        });
        self.update("callback_query", json!({"id": id, "from": person(by), "chat_instance": "1", "data": value, "message": message}));
        id
    }

    /// A business account connects the bot, or changes what it may do.
    pub(crate) fn connects(&self, id: &str, owner: i64, can_reply: bool) {
        let business = Business { owner, can_reply };
        let told = business.told(id);
        self.api.change(|api| {
            api.connections.insert(id.to_owned(), business);
        });
        self.update("business_connection", told);
    }

    /// A file that the bot may fetch; its id.
    pub(crate) fn file(&self, content: &[u8]) -> String {
        self.api.change(|api| {
            let id = format!("file{}", api.files.len());
            api.files.insert(id.clone(), content.to_vec());
            id
        })
    }

    /// What was sent to a chat, once there are so many.
    pub(crate) async fn sent(&self, chat: i64, count: usize) -> Vec<Sent> {
        self.api
            .until(&format!("{count} messages to {chat}"), |api| {
                let sent: Vec<Sent> = api
                    .sent
                    .iter()
                    .filter(|s| s.chat == chat)
                    .cloned()
                    .collect();
                (sent.len() >= count).then_some(sent)
            })
            .await
    }

    /// The last of so many.
    pub(crate) async fn last(&self, chat: i64, count: usize) -> Sent {
        self.sent(chat, count).await.pop().expect("some")
    }

    /// Waits until everything was confirmed.
    pub(crate) async fn all_confirmed(&self) {
        self.api
            .until("all updates confirmed", |api| {
                (api.confirmed >= api.next_update).then_some(())
            })
            .await;
    }
}

pub(crate) fn person(id: i64) -> Value {
    json!({"id": id, "is_bot": false, "first_name": "Ann", "last_name": "Smith", "language_code": "en"})
}

pub(crate) fn bot() -> Value {
    json!({"id": BOT, "is_bot": true, "first_name": "Willowbrook", "username": USERNAME})
}

fn chat_of(id: i64) -> Value {
    json!({"id": id, "type": "private", "first_name": "Ann"})
}

/// This moment, as Telegram writes it.
#[expect(clippy::disallowed_methods, reason = "the fakes are the outside")]
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// A private message.
pub(crate) fn private(chat: i64, number: i64, content: Value) -> Value {
    let mut message = json!({"message_id": number, "date": 1_795_514_400, "chat": chat_of(chat), "from": person(chat)});
    message
        .as_object_mut()
        .expect("an object")
        .extend(content.as_object().expect("an object").clone());
    message
}
