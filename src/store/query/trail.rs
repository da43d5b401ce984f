//! The audit trail as a list: entries by who wrote them, of what kind, about what and when, the newest first.

use serde::Serialize;
use sqlx::FromRow;

use super::engine::{self, By, List, Listed, Of, Paged, Question};
use super::log::{self, LogEntry};
use crate::domain::filter::{Compare, Filter, Of as Kind, Term, Test, Word};
use crate::store::append::EntryRow;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::reader::Snapshot;

/// The place of an entry, as the filter line calls it.
const PLACE: &str = "entry";

/// The entries of the ledger.
pub static TRAIL: List = List {
    name: "log",
    from: "ledger t",
    base: "1 = 1",
    filters: &[
        By { word: Word { name: "who", of: Kind::Word }, sql: &[("t.actor", "")] },
        // A kind whole, `change.approved`, or by what it is of, `change`.
        By {
            word: Word { name: "kind", of: Kind::Word },
            sql: &[
                ("t.kind", ""),
                ("RTRIM(RTRIM(t.kind, 'abcdefghijklmnopqrstuvwxyz_-'), '.')", ""),
            ],
        },
        By { word: Word { name: "object", of: Kind::Word }, sql: &[("t.subject", "")] },
        By { word: Word { name: "at", of: Kind::Time }, sql: &[("t.at", "")] },
        By { word: Word { name: PLACE, of: Kind::Number }, sql: &[("t.seq", "")] },
    ],
    text: "LOWER(t.actor || ' ' || t.kind || ' ' || t.subject)",
    order: &[("t.seq", Of::Int)],
    descending: true,
    same: "t.seq = p.k0",
    columns: "t.seq, t.id, t.prev, t.hash, t.actor, t.at, t.kind, t.subject, t.body, t.sig",
    with: "",
};

/// An entry as it stands in the ledger.
#[derive(Serialize, FromRow)]
pub struct Stands {
    #[sqlx(flatten)]
    #[serde(skip)]
    row: EntryRow,
}

impl Listed for Stands {
    const LIST: &'static List = &TRAIL;
}

/// A filter of the trail, which ends where the snapshot does.
pub fn filter(mut filter: Filter, at: &Snapshot) -> Filter {
    let end = Test::Number(Compare::AtMost, at.head.tip.seq);
    filter.terms.push(Term { word: PLACE, test: end, also: Vec::new() });
    filter
}

/// Reads a page.
pub async fn page(
    c: &mut Link<'_>,
    at: &Snapshot,
    question: &Question<'_>,
) -> Result<Paged<LogEntry>, StoreError> {
    let found: Paged<Stands> = engine::page(c, question).await?;
    let rows = found.rows.into_iter().map(|stands| stands.row).collect();
    Ok(Paged { rows: log::told(c, at, rows).await?, next: found.next })
}
