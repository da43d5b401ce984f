//! The decision rights as they bear on one request: which conditions hold for it now, and whom each adds.
//!
//! What was concluded when it was asked for stands on its board, with the reasons; here nothing is concluded for good.

use crate::domain::approval::{self, Condition, Facts};
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::raci::Activity;
use crate::domain::rule;
use crate::domain::time::Time;
use crate::store::asked;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::{opt, scalar};

/// Every condition, with why it holds at this instant for what this reference asks for.
pub async fn conditions(
    c: &mut Link<'_>,
    reference: &str,
    now: Time,
) -> Result<Vec<Condition>, StoreError> {
    let facts = match reference.split_once('-').map_or("", |(prefix, _)| prefix) {
        "CR" => change(c, reference, now).await?,
        "VW" => window(c, reference, reference, now).await?,
        "VX" => {
            let window_of =
                scalar!(c, String, "SELECT window_ref FROM extension WHERE ref = $1", reference)?;
            match window_of {
                Some(of) => window(c, &of, reference, now).await?,
                None => None,
            }
        }
        "RA" => acceptance(c, reference).await?,
        _ => None,
    };
    Ok(approval::conditions(facts.as_ref()))
}

async fn change(c: &mut Link<'_>, reference: &str, now: Time) -> Result<Option<Facts>, StoreError> {
    let known =
        opt!(c, (String, String), "SELECT site, requester FROM change WHERE ref = $1", reference)?;
    // What somebody wrote into the table past the rules must not keep the rest of the object from being shown.
    let readable = known.is_some_and(|(site, requester)| {
        SiteCode::new(&site).is_ok() && Login::new(&requester).is_ok()
    });
    let Some(reference) = Ref::new(reference).ok().filter(|_| readable) else { return Ok(None) };
    match asked::standing(c, &reference).await {
        Ok(asked) => Ok(Some(asked.facts(c, rule::CURRENT, now).await?)),
        Err(StoreError::Body(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// What a window asks, or a later end of it under a reference of its own.
async fn window(
    c: &mut Link<'_>,
    window: &str,
    asked_as: &str,
    now: Time,
) -> Result<Option<Facts>, StoreError> {
    let Some(visit) = asked::visit(c, window).await? else { return Ok(None) };
    let found = opt!(
        c,
        (String, String, Time),
        "SELECT site, requester, asked_at FROM approval WHERE ref = $1",
        asked_as
    )?;
    let Some((site, requester, asked_at)) = found else { return Ok(None) };
    let (Ok(site), Ok(requester)) = (SiteCode::new(&site), Login::new(&requester)) else {
        return Ok(None);
    };
    let (vendor, start) = (visit.vendor.clone(), visit.start);
    let asked = visit.asks(site, requester, start);
    let mut facts = asked.facts(c, rule::CURRENT, now).await?;
    // Its own opening does not make it the second connection.
    let before = scalar!(
        c,
        i64,
        "SELECT seq FROM vendor_window WHERE vendor = $1 AND opened_at <= $2 LIMIT 1",
        vendor.as_str(),
        asked_at
    )?;
    facts.first_connection = before.is_none().then_some(vendor);
    Ok(Some(facts))
}

async fn acceptance(c: &mut Link<'_>, reference: &str) -> Result<Option<Facts>, StoreError> {
    let found = opt!(
        c,
        (String, String),
        "SELECT r.site, r.ref FROM acceptance t JOIN risk r ON r.ref = t.risk WHERE t.ref = $1",
        reference
    )?;
    let Some((site, risk)) = found else { return Ok(None) };
    let Ok(site) = SiteCode::new(&site) else { return Ok(None) };
    let ask = asked::to_accept(c, &risk).await?;
    let row = crate::store::facts::raci(c, Activity::RiskAccept, &site).await?;
    Ok(Some(Facts {
        ask,
        row,
        levels: std::collections::BTreeMap::new(),
        alters_logic: false,
        alters_validated: false,
        assets: Vec::new(),
        vendor_person: None,
        first_connection: None,
        vouched: Vec::new(),
        quality_here: true,
    }))
}
