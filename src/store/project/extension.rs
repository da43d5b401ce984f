//! Rows of extensions.

use super::approval::{ask, decide};
use crate::domain::approval::Decision;
use crate::domain::extension::{Kind, Request, State};
use crate::domain::names::Ref;
use crate::domain::time::Time;
use crate::store::asked;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{exec, scalar};

/// Writes what an entry says of an extension.
pub async fn extension(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Requested(made) => requested(c, said, made).await,
        Kind::Decided(made) => {
            let state = State::after(decide(c, said, &Decision::from(made)).await?);
            exec!(
                c,
                "UPDATE extension SET state = $1, seq = $2 WHERE ref = $3",
                state.word(),
                said.entry.seq,
                said.subject.as_str()
            )?;
            Ok(())
        }
    }
}

async fn requested(c: &mut Link<'_>, said: &Said<'_>, made: &Request) -> Result<(), StoreError> {
    let Some(site) = &said.site else { return Ok(()) };
    let window = Ref::as_str(&made.r#ref);
    let old_end = scalar!(c, Time, "SELECT end_at FROM vendor_window WHERE ref = $1", window)?;
    let Some(old_end) = old_end else { return Ok(()) };
    exec!(
        c,
        "INSERT INTO extension (ref, site, window_ref, old_end_at, end_at, reason, requester, requested_at, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'requested', $9)",
        said.subject.as_str(),
        site.as_str(),
        window,
        old_end,
        made.end,
        made.reason.as_str(),
        said.actor.as_str(),
        said.entry.at,
        said.entry.seq
    )?;
    let asked = asked::extension(c, said, site, &made.r#ref).await?;
    ask(c, said, &asked).await
}
