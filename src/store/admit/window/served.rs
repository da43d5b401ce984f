//! The change that a window serves: of the same site, of the same assets, over the same time.

use crate::domain::names::{Ref, SiteCode};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::store::admit::change::Change;
use crate::store::asked::{self, Visit};
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::{opt, scalar};

/// The change that a request names, which is of the request's site.
///
/// # Errors
/// `unknown` for none, `conflict` for one of another site.
pub async fn serves(
    c: &mut Link<'_>,
    reference: &Ref,
    site: Option<&SiteCode>,
) -> Result<Change, StoreError> {
    let change = Change::read(c, reference).await?;
    if Some(change.site.as_str()) == site.map(SiteCode::as_str) {
        return Ok(change);
    }
    Err(Refusal::new(
        Code::Conflict,
        format!("the change {reference} is of {}", change.site),
        "name a change of the same site",
    )
    .into())
}

/// That a window is not for the change it serves as that stands now; nothing if it is, or serves none. With the end that it
/// would have, if that is another.
pub async fn belongs(
    c: &mut Link<'_>,
    window: &Ref,
    end: Option<Time>,
    version: u32,
) -> Result<Option<Refusal>, StoreError> {
    let serves = scalar!(
        c,
        String,
        "SELECT change FROM vendor_window WHERE ref = $1 AND change IS NOT NULL",
        window.as_str()
    )?;
    let Some(reference) = serves.as_deref().and_then(|change| Ref::new(change).ok()) else {
        return Ok(None);
    };
    let Some(mut visit) = asked::visit(c, window.as_str()).await? else { return Ok(None) };
    visit.end = end.unwrap_or(visit.end);
    let change = Change::read(c, &reference).await?;
    within(c, &visit, (&reference, &change), version).await
}

/// That access is not for the change it names: other assets, no common time, or, since rule version 6, longer than it.
pub async fn within(
    c: &mut Link<'_>,
    visit: &Visit,
    (reference, change): (&Ref, &Change),
    version: u32,
) -> Result<Option<Refusal>, StoreError> {
    let refuse = |what: String| {
        Ok(Some(Refusal::new(
            Code::Conflict,
            format!("{what} of the change {reference}"),
            "ask for a window within the change, or name no change",
        )))
    };
    if visit.end <= change.start_at || change.end_at <= visit.start {
        return refuse("the window lies outside of the time".to_owned());
    }
    if version >= 6 && visit.end > change.end_at {
        return refuse(format!("access would last past {:#}, the end", change.end_at));
    }
    let touched = asked::assets_of(c, reference, change.revision).await?;
    for asset in &visit.assets {
        let above = if version >= 6 { wholes(c, asset).await? } else { whole(c, asset).await? };
        let of = |one: &Ref| one == asset || above.iter().any(|whole| whole == one.as_str());
        if !touched.iter().any(of) {
            return refuse(format!("{asset} is no asset"));
        }
    }
    Ok(None)
}

/// What an asset is part of, if it is part of anything.
async fn whole(c: &mut Link<'_>, asset: &Ref) -> Result<Vec<String>, StoreError> {
    let row =
        opt!(c, (Option<String>,), "SELECT part_of FROM asset WHERE ref = $1", asset.as_str())?;
    Ok(row.and_then(|(whole,)| whole).into_iter().collect())
}

/// Everything that an asset is part of, up to the whole.
async fn wholes(c: &mut Link<'_>, asset: &Ref) -> Result<Vec<String>, StoreError> {
    let mut above: Vec<String> = Vec::new();
    let mut next = whole(c, asset).await?;
    while let Some(name) = next.pop() {
        if !above.contains(&name)
            && let Ok(asset) = Ref::new(&name)
        {
            next = whole(c, &asset).await?;
            above.push(name);
        }
    }
    Ok(above)
}
