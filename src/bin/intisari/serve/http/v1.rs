//! `POST /v1/{task}`: one article, a list of them, or a stream; out comes what the binary writes.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{Extensions, StatusCode};
use axum::response::Response;
use axum::Extension;
use intisari::document::{Flag, FromRecord, Unit};
use intisari::translate::Glossary;
use intisari::{output, Article};
use serde_json::{json, Value};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::articles::{self, Batch};
use super::asked::{self, Asked};
use super::body::{self, Form};
use super::gate::Pass;
use super::reply::{self, Failure};
use super::watch::RequestId;
use super::worker::{Outcome, Recipe, Task};
use super::{stream, Service};

/// Time for a body that may have the token in it.
const PROOF_TIME: Duration = Duration::from_secs(10);

/// Works on articles.
///
/// One article gives one document, a list gives a list in the same order, in which an article that failed is
/// `{"id", "error"}`; a stream of `application/x-ndjson` gives a line per line, as they are done.
#[utoipa::path(
    post,
    path = "/v1/{task}",
    params(
        ("task" = String, Path, description = "digest, clean, split, ner, translate or summarize"),
        ("offsets" = Option<Unit>, Query, description = "What offsets of the answer count"),
        ("sentences" = Option<u16>, Query, description = "Sentences of the summary at most, 1 to 20 (digest, summarize)"),
        ("fast" = Option<bool>, Query, description = "Translate only the summary (digest)"),
        ("term" = Option<Vec<String>>, Query, description = "INDONESIAN=ENGLISH that the English must use; again for each of 100 at most (digest, translate, summarize)"),
    ),
    request_body(content(
        (super::articles::OneOrMany = "application/json"),
        (super::articles::Sent = "application/x-ndjson"),
        (String = "text/plain"),
    )),
    responses(
        (status = 200, description = "The document, or a list of documents and failures", body = super::openapi::OneOrMany),
        (status = 400, description = "What was sent cannot be read", body = Failure),
        (status = 401, description = "The token is missing or another", body = Failure),
        (status = 413, description = "The body is too long", body = Failure),
        (status = 415, description = "The body has a form that is not read", body = Failure),
        (status = 422, description = "A field or option does not fit; `field` and `limit` name it", body = Failure),
        (status = 429, description = "This client has enough requests going; see Retry-After", body = Failure),
        (status = 501, description = "This build has no models", body = Failure),
        (status = 503, description = "The queue is full, or the time is over; see Retry-After", body = Failure),
    ),
    security((), ("token" = [])),
)]
pub async fn run(
    State(service): State<Arc<Service>>,
    Path(task): Path<String>,
    Extension(id): Extension<RequestId>,
    request: Request,
) -> Result<Response, Failure> {
    let Some(task) = Task::named(&task) else {
        let message = format!(
            "there is no /v1/{}; there are {}",
            task.chars().take(40).collect::<String>(),
            Task::names()
        );
        return Err(Failure::new(StatusCode::NOT_FOUND, message));
    };
    let asked = asked::read(task, request.uri().query())?;
    let form = body::form(request.headers())?;
    let pass = service.admit(request.extensions())?;
    let body = request.into_body();
    match form {
        Form::Ndjson => Ok(stream::run(service, asked, body, pass, id)),
        Form::Json => service.in_time(async { service.json(asked, body).await }).await,
        Form::Text => service.in_time(async { service.text(asked, body).await }).await,
        Form::Fields => Err(body::unsupported("application/x-www-form-urlencoded")),
    }
}

impl Service {
    /// Lets the request of these extensions in.
    ///
    /// # Errors
    /// 429 or 503, as the [gate](super::gate) says.
    pub(super) fn admit(&self, extensions: &Extensions) -> Result<Pass, Failure> {
        self.gate.admit(client(extensions))
    }

    /// What `body` gives, of a request that may have the token in it. It takes no place of the queue, so that who has no token keeps nobody out
    /// who has.
    ///
    /// # Errors
    /// 429 or 503, as the [gate](super::gate) of such requests says, and 503 where the body takes too long.
    pub(super) async fn unproven<T>(
        &self,
        extensions: &Extensions,
        body: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let _pass = self.unproven.admit(client(extensions))?;
        within(self.settings.timeout.min(PROOF_TIME), body).await
    }

    /// `work`, or 503 where it takes too long; what it waited for is given up then.
    pub(super) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        within(self.settings.timeout, work).await
    }

    async fn json(&self, asked: Asked, body: Body) -> Result<Response, Failure> {
        let bytes = body::whole(body, self.settings.max_body_bytes).await?;
        let (most, max_text_bytes) = (self.settings.max_articles, self.settings.max_text_bytes);
        let batch = articles::batch(body::utf8(&bytes)?, most, max_text_bytes)?;
        drop(bytes);
        match batch {
            Batch::One(read) => self.one(asked, read.article, read.flags).await,
            Batch::Many(items) => self.many(asked, items).await,
        }
    }

    async fn text(&self, asked: Asked, body: Body) -> Result<Response, Failure> {
        let bytes = body::whole(body, self.settings.max_body_bytes).await?;
        let text = body::utf8(&bytes)?;
        articles::checked(text, self.settings.max_text_bytes)?;
        self.one(asked, Article::new("1", text), Vec::new()).await
    }

    async fn one(&self, asked: Asked, article: Article, flags: Vec<Flag>) -> Result<Response, Failure> {
        let outcome = self.outcome(asked.recipe, asked.terms, article).await;
        let document = written(outcome, flags, asked.offsets)?;
        Ok(reply::json(StatusCode::OK, &document))
    }

    async fn many(
        &self,
        asked: Asked,
        items: Vec<(String, Result<FromRecord, Failure>)>,
    ) -> Result<Response, Failure> {
        let mut pending = Vec::with_capacity(items.len());
        for (id, read) in items {
            let waiting = match read {
                Ok(read) => Ok((
                    self.worker.submit(asked.recipe, asked.terms.clone(), read.article).await,
                    read.flags,
                )),
                Err(failure) => Err(failure),
            };
            pending.push((id, waiting));
        }
        let mut records = Vec::with_capacity(pending.len());
        for (id, waiting) in pending {
            let record = match waiting {
                Ok((receiver, flags)) => written(received(receiver).await, flags, asked.offsets),
                Err(failure) => Err(failure),
            };
            records.push(record.unwrap_or_else(|failure| failed(&id, &failure)));
        }
        Ok(reply::json(StatusCode::OK, &records))
    }

    /// Hands an article in and waits for what becomes of it.
    pub(super) async fn outcome(
        &self,
        recipe: Recipe,
        terms: Option<Arc<Glossary>>,
        article: Article,
    ) -> Outcome {
        received(self.worker.submit(recipe, terms, article).await).await
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    timeout(limit, work).await.unwrap_or_else(|_| Err(Failure::late(limit)))
}

fn client(extensions: &Extensions) -> IpAddr {
    let client = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    client.unwrap_or([0, 0, 0, 0].into())
}

/// What became of an article.
pub async fn received(receiver: oneshot::Receiver<Outcome>) -> Outcome {
    receiver.await.unwrap_or_else(|_| {
        Err(intisari::Error::Backend {
            stage: intisari::Stage::Check,
            message: "the thread of the models has ended; start the service again".to_owned(),
        })
    })
}

/// The document as the binary writes it.
///
/// # Errors
/// What the article failed of.
pub fn written(outcome: Outcome, flags: Vec<Flag>, offsets: Unit) -> Result<Value, Failure> {
    let mut document = outcome?;
    document.flags.extend(flags);
    Ok(output::json(&document, offsets))
}

/// The record of an article that failed, as the binary writes it.
pub fn failed(id: &str, failure: &Failure) -> Value {
    json!({"id": id, "error": failure.message()})
}
