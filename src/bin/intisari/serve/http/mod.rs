//! The service: HTTP in front of one thread that owns the models. It knows nothing of the command line, so that tests can
//! run it over stages of their own.

mod articles;
mod asked;
mod body;
mod gate;
mod guard;
mod libre;
mod log;
mod metrics;
mod openapi;
mod page;
mod plain;
mod reply;
mod stream;
mod v1;
mod watch;
mod worker;

use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;

pub use log::Log;
#[allow(unused_imports)] // tests that run the service ask it instead
pub use openapi::document as openapi;
pub use worker::{Cook, Recipe, Task, Worker};

use gate::Gate;
use metrics::Metrics;
use reply::Failure;

/// Limits of a service, and who may use it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What clients must know; without it everybody may ask.
    pub token: Option<String>,
    /// Requests that may be worked on or wait at the same time.
    pub queue: usize,
    /// Of those, the ones of one address; 0 is without limit.
    pub per_client: usize,
    /// Bytes of a request, or of a line of a stream.
    pub max_body_bytes: usize,
    /// Bytes of an article's text.
    pub max_text_bytes: usize,
    /// Articles of a request that is no stream.
    pub max_articles: usize,
    /// Articles that are worked on together.
    pub batch_articles: usize,
    /// Time for a request, or for an article of a stream.
    pub timeout: Duration,
    /// Time for what is going on when the service is asked to stop.
    pub grace: Duration,
    /// Where requests are written down.
    pub log: Log,
}

/// Requests at a time of which nobody knows yet whether they have the token, and those of one address; a body is all that they hold.
const UNPROVEN: usize = 16;
const UNPROVEN_PER_CLIENT: usize = 8;

/// What all requests share.
pub struct Service {
    settings: Settings,
    worker: Worker,
    gate: Gate,
    /// For requests that may have the token in their body, until it is read.
    unproven: Gate,
    metrics: Arc<Metrics>,
}

impl Service {
    /// Prepares the stages on a thread of their own, and returns once they are ready.
    ///
    /// # Errors
    /// What `prepare` says.
    pub fn new(
        settings: Settings,
        prepare: impl FnOnce() -> intisari::Result<Cook> + Send + 'static,
    ) -> intisari::Result<Arc<Self>> {
        let metrics = Arc::new(Metrics::new());
        let worker = Worker::spawn(prepare, settings.batch_articles, Arc::clone(&metrics))?;
        let (per_client, of_queue) = (settings.per_client, metrics.admitted.clone());
        let gate = Gate::new("of the queue", settings.queue, per_client, of_queue);
        let (name, waiting) = ("for requests with the token in their body", metrics.unproven.clone());
        let unproven = Gate::new(name, UNPROVEN, per_client.min(UNPROVEN_PER_CLIENT), waiting);
        Ok(Arc::new(Service { settings, worker, gate, unproven, metrics }))
    }

    fn router(self: &Arc<Self>) -> Router {
        Router::new()
            .route("/", get(page::empty).post(page::digest))
            .route("/v1/{task}", post(v1::run))
            .route("/translate", post(libre::translate))
            .route("/languages", get(libre::languages))
            .route("/healthz", get(health))
            .route("/metrics", get(metrics::show))
            .route("/openapi.json", get(openapi::show))
            .fallback(|| async {
                Failure::new(StatusCode::NOT_FOUND, "nothing is here; /openapi.json lists what there is")
            })
            .method_not_allowed_fallback(|| async {
                Failure::new(StatusCode::METHOD_NOT_ALLOWED, "not with this method; see /openapi.json")
            })
            .layer(from_fn_with_state(Arc::clone(self), guard::check))
            .layer(from_fn_with_state(Arc::clone(self), watch::over))
            .layer(from_fn(reply::headers))
            .with_state(Arc::clone(self))
    }

    /// Serves until `stop` turns true; then takes nothing new, and lets what is going on finish. Says whether all did.
    ///
    /// # Errors
    /// Where the system does not let it listen any more.
    pub async fn serve(self: Arc<Self>, listener: TcpListener, stop: Receiver<bool>) -> io::Result<bool> {
        let app = self.router().into_make_service_with_connect_info::<SocketAddr>();
        let grace = self.settings.grace;
        let server = axum::serve(listener, app).with_graceful_shutdown(stopped(stop.clone()));
        tokio::select! {
            ended = server.into_future() => ended.map(|()| true),
            () = async { stopped(stop).await; tokio::time::sleep(grace).await } => Ok(false),
        }
    }
}

async fn stopped(mut stop: Receiver<bool>) {
    // Who could ask has gone: nobody will ask any more.
    if stop.wait_for(|&stop| stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Whether the service lives.
#[utoipa::path(get, path = "/healthz", responses((status = 200, description = "The service takes requests.", body = str)))]
async fn health() -> &'static str {
    "ok\n"
}
