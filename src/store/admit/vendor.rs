//! Checks of vendors and their persons against the tables.

use crate::domain::names::Word;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text::Line;
use crate::domain::vendor::{Kind, State};
use crate::scalar;
use crate::store::fault::StoreError;
use crate::store::{covering, facts, link::Link};

/// A vendor is registered once; its persons have a login or a name; who is suspended is resumed and nobody else.
pub async fn admit(c: &mut Link<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Registered(made) => {
            let found =
                scalar!(c, i64, "SELECT seq FROM vendor WHERE ref = $1", made.vendor.as_str())?;
            facts::fresh(found, "vendor", made.vendor.as_str())
        }
        Kind::Updated(made) => {
            registered(c, &made.vendor).await?;
            if made.name.is_some() || made.contact.is_some() || made.contract_end.is_some() {
                return Ok(());
            }
            Err(Refusal::new(
                Code::Missing,
                format!("nothing of {} is to change", made.vendor),
                "give `contract_end`, `name` or `contact`",
            )
            .into())
        }
        Kind::PersonRegistered(made) => {
            registered(c, &made.vendor).await?;
            made.called().map(|_| ()).ok_or_else(|| {
                Refusal::new(
                    Code::Missing,
                    "the vendor's person has neither login nor name",
                    "give `login` or `name`",
                )
                .into()
            })
        }
        Kind::WasSuspended(made) => {
            stands(c, &made.vendor, made.person.as_ref(), State::Active).await
        }
        Kind::Resumed(made) => {
            stands(c, &made.vendor, made.person.as_ref(), State::Suspended).await
        }
    }
}

async fn registered(c: &mut Link<'_>, vendor: &Word) -> Result<(), StoreError> {
    scalar!(c, i64, "SELECT seq FROM vendor WHERE ref = $1", vendor.as_str())?
        .map(|_| ())
        .ok_or_else(|| Refusal::unknown("vendor", vendor.as_str(), "vendors").into())
}

/// Refuses a vendor, or a person of it, that is not in this state.
async fn stands(
    c: &mut Link<'_>,
    vendor: &Word,
    person: Option<&Line>,
    wanted: State,
) -> Result<(), StoreError> {
    registered(c, vendor).await?;
    let called = person.map_or("", Line::as_str);
    let known = covering::papers(c, vendor.as_str(), called).await?;
    let (who, state) = match person {
        None => (vendor.to_string(), known.vendor_state),
        Some(person) => (format!("{person} ({vendor})"), known.person_state),
    };
    match state {
        Some(state) if state == wanted => Ok(()),
        Some(state) => Err(Refusal::new(
            Code::WrongState,
            format!("{who} is {state}"),
            format!("it must be {wanted}"),
        )
        .into()),
        None => Err(Refusal::new(
            Code::Unknown,
            format!("{vendor} has no person {called}"),
            "see `smc show` of the vendor for its persons",
        )
        .into()),
    }
}
