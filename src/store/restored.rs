//! Which heads that the ledger does not hold are explained by a restore that two persons have said.
//!
//! What they said is read from the ledger and played by the rules into a store in memory, from the entries that
//! rights rest on alone: a row that somebody planted explains nothing.

use sqlx::FromRow;

use super::append::EntryRow;
use super::fault::StoreError;
use super::link::Link;
use super::replay::Fragment;
use super::write::Write;
use crate::domain::command::table;
use crate::domain::head::HeadCode;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::restore::{Loss, Restore};
use crate::domain::time::Time;
use crate::ledger::{Entry, Hash, Tip, head_code};
use crate::{rows, scalar};

/// The subjects whose entries say who may restore a store, and that it was restored.
const SUBJECTS: &[&str] = &["store", "restore", "site", "person"];

#[derive(FromRow)]
struct LossRow {
    r#ref: String,
    kept: i64,
    reason: String,
    proposed_by: String,
    proposed_at: Time,
    proposal: i64,
    confirmed_by: String,
    confirmed_at: Time,
    seq: i64,
}

/// The losses that the tables of a replay hold, in the order in which they were confirmed.
pub async fn losses(c: &mut Link<'_>) -> Result<Vec<Loss>, StoreError> {
    let found = rows!(
        c,
        LossRow,
        "SELECT p.ref, p.kept, p.reason, p.proposed_by, p.proposed_at, p.seq AS proposal,
                c.confirmed_by, c.confirmed_at, c.seq
         FROM restored c JOIN restore p ON p.ref = c.restore_ref ORDER BY c.seq"
    )?;
    let loss = |row: LossRow| {
        Some(Loss {
            seq: row.seq,
            proposal: row.proposal,
            kept: row.kept,
            old_head: row.r#ref.parse::<HeadCode>().ok()?,
            reason: row.reason,
            proposed_by: row.proposed_by,
            proposed_at: row.proposed_at,
            confirmed_by: row.confirmed_by,
            confirmed_at: row.confirmed_at,
        })
    };
    Ok(found.into_iter().filter_map(loss).collect())
}

/// The entries of these subjects, in their order; none while the tables know no restore, which is cheap to ask.
async fn entries(c: &mut Link<'_>) -> Result<Vec<Entry>, StoreError> {
    if scalar!(&mut *c, i64, "SELECT seq FROM restored LIMIT 1")?.is_none() {
        return Ok(Vec::new());
    }
    let kinds: Vec<_> =
        table().filter(|spec| SUBJECTS.contains(&spec.subject)).map(|spec| spec.kind).collect();
    let mut found = Vec::new();
    for kind in kinds {
        found.extend(rows!(
            &mut *c,
            EntryRow,
            "SELECT seq, id, prev, hash, actor, at, kind, subject, body, sig FROM ledger WHERE kind = $1",
            kind
        )?);
    }
    let mut entries: Vec<_> = found.into_iter().filter_map(|row| row.into_entry().ok()).collect();
    entries.sort_unstable_by_key(|entry| entry.seq);
    Ok(entries)
}

impl Write<'_> {
    /// Refuses a proposal that the ledger itself speaks against: it holds the old head, or not the backup's.
    ///
    /// # Errors
    /// `conflict` for a head that is not lost, `unknown` for a backup that this store did not come from.
    pub async fn lacks(&mut self, proposal: &Restore) -> Result<(), StoreError> {
        let Restore { old_head, backup_head, .. } = proposal;
        if self.holds(old_head).await? {
            return Err(Refusal::new(
                Code::Conflict,
                format!("the store holds {old_head}: nothing up to it is lost"),
                "give the last head that anybody saw and the store lacks",
            )
            .into());
        }
        if let Some(backup) = backup_head
            && !self.holds(backup).await?
        {
            return Err(Refusal::new(
                Code::Unknown,
                format!("the store does not hold {backup}: it did not come from that backup"),
                "give the head of the backup as `smc backup` printed it",
            )
            .into());
        }
        Ok(())
    }

    async fn holds(&mut self, head: &HeadCode) -> Result<bool, StoreError> {
        let stands = scalar!(
            &mut self.link()?,
            Vec<u8>,
            "SELECT hash FROM ledger WHERE seq = $1",
            head.seq
        )?;
        let stands = stands.and_then(|bytes| Hash::try_from(bytes.as_slice()).ok());
        Ok(stands.is_some_and(|hash| head_code(head.seq, &hash) == *head))
    }
}

/// The loss that explains why the ledger of this store does not hold a head that was seen, if one does.
pub async fn explained(
    c: &mut Link<'_>,
    store_id: &str,
    seen: &Tip,
) -> Result<Option<Loss>, StoreError> {
    let entries = entries(c).await?;
    if entries.is_empty() {
        return Ok(None);
    }
    let mut fragment = Fragment::of(store_id, entries).await?;
    let code = head_code(seen.seq, &seen.hash);
    let losses = losses(&mut fragment.link()).await?;
    Ok(losses.into_iter().rev().find(|loss| loss.explains(&code, seen.at)))
}
