//! Articles in batches, read on a thread of their own: a batch is full, or what waits while the input pauses.

use std::collections::HashMap;
use std::sync::mpsc::{sync_channel, Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::args::InputArgs;
use crate::input::{articles, Failure, Item};

/// So long an article waits for others to be worked on with it.
const PAUSE: Duration = Duration::from_millis(200);

pub struct Feed {
    items: Receiver<Item>,
    /// Taken to see whether there is one.
    first: Option<Item>,
    reader: Option<JoinHandle<()>>,
    most: usize,
}

impl Feed {
    /// Begins to read; of the ids in `done` as many items are left out as it says. At most two batches are held.
    pub fn start(args: &InputArgs, quiet: bool, most: usize, mut done: HashMap<String, usize>) -> Self {
        let (sender, items) = sync_channel(most);
        let args = args.clone();
        let reader = std::thread::spawn(move || {
            for item in articles(args, quiet) {
                let id = item.as_ref().map_or_else(|failure| &failure.id, |incoming| &incoming.article.id);
                if let Some(times) = done.get_mut(id).filter(|times| **times > 0) {
                    *times -= 1;
                } else if sender.send(item).is_err() {
                    return;
                }
            }
        });
        Feed { items, first: None, reader: Some(reader), most }
    }

    /// Waits for the first item and says whether there is none.
    pub fn is_empty(&mut self) -> bool {
        if self.first.is_none() {
            self.first = self.next();
        }
        self.first.is_none()
    }

    /// The next batch; nothing at the end.
    pub fn batch(&mut self) -> Vec<Item> {
        let Some(first) = self.first.take().or_else(|| self.next()) else { return Vec::new() };
        let mut batch = vec![first];
        let end = Instant::now() + PAUSE;
        while batch.len() < self.most {
            match self.items.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(item) => batch.push(item),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        batch
    }

    fn next(&mut self) -> Option<Item> {
        self.items.recv().ok().or_else(|| self.end())
    }

    /// What is to be said at the end: that it was none.
    fn end(&mut self) -> Option<Item> {
        let ended = self.reader.take()?.join();
        let message =
            "reading stopped by a fault of this program; nothing after it was read; please report it";
        ended.is_err().then(|| Err(Failure::rest("", message)))
    }
}
