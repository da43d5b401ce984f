//! Rows of sessions. Which window covers one is concluded here, never taken from the entry.

use crate::domain::session::{Kind, Start};
use crate::domain::text::Line;
use crate::exec;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{covering, facts, link::Link};

/// Writes what an entry says of a session.
pub async fn session(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Started(made) => started(c, said, made).await,
        Kind::WasCutOff(made) => {
            exec!(
                c,
                "UPDATE access_session SET cut_off_by = $1, cut_off_at = $2, cut_off_because = $3, seq = $4 WHERE ref = $5",
                said.actor.as_str(),
                said.entry.at,
                made.reason.as_str(),
                said.entry.seq,
                said.subject.as_str()
            )?;
            Ok(())
        }
        Kind::WasEnded(made) => {
            exec!(
                c,
                "UPDATE access_session SET state = 'ended', ended_by = $1, ended_at = $2, note = COALESCE($3, note),
                     seq = $4
                 WHERE ref = $5",
                said.actor.as_str(),
                said.entry.at,
                made.reason.as_ref().map(Line::as_str),
                said.entry.seq,
                said.subject.as_str()
            )?;
            Ok(())
        }
    }
}

async fn started(c: &mut Link<'_>, said: &Said<'_>, made: &Start) -> Result<(), StoreError> {
    let Some(site) = &said.site else { return Ok(()) };
    let (vendor, person) = (made.vendor.as_str(), made.person.as_str());
    let asset = made.asset.as_str();
    let within = covering::windows(c, vendor, person, asset, said.entry.at).await?;
    exec!(
        c,
        "INSERT INTO access_session (ref, site, within, vendor, person, asset, source, note, started_by, started_at,
             folded, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'live', $12)",
        said.subject.as_str(),
        site.as_str(),
        within.into_iter().next().map(|window| window.r#ref),
        vendor,
        person,
        asset,
        made.source.as_ref().map(Line::as_str),
        made.note.as_ref().map(Line::as_str),
        said.actor.as_str(),
        said.entry.at,
        facts::folded(&[said.subject.as_str(), vendor, person, asset]),
        said.entry.seq
    )?;
    Ok(())
}
