//! The gateway: sessions, heartbeats, resumption.

use super::{Api, BOT, GUILD, MESSAGE_CONTENT_INTENT, Session, TOKEN};
use crate::fakes::Watched;
use axum::{
    extract::{
        State,
        ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) async fn open(
    State(api): State<Arc<Watched<Api>>>,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade.on_upgrade(move |socket| serve(api, socket))
}

async fn say(socket: &mut WebSocket, value: Value) -> bool {
    socket
        .send(Message::Text(value.to_string().into()))
        .await
        .is_ok()
}

async fn close(mut socket: WebSocket, code: u16) {
    let frame = CloseFrame {
        code,
        reason: "".into(),
    };
    let _ = socket.send(Message::Close(Some(frame))).await;
}

async fn serve(api: Arc<Watched<Api>>, mut socket: WebSocket) {
    let broken = api.change(|a| {
        a.connections += 1;
        a.broken
    });
    if !say(
        &mut socket,
        json!({"op": 10, "d": {"heartbeat_interval": 41_250}, "s": null, "t": null}),
    )
    .await
    {
        return;
    }
    let mut told = None;
    loop {
        // The next event of the session, or that the line is to break; none before the bot has said who it is.
        let next = api.whenever(|a| {
            if a.broken > broken {
                return Some(Err(None));
            }
            if let Some(code) = a.closing.take() {
                return Some(Err(Some(code)));
            }
            let told = told?;
            a.session
                .events
                .iter()
                .find(|(s, ..)| *s > told)
                .cloned()
                .map(Ok)
        });
        tokio::select! {
            heard = socket.recv() => {
                let Some(Ok(Message::Text(text))) = heard else { return };
                let said: Value = serde_json::from_str(&text).expect("JSON");
                match said["op"].as_u64() {
                    Some(1) if !say(&mut socket, json!({"op": 11, "d": null, "s": null, "t": null})).await => { return }
                    Some(2) => {
                        if said["d"]["token"].as_str().map(|t| t.trim_start_matches("Bot ")) != Some(TOKEN) { return close(socket, 4004).await }
                        let wants_content = said["d"]["intents"].as_u64().unwrap_or(0) & MESSAGE_CONTENT_INTENT != 0;
                        if wants_content && !api.look().content_granted { return close(socket, 4014).await }
                        let ready = api.change(|a| {
                            a.sessions += 1;
                            a.identified += 1;
                            a.session = Session { id: format!("session{}", a.sessions), events: Vec::new(), valid: true };
                            let ready = json!({"v": 10, "user": {"id": BOT.to_string(), "username": "willowbrook", "discriminator": "0", "bot": true}, "guilds": [], "session_id": a.session.id, "resume_gateway_url": a.url.replace("http", "ws"), "application": {"id": BOT.to_string(), "flags": 0}, "shard": [0, 1]});
                            a.session.events.push((1, "READY".to_owned(), ready.clone()));
                            // What stands in the server follows; a session that is taken up is told nothing of it.
                            let server = json!({"id": GUILD.to_string(), "name": "Willowbrook", "threads": a.threads(false)});
                            a.session.events.push((2, "GUILD_CREATE".to_owned(), server));
                            ready
                        });
                        if !say(&mut socket, json!({"op": 0, "t": "READY", "s": 1, "d": ready})).await { return }
                        told = Some(1);
                    }
                    Some(6) => {
                        let known = { let a = api.look(); a.session.valid && said["d"]["session_id"] == a.session.id.as_str() };
                        if !known {
                            if !say(&mut socket, json!({"op": 9, "d": false, "s": null, "t": null})).await { return }
                            continue;
                        }
                        let from = said["d"]["seq"].as_u64().unwrap_or(0);
                        let missed: Vec<_> = api.change(|a| { a.resumed += 1; a.session.events.iter().filter(|(s, ..)| *s > from).cloned().collect() });
                        let mut last = from;
                        for (s, t, d) in missed {
                            last = s;
                            if !say(&mut socket, json!({"op": 0, "t": t, "s": s, "d": d})).await { return }
                        }
                        if !say(&mut socket, json!({"op": 0, "t": "RESUMED", "s": last, "d": {}})).await { return }
                        told = Some(last);
                    }
                    _ => {}
                }
            }
            next = next => match next {
                Ok((s, t, d)) => {
                    if !say(&mut socket, json!({"op": 0, "t": t, "s": s, "d": d})).await { return }
                    told = Some(s);
                }
                // A broken line says no goodbye.
                Err(None) => return,
                Err(Some(code)) => return close(socket, code).await,
            }
        }
    }
}
