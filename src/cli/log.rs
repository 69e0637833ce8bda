//! How the log is written, and where spans go.

#[cfg(feature = "otlp")]
use super::otlp::Collector;
use crate::config::{LogFormat, Settings};
use tracing_subscriber::{
    EnvFilter, Layer, Registry, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// What is logged where `RUST_LOG` says nothing else. The database's driver says nothing: what matters of it
/// we say ourselves.
const USUAL: &str = "warn,nohold=info,sqlx=off";

/// What is to be ended when the program does.
#[derive(Debug, Default)]
pub(super) struct Log {
    #[cfg(feature = "otlp")]
    collector: Option<Collector>,
}

/// Libraries that name addresses of requests, or what they carry, where they are asked to tell everything.
const DISCREET: [&str; 1] = ["tower_http=info"];

/// Begins to log, on standard error. Call it within the runtime.
pub(super) fn begin(settings: &Settings) -> Log {
    let requests = if settings.guard.request_log {
        "info"
    } else {
        "warn"
    };
    let usual = || EnvFilter::new(format!("{USUAL},nohold::requests={requests}"));
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| usual());
    let discreet = DISCREET.iter().filter_map(|d| d.parse().ok());
    let filter = discreet.fold(filter, EnvFilter::add_directive);
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match settings.log_format {
        LogFormat::Text => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().boxed(),
    };
    #[cfg(feature = "otlp")]
    {
        let collector = Collector::open(settings);
        let spans = collector.as_ref().map(Collector::layer);
        let all = vec![Some(lines), spans.map(Layer::boxed)];
        let all: Vec<_> = all.into_iter().flatten().collect();
        tracing_subscriber::registry().with(all).with(filter).init();
        Log { collector }
    }
    #[cfg(not(feature = "otlp"))]
    {
        tracing_subscriber::registry()
            .with(lines)
            .with(filter)
            .init();
        Log::default()
    }
}

impl Log {
    /// Lets go of what waits to be sent.
    #[cfg_attr(
        not(feature = "otlp"),
        expect(
            clippy::unused_async,
            reason = "with the feature `otlp` there is something to wait for"
        )
    )]
    pub(super) async fn end(self) {
        #[cfg(feature = "otlp")]
        if let Some(collector) = self.collector {
            collector.end().await;
        }
    }
}
