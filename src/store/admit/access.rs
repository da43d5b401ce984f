//! Checks of access events against the tables: of an import that was begun by whoever records them, at an asset that is
//! there, and never of a time to come.

use crate::domain::access::Kind;
use crate::domain::refusal::{Code, Refusal};
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{opt, scalar};

/// How far the clocks of a host and of the store may differ, in seconds.
const APART: i64 = 60;

/// Checks an entry about an access event.
pub async fn admit(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    let Kind::Recorded(made) = kind;
    let asset = made.asset.as_str();
    scalar!(c, i64, "SELECT seq FROM asset WHERE ref = $1", asset)?
        .ok_or_else(|| Refusal::unknown("asset", asset, "assets"))?;
    let import = opt!(
        c,
        (String, String),
        "SELECT state, author FROM import WHERE ref = $1",
        made.import.as_str()
    )?;
    match import {
        Some((state, author)) if state == "started" && author == said.actor.as_str() => {}
        Some(_) | None => {
            return Err(Refusal::new(
                Code::WrongState,
                format!("{} is no import that {} has begun", made.import, said.actor),
                "take the log in with `smc import access-events`",
            )
            .into());
        }
    }
    if made.at > said.entry.at.plus_seconds(APART) {
        return Err(Refusal::new(
            Code::TooEarly,
            format!("line {} tells of {}, which is still to come", made.line.0, made.at),
            "set the clock of the host that wrote the log",
        )
        .into());
    }
    let digest = made.digest.as_str();
    match scalar!(c, String, "SELECT ref FROM access_event WHERE digest = $1", digest)? {
        None => Ok(()),
        Some(known) => Err(Refusal::new(
            Code::Conflict,
            format!("the event of line {} stands as {known}", made.line.0),
            "an event is taken in once",
        )
        .into()),
    }
}
