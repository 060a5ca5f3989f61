//! Who is let in: so many requests at a time, so many of one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::reply::Failure;

/// Seconds after which a client that was turned away may try again.
const RETRY_AFTER: u32 = 2;

pub struct Gate {
    /// What its places are, as a message says it.
    name: &'static str,
    queue: Arc<Semaphore>,
    places: usize,
    per_client: usize,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
    admitted: Gauge,
}

/// A request that was let in, until it is dropped.
pub struct Pass {
    _place: OwnedSemaphorePermit,
    client: IpAddr,
    clients: Arc<Mutex<HashMap<IpAddr, usize>>>,
    admitted: Gauge,
}

impl Gate {
    /// A gate with so many places, and so many for one address (0: all); `admitted` tells how many are taken.
    pub fn new(name: &'static str, places: usize, per_client: usize, admitted: Gauge) -> Self {
        let queue = Arc::new(Semaphore::new(places));
        Gate { name, queue, places, per_client, clients: Arc::default(), admitted }
    }

    /// Lets a request in.
    ///
    /// # Errors
    /// 429 where this client has enough of them, 503 where all places are taken; both say when to try again.
    pub fn admit(&self, client: IpAddr) -> Result<Pass, Failure> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = clients.get(&client).copied().unwrap_or_default();
        if self.per_client > 0 && mine >= self.per_client {
            let message = format!(
                "{mine} requests of this client are being worked on, the limit is {}; wait for one of them",
                self.per_client
            );
            return Err(Failure::new(StatusCode::TOO_MANY_REQUESTS, message)
                .limit(self.per_client)
                .retry(RETRY_AFTER));
        }
        let Ok(place) = Arc::clone(&self.queue).try_acquire_owned() else {
            let message = format!("all {} places {} are taken; try again later", self.places, self.name);
            return Err(Failure::new(StatusCode::SERVICE_UNAVAILABLE, message)
                .limit(self.places)
                .retry(RETRY_AFTER));
        };
        clients.insert(client, mine + 1);
        drop(clients);
        self.admitted.inc();
        let (clients, admitted) = (Arc::clone(&self.clients), self.admitted.clone());
        Ok(Pass { _place: place, client, clients, admitted })
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        match clients.get_mut(&self.client) {
            Some(requests) if *requests > 1 => *requests -= 1,
            _ => drop(clients.remove(&self.client)),
        }
        self.admitted.dec();
    }
}
