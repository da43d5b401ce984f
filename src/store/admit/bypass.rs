//! Checks of bypasses against the tables: the change that allows them, and whether they still stand.

use super::Change;
use super::approval::Board;
use super::change::found_right;
use super::turned;
use crate::domain::bypass::{self, Cover, Kind, State, stands};
use crate::domain::names::Ref;
use crate::domain::refusal::Refusal;
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{opt, rows, scalar};

/// Checks an entry about a bypass.
pub async fn admit(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    let at = said.entry.at;
    match kind {
        Kind::WasPlaced(made) => {
            let cover = cover(c, &made.change, made.asset.as_str(), at).await?;
            if said.body.v >= 5 {
                right(c, &made.change).await?;
            }
            Ok(cover.allows(made.asset.as_str(), made.until, at)?)
        }
        Kind::Renewed(made) => {
            let (state, asset) = stored(c, &made.r#ref).await?;
            turned::stands(c, said, &made.r#ref, state.word(), stands(&made.r#ref, state)).await?;
            let cover = cover(c, &made.change, &asset, at).await?;
            if said.body.v >= 6 {
                right(c, &made.change).await?;
            }
            Ok(cover.allows(&asset, made.until, at)?)
        }
        Kind::WasRemoved(made) => {
            let (state, _) = stored(c, &made.r#ref).await?;
            turned::stands(c, said, &made.r#ref, state.word(), stands(&made.r#ref, state)).await
        }
    }
}

/// Refuses to put anything more under a change that a review found wrong.
async fn right(c: &mut Link<'_>, change: &Ref) -> Result<(), StoreError> {
    let board = Board::read(c, change).await?;
    Ok(found_right(change, &board, "nothing more is done under it: back it out")?)
}

async fn stored(c: &mut Link<'_>, reference: &Ref) -> Result<(State, String), StoreError> {
    let row = opt!(
        c,
        (String, String),
        "SELECT state, asset FROM bypass WHERE ref = $1",
        reference.as_str()
    )?;
    let (state, asset) =
        row.ok_or_else(|| Refusal::unknown("bypass", reference.as_str(), "bypasses"))?;
    Ok((State::parse(&state).unwrap_or(State::Removed), asset))
}

async fn cover(c: &mut Link<'_>, change: &Ref, asset: &str, at: Time) -> Result<Cover, StoreError> {
    let row = Change::read(c, change).await?;
    let touched = scalar!(
        c,
        i64,
        "SELECT seq FROM change_asset WHERE change_ref = $1 AND revision = $2 AND asset = $3",
        change.as_str(),
        row.revision,
        asset
    )?;
    Ok(Cover {
        change: change.to_string(),
        state: row.state_at(at),
        end: row.end_at,
        revert_by: row.revert_by,
        touches: touched.is_some(),
    })
}

/// Refuses to end a change while something is still bypassed under it.
pub async fn none_left(c: &mut Link<'_>, change: &Ref) -> Result<(), StoreError> {
    let left = rows!(
        c,
        (String,),
        "SELECT ref FROM bypass WHERE change = $1 AND state = 'placed' ORDER BY ref",
        change.as_str()
    )?;
    let left: Vec<String> = left.into_iter().map(|(bypass,)| bypass).collect();
    Ok(bypass::none_left(change, &left)?)
}
