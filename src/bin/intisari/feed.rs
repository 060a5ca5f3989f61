//! Articles in batches, read on a thread of their own: a batch is full, or what waits while the input pauses.

use std::sync::mpsc::{sync_channel, Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::args::InputArgs;
use crate::input::{articles, Failure, Incoming, Item};
use crate::resume::{Records, There};

/// So long an article waits for others to be worked on with it.
const PAUSE: Duration = Duration::from_millis(200);

/// An item, or why the records that are there cannot be gone on with.
type Read = Result<Item, String>;

pub struct Feed {
    items: Receiver<Read>,
    /// Taken to see whether there is one.
    first: Option<Read>,
    reader: Option<JoinHandle<()>>,
    most: usize,
}

impl Feed {
    /// Begins to read; items whose documents are in `there` are left out. At most two batches are held.
    pub fn start(args: &InputArgs, quiet: bool, most: usize, mut there: Records) -> Self {
        let (sender, items) = sync_channel(most);
        let args = args.clone();
        let reader = std::thread::spawn(move || {
            for item in articles(args, quiet) {
                let Some(read) = beside(item, &mut there) else { continue };
                if sender.send(read).is_err() {
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

    /// Whether another item is there, or comes before the input pauses.
    pub fn goes_on(&mut self) -> bool {
        if self.first.is_none() {
            self.first = self.items.recv_timeout(PAUSE).ok();
        }
        self.first.is_some()
    }

    /// The next batch; nothing at the end.
    ///
    /// # Errors
    /// Why the records that are there cannot be gone on with.
    pub fn batch(&mut self) -> Result<Vec<Item>, String> {
        let Some(first) = self.first.take().or_else(|| self.next()) else { return Ok(Vec::new()) };
        let mut batch = vec![first?];
        let end = Instant::now() + PAUSE;
        while batch.len() < self.most {
            match self.items.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(Ok(item)) => batch.push(item),
                Ok(Err(message)) => {
                    self.first = Some(Err(message));
                    break;
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok(batch)
    }

    fn next(&mut self) -> Option<Read> {
        self.items.recv().ok().or_else(|| self.end().map(Ok))
    }

    /// What is to be said at the end: that it was none.
    fn end(&mut self) -> Option<Item> {
        let ended = self.reader.take()?.join();
        let message =
            "reading stopped by a fault of this program; nothing after it was read; please report it";
        ended.is_err().then(|| Err(Failure::rest("", message)))
    }
}

/// What is to be done with an item beside the records that are there; `None` where its document is.
fn beside(item: Item, there: &mut Records) -> Option<Read> {
    let found = match &item {
        Ok(incoming) => there.take(&incoming.article),
        Err(failure) => there.take_unread(&failure.id),
    };
    let recorded = match found {
        There::Document => return None,
        There::Nothing => false,
        There::Failure => true,
        There::Other => {
            let id = item.map_or_else(|failure| failure.id, |incoming| incoming.article.id);
            return Some(Err(format!(
                "the file has `{id}` with another text, title, date or source: the input was read with other options, or has \
                 changed; write to another file, or take its record out"
            )));
        }
    };
    Some(Ok(item
        .map(|incoming| Incoming { recorded, ..incoming })
        .map_err(|failure| Failure { recorded, ..failure })))
}
