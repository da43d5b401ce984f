//! One refresh of a screen is one read transaction: head first, then whatever is asked, all of one moment.
//!
//! What can be asked stands in `query`. The same reader serves a store as it stood then: its tables come from
//! another connection, its ledger ends earlier, its clock stands still.

use std::future::Future;
use std::time::Duration;

use tokio::time::timeout;

use super::append::{self, Head};
use super::fault::StoreError;
use super::link::{On, Owned};
use super::open::Store;
use super::schema;
use super::telling::Hand;
use crate::domain::filter::NotAFilter;
use crate::domain::names::Login;
use crate::domain::refusal::Refusal;
use crate::domain::time::Time;

/// How long one question may take before the store counts as lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a refresh stands on: where the ledger ended, and the store's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The end of the ledger that the tables follow from.
    pub head: Head,
    /// The store's clock when the refresh began, never before the last entry.
    pub now: Time,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The store failed, or a rule refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The filter was not understood.
    #[error(transparent)]
    Filter(#[from] NotAFilter),
    /// The subject is named but has no list yet.
    #[error("{0} are not built yet: `smc list --help` names what can be listed")]
    NotBuilt(String),
    /// There is no list of that name.
    #[error("there is no list of {word:?}: it is one of {known}")]
    NoList {
        /// The word that was given.
        word: String,
        /// The lists that exist.
        known: String,
    },
    /// The cursor is not one that this list gave out.
    #[error(
        "{0:?} is no cursor of this list: take the one that the page before gave, or begin anew"
    )]
    Cursor(String),
}

impl From<Refusal> for ReadError {
    fn from(refusal: Refusal) -> Self {
        Self::Store(StoreError::Refused(refusal))
    }
}

/// A read transaction that has begun. [`Reader::done`] gives the connection back; a dropped reader closes it.
#[derive(Debug)]
pub struct Reader<'s> {
    store: Option<&'s Store>,
    tables: Option<Owned>,
    ledger: Option<Owned>,
    past: bool,
    snapshot: Snapshot,
}

async fn begin(c: &mut Owned, hand: &Hand) -> Result<Snapshot, StoreError> {
    let mut c = c.link();
    let begun = match &mut c {
        On::Sqlite(_) => {
            schema::script(&mut c, "BEGIN").await?;
            append::head(&mut c).await?.map(|head| (head, hand.now()))
        }
        On::Postgres(c) => append::begin_on_server(c).await?,
    };
    let (head, clock) =
        begun.ok_or_else(|| StoreError::Unavailable("the store has no head".to_owned()))?;
    let clock = if hand.is_live() { clock } else { hand.now() };
    let now = clock.max(head.tip.at);
    Ok(Snapshot { head, now })
}

/// Waits for an answer, ten seconds at most.
pub(super) async fn within<T>(
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    match timeout(PATIENCE, work).await {
        Ok(done) => done,
        Err(_) => Err(StoreError::Unavailable(format!("no answer for {} s", PATIENCE.as_secs()))),
    }
}

impl Store {
    /// Begins a read transaction on the store as it stands now, or at the moment that it was opened at.
    ///
    /// # Errors
    /// `Unavailable` if the store does not answer within ten seconds.
    pub async fn reader(&self) -> Result<Reader<'_>, StoreError> {
        if let Some(moment) = self.moment() {
            return within(moment.reader(self)).await;
        }
        let mut tables = within(self.take()).await?;
        let snapshot = within(begin(&mut tables, &self.hand)).await?;
        Ok(Reader { store: Some(self), tables: Some(tables), ledger: None, past: false, snapshot })
    }
}

impl Reader<'_> {
    /// A reader of a past moment: tables of a replay, the live ledger up to the head given, a clock that stands.
    pub const fn over(tables: Owned, ledger: Owned, head: Head, now: Time) -> Self {
        Self {
            store: None,
            tables: Some(tables),
            ledger: Some(ledger),
            past: true,
            snapshot: Snapshot { head, now },
        }
    }

    /// What this refresh stands on.
    pub const fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The instant that everything is read at.
    pub const fn now(&self) -> Time {
        self.snapshot.now
    }

    /// The same tables read at another instant: what time alone will make of them, if nobody writes.
    #[must_use]
    pub const fn at(mut self, now: Time) -> Self {
        self.snapshot.now = now;
        self
    }

    /// Who reads; nobody in the past, where nobody can do anything.
    pub(super) fn who(&self) -> Option<Login> {
        self.store.filter(|_| !self.past).map(|store| store.facts().actor.clone())
    }

    /// Whether this reads the past.
    pub const fn is_past(&self) -> bool {
        self.past
    }

    /// Takes the connection for a question about the tables.
    pub(super) fn lend(&mut self) -> Result<Owned, StoreError> {
        self.tables.take().ok_or_else(gone)
    }

    /// Takes the connection for a question about the ledger, which for a past moment is not where the tables are.
    pub(super) fn lend_ledger(&mut self) -> Result<Owned, StoreError> {
        if self.past { self.ledger.take().ok_or_else(gone) } else { self.lend() }
    }

    /// Puts the connection back, unless the answer says that it may be broken.
    pub(super) fn back<T>(
        &mut self,
        connection: Owned,
        answer: Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if matches!(answer, Ok(_) | Err(StoreError::Refused(_))) {
            self.tables = Some(connection);
        }
        answer
    }

    /// Puts the ledger's connection back.
    pub(super) fn back_ledger<T>(
        &mut self,
        connection: Owned,
        answer: Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if !self.past {
            return self.back(connection, answer);
        }
        if matches!(answer, Ok(_) | Err(StoreError::Refused(_))) {
            self.ledger = Some(connection);
        }
        answer
    }

    /// Ends the transaction and gives the connection back to the store.
    pub async fn done(mut self) {
        if let (Some(store), Some(mut tables)) = (self.store, self.tables.take())
            && within(schema::script(&mut tables.link(), "COMMIT")).await.is_ok()
        {
            store.keep(tables);
        }
    }

    /// The connections of a past reader, tables and ledger, for the next question about the same moment.
    pub fn into_parts(self) -> (Option<Owned>, Option<Owned>) {
        (self.tables, self.ledger)
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable("the connection was lost; read again".to_owned())
}

/// Asks the tables within ten seconds; after an error the connection is gone.
#[macro_export]
macro_rules! ask {
    ($reader:expr, $c:ident => $work:expr) => {{
        let mut owned = $reader.lend()?;
        let answer = $crate::store::reader::within(async {
            let mut link = owned.link();
            let $c = &mut link;
            $work.await
        })
        .await;
        $reader.back(owned, answer)
    }};
}

/// Asks the ledger within ten seconds; the statement limits itself to the head of the snapshot.
#[macro_export]
macro_rules! ask_ledger {
    ($reader:expr, $c:ident => $work:expr) => {{
        let mut owned = $reader.lend_ledger()?;
        let answer = $crate::store::reader::within(async {
            let mut link = owned.link();
            let $c = &mut link;
            $work.await
        })
        .await;
        $reader.back_ledger(owned, answer)
    }};
}
