//! Which tables entries may have written since a place in the ledger: what was read from others stands as it was read.

use std::collections::BTreeSet;

use sqlx::FromRow;

use crate::domain::command;
use crate::ledger::{Hash, Tip};
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// More entries than these are not looked at one by one: everything is read again.
const MOST: i64 = 500;

/// Tables whose entries are about the store as a whole: a repair makes every table anew, a restore is another past.
const WHOLE: &[&str] = &["store", "restore", "restored"];

/// Tables that may have been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    /// Any of them.
    Everything,
    /// None but these.
    Tables(BTreeSet<&'static str>),
}

impl Touched {
    /// What entries of these kinds may write; an unknown kind may write anything.
    pub fn by<'k>(kinds: impl IntoIterator<Item = &'k str>) -> Self {
        let mut tables = BTreeSet::new();
        for kind in kinds {
            match command::kind(kind) {
                Some(spec) if !spec.tables.iter().any(|table| WHOLE.contains(table)) => {
                    tables.extend(spec.tables.iter().copied());
                }
                Some(_) | None => return Self::Everything,
            }
        }
        Self::Tables(tables)
    }

    /// Whether one of these may have been written.
    pub fn any(&self, tables: &[&str]) -> bool {
        match self {
            Self::Everything => true,
            Self::Tables(touched) => tables.iter().any(|table| touched.contains(table)),
        }
    }

    /// Whether none was.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Tables(tables) if tables.is_empty())
    }
}

#[derive(FromRow)]
struct Row {
    kind: String,
    hash: Vec<u8>,
}

/// What was touched by the entries after the one that was known, up to a place; everything if the ledger does not hold
/// that one any more.
pub async fn since(c: &mut Link<'_>, known: &Tip, upto: i64) -> Result<Touched, StoreError> {
    let found = rows!(
        c,
        Row,
        "SELECT kind, hash FROM ledger WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT $3",
        known.seq,
        upto,
        MOST
    )?;
    let stands = |row: &Row| Hash::try_from(row.hash.as_slice()).is_ok_and(|h| h == known.hash);
    let complete = i64::try_from(found.len()).is_ok_and(|found| found < MOST);
    Ok(match found.split_first() {
        Some((first, rest)) if complete && stands(first) => {
            Touched::by(rest.iter().map(|row| row.kind.as_str()))
        }
        Some(_) | None => Touched::Everything,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_that_nobody_knows_and_one_about_the_whole_store_touch_everything() {
        assert_eq!(Touched::by(["never.heard-of"]), Touched::Everything);
        assert_eq!(Touched::by(["risk.raised", "store.repaired"]), Touched::Everything);
        assert_eq!(Touched::by(["store.restored"]), Touched::Everything);
        let touched = Touched::by(["risk.raised", "log.added"]);
        assert!(touched.any(&["asset", "risk"]) && touched.any(&["log_line"]));
        assert!(!touched.any(&["asset", "change"]) && !touched.is_none());
        assert!(Touched::by([]).is_none());
    }
}
