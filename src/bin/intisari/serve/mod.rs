//! `intisari serve`: the digests over HTTP.

mod http;
mod stages;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::choice::SummaryModels;
use crate::exit;
use crate::run::warn;
use crate::stages::Wanted;
use http::{Log, Service, Settings};

#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub models: SummaryModels,
    /// Address to listen on; port 0 takes a free one, which is printed.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8017")]
    pub listen: SocketAddr,
    /// File with the token that clients must send; also INTISARI_TOKEN. Give one wherever others can reach the address.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Requests that may be worked on or wait; one more is answered with 503.
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    pub queue: u16,
    /// Of those, the ones of one address; one more is answered with 429. 0 is without limit, for a proxy in front.
    #[arg(long, value_name = "N", default_value_t = 32)]
    pub per_client: u16,
    /// Bytes of a request, or of a line of a stream; more is answered with 413.
    #[arg(long, value_name = "BYTES", default_value_t = 8 << 20, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_body: u32,
    /// Bytes of the text of an article; more is answered with 422.
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 18, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_text: u32,
    /// Articles of a request that is no stream; more is answered with 422.
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u16).range(1..))]
    pub max_articles: u16,
    /// Time for a request, or for an article of a stream; what takes longer is given up and answered with 503.
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u16).range(1..))]
    pub timeout: u16,
    /// Time that requests have to finish when the service is told to stop.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub grace: u16,
    /// Articles that are worked on together.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
    pub batch: u16,
    /// Threads of the models (default: one per core).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
    /// No line per request on standard error.
    #[arg(long, short)]
    pub quiet: bool,
    /// Print the OpenAPI document of the service and exit.
    #[arg(long)]
    pub openapi: bool,
}

/// Serves until it is told to stop.
pub fn run(args: ServeArgs) -> ExitCode {
    if args.openapi {
        return print_openapi();
    }
    // Its stages are those of a digest, the clients choose between them.
    let wanted = Wanted::digest(1, false);
    if let Err(message) = args.models.check(|part| wanted.has(part)) {
        warn(&message);
        return ExitCode::from(exit::USAGE);
    }
    let token = match token(&args) {
        Ok(token) => token,
        Err(message) => {
            warn(&message);
            return ExitCode::from(exit::SETUP);
        }
    };
    if token.is_none() && !is_loopback(args.listen.ip()) {
        warn(&format!(
            "everybody who reaches {} can use this service; give it a token with --token-file or INTISARI_TOKEN",
            args.listen
        ));
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            warn(&format!("no threads for the service: {error}"));
            return ExitCode::from(exit::SETUP);
        }
    };
    let settings = settings(&args, token);
    let log = settings.log.clone();
    let listen = args.listen;
    runtime.block_on(async move {
        // Before the models are loaded: an address that is taken is said at once.
        let listener = match TcpListener::bind(listen).await {
            Ok(listener) => listener,
            Err(error) => {
                warn(&format!("cannot listen on {listen}: {error}; choose another address with --listen"));
                return ExitCode::from(exit::SETUP);
            }
        };
        let stages =
            tokio::task::spawn_blocking(move || Service::new(settings, move || stages::prepare(args)));
        let service = match stages.await {
            Ok(Ok(service)) => service,
            Ok(Err(error)) => {
                warn(&error.to_string());
                return ExitCode::from(exit::SETUP);
            }
            Err(error) => {
                warn(&format!("loading the models: {error}"));
                return ExitCode::from(exit::SETUP);
            }
        };
        let address = listener.local_addr().unwrap_or(listen);
        warn(&format!("listening on http://{address}/"));
        log.event("info", "started", json!({"address": address.to_string()}));
        let (stop, stopping) = watch::channel(false);
        tokio::spawn(async move {
            told_to_stop().await;
            let _nobody_listens = stop.send(true);
            // Kept, or the service would take its end for that of the one who could stop it.
            stop.closed().await;
        });
        match service.serve(listener, stopping).await {
            Ok(true) => {
                log.event("info", "stopped", json!({"complete": true}));
                ExitCode::SUCCESS
            }
            Ok(false) => {
                warn("requests were still going on when the time to stop was over; see --grace");
                log.event("warn", "stopped", json!({"complete": false}));
                ExitCode::FAILURE
            }
            Err(error) => {
                warn(&format!("the service ended: {error}"));
                ExitCode::FAILURE
            }
        }
    })
}

fn settings(args: &ServeArgs, token: Option<String>) -> Settings {
    // Sizes of 32 bits fit into those of every machine that has models.
    let size = |bytes: u32| usize::try_from(bytes).unwrap_or(usize::MAX);
    Settings {
        token,
        queue: args.queue.into(),
        per_client: args.per_client.into(),
        max_body_bytes: size(args.max_body),
        max_text_bytes: size(args.max_text),
        max_articles: args.max_articles.into(),
        batch_articles: args.batch.into(),
        timeout: Duration::from_secs(args.timeout.into()),
        grace: Duration::from_secs(args.grace.into()),
        log: if args.quiet { Log::off() } else { Log::stderr() },
    }
}

/// The token of the file or of the environment; an empty one is a mistake, not a service that is open.
fn token(args: &ServeArgs) -> Result<Option<String>, String> {
    let (token, place) = match &args.token_file {
        Some(path) => {
            let place = path.display().to_string();
            let read = std::fs::read_to_string(path);
            (
                read.map_err(|error| format!("{place}: {error}; --token-file needs a file with the token"))?,
                place,
            )
        }
        None => match std::env::var("INTISARI_TOKEN") {
            Ok(token) => (token, "INTISARI_TOKEN".to_owned()),
            Err(std::env::VarError::NotPresent) => return Ok(None),
            Err(error) => return Err(format!("INTISARI_TOKEN: {error}; write the token in UTF-8")),
        },
    };
    match token.trim() {
        "" => Err(format!("{place} holds no token; write one into it, or leave it out")),
        token => Ok(Some(token.to_owned())),
    }
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// SIGTERM, or Ctrl-C.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{signal, SignalKind};
        if let Ok(mut term) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = term.recv() => return,
                result = tokio::signal::ctrl_c() => if result.is_ok() { return },
            }
            // Without Ctrl-C there is still SIGTERM.
            term.recv().await;
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn print_openapi() -> ExitCode {
    let text = format!("{:#}\n", http::openapi());
    crate::output::print(text.as_bytes())
}
