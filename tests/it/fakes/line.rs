//! A line to a database that can be held up in the middle: nothing that is sent arrives, and nobody is told.

use std::sync::Arc;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// The line.
#[derive(Debug)]
pub(crate) struct Line {
    port: u16,
    held: Arc<watch::Sender<bool>>,
}

impl Line {
    /// To the program at that address, `127.0.0.1:5432`.
    pub(crate) async fn to(address: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let held = Arc::new(watch::Sender::new(false));
        let (address, state) = (address.to_owned(), Arc::clone(&held));
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&address).await else {
                    continue;
                };
                let ((near_in, near_out), (far_in, far_out)) =
                    (near.into_split(), far.into_split());
                tokio::spawn(pass(near_in, far_out, state.subscribe()));
                tokio::spawn(pass(far_in, near_out, state.subscribe()));
            }
        });
        Self { port, held }
    }

    /// The same database by this line.
    pub(crate) fn address(&self, database: &str) -> String {
        let (before, name) = database.rsplit_once('/').expect("an address");
        let (before, _) = before.rsplit_once(':').expect("a port");
        format!("{before}:{}/{name}", self.port)
    }

    /// From now on nothing passes.
    pub(crate) fn hold(&self) {
        self.held.send_replace(true);
    }

    /// What was held up arrives, late, and the line is as before.
    pub(crate) fn let_pass(&self) {
        self.held.send_replace(false);
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut held: watch::Receiver<bool>) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let passes = held.wait_for(|held| !held).await.is_ok();
        if !passes || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
    // The end is told as late as everything else.
    let _ = held.wait_for(|held| !held).await;
}
