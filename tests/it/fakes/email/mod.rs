//! A mail system of one mailbox: IMAP (RFC 9051) and SMTP (RFC 5321) on ports of their own, strict about what it is
//! asked, and able to misbehave on command.

use super::{Faults, Watched};
use mail_parser::{MessageParser, MimeHeaders};
use std::{collections::VecDeque, sync::Arc};
use tokio::net::TcpListener;

mod imap;
mod smtp;
mod wire;

pub(crate) use wire::Protection;

pub(crate) const ADDRESS: &str = "support@care.example";
/// A file with the authority that has signed its certificate.
pub(crate) const AUTHORITY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/fakes/email/authority.pem"
);
pub(crate) const PASSWORD: &str = "a \"secret\" of the mailbox";
/// The name by which it signs what it found out about a sender.
pub(crate) const AUTHSERV: &str = "mx.care.example";

/// A mail in the mailbox.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub uid: u32,
    pub raw: Vec<u8>,
    pub seen: bool,
}

/// A mail that was handed in.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub to: String,
    pub raw: Vec<u8>,
}

impl Sent {
    fn parsed(&self) -> mail_parser::Message<'_> {
        MessageParser::default().parse(&self.raw).expect("a mail")
    }

    /// A header, decoded where it is text.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let mail = self.parsed();
        let found = mail
            .headers_raw()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, v)| v.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    pub(crate) fn subject(&self) -> String {
        self.parsed().subject().unwrap_or_default().to_owned()
    }

    pub(crate) fn text(&self) -> String {
        let text = self
            .parsed()
            .body_text(0)
            .unwrap_or_default()
            .replace('\r', "");
        text.trim_end().to_owned()
    }

    /// Names and bytes of its files.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mail = self.parsed();
        let file = |p: &mail_parser::MessagePart<'_>| {
            (
                p.attachment_name().unwrap_or_default().to_owned(),
                p.contents().to_vec(),
            )
        };
        mail.attachments().map(file).collect()
    }
}

#[derive(Debug)]
pub(crate) struct Post {
    pub mails: Vec<Kept>,
    pub validity: u32,
    pub next: u32,
    pub sent: Vec<Sent>,
    pub faults: Faults,
    /// A call is held.
    pub held: bool,
    /// Replies that wait for a command of SMTP, in place of the usual ones.
    pub replies: VecDeque<(&'static str, &'static str)>,
    /// Whether the server tells of new mail by itself.
    pub idles: bool,
    /// Whether mail to the address with a plus arrives.
    pub plus: bool,
    /// How often somebody began to wait.
    pub waits: usize,
    /// How many sessions were opened.
    pub sessions: usize,
    /// Sessions up to this one are cut off.
    pub cut: usize,
    /// How often the bodies of mails were fetched.
    pub fetched: usize,
    /// The largest piece of a mail that was given.
    pub largest: usize,
    /// What a program did that it must not.
    pub wrong: Vec<String>,
}

/// The fake.
#[derive(Clone, Debug)]
pub(crate) struct Email {
    pub post: Arc<Watched<Post>>,
    imap: String,
    smtp: String,
    protection: Protection,
}

impl Email {
    pub(crate) async fn open() -> Self {
        Self::protected(Protection::None).await
    }

    /// Whose connections are protected like that.
    pub(crate) async fn protected(protection: Protection) -> Self {
        let post = Arc::new(Watched::new(Post {
            mails: Vec::new(),
            validity: 7,
            next: 1,
            sent: Vec::new(),
            faults: Faults::default(),
            held: false,
            replies: VecDeque::new(),
            idles: true,
            plus: false,
            waits: 0,
            sessions: 0,
            cut: 0,
            fetched: 0,
            largest: 0,
            wrong: Vec::new(),
        }));
        let (imap, smtp) = (listener().await, listener().await);
        let port = |l: &TcpListener| l.local_addr().expect("bound").port().to_string();
        let fake = Self {
            imap: port(&imap),
            smtp: port(&smtp),
            post: Arc::clone(&post),
            protection,
        };
        let state = Arc::clone(&post);
        tokio::spawn(async move {
            while let Ok((wire, _)) = imap.accept().await {
                tokio::spawn(imap::serve(wire, Arc::clone(&state), protection));
            }
        });
        tokio::spawn(async move {
            while let Ok((wire, _)) = smtp.accept().await {
                tokio::spawn(smtp::serve(wire, Arc::clone(&post), protection));
            }
        });
        fake
    }

    /// Settings of a program that uses it.
    pub(crate) fn settings(&self) -> Vec<(&str, &str)> {
        let protection = match self.protection {
            Protection::None => "none",
            Protection::Implicit => "implicit",
            Protection::StartTls => "starttls",
        };
        vec![
            ("NOHOLD_EMAIL_ADDRESS", ADDRESS),
            ("NOHOLD_EMAIL_PASSWORD", PASSWORD),
            ("NOHOLD_EMAIL_IMAP_HOST", "127.0.0.1"),
            ("NOHOLD_EMAIL_IMAP_PORT", &self.imap),
            ("NOHOLD_EMAIL_IMAP_TLS", protection),
            ("NOHOLD_EMAIL_SMTP_HOST", "127.0.0.1"),
            ("NOHOLD_EMAIL_SMTP_PORT", &self.smtp),
            ("NOHOLD_EMAIL_SMTP_TLS", protection),
            ("NOHOLD_EMAIL_AUTHSERV_ID", AUTHSERV),
            ("NOHOLD_EMAIL_POLL_SECONDS", "1"),
            ("NOHOLD_PACE_MS", "0"),
        ]
    }

    /// A mail as it is; its number in the mailbox.
    pub(crate) fn delivers(&self, raw: impl AsRef<[u8]>) -> u32 {
        self.post.change(|post| post.keep(raw.as_ref()))
    }

    /// A mail from somebody of whom the server has seen that it is them.
    pub(crate) fn says(&self, from: &str, subject: &str, text: &str) -> u32 {
        self.delivers(Written::from(from).subject(subject).text(text).raw())
    }

    /// What was sent to that address, once it is so many mails.
    pub(crate) async fn sent(&self, to: &str, count: usize) -> Vec<Sent> {
        let what = format!("{count} mail(s) to {to}");
        self.post
            .until(&what, |post| {
                let theirs: Vec<Sent> = post.sent_to(to);
                (theirs.len() >= count).then_some(theirs)
            })
            .await
    }

    /// The last of so many mails to that address.
    pub(crate) async fn last(&self, to: &str, count: usize) -> Sent {
        let mut sent = self.sent(to, count).await;
        assert_eq!(sent.len(), count, "{sent:?}");
        sent.pop().expect("at least one")
    }

    /// Waits until the program has read everything that is there and waits for more.
    pub(crate) async fn ready(&self) {
        self.post
            .until("a program that waits for mail", |p| {
                (p.waits > 0).then_some(())
            })
            .await;
    }

    /// Waits until every mail is marked as read.
    pub(crate) async fn all_read(&self) {
        self.all_but_read(0).await;
    }

    /// Waits until all but so many mails are marked as read.
    pub(crate) async fn all_but_read(&self, unread: usize) {
        let count = |p: &Post| p.mails.iter().filter(|m| !m.seen).count();
        self.post
            .until("mails read", |p| (count(p) == unread).then_some(()))
            .await;
    }

    /// Nothing was done that must not be.
    pub(crate) fn all_right(&self) {
        assert_eq!(self.post.look().wrong, Vec::<String>::new());
    }
}

impl Post {
    pub(crate) fn keep(&mut self, raw: &[u8]) -> u32 {
        let uid = self.next;
        self.next += 1;
        self.mails.push(Kept {
            uid,
            raw: raw.to_vec(),
            seen: false,
        });
        uid
    }

    pub(crate) fn sent_to(&self, to: &str) -> Vec<Sent> {
        self.sent.iter().filter(|s| s.to == to).cloned().collect()
    }
}

/// A mail as a person's program makes it and the receiving server takes it in.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    from: String,
    to: String,
    subject: String,
    id: String,
    results: String,
    more: String,
    body: String,
}

static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(1);

impl Written {
    pub(crate) fn from(from: &str) -> Self {
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let domain = from
            .rsplit('@')
            .next()
            .expect("an address")
            .trim_end_matches('>');
        Self {
            from: from.to_owned(),
            to: ADDRESS.to_owned(),
            subject: "hello".to_owned(),
            id: format!("{number}@{domain}"),
            results: format!("spf=pass smtp.mailfrom={domain}"),
            more: String::new(),
            body: "Content-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n".to_owned(),
        }
    }

    pub(crate) fn subject(mut self, subject: &str) -> Self {
        subject.clone_into(&mut self.subject);
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        let text = text.replace('\n', "\r\n");
        self.body = format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n");
        self
    }

    /// The head and content of the body, as they are.
    pub(crate) fn body(mut self, body: &str) -> Self {
        self.body = body.replace('\n', "\r\n");
        self
    }

    /// What the receiving server found out about the sender.
    pub(crate) fn found(mut self, results: &str) -> Self {
        results.clone_into(&mut self.results);
        self
    }

    pub(crate) fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    pub(crate) fn to(mut self, to: &str) -> Self {
        to.clone_into(&mut self.to);
        self
    }

    pub(crate) fn header(mut self, line: &str) -> Self {
        self.more.push_str(line);
        self.more.push_str("\r\n");
        self
    }

    /// In answer to one of ours.
    pub(crate) fn answering(self, sent: &Sent) -> Self {
        let id = sent.header("Message-ID").expect("an id");
        let subject = sent.subject();
        let to = sent.header("Reply-To").or_else(|| sent.header("From"));
        let mut references = sent.header("References").unwrap_or_default();
        references.push(' ');
        references.push_str(&id);
        self.subject(&subject)
            .to(&to.expect("a sender"))
            .header(&format!("In-Reply-To: {id}"))
            .header(&format!("References: {}", references.trim()))
    }

    pub(crate) fn raw(&self) -> String {
        format!(
            "Return-Path: <{}>\r\nAuthentication-Results: {AUTHSERV};\r\n {}\r\nReceived: from there by {AUTHSERV}; Sun, 29 Nov 2026 10:00:01 +0000\r\nFrom: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}>\r\nDate: Sun, 29 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n{}{}",
            self.from,
            self.results,
            self.from,
            self.to,
            self.subject,
            self.id,
            self.more,
            self.body
        )
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a free port")
}
