//! Checks of the calendar against the tables: who keeps it, which assets it names, whether it still stands.

use super::change;
use crate::domain::calendar::{self, blackout, keeps, outage, span};
use crate::domain::intervention;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::refusal::Refusal;
use crate::domain::role::{Holder, Right};
use crate::domain::time::Time;
use crate::opt;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};

/// Checks an entry about an outage.
pub async fn outage(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &outage::Kind,
    actor: &Holder,
) -> Result<(), StoreError> {
    kept(c, said, actor).await?;
    let at = said.entry.at;
    match kind {
        outage::Kind::Planned(made) => {
            span(made.start, made.end, at)?;
            of_site(c, &made.site, made.assets.as_deref()).await
        }
        outage::Kind::Moved(made) => {
            stands(c, "outage", &made.r#ref, at).await?;
            Ok(span(made.start, made.end, at)?)
        }
        outage::Kind::Cancelled(made) => stands(c, "outage", &made.r#ref, at).await,
    }
}

/// Checks an entry about a blackout.
pub async fn blackout(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &blackout::Kind,
    actor: &Holder,
) -> Result<(), StoreError> {
    kept(c, said, actor).await?;
    let at = said.entry.at;
    match kind {
        blackout::Kind::Declared(made) => {
            span(made.start, made.end, at)?;
            of_site(c, &made.site, made.assets.as_deref()).await
        }
        blackout::Kind::WasEnded(made) => stands(c, "blackout", &made.r#ref, at).await,
    }
}

/// Checks a cell of the intervention matrix: at a site it is of whoever keeps the calendar, for every site of a manager of
/// the centre.
pub async fn intervention(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &intervention::Kind,
    actor: &Holder,
) -> Result<(), StoreError> {
    let intervention::Kind::Was(set) = kind;
    match &set.site {
        Some(_) => kept(c, said, actor).await,
        None => Ok(actor.may(Right::Manage, None, said.entry.at)?),
    }
}

/// Refuses whoever does not keep the calendar of the site.
async fn kept(c: &mut Link<'_>, said: &Said<'_>, actor: &Holder) -> Result<(), StoreError> {
    let Some(site) = &said.site else {
        return Err(
            Refusal::unknown("time of the calendar", said.subject.as_str(), "calendar").into()
        );
    };
    let row = facts::raci(c, calendar::ACTIVITY, site).await?;
    Ok(keeps(&row, actor, site, said.entry.at)?)
}

/// Without a list the whole site is meant; a list names assets of the site.
async fn of_site(
    c: &mut Link<'_>,
    site: &SiteCode,
    assets: Option<&[Ref]>,
) -> Result<(), StoreError> {
    match assets {
        None => Ok(()),
        Some(assets) => change::assets(c, site, assets).await,
    }
}

async fn stands(c: &mut Link<'_>, kind: &str, reference: &Ref, at: Time) -> Result<(), StoreError> {
    let row = opt!(
        c,
        (String, Time),
        "SELECT state, end_at FROM calendar WHERE ref = $1 AND kind = $2",
        reference.as_str(),
        kind
    )?;
    let (state, end) = row.ok_or_else(|| Refusal::unknown(kind, reference.as_str(), "calendar"))?;
    let taken_back = [outage::State::Cancelled.word(), blackout::State::Ended.word()];
    Ok(calendar::stands(reference.as_str(), taken_back.contains(&state.as_str()), end, at)?)
}
