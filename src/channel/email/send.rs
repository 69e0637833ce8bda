//! What we say, as a mail: plain text, in the person's thread, known again by its Message-ID, which is the same each
//! time it is tried.

use super::{
    Email,
    ids::Ours,
    pace::Letter,
    place::{Place, UNPROVEN, audience, neutral_subject, plus_address},
};
use crate::{
    config::{EmailSettings, MailTls},
    domain::{Author, Choice, Conversation, event::FailReason},
    flow::Vars,
    service::{Runtime, Service, Undelivered},
    store::{Outgoing, StoredFile},
};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use std::{
    fmt::Write,
    sync::{Arc, atomic::Ordering},
    time::{Duration, SystemTime},
};

/// How long the server may take for one step.
const STEP: Duration = Duration::from_secs(25);
/// How long a look at the server may take.
const LOOK: Duration = Duration::from_secs(40);

/// What takes our mail.
pub(super) type Post = AsyncSmtpTransport<Tokio1Executor>;

const UNREACHED: &str = "mail cannot be sent: the server cannot be reached; look at the network, or at NOHOLD_EMAIL_SMTP_HOST and NOHOLD_EMAIL_SMTP_PORT";
const UNPROTECTED: &str = "mail cannot be sent: the connection cannot be protected; look at NOHOLD_EMAIL_SMTP_TLS, the port, and NOHOLD_EMAIL_CA";
const NOT_LET_IN: &str = "mail cannot be sent: the server does not accept the user or the password; look at NOHOLD_EMAIL_SMTP_USER and NOHOLD_EMAIL_SMTP_PASSWORD";
const IN_TROUBLE: &str = "mail cannot be sent: the server is in trouble";

/// What stands in the mail to ourselves; whoever looks after the mailbox sees it.
const PROBE: &str = "nohold sent this mail to its own address, to see whether answers to it arrive. Nobody needs to do anything.";

/// As set; nothing is asked yet.
pub(super) fn post(settings: &EmailSettings) -> Result<Post, String> {
    let server = &settings.smtp;
    let mut protection = TlsParameters::builder(server.host.clone());
    if let Some(file) = &settings.ca {
        let wrong = || format!("email_ca: {} holds no certificates", file.display());
        let pem = std::fs::read(file).map_err(|_| wrong())?;
        let authority = Certificate::from_pem(&pem).map_err(|_| wrong())?;
        protection = protection.add_root_certificate(authority);
    }
    let protected = || protection.build().map_err(|e| e.to_string());
    let tls = match server.tls {
        MailTls::Implicit => Tls::Wrapper(protected()?),
        MailTls::StartTls => Tls::Required(protected()?),
        MailTls::None => Tls::None,
    };
    let domain = settings.address.rsplit('@').next().unwrap_or_default();
    Ok(Post::builder_dangerous(server.host.clone())
        .port(server.port)
        .tls(tls)
        .hello_name(ClientId::Domain(domain.to_owned()))
        .credentials(Credentials::new(
            server.user.clone(),
            server.password.reveal().to_owned(),
        ))
        .timeout(Some(STEP))
        .build())
}

/// Whether mail can be sent.
pub(super) async fn look(email: &Email) {
    let looked = tokio::time::timeout(LOOK, email.post.test_connection()).await;
    email.sent(match looked {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(IN_TROUBLE),
        Ok(Err(error)) => Err(line_trouble(&error).unwrap_or(IN_TROUBLE)),
        Err(_) => Err(UNREACHED),
    });
}

/// Where an error is about the line and not about one mail: what to do about it.
fn line_trouble(error: &Error) -> Option<&'static str> {
    if error.is_tls() {
        return Some(UNPROTECTED);
    }
    match error.status().map(u16::from) {
        Some(530 | 534 | 535 | 538) => Some(NOT_LET_IN),
        Some(_) => None,
        None if error.is_client() => Some(NOT_LET_IN),
        None => Some(UNREACHED),
    }
}

/// What to do about a mail that was not taken.
fn undelivered(email: &Email, to: &str, error: &Error) -> Undelivered {
    if error.is_client() && !to.is_ascii() {
        // An address beyond ASCII, which this server cannot carry.
        return Undelivered::Never(FailReason::Refused);
    }
    if let Some(trouble) = line_trouble(error) {
        email.sent(Err(trouble));
        return Undelivered::Later(None);
    }
    // The server speaks with us.
    email.sent(Ok(()));
    let words = error.to_string();
    match error.status().map(u16::from) {
        // "5.7.x" is about what we say or who we are, and not about their mailbox.
        Some(550 | 551 | 553) if !words.contains("5.7.") => Undelivered::Never(FailReason::Blocked),
        Some(500..) => Undelivered::Never(FailReason::Refused),
        _ => Undelivered::Later(None),
    }
}

/// Where a conversation's answers go.
fn place(conversation: &Conversation) -> Place {
    let place = conversation.place.as_deref();
    let known = place.and_then(|p| serde_json::from_str::<Place>(p).ok());
    known.unwrap_or_else(|| {
        let to = &conversation.sender;
        Place {
            to: to.strip_prefix(UNPROVEN).unwrap_or(to).to_owned(),
            ..Place::default()
        }
    })
}

/// The words of a message, with the answers to choose from as a list.
pub(super) fn words(book: &Runtime, text: &str, choices: &[Choice], language: &str) -> String {
    let mut words = text.to_owned();
    if choices.is_empty() {
        return words;
    }
    let phrases = &book.rules.flows.phrases;
    let how = phrases.say(&audience(language), "email.choices", 0, Vars::new);
    let _ = write!(words, "\n\n{how}");
    for (n, choice) in choices.iter().enumerate() {
        let _ = write!(words, "\n{}. {}", n + 1, choice.title);
    }
    words
}

/// Sends a message with its files.
pub(super) async fn deliver(
    email: &Email,
    service: &Arc<Service>,
    message: &Outgoing,
    files: &[StoredFile],
) -> Result<Vec<String>, Undelivered> {
    let Some(ids) = email.ids(service).await else {
        return Err(Undelivered::Later(None));
    };
    let place = place(&message.conversation);
    let letter = Letter {
        to: &place.to,
        proven: !message.conversation.sender.starts_with(UNPROVEN),
        danger: message.conversation.red_flag.is_some(),
    };
    // What a person writes goes out.
    if message.message.from == Author::Bot
        && let Err(wait) = email.pace.check(service, letter).await
    {
        return Err(Undelivered::Later(wait));
    }
    let id = ids.message_id(
        Ours {
            conversation: message.conversation.id,
            message: message.message.id,
        },
        email.domain(),
    );
    let mail = mail(email, service, &place, &id, message, files)
        .map_err(|_| Undelivered::Never(FailReason::Refused))?;
    match email.post.send(mail).await {
        Ok(_) => {
            email.sent(Ok(()));
            Ok(vec![id])
        }
        Err(error) => Err(undelivered(email, &place.to, &error)),
    }
}

type Wrong = Box<dyn std::error::Error + Send + Sync>;

fn mail(
    email: &Email,
    service: &Service,
    place: &Place,
    id: &str,
    message: &Outgoing,
    files: &[StoredFile],
) -> Result<Message, Wrong> {
    let book = service.runtime();
    let language = message.conversation.language.as_str();
    let ours = &email.mailbox.address;
    // To an address that proved nothing go no words of a stranger: neither their subject nor their name.
    let proven = !message.conversation.sender.starts_with(UNPROVEN);
    let subject = if place.subject.is_empty() || !proven {
        neutral_subject(&book, language)
    } else {
        format!("Re: {}", place.subject)
    };
    let name = book.rules.flows.facts.organisation.clone();
    let from = |address: &str| -> Result<Mailbox, Wrong> {
        Ok(Mailbox::new(
            Some(name.clone()),
            address.parse::<Address>()?,
        ))
    };
    let said = Duration::from_micros(u64::try_from(message.message.at.0).unwrap_or_default());
    let mut mail = Message::builder()
        .from(from(ours)?)
        .to(Mailbox::new(
            place.name.clone().filter(|_| proven),
            place.to.parse()?,
        ))
        .subject(subject)
        .message_id(Some(format!("<{id}>")))
        .date(SystemTime::UNIX_EPOCH + said);
    if !place.id.is_empty() {
        let thread = place.thread.iter().chain([&place.id]);
        let thread: Vec<String> = thread.map(|id| format!("<{id}>")).collect();
        mail = mail
            .in_reply_to(format!("<{}>", place.id))
            .references(thread.join(" "));
    }
    if email.plus.load(Ordering::SeqCst)
        && let Some(ids) = email.ids.get()
    {
        mail = mail.reply_to(from(&plus_address(ours, &ids.token(&place.to)))?);
    }
    if message.message.from == Author::Bot {
        // A program that answers programs must say that it is one (RFC 3834).
        mail = mail.raw_header(line("Auto-Submitted", "auto-replied"));
        mail = mail.raw_header(line("X-Auto-Response-Suppress", "OOF, AutoReply"));
    }
    let text = words(
        &book,
        &message.message.text,
        &message.message.choices,
        language,
    );
    if files.is_empty() {
        return Ok(mail.singlepart(SinglePart::plain(text))?);
    }
    let mut parts = MultiPart::mixed().singlepart(SinglePart::plain(text));
    for file in files {
        let kind = ContentType::parse(&file.about.media_type)?;
        let attached = Attachment::new(file.about.name.clone()).body(file.content.clone(), kind);
        parts = parts.singlepart(attached);
    }
    Ok(mail.multipart(parts)?)
}

fn line(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// A mail to ourselves, by which we see whether mail to that address of ours arrives.
pub(super) async fn to_ourselves(email: &Email, service: &Service, to: &str) -> bool {
    let book = service.runtime();
    let now = Duration::from_micros(u64::try_from(service.clock.now().0).unwrap_or_default());
    let build = || -> Result<Message, Wrong> {
        Ok(Message::builder()
            .from(Mailbox::new(None, email.mailbox.address.parse()?))
            .to(Mailbox::new(None, to.parse()?))
            .subject(neutral_subject(&book, "en"))
            .message_id(Some(format!(
                "<{}@{}>",
                service.clock.event_id(),
                email.domain()
            )))
            .date(SystemTime::UNIX_EPOCH + now)
            .raw_header(line("Auto-Submitted", "auto-generated"))
            .singlepart(SinglePart::plain(PROBE.to_owned()))?)
    };
    let Ok(mail) = build() else { return false };
    match email.post.send(mail).await {
        Ok(_) => {
            email.sent(Ok(()));
            true
        }
        Err(error) => {
            let _ = undelivered(email, to, &error);
            false
        }
    }
}
