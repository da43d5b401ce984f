//! Rows of bypasses.

use super::posture;
use crate::domain::bypass::{Kind, Place};
use crate::domain::posture::Measure;
use crate::domain::text::Line;
use crate::exec;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};

/// Writes what an entry says of a bypass.
pub async fn bypass(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::WasPlaced(made) => placed(c, said, made).await,
        Kind::Renewed(made) => {
            exec!(
                c,
                "UPDATE bypass SET change = $1, until_at = $2, since = $3, reason = $4, seq = $5 WHERE ref = $6",
                made.change.as_str(),
                made.until,
                said.entry.at,
                made.reason.as_str(),
                said.entry.seq,
                said.subject.as_str()
            )?;
            posture::bypassed(c, said).await
        }
        Kind::WasRemoved(made) => {
            exec!(
                c,
                "UPDATE bypass SET state = 'removed', removed_by = $1, removed_at = $2, note = $3, seq = $4
                 WHERE ref = $5",
                said.actor.as_str(),
                said.entry.at,
                made.note.as_str(),
                said.entry.seq,
                said.subject.as_str()
            )?;
            posture::leave(c, said, Measure::Exceptions, None).await
        }
    }
}

async fn placed(c: &mut Link<'_>, said: &Said<'_>, made: &Place) -> Result<(), StoreError> {
    let Some(site) = &said.site else { return Ok(()) };
    let (on, asset) = (said.subject.as_str(), made.asset.as_str());
    exec!(
        c,
        "INSERT INTO bypass (ref, site, change, asset, what, reason, compensating, tag, until_at, since, placed_by,
             placed_at, folded, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, $12, 'placed', $13)",
        on,
        site.as_str(),
        made.change.as_str(),
        asset,
        made.what.as_str(),
        made.reason.as_str(),
        facts::json(&made.compensating.clone().unwrap_or_default())?,
        made.tag.as_ref().map(Line::as_str),
        made.until,
        said.entry.at,
        said.actor.as_str(),
        facts::folded(&[on, asset, made.what.as_str(), made.reason.as_str()]),
        said.entry.seq
    )?;
    posture::bypassed(c, said).await
}
