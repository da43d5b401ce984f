//! Rows of changes.

use super::approval::{Asked, ask, decide};
use super::posture;
use crate::domain::approval::Decision;
use crate::domain::change::{Kind, Request, Revise, State};
use crate::domain::names::{Ref, SiteCode};
use crate::domain::raci::Activity;
use crate::domain::text::Line;
use crate::store::admit::Change;
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};
use crate::{exec, scalar};

/// Writes what an entry says of a change.
pub async fn change(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Requested(made) => requested(c, said, made).await,
        Kind::Revised(made) => revised(c, said, made).await,
        Kind::Decided(made) => {
            let outcome = decide(c, said, &Decision::from(made)).await?;
            moved(c, said, State::after(outcome), None, None).await
        }
        Kind::Started(made) => {
            moved(c, said, State::InProgress, made.note.as_ref(), made.evidence.as_ref()).await?;
            posture::change_started(c, said).await
        }
        Kind::Completed(made) => {
            moved(c, said, State::Implemented, made.note.as_ref(), made.evidence.as_ref()).await?;
            exec!(
                c,
                "UPDATE change SET completed_at = $1, seq = $2 WHERE ref = $3",
                said.entry.at,
                said.entry.seq,
                said.subject.as_str()
            )?;
            posture::change_done(c, said, false).await
        }
        Kind::Verified(made) => {
            moved(c, said, State::Verified, made.note.as_ref(), made.evidence.as_ref()).await?;
            posture::change_done(c, said, true).await
        }
        Kind::BackedOut(made) => {
            moved(c, said, State::BackedOut, made.note.as_ref(), made.evidence.as_ref()).await?;
            exec!(
                c,
                "UPDATE change SET backed_out_at = $1, seq = $2 WHERE ref = $3",
                said.entry.at,
                said.entry.seq,
                said.subject.as_str()
            )?;
            posture::change_backed_out(c, said).await
        }
        Kind::Withdrawn(made) => {
            moved(c, said, State::Withdrawn, made.note.as_ref(), made.evidence.as_ref()).await?;
            posture::taken_back(c, said).await
        }
        Kind::Expired(_) => moved(c, said, State::Expired, None, None).await,
    }
}

async fn moved(
    c: &mut Link<'_>,
    said: &Said<'_>,
    to: State,
    note: Option<&Line>,
    evidence: Option<&Line>,
) -> Result<(), StoreError> {
    exec!(
        c,
        "UPDATE change SET state = $1, note = COALESCE($2, note), evidence = COALESCE($3, evidence), seq = $4
         WHERE ref = $5",
        to.word(),
        note.map(Line::as_str),
        evidence.map(Line::as_str),
        said.entry.seq,
        said.subject.as_str()
    )?;
    Ok(())
}

async fn requested(c: &mut Link<'_>, said: &Said<'_>, made: &Request) -> Result<(), StoreError> {
    let activity = made.activity.unwrap_or(Activity::ControlChange);
    let approve_by = made.approve_by.unwrap_or(made.start);
    exec!(
        c,
        "INSERT INTO change (ref, site, title, kind, activity, start_at, end_at, approve_by, impacts, rollback,
             tests, alters_logic, alters_validated, revert_by, external_ref, supersedes, requester,
             requested_at, revision, folded, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1, $19,
             'requested', $20)",
        said.subject.as_str(),
        made.site.as_str(),
        made.title.as_str(),
        made.kind.word(),
        activity.word(),
        made.start,
        made.end,
        approve_by,
        facts::json(&made.impacts)?,
        made.rollback.as_str(),
        made.tests.as_str(),
        made.alters_logic.unwrap_or(false),
        made.alters_validated.unwrap_or(false),
        made.revert_by,
        made.external_ref.as_ref().map(Line::as_str),
        made.supersedes.as_ref().map(Ref::as_str),
        said.actor.as_str(),
        said.entry.at,
        facts::folded(&[said.subject.as_str(), made.title.as_str(), &facts::json(&made.assets)?]),
        said.entry.seq
    )?;
    assets(c, said, &made.assets, 1).await?;
    risks(c, said, made.risks.as_deref().unwrap_or_default(), 1).await?;
    let asked = Asked { on: &said.subject, site: &made.site, activity, approve_by, revision: 1 };
    ask(c, said, &asked).await
}

async fn revised(c: &mut Link<'_>, said: &Said<'_>, made: &Revise) -> Result<(), StoreError> {
    let before = Change::read(c, &said.subject).await?;
    let revision = before.revision.saturating_add(1);
    let on = said.subject.as_str();
    let list = match &made.assets {
        Some(list) => list.clone(),
        None => crate::rows!(
            c,
            (String,),
            "SELECT asset FROM change_asset WHERE change_ref = $1 AND revision = $2 ORDER BY asset",
            on,
            before.revision
        )?
        .iter()
        .filter_map(|(asset,)| Ref::new(asset).ok())
        .collect(),
    };
    let title = match &made.title {
        Some(title) => title.as_str().to_owned(),
        None => {
            scalar!(c, String, "SELECT title FROM change WHERE ref = $1", on)?.unwrap_or_default()
        }
    };
    exec!(
        c,
        "UPDATE change SET title = $2, start_at = COALESCE($3, start_at), end_at = COALESCE($4, end_at),
             approve_by = COALESCE($5, $3, approve_by), impacts = COALESCE($6, impacts),
             rollback = COALESCE($7, rollback), tests = COALESCE($8, tests),
             external_ref = COALESCE($9, external_ref), revision = $10, folded = $11, note = $12,
             state = 'requested', seq = $13
         WHERE ref = $1",
        on,
        &title,
        made.start,
        made.end,
        made.approve_by,
        made.impacts.as_ref().map(facts::json).transpose()?,
        made.rollback.as_ref().map(|text| text.as_str()),
        made.tests.as_ref().map(|text| text.as_str()),
        made.external_ref.as_ref().map(Line::as_str),
        revision,
        facts::folded(&[on, &title, &facts::json(&list)?]),
        made.reason.as_str(),
        said.entry.seq
    )?;
    assets(c, said, &list, revision).await?;
    let treats = match &made.risks {
        Some(treats) => treats.clone(),
        None => crate::rows!(
            c,
            (String,),
            "SELECT risk FROM change_risk WHERE change_ref = $1 AND revision = $2 ORDER BY risk",
            on,
            before.revision
        )?
        .iter()
        .filter_map(|(risk,)| Ref::new(risk).ok())
        .collect(),
    };
    risks(c, said, &treats, revision).await?;
    let approve_by =
        scalar!(c, crate::domain::time::Time, "SELECT approve_by FROM change WHERE ref = $1", on)?
            .unwrap_or(before.start_at);
    let Ok(site) = SiteCode::new(&before.site) else { return Ok(()) };
    let activity = Activity::parse(&before.activity).unwrap_or(Activity::ControlChange);
    ask(c, said, &Asked { on: &said.subject, site: &site, activity, approve_by, revision }).await
}

async fn risks(
    c: &mut Link<'_>,
    said: &Said<'_>,
    list: &[Ref],
    revision: i64,
) -> Result<(), StoreError> {
    for risk in list {
        exec!(
            c,
            "INSERT INTO change_risk (change_ref, risk, revision, seq) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
            said.subject.as_str(),
            risk.as_str(),
            revision,
            said.entry.seq
        )?;
    }
    Ok(())
}

async fn assets(
    c: &mut Link<'_>,
    said: &Said<'_>,
    list: &[Ref],
    revision: i64,
) -> Result<(), StoreError> {
    for asset in list {
        exec!(
            c,
            "INSERT INTO change_asset (change_ref, asset, revision, seq) VALUES ($1, $2, $3, $4)",
            said.subject.as_str(),
            asset.as_str(),
            revision,
            said.entry.seq
        )?;
    }
    Ok(())
}
