//! Which window covered an access, and what a window stands on: facts that `admit`, `project` and every gate ask for.

use sqlx::FromRow;

use super::fault::StoreError;
use super::link::Link;
use super::proof::Recorded;
use crate::domain::time::Time;
use crate::domain::window::ground::Ground;
use crate::domain::{change, vendor};
use crate::ledger::BodyFault;
use crate::{opt, rows, scalar};

/// A window that was open for somebody.
#[derive(Clone, Debug, FromRow)]
pub struct Open {
    /// Its reference.
    pub r#ref: String,
    /// Its end.
    pub end_at: Time,
    /// Where access comes from, if it says.
    pub source: Option<String>,
}

/// The windows that were open for a vendor's person on an asset at an instant; on a jump host any window of the person
/// at its site. The one that ends last comes first.
pub async fn windows(
    c: &mut Link<'_>,
    vendor: &str,
    person: &str,
    asset: &str,
    at: Time,
) -> Result<Vec<Open>, StoreError> {
    Ok(rows!(
        c,
        Open,
        "SELECT t.ref, t.end_at, t.source FROM vendor_window t
         WHERE t.vendor = $1 AND t.person = $2 AND t.opened_at <= $4 AND (t.ended_at IS NULL OR t.ended_at > $4)
           AND (EXISTS (SELECT 1 FROM window_asset x WHERE x.window_ref = t.ref AND x.asset = $3)
             OR EXISTS (SELECT 1 FROM asset j WHERE j.ref = $3 AND j.site = t.site AND j.class = 'jump_host'))
         ORDER BY t.end_at DESC, t.ref",
        vendor,
        person,
        asset,
        at
    )?)
}

/// The keys of a vendor's person, one recording after the other.
pub async fn keys(
    c: &mut Link<'_>,
    vendor: &str,
    person: &str,
) -> Result<Vec<Recorded>, StoreError> {
    let told = scalar!(
        c,
        String,
        "SELECT keys_told FROM vendor_person WHERE vendor_ref = $1 AND person = $2",
        vendor,
        person
    )?;
    let read = told.map(|told| serde_json::from_str(&told)).transpose();
    Ok(read.map_err(|fault| StoreError::Body(BodyFault::Data(fault)))?.unwrap_or_default())
}

/// Whether an address may be that of a jump host of the asset's site, and not of this asset: then nobody can say where
/// access through it came from.
pub async fn through(c: &mut Link<'_>, asset: &str, address: &str) -> Result<bool, StoreError> {
    let host = scalar!(
        c,
        String,
        "SELECT j.ref FROM asset a JOIN asset j ON j.site = a.site AND j.ref <> a.ref
         WHERE a.ref = $1 AND j.class = 'jump_host' AND j.state = 'active' AND (j.ip IS NULL OR j.ip = $2)
         ORDER BY j.ref LIMIT 1",
        asset,
        address
    )?;
    Ok(host.is_some())
}

#[derive(FromRow)]
struct Papers {
    vendor_state: String,
    contract_end: Option<Time>,
    person_state: Option<String>,
    screening_until: Option<Time>,
    training_until: Option<Time>,
}

/// What the tables say of a vendor and its person.
pub async fn papers(c: &mut Link<'_>, vendor: &str, person: &str) -> Result<Ground, StoreError> {
    let row = opt!(
        c,
        Papers,
        "SELECT v.state AS vendor_state, v.contract_end, p.state AS person_state, p.screening_until, p.training_until
         FROM vendor v LEFT JOIN vendor_person p ON p.vendor_ref = v.ref AND p.person = $2 WHERE v.ref = $1",
        vendor,
        person
    )?;
    let named =
        Ground { vendor: vendor.to_owned(), person: person.to_owned(), ..Ground::default() };
    Ok(match row {
        None => named,
        Some(row) => Ground {
            vendor_state: vendor::State::parse(&row.vendor_state),
            contract_end: row.contract_end,
            person_state: row.person_state.as_deref().and_then(vendor::State::parse),
            screening_until: row.screening_until,
            training_until: row.training_until,
            ..named
        },
    })
}

/// A row if a review found a change wrong.
const FOUND_WRONG: &str = "SELECT d.seq FROM approval v
     JOIN decision d ON d.approval_ref = v.ref AND d.revision = v.revision AND d.decision = 'no'
     JOIN requirement q ON q.approval_ref = v.ref AND q.revision = v.revision AND q.discipline = d.discipline
         AND q.need <> 'must'
     WHERE v.ref = $1 LIMIT 1";

/// What a window stands on at an instant.
pub async fn ground(c: &mut Link<'_>, window: &str, at: Time) -> Result<Ground, StoreError> {
    let row = opt!(
        c,
        (String, String, Option<String>, Option<String>),
        "SELECT vendor, person, change, escort FROM vendor_window WHERE ref = $1",
        window
    )?;
    let Some((vendor, person, serves, escort)) = row else { return Ok(Ground::default()) };
    let retired = rows!(
        c,
        (String,),
        "SELECT a.ref FROM window_asset x JOIN asset a ON a.ref = x.asset
         WHERE x.window_ref = $1 AND a.state <> 'active' ORDER BY a.ref",
        window
    )?;
    let change = match serves {
        None => None,
        Some(reference) => {
            let stands = opt!(
                c,
                (String, Time),
                "SELECT state, end_at FROM change WHERE ref = $1",
                reference.as_str()
            )?;
            stands
                .and_then(|(state, end)| Some((change::State::parse(&state)?, end)))
                .map(|(state, end)| (reference, change::state_at(state, end, at)))
        }
    };
    let found_wrong = match &change {
        Some((reference, _)) => scalar!(c, i64, FOUND_WRONG, reference.as_str())?.is_some(),
        None => false,
    };
    let gone_escort = scalar!(
        c,
        String,
        "SELECT ref FROM person WHERE ref = $1 AND state <> 'active'",
        escort.as_deref()
    )?;
    Ok(Ground {
        retired: retired.into_iter().map(|(asset,)| asset).collect(),
        change,
        found_wrong,
        gone_escort,
        ..papers(c, &vendor, &person).await?
    })
}
