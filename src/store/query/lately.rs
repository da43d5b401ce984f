//! What was last written about a subject: who brought it to where it stands.

use sqlx::FromRow;

use crate::domain::comment;
use crate::domain::time::Time;
use crate::domain::wrote::Wrote;
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;

#[derive(FromRow)]
struct Row {
    seq: i64,
    kind: String,
    actor: String,
    at: Time,
}

/// The last entries about a subject up to a place, the newest first; what was only said beside it is none of them.
pub async fn lately(c: &mut Link<'_>, subject: &str, upto: i64) -> Result<Vec<Wrote>, StoreError> {
    let found = rows!(
        c,
        Row,
        "SELECT seq, kind, actor, at FROM ledger
         WHERE subject = $1 AND kind <> $2 AND seq <= $3 ORDER BY seq DESC LIMIT 12",
        subject,
        comment::ADDED,
        upto
    )?;
    let wrote = |Row { seq, kind, actor, at }: Row| Wrote { seq, kind, actor, at };
    Ok(found.into_iter().map(wrote).collect())
}
