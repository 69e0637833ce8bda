//! IMAP, as much of it as a reader of one folder needs.

use super::{
    ADDRESS, PASSWORD, Post, Protection,
    wire::{Over, Wire},
};
use crate::fakes::{Fault, Watched};
use std::{fmt::Write, sync::Arc};
use tokio::net::TcpStream;

struct Session {
    post: Arc<Watched<Post>>,
    wire: Wire,
    protection: Protection,
    let_in: bool,
    selected: bool,
    /// How many mails the client was told of.
    told: usize,
}

pub(super) async fn serve(stream: TcpStream, post: Arc<Watched<Post>>, protection: Protection) {
    let Ok(wire) = Wire::open(stream, protection).await else {
        return;
    };
    let number = post.change(|p| {
        p.sessions += 1;
        p.sessions
    });
    let mut session = Session {
        wire,
        protection,
        let_in: false,
        selected: false,
        told: 0,
        post: Arc::clone(&post),
    };
    let talk = async {
        session.put("* OK ready\r\n").await?;
        loop {
            session.command().await?;
        }
    };
    let cut = post.whenever(|p| (p.cut >= number).then_some(()));
    // Whatever ends it, the connection goes with it.
    let _: Result<(), Over> = tokio::select! {
        over = talk => over,
        () = cut => Err(Over),
    };
}

/// The words of a command: atoms, quoted strings, and what stands in parentheses as one.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    let (mut quoted, mut escaped, mut depth) = (false, false, 0);
    for c in line.chars() {
        match c {
            _ if escaped => {
                word.push(c);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => {
                depth += 1;
                word.push(c);
            }
            ')' | ']' if !quoted => {
                depth -= 1;
                word.push(c);
            }
            ' ' if !quoted && depth == 0 => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    words.push(word);
    words
}

impl Session {
    async fn put(&mut self, text: impl AsRef<[u8]>) -> Result<(), Over> {
        self.wire.put(text).await
    }

    async fn line(&mut self) -> Result<String, Over> {
        let line = self.wire.line().await?;
        let line = String::from_utf8(line).map_err(|_| Over)?;
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    /// The client did what it must not.
    async fn wrong(&mut self, tag: &str, what: &str) -> Result<(), Over> {
        self.post.change(|p| p.wrong.push(format!("IMAP: {what}")));
        self.put(format!("{tag} BAD {what}\r\n")).await
    }

    /// Tells of mails that came meanwhile, as a server may with any answer.
    async fn news(&mut self) -> Result<(), Over> {
        let there = self.post.look().mails.len();
        if self.selected && there > self.told {
            self.told = there;
            self.put(format!("* {there} EXISTS\r\n")).await?;
        }
        Ok(())
    }

    async fn command(&mut self) -> Result<(), Over> {
        let line = self.line().await?;
        let words = words(&line);
        let [tag, name, args @ ..] = &words[..] else {
            return self.wrong("*", &format!("no command: {line}")).await;
        };
        let name = name.to_uppercase();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        match (name.as_str(), &args[..]) {
            ("CAPABILITY", []) => {
                let idle = if self.post.look().idles { " IDLE" } else { "" };
                self.put(format!("* CAPABILITY IMAP4rev1{idle}\r\n{tag} OK done\r\n"))
                    .await
            }
            ("LOGOUT", []) => {
                self.put(format!("* BYE\r\n{tag} OK done\r\n")).await?;
                Err(Over)
            }
            ("STARTTLS", []) if self.protection == Protection::StartTls && !self.wire.safe => {
                self.put(format!("{tag} OK begin\r\n")).await?;
                self.wire.protect().await
            }
            ("LOGIN", [_, _]) if self.protection != Protection::None && !self.wire.safe => {
                self.wrong(tag, "a password in plain text").await
            }
            ("LOGIN", [user, password]) if !self.let_in => {
                if (*user, *password) != (ADDRESS, PASSWORD) {
                    return self
                        .put(format!("{tag} NO [AUTHENTICATIONFAILED] no\r\n"))
                        .await;
                }
                self.let_in = true;
                self.put(format!("{tag} OK in\r\n")).await
            }
            ("SELECT", [folder]) if self.let_in => {
                if !folder.eq_ignore_ascii_case("INBOX") {
                    return self
                        .put(format!("{tag} NO [NONEXISTENT] no such folder\r\n"))
                        .await;
                }
                self.selected = true;
                let (count, validity, next) = {
                    let post = self.post.look();
                    (post.mails.len(), post.validity, post.next)
                };
                self.told = count;
                self.put(format!("* FLAGS (\\Seen)\r\n* {count} EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY {validity}] valid\r\n* OK [UIDNEXT {next}] next\r\n* OK [PERMANENTFLAGS (\\Seen)] flags\r\n{tag} OK [READ-WRITE] open\r\n")).await
            }
            ("NOOP", []) if self.selected => {
                self.news().await?;
                self.put(format!("{tag} OK done\r\n")).await
            }
            ("UID", ["FETCH", set, what]) if self.selected => self.fetch(tag, set, what).await,
            ("UID", ["STORE", set, "+FLAGS.SILENT", "(\\Seen)"]) if self.selected => {
                self.post.change(|p| {
                    for at in found(p, set) {
                        p.mails[at].seen = true;
                    }
                });
                self.put(format!("{tag} OK stored\r\n")).await
            }
            ("UID", ["SEARCH", "UNSEEN", "SINCE", day]) if self.selected => {
                if day.split('-').count() != 3 {
                    return self.wrong(tag, &format!("no day: {day}")).await;
                }
                let uids = {
                    let post = self.post.look();
                    let unseen = post.mails.iter().filter(|m| !m.seen);
                    unseen.fold(String::new(), |mut all, m| {
                        let _ = write!(all, " {}", m.uid);
                        all
                    })
                };
                self.put(format!("* SEARCH{uids}\r\n{tag} OK done\r\n"))
                    .await
            }
            ("IDLE", []) if self.selected && self.post.look().idles => self.idle(tag).await,
            _ => {
                self.wrong(tag, &format!("not here, or not known: {name}"))
                    .await
            }
        }
    }

    async fn idle(&mut self, tag: &str) -> Result<(), Over> {
        self.put("+ idling\r\n").await?;
        self.news().await?;
        self.post.change(|p| p.waits += 1);
        let line = loop {
            let told = self.told;
            let post = Arc::clone(&self.post);
            let news = post.whenever(|p| (p.mails.len() > told).then_some(()));
            tokio::select! {
                line = self.wire.line() => break line?,
                () = news => self.news().await?,
            }
        };
        if line != b"DONE\r\n" {
            return self.wrong(tag, "no DONE after IDLE").await;
        }
        self.put(format!("{tag} OK idled\r\n")).await
    }

    async fn fetch(&mut self, tag: &str, set: &str, what: &str) -> Result<(), Over> {
        let bodies = what.contains("BODY");
        if bodies {
            let fault = self.post.change(|p| {
                p.fetched += 1;
                p.faults.next("fetch")
            });
            match fault {
                Some(Fault::Hold) => {
                    self.post.change(|p| p.held = true);
                    self.post.whenever(|p| (!p.held).then_some(())).await;
                }
                Some(Fault::Broken) => return Err(Over),
                Some(Fault::TooFast(_) | Fault::AcceptAndHang) => {
                    std::future::pending::<()>().await;
                }
                None => {}
            }
        }
        let limit = match what {
            "(UID RFC822.SIZE)" | "(UID BODY.PEEK[])" => usize::MAX,
            _ => {
                let part = what
                    .strip_prefix("(UID BODY.PEEK[]<0.")
                    .and_then(|w| w.strip_suffix(">)"));
                match part.and_then(|p| p.parse().ok()) {
                    Some(limit) => limit,
                    None => return self.wrong(tag, &format!("not asked so: {what}")).await,
                }
            }
        };
        let mut answer: Vec<u8> = Vec::new();
        self.post.change(|p| {
            for at in found(p, set) {
                let mail = &p.mails[at];
                let (number, uid) = (at + 1, mail.uid);
                if !bodies {
                    let size = mail.raw.len();
                    answer.extend(
                        format!("* {number} FETCH (UID {uid} RFC822.SIZE {size})\r\n").bytes(),
                    );
                    continue;
                }
                let part = &mail.raw[..limit.min(mail.raw.len())];
                let origin = if limit == usize::MAX { "" } else { "<0>" };
                let size = part.len();
                answer.extend(
                    format!("* {number} FETCH (UID {uid} BODY[]{origin} {{{size}}}\r\n").bytes(),
                );
                answer.extend(part);
                answer.extend(b")\r\n");
                p.largest = p.largest.max(size);
            }
        });
        self.put(answer).await?;
        self.put(format!("{tag} OK fetched\r\n")).await
    }
}

/// The places of the mails of a set of numbers. "n:*" names the last one too, where n is larger.
fn found(post: &Post, set: &str) -> Vec<usize> {
    let last = post.mails.last().map_or(0, |m| m.uid);
    let fits = |uid: u32| {
        set.split(',').any(|part| match part.split_once(':') {
            Some((from, "*")) => {
                let from: u32 = from.parse().expect("a number");
                uid >= from.min(last)
            }
            Some((from, to)) => {
                (from.parse().expect("a number")..=to.parse().expect("a number")).contains(&uid)
            }
            None => part.parse() == Ok(uid),
        })
    };
    let mails = post.mails.iter().enumerate();
    mails
        .filter(|(_, m)| fits(m.uid))
        .map(|(at, _)| at)
        .collect()
}
