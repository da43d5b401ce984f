//! Where the ledger ends, with the entries since a place and what stands where it was seen to end before: one statement,
//! because every console asks it after every commit.

use sqlx::FromRow;

use super::{NAMED, Row};
use crate::domain::time::Time;
use crate::ledger::{Hash, Tip};
use crate::rows;
use crate::store::append::Head;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::open::Store;

/// The end of the ledger, as it was read.
pub struct End {
    /// Where it ends.
    pub tip: Tip,
    /// The entries since the tip that was known; not all of them, if they are more than are named.
    pub entries: Vec<Row>,
    /// Whether the ledger still holds the tip that was known.
    pub follows: bool,
}

#[derive(FromRow)]
struct Found {
    store_id: String,
    ends: i64,
    ends_hash: Vec<u8>,
    ends_at: Time,
    seq: Option<i64>,
    hash: Option<Vec<u8>>,
    kind: Option<String>,
    subject: Option<String>,
    body: Option<Vec<u8>>,
}

impl Found {
    fn head(&self) -> Result<Head, StoreError> {
        Head::of(self.store_id.clone(), self.ends, &self.ends_hash, self.ends_at)
    }

    fn stands_at(&self, seq: i64) -> Option<Hash> {
        let hash = self.hash.as_deref().filter(|_| self.seq == Some(seq))?;
        Hash::try_from(hash).ok()
    }

    /// The entry, if it is one since the tip that was known.
    fn entry(self) -> Option<Row> {
        let (seq, kind, subject) = (self.seq?, self.kind?, self.subject?);
        Some(Row { seq, kind, subject, body: self.body? })
    }
}

/// Reads the end, if the ledger still holds what was seen of it.
///
/// # Errors
/// As of a store that is looked at; `Unavailable` if it was never founded.
pub async fn read(c: &mut Link<'_>, store: &Store, known: Option<&Tip>) -> Result<End, StoreError> {
    // First: what others of this program see while the end is read stands behind it.
    let seen = store.furthest();
    let known_seq = known.map_or(i64::MAX, |tip| tip.seq);
    let from = seen.map_or(known_seq, |seen| seen.seq.min(known_seq));
    let found = rows!(
        &mut *c,
        Found,
        "SELECT h.store_id, h.seq AS ends, h.hash AS ends_hash, h.at AS ends_at, l.seq, l.hash, l.kind, l.subject,
                CASE WHEN l.seq > $2 THEN l.body END AS body
         FROM head h LEFT JOIN ledger l ON l.seq >= $1 AND l.seq <= h.seq
         WHERE h.one = 1 ORDER BY l.seq LIMIT $3",
        from,
        known_seq,
        NAMED + 1
    )?;
    let first =
        found.first().ok_or_else(|| StoreError::Unavailable("the store has no head".to_owned()))?;
    let head = first.head()?;
    let stands = |seq: i64| found.iter().find_map(|row| row.stands_at(seq));
    let stood = seen.and_then(|seen| stands(seen.seq));
    let follows = known.is_some_and(|tip| stands(tip.seq) == Some(tip.hash));
    store.check_seen(c, seen, &head, stood).await?;
    let entries = found.into_iter().filter_map(Found::entry).collect();
    Ok(End { tip: head.tip, entries, follows })
}
