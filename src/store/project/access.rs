//! Rows of access events. What one is against windows is concluded here, never taken from the entry.

use crate::domain::access::{Because, Kind, Known, Proof, Record, held};
use crate::domain::names::Word;
use crate::domain::text::Line;
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{covering, facts, link::Link, proof};
use crate::{exec, opt, rows, scalar};

/// Writes what an entry says of an access event.
pub async fn access(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    let Kind::Recorded(made) = kind;
    let Some(site) = &said.site else { return Ok(()) };
    let (login, asset) = (made.login.as_str(), made.asset.as_str());
    let found = found(c, said, made).await?;
    let (vendor, within) = found.unzip();
    let within = within.flatten();
    let known = if vendor.is_some() {
        Known::Vendor { window: within.as_ref().map(|(window, proof)| (window.end_at, *proof)) }
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
        within.map(|(window, _)| window.r#ref),
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

/// A window with what an event proves against it.
type Held = (covering::Open, Proof);

/// The vendor whose person came in, with the window that was open for them: the first that nothing is proved against, or the
/// first. None for a login that no vendor sends.
async fn found(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &Record,
) -> Result<Option<(String, Option<Held>)>, StoreError> {
    let named = made.vendor.as_ref().map_or("", Word::as_str);
    let vendors = rows!(
        c,
        (String,),
        "SELECT vendor_ref FROM vendor_person WHERE person = $1 AND ($2 = '' OR vendor_ref = $2) ORDER BY vendor_ref",
        made.login.as_str(),
        named
    )?;
    let (login, asset) = (made.login.as_str(), made.asset.as_str());
    let mut first = None;
    for (vendor,) in &vendors {
        for window in covering::windows(c, vendor, login, asset, made.at).await? {
            let proof = proven(c, made, vendor, &window).await?;
            let found = (vendor.clone(), Some((window, proof)));
            if said.body.v < 6 || proof.against().is_none() {
                return Ok(Some(found));
            }
            first = first.or(Some(found));
        }
    }
    let outside = || vendors.into_iter().next().map(|(vendor,)| (vendor, None));
    Ok(first.or_else(outside))
}

/// What an event proves of a vendor's person within a window.
async fn proven(
    c: &mut Link<'_>,
    made: &Record,
    vendor: &str,
    window: &covering::Open,
) -> Result<Proof, StoreError> {
    let key = made.key.as_ref().map(Line::as_str);
    let recorded = covering::keys(c, vendor, made.login.as_str()).await?;
    let from = made.source.as_ref().map(Line::as_str);
    let mut source = proof::source(from, window.source.as_deref());
    if source == Some(false)
        && let Some(address) = from.and_then(proof::address)
        && covering::through(c, made.asset.as_str(), &address.to_string()).await?
    {
        source = None;
    }
    Ok(Proof { key: proof::key(key, &recorded, made.at), source })
}
