//! Rows of what is written down: incidents, reports and their triage, log lines.

use super::posture;
use crate::domain::names::Ref;
use crate::domain::{incident, log_line, report};
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::said::Said;
use crate::{exec, insert};

/// Rows of an incident, its sites and their freeze.
pub async fn incident(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &incident::Kind,
) -> Result<(), StoreError> {
    let made = match kind {
        incident::Kind::Declared(made) => made,
        incident::Kind::Frozen(made) => {
            frozen(c, said, made).await?;
            return touched(c, said).await;
        }
        incident::Kind::Exempted(made) => {
            exec!(
                c,
                "INSERT INTO exemption (incident_ref, subject_ref, since, person, reason, exempted_at, seq)
                 SELECT f.incident_ref, $2, f.since, $3, $4, $5, $6 FROM site_freeze f WHERE f.incident_ref = $1",
                said.subject.as_str(),
                made.subject.as_str(),
                said.actor.as_str(),
                made.reason.as_str(),
                said.entry.at,
                said.entry.seq
            )?;
            return touched(c, said).await;
        }
        incident::Kind::Unfrozen(made) => {
            exec!(
                c,
                "UPDATE site_freeze SET state = 'lifted', lifted_at = $1, lifted_by = $2, reason = $3, seq = $4
                 WHERE incident_ref = $5",
                said.entry.at,
                said.actor.as_str(),
                made.reason.as_str(),
                said.entry.seq,
                said.subject.as_str()
            )?;
            return touched(c, said).await;
        }
    };
    let Some(first) = made.sites.first() else { return Ok(()) };
    exec!(
        c,
        "INSERT INTO incident (ref, site, title, severity, exercise, summary, declared_by, declared_at, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'declared', $9)",
        said.subject.as_str(),
        first.as_str(),
        made.title.as_str(),
        made.severity.get(),
        made.exercise.unwrap_or(false),
        made.summary.as_ref().map(|text| text.as_str()),
        said.actor.as_str(),
        said.entry.at,
        said.entry.seq
    )?;
    for site in &made.sites {
        exec!(
            c,
            "INSERT INTO incident_site (incident_ref, site, seq) VALUES ($1, $2, $3)",
            said.subject.as_str(),
            site.as_str(),
            said.entry.seq
        )?;
    }
    Ok(())
}

/// Whoever saw the incident before this entry saw another one.
async fn touched(c: &mut Link<'_>, said: &Said<'_>) -> Result<(), StoreError> {
    exec!(c, "UPDATE incident SET seq = $1 WHERE ref = $2", said.entry.seq, said.subject.as_str())?;
    Ok(())
}

async fn frozen(
    c: &mut Link<'_>,
    said: &Said<'_>,
    made: &incident::Freeze,
) -> Result<(), StoreError> {
    exec!(
        c,
        "INSERT INTO site_freeze (incident_ref, since, frozen_by, reason, state, seq) VALUES ($1, $2, $3, $4, 'stands', $5)
         ON CONFLICT (incident_ref) DO UPDATE SET since = excluded.since, frozen_by = excluded.frozen_by,
             lifted_at = NULL, lifted_by = NULL, reason = excluded.reason, state = excluded.state, seq = excluded.seq",
        said.subject.as_str(),
        said.entry.at,
        said.actor.as_str(),
        made.reason.as_str(),
        said.entry.seq
    )?;
    Ok(())
}

/// The row of a report.
pub async fn report(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &report::Kind,
) -> Result<(), StoreError> {
    let made = match kind {
        report::Kind::Submitted(made) => made,
        report::Kind::Triaged(made) => {
            exec!(
                c,
                "UPDATE report SET state = 'triaged', triaged_by = $1, triaged_at = $2, outcome = $3, link = $4,
                     reason = $5, seq = $6
                 WHERE ref = $7",
                said.actor.as_str(),
                said.entry.at,
                made.outcome.word(),
                made.link.as_ref().map(|link| link.as_str()),
                made.reason.as_ref().map(|line| line.as_str()),
                said.entry.seq,
                said.subject.as_str()
            )?;
            return posture::report(c, said).await;
        }
    };
    exec!(
        c,
        "INSERT INTO report (ref, site, place, what, effect, author, submitted_at, triage_by, state, seq)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'submitted', $9)",
        said.subject.as_str(),
        made.r#where.site.as_str(),
        made.r#where.place.as_ref().map(|line| line.as_str()),
        made.what.as_str(),
        made.effect.as_str(),
        said.actor.as_str(),
        said.entry.at,
        report::triage_by(said.entry.at),
        said.entry.seq
    )?;
    posture::report(c, said).await
}

/// The row of a log line.
pub async fn log_line(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &log_line::Kind,
) -> Result<(), StoreError> {
    let log_line::Kind::Added(made) = kind;
    log_lines(c, &[(said, made)]).await
}

/// The rows of log lines.
pub async fn log_lines(
    c: &mut Link<'_>,
    added: &[(&Said<'_>, &log_line::Add)],
) -> Result<(), StoreError> {
    insert!(
        c,
        "INSERT INTO log_line (ref, site, text, incident, author, added_at, state, seq) ",
        added,
        64,
        |b, row| {
            let (said, made) = row;
            b.push_bind(said.subject.as_str())
                .push_bind(made.site.as_str())
                .push_bind(made.text.as_str())
                .push_bind(made.incident.as_ref().map(Ref::as_str))
                .push_bind(said.actor.as_str())
                .push_bind(said.entry.at)
                .push_bind("added")
                .push_bind(said.entry.seq);
        },
        ""
    );
    Ok(())
}
