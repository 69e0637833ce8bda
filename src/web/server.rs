//! Connections: how many there may be, how long a request's head may take, and how they end.

use super::limits::Origin;
use crate::service::Service;
use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{Sleep, sleep, timeout},
};
use tower::ServiceExt;

/// Memory for the head of a request, in bytes.
const HEAD_BYTES: usize = 64 << 10;
/// How long somebody may take no byte of what they are sent.
const STALLED: Duration = Duration::from_secs(30);
/// How long requests may take to their end when the program stops.
const GRACE: Duration = Duration::from_secs(3);
/// Connections of one address while few are left in all, and how long the head of a request may take then.
const FEW: usize = 8;
const NARROW_PATIENCE: Duration = Duration::from_secs(3);
/// The pause where the system gives no connection.
const PAUSE: Duration = Duration::from_millis(200);

/// Serves a router on as many connections as there may be.
#[derive(Debug)]
pub struct Server {
    router: Router,
    service: Arc<Service>,
    places: Places,
}

/// Room for connections.
#[derive(Clone, Debug)]
struct Places {
    all: Arc<Semaphore>,
    /// How many are left when it gets narrow: those are for addresses that have few.
    spare: usize,
    /// Most from one address; none where a proxy stands between.
    each: Option<usize>,
    taken: Arc<Mutex<HashMap<Origin, usize>>>,
}

/// One connection's room, until it is dropped.
#[derive(Debug)]
struct Place {
    address: Origin,
    taken: Arc<Mutex<HashMap<Origin, usize>>>,
    _one: OwnedSemaphorePermit,
}

impl Places {
    fn new(connections: usize, each: Option<usize>) -> Self {
        Self {
            all: Arc::new(Semaphore::new(connections)),
            spare: connections / 4,
            each,
            taken: Arc::default(),
        }
    }

    /// Whether few are left.
    fn is_narrow(&self) -> bool {
        self.all.available_permits() < self.spare
    }

    fn take(&self, address: Origin) -> Option<Place> {
        let most = if self.is_narrow() {
            self.each.map(|each| each.min(FEW))
        } else {
            self.each
        };
        let one = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let here = taken.entry(address).or_default();
        if most.is_some_and(|most| *here >= most) {
            return None;
        }
        *here += 1;
        Some(Place {
            address,
            taken: Arc::clone(&self.taken),
            _one: one,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(here) = taken.get_mut(&self.address) {
            *here -= 1;
            if *here == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

impl Server {
    /// For this router, with at most so many connections.
    pub fn new(router: Router, service: Arc<Service>, connections: usize) -> Self {
        let settings = &service.settings;
        let each = (!settings.behind_proxy).then_some(settings.guard.connections_per_address);
        Self {
            router,
            places: Places::new(connections, each),
            service,
        }
    }

    /// Serves until `stop`. What was begun then may end, within a few seconds; the rest is cut off.
    pub async fn run(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let (stopping, _) = watch::channel(false);
        let mut connections = JoinSet::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = &mut stop => break,
            };
            while connections.try_join_next().is_some() {}
            match accepted {
                Ok((stream, address)) => match self.places.take(Origin::of(address.ip())) {
                    Some(place) => {
                        let connection = self.connection(stream, address, place);
                        let mut stopped = stopping.subscribe();
                        connections.spawn(async move {
                            let mut connection = std::pin::pin!(connection);
                            // How a connection failed is its caller's business.
                            tokio::select! {
                                _ = connection.as_mut() => return,
                                _ = stopped.wait_for(|s| *s) => {}
                            }
                            connection.as_mut().graceful_shutdown();
                            let _ = connection.await;
                        });
                    }
                    None => self.service.metrics.refused("connections"),
                },
                // The caller has gone already.
                Err(e) if e.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => {
                    tracing::warn!(%error, "no connection could be taken");
                    sleep(PAUSE).await;
                }
            }
        }
        drop(listener);
        stopping.send_replace(true);
        let ended = async { while connections.join_next().await.is_some() {} };
        if timeout(GRACE, ended).await.is_err() {
            tracing::warn!("connections that did not end were cut off");
        }
        connections.shutdown().await;
    }

    fn connection(
        &self,
        stream: TcpStream,
        address: SocketAddr,
        place: Place,
    ) -> http1::UpgradeableConnection<
        TokioIo<Line>,
        impl hyper::service::Service<
            Request<Incoming>,
            Response = axum::response::Response,
            Error = std::convert::Infallible,
            Future: Send,
        > + use<>,
    > {
        let _ = stream.set_nodelay(true);
        let router = self.router.clone();
        let answer = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(address));
            // We give each request its id: a caller's own text has no place in the log.
            request.headers_mut().remove("x-request-id");
            router.clone().oneshot(request.map(Body::new))
        });
        let line = Line {
            stream,
            stalled: None,
            _place: place,
        };
        // Where it is narrow nobody sits on a place without a word.
        let mut patience = self.service.settings.guard.patience;
        if self.places.is_narrow() {
            patience = patience.min(NARROW_PATIENCE);
        }
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(patience)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(line), answer)
            .with_upgrades()
    }
}

/// A connection with its place, which it keeps when it becomes a WebSocket. It fails where nothing that is sent is
/// taken.
#[derive(Debug)]
struct Line {
    stream: TcpStream,
    stalled: Option<Pin<Box<Sleep>>>,
    _place: Place,
}

impl Line {
    fn judge<T>(
        &mut self,
        context: &mut Context<'_>,
        done: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.stalled = None;
            return done;
        }
        let patience = self.stalled.get_or_insert_with(|| Box::pin(sleep(STALLED)));
        ready!(patience.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.judge(context, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv6Addr};

    #[test]
    fn connections_are_counted_by_address_and_in_all() {
        let places = Places::new(3, Some(2));
        let at = |n: u8| Origin::of(IpAddr::from([10, 0, 0, n]));
        let first = places.take(at(1)).expect("room");
        let _second = places.take(at(1)).expect("room");
        assert!(places.take(at(1)).is_none(), "one address has its share");
        let third = places.take(at(2)).expect("another has room");
        assert!(places.take(at(3)).is_none(), "and then it is full");
        drop((first, third));
        assert!(places.take(at(1)).is_some());
        assert_eq!(places.taken.lock().expect("a map").len(), 1);
    }

    #[test]
    fn the_last_places_are_for_addresses_that_have_few() {
        let places = Places::new(100, Some(50));
        let at = |n: u16| Origin::of(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, n, 0, 0, 0, 1)));
        let mut held = Vec::new();
        for n in [1, 2].repeat(60) {
            held.extend(places.take(at(n)));
        }
        assert_eq!(held.len(), 76, "until it is narrow");
        for n in 3..6 {
            let taken = (0..FEW).filter_map(|_| places.take(at(n)));
            held.extend(taken);
        }
        assert_eq!(held.len(), 100, "others have theirs");
    }

    #[test]
    fn a_house_is_one_address_however_many_it_has() {
        let places = Places::new(100, Some(2));
        let at = |n: u16| Origin::of(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, n)));
        let _held = [places.take(at(1)), places.take(at(2))];
        assert!(places.take(at(3)).is_none());
    }
}
