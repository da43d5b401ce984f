//! Rows of restores: what was proposed and what was confirmed, each written once.

use crate::domain::restore::Kind;
use crate::exec;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;

/// The row of a proposal, or of its confirmation.
pub async fn restore(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Proposed(made) => exec!(
            c,
            "INSERT INTO restore (ref, kept, reason, proposed_by, proposed_at, seq)
             VALUES ($1, $2, $3, $4, $5, $6)",
            said.subject.as_str(),
            made.kept(said.entry.seq),
            made.reason.as_str(),
            said.actor.as_str(),
            said.entry.at,
            said.entry.seq
        )?,
        Kind::Restored(_) => exec!(
            c,
            "INSERT INTO restored (restore_ref, proposed_by, confirmed_by, confirmed_at, seq)
             SELECT ref, proposed_by, $1, $2, $3 FROM restore WHERE ref = $4",
            said.actor.as_str(),
            said.entry.at,
            said.entry.seq,
            said.subject.as_str()
        )?,
    };
    Ok(())
}
