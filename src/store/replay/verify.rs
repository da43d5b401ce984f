//! The verification of a store: file, schema, chain, rules, tables, from its own bytes alone.

use std::collections::HashSet;

use super::chain::End;
use super::compare::{self, Differences};
use super::fabric;
use super::gather::Gathered;
use super::progress::Progress;
use super::report::{Fault, Place, Report};
use super::scratch::Scratch;
use super::walk::{self, Walk};
use crate::ledger::HeadCode;
use crate::store::append::{self, Head};
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::open::Store;
use crate::store::{restored, schema};

async fn head(c: &mut Link<'_>) -> Result<Head, StoreError> {
    append::head(c)
        .await?
        .ok_or_else(|| StoreError::Unavailable("the store has no head".to_owned()))
}

/// How far the ledger is read ahead before the snapshot: not along places that somebody only made up.
async fn ahead(c: &mut Link<'_>, head: &Head) -> i64 {
    match walk::extent(c).await {
        Ok((last, count)) => last.min(count.saturating_add(100_000)),
        Err(_) => head.tip.seq.min(1_000_000),
    }
}

async fn snapshot(c: &mut Link<'_>) -> Result<(), StoreError> {
    if c.is_postgres() {
        schema::script(
            c,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0",
        )
        .await
    } else {
        schema::script(c, "BEGIN").await
    }
}

/// Checks the chain alone: rows, places, hashes, bodies and head, without rules and tables.
///
/// # Errors
/// `Unavailable` if the store breaks off, `Stopped` if it was stopped.
pub async fn check_chain(store: &Store, progress: Progress<'_>) -> Result<Report, StoreError> {
    let mut gathered = Gathered::new(&[]);
    let mut connection = store.connect(false).await?;
    let first = head(&mut connection.link()).await?;
    let upto = ahead(&mut connection.link(), &first).await;
    let mut walk = Walk::start(store, &first.store_id, End::START, upto).await?;
    while let Some(mut page) = walk.next().await? {
        gathered.take(&mut page);
        progress.step("entries", gathered.entries, upto)?;
    }
    let mut end = walk.end();
    let mut c = connection.link();
    snapshot(&mut c).await?;
    let last = head(&mut c).await?;
    while let Some(mut page) = walk::onward(&mut c, &first.store_id, &mut end, i64::MAX).await? {
        gathered.take(&mut page);
    }
    gathered.head(&last, &end);
    Ok(gathered.report(first.store_id, &end))
}

/// A store replayed into a scratch store, as far as its ledger went when this began.
pub struct Replayed {
    /// The tables by replay.
    pub scratch: Scratch,
    /// What was found on the way.
    pub gathered: Gathered,
    /// Where the ledger ended.
    pub end: End,
    /// The store's id, as its head names it.
    pub store_id: String,
    documents: HashSet<String>,
}

impl Replayed {
    /// Replays the ledger from its first entry, without holding anybody up.
    ///
    /// # Errors
    /// `Unavailable` if the store breaks off or there is no room, `Stopped` if it was stopped.
    pub async fn begin(
        store: &Store,
        c: &mut Link<'_>,
        witnesses: &[HeadCode],
        progress: Progress<'_>,
    ) -> Result<Self, StoreError> {
        let first = head(c).await?;
        let upto = ahead(c, &first).await;
        let mut gathered = Gathered::new(witnesses);
        let mut scratch = Scratch::fresh(&first.store_id).await?;
        let mut documents = HashSet::new();
        fabric::documents(c, &mut scratch, &mut documents, &mut gathered.faults).await?;
        let mut walk = Walk::start(store, &first.store_id, End::START, upto).await?;
        while let Some(mut page) = walk.next().await? {
            gathered.take(&mut page);
            let (played, faults) = scratch.play(&page.items).await?;
            gathered.played(played, faults);
            progress.step("entries", gathered.entries, upto)?;
        }
        let end = walk.end();
        Ok(Self { scratch, gathered, end, store_id: first.store_id, documents })
    }

    /// Plays what came meanwhile, on a connection that holds a snapshot or the lock, to the very end.
    ///
    /// # Errors
    /// `Unavailable` if the store breaks off.
    pub async fn catch_up(&mut self, c: &mut Link<'_>) -> Result<(), StoreError> {
        let last = head(c).await?;
        let faults = &mut self.gathered.faults;
        fabric::documents(c, &mut self.scratch, &mut self.documents, faults).await?;
        loop {
            let page = match walk::onward(c, &last.store_id, &mut self.end, i64::MAX).await {
                Ok(page) => page,
                Err(fault) if c.is_postgres() => return Err(fault),
                Err(fault) => {
                    let place = self.end.tip().seq;
                    let told = format!("what follows entry {place} cannot be read: {fault}");
                    self.gathered.faults.push(Fault::new(Place::Ledger, &told));
                    None
                }
            };
            let Some(mut page) = page else { break };
            self.gathered.take(&mut page);
            let (played, faults) = self.scratch.play(&page.items).await?;
            self.gathered.played(played, faults);
        }
        self.gathered.head(&last, &self.end);
        let losses = restored::losses(&mut self.scratch.link()).await?;
        self.gathered.witnesses(&self.end, &losses);
        Ok(())
    }

    /// Compares tables, schema and file, on the connection that was caught up with.
    ///
    /// # Errors
    /// `Unavailable` if the store breaks off, `Stopped` if it was stopped.
    pub async fn compare(
        &mut self,
        c: &mut Link<'_>,
        progress: Progress<'_>,
    ) -> Result<(), StoreError> {
        let names = schema::table_names();
        let count = i64::try_from(names.len()).unwrap_or(0);
        for (done, table) in (1..).zip(names) {
            let Gathered { faults, refused, .. } = &mut self.gathered;
            let mut differences = Differences { faults, refused };
            compare::table(c, &mut self.scratch.link(), table, &mut differences).await?;
            progress.step("tables", done, count)?;
        }
        fabric::schema(c, &mut self.gathered.faults).await?;
        progress.step("file", 0, 1)?;
        fabric::file(c, &mut self.gathered.faults).await;
        Ok(())
    }
}

/// Verifies a store whole; `witnesses` are heads that were written down elsewhere.
///
/// # Errors
/// `Unavailable` if the store breaks off or there is no room for the scratch store, `Stopped` if it was
/// stopped. What is wrong with the store is in the report, not here.
pub async fn verify(
    store: &Store,
    witnesses: &[HeadCode],
    progress: Progress<'_>,
) -> Result<Report, StoreError> {
    let mut connection = store.connect(false).await?;
    let mut c = connection.link();
    let mut replayed = Replayed::begin(store, &mut c, witnesses, progress).await?;
    snapshot(&mut c).await?;
    replayed.catch_up(&mut c).await?;
    replayed.compare(&mut c, progress).await?;
    schema::script(&mut c, "ROLLBACK").await?;
    let Replayed { gathered, end, store_id, .. } = replayed;
    Ok(gathered.report(store_id, &end))
}
