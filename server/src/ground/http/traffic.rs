//! What is measured of HTTP requests: by the route as it was declared, never by the address that was asked for.

use actix_web::http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;
use tokio::time::Duration;

use crate::ground::meter::Timing;

/// What is measured; clones share it.
#[derive(Clone, Default)]
pub struct Traffic {
    answered: Family<Answered, Counter>,
    took: Timing,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: &'static str,
}

impl Traffic {
    /// Shows all of it among the metrics.
    pub fn register(&self, registry: &mut Registry) {
        let help = "HTTP requests answered, by method, route as declared and class of the status";
        registry.register("http_requests", help, self.answered.clone());
        self.took.register(registry, "http_request", "From the request's head to the answer's");
    }

    /// A request was answered.
    pub fn answered(&self, method: &Method, route: String, status: StatusCode, took: Duration) {
        let answered = Answered { method: method_name(method), route, status: class(status) };
        self.answered.get_or_create(&answered).inc();
        self.took.observe(took);
    }
}

/// Anybody may invent a method; the figures have room for those there are.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
