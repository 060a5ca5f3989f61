//! One pipeline for many threads: a line of text in over TCP, a line of JSON out.
//!
//!     cargo run --no-default-features --features cli --example serve_worker
//!
//! A `Worker` owns the pipeline on a thread of its own, since models do not like to be shared; its handles are cloned for every
//! client, and what waits together is digested together. Here the clients are threads of the same process.

#![allow(clippy::print_stdout)]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use intisari::pipeline::Worker;
use intisari::{serde_json, Article, Pipeline};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const CLIENTS: usize = 4;

fn main() -> Outcome<()> {
    let worker = Worker::spawn(|| {
        Pipeline::builder()
            .cleaner(intisari::clean::RuleCleaner::default())
            .splitter(intisari::sentence::RuleSplitter::default())
            .recognizer(intisari::ner::RuleRecognizer)
            .summarizer(intisari::summarize::Lead::default())
            .build()
    })?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            thread::spawn(move || {
                ask(TcpStream::connect(address)?, &format!("Bus {number} berangkat pukul 18.35 WIB."))
            })
        })
        .collect();
    for (number, stream) in listener.incoming().take(CLIENTS).enumerate() {
        let (stream, worker) = (stream?, worker.clone());
        thread::spawn(move || serve(stream, &worker, number));
    }
    for client in clients {
        println!("{}", client.join().map_err(|_| "a client ended early")??.trim());
    }
    // Whatever is under way or waits ends with an error that `is_cancelled()`; then the models are freed.
    worker.stop();
    worker.join()?;
    Ok(())
}

/// Answers each line with a document, or with an error in the same shape for every article.
fn serve(stream: TcpStream, worker: &Worker, client: usize) -> Outcome<()> {
    let mut answers = stream.try_clone()?;
    for (number, line) in BufReader::new(stream).lines().enumerate() {
        let answer = match worker.run(Article::new(format!("client-{client}-{number}"), line?)) {
            Ok(document) => serde_json::json!(document.entities),
            Err(error) => serde_json::json!({ "id": error.article(), "error": error.cause().to_string() }),
        };
        writeln!(answers, "{answer}")?;
    }
    Ok(())
}

fn ask(mut stream: TcpStream, text: &str) -> Outcome<String> {
    writeln!(stream, "{text}")?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer)?;
    Ok(answer)
}
