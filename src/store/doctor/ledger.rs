//! A quick look at the end of the chain: enough to see a store that was edited or broken off, not a proof.

use super::Finding;
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
    let Some(head) = append::head(c).await? else {
        return Ok(Finding::fault("ledger", "the store has no head", fix));
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
            Err(fault) => return Ok(Finding::fault("ledger", fault.to_string(), fix)),
        };
        if let Some(before) = &before
            && let Err(fault) = check_link(&store.facts().store_id, before, &entry)
        {
            return Ok(Finding::fault("ledger", fault.to_string(), fix));
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
        return Ok(Finding::fault("ledger", told, fix));
    }
    let code = head_code(ends.seq, &ends.hash);
    Ok(Finding::ok("ledger", format!("ends at {code}, the last {many} entries hold")))
}
