//! Rows of vendor windows.

use super::approval::{ask, decide};
use super::posture;
use crate::domain::approval::Decision;
use crate::domain::names::Ref;
use crate::domain::text::Line;
use crate::domain::window::{Kind, Open, Request, State};
use crate::store::admit::despite;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{asked, clashing, facts, link::Link};
use crate::{exec, scalar};

/// Writes what an entry says of a window.
pub async fn window(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Requested(made) => requested(c, said, made).await,
        Kind::Decided(made) => {
            let outcome = decide(c, said, &Decision::from(made)).await?;
            exec!(
                c,
                "UPDATE vendor_window SET state = $1, seq = $2 WHERE ref = $3",
                State::after(outcome).word(),
                said.entry.seq,
                said.subject.as_str()
            )?;
            Ok(())
        }
        Kind::Opened(made) => {
            passed(c, said, made).await?;
            exec!(
                c,
                "UPDATE vendor_window SET state = 'open', opened_by = $1, opened_at = $2,
                     note = COALESCE($3, note), seq = $4
                 WHERE ref = $5",
                said.actor.as_str(),
                said.entry.at,
                made.reason.as_ref().map(Line::as_str),
                said.entry.seq,
                said.subject.as_str()
            )?;
            posture::window(c, said, None).await
        }
        Kind::Closed(made) => {
            let close_out = made.close_out.as_ref().map(|text| text.as_str());
            ended(c, said, State::Closed, close_out).await?;
            posture::window(c, said, Some(close_out.is_some())).await
        }
        Kind::WasCutOff(made) => {
            ended(c, said, State::CutOff, Some(made.reason.as_str())).await?;
            posture::window(c, said, Some(true)).await
        }
        Kind::Cancelled(made) => {
            ended(c, said, State::Cancelled, Some(made.reason.as_str())).await?;
            posture::taken_back(c, said).await
        }
        Kind::Lapsed(_) => ended(c, said, State::Lapsed, None).await,
        Kind::Extended(made) => {
            let state = scalar!(
                c,
                String,
                "UPDATE vendor_window SET end_at = (SELECT x.end_at FROM extension x WHERE x.ref = $1), seq = $2
                 WHERE ref = $3 RETURNING state",
                made.extension.as_str(),
                said.entry.seq,
                said.subject.as_str()
            )?;
            if state.as_deref() == Some(State::Open.word()) {
                posture::window(c, said, None).await?;
            }
            Ok(())
        }
    }
}

/// What the opening let pass, each as it stood at this instant.
async fn passed(c: &mut Link<'_>, said: &Said<'_>, made: &Open) -> Result<(), StoreError> {
    let (Some(_), Some(reason)) = (&made.despite, &made.reason) else { return Ok(()) };
    let Some(work) = clashing::access(c, said.subject.as_str()).await? else { return Ok(()) };
    let despite = despite(&said.subject, made);
    let found = clashing::of_window(c, &work, said.entry.at).await?;
    for (conflict, _) in
        found.iter().filter(|(one, waiver)| waiver.is_none() && despite.passes(one))
    {
        exec!(
            c,
            "INSERT INTO despite (window_ref, conflict, against, start_at, end_at, person, reason, opened_at, seq)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            said.subject.as_str(),
            &conflict.with,
            conflict.against.word(),
            conflict.start,
            conflict.end,
            said.actor.as_str(),
            reason.as_str(),
            said.entry.at,
            said.entry.seq
        )?;
    }
    Ok(())
}

async fn ended(
    c: &mut Link<'_>,
    said: &Said<'_>,
    to: State,
    note: Option<&str>,
) -> Result<(), StoreError> {
    exec!(
        c,
        "UPDATE vendor_window SET state = $1, ended_by = $2, ended_at = $3, note = COALESCE($4, note), seq = $5
         WHERE ref = $6",
        to.word(),
        said.actor.as_str(),
        said.entry.at,
        note,
        said.entry.seq,
        said.subject.as_str()
    )?;
    Ok(())
}

/// The risks that access was weighed as, one per line.
fn weighed(made: &Request) -> String {
    let risks = made.risks.iter().flatten().map(Ref::as_str);
    risks.collect::<Vec<_>>().join("\n")
}

async fn requested(c: &mut Link<'_>, said: &Said<'_>, made: &Request) -> Result<(), StoreError> {
    let Some(site) = &said.site else { return Ok(()) };
    let on = said.subject.as_str();
    exec!(
        c,
        "INSERT INTO vendor_window (ref, site, vendor, person, purpose, start_at, end_at, change, escort, source,
             second_factor, recording, risks, requester, requested_at, folded, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'requested', $17)",
        on,
        site.as_str(),
        made.vendor.as_str(),
        made.person.as_str(),
        made.purpose.as_str(),
        made.start,
        made.end,
        made.change.as_ref().map(Ref::as_str),
        made.escort.as_ref().map(Line::as_str),
        made.source.as_ref().map(Line::as_str),
        made.second_factor.as_ref().map(Line::as_str),
        made.recording.as_ref().map(Line::as_str),
        weighed(made),
        said.actor.as_str(),
        said.entry.at,
        facts::folded(&[
            on,
            made.vendor.as_str(),
            made.person.as_str(),
            made.purpose.as_str(),
            &facts::json(&made.assets)?
        ]),
        said.entry.seq
    )?;
    for asset in &made.assets {
        exec!(
            c,
            "INSERT INTO window_asset (window_ref, asset, seq) VALUES ($1, $2, $3)",
            on,
            asset.as_str(),
            said.entry.seq
        )?;
    }
    ask(c, said, &asked::window(said, site, made)).await
}
