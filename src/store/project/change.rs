//! Rows of changes.

use super::approval::{ask, decide, review};
use super::posture;
use crate::domain::approval::Decision;
use crate::domain::change::{Kind, RaiseImpact, Request, Revise, State, Sum, Waive};
use crate::domain::intervention::Intervention;
use crate::domain::names::Ref;
use crate::domain::text::Line;
use crate::store::admit::{Change, conflicts};
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{asked, facts, link::Link};
use crate::{exec, scalar};

/// Writes what an entry says of a change.
pub async fn change(c: &mut Link<'_>, said: &Said<'_>, kind: &Kind) -> Result<(), StoreError> {
    match kind {
        Kind::Requested(made) => requested(c, said, made).await,
        Kind::Revised(made) => revised(c, said, made).await,
        Kind::ImpactRaised(made) => raised(c, said, made).await,
        Kind::Reviewed(made) => {
            review(c, said, &Decision::from(made)).await?;
            touched(c, said).await
        }
        Kind::Waived(made) => waived(c, said, made).await,
        Kind::Decided(made) => {
            let outcome = decide(c, said, &Decision::from(made)).await?;
            moved(c, said, State::after(outcome), None, None).await
        }
        Kind::Started(made) => {
            moved(c, said, State::InProgress, made.note.as_ref(), made.evidence.as_ref()).await?;
            exec!(
                c,
                "UPDATE change SET before_ref = $1, before_sum = $2, external_ref = COALESCE($4, external_ref) WHERE ref = $3",
                made.before.as_ref().map(Line::as_str),
                made.before_sum.as_ref().map(Sum::as_str),
                said.subject.as_str(),
                made.external_ref.as_ref().map(Line::as_str)
            )?;
            posture::change_started(c, said).await
        }
        Kind::Completed(made) => {
            moved(c, said, State::Implemented, made.note.as_ref(), made.evidence.as_ref()).await?;
            exec!(
                c,
                "UPDATE change SET completed_at = $1, seq = $2, external_ref = COALESCE($4, external_ref) WHERE ref = $3",
                said.entry.at,
                said.entry.seq,
                said.subject.as_str(),
                made.external_ref.as_ref().map(Line::as_str)
            )?;
            stands_now(c, said, made.after.as_ref(), made.after_sum.as_ref()).await?;
            posture::change_done(c, said, false).await
        }
        Kind::Verified(made) => {
            moved(c, said, State::Verified, made.note.as_ref(), made.evidence.as_ref()).await?;
            stands_now(c, said, made.after.as_ref(), made.after_sum.as_ref()).await?;
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
        Kind::Renewed(made) => {
            exec!(
                c,
                "UPDATE change SET revert_by = (SELECT b.revert_by FROM change b WHERE b.ref = $1), seq = $2
                 WHERE ref = $3",
                made.change.as_str(),
                said.entry.seq,
                said.subject.as_str()
            )?;
            posture::change_started(c, said).await
        }
        Kind::Withdrawn(made) => {
            moved(c, said, State::Withdrawn, made.note.as_ref(), made.evidence.as_ref()).await?;
            posture::taken_back(c, said).await
        }
        Kind::Expired(_) => moved(c, said, State::Expired, None, None).await,
    }
}

/// The configuration as it stands after the work; what was told earlier stays unless it is told anew.
async fn stands_now(
    c: &mut Link<'_>,
    said: &Said<'_>,
    place: Option<&Line>,
    sum: Option<&Sum>,
) -> Result<(), StoreError> {
    exec!(
        c,
        "UPDATE change SET after_ref = COALESCE($1, after_ref), after_sum = COALESCE($2, after_sum) WHERE ref = $3",
        place.map(Line::as_str),
        sum.map(Sum::as_str),
        said.subject.as_str()
    )?;
    Ok(())
}

/// What was waived, each as it stood at this instant.
async fn waived(c: &mut Link<'_>, said: &Said<'_>, made: &Waive) -> Result<(), StoreError> {
    let now = Change::read(c, &said.subject).await?;
    let found = conflicts(c, &said.subject, &now, said.entry.at).await?;
    for (conflict, waiver) in found {
        if conflict.with != made.conflict.as_str()
            || waiver.is_some()
            || conflict.against.waived_by().is_none()
        {
            continue;
        }
        exec!(
            c,
            "INSERT INTO waiver (change_ref, revision, conflict, against, start_at, end_at, person, reason, waived_at, seq)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            said.subject.as_str(),
            now.revision,
            &conflict.with,
            conflict.against.word(),
            conflict.start,
            conflict.end,
            said.actor.as_str(),
            made.reason.as_str(),
            said.entry.at,
            said.entry.seq
        )?;
    }
    touched(c, said).await
}

/// Whoever saw the change before this entry saw another one.
async fn touched(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    exec!(c, "UPDATE change SET seq = $1 WHERE ref = $2", said.entry.seq, said.subject.as_str())?;
    Ok(())
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
    let asked = asked::change(said, made);
    exec!(
        c,
        "INSERT INTO change (ref, site, title, kind, activity, start_at, end_at, approve_by, impacts, rollback,
             tests, alters_logic, alters_validated, revert_by, external_ref, basis, procedures, supersedes, template,
             intervention, requester, requested_at, revision, folded, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             1, $23, 'requested', $24)",
        said.subject.as_str(),
        made.site.as_str(),
        made.title.as_str(),
        made.kind.word(),
        asked.activity.word(),
        made.start,
        made.end,
        asked.approve_by,
        facts::json(&made.impacts)?,
        made.rollback.as_str(),
        made.tests.as_str(),
        asked.alters_logic,
        asked.alters_validated,
        made.revert_by,
        made.external_ref.as_ref().map(Line::as_str),
        made.basis.as_ref().map(|text| text.as_str()),
        made.procedures.as_ref().map(|text| text.as_str()),
        made.supersedes.as_ref().map(Ref::as_str),
        made.template.as_ref().map(Ref::as_str),
        asked::done(made, said.body.v).map(Intervention::word),
        said.actor.as_str(),
        said.entry.at,
        facts::folded(&[said.subject.as_str(), made.title.as_str(), &facts::json(&made.assets)?]),
        said.entry.seq
    )?;
    assets(c, said, &made.assets, 1).await?;
    risks(c, said, made.risks.as_deref().unwrap_or_default(), 1).await?;
    ask(c, said, &asked).await
}

async fn revised(c: &mut Link<'_>, said: &Said<'_>, made: &Revise) -> Result<(), StoreError> {
    let asked = asked::revised(c, said, made).await?;
    let on = said.subject.as_str();
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
             external_ref = COALESCE($9, external_ref), basis = COALESCE($10, basis),
             procedures = COALESCE($11, procedures), revision = $12, folded = $13, note = $14,
             state = 'requested', seq = $15, alters_logic = $16, alters_validated = $17
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
        made.basis.as_ref().map(|text| text.as_str()),
        made.procedures.as_ref().map(|text| text.as_str()),
        asked.revision,
        facts::folded(&[on, &title, &facts::json(&asked.assets)?]),
        made.reason.as_str(),
        said.entry.seq,
        asked.alters_logic,
        asked.alters_validated
    )?;
    assets(c, said, &asked.assets, asked.revision).await?;
    let treats = match &made.risks {
        Some(treats) => treats.clone(),
        None => asked::risks_of(c, &said.subject, asked.revision.saturating_sub(1)).await?,
    };
    risks(c, said, &treats, asked.revision).await?;
    ask(c, said, &asked).await
}

/// A raised impact is a revision of its own: what was decided on the lower one counts no more.
async fn raised(c: &mut Link<'_>, said: &Said<'_>, made: &RaiseImpact) -> Result<(), StoreError> {
    let asked = asked::raised(c, said, made).await?;
    exec!(
        c,
        "UPDATE change SET impacts = COALESCE($1, impacts), revision = $2, note = $3, seq = $4, alters_logic = $6,
             alters_validated = $7 WHERE ref = $5",
        asked.impacts.as_ref().map(facts::json).transpose()?,
        asked.revision,
        made.reason.as_str(),
        said.entry.seq,
        said.subject.as_str(),
        asked.alters_logic,
        asked.alters_validated
    )?;
    let before = asked.revision.saturating_sub(1);
    let mut treats = asked::risks_of(c, &said.subject, before).await?;
    for risk in made.risks.iter().flatten() {
        if !treats.contains(risk) {
            treats.push(risk.clone());
        }
    }
    risks(c, said, &treats, asked.revision).await?;
    assets(c, said, &asked.assets, asked.revision).await?;
    ask(c, said, &asked).await
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
