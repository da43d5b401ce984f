//! Checks of the calendar against the tables: who keeps it, which assets it names, whether it still stands.

use super::{change, turned};
use crate::domain::calendar::{self, blackout, keeps, outage, span};
use crate::domain::intervention;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::refusal::Refusal;
use crate::domain::role::{Holder, Right};
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};
use crate::{opt, rows};

mod own;

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
            of_site(c, &made.site, made.assets.as_deref()).await?;
            let held = own::held(c, said).await?;
            let of = made.assets.as_deref();
            own::refuse(said, held.iter().find(|one| one.let_begin_by(made.start, made.end, of)))
        }
        outage::Kind::Moved(made) => {
            stands(c, said, "outage", &made.r#ref).await?;
            span(made.start, made.end, at)?;
            let held = own::held(c, said).await?;
            let of = named(c, &made.r#ref).await?;
            let of = of.as_deref();
            own::refuse(said, held.iter().find(|one| one.let_begin_by(made.start, made.end, of)))
        }
        outage::Kind::Cancelled(made) => stands(c, said, "outage", &made.r#ref).await,
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
        blackout::Kind::WasEnded(made) => {
            stands(c, said, "blackout", &made.r#ref).await?;
            let held = own::held(c, said).await?;
            own::refuse(said, held.iter().find(|one| one.conflict.with == made.r#ref.as_str()))
        }
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
        Some(_) => kept(c, said, actor).await?,
        None => actor.may(Right::Manage, None, said.entry.at)?,
    }
    for one in own::held(c, said).await?.iter().filter(|one| one.by_the_matrix()) {
        let class = opt!(
            c,
            (String,),
            "SELECT class FROM asset WHERE ref = $1",
            one.conflict.with.as_str()
        )?;
        let meant = class.is_some_and(|(class,)| class == set.class.word());
        own::refuse(said, Some(one).filter(|_| meant))?;
    }
    Ok(())
}

/// The assets that an outage names; none for the whole site.
async fn named(c: &mut Link<'_>, outage: &Ref) -> Result<Option<Vec<Ref>>, StoreError> {
    let found = rows!(
        c,
        (String,),
        "SELECT asset FROM calendar_asset WHERE calendar_ref = $1 ORDER BY asset",
        outage.as_str()
    )?;
    let assets: Vec<Ref> = found.iter().filter_map(|(asset,)| Ref::new(asset).ok()).collect();
    Ok((!assets.is_empty()).then_some(assets))
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

async fn stands(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &str,
    reference: &Ref,
) -> Result<(), StoreError> {
    let row = opt!(
        c,
        (String, Time),
        "SELECT state, end_at FROM calendar WHERE ref = $1 AND kind = $2",
        reference.as_str(),
        kind
    )?;
    let (state, end) = row.ok_or_else(|| Refusal::unknown(kind, reference.as_str(), "calendar"))?;
    let taken_back = [outage::State::Cancelled.word(), blackout::State::Ended.word()];
    let taken_back = taken_back.contains(&state.as_str());
    let verdict = calendar::stands(reference.as_str(), taken_back, end, said.entry.at);
    turned::stands(c, said, reference, &state, verdict).await
}
