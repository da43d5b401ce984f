//! A refusal by state is told with who brought the subject there, and when: the person who comes too late asks that first.

use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::wrote;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::query::lately;
use crate::store::said::Said;

/// The same refusal with who brought this subject to this state, where its state is why. What is refused stands in the
/// ledger already, and is none of what went before.
pub async fn told(
    c: &mut Link<'_>,
    said: &Said<'_>,
    on: &Ref,
    state: &str,
    refusal: Refusal,
) -> Result<Refusal, StoreError> {
    if refusal.code != Code::WrongState {
        return Ok(refusal);
    }
    let entries = lately(c, on.as_str(), said.entry.seq - 1).await?;
    Ok(wrote::by(refusal, state, &entries))
}

/// What a rule answers of a state, told so.
///
/// # Errors
/// The refusal.
pub async fn stands<T>(
    c: &mut Link<'_>,
    said: &Said<'_>,
    on: &Ref,
    state: &str,
    verdict: Result<T, Refusal>,
) -> Result<T, StoreError> {
    match verdict {
        Ok(allowed) => Ok(allowed),
        Err(refusal) => Err(told(c, said, on, state, refusal).await?.into()),
    }
}
