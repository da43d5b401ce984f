//! What a vendor's window asks for, and what an extension of it asks again. Decides nothing.

use super::Asked;
use crate::domain::approval::Ask;
use crate::domain::names::{Login, Ref, SiteCode};
use crate::domain::raci::Activity;
use crate::domain::time::Time;
use crate::domain::window;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{opt, rows};

/// A window as it stands: who comes, to what, until when.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The vendor.
    pub vendor: String,
    /// The vendor's person.
    pub person: String,
    /// When access begins.
    pub start: Time,
    /// When access ends.
    pub end: Time,
    /// The assets, in the order of their names.
    pub assets: Vec<Ref>,
}

impl Visit {
    /// What it asks for at a site, from this person, to be decided by then.
    pub fn asks(self, site: SiteCode, requester: Login, approve_by: Time) -> Asked {
        asked(site, requester, approve_by, self.assets, Some((self.vendor, self.person)))
    }
}

/// A window as it stands; none if there is none.
///
/// # Errors
/// If the engine fails.
pub async fn visit(c: &mut Link<'_>, window: &str) -> Result<Option<Visit>, StoreError> {
    let row = opt!(
        c,
        (String, String, Time, Time),
        "SELECT vendor, person, start_at, end_at FROM vendor_window WHERE ref = $1",
        window
    )?;
    let Some((vendor, person, start, end)) = row else { return Ok(None) };
    let assets = rows!(
        c,
        (String,),
        "SELECT asset FROM window_asset WHERE window_ref = $1 ORDER BY asset",
        window
    )?;
    let assets = assets.iter().filter_map(|(asset,)| Ref::new(asset).ok()).collect();
    Ok(Some(Visit { vendor, person, start, end, assets }))
}

/// What a request for a window asks.
pub fn window(said: &Said<'_>, site: &SiteCode, made: &window::Request) -> Asked {
    let who = (made.vendor.to_string(), made.person.to_string());
    asked(site.clone(), said.actor.clone(), made.start, made.assets.clone(), Some(who))
}

/// What a request that a window end later asks: the same as the window did.
///
/// # Errors
/// If the engine fails.
pub async fn extension(
    c: &mut Link<'_>,
    said: &Said<'_>,
    site: &SiteCode,
    window: &Ref,
) -> Result<Asked, StoreError> {
    let (site, requester) = (site.clone(), said.actor.clone());
    Ok(match visit(c, window.as_str()).await? {
        Some(visit) => {
            let end = visit.end;
            visit.asks(site, requester, end)
        }
        None => asked(site, requester, said.entry.at, Vec::new(), None),
    })
}

fn asked(
    site: SiteCode,
    requester: Login,
    approve_by: Time,
    assets: Vec<Ref>,
    visit: Option<(String, String)>,
) -> Asked {
    Asked {
        site,
        requester,
        activity: Activity::VendorWindow,
        approve_by,
        revision: 1,
        ask: Ask::Window,
        assets,
        impacts: None,
        alters_logic: false,
        alters_validated: false,
        visit,
    }
}
