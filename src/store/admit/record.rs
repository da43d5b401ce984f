//! Checks of what is written down: incidents, reports, log lines.

use super::turned;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::time::Time;
use crate::domain::{incident, log_line, report};
use crate::store::fault::StoreError;
use crate::store::said::Said;
use crate::store::{facts, link::Link};
use crate::{opt, scalar};

/// An incident is declared at sites that are there, each named once; they are frozen once and a freeze that stands is
/// lifted.
pub async fn incident(c: &mut Link<'_>, kind: &incident::Kind) -> Result<(), StoreError> {
    let (made, freezes) = match kind {
        incident::Kind::Exempted(made) => return exempted(c, made).await,
        incident::Kind::Declared(made) => (Some(made), None),
        incident::Kind::Frozen(made) => (None, Some((&made.r#ref, true))),
        incident::Kind::Unfrozen(made) => (None, Some((&made.r#ref, false))),
    };
    if let Some((on, freezes)) = freezes {
        scalar!(c, String, "SELECT state FROM incident WHERE ref = $1", on.as_str())?
            .ok_or_else(|| Refusal::unknown("incident", on.as_str(), "incidents"))?;
        let now = scalar!(
            c,
            String,
            "SELECT state FROM site_freeze WHERE incident_ref = $1",
            on.as_str()
        )?;
        let now = now.as_deref().and_then(incident::Freezing::parse);
        incident::Freezing::after(on, now, freezes)?;
    }
    let Some(made) = made else { return Ok(()) };
    if made.sites.is_empty() {
        return Err(Refusal::new(
            Code::Missing,
            "the incident names no site",
            "name at least one in `sites`",
        )
        .into());
    }
    for (place, site) in made.sites.iter().enumerate() {
        // The first is the incident's own, which was looked for already.
        if place > 0 {
            facts::site(c, site).await?;
        }
        if made.sites.iter().take(place).any(|earlier| earlier == site) {
            return Err(Refusal::new(
                Code::Invalid,
                format!("the incident names {site} twice"),
                "name each site once",
            )
            .into());
        }
    }
    Ok(())
}

/// What is exempted from a freeze that stands is a change or a window at one of its sites that has not begun, once.
async fn exempted(c: &mut Link<'_>, made: &incident::Exempt) -> Result<(), StoreError> {
    let (on, subject) = (made.r#ref.as_str(), made.subject.as_str());
    let since = scalar!(
        c,
        Time,
        "SELECT since FROM site_freeze WHERE incident_ref = $1 AND state = 'stands'",
        on
    )?
    .ok_or_else(|| {
        Refusal::new(
            Code::WrongState,
            format!("the sites of {on} are not frozen"),
            "nothing needs to be exempted",
        )
    })?;
    let (site, state) = opt!(
        c,
        (String, String),
        "SELECT site, state FROM change WHERE ref = $1
         UNION ALL SELECT site, state FROM vendor_window WHERE ref = $1",
        subject
    )?
    .ok_or_else(|| Refusal::unknown("change or window", subject, "changes"))?;
    let frozen = scalar!(
        c,
        String,
        "SELECT site FROM incident_site WHERE incident_ref = $1 AND site = $2",
        on,
        &site
    )?;
    if frozen.is_none() {
        return Err(Refusal::new(
            Code::Invalid,
            format!("{subject} is of {site}, which {on} did not freeze"),
            "name the incident that froze its site",
        )
        .into());
    }
    if !matches!(state.as_str(), "requested" | "approved") {
        return Err(Refusal::new(
            Code::WrongState,
            format!("{subject} is {state}"),
            "what waits or is approved can be exempted",
        )
        .into());
    }
    let already = scalar!(
        c,
        String,
        "SELECT person FROM exemption WHERE incident_ref = $1 AND subject_ref = $2 AND since = $3",
        on,
        subject,
        since
    )?;
    let Some(who) = already else { return Ok(()) };
    Err(Refusal::new(
        Code::WrongState,
        format!("{who} exempted {subject} already"),
        "somebody of operations begins it",
    )
    .into())
}

/// A report is of a site that is there; triage is of a report.
pub async fn report(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &report::Kind,
) -> Result<(), StoreError> {
    match kind {
        report::Kind::Submitted(_) => Ok(()),
        report::Kind::Triaged(made) => triaged(c, said, kind, made).await,
    }
}

/// A report is triaged once, with what its outcome asks for; what it is linked to is of its site.
async fn triaged(
    c: &mut Link<'_>,
    said: &Said<'_>,
    kind: &report::Kind,
    made: &report::Triage,
) -> Result<(), StoreError> {
    let state = scalar!(c, String, "SELECT state FROM report WHERE ref = $1", made.r#ref.as_str())?
        .ok_or_else(|| Refusal::unknown("report", made.r#ref.as_str(), "reports"))?;
    let now = report::State::parse(&state).unwrap_or(report::State::Triaged);
    turned::stands(c, said, &made.r#ref, &state, kind.moves(now)).await?;
    made.whole()?;
    let (Some(link), Some(site)) = (&made.link, &said.site) else { return Ok(()) };
    let (what, list) = match made.outcome {
        report::Outcome::Incident | report::Outcome::Dismissed => ("incident", "incidents"),
        report::Outcome::Risk => ("risk", "risks"),
    };
    let found = scalar!(
        c,
        i64,
        "SELECT seq FROM risk WHERE ref = $1 AND site = $2 AND $3 = 'risk'
         UNION ALL SELECT seq FROM incident_site WHERE incident_ref = $1 AND site = $2 AND $3 = 'incident'",
        link.as_str(),
        site.as_str(),
        what
    )?;
    match found {
        Some(_) => Ok(()),
        None => Err(Refusal::new(
            Code::Unknown,
            format!("there is no {what} {link} of {site}"),
            format!("see `smc list {list} site:{site}`"),
        )
        .into()),
    }
}

/// A log line is of a site, and of an incident if it names one.
pub async fn log_line(c: &mut Link<'_>, kind: &log_line::Kind) -> Result<(), StoreError> {
    let log_line::Kind::Added(made) = kind;
    if let Some(incident) = &made.incident {
        scalar!(c, i64, "SELECT seq FROM incident WHERE ref = $1", incident.as_str())?
            .ok_or_else(|| Refusal::unknown("incident", incident.as_str(), "incidents"))?;
    }
    Ok(())
}
