//! Appending to the ledger: by the program on SQLite, by the database's own function on PostgreSQL.

use sqlx::FromRow;

use super::fault::StoreError;
use super::link::{Link, On};
use super::telling::Hand;
use crate::domain::command::Subject;
use crate::domain::names::Ref;
use crate::domain::time::Time;
use crate::ledger::{Draft, Entry, Hash, Id, NotAHash, Tip};
use crate::{exec, opt, scalar};

/// A row of the ledger as the engines hand it over.
#[derive(FromRow)]
pub struct EntryRow {
    seq: i64,
    id: String,
    prev: Vec<u8>,
    hash: Vec<u8>,
    actor: String,
    at: Time,
    kind: String,
    subject: String,
    body: Vec<u8>,
    sig: Vec<u8>,
}

/// Why a row of the ledger is no entry at all.
#[derive(Debug, thiserror::Error)]
pub enum RowFault {
    /// A hash has another length.
    #[error(transparent)]
    Hash(#[from] NotAHash),
    /// The id has another form.
    #[error(transparent)]
    Id(#[from] crate::ledger::NotAnId),
}

impl EntryRow {
    /// The row as an entry.
    ///
    /// # Errors
    /// If a hash or the id has another form than this program writes.
    pub fn into_entry(self) -> Result<Entry, RowFault> {
        Ok(Entry {
            seq: self.seq,
            id: self.id.parse()?,
            prev: Hash::try_from(self.prev.as_slice())?,
            hash: Hash::try_from(self.hash.as_slice())?,
            actor: self.actor,
            at: self.at,
            kind: self.kind,
            subject: self.subject,
            body: self.body,
            sig: self.sig,
        })
    }
}

/// The end of the ledger, with the store's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The store's id, a ULID.
    pub store_id: String,
    /// Where the ledger ends.
    pub tip: Tip,
}

#[derive(FromRow)]
struct HeadRow {
    store_id: String,
    seq: i64,
    hash: Vec<u8>,
    at: Time,
}

impl HeadRow {
    fn into_head(self) -> Result<Head, StoreError> {
        let hash = Hash::try_from(self.hash.as_slice()).map_err(|fault| StoreError::NotAStore {
            place: "the head".to_owned(),
            why: fault.to_string(),
        })?;
        Ok(Head { store_id: self.store_id, tip: Tip { seq: self.seq, hash, at: self.at } })
    }
}

/// The head as it stands; none in a store that was never founded.
pub async fn head(c: &mut Link<'_>) -> Result<Option<Head>, StoreError> {
    let row = opt!(c, HeadRow, "SELECT store_id, seq, hash, at FROM head WHERE one = 1")?;
    row.map(HeadRow::into_head).transpose()
}

/// Takes the lock that serialises writers, if the engine has not taken it with the transaction.
pub async fn lock(c: &mut Link<'_>) -> Result<(), StoreError> {
    match c {
        On::Sqlite(_) => Ok(()),
        On::Postgres(c) => {
            sqlx::query("SELECT api.lock()").execute(&mut **c).await?;
            Ok(())
        }
    }
}

/// The next reference of a numbered subject, under the lock.
async fn next(c: &mut Link<'_>, prefix: &str) -> Result<Ref, StoreError> {
    let last = scalar!(c, i64, "SELECT last FROM counter WHERE prefix = $1", prefix)?.unwrap_or(0);
    Ok(Ref::numbered(prefix, last.saturating_add(1)))
}

/// Sets the counter of a numbered subject to the number just given.
pub async fn count(c: &mut Link<'_>, subject: &Ref) -> Result<(), StoreError> {
    if let Some((prefix, number)) = subject.number() {
        exec!(
            c,
            "INSERT INTO counter (prefix, last) VALUES ($1, $2)
             ON CONFLICT (prefix) DO UPDATE SET last = excluded.last WHERE counter.last < excluded.last",
            prefix,
            number
        )?;
    }
    Ok(())
}

/// Writes an entry as it is, with the head that follows it: the embedded engine's and replay's way.
pub async fn insert(c: &mut Link<'_>, entry: &Entry, numbered: bool) -> Result<(), StoreError> {
    exec!(
        c,
        "INSERT INTO ledger (seq, id, prev, hash, actor, at, kind, subject, body, sig)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        entry.seq,
        entry.id.to_string(),
        entry.prev.as_bytes(),
        entry.hash.as_bytes(),
        &entry.actor,
        entry.at,
        &entry.kind,
        &entry.subject,
        entry.body.as_slice(),
        entry.sig.as_slice()
    )?;
    exec!(
        c,
        "UPDATE head SET seq = $1, hash = $2, at = $3 WHERE one = 1",
        entry.seq,
        entry.hash.as_bytes(),
        entry.at
    )?;
    if numbered && let Ok(subject) = Ref::new(&entry.subject) {
        count(c, &subject).await?;
    }
    Ok(())
}

/// Appends a draft about this subject, numbering it if it is new; gives the entry as it now stands.
///
/// # Errors
/// The database's own refusals on PostgreSQL; `Unavailable` if the engine breaks off.
pub async fn append(
    c: &mut Link<'_>,
    head: &Head,
    actor: &str,
    draft: Draft,
    subject: &Subject,
    hand: &Hand,
) -> Result<Entry, StoreError> {
    hand.check(&head.tip)?;
    if c.is_postgres() {
        return by_function(c, actor, draft, subject, hand).await;
    }
    let mut draft = draft;
    draft.subject = match subject {
        Subject::Is(subject) => subject.to_string(),
        Subject::New(prefix) => next(c, prefix).await?.to_string(),
    };
    let entry = draft.seal(&head.store_id, &head.tip, actor, hand.now());
    insert(c, &entry, matches!(subject, Subject::New(_))).await?;
    Ok(entry)
}

#[derive(FromRow)]
struct Appended {
    seq: i64,
    prev: Vec<u8>,
    hash: Vec<u8>,
    actor: String,
    at: Time,
    subject: String,
}

async fn by_function(
    c: &mut Link<'_>,
    actor: &str,
    draft: Draft,
    subject: &Subject,
    hand: &Hand,
) -> Result<Entry, StoreError> {
    let asked = match subject {
        Subject::Is(subject) => subject.to_string(),
        Subject::New(prefix) => format!("{prefix}-?"),
    };
    let appended = match hand {
        Hand::Live => opt!(
            c,
            Appended,
            "SELECT seq, prev, hash, actor, at, subject FROM api.append($1, $2, $3)",
            &draft.kind,
            asked,
            draft.body.as_slice()
        )?,
        Hand::Telling(_) => opt!(
            c,
            Appended,
            "SELECT seq, prev, hash, actor, at, subject FROM api.seed_append($1, $2, $3, $4, $5)",
            actor,
            hand.now(),
            &draft.kind,
            asked,
            draft.body.as_slice()
        )?,
    }
    .ok_or_else(|| StoreError::Unavailable("api.append gave no entry".to_owned()))?;
    let hash = |bytes: &[u8]| {
        Hash::try_from(bytes).map_err(|fault| StoreError::Unavailable(fault.to_string()))
    };
    Ok(Entry {
        seq: appended.seq,
        id: draft.id,
        prev: hash(&appended.prev)?,
        hash: hash(&appended.hash)?,
        actor: appended.actor,
        at: appended.at,
        kind: draft.kind,
        subject: appended.subject,
        body: draft.body,
        sig: Vec::new(),
    })
}

/// The entry with this id, if it stands.
pub async fn by_id(c: &mut Link<'_>, id: &Id) -> Result<Option<Entry>, StoreError> {
    let row = opt!(
        c,
        EntryRow,
        "SELECT seq, id, prev, hash, actor, at, kind, subject, body, sig FROM ledger WHERE id = $1",
        id.to_string()
    )?;
    row.map(|row| row.into_entry().map_err(|fault| StoreError::Unavailable(fault.to_string())))
        .transpose()
}
