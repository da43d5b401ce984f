//! Checks of restores against the tables: what one person proposed another confirms, once.

use crate::domain::refusal::{Code, Refusal};
use crate::domain::restore::{Kind, confirms};
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{opt, scalar};

/// A head is proposed as lost once and confirmed once, by another person.
pub async fn admit(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    let head = said.subject.as_str();
    match kind {
        Kind::Proposed(made) => {
            made.check(said.entry.seq)?;
            let found = opt!(
                c,
                (String, i64),
                "SELECT proposed_by, seq FROM restore WHERE ref = $1",
                head
            )?;
            match found {
                None => Ok(()),
                Some((who, seq)) => Err(Refusal::new(
                    Code::Conflict,
                    format!("{who} has proposed {head} already (entry {seq})"),
                    "a second person confirms it with `smc do store.confirm-restore`",
                )
                .into()),
            }
        }
        Kind::Restored(_) => {
            let found =
                scalar!(&mut *c, String, "SELECT proposed_by FROM restore WHERE ref = $1", head)?;
            let Some(proposer) = found else {
                return Err(Refusal::new(
                    Code::Unknown,
                    format!("nobody has proposed that the entries up to {head} are lost"),
                    "an administrator proposes it with `smc do store.restore`; type the head as it stands there",
                )
                .into());
            };
            confirms(&said.actor, &proposer)?;
            let done = scalar!(c, i64, "SELECT seq FROM restored WHERE restore_ref = $1", head)?;
            match done {
                None => Ok(()),
                Some(seq) => Err(Refusal::new(
                    Code::Conflict,
                    format!("the restore that lost {head} was confirmed by entry {seq}"),
                    "nothing is left to do",
                )
                .into()),
            }
        }
    }
}
