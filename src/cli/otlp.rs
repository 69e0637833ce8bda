//! Spans to a collector by OTLP over HTTP, for a program that is built with the feature `otlp`.

use crate::config::Settings;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use std::{pin::Pin, time::Duration};
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::registry::LookupSpan;

/// How long the collector may take for a batch.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where spans go; those that wait are sent when it is ended.
#[derive(Debug)]
pub(super) struct Collector(SdkTracerProvider);

impl Collector {
    /// By the settings; nothing where none is set. Call it within the runtime.
    pub(super) fn open(settings: &Settings) -> Option<Self> {
        let url = settings.guard.otlp_url.clone()?;
        let client = Client {
            client: reqwest::Client::builder().timeout(PATIENCE).build().ok()?,
            runtime: Handle::current(),
        };
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_protocol(Protocol::HttpJson)
            .with_endpoint(url)
            .build()
            .ok()?;
        let resource = Resource::builder().with_service_name("nohold").build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .build();
        Some(Self(provider))
    }

    /// What gives each span of ours to it.
    pub(super) fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(
        &self,
    ) -> OpenTelemetryLayer<S, SdkTracer> {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("nohold"))
            .with_location(false)
            .with_threads(false)
    }

    /// Sends what waits, for a few seconds at most. A collector that is away costs spans, and nothing else.
    pub(super) async fn end(self) {
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(PATIENCE));
        let _ = ended.await;
    }
}

/// Our own HTTP client: the exporter's thread has no runtime, so the work is done on ours.
#[derive(Debug)]
struct Client {
    client: reqwest::Client,
    runtime: Handle,
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'a>>;

impl HttpClient for Client {
    fn send_bytes<'life, 'answer>(&'life self, request: Request<Bytes>) -> Answer<'answer>
    where
        'life: 'answer,
        Self: 'answer,
    {
        let client = self.client.clone();
        let sent = self.runtime.spawn(async move {
            let answer = client.execute(request.try_into()?).await?;
            let status = answer.status();
            let body = answer.bytes().await?;
            let response = Response::builder().status(status).body(body)?;
            Ok::<_, HttpError>(response)
        });
        Box::pin(async move { sent.await? })
    }
}
