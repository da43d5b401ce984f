//! Checks of sites, zones and RACI rows against the tables.

use crate::domain::names::Ref;
use crate::domain::raci::{self, Value};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::{site, zone};
use crate::scalar;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};

/// A site is registered once, and asks for something only where it is there.
pub async fn site(c: &mut Link<'_>, kind: &site::Kind) -> Result<(), StoreError> {
    let of = match kind {
        site::Kind::Registered(made) => &made.site,
        site::Kind::Required(made) => &made.site,
    };
    let found = scalar!(c, i64, "SELECT seq FROM site WHERE ref = $1", of.as_str())?;
    match kind {
        site::Kind::Registered(_) => facts::fresh(found, "site", of.as_str()),
        site::Kind::Required(_) if found.is_none() => {
            Err(Refusal::unknown("site", of.as_str(), "sites").into())
        }
        site::Kind::Required(_) => Ok(()),
    }
}

/// A zone is registered once, at a site that is there.
pub async fn zone(c: &mut Link<'_>, kind: &zone::Kind) -> Result<(), StoreError> {
    let zone::Kind::Registered(made) = kind;
    let name = Ref::zone(&made.site, &made.zone);
    let found = scalar!(c, i64, "SELECT seq FROM zone WHERE ref = $1", name.as_str())?;
    facts::fresh(found, "zone", name.as_str())
}

/// A cell is set at a site that is there; the A of a row can be moved, not taken away.
pub async fn raci(c: &mut Link<'_>, said: &Said<'_>, kind: &raci::Kind) -> Result<(), StoreError> {
    let raci::Kind::Was(set) = kind;
    let row = Ref::raci(set.activity.word(), set.site.as_ref());
    let now = scalar!(
        c,
        String,
        "SELECT value FROM raci WHERE raci_ref = $1 AND discipline = $2",
        row.as_str(),
        set.discipline.word()
    )?;
    let own =
        scalar!(c, i64, "SELECT seq FROM raci WHERE raci_ref = $1 AND value = 'A'", row.as_str())?;
    // Where the row sets no A of its own, that of the level above holds.
    let above = match (&set.site, own) {
        (_, Some(_)) => None,
        (Some(site), None) => Some(facts::raci(c, set.activity, site).await?.accountable),
        (None, None) => Some(raci::Row::held(set.activity, &[], &[]).accountable),
    };
    let holds = now.as_deref() == Some("A")
        || (said.body.v >= 5 && above == Some(set.discipline) && now.is_none());
    if holds && set.value != Value::Accountable {
        return Err(Refusal::new(
            Code::Invalid,
            format!("{row} would have nobody accountable"),
            "give the A to another discipline; it moves there",
        )
        .into());
    }
    Ok(())
}
