//! A connection, line by line, in plain text or protected.

use std::sync::Arc;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, ReadHalf, WriteHalf},
    net::TcpStream,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// How a server protects its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protection {
    None,
    Implicit,
    StartTls,
}

/// The connection is over.
pub(super) struct Over;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

type Both = Box<dyn Stream>;

pub(super) struct Wire {
    ends: Option<(BufReader<ReadHalf<Both>>, WriteHalf<Both>)>,
    /// What came of a line so far.
    partial: Vec<u8>,
    /// Nobody reads along.
    pub(super) safe: bool,
}

fn acceptor() -> TlsAcceptor {
    let chain = CertificateDer::pem_slice_iter(include_bytes!("server.pem"))
        .collect::<Result<Vec<_>, _>>()
        .expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("server.key")).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("they belong together");
    TlsAcceptor::from(Arc::new(config))
}

impl Wire {
    pub(super) async fn open(stream: TcpStream, how: Protection) -> Result<Self, Over> {
        let plain = Self::of(Box::new(stream), false);
        match how {
            Protection::Implicit => plain.protected().await,
            Protection::None | Protection::StartTls => Ok(plain),
        }
    }

    fn of(stream: Both, safe: bool) -> Self {
        let (read, out) = tokio::io::split(stream);
        Self {
            ends: Some((BufReader::new(read), out)),
            partial: Vec::new(),
            safe,
        }
    }

    /// The same connection, protected from here on.
    pub(super) async fn protected(mut self) -> Result<Self, Over> {
        let (read, out) = self.ends.take().ok_or(Over)?;
        let stream = read.into_inner().unsplit(out);
        let protected = acceptor().accept(stream).await.map_err(|_| Over)?;
        Ok(Self::of(Box::new(protected), true))
    }

    /// The same, in place.
    pub(super) async fn protect(&mut self) -> Result<(), Over> {
        let plain = Self {
            ends: self.ends.take(),
            partial: Vec::new(),
            safe: false,
        };
        *self = plain.protected().await?;
        Ok(())
    }

    pub(super) async fn put(&mut self, bytes: impl AsRef<[u8]>) -> Result<(), Over> {
        let (_, out) = self.ends.as_mut().ok_or(Over)?;
        out.write_all(bytes.as_ref()).await.map_err(|_| Over)?;
        out.flush().await.map_err(|_| Over)
    }

    /// A line with its end. Cancel-safe.
    pub(super) async fn line(&mut self) -> Result<Vec<u8>, Over> {
        let (input, _) = self.ends.as_mut().ok_or(Over)?;
        let read = input.read_until(b'\n', &mut self.partial).await;
        if read.map_err(|_| Over)? == 0 {
            return Err(Over);
        }
        Ok(std::mem::take(&mut self.partial))
    }
}
