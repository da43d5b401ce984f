//! The audit trail as it is read: entries from a place or an instant on, of one subject or of all.
//!
//! An entry is shown whatever it holds: one that cannot be read must not hide.

use std::collections::HashMap;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::domain::time::Time;
use crate::store::append::EntryRow;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::reader::Snapshot;
use crate::{rows, scalar};

/// An entry as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct LogEntry {
    /// Its place.
    pub seq: i64,
    /// The store's clock when it was written.
    pub at: Time,
    /// The store's id.
    pub store: String,
    /// Who wrote it.
    pub actor: String,
    /// What happened, in the past tense.
    pub kind: String,
    /// What it happened to.
    pub subject: String,
    /// The site that its body names.
    pub site: Option<String>,
    /// The entry that made it follow.
    pub cause: Option<i64>,
    /// Its body as it was written; a text if it is no JSON.
    pub body: Box<RawValue>,
    /// The hash of the entry before it, hexadecimal.
    pub prev: String,
    /// Its own hash, hexadecimal.
    pub hash: String,
    /// Its signature, hexadecimal; empty if it is not signed.
    pub sig: String,
    /// Its id.
    pub id: String,
}

/// Where the log is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// From this place on, itself included.
    Seq(i64),
    /// From this instant on.
    Time(Time),
}

impl Since {
    /// The very first entry.
    pub const START: Self = Self::Seq(1);

    /// Reads `812` or `2026-11-22T14:00:00Z`; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(seq) = text.parse::<i64>() {
            return (seq >= 0).then_some(Self::Seq(seq));
        }
        let day = format!("{text}T00:00:00Z");
        text.parse().or_else(|_| day.parse()).ok().map(Self::Time)
    }
}

/// Which entries are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogQuery {
    /// From where on.
    pub since: Since,
    /// Only of this subject.
    pub subject: Option<String>,
    /// Most entries.
    pub limit: i64,
}

#[derive(Deserialize, Default)]
struct Outline {
    #[serde(default)]
    site: Option<String>,
    #[serde(default)]
    cause: Option<String>,
}

/// The body as JSON: as it stands if it is, else as a text.
fn shown(body: &[u8]) -> Result<Box<RawValue>, StoreError> {
    let fault = |fault| StoreError::Body(crate::ledger::BodyFault::Form(fault));
    if let Ok(text) = std::str::from_utf8(body)
        && let Ok(raw) = serde_json::from_str::<Box<RawValue>>(text)
    {
        return Ok(raw);
    }
    serde_json::value::to_raw_value(&String::from_utf8_lossy(body)).map_err(fault)
}

/// The place of the first entry that is not before this instant.
async fn first_at(c: &mut Link<'_>, at: Time, last: i64) -> Result<i64, StoreError> {
    // Times never go back along the ledger, so that halving finds the place without an index.
    let (mut low, mut high) = (1, last.saturating_add(1));
    while low < high {
        let middle = low + (high - low) / 2;
        let found = scalar!(c, Time, "SELECT at FROM ledger WHERE seq = $1", middle)?;
        if found.is_some_and(|found| found < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// Reads entries in their order.
pub async fn log(
    c: &mut Link<'_>,
    at: &Snapshot,
    query: &LogQuery,
) -> Result<Vec<LogEntry>, StoreError> {
    let last = at.head.tip.seq;
    let from = match query.since {
        Since::Seq(seq) => seq,
        Since::Time(time) => first_at(c, time, last).await?,
    };
    let found = match &query.subject {
        Some(subject) => rows!(
            c,
            EntryRow,
            "SELECT seq, id, prev, hash, actor, at, kind, subject, body, sig FROM ledger
             WHERE subject = $1 AND seq >= $2 AND seq <= $3 ORDER BY seq LIMIT $4",
            subject,
            from,
            last,
            query.limit
        )?,
        None => rows!(
            c,
            EntryRow,
            "SELECT seq, id, prev, hash, actor, at, kind, subject, body, sig FROM ledger
             WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT $3",
            from,
            last,
            query.limit
        )?,
    };
    told(c, at, found).await
}

/// These rows as entries, each with the place of what it follows from.
pub async fn told(
    c: &mut Link<'_>,
    at: &Snapshot,
    found: Vec<EntryRow>,
) -> Result<Vec<LogEntry>, StoreError> {
    let last = at.head.tip.seq;
    let mut places: HashMap<String, Option<i64>> =
        found.iter().map(|row| (row.id.clone(), Some(row.seq))).collect();
    let mut entries = Vec::with_capacity(found.len());
    for row in found {
        let outline: Outline = serde_json::from_slice(&row.body).unwrap_or_default();
        let cause = match outline.cause {
            Some(id) => place_of(c, &mut places, id, last).await?,
            None => None,
        };
        entries.push(LogEntry {
            seq: row.seq,
            at: row.at,
            store: at.head.store_id.clone(),
            actor: row.actor,
            kind: row.kind,
            subject: row.subject,
            site: outline.site,
            cause,
            body: shown(&row.body)?,
            prev: HEXLOWER.encode(&row.prev),
            hash: HEXLOWER.encode(&row.hash),
            sig: HEXLOWER.encode(&row.sig),
            id: row.id,
        });
    }
    Ok(entries)
}

async fn place_of(
    c: &mut Link<'_>,
    places: &mut HashMap<String, Option<i64>>,
    id: String,
    last: i64,
) -> Result<Option<i64>, StoreError> {
    if let Some(known) = places.get(&id) {
        return Ok(*known);
    }
    let found = scalar!(c, i64, "SELECT seq FROM ledger WHERE id = $1 AND seq <= $2", &id, last)?;
    places.insert(id, found);
    Ok(found)
}

/// The places of all entries of a subject.
pub async fn places(
    c: &mut Link<'_>,
    at: &Snapshot,
    subject: &str,
) -> Result<Vec<i64>, StoreError> {
    let found = rows!(
        c,
        (i64,),
        "SELECT seq FROM ledger WHERE subject = $1 AND seq <= $2 ORDER BY seq",
        subject,
        at.head.tip.seq
    )?;
    Ok(found.into_iter().map(|(seq,)| seq).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_or_an_instant_says_where_to_begin() {
        assert_eq!(Since::parse("812"), Some(Since::Seq(812)));
        assert!(matches!(Since::parse("2026-11-22T14:00:00Z"), Some(Since::Time(_))));
        assert!(matches!(Since::parse("2026-11-22"), Some(Since::Time(_))));
        assert_eq!(Since::parse("yesterday"), None);
    }

    #[test]
    fn a_body_that_is_no_json_is_shown_as_text() {
        assert_eq!(shown(b"{\"a\":1}").unwrap().get(), "{\"a\":1}");
        assert_eq!(shown(b"{\"a\":").unwrap().get(), "\"{\\\"a\\\":\"");
    }
}
