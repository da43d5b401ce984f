//! Rows of access events. What one is against windows is concluded here, never taken from the entry.

use crate::domain::access::{Because, Kind, Known, held};
use crate::domain::names::Word;
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{covering, facts, link::Link};
use crate::{exec, opt, rows, scalar};

/// Writes what an entry says of an access event.
pub async fn access(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    let Kind::Recorded(made) = kind;
    let Some(site) = &said.site else { return Ok(()) };
    let (login, asset) = (made.login.as_str(), made.asset.as_str());
    let named = made.vendor.as_ref().map_or("", Word::as_str);
    let vendors = rows!(
        c,
        (String,),
        "SELECT vendor_ref FROM vendor_person WHERE person = $1 AND ($2 = '' OR vendor_ref = $2) ORDER BY vendor_ref",
        login,
        named
    )?;
    let mut vendor = vendors.first().map(|(vendor,)| vendor.clone());
    let mut within = None;
    for (one,) in &vendors {
        if let Some(window) = covering::window(c, one, login, asset, made.at).await? {
            (vendor, within) = (Some(one.clone()), Some(window));
            break;
        }
    }
    let known = if vendor.is_some() {
        Known::Vendor { until: within.as_ref().map(|(_, end)| *end) }
    } else {
        let found = opt!(c, (Option<Time>,), "SELECT left_at FROM person WHERE ref = $1", login)?;
        found.map_or(Known::Nobody, |(left,)| Known::Staff { left })
    };
    let (state, because) = held(made.at, known, said.body.v);
    let lead = if state.calls() && made.action.enters() {
        let first = scalar!(
            c,
            String,
            "SELECT ref FROM access_event WHERE import = $1 AND login = $2 AND asset = $3 AND lead = ref",
            made.import.as_str(),
            login,
            asset
        )?;
        Some(first.unwrap_or_else(|| said.subject.to_string()))
    } else {
        None
    };
    exec!(
        c,
        "INSERT INTO access_event (ref, site, import, line, digest, at, login, vendor, asset, within, action, source,
             port, method, key, session, lead, because, recorded_by, recorded_at, folded, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23)",
        said.subject.as_str(),
        site.as_str(),
        made.import.as_str(),
        i64::from(made.line.0),
        made.digest.as_str(),
        made.at,
        login,
        vendor,
        asset,
        within.map(|(window, _)| window),
        made.action.word(),
        made.source.as_ref().map(Line::as_str),
        made.port.map(|port| i64::from(port.0)),
        made.method.as_ref().map(Line::as_str),
        made.key.as_ref().map(Line::as_str),
        made.session.as_ref().map(Line::as_str),
        lead,
        because.map(Because::word),
        said.actor.as_str(),
        said.entry.at,
        facts::folded(&[said.subject.as_str(), login, asset]),
        state.word(),
        said.entry.seq
    )?;
    Ok(())
}
