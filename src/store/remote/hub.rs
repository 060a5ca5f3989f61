//! What a hub is asked: which files a revision has, and their contents.

use std::io::Read;
use std::time::Duration;

use serde::Deserialize;
use ureq::http::{Response, StatusCode};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::Address;
use crate::error::{Error, Result};

const ENDPOINT: &str = "https://huggingface.co";
/// A list of files has some hundred bytes each.
const LONGEST_LISTING: u64 = 64 << 20;

/// A model hub.
///
/// Proxies are those of the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`), certificates those of
/// the system.
#[derive(Debug, Clone)]
pub struct Hub {
    endpoint: String,
    token: Option<String>,
    retries: u32,
    agent: Agent,
}

/// The files of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listing {
    /// The commit that the revision stands for now.
    pub(super) commit: String,
    pub(super) files: Vec<RemoteFile>,
}

/// A file, and what its bytes must be, as far as the hub tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RemoteFile {
    pub(super) name: String,
    pub(super) bytes: Option<u64>,
    /// sha256 of the bytes, hexadecimal: for large files.
    pub(super) sha256: Option<String>,
    /// Git's own checksum, sha1 over a header and the bytes, hexadecimal: for small files.
    pub(super) blob: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    sha: String,
    siblings: Vec<Sibling>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    blob_id: Option<String>,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    sha256: Option<String>,
    size: Option<u64>,
}

impl Hub {
    /// The hub at `$HF_ENDPOINT`, else the public one, with the access token in `$HF_TOKEN` if there is one.
    pub fn from_env() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        let endpoint = variable("HF_ENDPOINT").unwrap_or_else(|| ENDPOINT.to_owned());
        Hub::new(endpoint.trim(), variable("HF_TOKEN"))
    }

    /// A hub at `endpoint`, e.g. `https://hub.example.org`. The token is sent to this address only.
    pub fn new(endpoint: &str, token: Option<String>) -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .user_agent(concat!("intisari/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(30)))
            .timeout_recv_response(Some(Duration::from_secs(60)))
            .timeout_per_read(Some(Duration::from_secs(60)))
            .build();
        let token = token.map(|token| token.trim().to_owned());
        Hub { endpoint: endpoint.trim_end_matches('/').to_owned(), token, retries: 5, agent: config.into() }
    }

    /// How often a request is made again without any progress before it is given up; 5 by default.
    pub fn with_retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// Its address.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(super) fn retries(&self) -> u32 {
        self.retries
    }

    /// The files of a revision.
    pub(super) fn listing(&self, address: &Address) -> Result<Listing> {
        let revision = address.revision.replace('/', "%2F");
        let url = format!("{}/api/models/{}/revision/{revision}?blobs=true", self.endpoint, address.id);
        let mut tries = Tries::new(self.retries);
        loop {
            match self.try_listing(&url) {
                Ok(listing) => return Ok(listing),
                Err(failure) => tries.after(failure)?,
            }
        }
    }

    fn try_listing(&self, url: &str) -> Result<Listing, Failure> {
        let response = self.get(url, 0)?;
        let mut text = String::new();
        let mut body = response.into_body().into_reader().take(LONGEST_LISTING);
        body.read_to_string(&mut text).map_err(|error| Failure::passing(url, error.to_string()))?;
        let answer: Answer = serde_json::from_str(&text).map_err(|error| {
            let message = format!("its answer is no list of files: {error}");
            Failure::lasting(url, message, "check that HF_ENDPOINT is the address of a model hub")
        })?;
        if answer.sha.is_empty() || !answer.sha.bytes().all(|letter| letter.is_ascii_alphanumeric()) {
            let message = format!("`{}` is no commit", answer.sha);
            return Err(Failure::lasting(
                url,
                message,
                "check that HF_ENDPOINT is the address of a model hub",
            ));
        }
        Ok(Listing { commit: answer.sha, files: answer.siblings.into_iter().map(RemoteFile::from).collect() })
    }

    /// Where a file of a commit is.
    pub(super) fn url(&self, address: &Address, commit: &str, file: &str) -> String {
        format!("{}/{}/resolve/{commit}/{file}", self.endpoint, address.id)
    }

    /// Asks for what `url` holds from byte `start` on; an answer that is a refusal is a failure.
    pub(super) fn get(&self, url: &str, start: u64) -> Result<Response<Body>, Failure> {
        let mut request = self.agent.get(url);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        if start > 0 {
            request = request.header("Range", format!("bytes={start}-"));
        }
        let response = request.call().map_err(|error| Failure::of(url, &error))?;
        let status = response.status();
        let message = format!("the hub says {status}");
        match status {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => Ok(response),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Failure::lasting(
                url,
                message,
                "check the model's name; where it is private or asks for consent, agree on its page and put an access \
                 token into HF_TOKEN",
            )),
            StatusCode::NOT_FOUND => {
                Err(Failure::lasting(url, message, "check the model's name and the revision on its page"))
            }
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => Err(Failure::passing(url, message)),
            status if status.is_server_error() => Err(Failure::passing(url, message)),
            _ => Err(Failure::lasting(url, message, "check that HF_ENDPOINT is the address of a model hub")),
        }
    }
}

impl From<Sibling> for RemoteFile {
    fn from(sibling: Sibling) -> Self {
        let Sibling { rfilename: name, size, blob_id, lfs } = sibling;
        match lfs {
            // The blob is then a pointer's.
            Some(Lfs { sha256, size: large }) => RemoteFile {
                name,
                bytes: large.or(size),
                sha256: sha256.map(|sum| sum.to_lowercase()),
                blob: None,
            },
            None => {
                RemoteFile { name, bytes: size, sha256: None, blob: blob_id.map(|sum| sum.to_lowercase()) }
            }
        }
    }
}

/// Why a request failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// It may work the next time.
    Passing(Error),
    /// It will not.
    Lasting(Error),
}

impl Failure {
    pub(super) fn passing(url: &str, message: String) -> Self {
        let fix = "check the network, then run the same command again: what was fetched is kept".to_owned();
        Failure::Passing(Error::Remote { url: url.to_owned(), message, fix })
    }

    /// Connections may work the next time; settings do not change by themselves.
    fn of(url: &str, error: &ureq::Error) -> Self {
        match error {
            ureq::Error::Io(_)
            | ureq::Error::Timeout(_)
            | ureq::Error::Protocol(_)
            | ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed => Failure::passing(url, error.to_string()),
            _ => Failure::lasting(url, error.to_string(), "check HF_ENDPOINT, proxies and certificates"),
        }
    }

    pub(super) fn lasting(url: &str, message: String, fix: &str) -> Self {
        Failure::Lasting(Error::Remote { url: url.to_owned(), message, fix: fix.to_owned() })
    }
}

/// Tries without progress; between them lies more and more time.
pub(super) struct Tries {
    allowed: u32,
    done: u32,
}

impl Tries {
    pub(super) fn new(allowed: u32) -> Self {
        Tries { allowed, done: 0 }
    }

    /// There was progress.
    pub(super) fn reset(&mut self) {
        self.done = 0;
    }

    /// Waits before the next try.
    ///
    /// # Errors
    /// The failure, where there is to be none.
    pub(super) fn after(&mut self, failure: Failure) -> Result<()> {
        match failure {
            Failure::Passing(_) if self.done < self.allowed => {
                std::thread::sleep(Duration::from_millis(250 << self.done.min(7)));
                self.done += 1;
                Ok(())
            }
            Failure::Passing(error) | Failure::Lasting(error) => Err(error),
        }
    }
}
