//! The one question that gates ask: may this person be on this asset now, and by which window. Who has access is not here.

use serde::Serialize;
use sqlx::FromRow;

use crate::domain::refusal::{Code, Refusal, Verdict};
use crate::domain::time::Time;
use crate::domain::window::{self, State};
use crate::rows;
use crate::store::covering;
use crate::store::fault::StoreError;
use crate::store::link::Link;

/// That somebody may be on an asset now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Always true: what may not be is refused.
    pub allowed: bool,
    /// The vendor.
    pub vendor: String,
    /// The vendor's person.
    pub person: String,
    /// The asset.
    pub asset: String,
    /// The window that allows it.
    pub window: String,
    /// Until when.
    pub until: Time,
}

impl Passage {
    /// In one sentence.
    pub fn words(&self) -> String {
        let Self { person, vendor, asset, until, window, .. } = self;
        format!("{person} ({vendor}) may be on {asset} until {until:#}, by {window}")
    }
}

#[derive(FromRow)]
struct Candidate {
    r#ref: String,
    vendor: String,
    state: String,
    start_at: Time,
    end_at: Time,
    asset_state: String,
}

/// Whether a vendor's person may be on an asset at this instant: a window of theirs is open, its end is to come, and
/// everything that it stands on still holds. `vendor` empty for the only vendor that sends such a person.
///
/// # Errors
/// The refusal, with the reason, of the window that comes nearest; `missing` where several vendors send such a person and
/// none is named.
pub async fn passage(
    c: &mut Link<'_>,
    vendor: &str,
    person: &str,
    asset: &str,
    now: Time,
) -> Result<Passage, StoreError> {
    if vendor.is_empty() {
        only_one(&vendors_of(c, person).await?, person)?;
    }
    let found = rows!(
        c,
        Candidate,
        "SELECT t.ref, t.vendor, t.state, t.start_at, t.end_at, a.state AS asset_state
         FROM asset a JOIN vendor_window t ON t.site = a.site AND t.person = $2 AND ($1 = '' OR t.vendor = $1)
         WHERE a.ref = $3 AND (a.class = 'jump_host'
             OR EXISTS (SELECT 1 FROM window_asset x WHERE x.window_ref = t.ref AND x.asset = a.ref))
         ORDER BY t.end_at DESC, t.ref",
        vendor,
        person,
        asset
    )?;
    let mut nearest: Option<(u8, Refusal)> = None;
    let mut note = |rank: u8, refusal: Refusal| {
        if nearest.as_ref().is_none_or(|(known, _)| rank < *known) {
            nearest = Some((rank, refusal));
        }
    };
    for row in &found {
        let Some(state) = State::parse(&row.state) else { continue };
        let window = &row.r#ref;
        match window::state_at(state, row.end_at, now) {
            State::Open if now >= row.end_at => note(
                1,
                Refusal::new(
                    Code::Expired,
                    format!("{window} ended at {:#} and is open past its end", row.end_at),
                    "ask anew with a time still to come",
                ),
            ),
            State::Open => {
                let mut ground = covering::ground(c, window, now).await?;
                // A window loses one asset of several, not the others.
                ground.retired.retain(|retired| retired == asset);
                let mut papers = ground.hindrances(now);
                papers.extend(ground.unrecorded());
                papers.extend(ground.wrong());
                if papers.is_empty() && row.asset_state == "active" {
                    return Ok(Passage {
                        allowed: true,
                        vendor: row.vendor.clone(),
                        person: person.to_owned(),
                        asset: asset.to_owned(),
                        window: window.clone(),
                        until: row.end_at,
                    });
                }
                if let Err(refusal) = window::ground::together(papers) {
                    note(0, refusal);
                }
            }
            State::Approved if now < row.start_at => note(
                3,
                Refusal::new(
                    Code::TooEarly,
                    format!("{window} begins at {:#}", row.start_at),
                    "come back then; approval never moves it",
                ),
            ),
            State::Approved => note(
                2,
                Refusal::new(
                    Code::WrongState,
                    format!("{window} is approved and not opened"),
                    "a shift lead of operations opens it with `smc do window.open`",
                ),
            ),
            State::Requested => note(
                4,
                Refusal::new(
                    Code::WrongState,
                    format!("{window} is requested and not approved"),
                    "see `smc show` for who has to say yes",
                ),
            ),
            State::CutOff => note(
                5,
                Refusal::new(
                    Code::NotAllowed,
                    format!("{window} was cut off"),
                    "ask for a window with `smc do window.request`",
                ),
            ),
            State::Closed | State::Rejected | State::Cancelled | State::Lapsed => {}
        }
    }
    if let Some((_, refusal)) = nearest {
        return Err(refusal.into());
    }
    nobody(c, vendor, person, asset).await
}

/// A name alone says who is meant only where one vendor sends somebody of that name.
fn only_one(vendors: &[String], person: &str) -> Verdict {
    if vendors.len() < 2 {
        return Ok(());
    }
    Err(Refusal::new(
        Code::Missing,
        format!("{} send a person called {person}", vendors.join(" and ")),
        "say which with `vendor`",
    ))
}

/// Why there is no window at all: the asset or the person is unknown, or nobody asked for one.
async fn nobody<T>(
    c: &mut Link<'_>,
    vendor: &str,
    person: &str,
    asset: &str,
) -> Result<T, StoreError> {
    let known = rows!(
        c,
        (String, String),
        "SELECT 'asset', ref FROM asset WHERE ref = $3
         UNION ALL SELECT 'person', vendor_ref FROM vendor_person
         WHERE person = $2 AND ($1 = '' OR vendor_ref = $1)",
        vendor,
        person,
        asset
    )?;
    let has = |what: &str| known.iter().any(|(found, _)| found == what);
    Err(if !has("asset") {
        Refusal::unknown("asset", asset, "assets")
    } else if !has("person") {
        Refusal::unknown("vendor's person", person, "vendors")
    } else {
        Refusal::new(
            Code::NotAllowed,
            format!("no window gives {person} access to {asset}"),
            "ask for one with `smc do window.request`",
        )
    }
    .into())
}

/// The vendors that send a person of this name.
pub async fn vendors_of(c: &mut Link<'_>, person: &str) -> Result<Vec<String>, StoreError> {
    let found = rows!(
        c,
        (String,),
        "SELECT vendor_ref FROM vendor_person WHERE person = $1 ORDER BY vendor_ref",
        person
    )?;
    Ok(found.into_iter().map(|(vendor,)| vendor).collect())
}
