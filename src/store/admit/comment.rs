//! Checks of comments against the tables: what they speak of is there, and the discipline is held.

use crate::domain::comment::{Kind, speaks_for};
use crate::domain::names::Ref;
use crate::domain::refusal::Refusal;
use crate::domain::role::Holder;
use crate::scalar;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;

/// Checks a comment.
pub async fn admit(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &Kind,
    actor: &Holder,
) -> Result<(), StoreError> {
    let Kind::Added(made) = kind;
    if commented(c, &said.subject).await?.is_none() {
        let what = "request, risk or incident";
        return Err(Refusal::unknown(what, said.subject.as_str(), "changes").into());
    }
    speaks_for(made.discipline, actor)?;
    Ok(())
}

/// The revision that a comment on this speaks of, 0 for what has none; none for what is not commented on.
pub async fn commented(c: &mut Link<'_>, on: &Ref) -> Result<Option<i64>, StoreError> {
    Ok(scalar!(
        c,
        i64,
        "SELECT revision FROM approval WHERE ref = $1
         UNION ALL SELECT CAST(0 AS BIGINT) FROM risk WHERE ref = $1
         UNION ALL SELECT CAST(0 AS BIGINT) FROM incident WHERE ref = $1",
        on.as_str()
    )?)
}
