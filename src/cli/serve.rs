//! `nohold serve`.

use super::{Failure, Watched, faults, knowledge, log, said};
use crate::{
    channel,
    clock::Clock,
    config::Settings,
    flow::FlowError,
    service::{Running, Runtime},
    store::{Opener, Store},
    web::{self, Server},
};
use futures_util::future::OptionFuture;
use std::{fmt::Arguments, process::ExitCode, sync::Arc};
use tokio::net::TcpListener;

/// Connections of those who count.
const METRICS_CONNECTIONS: usize = 32;
/// Files that the program opens beside connections: the database, the lines outside, the log.
const OTHER_FILES: u64 = 256;

pub(super) async fn run(settings: Settings) -> Result<ExitCode, Failure> {
    let log = log::begin(&settings);
    faults::log_places_only();
    for note in &settings.notes {
        tracing::warn!("{note}");
    }
    let _ = Watched::by(&settings)?;
    let clock = Clock::system();
    let (texts, rules) = knowledge(&settings)?;
    let runtime = Runtime::with(rules, &texts).map_err(|e| all(&e))?;
    let store = Store::open(settings.database.reveal(), Opener::Server).await?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|e| format!("cannot listen on {}: {e} (NOHOLD_LISTEN)", settings.listen))?;
    let metrics = match settings.guard.metrics_listen {
        None => None,
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .map_err(|e| format!("cannot listen on {address}: {e} (NOHOLD_METRICS_LISTEN)"))?,
        ),
    };
    let address = match &settings.public_url {
        Some(_) => settings.address(),
        None => format!("http://{}", listener.local_addr()?),
    };
    // A service need not have anybody who reads what it prints.
    let say = |words: Arguments<'_>| said::line(words).ok();
    say(format_args!(
        "nohold is ready.\n  Chat:  {address}/\n  Desk:  {address}/desk\n  API:   {address}/api/v1/openapi.json"
    ));
    store.end_invitation().await?;
    if !store.has_admin().await? {
        let invitation = clock.secret();
        store.set_invitation(&invitation, clock.now()).await?;
        // After the #, so that it reaches no server's log and no proxy.
        say(format_args!(
            "  First administrator, once: {address}/desk#setup={invitation}"
        ));
    }
    let channels = channel::open(&settings)?;
    let encoder = settings.encoder;
    let running =
        Running::start(settings, store, runtime, texts, clock, channels).map_err(|e| all(&e))?;
    let service = Arc::clone(&running.service);
    let app = web::App::new(Arc::clone(&service));
    let connections = room_for(service.settings.guard.connections);
    let server = Server::new(
        web::router(Arc::clone(&app)),
        Arc::clone(&service),
        connections,
    );
    let metrics = metrics.map(|listener| {
        let router = web::metrics_router(Arc::clone(&app));
        let server = Server::new(router, Arc::clone(&service), METRICS_CONNECTIONS);
        let service = Arc::clone(&service);
        async move {
            server
                .run(listener, async move { service.stopped().await })
                .await;
        }
    });
    tracing::info!(%address, encoder, "serving");
    let stop = async move {
        signal().await;
        tracing::info!("stopping: finishing what was accepted");
        service.begin_stop();
    };
    tokio::join!(server.run(listener, stop), OptionFuture::from(metrics));
    running.stop().await;
    tracing::info!("stopped");
    log.end().await;
    Ok(ExitCode::SUCCESS)
}

fn all(errors: &[FlowError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// How many connections there can be: as many files as the system lets us open, less those that the program itself
/// needs.
fn room_for(wanted: usize) -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        let raised = Rlimit {
            current: limit.maximum,
            ..limit
        };
        // Where it may not be raised, what there is stays.
        let _ = setrlimit(Resource::Nofile, raised);
        let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        let room = files.saturating_sub(OTHER_FILES).max(files / 2).max(1);
        if room < wanted as u64 {
            tracing::warn!(
                room,
                wanted,
                "the system lets us open too few files for so many connections: raise the limit (ulimit -n)"
            );
        }
        wanted.min(usize::try_from(room).unwrap_or(wanted))
    }
    #[cfg(not(unix))]
    wanted
}

/// Ctrl-C or SIGTERM.
async fn signal() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
