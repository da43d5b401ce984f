//! Whether a temporary change may stay longer, against the tables. What the rule says is the domain's.

use super::super::approval::Board;
use super::{Change, request};
use crate::domain::change::{Nature, Renew, Renewal};
use crate::rows;
use crate::scalar;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;

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
