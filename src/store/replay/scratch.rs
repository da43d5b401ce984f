//! A private store to replay into: our schema in a file without a name, which the operating system forgets.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use super::chain::Item;
use super::play::{self, Played};
use super::report::{Fault, Place};
use crate::exec;
use crate::ledger::Tip;
use crate::store::fault::StoreError;
use crate::store::link::{Link, On};
use crate::store::{schema, write};

/// The id of no store.
const NO_STORE: &str = "00000000000000000000000000";

/// A store to replay into.
#[derive(Debug)]
pub struct Scratch {
    connection: SqliteConnection,
}

/// How a scratch file is opened: nothing of it outlives a crash, so nothing of it waits for the disk.
pub fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Memory)
        .synchronous(sqlx::sqlite::SqliteSynchronous::Off)
        .locking_mode(sqlx::sqlite::SqliteLockingMode::Exclusive)
        .foreign_keys(true)
        .statement_cache_capacity(400)
        .row_buffer_size(1000)
        .pragma("cache_size", "-131072")
        .pragma("temp_store", "MEMORY")
        .pragma("trusted_schema", "OFF")
}

impl Scratch {
    /// A fresh one with our schema and the head of an empty ledger.
    ///
    /// # Errors
    /// `Unavailable` if there is no room for one.
    pub async fn fresh(store_id: &str) -> Result<Self, StoreError> {
        // SQLite gives an empty name a file that is unlinked as soon as it is open.
        Self::at(Path::new(""), store_id).await
    }

    /// A fresh one in this file.
    ///
    /// # Errors
    /// `Unavailable` if there is no room for one.
    pub async fn at(path: &Path, store_id: &str) -> Result<Self, StoreError> {
        let mut scratch = Self::on(path).await?;
        let mut c = scratch.link();
        schema::create_sqlite(&mut c).await?;
        // A damaged id is named elsewhere; the scratch store needs one of the right form.
        let form = if store_id.len() == NO_STORE.len() { store_id } else { NO_STORE };
        write::write_head(&mut c, form).await?;
        Ok(scratch)
    }

    /// One that stands in this file already.
    ///
    /// # Errors
    /// `Unavailable` if it cannot be opened.
    pub async fn on(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { connection: options().filename(path).connect().await? })
    }

    /// The connection itself.
    pub const fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.connection
    }

    /// Gives the connection away.
    pub fn into_connection(self) -> SqliteConnection {
        self.connection
    }

    /// The connection, for statements.
    pub fn link(&mut self) -> Link<'_> {
        On::Sqlite(&mut self.connection)
    }

    /// Keeps the digest of a document, which rules ask for; its bytes stay where they are.
    ///
    /// # Errors
    /// Only if the engine fails.
    pub async fn know(&mut self, digest: &str, media: &str) -> Result<(), StoreError> {
        exec!(
            &mut self.link(),
            "INSERT INTO document (digest, media, bytes) VALUES ($1, $2, x'') ON CONFLICT DO NOTHING",
            digest,
            media
        )?;
        Ok(())
    }

    /// Plays a page: its entries into the ledger without their bodies, their rows into the tables.
    ///
    /// # Errors
    /// Only if the engine fails.
    pub async fn play(&mut self, items: &[Item]) -> Result<(Played, Vec<Fault>), StoreError> {
        let mut c = self.link();
        schema::script(&mut c, "BEGIN").await?;
        let faults = enter(&mut c, items).await?;
        let played = play::page(&mut c, items).await?;
        if let Some(last) = items.last() {
            let Tip { seq, hash, at } = *last.end.tip();
            exec!(
                &mut c,
                "UPDATE head SET seq = $1, hash = $2, at = $3 WHERE one = 1",
                seq.max(0),
                hash.as_bytes(),
                at
            )?;
        }
        schema::script(&mut c, "COMMIT").await?;
        Ok((played, faults))
    }
}

/// Writes the entries of a page into the ledger, where rules look up causes by id.
async fn enter(c: &mut Link<'_>, items: &[Item]) -> Result<Vec<Fault>, StoreError> {
    let rows: Vec<_> = items
        .iter()
        .filter_map(|item| item.entry.as_ref())
        .filter(|(entry, _)| entry.seq >= 1)
        .map(|(entry, _)| {
            let Tip { at, .. } = Tip::after(entry);
            (
                entry.seq,
                entry.id.to_string(),
                at.micros(),
                &entry.actor,
                &entry.kind,
                &entry.subject,
            )
        })
        .collect();
    let Ok(json) = serde_json::to_string(&rows) else { return Ok(Vec::new()) };
    let entered = exec!(
        &mut *c,
        "INSERT INTO ledger (seq, id, prev, hash, actor, at, kind, subject, body, sig)
         SELECT value ->> 0, value ->> 1, zeroblob(32), zeroblob(32), value ->> 3, value ->> 2, value ->> 4,
                value ->> 5, x'', x'' FROM json_each($1) WHERE TRUE ON CONFLICT DO NOTHING",
        json.as_str()
    )?;
    if usize::try_from(entered).ok() == Some(rows.len()) {
        return Ok(Vec::new());
    }
    let mut faults = Vec::new();
    for (seq, id, ..) in &rows {
        let other =
            crate::scalar!(&mut *c, i64, "SELECT seq FROM ledger WHERE id = $1", id.as_str())?;
        if other.is_some_and(|other| other != *seq) {
            let other = other.unwrap_or_default();
            let told = format!("entry {seq} has the id {id}, which entry {other} has");
            faults.push(Fault::at(Place::Ledger, *seq, &told));
        }
    }
    Ok(faults)
}
