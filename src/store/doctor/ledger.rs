//! A quick look at the end of the chain: enough to see a store that was edited or broken off, not a proof.

use super::Finding;
use crate::domain::words;
use crate::ledger::{Tip, check_link, head_code};
use crate::rows;
use crate::store::append::{self, EntryRow};
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::open::Store;

/// Entries at the end that are looked at.
const LAST: i64 = 1_000;

/// Checks the last entries against each other and against the head.
pub async fn tail(c: &mut Link<'_>, store: &Store) -> Result<Finding, StoreError> {
    let fix = "keep a copy, run `smc verify`, and let the store's owner run `smc repair`";
    Ok(match end(c, store).await? {
        Ok(told) => Finding::ok("ledger", told),
        Err(fault) => Finding::fault("ledger", fault, fix),
    })
}

/// What is wrong with the last entries, if anything is.
///
/// # Errors
/// If the store does not answer.
pub async fn last_entries(c: &mut Link<'_>, store: &Store) -> Result<Option<String>, StoreError> {
    Ok(end(c, store).await?.err())
}

async fn end(c: &mut Link<'_>, store: &Store) -> Result<Result<String, String>, StoreError> {
    let Some(head) = append::head(c).await? else {
        return Ok(Err("the store has no head".to_owned()));
    };
    let found = rows!(
        c,
        EntryRow,
        "SELECT seq, id, prev, hash, actor, at, kind, subject, body, sig FROM ledger
         WHERE seq > $1 AND seq <= $2 ORDER BY seq",
        head.tip.seq.saturating_sub(LAST),
        head.tip.seq
    )?;
    let many = found.len();
    let mut before: Option<Tip> = (head.tip.seq <= LAST).then_some(Tip::EMPTY);
    for row in found {
        let entry = match row.into_entry() {
            Ok(entry) => entry,
            Err(fault) => return Ok(Err(fault.to_string())),
        };
        if let Some(before) = &before
            && let Err(fault) = check_link(&store.facts().store_id, before, &entry)
        {
            return Ok(Err(fault.to_string()));
        }
        before = Some(Tip::after(&entry));
    }
    let ends = before.unwrap_or(Tip::EMPTY);
    if (ends.seq, ends.hash) != (head.tip.seq, head.tip.hash) {
        let told = format!(
            "the ledger ends at {}, its head says {}",
            head_code(ends.seq, &ends.hash),
            head_code(head.tip.seq, &head.tip.hash)
        );
        return Ok(Err(told));
    }
    let code = head_code(ends.seq, &ends.hash);
    let hold = if many == 1 { "holds" } else { "hold" };
    Ok(Ok(format!("ends at {code}, the last {} {hold}", words::count(many, "entry"))))
}
