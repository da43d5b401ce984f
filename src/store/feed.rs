//! Follows the end of the ledger and tells what is new, and whether the store still answers.
//!
//! What wakes it differs by engine and is a hint only: entries are always read by their place in the ledger. It never
//! writes, and says nothing while nothing changes.

mod end;
mod file;
mod server;

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use self::end::End;
use super::doctor;
use super::fault::StoreError;
use super::kept::Shelf;
use super::open::Store;
use super::write::plain;
use crate::clock;
use crate::domain::time::Time;
use crate::ledger::Tip;

/// News that wait for a reader; a slow one gets fewer and larger ones.
const UNREAD: usize = 4;
/// Entries that are named one by one; after more of them everything is read again.
const NAMED: i64 = 500;
/// The longest that a call to the store may take: with the pause between two looks, a lost store is told of within ten
/// seconds.
const PATIENCE: Duration = Duration::from_secs(5);
/// The shortest time between two looks, and the longest that useless hints stretch it to.
const CALM: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(1));
/// So often the end of the ledger is looked at for entries that somebody changed, whether or not there is news.
const LOOKED: Duration = Duration::from_secs(60);
/// How long after its beginning it is first looked at so: the first frame does not wait for it.
const SETTLED: Duration = Duration::from_secs(1);
/// The first and the longest pause before a lost store is tried again.
const RETRY: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// News from the end of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// The place of the last entry.
    pub seq: i64,
    /// Entries since the news before, in their order; none in the first news.
    pub entries: Vec<Touched>,
    /// Whether there were too many to name: everything may have changed.
    pub more: bool,
    /// The ends of the ledger that the entries stand between, where they are all that stands there.
    pub between: Option<(Tip, Tip)>,
    /// How the store stands.
    pub state: State,
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Touched {
    /// Its place.
    pub seq: i64,
    /// Its kind's stable name.
    pub kind: String,
    /// The reference of its subject.
    pub subject: String,
    /// The site that it names.
    pub site: Option<String>,
}

/// How the store stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers.
    Live,
    /// It does not answer: what is shown is of before; it is tried again until it does.
    Stale {
        /// When it last answered, by this host's clock.
        since: Time,
        /// What was said last.
        why: String,
    },
    /// It answers as a store that went backwards, forked, is another or was edited: nothing that it says may be believed.
    Alarm {
        /// Whether it went backwards; else it is not the store that it was, or was planted with what is not ours.
        backwards: bool,
        /// Since when, by this host's clock.
        since: Time,
        /// What was seen and what was found.
        why: String,
    },
}

/// Begins to follow a store; it ends when the receiver is dropped.
pub fn follow(store: Arc<Store>) -> mpsc::Receiver<Tail> {
    let (tell, told) = mpsc::channel(UNREAD);
    tokio::spawn(async move {
        let mut feed = Feed {
            store: &store,
            tell: &tell,
            tip: None,
            state: None,
            answered: clock::now(),
            failures: 0,
            edited: None,
            closely: Instant::now() + SETTLED,
        };
        tokio::select! {
            () = tell.closed() => {}
            () = feed.run() => {}
        }
    });
    told
}

enum Source {
    File(Box<file::Watcher>),
    Server(Box<server::Listener>),
}

/// Why a wait for news ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hint {
    /// Something says that there may be news.
    Nudge,
    /// Nothing did for a while.
    Backstop,
}

/// An entry as it is read for the news.
struct Row {
    seq: i64,
    kind: String,
    subject: String,
    body: Vec<u8>,
}

/// The one part of a body that is told.
#[derive(Deserialize)]
struct About {
    site: Option<String>,
}

impl Row {
    fn touched(self) -> Touched {
        let about = serde_json::from_slice::<About>(&self.body).ok();
        let site = about.and_then(|about| about.site);
        Touched { seq: self.seq, kind: self.kind, subject: self.subject, site }
    }
}

/// Waits for an answer, but not forever: a connection in a partition says nothing.
async fn within<T>(work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match timeout(PATIENCE, work).await {
        Ok(done) => done,
        Err(_) => Err(StoreError::Unavailable(format!("no answer for {} s", PATIENCE.as_secs()))),
    }
}

impl Source {
    async fn open(store: &Store) -> Result<Self, StoreError> {
        let opened = match store.path() {
            Some(path) => Self::File(Box::new(within(file::Watcher::open(store, path)).await?)),
            None => Self::Server(Box::new(within(server::Listener::open(store)).await?)),
        };
        Ok(opened)
    }

    async fn wait(&mut self, store: &Store) -> Result<Hint, StoreError> {
        match self {
            Self::File(watcher) => watcher.wait(store).await,
            Self::Server(listener) => listener.wait().await,
        }
    }

    async fn end(&mut self, store: &Store, known: Option<&Tip>) -> Result<End, StoreError> {
        match self {
            Self::File(watcher) => watcher.end(store, known).await,
            Self::Server(listener) => listener.end(store, known).await,
        }
    }
}

struct Feed<'f> {
    store: &'f Store,
    tell: &'f mpsc::Sender<Tail>,
    tip: Option<Tip>,
    state: Option<State>,
    /// When the store was last seen to answer.
    answered: Time,
    failures: u32,
    /// What was found at the end of the ledger that should not be there; the alarm stays until it is found whole.
    edited: Option<State>,
    /// When the end of the ledger is to be looked at next.
    closely: Instant,
}

impl Feed<'_> {
    async fn run(&mut self) {
        loop {
            let fault = match Source::open(self.store).await {
                Ok(mut source) => self.serve(&mut source).await,
                Err(fault) => fault,
            };
            self.lost(fault).await;
            sleep(pause(self.failures)).await;
            self.failures = self.failures.saturating_add(1);
        }
    }

    /// Tells news for as long as the store answers.
    async fn serve(&mut self, source: &mut Source) -> StoreError {
        let mut calm = CALM.0;
        self.answered = clock::now();
        loop {
            let looked = Instant::now();
            let news = match self.look(source).await {
                Ok(news) => news,
                Err(fault) => return fault,
            };
            self.failures = 0;
            self.answered = clock::now();
            calm = if news { CALM.0 } else { calm };
            let waited = timeout_at(self.closely, source.wait(self.store)).await;
            match waited.unwrap_or(Ok(Hint::Backstop)) {
                Ok(Hint::Nudge) => {
                    sleep_until(looked + calm).await;
                    calm = (calm * 2).min(CALM.1);
                }
                Ok(Hint::Backstop) => calm = CALM.0,
                Err(fault) => {
                    // A file is looked at each second, whether or not there is news.
                    if matches!(source, Source::File(_)) {
                        self.answered = clock::now();
                    }
                    return fault;
                }
            }
        }
    }

    /// Reads the head and what came before it; tells it if it is news.
    async fn look(&mut self, source: &mut Source) -> Result<bool, StoreError> {
        let end = within(source.end(self.store, self.tip.as_ref())).await?;
        self.look_closely().await?;
        let state = self.edited.clone().unwrap_or(State::Live);
        let seq = end.tip.seq;
        let after = self.tip.map_or(seq, |tip| tip.seq);
        let mut entries = Vec::new();
        // A ledger that is shorter was restored, which was let pass: everything may be another.
        let more = seq < after || seq.saturating_sub(after) > NAMED;
        if !more {
            entries = end.entries.into_iter().map(Row::touched).collect();
        }
        let news = self.tip.map(|tip| tip.seq) != Some(seq);
        if news || self.state.as_ref() != Some(&state) {
            let from = self.tip.filter(|_| end.follows && !more);
            self.tip = Some(end.tip);
            let between = from.map(|from| (from, end.tip));
            self.send(Tail { seq, entries, more, between, state }).await;
        }
        Ok(news)
    }

    /// Checks the last entries against each other, now and then: reading goes on, with an alarm over it.
    async fn look_closely(&mut self) -> Result<(), StoreError> {
        if Instant::now() < self.closely {
            return Ok(());
        }
        let found = within(async {
            let mut connection = self.store.take().await?;
            let found = doctor::last_entries(&mut connection.link(), self.store).await?;
            self.store.keep(connection);
            Ok(found)
        });
        self.edited = match (found.await?, self.edited.take()) {
            (None, _) => None,
            (Some(why), Some(State::Alarm { since, .. })) => {
                Some(State::Alarm { backwards: false, since, why })
            }
            (Some(why), Some(State::Live | State::Stale { .. }) | None) => {
                Some(State::Alarm { backwards: false, since: clock::now(), why })
            }
        };
        self.closely = Instant::now() + LOOKED;
        Ok(())
    }

    /// Tells once that the store is lost, and again only when the reason becomes another.
    async fn lost(&mut self, fault: StoreError) {
        let alarm = matches!(
            fault,
            StoreError::WentBack { .. } | StoreError::NotAStore { .. } | StoreError::Planted { .. }
        );
        let backwards = matches!(fault, StoreError::WentBack { .. });
        if !alarm {
            // What was kept leads nowhere now: whoever asks next must not wait on it.
            self.store.on_shelf(Shelf::clear);
        }
        let why = plain(fault);
        // What lasts keeps its beginning, whatever the reason becomes.
        let since = match &self.state {
            Some(State::Stale { since, .. }) if !alarm => *since,
            Some(State::Alarm { since, .. }) if alarm => *since,
            Some(State::Live | State::Stale { .. } | State::Alarm { .. }) | None if alarm => {
                clock::now()
            }
            Some(State::Live | State::Stale { .. } | State::Alarm { .. }) | None => self.answered,
        };
        let state = if alarm {
            State::Alarm { backwards, since, why }
        } else {
            State::Stale { since, why }
        };
        if self.state.as_ref() != Some(&state) {
            let seq = self.tip.map(|tip| tip.seq).unwrap_or_default();
            let entries = Vec::new();
            self.send(Tail { seq, entries, more: false, between: None, state }).await;
        }
    }

    async fn send(&mut self, tail: Tail) {
        self.state = Some(tail.state.clone());
        // Nobody listens any more: the whole feed ends with it.
        let _ = self.tell.send(tail).await;
    }
}

/// The pause before the next try: longer after each failure, and not the same on every console.
fn pause(failures: u32) -> Duration {
    let longest =
        RETRY.0.saturating_mul(1_u32.checked_shl(failures).unwrap_or(u32::MAX)).min(RETRY.1);
    let mut byte = [0_u8; 1];
    // Without randomness all consoles try at once, which is no fault of the store's.
    let _ = getrandom::fill(&mut byte);
    longest * (192 + u32::from(byte[0] / 4)) / 256
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_store_is_tried_again_at_once_and_then_ever_more_rarely() {
        assert!(pause(0) >= Duration::from_millis(150) && pause(0) <= Duration::from_millis(200));
        assert!(pause(3) > pause(0));
        for failures in [10, 31, 32, u32::MAX] {
            assert!((Duration::from_millis(3750)..=RETRY.1).contains(&pause(failures)));
        }
    }
}
