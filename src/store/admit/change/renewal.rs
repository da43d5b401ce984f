//! Whether a temporary change may stay longer, against the tables. What the rule says is the domain's.

use super::super::approval::Board;
use super::{Change, request};
use crate::domain::change::{Nature, Renew, Renewal};
use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{opt, rows, scalar};

/// Checks that a change stays longer under one that everybody approved for it.
pub async fn renews(
    c: &mut Link<'_>,
    said: &Said<'_>,
    now: &Change,
    made: &Renew,
) -> Result<(), StoreError> {
    let by = Change::read(c, &made.change).await?;
    let board = Board::read(c, &made.change).await?;
    request::found_right(&made.change, &board, "ask for another")?;
    let replaces = scalar!(
        c,
        String,
        "SELECT supersedes FROM change WHERE ref = $1 AND supersedes IS NOT NULL",
        made.change.as_str()
    )?;
    let lacks = rows!(
        c,
        (String,),
        "SELECT x.asset FROM change_asset x
         WHERE x.change_ref = $1 AND x.revision = $2
           AND NOT EXISTS (SELECT 1 FROM change_asset y
                           WHERE y.change_ref = $3 AND y.revision = $4 AND y.asset = x.asset)
         ORDER BY x.asset",
        said.subject.as_str(),
        now.revision,
        made.change.as_str(),
        by.revision
    )?;
    let at = said.entry.at;
    let renewal = Renewal {
        change: made.change.to_string(),
        state: by.state_at(at),
        kind: Nature::parse(&by.kind).unwrap_or(Nature::Normal),
        replaces,
        revert_by: by.revert_by,
        lacks: lacks.into_iter().map(|(asset,)| asset).collect(),
    };
    Ok(renewal.allows(&said.subject, now.revert_by, at)?)
}

/// Refuses to begin or to take back a change under which another one stays: the revert date of that one rests on it.
pub async fn carries_none(c: &mut Link<'_>, by: &Ref, instead: &str) -> Result<(), StoreError> {
    let stays = opt!(
        c,
        (String, Time),
        "SELECT o.ref, o.revert_by FROM change t JOIN change o ON o.ref = t.supersedes
         WHERE t.ref = $1 AND t.kind = 'temporary' AND o.kind = 'temporary' AND o.revert_by = t.revert_by
           AND t.state = 'approved' AND o.state IN ('in_progress', 'implemented', 'verified')",
        by.as_str()
    )?;
    let Some((stays, until)) = stays else { return Ok(()) };
    Err(Refusal::new(
        Code::Conflict,
        format!("{stays} stays in the plant until {until:#} under {by}"),
        format!("{instead}; back {stays} out with `smc do change.back-out` when it is to go"),
    )
    .into())
}
