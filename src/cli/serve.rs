//! `nohold serve`.

use super::{Failure, faults, knowledge};
use crate::{
    channel,
    clock::Clock,
    config::{LogFormat, Settings},
    flow::FlowError,
    service::{Running, Runtime},
    store::{Opener, Store},
    web,
};
use std::{net::SocketAddr, process::ExitCode};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

pub(super) async fn run(settings: Settings) -> Result<ExitCode, Failure> {
    let filter = || {
        EnvFilter::try_from_default_env()
            .unwrap_or_else(|_| EnvFilter::new("nohold=info,warn,sqlx=off"))
    };
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(filter());
    match settings.log_format {
        LogFormat::Text => log.with_target(false).init(),
        LogFormat::Json => log.json().init(),
    }
    faults::log_places_only();
    let clock = Clock::system();
    let (texts, rules) = knowledge(&settings)?;
    let runtime = Runtime::with(rules, &texts).map_err(|e| all(&e))?;
    let store = Store::open(&settings.database, Opener::Server).await?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|e| format!("cannot listen on {}: {e} (NOHOLD_LISTEN)", settings.listen))?;
    let address = match &settings.public_url {
        Some(_) => settings.address(),
        None => format!("http://{}", listener.local_addr()?),
    };
    println!(
        "nohold is ready.\n  Chat:  {address}/\n  Desk:  {address}/desk\n  API:   {address}/api/v1/openapi.json"
    );
    if !store.has_admin().await? {
        let invitation = clock.secret();
        store.set_invitation(&invitation, clock.now()).await?;
        // After the #, so that it reaches no server's log and no proxy.
        println!("  First administrator, once: {address}/desk#setup={invitation}");
    }
    let channels = channel::open(&settings)?;
    let encoder = settings.encoder;
    let running =
        Running::start(settings, store, runtime, texts, clock, channels).map_err(|e| all(&e))?;
    let service = std::sync::Arc::clone(&running.service);
    let app = web::router(std::sync::Arc::clone(&service))
        .into_make_service_with_connect_info::<SocketAddr>();
    tracing::info!(%address, encoder, "serving");
    let stop = async move {
        signal().await;
        tracing::info!("stopping: finishing what was accepted");
        service.begin_stop();
    };
    axum::serve(listener, app)
        .with_graceful_shutdown(stop)
        .await?;
    running.stop().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

fn all(errors: &[FlowError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
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
