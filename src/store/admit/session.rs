//! Checks of sessions against the tables: a person whom a vendor sends, on an asset that is there. Whether a window
//! covers it is no question of whether it happened.

use super::turned;
use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::session::{self, Kind, State};
use crate::domain::time::Time;
use crate::store::covering;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{opt, scalar};

/// Checks an entry about a session.
pub async fn admit(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Started(made) => {
            let asset = made.asset.as_str();
            scalar!(c, i64, "SELECT seq FROM asset WHERE ref = $1", asset)?
                .ok_or_else(|| Refusal::unknown("asset", asset, "assets"))?;
            let known = covering::papers(c, made.vendor.as_str(), made.person.as_str()).await?;
            match (known.vendor_state, known.person_state) {
                (None, _) => {
                    Err(Refusal::unknown("vendor", made.vendor.as_str(), "vendors").into())
                }
                (Some(_), None) => Err(Refusal::new(
                    Code::Unknown,
                    format!("{} has no person {}", made.vendor, made.person),
                    "register the person with `smc do vendor.person`",
                )
                .into()),
                (Some(_), Some(_)) => Ok(()),
            }
        }
        Kind::WasCutOff(made) => {
            let (state, by, at) = stored(c, &made.r#ref).await?;
            let open = scalar!(
                c,
                String,
                "SELECT w.ref FROM access_session t JOIN vendor_window w ON w.ref = t.within AND w.state = 'open'
                 WHERE t.ref = $1",
                made.r#ref.as_str()
            )?;
            let ordered = by.as_deref().zip(at);
            Ok(session::may_cut_off(state, open.as_deref(), ordered, &made.r#ref)?)
        }
        Kind::WasEnded(made) => {
            let (state, ..) = stored(c, &made.r#ref).await?;
            let verdict = session::may_end(state, &made.r#ref);
            turned::stands(c, said, &made.r#ref, state.word(), verdict).await
        }
    }
}

/// The state of a session, and who cut it off when.
async fn stored(
    c: &mut Link<'_>,
    reference: &Ref,
) -> Result<(State, Option<String>, Option<Time>), StoreError> {
    let row = opt!(
        c,
        (String, Option<String>, Option<Time>),
        "SELECT state, cut_off_by, cut_off_at FROM access_session WHERE ref = $1",
        reference.as_str()
    )?;
    let (state, by, at) =
        row.ok_or_else(|| Refusal::unknown("session", reference.as_str(), "sessions"))?;
    Ok((State::parse(&state).unwrap_or(State::Ended), by, at))
}
