//! Every request from outside: its id, how long it took, what became of it.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::json;

use super::Service;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// As nginx writes it down where a client did not wait for the answer.
const CLIENT_LEFT: u16 = 499;

/// Names a request in logs and answers.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl RequestId {
    /// The client's own, where it fits into a line; else a new one.
    fn of(headers: &HeaderMap) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let fits =
            |id: &&str| !id.is_empty() && id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_graphic());
        match headers.get(&REQUEST_ID).and_then(|id| id.to_str().ok()).filter(fits) {
            Some(id) => RequestId(id.to_owned()),
            None => {
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                RequestId(format!("{:x}-{number:x}", jiff::Timestamp::now().as_microsecond()))
            }
        }
    }
}

/// Writes a request down when it is dropped, answered or not.
struct Watch {
    service: Arc<Service>,
    id: RequestId,
    client: IpAddr,
    method: String,
    route: String,
    start: Instant,
    status: u16,
}

impl Drop for Watch {
    fn drop(&mut self) {
        let took = self.start.elapsed();
        self.service.metrics.answered(&self.route, self.status);
        self.service.metrics.took.observe(took.as_secs_f64());
        let level = if self.status >= 500 { "error" } else { "info" };
        let fields = json!({
            "request": self.id.0, "client": self.client.to_string(), "method": self.method, "route": self.route,
            "status": self.status, "ms": took.as_millis() as u64,
        });
        self.service.settings.log.event(level, "request", fields);
    }
}

pub async fn over(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    let client = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let path = request.extensions().get::<MatchedPath>();
    let mut watch = Watch {
        service,
        id: id.clone(),
        client: client.unwrap_or(IpAddr::from([0, 0, 0, 0])),
        method: request.method().to_string(),
        // The route as it is declared: paths that do not exist are the client's words.
        route: path.map_or("none", MatchedPath::as_str).to_owned(),
        start: Instant::now(),
        status: CLIENT_LEFT,
    };
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    watch.status = response.status().as_u16();
    if let Ok(id) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
