//! The connection to the mailbox: protected, and signed in.

use crate::config::{MailServer, MailTls};
use async_imap::{
    Client,
    error::Error,
    imap_proto::{Response, Status},
};
use std::{fmt, path::Path, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};

/// How long a server may take to answer.
pub(super) const ANSWER: Duration = Duration::from_mins(1);

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
    let connected = timeout(
        ANSWER,
        TcpStream::connect((server.host.as_str(), server.port)),
    );
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
