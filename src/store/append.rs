//! Appending to the ledger: by the program on SQLite, by the database's own function on PostgreSQL.

mod function;

use std::collections::BTreeMap;

use sqlx::{FromRow, PgConnection};

use super::facts::{self, Met};
use super::fault::StoreError;
use super::link::{Link, On};
use super::telling::Hand;
use crate::domain::command::Subject;
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::time::Time;
use crate::ledger::{Draft, Entry, Hash, Id, NotAHash, Tip};
use crate::{exec, insert, opt, scalar};

/// A row of the ledger as the engines hand it over.
#[derive(FromRow)]
pub struct EntryRow {
    pub(super) seq: i64,
    pub(super) id: String,
    pub(super) prev: Vec<u8>,
    pub(super) hash: Vec<u8>,
    pub(super) actor: String,
    pub(super) at: Time,
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) body: Vec<u8>,
    pub(super) sig: Vec<u8>,
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

#[derive(FromRow)]
struct LockedRow {
    #[sqlx(flatten)]
    head: HeadRow,
    stood: Option<Vec<u8>>,
}

impl Head {
    /// The head of these columns.
    ///
    /// # Errors
    /// `NotAStore` if the hash has another length.
    pub fn of(store_id: String, seq: i64, hash: &[u8], at: Time) -> Result<Self, StoreError> {
        let hash = Hash::try_from(hash).map_err(|fault| StoreError::NotAStore {
            place: "the head".to_owned(),
            why: fault.to_string(),
        })?;
        Ok(Self { store_id, tip: Tip { seq, hash, at } })
    }
}

impl HeadRow {
    fn into_head(self) -> Result<Head, StoreError> {
        Head::of(self.store_id, self.seq, &self.hash, self.at)
    }
}

/// The head as it stands; none in a store that was never founded.
pub async fn head(c: &mut Link<'_>) -> Result<Option<Head>, StoreError> {
    let row = opt!(c, HeadRow, "SELECT store_id, seq, hash, at FROM head WHERE one = 1")?;
    row.map(HeadRow::into_head).transpose()
}

#[derive(FromRow)]
struct BegunRow {
    store_id: String,
    seq: i64,
    hash: Vec<u8>,
    at: i64,
    clock: i64,
}

/// Begins a read transaction on a server: where the ledger ends and what the server's clock says, in one exchange.
pub async fn begin_on_server(c: &mut PgConnection) -> Result<Option<(Head, Time)>, StoreError> {
    // Statements that go together are answered in text, in which an instant is a number of microseconds.
    let found = sqlx::raw_sql(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
         SELECT store_id, seq, hash, CAST(EXTRACT(EPOCH FROM at) * 1000000 AS BIGINT) AS at,
                CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS clock
         FROM head WHERE one = 1",
    )
    .fetch_all(&mut *c)
    .await?;
    let Some(row) = found.first() else { return Ok(None) };
    let BegunRow { store_id, seq, hash, at, clock } = BegunRow::from_row(row)?;
    let head = HeadRow { store_id, seq, hash, at: Time::from_micros(at) }.into_head()?;
    Ok(Some((head, Time::from_micros(clock))))
}

/// Takes the lock that serialises writers, if the engine has not taken it with the transaction, and says where the
/// ledger ends, with what stands where it was seen to end, if that was read too; none in a store that was never founded.
pub async fn lock(
    c: &mut Link<'_>,
    seen: Option<&Tip>,
) -> Result<Option<(Head, Option<Hash>)>, StoreError> {
    match c {
        On::Sqlite(_) => Ok(head(c).await?.map(|head| (head, None))),
        On::Postgres(c) => {
            // Beside the lock, which may wait, is read what does not change: the id, and what stands where the ledger
            // was seen to end before. The end is what the lock says when it is held.
            let row = sqlx::query_as::<_, LockedRow>(
                "SELECT h.store_id, l.seq, l.hash, l.at, s.hash AS stood
                 FROM api.lock() l CROSS JOIN head h LEFT JOIN ledger s ON s.seq = $1 WHERE h.one = 1",
            )
            .bind(seen.map(|seen| seen.seq))
            .fetch_optional(&mut **c)
            .await?;
            let Some(LockedRow { head, stood }) = row else { return Ok(None) };
            let stood = stood.and_then(|stood| Hash::try_from(stood.as_slice()).ok());
            Ok(Some((head.into_head()?, stood)))
        }
    }
}

/// Counts the next reference of a numbered subject, under the lock.
async fn next(c: &mut Link<'_>, prefix: &str) -> Result<Ref, StoreError> {
    let next = scalar!(
        c,
        i64,
        "INSERT INTO counter (prefix, last) VALUES ($1, 1)
         ON CONFLICT (prefix) DO UPDATE SET last = counter.last + 1 RETURNING last",
        prefix
    )?;
    Ok(Ref::numbered(prefix, next.unwrap_or(1)))
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

/// Writes an entry as it is, with the head that follows it: the embedded engine's way.
pub async fn insert(c: &mut Link<'_>, entry: &Entry) -> Result<(), StoreError> {
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
    Ok(())
}

/// Appends a draft about this subject, numbering it if it is new; gives the entry as it now stands, with who wrote it and
/// the site that was asked for as they stand under the lock.
///
/// # Errors
/// The database's own refusals on PostgreSQL; `Unavailable` if the engine breaks off.
pub async fn append_by(
    c: &mut Link<'_>,
    head: &Head,
    actor: &Login,
    site: Option<&SiteCode>,
    draft: Draft,
    subject: &Subject,
    hand: &Hand,
) -> Result<(Entry, Met), StoreError> {
    if let (On::Postgres(c), Hand::Live) = (&mut *c, hand) {
        return function::one_by(c, actor, site, draft, subject).await;
    }
    let entry = append(c, head, actor.as_str(), draft, subject, hand).await?;
    Ok((entry, facts::met(c, actor, site).await?))
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
        return function::one(c, actor, draft, subject, hand).await;
    }
    let mut draft = draft;
    draft.subject = match subject {
        Subject::Is(subject) => subject.to_string(),
        Subject::New(prefix) => next(c, prefix).await?.to_string(),
    };
    let entry = draft.seal(&head.store_id, &head.tip, actor, hand.now());
    insert(c, &entry).await?;
    Ok(entry)
}

/// Appends drafts in their order, all at one instant; gives the entries as they now stand.
///
/// # Errors
/// As for one; `Invalid` on PostgreSQL for more than a thousand.
pub async fn append_many(
    c: &mut Link<'_>,
    head: &Head,
    actor: &str,
    drafts: Vec<(Draft, Subject)>,
) -> Result<Vec<Entry>, StoreError> {
    if c.is_postgres() {
        return function::many(c, drafts).await;
    }
    let now = crate::clock::now();
    let mut tip = head.tip;
    let mut entries = Vec::with_capacity(drafts.len());
    let mut given: BTreeMap<&str, Ref> = BTreeMap::new();
    for (mut draft, subject) in drafts {
        draft.subject = match subject {
            Subject::Is(subject) => subject.to_string(),
            Subject::New(prefix) => {
                let next = match given.get(prefix).and_then(Ref::number) {
                    Some((_, last)) => Ref::numbered(prefix, last.saturating_add(1)),
                    None => next(c, prefix).await?,
                };
                given.insert(prefix, next.clone());
                next.to_string()
            }
        };
        let entry = draft.seal(&head.store_id, &tip, actor, now);
        tip = Tip::after(&entry);
        entries.push(entry);
    }
    insert!(
        c,
        "INSERT INTO ledger (seq, id, prev, hash, actor, at, kind, subject, body, sig) ",
        entries,
        64,
        |b, entry| {
            b.push_bind(entry.seq)
                .push_bind(entry.id.to_string())
                .push_bind(entry.prev.as_bytes())
                .push_bind(entry.hash.as_bytes())
                .push_bind(&entry.actor)
                .push_bind(entry.at)
                .push_bind(&entry.kind)
                .push_bind(&entry.subject)
                .push_bind(entry.body.as_slice())
                .push_bind(entry.sig.as_slice());
        },
        ""
    );
    exec!(
        c,
        "UPDATE head SET seq = $1, hash = $2, at = $3 WHERE one = 1",
        tip.seq,
        tip.hash.as_bytes(),
        tip.at
    )?;
    for last in given.values() {
        count(c, last).await?;
    }
    Ok(entries)
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
