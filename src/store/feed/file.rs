//! What wakes the feed of an embedded store: the kernel's word that the log was written, and a look at the engine's
//! own counter of changes, which costs microseconds.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::StreamExt;
use inotify::{EventStream, Inotify, WatchMask};
use tokio::time::{sleep, timeout};

use super::end::{self, End};
use super::{Hint, within};
use crate::ledger::Tip;
use crate::scalar;
use crate::store::fault::StoreError;
use crate::store::kept::{FileId, file_id};
use crate::store::link::{Link, Owned};
use crate::store::open::Store;

/// How often the counter is read without a hint.
const BACKSTOP: Duration = Duration::from_secs(1);
/// The same where the kernel gives no hints.
const POLL: Duration = Duration::from_millis(250);
/// The log is written before the commit can be seen: pauses between the looks that follow a hint.
const AGAIN: [Duration; 4] = [
    Duration::from_millis(2),
    Duration::from_millis(5),
    Duration::from_millis(20),
    Duration::from_millis(100),
];
/// Many hints of one commit count as one.
const BRIEF: Duration = Duration::from_millis(1);

/// Watches the file's log.
pub struct Watcher {
    connection: Owned,
    path: PathBuf,
    of: FileId,
    version: i64,
    events: Option<EventStream<[u8; 1024]>>,
}

fn watch(path: &Path) -> Option<EventStream<[u8; 1024]>> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let inotify = Inotify::init().ok()?;
    inotify.watches().add(PathBuf::from(log), WatchMask::MODIFY).ok()?;
    inotify.into_event_stream([0; 1024]).ok()
}

async fn version(c: &mut Link<'_>) -> Result<i64, StoreError> {
    Ok(scalar!(c, i64, "PRAGMA data_version")?.unwrap_or_default())
}

impl Watcher {
    /// Opens a connection of its own: the counter tells what other connections committed.
    pub async fn open(store: &Store, path: &Path) -> Result<Self, StoreError> {
        let of = store.current_file().await?;
        let mut connection = store.connect(store.read_only().is_none()).await?;
        let version = version(&mut connection.link()).await?;
        // The log exists now: this connection has read.
        let events = watch(path);
        Ok(Self { connection, path: path.to_path_buf(), of, version, events })
    }

    /// Waits until another connection committed; a commit is what the counter says, not what the kernel hints.
    pub async fn wait(&mut self, store: &Store) -> Result<Hint, StoreError> {
        let mut again: std::slice::Iter<'_, Duration> = [].iter();
        loop {
            let hinted = self.nudged(again.next().copied()).await;
            if file_id(&self.path)? != self.of {
                // Looked at as at opening; the connection here is to the file that was.
                store.current_file().await?;
                return Err(StoreError::Unavailable("its file was replaced".to_owned()));
            }
            if self.moved().await? {
                return Ok(Hint::Nudge);
            }
            if hinted {
                again = AGAIN.iter();
            }
        }
    }

    /// Waits for a hint, or for this long; without a time until the backstop.
    async fn nudged(&mut self, pause: Option<Duration>) -> bool {
        let Some(events) = &mut self.events else {
            sleep(pause.unwrap_or(POLL)).await;
            return false;
        };
        match timeout(pause.unwrap_or(BACKSTOP), events.next()).await {
            Ok(Some(Ok(_))) => {
                sleep(BRIEF).await;
                true
            }
            Ok(Some(Err(_)) | None) => {
                self.events = None;
                false
            }
            Err(_) => false,
        }
    }

    async fn moved(&mut self) -> Result<bool, StoreError> {
        let found = within(version(&mut self.connection.link())).await?;
        let moved = found != self.version;
        self.version = found;
        Ok(moved)
    }

    /// Where the ledger ends, if it still holds what was seen.
    pub async fn end(&mut self, store: &Store, known: Option<&Tip>) -> Result<End, StoreError> {
        end::read(&mut self.connection.link(), store, known).await
    }
}
