//! SMTP, as a server for submission: it takes mail from who signs in, in their own name.

use super::{
    ADDRESS, PASSWORD, Post, Protection, Sent,
    wire::{Over, Wire},
};
use crate::fakes::{Fault, Watched};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::sync::Arc;
use tokio::net::TcpStream;

struct Talk {
    post: Arc<Watched<Post>>,
    wire: Wire,
    protection: Protection,
    let_in: bool,
    greeted: bool,
    from: Option<String>,
    to: Vec<String>,
}

pub(super) async fn serve(stream: TcpStream, post: Arc<Watched<Post>>, protection: Protection) {
    let Ok(wire) = Wire::open(stream, protection).await else {
        return;
    };
    let mut talk = Talk {
        post,
        wire,
        protection,
        let_in: false,
        greeted: false,
        from: None,
        to: Vec::new(),
    };
    if talk.put("220 smtp.care.example ready").await.is_err() {
        return;
    }
    while talk.command().await.is_ok() {}
}

impl Talk {
    async fn put(&mut self, line: &str) -> Result<(), Over> {
        self.wire.put(format!("{line}\r\n")).await
    }

    /// A line without its end. One that ends in any other way than with CR and LF is wrong.
    async fn line(&mut self) -> Result<Vec<u8>, Over> {
        let line = self.wire.line().await?;
        match line.strip_suffix(b"\r\n") {
            Some(whole) if line.len() <= 1000 && !whole.contains(&b'\r') => Ok(whole.to_vec()),
            _ => {
                self.wrong("a line that is too long, or ends wrongly");
                Ok(line)
            }
        }
    }

    fn can_be_protected(&self) -> bool {
        self.protection == Protection::StartTls && !self.wire.safe
    }

    fn wrong(&self, what: &str) {
        self.post.change(|p| p.wrong.push(format!("SMTP: {what}")));
    }

    /// The reply that waits for this command.
    fn waiting(&self, command: &str) -> Option<&'static str> {
        self.post.change(|p| {
            let (of, reply) = *p.replies.front()?;
            (of == command).then(|| {
                p.replies.pop_front();
                reply
            })
        })
    }

    async fn command(&mut self) -> Result<(), Over> {
        let line = String::from_utf8_lossy(&self.line().await?).into_owned();
        let name = line.split(' ').next().unwrap_or_default().to_uppercase();
        if let Some(reply) = self.waiting(&name) {
            return self.put(reply).await;
        }
        let rest = line.get(name.len()..).unwrap_or_default().trim_start();
        match name.as_str() {
            "EHLO" if !rest.is_empty() => {
                self.greeted = true;
                self.put("250-smtp.care.example").await?;
                self.put("250-8BITMIME").await?;
                self.put("250-SIZE 30000000").await?;
                if self.can_be_protected() {
                    self.put("250-STARTTLS").await?;
                }
                self.put("250 AUTH PLAIN").await
            }
            "STARTTLS" if self.can_be_protected() => {
                self.put("220 2.0.0 begin").await?;
                self.greeted = false;
                self.wire.protect().await
            }
            "AUTH" if self.protection != Protection::None && !self.wire.safe => {
                self.wrong("a password in plain text");
                self.put("538 5.7.11 not in plain text").await
            }
            "AUTH" if self.greeted && !self.let_in => {
                let shown = rest.strip_prefix("PLAIN ").map(|p| STANDARD.decode(p));
                let right = format!("\0{ADDRESS}\0{PASSWORD}");
                if shown.is_some_and(|s| s.is_ok_and(|s| s == right.as_bytes())) {
                    self.let_in = true;
                    return self.put("235 2.7.0 in").await;
                }
                self.put("535 5.7.8 no").await
            }
            "MAIL" if !self.let_in => self.put("530 5.7.0 sign in first").await,
            "MAIL" if self.from.is_none() => {
                let from = path(rest, "FROM:<");
                if from.as_deref() != Some(ADDRESS) {
                    return self.put("553 5.7.1 not in that name").await;
                }
                self.from = from;
                self.put("250 2.1.0 well").await
            }
            "RCPT" if self.from.is_some() => {
                let Some(to) = path(rest, "TO:<") else {
                    return self.put("501 5.1.3 no address").await;
                };
                if is_plus(&to) && !self.post.look().plus {
                    return self.put("550 5.1.1 nobody here").await;
                }
                self.to.push(to);
                self.put("250 2.1.5 well").await
            }
            "DATA" if !self.to.is_empty() => self.data().await,
            "RSET" => {
                (self.from, self.to) = (None, Vec::new());
                self.put("250 2.0.0 well").await
            }
            "NOOP" => self.put("250 2.0.0 well").await,
            "QUIT" => {
                self.put("221 2.0.0 bye").await?;
                Err(Over)
            }
            _ => {
                self.wrong(&format!("not here, or not known: {name}"));
                self.put("503 5.5.1 not now").await
            }
        }
    }

    async fn data(&mut self) -> Result<(), Over> {
        self.put("354 go on").await?;
        let mut raw = Vec::new();
        loop {
            let line = self.line().await?;
            if line == b"." {
                break;
            }
            raw.extend(line.strip_prefix(b".").unwrap_or(&line));
            raw.extend(b"\r\n");
        }
        self.look_at(&raw);
        let to = std::mem::take(&mut self.to);
        self.from = None;
        if let Some(reply) = self.waiting(".") {
            return self.put(reply).await;
        }
        let fault = self.post.change(|p| p.faults.next("data"));
        if fault == Some(Fault::Hold) {
            self.post.change(|p| p.held = true);
            self.post.whenever(|p| (!p.held).then_some(())).await;
        }
        self.post.change(|p| {
            for to in to {
                if to == ADDRESS || is_plus(&to) {
                    let mut whole = b"Return-Path: <support@care.example>\r\n".to_vec();
                    whole.extend(&raw);
                    p.keep(&whole);
                }
                p.sent.push(Sent {
                    to,
                    raw: raw.clone(),
                });
            }
        });
        if fault == Some(Fault::AcceptAndHang) {
            std::future::pending::<()>().await;
        }
        self.put("250 2.0.0 taken").await
    }

    /// What a mail must have (RFC 5322), and must not.
    fn look_at(&self, raw: &[u8]) {
        let text = String::from_utf8_lossy(raw);
        let head = text.split("\r\n\r\n").next().unwrap_or_default();
        for name in ["From: ", "Date: ", "Message-ID: ", "To: "] {
            let count = head.split("\r\n").filter(|l| l.starts_with(name)).count();
            if count != 1 {
                self.wrong(&format!("{count} times {name}"));
            }
        }
        if !head.is_ascii() {
            self.wrong("a head that is not ASCII");
        }
    }
}

fn path(rest: &str, before: &str) -> Option<String> {
    let inner = rest
        .get(..before.len())
        .filter(|b| b.eq_ignore_ascii_case(before))?;
    let inner = &rest[inner.len()..];
    Some(inner.split_once('>')?.0.to_lowercase())
}

fn is_plus(address: &str) -> bool {
    address.starts_with("support+") && address.ends_with("@care.example")
}
