//! Traces for those who run a collector: how long a request, a command, a commit, a delivery took.
//!
//! What must stay true: a span holds names, counts and numbers of requests, never text, a name or an address that was
//! asked for. Spans of the target [`TARGET`] go to the collector and nothing else does. They are held and never
//! entered, so that lines of the log keep the span with their number. A collector that is away costs spans, never
//! an answer: they wait in a bounded queue of a thread of its own.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use tracing::Subscriber;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::registry::LookupSpan;

use super::config;
use super::error::Error;

/// The target of spans that are traced: `debug_span!(target: TARGET, parent: None, "deliver", records = 3)`.
pub const TARGET: &str = "traces";

/// How long the collector may take for a batch, and for the last one when the server stops.
const PATIENCE: Duration = Duration::from_secs(5);

/// The way to the collector.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// Starts it when a collector is configured. Outside of an async runtime.
    ///
    /// # Errors
    /// When the certificates of this machine cannot be read or no thread can be started.
    pub fn start(traces: &config::Traces) -> Result<Option<Self>, Error> {
        let Some(collector) = &traces.otlp else { return Ok(None) };
        // Whoever was first is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::blocking::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(Error::internal)?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(collector.page("/v1/traces"))
            .with_timeout(PATIENCE)
            .build()
            .map_err(Error::internal)?;
        let share = Sampler::TraceIdRatioBased(f64::from(traces.percent) / 100.0);
        let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
        let resource = Resource::builder_empty().with_service_name("chancery").with_attributes([
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("host.name", host),
        ]);
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(share)))
            .with_resource(resource.build());
        Ok(Some(Self(provider.build())))
    }

    /// Hands spans to the collector.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'s> LookupSpan<'s>,
    {
        let tracer: SdkTracer = self.0.tracer("chancery");
        let layer = tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false);
        layer.with_filter(Targets::new().with_target(TARGET, LevelFilter::DEBUG))
    }

    /// Sends what is left, as long as the collector takes it.
    pub fn stop(self) {
        if let Err(error) = self.0.shutdown_with_timeout(PATIENCE) {
            tracing::warn!(%error, "the last traces did not reach the collector");
        }
    }
}
