//! Checks of vendor windows against the tables: everything is looked at again when one opens.

use sqlx::FromRow;

use super::approval::Board;
use super::change::{self, Change};
use crate::domain::approval::{Answer, Decision};
use crate::domain::change::State as ChangeState;
use crate::domain::names::{Ref, SiteCode};
use crate::domain::refusal::{Code, Refusal};
use crate::domain::role::Holder;
use crate::domain::time::Time;
use crate::domain::window::{self, Kind, State};
use crate::opt;
use crate::store::asked;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;

/// A window as the rules see it.
#[derive(Clone, Debug, FromRow)]
pub struct Window {
    /// Its site.
    pub site: String,
    /// Its state, by word.
    pub state: String,
    /// When access begins.
    pub start_at: Time,
    /// When access ends.
    pub end_at: Time,
    /// The vendor.
    pub vendor: String,
    /// The vendor's person.
    pub person: String,
    /// The change it serves.
    pub change: Option<String>,
    /// Who opened it.
    pub opened_by: Option<String>,
    /// When it was opened.
    pub opened_at: Option<Time>,
}

impl Window {
    /// Reads a window.
    ///
    /// # Errors
    /// `unknown` if there is none.
    pub async fn read(c: &mut Link<'_>, reference: &Ref) -> Result<Self, StoreError> {
        opt!(
            c,
            Self,
            "SELECT site, state, start_at, end_at, vendor, person, change, opened_by, opened_at
             FROM vendor_window WHERE ref = $1",
            reference.as_str()
        )?
        .ok_or_else(|| Refusal::unknown("window", reference.as_str(), "windows").into())
    }

    fn stored(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Lapsed)
    }
}

/// Checks an entry about a window.
pub async fn admit(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &Kind,
    actor: &Holder,
) -> Result<(), StoreError> {
    let at = said.entry.at;
    if let Kind::Requested(made) = kind {
        window::plan(made.start, made.end, at)?;
        if let Some(site) = &said.site {
            change::assets(c, site, &made.assets).await?;
        }
        known(c, made.vendor.as_str(), made.person.as_str(), made.end).await?;
        if let Some(reference) = &made.change {
            serves(c, reference, said.site.as_ref()).await?;
        }
        return match &said.site {
            Some(site) => asked::window(said, site, made).admit(c, said).await,
            None => Ok(()),
        };
    }
    let now = Window::read(c, &said.subject).await?;
    if let Err(refusal) = kind.moves(now.stored()) {
        return Err(late(c, said, kind, &now, refusal).await?.into());
    }
    match kind {
        Kind::Requested(_) | Kind::Closed(_) | Kind::WasCutOff(_) | Kind::Cancelled(_) => Ok(()),
        Kind::Decided(made) => {
            if made.decision == Answer::Yes {
                window::not_past(now.end_at, at)?;
            }
            let board = Board::read(c, &said.subject).await?;
            board.admit(c, &Decision::from(made), actor, at).await?;
            Ok(())
        }
        Kind::Opened(_) => {
            window::may_open(now.start_at, now.end_at, at)?;
            known(c, &now.vendor, &now.person, at).await?;
            if let Some(reference) = &now.change {
                let reference = Ref::new(reference).map_err(|fault| {
                    Refusal::new(Code::Invalid, fault.to_string(), "run `smc verify`")
                })?;
                let site = SiteCode::new(&now.site).ok();
                match serves(c, &reference, site.as_ref()).await?.state_at(at) {
                    ChangeState::Approved | ChangeState::InProgress => {}
                    state @ (ChangeState::Requested
                    | ChangeState::Implemented
                    | ChangeState::Verified
                    | ChangeState::Rejected
                    | ChangeState::Returned
                    | ChangeState::Withdrawn
                    | ChangeState::BackedOut
                    | ChangeState::Expired) => {
                        return Err(Refusal::new(
                            Code::Conflict,
                            format!("the change {reference} that the window serves is {state}"),
                            "open it when the change is approved or running",
                        )
                        .into());
                    }
                }
            }
            Ok(())
        }
        Kind::Lapsed(made) => change::due(&said.subject, now.end_at, made.due, at),
    }
}

/// The refusal of what comes too late, with who was first and when.
async fn late(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &Kind,
    now: &Window,
    refusal: Refusal,
) -> Result<Refusal, StoreError> {
    if let Kind::Decided(_) = kind {
        return Ok(Board::read(c, &said.subject).await?.late(&said.subject, refusal));
    }
    let (Kind::Opened(_), Some(by), Some(at)) = (kind, &now.opened_by, now.opened_at) else {
        return Ok(refusal);
    };
    let message = format!("{}; {by} opened it at {at}", refusal.message);
    Ok(Refusal { message, ..refusal })
}

async fn serves(
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

/// Refuses a vendor's person who is unknown, or whose screening or training ends before this instant.
async fn known(
    c: &mut Link<'_>,
    vendor: &str,
    person: &str,
    until: Time,
) -> Result<(), StoreError> {
    let row = opt!(
        c,
        (Option<Time>, Option<Time>),
        "SELECT screening_until, training_until FROM vendor_person WHERE vendor_ref = $1 AND person = $2",
        vendor,
        person
    )?;
    let Some((screening, training)) = row else {
        return Err(Refusal::new(
            Code::Unknown,
            format!("{vendor} has no person {person}"),
            "register the person with `smc do vendor.person`",
        )
        .into());
    };
    for (what, ends) in [("screening", screening), ("training", training)] {
        if let Some(ends) = ends
            && ends <= until
        {
            return Err(Refusal::new(
                Code::Expired,
                format!("the {what} of {person} ({vendor}) ends at {ends}"),
                "renew it with `smc do vendor.person`",
            )
            .into());
        }
    }
    Ok(())
}
