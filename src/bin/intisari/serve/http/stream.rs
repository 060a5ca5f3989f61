//! A stream of articles: a line in, a line out, in order, as they are done; memory for a batch of them.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use intisari::document::Flag;
use serde_json::json;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::articles;
use super::asked::Asked;
use super::body;
use super::gate::Pass;
use super::reply::Failure;
use super::v1::{failed, received, written};
use super::watch::RequestId;
use super::worker::Outcome;
use super::Service;

/// A line on its way.
enum Pending {
    Working(String, oneshot::Receiver<Outcome>, Vec<Flag>),
    Failed(String, Failure),
}

/// Answers at once, and line by line from then on.
pub fn run(service: Arc<Service>, asked: Asked, body: Body, pass: Pass, id: RequestId) -> Response {
    let (out, answer) = mpsc::channel(1);
    let work = async move {
        let _pass = pass;
        let left = out.clone();
        let counts = tokio::select! {
            counts = pump(&service, asked, body, out) => counts,
            // Whoever left wants nothing more: what is pending is given up.
            () = left.closed() => None,
        };
        let (level, (lines, failures)) = match counts {
            Some(counts) => ("info", counts),
            None => ("warn", (0, 0)),
        };
        let fields =
            json!({"request": id.0, "complete": counts.is_some(), "lines": lines, "failures": failures});
        service.settings.log.event(level, "stream", fields);
    };
    tokio::spawn(work);
    ([(CONTENT_TYPE, "application/x-ndjson")], Body::new(Lines(answer))).into_response()
}

/// Reads on one side and writes on the other; counts lines and failures. `None` where the client left.
async fn pump(
    service: &Service,
    asked: Asked,
    body: Body,
    out: mpsc::Sender<Bytes>,
) -> Option<(usize, usize)> {
    let (ahead, mut pending) = mpsc::channel(service.settings.batch_articles.max(1));
    let (offsets, reading) = (asked.offsets, read(service, asked, body, ahead));
    let writing = async {
        let (mut lines, mut failures) = (0, 0);
        while let Some(next) = pending.recv().await {
            let record = match next {
                Pending::Failed(id, failure) => Err((id, failure)),
                Pending::Working(id, receiver, flags) => {
                    let limit = service.settings.timeout;
                    match timeout(limit, received(receiver)).await {
                        Ok(outcome) => written(outcome, flags, offsets).map_err(|failure| (id, failure)),
                        Err(_) => Err((id, Failure::late(limit))),
                    }
                }
            };
            lines += 1;
            failures += usize::from(record.is_err());
            let mut line = record.unwrap_or_else(|(id, failure)| failed(&id, &failure)).to_string();
            line.push('\n');
            out.send(line.into()).await.ok()?;
        }
        Some((lines, failures))
    };
    let ((), counts) = tokio::join!(reading, writing);
    counts
}

/// Reads lines and hands them in, as far ahead as a batch.
async fn read(service: &Service, asked: Asked, mut body: Body, ahead: mpsc::Sender<Pending>) {
    let limit = service.settings.max_body_bytes;
    let (mut buffer, mut number, mut skipping) = (Vec::new(), 0, false);
    loop {
        let data = match timeout(service.settings.timeout, body::next(&mut body)).await {
            Ok(Ok(data)) => data,
            Ok(Err(failure)) => {
                return drop(ahead.send(Pending::Failed((number + 1).to_string(), failure)).await)
            }
            Err(_) => {
                let failure = Failure::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "nothing came for too long; the stream ends here",
                );
                return drop(ahead.send(Pending::Failed((number + 1).to_string(), failure)).await);
            }
        };
        let ended = data.is_none();
        let lines = cut(&mut buffer, &data.unwrap_or_default(), ended);
        for line in lines.split_inclusive(|&byte| byte == b'\n') {
            number += 1;
            if std::mem::take(&mut skipping) {
                continue;
            }
            if ahead.send(hand_in(service, &asked, line, number).await).await.is_err() {
                return;
            }
        }
        if buffer.len() > limit {
            buffer.clear();
            // The rest of the line is passed over; it gets its number when it ends.
            if !std::mem::replace(&mut skipping, true) {
                let failure = body::too_large("the line", limit, "cut the article into parts");
                if ahead.send(Pending::Failed((number + 1).to_string(), failure)).await.is_err() {
                    return;
                }
            }
        }
        if ended {
            return;
        }
    }
}

/// Adds `data` to the buffer and takes the whole lines off it; what is left at the end is a line as well.
fn cut(buffer: &mut Vec<u8>, data: &[u8], ended: bool) -> Vec<u8> {
    let whole = match data.iter().rposition(|&byte| byte == b'\n') {
        _ if ended => buffer.len() + data.len(),
        Some(last) => buffer.len() + last + 1,
        None => 0,
    };
    buffer.extend_from_slice(data);
    let rest = buffer.split_off(whole);
    std::mem::replace(buffer, rest)
}

async fn hand_in(service: &Service, asked: &Asked, line: &[u8], number: usize) -> Pending {
    let text = match body::utf8(line.trim_ascii()) {
        Ok(text) => text,
        Err(failure) => return Pending::Failed(number.to_string(), failure),
    };
    match articles::record(text, number, service.settings.max_text_bytes) {
        (id, Ok(read)) => {
            let terms = asked.terms.clone();
            Pending::Working(id, service.worker.submit(asked.recipe, terms, read.article).await, read.flags)
        }
        (id, Err(failure)) => Pending::Failed(id, failure),
    }
}

/// A body of lines as they come.
struct Lines(mpsc::Receiver<Bytes>);

impl http_body::Body for Lines {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(context).map(|line| line.map(|line| Ok(Frame::data(line))))
    }
}
