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
use crate::store::link::{Link, Owned};
use crate::store::open::Store;
use crate::store::schema;

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
        schema::script(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
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
    let mut gathered = Gathered::new(witnesses);
    let mut connection = store.connect(false).await?;
    let first = head(&mut connection.link()).await?;
    let upto = ahead(&mut connection.link(), &first).await;
    let mut scratch = Scratch::fresh(&first.store_id).await?;
    let mut documents = HashSet::new();
    let mut c = connection.link();
    fabric::documents(&mut c, &mut scratch, &mut documents, &mut gathered.faults).await?;
    let mut walk = Walk::start(store, &first.store_id, End::START, upto).await?;
    while let Some(mut page) = walk.next().await? {
        gathered.take(&mut page);
        let (played, faults) = scratch.play(&page.items).await?;
        gathered.played(played, faults);
        progress.step("entries", gathered.entries, upto)?;
    }
    let mut end = walk.end();
    tables(&mut connection, &mut scratch, &mut documents, &mut gathered, &mut end, progress)
        .await?;
    Ok(gathered.report(first.store_id, &end))
}

/// The part under one snapshot: the entries that came meanwhile, then everything that follows from them.
async fn tables(
    connection: &mut Owned,
    scratch: &mut Scratch,
    documents: &mut HashSet<String>,
    gathered: &mut Gathered,
    end: &mut End,
    progress: Progress<'_>,
) -> Result<(), StoreError> {
    let mut c = connection.link();
    snapshot(&mut c).await?;
    let last = head(&mut c).await?;
    fabric::documents(&mut c, scratch, documents, &mut gathered.faults).await?;
    loop {
        let page = match walk::onward(&mut c, &last.store_id, end, i64::MAX).await {
            Ok(page) => page,
            Err(fault) if c.is_postgres() => return Err(fault),
            Err(fault) => {
                let told = format!("what follows entry {} cannot be read: {fault}", end.tip().seq);
                gathered.faults.push(Fault::new(Place::Ledger, &told));
                None
            }
        };
        let Some(mut page) = page else { break };
        gathered.take(&mut page);
        let (played, faults) = scratch.play(&page.items).await?;
        gathered.played(played, faults);
    }
    gathered.head(&last, end);
    let names = schema::table_names();
    let count = i64::try_from(names.len()).unwrap_or(0);
    for (done, table) in names.into_iter().enumerate() {
        let mut differences =
            Differences { faults: &mut gathered.faults, refused: &mut gathered.refused };
        compare::table(&mut c, &mut scratch.link(), table, &mut differences).await?;
        progress.step("tables", i64::try_from(done).unwrap_or(0) + 1, count)?;
    }
    fabric::schema(&mut c, &mut gathered.faults).await?;
    progress.step("file", 0, 1)?;
    fabric::file(&mut c, &mut gathered.faults).await;
    schema::script(&mut c, "ROLLBACK").await
}
