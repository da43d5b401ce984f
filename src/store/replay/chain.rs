//! One page of the ledger held against itself: rows, links, hashes, bodies. It runs away from the runtime's threads.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row};

use super::report::{Fault, Place, Signatures};
use crate::domain::time::Time;
use crate::ledger::{Body, Entry, Hash, LinkFault, Tip, check_link};
use crate::store::append::EntryRow;
use crate::store::link::On;

/// A row as an engine handed it over, not yet trusted to be an entry.
pub type Raw = On<SqliteRow, PgRow>;

/// A row of the ledger, read.
#[derive(Debug)]
pub struct Item {
    /// The entry and its body, if both can be read.
    pub entry: Option<(Entry, Body)>,
    /// Where the ledger ends with this row, as it is stored.
    pub end: End,
}

/// The end of the ledger as the last row stores it, which may be damaged.
#[derive(Clone, Copy, Debug)]
pub struct End {
    tip: Tip,
    whole: bool,
}

/// A page that was checked.
#[derive(Debug, Default)]
pub struct Page {
    /// The rows in their order.
    pub items: Vec<Item>,
    /// What was found in them, but for the link of the first to the page before.
    pub faults: Vec<Fault>,
    /// How they are signed.
    pub signatures: Signatures,
    /// The first entry, whose link is still to be checked.
    pub first: Option<Entry>,
}

impl End {
    /// Before the first entry.
    pub const START: Self = Self { tip: Tip::EMPTY, whole: true };

    /// The end as it is stored.
    pub const fn tip(&self) -> &Tip {
        &self.tip
    }

    /// The same end, taken to be at another place, with a hash that nobody knows.
    #[must_use]
    pub const fn at(self, seq: i64) -> Self {
        Self { tip: Tip { seq, ..self.tip }, whole: false }
    }

    /// Whether the hash could be read.
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// The end at an entry with this hash and time.
    pub const fn after(tip: Tip) -> Self {
        Self { tip, whole: true }
    }
}

fn entry(row: &Raw) -> Result<Entry, String> {
    let read = match row {
        On::Sqlite(row) => EntryRow::from_row(row),
        On::Postgres(row) => EntryRow::from_row(row),
    };
    read.map_err(|error| error.to_string())?.into_entry().map_err(|fault| fault.to_string())
}

/// What can still be read of a row that is no entry.
fn remains(row: &Raw, before: &Tip) -> End {
    let (seq, hash, at) = match row {
        On::Sqlite(row) => (
            row.try_get("seq").ok(),
            row.try_get::<Vec<u8>, _>("hash").ok(),
            row.try_get("at").ok(),
        ),
        On::Postgres(row) => (
            row.try_get("seq").ok(),
            row.try_get::<Vec<u8>, _>("hash").ok(),
            row.try_get("at").ok(),
        ),
    };
    let hash = hash.and_then(|bytes| Hash::try_from(bytes.as_slice()).ok());
    let at: Option<Time> = at;
    let tip = Tip {
        seq: seq.unwrap_or_else(|| before.seq.saturating_add(1)),
        hash: hash.unwrap_or(Hash::ZERO),
        at: at.unwrap_or(before.at),
    };
    End { tip, whole: hash.is_some() }
}

/// Every way in which an entry does not fit the one before it.
pub fn link(store_id: &str, before: &End, entry: &Entry) -> Vec<Fault> {
    let mut tip = before.tip;
    if !before.whole {
        tip.hash = entry.prev;
    }
    let mut faults = Vec::new();
    // One fault hides the next: mend each in thought, and look again.
    while let Err(fault) = check_link(store_id, &tip, entry) {
        faults.push(Fault::at(Place::Ledger, entry.seq, &fault.to_string()));
        match fault {
            LinkFault::Place { found, .. } => match found.checked_sub(1) {
                Some(seq) => tip.seq = seq,
                None => break,
            },
            LinkFault::Previous { .. } => tip.hash = entry.prev,
            LinkFault::Content { .. } | LinkFault::Time { .. } => break,
        }
    }
    faults
}

/// An entry by itself, if its bytes are what its hash covers and its body can be read.
pub fn unchanged(store_id: &str, entry: Entry) -> Option<Item> {
    if entry.preimage(store_id).hash() != entry.hash {
        return None;
    }
    let body = entry.parse_body().ok()?;
    let end = End::after(Tip::after(&entry));
    Some(Item { entry: Some((entry, body)), end })
}

/// Checks the rows of a page.
pub fn check(store_id: &str, rows: &[Raw]) -> Page {
    let mut page = Page { items: Vec::with_capacity(rows.len()), ..Page::default() };
    let mut before: Option<End> = None;
    for row in rows {
        let entry = match entry(row) {
            Ok(entry) => entry,
            Err(why) => {
                let end = remains(row, &before.map_or(Tip::EMPTY, |end| end.tip));
                let told = format!("entry {} cannot be read: {why}", end.tip.seq);
                page.faults.push(Fault::at(Place::Ledger, end.tip.seq, &told));
                page.items.push(Item { entry: None, end });
                before = Some(end);
                continue;
            }
        };
        match &before {
            Some(before) => page.faults.extend(link(store_id, before, &entry)),
            None => page.first = Some(entry.clone()),
        }
        if entry.sig.is_empty() {
            page.signatures.unsigned += 1;
        } else {
            page.signatures.bad += 1;
            let told = format!("entry {} carries a signature of no known key", entry.seq);
            page.faults.push(Fault::at(Place::Ledger, entry.seq, &told));
        }
        let end = End { tip: Tip::after(&entry), whole: true };
        let entry = match entry.parse_body() {
            Ok(body) => Some((entry, body)),
            Err(fault) => {
                let told = format!("entry {} cannot be read: {fault}", entry.seq);
                page.faults.push(Fault::at(Place::Ledger, entry.seq, &told));
                None
            }
        };
        page.items.push(Item { entry, end });
        before = Some(end);
    }
    page
}
