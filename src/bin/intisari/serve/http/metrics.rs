//! What `/metrics` tells, in the text form of Prometheus.

use std::sync::atomic::AtomicU64;
use std::sync::Arc;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{exponential_buckets, Histogram};
use prometheus_client::registry::{Registry, Unit};

use super::worker::{Outcome, Task};
use super::Service;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Done {
    task: &'static str,
    outcome: &'static str,
}

/// The counters of a service.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    articles: Family<Done, Counter>,
    /// Seconds from request to answer.
    pub took: Histogram,
    /// Seconds that an article waited for its turn.
    pub waited: Histogram,
    /// Articles that were worked on together.
    pub batch: Histogram,
    /// Requests that are worked on or wait.
    pub admitted: Gauge,
    /// Requests whose token, if they have it, is still to come.
    pub unproven: Gauge,
    /// Articles that nobody waited for any more when their turn came.
    pub abandoned: Counter<u64, AtomicU64>,
}

impl Metrics {
    pub fn new() -> Self {
        let mut metrics = Metrics {
            registry: Registry::with_prefix("intisari"),
            requests: Family::default(),
            articles: Family::default(),
            took: Histogram::new(exponential_buckets(0.001, 2.0, 18)),
            waited: Histogram::new(exponential_buckets(0.001, 2.0, 18)),
            batch: Histogram::new(exponential_buckets(1.0, 2.0, 8)),
            admitted: Gauge::default(),
            unproven: Gauge::default(),
            abandoned: Counter::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests answered", metrics.requests.clone());
        registry.register("articles", "Articles worked on", metrics.articles.clone());
        let seconds = || Unit::Seconds;
        registry.register_with_unit("request", "From request to answer", seconds(), metrics.took.clone());
        registry.register_with_unit(
            "waiting",
            "From handing in to its turn",
            seconds(),
            metrics.waited.clone(),
        );
        registry.register("batch_articles", "Articles worked on together", metrics.batch.clone());
        registry.register("requests_admitted", "Requests worked on or waiting", metrics.admitted.clone());
        let unproven = "Requests that have yet to send the token in their body";
        registry.register("requests_unproven", unproven, metrics.unproven.clone());
        registry.register("articles_abandoned", "Articles that nobody waited for", metrics.abandoned.clone());
        metrics
    }

    pub fn answered(&self, route: &str, status: u16) {
        self.requests.get_or_create(&Answered { route: route.to_owned(), status }).inc();
    }

    pub fn articles(&self, task: Task, outcome: &Outcome) {
        let outcome = match outcome {
            Ok(_) => "done",
            Err(error) if error.is_cancelled() => "cancelled",
            Err(_) => "failed",
        };
        self.articles.get_or_create(&Done { task: task.name(), outcome }).inc();
    }
}

/// Counters and histograms, as Prometheus reads them.
#[utoipa::path(get, path = "/metrics", responses((status = 200, description = "OpenMetrics text", body = str)))]
pub async fn show(State(service): State<Arc<Service>>) -> impl IntoResponse {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = encode(&mut text, &service.metrics.registry);
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
}
