//! The connection to the mailbox: protected, signed in, and the few things that are asked of it.

use crate::config::{MailServer, MailTls};
use async_imap::{
    Client,
    error::Error,
    imap_proto::{Response, Status},
    types::Fetch,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures_util::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use std::{fmt, path::Path, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore, crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

/// How long a server may take to answer.
const ANSWER: Duration = Duration::from_mins(1);
/// How long a large mail may take.
const FETCH: Duration = Duration::from_mins(10);
/// How much of a mail that is too large is fetched, in bytes: its head, and mostly the first text.
const BEGINNING: u32 = 64 << 10;
/// What is fetched in one go.
const AT_ONCE: usize = 25;
const BYTES_AT_ONCE: u64 = 4 << 20;

/// What mails travel over.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Wire for T {}

/// A mailbox that was opened.
pub(super) type Session = async_imap::Session<Box<dyn Wire>>;

/// What is wrong with the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The server cannot be reached, or went away.
    Network,
    /// The connection cannot be protected as set.
    Tls,
    /// What answers is no such server.
    NotTheServer,
    /// The user or the password is not accepted.
    SignIn,
    /// The server takes no password here.
    NoPasswords,
    /// There is no such folder.
    Folder,
    /// The server refuses what it should do.
    Server,
    /// Nothing can be written on our side.
    Disk,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(e) if e.kind() == std::io::ErrorKind::Other => Self::Server,
            Error::Io(_) | Error::ConnectionLost => Self::Network,
            Error::Parse(_) => Self::NotTheServer,
            _ => Self::Server,
        }
    }
}

/// A mail as it is kept until it is read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    /// Whether it is all of it.
    pub whole: bool,
    /// Its bytes, in Base64: mails need not be text.
    raw: String,
}

impl Kept {
    fn new(raw: &[u8], whole: bool) -> Self {
        Self {
            whole,
            raw: STANDARD.encode(raw),
        }
    }

    /// Its bytes.
    pub(super) fn raw(&self) -> Option<Vec<u8>> {
        STANDARD.decode(&self.raw).ok()
    }
}

/// A mail that was fetched.
#[derive(Debug)]
pub(super) struct Mail {
    /// Its number in the folder.
    pub uid: u32,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// Whether they are all of it.
    pub whole: bool,
}

impl Mail {
    pub(super) fn kept(&self) -> Kept {
        Kept::new(&self.raw, self.whole)
    }
}

/// The folder, as it stood when it was opened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folder {
    /// Which numbering of the mails this is.
    pub validity: u32,
    /// The number that the next mail will have.
    pub next: u32,
    /// How many mails are in it.
    pub mails: u32,
}

/// How connections are protected: by the public authorities, and those of the file.
///
/// # Errors
/// The file cannot be read as certificates.
pub(super) fn protection(ca: Option<&Path>) -> Result<TlsConnector, String> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(file) = ca {
        let wrong = || format!("email_ca: {} holds no certificates", file.display());
        let found = CertificateDer::pem_file_iter(file).map_err(|_| wrong())?;
        for certificate in found {
            roots
                .add(certificate.map_err(|_| wrong())?)
                .map_err(|_| wrong())?;
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// An answer, within the time for it.
pub(super) async fn answer<T>(
    time: Duration,
    asked: impl Future<Output = Result<T, Error>>,
) -> Result<T, Trouble> {
    match timeout(time, asked).await {
        Ok(answered) => answered.map_err(Trouble::from),
        Err(_) => Err(Trouble::Network),
    }
}

/// Connects and signs in.
pub(super) async fn open(server: &MailServer, tls: &TlsConnector) -> Result<Session, Trouble> {
    let connected = timeout(ANSWER, TcpStream::connect((server.host.as_str(), server.port)));
    let tcp = connected
        .await
        .map_err(|_| Trouble::Network)?
        .map_err(|_| Trouble::Network)?;
    let wire: Box<dyn Wire> = if server.tls == MailTls::Implicit {
        protect(Box::new(tcp), server, tls).await?
    } else {
        Box::new(tcp)
    };
    let mut client = Client::new(wire);
    greeted(&mut client).await?;
    if server.tls == MailTls::StartTls {
        // Where the server does not offer it, nothing is said in plain text.
        answer(ANSWER, client.run_command_and_check_ok("STARTTLS", None))
            .await
            .map_err(|trouble| match trouble {
                Trouble::Server => Trouble::Tls,
                other => other,
            })?;
        client = Client::new(protect(client.into_inner(), server, tls).await?);
    }
    let signed_in = client.login(&server.user, server.password.reveal());
    match timeout(ANSWER, signed_in).await {
        Err(_) => Err(Trouble::Network),
        Ok(Ok(session)) => Ok(session),
        Ok(Err((Error::No(why), _))) => Err(refused(&why)),
        Ok(Err((error, _))) => Err(error.into()),
    }
}

/// Why nobody was let in, by the code that the server gives with it (RFC 5530).
fn refused(why: &str) -> Trouble {
    let busy = ["Unavailable", "UNAVAILABLE", "INUSE", "LIMIT"];
    if why.contains("PRIVACYREQUIRED") || why.contains("LOGINDISABLED") {
        Trouble::NoPasswords
    } else if busy.iter().any(|code| why.contains(code)) {
        Trouble::Server
    } else {
        Trouble::SignIn
    }
}

async fn protect(
    wire: Box<dyn Wire>,
    server: &MailServer,
    tls: &TlsConnector,
) -> Result<Box<dyn Wire>, Trouble> {
    let name = ServerName::try_from(server.host.clone()).map_err(|_| Trouble::Tls)?;
    match timeout(ANSWER, tls.connect(name, wire)).await {
        Ok(Ok(protected)) => Ok(Box::new(protected)),
        Ok(Err(_)) => Err(Trouble::Tls),
        Err(_) => Err(Trouble::Network),
    }
}

async fn greeted(client: &mut Client<Box<dyn Wire>>) -> Result<(), Trouble> {
    let greeting = timeout(ANSWER, client.read_response())
        .await
        .map_err(|_| Trouble::Network)?
        .map_err(|_| Trouble::NotTheServer)?;
    let Some(greeting) = greeting else {
        return Err(Trouble::Network);
    };
    match greeting.parsed() {
        Response::Data {
            status: Status::Ok, ..
        } => Ok(()),
        Response::Data {
            status: Status::Bye,
            ..
        } => Err(Trouble::Server),
        _ => Err(Trouble::NotTheServer),
    }
}

/// Opens a folder, and says whether the server tells of new mail by itself.
pub(super) async fn folder(session: &mut Session, name: &str) -> Result<(Folder, bool), Trouble> {
    let can = answer(ANSWER, session.capabilities()).await?;
    let opened = answer(ANSWER, session.select(name))
        .await
        .map_err(|trouble| match trouble {
            Trouble::Server => Trouble::Folder,
            other => other,
        })?;
    let next = match opened.uid_next {
        Some(next) => next,
        None => {
            let all = answer(ANSWER, session.uid_search("ALL")).await?;
            all.into_iter().max().unwrap_or(0) + 1
        }
    };
    let folder = Folder {
        validity: opened.uid_validity.unwrap_or_default(),
        next,
        mails: opened.exists,
    };
    Ok((folder, can.has_str("IDLE")))
}

async fn fetch(session: &mut Session, uids: &str, what: &str) -> Result<Vec<Fetch>, Trouble> {
    let fetched = async { session.uid_fetch(uids, what).await?.try_collect().await };
    answer(FETCH, fetched).await
}

/// The numbers and sizes of the mails after that one, rising.
pub(super) async fn after(session: &mut Session, last: u32) -> Result<Vec<(u32, u32)>, Trouble> {
    let uids = format!("{}:*", last.saturating_add(1));
    // "n:*" names the last mail also where its number is smaller.
    let mails = sizes(session, &uids).await?;
    Ok(mails.into_iter().filter(|(uid, _)| *uid > last).collect())
}

async fn sizes(session: &mut Session, uids: &str) -> Result<Vec<(u32, u32)>, Trouble> {
    let fetched = fetch(session, uids, "(UID RFC822.SIZE)").await?;
    let mut mails: Vec<(u32, u32)> = fetched
        .iter()
        .filter_map(|f| Some((f.uid?, f.size?)))
        .collect();
    mails.sort_unstable();
    mails.dedup();
    Ok(mails)
}

/// The numbers and sizes of the mails that nobody has read and that came since that day.
pub(super) async fn unread_since(
    session: &mut Session,
    day: &str,
) -> Result<Vec<(u32, u32)>, Trouble> {
    let query = format!("UNSEEN SINCE {day}");
    let found = answer(ANSWER, session.uid_search(query)).await?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    sizes(session, &set(found.into_iter())).await
}

/// As many of the first mails as are fetched in one go.
pub(super) fn batch(mails: &[(u32, u32)], most: u32) -> &[(u32, u32)] {
    let mut bytes = 0;
    let fits = |(_, size): &&(u32, u32)| {
        bytes += u64::from((*size).min(most));
        bytes <= BYTES_AT_ONCE
    };
    let count = mails.iter().take(AT_ONCE).take_while(fits).count();
    &mails[..count.max(1).min(mails.len())]
}

/// Fetches mails; of those that are larger than `most` bytes the beginning. One that is gone meanwhile is not among them.
pub(super) async fn mails(
    session: &mut Session,
    wanted: &[(u32, u32)],
    most: u32,
) -> Result<Vec<Mail>, Trouble> {
    let (small, large): (Vec<_>, Vec<_>) = wanted.iter().partition(|(_, size)| *size <= most);
    let mut mails = Vec::with_capacity(wanted.len());
    for (uids, whole) in [(small, true), (large, false)] {
        if uids.is_empty() {
            continue;
        }
        let what = if whole {
            "(UID BODY.PEEK[])".to_owned()
        } else {
            format!("(UID BODY.PEEK[]<0.{BEGINNING}>)")
        };
        let uids = set(uids.into_iter().map(|(uid, _)| uid));
        for fetched in fetch(session, &uids, &what).await? {
            if let (Some(uid), Some(raw)) = (fetched.uid, fetched.body()) {
                let raw = raw.to_vec();
                mails.push(Mail { uid, raw, whole });
            }
        }
    }
    mails.sort_unstable_by_key(|m| m.uid);
    Ok(mails)
}

/// Marks mails as read. Whether the server let us.
pub(super) async fn mark_read(session: &mut Session, uids: &[u32]) -> Result<bool, Trouble> {
    if uids.is_empty() {
        return Ok(true);
    }
    let uids = set(uids.iter().copied());
    let marked = async {
        let mut told = session.uid_store(uids, "+FLAGS.SILENT (\\Seen)").await?;
        while let Some(told) = told.next().await {
            told?;
        }
        Ok(())
    };
    match answer(ANSWER, marked).await {
        Ok(()) => Ok(true),
        Err(Trouble::Server) => Ok(false),
        Err(other) => Err(other),
    }
}

/// What became of waiting.
pub(super) enum Waited {
    /// Something may be new.
    Over(Session),
    /// The line is gone.
    Gone(Trouble),
}

/// Waits until the server tells that something is new, for so long, or until `rung`.
pub(super) async fn idle(
    session: Session,
    time: Duration,
    rung: impl Future<Output = ()>,
) -> Waited {
    use async_imap::{extensions::idle::IdleResponse, types::UnsolicitedResponse};
    let told = session.unsolicited_responses.clone();
    while told.try_recv().is_ok() {}
    let mut idle = session.idle();
    if let Err(trouble) = answer(ANSWER, idle.init()).await {
        return Waited::Gone(trouble);
    }
    // What came before the server began to wait with us was told already.
    let mut new = false;
    while let Ok(response) = told.try_recv() {
        new |= matches!(response, UnsolicitedResponse::Exists(_));
    }
    if !new {
        let (waiting, _interrupt) = idle.wait_with_timeout(time);
        // Nobody else interrupts it: this is how the end of the line shows.
        let ended = tokio::select! {
            waited = timeout(time, waiting) => {
                matches!(waited, Ok(Err(_) | Ok(IdleResponse::ManualInterrupt)))
            }
            () = rung => false,
        };
        if ended {
            return Waited::Gone(Trouble::Network);
        }
    }
    match answer(ANSWER, idle.done()).await {
        Ok(session) => Waited::Over(session),
        Err(trouble) => Waited::Gone(trouble),
    }
}

/// Numbers as a server wants them.
fn set(uids: impl Iterator<Item = u32>) -> String {
    let uids: Vec<String> = uids.map(|uid| uid.to_string()).collect();
    uids.join(",")
}
